"""The catalogue: what each indicator measures, of what it is a share, and the document that defines it.

One YAML file a record under `catalogue/`; the handbook's page of indicators is made from the same files.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.core.errors import BaophuError, Problem, nearest, unknown
from baophu.core.languages import Text, same
from baophu.core.records import read_records
from baophu.indicators.statistics import Measure

FOLDER = Path(__file__).parent / "catalogue"

Scope = Literal["all", "without_armed_forces"]
Unit = Literal["person", "employer", "share", "vnd", "usd"]
Direction = Literal["at_least", "at_most"]
Breakdown = Literal["area", "scheme", "sex", "age_band", "group", "sector", "office", "channel"]
Obtained = Literal["counted", "reported"]
Group = Literal["participants", "coverage", "benefits", "service", "revenue"]

SCOPES: dict[Scope, Text] = {
    "all": Text("kể cả lực lượng vũ trang", "with the armed forces"),
    "without_armed_forces": Text("không gồm lực lượng vũ trang", "without the armed forces"),
}


def other_scope(scope: Scope) -> Scope:
    """Return the other of the two scopes."""
    return "all" if scope == "without_armed_forces" else "without_armed_forces"


UNITS: dict[Unit, Text] = {
    "person": Text("người", "people"),
    "employer": Text("đơn vị", "employers"),
    "share": Text("%", "%"),
    "vnd": Text("đồng", "VND"),
    "usd": Text("đô la Mỹ", "USD"),
}

DIRECTIONS: dict[Direction, Text] = {
    "at_least": Text("càng cao càng tốt", "the higher the better"),
    "at_most": Text("càng thấp càng tốt", "the lower the better"),
}

BREAKDOWNS: dict[Breakdown, Text] = {
    "area": Text("đơn vị hành chính", "area"),
    "scheme": Text("loại hình", "scheme"),
    "sex": Text("giới tính", "sex"),
    "age_band": Text("nhóm tuổi", "age band"),
    "group": Text("nhóm đối tượng", "group"),
    "sector": Text("khu vực kinh tế", "sector"),
    "office": Text("cơ quan BHXH", "office"),
    "channel": Text("hình thức nộp hồ sơ", "channel"),
}

OBTAINED: dict[Obtained, Text] = {
    "counted": Text("đếm từ dữ liệu", "counted from registers"),
    "reported": Text("đơn vị báo cáo", "reported by units"),
}

GROUPS: dict[Group, Text] = {
    "participants": Text("Người tham gia", "Participants"),
    "coverage": Text("Độ bao phủ", "Coverage"),
    "benefits": Text("Người thụ hưởng và chi trả", "Beneficiaries and payment"),
    "service": Text("Phục vụ", "Service"),
    "revenue": Text("Thu, chậm đóng", "Revenue, late payment"),
}


class Document(BaseModel):
    """A document that defines an indicator, and where in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(description="number and issuer, as cited in Viet Nam")
    place: str = Field(default="", description="article, point or page")
    source: str = Field(description="where it was read")


class Indicator(BaseModel):
    """One measure. Values of shares are fractions of 1; money is whole VND."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    order: int = Field(description="place in lists; unique")
    group: Group
    name: Text
    short: Text = Field(description="for cards and column heads: at most 40 letters")
    definition: Text
    numerator: Text
    denominator: Text | None = Field(default=None, description="only for shares, and for means of money")
    numerator_indicator: str | None = Field(default=None, description="the indicator that counts the numerator")
    denominator_measure: Measure | None = Field(
        default=None, description="the measure of `area_statistics` that is the denominator"
    )
    parts: tuple[str, ...] = Field(default=(), description="indicators that add up to this one")
    unit: Unit
    direction: Direction
    scopes: tuple[Scope, ...] = Field(description="only `all` where the armed forces cannot be among those counted")
    breakdowns: tuple[Breakdown, ...]
    obtained: Obtained
    registers: tuple[str, ...] = Field(default=(), description="the registers it is counted from")
    documents: tuple[Document, ...]
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Indicator:
        if (self.unit == "share") != (self.denominator is not None) and not self.is_mean:
            raise ValueError("a share has a denominator, and nothing else has one but a mean of money")
        if self.obtained == "counted" and not self.registers:
            raise ValueError("a counted indicator names the registers it is counted from")
        if not self.documents:
            raise ValueError("an indicator names the document that defines it")
        if max(len(self.short.vi), len(self.short.en)) > 40:
            raise ValueError("`short` is at most 40 letters")
        for field in ("name", "short", "definition", "numerator", "denominator", "note"):
            words: Text | None = getattr(self, field)
            if words is not None and not (words.vi.strip() and words.en.strip()):
                raise ValueError(f"`{field}` is empty in one language")
        return self

    @property
    def is_mean(self) -> bool:
        """Whether a value is money for each of those counted: means of areas do not add up."""
        return self.unit == "vnd" and self.denominator is not None

    def scope(self, asked: Scope) -> Scope:
        """Return the scope a value has: where no armed forces can be among those counted, both are one."""
        return asked if "without_armed_forces" in self.scopes else "all"


def read_catalogue(folder: Path) -> dict[str, Indicator]:
    """Read a folder of records by id, in their order.

    BaophuError where a record is wrong by itself, is not named as its file, shares its place with another, or names
    an indicator that is not there: with the file, the field and what was probably meant.
    """
    paths = sorted(folder.glob("*.yaml"))
    records = read_records(Indicator, paths)
    found = {record.id: record for record in sorted(records, key=lambda record: record.order)}
    names = {record.id: record.name.vi for record in records}
    problems = []
    taken: dict[int, str] = {}
    for path, record in zip(paths, records, strict=True):
        if record.id != path.stem:
            problems.append(_problem(path, "id", record.id, f"the file's name says {path.stem}"))
        if record.order in taken:
            problems.append(_problem(path, "order", str(record.order), f"is the order of {taken[record.order]} too"))
        taken[record.order] = record.id
        named = [("parts", part) for part in record.parts]
        if record.numerator_indicator:
            named.append(("numerator_indicator", record.numerator_indicator))
        for field, name in named:
            if name not in found:
                reason = f"no such indicator; nearest: {', '.join(nearest(name, names)) or '-'}"
                problems.append(_problem(path, field, name, reason))
    if problems:
        raise BaophuError(
            Text("Danh mục chỉ tiêu có bản ghi sai.", "The catalogue has a wrong record."), problems=problems
        )
    return found


def _problem(path: Path, field: str, value: str, reason: str) -> Problem:
    return Problem(same(f"{path.name}, {field}"), value, same(reason))


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Indicator]:
    """Return all indicators by id, in their order; BaophuError where a record is wrong or names a missing one."""
    return read_catalogue(FOLDER)


def indicator(word: str) -> Indicator:
    """Return one indicator by its id; UnknownName proposes what was probably meant, by id or by name."""
    found = catalogue()
    if word in found:
        return found[word]
    names = {key: record.name.vi for key, record in found.items()}
    raise unknown(Text("chỉ tiêu", "indicator"), word, names)
