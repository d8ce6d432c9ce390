"""Areas, indicators, targets, rankings and duties, as they are taken away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from baophu.core.languages import Text
from baophu.core.numbers import Number, short_date
from baophu.indicators.catalogue import UNITS, Indicator, catalogue
from baophu.targets.ranking import BY
from baophu.web import (
    calendar_of_duties,
    figures,
    views_overview,
    views_ranking,
)
from baophu.web.accounts.rights import Right
from baophu.web.breakdowns import breakdowns
from baophu.web.exports.sheets import Book, Column, Measure, Row, Sheet
from baophu.web.exports.taking import (
    AMOUNTS,
    AREA,
    AREA_CODE,
    FIGURES,
    Filters,
    Taker,
    Where,
    column,
    text,
)
from baophu.web.lists import as_date
from baophu.web.templatetags.baophu import area_name

_CARD_COLUMNS = (
    text("indicator", "Chỉ tiêu", "Indicator", 40),
    column("month", "month", "Tháng", "Month", 10),
    column("value", "measure", "Giá trị", "Value", 20),
    text("unit", "Đơn vị tính", "Unit", 12),
    text("target", "Được giao", "Target", 26),
    column("target_on", "date", "Đến ngày", "By", 12),
    column("achieved", "share", "Tỷ lệ đạt", "Reached", 11),
    text("on_month", "So với tháng trước", "On last month", 15),
    text("on_year", "So với cùng kỳ", "On last year", 15),
    text("state", "Trạng thái", "State", 24),
)
_RANKS = (column("rank", "count", "Hạng", "Rank", 9), text("moved", "Đổi hạng", "Change of rank", 10))
_KIND_COLUMNS = (
    text("kind", "Loại trường hợp", "Kind", 44),
    column("findings", "count", "Số trường hợp đang mở", "Open findings", 14),
    column("amount", "money", "Số tiền (đồng)", "Amount (VND)", 19),
    text("amount_is", "Số tiền là của", "Amount is of", 14),
)


def _of_unit(record: Indicator, name: str, vi: str, en: str, width: int = 17) -> Column:
    """Return the column of an indicator's values."""
    if record.unit == "share":
        return column(name, "share", vi, en, width)
    return column(name, "money" if record.unit in ("vnd", "usd") else "count", vi, en, width)


def _change_of(record: Indicator, name: str, vi: str, en: str) -> Column:
    if record.unit == "share":
        return column(name, "points", f"{vi} (điểm)", f"{en} (points)")
    return column(name, "growth", vi, en)


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


def area_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
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
                          taker.say(AMOUNTS["monthly" if one.monthly else "total"])) for one in counted),
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
    record, sight = of.record, any(one.findings is not None for one in rows)
    ranked = any(one.place for one in rows)
    unit = taker.say(record.short)
    columns = (
        column("place", "count", "Thứ tự", "Place", 8), AREA_CODE, AREA,
        _of_unit(record, "value", unit, unit, 19),
        _change_of(record, "on_month", "So với tháng trước", "On last month"),
        _change_of(record, "on_year", "So với cùng kỳ", "On last year"),
        column("achieved", "share", "So với chỉ tiêu", "Of the target"), text("state", "Trạng thái", "State", 24),
        *(_RANKS if ranked else ()),
        *([column("findings", "count", "Cần xử lý", "Findings")] if sight else []),
    )  # fmt: skip

    def lines() -> Iterator[Row]:
        for place, one in enumerate(rows, 1):
            goal = one.goal if one.goal and one.goal.state != "unknown" else None
            yield (
                place, one.code, taker.say(one.name), _whole(record, one.value), one.on_month, one.on_year,
                goal.achieved if goal else None, taker.say(goal.state_words) if goal else None,
                *([one.place.rank, one.place.moved] if ranked and one.place else [None, None] if ranked else []),
                *([one.findings] if sight else []),
            )  # fmt: skip

    return Sheet(Text("Các đơn vị bên dưới", "The areas below"), columns, lines, len(rows))


def indicator_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
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
        column("month", "month", "Tháng", "Month", 10),
        _of_unit(record, "value", value, value, 19),
        column("numerator", "count", "Tử số", "Numerator", 19),
        column("denominator", "count", "Mẫu số", "Denominator", 19),
        text("denominator_source", "Nguồn của mẫu số", "Source of the denominator", 30),
        column("completeness", "share", "Đơn vị đã có số liệu", "Units whose data is in"),
    )
    months = Sheet(
        Text("Từng tháng", "Month by month"), columns,
        lambda: ((as_date(row["month"]), _whole(record, figures.value_of(row)), row["numerator"], row["denominator"],
                  row["denominator_source"], row["completeness"]) for row in rows),
        len(rows),
    )  # fmt: skip
    below = _children(taker, area, of, filters)
    sensitive = taker.scope.sees(area, Right.SENSITIVE)
    parts = [(one, part) for one in breakdowns(reader, area, name, sensitive=sensitive) for part in one.parts]
    parted = Sheet(
        Text("Chia theo", "Parted by"), _PART_COLUMNS,
        lambda: ((taker.say(one.title), taker.say(part.words), part.people, part.share, part.on_year)
                 for one, part in parts),
        len(parts),
    )  # fmt: skip
    more = [sheet for sheet in (parted, below) if sheet.count]
    return _figures(taker, record.name, area, (months, *more), of)


_PART_COLUMNS = (
    text("by", "Chia theo", "Parted by", 20),
    text("part", "Phần", "Part", 50),
    column("people", "count", "Số người (trống: không nêu)", "People (empty: not told)", 14),
    column("share", "share", "Tỷ trọng", "Share", 11),
    column("on_year", "growth", "So với cùng kỳ", "On last year", 14),
)


def ranking_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return the ranking of the areas below one, as its page shows it."""
    area = where["area_code"]
    listed = views_ranking.ranked(taker.reader, area, filters)
    share = listed.by != views_ranking.EMULATION
    name = next((words for by, words in BY.items() if by == listed.by), Text("Xếp hạng", "Ranking"))
    columns = (
        column("rank", "count", "Hạng", "Place", 8), text("moved", "So với tháng trước", "On last month", 12),
        AREA_CODE, AREA, Column("score", name, "share" if share else "decimal", 18),
    )  # fmt: skip
    sheet = Sheet(
        Text("Xếp hạng", "Ranking"), columns,
        lambda: ((one.place.rank, one.place.moved, one.code, taker.say(one.name), one.place.score)
                 for one in listed.rows),
        len(listed.rows),
    )  # fmt: skip
    book = _figures(taker, sheet.title, area, (sheet,), None)
    said = [(taker.say(Text("Xếp theo", "By")), taker.say(name))]
    if listed.indicator in catalogue():
        said.append((taker.say(Text("Chỉ tiêu", "Indicator")), taker.say(catalogue()[listed.indicator].name)))
    if listed.period and share:
        said.append((taker.say(Text("Đến ngày", "Due by")), short_date(date.fromisoformat(listed.period), taker.lang)))
    if listed.rows:
        said.append((taker.say(Text("Trong", "Among")), taker.say(listed.rows[0].place.among)))
    return replace(book, filters=(*book.filters, *said))


_TARGET_COLUMNS = (
    text("indicator", "Chỉ tiêu", "Indicator", 40),
    text("phase", "Đợt", "Phase", 12),
    column("period_end", "date", "Đến ngày", "By", 12),
    text("target", "Được giao", "Target", 26),
    column("actual", "measure", "Thực hiện", "Value", 20),
    text("unit", "Đơn vị tính", "Unit", 12),
    column("achieved", "share", "Tỷ lệ đạt", "Reached", 11),
    text("state", "Trạng thái", "State", 24),
    text("handed_on", "Giao xuống dưới", "Handed on", 16),
    text("decision", "Văn bản", "Decision", 22),
)


def targets_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
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
    column("day", "date", "Ngày", "Day", 12),
    column("ready_by", "date", "Nên xong trước ngày nghỉ", "Ready by", 13),
    text("kind", "Loại", "Kind", 22),
    text("title", "Việc", "Duty", 60),
    text("note", "Chi tiết", "Detail", 60),
)


def calendar_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
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
