"""What goes back to the sender: each cell to mend with its row, its value and the reason in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from baophu.core.excel import FONT, MARKED, MENDING_SHEET, comment, fit_a4, list_to_mend, new_workbook
from baophu.core.languages import Text, same
from baophu.registers.contracts import Contract
from baophu.registers.reading import Part, sheets_of

# Rows of a workbook up to which the sender gets a marked copy of it; above it, the list alone.
MOST_MARKED = 200_000

REASONS: dict[str, Text] = {
    "too_few_cells": Text("dòng thiếu ô so với dòng tiêu đề", "the row has fewer cells than the header"),
    "too_many_cells": Text("dòng thừa ô so với dòng tiêu đề", "the row has more cells than the header"),
    "missing": Text("ô trống, phải có giá trị", "the cell is empty and needs a value"),
    "digits": Text("phải gồm {digits} chữ số", "must have {digits} digits"),
    "scientific": Text(
        "Excel đã rút gọn số này, chữ số bị mất; định dạng cột là Text rồi nhập lại từ nguồn",
        "a spreadsheet has rounded this figure and digits are lost; make the column text and enter it again",
    ),
    "not_in_list": Text("phải là một trong: {values}", "must be one of: {values}"),
    "not_a_date": Text(
        "không phải ngày; viết 2026-10-31 hoặc 31/10/2026", "is no date; write 2026-10-31 or 31/10/2026"
    ),
    "not_a_month": Text("không phải tháng; viết 2026-10-01", "is no month; write 2026-10-01"),
    "not_first_day": Text("tháng phải ghi bằng ngày đầu tháng", "a month is written as its first day"),
    "other_month": Text("không phải tháng đã nêu khi nạp", "is not the month that the load is for"),
    "not_whole": Text("phải là số nguyên, không có phần lẻ", "must be a whole number without a fraction"),
    "not_a_number": Text(
        "không phải số thập phân rõ ràng, nhiều nhất sáu chữ số lẻ",
        "is no plain decimal number of at most six places",
    ),
    "not_a_boolean": Text("phải là true hoặc false", "must be true or false"),
    "not_a_period": Text("phải là năm hoặc quý: 2026, 2026-Q3", "must be a year or a quarter: 2026, 2026-Q3"),
    "below": Text("nhỏ hơn {least}", "is less than {least}"),
    "above": Text("lớn hơn {most}", "is more than {most}"),
    "area_unknown": Text("không có đơn vị hành chính nào mang mã này", "no area has this code"),
    "area_level": Text("không phải mã của cấp đơn vị cần ghi", "is not the code of an area of the level needed"),
    "area_divided": Text(
        "xã này đã chia về nhiều đơn vị; dòng được giữ ở cấp tỉnh, chờ người quyết định",
        "the commune was divided; the row is held at its province for a person to decide",
    ),
    "duplicate_key": Text(
        "các dòng cùng khóa ({key}) mà khác nhau; không biết dòng nào đúng",
        "rows of one key ({key}) differ; which is right is not known",
    ),
    "known": Text(
        "lần nạp {load} đã có đúng dòng này; giữ lại, không tính hai lần",
        "the load {load} has just this row; it is held, and not counted twice",
    ),
    "key_taken": Text(
        "lần nạp {load} đã có khóa ({key}) này cho một dòng khác; sửa khóa, hoặc bỏ lần nạp kia trước",
        "the load {load} has this key ({key}) for another row; mend the key, or undo that load first",
    ),
    "repeat": Text("lặp lại y nguyên một dòng ở trên", "repeats an earlier row exactly"),
}

FLAGS: dict[str, Text] = {
    "zeros_restored": Text("đã thêm lại số 0 ở đầu", "leading zeros put back"),
    "spreadsheet_date": Text("ngày ghi bằng số của bảng tính", "dates written as a spreadsheet's number"),
    "decoded": Text("tên ở bảng mã cũ (TCVN3, VNI) đã đổi sang Unicode", "names in TCVN3 or VNI, brought to Unicode"),
    "year_only": Text("chỉ biết năm sinh", "only the year of birth is known"),
    "area_mapped": Text("mã cũ đã đổi sang đơn vị hiện nay", "old codes mapped to the present area"),
    "area_divided": REASONS["area_divided"],
    "unknown_reference": Text("không có trong bảng {references} đang dùng", "not found in {references} as it is now"),
}


class Reject(NamedTuple):
    """One thing to mend."""

    file: int
    row: int
    column: str
    value: str | None
    code: str
    fate: str


def reason(contract: Contract, column: str, code: str) -> Text:
    """Return the words of a reason or flag for one column of a table."""
    code, _, load = code.partition(":")
    for check in contract.checks:
        if check.id == code:
            return check.reason
    words = REASONS.get(code) or FLAGS.get(code)
    if words is None:
        from baophu.registers import numbers

        return numbers.REASONS.get(code) or same(code)
    about = next((one for one in contract.columns if one.name == column), None)
    key = ", ".join(contract.key)
    if about is None:
        return words.fill(key=key) if "{" in words.vi else words
    facts = {"values": ", ".join(about.values), "least": about.least, "most": about.most, "key": key, "load": load}
    facts["references"] = about.references
    digits = [str(number) for number in about.digits]
    return Text(
        words.vi.format(digits=" hoặc ".join(digits), **facts), words.en.format(digits=" or ".join(digits), **facts)
    )


def mark_workbook(found: Path, contract: Contract, parts: dict[int, Part], path: Path) -> None:
    """Write a copy of a workbook with the cells to mend marked, where something is to mend and it is not too large.

    `found` is the load's reject file; `parts` are the sheets of the workbook that were read, by their number there.
    """
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute(
            """SELECT file_number, row, "column", coalesce(value, ''), reason_vi, reason_en
            FROM read_parquet(?) WHERE list_contains(?, file_number) ORDER BY ALL LIMIT ?""",
            [str(found), list(parts), MOST_MARKED + 1],
        ).fetchall()
    if not rows or len(rows) > MOST_MARKED:
        return
    marks: dict[tuple[str, int, int], Text] = {}
    listed = []
    for file, row, column, value, vi, en in rows:
        part = parts[file]
        at = part.header.match.columns.get(column, 0)
        place = (part.sheet, row - 1, at)
        before = marks.get(place)
        title = f"{contract.column(column).title.vi} ({column}): " if column else ""
        vi, en = f"{title}{vi}", f"{column}: {en}" if column else en
        marks[place] = Text(f"{before.vi}\n{vi}", f"{before.en}\n{en}") if before else Text(vi, en)
        listed.append((f"{part.sheet}, dòng {row}, {column}", value, Text(vi, en)))
    some = next(iter(parts.values()))
    sheets = sheets_of(some.path, MOST_MARKED)
    if sheets is not None:
        write_marked(path, sheets, marks, listed)


def write_marked(
    path: Path,
    sheets: Iterable[tuple[str, list[list[Any]]]],
    marks: dict[tuple[str, int, int], Text],
    listed: list[tuple[str, str, Text]],
) -> None:
    """Write a copy of a workbook with the cells to mend coloured and commented, and a sheet that lists them.

    `marks` are by sheet, row and column (from 0); `listed` are place, value and reason.
    """
    with new_workbook(path) as workbook:
        formats = {
            (look, bad): workbook.add_format(
                {"num_format": look, "font_name": FONT, "font_size": 12} | (MARKED if bad else {})
            )
            for look in ("@", "General", "dd/mm/yyyy")
            for bad in (False, True)
        }
        for name, rows in sheets:
            if name == MENDING_SHEET:
                continue
            sheet = workbook.add_worksheet(name)
            here = {(row, column): words for (where, row, column), words in marks.items() if where == name}
            for row, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    bad = (row, column) in here
                    if isinstance(value, bool):
                        sheet.write_boolean(row, column, value, formats["General", bad])
                    elif isinstance(value, int | float):
                        sheet.write_number(row, column, value, formats["General", bad])
                    elif isinstance(value, date):
                        sheet.write_datetime(row, column, value, formats["dd/mm/yyyy", bad])
                    elif value is not None and value != "":
                        sheet.write_string(row, column, str(value), formats["@", bad])
                    elif bad:
                        sheet.write_blank(row, column, None, formats["General", bad])
            for (row, column), words in here.items():
                comment(sheet, row, column, words)
            for column in range(max((len(cells) for cells in rows), default=0)):
                longest = max(len(str(cells[column] or "")) for cells in rows if column < len(cells))
                sheet.set_column(column, column, min(max(longest + 2, 6), 24))
            fit_a4(sheet)
        list_to_mend(workbook, listed)
