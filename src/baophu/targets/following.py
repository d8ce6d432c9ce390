"""The step of a run that holds every target against what was counted, and ranks areas among their peers.

    indicators ─> counted_values ─> comparing ─> placing: the rows `followed`, one pass over arrays for every engine
    followed ─> rankings                                                 (targets/sql, one SELECT each)
    flows, indicators, followed ─> points ─> emulation ─┘
    followed, forecasts ─> progress

The rules are those of `progress.py`, which the tests hold this against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.areas.units import COUNTRY
from baophu.core.hashes import sha256, sha256_of
from baophu.core.languages import Text
from baophu.core.months import last_day, month_of, months_later
from baophu.engine import Engine, run_step
from baophu.indicators import codes
from baophu.indicators.catalogue import FOLDER as CATALOGUE
from baophu.indicators.catalogue import indicator
from baophu.indicators.counting import write_sorted
from baophu.results.steps import Step, Work
from baophu.targets import following_tables
from baophu.targets.decisions import Target, decided_targets, merged
from baophu.targets.following_tables import Followed, followed_of
from baophu.targets.forecast.chances import Goal, Quantiles, added, probability
from baophu.targets.forecast.steps import people_of
from baophu.targets.measured import SCHEMES
from baophu.targets.ranking import criteria_table, groups_of, peers_table, rules

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.engine.steps import Input

SQL = Path(__file__).parent / "sql"
# So far back a base or the year before may lie, and so far ahead a value's month can be.
_OLDEST, _MONTHS = date(2000, 1, 1), 12 * 60
PROGRESS_ORDER = ("area_code", "indicator", "scope", "period_end", "target_id")
RANKING_ORDER = ("area_code", "indicator", "scope", "period", "peer_group", "criterion")
Forecasts = Mapping[tuple[str, str, date], Quantiles]


@dataclass(frozen=True, slots=True)
class Peers:
    """Areas with their numbers, and the groups in which they are ranked."""

    areas: Mapping[str, int]
    table: pa.Table
    groups: pa.Table

    @classmethod
    def of(cls, on: date, people: Mapping[tuple[str, str], int]) -> Peers:
        """Return the peers of a day; `people` tells how large areas are: (measure, area code) -> people."""
        import pyarrow as pa

        groups, names = groups_of(on, people)
        areas = {code: number for number, code in enumerate((COUNTRY, *groups))}
        numbered = pa.table({"group_no": pa.array(range(len(names)), pa.int32()), "peer_group": names})
        return cls(areas, peers_table(groups, names, areas), numbered)


def follow(indicators: Input, followed: Followed, at: pa.Table, peers: Peers) -> pa.Table:
    """Hold targets against values and rank them; return a row a target and moment, as `following_rows` gives them.

    `indicators`: the run's table, or its files; `at`: the moments (`following_tables.moments`).
    """
    from baophu.targets.following_rows import following_rows

    return following_rows(indicators, followed, at, peers.table)


def labels(followed: Followed) -> pa.Table:
    """Return what each target is about, in the words of the results contract."""
    import pyarrow as pa

    every = [target for _, target in followed.targets]
    return pa.table(
        {
            "target_no": pa.array(range(len(every)), pa.int32()),
            "target_id": pa.array([one.target_id for one in every], pa.string()),
            "area_code": pa.array([one.area_code for one in every], pa.string()),
            "indicator": pa.array([one.indicator for one in every], pa.string()),
            "period_end": pa.array([one.period_end for one in every], pa.date32()),
            "direction": pa.array([one.direction for one in every], pa.string()),
            "target_high": pa.array([None if one.high is None else float(one.high) for one in every], pa.float64()),
            "phase": pa.array([one.phase.id if one.phase else None for one in every], pa.string()),
            "scope": pa.array([one.scope for one in every], pa.string()),
        }
    )


def emulate(
    engine: Engine, indicators: Input, flows: Input, followed: Followed, rows: pa.Table, at: pa.Table, peers: Peers
) -> pa.Table:
    """Return the points of every area by criterion; the scores stay in the engine as `emulation`.

    `rows`, which `follow` gave, tell which phases were met.
    """
    last = max(at["month_no"].to_pylist())
    above = codes.above(month_of(last))
    weight = int(rules().short_stay_weight * 1000)
    lasting = run_step(engine, SQL / "lasting.sql", {"flows": flows, "above": above}, {"weight": weight}).arrow()
    held = rows.select(["target_no", "month_no", "as_of", "met"])
    phases = run_step(engine, SQL / "phases.sql", {"followed": held, "targets": followed.table}).arrow()
    given: dict[str, Input] = {
        "lasting": lasting,
        "indicators": indicators,
        "phases": phases,
        "moments": at,
        "ranked": peers.table.select(["area_code"]),
        "criteria": criteria_table(),
    }
    points = run_step(engine, SQL / "points.sql", given).arrow()
    least = {"least": rules().least_known * 1000}
    run_step(engine, SQL / "emulation.sql", {"points": points, "peers": peers.table}, least, keep=True)
    return points


def ranked(engine: Engine, followed: Followed, rows: pa.Table, peers: Peers) -> pa.Table:
    """Return the places of all moments in the rows that `follow` gave, after `emulate`."""
    days = following_tables.calendar(_OLDEST, _MONTHS)
    months = days.append_column("month", _first_days(days))
    given = {"followed": rows, "labels": labels(followed), "groups": peers.groups, "calendar": months}
    return run_step(engine, SQL / "rankings.sql", given).arrow()


def _first_days(days: pa.Table) -> pa.Array:
    import pyarrow as pa

    return pa.array([day.replace(day=1) for day in days["last_day"].to_pylist()], pa.date32())


def told(
    engine: Engine, followed: Followed, rows: pa.Table, month: date, forecasts: Forecasts, as_of: date
) -> pa.Table:
    """Return the rows of `progress` of a month, of those that `follow` gave."""
    given = {"followed": rows, "labels": labels(followed), "chances": _chances(followed, forecasts, as_of)}
    return run_step(engine, SQL / "told.sql", given, {"month_no": codes.number(month)}).arrow()


def _chances(followed: Followed, forecasts: Forecasts, as_of: date) -> pa.Table:
    """Return the forecast of each target's day and the chance to meet it, or why there is none."""
    import pyarrow as pa

    rows = [_chance(target, forecasts, as_of) for year, target in followed.targets]
    kinds = [(name, pa.float64()) for name in ("p10", "p50", "p90", "probability")]
    shape = pa.schema([("target_no", pa.int32()), *kinds, ("why", pa.string())])
    return pa.Table.from_pylist([{"target_no": at, **row} for at, row in enumerate(rows)], schema=shape)


def _chance(target: Target, forecasts: Forecasts, as_of: date) -> dict[str, Any]:
    if target.period_end <= as_of:
        return {"why": "period_ended"}
    if target.indicator not in SCHEMES:
        return {"why": "not_forecast"}
    if indicator(target.indicator).scope("without_armed_forces") != target.scope:
        return {"why": "forecast_scope_differs"}
    month = target.period_end.replace(day=1)
    parts = [forecasts.get((target.area_code, scheme, month)) for scheme in SCHEMES[target.indicator]]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return {"why": "no_forecast"}
    said = known[0] if len(known) == 1 else added(known)
    chance = None
    if target.value is not None:
        chance = probability(said, Goal(target.value, target.period_end, target.direction, target.high))
    return {"p10": said.p10, "p50": said.p50, "p90": said.p90, "probability": chance}


def forecasts_of(files: Sequence[Path], targets: Sequence[Target]) -> Forecasts:
    """Return the forecasts of the days by which targets are due: (area code, scheme, month) -> quantiles."""
    import polars as pl

    if not files:
        return {}
    months = {target.period_end.replace(day=1) for target in targets}
    rows = pl.scan_parquet(list(files)).filter(pl.col("month").is_in(sorted(months)))
    found = rows.select("area_code", "scheme", "month", "p10", "p50", "p90").collect()
    return {
        (area, scheme, month): Quantiles(p10, p50, p90)
        for area, scheme, month, p10, p50, p90 in found.iter_rows()
        if p50 is not None
    }


def targets_of(frozen: Path | None) -> list[Target]:
    """Return all targets: those of the program, and over them those that were frozen from the desk."""
    from baophu.targets.snapshot import targets_in

    return merged(decided_targets(), targets_in(frozen) if frozen else [])


def no_flows() -> pa.Table:
    """Return the table `flows` where it was not computed."""
    import pyarrow as pa

    texts = [(name, pa.string()) for name in ("area_code", "place", "scheme")]
    return pa.schema(
        [*texts, ("month", pa.date32()), ("closing", pa.int64()), ("short_stay", pa.int64())]
    ).empty_table()


def _do(work: Work) -> Mapping[str, int]:
    month, before = work.month, months_later(work.month, -1)
    engine, indicators = work.engine, work.result("indicators")
    as_of = min(work.as_of, last_day(month))
    at = following_tables.moments([before, month], as_of)
    peers = Peers.of(month, people_of(work.registers("area_statistics")))
    targets = targets_of(work.frozen("targets"))
    followed = followed_of(targets, sorted({before.year, month.year}), peers.areas)
    held = follow(indicators, followed, at, peers)
    points = emulate(engine, indicators, work.result("flows") or no_flows(), followed, held, at, peers)
    places = ranked(engine, followed, held, peers)
    forecasts = forecasts_of(work.result("forecasts"), targets)
    rows = told(engine, followed, held, month, forecasts, as_of)
    moved = run_step(
        engine, SQL / "moved.sql", {"rankings": places, "before": _before(work, places, before)}, {"month": month}
    ).arrow()
    if work.frozen("targets") is None:
        work.note(
            Text(
                "Chưa nạp số giao cho đơn vị: tiến độ chỉ có các chỉ tiêu đã có trong chương trình.",
                "No targets were imported: progress holds only those that come with the program.",
            )
        )
    return {
        "progress": write_sorted(rows, PROGRESS_ORDER, work.out("progress") / "part-0000.parquet"),
        "rankings": write_sorted(moved, RANKING_ORDER, work.out("rankings") / "part-0000.parquet"),
        "emulation": write_sorted(
            _points_of(points, month), ("area_code", "criterion"), work.out("emulation") / "part-0000.parquet"
        ),
    }


def _points_of(points: pa.Table, month: date) -> pa.Table:
    """Return a month's points as users read them: values as fractions, points as points."""
    import pyarrow as pa
    import pyarrow.compute as compute  # type: ignore[import-untyped]

    own = points.filter(compute.equal(points["month_no"], codes.number(month)))
    return pa.table(
        {
            "area_code": own["area_code"],
            "month": pa.array([month] * own.num_rows, pa.date32()),
            "criterion": own["criterion"],
            "value": compute.divide(own["value"].cast(pa.float64()), 1e6),
            "points": compute.divide(own["points"].cast(pa.float64()), 1e3),
            "most": compute.divide(own["most"].cast(pa.float64()), 1e3),
            "reason": own["reason"],
        }
    )


def _before(work: Work, places: pa.Table, before: date) -> pa.Table:
    """Return the ranking of the month before: as its run told it, else as it comes out of this run's indicators."""
    import pyarrow.compute as compute
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    for path in work.previous_result("rankings"):
        told_then = parquet.read_table(path)
        if before in set(told_then["month"].to_pylist()):
            return told_then.select(places.column_names)
    return places.filter(compute.equal(places["month"], before))


def _catalogue_hash(home: Path) -> Mapping[str, str]:
    del home
    return {
        "catalogue": sha256_of("\n".join(f"{path.name} {sha256(path)}" for path in sorted(CATALOGUE.glob("*.yaml"))))
    }


FOLLOWING = Step(
    name="progress",
    title=Text("So với chỉ tiêu, xếp hạng", "Progress and rankings"),
    needs=("area_statistics?",),
    after=("indicators", "flows?", "forecasts?"),
    gives=("progress", "rankings", "emulation"),
    earlier=("rankings",),
    desk=("targets",),
    beside=_catalogue_hash,
    do=_do,
)
