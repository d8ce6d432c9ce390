"""The form that an office fills in: one row a unit, one column an indicator, in Vietnamese, for screen and A4.

The rows above the headings and the sheet 'Quyết định' say in plain words what the program needs to know (see `form`),
so a filled-in form needs no option and no guess when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.areas.units import Area, tree
from baophu.core.errors import BaophuError
from baophu.core.excel import FONT, fit_a4, height, new_workbook
from baophu.core.languages import Text
from baophu.core.numbers import long_date
from baophu.indicators.catalogue import SCOPES, UNITS, catalogue, indicator
from baophu.targets import form
from baophu.targets.decisions import COUNTRY, DIRECTIONS, Decision, Target, governing
from baophu.targets.form import Column
from baophu.targets.workbook import letters

if TYPE_CHECKING:
    from baophu.core.excel import Format, Workbook, Worksheet

SHEET = "Chỉ tiêu"
_CODE, _NAME, _FIRST = 0, 1, 2
_LANDSCAPE_WIDTH = 120  # characters that an A4 sheet on its side holds at 12 points


@dataclass(frozen=True, slots=True)
class _Figures:
    """One column of figures on the sheet: what it assigns, and whether it holds the upper ends of ranges."""

    of: Column
    is_high: bool

    @property
    def heading(self) -> str:
        return form.HIGH_HEADING.vi if self.is_high else form.heading(self.of)

    @property
    def needs_none(self) -> bool:
        return self.of.direction == "above_last_year"

    def value(self, target: Target | None) -> Decimal | None:
        """Return the figure of a target that stands in this column."""
        if target is None:
            return None
        return target.high if self.is_high else target.value


@dataclass(frozen=True, slots=True)
class _Place:
    """The rows of the form, from 0."""

    told: int
    header: int
    first: int
    last: int

    @property
    def total(self) -> int:
        return self.last + 1


def write_template(
    decision: Decision,
    path: Path,
    *,
    parent_code: str = COUNTRY,
    indicators: Sequence[str] | None = None,
    period_end: date | None = None,
    known: Iterable[Target],
) -> Path:
    """Write the form by which the units below an area get their part of what `decision` assigned to it.

    The columns are the area's own targets under the decision, or the `indicators` named, due on `period_end`. Figures
    that are known for the units are filled in. Below the country, the units' figures are the area's own decision, whose
    number and date are left to be filled in. BaophuError where there is nothing to break down.
    """
    with new_workbook(path) as workbook:
        write_form(
            workbook, decision, parent_code=parent_code, indicators=indicators, period_end=period_end, known=known
        )
    return path


def write_form(
    workbook: Workbook,
    decision: Decision,
    *,
    parent_code: str,
    indicators: Sequence[str] | None,
    period_end: date | None,
    known: Iterable[Target],
    is_proposal: bool = False,
) -> None:
    """Write the sheets of the form into a workbook.

    With `is_proposal` the figures of `decision` are nobody's decision yet: its number and date are left empty.
    """
    targets = list(known)
    areas = tree()
    parent = areas.get(parent_code)
    units = areas.children(parent.code)
    if not units:
        raise BaophuError(
            Text(
                f"{parent.full_name} không có đơn vị trực thuộc để giao.",
                f"{parent.full_name_en} has no units below it to assign to.",
            )
        )
    columns = _columns(decision, parent, indicators, period_end, targets)
    standing = governing(targets) | {target.subject: target for target in targets if target.decision.id == decision.id}
    workbook.set_properties({"title": f"{decision.number}: {parent.full_name}", "author": "baophu"})
    _write_table(workbook, decision, parent, units, columns, standing, is_proposal)
    own = is_proposal or parent.code != COUNTRY
    _write_decision(workbook, None if own else decision, parent)
    _write_guide(workbook, own)


def _columns(
    decision: Decision,
    parent: Area,
    indicators: Sequence[str] | None,
    period_end: date | None,
    targets: list[Target],
) -> list[Column]:
    """Return what the form asks for: the area's targets under the decision, or indicators by name."""
    wanted = [indicator(word).id for word in indicators or ()]
    found = [
        Column(indicator(target.indicator), target.scope, target.base_date, target.period_end, target.direction)
        for target in targets
        if (target.decision.id, target.area_code) == (decision.id, parent.code)
        # A target without a figure is asked for only where it is named.
        and (target.direction != "above_last_year" or wanted or period_end)
        and (not wanted or target.indicator in wanted)
        and period_end in (None, target.period_end)
    ]
    there = {column.indicator.id for column in found}
    for name in wanted:
        if name not in there and period_end is not None:
            record = indicator(name)
            found.append(Column(record, "all", date(period_end.year - 1, 12, 31), period_end, record.direction))
    lacking = [name for name in wanted if name not in {column.indicator.id for column in found}]
    if lacking or not found:
        names = ", ".join(lacking)
        raise BaophuError(
            Text(
                f"{decision.number} không giao {names or 'chỉ tiêu nào'} cho {parent.full_name}.",
                f"{decision.number} assigns {names or 'nothing'} to {parent.full_name_en}.",
            )
            if not lacking
            else Text(
                f"{decision.number} không giao {names} cho {parent.full_name}, nên cần biết ngày phải đạt.",
                f"{decision.number} does not assign {names} to {parent.full_name_en}, so the day it is due is needed.",
            ),
            Text(
                "Nêu chỉ tiêu và ngày: --indicator si_total --period-end 2030-12-31",
                "Name the indicator and the day: --indicator si_total --period-end 2030-12-31",
            ),
        )
    order = {name: number for number, name in enumerate(catalogue())}
    return sorted(found, key=lambda column: (column.period_end, order[column.indicator.id], column.scope))


def _format(workbook: Workbook, **properties: Any) -> Format:
    return workbook.add_format({"font_name": FONT, "font_size": 12, "valign": "vcenter"} | properties)


def _write_table(
    workbook: Workbook,
    decision: Decision,
    parent: Area,
    units: Sequence[Area],
    columns: list[Column],
    standing: dict[tuple[str, str, str, date], Target],
    is_proposal: bool,
) -> None:
    sheet = workbook.add_worksheet(SHEET)
    figures = [
        _Figures(column, is_high)
        for column in columns
        for is_high in (False, True)[: 1 + (column.direction == "range")]
    ]
    at = _Place(told=4, header=9, first=10, last=9 + len(units))
    last_column = _FIRST + len(figures) - 1
    _write_top(workbook, sheet, decision, parent, columns, last_column, is_proposal)
    _write_told(workbook, sheet, figures, at)

    head = _format(workbook, bold=True, text_wrap=True, align="center", border=1, bg_color="#E8EEEE")
    sheet.write_string(at.header, _CODE, form.CODE_HEADING.vi, head)
    sheet.write_string(at.header, _NAME, form.NAME_HEADING.vi, head)
    sheet.set_row(at.header, 66)
    code = _format(workbook, num_format="@", align="center", border=1)
    name = _format(workbook, border=1)
    for row, area in enumerate(units, at.first):
        sheet.write_string(row, _CODE, area.code, code)
        sheet.write_string(row, _NAME, area.full_name, name)
    # A text code beside figures makes Excel warn of "a number stored as text"; here it is meant.
    sheet.ignore_errors({"number_stored_as_text": f"A{at.first + 1}:A{at.last + 1}"})
    for number, column in enumerate(figures, _FIRST):
        sheet.write_string(at.header, number, column.heading, head)
        _write_column(workbook, sheet, number, column, units, parent, standing, at, decision if is_proposal else None)

    sheet.set_column(_CODE, _CODE, 8)
    sheet.set_column(_NAME, _NAME, 34)
    sheet.set_column(_FIRST, last_column, max(16, min(30, (_LANDSCAPE_WIDTH - 42) // len(figures))))
    sheet.freeze_panes(at.first, _FIRST)
    fit_a4(sheet)
    sheet.set_margins(left=0.7, right=0.5, top=0.7, bottom=0.7)
    sheet.repeat_rows(at.header)
    sheet.set_footer("&R&P/&N")


def _write_top(
    workbook: Workbook,
    sheet: Worksheet,
    decision: Decision,
    parent: Area,
    columns: list[Column],
    last_column: int,
    is_proposal: bool,
) -> None:
    title = _format(workbook, bold=True, font_size=14, align="center", text_wrap=True)
    under = _format(workbook, italic=True, font_size=13, align="center", text_wrap=True)
    ask = _format(workbook, font_size=12, align="center", text_wrap=True, font_color="#0B6B68")
    right = _format(workbook, italic=True, align="right")
    issued = f" {long_date(decision.issued.on, 'vi')}" if decision.issued.on else ""
    cited = f"{decision.number}{issued} của {decision.issuer.vi}"
    if parent.code == COUNTRY:
        head, basis = "CHỈ TIÊU GIAO CHO CÁC TỈNH, THÀNH PHỐ", f"(Kèm theo {cited})"
    else:
        level = "XÃ, PHƯỜNG, ĐẶC KHU"
        head, basis = f"CHỈ TIÊU GIAO CHO CÁC {level} THUỘC {parent.full_name.upper()}", f"(Thực hiện {cited})"
    if is_proposal:
        basis = f"({decision.title.vi}, chưa ban hành)"
    lines = ((0, head, title, 24), (1, basis, under, 20))
    for row, words, look, points in lines:
        sheet.merge_range(row, _CODE, row, last_column, words, look)
        sheet.set_row(row, points)
    asked = "Điền mọi ô trắng bằng con số được giao. Số in nghiêng màu xám đã biết, xin đối chiếu với văn bản gốc."
    if is_proposal:
        asked = "Số in nghiêng màu xám là số đề xuất, sửa được; vì sao có số ấy: xem trang 'Căn cứ'."
    sheet.merge_range(2, _CODE, 2, last_column, asked, ask)
    sheet.set_row(2, 34 if last_column < _FIRST + 2 else 20)
    units = dict.fromkeys(UNITS[column.indicator.unit].vi for column in columns)
    sheet.write_string(3, last_column, f"Đơn vị tính: {', '.join(units)}", right)


def _write_told(workbook: Workbook, sheet: Worksheet, figures: list[_Figures], at: _Place) -> None:
    """Write what the program must know of each column, small and grey, as words that a person can read and change."""
    small = _format(workbook, font_size=8, font_color="#7A7A7A", align="center", num_format="@")
    label = _format(workbook, font_size=8, font_color="#7A7A7A", align="right")
    for row, (key, words) in enumerate(form.COLUMN_ROWS.items(), at.told):
        sheet.set_row(row, 11)
        sheet.write_string(row, _NAME, words.vi, label)
        for number, column in enumerate(figures, _FIRST):
            said = {
                "indicator": column.of.indicator.id,
                "scope": SCOPES[column.of.scope].vi,
                "base_date": f"{column.of.base_date:%d/%m/%Y}",
                "period_end": f"{column.of.period_end:%d/%m/%Y}",
                "direction": DIRECTIONS[column.of.direction].vi,
            }
            sheet.write_string(row, number, said[key], small)


def _write_column(
    workbook: Workbook,
    sheet: Worksheet,
    number: int,
    column: _Figures,
    units: Sequence[Area],
    parent: Area,
    standing: dict[tuple[str, str, str, date], Target],
    at: _Place,
    proposal: Decision | None,
) -> None:
    is_share = column.of.indicator.unit == "share"
    look = "0.0##%" if is_share else "#,##0"
    empty = _format(workbook, num_format=look, border=1)
    grey = _format(workbook, num_format=look, border=1, italic=True, font_color="#7A7A7A")
    if column.needs_none:
        words = _format(workbook, border=1, italic=True, font_color="#7A7A7A", align="center", text_wrap=True)
        for row in range(at.first, at.last + 1):
            sheet.write_string(row, number, DIRECTIONS["above_last_year"].vi, words)
        return
    total = Decimal(0)
    for row, area in enumerate(units, at.first):
        target = standing.get((column.of.indicator.id, area.code, column.of.scope, column.of.period_end))
        value = column.value(target)
        if target is None or value is None:
            sheet.write_blank(row, number, None, empty)
            continue
        total += value
        sheet.write_number(row, number, float(value), grey)
        if target.decision is proposal:
            continue
        note = f"{target.decision.number}\n{target.source}"
        sheet.write_comment(row, number, note, {"author": "baophu", "x_scale": 2.5})
    sheet.data_validation(at.first, number, at.last, number, _validation(is_share))
    if is_share:
        return
    _write_sum(workbook, sheet, number, column, parent, standing, at, total)


def _validation(is_share: bool) -> dict[str, Any]:
    if is_share:
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 1,
            "input_title": "Tỷ lệ",
            "input_message": "Ghi tỷ lệ, ví dụ 45%.",
            "error_title": "Cần tỷ lệ từ 0 đến 100 %",
            "error_message": "Ghi tỷ lệ, ví dụ 45%.",
        }
    return {
        "validate": "integer",
        "criteria": ">=",
        "value": 0,
        "input_title": "Số được giao",
        "input_message": "Ghi số nguyên, không kèm chữ.",
        "error_title": "Cần số nguyên",
        "error_message": "Ghi số nguyên từ 0 trở lên, chỉ gồm chữ số.",
    }


def _write_sum(
    workbook: Workbook,
    sheet: Worksheet,
    number: int,
    column: _Figures,
    parent: Area,
    standing: dict[tuple[str, str, str, date], Target],
    at: _Place,
    total: Decimal,
) -> None:
    """Write below the units their sum, the parent's figure and the difference, which turns red while it is not zero."""
    bold = _format(workbook, bold=True, num_format="#,##0", border=1)
    label = _format(workbook, bold=True, border=1)
    plain, gap = _format(workbook, border=1), _format(workbook, num_format="+#,##0;-#,##0;0", border=1)
    figure = _format(workbook, num_format="#,##0", border=1)
    letter = letters(number)
    for row, words, look in (
        (at.total, form.TOTAL_LABEL, label),
        (at.total + 1, f"{form.ASSIGNED_LABEL} {parent.full_name}", plain),
        (at.total + 2, form.DIFFERENCE_LABEL, plain),
    ):
        sheet.write_blank(row, _CODE, None, look)
        sheet.write_string(row, _NAME, words, look)
    sheet.write_formula(
        at.total, number, f"=SUM({letter}{at.first + 1}:{letter}{at.last + 1})", bold, value=float(total)
    )
    target = standing.get((column.of.indicator.id, parent.code, column.of.scope, column.of.period_end))
    assigned = column.value(target)
    if target is None or assigned is None:
        sheet.write_blank(at.total + 1, number, None, figure)
        sheet.write_blank(at.total + 2, number, None, gap)
        return
    sheet.write_number(at.total + 1, number, float(assigned), figure)
    sheet.write_comment(
        at.total + 1, number, f"{target.decision.number}\n{target.source}", {"author": "baophu", "x_scale": 2.5}
    )
    sheet.write_formula(
        at.total + 2,
        number,
        f"={letter}{at.total + 1}-{letter}{at.total + 2}",
        gap,
        value=float(total - assigned),
    )
    red = workbook.add_format({"font_color": "#A33B2E", "bold": True})
    sheet.conditional_format(
        at.total + 2, number, at.total + 2, number, {"type": "cell", "criteria": "!=", "value": 0, "format": red}
    )


def _write_decision(workbook: Workbook, decision: Decision | None, parent: Area) -> None:
    """Write what is to be known of the decision; None where it is the area's own and has yet to be filled in."""
    sheet = workbook.add_worksheet(form.DECISION_SHEET)
    label = _format(workbook, border=1, bg_color="#E8EEEE", text_wrap=True)
    field = _format(workbook, border=1, text_wrap=True, num_format="@", align="left")
    said = {"parent": parent.code}
    if decision is not None:
        said |= {
            "number": decision.number,
            "issued": f"{decision.issued.on:%d/%m/%Y}" if decision.issued.on else "",
            "issuer": decision.issuer.vi,
            "title": decision.title.vi,
            "issuer_en": decision.issuer.en,
            "title_en": decision.title.en,
        }
    for row, (key, words) in enumerate(form.FACTS.items()):
        sheet.set_row(row, height([(words.vi, 36), (said.get(key, ""), 80)]))
        sheet.write_string(row, 0, words.vi, label)
        sheet.write_string(row, 1, said.get(key, ""), field)
    sheet.ignore_errors({"number_stored_as_text": "B1:B1"})
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 80)
    fit_a4(sheet)


def _write_guide(workbook: Workbook, own_decision: bool) -> None:
    sheet = workbook.add_worksheet(form.GUIDE_SHEET)
    bold, wrap = _format(workbook, bold=True), _format(workbook, text_wrap=True, valign="top")
    sheet.set_column(0, 1, 62)
    sheet.write_row(0, 0, ["Hướng dẫn", "How to fill this in"], bold)
    own = (
        []
        if not own_decision
        else [
            Text(
                f"Điền trang '{form.DECISION_SHEET}': số, ngày, cơ quan ban hành, trích yếu của quyết định giao số.",
                f"Fill in the sheet '{form.DECISION_SHEET}': number, date, issuer and title of the decision that "
                "assigns these figures.",
            )
        ]
    )
    for row, words in enumerate([*own, *_GUIDE], 1):
        both = (f"{row}. {words.vi}", f"{row}. {words.en}")
        sheet.set_row(row, height((text, 62) for text in both))
        sheet.write_row(row, 0, both, wrap)
    fit_a4(sheet)


_GUIDE = [
    Text(
        f"Trang '{SHEET}': mỗi dòng một đơn vị, mỗi cột một chỉ tiêu. Điền đủ mọi ô, chỉ ghi chữ số.",
        f"Sheet '{SHEET}': one row a unit, one column an indicator. Fill in every cell, with digits only.",
    ),
    Text(
        "Không sửa cột Mã. Mã là chữ, số 0 ở đầu phải giữ nguyên (01, không phải 1).",
        "Leave the codes as they are. They are text, and their leading zeros stay (01 and not 1).",
    ),
    Text(
        "Số in nghiêng màu xám đã biết từ nguồn ghi ở chú thích của ô. Nếu văn bản gốc ghi khác thì sửa theo văn bản.",
        "Figures in grey italics are known from the source in the cell's comment. The document itself is right.",
    ),
    Text(
        f"Dòng '{form.DIFFERENCE_LABEL}' phải bằng 0 khi đã điền xong, trừ khi quyết định giao khác số của cấp trên.",
        f"The row '{form.DIFFERENCE_LABEL}' ends at 0, unless the decision departs from what was assigned above.",
    ),
    Text(
        "Các dòng chữ nhỏ phía trên bảng cho biết chỉ tiêu, phạm vi, ngày bắt đầu, ngày phải đạt. "
        "Chỉ sửa khi quyết định ghi khác.",
        "The small lines above the table tell the indicator, the scope, the first and the last day. Change them only "
        "where the decision says otherwise.",
    ),
    Text(
        f"Chỉ tiêu 'trong khoảng' có hai cột: mức thấp, và '{form.HIGH_HEADING.vi}' ngay bên phải. "
        "Chỉ tiêu 'cao hơn năm trước' không cần số.",
        f"A target 'within' has two columns: the low end, and '{form.HIGH_HEADING.vi}' to its right. "
        "One 'above the year before' needs no figure.",
    ),
    Text(
        "Nạp tệp: baophu targets import <tệp>. Chỗ nào sai sẽ được báo một lần, tô màu trong tệp trả về; chưa đủ thì "
        "không nhận gì.",
        "Import it: baophu targets import <file>. All that is wrong is told at once and coloured in a file given back; "
        "nothing is taken until the file is whole.",
    ),
]
