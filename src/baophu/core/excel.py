"""Writing an Excel file: whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core.home import whole_file
from baophu.core.languages import Text

if TYPE_CHECKING:
    from xlsxwriter.format import Format as Format
    from xlsxwriter.workbook import Workbook as Workbook
    from xlsxwriter.worksheet import Worksheet as Worksheet

FONT = "Times New Roman"
A4 = 9
# A workbook that goes back to its sender: the sheet that lists the places to mend, and the look of those cells.
MENDING_SHEET = "Cần sửa"
MARKED: dict[str, object] = {"bg_color": "#F6D5CC", "border": 1}


@contextmanager
def new_workbook(path: Path) -> Iterator[Workbook]:
    """Give a workbook to fill; it appears as `path` when all went well. Texts stay texts, whatever they begin with."""
    from xlsxwriter.workbook import Workbook

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        yield workbook
    with whole_file(path) as part:
        part.write_bytes(content.getvalue())


@contextmanager
def new_long_workbook(path: Path) -> Iterator[Workbook]:
    """Like `new_workbook`, for more rows than memory holds: rows are written in order, and none is gone back to."""
    from xlsxwriter.workbook import Workbook

    with whole_file(path) as part:
        options = {"constant_memory": True, "strings_to_formulas": False, "tmpdir": str(part.parent)}
        with Workbook(str(part), options) as workbook:
            yield workbook


def fit_a4(sheet: Worksheet) -> None:
    """Print a sheet on A4 on its side, as wide as the paper."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def height(cells: Iterable[tuple[str, float]], size: int = 12) -> float:
    """Return the height in points of a row whose texts wrap: `cells` are its texts with their columns' widths.

    Not every program that opens a workbook works it out by itself. A column's width counts letters of 11 points.
    """
    lines = max((_lines(text, width * 11 / size) for text, width in cells), default=1)
    return lines * size * 1.35 + 2


def _lines(text: str, letters: float) -> int:
    """Count the lines of a text that breaks between words."""
    count, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > letters:
            count, used = count + 1, 0
        used += len(word) + (1 if used else 0)
        # A word longer than the column, an address say, is broken within.
        while used > letters:
            count, used = count + 1, used - int(letters)
    return count


def comment(sheet: Worksheet, row: int, column: int, words: Text) -> None:
    """Put the reason, in both languages, beside a cell to mend."""
    note = f"{words.vi}\n{words.en}"
    sheet.write_comment(row, column, note, {"x_scale": 2.2, "y_scale": 1.6, "author": "baophu"})


def list_to_mend(workbook: Workbook, places: Iterable[tuple[str, str, Text]]) -> None:
    """Write the sheet that lists what to mend: the place, what stands there, the reason in both languages."""
    sheet = workbook.add_worksheet(MENDING_SHEET)
    bold = workbook.add_format({"bold": True, "font_name": FONT, "font_size": 12})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top", "font_name": FONT, "font_size": 12})
    sheet.write_row(0, 0, ["Chỗ cần sửa", "Đang ghi", "Cần làm gì", "What to mend"], bold)
    for row, (place, value, words) in enumerate(places, 1):
        texts = (place, value, words.vi, words.en)
        sheet.set_row(row, height(zip(texts, (34, 22, 60, 60), strict=True)))
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, wrap)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 3, 60)
    sheet.freeze_panes(1, 0)
    fit_a4(sheet)
