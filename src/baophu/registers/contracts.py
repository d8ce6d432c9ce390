"""The contract of each register's extract: its columns, keys and checks, one YAML file a table under `contracts/`.

The same records check what comes in, make the templates that offices fill in, and the reference page of the docs.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text, same
from baophu.core.records import read_records

FOLDER = Path(__file__).parent / "contracts"

# text: as written, NFC. code: text in which leading zeros matter. name: a person's or firm's name, which may come in
# a legacy encoding. date: a day. month: the first day of a month. money: whole VND, 64-bit. integer: 64-bit.
# boolean: true or false. period: a year or a quarter, `2026` or `2026-Q3`. number: exact, six decimals at most.
Type = Literal["text", "code", "name", "date", "month", "money", "integer", "boolean", "period", "number"]

TYPES: dict[Type, Text] = {
    "text": Text("chữ", "text"),
    "code": Text("mã (chữ, giữ số 0 ở đầu)", "code (text, leading zeros matter)"),
    "name": Text("tên", "name"),
    "date": Text("ngày", "day"),
    "month": Text("tháng (ngày đầu tháng)", "month (its first day)"),
    "money": Text("số tiền (đồng, số nguyên)", "money (whole VND)"),
    "integer": Text("số nguyên", "whole number"),
    "boolean": Text("true hoặc false", "true or false"),
    "period": Text("kỳ: năm hoặc quý (2026, 2026-Q3)", "period: a year or a quarter (2026, 2026-Q3)"),
    "number": Text("số (nhiều nhất 6 chữ số thập phân)", "number (at most six decimals)"),
}

# reject: the row goes back to its sender. hold: it is kept aside for a person to decide. warn: it goes on, and is told.
Level = Literal["reject", "hold", "warn"]

LEVELS: dict[Level, Text] = {
    "reject": Text("trả lại", "rejected"),
    "hold": Text("giữ lại để xem xét", "held for a decision"),
    "warn": Text("cảnh báo", "warned of"),
}

Replaces = Literal["month", "whole", "adds"]

REPLACES: dict[Replaces, Text] = {
    "month": Text("thay các tháng có trong tệp", "replaces the months that it holds"),
    "whole": Text("thay toàn bộ bảng", "replaces the whole table"),
    "adds": Text("thêm vào, không thay gì", "adds to what is there and replaces nothing"),
}

# pid, old_id, si_code, tax_code: the numbers that `registers.keys` knows how to check.
Number = Literal["pid", "old_id", "si_code", "tax_code"]


class Column(BaseModel):
    """One column of an extract."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    type: Type
    column_required: bool = Field(default=True, description="whether a file without this column is refused")
    value_required: bool = Field(default=True, description="whether an empty cell rejects its row")
    values: dict[str, Text] = Field(default_factory=dict, description="the closed list of values; empty: any")
    digits: tuple[int, ...] = Field(default=(), description="the numbers of digits a code may have; empty: any")
    number: Number | None = Field(default=None, description="which number of identity it is")
    area: Literal["commune", "province_or_commune", "any"] | None = Field(
        default=None, description="which level of area the code names; mapped to the present unit at load"
    )
    least: int | None = None
    most: int | None = None
    default: str | None = Field(default=None, description="what an empty cell or a missing column means")
    personal: bool = Field(default=False, description="identifies a person: masked unless revealed")
    personal_digits: tuple[int, ...] = Field(
        default=(), description="the lengths at which a code that is not personal is a person's number, and masked"
    )
    sensitive: bool = Field(default=False, description="needs a right of its own (ethnicity, poverty, benefits)")
    references: str | None = Field(default=None, description="`table.column` that should hold the value")
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Column:
        if self.digits and self.type != "code":
            raise ValueError("only a code has digits")
        if (self.least is not None or self.most is not None) and self.type not in ("money", "integer", "number"):
            raise ValueError("only numbers have bounds")
        if self.area and self.type != "code":
            raise ValueError("an area is named by a code")
        if not set(self.personal_digits) <= set(self.digits):
            raise ValueError("personal_digits are among the digits")
        if self.default is not None and self.values and self.default not in self.values:
            raise ValueError("the default is none of the values")
        if self.default is not None and self.value_required:
            raise ValueError("a value that is required has no default")
        return self

    def limits(self) -> Text | None:
        """Say which values fit, beyond the type: digits, bounds, what an empty cell means; None where any does.

        >>> Column(name="unpaid_days", title=same("-"), type="integer", least=0, most=31).limits().en
        'from 0 to 31'
        """
        said = []
        if self.digits:
            numbers = [str(number) for number in self.digits]
            some = Text(" hoặc ".join(numbers), " or ".join(numbers))
            said.append(Text(f"{some.vi} chữ số", f"{some.en} digits"))
        if self.least is not None and self.most is not None:
            said.append(Text(f"từ {self.least} đến {self.most}", f"from {self.least} to {self.most}"))
        elif self.least is not None:
            said.append(Text(f"từ {self.least} trở lên", f"{self.least} or more"))
        elif self.most is not None:
            said.append(Text(f"nhiều nhất {self.most}", f"at most {self.most}"))
        if self.default is not None:
            said.append(Text(f"bỏ trống là {self.default}", f"empty means {self.default}"))
        return Text("; ".join(part.vi for part in said), "; ".join(part.en for part in said)) if said else None

    def needed(self) -> Text:
        """Say whether a file must have the column, and a row its value."""
        if not self.column_required:
            return Text("cột không bắt buộc", "the column may be absent")
        return Text("bắt buộc", "required") if self.value_required else Text("có thể để trống", "may be empty")


class RowCheck(BaseModel):
    """A rule that each row must meet: portable SQL over the row's clean columns, true where it holds or is unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    columns: tuple[str, ...] = Field(min_length=1, description="the columns it is about; the first is where it is told")
    holds: str = Field(description="an SQL condition; NULL counts as holding")
    level: Level = "reject"
    reason: Text


class Contract(BaseModel):
    """The contract of one table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    order: int = Field(description="place in lists, and the order in which tables are loaded; unique")
    title: Text
    owner: Text = Field(description="whose register it is")
    key: tuple[str, ...] = Field(default=(), description="columns that no two rows of one load share; empty: none")
    replaces: Replaces = Field(
        description="what a newer load puts in the place of: the months in it, the whole table, or nothing"
    )
    month_column: str | None = Field(default=None, description="the column that tells the month, where loads have one")
    optional: bool = Field(default=False, description="whether what needs it is simply not computed without it")
    columns: tuple[Column, ...] = Field(min_length=1)
    checks: tuple[RowCheck, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Contract:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError("two columns of one name")
        named = {*self.key, *([self.month_column] if self.month_column else [])}
        named |= {column for check in self.checks for column in check.columns}
        if not named <= set(names):
            raise ValueError(f"names columns that it does not have: {', '.join(sorted(named - set(names)))}")
        empty = [name for name in self.key if not self.column(name).value_required]
        if empty:
            raise ValueError(f"a key is never empty: {', '.join(empty)}")
        if len({check.id for check in self.checks}) != len(self.checks):
            raise ValueError("two checks of one name")
        if self.replaces == "month" and self.month_column is None:
            raise ValueError("a table that is replaced by month names its month column")
        return self

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


@lru_cache(maxsize=1)
def contracts() -> dict[str, Contract]:
    """Return the contracts by table, in their order; BaophuError where a record is wrong or names a missing one."""
    records = sorted(read_records(Contract, sorted(FOLDER.glob("*.yaml"))), key=lambda record: record.order)
    found = {record.table: record for record in records}
    if len(found) != len(records) or len({record.order for record in records}) != len(records):
        raise BaophuError(same("Two contracts have one table or one order."))
    for record in records:
        for column in record.columns:
            table, _, name = (column.references or "").partition(".")
            if column.references and (table not in found or name not in {c.name for c in found[table].columns}):
                raise BaophuError(
                    same(f"{record.table}.{column.name} refers to {column.references}, which is not there.")
                )
    return found


def contract(word: str) -> Contract:
    """Return the contract of a table; UnknownName proposes what was probably meant, by name or title."""
    found = contracts()
    if word in found:
        return found[word]
    raise unknown(Text("bảng", "table"), word, {key: record.title.vi for key, record in found.items()})
