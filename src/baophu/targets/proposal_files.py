"""A proposal as JSON rows, and as the workbook that an office changes, signs and imports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.excel import FONT, fit_a4, new_workbook
from baophu.core.languages import Text
from baophu.core.numbers import as_float, rounded
from baophu.indicators.catalogue import UNITS
from baophu.targets.assigning import ORIGINS, Proposal, Row
from baophu.targets.decisions import Assigned, Decision, Issued, Target, target_of
from baophu.targets.template import write_form

if TYPE_CHECKING:
    from baophu.core.excel import Workbook

_UNKNOWN_DAY = date(1900, 1, 1)


def as_rows(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the rows of a proposal for another program; counts are whole people, days `YYYY-MM-DD`."""
    return [_row(proposal, row) for row in proposal.rows]


def _row(proposal: Proposal, row: Row) -> dict[str, Any]:
    binding = row.share.binding
    growth = Fraction(row.target, row.base.value) - 1 if row.base.value else None
    found = {
        "area_code": row.area.code,
        "name": row.area.full_name,
        "parent": row.area.parent,
        "indicator": proposal.indicator.id,
        "scope": proposal.scope,
        "period_end": f"{proposal.wish.year}-12-31",
        "target": row.target,
        "base": row.base.value,
        "base_month": f"{row.base.month:%Y-%m}",
        "base_source": row.base.origin,
        "held": row.base.held,
        "increase": row.target - row.base.value,
        "growth": as_float(rounded(growth, 6)) if growth is not None else None,
        "share": as_float(rounded(row.share.exact, 3)),
        "floor": row.unit.lower.value,
        "floor_why": row.unit.lower.why,
        "ceiling": row.unit.upper.value,
        "ceiling_why": row.unit.upper.why,
        "binding": binding.why if binding else "",
        "months": {one.id: one.value for one in row.months},
        "phases": [
            {"phase": one.id, "date": str(one.day), "share": as_float(one.share), "target": one.value}
            for one in row.phases
        ],
    }
    if row.denominator is not None:
        found |= {
            "denominator": row.denominator,
            "target_share": as_float(rounded(Fraction(row.target, row.denominator), 6)),
        }
    return found


def write_proposals(proposal: Proposal, out: Path, known: Iterable[Target]) -> list[Path]:
    """Write a proposal as forms to import: one workbook, or for the whole tree one for each area, in a folder."""
    listed = list(known)
    parents = list(dict.fromkeys(str(row.area.parent) for row in proposal.rows))
    if len(parents) == 1:
        return [_write(proposal, parents[0], out, listed)]
    return [_write(proposal, code, out / f"{code}.xlsx", listed) for code in parents]


def _write(proposal: Proposal, parent: str, out: Path, known: list[Target]) -> Path:
    wish, rows = proposal.wish, proposal.below(parent)
    end = date(wish.year, 12, 31)
    decision = Decision(
        id=f"de-xuat-{wish.year}",
        number=f"Đề xuất {wish.year}",
        title=Text(f"Đề xuất chỉ tiêu năm {wish.year}", f"Proposed targets of {wish.year}"),
        issuer=Text("chưa ban hành", "not issued"),
        issued=Issued(after=_UNKNOWN_DAY),
        sources=("baophu targets assign",),
    )
    base = date(wish.year - 1, 12, 31)
    proposed = [
        _target(proposal, decision, row.area.code, _value(proposal, row.target, row.denominator), base, end)
        for row in rows
    ]
    whole = sum(row.target for row in rows)
    people = sum(row.denominator or 0 for row in rows) or None
    proposed.append(_target(proposal, decision, parent, _value(proposal, whole, people), base, end))
    with new_workbook(out) as workbook:
        write_form(
            workbook,
            decision,
            parent_code=parent,
            indicators=[proposal.indicator.id],
            period_end=end,
            known=[*known, *proposed],
            is_proposal=True,
        )
        _write_grounds(workbook, proposal, rows)
    return out


def _value(proposal: Proposal, people: int, denominator: int | None) -> Decimal:
    if proposal.indicator.unit != "share" or not denominator:
        return Decimal(people)
    # Rounded up in the sixth decimal, so that whoever reaches the share has reached the people.
    return Decimal(-(-people * 10**6 // denominator)) / 10**6


def _target(proposal: Proposal, decision: Decision, code: str, value: Decimal, base: date, end: date) -> Target:
    assigned = Assigned(
        indicator=proposal.indicator.id,
        area_code=code,
        scope=proposal.scope,
        period_end=end,
        base_date=base,
        value=value,
        direction="at_least",
    )
    return target_of(decision, assigned)


def _write_grounds(workbook: Workbook, proposal: Proposal, rows: list[Row]) -> None:
    """Write the sheet that says what each proposed figure rests on; the import does not read it."""
    sheet = workbook.add_worksheet("Căn cứ")
    look: dict[str, Any] = {"font_name": FONT, "font_size": 11, "border": 1}
    head = workbook.add_format(look | {"bold": True, "text_wrap": True, "align": "center", "bg_color": "#E8EEEE"})
    text, number = workbook.add_format(look), workbook.add_format(look | {"num_format": "#,##0"})
    per_cent = workbook.add_format(look | {"num_format": "0.0%"})
    months = [one.id for one in rows[0].months]
    phases = [f"Đợt {one.id} ({one.day:%d/%m/%Y})" for one in rows[0].phases]
    unit = UNITS["person"].vi
    headings = [
        "Mã số", "Đơn vị được giao", f"Số đầu kỳ ({unit})", "Nguồn số đầu kỳ", "Đang có", "Đề xuất", "Tăng thêm",
        "Tỷ lệ tăng", "Mức sàn", "Vì sao (sàn)", "Mức trần", "Vì sao (trần)", "Giới hạn chặn", *phases, *months,
    ]  # fmt: skip
    for column, words in enumerate(headings):
        sheet.write_string(0, column, words, head)
    sheet.set_row(0, 48)
    settings = proposal.wish.settings
    for at, row in enumerate(rows, 1):
        binding = row.share.binding
        cells: list[tuple[Any, Any]] = [
            (row.area.code, text),
            (row.area.full_name, text),
            (row.base.value, number),
            (f"{ORIGINS[row.base.origin].vi}, {row.base.month:%m/%Y}", text),
            ("" if row.base.held is None else row.base.held, number),
            (row.target, number),
            (f"=F{at + 1}-C{at + 1}", number),
            (f'=IF(C{at + 1}=0,"",G{at + 1}/C{at + 1})', per_cent),
            (row.unit.lower.value, number),
            (settings.words(row.unit.lower.why).vi, text),
            (row.unit.upper.value, number),
            (settings.words(row.unit.upper.why).vi, text),
            (settings.words(binding.why).vi if binding else "", text),
            *((one.value, number) for one in (*row.phases, *row.months)),
        ]
        for column, (value, style) in enumerate(cells):
            if isinstance(value, str) and value.startswith("="):
                growth = row.target - row.base.value
                shown: float | str = growth if column == 6 else growth / row.base.value if row.base.value else ""
                sheet.write_formula(at, column, value, style, shown)
            elif isinstance(value, str):
                sheet.write_string(at, column, value, style)
            else:
                sheet.write_number(at, column, value, style)
    sheet.ignore_errors({"number_stored_as_text": f"A2:A{len(rows) + 1}"})
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, len(headings) - 1, 13)
    for column in (3, 9, 11, 12):
        sheet.set_column(column, column, 28)
    sheet.freeze_panes(1, 2)
    fit_a4(sheet)
