"""The rules of a worker-month as data: what each figure is, in which months, for which groups, by which article.

One name may have several rules, one for each time and set of groups; two that could hold for the same month and group
are an error. Within a rule the cases are tried in their order, and the first whose condition holds gives the value. A
reform adds a rule with a later `from`, and closes the older one with `to`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from baophu.core.errors import BaophuError, Problem, unknown
from baophu.core.languages import Text, same
from baophu.core.numbers import short_date
from baophu.core.records import check, read_yaml

FOLDER = Path(__file__).parent / "rules"
INPUTS_FILE = "_inputs.yaml"

# As registers write them; `foreign` is article 2(2).
GROUPS = ("a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "foreign")

Kind = Literal["month", "group", "choice", "money", "count", "yes_no"]
Unit = Literal["vnd", "yes_no"]
Bound = Literal["floor", "wage", "ceiling"]


class Input(BaseModel):
    """One thing that a worker-month is told by; without a default it must be told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: Text
    type: Kind
    source: Literal["declarations", "employers", "spells"] | None = Field(
        default=None, alias="from", description="the register that holds it; empty: known of single cases only"
    )
    default: int | bool | str | None = None
    values: tuple[str, ...] = Field(default=(), description="of a choice: its closed list")


class Case(BaseModel):
    """A value that counts where its condition holds and none before it did."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: str = Field(description="the condition, SQL")
    says: Text = Field(description="the condition in words; told where it does not hold")
    value: str
    counted: Bound | None = None
    article: str | None = None


class Rule(BaseModel):
    """How one figure comes about, in one stretch of time, for some groups. Expressions are SQL both engines know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: Text
    unit: Unit
    valid_from: date = Field(alias="from")
    valid_to: date | None = Field(default=None, alias="to", description="the first day on which it holds no more")
    groups: tuple[str, ...] = Field(default=GROUPS, description="empty: all groups")
    article: str
    cases: tuple[Case, ...] = Field(default=(), description="tried in order; the first that holds counts")
    value: str = Field(description="the value where no case holds; names are inputs, parameters and other rules")
    counted: Bound | None = Field(default=None, description="which of the amounts compared the value is")
    rounding: Literal["half_up"] | None = Field(default=None, description="to the dong, halves up; for shares")
    rounding_basis: Text | None = None
    note: Text | None = None

    def holds(self, month: date, group: str) -> bool:
        """Whether this is the rule of its name for a month (any day of it) and a group."""
        return group in self.groups and self.valid_from <= month and (self.valid_to is None or month < self.valid_to)

    def outside(self, month: date, group: str) -> Text:
        """Say why it does not hold for a month and a group."""
        if group not in self.groups:
            return Text(f"thuộc nhóm {', '.join(self.groups)}", f"in group {', '.join(self.groups)}")
        if month < self.valid_from:
            first = self.valid_from
            return Text(f"từ {short_date(first, 'vi')}", f"from {short_date(first, 'en')}")
        return Text(f"trước {short_date(self.valid_to, 'vi')}", f"before {short_date(self.valid_to, 'en')}")

    def texts(self) -> list[str]:
        """Return all its expressions: the conditions and values of the cases, then its own value."""
        return [*(text for case in self.cases for text in (case.when, case.value)), self.value]

    def body(self) -> tuple[Any, ...]:
        """Return what computes; rules with equal bodies differ in their articles only."""
        return tuple((case.when, case.value, case.counted) for case in self.cases), self.value, self.counted


class Topic(BaseModel):
    """One file of rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    rounding_basis: Text | None = None
    rules: tuple[dict[str, Any], ...]


class Rules:
    """All rules by name, in the order of the files."""

    def __init__(self, rules: Iterable[Rule], inputs: Iterable[Input], topics: Iterable[tuple[Text, str]] = ()) -> None:
        self.inputs = {one.name: one for one in inputs}
        self.topics = tuple(topics)  # title, and name of a rule: in the order of the files
        self._rules: dict[str, tuple[Rule, ...]] = {}
        for rule in rules:
            self._rules[rule.name] = (*self._rules.get(rule.name, ()), rule)
        problems = [*self._names(), *self._overlaps()]
        if problems:
            raise BaophuError(
                Text("Các quy tắc của luật có lỗi.", "The rules of the law are wrong."), problems=problems
            )

    def names(self) -> tuple[str, ...]:
        """Return the names of all figures."""
        return tuple(self._rules)

    def named(self, name: str) -> tuple[Rule, ...]:
        """Return the rules of a name; UnknownName proposes what was probably meant."""
        if name not in self._rules:
            raise unknown(Text("quy tắc", "rule"), name, {key: of[0].title.vi for key, of in self._rules.items()})
        return self._rules[name]

    def rule(self, name: str, month: date, group: str) -> Rule:
        """Return the one rule of a name that holds for a month and a group; BaophuError where there is none."""
        for rule in self.named(name):
            if rule.holds(month, group):
                return rule
        raise BaophuError(
            Text(
                f"Không có quy tắc {name} cho nhóm {group} tháng {month:%m/%Y}.",
                f"There is no rule {name} for group {group} in {month:%Y-%m}.",
            ),
            Text("Thêm quy tắc vào law/rules.", "Add the rule to law/rules."),
        )

    def _names(self) -> Iterable[Problem]:
        for name, rules in self._rules.items():
            if name in self.inputs:
                yield Problem(same(name), "", Text("trùng tên với dữ liệu vào", "is also the name of an input"))
            for rule in rules:
                for group in set(rule.groups) - set(GROUPS):
                    yield Problem(same(name), group, Text("không phải nhóm nào", "is no group"))

    def _overlaps(self) -> Iterable[Problem]:
        for name, rules in self._rules.items():
            for one, other in itertools.combinations(rules, 2):
                groups = [group for group in GROUPS if group in one.groups and group in other.groups]
                first = max(one.valid_from, other.valid_from)
                ends = [rule.valid_to for rule in (one, other) if rule.valid_to]
                if groups and all(first < end for end in ends):
                    reason = Text(
                        f"hai quy tắc cùng áp dụng từ {short_date(first, 'vi')}",
                        f"two rules hold at once from {short_date(first, 'en')}",
                    )
                    yield Problem(same(name), ", ".join(groups), reason)


def read_rules(folder: Path) -> Rules:
    """Read the rules of a folder; BaophuError names file, rule and field, and rules that could both hold."""
    inputs = [check(Input, raw, f"{INPUTS_FILE}, {place}") for place, raw in enumerate(read_yaml(folder / INPUTS_FILE))]
    rules: list[Rule] = []
    topics: list[tuple[Text, str]] = []
    for path in sorted(folder.glob("[!_]*.yaml")):
        topic = check(Topic, read_yaml(path), path.name)
        for raw in topic.rules:
            rule = check(Rule, raw, f"{path.name}, {raw.get('name', '-')}")
            if rule.rounding and not rule.rounding_basis:
                rule = rule.model_copy(update={"rounding_basis": topic.rounding_basis})
            rules.append(rule)
            if (topic.title, rule.name) not in topics:
                topics.append((topic.title, rule.name))
    return Rules(rules, inputs, topics)


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the rules of the law, built and checked once."""
    return read_rules(FOLDER)
