"""What verification sees of lists and boundaries that were taken in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from baophu.areas.store import Stored, store, verify
from baophu.core.soundness import Look


@pytest.fixture
def taken(tmp_path: Path) -> Stored:
    file = tmp_path / "offices.csv"
    file.write_text("code,name\n")
    home = tmp_path / "home"
    return store(
        home, "areas/offices", file, "a" * 64, {}, lambda part: (part / "offices.parquet").write_bytes(b"1234")
    )


def faults(taken: Stored) -> list[tuple[str, str]]:
    home = taken.folder.parents[3]
    return [(Path(fault.where).name, fault.what.en) for fault in verify(home, Look())]


def test_a_set_that_was_taken_in_is_sound(taken: Stored) -> None:
    assert faults(taken) == []


def test_a_changed_a_missing_and_a_foreign_file_are_seen(taken: Stored) -> None:
    file = taken.folder / "offices.parquet"
    file.write_bytes(b"1235")
    assert faults(taken) == [("offices.parquet", "is not what was written (another SHA-256)")]
    file.rename(taken.folder / "more.parquet")
    assert faults(taken) == [("offices.parquet", "is gone"), ("more.parquet", "no manifest names it")]


def test_an_edited_manifest_is_seen(taken: Stored) -> None:
    path = taken.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"file": "other.csv"}))
    assert faults(taken) == [("manifest.json", "is not what was written (another SHA-256)")]


def test_a_set_that_is_gone_or_was_put_in_is_seen(taken: Stored) -> None:
    other = taken.folder.with_name("20991231T000000000000Z-aaaaaaaa")
    shutil.move(taken.folder, other)
    assert faults(taken) == [(taken.folder.name, "is gone"), (other.name, "no manifest names it")]
