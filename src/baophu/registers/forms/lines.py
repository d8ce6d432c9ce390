"""The lines of a form, checked: each cell by the registers' contracts, through the same statement as their files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from baophu.core.names import fold
from baophu.registers.checking import FATES, prepare, statement
from baophu.registers.contracts import Contract
from baophu.registers.forms.form import Form, line_contract
from baophu.registers.forms.sheet import Line, Sheet, as_month, section_effect

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

# Where a line's value is told of and marked when its own column is not the sender's.
_CELL_OF = {"pid": "identity", "old_id": "identity", "birth_year": "birth_date", "effect": "plan"}
# Said of a wage that cannot be read as well; the other reason is enough.
_NO_WAGE = "salary|wage_needed"
_PASSPORT = re.compile(r"[A-Za-z]{1,2}\d{6,8}")


@dataclass(slots=True)
class Checked:
    """A line with what it says, what becomes of it, and why."""

    line: Line
    sheet: Sheet
    input: int
    values: dict[str, Any]
    fate: str
    reasons: list[str]
    flags: list[str] = field(default_factory=list)

    @property
    def employer_id(self) -> str:
        """The employer whose form it is."""
        return str(self.values["employer_id"])

    def send_back(self, fate: str, column: str, code: str) -> None:
        """Reject or hold the line."""
        self.fate = fate
        self.reasons.append(f"{column}|{code}")

    def written(self, column: str) -> str | None:
        """Return what the sender wrote for a column."""
        return self.line.cells.get(_CELL_OF.get(column, column))

    def place(self, column: str) -> tuple[int, int]:
        """Return row and column (from 0) of the cell to mark."""
        name = _CELL_OF.get(column, column)
        return self.line.places.get(name) or self.line.places.get("full_name") or (self.line.row - 1, 0)


def check_lines(form: Form, sheets: Sequence[Sheet]) -> tuple[Contract, list[Checked], pa.RecordBatch | None]:
    """Check all lines of some sheets of one form.

    Returns the lines' contract, the lines in their order, and the rows as they will be stored (None without lines);
    `_file` is the sheet's place in `sheets`, `_row` the sender's row.
    """
    import duckdb
    import pyarrow as pa

    contract = line_contract(form)
    taken = [(at, sheet, line) for at, sheet in enumerate(sheets) for line in sheet.lines]
    if not taken:
        return contract, [], None
    names = [column.name for column in contract.columns if column.name != "birth_year"]
    raw = [_raw(form, sheet, line) for _, sheet, line in taken]
    columns: dict[str, Any] = {f"c{at}": [one.get(name, "") for one in raw] for at, name in enumerate(names)}
    table = pa.table(
        {
            **{name: pa.array(values, pa.string()) for name, values in columns.items()},
            "_file": pa.array([at for at, _, _ in taken], pa.int32()),
            "_row": pa.array([line.row for _, _, line in taken], pa.int64()),
            "_width": pa.nulls(len(taken), pa.string()),
            "_order": pa.array(range(len(taken)), pa.int64()),
        }
    )
    with duckdb.connect() as connection:
        prepare(connection, contract)
        connection.register("_lines", table)
        sql = statement(contract, {name: f"c{at}" for at, name in enumerate(names)}, "FROM _lines ORDER BY _order")
        found = connection.sql(sql).to_arrow_table().combine_chunks()
    place = {(at, line.row, line.sheet): order for order, (at, _, line) in enumerate(taken)}
    batch = found.to_batches()[0]
    order = [
        place[at, row, sheets[at].name]
        for at, row in zip(*(batch.column(n).to_pylist() for n in ("_file", "_row")), strict=True)
    ]
    batch = batch.take(pa.array(sorted(range(len(order)), key=lambda one: order[one])))
    checked = []
    for (at, sheet, line), row in zip(taken, batch.to_pylist(), strict=True):
        values = {column.name: row[column.name] for column in contract.columns}
        fate = FATES[row["_fate"]]
        reasons = row["_reasons"] or []
        if any(told.startswith("salary|") and told != _NO_WAGE for told in reasons):
            reasons = [told for told in reasons if told != _NO_WAGE]
        checked.append(Checked(line, sheet, at, values, fate, reasons, row["_flags"] or []))
    return contract, checked, batch


def stored_batch(batch: pa.RecordBatch, checked: Sequence[Checked], fate: str) -> pa.RecordBatch:
    """Return the rows of one fate as they are stored, with what was found since they were checked."""
    import pyarrow as pa

    listed = [at for at, one in enumerate(checked) if one.fate == fate]
    rows = [checked[at] for at in listed]
    batch = batch.take(pa.array(listed, pa.int64()))
    for name, values in (
        ("si_code", [one.values["si_code"] for one in rows]),
        ("_reasons", [one.reasons or None for one in rows]),
        ("_flags", [one.flags or None for one in rows]),
    ):
        at = batch.schema.get_field_index(name)
        batch = batch.set_column(at, name, pa.array(values, batch.schema.field(at).type))
    return batch


def _raw(form: Form, sheet: Sheet, line: Line) -> dict[str, str]:
    """Return a line's cells by the contract's columns, as texts for the contract to judge."""
    cells = {name: " ".join(value.split()) for name, value in line.cells.items()}
    raw = {name: value for name, value in cells.items() if name not in ("identity", "section")}
    raw["sex"] = _mapped(form.values.get("sex", {}), cells.get("sex", ""))
    raw["birth_date"] = re.sub(r"^(\d{1,2})[.\-](\d{1,2})[.\-](\d{4})$", r"\1/\2/\3", cells.get("birth_date", ""))
    name, number = _identity(cells.get("identity", ""))
    raw[name] = number
    if form.kind == "registration":
        return raw
    raw["employer_id"], raw["month"] = sheet.employer_id, f"{sheet.month}"
    raw["effect"] = _effect(form, sheet, line, cells)
    for name in ("salary", "position_allowance", "wage_allowance", "additions"):
        raw[name] = re.sub(r"\s*(đồng|đ|vnd)\.?$", "", cells.get(name, ""), flags=re.IGNORECASE)
    for name in ("start_month", "last_month"):
        month = as_month(cells.get(name, ""))
        raw[name] = f"{month}" if month else cells.get(name, "")
    return raw


def _mapped(values: dict[str, str], word: str) -> str:
    return {fold(key): value for key, value in values.items()}.get(fold(word), word)


def _identity(word: str) -> tuple[str, str]:
    """Return in which column a number of identity belongs; a passport's belongs in none."""
    digits = re.sub(r"[\s.\-']", "", word)
    if _PASSPORT.fullmatch(digits):
        return "passport", digits
    return ("old_id" if digits.isdigit() and len(digits) in (8, 9) else "pid"), word


def _effect(form: Form, sheet: Sheet, line: Line, cells: dict[str, str]) -> str:
    """Return what a line does, from its code and its section, or what is wrong with them."""
    section = line.section or section_effect(form, cells.get("section", ""))
    code = re.sub(r"\(.*\)", "", cells.get("plan", "")).strip().upper()
    if not code:
        return section or "nowhere"
    plan = form.plans.get(code)
    if plan is None:
        return "unknown"
    like = "decrease" if plan.effect == "leave" else plan.effect
    if section and like in ("increase", "decrease", "wage") and section != like:
        return "disagrees"
    return plan.effect


def month_of(checked: Checked, month: date) -> date:
    """Return the month from which a line counts; `month` is the list's own."""
    values, layout = checked.values, checked.sheet.layout
    for name in layout.months.get(values["effect"], ()):
        found: date | None = values.get(name)
        if found is not None:
            return found
    last: date | None = values.get("last_month")
    if last is not None and values["effect"] in ("decrease", "leave"):
        return date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return month


def wage_of(checked: Checked) -> int:
    """Return the base in VND: the wage and its allowances."""
    amounts = [checked.values[name] for name in ("salary", "position_allowance", "wage_allowance", "additions")]
    return sum(int(amount) for amount in amounts if amount is not None)
