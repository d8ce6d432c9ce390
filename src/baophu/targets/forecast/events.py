"""Shocks that are known, and the days of the calendar that move participation: declared, dated, with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from baophu.core.languages import Text
from baophu.core.months import months_between, months_later
from baophu.core.records import check, read_yaml

FILE = Path(__file__).with_name("declared_events.yaml")

Kind = Literal["level", "temporary"]
KINDS: dict[Kind, Text] = {
    "level": Text("lâu dài", "lasting"),
    "temporary": Text("tạm thời", "temporary"),
}
# The days around Tết in which people are away: a week before New Year's Day, and a week after.
_DAYS_BEFORE, _DAYS_AFTER = 7, 7


class Event(BaseModel):
    """A shock with its dates. Its size is estimated from the counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: Text
    start: date = Field(description="first day of the first month that feels it")
    months: int = Field(ge=1, description="over how many months a level comes in; how many a temporary one lasts")
    kind: Kind
    schemes: tuple[str, ...] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)

    def share(self, month: date) -> float:
        """Return how much of the effect stands in a month, 0 to 1."""
        passed = months_between(self.start, month) + 1
        if self.kind == "temporary":
            return float(0 < passed <= self.months)
        return min(max(passed / self.months, 0.0), 1.0)


class Events(BaseModel):
    """The file of events."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    events: tuple[Event, ...]


@lru_cache(maxsize=1)
def declared() -> tuple[Event, ...]:
    """Return the declared events; BaophuError where the file is wrong."""
    return check(Events, read_yaml(FILE), FILE.name).events


@lru_cache(maxsize=64)
def new_years_day(year: int) -> date:
    """Return the first day of the lunar year.

    >>> new_years_day(2026), new_years_day(2030)
    (datetime.date(2026, 2, 17), datetime.date(2030, 2, 2))
    """
    from holidays.countries.vietnam import Vietnam

    found = Vietnam(years=year, language="en_US").get_named("Lunar New Year", lookup="exact")  # type: ignore[no-untyped-call]
    return min(found)


def share_of_tet(month: date) -> float:
    """Return how much of the days around Tết lie in a month, 0 to 1.

    >>> share_of_tet(date(2026, 2, 1)), share_of_tet(date(2026, 1, 1)), round(share_of_tet(date(2025, 2, 1)), 2)
    (1.0, 0.0, 0.33)
    """
    day = new_years_day(month.year)
    first, last = day - timedelta(days=_DAYS_BEFORE), day + timedelta(days=_DAYS_AFTER)
    begin, end = max(first, month), min(last, months_later(month, 1) - timedelta(days=1))
    return max((end - begin).days + 1, 0) / ((last - first).days + 1)


def seasons(month: date) -> tuple[float, float, float]:
    """Return what of the calendar moves a month: Tết, the month after Tết, the end of the year."""
    return share_of_tet(month), share_of_tet(months_later(month, -1)), float(month.month == 12)


SEASONS = (
    Text("Tết", "Tết"),
    Text("tháng sau Tết", "the month after Tết"),
    Text("cuối năm", "the end of the year"),
)


def of_scheme(events: Sequence[Event], scheme: str) -> list[Event]:
    """Return the events that a scheme feels."""
    return [event for event in events if scheme in event.schemes]
