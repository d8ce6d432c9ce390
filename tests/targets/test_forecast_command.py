"""`baophu targets forecast`: what it shows of the newest run that has a forecast, and says where there is none."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from typer.testing import CliRunner

from baophu.core.errors import BaophuError
from baophu.results.store import Done, Made, Manifest
from baophu.targets.commands import app
from baophu.targets.forecast.forecasting import months_ahead

MONTH = date(2026, 10, 1)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def asked(home: Path, *options: str) -> str:
    """What is shown, or what the error says."""
    result = CliRunner().invoke(app, ["forecast", *options], obj=SimpleNamespace(lang="en", home=home))
    if isinstance(result.exception, BaophuError):
        return result.exception.say("en")
    assert result.exception is None
    return result.output


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one run that has a forecast of the compulsory scheme of the country."""
    place = tmp_path / "warehouse" / "results" / "2026-10" / "20261122T000000000000Z"
    rows = [
        ("00", "compulsory", month, 17_000_000 + step, 18_000_000 + step, 19_000_000 + step, "theta", True, "better")
        for step, month in enumerate(months_ahead(MONTH))
    ]
    names = ["area_code", "scheme", "month", "p10", "p50", "p90", "model", "beats_naive", "why"]
    trials = pl.DataFrame(
        {
            "area_code": ["00"], "scheme": ["compulsory"], "model": ["theta"], "origins": [4], "months": [84],
            "error": [54_000.0], "error_share": [0.003], "used": [True], "coverage": [0.81],
        }
    )  # fmt: skip
    made = []
    for table, frame in (("forecasts", pl.DataFrame(rows, schema=names, orient="row")), ("backtest", trials)):
        (place / table).mkdir(parents=True)
        frame.write_parquet(place / table / "part-compulsory.parquet")
        made.append(Made(name=f"{table}/part-compulsory.parquet", rows=frame.height, sha256="0" * 64))
    done = Done(
        step="forecast compulsory", fingerprint="f", files=tuple(made), tables=("forecasts", "backtest"), seconds=1,
        cpu_seconds=1,
    )  # fmt: skip
    manifest = Manifest(
        run=place.name, month=MONTH, as_of=date(2026, 10, 31), provisional=False, engine="duckdb", law_sha256="0" * 64,
        switches={}, program="0", begun_at=NOW, ended_at=NOW, seconds=1, memory=1, inputs=(),
        rows={"forecasts": len(rows), "backtest": 1}, steps=(done,),
    )  # fmt: skip
    (place / "manifest.json").write_text(manifest.model_dump_json(by_alias=True), encoding="utf-8")
    return tmp_path


def test_the_year_ends_are_shown_with_method_and_published_figures(home: Path) -> None:
    said = asked(home)
    assert "12/2030" in said
    assert "18,000,049" in said
    assert "Theta" in said
    assert "nearer to what came than each naive method" in said
    assert "0.3\xa0%" in said
    assert "18,032,000" in said


def test_a_short_history_and_a_wide_range_are_said_in_words(home: Path) -> None:
    (trials,) = home.rglob("backtest/part-compulsory.parquet")
    pl.read_parquet(trials).with_columns(months=pl.lit(12, pl.Int64)).write_parquet(trials)
    (rows,) = home.rglob("forecasts/part-compulsory.parquet")
    pl.read_parquet(rows).with_columns(p90=pl.col("p50") * 3).write_parquet(rows)
    said = " ".join(asked(home).split())
    assert "Only 12 months are known, and 36 are needed" in said
    assert "the range is wider than the middle itself" in said


def test_the_chance_the_date_and_the_pace_of_a_target_are_shown(home: Path) -> None:
    (place,) = (home / "warehouse" / "results" / "2026-10").iterdir()
    targets = pl.DataFrame(
        {
            "area_code": ["00", "00"], "indicator": ["si_compulsory"] * 2, "governs": [True, True],
            "target": [18_000_020.0, 25_000_000.0], "target_high": [None, None], "direction": ["at_least"] * 2,
            "period_end": [date(2030, 12, 31), date(2029, 12, 31)], "actual": [17_999_970.0, None],
            "as_of": [date(2026, 10, 31)] * 2, "probability": [0.51, None],
            "reason": [None, "forecast_scope_differs;no_peers"],
        }
    )  # fmt: skip
    (place / "progress").mkdir()
    targets.write_parquet(place / "progress" / "part-0000.parquet")
    said = " ".join(asked(home).split())
    assert "18,000,020 people 51 % 07/2028 (11/2026 – not by 12/2030) 1 people" in said.replace("\xa0", " ")
    assert "the forecast is without the armed forces" in said


def test_json_has_every_month(home: Path) -> None:
    rows = json.loads(asked(home, "--format", "json"))
    assert len(rows) == 50
    assert rows[0] | {"run": ""} == {
        "run": "", "area_code": "00", "scheme": "compulsory", "month": "2026-11", "p10": 17_000_000, "p50": 18_000_000,
        "p90": 19_000_000, "model": "theta", "beats_naive": True, "why": "better",
    }  # fmt: skip


def test_without_a_forecast_it_says_how_to_compute_one(tmp_path: Path) -> None:
    assert "baophu run --month 2026-10 --forecast" in asked(tmp_path, "--month", "2026-10")


def test_a_scheme_that_is_none_is_answered_with_what_was_meant(home: Path) -> None:
    assert "voluntary" in asked(home, "--scheme", "volontary")


def test_an_area_without_a_forecast_is_told(home: Path) -> None:
    assert "has no forecast for 75" in asked(home, "--area", "75")
