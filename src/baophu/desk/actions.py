"""What can be done at the desk: one function a deed, each one transaction, each with a record of who did it.

`start` comes first. Models are handed over unsaved; the actions check and save them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.models import AuditRecord, Decision, LinkDecision, MatchDecision, Target, TargetImport


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
