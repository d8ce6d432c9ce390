"""Backups: what comes back is what was there, nobody opens one without its key, and nothing is ever half restored."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from baophu.core.errors import BaophuError
from baophu.core.home import PART
from baophu.desk.backup import backup, made, new_key, read_key, restore
from baophu.desk.store import desk_file

pytestmark = pytest.mark.sqlite  # of PostgreSQL: test_on_postgresql.py


def tree_of(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.parent.name != "desk"
    }


@pytest.fixture
def kept(home: Path) -> Path:
    """A home with a desk, a warehouse, and what must stay out of a backup."""
    load = home / "warehouse" / "registers" / "declarations" / "20261101"
    load.mkdir(parents=True)
    (load / "data.parquet").write_bytes(os.urandom(3_000_000))
    (load / "manifest.json").write_text('{"tên": "tháng 11"}', encoding="utf-8")
    (home / "warehouse" / "empty.csv").write_bytes(b"")
    return home


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    new_key(path)
    return path


def test_what_comes_back_is_what_was_there(kept: Path, key: Path, tmp_path: Path) -> None:
    out = tmp_path / "backup.age"
    report = backup(kept, out, key)
    again = tmp_path / "again"
    assert restore(out, again, key) == report
    assert tree_of(again) == tree_of(kept)
    assert report.files == len(tree_of(kept)) + 1  # and the desk
    assert stat.S_IMODE(again.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in again.rglob("*") if path.is_file()} == {0o600}


def test_the_desk_comes_back_with_what_was_written_last(kept: Path, key: Path, tmp_path: Path) -> None:
    import sqlite3

    # A writer that is still connected: its last change is in the write-ahead log and not yet in the file.
    live = sqlite3.connect(desk_file(kept))
    live.execute("PRAGMA journal_mode=WAL")
    live.execute("CREATE TABLE note (words TEXT)")
    live.execute("INSERT INTO note VALUES ('đã ghi')")
    live.commit()
    backup(kept, tmp_path / "b.age", key)
    restore(tmp_path / "b.age", tmp_path / "again", key)
    live.close()
    back = sqlite3.connect(desk_file(tmp_path / "again"))
    assert back.execute("SELECT words FROM note").fetchall() == [("đã ghi",)]
    back.close()


def test_what_is_half_written_stays_out(kept: Path, key: Path, tmp_path: Path) -> None:
    (kept / "warehouse" / f"{PART}1234-load").mkdir()
    (kept / "warehouse" / f"{PART}1234-load" / "data.parquet").write_bytes(b"half")
    backup(kept, tmp_path / "b.age", key)
    restore(tmp_path / "b.age", tmp_path / "again", key)
    assert not [path for path in (tmp_path / "again").rglob("*") if PART in path.name]
    assert not [path for path in kept.iterdir() if PART in path.name], "the copy of the desk must be gone"


def test_nothing_of_it_can_be_read_without_the_key(kept: Path, key: Path, tmp_path: Path) -> None:
    (kept / "warehouse" / "secret.txt").write_text("012345678901" * 1000)
    out = tmp_path / "b.age"
    backup(kept, out, key)
    data = out.read_bytes()
    assert data.startswith(b"age-encryption.org/v1")
    assert b"012345678901" not in data
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    other = tmp_path / "other.txt"
    new_key(other)
    with pytest.raises(BaophuError, match="not its key"):
        restore(out, tmp_path / "again", other)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("damage", ["cut", "flip", "rubbish"])
def test_a_damaged_backup_changes_nothing(kept: Path, key: Path, tmp_path: Path, damage: str) -> None:
    out = tmp_path / "b.age"
    backup(kept, out, key)
    data = bytearray(out.read_bytes())
    if damage == "cut":
        data = data[: len(data) * 2 // 3]
    elif damage == "flip":
        data[len(data) // 2] ^= 1
    else:
        data = bytearray(b"PK\x03\x04 no backup")
    out.write_bytes(data)
    with pytest.raises(BaophuError, match="Nothing was changed"):
        restore(out, tmp_path / "again", key)
    assert not (tmp_path / "again").exists()
    assert not [path for path in tmp_path.iterdir() if PART in path.name]


def test_a_restore_overwrites_nothing(kept: Path, key: Path, tmp_path: Path) -> None:
    backup(kept, tmp_path / "b.age", key)
    before = tree_of(kept)
    with pytest.raises(BaophuError, match="overwrites nothing"):
        restore(tmp_path / "b.age", kept, key)
    assert tree_of(kept) == before


def test_a_restore_into_an_empty_folder_is_taken(kept: Path, key: Path, tmp_path: Path) -> None:
    backup(kept, tmp_path / "b.age", key)
    (tmp_path / "again").mkdir()
    restore(tmp_path / "b.age", tmp_path / "again", key)
    assert tree_of(tmp_path / "again") == tree_of(kept)


def test_a_backup_into_the_home_does_not_hold_itself(kept: Path, key: Path, tmp_path: Path) -> None:
    out = kept / "backup.age"
    backup(kept, out, key)
    restore(out, tmp_path / "again", key)
    assert not (tmp_path / "again" / "backup.age").exists()


def test_a_key_is_never_overwritten_and_is_its_owners_alone(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_text()
    with pytest.raises(BaophuError, match="never overwritten"):
        new_key(key)
    assert key.read_text() == before


@pytest.mark.parametrize("content", [b"", b"no key", b"AGE-SECRET-KEY-1NONSENSE", b"\xff\xfe\x00"])
def test_a_file_that_is_no_key_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "k"
    path.write_bytes(content)
    with pytest.raises(BaophuError, match="holds no key"):
        read_key(path)


def test_without_a_home_there_is_nothing_to_back_up(tmp_path: Path, key: Path) -> None:
    with pytest.raises(BaophuError, match="no home folder"):
        backup(tmp_path / "none", tmp_path / "b.age", key)
    assert not (tmp_path / "b.age").exists()


def test_a_disk_that_is_full_leaves_no_half_backup(
    kept: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def full(descriptor: int) -> None:
        real(descriptor)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BaophuError, match="No space left"):
        backup(kept, tmp_path / "b.age", key)
    assert not (tmp_path / "b.age").exists()
    assert not [path for path in tmp_path.iterdir() if PART in path.name]


def test_a_backup_waits_for_a_load_and_is_noted_in_the_home(kept: Path, key: Path, tmp_path: Path) -> None:
    lock = kept / "warehouse" / "registers" / "declarations" / "lock"
    late = lock.parent / "20261102" / "manifest.json"
    holding = (
        "import fcntl, sys, time; from pathlib import Path; file = open(sys.argv[1], 'w');"
        "fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); time.sleep(1);"
        "late = Path(sys.argv[2]); late.parent.mkdir(); late.write_text('{}')"
    )
    process = subprocess.Popen([sys.executable, "-c", holding, lock, late], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    backup(kept, tmp_path / "backup.age", key)
    assert process.wait() == 0
    restore(tmp_path / "backup.age", tmp_path / "again", key)
    assert (tmp_path / "again" / late.relative_to(kept)).exists()
    assert [path for _, path in made(kept)] == [tmp_path / "backup.age"]
