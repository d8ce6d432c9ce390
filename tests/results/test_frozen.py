"""Frozen decisions: verified, known again after a purge, frozen anew for the run from the desk that a backup held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pytest_django import DjangoDbBlocker

from baophu.core.soundness import Look
from baophu.desk import backup
from baophu.linkage.decisions import Decided, decide
from baophu.registers.persons import person
from baophu.registers.purging import Decision, purge_person
from baophu.results.frozen import frozen, verify
from small_country import a_home, loaded, run


@pytest.fixture(autouse=True)
def desk(django_db_blocker: DjangoDbBlocker | None) -> Iterator[None]:
    """Let a test use the desk; its connection is closed at the end."""
    with django_db_blocker.unblock() if django_db_blocker is not None else nullcontext():
        yield
        _close()


def _close() -> None:
    from django.conf import settings

    if settings.configured:
        from django.db import connection

        connection.close()


def somebody() -> tuple[str, str]:
    """A participant, and the person of whom he is said to be."""
    row = (
        pq.read_table(next((loaded()[0] / "participants").glob("*.parquet")), columns=["si_code", "pid"])
        .drop_null()
        .slice(7, 1)
        .to_pylist()[0]
    )
    return row["si_code"], row["pid"]


def decided(tmp_path: Path) -> tuple[Path, Path]:
    """A home with one decision, that a participant is not the person, and its frozen copy."""
    home = a_home(tmp_path)
    decide(home, [Decided(*somebody(), accepted=False)], by="an", why="giấy tờ")
    path = frozen(home, "link_decisions")
    assert path is not None
    return home, path


def faults(home: Path) -> list[tuple[str, str]]:
    return [(Path(fault.where).name, fault.what.en) for fault in verify(home, Look())]


def test_a_copy_that_was_changed_or_taken_away_is_told(tmp_path: Path) -> None:
    home, path = decided(tmp_path)
    assert faults(home) == []
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert faults(home) == [("link_decisions.parquet", "is not what was written (another SHA-256)")]
    path.unlink()
    assert faults(home) == [("link_decisions.parquet", "is gone"), ("current", "names no copy that is there")]


def test_a_purged_decision_leaves_a_sound_copy(tmp_path: Path) -> None:
    home, path = decided(tmp_path)
    purge_person(home, person([somebody()[0]]), Decision("Công văn 12", "Giám đốc"), exact=True)
    assert int(somebody()[0]) not in pq.read_table(path).column("si_code").to_pylist()
    assert faults(home) == []


def test_a_damaged_copy_is_made_again_by_the_next_run_which_names_it(tmp_path: Path) -> None:
    home, path = decided(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(b"x")
    manifest = run(home).run
    assert path.read_bytes() == whole and faults(home) == []
    (read,) = [one for one in manifest.inputs if one.table == "link_decisions"]
    assert home / "warehouse" / read.file == path
    si_code, pid = somebody()
    links = [row for row in _links(home, manifest.run) if row["si_code"] == si_code]
    assert all(row["pid"] != pid for row in links)


def test_what_a_backup_brings_back_is_frozen_for_the_run(tmp_path: Path) -> None:
    home, path = decided(tmp_path)
    backup.new_key(tmp_path / "key")
    backup.backup(home, tmp_path / "backup.age", tmp_path / "key")
    again = tmp_path / "again"
    backup.restore(tmp_path / "backup.age", again, tmp_path / "key")
    _close()
    back = again / path.relative_to(home)
    back.unlink()
    assert faults(again)
    run(again)
    assert back.read_bytes() == path.read_bytes() and faults(again) == []


def _links(home: Path, run_id: str) -> list[dict[str, object]]:
    place = home / "warehouse" / "results" / "2026-10" / run_id / "links"
    rows: list[dict[str, object]] = pq.read_table(place).to_pylist()
    return rows
