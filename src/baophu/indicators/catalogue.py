"""The catalogue: what each indicator measures, of what it is a share, and the document that defines it.

One YAML file a record under `catalogue/`; the handbook's page of indicators is made from the same files.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text, same
from baophu.core.records import read_records

FOLDER = Path(__file__).parent / "catalogue"

Scope = Literal["all", "without_armed_forces"]
Unit = Literal["person", "share", "vnd", "usd"]
Direction = Literal["at_least", "at_most"]
Breakdown = Literal["area", "scheme", "sex", "age_band", "group", "sector", "office", "channel"]
Group = Literal["participants", "coverage", "benefits", "service", "revenue"]

SCOPES: dict[Scope, Text] = {
    "all": Text("kể cả lực lượng vũ trang", "with the armed forces"),
    "without_armed_forces": Text("không gồm lực lượng vũ trang", "without the armed forces"),
}

UNITS: dict[Unit, Text] = {
    "person": Text("người", "people"),
    "share": Text("%", "%"),
    "vnd": Text("đồng", "VND"),
    "usd": Text("đô la Mỹ", "USD"),
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
    denominator: Text | None = Field(default=None, description="only for shares")
    numerator_indicator: str | None = Field(default=None, description="the indicator that counts the numerator")
    denominator_measure: str | None = Field(
        default=None, description="the measure of `area_statistics` that is the denominator"
    )
    parts: tuple[str, ...] = Field(default=(), description="indicators that add up to this one")
    unit: Unit
    direction: Direction
    scopes: tuple[Scope, ...] = Field(description="only `all` where the armed forces cannot be among those counted")
    breakdowns: tuple[Breakdown, ...]
    obtained: Literal["counted", "reported"]
    registers: tuple[str, ...] = Field(default=(), description="the registers it is counted from")
    documents: tuple[Document, ...]
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Indicator:
        if (self.unit == "share") != (self.denominator is not None):
            raise ValueError("a share has a denominator, and nothing else has one")
        if self.obtained == "counted" and not self.registers:
            raise ValueError("a counted indicator names the registers it is counted from")
        if max(len(self.short.vi), len(self.short.en)) > 40:
            raise ValueError("`short` is at most 40 letters")
        return self

    def scope(self, asked: Scope) -> Scope:
        """Return the scope a value has: where no armed forces can be among those counted, both are one."""
        return asked if "without_armed_forces" in self.scopes else "all"


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Indicator]:
    """Return all indicators by id, in their order; BaophuError where a record is wrong or names a missing one."""
    records = sorted(read_records(Indicator, sorted(FOLDER.glob("*.yaml"))), key=lambda record: record.order)
    found = {record.id: record for record in records}
    orders = {record.order for record in records}
    if len(found) != len(records) or len(orders) != len(records):
        raise BaophuError(same("The catalogue has two records of one id or one order."))
    for record in records:
        for named in (*record.parts, *([record.numerator_indicator] if record.numerator_indicator else [])):
            if named not in found:
                raise BaophuError(same(f"The catalogue's record {record.id} names {named}, which is not in it."))
    return found


def indicator(word: str) -> Indicator:
    """Return one indicator by its id; UnknownName proposes what was probably meant, by id or by name."""
    found = catalogue()
    if word in found:
        return found[word]
    names = {key: record.name.vi for key, record in found.items()}
    raise unknown(Text("chỉ tiêu", "indicator"), word, names)
