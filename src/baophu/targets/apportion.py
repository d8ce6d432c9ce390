"""Sharing a total among units: what each should get, held within its limits, in whole numbers that sum to the total.

Each unit asks for `base + scale x key`, with one scale for all, so that the increase is shared by the keys. Where a
limit stands in the way the unit gets the limit, and the others share what is left, again by their keys. That is the
point nearest to the proposal when a unit's distance is squared and divided by its key:

    minimise    sum (x - base - scale0 x key)^2 / key      with    lower <= x <= upper,   sum x = total

HiGHS solves this; its dual gives the scale at which the limits bind. Floats do not settle who gets the last person,
so the scale is then found again in fractions, from HiGHS's on, and whole numbers by the largest remainder.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

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
    scale = exact_scale(units, keys, total, _scale_by_solver(units, keys, total))
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


def _scale_by_solver(units: Sequence[Unit], keys: Sequence[Fraction], total: int) -> Fraction:
    """Return the scale that HiGHS finds, up to its tolerance.

    It works on what one unit of a key brings, (x - base) / key, so that a commune and Hà Nội weigh in one magnitude.
    """
    import highspy
    import numpy as np

    size = len(units)
    unit_key = sum(keys, Fraction(0)) / size
    weights = np.array([float(key / unit_key) for key in keys])
    base = np.array([unit.base for unit in units], dtype=float)
    model = highspy.HighsModel()
    program = model.lp_
    program.num_col_, program.num_row_ = size, 1
    program.col_cost_ = np.zeros(size)
    program.col_lower_ = (np.array([unit.lower.value for unit in units]) - base) / weights
    program.col_upper_ = (np.array([unit.upper.value for unit in units]) - base) / weights
    program.row_lower_ = program.row_upper_ = np.array([float(total - sum(unit.base for unit in units))])
    columns = np.arange(size + 1, dtype=np.int32)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_ = columns, np.zeros(size, dtype=np.int32)
    program.a_matrix_.value_ = weights
    # Half of z'Qz with Q = the weights: the squared distances, each divided by its key.
    model.hessian_.dim_, model.hessian_.format_ = size, highspy.HessianFormat.kTriangular
    model.hessian_.start_, model.hessian_.index_ = columns, columns[:-1]
    model.hessian_.value_ = weights
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(model)
    solver.run()
    dual = float(solver.getSolution().row_dual[0])
    return Fraction(dual) / unit_key if np.isfinite(dual) else Fraction(0)


def exact_scale(units: Sequence[Unit], keys: Sequence[Fraction], total: int, near: Fraction) -> Fraction:
    """Return the scale at which the units, held within their limits, come to exactly the total.

    The sum rises with the scale, in straight pieces from one point where a limit begins or ends to bind to the next.
    `near` tells the piece, or one beside it; on the right piece the scale is a matter of proportion.
    """
    pairs = list(zip(units, keys, strict=True))

    def amount(scale: Fraction) -> Fraction:
        return sum((_held(unit, key, scale) for unit, key in pairs), Fraction(0))

    points = sorted({(end.value - unit.base) / key for unit, key in pairs for end in (unit.lower, unit.upper)})
    if len(points) == 1:
        return points[0]
    at = min(max(bisect_right(points, near), 1), len(points) - 1)
    while at < len(points) - 1 and amount(points[at]) < total:
        at += 1
    while at > 1 and amount(points[at - 1]) > total:
        at -= 1
    low, high = amount(points[at - 1]), amount(points[at])
    part = (total - low) / (high - low) if high > low else 0
    return points[at - 1] + part * (points[at] - points[at - 1])


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
