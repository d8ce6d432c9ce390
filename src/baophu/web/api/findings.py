"""Findings: the list of an area, and one with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from baophu.findings.kinds import kinds
from baophu.web import outcomes, telling
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.api.etags import marked, marked_beside
from baophu.web.api.pages import opened, turned
from baophu.web.api.told import After, AreaCode, Coded, Place, Size, Stamp, answers, coded, place_of, stamp, told
from baophu.web.lists import as_date, law_text, shown_tax_code
from baophu.web.reading import PAGE, Reader, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, said

router = Router(tags=["Trường hợp cần xử lý / Findings"])


class Finding(Schema):
    """A finding, with its numbers masked."""

    finding_id: str = told("Mã", "Code", "F25747")
    kind: str = told("Loại", "Kind", "uninsured_worker")
    title: str = told("Tên loại", "Title of the kind", "Lao động có lương mà chưa tham gia")
    reason: str = told("Vì sao", "Why", "Đơn vị chưa đăng ký tham gia")
    area_code: str = told("Mã đơn vị hành chính", "Code of the area", "25747")
    who: str = told("Về ai: số được che, mã đơn vị", "About whom: a masked number, an employer", "*********456")
    employer_id: str | None = told("Mã đơn vị sử dụng lao động", "The employer", "TA01234")
    from_month: date | None = told("Từ tháng", "From month", "2026-05-01")
    last_month: date | None = told("Đến hết tháng", "Until the end of month", "2026-09-01")
    amount: int = told("Số tiền, đồng", "Amount in dong", 4500000)
    amount_is: str = told(
        "monthly: của một tháng; total: của cả đợt", "monthly: of a month; total: of the stretch", "monthly"
    )
    deadline: date | None = told("Tháng hạn luật định", "Month that the law sets", "2026-12-01")
    status: Coded = told("Tình trạng", "Status", {"code": "open", "words": "Đang mở"})
    points: int = told("Ưu tiên, trên 100", "Priority, of 100", 50)


class Findings(Schema):
    """A page of findings."""

    run: Stamp
    count: int = told("Tất cả bao nhiêu theo bộ lọc", "How many there are under the filters", 1234)
    rows: list[Finding] = told("Các trường hợp", "The findings", [])
    next: str | None = told(
        "Con trỏ của trang sau; trống là hết", "Cursor of the next page; null at the end", "0.5~F25747"
    )


class Fact(Schema):
    """A fact on which a finding rests."""

    name: str = told("Là gì", "What", "Tiền lương tháng")
    value: str = told("Giá trị, số định danh được che", "Value, personal numbers masked", "9 triệu đồng")
    rows: list[str] = told("Lần nạp và dòng được dẫn", "Load and rows that it cites", [])


class Side(Schema):
    """What one source says."""

    side: str = told("Nguồn", "Source", "Nguồn đối chiếu")
    facts: list[Fact] = told("Các dữ kiện", "The facts", [])


class PriorityPart(Schema):
    """A part of the priority."""

    name: str = told("Phần", "Part", "Số tiền")
    weight: int = told("Trọng số, phần trăm", "Weight in hundredths", 30)
    points: int = told("Điểm, trên 1.000", "Points of 1,000", 150)


class OneFinding(Finding):
    """A finding with what it rests on."""

    run: Stamp
    area: Place | None = told("Đơn vị hành chính", "The area", None)
    claim: str = told("Nhận định", "The claim", "Cơ quan thuế ghi nhận tiền lương …")
    article: str = told("Căn cứ", "Article of law", "Luật 41/2024/QH15, điều 2")
    next_step: str = told("Việc tiếp theo", "What to do next", "Đối chiếu với đơn vị")
    excluded: str = told("Trông giống mà không phải", "What looks like it and is none", "Người đã nghỉ hưu")
    evidence: list[Side] = told("Bằng chứng", "Evidence", [])
    parts: list[PriorityPart] = told("Ưu tiên gồm những gì", "What the priority is made of", [])
    first_seen: date | None = told("Thấy lần đầu", "First seen", "2026-10-31")
    ended_how: Coded | None = told("Kết thúc thế nào", "How it ended", None)
    tax_code: str | None = told("Mã số thuế", "Tax code", "0301234567")
    person: str | None = told("Khóa của người, nếu được mở", "Key of the person, where he may be opened", "9f8e7d6c")


class Kind(Schema):
    """A kind of finding."""

    kind: str = told("Mã", "Code", "uninsured_worker")
    title: str = told("Tên", "Title", "Lao động có lương mà chưa tham gia")
    article: str = told("Căn cứ", "Article of law", "Luật 41/2024/QH15, điều 2")
    amount_is: str = told(
        "monthly: của một tháng; total: của cả đợt", "monthly: of a month; total: of the stretch", "monthly"
    )
    next_step: str = told("Việc tiếp theo", "What to do next", "Đối chiếu với đơn vị")


class Kinds(Schema):
    """The kinds of findings."""

    rows: list[Kind] = told("Các loại", "The kinds", [])


@router.get(
    "/areas/{area_code}/findings",
    response=answers(Findings),
    summary="Danh sách cần xử lý / Findings of an area",
)
@marked_beside(outcomes.newest)
@rule(Right.WORK, area="area_code")
def findings(
    request: HttpRequest,
    area_code: AreaCode,
    kind: Annotated[
        str | None, Query(description="Loại / Kind", pattern="^[a-z_]{1,40}$", examples=["uninsured_worker"])
    ] = None,
    status: Annotated[
        Literal["open", "held", "resolved", "all"], Query(description="Tình trạng / Status", examples=["open"])
    ] = "open",
    sort: Annotated[
        Literal["priority", "amount"],
        Query(description="Xếp theo, lớn trước / Order, greatest first", examples=["amount"]),
    ] = "priority",
    outcome: Annotated[
        Literal["confirmed", "wrong", "unanswered", "none"] | None,
        Query(description="Kết quả đã ghi; none: chưa ghi / Outcome recorded; none: not yet", examples=["none"]),
    ] = None,
    after: After = None,
    size: Size = PAGE,
) -> Findings:
    """Lọc theo loại, tình trạng, kết quả; xếp theo ưu tiên, số tiền. / By kind, status, outcome; priority or amount."""
    reader = reader_of(request)
    only = None if status == "all" else status
    among = outcomes.among(area_code, outcome)
    page = reader.findings(area_code, kind, only, after, size, sort, among)
    filters = {"kind": kind, "status": status, "sort": sort, "outcome": outcome}
    (turned if after else opened)(request, reader, "findings", area_code, filters, page)
    counted = [
        row["findings"]
        for row in reader.finding_counts(area_code, among)
        if kind in (None, row["kind"]) and only in (None, row["status"])
    ]
    return Findings(run=stamp(reader), count=sum(counted), rows=listed(reader, page.rows), next=page.after)


@router.get(
    "/findings/{finding_id}",
    response=answers(OneFinding),
    summary="Một trường hợp với bằng chứng / A finding with its evidence",
)
@marked
@rule(Right.WORK, looks_up=True)
def finding(
    request: HttpRequest,
    finding_id: Annotated[str, Path(description="Mã trường hợp / Code of the finding", examples=["F25747"])],
) -> OneFinding:
    """Nhận định, bằng chứng, cách tính ưu tiên, việc tiếp theo. / The claim, what it rests on, what to do next."""
    reader = reader_of(request)
    row = reader.finding(finding_id)
    if row is None or row["kind"] not in kinds():
        raise Http404
    lang, sensitive, kind = language(), _sensitive(reader, row), kinds()[row["kind"]]
    known = reader.person(row["person"]) if row["person"] else None
    return OneFinding(
        **_finding(reader, row),
        run=stamp(reader),
        area=place_of(row["area_code"]),
        claim=telling.claim(row, lang),
        article=said(law_text(kind.article)),
        next_step=said(kind.next_step),
        excluded=said(kind.excluded),
        evidence=[
            Side(side=side, facts=[Fact(name=name, value=value, rows=rows) for name, value, rows in facts])
            for side, facts in telling.evidence(row, lang, sensitive)
        ],
        parts=[
            PriorityPart(name=name, weight=weight, points=points)
            for name, weight, points, _ in telling.parts(row, lang)
        ],
        first_seen=as_date(row["first_seen"]),
        ended_how=coded(row["resolved_how"], telling.HOW),
        tax_code=shown_tax_code(row["tax_code"]) or None,
        person=known["person"] if known else None,
    )


@router.get("/kinds", response=answers(Kinds), summary="Các loại trường hợp / The kinds of findings")
@rule(Right.WORK, looks_up=True)
def finding_kinds(request: HttpRequest) -> Kinds:
    """Mã, tên, căn cứ pháp luật. / Code, title, article of law."""
    return Kinds(
        rows=[
            Kind(
                kind=one.kind,
                title=said(one.title),
                article=said(law_text(one.article)),
                amount_is=one.amount,
                next_step=said(one.next_step),
            )
            for one in kinds().values()
        ]
    )


def listed(reader: Reader, rows: Sequence[Row]) -> list[Finding]:
    """Return findings as lists tell them; of a kind that the program no longer knows nothing is told."""
    return [Finding(**_finding(reader, row)) for row in rows if row["kind"] in kinds()]


def _finding(reader: Reader, row: Row) -> dict[str, Any]:
    told = telling.said(row, language(), _sensitive(reader, row))
    return {
        "finding_id": told.id,
        "kind": told.kind,
        "title": told.title,
        "reason": told.reason,
        "area_code": told.area,
        "who": told.who,
        "employer_id": row["employer_id"],
        "from_month": told.from_month,
        "last_month": told.last_month,
        "amount": told.amount,
        "amount_is": kinds()[row["kind"]].amount,
        "deadline": told.deadline,
        "status": coded(told.status, telling.STATUSES),
        "points": told.points,
    }


def _sensitive(reader: Reader, row: Row) -> bool:
    return reader.scope.sees(placed(row["area_code"]), Right.SENSITIVE)
