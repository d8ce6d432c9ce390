"""Targets as the steps of following read them: one row a governing target, in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from baophu.core.months import last_day, months_later
from baophu.indicators.catalogue import catalogue, indicator, other_scope
from baophu.indicators.codes import number
from baophu.indicators.measuring import formulas
from baophu.targets.arithmetic import a_year_before
from baophu.targets.decisions import Target, governing
from baophu.targets.progress import phase_base, yearly

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

NONE = -1


@dataclass(frozen=True, slots=True)
class Followed:
    """The targets that govern in some years, and the series of values that they are held against."""

    targets: tuple[tuple[int, Target], ...]
    """(year, target); a target's number is its place here."""
    table: pa.Table
    series: pa.Table


@cache
def place_of(name: str) -> str:
    """Return by which place an indicator is followed: where people are managed, or the only one there is."""
    places = [str(row["place"]) for row in formulas() if row["indicator"] == name]
    return "managed" if "managed" in places or not places else places[0]


def followed_of(targets: Sequence[Target], years: Iterable[int], areas: Mapping[str, int]) -> Followed:
    """Return the targets that govern in some years, each with all that the comparison needs but the values.

    `areas` are the numbers of areas by code; what was assigned to any other area is left out.
    """
    import pyarrow as pa

    series: dict[tuple[str, str, str], int] = {}
    families: dict[tuple[str, str, date], int] = {}
    governs: list[tuple[int, Target]] = []
    rows: list[dict[str, Any]] = []
    for year in years:
        stated = [yearly(target, date(year, 12, 31)) for target in targets]
        kin = _families(stated)
        for target in governing(stated).values():
            if target.area_code not in areas:
                continue
            family = (target.indicator, target.scope, target.period_end)
            row = _row(target, kin)
            own, other = _series(target, series)
            rows.append(
                row
                | {
                    "target_no": len(rows),
                    "year": year,
                    "area_no": areas[target.area_code],
                    "area_code": target.area_code,
                    "series_no": own,
                    "other_no": other,
                    "family_no": families.setdefault(family, len(families)),
                }
            )
            governs.append((year, target))
    listed = pa.table(
        {
            "series_no": pa.array(series.values(), pa.int64()),
            "area_code": pa.array([key[0] for key in series], pa.string()),
            "indicator": pa.array([key[1] for key in series], pa.string()),
            "place": pa.array([place_of(key[1]) for key in series], pa.string()),
            "scope": pa.array([key[2] for key in series], pa.string()),
        }
    )
    return Followed(tuple(governs), pa.Table.from_pylist(rows, schema=_shape()), listed)


def _shape() -> pa.Schema:
    import pyarrow as pa

    whole = ("goal_n", "goal_d", "edge_n", "edge_d", "implied_n", "implied_d", "series_no", "other_no")
    small = ("target_no", "year", "area_no", "family_no", "end_no", "base_no", "before_no")
    days = ("period_end", "base_date", "issued")
    return pa.schema(
        [(name, pa.int64()) for name in whole]
        + [(name, pa.int32()) for name in small]
        + [(name, pa.date32()) for name in days]
        + [("sense", pa.string()), ("phase", pa.string()), ("area_code", pa.string())]
        + [("lower", pa.bool_()), ("is_share", pa.bool_())]
    )


def _families(targets: Iterable[Target]) -> dict[tuple[str, str, str, str], list[Target]]:
    """Return the targets of one decision, indicator, area and scope together: the phases of one another."""
    found: dict[tuple[str, str, str, str], list[Target]] = {}
    for target in targets:
        found.setdefault(_kin(target), []).append(target)
    return found


def _kin(target: Target) -> tuple[str, str, str, str]:
    return target.decision.id, target.indicator, target.area_code, target.scope


def _series(target: Target, known: dict[tuple[str, str, str], int]) -> tuple[int, int]:
    """Return the numbers of a target's series of values, and of the same in the other scope."""
    own = known.setdefault((target.area_code, target.indicator, target.scope), len(known))
    other = other_scope(target.scope)
    if other not in catalogue()[target.indicator].scopes:
        return own, NONE
    return own, known.setdefault((target.area_code, target.indicator, other), len(known))


def _row(target: Target, kin: Mapping[tuple[str, str, str, str], list[Target]]) -> dict[str, Any]:
    record = indicator(target.indicator)
    low_is_good = record.direction == "at_most"
    downwards = target.direction == "at_most" or (target.direction == "range" and low_is_good)
    edge = target.high if downwards and target.high is not None else target.value
    strict = target.bound == "over" or target.direction == "above_last_year"
    implied = phase_base(target, kin[_kin(target)]) if target.phase else None
    last_year = target.direction == "above_last_year"
    return {
        "period_end": target.period_end,
        "end_no": _last_month(target.period_end),
        "base_date": target.base_date,
        "base_no": _month_ending(target.base_date),
        "before_no": _month_ending(a_year_before(target.period_end)) if last_year else NONE,
        "sense": "at_most" if downwards else "over" if strict else "at_least",
        "lower": target.direction == "at_most",
        "is_share": record.unit == "share",
        "issued": target.decision.issued.key,
        "phase": target.phase.id if target.phase else None,
        **_parts("goal", target.value),
        **_parts("edge", edge),
        **_parts("implied", implied.value if implied else None),
    }


def _parts(name: str, value: Any) -> dict[str, int | None]:
    exact = None if value is None else Fraction(value)
    return {
        f"{name}_n": None if exact is None else exact.numerator,
        f"{name}_d": None if exact is None else exact.denominator,
    }


def _last_month(day: date) -> int:
    """Return the number of the last month that has ended on a day."""
    return number(day) if day == last_day(day) else number(day) - 1


def _month_ending(day: date) -> int:
    return number(day) if day == last_day(day) else NONE


def moments(months: Iterable[date], as_of: date) -> pa.Table:
    """Return the months that are looked at, each for its last day, or for `as_of` where that is before it."""
    import pyarrow as pa

    days = [(number(month), min(last_day(month), as_of)) for month in months]
    return pa.table(
        {
            "month_no": pa.array([no for no, _ in days], pa.int32()),
            "as_of": pa.array([day for _, day in days], pa.date32()),
            "year": pa.array([day.year for _, day in days], pa.int32()),
        }
    )


def calendar(first: date, months: int) -> pa.Table:
    """Return so many months from one on, with their last days."""
    import pyarrow as pa

    every = [months_later(first, at) for at in range(months)]
    return pa.table(
        {
            "month_no": pa.array(map(number, every), pa.int32()),
            "last_day": pa.array(map(last_day, every), pa.date32()),
        }
    )


def asked_months(targets: pa.Table, at: pa.Table) -> pa.Table:
    """Return the months that any target needs a value of: where it stands, its base, and a year before."""
    import pyarrow as pa

    looked_at = set(at["month_no"].to_pylist())
    ends = set(targets["end_no"].unique().to_pylist())
    stands = looked_at | {end for end in ends if end < max(looked_at)}
    wanted = stands | {no - 12 for no in stands}
    for column in ("base_no", "before_no"):
        wanted |= {no for no in targets[column].unique().to_pylist() if no != NONE}
    months = sorted(date(no // 12, no % 12 + 1, 1) for no in wanted)
    return pa.table({"month": pa.array(months, pa.date32())})
