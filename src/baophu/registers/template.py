"""The workbook that an office fills in where its own system cannot export a register as the contract has it.

The first sheet bears the table's name: a row of Vietnamese headings, below it the names of the columns, below that the
rows. Codes are formatted as text, so that a spreadsheet does not eat their zeros; what is typed is checked as far as a
spreadsheet can. The second sheet lists the values of closed lists, the third explains every column and check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.excel import FONT, fit_a4, height, new_workbook
from baophu.core.languages import Text, same
from baophu.registers.contracts import LEVELS, REPLACES, TYPES, Column, Contract, Type

if TYPE_CHECKING:
    from baophu.core.excel import Format, Workbook, Worksheet

VALUES_SHEET = "Giá trị"
GUIDE_SHEET = "Hướng dẫn"
MARK = Text("(bắt buộc)", "(required)")
TITLES, NAMES, FIRST = 0, 1, 2  # rows, from 0
_LAST = 1_048_575  # the last row of a sheet

_FORMATS: dict[Type, str] = {
    "text": "@",
    "code": "@",
    "name": "@",
    "period": "@",
    "boolean": "@",
    "date": "dd/mm/yyyy",
    "month": "dd/mm/yyyy",
    "money": "#,##0",
    "integer": "0",
    "number": "General",
}
_WIDTHS: dict[Type, int] = {"name": 30, "text": 20, "money": 18, "number": 16, "integer": 12, "boolean": 12}
_TRUTHS = ("true", "false")
_MOST_MONEY = 999_999_999_999_999  # a spreadsheet keeps fifteen digits


def write_register_template(contract: Contract, path: Path) -> Path:
    """Write the workbook of one table to `path`, and return it."""
    with new_workbook(path) as workbook:
        workbook.set_properties({"title": f"{contract.table}: {contract.title.vi}", "author": "baophu"})
        sheet = workbook.add_worksheet(contract.table)
        lists = _write_values(workbook, contract)
        _write_columns(workbook, sheet, contract, lists)
        _write_guide(workbook, contract)
        sheet.activate()
    return path


def _format(workbook: Workbook, **properties: Any) -> Format:
    return workbook.add_format({"font_name": FONT, "font_size": 12, "valign": "vcenter"} | properties)


def _write_columns(workbook: Workbook, sheet: Worksheet, contract: Contract, lists: Mapping[str, str]) -> None:
    looks = {
        needed: (
            _format(workbook, bold=needed, text_wrap=True, align="center", border=1, bg_color=fill),
            _format(workbook, bold=needed, align="center", border=1, bg_color=fill, num_format="@"),
        )
        for needed, fill in ((True, "#CFE3E2"), (False, "#F1F4F4"))
    }
    bodies = {kind: _format(workbook, num_format=look) for kind, look in _FORMATS.items()}
    widths = []
    for number, column in enumerate(contract.columns):
        title, name = looks[column.value_required]
        widths.append(max(len(column.name) + 3, _WIDTHS.get(column.type, 16)))
        sheet.set_column(number, number, widths[-1], bodies[column.type])
        sheet.write_string(TITLES, number, _heading_of(column), title)
        sheet.write_string(NAMES, number, column.name, name)
        sheet.write_comment(NAMES, number, _comment(column), {"author": "baophu", "x_scale": 2.5, "y_scale": 1.6})
        rule = _validation(column, lists.get(column.name), f"{_letters(number)}{FIRST + 1}")
        if rule:
            sheet.data_validation(FIRST, number, _LAST, number, rule)
    titles = [(_heading_of(column), width) for column, width in zip(contract.columns, widths, strict=True)]
    sheet.set_row(TITLES, height(titles))
    # A text code makes a spreadsheet warn of "a number stored as text"; here it is meant.
    sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(contract.columns) - 1)}{_LAST + 1}"})
    sheet.freeze_panes(FIRST, 0)
    sheet.repeat_rows(TITLES, NAMES)
    fit_a4(sheet)


def _heading_of(column: Column) -> str:
    """Return the heading above a column's name.

    Titles alone are a header to the reader too; with the mark they are not, and the row of names is.
    """
    return f"{column.title.vi} {MARK.vi}" if column.value_required else column.title.vi


def _letters(number: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(number))


def _comment(column: Column) -> str:
    """Say in both languages what the column holds and whether it is needed."""
    facts = [column.title, TYPES[column.type], column.needed(), column.limits(), column.note]
    said = [fact for fact in facts if fact is not None]
    return "\n".join((". ".join(_bare(fact.vi) for fact in said), "", ". ".join(_bare(fact.en) for fact in said)))


def _bare(words: str) -> str:
    return words.removesuffix(".")


def _validation(column: Column, listed: str | None, cell: str) -> dict[str, Any] | None:
    """Say what a spreadsheet is to accept in a column; `cell` is the first one below the headings."""
    rule = _rule(column, listed, cell)
    if rule is None:
        return None
    criteria, said = rule
    words = f"{said.vi} / {said.en}"
    return {**criteria, "ignore_blank": True, "error_title": column.name, "error_message": words[:255]}


def _rule(column: Column, listed: str | None, cell: str) -> tuple[dict[str, Any], Text] | None:
    limits = column.limits()
    if listed is not None:
        said = Text(f"Chọn trong danh sách, xem trang {VALUES_SHEET}.", f"Choose from the list, see {VALUES_SHEET}.")
        return {"validate": "list", "source": listed}, said
    if column.type == "boolean":
        return {"validate": "list", "source": list(_TRUTHS)}, Text("Ghi true hoặc false.", "Write true or false.")
    if column.type in ("code", "name", "text") and column.digits:
        widths = ",".join(f"LEN({cell})={digits}" for digits in column.digits)
        said = limits or same("")
        return (
            {"validate": "custom", "value": f"=AND(ISTEXT({cell}),OR({widths}))"},
            Text(f"Cần {said.vi}, dạng chữ.", f"Needs {said.en}, as text."),
        )
    if column.type == "date":
        # A year typed as a date, 1950, is the 1950th day of the calendar of spreadsheets: 3 May 1905.
        said = Text("Ghi ngày/tháng/năm, ví dụ 30/11/2025.", "Write day/month/year, such as 30/11/2025.")
        if column.name == "birth_date":
            said = Text(
                f"{said.vi} Chỉ biết năm sinh thì để trống ô này.",
                f"{said.en} Where only the year is known leave this empty.",
            )
        return {"validate": "custom", "value": f"=AND(ISNUMBER({cell}),{cell}>=DATE(1910,1,1))"}, said
    if column.type == "month":
        said = Text("Ghi ngày đầu tháng, ví dụ 01/11/2025.", "Write the first day of the month, such as 01/11/2025.")
        return (
            {"validate": "custom", "value": f"=AND(ISNUMBER({cell}),{cell}>=DATE(1910,1,1),DAY({cell})=1)"},
            said,
        )
    if column.type in ("money", "integer", "number"):
        return _bounds(column), _number_words(column)
    return None


def _bounds(column: Column) -> dict[str, Any]:
    return {
        "validate": "decimal" if column.type == "number" else "integer",
        "criteria": "between",
        "minimum": -_MOST_MONEY if column.least is None else column.least,
        "maximum": _MOST_MONEY if column.most is None else column.most,
    }


def _number_words(column: Column) -> Text:
    kind = {
        "money": Text("Ghi số tiền bằng đồng, số nguyên", "Write whole VND"),
        "integer": Text("Ghi số nguyên", "Write a whole number"),
        "number": Text("Ghi một con số", "Write a number"),
    }[column.type]
    limits = column.limits()
    return (
        Text(f"{kind.vi}, {limits.vi}.", f"{kind.en}, {limits.en}.") if limits else Text(f"{kind.vi}.", f"{kind.en}.")
    )


def _write_values(workbook: Workbook, contract: Contract) -> dict[str, str]:
    """Write the closed lists to a sheet of their own; return for each column the range from which it chooses."""
    lists = {column.name: column for column in contract.columns if column.values}
    if not lists:
        return {}
    sheet = workbook.add_worksheet(VALUES_SHEET)
    head, wrap = _heading(workbook), _format(workbook, text_wrap=True, valign="top", num_format="@")
    widths = (20, 20, 60, 60)
    _write_heads(sheet, 0, ("Cột / Column", "Giá trị / Value", "Nghĩa", "Meaning"), head)
    ranges, row = {}, 1
    for name, column in lists.items():
        first = row
        for value, words in column.values.items():
            cells = (name, value, words.vi, words.en)
            sheet.set_row(row, height(zip(cells, widths, strict=True)))
            for place, text in enumerate(cells):
                sheet.write_string(row, place, text, wrap)
            row += 1
        ranges[name] = f"='{VALUES_SHEET}'!$B${first + 1}:$B${row}"
    _finish(sheet, widths)
    return ranges


def _write_guide(workbook: Workbook, contract: Contract) -> None:
    sheet = workbook.add_worksheet(GUIDE_SHEET)
    title = _format(workbook, bold=True, font_size=14)
    plain = _format(workbook, text_wrap=True, valign="top")
    wrap, head = _format(workbook, text_wrap=True, valign="top", border=1), _heading(workbook)
    widths = (22, 26, 26, 26, 26, 34, 34)
    sheet.write_string(0, 0, f"{contract.table}: {contract.title.vi} / {contract.title.en}", title)
    row = 1
    for words in _general(contract):
        # Beside each other over the whole width: Vietnamese, then English.
        sheet.set_row(row, height(((words.vi, sum(widths[:4])), (words.en, sum(widths[4:])))))
        sheet.merge_range(row, 0, row, 3, words.vi, plain)
        sheet.merge_range(row, 4, row, 6, words.en, plain)
        row += 1
    row += 1
    _write_heads(
        sheet, row, ("Cột / Column", "Tên gọi", "Title", "Kiểu / Type", "Cần / Needed", "Ghi chú", "Note"), head
    )
    for column in contract.columns:
        row += 1
        _write_row(sheet, row, _told(column), widths, wrap)
    if contract.checks:
        row += 2
        heads = Text("Lý do", "Reason")
        _write_check(sheet, row, ("Kiểm tra / Check", "Cột / Columns", "Sai thì / On failure"), heads, widths, head)
        for check in contract.checks:
            row += 1
            level = LEVELS[check.level]
            said = (check.id, ", ".join(check.columns), f"{level.vi} / {level.en}")
            _write_check(sheet, row, said, check.reason, widths, wrap)
    _finish(sheet, widths)


def _told(column: Column) -> tuple[str, ...]:
    kind, needed = TYPES[column.type], column.needed()
    limits = column.limits() or same("")
    chosen = ", ".join(column.values)
    listed = Text(f"một trong: {chosen}", f"one of: {chosen}") if column.values else same("")
    note = column.note or same("")
    return (
        column.name,
        column.title.vi,
        column.title.en,
        f"{kind.vi} / {kind.en}",
        f"{needed.vi} / {needed.en}",
        ". ".join(_bare(part.vi) for part in (limits, listed, note) if part.vi),
        ". ".join(_bare(part.en) for part in (limits, listed, note) if part.en),
    )


def _general(contract: Contract) -> list[Text]:
    replaces = REPLACES[contract.replaces]
    said = [
        contract.note,
        Text(
            f"Điền trang '{contract.table}' từ dòng {FIRST + 1}. Giữ nguyên dòng tên cột; thứ tự cột tùy ý. "
            "Cột tô đậm, ghi (bắt buộc), phải có giá trị ở mọi dòng.",
            f"Fill in the sheet '{contract.table}' from row {FIRST + 1}. Keep the row of names; columns may stand in "
            "any order. A column in bold, marked (bắt buộc), needs a value in every row.",
        ),
        Text(
            "Mã là chữ, số 0 ở đầu phải giữ nguyên (001, không phải 1). Dán bằng 'Dán giá trị' để giữ định dạng ô.",
            "Codes are text, and their leading zeros stay (001 and not 1). Paste as values, so that cells keep "
            "their format.",
        ),
        Text(
            f"Không có hai dòng trùng {', '.join(contract.key)}.",
            f"No two rows have the same {', '.join(contract.key)}.",
        )
        if contract.key
        else None,
        Text(f"Tệp mới {replaces.vi}.", f"A newer file {replaces.en}."),
        Text(
            "Dòng sai được ghi vào tệp trả lại với số dòng, cột, giá trị, lý do; các dòng khác vẫn được nhận.",
            "A row that is wrong goes to a file of rejects with its number, column, value and reason; the others "
            "are taken.",
        ),
    ]
    return [words for words in said if words is not None]


def _heading(workbook: Workbook) -> Format:
    return _format(workbook, bold=True, text_wrap=True, border=1, bg_color="#E8EEEE")


def _write_heads(sheet: Worksheet, row: int, heads: Iterable[str], look: Format) -> None:
    for place, words in enumerate(heads):
        sheet.write_string(row, place, words, look)


def _write_row(sheet: Worksheet, row: int, cells: tuple[str, ...], widths: tuple[int, ...], look: Format) -> None:
    sheet.set_row(row, height(zip(cells, widths, strict=True)))
    for place, words in enumerate(cells):
        sheet.write_string(row, place, words, look)


def _write_check(
    sheet: Worksheet, row: int, facts: tuple[str, ...], reason: Text, widths: tuple[int, ...], look: Format
) -> None:
    """Write a row whose reason has the room of two columns in each language."""
    wide = ((reason.vi, widths[3] + widths[4]), (reason.en, widths[5] + widths[6]))
    sheet.set_row(row, height((*zip(facts, widths, strict=False), *wide)))
    for place, words in enumerate(facts):
        sheet.write_string(row, place, words, look)
    sheet.merge_range(row, 3, row, 4, reason.vi, look)
    sheet.merge_range(row, 5, row, 6, reason.en, look)


def _finish(sheet: Worksheet, widths: Iterable[int]) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    fit_a4(sheet)
