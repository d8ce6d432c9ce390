"""Targets of units that merged are kept at the desk under their decision, with how they went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from baophu.areas.conversion import convert
from baophu.targets.decisions import decided_targets
from baophu.targets.snapshot import imported_targets
from baophu.targets.succession import followed_targets, record

DAY = date(2026, 10, 1)
pytestmark = pytest.mark.postgres


def test_what_followed_stands_and_the_moves_are_in_the_audit(home: Path) -> None:
    own = next(one for one in decided_targets() if one.target_id == "nq-403-2025:si_total:79:2030-12-31")
    before = [replace(own, area_code=code, value=Decimal(value)) for code, value in (("77", 500), ("79", 900))]
    followed = followed_targets(before, {}, DAY, lambda code: convert(code, date(2025, 6, 1), DAY))
    record(home, followed, "lan", DAY)
    (target,) = imported_targets(home)
    assert (target.area_code, target.value) == ("79", 1_400)

    from baophu.desk.models import AuditRecord

    kept = AuditRecord.objects.get()
    assert kept.actor == "lan"
    assert kept.detail["remarks"] == ["77 -> 79: 500 (went wholly)"]
