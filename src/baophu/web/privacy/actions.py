"""What can be done about requests and breaches: one function a deed, each one transaction with a record of it."""

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
from baophu.web.privacy.models import Breach, Outcome, PersonRequest

_ACTION = AuditRecord.Action


@transaction.atomic
def register_request(
    *, actor: str, kind: str, received_on: date, reference: str, person: str, area_code: str
) -> PersonRequest:
    """Register what a person asked for. BaophuError where something will not do."""
    _nameless(reference)
    if received_on > timezone.localdate():
        raise BaophuError(Text("Ngày nhận ở sau hôm nay.", "The day of receipt lies ahead."))
    made = PersonRequest(kind=kind, received_on=received_on, reference=reference, person=person, area_code=area_code,
                         registered_by=actor)  # fmt: skip
    _save(made)
    _record(actor, _ACTION.PERSON_REQUEST, made, {"kind": kind, "person": person, "area_code": area_code})
    return made


@transaction.atomic
def give_word(*, actor: str, request: PersonRequest, on: date) -> None:
    """Note that whoever asked was told that his request came."""
    _open(request)
    request.word_given_on = on
    _save(request)
    _record(actor, _ACTION.PERSON_REQUEST, request, {"word_given_on": str(on)})


@transaction.atomic
def extend(*, actor: str, request: PersonRequest, reason: str) -> None:
    """Extend a request once, with the reason that he was told."""
    _open(request)
    _nameless(reason)
    if request.extension or not reason.strip():
        raise BaophuError(Text("Chỉ gia hạn một lần, có lý do.", "A request is extended once only, and for a reason."))
    request.extension = reason.strip()
    _save(request)
    _record(actor, _ACTION.PERSON_REQUEST, request, {"extension": request.extension})


@transaction.atomic
def answer(*, actor: str, request: PersonRequest, outcome: str, words: str) -> None:
    """Answer a request; it is closed then."""
    _open(request)
    _nameless(words)
    if not words.strip() or outcome not in Outcome.values or outcome == Outcome.OPEN:
        raise BaophuError(Text("Phải ghi kết quả và nội dung trả lời.", "Say the outcome and the answer."))
    request.outcome, request.answer = outcome, words.strip()
    request.answered_at, request.answered_by = timezone.now(), actor
    _save(request)
    _record(actor, _ACTION.ANSWER_REQUEST, request, {"outcome": outcome, "late": request.late})


@transaction.atomic
def register_breach(*, actor: str, found_at: datetime, what: str, people: int, area_code: str) -> Breach:
    """Register a breach; its clock runs from when it was found."""
    _nameless(what)
    if found_at > timezone.now():
        raise BaophuError(Text("Lúc phát hiện ở sau bây giờ.", "When it was found lies ahead."))
    made = Breach(found_at=found_at, what=what, people=people, area_code=area_code, registered_by=actor)
    _save(made)
    _record(actor, _ACTION.BREACH, made, {"found_at": found_at.isoformat(), "area_code": area_code, "people": people})
    return made


@transaction.atomic
def update_breach(*, actor: str, breach: Breach, report: str, measures: str, people_told: bool, closed: bool) -> None:
    """Note how far a breach is: the report to the authority, what was done, whether people were told, its end."""
    _nameless(report)
    _nameless(measures)
    now = timezone.now()
    if report.strip() and breach.reported_at is None:
        breach.reported_at, breach.report = now, report.strip()
    if closed and breach.reported_at is None:
        raise BaophuError(
            Text(
                "Chưa báo cơ quan chuyên trách thì chưa kết thúc.", "It cannot be closed before the authority was told."
            )
        )
    breach.measures = measures.strip()
    breach.people_told_at = breach.people_told_at or (now if people_told else None)
    breach.closed_at = breach.closed_at or (now if closed else None)
    _save(breach)
    _record(actor, _ACTION.BREACH, breach, {"report": breach.report, "people_told": people_told, "closed": closed})


def _record(actor: str, action: AuditRecord.Action, about: models.Model, detail: dict[str, object]) -> None:
    record(actor, action, str(about), detail)


def _save(one: models.Model) -> None:
    try:
        one.full_clean()
    except ValidationError as error:
        raise BaophuError(same(" ".join(error.messages))) from None
    one.save()


def _open(request: PersonRequest) -> None:
    if request.outcome != Outcome.OPEN:
        raise BaophuError(Text("Yêu cầu này đã trả lời.", "This request was answered already."))


def _nameless(words: str) -> None:
    if not names_nobody(words):
        raise BaophuError(
            Text("Không ghi số định danh của ai ở đây.", "Write nobody's number here."),
        )
