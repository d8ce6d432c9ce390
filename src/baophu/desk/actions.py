"""What can be done at the desk: one function a deed, each one transaction, each with a record of who did it.

`start` comes first. Models are handed over unsaved; the actions check and save them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.models import AuditRecord, Decision, LinkDecision, MatchDecision, Target, TargetImport
from baophu.desk.outcomes import FindingOutcome, standing

# So many entries are looked up and written by one statement.
_AT_ONCE = 500


@transaction.atomic
def record_import(
    *,
    actor: str,
    decision: Decision,
    parent_code: str,
    rows: Sequence[Target],
    file_name: str,
    sha256: str,
    remarks: Sequence[str] = (),
) -> TargetImport:
    """Take the targets that a file assigns below one area; they stand in place of the decision's earlier import.

    `remarks` go into the audit record: what the person who imported was told and accepted.
    """
    _somebody(actor)
    changes = _changes(decision)
    decision.full_clean(validate_unique=False)
    decision.save()
    taken = TargetImport(
        decision=decision,
        parent_code=parent_code,
        file_name=file_name,
        sha256=sha256,
        actor=actor,
        rows=len(rows),
    )
    taken.full_clean()
    taken.save()
    for row in rows:
        row.revision = taken
        row.clean_fields()
    Target.objects.bulk_create(rows)
    AuditRecord(
        actor=actor,
        action=AuditRecord.Action.IMPORT_TARGETS,
        subject=f"target_import:{taken.pk}",
        detail={
            "decision": decision.pk,
            "parent_code": parent_code,
            "file_name": file_name,
            "sha256": sha256,
            "rows": len(rows),
            "decision_changes": changes,
            "remarks": list(remarks),
        },
    ).save()
    return taken


@transaction.atomic
def undo_import(*, actor: str, import_id: int) -> TargetImport:
    """Undo an import that stands: the one before it stands again. Its rows stay readable.

    BaophuError where there is no such import, or it does not stand.
    """
    _somebody(actor)
    found = TargetImport.objects.select_related("decision").filter(pk=import_id).first()
    if found is None:
        raise BaophuError(
            Text(f"Không có lần nạp số {import_id}.", f"There is no import {import_id}."),
            Text("Xem các lần nạp: baophu targets history", "See the imports: baophu targets history"),
        )
    if found.undone_at is not None:
        when = timezone.localtime(found.undone_at)
        raise BaophuError(
            Text(
                f"Lần nạp số {import_id} đã được {found.undone_by} hủy lúc {when:%H:%M ngày %d/%m/%Y}.",
                f"Import {import_id} was already undone by {found.undone_by} at {when:%H:%M on %Y-%m-%d}.",
            )
        )
    standing = TargetImport.objects.governing().get(decision=found.decision, parent_code=found.parent_code)
    if standing != found:
        raise BaophuError(
            Text(
                f"Lần nạp số {import_id} đã được lần nạp số {standing.pk} thay thế.",
                f"Import {import_id} was already replaced by import {standing.pk}.",
            ),
            Text(
                f"Hủy lần nạp số {standing.pk} trước: baophu targets undo {standing.pk}",
                f"Undo import {standing.pk} first: baophu targets undo {standing.pk}",
            ),
        )
    found.undone_at = timezone.now()
    found.undone_by = actor
    found.save(update_fields=["undone_at", "undone_by"])
    AuditRecord(
        actor=actor,
        action=AuditRecord.Action.UNDO_IMPORT,
        subject=f"target_import:{found.pk}",
        detail={"decision": found.decision_id, "parent_code": found.parent_code, "rows": found.rows},
    ).save()
    return found


@transaction.atomic
def decide_links(*, actor: str, reason: str, decisions: Sequence[LinkDecision | MatchDecision]) -> int:
    """Keep whether participants, employers or paid workers are whom they were held against; return how many were new.

    `decisions` are unsaved and without actor. Each is one person or business: accepting another one takes the place of
    the one before, which is then rejected. BaophuError where it is not said who decides and why. The audit record names
    nobody.
    """
    _somebody(actor)
    if not reason.strip():
        raise BaophuError(
            Text("Phải ghi lý do của quyết định. Không có gì thay đổi.", "Say why. Nothing was changed."),
            Text('Thêm --why "…", ví dụ hồ sơ đã đối chiếu.', 'Add --why "…", such as the papers compared.'),
        )
    made = sum(
        _decide_link(one, actor, reason) if isinstance(one, LinkDecision) else _decide_match(one, actor, reason)
        for one in decisions
    )
    AuditRecord(
        actor=actor,
        action=AuditRecord.Action.DECIDE_LINKS,
        subject="link_decisions",
        detail={"given": len(decisions), "new": made, "reason": reason},
    ).save()
    return made


class Overtaken(BaophuError):
    """What was done rests on what is no longer so: somebody else did something meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Có người vừa ghi thêm kết quả của trường hợp này. Chưa ghi gì.",
                "Somebody has recorded an outcome of this finding meanwhile. Nothing was kept.",
            ),
            Text("Xem lại các mục đã ghi, rồi ghi lại nếu vẫn cần.", "Look at the entries, then record it if need be."),
        )


def record_outcome(*, actor: str, entry: FindingOutcome, known: int) -> FindingOutcome:
    """Add an entry on what became of a finding, or that takes an earlier one back; return it as it is kept.

    `entry` is unsaved, without place and recorder; `known` is how many entries of the finding its author has seen. The
    same entry sent again is kept once. Overtaken where there are others by now; BaophuError where the entry that is
    taken back is none that counts.
    """
    _somebody(actor)
    entry.recorded_by, entry.place = actor, known + 1
    try:
        with transaction.atomic():
            before = list(FindingOutcome.objects.filter(finding_id=entry.finding_id).order_by("place"))
            if len(before) == entry.place and (_said(before[-1]), before[-1].recorded_by) == (_said(entry), actor):
                return before[-1]
            if len(before) != known:
                raise Overtaken
            counting = {one.place for one in standing(before)}
            if entry.takes_back is not None and entry.takes_back not in counting:
                raise BaophuError(
                    Text(
                        "Mục này không còn giá trị, không rút lại được.",
                        "This entry counts no more; leave it as it is.",
                    )
                )
            # Whether the place is free is left to the database, which alone knows of what others do at this moment.
            entry.clean_fields()
            entry.save()
            AuditRecord(
                actor=actor,
                action=AuditRecord.Action.OUTCOME,
                subject=f"finding:{entry.finding_id}",
                detail={
                    "area_code": entry.area_code,
                    "entry": entry.place,
                    **({"outcome": entry.outcome} if entry.outcome else {"takes_back": entry.takes_back}),
                },
            ).save()
    except IntegrityError:
        # Two at the same moment: the other's entry has this place.
        raise Overtaken from None
    return entry


@transaction.atomic
def take_outcomes(*, actor: str, entries: Sequence[FindingOutcome], sha256: str) -> tuple[int, int]:
    """Keep the entries of a file, unsaved and without place; return how many were new and how many took the place of
    one of the same day. What counts already is not kept again."""
    _somebody(actor)
    new: list[FindingOutcome] = []
    replaced, last = 0, dict[str, int]()
    for begin in range(0, len(entries), _AT_ONCE):
        part = entries[begin : begin + _AT_ONCE]
        known = list(FindingOutcome.objects.filter(finding_id__in={one.finding_id for one in part}))
        counting = {(one.finding_id, one.decided_on): one for one in standing(known)}
        for one in known:
            last[one.finding_id] = max(last.get(one.finding_id, 0), one.place)
        for one in part:
            there = counting.get((one.finding_id, one.decided_on))
            if there and _said(there) == _said(one):
                continue
            one.recorded_by, one.place = actor, last.get(one.finding_id, 0) + 1
            last[one.finding_id] = one.place
            replaced += there is not None
            new.append(one)
    FindingOutcome.objects.bulk_create(new, batch_size=_AT_ONCE)
    if new:
        AuditRecord(
            actor=actor,
            action=AuditRecord.Action.OUTCOME,
            subject="outcomes",
            detail={"sha256": sha256, "rows": len(entries), "new": len(new) - replaced, "replaced": replaced},
        ).save()
    return len(new) - replaced, replaced


def _said(one: FindingOutcome) -> tuple[object, ...]:
    return (one.outcome, one.decided_on, one.decided_by, one.cost, one.register, one.why, one.takes_back)


def _decide_link(one: LinkDecision, actor: str, reason: str) -> int:
    before = {old.pid: old.accepted for old in LinkDecision.objects.standing().filter(si_code=one.si_code)}
    others = [pid for pid, accepted in before.items() if one.accepted and accepted and pid != one.pid]
    every = [one, *(LinkDecision(si_code=one.si_code, pid=pid, accepted=False) for pid in others)]
    return sum(_keep(new, actor, reason) for new in every if before.get(new.pid) != new.accepted)


def _decide_match(one: MatchDecision, actor: str, reason: str) -> int:
    standing = MatchDecision.objects.standing().filter(kind=one.kind, subject=one.subject)
    before = {old.other: old.accepted for old in standing}
    others = [other for other, accepted in before.items() if one.accepted and accepted and other != one.other]
    every = [
        one,
        *(MatchDecision(kind=one.kind, subject=one.subject, other=other, accepted=False) for other in others),
    ]
    return sum(_keep(new, actor, reason) for new in every if before.get(new.other) != new.accepted)


def _keep(new: LinkDecision | MatchDecision, actor: str, reason: str) -> int:
    new.reason, new.decided_by = reason, actor
    new.full_clean()
    new.save()
    return 1


def _somebody(actor: str) -> None:
    if not actor.strip():
        raise BaophuError(
            Text(
                "Chưa biết ai làm việc này. Không có gì thay đổi.",
                "It is not known who does this. Nothing was changed.",
            ),
        )


def _changes(decision: Decision) -> dict[str, list[str]]:
    """Return what differs from the decision as it stood, field by field: [before, now]."""
    before = Decision.objects.filter(pk=decision.pk).first()
    if before is None:
        return {}
    was, now = model_to_dict(before), model_to_dict(decision)
    return {field: [str(was[field]), str(now[field])] for field in now if was[field] != now[field]}
