"""What verification sees: a changed byte, an edited manifest, a load taken away, a stranger, a ledger cut or edited."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from baophu.core import ledger
from baophu.core.soundness import Look
from baophu.registers import store
from baophu.registers.loading import load
from baophu.registers.verifying import head, verify, verify_head

HEADER = "month,employer_id,si_code,group_code,wage"


def declare(home: Path, name: str, *lines: str) -> Path:
    file = home.parent / name
    file.write_text("\n".join([HEADER, *lines]) + "\n")
    (one,) = load([file], home)
    return one.folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    declare(home, "a.csv", "2026-09-01,DN1,0100000017,a,1", "2026-10-01,DN1,0100000017,z,1")
    declare(home, "b.csv", "2026-10-01,DN1,0100000017,a,2")
    return home


def faults(home: Path) -> list[tuple[str, str]]:
    found = verify(home, Look())
    assert all(fault.what.vi and fault.mend.vi and fault.mend.en for fault in found)
    return [(Path(fault.where).name, fault.what.en) for fault in found]


def first(home: Path) -> Path:
    return min(store.folder(home, "declarations").glob("[0-9]*"))


def test_a_sound_home_has_no_faults_and_all_its_bytes_were_read(home: Path) -> None:
    look = Look()
    assert verify(home, look) == []
    files = [path for path in store.registers(home).rglob("*") if path.suffix in (".parquet", ".json")]
    assert (look.files, look.size) == (len(files), sum(path.stat().st_size for path in files))


def test_a_home_without_registers_has_nothing_to_verify(tmp_path: Path) -> None:
    assert verify(tmp_path / "none", Look()) == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["data-2026-09-0001.parquet", "rejects.parquet", "manifest.json"])
def test_one_changed_byte_is_seen(home: Path, name: str) -> None:
    path = first(home) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert (name, "is not what was written (another SHA-256)") in faults(home)


def test_an_edited_manifest_is_seen_though_it_fits_its_edited_file(home: Path) -> None:
    path = first(home) / "data-2026-09-0001.parquet"
    rows = duckdb.sql(f"SELECT * REPLACE (9::BIGINT AS wage) FROM '{path}'")  # noqa: S608
    rows.write_parquet(str(path) + ".new")
    Path(str(path) + ".new").replace(path)
    manifest = json.loads((path.parent / "manifest.json").read_text())
    from baophu.core.hashes import sha256

    next(file for file in manifest["files"] if file["name"] == path.name)["sha256"] = sha256(path)
    (path.parent / "manifest.json").write_text(json.dumps(manifest))
    assert faults(home) == [("manifest.json", "is not what was written (another SHA-256)")]


def test_counts_that_do_not_add_up_are_seen(home: Path) -> None:
    path = first(home) / "manifest.json"
    path.write_text(path.read_text().replace('"read": 2', '"read": 3'))
    assert ("manifest.json", "rows loaded, rejected, held and purged are not the rows read") in faults(home)


def test_a_load_a_file_or_an_undoing_that_is_gone_is_seen(home: Path) -> None:
    last = store.loads(home)[-1]
    store.undo(home, last.load)
    place = store.folder(home, "declarations")
    declare(home, "c.csv", "2026-11-01,DN1,0100000017,a,3")
    (place / "undone" / f"{last.load}.json").unlink()
    (first(home) / "rejects.parquet").unlink()
    shutil.rmtree(place / last.load)
    assert sorted(faults(home)) == sorted(
        [(last.load, "is gone"), ("rejects.parquet", "is gone"), (f"{last.load}.json", "is gone")]
    )


@pytest.mark.parametrize("place", ["", "declarations", "declarations/load", "declarations/undone"])
def test_a_foreign_file_is_seen(home: Path, place: str) -> None:
    folder = first(home) if place.endswith("load") else store.registers(home) / place
    folder.mkdir(exist_ok=True)
    (folder / "data-more.parquet").write_bytes(b"1")
    assert faults(home) == [("data-more.parquet", "no manifest names it")]


def test_a_load_put_in_by_hand_is_seen(home: Path) -> None:
    copy = first(home).with_name("20991231T000000000000Z-00000000")
    shutil.copytree(first(home), copy)
    assert faults(home) == [(copy.name, "the ledger does not know this load")]


def test_a_ledger_cut_at_its_end_is_seen_by_the_load_that_it_told_of(home: Path) -> None:
    path = store.ledger_file(home)
    written_down = head(home)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0])
    assert faults(home) == [(store.loads(home)[-1].load, "the ledger does not know this load")]
    assert [Path(fault.where).name for fault in verify_head(home, written_down)] == ["ledger.jsonl:2"]
    assert verify_head(home, head(home)) == []


@pytest.mark.parametrize("kept", [slice(1, None), slice(0, 0)])
def test_a_ledger_that_lost_lines_is_seen(home: Path, kept: slice) -> None:
    path = store.ledger_file(home)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[kept]))
    assert (first(home).name, "the ledger does not know this load") in faults(home)


@pytest.mark.parametrize("line", [0, 1])
def test_an_edited_line_of_the_ledger_is_seen(home: Path, line: int) -> None:
    path = store.ledger_file(home)
    lines = path.read_text().splitlines(keepends=True)
    lines[line] = lines[line].replace('"at": "20', '"at": "19')
    path.write_text("".join(lines))
    assert faults(home)[0] == (f"ledger.jsonl:{line + 1}", "it was changed, or one before it is gone")


def test_what_a_power_cut_left_half_written_in_the_ledger_goes_with_the_next_line(home: Path) -> None:
    path = store.ledger_file(home)
    with path.open("a") as file:
        file.write('{"number": 3, "at"')
    assert faults(home) == [("ledger.jsonl", "its last line is cut off")]
    declare(home, "c.csv", "2026-11-01,DN1,0100000017,a,3")
    assert faults(home) == []


def test_a_copy_without_replaced_rows_is_held_against_what_it_was_made_from(home: Path) -> None:
    original = first(home) / "data-2026-09-0001.parquet"
    copies = store.folder(home, "declarations") / store.COPIES
    copies.mkdir()
    copy = copies / f"{original.parent.name}-0123456789abcdef-{original.name}"
    shutil.copy(original, copy)
    assert faults(home) == []
    duckdb.sql(f"SELECT * REPLACE (9::BIGINT AS wage) FROM '{original}'").write_parquet(str(copy))  # noqa: S608
    assert faults(home) == [(copy.name, "is not what was written (another SHA-256)")]


DYING = """
import os, signal, sys
from pathlib import Path
from baophu.core import ledger
from baophu.registers import loading, store
work = ledger.append
def die(*given, **named):
    if sys.argv[3] == "after":
        work(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
ledger.append = die
if sys.argv[2] == "undo":
    store.undo(Path(sys.argv[1]), store.loads(Path(sys.argv[1]))[-1].load, "test")
else:
    loading.load([Path(sys.argv[2])], Path(sys.argv[1]))
"""


@pytest.mark.parametrize(("moment", "loads"), [("before", 2), ("after", 3)])
def test_a_load_killed_beside_its_line_in_the_ledger_is_there_or_not_and_sound(
    home: Path, moment: str, loads: int
) -> None:
    file = home.parent / "c.csv"
    file.write_text(f"{HEADER}\n2026-11-01,DN1,0100000017,a,3\n")
    died = subprocess.run([sys.executable, "-c", DYING, home, file, moment], check=False)
    assert died.returncode == -signal.SIGKILL
    assert faults(home) == []
    assert len(store.loads(home)) == loads
    assert not list(store.folder(home, "declarations").glob(".part-*"))


@pytest.mark.parametrize(("moment", "undone"), [("before", 0), ("after", 1)])
def test_an_undoing_killed_beside_its_line_is_there_or_not_and_sound(home: Path, moment: str, undone: int) -> None:
    died = subprocess.run([sys.executable, "-c", DYING, home, "undo", moment], check=False)
    assert died.returncode == -signal.SIGKILL
    assert faults(home) == []
    assert len(store.undone(home, "declarations")) == undone


def test_a_load_that_could_not_appear_is_withdrawn(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        declare(home, "c.csv", "2026-11-01,DN1,0100000017,a,3")
    monkeypatch.undo()
    whats = [line.entry["what"] for line in ledger.read(store.ledger_file(home)).lines]
    assert whats == ["load", "load", "load", "withdraw"]
    assert faults(home) == []


def test_every_load_records_until_when_it_is_kept(home: Path) -> None:
    ends = [one.basis.retain_until for one in store.loads(home)]
    assert all(end is not None and end.year >= 2036 for end in ends)
    (home / "retention.yaml").write_text("source: {vi: QĐ 1, en: Decision 1}\nyears: {declarations: 1}\n")
    declare(home, "c.csv", "2026-11-01,DN1,0100000017,a,3")
    one = store.loads(home)[-1]
    assert one.basis.retain_until is not None
    assert one.basis.retain_until.year == one.loaded_at.year + 1


def test_verification_can_be_stopped(home: Path) -> None:
    def stop(files: int, size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(home, Look(stop))
    assert faults(home) == []
