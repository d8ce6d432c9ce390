"""The arithmetic that compares a value with a target. Exact: integers and fractions in, fractions out.

Shares are fractions of 1. Nothing here reads a file; each function is one line of the handbook.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from baophu.core.numbers import Number

ONE_DAY = timedelta(days=1)


def achieved(actual: Number, target: Number) -> Fraction | None:
    """Return actual / target; None where the target is 0.

    >>> achieved(3, 4)
    Fraction(3, 4)
    """
    return Fraction(actual) / Fraction(target) if target else None


def development(actual: Number, base: Number, target: Number) -> Fraction | None:
    """Return (actual - base) / (target - base), the share of the required increase that is done.

    None where the target asks for no change. Negative where the value has moved away from the target.

    >>> development(150, 100, 200)
    Fraction(1, 2)
    """
    required = Fraction(target) - Fraction(base)
    return (Fraction(actual) - Fraction(base)) / required if required else None


def relative_change(now: Number, before: Number) -> Fraction | None:
    """Return now / before - 1; None where there was nothing before.

    >>> relative_change(110, 100)
    Fraction(1, 10)
    """
    return Fraction(now) / Fraction(before) - 1 if before else None


def a_year_before(day: date) -> date:
    """Return the same day of the year before; the last day of February stays the last day.

    >>> a_year_before(date(2024, 2, 29)), a_year_before(date(2025, 2, 28))
    (datetime.date(2023, 2, 28), datetime.date(2024, 2, 29))
    """
    if day.month == 2 and (day + ONE_DAY).month == 3:
        return date(day.year - 1, 3, 1) - ONE_DAY
    return day.replace(year=day.year - 1)


def elapsed(base_date: date, day: date, period_end: date) -> Fraction:
    """Return the share of the time from `base_date` to `period_end` that has passed on `day`, between 0 and 1."""
    whole = (period_end - base_date).days
    return Fraction(min(max((day - base_date).days, 0), whole), whole)


@dataclass(frozen=True, slots=True)
class ImpliedBase:
    """The base that a phase target implies, with the ends that the rounding of the share allows."""

    value: Fraction
    low: Fraction
    high: Fraction

    def agrees(self, published: Number) -> bool:
        """Whether a published (rounded) base lies within the rounding."""
        return self.low <= published <= self.high


def implied_base(phase_target: Number, target: Number, share: Decimal, decimals: int) -> ImpliedBase | None:
    """Return the base from which `phase_target` is `share` of the required increase to `target`.

    phase = base + share * (target - base), so base = target - (target - phase) / (1 - share). The share was
    published with `decimals` decimals (0.91: 2), so it lies within half a unit of the last. None where the share
    is 1, since then the phase says nothing of the base.

    >>> round(implied_base(17449773, 17515946, Decimal("0.91"), 2).value)
    16780690
    """
    half = Fraction(1, 2 * 10**decimals)
    if Fraction(share) + half >= 1:
        return None

    def base(part: Fraction) -> Fraction:
        return Fraction(target) - (Fraction(target) - Fraction(phase_target)) / (1 - part)

    ends = sorted((base(Fraction(share) - half), base(Fraction(share) + half)))
    return ImpliedBase(value=base(Fraction(share)), low=ends[0], high=ends[1])


def implied_denominator(count: Number, rate: Number) -> Fraction:
    """Return the denominator that a count and a rate of the same thing imply together.

    >>> implied_denominator(29334000, Decimal("0.60")) == implied_denominator(2444500, Decimal("0.05")) == 48890000
    True
    """
    return Fraction(count) / Fraction(rate)


def growth_of_sum(parts: Iterable[tuple[Number, Number]]) -> Fraction:
    """Return the growth of a sum from its parts, each as (value now, its growth over the year).

    >>> float(round(growth_of_sum([(17030000, Decimal("0.0725")), (1990000, Decimal("0.3935"))]), 3))
    0.099
    """
    pairs = [(Fraction(now), Fraction(now) / (1 + Fraction(growth))) for now, growth in parts]
    total_now, total_before = sum((now for now, _ in pairs), Fraction(0)), sum((then for _, then in pairs), Fraction(0))
    return total_now / total_before - 1


def pace(now: Number, then: Number, months: int) -> Fraction | None:
    """Return the change per month; None where no month lies between.

    >>> pace(120, 100, 10)
    Fraction(2, 1)
    """
    return (Fraction(now) - Fraction(then)) / months if months > 0 else None
