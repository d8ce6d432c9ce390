"""Comments on areas and findings: read and written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from baophu.core.errors import BaophuError
from baophu.indicators.catalogue import catalogue
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.api.etags import marked_beside
from baophu.web.api.site import NotValid
from baophu.web.api.told import AreaCode, answers, moment, told
from baophu.web.comments import actions, telling
from baophu.web.comments.actions import About
from baophu.web.comments.models import Comment
from baophu.web.comments.telling import Thread
from baophu.web.reading import Reader, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, say

router = Router(tags=["Ý kiến / Comments"])
FindingId = Annotated[str, Path(description="Mã trường hợp / Code of the finding", examples=["F25747"])]
_MOST = 2**53


class Said(Schema):
    """A comment."""

    id: int = told("Số của ý kiến", "Number of the comment", 12)
    area_code: str = told("Mã đơn vị hành chính", "Code of the area", "79")
    month: date = told("Tháng của số liệu", "Month of the figures", "2026-10-01")
    indicator: str | None = told("Chỉ tiêu", "Indicator", "si_total")
    finding_id: str | None = told("Trường hợp", "Finding", None)
    text: str | None = told("Nội dung; trống là đã rút lại", "The words; null: taken back", "Vì sao giảm?")
    author: str = told("Người viết", "Author", "ban-chi-dao")
    author_name: str = told("Họ và tên", "Full name", "Ban chỉ đạo")
    at: datetime = told("Lúc", "At", "2026-11-02T08:00:00Z")


class Answered(Said):
    """A comment with its answers."""

    replies: list[Said] = told("Trả lời, cũ trước", "The answers, the oldest first", [])


class Comments(Schema):
    """Comments, the newest first."""

    rows: list[Answered] = told("Các ý kiến", "The comments", [])
    next: str | None = told("Con trỏ của trang sau", "Cursor of the next page", None)


class OnFinding(Schema):
    """What is said of a finding."""

    text: str = told("Nội dung, không có số của ai", "The words, without anybody's number", "Đã hẹn", max_length=2000)
    answers: int | None = told("Trả lời ý kiến này", "Answers this comment", None, default=None, ge=1, le=_MOST)


class OnArea(OnFinding):
    """What is said of an area, or of one of its indicators."""

    indicator: str = told("Chỉ tiêu, nếu có", "Indicator, if any", "si_total", default="", max_length=60)


def _of_area(area_code: str) -> object:
    return Comment.objects.all().state(area_code)


def _of_finding(finding_id: str) -> object:
    found = Comment.objects.filter(finding_id=finding_id)
    return [(one.pk, one.taken_back_at) for one in found]


@router.get("/areas/{area_code}/comments", response=answers(Comments), summary="Ý kiến / Comments on an area")
@marked_beside(_of_area)
@rule(Right.SEE, area="area_code")
def area_comments(
    request: HttpRequest,
    area_code: AreaCode,
    after: Annotated[
        str | None, Query(description="Con trỏ `next` / The cursor `next`", pattern=r"^\d{1,18}$", examples=["12"])
    ] = None,
) -> Comments:
    """Của đơn vị và cấp dưới, mới trước. / On the area and those below it, the newest first."""
    before = int(after) if after else None
    found = telling.of_area(reader_of(request).scope, area_code, telling.PAGE + 1, before)
    more = str(found[telling.PAGE - 1].first.pk) if len(found) > telling.PAGE else None
    return Comments(rows=[_answered(one) for one in found[: telling.PAGE]], next=more)


@router.post("/areas/{area_code}/comments", response=answers(Said), summary="Ghi ý kiến / Comment on an area")
@rule(Right.SEE, area="area_code")
def comment_on_area(request: HttpRequest, area_code: AreaCode, body: OnArea) -> Said:
    """Cần quyền ghi ý kiến; gửi lại trong ngày chỉ ghi một lần. / Needs the right to comment; sent again, kept once."""
    reader = reader_of(request)
    if body.indicator and body.indicator not in catalogue():
        raise NotValid({"body.indicator": say("Không có chỉ tiêu này.", "There is no such indicator.")})
    first = _first(reader, area_code, body.answers)
    about = About(area_code, reader.run.month, body.indicator)
    if first is not None:
        about = About(first.area_code, reader.run.month, first.indicator, first.finding_id)
    return _written(request, reader, about, body.text, first)


@router.get("/findings/{finding_id}/comments", response=answers(Comments), summary="Ý kiến / Comments on a finding")
@marked_beside(_of_finding)
@rule(Right.WORK, looks_up=True)
def finding_comments(request: HttpRequest, finding_id: FindingId) -> Comments:
    """Mới trước. / The newest first."""
    _finding(reader_of(request), finding_id)
    return Comments(rows=[_answered(one) for one in telling.of_finding(finding_id)], next=None)


@router.post("/findings/{finding_id}/comments", response=answers(Said), summary="Ghi ý kiến / Comment on a finding")
@rule(Right.WORK, looks_up=True)
def comment_on_finding(request: HttpRequest, finding_id: FindingId, body: OnFinding) -> Said:
    """Cần quyền ghi ý kiến; gửi lại trong ngày chỉ ghi một lần. / Needs the right to comment; sent again, kept once."""
    reader = reader_of(request)
    area_code = placed(_finding(reader, finding_id)["area_code"])
    first = _first(reader, area_code, body.answers)
    about = About(area_code, reader.run.month, finding_id=finding_id)
    return _written(request, reader, about, body.text, first)


def _written(request: HttpRequest, reader: Reader, about: About, text: str, first: Comment | None) -> Said:
    if not reader.scope.sees(about.area_code, Right.COMMENT):
        raise PermissionDenied
    try:
        made = actions.write(author=cast(User, request.user), about=about, text=text, answers=first)
    except BaophuError as error:
        raise NotValid({"body.text": error.say(language())}) from None
    return Said(**_said(made))


def _first(reader: Reader, area_code: str, number: int | None) -> Comment | None:
    """Return the comment that is answered; NotValid where it is none that may be read."""
    if number is None:
        return None
    found = Comment.objects.read_by(reader.scope, area_code).filter(pk=number).first()
    if found is None:
        raise NotValid({"body.answers": say("Không có ý kiến này.", "There is no such comment.")})
    return found


def _finding(reader: Reader, finding_id: str) -> Row:
    row = reader.finding(finding_id)
    if row is None:
        raise Http404
    return row


def _answered(one: Thread) -> Answered:
    return Answered(**_said(one.first), replies=[Said(**_said(reply)) for reply in one.answers])


def _said(one: Comment) -> dict[str, Any]:
    return {
        "id": one.pk,
        "area_code": one.area_code,
        "month": one.month,
        "indicator": one.indicator or None,
        "finding_id": one.finding_id or None,
        "text": one.text or None,
        "author": one.author,
        "author_name": one.author_name,
        "at": moment(one.at),
    }
