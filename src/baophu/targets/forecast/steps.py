"""The steps of a run that forecast, one a scheme: where a run is killed it goes on at the scheme where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from baophu.core.languages import Text
from baophu.results.steps import Step, Work
from baophu.targets.forecast.forecasting import SCHEME_NAMES, SCHEMES, forecast_scheme

# Those counted where their employer or office manages them: the figures that targets are about.
PLACE = "managed"
# How much of a step's time goes to trying the methods.
_TRYING = 0.8


def people_of(files: list[Path]) -> dict[tuple[str, str], int]:
    """Return who exists, (measure, area code) -> people, by the last period of each in the statistics of areas."""
    import polars as pl

    if not files:
        return {}
    last = (
        pl.scan_parquet(files)
        .filter(pl.col("value").is_not_null())
        .sort("period")
        .group_by("measure", "area_code", maintain_order=True)
        .agg(pl.col("value").last())
        .collect()
    )
    return {(measure, area): int(value) for measure, area, value in last.iter_rows()}


def _forecast(scheme: str, work: Work) -> Mapping[str, int]:
    import polars as pl

    of_scheme = pl.scan_parquet(work.result("series")).filter(
        pl.col("scheme") == scheme, pl.col("place") == PLACE, pl.col("month") <= work.month
    )
    series = of_scheme.select("area_code", "month", "participants").collect()

    def told(what: str, done: int, total: int) -> None:
        share = done / max(total, 1)
        work.progress(share * _TRYING if what == "try" else _TRYING + share * (1 - _TRYING))

    people = people_of(work.registers("area_statistics"))
    made = forecast_scheme(series, scheme, work.month, people=people, told=told)
    for note in made.notes:
        work.note(note)
    rows = {"forecasts": made.rows, "backtest": made.trials}
    for table, frame in rows.items():
        frame.write_parquet(work.out(table) / f"part-{scheme}.parquet")
    return {table: frame.height for table, frame in rows.items()}


def _doing(scheme: str) -> Callable[[Work], Mapping[str, int]]:
    def do(work: Work) -> Mapping[str, int]:
        return _forecast(scheme, work)

    return do


def _step(scheme: str) -> Step:
    name = SCHEME_NAMES[scheme]
    return Step(
        name=f"forecast {scheme}",
        title=Text(f"Dự báo đến 12/2030: {name.vi}", f"Forecast to 2030-12: {name.en}"),
        needs=("area_statistics?",),
        after=("series",),
        gives=("forecasts", "backtest"),
        do=_doing(scheme),
        dated=False,
    )


STEPS = tuple(_step(scheme) for scheme in SCHEMES)


def last_forecast(home: Path, month: date | None = None) -> tuple[str, Path] | None:
    """Return id and folder of the newest run, of a month or of all, that holds forecasts; None where there is none."""
    from baophu.results import store

    for run in reversed(store.runs(home, month)):
        if run.rows.get("forecasts"):
            return run.run, store.folder(home, run)
    return None
