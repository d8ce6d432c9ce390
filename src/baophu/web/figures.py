"""What the overview and the pages of indicators and targets show: values with their changes, targets, states.

The rules of states are those of `targets.progress`; here they meet the rows of a run.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from baophu.core.languages import Language, Text
from baophu.core.months import last_day, months_between, months_later
from baophu.core.numbers import rounded
from baophu.indicators.catalogue import SCOPES, Indicator, indicator
from baophu.targets import arithmetic
from baophu.targets.decisions import Target, decided_targets, governing, merged
from baophu.targets.progress import ATTENTION, NOT_ENOUGH, ON_TRACK, PACE_ATTENTION, REASONS, STATES, State
from baophu.targets.snapshot import imported_targets
from baophu.targets.words import change_text, short_value, target_text, value_text
from baophu.web.outlook import NOT_FORECAST, Outlook, Place, chance_text, outlook, place, places_below, range_text
from baophu.web.reading import Reader, Row

CARDS = (
    "si_total", "si_coverage_labour_force", "si_voluntary", "hi_coverage_population", "ui_coverage_labour_force",
    "late_payment_rate",
)  # fmt: skip
_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Point:
    """An indicator's value in a month; None where it is not known."""

    month: date
    value: Fraction | None


def value_of(row: Row) -> Fraction | None:
    """Return a row's value, exactly: a share from its two numbers, a count as it was counted, a mean rounded."""
    numerator, denominator, record = row["numerator"], row["denominator"], indicator(row["indicator"])
    if record.unit == "share":
        if numerator is not None and denominator:
            return Fraction(numerator, denominator)
    elif numerator is not None and not record.is_mean:
        return Fraction(numerator)
    return None if row["value"] is None else Fraction(str(row["value"]))


def points_of(rows: Iterable[Row]) -> list[Point]:
    """Return rows as points, months in order."""
    return [Point(date.fromisoformat(row["month"]), value_of(row)) for row in rows]


def change(name: str, now: Fraction | None, then: Fraction | None) -> Fraction | None:
    """Return a change: of counts as a share of what was, of shares as a difference."""
    if now is None or then is None:
        return None
    return now - then if indicator(name).unit == "share" else arithmetic.relative_change(now, then)


@dataclass(frozen=True, slots=True)
class Trend:
    """An indicator of an area, with its months."""

    record: Indicator
    points: Sequence[Point]
    # The newest row, for its numerator, denominator, source and scope; None where nothing was measured.
    last: Row | None

    def at(self, month: date) -> Fraction | None:
        """Return the value of a month."""
        return next((one.value for one in self.points if one.month == month), None)

    @property
    def month(self) -> date | None:
        """The newest month that has a value."""
        return max((one.month for one in self.points if one.value is not None), default=None)

    @property
    def value(self) -> Fraction | None:
        """The newest value."""
        return self.at(self.month) if self.month else None

    def since(self, months: int) -> Fraction | None:
        """Return the change over some months."""
        if self.month is None:
            return None
        return change(self.record.id, self.value, self.at(months_later(self.month, -months)))


def trend(reader: Reader, area: str, name: str) -> Trend:
    """Return an indicator of an area."""
    rows = reader.history(area, name)
    return Trend(indicator(name), points_of(rows), rows[-1] if rows else None)


@dataclass(frozen=True, slots=True)
class Goal:
    """A target, and how an area stands towards it: as the run says, else only what was decided."""

    target: Target
    row: Row | None
    state: State
    # Whether its day has come.
    ended: bool

    @property
    def year(self) -> int:
        """The year in which the target is to be met."""
        return self.target.period_end.year

    @property
    def words(self) -> Text:
        """The target as decided: 'ít nhất 29.334.000 người'."""
        return target_text(self.target)

    @property
    def achieved(self) -> Fraction | None:
        """The value as a share of the target; None where that is not how it is measured."""
        found = self.row["achieved"] if self.row else None
        return None if found is None else Fraction(str(found))

    @property
    def development(self) -> Fraction | None:
        """The part done of the required increase; None where it cannot be said."""
        found = self.row["development"] if self.row else None
        return None if found is None else Fraction(str(found))

    @property
    def why(self) -> list[Text]:
        """Why something cannot be said of it, in words."""
        reasons = str(self.row["reason"] or "").split(";") if self.row else []
        return [REASONS[one] for one in REASONS if one in reasons]

    @property
    def state_words(self) -> Text:
        """The words of the state."""
        if self.state == "met" and not (self.row and self.row["met"]):
            return ON_TRACK
        if self.state == "unknown" and self.row and self.row["actual"] is not None:
            return NOT_ENOUGH
        return STATES[self.state]


def targets(reader: Reader) -> dict[str, list[Target]]:
    """Return the targets that govern, by area; those that were imported at the desk too."""
    return _targets(reader.home, int(time.time()) // _A_MINUTE)


@lru_cache(maxsize=1)
def _targets(home: Path, minute: int) -> dict[str, list[Target]]:
    del minute  # what is imported meanwhile is seen in the next one
    found: dict[str, list[Target]] = {}
    for one in governing(merged(decided_targets(), imported_targets(home))).values():
        found.setdefault(one.area_code, []).append(one)
    return found


def goals(reader: Reader, area: str) -> list[Goal]:
    """Return the targets of an area, by indicator and date."""
    return _goals(reader, area, reader.progress(area))


def _goals(reader: Reader, area: str, rows: Sequence[Row]) -> list[Goal]:
    by_id = {row["target_id"]: row for row in rows}
    found = [_goal(reader, one, by_id.get(one.target_id)) for one in targets(reader).get(area, ())]
    return sorted(found, key=lambda one: (indicator(one.target.indicator).order, one.target.period_end))


def in_view(goal: Goal, on: date) -> bool:
    """Tell whether a goal is of this year or the next ones: not past for more than a year, nor without a value yet."""
    end = goal.target.period_end
    return end >= arithmetic.a_year_before(on) and (goal.target.value is not None or end.year == on.year)


def goals_below(reader: Reader, area: str, name: str) -> dict[str, Goal]:
    """Return the goal of each area below one that stands for an indicator, by area code."""
    by_area: dict[str, list[Row]] = {}
    for row in reader.progress_below(area, name):
        by_area.setdefault(row["area_code"], []).append(row)
    stands = {code: standing(_goals(reader, code, rows), name) for code, rows in by_area.items()}
    return {code: goal for code, goal in stands.items() if goal is not None}


def standing(found: Sequence[Goal], name: str) -> Goal | None:
    """Return the goal that a card is about: the next one still ahead, else the last."""
    own = [one for one in found if one.target.indicator == name and one.target.value is not None]
    own = [one for one in own if one.target.decision.rank == "decided"] or own
    ahead = [one for one in own if not one.ended]
    return ahead[0] if ahead else own[-1] if own else None


def _goal(reader: Reader, target: Target, row: Row | None) -> Goal:
    ended = target.period_end <= reader.run.as_of
    if row is None or row["actual"] is None:
        return Goal(target, row, "unknown", ended)
    if row["met"] or ended:
        return Goal(target, row, "met" if row["met"] else "late", ended)
    return Goal(target, row, _ahead(reader, target, row), ended)


def _ahead(reader: Reader, target: Target, row: Row) -> State:
    """Judge what lies ahead: against a straight path from the base; without one, by the pace that is needed."""
    at = date.fromisoformat(row["value_date"])
    if row["development"] is not None and at > target.base_date:
        due = arithmetic.elapsed(target.base_date, at, target.period_end)
        made = Fraction(str(row["development"]))
        if made >= due:
            return "met"
        return "attention" if made >= due * ATTENTION else "late"
    months = months_between(at, target.period_end)
    if row["gap"] is None or row["yoy"] is None or months <= 0:
        return "unknown"
    actual, yoy = Fraction(str(row["actual"])), Fraction(str(row["yoy"]))
    share = indicator(target.indicator).unit == "share"
    a_month = (yoy if share else actual - actual / (1 + yoy) if yoy != -1 else Fraction(0)) / 12
    needed = (Fraction(str(row["target"])) - actual) / months
    if target.direction == "at_most":
        needed, a_month = -needed, -a_month
    if a_month >= needed:
        return "met"
    return "attention" if a_month * PACE_ATTENTION >= needed else "late"


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What the areas below one were given of its target: how many of them, and together."""

    given: Sequence[tuple[str, Target]]
    units: int
    total: Fraction | None
    # The sum below less the target above.
    difference: Fraction | None


def handed_on(reader: Reader, area: str, target: Target) -> HandedOn:
    """Return what the areas below one were given of a target; of shares there is no sum."""
    from baophu.areas.units import tree

    known, below = targets(reader), tree().children(area)
    given = [
        (one.code, own)
        for one in below
        for own in known.get(one.code, ())
        if own.subject == (target.indicator, one.code, target.scope, target.period_end) and own.value is not None
    ]
    if not given or target.value is None or indicator(target.indicator).unit == "share":
        return HandedOn(given, len(below), None, None)
    total = sum((Fraction(own.value) for _, own in given if own.value is not None), Fraction(0))
    return HandedOn(given, len(below), total, total - Fraction(target.value))


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator at a glance."""

    trend: Trend
    goal: Goal | None
    outlook: Outlook | Text = NOT_FORECAST
    place: Place | None = None
    phase: Goal | None = None

    @property
    def state(self) -> State:
        """How it stands towards its target."""
        if self.least is not None and self.least >= 1:
            return "met"
        return self.goal.state if self.goal else "unknown"

    @property
    def least(self) -> Fraction | None:
        """How much of its target is reached at the least, where the target counts the armed forces and the value does
        not: with them it can only be more. None where value and target are of one scope."""
        goal, last = self.goal, self.trend.last
        if goal is None or goal.achieved is not None or last is None or not goal.target.value:
            return None
        if (goal.target.scope, last["scope"]) != ("all", "without_armed_forces"):
            return None
        counted = self.trend.record.unit != "share" and goal.target.direction == "at_least"
        return self.trend.value / Fraction(goal.target.value) if counted and self.trend.value is not None else None

    @property
    def scope_words(self) -> Text | None:
        """That value and target are of two scopes, where they are."""
        goal, last = self.goal, self.trend.last
        if goal is None or last is None or len(self.trend.record.scopes) == 1 or goal.target.scope == last["scope"]:
            return None
        value, target = SCOPES[last["scope"]], SCOPES[goal.target.scope]
        return Text(f"giá trị {value.vi}, chỉ tiêu {target.vi}", f"the value is {value.en}, the target {target.en}")

    @property
    def forecast(self) -> Text | None:
        """The forecast for the day of the target, with its range; None where there is none."""
        if self.goal is None or not isinstance(self.outlook, Outlook):
            return None
        said = self.outlook.at(self.goal.target.period_end)
        return None if said is None or self.goal.ended else range_text(self.trend.record.id, said)

    @property
    def chance(self) -> Text | None:
        """The chance to meet the target, of one scope with the forecast."""
        found = self.goal.row["probability"] if self.goal and self.goal.row else None
        return None if found is None else chance_text(Fraction(str(found)))

    @property
    def state_words(self) -> Text:
        """The words of the state; of an indicator without a target, that it has none."""
        if self.goal is None:
            return Text("Chưa giao chỉ tiêu", "No target assigned")
        if self.state == "met" and self.goal.state == "unknown":
            return STATES["met"]
        if self.state == "unknown" and self.trend.value is not None:
            return NOT_ENOUGH
        return self.goal.state_words

    @property
    def exact(self) -> Text:
        """The value as it was counted, for whoever points at it and for print."""
        return value_text(self.trend.record.id, _shown(self.trend))

    def short(self, lang: Language) -> str:
        """Return the value as it is read from afar."""
        return short_value(self.trend.record.id, _shown(self.trend), lang)

    @property
    def on_month(self) -> Text:
        """The change on the month before."""
        return change_text(self.trend.record.id, self.trend.since(1))

    @property
    def on_year(self) -> Text:
        """The change on the same month of the year before."""
        return change_text(self.trend.record.id, self.trend.since(12))


def _shown(found: Trend) -> Fraction | None:
    """Return a value as it is shown: a share in per cent with one decimal."""
    value = found.value
    if value is None or found.record.unit != "share":
        return value
    return Fraction(rounded(value, 3))


def card(reader: Reader, area: str, own: Sequence[Goal], name: str) -> Card:
    """Return an indicator of an area with all that is told of it; `own` are the area's targets."""
    goal = standing(own, name)
    found = None
    if goal is not None:
        found = place(reader, area, name, goal.target.period_end, goal.target.scope)
    return Card(trend(reader, area, name), goal, outlook(reader, area, name), found, phase_of(own, name, reader))


def cards(reader: Reader, area: str) -> list[Card]:
    """Return the cards of an area."""
    own = goals(reader, area)
    return [card(reader, area, own, name) for name in CARDS]


def phase_of(own: Sequence[Goal], name: str, reader: Reader) -> Goal | None:
    """Return the phase of this year's sprint that runs, or the last one; None where the year has none."""
    year = reader.run.as_of.year
    found = [one for one in own if one.target.indicator == name and one.target.phase and one.year == year]
    return next((one for one in found if not one.ended), found[-1] if found else None)


@dataclass(frozen=True, slots=True)
class Child:
    """An area below the one that is looked at. What could be placed in none of them has no code."""

    code: str | None
    name: Text
    value: Fraction | None
    on_month: Fraction | None
    on_year: Fraction | None
    findings: int | None
    goal: Goal | None
    place: Place | None = None
    # Its months, oldest first, as near as a drawing needs them.
    months: Sequence[float | None] = ()


def children(reader: Reader, area: str, of: Trend) -> list[Child]:
    """Return the areas below one with their values of an indicator."""
    from baophu.areas.units import tree

    month = of.month
    values: dict[str, dict[str, Row]] = {}
    if month is not None and of.last is not None:
        for row in reader.below(area, of.last):
            values.setdefault(row["area_code"], {})[row["month"]] = row
    findings, ahead = reader.open_below(area), goals_below(reader, area, of.record.id)
    places = places_below(reader, area, of.record.id)

    def child(code: str | None, name: Text, own: Mapping[str, Row]) -> Child:
        # Exactly only where a figure is read: a page has many rows of many months.
        now, before, year_before = (
            value_of(own[key]) if month and (key := f"{months_later(month, -back)}") in own else None
            for back in (0, 1, 12)
        )
        return Child(
            code, name, now, change(of.record.id, now, before), change(of.record.id, now, year_before),
            findings.get(code or ""), ahead.get(code or ""), places.get(code or ""),
            [row["value"] for _, row in sorted(own.items())],
        )  # fmt: skip

    known = tree().children(area)
    found = [child(one.code, one.label, values.get(one.code, {})) for one in known]
    rest = [own for code, own in values.items() if code not in tree() and any(row["value"] for row in own.values())]
    found += [child(None, Text("Chưa rõ nơi nào", "Place not known"), own) for own in rest]
    return found


def as_of(reader: Reader) -> date:
    """Return the day up to which the run's month tells."""
    return min(reader.run.as_of, last_day(reader.run.month))
