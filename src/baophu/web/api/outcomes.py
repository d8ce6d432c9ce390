"""What became of a finding: read, recorded, taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Path, Router, Schema

from baophu.core.errors import BaophuError
from baophu.desk.actions import Overtaken
from baophu.findings.outcomes import OUTCOMES
from baophu.web import outcomes
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed, scope_of
from baophu.web.api.etags import marked_beside
from baophu.web.api.site import NotValid
from baophu.web.api.told import Coded, answers, coded, moment, told
from baophu.web.lists import DAYS, FIRST_DAY
from baophu.web.reading import Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, said, say

router = Router(tags=["Trường hợp cần xử lý / Findings"])
FindingId = Annotated[str, Path(description="Mã trường hợp / Code of the finding", examples=["F25747"])]
_COST = 999_999_999_999_999


class Entry(Schema):
    """An entry: an outcome, or that an earlier entry is taken back."""

    entry: int = told("Mục thứ", "Number of the entry", 1)
    outcome: Coded | None = told("Kết quả; trống là rút lại một mục", "Outcome; null takes an entry back", None)
    takes_back: int | None = told("Rút lại mục", "Takes back this entry", None)
    decided_on: date | None = told("Ngày quyết định", "Decided on", "2026-11-02")
    decided_by: str = told("Người quyết định", "Decided by", "co-so")
    cost: int | None = told("Chi phí, đồng", "Cost in dong", 120000)
    register_at_fault: str | None = told("Sổ ghi sai", "Register that is wrong", "population")
    why: str = told("Lý do, ghi chú", "Why, notes", "đã đối chiếu với đơn vị")
    recorded_by: str = told("Người ghi", "Recorded by", "co-so")
    recorded_at: datetime = told("Ghi lúc", "Recorded at", "2026-11-02T08:00:00Z")
    counts: bool = told("Còn giá trị của ngày ấy", "It counts for its day", True)


class Entries(Schema):
    """What became of a finding."""

    known: int = told("Số mục; gửi lại khi ghi", "How many entries; to be sent when recording", 1)
    outcome: Coded | None = told("Kết quả được tính", "The outcome that counts", None)
    rows: list[Entry] = told("Các mục, mới trước", "The entries, the newest first", [])


class NewEntry(Schema):
    """An outcome to be recorded, or an entry to be taken back."""

    known: int = told("Số mục đã đọc (`known`)", "How many entries were read (`known`)", 0, ge=0, le=1_000_000)
    outcome: Literal["confirmed", "wrong", "unanswered"] | None = told(
        "Kết quả; bỏ trống khi rút lại một mục", "Outcome; left out to take an entry back", "confirmed", default=None
    )
    decided_on: date | None = told("Ngày quyết định", "Decided on", "2026-11-02", default=None)
    cost: int | None = told("Chi phí, đồng", "Cost in dong", 120000, default=None, ge=0, le=_COST)
    register_at_fault: str = told(
        "Khi sai: sổ ghi sai", "Where wrong: the register at fault", None, default="", max_length=40
    )
    why: str = told("Lý do, không có số của ai", "Why, without anybody's number", None, default="", max_length=2000)
    takes_back: int | None = told("Rút lại mục này", "Take this entry back", None, default=None, ge=1, le=1_000_000)


def _last(finding_id: str) -> int:
    return len(outcomes.entries(finding_id))


@router.get(
    "/findings/{finding_id}/outcomes", response=answers(Entries), summary="Kết quả đã ghi / Outcomes of a finding"
)
@marked_beside(_last)
@rule(Right.WORK, looks_up=True)
def finding_outcomes(request: HttpRequest, finding_id: FindingId) -> Entries:
    """Mọi mục đã ghi, cả mục đã rút lại. / All entries, those taken back too."""
    return _entries(_finding(request, finding_id))


@router.post("/findings/{finding_id}/outcomes", response=answers(Entries), summary="Ghi kết quả / Record an outcome")
@rule(Right.WORK, looks_up=True)
def record_finding_outcome(request: HttpRequest, finding_id: FindingId, body: NewEntry) -> Entries:
    """Gửi lại chỉ ghi một lần; takes_back: rút lại mục. / Sent again, kept once; takes_back takes an entry back."""
    row = _finding(request, finding_id)
    if not scope_of(request.user).sees(placed(row["area_code"]), Right.RECORD):
        raise PermissionDenied
    if body.takes_back is not None:
        if body.outcome is not None:
            raise NotValid({"body.takes_back": say("Chỉ gửi outcome hoặc takes_back.", "Send outcome or takes_back.")})
        try:
            outcomes.take_back(row, actor=_actor(request), known=body.known, place=body.takes_back, why=body.why)
        except Overtaken:
            raise
        except BaophuError as error:
            raise NotValid({"body.takes_back": error.say(language())}) from None
        return _entries(row)
    if body.decided_on is not None and body.decided_on < FIRST_DAY:
        raise NotValid({"body.decided_on": said(DAYS)})
    given = {
        "outcome": body.outcome or "", "decided_on": body.decided_on.isoformat() if body.decided_on else "",
        "register": body.register_at_fault.strip(), "cost": "" if body.cost is None else str(body.cost),
        "why": body.why.strip(),
    }  # fmt: skip
    read, wrong = outcomes.read(row, given, by=_actor(request))
    if wrong:
        names = {"register": "register_at_fault"}
        raise NotValid({f"body.{names.get(name, name)}": said(why) for name, _, why in wrong})
    outcomes.keep(read, actor=_actor(request), known=body.known)
    return _entries(row)


def _finding(request: HttpRequest, finding_id: str) -> Row:
    row = reader_of(request).finding(finding_id)
    if row is None:
        raise Http404
    return row


def _actor(request: HttpRequest) -> str:
    return cast(User, request.user).username


def _entries(row: Row) -> Entries:
    kept = outcomes.entries(row["finding_id"])
    found = outcomes.outcomes_of([row["finding_id"]])
    return Entries(
        known=len(kept),
        outcome=coded(found.get(row["finding_id"]), OUTCOMES),
        rows=[_entry(one) for one in outcomes.told(kept)],
    )


def _entry(one: outcomes.Entry) -> Any:
    kept = one.kept
    return Entry(
        entry=kept.place,
        outcome=coded(kept.outcome, OUTCOMES),
        takes_back=kept.takes_back,
        decided_on=kept.decided_on,
        decided_by=kept.decided_by,
        cost=kept.cost,
        register_at_fault=kept.register or None,
        why=kept.why,
        recorded_by=kept.recorded_by,
        recorded_at=moment(kept.recorded_at),
        counts=one.counts,
    )
