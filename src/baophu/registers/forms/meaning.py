"""What changes mean: the full months of an employer from those that are held, and the spells of its people.

Pure functions over one employer. A month that nobody sent had no change, so it is the month before carried over. A
change of an earlier month holds until the next thing that is known of the person: a later base, a leaving, a return.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from baophu.core.months import months_later

Outcome = Literal["done", "already_so", "already_there", "not_there", "before_known"]


class Declared(NamedTuple):
    """What is declared of a person in a month: the group, and the base in VND."""

    group: str
    wage: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one person from a month on; an increase may end before the month `until`."""

    line: int
    si_code: str
    effect: Literal["increase", "decrease", "wage", "leave", "none"]
    month: date
    wage: int = 0
    group: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a change: whether it was made, and in which months `[month, end)` it holds."""

    change: Change
    outcome: Outcome
    end: date | None = None
    group: str | None = None
    assumed: bool = False


Months = Mapping[date, Mapping[str, Declared]]


def months_from(first: date, last: date) -> Iterator[date]:
    """Yield the months from one to another, both included."""
    while first <= last:
        yield first
        first = months_later(first, 1)


def apply(
    held: Months, changes: Iterable[Change], month: date, default_group: str
) -> tuple[dict[date, dict[str, Declared]], list[Applied]]:
    """Return an employer's months as they are after the changes, and what came of each change.

    `held` are its whole months that are known; `month` is the month of the list. The months returned are those from
    the earliest change that was made to the list's month, or to the last one held where that is later.
    """
    by_person: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda one: (one.month, one.line)):
        by_person.setdefault(change.si_code, []).append(change)
    first_known = min(held, default=None)
    events: dict[str, dict[date, Declared | None]] = {}
    results: list[Applied] = []
    for person, theirs in by_person.items():
        known = _events(held, person)
        for change in theirs:
            if first_known is not None and change.month < first_known and change.effect != "none":
                results.append(Applied(change, "before_known"))
            else:
                results.append(_apply(known, change, default_group))
        events[person] = known
    made = [one.change.month for one in results if one.outcome == "done" and one.change.effect != "none"]
    latest_held = max(held, default=month)
    # A list without a change that is made still says that its month is the month before.
    unsent = list(months_from(months_later(latest_held, 1), month)) if held else [month]
    first = min([*made, *unsent[:1]], default=None)
    if first is None:
        return {}, results
    return _months(held, events, first, max(month, latest_held)), results


def _events(held: Months, person: str) -> dict[date, Declared | None]:
    """Return the months in which what is declared of a person becomes another thing than before; None: not there."""
    found: dict[date, Declared | None] = {}
    state: Declared | None = None
    for month in sorted(held):
        now = held[month].get(person)
        if now != state:
            found[month] = state = now
    return found


def _apply(events: dict[date, Declared | None], change: Change, default_group: str) -> Applied:
    """Put one change among a person's events."""
    month = change.month
    before = _state(events, month)
    if change.effect == "none":
        return Applied(change, "done")
    if change.effect == "increase":
        earlier = [state for when, state in sorted(events.items()) if state is not None and when <= month]
        group = change.group or (earlier[-1].group if earlier else default_group)
        if before is not None:
            same = before.wage == change.wage
            return Applied(change, "already_so" if same else "already_there", group=before.group)
        events[month] = Declared(group, change.wage)
        end = _next(events, month)
        if change.until is not None and (end is None or change.until < end):
            events[change.until] = None
            end = change.until
        _join_on(events, month)
        return Applied(change, "done", end, group, assumed=change.group is None and not earlier)
    if change.effect == "wage":
        if before is None:
            return Applied(change, "not_there")
        if before.wage == change.wage:
            return Applied(change, "already_so")
        events[month] = before._replace(wage=change.wage)
        end = _next(events, month)
        _join_on(events, month)
        return Applied(change, "done", end, before.group)
    if before is None:
        left_then = month in events and _state_before(events, month) is not None
        return Applied(change, "already_so" if left_then else "not_there")
    events[month] = None
    # Later bases of the same stay go with it; a return after a leaving stays.
    for when in sorted(one for one in events if one > month):
        state = events.pop(when)
        if state is None:
            break
    return Applied(change, "done", _next(events, month), before.group)


def _join_on(events: dict[date, Declared | None], month: date) -> None:
    """Drop the next event where it is no change any more, as if the months had been read again from the store."""
    following = _next(events, month)
    if following is not None and events[following] == events[month]:
        del events[following]


def _state(events: Mapping[date, Declared | None], month: date) -> Declared | None:
    past = [when for when in events if when <= month]
    return events[max(past)] if past else None


def _state_before(events: Mapping[date, Declared | None], month: date) -> Declared | None:
    past = [when for when in events if when < month]
    return events[max(past)] if past else None


def _next(events: Mapping[date, Declared | None], month: date) -> date | None:
    return min((when for when in events if when > month), default=None)


def _months(
    held: Months, events: Mapping[str, Mapping[date, Declared | None]], first: date, last: date
) -> dict[date, dict[str, Declared]]:
    """Return the months: people without a change as held or carried over, the others as their events say."""
    past = [month for month in held if month < first]
    before: Mapping[str, Declared] = held[max(past)] if past else {}
    found = {}
    for month in months_from(first, last):
        now = {who: what for who, what in held.get(month, before).items() if who not in events}
        for who, theirs in events.items():
            state = _state(theirs, month)
            if state is not None:
                now[who] = state
        found[month] = before = now
    return found


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch `[start, end)` of one person in one scheme with one employer."""

    scheme: str
    group: str | None
    commune_code: str
    start: date
    end: date | None
    agent_id: str | None = None


_NEVER = date.max


def open_spell(spells: Iterable[Spell], new: Spell) -> list[Spell]:
    """Return the spells with a new one: only where none of its scheme runs yet, joined to one that it continues."""
    others = [one for one in spells if one.scheme != new.scheme]
    theirs = sorted((one for one in spells if one.scheme == new.scheme), key=lambda one: one.start)
    free = [(new.start, new.end or _NEVER)]
    for one in theirs:
        free = [piece for start, end in free for piece in _outside(start, end, one.start, one.end or _NEVER)]
    theirs += [replace(new, start=start, end=None if end == _NEVER else end) for start, end in free]
    return others + _joined(sorted(theirs, key=lambda one: one.start))


def close_spells(spells: Iterable[Spell], month: date, end: date | None) -> list[Spell]:
    """Return the spells without the months `[month, end)`."""
    found = []
    for one in spells:
        for start, stop in _outside(one.start, one.end or _NEVER, month, end or _NEVER):
            found.append(replace(one, start=start, end=None if stop == _NEVER else stop))
    return found


def _outside(start: date, end: date, cut_start: date, cut_end: date) -> Iterator[tuple[date, date]]:
    """Yield what is left of `[start, end)` without `[cut_start, cut_end)`."""
    if min(end, cut_start) > start:
        yield start, min(end, cut_start)
    if max(start, cut_end) < end:
        yield max(start, cut_end), end


def _joined(spells: list[Spell]) -> list[Spell]:
    found: list[Spell] = []
    for one in spells:
        last = found[-1] if found else None
        if last and last.end == one.start and replace(last, start=one.start, end=one.end) == one:
            found[-1] = replace(last, end=one.end)
        else:
            found.append(one)
    return found
