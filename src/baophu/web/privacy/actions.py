"""What can be done about requests and breaches: one function a deed, each one transaction with a record of it.

What is there is read again and held while it is changed, and only what changes is written: whoever acts from a page
that was opened long ago overwrites nothing that was noted since.
"""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from baophu.core.errors import BaophuError
from baophu.core.languages import Text, same
from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.registers.store import names_nobody
from baophu.web.lists import DAYS, FIRST_DAY, LAST_DAY
from baophu.web.privacy.models import Breach, Outcome, PersonRequest

_ACTION = AuditRecord.Action


@transaction.atomic
def register_request(
    *, actor: str, kind: str, received_on: date, reference: str, person: str, area_code: str
) -> PersonRequest:
    """Register what a person asked for. BaophuError where something will not do."""
    _nameless(reference)
    if received_on < FIRST_DAY:
        raise BaophuError(DAYS)
    if received_on > timezone.localdate():
        raise BaophuError(Text("Ngày nhận ở sau hôm nay.", "The day of receipt lies ahead."))
    made = PersonRequest(kind=kind, received_on=received_on, reference=reference, person=person, area_code=area_code,
                         registered_by=actor)  # fmt: skip
    _save(made)
    _record(actor, _ACTION.PERSON_REQUEST, made, {"kind": kind, "person": person, "area_code": area_code})
    return made


@transaction.atomic
def give_word(*, actor: str, request: PersonRequest, on: date) -> None:
    """Note that whoever asked was told that his request came; once, and while it is open."""
    found = _open(request)
    if found.word_given_on:
        raise BaophuError(Text("Đã ghi báo tiếp nhận trước đó.", "That he was told is noted already."))
    found.word_given_on = on
    _save(found, "word_given_on")
    _record(actor, _ACTION.PERSON_REQUEST, found, {"word_given_on": str(on)})


@transaction.atomic
def extend(*, actor: str, request: PersonRequest, reason: str) -> None:
    """Extend a request once, with the reason that he was told."""
    _nameless(reason)
    found = _open(request)
    if found.extension or not reason.strip():
        raise BaophuError(Text("Chỉ gia hạn một lần, có lý do.", "A request is extended once only, and for a reason."))
    found.extension = reason.strip()
    _save(found, "extension")
    _record(actor, _ACTION.PERSON_REQUEST, found, {"extension": found.extension})


@transaction.atomic
def answer(*, actor: str, request: PersonRequest, outcome: str, words: str) -> None:
    """Answer a request; it is closed then."""
    _nameless(words)
    found = _open(request)
    if not words.strip() or outcome not in Outcome.values or outcome == Outcome.OPEN:
        raise BaophuError(Text("Phải ghi kết quả và nội dung trả lời.", "Say the outcome and the answer."))
    found.outcome, found.answer = outcome, words.strip()
    found.answered_at, found.answered_by = timezone.now(), actor
    _save(found, "outcome", "answer", "answered_at", "answered_by")
    _record(actor, _ACTION.ANSWER_REQUEST, found, {"outcome": outcome, "late": found.late})


@transaction.atomic
def register_breach(*, actor: str, found_at: datetime, what: str, people: int, area_code: str) -> Breach:
    """Register a breach; its clock runs from when it was found."""
    _nameless(what)
    if not FIRST_DAY <= found_at.date() <= LAST_DAY:
        raise BaophuError(DAYS)
    if found_at > timezone.now():
        raise BaophuError(Text("Lúc phát hiện ở sau bây giờ.", "When it was found lies ahead."))
    made = Breach(found_at=found_at, what=what, people=people, area_code=area_code, registered_by=actor)
    _save(made)
    _record(actor, _ACTION.BREACH, made, {"found_at": found_at.isoformat(), "area_code": area_code, "people": people})
    return made


@transaction.atomic
def update_breach(*, actor: str, breach: Breach, report: str, measures: str, people_told: bool, closed: bool) -> None:
    """Note how far a breach is: the report to the authority, what was done now, whether people were told, its end.

    `measures` is put under what was noted before. BaophuError where it was closed already.
    """
    _nameless(report)
    _nameless(measures)
    now = timezone.now()
    found = Breach.objects.select_for_update().get(pk=breach.pk)
    if found.closed_at:
        raise BaophuError(Text("Vi phạm này đã kết thúc.", "This breach was closed already."))
    if report.strip() and found.reported_at is None:
        found.reported_at, found.report = now, report.strip()
    if closed and found.reported_at is None:
        raise BaophuError(
            Text(
                "Chưa báo cơ quan chuyên trách thì chưa kết thúc.", "It cannot be closed before the authority was told."
            )
        )
    found.measures = "\n".join(one for one in (found.measures, measures.strip()) if one)
    found.people_told_at = found.people_told_at or (now if people_told else None)
    found.closed_at = now if closed else None
    _save(found, "reported_at", "report", "measures", "people_told_at", "closed_at")
    _record(actor, _ACTION.BREACH, found, {"report": found.report, "people_told": people_told, "closed": closed})


def _record(actor: str, action: AuditRecord.Action, about: models.Model, detail: dict[str, object]) -> None:
    record(actor, action, str(about), detail)


def _save(one: models.Model, *fields: str) -> None:
    """Check and save: what is new whole, else the fields that are named."""
    try:
        one.full_clean()
    except ValidationError as error:
        raise BaophuError(same(" ".join(error.messages))) from None
    one.save(update_fields=fields or None)


def _open(request: PersonRequest) -> PersonRequest:
    """Return a request as it stands now, held until the transaction ends; BaophuError where it was answered."""
    found = PersonRequest.objects.select_for_update().get(pk=request.pk)
    if found.outcome != Outcome.OPEN:
        raise BaophuError(Text("Yêu cầu này đã trả lời.", "This request was answered already."))
    return found


def _nameless(words: str) -> None:
    if not names_nobody(words):
        raise BaophuError(
            Text("Không ghi số định danh của ai ở đây.", "Write nobody's number here."),
        )
