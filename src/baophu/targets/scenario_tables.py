"""A scenario as tables that are shown, as JSON, and as a workbook: the same figures in all three, always as ranges."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from baophu.areas.units import Area, tree
from baophu.core.excel import FONT, fit_a4, height, new_workbook
from baophu.core.languages import Language, Text, same
from baophu.core.numbers import MISSING, count, decimal, money, rounded, share, short_date
from baophu.findings.kinds import kinds
from baophu.indicators.catalogue import indicator
from baophu.law.parameter_files import dimensions
from baophu.targets.scenario import NOTHING, Effect, Estimate, Scenario, added, counts_for
from baophu.targets.scenario_assumptions import BOUNDS, Assumption
from baophu.targets.scenario_file import KINDS, Enforcement, Measure, Support
from baophu.targets.scenario_people import UNKNOWN
from baophu.targets.scenario_targets import Held

if TYPE_CHECKING:
    from baophu.core.excel import Workbook

Unit = Literal["text", "count", "vnd", "share"]
# A range of chances or of an assumption's own values, beside those of whole numbers.
Span = tuple[Fraction, Fraction, Fraction]
Cell = str | int | Fraction | Estimate | Span | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its words, what its cells are, and whether each is a low, a likely and a high value."""

    words: Text
    unit: Unit = "text"
    range: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the sheet's name, the title, the columns, the rows."""

    sheet: Text
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


_MONTH, _CODE = Text("Tháng", "Month"), Text("Mã", "Code")
_SHOWN, _YEAR = 20, 12

HOW = (
    Text(
        "Mỗi kết quả là một khoảng, viết: khả dĩ (thấp – cao). Đầu thấp lấy mọi giả định ở mức thấp cùng lúc, đầu cao "
        "lấy mọi giả định ở mức cao cùng lúc; số khả dĩ không phải là dự báo.",
        "Every result is a range, written: likely (low – high). Its low end takes all assumptions at their low ends at "
        "once, its high end all at their high ends. The likely value is no forecast.",
    ),
    Text(
        "Mỗi người chỉ tính một lần, ở biện pháp đứng trước. Số người tăng thêm tính so với không làm gì; chưa trừ "
        "những người đằng nào cũng tham gia, trừ khi giả định lấy từ thử nghiệm có đối chứng.",
        "A person counts once, in the first measure that has him. People gained are against doing nothing; those who "
        "would have joined anyhow are taken off only where an assumption comes from a trial with a control.",
    ),
)
MONEY = Text(
    "Tiền hỗ trợ tính theo đúng số nguyên của luật cho từng người. Số tháng đã được hỗ trợ của người mới đếm như họ "
    "đều tham gia từ tháng đầu.",
    "Support is worked out for each person by the law's own whole numbers. Months of support of newcomers are counted "
    "as though all of them joined in the first month.",
)


# Words


def measure_words(measure: Measure) -> Text:
    """Say what a measure is, with what its file sets."""
    name = KINDS[measure.kind]
    if isinstance(measure, Support):
        groups = dimensions()["support_group"].values
        parts = [(groups[group], amount) for group, amount in measure.extra_support.items()]
        vi = ", ".join(f"{words.vi} +{share(amount, 'vi', 0)}" for words, amount in parts)
        en = ", ".join(f"{words.en} +{share(amount, 'en', 0)}" for words, amount in parts)
        return Text(f"{name.vi} ({vi})", f"{name.en} ({en})")
    if measure.officers is None:
        how = Text("gửi thư, không giới hạn", "by letter, without limit")
        if not isinstance(measure, Enforcement):
            how = Text("liên hệ tất cả ngay", "all contacted at once")
    else:
        how = Text(f"{measure.officers} cán bộ", f"officers: {measure.officers}")
    if isinstance(measure, Enforcement):
        titles = [kinds()[kind].title for kind in measure.of]
        vi, en = "; ".join(one.vi for one in titles), "; ".join(one.en for one in titles)
        return Text(f"{name.vi}: {vi} ({how.vi})", f"{name.en}: {en} ({how.en})")
    return Text(f"{name.vi} ({how.vi})", f"{name.en} ({how.en})")


def headline(found: Scenario) -> Text:
    """Say where, from when to when, on whose findings."""
    first, last = found.months[0], found.months[-1]
    run = Text("không có lần chạy nào", "no run")
    if found.run:
        run = Text(f"theo lần chạy tháng {found.run.month:%m/%Y}", f"by the run of {found.run.month:%Y-%m}")
    return Text(
        f"{found.area.full_name}, từ {first:%m/%Y} đến {last:%m/%Y}, {run.vi}",
        f"{found.area.full_name_en}, {first:%Y-%m} to {last:%Y-%m}, {run.en}",
    )


def notes(found: Scenario) -> list[Text]:
    """Return what has to be known beside the tables."""
    voluntary = any(one.scheme == "voluntary" for one in found.plan.measures)
    return [*HOW, *([MONEY] if voluntary else []), *found.notes]


def _unit_name(code: str) -> Text:
    if code == UNKNOWN:
        return Text("chưa rõ xã", "commune unknown")
    area: Area = tree().get(code)
    return area.label


# Tables


def tables(found: Scenario) -> Iterator[Table]:
    """Yield the tables, the most asked for first."""
    yield _measures(found)
    yield _costs(found)
    if found.targets:
        yield _targets(found)
    yield _months(found)
    units = _units(found)
    if units.rows:
        yield units
    yield _assumptions(found.assumptions)


def _measures(found: Scenario) -> Table:
    last = found.months[-1]
    columns = (
        Column(Text("Biện pháp", "Measure")),
        Column(Text("Người đã thấy", "People found"), "count"),
        Column(Text("Đã tính ở biện pháp trước", "Counted by one before"), "count"),
        Column(Text("Trường hợp", "Cases"), "count"),
        Column(Text("Làm được", "Worked on"), "count", range=True),
        Column(Text(f"Tăng thêm, còn đóng {last:%m/%Y}", f"Gained, still paying {last:%Y-%m}"), "count", range=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found.effects:
        gained = one.gained[-1] if one.gained else None
        worked = one.worked if one.found is not None else None
        cases = one.cases if one.found is not None else None
        rows.append((_Said(measure_words(one.measure)), one.found, one.taken, cases, worked, gained))
    if len(found.effects) > 1:
        known = [one for one in found.effects if one.gained and counts_for(one.measure, found.plan.indicator)]
        people = sum(one.found or 0 for one in known)
        rows.append((_Said(_counted(found)), people, None, None, None, found.gained[-1]))
    title = Text("Số người tham gia tăng thêm", "Participants gained")
    return Table(Text("Tăng thêm", "Gained"), title, columns, tuple(rows))


def _counted(found: Scenario) -> Text:
    short = indicator(found.plan.indicator).short
    return Text(f"Cộng, tính vào {short.vi}", f"Sum, counted in {short.en}")


class _Said(str):
    """Words in both languages in a cell; as a string they are Vietnamese."""

    both: Text

    def __new__(cls, words: Text) -> _Said:
        """Keep both."""
        made = super().__new__(cls, words.vi)
        made.both = words
        return made


def _costs(found: Scenario) -> Table:
    columns = (
        Column(Text("Biện pháp", "Measure")),
        Column(Text("Khoản chi", "Item")),
        Column(Text("Số tiền", "Amount"), "vnd", range=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found.effects:
        parts = [(words, part) for words, part in zip(_ITEMS, _cost_cells(one), strict=True) if part is not None]
        name = _Said(KINDS[one.measure.kind])
        rows += [(name, _Said(words), part) for words, part in parts] or [(name, _Said(_NOT_KNOWN), None)]
    whole = _sum(part for one in found.effects for part in _cost_cells(one))
    rows.append((_Said(Text("Cộng phần đã biết", "Sum of what is known")), "", whole))
    title = Text("Chi của ngân sách trong cả thời gian", "Cost to the budget over the whole time")
    return Table(Text("Chi ngân sách", "Cost"), title, columns, tuple(rows))


_ITEMS = (
    Text("Ngân sách nhà nước hỗ trợ người mới", "State support of those gained"),
    Text("Tỉnh hỗ trợ người mới", "Local support of those gained"),
    Text("Tỉnh chi thêm cho người đang đóng", "Local support added for present payers"),
    Text("Chi phí xử lý trường hợp", "Handling the cases"),
)
_NOT_KNOWN = Text("chưa biết", "not known")


def _cost_cells(one: Effect) -> tuple[Estimate | None, ...]:
    newcomers = one.measure.scheme == "voluntary" and one.found is not None
    return (one.state if newcomers else None, one.local if newcomers else None, one.present, one.handling)


def _sum(parts: Iterable[Estimate | None]) -> Estimate | None:
    """Return the range of the sum of what is known; None where nothing is."""
    known = [part for part in parts if part is not None]
    return added(known) if known else None


def _targets(found: Scenario) -> Table:
    columns = (
        Column(Text("Chỉ tiêu", "Target")),
        Column(Text("Đến ngày", "Due")),
        Column(Text("Phải đạt", "To reach"), "count"),
        Column(Text("Nếu không làm", "Without"), "count"),
        Column(Text("Căn cứ", "Rests on")),
        Column(Text("Còn thiếu, nếu không làm", "Missing without"), "count"),
        Column(Text("Còn thiếu, nếu làm", "Missing with it"), "count", range=True),
        Column(Text("Khả năng đạt, nếu không làm", "Chance without"), "share"),
        Column(Text("Khả năng đạt, nếu làm", "Chance with it"), "share", range=True),
    )
    rows = tuple(_target_row(one) for one in found.targets)
    return Table(Text("Chỉ tiêu", "Targets"), Text("So với chỉ tiêu được giao", "Against targets"), columns, rows)


def _target_row(one: Held) -> tuple[Cell, ...]:
    after = one.gap_after
    rests = (
        Text("dự báo (mức giữa)", "the forecast's middle") if one.forecast else Text("số đang có", "what is held now")
    )
    return (
        _Said(same(one.target.decision.number)),
        _Said(Text(short_date(one.target.period_end, "vi"), short_date(one.target.period_end, "en"))),
        one.goal,
        one.without,
        _Said(rests),
        one.gap_before,
        Estimate(after[2], after[1], after[0]),
        _exact(one.chance_before),
        _span(one.chance_after),
    )


def _exact(chance: float | None) -> Fraction | None:
    return None if chance is None else Fraction(str(chance))


def _span(chances: tuple[float, float, float] | None) -> Span | None:
    if chances is None:
        return None
    low, likely, high = (Fraction(str(one)) for one in chances)
    return low, likely, high


def _months(found: Scenario) -> Table:
    each = [one for one in found.effects if one.gained]
    columns = (
        Column(_MONTH),
        *(Column(KINDS[one.measure.kind], "count", range=True) for one in each),
        *([Column(_counted(found), "count", range=True)] if len(each) > 1 else []),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            f"{month:%m/%Y}",
            *(one.gained[at] for one in each),
            *([found.gained[at]] if len(each) > 1 else []),
        )
        for at, month in enumerate(found.months)
        if each
    ]
    title = Text("Số người tăng thêm còn đóng trong từng tháng", "People gained who pay in each month")
    return Table(Text("Từng tháng", "By month"), title, columns, tuple(rows))


def _units(found: Scenario) -> Table:
    codes = sorted({code for one in found.effects for code in one.by_unit})
    last = found.months[-1]
    columns = (
        Column(_CODE),
        Column(Text("Đơn vị", "Area")),
        Column(Text("Người đã thấy", "People found"), "count"),
        *(
            Column(Text(f"{KINDS[one.measure.kind].vi}, {last:%m/%Y}", f"{KINDS[one.measure.kind].en}, {last:%Y-%m}"),
                   "count", range=True)
            for one in found.effects
            if one.gained
        ),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for code in codes:
        each = [one.by_unit.get(code) for one in found.effects if one.gained]
        rows.append(
            (
                "" if code == UNKNOWN else code,
                _Said(_unit_name(code)),
                sum(one.found for one in each if one),
                *(one.gained if one else NOTHING for one in each),
            )
        )
    title = Text("Từng đơn vị trực thuộc", "Unit by unit")
    return Table(Text("Từng đơn vị", "By area"), title, columns, tuple(rows))


def _assumptions(chosen: Sequence[Assumption]) -> Table:
    columns = (
        Column(Text("Tên", "Name")),
        Column(Text("Giả định", "Assumption")),
        *(Column(words) for words in BOUNDS.values()),
        Column(Text("Nguồn", "Source")),
    )
    rows = tuple(
        (one.name, _Said(one.title), *(_Said(_value(one, one.of(bound))) for bound in BOUNDS), _Said(one.source))
        for one in chosen
    )
    return Table(Text("Giả định", "Assumptions"), Text("Mọi giả định đã dùng", "Every assumption"), columns, rows)


def _value(one: Assumption, value: Any) -> Text:
    if one.unit == "share":
        return Text(share(value, "vi", 1), share(value, "en", 1))
    return Text(decimal(value, "vi", 0), decimal(value, "en", 0))


# On the terminal


def in_brief(table: Table) -> Table:
    """Return a table for the terminal: of many months the first year and each December, of many areas the largest."""
    if len(table.rows) <= _SHOWN:
        return table
    if table.columns[0].words == _MONTH:
        last = table.rows[-1]
        rows = [row for at, row in enumerate(table.rows) if at < _YEAR or str(row[0]).startswith("12/") or row is last]
        return replace(table, rows=tuple(rows))
    if table.columns[0].words != _CODE:
        return table
    most = sorted(table.rows, key=lambda row: -int(row[2]) if isinstance(row[2], int) else 0)[:_SHOWN]
    more = Text(
        f"{table.title.vi}: {_SHOWN} đơn vị nhiều người nhất trong {len(table.rows)} (đủ ở --format xlsx, json)",
        f"{table.title.en}: the {_SHOWN} with most people of {len(table.rows)} (all of them: --format xlsx, json)",
    )
    return replace(table, title=more, rows=tuple(most))


def shown(cell: Cell, column: Column, lang: Language) -> str:
    """Write a cell for people; a range as its likely value, then from low to high."""
    if cell is None:
        return MISSING
    if isinstance(cell, _Said):
        return cell.both.say(lang)
    if isinstance(cell, str):
        return cell
    if isinstance(cell, tuple):
        low, likely, high = (_number(one, column.unit, lang) for one in cell)
        return f"{likely} ({low} – {high})"
    return _number(cell, column.unit, lang)


def _number(value: int | Fraction, unit: Unit, lang: Language) -> str:
    if unit == "vnd":
        return money(value, lang)
    if unit == "share":
        return share(value, lang)
    return count(value, lang)


# For other programs


def as_json(found: Scenario, lang: Language) -> str:
    """Return all of it as JSON: people and VND as whole numbers, codes as codes, words in one language."""
    whole = {
        "version": 1,
        "title": found.plan.title.say(lang),
        "basis": found.plan.basis,
        "area_code": found.area.code,
        "indicator": found.plan.indicator,
        "run": found.run.run if found.run else None,
        "begins": f"{found.months[0]:%Y-%m}",
        "until": f"{found.months[-1]:%Y-%m}",
        "gained": [
            {"month": f"{month:%Y-%m}", **one._asdict()} for month, one in zip(found.months, found.gained, strict=True)
        ],
        "measures": [_measure(found, one) for one in found.effects],
        "targets": [_target(one) for one in found.targets],
        "assumptions": [
            {
                "name": one.name,
                "title": one.title.say(lang),
                "unit": one.unit,
                **{bound: float(one.of(bound)) for bound in BOUNDS},
                "source": one.source.say(lang),
            }
            for one in found.assumptions
        ],
        "notes": [words.say(lang) for words in notes(found)],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _range(one: Estimate | None) -> dict[str, int] | None:
    return one._asdict() if one is not None else None


def _measure(found: Scenario, one: Effect) -> dict[str, Any]:
    state, local, present, handling = (_range(part) for part in _cost_cells(one))
    return {
        "kind": one.measure.kind,
        "found": one.found,
        "counted_before": one.taken,
        "cases": one.cases,
        "worked": _range(one.worked),
        "gained": [
            {"month": f"{month:%Y-%m}", **one.gained[at]._asdict()}
            for at, month in enumerate(found.months)
            if one.gained
        ],
        "cost": {"state": state, "local": local, "present_payers": present, "handling": handling},
        "areas": [
            {"area_code": code, "found": unit.found, "gained": _range(unit.gained)}
            for code, unit in one.by_unit.items()
        ],
    }


def _target(one: Held) -> dict[str, Any]:
    return {
        "target_id": one.target.target_id,
        "period_end": str(one.target.period_end),
        "target": one.goal,
        "without": one.without,
        "rests_on": "forecast" if one.forecast else "held",
        "gap_before": one.gap_before,
        "gap_after": dict(zip(BOUNDS, one.gap_after, strict=True)),
        "probability_before": one.chance_before,
        "probability_after": dict(zip(BOUNDS, one.chance_after, strict=True)) if one.chance_after else None,
    }


# The workbook


def write_xlsx(found: Scenario, path: Path, lang: Language) -> None:
    """Write all tables as sheets, a range in three columns; the last two are the assumptions and the notes."""
    with new_workbook(path) as workbook:
        for table in tables(found):
            _sheet(workbook, table, found, lang)
        _notes_sheet(workbook, found, lang)


def _sheet(workbook: Workbook, table: Table, found: Scenario, lang: Language) -> None:
    plain = {"font_name": FONT, "font_size": 12, "valign": "top"}
    styles = {
        "text": workbook.add_format({**plain, "text_wrap": True}),
        "count": workbook.add_format({**plain, "num_format": "#,##0"}),
        "vnd": workbook.add_format({**plain, "num_format": "#,##0"}),
        "share": workbook.add_format({**plain, "num_format": "0.0%"}),
    }
    missing = workbook.add_format({**plain, "align": "right"})
    bold = workbook.add_format({**plain, "bold": True})
    head = workbook.add_format({**plain, "bold": True, "text_wrap": True, "bottom": 1, "valign": "vcenter"})
    sheet = workbook.add_worksheet(table.sheet.say(lang))
    titles = [(column, words) for column in table.columns for words in _titles(column, lang)]
    sheet.write_string(0, 0, found.plan.title.say(lang), bold)
    sheet.write_string(1, 0, f"{table.title.say(lang)}. {headline(found).say(lang)}", styles["text"])
    sheet.set_row(1, 18)
    widths = [_width(table, column) for column, _ in titles]
    for at, (_, words) in enumerate(titles):
        sheet.write_string(3, at, words, head)
    sheet.set_row(3, height(((words, widths[at]) for at, (_, words) in enumerate(titles))))
    sheet.write_string(1, 0, f"{table.title.say(lang)}. {headline(found).say(lang)}", workbook.add_format(plain))
    for number, row in enumerate(table.rows, 4):
        at = 0
        texts = []
        for column, cell in zip(table.columns, row, strict=True):
            parts: Sequence[Any] = [cell]
            if column.range:
                parts = cell if isinstance(cell, tuple) else [None] * len(BOUNDS)
            for part in parts:
                style = styles[column.unit]
                if part is None:
                    sheet.write_string(number, at, MISSING, missing)
                elif isinstance(part, str):
                    words = part.both.say(lang) if isinstance(part, _Said) else part
                    sheet.write_string(number, at, words, style)
                    texts.append((words, widths[at]))
                else:
                    exact = int(part) if isinstance(part, int) else float(rounded(part, 6))
                    sheet.write_number(number, at, exact, style)
                at += 1
        sheet.set_row(number, height((words, width * 0.85) for words, width in texts))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.ignore_errors({"number_stored_as_text": f"A5:Z{len(table.rows) + 5}"})
    sheet.freeze_panes(4, 1)
    fit_a4(sheet)


def _titles(column: Column, lang: Language) -> list[str]:
    words = column.words.say(lang)
    if column.unit == "vnd":
        words += Text(" (đồng)", " (VND)").say(lang)
    if not column.range:
        return [words]
    return [f"{words}: {bound.say(lang).lower()}" for bound in BOUNDS.values()]


def _width(table: Table, column: Column) -> float:
    if column.unit != "text":
        return 18 if column.unit == "vnd" else 13
    at = table.columns.index(column)
    longest = max((len(str(row[at])) for row in table.rows), default=8)
    return min(max(longest * 1.1, 10), 46)


def _notes_sheet(workbook: Workbook, found: Scenario, lang: Language) -> None:
    wrap = workbook.add_format({"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(Text("Ghi chú", "Notes").say(lang))
    sheet.set_column(0, 0, 110)
    for row, note in enumerate(notes(found)):
        words = note.say(lang)
        sheet.write_string(row, 0, words, wrap)
        sheet.set_row(row, height([(words, 110)]))
    fit_a4(sheet)
