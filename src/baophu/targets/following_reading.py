"""What a run says of targets and ranks, read for one area: rows of its tables `progress`, `rankings`, `emulation`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.areas.units import COUNTRY, tree
from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.languages import Text
from baophu.core.months import last_day
from baophu.results import store
from baophu.results.store import Manifest

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, Any]


def run_of(home: Path, month: date | None, as_of: date | None = None) -> Manifest | None:
    """Return the newest run of a month; without a month the newest of all, if `as_of` falls into its month.

    BaophuError where a month is named that has no run. None where no run compared anything with targets.
    """
    if month is not None:
        return store.newest(home, month)
    if not store.results(home).is_dir():
        return None
    run = next(iter(reversed(store.runs(home))), None)
    if run is None or "progress" not in run.rows:
        return None
    inside = as_of is None or run.month <= as_of <= last_day(run.month)
    return run if inside else None


def _table(home: Path, run: Manifest, name: str) -> pl.LazyFrame:
    import polars as pl

    return pl.scan_parquet(store.table(home, run, name))


def progress_rows(home: Path, run: Manifest, areas: Sequence[str]) -> list[Row]:
    """Return the rows of `progress` of some areas, in the table's order."""
    import polars as pl

    return _table(home, run, "progress").filter(pl.col("area_code").is_in(list(areas))).collect().to_dicts()


def untargeted(home: Path, run: Manifest, area: str, known: Sequence[Row]) -> list[Row]:
    """Return the counted values of an area's indicators for which nothing was assigned to it."""
    import polars as pl

    from baophu.indicators.catalogue import catalogue
    from baophu.targets.following_tables import place_of

    named = {row["indicator"] for row in known}
    frame = _table(home, run, "indicators").filter(
        (pl.col("area_code") == area) & (pl.col("month") == run.month) & ~pl.col("indicator").is_in(list(named))
    )
    rows = [row for row in frame.collect().to_dicts() if row["place"] == place_of(row["indicator"])]
    return sorted(rows, key=lambda row: catalogue()[row["indicator"]].order)


@dataclass(frozen=True, slots=True)
class Ranking:
    """One ranking: the rows of its peer groups by place, and what it is of."""

    run: Manifest
    criterion: str
    indicator: str
    period: str
    rows: tuple[Row, ...]
    at_least: tuple[Row, ...] = ()
    """Rows of `progress` of the units of which it is only certain how much they achieved at the least: no place."""


def ranking(home: Path, run: Manifest, area: str, criterion: str, indicator: str, *, similar: bool) -> Ranking:
    """Return the ranking of the units below an area, or, with `similar`, of the units as large as it.

    Of the country these are the provinces in their bands of size. The period is that of the next target to be met.
    BaophuError where nothing is ranked that way, with what is.
    """
    import polars as pl

    every = _table(home, run, "rankings")
    own = pl.col("peer_group") == ("provinces" if area == COUNTRY else f"communes:{area}")
    if similar and area == COUNTRY:
        own = pl.col("peer_group").str.starts_with("similar:province:")
    elif similar or tree().get(area).level == "commune":
        kind = "similar:" if similar else "communes:"
        of_area = every.filter((pl.col("area_code") == area) & pl.col("peer_group").str.starts_with(kind))
        own = pl.col("peer_group").is_in(of_area.select("peer_group").unique().collect()["peer_group"].to_list())
    among = every.filter(own).collect()
    found = among.filter((pl.col("criterion") == criterion) & (pl.col("indicator") == indicator))
    unranked = _at_least(home, run, area, indicator) if criterion == "achieved" and not similar else []
    if found.is_empty() and unranked:
        due = _due({str(row["period_end"]) for row in unranked}, run.month)
        return Ranking(run, criterion, indicator, due, (), _of(unranked, due))
    if found.is_empty():
        ways = sorted({f"{row['criterion']}: {row['indicator']}" for row in among.to_dicts()})
        raise BaophuError(
            Text(
                f"Lần chạy tháng {run.month:%m/%Y} không xếp hạng được {indicator} theo {criterion} ở đây.",
                f"The run of {run.month:%Y-%m} ranked nothing here by {criterion} of {indicator}.",
            ),
            did_you_mean(ways)
            or Text(
                "Quy mô lấy từ dân số: nạp bảng area_statistics rồi chạy lại tháng.",
                "Sizes are taken from the population: load area_statistics, then run the month again.",
            ),
        )
    period = _due(set(found["period"].to_list()), run.month)
    rows = found.filter(pl.col("period") == period).sort("peer_group", "rank", "area_code").to_dicts()
    return Ranking(run, criterion, indicator, period, tuple(rows), _of(unranked, period))


def _due(periods: set[str], month: date) -> str:
    """Return the next day by which a target is due, else the last that was."""
    ordered = sorted(periods)
    return next((one for one in ordered if one >= f"{last_day(month)}"), ordered[-1])


def _of(rows: Sequence[Row], due: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if str(row["period_end"]) == due)


def _at_least(home: Path, run: Manifest, area: str, indicator: str) -> list[Row]:
    """Return the rows of the units below an area of which only the least that they achieved is certain."""
    import polars as pl

    table = _table(home, run, "progress")
    if "achieved_at_least" not in table.collect_schema().names():
        return []
    below = [one.code for one in tree().children(area)]
    rows = table.filter((pl.col("indicator") == indicator) & pl.col("achieved_at_least").is_not_null())
    return rows.filter(pl.col("area_code").is_in(below)).sort("area_code").collect().to_dicts()


def points(home: Path, run: Manifest, area: str) -> list[Row]:
    """Return an area's points by criterion."""
    import polars as pl

    return _table(home, run, "emulation").filter(pl.col("area_code") == area).collect().to_dicts()


def stays(home: Path, run: Manifest, area: str, scheme: str) -> dict[date, tuple[int, int]]:
    """Return an area's participants of a scheme, and those in for under three months: this month and a year before."""
    import polars as pl

    from baophu.indicators import codes

    above = codes.above(run.month)
    pairs = zip(above["leaf_code"].to_pylist(), above["area_code"].to_pylist(), strict=True)
    leaves = [leaf for leaf, over in pairs if over == area]
    months = [run.month.replace(year=run.month.year - 1), run.month]
    frame = _table(home, run, "flows").filter(
        (pl.col("place") == "managed")
        & (pl.col("scheme") == scheme)
        & pl.col("area_code").is_in(leaves)
        & pl.col("month").is_in(months)
    )
    sums = frame.group_by("month").agg(pl.col("closing").sum(), pl.col("short_stay").sum()).collect()
    return {
        month: (closing, short) for month, closing, short in sums.select("month", "closing", "short_stay").iter_rows()
    }


def ranks_of(home: Path, run: Manifest, area: str) -> list[Row]:
    """Return every place that an area has."""
    import polars as pl

    return _table(home, run, "rankings").filter(pl.col("area_code") == area).collect().to_dicts()
