"""Targets as the steps of following read them: one row a governing target, in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from baophu.core.months import last_day, months_later
from baophu.indicators.catalogue import Scope, catalogue, other_scope
from baophu.indicators.codes import number
from baophu.indicators.measuring import formulas
from baophu.targets.arithmetic import a_year_before
from baophu.targets.decisions import Target, governing
from baophu.targets.progress import can_be_least, phase_base, yearly

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

NONE = -1
# How a value is held against the edge from which on a target is met.
OVER, AT_LEAST, AT_MOST = range(3)


@dataclass(frozen=True, slots=True)
class Followed:
    """The targets that govern in some years, and the kinds of values that they are held against."""

    targets: tuple[tuple[int, Target], ...]
    """(year, target); a target's number is its place here."""
    table: pa.Table
    """A row a target, without empty cells: where a quotient is not known, its denominator is 0."""
    kinds: Mapping[tuple[str, str], int]
    """(indicator, scope) -> number. The series of an area and kind has the number area x len(kinds) + kind."""
    areas: Mapping[str, int]


@cache
def place_of(name: str) -> str:
    """Return by which place an indicator is followed: where people are managed, or the only one there is."""
    places = [str(row["place"]) for row in formulas() if row["indicator"] == name]
    return "managed" if "managed" in places or not places else places[0]


def followed_of(targets: Sequence[Target], years: Iterable[int], areas: Mapping[str, int]) -> Followed:
    """Return the targets that govern in some years, each with all that the comparison needs but the values.

    `areas` are the numbers of areas by code, 0, 1, 2 …; what was assigned to any other area is left out.
    """
    import pyarrow as pa

    named = sorted({(target.indicator, target.scope) for target in targets})
    every = (kind for name, scope in named for kind in _kinds(name, scope) if kind is not None)
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(every))}
    families: dict[tuple[str, str, date], int] = {}
    governs: list[tuple[int, Target]] = []
    rows: list[tuple[Any, ...]] = []
    for year in years:
        stated = [yearly(target, date(year, 12, 31)) for target in targets]
        kin = _families(stated)
        of_areas = [target for target in governing(stated).values() if target.area_code in areas]
        # Areas one after the other, as their values stand.
        for target in sorted(of_areas, key=lambda target: areas[target.area_code]):
            area_no = areas[target.area_code]
            family = families.setdefault((target.indicator, target.scope, target.period_end), len(families))
            kind, other = _kinds(target.indicator, target.scope)
            begin = area_no * len(kinds)
            series = (begin + kinds[kind], NONE if other is None else begin + kinds[other])
            rows.append((len(rows), year, area_no, target.area_code, family, *series, *_row(target, kin)))
            governs.append((year, target))
    shape = _shape()
    columns = zip(*rows, strict=True) if rows else ((),) * len(shape)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, shape, strict=True)]
    return Followed(tuple(governs), pa.Table.from_arrays(arrays, schema=shape), kinds, areas)


def _shape() -> pa.Schema:
    """Return the columns of `Followed.table`, in the order in which `followed_of` and `_row` give them."""
    import pyarrow as pa

    small, whole, day, yes = pa.int32(), pa.int64(), pa.date32(), pa.bool_()
    return pa.schema(
        [
            *(("target_no", small), ("year", small), ("area_no", small), ("area_code", pa.string())),
            # `other_no` is the same in the other scope; -1: there is none.
            *(("family_no", small), ("series_no", whole), ("other_no", whole)),
            # The last month that ends by then; those whose end is the base's day, and a year before: -1, none is.
            *(("period_end", day), ("end_no", small), ("base_date", day), ("base_no", small), ("before_no", small)),
            *(("issued", day), ("phase", pa.string())),
            # `lower`: less is better; `is_least`: what the other scope has reached is the least that this one has.
            *(("sense", small), ("lower", yes), ("is_share", yes), ("is_least", yes)),
            *((name, whole) for name in ("goal_n", "goal_d", "edge_n", "edge_d", "implied_n", "implied_d")),
        ]
    )


def _families(targets: Iterable[Target]) -> dict[tuple[str, str, str, str], list[Target]]:
    """Return the targets of one decision, indicator, area and scope that are phases of one another."""
    found: dict[tuple[str, str, str, str], list[Target]] = {}
    for target in targets:
        if target.phase is not None:
            found.setdefault(_kin(target), []).append(target)
    return found


def _kin(target: Target) -> tuple[str, str, str, str]:
    return target.decision.id, target.indicator, target.area_code, target.scope


@cache
def _kinds(name: str, scope: Scope) -> tuple[tuple[str, str], tuple[str, str] | None]:
    """Return the kind of values of an indicator and scope, and that of its other scope where there is one."""
    other = other_scope(scope)
    return (name, scope), (name, other) if other in catalogue()[name].scopes else None


def _row(target: Target, kin: Mapping[tuple[str, str, str, str], list[Target]]) -> tuple[Any, ...]:
    record = catalogue()[target.indicator]
    low_is_good = record.direction == "at_most"
    downwards = target.direction == "at_most" or (target.direction == "range" and low_is_good)
    edge = target.high if downwards and target.high is not None else target.value
    last_year = target.direction == "above_last_year"
    implied = phase_base(target, kin[_kin(target)]) if target.phase else None
    return (
        target.period_end,
        _last_month(target.period_end),
        target.base_date,
        _month_ending(target.base_date),
        _month_ending(a_year_before(target.period_end)) if last_year else NONE,
        target.decision.issued.key,
        target.phase.id if target.phase else None,
        AT_MOST if downwards else OVER if target.bound == "over" or last_year else AT_LEAST,
        target.direction == "at_most",
        record.unit == "share",
        can_be_least(target),
        *_parts(target.value),
        *_parts(edge),
        *_parts(implied.value if implied else None),
    )


def _parts(value: Decimal | Fraction | None) -> tuple[int, int]:
    """Return a value as numerator and denominator; both 0 where there is none."""
    return (0, 0) if value is None else value.as_integer_ratio()


@cache
def _last_month(day: date) -> int:
    """Return the number of the last month that has ended on a day."""
    return number(day) if day == last_day(day) else number(day) - 1


@cache
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
