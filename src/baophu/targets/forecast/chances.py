"""What a forecast says of a target: how likely it is to be met, when it would be, at which pace.

A forecast is p10, p50, p90. Between and beyond them a value is taken to be normal on either side of p50, each side
with its own spread: above, (p90 - p50) / 1.2816; below, (p50 - p10) / 1.2816; nobody is below zero. So the chance to
reach p50 is one half, p90 one tenth, p10 nine tenths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import erfc, hypot, sqrt
from typing import NamedTuple

from baophu.core.months import months_between
from baophu.core.numbers import Number
from baophu.targets import arithmetic
from baophu.targets.decisions import Direction

_NORMAL = 1.2815515655446004


class Quantiles(NamedTuple):
    """A forecast of one area, scheme and month, in people."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Goal:
    """A value to be reached by a day. `high` is the upper end of a range, met from its nearer end on."""

    value: Number
    by: date
    direction: Direction = "at_least"
    high: Number | None = None

    @property
    def least(self) -> bool:
        """Whether more is better."""
        return self.direction != "at_most"

    @property
    def edge(self) -> Number:
        """The value from which on the goal is met."""
        return self.value if self.least or self.high is None else self.high

    def is_met(self, value: Number) -> bool:
        """Tell whether a value meets the goal."""
        if self.direction == "above_last_year":
            return value > self.edge
        return value >= self.edge if self.least else value <= self.edge


def share_above(said: Quantiles, value: Number) -> float:
    """Return the chance, 0 to 1, that what comes is at least a value.

    >>> said = Quantiles(90, 100, 120)
    >>> [round(share_above(said, value), 6) for value in (90, 100, 120, 0)]
    [0.9, 0.5, 0.1, 1.0]
    """
    if value <= 0:
        return 1.0
    distance = float(value) - said.p50
    spread = (said.p90 - said.p50 if distance > 0 else said.p50 - said.p10) / _NORMAL
    if spread <= 0:
        return float(distance <= 0)
    return 0.5 * erfc(distance / spread / sqrt(2))


def probability(said: Quantiles, goal: Goal) -> float:
    """Return the chance, 0 to 1, that a goal is met in the month of the forecast.

    >>> probability(Quantiles(90, 100, 120), Goal(120, date(2026, 12, 31)))
    0.1
    """
    edge = goal.edge + 1 if goal.direction == "above_last_year" else goal.edge
    found = share_above(said, edge) if goal.least else 1.0 - share_above(said, edge)
    return round(found, 6)


class WhenMet(NamedTuple):
    """The first month in which a goal would be met: by p50, by the better and the worse tenth; None: not in sight."""

    likely: date | None
    earliest: date | None
    latest: date | None


def when_met(said: Iterable[tuple[date, Quantiles]], goal: Goal) -> WhenMet:
    """Return when a goal would be met, from the forecasts of the months in their order."""
    months = list(said)

    def first(tenth: int) -> date | None:
        return next((month for month, row in months if goal.is_met(Fraction(row[tenth]))), None)

    better, worse = (2, 0) if goal.least else (0, 2)
    return WhenMet(first(1), first(better), first(worse))


def pace_needed(actual: Number, as_of: date, goal: Goal) -> Fraction | None:
    """Return how many more (or fewer) people a month meet the goal from here; 0 where it is met, None where it is over.

    >>> pace_needed(100, date(2026, 10, 31), Goal(160, date(2026, 12, 31)))
    Fraction(30, 1)
    """
    if goal.is_met(actual):
        return Fraction(0)
    return arithmetic.pace(goal.edge, actual, months_between(as_of, goal.by))


def added(parts: Iterable[Quantiles]) -> Quantiles:
    """Return the forecast of a sum, such as compulsory and voluntary, taken to err apart from each other.

    >>> added([Quantiles(94, 100, 106), Quantiles(42, 50, 58)])
    Quantiles(p10=140.0, p50=150, p90=160.0)
    """
    every = list(parts)
    middle = sum(one.p50 for one in every)
    below = hypot(*(one.p50 - one.p10 for one in every))
    above = hypot(*(one.p90 - one.p50 for one in every))
    return Quantiles(max(middle - below, 0.0), middle, middle + above)
