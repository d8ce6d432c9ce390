"""Months: each is written as its first day; the sums of them that every package needs."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_later(month: date, months: int) -> date:
    """Return the first day of the month so many months later, or before where the number is negative.

    >>> months_later(date(2026, 11, 30), 3), months_later(date(2026, 1, 1), -1)
    (datetime.date(2027, 2, 1), datetime.date(2025, 12, 1))
    """
    years, place = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(years, place + 1, 1)


def months_between(start: date, end: date) -> int:
    """Count the months from one month to another, days aside.

    >>> months_between(date(2025, 11, 30), date(2030, 12, 1))
    61
    """
    return (end.year - start.year) * 12 + end.month - start.month


def month_of(number: int) -> date:
    """Return the first day of a month given as a number: year x 12 + month - 1.

    >>> month_of(2026 * 12 + 9)
    datetime.date(2026, 10, 1)
    """
    return date(number // 12, number % 12 + 1, 1)


def last_day(month: date) -> date:
    """Return the last day of the month of a day.

    >>> last_day(date(2024, 2, 1))
    datetime.date(2024, 2, 29)
    """
    return month.replace(day=monthrange(month.year, month.month)[1])
