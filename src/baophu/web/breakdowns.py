"""An indicator's participants by sex, age band, group and sector, this month and a year before, in words.

Groups that tell of poverty, ethnicity or a benefit are told of few people only with the right to see such data. Where
one group alone is not told, the smallest other one is not either, and shares are of what is told: else the one could be
worked out from the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from baophu.core.languages import Text, same
from baophu.indicators.measuring import formulas
from baophu.registers.contracts import contracts
from baophu.targets import arithmetic
from baophu.web.reading import Reader

DIMENSIONS = {
    "sex": Text("Giới tính", "Sex"),
    "age_band": Text("Nhóm tuổi", "Age"),
    "grp": Text("Nhóm đối tượng", "Group"),
    "sector": Text("Khu vực kinh tế", "Sector"),
}
SENSITIVE = {"poor", "near_poor", "ethnic_minority", "pensioner", "policy"}
# Fewer people than this of such a group could be known one by one.
FEW = 10
# A group or sex or age with its people now and a year before, as the index has it.
Member = tuple[str, int, int]
_UNKNOWN = Text("chưa rõ", "not known")
_OWN = {
    ("sex", "F"): Text("nữ", "women"),
    ("sex", "M"): Text("nam", "men"),
    ("sector", "none"): Text("không qua đơn vị", "not through an employer"),
    ("grp", "none"): Text("không theo nhóm", "without a group"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a dimension. Too few of a sensitive group are not told: `people` is None then.

    `share` is the part of those that are told.
    """

    words: Text
    people: int | None
    share: Fraction | None
    on_year: Fraction | None

    @property
    def width(self) -> int:
        """How long its bar is, of 100."""
        return 0 if self.share is None else round(self.share * 100)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of an indicator's participants by one dimension."""

    dimension: str
    title: Text
    parts: Sequence[Part]


def scheme_of(indicator: str) -> str:
    """Return what an indicator counts the participants of; of a share that is its numerator."""
    return next((str(row["numerator"]) for row in formulas() if row["indicator"] == indicator), "")


def breakdowns(reader: Reader, area: str, indicator: str, *, sensitive: bool) -> list[Breakdown]:
    """Return an indicator of an area by each dimension that parts it at all."""
    found = reader.breakdown(area, scheme_of(indicator))
    made = []
    for dimension, title in DIMENSIONS.items():
        members = found.get(dimension, [])
        if len(members) > 1:
            hidden = set() if sensitive else _hidden(dimension, members)
            total = sum(people for member, people, _ in members if member not in hidden)
            parts = [
                Part(_words(dimension, one[0]), None, None, None) if one[0] in hidden else _part(dimension, *one, total)
                for one in sorted(members, key=_order(dimension))
            ]
            made.append(Breakdown(dimension, title, parts))
    return made


def _order(dimension: str):  # type: ignore[no-untyped-def]
    """Ages stand in their order, all else by size; what is not known comes last."""
    if dimension == "age_band":
        return lambda one: (one[0] == "unknown", int(one[0].rstrip("+").split("-")[0]) if one[0] != "unknown" else 0)
    return lambda one: (one[0] == "unknown", -one[1], one[0])


def _hidden(dimension: str, members: Sequence[Member]) -> set[str]:
    """Return the members that are not told to who may not see sensitive data: never one alone, where there are more."""
    if dimension != "grp":
        return set()
    few = {
        member for member, people, before in members if member in SENSITIVE and 0 < min(people, before or people) < FEW
    }
    others = [(people, member) for member, people, _ in members if member not in few and people]
    if len(few) == 1 and others:
        few.add(min(others)[1])
    return few


def _part(dimension: str, member: str, people: int, before: int, total: int) -> Part:
    share = Fraction(people, total) if total else None
    return Part(
        _words(dimension, member), people, share, arithmetic.relative_change(Fraction(people), Fraction(before))
    )


def _words(dimension: str, member: str) -> Text:
    if member == "unknown":
        return _UNKNOWN
    if (dimension, member) in _OWN:
        return _OWN[dimension, member]
    if dimension == "age_band":
        return Text(f"{member} tuổi", f"{member} years")
    register, column = ("spells", "group_code") if dimension == "grp" else ("employers", "sector")
    values = next(one.values for one in contracts()[register].columns if one.name == column) or {}
    words = values.get(member, same(member))
    # The register's words say of which insurance a group is; here the indicator does.
    return Text(words.vi.removeprefix("BHYT: "), words.en.removeprefix("health: "))
