"""Writing an Excel file: whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
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
