"""What can be done at the desk, one section an action."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from baophu.core.errors import BaophuError
from baophu.desk.actions import record_import, undo_import
from baophu.desk.models import AuditRecord, Decision, Target, TargetImport

from . import examples

pytestmark = pytest.mark.usefixtures("home")


def take(*values: int, **changed: Any) -> TargetImport:
    """Import one target of 403/NQ-CP a value, for the provinces 01, 02, …"""
    given: dict[str, Any] = {
        "actor": "lan",
        "decision": examples.decision(),
        "parent_code": "00",
        "rows": [examples.target(area_code=f"{n:02}", value=Decimal(value)) for n, value in enumerate(values, 1)],
        "file_name": "phu-luc.xlsx",
        "sha256": "a" * 64,
    }
    return record_import(**(given | changed))


def standing() -> list[Decimal | None]:
    return [target.value for target in Target.objects.filter(revision__in=TargetImport.objects.governing())]


# record_import


def test_an_import_keeps_its_file_its_rows_and_who_took_it() -> None:
    taken = take(100, 200)
    assert (taken.decision_id, taken.file_name, taken.actor, taken.rows) == ("nq-403-2025", "phu-luc.xlsx", "lan", 2)
    assert standing() == [100, 200]


def test_a_second_import_of_a_decision_stands_and_the_first_stays_readable() -> None:
    first = take(100, 200)
    take(110, 210, 310)
    assert standing() == [110, 210, 310]
    assert [target.value for target in first.targets.all()] == [100, 200]


def test_one_decision_assigns_below_several_areas_side_by_side() -> None:
    take(100)
    take(7, parent_code="75", rows=[examples.target(area_code="26020", value=Decimal(7))])
    assert standing() == [100, 7]


def test_each_import_leaves_one_record_of_who_did_what() -> None:
    taken = take(100, 200, remarks=["the sum differs by 5"])
    record = AuditRecord.objects.get()
    assert (record.actor, record.action, record.subject) == ("lan", "targets.import", f"target_import:{taken.pk}")
    assert record.detail["rows"] == 2
    assert record.detail["remarks"] == ["the sum differs by 5"]


def test_a_changed_decision_is_told_in_the_record_with_before_and_now() -> None:
    take(100)
    take(100, decision=examples.decision(issuer_vi="Chính phủ nước CHXHCN Việt Nam"))
    assert Decision.objects.get().issuer_vi == "Chính phủ nước CHXHCN Việt Nam"
    last = AuditRecord.objects.latest("id")
    assert last.detail["decision_changes"] == {"issuer_vi": ["Chính phủ", "Chính phủ nước CHXHCN Việt Nam"]}


def test_nothing_is_done_by_nobody() -> None:
    with pytest.raises(BaophuError, match="not known who"):
        take(100, actor=" ")
    assert not TargetImport.objects.exists()


def test_one_wrong_row_takes_back_the_whole_import() -> None:
    with pytest.raises(ValidationError, match="value"):
        take(100, rows=[examples.target(), examples.target(area_code="01", value=Decimal("0.1234567"))])
    assert not Decision.objects.exists()
    assert not TargetImport.objects.exists()
    assert not AuditRecord.objects.exists()


# undo_import


def test_undoing_an_import_lets_the_one_before_it_stand_again() -> None:
    take(100)
    second = take(110)
    undone = undo_import(actor="minh", import_id=second.pk)
    assert undone.undone_by == "minh"
    assert undone.undone_at is not None
    assert standing() == [100]
    assert [target.value for target in second.targets.all()] == [110]


def test_undoing_the_only_import_leaves_nothing_standing() -> None:
    undo_import(actor="minh", import_id=take(100).pk)
    assert standing() == []


def test_undoing_leaves_one_record() -> None:
    taken = take(100)
    undo_import(actor="minh", import_id=taken.pk)
    record = AuditRecord.objects.latest("id")
    assert (record.actor, record.action, record.subject) == ("minh", "targets.undo", f"target_import:{taken.pk}")


def test_an_import_is_undone_once() -> None:
    taken = take(100)
    undo_import(actor="minh", import_id=taken.pk)
    with pytest.raises(BaophuError) as error:
        undo_import(actor="lan", import_id=taken.pk)
    assert "đã được minh hủy lúc" in error.value.say("vi")
    assert "already undone by minh" in error.value.say("en")


def test_an_import_that_was_replaced_cannot_be_undone_and_names_the_one_that_can() -> None:
    first, second = take(100), take(110)
    with pytest.raises(BaophuError) as error:
        undo_import(actor="lan", import_id=first.pk)
    assert f"Hủy lần nạp số {second.pk} trước" in error.value.say("vi")
    assert f"Undo import {second.pk} first" in error.value.say("en")
    assert standing() == [110]


def test_an_unknown_import_is_said_to_be_unknown() -> None:
    with pytest.raises(BaophuError, match="There is no import 99"):
        undo_import(actor="lan", import_id=99)
