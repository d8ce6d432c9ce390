"""The decisions that assign targets, and the targets they assign.

One YAML file a decision under `decisions/`. What an office imports (`baophu targets import`) goes to the desk and
comes back from its frozen snapshot in the same form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text, same
from baophu.core.names import fold
from baophu.core.records import read_records
from baophu.indicators.catalogue import Scope, catalogue

FOLDER = Path(__file__).parent / "decisions"
COUNTRY = "00"

Direction = Literal["at_least", "at_most", "range", "above_last_year"]
Bound = Literal["", "over", "about"]

DIRECTIONS: dict[Direction, Text] = {
    "at_least": Text("ít nhất", "at least"),
    "at_most": Text("không quá", "at most"),
    "range": Text("trong khoảng", "within"),
    "above_last_year": Text("cao hơn năm trước", "above the year before"),
}
BOUNDS: dict[Bound, Text] = {"": Text("", ""), "over": Text("trên", "over"), "about": Text("khoảng", "about")}


class Issued(BaseModel):
    """When a decision was issued; `after` or `before` where the day itself could not be found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date | None = None
    after: date | None = None
    before: date | None = None

    @model_validator(mode="after")
    def _one(self) -> Issued:
        if sum(day is not None for day in (self.on, self.after, self.before)) != 1:
            raise ValueError("exactly one of on, after, before")
        return self

    @property
    def key(self) -> date:
        """The day by which decisions are put in order."""
        day = self.on or self.after or self.before
        assert day is not None  # noqa: S101 (checked by _one)
        return day


class Phase(BaseModel):
    """A dated milestone on the way to a target; `share` is the part of the required increase that is due by then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    date: date
    share: Decimal | None = Field(default=None, description="fraction of 1; empty where it was not published")
    decimals: int = Field(default=2, description="decimals of `share` as published, which tell its rounding")
    name: Text


class Assigned(BaseModel):
    """One target as a decision's file states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicator: str
    area_code: str = COUNTRY
    scope: Scope = "all"
    period_end: date
    base_date: date = Field(description="where the target's period began")
    value: Decimal | None = Field(default=None, description="in the indicator's unit; shares are fractions of 1")
    high: Decimal | None = Field(default=None, description="upper end of a range")
    direction: Direction
    bound: Bound = ""
    phase: str | None = None
    yearly: bool = Field(default=False, description="holds again for each later year")
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Assigned:
        if (self.value is None) != (self.direction == "above_last_year"):
            raise ValueError("a target has a value unless it is 'above_last_year'")
        if (self.high is None) != (self.direction != "range"):
            raise ValueError("a range has both ends, and nothing else has `high`")
        if self.base_date >= self.period_end:
            raise ValueError("`base_date` comes before `period_end`")
        return self


class Decision(BaseModel):
    """A document that assigns targets."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    number: str = Field(description="as cited in Viet Nam")
    title: Text
    issuer: Text
    issued: Issued
    rank: Literal["decided", "reported"] = Field(
        default="decided", description="`reported`: only the press says so; never governs over what was decided"
    )
    sources: tuple[str, ...] = Field(min_length=1)
    note: Text | None = None
    phases: tuple[Phase, ...] = ()
    targets: tuple[Assigned, ...] = ()

    @property
    def order(self) -> tuple[bool, date]:
        """The order of decisions: the later governs, and what was decided governs over what is only reported."""
        return (self.rank == "decided", self.issued.key)

    def phase(self, name: str) -> Phase:
        """Return one of the decision's phases."""
        return next(phase for phase in self.phases if phase.id == name)


@dataclass(frozen=True, slots=True)
class Target:
    """A value assigned to an area for an indicator and a date, by a decision."""

    target_id: str
    decision: Decision
    indicator: str
    area_code: str
    scope: Scope
    period_end: date
    base_date: date
    value: Decimal | None
    high: Decimal | None
    direction: Direction
    bound: Bound
    phase: Phase | None
    yearly: bool
    note: Text | None
    source: str

    @property
    def subject(self) -> tuple[str, str, str, date]:
        """What the target is about; two decisions may speak on one subject, and then the later governs."""
        return (self.indicator, self.area_code, self.scope, self.period_end)


def target_id(decision_id: str, indicator: str, area_code: str, scope: Scope, period_end: date) -> str:
    """Name a target by what it is about; the scope stands only where it is not `all`."""
    parts = [decision_id, indicator, area_code, period_end.isoformat(), *([scope] if scope != "all" else [])]
    return ":".join(parts)


def target_of(decision: Decision, assigned: Assigned, source: str | None = None) -> Target:
    """Make the target of one line of a decision; BaophuError where it names what is not there."""
    where = f"{decision.id}: {assigned.indicator}"
    if assigned.indicator not in catalogue():
        raise BaophuError(same(f"{where} is not in the catalogue"))
    if assigned.scope not in catalogue()[assigned.indicator].scopes:
        raise BaophuError(same(f"{where} has no scope {assigned.scope}"))
    phases = {phase.id: phase for phase in decision.phases}
    if assigned.phase is not None and assigned.phase not in phases:
        raise BaophuError(same(f"{where} names the phase {assigned.phase}, which the decision does not have"))
    return Target(
        target_id=target_id(decision.id, assigned.indicator, assigned.area_code, assigned.scope, assigned.period_end),
        decision=decision,
        indicator=assigned.indicator,
        area_code=assigned.area_code,
        scope=assigned.scope,
        period_end=assigned.period_end,
        base_date=assigned.base_date,
        value=assigned.value,
        high=assigned.high,
        direction=assigned.direction,
        bound=assigned.bound,
        phase=phases[assigned.phase] if assigned.phase else None,
        yearly=assigned.yearly,
        note=assigned.note,
        source=source or decision.sources[0],
    )


@lru_cache(maxsize=1)
def decisions() -> dict[str, Decision]:
    """Return the decisions that come with the program, by id, the earliest first."""
    records = read_records(Decision, sorted(FOLDER.glob("*.yaml")))
    return {record.id: record for record in sorted(records, key=lambda record: record.issued.key)}


def decision(word: str, known: dict[str, Decision] | None = None) -> Decision:
    """Return a decision by its id or number ('403/NQ-CP'); UnknownName proposes what was probably meant."""
    found = decisions() if known is None else known
    wanted = fold(word)
    for record in found.values():
        if wanted in (record.id, fold(record.number)):
            return record
    raise unknown(Text("quyết định", "decision"), word, {key: record.number for key, record in found.items()})


def decided_targets() -> list[Target]:
    """Return the targets of the decisions that come with the program."""
    return [target_of(record, assigned) for record in decisions().values() for assigned in record.targets]


def merged(programme: Iterable[Target], imported: Iterable[Target]) -> list[Target]:
    """Put imported targets over those of the program: of one decision and subject, the imported one stands."""
    found = {target.target_id: target for target in programme}
    found.update({target.target_id: target for target in imported})
    return list(found.values())


def governing(targets: Iterable[Target]) -> dict[tuple[str, str, str, date], Target]:
    """Return for each subject the target that governs: the one of the later decision."""
    found: dict[tuple[str, str, str, date], Target] = {}
    for target in targets:
        rival = found.get(target.subject)
        if rival is None or target.decision.order > rival.decision.order:
            found[target.subject] = target
    return found
