"""Working days in Viet Nam: Monday to Friday without the public holidays (Labour Code 45/2019, article 112).

The days of Tết that depend on the lunar calendar, and the days moved by the Government, come from the `holidays`
package; a year for which the moved days have not been announced yet has only the fixed ones.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    from holidays.countries.vietnam import Vietnam

    return frozenset(Vietnam(years=year))  # type: ignore[no-untyped-call]


def is_workday(day: date) -> bool:
    """Tell whether offices work on a day."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def workdays_until(start: date, end: date) -> int:
    """Count the working days after `start` up to and with `end`; negative when `end` has passed.

    >>> workdays_until(date(2026, 6, 26), date(2026, 6, 30))
    2
    """
    if end < start:
        return -workdays_until(end, start)
    days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    return sum(is_workday(day) for day in days)


def last_workday(day: date) -> date:
    """Return the day itself, or the last working day before it: when work due on a day of rest must be ready."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day
