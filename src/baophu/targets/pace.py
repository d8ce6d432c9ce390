"""The way to a target: the years to its last one, the months of a year, the phases of a sprint, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from baophu.core.months import last_day
from baophu.core.numbers import rounded
from baophu.targets.apportion import largest_remainder
from baophu.targets.assignment import Phase, YearPath


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is due on a day on the way to a target: the share of the increase, and the number of people."""

    id: str
    day: date
    share: Fraction
    value: int


def level(base: int, target: int, share: Fraction) -> int:
    """Return what is due when a share of the way from base to target is due, half up.

    >>> level(100, 201, Fraction(1, 2))
    151
    """
    return int(rounded(base + share * (target - base)))


def shared(one: Milestone, bases: Sequence[int], targets: Sequence[int], codes: Sequence[str]) -> list[Milestone]:
    """Return each unit's part of a milestone of the area above them, so that the parts come to it.

    No part is a whole person away from the unit's own way. Where people of the area above are of no unit yet, its
    base is more than theirs; then the parts come to what the units' own bases and targets say.
    """
    exact = [base + one.share * (target - base) for base, target in zip(bases, targets, strict=True)]
    own = sum(exact, Fraction(0))
    whole = one.value if abs(one.value - own) < 1 else int(rounded(own))
    return [replace(one, value=value) for value in largest_remainder(exact, whole, codes)]


def year_shares(path: YearPath, years: int) -> list[Fraction]:
    """Return the share of the increase that is due by the end of each of so many years.

    >>> [str(share) for share in year_shares(YearPath(form="linear", front_loaded="0.8"), 4)]
    ['1/4', '1/2', '3/4', '1']
    """
    ratio = Fraction(1) if path.form == "linear" else Fraction(path.front_loaded)
    steps = [ratio**number for number in range(years)]
    return [sum(steps[: number + 1], Fraction(0)) / sum(steps) for number in range(years)]


def years(base_year: int, base: int, last_year: int, target: int, path: YearPath) -> list[Milestone]:
    """Return what is due at the end of each year after the base's, to the last."""
    shares = year_shares(path, last_year - base_year)
    return [
        Milestone(str(year), date(year, 12, 31), share, level(base, target, share))
        for year, share in enumerate(shares, base_year + 1)
    ]


def months(year: int, base: int, target: int, season: Sequence[Fraction]) -> list[Milestone]:
    """Return what is due at the end of each month of a year, by the season's shares."""
    ends = [last_day(date(year, month, 1)) for month in range(1, 13)]
    return [
        Milestone(f"{day:%Y-%m}", day, share, level(base, target, share))
        for day, share in zip(ends, season, strict=True)
    ]


def phases(year: int, base: int, target: int, sprint: Sequence[Phase]) -> list[Milestone]:
    """Return what is due by each phase of a year's sprint: a share of the year's required increase."""
    return [
        Milestone(
            one.id, last_day(date(year, one.month, 1)), Fraction(one.share), level(base, target, Fraction(one.share))
        )
        for one in sprint
    ]
