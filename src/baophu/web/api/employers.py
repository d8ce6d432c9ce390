"""Employers: the list of an area, and one with its dues, its charges and its next legal step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.api.etags import marked
from baophu.web.api.findings import Finding, listed
from baophu.web.api.pages import opened, turned
from baophu.web.api.site import NotValid
from baophu.web.api.told import After, AreaCode, Coded, Place, Size, Stamp, answers, place_of, stamp, told, words
from baophu.web.employer_law import explained, workers
from baophu.web.lists import as_date, shown_tax_code
from baophu.web.reading import PAGE, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, said, say
from baophu.web.views_employer_month import month_named
from baophu.web.views_employers import CLASSES, MOST_FINDINGS, article, due_month, facts, next_step
from baophu.web.views_search import as_sought

router = Router(tags=["Đơn vị sử dụng lao động / Employers"])


class Employer(Schema):
    """An employer, as lists have him."""

    employer_id: str = told("Mã đơn vị", "Code", "TA01234")
    name: str | None = told("Tên", "Name", "Công ty TNHH Đông Á")
    tax_code: str | None = told("Mã số thuế; của hộ được che", "Tax code; a household's is masked", "0301234567")
    area_code: str | None = told("Mã đơn vị hành chính", "Code of the area", "25747")
    participants: int | None = told("Số người tham gia", "Participants", 42)
    outstanding: int | None = told("Còn phải đóng, đồng", "Outstanding in dong", 120000000)
    owes_since: date | None = told("Nợ từ tháng", "Owes since the month", "2026-08-01")
    late: int | None = told("Đã chậm đóng, cộng các tháng", "Paid late, all months", 120000000)
    evaded: int | None = told("Xếp loại trốn đóng, cộng các tháng", "Classed as evasion, all months", 0)
    charge: int | None = told("Số tiền 0,03 %/ngày", "The 0.03 % a day", 540000)
    findings: int | None = told("Trường hợp đang mở", "Open findings", 2)


class Employers(Schema):
    """A page of employers."""

    run: Stamp
    count: int = told("Tất cả bao nhiêu theo bộ lọc", "How many there are under the filters", 345)
    rows: list[Employer] = told("Các đơn vị", "The employers", [])
    next: str | None = told(
        "Con trỏ của trang sau; trống là hết", "Cursor of the next page; null at the end", "5000~TA01234"
    )


class Due(Schema):
    """What is due and paid for a month."""

    month: date = told("Tháng", "Month", "2026-10-01")
    due_date: date | None = told("Hạn đóng", "Due date", "2026-11-30")
    participants: int | None = told("Số người", "People", 42)
    due: int = told("Phải đóng", "Due", 90000000)
    due_si: int | None = told("Trong đó BHXH", "Of it social insurance", 60000000)
    due_hi: int | None = told("Trong đó BHYT", "Of it health insurance", 20000000)
    due_ui: int | None = told("Trong đó BHTN", "Of it unemployment insurance", 10000000)
    paid: int = told("Đã đóng", "Paid", 40000000)
    paid_si: int | None = told("Đã đóng BHXH", "Paid for social insurance", 40000000)
    paid_hi: int | None = told("Đã đóng BHYT", "Paid for health insurance", 0)
    paid_ui: int | None = told("Đã đóng BHTN", "Paid for unemployment insurance", 0)
    outstanding: int = told("Còn phải đóng", "Outstanding", 50000000)
    cleared_on: date | None = told("Đóng đủ ngày", "Cleared on", None)
    state: Coded = told("Tình trạng", "State", {"code": "late", "words": "Quá hạn"})


class Charge(Schema):
    """What is charged for paying late."""

    month: date = told("Tháng", "Month", "2026-09-01")
    late_or_evasion: Coded = told(
        "Chậm đóng hay trốn đóng", "Late payment or evasion", {"code": "late", "words": "Chậm đóng"}
    )
    article: str = told("Căn cứ", "Article of law", "Luật 41/2024/QH15, điều 38(1)")
    amount: int = told("Số tiền bị tính", "Amount on which it is charged", 50000000)
    first_day: date | None = told("Từ ngày", "From the day", "2026-11-01")
    days: int = told("Số ngày", "Days", 30)
    charge: int = told("Số phải nộp thêm", "Charge", 450000)


class Step(Schema):
    """What the law asks for next."""

    step: str = told("Việc", "What", "Gửi văn bản đôn đốc")
    on: date | None = told("Ngày", "On", "2026-11-15")
    months: list[date] = told("Về các tháng", "About the months", ["2026-09-01"])
    outstanding: int = told("Còn phải đóng", "Outstanding", 50000000)
    sent_on: date | None = told("Đã đôn đốc ngày", "Demanded on", None)
    demand_by: date | None = told("Hạn gửi đôn đốc", "To be demanded by", "2026-11-15")
    evasion_from: date | None = told("Tính là trốn đóng từ", "Evasion from", "2027-01-01")


class Workers(Schema):
    """People paid for a month by the tax register, and people declared."""

    month: date = told("Tháng", "Month", "2026-09-01")
    paid: int | None = told("Số người được trả lương theo thuế", "Paid, by the tax register", 50)
    declared: int | None = told("Số người đã kê khai", "Declared", 42)
    unseen: int = told("Số người thuế có mà chưa kê khai", "Paid and not declared", 8)


class Explained(Schema):
    """A month of an employer as the law has it."""

    run: Stamp
    employer_id: str = told("Mã đơn vị", "Code", "TA01234")
    month: date = told("Tháng", "Month", "2026-10-01")
    due: dict[str, Any] = told(
        "Cây giải thích số phải đóng", "The tree that explains what is due", {"label": "Phải đóng"}
    )
    charge: dict[str, Any] = told("Cây giải thích khoản nộp thêm", "The tree that explains the charge", {"label": "0"})
    note: str | None = told("Cây thiếu gì", "What the trees lack", None)


class OneEmployer(Employer):
    """An employer with its months, its charges and its next step."""

    run: Stamp
    area: Place | None = told("Đơn vị hành chính", "The area", None)
    sector: str | None = told("Khu vực", "Sector", "doanh nghiệp ngoài nhà nước")
    status: str | None = told("Trạng thái", "Status", "đang hoạt động")
    pays: str | None = told("Phương thức đóng", "How he pays", "hằng tháng")
    next_step: Step | None = told("Việc tiếp theo theo luật", "The next legal step", None)
    dues: list[Due] = told("Các tháng, mới trước", "The months, the newest first", [])
    charges: list[Charge] = told("Các khoản nộp thêm, mới trước", "The charges, the newest first", [])
    workers: list[Workers] = told(
        "Số người so với thuế, mới trước", "Workers and the tax register, the newest first", []
    )
    open_findings: list[Finding] = told("Trường hợp ưu tiên nhất", "The most urgent findings", [])


@router.get(
    "/areas/{area_code}/employers",
    response=answers(Employers),
    summary="Đơn vị của một địa bàn / Employers of an area",
)
@marked
@rule(Right.WORK, area="area_code")
def employers(
    request: HttpRequest,
    area_code: AreaCode,
    name: Annotated[
        str,
        Query(
            description="Các từ trong tên, có dấu hay không / Words of the name", max_length=100, examples=["dong a"]
        ),
    ] = "",
    step: Annotated[
        Literal["demand", "evasion_begins", "list"] | None,
        Query(description="Việc tiếp theo theo luật, cùng `on` / The next legal step, with `on`", examples=["demand"]),
    ] = None,
    on: Annotated[
        date | None, Query(description="Ngày của việc ấy / The day of that step", examples=["2026-11-15"])
    ] = None,
    after: After = None,
    size: Size = PAGE,
) -> Employers:
    """Nợ nhiều trước; lọc theo tên, theo việc tiếp theo. / Those that owe most first; by name, by next step."""
    reader = reader_of(request)
    words, has_number = as_sought(name)
    if has_number:
        reason = say("Số định danh không được nằm trong địa chỉ.", "A personal number may not stand in an address.")
        raise NotValid({"query.name": reason})
    wanted = (step, on.isoformat()) if step and on else None
    page = reader.employers(area_code, words, after, size, wanted)
    filters = {"name": words, "step": step, "on": on.isoformat() if on else None}
    (turned if after else opened)(request, reader, "employers", area_code, filters, page)
    return Employers(
        run=stamp(reader),
        count=reader.employers_count(area_code, words, wanted),
        rows=[Employer(**listed_employer(row)) for row in page.rows],
        next=page.after,
    )


@router.get(
    "/employers/{employer_id}",
    response=answers(OneEmployer),
    summary="Một đơn vị / An employer",
)
@marked
@rule(Right.WORK, looks_up=True)
def employer(
    request: HttpRequest,
    employer_id: Annotated[str, Path(description="Mã đơn vị / Code of the employer", examples=["E25747"])],
) -> OneEmployer:
    """Phải đóng theo tháng, khoản nộp thêm, việc tiếp theo. / Dues by month, charges, the next legal step."""
    reader = reader_of(request)
    row = reader.employer(employer_id)
    if row is None:
        raise Http404
    known = facts(row)
    of_tax = workers(reader, employer_id)
    step: Mapping[str, Any] | None = next_step(reader, employer_id)
    found = [
        one
        for one in reader.of_employer("findings", employer_id)
        if reader.scope.sees(placed(one["area_code"]), Right.WORK)
    ]
    return OneEmployer(
        **listed_employer(row),
        run=stamp(reader),
        area=place_of(row["area_code"] or ""),
        sector=words(known.get("sector")),
        status=words(known.get("status")),
        pays=words(known.get("pay_method")),
        next_step=Step(**{**step, "step": words(step["words"])}) if step else None,
        dues=[_due(one, reader.run.as_of) for one in reversed(reader.of_employer("dues", employer_id))],
        charges=[_charge(one) for one in reversed(reader.of_employer("charges", employer_id))],
        workers=[
            Workers(month=one.month, paid=one.paid, declared=one.declared, unseen=one.unseen)
            for one in (of_tax.months if of_tax else ())
        ],
        open_findings=listed(reader, [one for one in found if one["status"] == "open"][:MOST_FINDINGS]),
    )


@router.get(
    "/employers/{employer_id}/months/{month}",
    response=answers(Explained),
    summary="Giải thích một tháng của đơn vị / A month of an employer explained",
)
@marked
@rule(Right.WORK, looks_up=True)
def employer_month(
    request: HttpRequest,
    employer_id: Annotated[str, Path(description="Mã đơn vị / Code of the employer", examples=["E25747"])],
    month: Annotated[str, Path(description="Tháng / Month", examples=["2026-10"])],
) -> Explained:
    """Từng bước tính số phải đóng và khoản nộp thêm, kèm điều luật. / Each step of the sums, with its article."""
    reader = reader_of(request)
    row, day = reader.employer(employer_id), month_named(month)
    found = explained(reader, row, day, language()) if row and day else None
    if found is None or day is None:
        raise Http404
    return Explained(
        run=stamp(reader),
        employer_id=employer_id,
        month=day,
        due=dict(found.due),
        charge=dict(found.charge),
        note=words(found.note),
    )


def listed_employer(row: Row) -> dict[str, Any]:
    """Return what lists tell of an employer."""
    told = {name: row[name] for name in Employer.model_fields}
    return {**told, "tax_code": shown_tax_code(row["tax_code"]) or None, "owes_since": as_date(row["owes_since"])}


def _due(row: Row, as_of: date) -> Due:
    told: Mapping[str, Any] = due_month(row, as_of)
    return Due(**{**told, "state": Coded(code=told["state"], words=said(told["state_words"]))})


def _charge(row: Row) -> Charge:
    return Charge(
        month=date.fromisoformat(row["month"]),
        late_or_evasion=Coded(code=row["class"], words=said(CLASSES.get(row["class"], row["class"]))),
        article=said(article(row["clause"])),
        amount=row["amount"],
        first_day=as_date(row["first_day"]),
        days=row["days"],
        charge=row["charge"],
    )
