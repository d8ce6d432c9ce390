"""The way of one area to its own target: what is due each year, and in the next year each month and phase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path

from baophu.areas.units import Area, tree
from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.languages import Text
from baophu.indicators.catalogue import Indicator, Scope, indicator
from baophu.targets import measured, pace
from baophu.targets.assigning import assignable
from baophu.targets.assignment import Assignment
from baophu.targets.decisions import COUNTRY, Target, governing


@dataclass(frozen=True, slots=True)
class Way:
    """From where, to which target, by which milestones; values are whole people."""

    area: Area
    indicator: Indicator
    scope: Scope
    target: Target
    base_month: date
    base: int
    years: tuple[pace.Milestone, ...]
    months: tuple[pace.Milestone, ...]
    phases: tuple[pace.Milestone, ...]
    notes: tuple[Text, ...]


def way_of(
    home: Path,
    known: Iterable[Target],
    word: str,
    area_word: str,
    *,
    scope: Scope | None,
    place: measured.Place,
    run: str | None,
    month: date | None,
    settings: Assignment,
) -> Way:
    """Return the way from the last December that was measured to an area's last target of an indicator.

    BaophuError where the area has no such target, or no value before it.
    """
    record, area = assignable(word), tree().resolve(area_word)
    targets = [
        target
        for target in governing(known).values()
        if (target.indicator, target.area_code) == (record.id, area.code)
        and target.direction == "at_least"
        and target.value is not None
        and scope in (None, target.scope)
    ]
    target = max(targets, key=lambda one: (one.period_end, one.scope == "all"), default=None)
    if target is None or target.value is None:
        raise BaophuError(
            Text(
                f"{area.full_name} chưa được giao {record.short.vi}.",
                f"{area.full_name_en} has no target of {record.short.en}.",
            ),
            did_you_mean([f"baophu targets list --area {area.code}"]),
        )
    found = measured.newest_run(home, run, month)
    notes = []
    if found is None:
        counted = indicator(record.numerator_indicator) if record.numerator_indicator else record
        values = measured.values_published(counted, target.scope, [area.code])
        notes.append(Text("Số đầu kỳ là số công bố.", "The base is a published figure."))
    else:
        values = measured.values_of_run(home, found, record, target.scope, place)
    start = _start(values, area, target)
    whole = int(target.value)
    if record.unit == "share":
        people, source = values.denominators.get(area.code, (0, ""))
        whole = ceil(target.value * people)
        notes.append(Text(f"Mẫu số: {people} ({source}).", f"The denominator: {people} ({source})."))
    years = pace.years(start[0].year, start[1], target.period_end.year, whole, settings.path)
    inside = {commune.code for commune in tree().children(area.code)} if area.code != COUNTRY else None
    if area.level == "commune":
        inside = {area.code}
    # The year shown in months: the first one to come, also where the last figure is older.
    next_year = max(start[0].year + 1, min(date.today().year, target.period_end.year))
    before = start[1] if next_year == start[0].year + 1 else years[next_year - start[0].year - 2].value
    due = years[next_year - start[0].year - 1].value
    season = measured.season(home, found, record.numerator_indicator or record.id, inside, next_year)
    return Way(
        area=area,
        indicator=record,
        scope=target.scope,
        target=target,
        base_month=start[0],
        base=start[1],
        years=tuple(years),
        months=tuple(pace.months(next_year, before, due, season)),
        phases=tuple(pace.phases(next_year, before, due, settings.sprint)),
        notes=tuple(notes),
    )


def _start(values: measured.Values, area: Area, target: Target) -> tuple[date, int]:
    """Return the last December that was measured before the target is due, or the last value there is."""
    own = {
        month: value
        for month, value in values.by_area.get(area.code, {}).items()
        if month.year < target.period_end.year
    }
    decembers = [month for month in own if month.month == 12]
    chosen = max(decembers or own, default=None)
    if chosen is None:
        raise BaophuError(
            Text(f"Chưa có số liệu nào của {area.full_name}.", f"Nothing was measured of {area.full_name_en} yet."),
            Text("Chạy một tháng trước: baophu run --month 2026-10", "Run a month first: baophu run --month 2026-10"),
        )
    return chosen, own[chosen]
