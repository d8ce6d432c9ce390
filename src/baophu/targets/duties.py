"""The duties to report, and which of them come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.core.languages import Text
from baophu.core.records import check, read_yaml
from baophu.core.workdays import last_workday, workdays_until

FILE = Path(__file__).parent / "duties.yaml"


class Duty(BaseModel):
    """A report that is owed: by whom, to whom, on which day of each year or on which one day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: Text
    by: Text
    to: Text
    each_year: str | None = Field(default=None, pattern=r"^\d\d-\d\d$")
    once: date | None = None
    document: str = Field(description="number of the document that orders it; empty where it was not seen")
    source: str

    @model_validator(mode="after")
    def _one(self) -> Duty:
        if (self.each_year is None) == (self.once is None):
            raise ValueError("exactly one of each_year, once")
        return self

    def next_due(self, day: date) -> date | None:
        """Return the next day it falls due, on or after `day`; None where it is past for good."""
        if self.once is not None:
            return self.once if self.once >= day else None
        this_year = date.fromisoformat(f"{day.year}-{self.each_year}")
        return this_year if this_year >= day else date.fromisoformat(f"{day.year + 1}-{self.each_year}")


class Duties(BaseModel):
    """The file of duties."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A duty's next date: the working days left, and the last working day where it falls on a day of rest."""

    duty: Duty
    due: date
    ready_by: date
    workdays: int


@lru_cache(maxsize=1)
def duties() -> tuple[Duty, ...]:
    """Return all duties."""
    return check(Duties, read_yaml(FILE), FILE.name).duties


def deadlines(day: date) -> list[Deadline]:
    """Return what falls due on or after a day, the nearest first."""
    found = []
    for duty in duties():
        due = duty.next_due(day)
        if due is not None:
            ready_by = max(last_workday(due), day)
            found.append(Deadline(duty, due, ready_by, workdays_until(day, ready_by)))
    return sorted(found, key=lambda deadline: (deadline.due, deadline.duty.id))
