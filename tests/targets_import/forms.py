"""Filled-in files, as offices send them: a good one is made first, then a test breaks one thing in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from baophu.areas.units import tree
from baophu.targets.decisions import decided_targets, decision
from baophu.targets.template import SHEET, write_template

FIRST = 11  # the row of 01 Hà Nội
TOTALS = {"C": 29_334_000, "D": 2_444_500}
PROVINCES = [area.code for area in tree().provinces]


def row_of(code: str) -> int:
    """The row of a province in the good form."""
    return FIRST + PROVINCES.index(code)


@cache
def shares() -> dict[tuple[str, str], int]:
    """What each province is assigned in the good form: five as the press has it, the rest in equal parts."""
    known = {
        (target.area_code, {"si_total": "C", "si_voluntary": "D"}[target.indicator]): int(target.value or 0)
        for target in decided_targets()
        if target.decision.id == "nq-403-2025" and target.area_code != "00"
    }
    found = dict(known)
    for column, total in TOTALS.items():
        rest = [code for code in PROVINCES if (code, column) not in known]
        left = total - sum(value for (_, at), value in known.items() if at == column)
        for number, code in enumerate(rest):
            found[code, column] = left // len(rest) + (number < left % len(rest))
    return found


class Form:
    """A form that can be broken, and saved as the file that comes in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        write_template(decision("403/NQ-CP"), path, known=decided_targets())
        self.book = openpyxl.load_workbook(path)
        self.sheet: Worksheet = self.book[SHEET]
        for (code, column), value in shares().items():
            self.sheet[f"{column}{row_of(code)}"] = value

    def __setitem__(self, place: str, value: object) -> None:
        self.sheet[place] = value

    def save(self) -> Path:
        """Write the file and return its place."""
        self.book.save(self.path)
        return self.path


def write_csv(path: Path, rows: Iterable[Iterable[object]], separator: str = ",", encoding: str = "utf-8") -> Path:
    """Write a table as text."""
    path.write_bytes("\n".join(separator.join(str(value) for value in row) for row in rows).encode(encoding))
    return path


def plain_rows(*, code: str = "Mã", total: str = "si_total", voluntary: str = "si_voluntary") -> list[list[object]]:
    """The good figures as a bare table of anybody's own making."""
    rows: list[list[object]] = [[code, "Tên đơn vị", total, voluntary]]
    return rows + [[code, tree().get(code).name, shares()[code, "C"], shares()[code, "D"]] for code in PROVINCES]
