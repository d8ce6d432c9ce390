"""The rules that the database itself holds, whatever code writes to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from baophu.desk import models
from baophu.desk.audit import first_broken, record
from baophu.indicators import catalogue
from baophu.targets import decisions

from . import examples

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def taken() -> models.TargetImport:
    decision = examples.decision()
    decision.save()
    return models.TargetImport.objects.create(
        decision=decision, parent_code="00", file_name="a.xlsx", sha256="a" * 64, actor="lan", rows=1
    )


def refused(constraint: str, *rows: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        for row in rows:
            row.save()


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("value_unless_above_last_year", {"value": None}),
        ("value_unless_above_last_year", {"direction": "above_last_year"}),
        ("high_only_in_a_range", {"high": Decimal(2_000_000)}),
        ("high_only_in_a_range", {"direction": "range"}),
        ("base_before_end", {"base_date": date(2030, 12, 31)}),
        ("target_direction", {"direction": "more_or_less"}),
        ("target_scope", {"scope": "with_pets"}),
        ("target_bound", {"bound": "maybe"}),
    ],
)
def test_a_target_that_breaks_a_rule_is_refused(
    taken: models.TargetImport, constraint: str, changed: dict[str, Any]
) -> None:
    refused(constraint, examples.target(revision=taken, **changed))


def test_one_import_has_one_value_for_one_subject(taken: models.TargetImport) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        for value in (1, 2):
            examples.target(revision=taken, value=Decimal(value)).save()


@pytest.mark.parametrize(
    "changed",
    [{"issued_on": None}, {"issued_after": date(2025, 1, 1)}, {"issued_on": None, "issued_after": None}],
)
def test_a_decision_has_exactly_one_day_of_issue(changed: dict[str, Any]) -> None:
    refused("one_day_of_issue", examples.decision(**changed))


def test_an_import_is_undone_by_somebody(taken: models.TargetImport) -> None:
    taken.undone_by = "lan"
    refused("undone_by_somebody", taken)


def test_foreign_keys_are_held(taken: models.TargetImport) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), transaction.atomic():
        examples.target(revision_id=taken.pk + 1).save()


def test_a_record_needs_an_actor() -> None:
    refused("audit_has_actor", models.AuditRecord(actor="", action="targets.import", subject="x"))


def test_a_record_can_be_neither_changed_nor_deleted() -> None:
    record = models.AuditRecord(actor="lan", action="targets.import", subject="x")
    record.save()
    record.actor = "minh"
    with pytest.raises(ValidationError, match="không sửa"):
        record.save()
    with pytest.raises(ValidationError, match="không sửa"):
        record.delete()
    with pytest.raises(ValidationError, match="không sửa"):
        models.AuditRecord.objects.all().delete()
    with pytest.raises(ValidationError, match="không sửa"):
        models.AuditRecord.objects.update(actor="minh")
    with pytest.raises(ValidationError, match="không sửa"):
        models.AuditRecord.objects.bulk_update([record], ["actor"])
    assert models.AuditRecord.objects.get().actor == "lan"


@pytest.mark.parametrize("digits", ["123456789012345678.123456", "0.451", "29334000", "0.100001", "-1"])
def test_a_value_comes_back_with_all_its_digits(taken: models.TargetImport, digits: str) -> None:
    examples.target(revision=taken, value=Decimal(digits)).save()
    assert models.Target.objects.get().value == Decimal(digits)


@pytest.mark.sqlite
def test_the_desk_lets_readers_go_on_while_one_writes() -> None:
    with connection.cursor() as cursor:
        settings = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_the_words_are_said_in_both_languages() -> None:
    field = models.Decision._meta.get_field("issued_on")
    with override("vi"):
        assert str(field.verbose_name) == "ngày ban hành"
    with override("en"):
        assert str(field.verbose_name) == "issued on"


def test_the_closed_lists_are_those_of_the_targets() -> None:
    assert set(models.Direction.values) == set(decisions.DIRECTIONS)
    assert set(models.Bound.values) == set(decisions.BOUNDS)
    assert set(models.Scope.values) == set(catalogue.SCOPES)


def test_a_record_that_was_changed_behind_the_program_is_found() -> None:
    for number in range(3):
        record("lan", models.AuditRecord.Action.GRANT, f"user:{number}", {"role": "national"})
    assert first_broken() is None
    second = models.AuditRecord.objects.order_by("id")[1].pk
    with connection.cursor() as cursor:
        cursor.execute("UPDATE desk_auditrecord SET actor = 'minh' WHERE id = %s", [second])
    assert first_broken() == second


def test_a_record_that_was_taken_out_behind_the_program_is_missed() -> None:
    for number in range(3):
        record("lan", models.AuditRecord.Action.GRANT, f"user:{number}", {})
    ids = list(models.AuditRecord.objects.order_by("id").values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM desk_auditrecord WHERE id = %s", [ids[1]])
    assert first_broken() == ids[2]
