"""What is sent: an area's value, or its target, of an indicator for a month or a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from baophu.areas.units import Level, tree
from baophu.indicators.catalogue import Scope, catalogue, indicator
from baophu.results.store import Manifest
from baophu.targets.decisions import Target, governing
from baophu.targets.measured import Place, table

Kind = Literal["value", "target"]
_COLUMNS = ("area_code", "month", "indicator", "numerator", "denominator", "value", "denominator_source", "scope")
_LEVELS: dict[Level, int] = {"country": 0, "province": 1, "commune": 2}


@dataclass(frozen=True, slots=True)
class Sent:
    """One value or target. `value` is in the indicator's unit, shares are fractions of 1; None where it is withheld.

    `month` is the month of a value; a target's is the month in which it is due, and it stands for that year.
    """

    kind: Kind
    area_code: str
    month: date
    indicator: str
    scope: Scope
    place: Place
    value: Decimal | None
    numerator: int | None = None
    denominator: int | None = None
    denominator_source: str = ""
    withheld: bool = False

    @property
    def element(self) -> str:
        """The code under which other systems know what is measured: `si_total`, `si_total_resident_target`."""
        parts = [self.indicator]
        parts += ["resident"] if self.place == "resident" else []
        parts += ["without_armed_forces"] if self.scope == "without_armed_forces" else []
        return "_".join([*parts, *(["target"] if self.kind == "target" else [])])

    @property
    def text(self) -> str:
        """The value as plain digits with a point."""
        return "" if self.value is None else f"{self.value:f}"


def values_of(home: Path, run: Manifest, indicators: Iterable[str] = ()) -> list[Sent]:
    """Return a month's values by area, indicator, place and scope, also those of people whose area is unknown."""
    import polars as pl

    frame = table(home, run, "indicators", _COLUMNS)
    places = "place" in frame.collect_schema().names()
    wanted = {indicator(word).id for word in indicators} or set(catalogue())
    frame = frame.filter((pl.col("month") == run.month) & pl.col("indicator").is_in(sorted(wanted)))
    found = []
    for row in frame.collect().iter_rows(named=True):
        unit = catalogue()[row["indicator"]].unit
        found.append(
            Sent(
                kind="value",
                area_code=row["area_code"],
                month=row["month"],
                indicator=row["indicator"],
                scope=row["scope"] or "all",
                place=(row["place"] if places else None) or "managed",
                value=_value(row["value"], unit == "share"),
                numerator=_whole(row["numerator"]),
                denominator=_whole(row["denominator"]),
                denominator_source=row["denominator_source"] or "",
            )
        )
    return sorted((one for one in found if one.value is not None), key=_order)


def down_to(values: Iterable[Sent], level: Level) -> list[Sent]:
    """Return the values of areas in force, down to a level; whose area is unknown is in the sums of those above."""
    areas = tree()
    return [
        one for one in values if one.area_code in areas and _LEVELS[areas.get(one.area_code).level] <= _LEVELS[level]
    ]


def targets_of(targets: Iterable[Target], indicators: Iterable[str] = (), year: int | None = None) -> list[Sent]:
    """Return the governing targets that say one number, of all years or of one."""
    wanted = {indicator(word).id for word in indicators} or set(catalogue())
    found = [
        Sent("target", one.area_code, one.period_end.replace(day=1), one.indicator, one.scope, "managed", one.value)
        for one in governing(targets).values()
        if one.value is not None
        and one.direction in ("at_least", "at_most")
        and one.phase is None
        and one.indicator in wanted
        and year in (None, one.period_end.year)
        and (one.period_end.month, one.period_end.day) == (12, 31)
    ]
    return sorted(found, key=_order)


def _order(one: Sent) -> tuple[int, str, date, str]:
    return (len(one.area_code), one.area_code, one.month, one.element)


def _value(value: object, is_share: bool) -> Decimal | None:
    if value is None:
        return None
    exact = Decimal(str(value))
    return round(exact, 6).normalize() if is_share else exact.quantize(Decimal(1))


def _whole(value: object) -> int | None:
    return None if value is None else int(Decimal(str(value)))
