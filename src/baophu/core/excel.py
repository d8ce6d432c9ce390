"""Writing an Excel file: whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core.home import whole_file

if TYPE_CHECKING:
    from xlsxwriter.format import Format as Format
    from xlsxwriter.workbook import Workbook as Workbook
    from xlsxwriter.worksheet import Worksheet as Worksheet

FONT = "Times New Roman"
A4 = 9


@contextmanager
def new_workbook(path: Path) -> Iterator[Workbook]:
    """Give a workbook to fill; it appears as `path` when all went well. Texts stay texts, whatever they begin with."""
    from xlsxwriter.workbook import Workbook

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        yield workbook
    with whole_file(path) as part:
        part.write_bytes(content.getvalue())


def fit_a4(sheet: Worksheet) -> None:
    """Print a sheet on A4 on its side, as wide as the paper."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def height(cells: Iterable[tuple[str, float]], size: int = 12) -> float:
    """Return the height in points of a row whose texts wrap: `cells` are its texts with their columns' widths.

    Not every program that opens a workbook works it out by itself. A letter of `size` points takes about a tenth
    of a column's unit more than the unit's own eleven points do.
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
