"""Small employers for the tests of dues: their months, payments and letters, as plain rows and as tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from baophu.dues.settling import settle
from baophu.engine.steps import Engine
from baophu.law.parameters import Book


@dataclass
class Employer:
    """dues: (month, participants, si, hi, ui); payments: (paid_on, id, amount); notices: (month, sent_on)."""

    id: str
    dues: list[tuple[date, int, int, int, int]]
    payments: list[tuple[date, str, int]] = field(default_factory=list)
    notices: list[tuple[date, date]] = field(default_factory=list)
    pay_method: str = "monthly"
    area: str = "00004"


DUES = ("month", "participants", "due_si", "due_hi", "due_ui")
DAY, MONEY = pa.date32(), pa.int64()


def tables(employers: list[Employer], folder: Path, as_of: date) -> dict[str, Any]:
    """Write the sums as the law gives them, and return all that `settle` takes in."""
    sums = [(one.id, *due) for one in employers for due in one.dues if due[0] <= as_of]
    types = [pa.string(), DAY, MONEY, MONEY, MONEY, MONEY]
    path = folder / "sums.parquet"
    parquet.write_table(table(sums, ("employer_id", *DUES), types), path)
    paid = [(one.id, day, amount) for one in employers for day, _, amount in one.payments]
    sent = [(one.id, month, day) for one in employers for month, day in one.notices]
    told = [(one.id, one.pay_method, one.area) for one in employers]
    return {
        "sums": [path],
        "employers": table(told, ("employer_id", "pay_method", "commune_code"), [pa.string()] * 3),
        "payments": table(paid, ("employer_id", "paid_on", "amount"), [pa.string(), DAY, MONEY]),
        "notices": table(sent, ("employer_id", "month", "sent_on"), [pa.string(), DAY, DAY]),
    }


def table(rows: list[tuple[Any, ...]], names: tuple[str, ...], types: list[pa.DataType]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pa.table(
        {name: pa.array(list(column), kind) for name, column, kind in zip(names, columns, types, strict=True)}
    )


def settled(
    engine: Engine, employers: list[Employer], folder: Path, as_of: date, law: Book | None = None, **given: Any
) -> dict[str, list[dict[str, Any]]]:
    """Settle small employers and return the rows of each result, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    made = settle(engine, **tables(employers, folder, as_of), as_of=as_of, out=folder, law=law, **given)
    rows = {}
    order = ("employer_id", "area_code", "month", "fund", "first_day")
    for name in ("dues", "charges", "steps", "collected"):
        found = [row for path in getattr(made, name) for row in parquet.read_table(path).to_pylist()]
        rows[name] = sorted(found, key=lambda row: tuple(str(row.get(key)) for key in order))
    return rows
