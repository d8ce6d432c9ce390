"""Finding a form in a workbook and taking its lines out: titles above, merged headings, section rows, sums, damage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from baophu.core.names import fold
from baophu.registers import reading
from baophu.registers.forms.form import Form, Layout
from baophu.registers.recognise import key

# Rows of a workbook above which it is no form of one employer.
MOST_ROWS = 300_000
_DEEPEST = 60
_HIGHEST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was written: its row (from 1), its cells as texts by field, and where each of them stands."""

    sheet: str
    row: int
    cells: dict[str, str]
    places: dict[str, tuple[int, int]]
    section: str | None = None


@dataclass(slots=True)
class Sheet:
    """A sheet that holds a form."""

    form: Form
    layout: Layout
    name: str
    employer_id: str = ""
    month: date | None = None
    lines: list[Line] = field(default_factory=list)
    blank: int = 0


def read_workbook(path: Path, forms: Iterable[Form]) -> list[Sheet]:
    """Return the sheets of a workbook that hold a form; none where it holds none. BaophuError for a damaged file."""
    sheets = reading.sheets_of(path, MOST_ROWS)
    listed = list(forms)
    found = [_read_sheet(name, rows, listed) for name, rows in sheets or ()]
    return [sheet for sheet in found if sheet is not None]


def is_workbook(path: Path) -> bool:
    """Return whether a file begins as XLSX files do."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _read_sheet(name: str, values: list[list[Any]], forms: list[Form]) -> Sheet | None:
    rows = [[_text(value) for value in row] for row in values]
    for form in forms:
        for layout in form.layouts:
            if layout.items:
                sheet = _page(name, rows, form, layout)
                if sheet is not None:
                    return sheet
    best: tuple[int, Form, Layout, _Header] | None = None
    for form in forms:
        for layout in form.layouts:
            header = None if layout.items else _find_header(rows, form, layout)
            if header is not None and (best is None or len(header.columns) > best[0]):
                best = (len(header.columns), form, layout, header)
    if best is None:
        return None
    _, form, layout, header = best
    sheet = Sheet(form, layout, name)
    _read_above(sheet, rows[: header.first])
    _read_lines(sheet, rows, header)
    return sheet


def _text(value: Any) -> str:
    return reading._text(value)


# The header


@dataclass(frozen=True, slots=True)
class _Header:
    first: int
    below: int
    columns: dict[str, int]


def _find_header(rows: list[list[str]], form: Form, layout: Layout) -> _Header | None:
    """Return the block of rows that reads as the layout's headings the best."""
    wanted = {
        key(heading.replace(">", " ")): column.field or "" for column in layout.columns for heading in column.headings
    }
    best: tuple[tuple[int, int], _Header] | None = None
    for first in range(min(len(rows), _DEEPEST)):
        for height in range(1, _HIGHEST + 1):
            block = rows[first : first + height]
            if len(block) < height or not any(block[0]):
                break
            columns: dict[str, int] = {}
            known = 0
            for at, path in enumerate(_paths(block)):
                named = next((wanted[one] for one in _suffixes(path) if one in wanted), None)
                if named is not None:
                    known += 1
                    if named:
                        columns.setdefault(named, at)
            if set(layout.needs) <= set(columns):
                score = (known, -height)
                if best is None or score > best[0]:
                    best = (score, _Header(first, first + height, columns))
    return best[1] if best else _by_numbers(rows, form, layout)


def _paths(block: list[list[str]]) -> list[list[str]]:
    """Return for each column its headings from the top; a heading above goes on over the empty cells to its right."""
    width = max(len(row) for row in block)
    grid = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in block]
    own = [[bool(cell) for cell in row] for row in grid]
    for depth, row in enumerate(grid[:-1]):
        for at in range(1, width):
            begins_above = any(own[upper][at] for upper in range(depth))
            if not row[at] and row[at - 1] and not begins_above:
                row[at] = row[at - 1]
    return [[row[at] for row in grid if row[at]] for at in range(width)]


def _suffixes(path: Sequence[str]) -> list[str]:
    """Return how a column may be called, the whole path first: `tien luong, phu cap, chuc vu`, `phu cap, chuc vu` …"""
    bare = [re.sub(r"\(\d+\)$", "", part) for part in path]
    return [key(" ".join(bare[at:])) for at in range(len(bare))]


def _by_numbers(rows: list[list[str]], form: Form, layout: Layout) -> _Header | None:
    """Return the header where headings are not known but the row of column numbers stands below the form's code."""
    numbers = {column.number: column.field for column in layout.columns}
    if len(numbers) < 20 or "STT" not in layout.columns[0].headings:
        return None
    for at, row in enumerate(rows[:_DEEPEST]):
        found = [re.fullmatch(r"\(?(\d+)\)?", cell.strip()) for cell in row]
        inside = [match.group(1) for match in found if match]
        if inside == list(numbers) and any(key(form.code) in key(cell) for above in rows[:at] for cell in above):
            columns = {name: where for where, match in enumerate(found) if match and (name := numbers[match.group(1)])}
            return _Header(at, at + 1, columns)
    return None


# Above the table


def _read_above(sheet: Sheet, rows: list[list[str]]) -> None:
    for row in rows:
        for at, cell in enumerate(row):
            if not cell.strip():
                continue
            if not sheet.employer_id:
                sheet.employer_id = _labelled(row, at, sheet.form.above.get("employer_id", ()))
            sheet.month = sheet.month or _month_in(cell) or _month_beside(row, at, sheet.form.above.get("month", ()))


def _labelled(row: list[str], at: int, labels: Iterable[str]) -> str:
    """Return the code that stands after one of the labels, in its cell or in the next one that holds something."""
    words = " ".join(row[at].split())
    for label in sorted(labels, key=len, reverse=True):
        if fold(words).startswith(fold(label)):
            rest = words[len(label) :].lstrip(" :.")
            if not rest and ":" in words + ":":
                rest = next((cell.strip() for cell in row[at + 1 :] if cell.strip()), "")
            match = re.match(r"[A-Za-z0-9_/\-]*\d[A-Za-z0-9_/\-]*", rest)
            if match:
                return match.group(0)
    return ""


def _month_in(cell: str) -> date | None:
    match = re.search(r"(?<!\d )(?<!\.)thang\s*(\d{1,2})\s*(?:/|-|nam)\s*(\d{4})", fold(cell))
    if match is None or "ngay" in fold(cell)[: match.start()]:
        return None
    return _month(int(match.group(2)), int(match.group(1)))


def _month_beside(row: list[str], at: int, labels: Iterable[str]) -> date | None:
    words = fold(row[at]).rstrip(" :")
    after = next((cell for cell in row[at + 1 :] if cell.strip()), "")
    for label in labels:
        if words == fold(label):
            return as_month(after)
        if words.startswith(fold(label)) and (found := as_month(words[len(fold(label)) :].strip(" :"))):
            return found
    return None


def _month(year: int, month: int) -> date | None:
    return date(year, month, 1) if 1 <= month <= 12 and 1900 <= year <= 2100 else None


def as_month(words: str) -> date | None:
    """Return the month that a text names, or that of the day which it names; None where it names none.

    >>> as_month("10/2026"), as_month("15/10/2026"), as_month("2026-10-01")
    (datetime.date(2026, 10, 1), datetime.date(2026, 10, 1), datetime.date(2026, 10, 1))
    """
    words = words.strip().lstrip("'")
    if match := re.fullmatch(r"(\d{1,2})[/.\-](\d{4})", words):
        return _month(int(match.group(2)), int(match.group(1)))
    if match := re.fullmatch(r"(0[1-9]|1[0-2])(\d{4})", words):
        return _month(int(match.group(2)), int(match.group(1)))
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?(?: 00:00:00)?", words):
        return _month(int(match.group(1)), int(match.group(2)))
    if match := re.fullmatch(r"\d{1,2}[/.\-](\d{1,2})[/.\-](\d{4})", words):
        return _month(int(match.group(2)), int(match.group(1)))
    if re.fullmatch(r"\d{5}", words):
        day = date(1899, 12, 30) + timedelta(days=int(words))
        return _month(day.year, day.month)
    return None


# The lines


def _read_lines(sheet: Sheet, rows: list[list[str]], header: _Header) -> None:
    form, columns = sheet.form, header.columns
    telling = [at for name, at in columns.items() if name not in ("full_name", "note", "section")]
    main = part = None
    after_sums = False
    for at in range(header.below, len(rows)):
        row = rows[at]
        filled = [cell.strip() for cell in row if cell.strip()]
        if not filled:
            sheet.blank += 1
            continue
        if _is_numbering(filled):
            continue
        told = [where for where in telling if where < len(row) and row[where].strip()]
        words = " ".join(filled)
        if _is_sum(form, filled, row, columns):
            after_sums = True
            continue
        if not told and (parsed := _section(form, words)) is not None:
            if parsed[0] is not None:
                main, part = parsed
            else:
                part = parsed[1]
            after_sums = False
            continue
        if after_sums and not (len(filled) > 1 and any(re.search(r"\d", row[where]) for where in told)):
            continue
        cells = {name: row[where] for name, where in columns.items() if where < len(row)}
        places = {name: (at, where) for name, where in columns.items()}
        sheet.lines.append(Line(sheet.name, at + 1, cells, places, _effect(main, part)))


def _is_numbering(filled: list[str]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3)."""
    inside = [re.fullmatch(r"\(?(\d+)\)?", cell) for cell in filled]
    numbers = [int(match.group(1)) for match in inside if match]
    return (
        len(filled) >= 5
        and len(numbers) == len(filled)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    )


def _is_sum(form: Form, filled: list[str], row: list[str], columns: dict[str, int]) -> bool:
    named = any(
        columns.get(name, len(row)) < len(row) and row[columns[name]].strip() for name in ("si_code", "identity")
    )
    first = fold(filled[0])
    return not named and any(re.match(rf"{re.escape(fold(word))}\b", first) for word in form.sums)


def _section(form: Form, words: str) -> tuple[str | None, str | None] | None:
    """Return what a row between the lines begins: the section, and whether of people or of wages."""
    numbered = re.match(r"(?:phan\s+)?(?:[ivx]+|\d+|[a-d])(?:\.\d+)*[\s.):\-]+(.*)", fold(words))
    text = numbered.group(1) if numbered else fold(words)

    def begins(name: str, text: str) -> int:
        listed = form.sections.get(name, ())  # type: ignore[call-overload]
        return max((len(fold(word)) for word in listed if re.match(rf"{re.escape(fold(word))}\b", text)), default=0)

    for main in ("increase", "decrease", "other"):
        if length := begins(main, text):
            rest = text[length:].strip(" :.-")
            part = next((name for name in ("people", "wages") if begins(name, rest)), None)
            return main, part
    for part in ("people", "wages"):
        if begins(part, text):
            return None, part
    # A numbered heading that is not known: what stands below it belongs to no section that is.
    return ("other", None) if numbered and re.match(r"(?:phan\s+)?[ivx]+[\s.):\-]", fold(words)) else None


def _effect(main: str | None, part: str | None) -> str | None:
    if main in ("increase", "decrease"):
        return "wage" if part == "wages" else main
    return None


def section_effect(form: Form, words: str) -> str | None:
    """Return the effect that a text such as 'Tăng lao động' names."""
    parsed = _section(form, words)
    return _effect(*parsed) if parsed else None


# A page of items


def _page(name: str, rows: list[list[str]], form: Form, layout: Layout) -> Sheet | None:
    """Return the one line of a page whose values stand after items such as [01]."""
    by_number = {column.number: column for column in layout.columns}
    cells: dict[str, str] = {}
    places: dict[str, tuple[int, int]] = {}
    seen: set[str] = set()
    for at, row in enumerate(rows):
        for where, cell in enumerate(row):
            match = re.match(r"\s*[\[<](\d{2}(?:\.\d)?)[\]>]\.?\s*(.*)", cell, re.DOTALL)
            if match is None or match.group(1) in seen:
                continue
            column = by_number.get(match.group(1))
            seen.add(match.group(1))
            if column is None or column.field is None:
                continue
            # A heading may have a colon of its own; what comes after it is the value.
            words = match.group(2).strip()
            heading = max((one for one in column.headings if fold(words).startswith(fold(one))), key=len, default="")
            value = words[len(heading) :].lstrip(" :") if heading else words.partition(":")[2].strip()
            place = where
            if not value.strip(" .…"):
                value, place = _beside(row, where)
            cells[column.field], places[column.field] = value, (at, place)
    if len(seen) < 5 or not {*layout.needs} <= set(cells):
        return None
    sheet = Sheet(form, layout, name)
    sheet.lines.append(Line(name, min(at for at, _ in places.values()) + 1, cells, places))
    return sheet


def _beside(row: list[str], where: int) -> tuple[str, int]:
    """Return the value in the next cell that holds something, unless the next item comes first."""
    for at in range(where + 1, len(row)):
        if re.match(r"\s*[\[<]\d{2}", row[at]):
            break
        if row[at].strip(" .…"):
            return row[at].strip(), at
    return "", where + 1
