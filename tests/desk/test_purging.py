"""Wiping a number out of the desk: no text and no byte of its file keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from baophu.desk.audit import first_broken
from baophu.desk.models import AuditRecord
from baophu.desk.purging import purge_person
from baophu.desk.store import desk_file

NUMBER = "001090000017"


def test_a_number_is_wiped_out_of_every_text_and_the_rest_stays(home: Path) -> None:
    AuditRecord.objects.create(
        actor="lan", action="targets.import", subject=f"x {NUMBER}", detail={"note": f"hỏi về {NUMBER}, xã 00004"}
    )
    assert purge_person(home, [NUMBER]) == {"desk_auditrecord.subject": 1, "desk_auditrecord.detail": 1}
    record = AuditRecord.objects.get()
    assert record.subject == "x █"
    assert first_broken() is None
    assert record.detail == {"note": "hỏi về █, xã 00004"}
    for path in (one for one in desk_file(home).parent.iterdir() if one.is_file()):
        assert NUMBER.encode() not in path.read_bytes()
    assert purge_person(home, [NUMBER]) == {}


@pytest.mark.sqlite
def test_a_home_without_a_desk_gets_none(tmp_path: Path) -> None:
    assert purge_person(tmp_path, [NUMBER]) == {}
    assert not desk_file(tmp_path).parent.exists()
