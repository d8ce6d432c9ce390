"""The one way into the record of who did what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baophu.desk.models import AuditRecord


def record(actor: str, action: AuditRecord.Action, subject: str, detail: Mapping[str, Any]) -> AuditRecord:
    """Add a record. `subject` and `detail` name things by their own keys, never a person by his number."""
    made = AuditRecord(actor=actor, action=action, subject=subject, detail=dict(detail))
    made.full_clean()
    made.save()
    return made


def first_broken() -> int | None:
    """Return the id of the first record that was changed or follows a gap; None where all is sound."""
    last = ""
    for one in AuditRecord.objects.order_by("id").iterator(chunk_size=2000):
        if one.previous != last or one.digest != one.reckoned():
            return one.pk
        last = one.digest
    return None
