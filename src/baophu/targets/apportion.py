"""Sharing a total among units: what each should get, held within its limits, in whole numbers that sum to the total.

Each unit asks for `base + scale x key`, with one scale for all, so that the increase is shared by the keys. Where a
limit stands in the way the unit gets the limit, and the others share what is left, again by their keys. That is the
point nearest to the proposal when a unit's distance is squared and divided by its key:

    minimise    sum (x - base - scale0 x key)^2 / key      with    lower <= x <= upper,   sum x = total

The scale that solves it is found in fractions, since floats must not settle who gets the last person; whole numbers
follow by the largest remainder.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

# A unit with nobody to be reached gets next to nothing, and all that is left where every other one is at its limit.
_NEXT_TO_NOTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """A lowest or highest value, in people, and what sets it: a name in `assignment.yaml`'s words of limits."""

    value: int
    why: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Who gets a part: where it began, by what it shares in the increase, and its limits (lower <= upper)."""

    code: str
    base: int
    key: Fraction
    lower: Limit
    upper: Limit


@dataclass(frozen=True, slots=True)
class Share:
    """A unit's part: the whole number, the exact share that it stands for, and the limit that held it there."""

    target: int
    exact: Fraction
    binding: Limit | None


def apportion(units: Sequence[Unit], total: int) -> list[Share]:
    """Share `total` among units, in their order; the parts are whole, within the limits, and sum to it.

    No part is a whole person or more away from its exact share. ValueError where the limits leave no room: ask
    `limits.conflict` first.
    """
    if not sum(unit.lower.value for unit in units) <= total <= sum(unit.upper.value for unit in units):
        raise ValueError("the limits leave no room for the total")
    keys = _keys(units)
    scale = _scale(units, keys, total)
    exact = [_held(unit, key, scale) for unit, key in zip(units, keys, strict=True)]
    whole = largest_remainder(exact, total, [unit.code for unit in units])
    return [
        Share(part, share, _binding(unit, unit.base + scale * key))
        for part, share, unit, key in zip(whole, exact, units, keys, strict=True)
    ]


def _keys(units: Sequence[Unit]) -> list[Fraction]:
    least = min((unit.key for unit in units if unit.key > 0), default=Fraction(1))
    return [unit.key if unit.key > 0 else least / _NEXT_TO_NOTHING for unit in units]


def _held(unit: Unit, key: Fraction, scale: Fraction) -> Fraction:
    return min(max(unit.base + scale * key, Fraction(unit.lower.value)), Fraction(unit.upper.value))


def _binding(unit: Unit, wished: Fraction) -> Limit | None:
    if wished < unit.lower.value:
        return unit.lower
    return unit.upper if wished > unit.upper.value else None


def _scale(units: Sequence[Unit], keys: Sequence[Fraction], total: int) -> Fraction:
    """Return the scale at which the units, held within their limits, come to exactly the total.

    The sum never falls as the scale rises, and is straight from one point where a limit begins or ends to bind to the
    next: halving finds the piece, and on it the scale is a matter of proportion.
    """
    pairs = list(zip(units, keys, strict=True))

    def amount(scale: Fraction) -> Fraction:
        return sum((_held(unit, key, scale) for unit, key in pairs), Fraction(0))

    points = sorted({(end.value - unit.base) / key for unit, key in pairs for end in (unit.lower, unit.upper)})
    at = bisect_left(points, Fraction(total), key=amount)
    if at == 0:
        return points[0]
    before, after = amount(points[at - 1]), amount(points[at])
    return points[at - 1] + (total - before) / (after - before) * (points[at] - points[at - 1])


def largest_remainder(exact: Sequence[Fraction], total: int, codes: Sequence[str]) -> list[int]:
    """Return whole numbers that sum to `total`, each the exact share rounded down or up.

    Those with the largest fractions are rounded up; of equal ones, those whose codes come first. The shares sum to
    within one unit for each of them of the total.

    >>> largest_remainder([Fraction(1, 2), Fraction(3, 2), Fraction(1)], 3, ["a", "b", "c"])
    [1, 1, 1]
    """
    whole = [share.numerator // share.denominator for share in exact]
    order = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], codes[at]))
    for at in order[: total - sum(whole)]:
        whole[at] += 1
    return whole
