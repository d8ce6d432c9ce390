"""Writing forms: the monthly list of an employer from two successive months, a person's declaration on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError
from baophu.core.excel import A4, FONT, fit_a4, height, new_workbook
from baophu.core.languages import Text
from baophu.registers.forms.form import Form, FormColumn, Layout
from baophu.registers.forms.meaning import Declared
from baophu.registers.forms.registered import Registered, Row

if TYPE_CHECKING:
    from baophu.core.excel import Workbook, Worksheet

_SIZE = 11
# The height in points of a row of one line.
_TALL = 19
# The rows above the table: employer, code, tax code, address, title, month, and one empty.
_ABOVE = 7


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the monthly list: its heading, and its lines by field."""

    heading: str
    lines: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many lines, how many of them lack the person's name, how many changed only their group."""

    lines: int
    nameless: int = 0
    group_only: int = 0


def write_changes(form: Form, home: Path, employer_id: str, month: date, path: Path) -> Written:
    """Write the monthly list of an employer: what its declarations of `month` have changed from the month before.

    BaophuError where the employer, or its declarations of the month, are not in the registers.
    """
    registered = Registered(home)
    employer = registered.employers([employer_id]).get(employer_id)
    if employer is None:
        raise BaophuError(
            Text(f"Sổ employers không có đơn vị {employer_id}.", f"The register employers does not have {employer_id}.")
        )
    held = registered.declared([employer_id])[employer_id]
    if month not in held:
        raise BaophuError(
            Text(
                f"Chưa có kê khai tháng {month:%m/%Y} của đơn vị {employer_id}.",
                f"There are no declarations of {employer_id} for {month:%Y-%m}.",
            )
        )
    last = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    now, before = held[month], held.get(last, {})
    people = {row["si_code"]: row for row in registered.people({*now, *before}, ())}
    sections = _differences(now, before, people, month, last)
    lines = [line for section in sections for line in section.lines]
    _write_list(form, form.layouts[0], employer, month, sections, path)
    group_only = sum(now[code].wage == before[code].wage and now[code] != before[code] for code in now.keys() & before)
    return Written(len(lines), sum(not line["full_name"] for line in lines), group_only)


def _differences(
    now: dict[str, Declared], before: dict[str, Declared], people: dict[str, Row], month: date, last: date
) -> list[Section]:
    came = [
        _line(code, people, salary=now[code].wage, start_month=f"{month:%m/%Y}") for code in sorted(now.keys() - before)
    ]
    went = [
        _line(code, people, salary=before[code].wage, last_month=f"{last:%m/%Y}")
        for code in sorted(before.keys() - now)
    ]
    more, less = (
        [
            _line(code, people, salary=now[code].wage)
            for code in sorted(now.keys() & before)
            if (now[code].wage - before[code].wage) * sign > 0
        ]
        for sign in (1, -1)
    )
    return [
        Section("I. Tăng", []),
        Section("I.1. Lao động", came),
        Section("I.2. Mức đóng", more),
        Section("II. Giảm", []),
        Section("II.1. Lao động", went),
        Section("II.2. Mức đóng", less),
    ]


def _line(code: str, people: dict[str, Row], **values: Any) -> dict[str, Any]:
    return _person(people.get(code, {})) | {"si_code": code} | values


def _person(row: Row) -> dict[str, Any]:
    """Return a participant's particulars as they stand on a form, all of them texts."""
    birth = row.get("birth_date")
    return {
        "full_name": row.get("full_name") or "",
        "birth_date": f"{birth:%d/%m/%Y}" if birth else str(row.get("birth_year") or ""),
        "sex": {"M": "Nam", "F": "Nữ"}.get(row.get("sex") or "", ""),
        "identity": row.get("pid") or row.get("old_id") or "",
        "phone": row.get("phone") or "",
        "address": row.get("address") or "",
        "commune_code": row.get("commune_code") or "",
        "si_code": row.get("si_code") or "",
    }


# The list


def _write_list(
    form: Form, layout: Layout, employer: Row, month: date, sections: Sequence[Section], path: Path
) -> None:
    with new_workbook(path) as workbook:
        sheet = workbook.add_worksheet(form.code)
        width = len(layout.columns)
        _write_above(workbook, sheet, form, employer, month, width)
        depth = _write_header(workbook, sheet, layout)
        row = _ABOVE + depth
        cell = _format(workbook, border=1, text_wrap=True, valign="vcenter", num_format="@")
        money = _format(workbook, border=1, num_format="#,##0", valign="vcenter")
        centre = _format(workbook, border=1, align="center", valign="vcenter", text_wrap=True, num_format="@")
        bold = _format(workbook, border=1, bold=True, valign="vcenter")
        bold_money = _format(workbook, border=1, bold=True, num_format="#,##0", valign="vcenter")
        for section in sections:
            for at in range(width):
                sheet.write_blank(row, at, None, bold)
            sheet.merge_range(row, 0, row, width - 1, section.heading, bold)
            sheet.set_row(row, _TALL)
            row += 1
            for number, line in enumerate(section.lines, 1):
                for at, column in enumerate(layout.columns):
                    value = number if at == 0 else line.get(column.field or "", "")
                    if isinstance(value, int):
                        sheet.write_number(row, at, value, centre if at == 0 else money)
                    else:
                        sheet.write_string(row, at, value, cell if column.field in ("full_name", "note") else centre)
                fits = [(str(line.get(one.field or "", "")), float(one.width)) for one in layout.columns]
                sheet.set_row(row, height(fits, _SIZE))
                row += 1
            if section.lines:
                _write_sum(sheet, layout, row, len(section.lines), section.lines, bold, bold_money)
                sheet.set_row(row, _TALL)
                row += 1
        people = [len(section.lines) for section in sections]
        sheet.merge_range(
            row,
            0,
            row,
            width - 1,
            f"Tổng cộng: {sum(people)} dòng; tăng {people[1]} người, giảm {people[4]} người",
            bold,
        )
        sheet.set_row(row, _TALL)
        signed = _format(workbook, bold=True, align="center")
        italic = _format(workbook, italic=True, align="center")
        sheet.merge_range(row + 2, width - 9, row + 2, width - 1, "ĐẠI DIỆN ĐƠN VỊ SỬ DỤNG LAO ĐỘNG", signed)
        sheet.merge_range(row + 3, width - 9, row + 3, width - 1, "(Ký, ghi rõ họ tên, đóng dấu)", italic)
        fit_a4(sheet)
        sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)
        sheet.repeat_rows(_ABOVE, _ABOVE + depth - 1)
        sheet.set_footer("&RTrang &P/&N")


def _write_sum(
    sheet: Worksheet, layout: Layout, row: int, count: int, lines: Iterable[dict[str, Any]], bold: Any, money: Any
) -> None:
    for at in range(len(layout.columns)):
        sheet.write_blank(row, at, None, bold)
    sheet.merge_range(row, 0, row, 2, f"Cộng: {count} người", bold)
    at = next(place for place, column in enumerate(layout.columns) if column.field == "salary")
    sheet.write_number(row, at, sum(line["salary"] for line in lines), money)


def _write_above(workbook: Workbook, sheet: Worksheet, form: Form, employer: Row, month: date, width: int) -> None:
    plain, bold = _format(workbook), _format(workbook, bold=True, align="center")
    title = workbook.add_format(
        {"font_name": FONT, "font_size": 15, "bold": True, "align": "center", "valign": "vcenter"}
    )
    italic = _format(workbook, italic=True, align="center")
    left = (
        f"Tên đơn vị sử dụng lao động: {employer['name']}",
        f"Mã đơn vị: {employer['employer_id']}",
        f"Mã số thuế: {employer['tax_code'] or ''}",
        f"Địa chỉ: {employer['address'] or ''}",
    )
    right = (
        (f"Mẫu {form.code}", bold),
        (f"({form.basis})", italic),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold),
        ("Độc lập - Tự do - Hạnh phúc", bold),
    )
    for row, (words, (beside, look)) in enumerate(zip(left, right, strict=True)):
        sheet.write_string(row, 0, words, plain)
        sheet.merge_range(row, width - 10, row, width - 1, beside, look)
    sheet.merge_range(4, 0, 4, width - 1, form.title.vi.upper(), title)
    sheet.set_row(4, 30)
    sheet.merge_range(5, 0, 5, width - 1, f"Tháng {month.month} năm {month.year}", bold)


def _write_header(workbook: Workbook, sheet: Worksheet, layout: Layout) -> int:
    """Write the merged headings and the row of numbers; return how many rows they take."""
    look = _format(workbook, font_size=9, bold=True, border=1, text_wrap=True, align="center", valign="vcenter")
    paths = [[part.strip() for part in column.headings[0].split(">")] for column in layout.columns]
    depth = max(len(path) for path in paths)
    for level in range(depth):
        at = 0
        while at < len(paths):
            if level >= len(paths[at]):
                at += 1
                continue
            end = at
            here = paths[at][: level + 1]
            while end + 1 < len(paths) and paths[end + 1][: level + 1] == here and len(here) < len(paths[end + 1]):
                end += 1
            bottom = depth - 1 if len(paths[at]) == level + 1 else level
            _merge(sheet, _ABOVE + level, at, _ABOVE + bottom, end, here[-1], look)
            at = end + 1
    for level, tall in enumerate((28, 42, 54)[:depth]):
        sheet.set_row(_ABOVE + level, tall)
    for at, column in enumerate(layout.columns):
        sheet.write_string(_ABOVE + depth, at, f"({column.number})", look)
        sheet.set_column(at, at, column.width)
    return depth + 1


def _merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int, words: str, look: Any) -> None:
    if (top, left) == (bottom, right):
        sheet.write_string(top, left, words, look)
    else:
        sheet.merge_range(top, left, bottom, right, words, look)


def _format(workbook: Workbook, **look: object) -> Any:
    return workbook.add_format({"font_name": FONT, "font_size": _SIZE} | look)


# The page


def write_registration(form: Form, home: Path, si_code: str, path: Path) -> Written:
    """Write a participant's declaration: a page of items. BaophuError where the person is not in the register."""
    found = Registered(home).people([si_code], ())
    if not found:
        raise BaophuError(
            Text("Sổ người tham gia không có mã số BHXH này.", "No participant has this insurance number."),
        )
    layout = next(one for one in form.layouts if one.items)
    values = _person(found[0])
    with new_workbook(path) as workbook:
        sheet = workbook.add_worksheet(form.code)
        title = workbook.add_format(
            {
                "font_name": FONT,
                "font_size": 14,
                "bold": True,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
            }
        )
        plain = _format(workbook, border=1, text_wrap=True, valign="vcenter")
        italic = _format(workbook, italic=True, align="right")
        sheet.merge_range(0, 0, 0, 1, f"Mẫu {form.code} ({form.basis})", italic)
        sheet.merge_range(1, 0, 1, 1, form.title.vi.upper(), title)
        sheet.set_row(1, 44)
        for row, column in enumerate(layout.columns, 3):
            _write_item(sheet, row, column, values, plain)
        end = 4 + len(layout.columns)
        sheet.write_string(end, 1, "NGƯỜI KÊ KHAI", _format(workbook, bold=True, align="center"))
        sheet.write_string(end + 1, 1, "(Ký, ghi rõ họ tên)", _format(workbook, italic=True, align="center"))
        sheet.set_column(0, 0, 52)
        sheet.set_column(1, 1, 44)
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
    return Written(1)


def _write_item(sheet: Worksheet, row: int, column: FormColumn, values: dict[str, Any], look: Any) -> None:
    label = f"[{column.number}]. {column.headings[0]}"
    value = values.get(column.field or "", "")
    sheet.write_string(row, 0, label, look)
    sheet.write_string(row, 1, value, look)
    sheet.set_row(row, height([(label, 52), (value, 44)], _SIZE) + 3)
