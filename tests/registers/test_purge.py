"""Destroying what has expired and what is a person's: nothing of him is left, others are, also after a kill."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from baophu.core.errors import BaophuError
from baophu.core.soundness import Look
from baophu.desk.backup import backup, new_key, restore
from baophu.registers import purging, store, tombstones
from baophu.registers.loading import Options, load
from baophu.registers.persons import person
from baophu.registers.purging import Decision
from baophu.registers.store import Basis
from baophu.registers.verifying import verify

DECISION = Decision("Công văn 12/BHXH", "Giám đốc")
PID, SI, NAME = "001090000017", "0100000017", "Đỗ Thị Tuyết Sương"
OTHER_PID, OTHER_SI = "001090000025", "0100000025"


def take(home: Path, name: str, content: str, **options: object) -> store.Manifest:
    file = home.parent / name
    file.write_text(content)
    (one,) = load([file], home, options=Options(**options))  # type: ignore[arg-type]
    return one.manifest


def declarations(*lines: str) -> str:
    return "\n".join(["month,employer_id,si_code,group_code,wage", *lines]) + "\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one person in a register with his two numbers, in declarations, a workbook, rejects, a run."""
    home = tmp_path / "home"
    take(
        home,
        "participants.csv",
        "si_code,pid,full_name,birth_date,sex,commune_code,registered_on\n"
        f"{SI},{PID},{NAME},1990-02-03,F,00004,2020-01-01\n"
        f"{OTHER_SI},{OTHER_PID},Lê Văn An,1990-02-03,M,00004,2020-01-01\n",
    )
    september = declarations(f"2026-09-01,DN1,{SI},a,4000000", f"2026-09-01,DN1,{OTHER_SI},a,5000000")
    take(home, "september.csv", september)
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [
        ["month", "employer_id", "si_code", "group_code", "wage"],
        ["2026-10-01", "DN1", SI, "a", 4000000],
        ["2026-10-01", "DN1", SI, "a", 4100000],
        ["2026-10-01", "DN1", OTHER_SI, "a", 5000000],
        ["2026-10-01", "DN1", "0100000033", "z", 5000000],
    ]:
        book.active.append(row)
    book.save(home.parent / "october.xlsx")
    load([home.parent / "october.xlsx"], home)
    take(home, "august.csv", declarations("2026-08-01,DN2,0100000033,a,6000000"))
    run = home / "warehouse" / "results" / "2026-10" / "1"
    run.mkdir(parents=True)
    duckdb.sql(f"""COPY (SELECT * FROM (VALUES ('{SI}', 'thiếu tháng 9'), ('{OTHER_SI}', 'thiếu tháng 8'),
        ('0100000033', 'có thể là {PID}')) AS t(si_code, reason)) TO '{run}/findings.parquet'""")  # noqa: S608
    return home


def faults(home: Path) -> list[str]:
    return [f"{fault.where}: {fault.what.en}" for fault in verify(home, Look())]


def all_words(home: Path) -> str:
    """Everything that the home holds: each Parquet file without its packing, the texts of workbooks, other bytes."""
    words = []
    for path in sorted(home.rglob("*")):
        if path.suffix == ".parquet":
            words.append(str(pq.read_table(path).to_pylist()) + str(pq.read_metadata(path).to_dict()))
        elif path.suffix == ".xlsx":
            words.append(str([[c.value for c in row] for sheet in openpyxl.load_workbook(path) for row in sheet.rows]))
        elif path.is_file():
            words.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(words)


def purge(home: Path, *numbers: str, exact: bool = False) -> tombstones.Tombstone | None:
    return purging.purge_person(home, person(numbers), DECISION, exact=exact)


def test_the_home_holds_the_person_and_is_sound_to_begin_with(home: Path) -> None:
    assert all(word in all_words(home) for word in (PID, SI, NAME))
    assert any(home.rglob("rejects-*.xlsx"))
    assert faults(home) == []


@pytest.mark.parametrize("given", [PID, SI, f"{PID[:3]} {PID[3:6]} {PID[6:]}"])
def test_nothing_of_a_purged_person_is_left_and_others_are(home: Path, given: str) -> None:
    done = purge(home, given)
    assert done is not None
    left = all_words(home)
    assert not [word for word in (PID, SI, SI.lstrip("0"), NAME) if word in left]
    assert OTHER_PID in left
    assert "Lê Văn An" in left
    assert left.count("5000000") >= 2
    assert faults(home) == []
    assert purge(home, PID, SI, exact=True) is None


def test_the_counts_still_add_up_and_say_what_was_purged(home: Path) -> None:
    done = purge(home, PID)
    assert done is not None
    found = {one.inputs[0].name: one for one in store.loads(home)}
    september = found["september.csv"]
    assert (september.read, september.loaded, september.purged) == (2, 1, 1)
    assert found["august.csv"].purged == 0
    for one in found.values():
        assert one.loaded + one.rejected + one.held + one.purged == one.read


def test_a_tombstone_tells_what_changed_and_nobody(home: Path) -> None:
    done = purge(home, PID)
    assert done is not None
    text = (tombstones.folder(home) / f"{done.id}.json").read_text()
    assert not [word for word in (PID, SI, NAME, "xlsx") if word in text]
    assert (done.kind, done.reason, done.decided_by) == ("person", "Công văn 12/BHXH", "Giám đốc")
    run = next(change for change in done.changes if change.file.startswith("results/"))
    assert (run.rows_before, run.rows_after) == (3, 1)
    now = tombstones.Successors(tombstones.vouched(home)).of(run.file, run.before)
    assert now == run.after
    assert (tombstones.folder(home) / "key").stat().st_mode & 0o777 == 0o600


def test_a_number_that_two_people_used_is_refused_until_all_numbers_are_given(home: Path) -> None:
    take(
        home,
        "borrowed.csv",
        "si_code,pid,full_name,birth_date,sex,commune_code,registered_on\n"
        f"{OTHER_SI},{PID},Lê Văn An,1990-02-03,M,00004,2020-01-01\n",
    )
    before = data_words(home)
    with pytest.raises(BaophuError, match="several people") as told:
        purge(home, PID)
    assert PID not in told.value.say("vi")
    assert data_words(home) == before
    assert purge(home, SI, exact=True) is not None
    assert OTHER_SI in all_words(home)
    assert SI not in all_words(home)


def test_a_wrong_number_is_refused_and_not_repeated(home: Path) -> None:
    with pytest.raises(BaophuError) as told:
        purge(home, "12345")
    assert "12345" not in told.value.say("en")


@pytest.mark.parametrize("words", ["", f"theo yêu cầu của {PID}"])
def test_a_reason_is_needed_and_names_nobody(home: Path, words: str) -> None:
    with pytest.raises(BaophuError, match="Give a reason"):
        purging.purge_person(home, person([PID]), Decision(words, "Giám đốc"))
    assert PID in all_words(home)


def test_copies_made_from_a_load_go_with_the_person(home: Path) -> None:
    copies = store.folder(home, "declarations") / store.COPIES
    copies.mkdir()
    original = next(store.folder(home, "declarations").glob("*/data-2026-09*.parquet"))
    shutil.copy(original, copies / f"{original.parent.name}-0123456789abcdef-{original.name}")
    assert faults(home) == []
    purge(home, PID)
    assert not copies.exists()


def test_loads_past_their_day_are_destroyed_whole_and_keep_their_place(home: Path) -> None:
    old = take(
        home,
        "Đỗ Thị Tuyết Sương.csv",
        declarations("2026-10-01,DN1,0100000041,a,9999999"),
        basis=Basis(retain_until=date(2026, 12, 31)),
    )
    assert [path.parent.name for path in store.current(home, "declarations", date(2026, 10, 1))] == [old.load]
    assert purging.purge_expired(home, date(2026, 12, 31), DECISION) is None
    done = purging.purge_expired(home, date(2027, 1, 1), DECISION)
    assert done is not None
    assert done.loads == (f"declarations/{old.load}",)
    place = store.folder(home, "declarations") / old.load
    assert [path.name for path in place.iterdir()] == ["manifest.json"]
    assert "Tuyết Sương" not in (place / "manifest.json").read_text()
    assert "9999999" not in all_words(home)
    # What it had replaced does not come back by itself.
    assert store.current(home, "declarations", date(2026, 10, 1)) == []
    assert faults(home) == []


PLACES = {
    "while files are prepared": False,
    "after the desk": False,
    "before the decision": False,
    "after the decision": True,
    "after one file": True,
    "after three files": True,
    "before the tombstone": True,
    "before the folder goes": True,
}


@pytest.mark.parametrize(("place", "decided"), PLACES.items())
def test_a_purge_that_is_killed_is_finished_or_did_not_happen(home: Path, place: str, decided: bool) -> None:
    script = Path(__file__).with_name("dying_purge.py")
    died = subprocess.run([sys.executable, script, home, PID, place], check=False, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert faults(home) == []
    assert (PID in all_words(home), NAME in all_words(home)) == (not decided, not decided)
    assert len(tombstones.vouched(home)) == decided
    assert list((tombstones.folder(home) / purging.UNDER_WAY).iterdir()) == []
    assert (purge(home, PID) is None) == decided
    assert PID not in all_words(home)
    assert faults(home) == []


def test_a_restored_older_home_forgets_the_person_again(home: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(home, older)
    load([home.parent / "september.csv"], older)
    purge(home, PID)
    purging.purge_expired(home, date(2099, 1, 1), DECISION)
    again = purging.reapply(older, tombstones.folder(home))
    assert [one.kind for one in again] == ["person", "age"]
    assert not [word for word in (PID, SI, NAME, OTHER_SI) if word in "".join(data_words(older))]
    assert faults(older) == []


def data_words(home: Path) -> list[str]:
    return [str(pq.read_table(path).to_pylist()) for path in store.registers(home).rglob("*.parquet")]


def test_a_purge_can_be_done_again_by_tombstones_only_with_their_key(home: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(home, older)
    purge(home, PID)
    (tombstones.folder(home) / "key").unlink()
    with pytest.raises(BaophuError, match="key"):
        purging.reapply(older, tombstones.folder(home))


def test_the_reason_of_an_undoing_is_kept_for_good_and_names_nobody(home: Path) -> None:
    with pytest.raises(BaophuError, match="anybody's number"):
        store.undo(home, store.loads(home)[-1].load, f"nhầm {PID}")
    assert store.undone(home, "declarations") == set()


def test_the_ledger_knows_loads_undoings_and_purges(home: Path) -> None:
    last = store.loads(home, "declarations")[-1]
    store.undo(home, last.load, "nhầm")
    purge(home, PID)
    whats = [json.loads(line)["what"] for line in store.ledger_file(home).read_text().splitlines()]
    assert whats == ["load", "load", "load", "load", "undo", "purge"]
    assert PID not in store.ledger_file(home).read_text()


def test_a_backup_that_comes_back_is_sound_and_forgets_the_person_again(home: Path, tmp_path: Path) -> None:
    new_key(tmp_path / "key.txt")
    backup(home, tmp_path / "old.age", tmp_path / "key.txt")
    purge(home, PID)
    backup(home, tmp_path / "new.age", tmp_path / "key.txt")
    restore(tmp_path / "new.age", tmp_path / "new", tmp_path / "key.txt")
    assert faults(tmp_path / "new") == []
    assert PID not in all_words(tmp_path / "new")
    older = tmp_path / "old"
    restore(tmp_path / "old.age", older, tmp_path / "key.txt")
    assert PID in all_words(older)
    assert purging.reapply(older, tombstones.folder(tmp_path / "new"))
    assert not [word for word in (PID, SI, NAME) if word in all_words(older)]
    assert faults(older) == []
    assert purging.reapply(home, tombstones.folder(home)) == []
