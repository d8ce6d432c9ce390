"""Decisions and targets on their way to the desk's tables and back. Whoever calls has started the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from baophu.core.languages import Text
from baophu.targets.decisions import Decision, Issued, Target

if TYPE_CHECKING:
    from baophu.desk import models


def decision_to_desk(decision: Decision) -> models.Decision:
    """Make the desk's row of a decision, unsaved."""
    from baophu.desk import models

    return models.Decision(
        id=decision.id,
        number=decision.number,
        title_vi=decision.title.vi,
        title_en=decision.title.en,
        issuer_vi=decision.issuer.vi,
        issuer_en=decision.issuer.en,
        issued_on=decision.issued.on,
        issued_after=decision.issued.after,
        issued_before=decision.issued.before,
        rank=decision.rank,
        note_vi=decision.note.vi if decision.note else "",
        note_en=decision.note.en if decision.note else "",
        source="\n".join(decision.sources),
    )


def decision_from_desk(row: models.Decision) -> Decision:
    """Read a decision back; phases are known to the program's own decisions only."""
    return Decision(
        id=row.id,
        number=row.number,
        title=Text(row.title_vi, row.title_en),
        issuer=Text(row.issuer_vi, row.issuer_en),
        issued=Issued(on=row.issued_on, after=row.issued_after, before=row.issued_before),
        rank="decided" if row.rank == "decided" else "reported",
        sources=tuple(row.source.splitlines()),
        note=Text(row.note_vi, row.note_en) if row.note_vi else None,
    )


def targets_to_desk(targets: Iterable[Target]) -> list[models.Target]:
    """Make the desk's rows of targets, unsaved and without their import."""
    from baophu.desk import models

    return [
        models.Target(
            indicator=target.indicator,
            area_code=target.area_code,
            scope=target.scope,
            period_end=target.period_end,
            base_date=target.base_date,
            value=target.value,
            high=target.high,
            direction=target.direction,
            bound=target.bound,
            phase=target.phase.id if target.phase else "",
        )
        for target in targets
    ]
