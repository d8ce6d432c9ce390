"""Writing a book to a file: Excel with what it says of itself on the sheet, CSV and Parquet for programs.

A text that a spreadsheet could take for a formula stays a text: in Excel by its type and a quote that is not shown, in
CSV by an apostrophe. (CWE-1236; a name, an address or a note comes from outside.)
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from baophu.core.excel import FONT, fit_a4, height, new_long_workbook
from baophu.core.home import whole_file
from baophu.core.languages import Language, Text
from baophu.core.numbers import count, rounded, short_date
from baophu.web.exports.sheets import Book, Column, Form, Kind, Measure, Row, Sheet

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.core.excel import Format, Workbook, Worksheet

# What Excel has room for, less the head of the sheet.
SHEET_ROWS = 1_000_000
_BATCH = 2_000
_PARQUET_BATCH = 50_000
_DECIMALS = 6
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# A program that parts cells at another mark than ours finds a beginning there.
_FORMULA_INSIDE = re.compile(r"([;\t|,]\s*)(?=[=+\-@＝＋－＠])")
_DANGEROUS_TAB = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))

# What stands left in its cell, a little apart from the number before it.
_LEFT: tuple[Kind, ...] = ("text", "date", "month", "moment")
_BESIDE = {"align": "left", "indent": 1}
_SIZE = 11
_ROW = 17
# The type of sheets is narrower than the one in which columns are measured.
_NARROW = 1.05
# How wide the labels in the head of a sheet are, in letters.
_LABELS = 24
_FORMATS: dict[Kind, Text] = {
    "text": Text("@", "@"),
    "count": Text("#,##0", "#,##0"),
    "money": Text("#,##0", "#,##0"),
    "share": Text("0.0%", "0.0%"),
    "growth": Text("+0.0%;-0.0%;0.0%", "+0.0%;-0.0%;0.0%"),
    "points": Text("+0.0;-0.0;0.0", "+0.0;-0.0;0.0"),
    "date": Text("dd/mm/yyyy", "yyyy-mm-dd"),
    "month": Text("mm/yyyy", "yyyy-mm"),
    "moment": Text("dd/mm/yyyy hh:mm", "yyyy-mm-dd hh:mm"),
    "measure": Text("General", "General"),
    "decimal": Text("#,##0.0", "#,##0.0"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says beside the page: in which language, who takes it away, when, for which purpose."""

    lang: Language
    who: str
    at: datetime
    purpose: str = ""


def write(book: Book, told: Told, path: Path, form: Form, tell: Callable[[int], None] = lambda done: None) -> None:
    """Write a book; the file is there whole or not at all. `tell` hears how many rows are done.

    BaophuError where it cannot be written, the disk being full say.
    """
    done = _Done(tell)
    if form == "xlsx":
        _write_xlsx(book, told, path, done)
    elif form == "csv":
        _write_csv(book.sheets[0], told, path, done)
    else:
        _write_parquet(book, told, path, done)


class _Done:
    """Counts rows as they pass, and tells from time to time."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell, self._rows = tell, 0

    def batches(self, rows: Iterable[Row], size: int = _BATCH) -> Iterator[list[Row]]:
        """Yield rows in batches."""
        left = iter(rows)
        while batch := list(islice(left, size)):
            yield batch
            self._rows += len(batch)
            self._tell(self._rows)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula when it opens a CSV file.

    >>> harmless("=HYPERLINK(1)"), harmless("  @sum"), harmless("Công ty A")
    ("'=HYPERLINK(1)", "'  @sum", 'Công ty A')
    >>> harmless("A;=1+1"), harmless("12-14 Lê Lợi, P. 1")
    ("A;'=1+1", '12-14 Lê Lợi, P. 1')
    """
    safe = _FORMULA_INSIDE.sub(r"\1'", text)
    return f"'{safe}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else safe


def about(book: Book, sheet: Sheet, told: Told) -> list[tuple[str, str]]:
    """Return what the head of a sheet says: area, filters, month, as of, source, run, who, masked or not."""
    lang, run = told.lang, book.run

    def line(vi: str, en: str, words: str) -> tuple[str, str]:
        return Text(vi, en).say(lang), words

    lines = list(book.filters)
    if run is not None:
        provisional = Text(" (tạm tính)", " (provisional)").say(lang) if run.provisional else ""
        month = Text(f"{run.month:%m/%Y}", f"{run.month:%Y-%m}").say(lang)
        lines.append(line("Tháng", "Month", f"{month}{provisional}"))
        lines.append(line("Số liệu đến", "As of", short_date(run.as_of, lang)))
        lines.append(line("Lần chạy", "Run", run.run))
    lines.append(line("Nguồn", "Source", book.source))
    lines.append(line("Số dòng", "Rows", count(sheet.count, lang)))
    if book.people:
        full, hidden = Text("đầy đủ", "in full"), Text("đã che", "masked")
        lines.append(line("Số định danh cá nhân", "Personal numbers", (full if book.revealed else hidden).say(lang)))
    if told.purpose:
        lines.append(line("Mục đích", "Purpose", told.purpose))
    lines.append(line("Người tải", "Taken away by", told.who))
    local = timezone.localtime(told.at)
    lines.append(line("Lúc", "At", f"{short_date(local.date(), lang)} {local:%H:%M}"))
    return lines


def _write_xlsx(book: Book, told: Told, path: Path, done: _Done) -> None:
    with new_long_workbook(path) as workbook:
        workbook.set_properties({"title": book.title, "author": told.who, "comments": book.source})
        for sheet in book.sheets:
            writer = _SheetWriter(workbook, book, sheet, told)
            for batch in done.batches(sheet.rows()):
                for row in batch:
                    writer.add(row)
            writer.close()


class _SheetWriter:
    """Writes a table to as many sheets as it needs, each with its head."""

    def __init__(self, workbook: Workbook, book: Book, sheet: Sheet, told: Told) -> None:
        self._workbook, self._book, self._sheet, self._told = workbook, book, sheet, told
        font: dict[str, Any] = {"font_name": FONT, "font_size": _SIZE, "valign": "vcenter"}
        self._title = workbook.add_format({**font, "bold": True, "font_size": 14})
        self._label = workbook.add_format({**font, "font_color": "#555D61"})
        self._said = workbook.add_format({**font, "num_format": "@", "quote_prefix": True})
        self._head = {
            right: workbook.add_format(
                {**font, "bold": True, "text_wrap": True, "bottom": 1, **({"align": "right"} if right else _BESIDE)}
            )
            for right in (False, True)
        }
        self._cells: dict[Kind, Format] = {
            kind: workbook.add_format(
                {
                    **font,
                    "num_format": words.say(told.lang),
                    **(_BESIDE if kind in _LEFT else {}),
                    "text_wrap": kind == "text",
                }
            )
            for kind, words in _FORMATS.items()
        }
        quoted = {**font, **_BESIDE, "num_format": "@", "text_wrap": True, "quote_prefix": True}
        self._quoted = workbook.add_format(quoted)
        self._number = 0
        self._begin()

    def _begin(self) -> None:
        lang, columns = self._told.lang, self._sheet.columns
        self._number += 1
        name = self._sheet.title.say(lang).translate(_DANGEROUS_TAB)
        page = self._workbook.add_worksheet(f"{name[:27]} {self._number}" if self._number > 1 else name[:31])
        page.set_default_row(_ROW)
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width)
        page.write_string(0, 0, self._book.title, self._title)
        if len(self._book.sheets) > 1:
            page.write_string(1, 0, self._sheet.title.say(lang), self._label)
        self._line = 2
        widths = list(accumulate(column.width for column in columns))
        beside = next((at for at, width in enumerate(widths, 1) if width >= _LABELS), 1)
        for label, words in about(self._book, self._sheet, self._told):
            page.write_string(self._line, 0, label, self._label)
            page.write_string(self._line, beside, words, self._said)
            self._line += 1
        self._line += 1
        heads = [column.head.say(lang) for column in columns]
        page.set_row(self._line, height(zip(heads, (column.width for column in columns), strict=True), _SIZE))
        for at, column in enumerate(columns):
            page.write_string(self._line, at, heads[at], self._head[column.kind not in _LEFT])
        self._line += 1
        page.freeze_panes(self._line, 1)
        fit_a4(page)
        page.repeat_rows(self._line - 1)
        run = f" · {self._book.run.run}" if self._book.run else ""
        # & begins a code in a footer.
        page.set_footer(f"&L{self._book.title.replace('&', '&&')[:180]}{run}&R&P/&N")
        self._page: Worksheet = page
        self._first = self._line

    def add(self, row: Row) -> None:
        """Write a row, on a new sheet where the last is full."""
        if self._line - self._first == SHEET_ROWS:
            self.close()
            self._begin()
        # Rows are as high as their longest text; a program that opens the sheet does not always see to it.
        long = [
            (value, column.width * _NARROW)
            for column, value in zip(self._sheet.columns, row, strict=True)
            if column.kind == "text" and value and len(value) > column.width * _NARROW
        ]
        if long:
            self._page.set_row(self._line, max(height(long, _SIZE), _ROW))
        for at, (column, value) in enumerate(zip(self._sheet.columns, row, strict=True)):
            kind, plain = (value.kind, value.value) if isinstance(value, Measure) else (column.kind, value)
            _put(self._page, self._line, at, kind, plain, self._cells[kind], self._quoted)
        self._line += 1

    def close(self) -> None:
        """End the sheet: its rows can be filtered there too, and it is printed as far as it belongs on paper."""
        on_paper = [at for at, column in enumerate(self._sheet.columns) if column.printed]
        self._page.print_area(0, 0, self._line - 1, on_paper[-1])
        if self._line > self._first:
            self._page.autofilter(self._first - 1, 0, self._line - 1, len(self._sheet.columns) - 1)


def _put(page: Worksheet, line: int, at: int, kind: Kind, value: Any, cell: Format, quoted: Format) -> None:
    if value is None or value == "":
        return
    if kind == "text":
        text = str(value)
        page.write_string(line, at, text, quoted if harmless(text) != text else cell)
    elif kind == "moment":
        page.write_datetime(line, at, timezone.make_naive(value), cell)
    elif kind in ("date", "month"):
        page.write_datetime(line, at, value, cell)
    else:
        number = Fraction(value) * 100 if kind == "points" else value
        page.write_number(line, at, number if isinstance(number, int) else float(number), cell)


def _plain(kind: Kind, value: Any) -> Any:
    """Return a value as programs read it: shares with six decimals, times with their offset."""
    if value is None or kind in ("text", "count", "money", "date", "month"):
        return value
    if kind == "moment":
        return timezone.localtime(value)
    return rounded(Fraction(value), _DECIMALS)


def _write_csv(sheet: Sheet, told: Told, path: Path, done: _Done) -> None:
    kinds = [column.kind for column in sheet.columns]
    with whole_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(column.head.say(told.lang)) for column in sheet.columns])
        for batch in done.batches(sheet.rows()):
            writer.writerows([_csv(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in batch)


def _csv(kind: Kind, value: Any) -> Any:
    found = _plain(kind, value)
    if isinstance(found, str):
        return harmless(found)
    if isinstance(found, datetime):
        return found.isoformat(timespec="minutes")
    if isinstance(found, date):
        return f"{found:%Y-%m}" if kind == "month" else found.isoformat()
    return f"{found:f}" if isinstance(found, Decimal) else found


def _write_parquet(book: Book, told: Told, path: Path, done: _Done) -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    sheet = book.sheets[0]
    schema = pa.schema([(column.name, _type(column)) for column in sheet.columns])
    facts = {"title": book.title, "source": book.source, **dict(about(book, sheet, told))}
    schema = schema.with_metadata(facts)
    with whole_file(path) as part, parquet.ParquetWriter(part, schema, compression="zstd") as writer:
        for batch in done.batches(sheet.rows(), _PARQUET_BATCH):
            columns = zip(*batch, strict=True)
            arrays = [
                pa.array([_plain(column.kind, value) for value in values], _type(column))
                for column, values in zip(sheet.columns, columns, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _type(column: Column) -> pa.DataType:
    import pyarrow as pa

    if column.kind in ("count", "money"):
        return pa.int64()
    if column.kind in ("date", "month"):
        return pa.date32()
    if column.kind == "moment":
        return pa.timestamp("ms", "UTC")
    return pa.string() if column.kind == "text" else pa.decimal128(18, _DECIMALS)
