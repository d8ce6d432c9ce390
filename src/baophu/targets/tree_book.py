"""A year's targets as one workbook: a sheet for each area that assigns, its units' figures, every sum a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.areas.units import Area, tree
from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.excel import FONT, fit_a4, new_workbook
from baophu.core.languages import Text
from baophu.indicators.catalogue import SCOPES, UNITS, Indicator, Scope, catalogue, indicator
from baophu.targets.decisions import COUNTRY, Target, governing
from baophu.targets.workbook import letters

if TYPE_CHECKING:
    from baophu.core.excel import Workbook

_HEADER, _FIRST_ROW, _FIRST = 3, 4, 2
_Of = tuple[str, Scope]


@dataclass(frozen=True, slots=True)
class _Tree:
    """The targets of one year by area, indicator and scope, and which indicators there are."""

    end: date
    values: dict[tuple[str, str, Scope], Target]
    columns: list[tuple[Indicator, Scope]]

    def assigns(self, area: Area) -> bool:
        """Tell whether any unit directly below an area has a target."""
        codes = {unit.code for unit in tree(self.end).children(area.code)}
        return any(code in codes for code, _, _ in self.values)


def write_tree(known: Iterable[Target], out: Path, indicators: Sequence[str], year: int | None) -> tuple[int, int]:
    """Write the governing targets of a year (None: the last that has any); return the year and the sheets.

    Figures of a unit that assigns further have the sum of its own sheet beside them, and the difference, as formulas.
    BaophuError where there is no such target.
    """
    found = _tree(known, [indicator(word).id for word in indicators], year)
    areas = tree(min(found.end, date.today()))
    parents = [area for area in (areas.country, *areas.provinces) if found.assigns(area)]
    with new_workbook(out) as workbook:
        workbook.set_properties({"title": f"Chỉ tiêu năm {found.end.year}", "author": "baophu"})
        for parent in parents:
            below = {area.code for area in parents if area.parent == parent.code}
            _write_sheet(workbook, found, parent, areas.children(parent.code), below)
    return found.end.year, len(parents)


def _tree(known: Iterable[Target], names: list[str], year: int | None) -> _Tree:
    targets = [
        target
        for target in governing(known).values()
        if target.value is not None
        and target.high is None
        and (not names or target.indicator in names)
        and (target.period_end.month, target.period_end.day) == (12, 31)
        and year in (None, target.period_end.year)
        and target.area_code != COUNTRY
    ]
    if not targets:
        raise BaophuError(
            Text("Không có chỉ tiêu nào của các đơn vị như vậy.", "No unit has such a target."),
            did_you_mean(["baophu targets list"]),
        )
    end = max(target.period_end for target in targets)
    whole = [target for target in governing(known).values() if target.period_end == end and target.value is not None]
    values = {(target.area_code, target.indicator, target.scope): target for target in whole if target.phase is None}
    there = {(target.indicator, target.scope) for target in targets if target.period_end == end}
    columns = [
        (record, scope) for record in catalogue().values() for scope in record.scopes if (record.id, scope) in there
    ]
    return _Tree(end, values, columns)


def _write_sheet(workbook: Workbook, found: _Tree, parent: Area, units: Sequence[Area], below: set[str]) -> None:
    sheet = workbook.add_worksheet(sheet_name(parent))
    look: dict[str, Any] = {"font_name": FONT, "font_size": 12, "border": 1}
    head = workbook.add_format(look | {"bold": True, "text_wrap": True, "align": "center", "bg_color": "#E8EEEE"})
    title = workbook.add_format({"font_name": FONT, "font_size": 14, "bold": True})
    under = workbook.add_format({"font_name": FONT, "font_size": 11, "italic": True})
    text, code = workbook.add_format(look), workbook.add_format(look | {"num_format": "@", "align": "center"})
    bold = workbook.add_format(look | {"bold": True})
    sheet.write_string(0, 0, f"CHỈ TIÊU NĂM {found.end.year}: {parent.full_name.upper()}", title)
    sheet.write_string(1, 0, "Tổng và chênh lệch là công thức; ô trống là chưa giao.", under)
    sheet.write_string(_HEADER, 0, "Mã", head)
    sheet.write_string(_HEADER, 1, "Tên đơn vị", head)
    sheet.set_row(_HEADER, 64)
    last = _FIRST_ROW + len(units) - 1
    for row, unit in enumerate(units, _FIRST_ROW):
        sheet.write_string(row, 0, unit.code, code)
        sheet.write_string(row, 1, unit.full_name, text)
    for row, words in (
        (last + 1, "Tổng cộng"),
        (last + 2, f"Số giao cho {parent.full_name}"),
        (last + 3, "Chênh lệch"),
    ):
        sheet.write_blank(row, 0, None, bold)
        sheet.write_string(row, 1, words, bold)
    step = 3 if below else 1
    for number, (record, scope) in enumerate(found.columns):
        _write_column(workbook, sheet, found, (record, scope), parent, units, below, _FIRST + number * step, head, look)
    sheet.ignore_errors({"number_stored_as_text": f"A{_FIRST_ROW + 1}:A{last + 1}"})
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 32)
    sheet.set_column(_FIRST, _FIRST + len(found.columns) * step, 17)
    sheet.freeze_panes(_FIRST_ROW, _FIRST)
    sheet.repeat_rows(_HEADER)
    fit_a4(sheet)


def _write_column(
    workbook: Workbook,
    sheet: Any,
    found: _Tree,
    what: tuple[Indicator, Scope],
    parent: Area,
    units: Sequence[Area],
    below: set[str],
    at: int,
    head: Any,
    look: dict[str, Any],
) -> None:
    record, scope = what
    is_share = record.unit == "share"
    shown = "0.0##%" if is_share else "#,##0"
    number = workbook.add_format(look | {"num_format": shown})
    bold = workbook.add_format(look | {"num_format": shown, "bold": True})
    gap = workbook.add_format(look | {"num_format": "+#,##0;-#,##0;0"})
    words = f"{record.short.vi} ({UNITS[record.unit].vi})" + (f", {SCOPES[scope].vi}" if scope != "all" else "")
    sheet.write_string(_HEADER, at, words, head)
    letter, first, last = letters(at), _FIRST_ROW + 1, _FIRST_ROW + len(units)
    total = 0.0
    for row, unit in enumerate(units, _FIRST_ROW):
        value = _value(found, unit, what)
        total += value or 0
        _write_value(sheet, row, at, value, number)
    if below:
        sheet.write_string(_HEADER, at + 1, "Cộng các đơn vị cấp dưới", head)
        sheet.write_string(_HEADER, at + 2, "Chênh lệch", head)
        own = letters(_FIRST + found.columns.index(what))
        for row, unit in enumerate(units, _FIRST_ROW):
            if unit.code not in below or is_share:
                sheet.write_blank(row, at + 1, None, number)
                sheet.write_blank(row, at + 2, None, gap)
                continue
            children = tree(min(found.end, date.today())).children(unit.code)
            summed = sum(_value(found, child, what) or 0 for child in children)
            where = f"'{sheet_name(unit)}'!{own}{_FIRST_ROW + len(children) + 1}"
            sheet.write_formula(row, at + 1, f"={where}", number, summed)
            difference = f"={letters(at + 1)}{row + 1}-{letter}{row + 1}"
            sheet.write_formula(row, at + 2, difference, gap, summed - (_value(found, unit, what) or 0))
    if is_share:
        return
    sheet.write_formula(last, at, f"=SUM({letter}{first}:{letter}{last})", bold, total)
    assigned = _value(found, parent, what)
    _write_value(sheet, last + 1, at, assigned, bold)
    if assigned is not None:
        sheet.write_formula(last + 2, at, f"={letter}{last + 1}-{letter}{last + 2}", gap, total - assigned)


def _value(found: _Tree, area: Area, what: tuple[Indicator, Scope]) -> float | None:
    target = found.values.get((area.code, what[0].id, what[1]))
    return None if target is None or target.value is None else float(target.value)


def _write_value(sheet: Any, row: int, column: int, value: float | None, look: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_number(row, column, value, look)


def sheet_name(area: Area) -> str:
    """Return the name of an area's sheet: its code and name, within the 31 letters that Excel allows."""
    return f"{area.code} {area.name}"[:31]
