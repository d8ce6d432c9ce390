"""Giving a file back: the sender's own table, with each cell to mend coloured and its reason beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core.errors import BaophuError
from baophu.core.excel import FONT, MARKED, MENDING_SHEET, comment, list_to_mend, new_workbook
from baophu.core.languages import Text
from baophu.targets.workbook import Book, Cell

if TYPE_CHECKING:
    from baophu.core.excel import Format, Workbook, Worksheet
    from baophu.targets.checking import Remark

_WIDEST = 45


def write_marked(book: Book, remarks: Iterable[Remark], path: Path) -> None:
    """Write a copy of a book with the places to mend coloured and commented, and a sheet that lists them all.

    The copy keeps values, formulas and text codes, so it can be mended and imported. BaophuError where it would take
    the place of the sender's file, or cannot be written.
    """
    if path.resolve() == book.path.resolve():
        raise BaophuError(
            Text(
                f"Không ghi bản đánh dấu đè lên tệp gốc {path}.",
                f"The marked copy does not take the place of the file itself, {path}.",
            )
        )
    listed = list(remarks)
    with new_workbook(path) as workbook:
        formats = _Formats(workbook)
        for sheet in book.sheets:
            if sheet.name == MENDING_SHEET:
                continue  # from an earlier round
            worksheet = workbook.add_worksheet(sheet.name)
            marked = {
                (remark.cell.row, remark.cell.column): remark
                for remark in listed
                if remark.cell is not None and remark.sheet == sheet.name
            }
            for row in sheet.rows:
                for cell in row:
                    _write(worksheet, cell, formats.of(cell, (cell.row, cell.column) in marked))
            for (at, column), remark in marked.items():
                comment(worksheet, at, column, remark.words)
            for column in range(max((len(row) for row in sheet.rows), default=0)):
                longest = max(len(row[column].text) for row in sheet.rows)
                worksheet.set_column(column, column, min(max(longest + 2, 8), _WIDEST))
        problems = (remark.problem for remark in listed)
        list_to_mend(workbook, ((problem.where.vi, problem.value, problem.reason) for problem in problems))


class _Formats:
    """The formats of one workbook, made as they are asked for."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool], Format] = {}

    def of(self, cell: Cell, is_marked: bool) -> Format:
        look = "0%" if cell.percent else {"date": "dd/mm/yyyy", "text": "@"}.get(cell.kind, "General")
        if (look, is_marked) not in self._made:
            properties: dict[str, object] = {"num_format": look, "font_name": FONT, "font_size": 12}
            if is_marked:
                properties |= MARKED
            self._made[look, is_marked] = self._workbook.add_format(properties)
        return self._made[look, is_marked]


def _write(worksheet: Worksheet, cell: Cell, look: Format) -> None:
    at, column, value = cell.row, cell.column, cell.value
    if cell.formula:
        worksheet.write_formula(
            at, column, f"={cell.formula}", look, value if isinstance(value, int | float | str) else ""
        )
    elif isinstance(value, bool):
        worksheet.write_boolean(at, column, value, look)
    elif isinstance(value, int | float):
        worksheet.write_number(at, column, value, look)
    elif isinstance(value, date):
        worksheet.write_datetime(at, column, value, look)
    elif isinstance(value, str):
        worksheet.write_string(at, column, value, look)
    else:
        worksheet.write_blank(at, column, None, look)
