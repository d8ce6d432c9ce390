"""Months of an employer from what is held and what changes: examples, and every history against a slow reference."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from baophu.core.months import months_later
from baophu.registers.forms.meaning import (
    Change,
    Declared,
    Spell,
    apply,
    close_spells,
    months_from,
    open_spell,
)

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (8, 9, 10, 11))
AN, BINH = "0100000001", "0100000002"


def five(wage: int = 5) -> Declared:
    return Declared("a", wage)


def test_a_month_is_the_month_before_and_the_changes() -> None:
    held = {SEPTEMBER: {AN: five(5), BINH: five(6)}}
    months, results = apply(
        held, [Change(0, AN, "wage", OCTOBER, 7), Change(1, BINH, "decrease", OCTOBER)], OCTOBER, "a"
    )
    assert months == {OCTOBER: {AN: five(7)}}
    assert [one.outcome for one in results] == ["done", "done"]


def test_months_that_nobody_sent_are_carried_over() -> None:
    months, _ = apply({AUGUST: {AN: five()}}, [Change(0, BINH, "increase", OCTOBER, 6)], OCTOBER, "a")
    assert months == {SEPTEMBER: {AN: five()}, OCTOBER: {AN: five(), BINH: five(6)}}


def test_a_late_change_holds_until_what_is_known_of_later() -> None:
    held = {AUGUST: {AN: five(5)}, SEPTEMBER: {AN: five(5)}, OCTOBER: {AN: five(9)}}
    months, _ = apply(held, [Change(0, AN, "wage", SEPTEMBER, 6)], OCTOBER, "a")
    assert months == {SEPTEMBER: {AN: five(6)}, OCTOBER: {AN: five(9)}}


def test_a_late_leaving_takes_the_later_bases_of_the_same_stay_with_it_and_not_a_return() -> None:
    held = {AUGUST: {AN: five(5)}, SEPTEMBER: {AN: five(9)}, OCTOBER: {}, NOVEMBER: {AN: five(4)}}
    months, results = apply(held, [Change(0, AN, "decrease", SEPTEMBER)], NOVEMBER, "a")
    assert months == {SEPTEMBER: {}, OCTOBER: {}, NOVEMBER: {AN: five(4)}}
    assert results[0].end == NOVEMBER


def test_what_cannot_be_is_said_and_changes_nothing() -> None:
    held = {SEPTEMBER: {AN: five(5)}}
    changes = [
        Change(0, AN, "increase", OCTOBER, 6),
        Change(1, BINH, "decrease", OCTOBER),
        Change(2, AN, "wage", AUGUST, 6),
        Change(3, AN, "increase", OCTOBER, 5),
    ]
    months, results = apply(held, changes, OCTOBER, "a")
    said = {one.change.line: one.outcome for one in results}
    assert said == {0: "already_there", 1: "not_there", 2: "before_known", 3: "already_so"}
    assert months == {OCTOBER: {AN: five(5)}}


# The reference: one person, month by month, by words instead of events.

MONTHS = [date(2026, month, 1) for month in range(1, 9)]


def reference(states: list[int | None], effect: str, at: int, wage: int) -> list[int | None]:
    """`states` are a person's bases month by month, None: not there; a change that cannot be changes nothing."""
    now = states[at]
    found = list(states)
    if effect == "increase" and now is None:
        while at < len(states) and states[at] is None:
            found[at] = wage
            at += 1
    elif effect == "decrease" and now is not None:
        while at < len(states) and states[at] is not None:
            found[at] = None
            at += 1
    elif effect == "wage" and now is not None:
        while at < len(states) and states[at] == now:
            found[at] = wage
            at += 1
    return found


BASES = st.one_of(st.none(), st.integers(1, 3))
PEOPLE = st.dictionaries(st.sampled_from(["p1", "p2", "p3"]), st.lists(BASES, min_size=5, max_size=5), max_size=3)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["p1", "p2", "p3", "p4"]),
        st.sampled_from(["increase", "decrease", "wage"]),
        st.integers(0, 7),
        st.integers(1, 3),
    ),
    max_size=5,
    unique_by=lambda one: (one[0], one[2]),
)


@settings(max_examples=400, deadline=None)
@given(PEOPLE, CHANGES, st.integers(4, 7))
@example({"p1": [None, None, None, None, 1]}, [("p1", "increase", 0, 1), ("p1", "wage", 1, 2)], 4)
def test_months_are_those_of_the_slow_reference(
    people: dict[str, list[int | None]], changes: list[tuple[str, str, int, int]], last: int
) -> None:
    changes = [one for one in changes if one[2] <= last]
    held = {
        month: {who: five(states[at]) for who, states in people.items() if states[at] is not None}  # type: ignore[arg-type]
        for at, month in enumerate(MONTHS[:5])
    }
    wanted = {who: [*states, *([states[4]] * (last - 4))] for who, states in people.items()}
    wanted.setdefault("p4", [None] * (last + 1))
    for who in ("p1", "p2", "p3"):
        wanted.setdefault(who, [None] * (last + 1))
    # Of one person the changes count in the order of their months.
    for who, effect, at, wage in sorted(changes, key=lambda one: one[2]):
        wanted[who] = reference(wanted[who], effect, at, wage)
    made, _ = apply(
        held,
        [Change(n, who, effect, MONTHS[at], wage) for n, (who, effect, at, wage) in enumerate(changes)],  # type: ignore[arg-type]
        MONTHS[last],
        "a",
    )
    full = dict(held) | made
    for at, month in enumerate(MONTHS[: last + 1]):
        expected = {who: states[at] for who, states in wanted.items() if states[at] is not None}
        assert {who: what.wage for who, what in full[month].items()} == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 7), st.integers(1, 4)), max_size=6))
def test_spells_cover_the_months_that_were_opened_and_not_closed(steps: list[tuple[bool, int, int]]) -> None:
    spells: list[Spell] = []
    covered: set[int] = set()
    for opens, at, length in steps:
        start, end = MONTHS[at], months_later(date(2026, at + length, 1), 1)
        if opens:
            spells = open_spell(spells, Spell("compulsory", "a", "00004", start, end))
            covered |= set(range(at, at + length))
        else:
            spells = close_spells(spells, start, end)
            covered -= set(range(at, at + length))
    months = list(months_from(date(2026, 1, 1), date(2026, 12, 1)))
    found = [at for at, month in enumerate(months) for one in spells if one.start <= month < (one.end or date.max)]
    assert sorted(found) == sorted(covered)
