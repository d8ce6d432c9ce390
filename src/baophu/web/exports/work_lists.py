"""Findings, employers and people, as they are taken away: what their pages list, numbers masked unless revealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.findings.kinds import kinds
from baophu.findings.outcomes import OUTCOMES
from baophu.web import (
    telling,
    views_employers,
    views_findings,
    views_persons,
)
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.exports.sheets import Book, Column, Row, Sheet
from baophu.web.exports.taking import (
    AMOUNTS,
    AREA,
    AREA_CODE,
    LISTS_SOURCE,
    PAGE,
    Filters,
    Taker,
    Where,
    column,
    text,
)
from baophu.web.lists import as_date, shown_tax_code
from baophu.web.outcomes import FILTERS, outcomes_of
from baophu.web.templatetags.baophu import area_name

# Findings

_FINDING_COLUMNS = (
    text("title", "Loại trường hợp", "Kind", 28),
    text("reason", "Lý do", "Reason", 32),
    text("who", "Người, đơn vị", "Who", 16),
    AREA_CODE,
    AREA,
    column("from_month", "month", "Từ tháng", "From", 10),
    column("last_month", "month", "Đến tháng", "To", 10),
    column("amount", "money", "Số tiền (đồng)", "Amount (VND)", 17),
    text("amount_is", "Số tiền là của", "Amount is of", 12),
    column("deadline", "month", "Thời hạn luật định", "Date set by law", 12),
    column("points", "count", "Ưu tiên (trên 100)", "Priority (of 100)", 10),
    text("status", "Trạng thái", "Status", 12),
    text("outcome", "Kết quả đã ghi", "Outcome recorded", 14),
    Column("finding_id", Text("Mã trường hợp", "Finding"), width=36, printed=False),
)


def findings(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return an area's findings, as their list filters and orders them."""
    reader, area = taker.reader, where["area_code"]
    asked = views_findings.asked(filters)
    status = {**telling.STATUSES, views_findings.ALL: Text("mọi trạng thái", "all")}[asked.status]
    kind = taker.say(kinds()[asked.kind].title) if asked.kind else taker.say(Text("tất cả", "all"))
    among = asked.among(area)
    outcome = taker.say(FILTERS.get(asked.outcome or "", Text("tất cả", "all")))

    def rows() -> Iterator[Row]:
        after: str | None = None
        while True:
            page = reader.findings(area, asked.kind, asked.only, after, PAGE, asked.sort, among)
            recorded = outcomes_of(row["finding_id"] for row in page.rows)
            yield from (_finding(taker, row, recorded.get(row["finding_id"])) for row in page.rows)
            if (after := page.after) is None:
                return

    title = Text("Trường hợp cần xử lý", "Findings")
    return Book(
        title=f"{taker.say(title)}, {area_name(area)}",
        area=area,
        sheets=(Sheet(title, _FINDING_COLUMNS, rows, asked.counted(reader.finding_counts(area, among))),),
        filters=(
            (taker.say(Text("Đơn vị", "Area")), f"{area_name(area)} ({area})"),
            (taker.say(Text("Loại trường hợp", "Kind")), kind),
            (taker.say(Text("Trạng thái", "Status")), taker.say(status)),
            (taker.say(Text("Kết quả đã ghi", "Outcome recorded")), outcome),
            (taker.say(Text("Thứ tự", "Order")), taker.say(views_findings.SORTS[asked.sort])),
        ),
        source=taker.say(LISTS_SOURCE),
        run=reader.run,
        people=reader.people_among(area, asked.kind, asked.only, taker.people, among),
        revealed=taker.revealed,
    )


def _finding(taker: Taker, row: Mapping[str, Any], outcome: str | None) -> Row:
    said = telling.said(row, taker.lang, taker.scope.sees(placed(row["area_code"]), Right.SENSITIVE))
    full = taker.revealed and taker.scope.sees(placed(row["area_code"]), Right.REVEAL)
    who = row["pid"] or row["si_code"] or row["employer_id"] or row["tax_code"] if full else said.who
    kind = kinds()[row["kind"]]
    return (
        said.title, said.reason, who, said.area, area_name(said.area), said.from_month, said.last_month,
        said.amount or None, taker.say(AMOUNTS[kind.amount]) if said.amount else None, said.deadline, said.points,
        taker.say(telling.STATUSES.get(said.status, Text(said.status, said.status))),
        taker.say(OUTCOMES[outcome]) if outcome else None, said.id,
    )  # fmt: skip


# Employers

_EMPLOYER_COLUMNS = (
    text("employer_id", "Mã đơn vị", "Employer", 12),
    text("name", "Tên đơn vị", "Name", 40),
    text("tax_code", "Mã số thuế", "Tax code", 15),
    AREA_CODE,
    AREA,
    column("participants", "count", "Số người tham gia", "Participants", 11),
    column("outstanding", "money", "Còn phải đóng (đồng)", "Outstanding (VND)", 17),
    column("owes_since", "month", "Từ tháng", "Since", 10),
    column("late", "money", "Chậm đóng, cộng các tháng (đồng)", "Late, all months (VND)", 17),
    column("evaded", "money", "Trốn đóng, cộng các tháng (đồng)", "Evaded, all months (VND)", 17),
    column("charge", "money", "Số tiền 0,03 %/ngày (đồng)", "The 0.03 % a day (VND)", 16),
    column("findings", "count", "Trường hợp cần xử lý", "Findings", 11),
)


def employers(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return an area's employers, as their list filters and orders them."""
    reader, area = taker.reader, where["area_code"]
    words, step = views_employers.asked(filters)

    def rows() -> Iterator[Row]:
        after: str | None = None
        while True:
            page = reader.employers(area, words, after, PAGE, step)
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
    column("month", "month", "Tháng", "Month", 10),
    column("participants", "count", "Số người", "People", 10),
    *(
        column(name, "money", f"{vi} (đồng)", f"{en} (VND)", 17)
        for name, vi, en in (
            ("due", "Phải đóng", "Due"), ("due_si", "trong đó BHXH", "of which social"),
            ("due_hi", "BHYT", "health"), ("due_ui", "BHTN", "unemployment"), ("paid", "Đã đóng", "Paid"),
            ("outstanding", "Còn phải đóng", "Outstanding"),
        )
    ),
    column("due_date", "date", "Hạn đóng", "Due date", 12),
    column("cleared_on", "date", "Đóng đủ ngày", "Cleared on", 12),
)  # fmt: skip


def one_employer(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return one employer: its months, what is charged, its findings."""
    del filters
    reader, key = taker.reader, where["employer_id"]
    row = reader.employer(key)
    if row is None or not taker.scope.sees(placed(row["area_code"]), Right.EXPORT):
        return None
    dues = list(reversed(reader.of_employer("dues", key)))
    charges = reader.of_employer("charges", key)
    found = [
        one for one in reader.of_employer("findings", key) if taker.scope.sees(placed(one["area_code"]), Right.WORK)
    ]
    recorded = outcomes_of(one["finding_id"] for one in found)
    about_people = {one["pid"] or one["si_code"] for one in found} - {None}
    return Book(
        title=f"{row['name']} ({key})",
        area=placed(row["area_code"]),
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
                lambda: (
                    _finding(taker, one, recorded.get(one["finding_id"])) for one in found if one["kind"] in kinds()
                ),
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
    column("month", "month", "Tháng", "Month", 10),
    text("class", "Loại", "Class", 14),
    text("article", "Căn cứ", "Law", 26),
    column("amount", "money", "Số tiền chưa đóng (đồng)", "Unpaid amount (VND)", 17),
    column("first_day", "date", "Tính từ ngày", "From", 12),
    column("days", "count", "Số ngày", "Days", 9),
    column("charge", "money", "Số tiền 0,03 %/ngày (đồng)", "Charge (VND)", 17),
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
    text("scheme", "Loại hình", "Scheme", 22),
    column("first", "month", "Từ tháng", "From", 10),
    column("last", "month", "Đến tháng (trống: đến nay)", "To (empty: until now)", 14),
    text("group", "Nhóm", "Group", 30),
    text("employer_id", "Mã đơn vị", "Employer", 12),
    text("employer", "Đơn vị", "Name of the employer", 36),
    text("area", "Nơi tính", "Counted in", 26),
)
_GAP_COLUMNS = (
    text("family", "Loại bảo hiểm", "Insurance", 22),
    column("first", "month", "Từ tháng", "From", 10),
    column("last", "month", "Đến tháng", "To", 10),
    column("months", "count", "Số tháng", "Months", 10),
)
_NUMBER_COLUMNS = (
    text("number", "Mã số BHXH", "Insurance number", 16),
    column("registered_on", "date", "Cấp ngày", "Given on", 12),
    text("status", "Trạng thái", "Status", 18),
    text("rule", "Quy tắc nối", "Rule", 40),
    column("score", "share", "Độ chắc chắn", "Score", 11),
    column("rivals", "count", "Ứng viên khác", "Rivals", 10),
)


def person(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return one person: his spells, gaps and numbers, masked unless they are revealed."""
    del filters
    reader = taker.reader
    row = reader.person(where["person_key"])
    if row is None or not taker.scope.sees(placed(row["area_code"]), Right.EXPORT):
        return None
    sensitive = taker.scope.sees(placed(row["area_code"]), Right.SENSITIVE)
    full = taker.revealed and taker.scope.sees(placed(row["area_code"]), Right.REVEAL)
    raw = reader.of_person("person_spells", row["person"])
    spells = [views_persons.spell_said(reader, one, sensitive) for one in raw]
    gaps = views_persons.gaps(raw, months_later(reader.run.month, 1))
    numbers = [views_persons.link_said(one, full) for one in reader.of_person("person_numbers", row["person"])]

    def said(words: Text | None) -> str | None:
        return taker.say(words) if words else None

    return Book(
        title=taker.say(Text("Quá trình tham gia của một người", "Participation of a person")),
        area=placed(row["area_code"]),
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
