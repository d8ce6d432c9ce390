"""Sharing a total: exact sums, limits kept, and nobody a person away from the share that the limits leave."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.targets.apportion import Limit, Unit, apportion, largest_remainder
from baophu.targets.limits import conflict


def unit(code: str, base: int, key: int, lower: int, upper: int) -> Unit:
    return Unit(code, base, Fraction(key), Limit(lower, "held"), Limit(upper, "growth"))


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Unit], int]:
    size = draw(st.integers(1, 12))
    units = []
    for number in range(size):
        lower = draw(st.integers(0, 5_000))
        upper = lower + draw(st.sampled_from([0, 1, 7, 400, 9_000]))
        base = draw(st.integers(0, 6_000))
        units.append(unit(f"{number:05}", base, draw(st.sampled_from([0, 1, 3, 50, 7_000])), lower, upper))
    total = draw(st.integers(sum(one.lower.value for one in units), sum(one.upper.value for one in units)))
    return units, total


def shares_by_filling(units: list[Unit], total: int) -> list[Fraction]:
    """The slow reference: raise one scale until the units, each held within its limits, come to the total."""
    least = min((one.key for one in units if one.key > 0), default=Fraction(1))
    keys = [one.key or least / 1_000_000 for one in units]

    def held(scale: Fraction) -> list[Fraction]:
        return [
            min(max(one.base + scale * key, Fraction(one.lower.value)), Fraction(one.upper.value))
            for one, key in zip(units, keys, strict=True)
        ]

    low, high = Fraction(-(10**13)), Fraction(10**13)
    for _ in range(160):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(held(middle)) < total else (low, middle)
    return held(high)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_parts_are_whole_within_the_limits_and_sum_to_the_total(problem: tuple[list[Unit], int]) -> None:
    units, total = problem
    parts = apportion(units, total)
    assert sum(part.target for part in parts) == total
    assert sum(part.exact for part in parts) == total
    for one, part in zip(units, parts, strict=True):
        assert one.lower.value <= part.target <= one.upper.value
        assert abs(part.target - part.exact) < 1


@settings(max_examples=60, deadline=None)
@given(problems())
def test_nobody_is_further_from_the_exact_share_than_the_limits_force(problem: tuple[list[Unit], int]) -> None:
    units, total = problem
    for part, exact in zip(apportion(units, total), shares_by_filling(units, total), strict=True):
        assert abs(part.exact - exact) < Fraction(1, 10**6)
        assert abs(part.target - exact) < 1 + Fraction(1, 10**6)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_limit_binds_only_who_would_be_beyond_it(problem: tuple[list[Unit], int]) -> None:
    units, total = problem
    for one, part in zip(units, apportion(units, total), strict=True):
        if part.binding is not None:
            assert part.exact == part.binding.value
            assert part.binding in (one.lower, one.upper)


def test_who_is_capped_leaves_the_rest_to_the_others_by_their_keys() -> None:
    units = [unit("a", 100, 1, 100, 110), unit("b", 100, 1, 100, 1000), unit("c", 100, 2, 100, 1000)]
    parts = apportion(units, 430)
    assert [part.target for part in parts] == [110, 140, 180]
    assert [part.binding and part.binding.why for part in parts] == ["growth", None, None]


def test_a_unit_with_nobody_to_reach_gets_nothing_until_all_others_are_full() -> None:
    units = [unit("a", 10, 0, 10, 50), unit("b", 10, 5, 10, 20)]
    assert [part.target for part in apportion(units, 30)] == [10, 20]
    assert [part.target for part in apportion(units, 45)] == [25, 20]


def test_of_equal_remainders_the_first_code_is_rounded_up() -> None:
    assert largest_remainder([Fraction(1, 2), Fraction(1, 2)], 1, ["b", "a"]) == [0, 1]


def test_limits_that_leave_no_room_are_no_question_of_sharing() -> None:
    with pytest.raises(ValueError, match="no room"):
        apportion([unit("a", 1, 1, 5, 6)], 4)


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(1, 2_000))
def test_floors_that_conflict_are_irreducible(problem: tuple[list[Unit], int], by: int) -> None:
    units, _ = problem
    floors = sum(one.lower.value for one in units)
    total = floors - by
    if total < 0:
        return
    found = conflict(units, total)
    assert found is not None
    assert (found.side, found.by) == ("floors", by)
    own = sum(one.lower.value for one in found.units)
    assert own > total
    assert all(own - one.lower.value <= total for one in found.units)


def test_ceilings_that_do_not_reach_the_total_are_all_in_the_way() -> None:
    units = [unit("a", 1, 1, 0, 10), unit("b", 1, 1, 0, 20)]
    found = conflict(units, 35)
    assert found is not None
    assert (found.side, found.by, len(found.units)) == ("ceilings", 5, 2)
    assert conflict(units, 30) is None
