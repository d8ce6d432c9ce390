"""What can be taken away: of each page that has a list or a table, its books of sheets.

A book is read through `reading.Reader` as its page is, for the scope of who takes it away, so that a file holds what
its page shows: the same rows and columns, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baophu.areas.units import COUNTRY
from baophu.core.languages import Language, Text
from baophu.core.months import months_later
from baophu.core.numbers import Number
from baophu.desk.models import AuditRecord
from baophu.findings.kinds import kinds
from baophu.indicators.catalogue import UNITS, Indicator, catalogue
from baophu.results.store import Manifest
from baophu.web import (
    calendar_of_duties,
    figures,
    telling,
    views_audit,
    views_employers,
    views_findings,
    views_loads,
    views_overview,
    views_persons,
)
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope
from baophu.web.exports.sheets import Book, Column, Form, Kind, Measure, Row, Sheet
from baophu.web.lists import as_date, shown_tax_code
from baophu.web.reading import Reader
from baophu.web.templatetags.baophu import area_name

FIGURES = Text(
    "Baophu, tính từ các sổ đã nạp; định nghĩa từng chỉ tiêu ở trang của chỉ tiêu",
    "Baophu, counted from the registers that were loaded; each indicator's page defines it",
)
LISTS_SOURCE = Text("Baophu, đối chiếu các sổ đã nạp", "Baophu, from the registers that were loaded")
_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes something away: what he may see, in which run, in which language, numbers in full or not."""

    home: Path
    run: Manifest
    scope: Scope
    lang: Language
    revealed: bool = False
    # Up to how many people are counted.
    people: int = 0

    @property
    def reader(self) -> Reader:
        """What reads the run for him."""
        return Reader(self.home, self.run, self.scope)

    def say(self, words: Text) -> str:
        """Say words in his language."""
        return words.say(self.lang)


Where = Mapping[str, str]
Filters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that can be taken away: the right that it needs, its forms, the filters of its address."""

    right: Right
    book: Callable[[Taker, Where, Filters], Book | None]
    forms: tuple[Form, ...] = ("xlsx",)
    filters: tuple[str, ...] = ()
    # Whether it tells of people, so that there is more to choose than a form.
    choices: bool = False


def _text(name: str, vi: str, en: str, width: int = 14) -> Column:
    return Column(name, Text(vi, en), "text", width)


def _column(name: str, kind: Kind, vi: str, en: str, width: int = 14) -> Column:
    return Column(name, Text(vi, en), kind, width)


_AREA_CODE = _text("area_code", "Mã đơn vị hành chính", "Area code", 11)
_AREA = _text("area", "Đơn vị hành chính", "Area", 26)


# Findings

_FINDING_COLUMNS = (
    _text("title", "Loại trường hợp", "Kind", 34),
    _text("reason", "Lý do", "Reason", 40),
    _text("who", "Người, đơn vị", "Who", 16),
    _AREA_CODE,
    _AREA,
    _column("from_month", "month", "Từ tháng", "From", 10),
    _column("last_month", "month", "Đến tháng", "To", 10),
    _column("amount", "money", "Số tiền (đồng)", "Amount (VND)", 17),
    _text("amount_is", "Số tiền là của", "Amount is of", 12),
    _column("deadline", "month", "Thời hạn luật định", "Date set by law", 12),
    _column("points", "count", "Ưu tiên (trên 100)", "Priority (of 100)", 10),
    _text("status", "Trạng thái", "Status", 12),
    _text("finding_id", "Mã trường hợp", "Finding", 36),
)
_AMOUNTS = {"monthly": Text("mỗi tháng", "each month"), "total": Text("cả khoảng", "the whole stretch")}


def _findings(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return an area's findings, as their list filters and orders them."""
    reader, area = taker.reader, where["area_code"]
    asked = views_findings.asked(filters)
    status = {**telling.STATUSES, views_findings.ALL: Text("mọi trạng thái", "all")}[asked.status]
    kind = taker.say(kinds()[asked.kind].title) if asked.kind else taker.say(Text("tất cả", "all"))

    def rows() -> Iterator[Row]:
        after: str | None = None
        while True:
            page = reader.findings(area, asked.kind, asked.only, after, _PAGE, asked.sort)
            yield from (_finding(taker, row) for row in page.rows)
            if (after := page.after) is None:
                return

    title = Text("Trường hợp cần xử lý", "Findings")
    return Book(
        title=f"{taker.say(title)}, {area_name(area)}",
        area=area,
        sheets=(Sheet(title, _FINDING_COLUMNS, rows, asked.counted(reader.finding_counts(area))),),
        filters=(
            (taker.say(Text("Đơn vị", "Area")), f"{area_name(area)} ({area})"),
            (taker.say(Text("Loại trường hợp", "Kind")), kind),
            (taker.say(Text("Trạng thái", "Status")), taker.say(status)),
            (taker.say(Text("Thứ tự", "Order")), taker.say(views_findings.SORTS[asked.sort])),
        ),
        source=taker.say(LISTS_SOURCE),
        run=reader.run,
        people=reader.people_among(area, asked.kind, asked.only, taker.people),
        revealed=taker.revealed,
    )


def _finding(taker: Taker, row: Mapping[str, Any]) -> Row:
    said = telling.said(row, taker.lang, taker.scope.sees(row["area_code"], Right.SENSITIVE))
    full = taker.revealed and taker.scope.sees(row["area_code"], Right.REVEAL)
    who = row["pid"] or row["si_code"] or row["employer_id"] or row["tax_code"] if full else said.who
    kind = kinds()[row["kind"]]
    return (
        said.title, said.reason, who, said.area, area_name(said.area), said.from_month, said.last_month,
        said.amount or None, taker.say(_AMOUNTS[kind.amount]) if said.amount else None, said.deadline, said.points,
        taker.say(telling.STATUSES.get(said.status, Text(said.status, said.status))), said.id,
    )  # fmt: skip


# Employers

_EMPLOYER_COLUMNS = (
    _text("employer_id", "Mã đơn vị", "Employer", 12),
    _text("name", "Tên đơn vị", "Name", 40),
    _text("tax_code", "Mã số thuế", "Tax code", 15),
    _AREA_CODE,
    _AREA,
    _column("participants", "count", "Số người tham gia", "Participants", 11),
    _column("outstanding", "money", "Còn phải đóng (đồng)", "Outstanding (VND)", 17),
    _column("owes_since", "month", "Từ tháng", "Since", 10),
    _column("late", "money", "Chậm đóng, cộng các tháng (đồng)", "Late, all months (VND)", 17),
    _column("evaded", "money", "Trốn đóng, cộng các tháng (đồng)", "Evaded, all months (VND)", 17),
    _column("charge", "money", "Số tiền 0,03 %/ngày (đồng)", "The 0.03 % a day (VND)", 16),
    _column("findings", "count", "Trường hợp cần xử lý", "Findings", 11),
)


def _employers(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return an area's employers, as their list filters and orders them."""
    reader, area = taker.reader, where["area_code"]
    words, step = views_employers.asked(filters)

    def rows() -> Iterator[Row]:
        after: str | None = None
        while True:
            page = reader.employers(area, words, after, _PAGE, step)
            yield from (_employer(row) for row in page.rows)
            if (after := page.after) is None:
                return

    title = Text("Đơn vị sử dụng lao động", "Employers")
    said = [(taker.say(Text("Đơn vị hành chính", "Area")), f"{area_name(area)} ({area})")]
    if words:
        said.append((taker.say(Text("Tên có", "Names with")), words))
    if step:
        said.append((taker.say(Text("Việc theo luật", "Legal step")), f"{taker.say(views_employers.STEPS[step[0]])}, "
                     f"{step[1]}"))  # fmt: skip
    order = Text("Còn phải đóng nhiều nhất trước", "Those that owe most first")
    return Book(
        title=f"{taker.say(title)}, {area_name(area)}",
        area=area,
        sheets=(Sheet(title, _EMPLOYER_COLUMNS, rows, reader.employers_count(area, words, step)),),
        filters=(*said, (taker.say(Text("Thứ tự", "Order")), taker.say(order))),
        source=taker.say(LISTS_SOURCE),
        run=reader.run,
    )


def _employer(row: Mapping[str, Any]) -> Row:
    return (
        row["employer_id"], row["name"], shown_tax_code(row["tax_code"]), row["area_code"], area_name(row["area_code"]),
        row["participants"], row["outstanding"], as_date(row["owes_since"]), row["late"], row["evaded"], row["charge"],
        row["findings"],
    )  # fmt: skip


_DUES_COLUMNS = (
    _column("month", "month", "Tháng", "Month", 10),
    _column("participants", "count", "Số người", "People", 10),
    *(
        _column(name, "money", f"{vi} (đồng)", f"{en} (VND)", 17)
        for name, vi, en in (
            ("due", "Phải đóng", "Due"), ("due_si", "trong đó BHXH", "of which social"),
            ("due_hi", "BHYT", "health"), ("due_ui", "BHTN", "unemployment"), ("paid", "Đã đóng", "Paid"),
            ("outstanding", "Còn phải đóng", "Outstanding"),
        )
    ),
    _column("due_date", "date", "Hạn đóng", "Due date", 12),
    _column("cleared_on", "date", "Đóng đủ ngày", "Cleared on", 12),
)  # fmt: skip


def _one_employer(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return one employer: its months, what is charged, its findings."""
    del filters
    reader, key = taker.reader, where["employer_id"]
    row = reader.employer(key)
    if row is None or not taker.scope.sees(row["area_code"], Right.EXPORT):
        return None
    dues = list(reversed(reader.of_employer("dues", key)))
    charges = reader.of_employer("charges", key)
    found = [one for one in reader.of_employer("findings", key) if taker.scope.sees(one["area_code"], Right.WORK)]
    about_people = {one["pid"] or one["si_code"] for one in found} - {None}
    return Book(
        title=f"{row['name']} ({key})",
        area=row["area_code"],
        sheets=(
            Sheet(
                Text("Phải đóng, đã đóng", "Dues and payments"),
                _DUES_COLUMNS,
                lambda: (
                    tuple(
                        as_date(one[name.name]) if name.kind in ("month", "date") else one[name.name]
                        for name in _DUES_COLUMNS
                    )
                    for one in dues
                ),
                len(dues),
            ),
            Sheet(
                Text("Số tiền 0,03 %", "The 0.03 % a day"),
                _CHARGE_COLUMNS,
                lambda: (_charge(taker, one) for one in charges),
                len(charges),
            ),
            Sheet(
                Text("Trường hợp cần xử lý", "Findings"),
                _FINDING_COLUMNS,
                lambda: (_finding(taker, one) for one in found if one["kind"] in kinds()),
                len(found),
            ),
        ),
        filters=(
            (taker.say(Text("Mã số thuế", "Tax code")), shown_tax_code(row["tax_code"])),
            (taker.say(Text("Đơn vị hành chính", "Area")), f"{area_name(row['area_code'])} ({row['area_code']})"),
        ),
        source=taker.say(LISTS_SOURCE),
        run=reader.run,
        people=len(about_people),
        revealed=taker.revealed,
    )


_CHARGE_COLUMNS = (
    _column("month", "month", "Tháng", "Month", 10),
    _text("class", "Loại", "Class", 14),
    _text("article", "Căn cứ", "Law", 26),
    _column("amount", "money", "Số tiền chưa đóng (đồng)", "Unpaid amount (VND)", 17),
    _column("first_day", "date", "Tính từ ngày", "From", 12),
    _column("days", "count", "Số ngày", "Days", 9),
    _column("charge", "money", "Số tiền 0,03 %/ngày (đồng)", "Charge (VND)", 17),
)


def _charge(taker: Taker, row: Mapping[str, Any]) -> Row:
    words = views_employers.CLASSES.get(row["class"], Text(row["class"], row["class"]))
    article = views_employers.article(row["clause"])
    return (
        as_date(row["month"]), taker.say(words), taker.say(article), row["amount"], as_date(row["first_day"]),
        row["days"], row["charge"],
    )  # fmt: skip


# One person

_SPELL_COLUMNS = (
    _text("scheme", "Loại hình", "Scheme", 22),
    _column("first", "month", "Từ tháng", "From", 10),
    _column("last", "month", "Đến tháng (trống: đến nay)", "To (empty: until now)", 14),
    _text("group", "Nhóm", "Group", 30),
    _text("employer_id", "Mã đơn vị", "Employer", 12),
    _text("employer", "Đơn vị", "Name of the employer", 36),
    _text("area", "Nơi tính", "Counted in", 26),
)
_GAP_COLUMNS = (
    _text("family", "Loại bảo hiểm", "Insurance", 22),
    _column("first", "month", "Từ tháng", "From", 10),
    _column("last", "month", "Đến tháng", "To", 10),
    _column("months", "count", "Số tháng", "Months", 10),
)
_NUMBER_COLUMNS = (
    _text("number", "Mã số BHXH", "Insurance number", 16),
    _column("registered_on", "date", "Cấp ngày", "Given on", 12),
    _text("status", "Trạng thái", "Status", 18),
    _text("rule", "Quy tắc nối", "Rule", 40),
    _column("score", "share", "Độ chắc chắn", "Score", 11),
    _column("rivals", "count", "Ứng viên khác", "Rivals", 10),
)


def _person(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return one person: his spells, gaps and numbers, masked unless they are revealed."""
    del filters
    reader = taker.reader
    row = reader.person(where["person_key"])
    if row is None or not taker.scope.sees(row["area_code"], Right.EXPORT):
        return None
    sensitive = taker.scope.sees(row["area_code"], Right.SENSITIVE)
    full = taker.revealed and taker.scope.sees(row["area_code"], Right.REVEAL)
    raw = reader.of_person("person_spells", row["person"])
    spells = [views_persons.spell_said(reader, one, sensitive) for one in raw]
    gaps = views_persons.gaps(raw, months_later(reader.run.month, 1))
    numbers = [views_persons.link_said(one, full) for one in reader.of_person("person_numbers", row["person"])]

    def said(words: Text | None) -> str | None:
        return taker.say(words) if words else None

    return Book(
        title=taker.say(Text("Quá trình tham gia của một người", "Participation of a person")),
        area=row["area_code"],
        sheets=(
            Sheet(
                Text("Quá trình tham gia", "Participation"), _SPELL_COLUMNS,
                lambda: ((said(one["scheme"]), one["first"], one["last"], said(one["group"]), one["employer_id"],
                          one["employer"], area_name(one["area"])) for one in spells),
                len(spells),
            ),
            Sheet(
                Text("Khoảng gián đoạn", "Gaps"), _GAP_COLUMNS,
                lambda: ((said(one.family), one.first, one.last, one.months) for one in gaps), len(gaps),
            ),
            Sheet(
                Text("Mã số BHXH", "Insurance numbers"), _NUMBER_COLUMNS,
                lambda: ((one["number"], one["registered_on"], said(one["status"]), said(one["rule"]), one["score"],
                          one["rivals"]) for one in numbers),
                len(numbers),
            ),
        ),
        filters=(
            (taker.say(Text("Họ và tên", "Name")), row["full_name"] or ""),
            (taker.say(Text("Năm sinh", "Born")), str(row["birth_year"] or "")),
            (taker.say(Text("Số định danh", "Personal number")), views_persons.number_said(row["pid"], full)),
            (taker.say(Text("Nơi cư trú", "Residence")), area_name(row["area_code"])),
        ),
        source=taker.say(LISTS_SOURCE),
        run=reader.run,
        people=1,
        revealed=taker.revealed,
    )  # fmt: skip


# Figures

_CARD_COLUMNS = (
    _text("indicator", "Chỉ tiêu", "Indicator", 40),
    _column("month", "month", "Tháng", "Month", 10),
    _column("value", "measure", "Giá trị", "Value", 20),
    _text("unit", "Đơn vị tính", "Unit", 12),
    _text("target", "Được giao", "Target", 26),
    _column("target_on", "date", "Đến ngày", "By", 12),
    _column("achieved", "share", "Tỷ lệ đạt", "Reached", 11),
    _text("on_month", "So với tháng trước", "On last month", 15),
    _text("on_year", "So với cùng kỳ", "On last year", 15),
    _text("state", "Trạng thái", "State", 24),
)
_KIND_COLUMNS = (
    _text("kind", "Loại trường hợp", "Kind", 44),
    _column("findings", "count", "Số trường hợp đang mở", "Open findings", 14),
    _column("amount", "money", "Số tiền (đồng)", "Amount (VND)", 19),
    _text("amount_is", "Số tiền là của", "Amount is of", 14),
)


def _of_unit(record: Indicator, name: str, vi: str, en: str, width: int = 17) -> Column:
    """Return the column of an indicator's values."""
    if record.unit == "share":
        return _column(name, "share", vi, en, width)
    return _column(name, "money" if record.unit in ("vnd", "usd") else "count", vi, en, width)


def _change_of(record: Indicator, name: str, vi: str, en: str) -> Column:
    if record.unit == "share":
        return _column(name, "points", f"{vi} (điểm)", f"{en} (points)")
    return _column(name, "growth", vi, en)


def _whole(record: Indicator, value: Number | None) -> Number | None:
    """Return a value as its column takes it: a share as it is, a count or an amount as a whole number."""
    return value if value is None or record.unit == "share" else round(value)


def _measure(record: Indicator, value: Number | float | None) -> Measure | None:
    """Return a value in its indicator's unit, as a sheet writes it."""
    if value is None:
        return None
    return Measure("share", value) if record.unit == "share" else Measure("count", round(value))


def _unit(taker: Taker, record: Indicator) -> str:
    return taker.say(UNITS[record.unit])


def _area_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return an area at a glance: the areas below it, its indicators, its open findings."""
    reader, area = taker.reader, where["area_code"]
    cards = figures.cards(reader, area)
    of = next((one.trend for one in cards if one.trend.record.id == filters.get("show")), cards[0].trend)
    below = _children(taker, area, of, filters)
    counted = views_overview.open_findings(reader, area)
    sheets = [
        *([below] if below.count else []),
        Sheet(
            Text("Chỉ số", "Indicators"), _CARD_COLUMNS,
            lambda: (_card(taker, card) for card in cards), len(cards),
        ),
    ]  # fmt: skip
    if counted:
        sheets.append(
            Sheet(
                Text("Cần xử lý", "To be dealt with"), _KIND_COLUMNS,
                lambda: ((taker.say(one.title), one.count, one.amount or None,
                          taker.say(_AMOUNTS["monthly" if one.monthly else "total"])) for one in counted),
                len(counted),
            )
        )  # fmt: skip
    return _figures(taker, Text("Tổng quan", "Overview"), area, tuple(sheets), of if below.count else None)


def _card(taker: Taker, card: figures.Card) -> Row:
    goal = card.goal
    return (
        taker.say(card.trend.record.name), card.trend.month, _measure(card.trend.record, card.trend.value),
        _unit(taker, card.trend.record),
        taker.say(goal.words) if goal else None,
        goal.target.period_end if goal else None, goal.achieved if goal else None, taker.say(card.on_month),
        taker.say(card.on_year), taker.say(card.state_words),
    )  # fmt: skip


def _children(taker: Taker, area: str, of: figures.Trend, filters: Filters) -> Sheet:
    """Return the areas below one in the order of the page."""
    name = filters.get("sort") or "-value"
    found = figures.children(taker.reader, area, of)
    rows = views_overview.ordered(found, name.removeprefix("-"), name.startswith("-"))
    record, sight = of.record, taker.scope.may(Right.WORK)
    unit = taker.say(record.short)
    columns = (
        _column("place", "count", "Thứ tự", "Place", 8), _AREA_CODE, _AREA,
        _of_unit(record, "value", unit, unit, 19),
        _change_of(record, "on_month", "So với tháng trước", "On last month"),
        _change_of(record, "on_year", "So với cùng kỳ", "On last year"),
        _column("achieved", "share", "So với chỉ tiêu", "Of the target"), _text("state", "Trạng thái", "State", 24),
        *([_column("findings", "count", "Cần xử lý", "Findings")] if sight else []),
    )  # fmt: skip

    def lines() -> Iterator[Row]:
        for place, one in enumerate(rows, 1):
            goal = one.goal if one.goal and one.goal.state != "unknown" else None
            yield (
                place, one.code, taker.say(one.name), _whole(record, one.value), one.on_month, one.on_year,
                goal.achieved if goal else None, taker.say(goal.state_words) if goal else None,
                *([one.findings or 0] if sight else []),
            )  # fmt: skip

    return Sheet(Text("Các đơn vị bên dưới", "The areas below"), columns, lines, len(rows))


def _indicator_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return an indicator of an area: its months, and the areas below."""
    name, area = where["indicator"], where["area_code"]
    if name not in catalogue():
        return None
    reader = taker.reader
    of = figures.trend(reader, area, name)
    rows = list(reversed(reader.history(area, name)))
    record = of.record
    value = taker.say(record.short)
    columns = (
        _column("month", "month", "Tháng", "Month", 10),
        _of_unit(record, "value", value, value, 19),
        _column("numerator", "count", "Tử số", "Numerator", 19),
        _column("denominator", "count", "Mẫu số", "Denominator", 19),
        _text("denominator_source", "Nguồn của mẫu số", "Source of the denominator", 30),
        _column("completeness", "share", "Đơn vị đã có số liệu", "Units whose data is in"),
    )
    months = Sheet(
        Text("Từng tháng", "Month by month"), columns,
        lambda: ((as_date(row["month"]), _whole(record, figures.value_of(row)), row["numerator"], row["denominator"],
                  row["denominator_source"], row["completeness"]) for row in rows),
        len(rows),
    )  # fmt: skip
    below = _children(taker, area, of, filters)
    return _figures(taker, record.name, area, (months, *([below] if below.count else [])), of)


_TARGET_COLUMNS = (
    _text("indicator", "Chỉ tiêu", "Indicator", 40),
    _text("phase", "Đợt", "Phase", 12),
    _column("period_end", "date", "Đến ngày", "By", 12),
    _text("target", "Được giao", "Target", 26),
    _column("actual", "measure", "Thực hiện", "Value", 20),
    _text("unit", "Đơn vị tính", "Unit", 12),
    _column("achieved", "share", "Tỷ lệ đạt", "Reached", 11),
    _text("state", "Trạng thái", "State", 24),
    _text("handed_on", "Giao xuống dưới", "Handed on", 16),
    _text("decision", "Văn bản", "Decision", 22),
)


def _targets_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return the targets of an area, as their page lists them."""
    reader, area = taker.reader, where["area_code"]
    goals = [
        one for one in figures.goals(reader, area) if filters.get("all") or figures.in_view(one, figures.as_of(reader))
    ]

    def rows() -> Iterator[Row]:
        for one in goals:
            target, record = one.target, catalogue()[one.target.indicator]
            handed = figures.handed_on(reader, area, target)
            actual = one.row["actual"] if one.row else None
            yield (
                taker.say(record.name), taker.say(target.phase.name) if target.phase else None, target.period_end,
                taker.say(one.words), _measure(record, actual), _unit(taker, record), one.achieved,
                taker.say(one.state_words), f"{len(handed.given)}/{handed.units}" if handed.units else None,
                target.decision.number,
            )  # fmt: skip

    title = Text("Chỉ tiêu được giao", "Targets")
    return _figures(taker, title, area, (Sheet(title, _TARGET_COLUMNS, rows, len(goals)),), None)


def _figures(taker: Taker, title: Text, area: str, sheets: tuple[Sheet, ...], of: figures.Trend | None) -> Book:
    said = [(taker.say(Text("Đơn vị", "Area")), f"{area_name(area)} ({area})")]
    if of is not None:
        said.append((taker.say(Text("Chỉ tiêu", "Indicator")), taker.say(of.record.name)))
        if of.last is not None and of.last["denominator_source"]:
            said.append((taker.say(Text("Nguồn của mẫu số", "Denominator from")), of.last["denominator_source"]))
    return Book(f"{taker.say(title)}, {area_name(area)}", area, sheets, tuple(said), taker.say(FIGURES), taker.run)


# The calendar

_CALENDAR_COLUMNS = (
    _column("day", "date", "Ngày", "Day", 12),
    _column("ready_by", "date", "Nên xong trước ngày nghỉ", "Ready by", 13),
    _text("kind", "Loại", "Kind", 22),
    _text("title", "Việc", "Duty", 60),
    _text("note", "Chi tiết", "Detail", 60),
)


def _calendar_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return the duties of an area from today on, or those of a month."""
    area = where["area_code"]
    first, last = calendar_of_duties.reach(filters.get("month"))
    found = calendar_of_duties.duties_between(taker.reader, area, first, last)
    title = Text("Lịch công việc", "Calendar of duties")
    sheet = Sheet(
        title, _CALENDAR_COLUMNS,
        lambda: ((one.day, one.ready_by, taker.say(calendar_of_duties.KINDS[one.kind]), taker.say(one.title),
                  taker.say(one.note)) for one in found),
        len(found),
    )  # fmt: skip
    source = Text("Baophu: quyết định giao, luật, lần chạy", "Baophu: decisions, the law, the run")
    said = ((taker.say(Text("Đơn vị", "Area")), f"{area_name(area)} ({area})"),)
    return Book(f"{taker.say(title)}, {area_name(area)}", area, (sheet,), said, taker.say(source), taker.run)


# Loads and the record

_LOAD_COLUMNS = (
    _text("load", "Lần nạp", "Load", 26),
    _text("table", "Bảng", "Table", 30),
    _column("loaded_at", "moment", "Nạp lúc", "Loaded at", 17),
    _text("supplier", "Nơi gửi", "Sent by", 26),
    _column("read", "count", "Đọc", "Read", 12),
    _column("loaded", "count", "Nhận", "Kept", 12),
    _column("rejected", "count", "Trả lại", "Sent back", 12),
    _column("held", "count", "Giữ lại", "Held", 12),
    _text("reasons", "Vì sao trả lại hoặc giữ lại", "Why rejected or held", 60),
    _text("state", "Tình trạng", "State", 24),
)


def _loads_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return the loads, the newest first; of one table where the page filters."""
    del where
    every, states = views_loads.known(taker.home)
    table = filters.get("table") or None
    chosen = [one for one in reversed(every) if table in (None, one.table)]

    def rows() -> Iterator[Row]:
        for one in chosen:
            said = views_loads.shown(one, states[one.load])
            reasons = "; ".join(f"{number} × {column}: {words}" for number, column, words in said["reasons"])
            yield (
                one.load, taker.say(said["title"]), one.loaded_at, said["supplier"], one.read, one.loaded,
                one.rejected, one.held, reasons, taker.say(said["state"][1]),
            )  # fmt: skip

    title = Text("Các lần nạp dữ liệu", "Loads")
    said = ((taker.say(Text("Bảng", "Table")), table or taker.say(Text("tất cả", "all"))),)
    area = _own(taker, Right.LOADS)
    sheet = Sheet(title, _LOAD_COLUMNS, rows, len(chosen))
    source = Text("Baophu, sổ các lần nạp", "Baophu, the ledger of loads")
    return Book(taker.say(title), area, (sheet,), said, taker.say(source))


def _own(taker: Taker, right: Right) -> str:
    """Return the area where a right holds that a list is of which belongs to no area."""
    return min(taker.scope.roots(right), key=lambda code: (len(code), code), default=COUNTRY)


_RECORD_COLUMNS = (
    _column("number", "count", "Số", "Number", 9),
    _column("at", "moment", "Lúc", "At", 17),
    _text("actor", "Người làm", "Who", 20),
    _text("action", "Việc", "Deed", 30),
    _text("subject", "Đối tượng", "Subject", 36),
    _text("detail", "Chi tiết", "Detail", 60),
)


def _audit_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return the record, the newest first, as its page filters it."""
    del where
    given = {name: filters.get(name, "") for name in views_audit.FILTERS}
    found, _ = views_audit.records(taker.scope, given)

    def rows() -> Iterator[Row]:
        for one in found.order_by("-id").iterator(chunk_size=_PAGE):
            detail = "; ".join(f"{name}: {value}" for name, value in views_audit.details(one.detail))
            yield one.pk, one.at, one.actor, str(one.get_action_display()), one.subject, detail

    title = Text("Nhật ký", "Audit record")
    names = {
        "actor": Text("Người làm", "Who"), "action": Text("Việc", "Deed"), "subject": Text("Đối tượng", "Subject"),
        "since": Text("Từ ngày", "From"), "until": Text("Đến ngày", "To"),
    }  # fmt: skip
    known = dict(AuditRecord.Action.choices)
    said = tuple((taker.say(names[name]), str(known.get(words, words))) for name, words in given.items() if words)
    sheet = Sheet(title, _RECORD_COLUMNS, rows, found.count())
    source = Text("Baophu, nhật ký móc xích", "Baophu, the chained record")
    return Book(taker.say(title), _own(taker, Right.AUDIT), (sheet,), said, taker.say(source))


_LONG: tuple[Form, ...] = ("xlsx", "csv", "parquet")
# By the name of the page in the URL table.
LISTS: dict[str, Listed] = {
    "area": Listed(Right.SEE, _area_page, filters=("show", "sort")),
    "indicator": Listed(Right.SEE, _indicator_page, filters=("sort",)),
    "targets": Listed(Right.SEE, _targets_page, filters=("all",)),
    "calendar": Listed(Right.SEE, _calendar_page, filters=("month",)),
    "findings": Listed(Right.EXPORT, _findings, _LONG, ("kind", "status", "sort"), True),
    "employers": Listed(Right.EXPORT, _employers, _LONG, ("name", "step", "on")),
    "employer": Listed(Right.EXPORT, _one_employer, choices=True),
    "person": Listed(Right.EXPORT, _person, choices=True),
    "loads": Listed(Right.LOADS, _loads_page, _LONG, ("table",)),
    "audit": Listed(Right.AUDIT, _audit_page, _LONG, views_audit.FILTERS),
}
