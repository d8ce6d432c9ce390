"""An employer's month from the index: what is due and charged as the law has it, workers beside the tax register.

Nothing here reads a register: the rows are those of the run's index (`reading.Reader`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from baophu.core.languages import Language, Text
from baophu.dues.account import Account
from baophu.dues.explain_charge import explain_charge
from baophu.dues.explain_sums import explain_sums
from baophu.law.tree import tree_of
from baophu.web.due_groups import law_of
from baophu.web.lists import as_date
from baophu.web.reading import Reader, Row

_DATES = ("month", "due_date", "cleared_on", "first_day", "paid_on", "as_of")
# What stands in a row of `due_groups`.
_ALIKE = (
    "group_code", "si_base_counted", "hi_base_counted", "ui_base_counted", "participants", "si_base", "hi_base",
    "ui_base", "due_si", "due_hi", "due_ui", "wage", "unpaid_days",
)  # fmt: skip
OTHERWISE = Text(
    "Sổ kê khai đã thay đổi sau lần chạy này, nên không tách số phải đóng theo nhóm.",
    "The declarations changed after this run, so that what is due is not parted by groups.",
)
NOT_KEPT = Text(
    "Chỉ giữ phần tách theo nhóm của 13 tháng gần nhất.", "What groups make of a sum is kept for the last 13 months."
)


@dataclass(frozen=True, slots=True)
class Explained:
    """The trees of a month's dues and of its charge, in words; `note` tells what they lack."""

    due: Mapping[str, Any]
    charge: Mapping[str, Any]
    note: Text | None


def explained(reader: Reader, employer: Row, month: date, lang: Language) -> Explained | None:
    """Explain an employer's month; None where nothing is due for it."""
    code = employer["employer_id"]
    dues = [_dated(row) for row in reader.of_employer("dues", code)]
    due = next((row for row in dues if row["month"] == month), None)
    if due is None:
        return None
    own = _account(reader, employer, dues)
    alike = _alike(reader.of_employer("due_groups", code), month)
    fits = all(sum(row[f"due_{fund}"] for row in alike) == due[f"due_{fund}"] for fund in ("si", "hi", "ui"))
    told: dict[str, str] = {}
    due_tree = tree_of(explain_sums(own, month, alike if fits else ()), lang, told)
    note = None if alike and fits else OTHERWISE if alike else NOT_KEPT
    return Explained(due_tree, tree_of(explain_charge(own, month), lang, told), note)


def _account(reader: Reader, employer: Row, dues: Sequence[dict[str, Any]]) -> Account:
    import pyarrow as pa  # type: ignore[import-untyped]

    code = employer["employer_id"]
    known = reader.of_employer("employer_letters", code)[0]
    letters = [
        (date.fromisoformat(month), date.fromisoformat(sent)) for month, sent in json.loads(known["letters"] or "[]")
    ]
    columns = {"month": [month for month, _ in letters], "sent_on": [sent for _, sent in letters]}
    return Account(
        employer=code,
        as_of=reader.run.as_of,
        law=law_of(reader.run),
        pay_method=employer["pay_method"],
        region=known["region"],
        tables={"notices": pa.table({name: pa.array(days, pa.date32()) for name, days in columns.items()})},
        workers=pa.table({}),
        dues=sorted(dues, key=lambda row: (row["due_date"], row["month"])),
        charges=[_dated(row) for row in reader.of_employer("charges", code)],
        pieces=(),
    )


def _alike(rows: Sequence[Row], month: date) -> list[dict[str, Any]]:
    found = next((row["alike"] for row in rows if row["month"] == f"{month}"), "[]")
    return [{"month": month, **dict(zip(_ALIKE, one, strict=True))} for one in json.loads(found)]


def _dated(row: Row) -> dict[str, Any]:
    return {name: as_date(value) if name in _DATES else value for name, value in row.items()}


@dataclass(frozen=True, slots=True)
class Workers:
    """How many people were paid for a month by the tax register, and how many were declared; None where not known."""

    month: date
    paid: int | None
    declared: int | None
    unseen: int

    @property
    def more(self) -> int | None:
        """How many more were paid than declared."""
        return None if self.paid is None or self.declared is None else self.paid - self.declared


@dataclass(frozen=True, slots=True)
class OfTax:
    """An employer's workers beside the tax register, newest month first; `employers` share the tax code."""

    employers: int
    months: Sequence[Workers]

    @property
    def newest(self) -> Workers | None:
        """The newest month that both tell of."""
        return next((one for one in self.months if one.more is not None), None)


def workers(reader: Reader, employer_id: str) -> OfTax | None:
    """Return an employer's workers beside the tax register; None where it has no known tax code there."""
    row = next(iter(reader.of_employer("employer_workers", employer_id)), None)
    if row is None:
        return None
    months = [Workers(date.fromisoformat(month), *rest) for month, *rest in reversed(json.loads(row["months"]))]
    return OfTax(row["employers"], [one for one in months if one.month <= reader.run.month])
