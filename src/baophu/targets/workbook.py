"""Tables that people send: the cells of an XLSX or CSV file, with what a check must know of each.

The values come from python-calamine. It leaves out what two checks need, so the file's own XML is looked at for that:
which cells are shown as a percentage, and which are formulas.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from baophu.core.errors import BaophuError
from baophu.core.languages import Text, same

Kind = Literal["empty", "text", "number", "date", "other"]

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 300
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN_PERCENT = {9, 10}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `formula` is its formula without '=', empty where it has none."""

    row: int
    column: int
    value: str | int | float | bool | date | None = None
    percent: bool = False
    is_formula: bool = False
    formula: str = ""

    @property
    def kind(self) -> Kind:
        """What the cell holds; blanks are nothing."""
        match self.value:
            case None:
                return "empty"
            case bool():
                return "other"
            case str():
                return "text" if self.value.strip() else "empty"
            case int() | float():
                return "number"
            case date():
                return "date"

    @property
    def text(self) -> str:
        """The value as it reads: 1665856, 0.45, 45%, 31/12/2030."""
        match self.value:
            case None:
                return ""
            case datetime() | date():
                return f"{self.value:%d/%m/%Y}"
            case int() | float() if self.percent:
                return f"{self.value:.6%}".rstrip("0%").rstrip(".") + "%"
            case float() if self.value.is_integer():
                return str(int(self.value))
            case _:
                return " ".join(str(self.value).split())

    @property
    def place(self) -> str:
        """The cell's address: C14."""
        return f"{letters(self.column)}{self.row + 1}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows of cells from A1 on, all of one width."""

    name: str
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Book:
    """A file that was read, and the SHA-256 of its bytes."""

    path: Path
    sha256: str
    sheets: list[Sheet]


@dataclass(slots=True)
class _Marks:
    """What the XML says of the cells of one sheet, by (row, column)."""

    percent: set[tuple[int, int]] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


def letters(column: int) -> str:
    """Return the letters of a column.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def read_book(path: Path) -> Book:
    """Read an XLSX or CSV file, by its content and not its name; BaophuError where it is neither."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise BaophuError(
            Text(f"Không đọc được {path}: {error.strerror}.", f"Cannot read {path}: {error.strerror}.")
        ) from None
    if size > MOST_BYTES:
        raise _too_large(path)
    if not content.strip():
        raise _unreadable(path, Text("tệp trống", "the file is empty"))
    if content.startswith(b"PK"):
        sheets = _read_xlsx(path, content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unreadable(
            path,
            Text("đây là tệp Excel đời cũ (.xls) hoặc có mật khẩu", "it is an old Excel file (.xls) or has a password"),
        )
    else:
        sheets = [Sheet("Bảng", _square(_read_csv(path, content)))]
    return Book(path, hashlib.sha256(content).hexdigest(), sheets)


def _unreadable(path: Path, why: Text) -> BaophuError:
    return BaophuError(
        Text(
            f"Không đọc được bảng trong {path.name}: {why.vi}. Không có gì được nhận.",
            f"Cannot read a table in {path.name}: {why.en}. Nothing was taken.",
        ),
        Text(
            "Mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu Excel Workbook (.xlsx) hoặc CSV UTF-8, rồi nạp lại.",
            "Open it in Excel, choose Save As, type Excel Workbook (.xlsx) or CSV UTF-8, and import it again.",
        ),
    )


def _too_large(path: Path) -> BaophuError:
    return BaophuError(
        Text(
            f"{path.name} quá lớn: nhiều nhất {MOST_ROWS} dòng, {MOST_COLUMNS} cột. Không có gì được nhận.",
            f"{path.name} is too large: at most {MOST_ROWS} rows, {MOST_COLUMNS} columns. Nothing was taken.",
        ),
        Text(
            "Xóa những ô thừa ở xa bảng (Ctrl+End cho thấy ô cuối), lưu rồi nạp lại.",
            "Delete stray cells far from the table (Ctrl+End shows the last one), save and import again.",
        ),
    )


def _square(rows: list[list[Cell]]) -> list[list[Cell]]:
    width = max((len(row) for row in rows), default=0)
    return [row + [Cell(number, column) for column in range(len(row), width)] for number, row in enumerate(rows)]


def _read_csv(path: Path, content: bytes) -> list[list[Cell]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable(path, Text("bảng mã là UTF-16, không phải UTF-8", "its encoding is UTF-16 and not UTF-8"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(
            path,
            Text(
                "bảng mã không phải UTF-8 (có thể là Windows-1258 hoặc TCVN3)",
                "its encoding is not UTF-8 (it may be Windows-1258 or TCVN3)",
            ),
        ) from None
    if "\0" in text:
        raise _unreadable(path, Text("tệp không phải là văn bản", "it is no text"))
    lines = text.splitlines()
    # The separator is the one that the most lines have; a number such as 1,665,856 does not win over ';'.
    separator = max(";\t,", key=lambda mark: sum(mark in line for line in lines))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise _unreadable(path, same(str(error))) from None
    if len(rows) > MOST_ROWS or max(len(row) for row in rows) > MOST_COLUMNS:
        raise _too_large(path)
    return [
        [Cell(number, column, value or None) for column, value in enumerate(row)] for number, row in enumerate(rows)
    ]


def _read_xlsx(path: Path, content: bytes) -> list[Sheet]:
    import python_calamine

    broken = _unreadable(path, Text("tệp không phải bảng Excel hoặc bị hỏng", "it is no Excel workbook, or is damaged"))
    try:
        marks = dict(_marks(path, content))
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        tables = {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in marks}
    except (BaophuError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # calamine is compiled: on damaged files it may also panic, which is no Exception
        raise broken from error
    return [
        Sheet(
            name,
            _square(
                [
                    [_cell(at, column, value, marks[name]) for column, value in enumerate(row)]
                    for at, row in enumerate(rows)
                ]
            ),
        )
        for name, rows in tables.items()
    ]


def _cell(row: int, column: int, value: object, marks: _Marks) -> Cell:
    at = (row, column)
    known = value if isinstance(value, str | int | float | bool | date) and value != "" else None
    return Cell(row, column, known, at in marks.percent, at in marks.formulas, marks.formulas.get(at, ""))


def _marks(path: Path, content: bytes) -> Iterator[tuple[str, _Marks]]:
    """Read from the XML what calamine does not tell, sheet by sheet; refuse what would not fit into memory."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise _too_large(path)
        links = {
            link.get("Id"): str(link.get("Target"))
            for link in _xml(archive, "xl/_rels/workbook.xml.rels")
            if link.get("Target")
        }
        percent = _percent_styles(archive) if "xl/styles.xml" in archive.namelist() else set()
        for sheet in _xml(archive, "xl/workbook.xml").iter(f"{_SHEET}sheet"):
            target = links[sheet.get(_LINK)]
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part.startswith("xl/worksheets/"):
                yield str(sheet.get("name")), _sheet_marks(path, _xml(archive, part), percent)


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    # Python's expat refuses entities that blow up, and the size was checked above.
    return ElementTree.fromstring(archive.read(part))  # noqa: S314


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """Return the numbers of the cell styles that show a percentage."""
    styles = _xml(archive, "xl/styles.xml")
    formats = {
        int(form.get("numFmtId", 0)) for form in styles.iter(f"{_SHEET}numFmt") if "%" in (form.get("formatCode") or "")
    }
    used = styles.find(f"{_SHEET}cellXfs")
    return {
        str(number)
        for number, style in enumerate(used if used is not None else ())
        if int(style.get("numFmtId", 0)) in formats | _BUILT_IN_PERCENT
    }


def _sheet_marks(path: Path, sheet: ElementTree.Element, percent: set[str]) -> _Marks:
    found = _Marks()
    for row in sheet.iter(f"{_SHEET}row"):
        for cell in row.iter(f"{_SHEET}c"):
            if not len(cell):
                continue  # a cell that has a colour and no value
            at = _at(str(cell.get("r")))
            if at[0] >= MOST_ROWS or at[1] >= MOST_COLUMNS:
                raise _too_large(path)
            if cell.get("s") in percent:
                found.percent.add(at)
            formula = cell.find(f"{_SHEET}f")
            if formula is not None:
                found.formulas[at] = formula.text or ""
    return found


def _at(address: str) -> tuple[int, int]:
    """Return the row and column of an address such as C14."""
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
