"""What is around the figures: who asks, the runs, the loads, the record, the search."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from baophu.desk.models import AuditRecord
from baophu.results.masking import masked_value
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import RIGHT_WORDS, Right
from baophu.web.accounts.scope import scope_of
from baophu.web.api.asking import token_used
from baophu.web.api.etags import marked
from baophu.web.api.site import NotValid
from baophu.web.api.told import Coded, Place, Size, Stamp, answers, moment, place, told
from baophu.web.lists import DAYS
from baophu.web.reading import PAGE, reader_of, runs_indexed
from baophu.web.rules import rule, signed_in
from baophu.web.templatetags.baophu import said, say
from baophu.web.views_audit import records
from baophu.web.views_loads import known, shown
from baophu.web.views_search import as_sought, found

router = Router(tags=["Chung / General"])


class RightHeld(Schema):
    """A right, and where it holds."""

    right: str = told("Quyền", "Right", "see")
    words: str = told("Được làm gì", "What may be done", "xem số liệu của đơn vị")
    areas: list[str] = told("Trên và dưới các đơn vị", "On these areas and below", ["79"])


class Key(Schema):
    """The key that was used."""

    name: str = told("Tên khóa", "Name of the key", "bảng điều khiển")
    expires_at: datetime = told("Hết hạn", "Expires at", "2027-06-30T00:00:00+07:00")


class Me(Schema):
    """Who asks, and what he may."""

    username: str = told("Tên đăng nhập", "User name", "tinh")
    full_name: str = told("Họ và tên", "Full name", "Cán bộ tỉnh")
    rights: list[RightHeld] = told("Các quyền", "The rights", [])
    home: str | None = told("Đơn vị cao nhất được xem", "The highest area that may be seen", "79")
    key: Key | None = told("Khóa đã dùng", "The key that was used", None)


class RunThere(Stamp):
    """A run of a month."""

    begun_at: datetime = told("Bắt đầu", "Begun at", "2026-11-02T08:00:00Z")
    ended_at: datetime = told("Kết thúc", "Ended at", "2026-11-02T08:10:00Z")
    program: str = told("Phiên bản chương trình", "Version of the program", "0.1.0")
    law_sha256: str = told("Mã băm của tham số, quy tắc luật", "Hash of the law's figures and rules", "0" * 64)
    shown: bool = told("Đang được dùng để trả lời", "It is the one that answers", True)


class Runs(Schema):
    """The runs that are prepared for the site."""

    rows: list[RunThere] = told("Các lần chạy, mới trước", "The runs, the newest first", [])


class Reason(Schema):
    """Why rows went back or were mended."""

    rows: int = told("Số dòng", "Rows", 12)
    column: str = told("Cột", "Column", "Ngày sinh")
    reason: str = told("Vì sao", "Why", "không phải là ngày")


class Load(Schema):
    """A load, in counts."""

    load: str = told("Mã lần nạp", "The load", "20261102T080000000000Z")
    table: str = told("Bảng", "Table", "participants")
    title: str = told("Tên bảng", "Title of the table", "Người tham gia")
    loaded_at: datetime = told("Nạp lúc", "Loaded at", "2026-11-02T08:00:00Z")
    months: list[date] = told("Các tháng", "The months", ["2026-10-01"])
    read: int = told("Số dòng đã đọc", "Rows read", 1000)
    loaded: int = told("Số dòng đã nhận", "Rows loaded", 980)
    rejected: int = told("Số dòng trả lại", "Rows rejected", 20)
    held: int = told("Số dòng tạm giữ", "Rows held", 0)
    supplier: str | None = told("Ai gửi", "Who sent it", "Cơ quan thuế")
    state: Coded = told("Tình trạng", "State", {"code": "stands", "words": "Đang dùng"})
    reasons: list[Reason] = told("Vì sao trả lại", "Why rows went back", [])
    warnings: list[Reason] = told("Đã sửa, đã lưu ý", "Mended, or warned of", [])


class Loads(Schema):
    """A page of loads."""

    count: int = told("Tất cả", "All of them", 12)
    rows: list[Load] = told("Các lần nạp, mới trước", "The loads, the newest first", [])
    next: str | None = told("Con trỏ của trang sau; trống là hết", "Cursor of the next page; null at the end", "50")


class Noted(Schema):
    """Who did what, when, to what."""

    id: int = told("Số thứ tự", "Number", 1234)
    at: datetime = told("Lúc", "At", "2026-11-22T08:00:00Z")
    actor: str = told("Người làm", "Actor", "tinh")
    action: Coded = told("Việc", "Deed", {"code": "persons.open", "words": "mở hồ sơ một người"})
    subject: str = told("Đối tượng", "Subject", "person:9f8e7d6c")
    detail: dict[str, Any] = told("Chi tiết, số được che", "Detail, numbers masked", {"area_code": "25747"})


class Record(Schema):
    """A page of the record."""

    rows: list[Noted] = told("Các mục, mới trước", "The records, the newest first", [])
    next: str | None = told("Con trỏ của trang sau; trống là hết", "Cursor of the next page; null at the end", "1184")


class FoundEmployer(Schema):
    """An employer that was found."""

    employer_id: str = told("Mã đơn vị", "Code", "TA01234")
    name: str | None = told("Tên", "Name", "Công ty TNHH Đông Á")
    tax_code: str | None = told("Mã số thuế; của hộ được che", "Tax code; a household's is masked", "0301234567")
    area_code: str | None = told("Mã đơn vị hành chính", "Code of the area", "25747")


class FoundPerson(Schema):
    """A person who was found."""

    person: str = told("Khóa", "Key", "9f8e7d6c")
    full_name: str | None = told("Họ và tên", "Full name", "Trần Thị Hoa")
    birth_year: int | None = told("Năm sinh", "Year of birth", 1985)
    area_code: str | None = told("Mã đơn vị hành chính", "Code of the area", "25747")
    pid: str = told("Số định danh, được che", "Personal number, masked", "*********456")


class Found(Schema):
    """What was found, at most twenty of each."""

    areas: list[Place] = told("Đơn vị hành chính", "Areas", [])
    employers: list[FoundEmployer] = told("Đơn vị sử dụng lao động; cần quyền", "Employers; need the right", [])
    persons: list[FoundPerson] = told("Người; cần quyền", "People; need the right", [])


class Sought(Schema):
    """What is looked for."""

    q: str = Field(
        min_length=1,
        max_length=100,
        description="Tên, mã, số định danh / A name, a code, a personal number",
        examples=["trần thị hoa"],
    )


@router.get("/me", response=answers(Me), summary="Ai đang hỏi, được làm gì / Who asks, and what he may")
@signed_in()
def me(request: HttpRequest) -> Me:
    """Quyền và đơn vị của khóa hoặc tài khoản. / Rights and areas of the key or the account."""
    scope, token = scope_of(request.user), token_used(request)
    assert isinstance(request.user, User)  # noqa: S101 (the rule lets nobody else in)
    return Me(
        username=request.user.username,
        full_name=request.user.full_name,
        rights=[
            RightHeld(right=str(one), words=said(RIGHT_WORDS[one]), areas=sorted(scope.roots(one)))
            for one in Right
            if scope.may(one)
        ],
        home=scope.home,
        key=Key(name=token.name, expires_at=token.expires_at) if token else None,
    )


@router.get("/runs", response=answers(Runs), summary="Các lần chạy / The runs")
@marked
@rule(Right.SEE, looks_up=True)
def runs(request: HttpRequest) -> Runs:
    """Lần nào đã chuẩn bị cho trang, lần nào đang trả lời. / Which are prepared for the site, which one answers."""
    shown = reader_of(request).run.run
    return Runs(
        rows=[
            RunThere(
                run=one.run,
                month=one.month,
                as_of=one.as_of,
                provisional=one.provisional,
                begun_at=moment(one.begun_at),
                ended_at=moment(one.ended_at),
                program=one.program,
                law_sha256=one.law_sha256,
                shown=one.run == shown,
            )
            for one in runs_indexed(settings.HOME)
        ]
    )


@router.get("/loads", response=answers(Loads), summary="Các lần nạp / The loads")
@rule(Right.LOADS, looks_up=True)
def loads(
    request: HttpRequest,
    table: Annotated[
        str | None, Query(description="Bảng / Table", pattern="^[a-z_]{1,40}$", examples=["participants"])
    ] = None,
    after: Annotated[
        str | None, Query(description="Con trỏ `next` / The cursor `next`", pattern=r"^\d{1,9}$", examples=["50"])
    ] = None,
    size: Size = PAGE,
) -> Loads:
    """Chỉ số đếm, không dòng nào của ai. / Counts alone, nobody's rows."""
    every, states = known(settings.HOME)
    chosen = [one for one in reversed(every) if table in (None, one.table)]
    begun = int(after or 0)
    end = begun + size
    rows = [_load(one, states[one.load]) for one in chosen[begun:end]]
    return Loads(count=len(chosen), rows=rows, next=str(end) if end < len(chosen) else None)


@router.get("/audit", response=answers(Record), summary="Nhật ký / The record of who did what")
@rule(Right.AUDIT, looks_up=True)
def audit(
    request: HttpRequest,
    actor: Annotated[str, Query(description="Người làm / Actor", max_length=120, examples=["tinh"])] = "",
    action: Annotated[str, Query(description="Việc / Deed", max_length=40, examples=["persons.open"])] = "",
    subject: Annotated[str, Query(description="Đối tượng / Subject", max_length=120, examples=["person:"])] = "",
    since: Annotated[date | None, Query(description="Từ ngày / Since", examples=["2026-11-01"])] = None,
    until: Annotated[date | None, Query(description="Đến hết ngày / Until the end of", examples=["2026-11-30"])] = None,
    after: Annotated[
        str | None, Query(description="Con trỏ `next` / The cursor `next`", pattern=r"^\d{1,18}$", examples=["1184"])
    ] = None,
    size: Size = PAGE,
) -> Record:
    """Lọc theo người, việc, đối tượng, ngày. / By actor, deed, subject, day."""
    given = {"actor": actor, "action": action, "subject": subject, "since": str(since or ""), "until": str(until or "")}
    kept, wrong = records(scope_of(request.user), given)
    if wrong:
        raise NotValid({f"query.{name}": said(DAYS) for name in wrong})
    if after:
        kept = kept.filter(id__lt=int(after))
    rows = list(kept.order_by("-id")[: size + 1])
    return Record(rows=[_noted(one) for one in rows[:size]], next=str(rows[size - 1].pk) if len(rows) > size else None)


@router.get("/search", response=answers(Found), summary="Tìm theo tên, mã / Search by name or code")
@rule(Right.SEE, looks_up=True)
def search(
    request: HttpRequest,
    q: Annotated[
        str,
        Query(
            description="Tên, mã; không phải số định danh / A name or code; no personal number",
            min_length=1,
            max_length=100,
            examples=["dong nai"],
        ),
    ],
) -> Found:
    """Có dấu hay không. Số định danh chỉ gửi bằng POST. / With or without marks. Personal numbers by POST only."""
    sought, has_number = as_sought(q)
    if has_number:
        reason = say("Số định danh không được nằm trong địa chỉ: gửi bằng POST.",
                     "A personal number may not stand in an address: send it by POST.")  # fmt: skip
        raise NotValid({"query.q": reason})
    return _found(request, sought, is_number=False)


@router.post("/search", response=answers(Found), summary="Tìm, kể cả theo số / Search, by a number too")
@rule(Right.SEE, looks_up=True)
def search_by_number(request: HttpRequest, body: Sought) -> Found:
    """Số nằm trong nội dung gửi, không nằm trong địa chỉ. / The number is in what is sent, not in the address."""
    return _found(request, *as_sought(body.q))


def _found(request: HttpRequest, sought: str, is_number: bool) -> Found:
    hits = found(reader_of(request), sought, is_number)
    return Found(
        areas=[place(one) for one in hits["areas"]],
        employers=[
            FoundEmployer(**{name: row[name] for name in FoundEmployer.model_fields}) for row in hits["employers"]
        ],
        persons=[FoundPerson(**{name: row[name] for name in FoundPerson.model_fields}) for row in hits["persons"]],
    )


def _load(one: Any, state: str) -> Load:
    about = shown(one, state)
    return Load(
        load=one.load,
        table=one.table,
        title=said(about["title"]),
        loaded_at=moment(one.loaded_at),
        months=list(one.months),
        read=one.read,
        loaded=one.loaded,
        rejected=one.rejected,
        held=one.held,
        supplier=about["supplier"] or None,
        state=Coded(code=state, words=said(about["state"][1])),
        reasons=[Reason(rows=rows, column=column, reason=why) for rows, column, why in about["reasons"]],
        warnings=[Reason(rows=rows, column=column, reason=why) for rows, column, why in about["warnings"]],
    )


def _noted(one: AuditRecord) -> Noted:
    return Noted(
        id=one.pk,
        at=one.at,
        actor=one.actor,
        action=Coded(code=one.action, words=str(one.get_action_display())),
        subject=one.subject,
        detail={name: masked_value(name, value) for name, value in one.detail.items()},
    )
