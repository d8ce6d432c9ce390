"""Places among peers, the emulation score, and how both are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.cli import main
from baophu.core.months import last_day
from baophu.engine import DuckDB, Engine, Spark, run_step
from baophu.targets import following
from baophu.targets.following_tables import followed_of, moments
from baophu.targets.ranking import rules
from baophu.targets.ranking_commands import movement
from engines import spark
from targets.following_cases import PEERS, decision, indicators, target
from targets.made_runs import made_run

__all__ = ["spark"]

OCTOBER, SEPTEMBER, YEAR_AGO = date(2026, 10, 1), date(2026, 9, 1), date(2025, 10, 1)
PLAN = decision("plan", date(2026, 1, 5))


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="500MiB", threads=1) as one:
        yield one


def peers_of(codes: list[str]) -> following.Peers:
    """All areas in one group, that of the provinces."""
    areas = {code: number for number, code in enumerate(codes)}
    none = pa.array([-1] * len(codes), pa.int32())
    zero = pa.array([0] * len(codes), pa.int32())
    table = pa.table(
        {"area_no": pa.array(range(len(codes)), pa.int32()), "area_code": codes, "own_no": zero, "similar_no": none}
    )
    return following.Peers(areas, table, pa.table({"group_no": pa.array([0], pa.int32()), "peer_group": ["provinces"]}))


def places(engine: Engine, actual: dict[str, int], direction: str = "at_least") -> dict[str, int]:
    """The place of each area by the share of one target of 1000 for all."""
    lines = [
        target(
            PLAN, area_code=code, period_end=date(2026, 12, 31), base_date=date(2025, 12, 31), value=1000,
            direction=direction,
        )
        for code in actual
    ]  # fmt: skip
    values = {(code, "si_compulsory", "without_armed_forces", OCTOBER): Fraction(one) for code, one in actual.items()}
    peers = peers_of(list(actual))
    every = followed_of(lines, [2026], peers.areas)
    held = following.follow(indicators(values), every, moments([OCTOBER], last_day(OCTOBER)), peers)
    rows = following.told(engine, every, held, OCTOBER, {}, last_day(OCTOBER)).to_pylist()
    return {row["area_code"]: row["rank"] for row in rows}


def test_equals_share_a_place_and_the_next_is_left_out(engine: DuckDB) -> None:
    assert places(engine, {"01": 900, "79": 800, "48": 800, "31": 700}) == {"01": 1, "79": 2, "48": 2, "31": 4}


def test_where_less_is_better_the_least_comes_first(engine: DuckDB) -> None:
    assert places(engine, {"01": 900, "79": 800}, "at_most") == {"79": 1, "01": 2}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_a_place_is_one_more_than_the_number_of_better_ones(engine: DuckDB, found: list[int]) -> None:
    actual = {f"{number:02}": value for number, value in enumerate(found)}
    expected = {code: 1 + sum(other > value for other in found) for code, value in actual.items()}
    assert places(engine, actual) == expected


def emulated(engine: Engine, now: int, short: int, late: Fraction | None) -> tuple[dict[str, dict[str, Any]], Any]:
    """The points by criterion of the province 01, with 1000 lasting participants a year before, and its score."""
    flows = pa.Table.from_pylist(
        [
            {"area_code": "00070", "place": "managed", "scheme": "any_si", "month": month, "closing": closing,
             "short_stay": brief}
            for month, closing, brief in ((YEAR_AGO, 1000, 0), (OCTOBER, now, short))
        ],
        schema=following.no_flows().schema,
    )  # fmt: skip
    values = {("01", "si_compulsory", "all", OCTOBER): Fraction(now)}
    if late is not None:
        values["01", "late_payment_rate", "all", OCTOBER] = late
    line = target(PLAN, area_code="01", period_end=date(2026, 12, 31), base_date=date(2025, 12, 31), value=1000)
    every = followed_of([line], [2026], PEERS.areas)
    at, table = moments([OCTOBER], last_day(OCTOBER)), indicators(values, 0.9)
    held = following.follow(table, every, at, PEERS)
    points = following.emulate(engine, table, flows, every, held, at, PEERS).to_pylist()
    score = run_step(engine, "SELECT area_code, score FROM emulation").arrow().to_pylist()
    own = {row["criterion"]: row for row in points if row["area_code"] == "01"}
    return own, next(row["score"] for row in score if row["area_code"] == "01")


def test_points_lie_on_the_line_between_none_and_all(engine: DuckDB) -> None:
    own, score = emulated(engine, 1040, 0, Fraction(3, 100))
    # 4 % of the 8 % that earn all 30 points; 3 % late lies half way from 5 % to 1 %; 90 % of the data half way to all
    assert (own["increase_total"]["points"], own["late_rate"]["points"], own["data"]["points"]) == (
        15_000,
        10_000,
        10_000,
    )
    assert score == 35_000 * 100_000 // 70_000


def test_who_stays_under_three_months_counts_by_half(engine: DuckDB) -> None:
    spike, _ = emulated(engine, 1080, 80, Fraction(3, 100))
    lasting, _ = emulated(engine, 1080, 0, Fraction(3, 100))
    assert (spike["increase_total"]["points"], lasting["increase_total"]["points"]) == (15_000, 30_000)


def test_what_is_not_known_is_not_zero(engine: DuckDB) -> None:
    own, score = emulated(engine, 1040, 0, None)
    assert (own["late_rate"]["points"], own["late_rate"]["reason"]) == (None, "no_value")
    assert own["phases"]["reason"] == "no_phase_due"
    # 50 points are known, and 60 must be
    assert score is None


@pytest.mark.spark
def test_spark_gives_the_same_points(engine: DuckDB, spark: Spark) -> None:
    here, there = (emulated(one, 1033, 17, Fraction(29, 1000)) for one in (engine, spark))
    assert here == there


def test_the_points_are_a_hundred() -> None:
    assert sum(one.points for one in rules().criteria) == 100


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a run in which two provinces and a commune are ranked."""
    place = {"indicator": "all", "period": "2026-10", "scope": "all", "month": OCTOBER, "criterion": "emulation"}
    rankings = [
        {**place, "area_code": "01", "peer_group": "provinces", "score": 90.5, "rank": 1, "previous_rank": 3},
        {**place, "area_code": "79", "peer_group": "provinces", "score": 80.0, "rank": 2, "previous_rank": 1},
        {**place, "area_code": "00070", "peer_group": "communes:01", "score": 70.0, "rank": 1, "previous_rank": None},
    ]
    points = [
        {"criterion": "data", "value": 0.9, "points": 10.0, "most": 20.0, "reason": None},
        {"criterion": "phases", "value": None, "points": None, "most": 15.0, "reason": "no_phase_due"},
    ]  # fmt: skip
    line = target(PLAN, area_code="01", period_end=date(2026, 12, 31), base_date=date(2025, 12, 31), value=1200)
    values = {("01", "si_compulsory", "without_armed_forces", OCTOBER): Fraction(1080)}
    every = followed_of([line], [2026], PEERS.areas)
    with DuckDB(memory="200MiB", threads=1) as engine:
        held = following.follow(indicators(values, 0.9), every, moments([OCTOBER], last_day(OCTOBER)), PEERS)
        rows = following.told(engine, every, held, OCTOBER, {}, last_day(OCTOBER))
    tables = {
        "rankings": pl.DataFrame(rankings, infer_schema_length=None),
        "emulation": pl.DataFrame([{"area_code": "01", "month": OCTOBER, **row} for row in points]),
        "progress": pl.DataFrame(pl.from_arrow(rows)),
        "indicators": pl.DataFrame(pl.from_arrow(indicators(values, 0.9))),
    }
    made_run(tmp_path, tables)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code in (0, None)
    return capsys.readouterr().out


def test_a_ranking_shows_who_moved(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "rank", "--home", str(home), "--lang", "en").splitlines()
    assert any("▲2" in line and "Hanoi" in line and "90.50" in line for line in lines)
    assert any("▼1" in line and "Ho Chi Minh" in line for line in lines)


def test_communes_are_ranked_within_their_province(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(said(capsys, "rank", "--home", str(home), "--area", "01", "--format", "json"))
    assert [(row["area_code"], row["rank"], row["previous_rank"]) for row in rows] == [("00070", 1, None)]


def test_a_score_is_explained_down_to_its_points(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "rank", "--home", str(home), "--lang", "en", "--explain", "01")
    assert "10.00 of 20.00 points" in text
    assert "Sprint phases met: not counted, no phase of the year is over yet" in text


def test_counted_progress_is_shown_with_how_complete_it_is(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("progress", "--home", str(home), "--lang", "en", "--area", "01", "--month", "2026-10")
    text = said(capsys, *words)
    assert "counted in 2026-10" in text
    assert "90.0" in text
    (row,) = json.loads(said(capsys, *words, "--format", "json"))
    assert (row["actual"], row["achieved"], row["completeness"]) == (1080, 0.9, 0.9)


def test_who_is_counted_without_the_armed_forces_is_told_at_the_least_and_has_no_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = target(
        PLAN, area_code="01", period_end=date(2026, 12, 31), base_date=date(2025, 12, 31), value=1200, scope="all"
    )
    values = {("01", "si_compulsory", "without_armed_forces", OCTOBER): Fraction(1080)}
    every = followed_of([line], [2026], PEERS.areas)
    held = following.follow(indicators(values, 0.9), every, moments([OCTOBER], last_day(OCTOBER)), PEERS)
    with DuckDB(memory="200MiB", threads=1) as engine:
        rows = following.told(engine, every, held, OCTOBER, {}, last_day(OCTOBER))
    ranking = {"area_code": "79", "indicator": "all", "period": "2026-10", "scope": "all", "month": OCTOBER}
    place = {"criterion": "emulation", "peer_group": "provinces", "score": 80.0, "rank": 1, "previous_rank": 1}
    tables = {
        "rankings": pl.DataFrame([{**ranking, **place}]),
        "progress": pl.DataFrame(pl.from_arrow(rows)),
        "indicators": pl.DataFrame(pl.from_arrow(indicators(values, 0.9))),
    }
    made_run(tmp_path, tables)
    shown = said(capsys, "progress", "--home", str(tmp_path), "--lang", "en", "--area", "01", "--month", "2026-10")
    assert "≥ 90.0\N{NO-BREAK SPACE}%" in shown
    ranked = said(capsys, "rank", "--home", str(tmp_path), "--lang", "en", "--indicator", "si_compulsory")
    (own,) = [row for row in ranked.splitlines() if "Hanoi" in row]
    assert own.startswith("–")
    assert "≥ 90.0\N{NO-BREAK SPACE}%" in own
    assert "counted without the armed forces" in own


def test_a_rank_that_changed_says_by_how_much() -> None:
    assert [movement(2, before) for before in (5, 1, 2, None)] == ["▲3", "▼1", "=", "–"]
