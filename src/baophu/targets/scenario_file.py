"""A scenario as a file: what an area would do, from which month on, and what it assumes otherwise than the program.

    title: {vi: …, en: …}
    basis: …                       # the draft or the question it comes from; may be left out
    area: Lạng Sơn                 # name or code in quotes; --area goes before it; the country where neither is given
    indicator: si_total            # whose targets it is held against: si_total, si_compulsory or si_voluntary
    begins: 2026-11                # the first month; the one after the run's where it is left out
    until: 2027-12                 # the last month
    measures:
      - {kind: support, extra_support: {poor: 0.30, near_poor: 0.30, other: 0.20}}
      - {kind: enforcement, findings: [unregistered_employer, uninsured_worker], officers: 12}
      - {kind: lapsed, officers: 3}
    assumptions:
      - {name: answer_visits, low: 0.25, likely: 0.40, high: 0.60, source: the province's own visits of 2025}

A measure takes the people that no measure before it took. All that is wrong is told at once, by file, line and field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from baophu.core.errors import BaophuError, Problem, nearest
from baophu.core.languages import Text
from baophu.core.numbers import read_month
from baophu.core.records import Place, Record, read_places
from baophu.findings.kinds import kinds
from baophu.targets.scenario_assumptions import Assumption, Range, right_name, standing

Kind = Literal["support", "enforcement", "lapsed"]
KINDS: dict[Kind, Text] = {
    "support": Text("Tỉnh hỗ trợ thêm người đóng tự nguyện", "Extra support for voluntary payers"),
    "enforcement": Text("Đợt vận động, kiểm tra đơn vị chưa đăng ký", "Enforcement drive on unregistered employers"),
    "lapsed": Text("Mời người đã dừng đóng quay lại", "Bringing back the lapsed"),
}
Enforced = Literal[
    "unregistered_employer", "uninsured_worker", "deducted_not_paid", "household_owner", "unpaid_manager"
]
Group = Literal["poor", "island_or_special_zone", "near_poor", "ethnic_minority", "other"]
Counted = Literal["si_total", "si_compulsory", "si_voluntary"]
USUAL_SUPPORT = Decimal("0.20")
LAPSED = "lapsed_voluntary"
CANDIDATE = "voluntary_candidate"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Support(_Record):
    """What a place adds to its own support, as shares of 22 % of the rural poverty line; other groups get no more."""

    kind: Literal["support"]
    extra_support: dict[Group, Decimal] = Field(
        default_factory=lambda: dict.fromkeys(get_args(Group), USUAL_SUPPORT), min_length=1
    )
    scheme: Literal["voluntary"] = "voluntary"

    @property
    def of(self) -> tuple[str, ...]:
        """The kinds of findings that it is about."""
        return (CANDIDATE,)


class Enforcement(_Record):
    """Employers and people who must take part and do not; by visits where there are officers, else by letter."""

    kind: Literal["enforcement"]
    findings: tuple[Enforced, ...] = Field(default=("unregistered_employer", "uninsured_worker"), min_length=1)
    officers: int | None = Field(default=None, ge=1)
    scheme: Literal["compulsory"] = "compulsory"

    @property
    def of(self) -> tuple[str, ...]:
        """The kinds of findings that it is about."""
        return self.findings


class Lapsed(_Record):
    """People who stopped paying voluntary insurance; all at once where no officers are given."""

    kind: Literal["lapsed"]
    officers: int | None = Field(default=None, ge=1)
    scheme: Literal["voluntary"] = "voluntary"

    @property
    def of(self) -> tuple[str, ...]:
        """The kinds of findings that it is about."""
        return (LAPSED,)


Measure = Support | Enforcement | Lapsed
_MODELS: dict[str, type[Measure]] = {"support": Support, "enforcement": Enforcement, "lapsed": Lapsed}


class Otherwise(Range):
    """An assumption that a scenario sets itself."""

    name: str
    source: str = ""


class _Head(_Record):
    title: Text
    basis: str = ""
    area: str | None = None
    indicator: Counted = "si_total"
    begins: Any = None
    until: Any = None
    measures: list[Any] = Field(min_length=1)
    assumptions: list[Any] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done; `begins` and `until` are first days of months. `assumptions` are those set otherwise."""

    title: Text
    basis: str
    area: str | None
    indicator: Counted
    begins: date | None
    until: date | None
    measures: tuple[Measure, ...]
    assumptions: Mapping[str, Assumption]


def usual_plan(kind: Kind, officers: int | None = None) -> Plan:
    """Return the plan of one measure as the program has it."""
    raw = {"kind": kind, **({"officers": officers} if officers is not None else {})}
    if kind == "support" and officers is not None:
        raise BaophuError(
            Text("Kịch bản support không dùng --officers.", "The scenario `support` has no officers."),
            Text("Bỏ --officers.", "Leave --officers out."),
        )
    measure = _MODELS[kind].model_validate(raw)
    return Plan(KINDS[kind], "", None, "si_total", None, None, (measure,), {})


def read_plan(path: Path) -> Plan:
    """Read a scenario; BaophuError tells each wrong place by file, line and field, with the nearest right name."""
    raw, lines = read_places(path)
    reader = _Reader(path.name, lines)
    head = reader.record(_Head, raw, ())
    measures, otherwise, begins, until = [], {}, None, None
    if head:
        measures = [reader.measure(number, one) for number, one in enumerate(head.measures)]
        otherwise = {one.name: one for n, raw in enumerate(head.assumptions) if (one := reader.assumption(n, raw))}
        begins, until = (reader.month(name, getattr(head, name)) for name in ("begins", "until"))
        if begins and until and until < begins:
            reader.complain(("until",), Text("trước tháng bắt đầu", "is before `begins`"), f"{until:%Y-%m}")
    if reader.problems or head is None:
        what = Text(f"Tệp kịch bản {path.name} có lỗi.", f"The scenario {path.name} is wrong.")
        raise BaophuError(what, problems=reader.problems)
    taken = tuple(one for one in measures if one)
    return Plan(head.title, head.basis, head.area, head.indicator, begins, until, taken, otherwise)


class _Reader:
    """Reads the parts of one file and collects what is wrong with them."""

    def __init__(self, file: str, lines: Mapping[Place, int]) -> None:
        self.file, self.lines = file, lines
        self.problems: list[Problem] = []

    def complain(
        self, place: Place, reason: Text, value: object = "", choices: Mapping[str, str] | None = None
    ) -> None:
        """Note what is wrong at a place, with the nearest of the right names."""
        found = ", ".join(nearest(str(value), dict(choices or {})))
        if found:
            reason = Text(f"{reason.vi}; gần nhất: {found}", f"{reason.en}; nearest: {found}")
        line = next(self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines)
        field = ".".join(map(str, place)) or "-"
        where = Text(f"{self.file}, dòng {line}, {field}", f"{self.file}, line {line}, {field}")
        self.problems.append(Problem(where, str(value), reason))

    def record(self, model: type[Record], raw: Any, at: Place) -> Record | None:
        """Return a part as its record, or note all that is wrong with it."""
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                self._fault(model, fault, at)
        return None

    def _fault(self, model: type[BaseModel], fault: Any, at: Place) -> None:
        steps = tuple(step for step in fault["loc"] if step != "[key]")
        value = steps[-1] if fault["type"] == "extra_forbidden" or "[key]" in fault["loc"] else fault.get("input")
        shown = "" if isinstance(value, dict | list | tuple) or value is None else value
        if fault["type"] == "extra_forbidden":
            reason, choices = Text("không có trường này", "no such field"), dict.fromkeys(model.model_fields, "")
        elif fault["type"] == "literal_error":
            expected = str(fault["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
            reason = Text(f"phải là một trong: {expected}", f"must be one of: {expected}")
            choices = dict.fromkeys(expected.split(", "), "")
        elif fault["type"] == "missing":
            reason, choices = Text("thiếu", "is missing"), {}
        else:
            reason, choices = Text(f"không đúng: {fault['msg']}", str(fault["msg"])), {}
        self.complain((*at, *steps), reason, shown, choices)

    def measure(self, number: int, raw: Any) -> Measure | None:
        """Return one measure."""
        at: Place = ("measures", number)
        kind = raw.get("kind") if isinstance(raw, dict) else None
        if kind not in _MODELS:
            names = ", ".join(KINDS)
            words = {str(key): text.vi for key, text in KINDS.items()}
            self.complain((*at, "kind"), Text(f"là một trong: {names}", f"is one of: {names}"), kind or "", words)
            return None
        found = self.record(_MODELS[kind], raw, at)
        if isinstance(found, Support):
            for group, share in found.extra_support.items():
                if not 0 <= share <= 1:
                    reason = Text("là phần của 1: 20 % ghi là 0.20", "is a share of 1: 20 % is 0.20")
                    self.complain((*at, "extra_support", group), reason, share)
        return found

    def assumption(self, number: int, raw: Any) -> Assumption | None:
        """Return one assumption that the scenario sets otherwise."""
        at: Place = ("assumptions", number)
        given = self.record(Otherwise, raw, at)
        if given is None:
            return None
        known = {name: one.title.vi for name, one in standing().items()}
        known |= {right_name(kind): one.title.vi for kind, one in kinds().items() if kind in _FOUND}
        if given.name not in known:
            self.complain((*at, "name"), Text("không có giả định này", "no such assumption"), given.name, known)
            return None
        usual = standing().get(given.name)
        kind = kinds().get(given.name.removeprefix("right_"))
        title = usual.title if usual else Text(f"Trường hợp đúng: {kind.title.vi}", f"Right cases: {kind.title.en}")  # type: ignore[union-attr]
        source = Text(given.source or "tệp kịch bản", given.source or "the scenario's file")
        whole = {**given.model_dump(), "unit": usual.unit if usual else "share", "title": title, "source": source}
        return self.record(Assumption, whole, at)

    def month(self, name: str, raw: Any) -> date | None:
        """Return a month, or None where none is given."""
        if raw is None:
            return None
        try:
            return read_month(str(raw))
        except BaophuError:
            self.complain((name,), Text("viết như 2026-11", "write it as 2026-11"), raw)
            return None


_FOUND = (*get_args(Enforced), LAPSED, CANDIDATE)
