"""Products of whole numbers that are wider than 64 bits, held against Python's own whole numbers."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from baophu.core.numbers import rounded
from baophu.targets.exact import difference, rounded_difference

NUMBERS = st.one_of(st.integers(-(2**62), 2**62), st.integers(-100, 100))
PARTS = st.one_of(st.integers(1, 2**31), st.integers(1, 12))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
@example(2**62, 2**62 - 1, 2**62 - 1, 2**62)
@example(2**62, 2**62, 2**62 - 1, 2**62 + 1)
@example(-(2**62), 2**62, 2**62, 2**62)
def test_a_difference_of_products_loses_nothing_before_it_is_rounded(a: int, b: int, c: int, d: int) -> None:
    exact = a * b - c * d
    found = difference(a, b, c, d)
    assert (found > 0, found < 0) == (exact > 0, exact < 0)
    assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(1, 2**51)


@given(NUMBERS, PARTS, NUMBERS, st.integers(1, 2**30))
@example(1, 2, 1, 1)
@example(-3, 2, 0, 1)
@example(3, 2, 0, 1)
def test_a_difference_of_quotients_is_rounded_half_away_from_zero(a: int, b: int, c: int, d: int) -> None:
    assert rounded_difference(a, b, c, d) == int(rounded(Fraction(a, b) - Fraction(c, d)))
