"""A month's run: what it gives, what it takes over, what it leaves out and says so, and a kill at any moment."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from baophu.core.errors import BaophuError
from baophu.core.soundness import Look
from baophu.engine import DuckDB
from baophu.registers.loading import load
from baophu.registers.persons import person
from baophu.registers.purging import Decision, purge_person
from baophu.results import store
from small_country import MONTH, Listener, a_home, contents, loaded, rows, run, undisturbed

# Schemes that count in another one too.
ANY = {"compulsory": "any_si", "voluntary": "any_si"}
DYING = Path(__file__).with_name("dying_run.py")


def steps() -> list[str]:
    return [one.step for one in undisturbed()[1].steps]


def sent(table: str, question: str) -> list[tuple[Any, ...]]:
    """Ask the files of the country, as they came in."""
    return duckdb.execute(question, [str(loaded()[0] / table / "*.parquet")]).fetchall()


def test_a_run_gives_its_tables_its_manifest_and_its_summary() -> None:
    home, manifest = undisturbed()
    assert {"sums", "dues", "charges", "steps", "counts"} <= set(manifest.rows)
    assert manifest.not_done == ()
    assert (manifest.month, manifest.engine) == (MONTH, "duckdb")
    assert {read.table for read in manifest.inputs} >= {"declarations", "employers", "payments", "spells"}
    place = store.folder(home, manifest)
    assert sorted(path.name for path in place.iterdir() if path.is_file()) == [
        "manifest.json",
        "summary.json",
        "summary.md",
    ]
    assert store.verify(home, Look()) == []


def test_dues_are_those_of_all_declared_months_up_to_the_run() -> None:
    home, manifest = undisturbed()
    (wanted,) = sent("declarations", "SELECT count(*), count(DISTINCT month) FROM read_parquet(?)")
    (found,) = duckdb.execute(
        "SELECT sum(participants), count(DISTINCT month) FROM read_parquet(?)",
        [[str(path) for path in store.table(home, manifest, "dues")]],
    ).fetchall()
    assert found == wanted


def test_counts_are_the_people_of_a_slow_count() -> None:
    home, manifest = undisturbed()
    by_commune = [row for row in rows(home, manifest, "counts") if row[1] == "managed"]
    counted = {(row[2], row[3]): 0 for row in by_commune}
    for row in by_commune:
        counted[row[2], row[3]] += row[-1]
    spells = sent("spells", "SELECT si_code, scheme, start_month, end_month FROM read_parquet(?)")
    person = {}
    if "links" in manifest.rows:
        linked = {row[0]: row[1] for row in rows(home, manifest, "links") if "accepted" in row}
        person = {si_code: pid for si_code, pid in linked.items() if pid}
    for (month, scheme), number in counted.items():
        people = {
            person.get(si_code, si_code)
            for si_code, of, start, end in spells
            if scheme in (of, ANY.get(of)) and start <= month and (end is None or month < end)
        }
        assert number == len(people), (month, scheme)


def test_the_day_is_that_of_the_last_payment_where_none_is_given() -> None:
    _, manifest = undisturbed()
    ((last,),) = sent("payments", "SELECT max(paid_on) FROM read_parquet(?)")
    assert manifest.as_of == last


def test_a_second_run_of_the_same_takes_everything_over(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    first, listener = run(home).run, Listener()
    second = run(home, listener=listener).run
    assert listener.worked == []
    assert contents(home, second) == contents(home, first)
    assert all(one.taken_from == f"2026-10/{first.run}" for one in second.steps)


def test_for_another_day_only_what_depends_on_the_day_is_done_again(tmp_path: Path) -> None:
    home, listener = a_home(tmp_path), Listener()
    run(home)
    later = run(home, listener=listener, as_of=date(2026, 11, 15)).run
    assert "dues" in listener.worked
    assert not [name for name in listener.worked if name.startswith(("sum", "counts", "links"))]
    assert later.as_of == date(2026, 11, 15)


def test_the_next_month_takes_over_the_sums_of_the_months_before(tmp_path: Path) -> None:
    home, listener = a_home(tmp_path), Listener()
    run(home, date(2026, 9, 1))
    run(home, listener=listener)
    assert [name for name in listener.worked if name.startswith("sums")] == ["sums 2026-10"]


def test_new_spells_of_others_leave_the_sums_as_they_are(tmp_path: Path) -> None:
    home, listener = a_home(tmp_path), Listener()
    run(home)
    more = tmp_path / "spells.parquet"
    duckdb.execute(
        f"COPY (FROM '{loaded()[0] / 'spells' / '*.parquet'}' WHERE scheme <> 'voluntary') TO '{more}' (FORMAT parquet)"
    )
    load([more], home)
    run(home, listener=listener)
    assert not [name for name in listener.worked if name.startswith("sums")]
    assert "counts" in listener.worked


def test_a_month_that_has_not_ended_is_provisional(tmp_path: Path) -> None:
    summary = run(a_home(tmp_path), as_of=date(2026, 10, 12))
    assert summary.run.provisional
    assert "TẠM TÍNH" in summary.markdown() and "PROVISIONAL" in summary.markdown()
    assert not undisturbed()[1].provisional


def test_a_day_before_the_month_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match="before the month"):
        run(a_home(tmp_path), as_of=date(2026, 9, 30))


def test_a_home_without_registers_has_nothing_to_run(tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match="No register is loaded"):
        run(tmp_path / "home")
    assert store.runs(tmp_path / "home") == []


@pytest.mark.parametrize(
    ("register", "lost", "kept"),
    [
        ("payments", "dues", "counts"),
        ("declarations", "sums", "counts"),
        ("employers", "sums", "counts"),
        ("spells", "counts", "dues"),
    ],
)
def test_what_needs_a_register_that_is_missing_is_left_out_and_told(
    tmp_path: Path, register: str, lost: str, kept: str
) -> None:
    home = a_home(tmp_path, without=(register,))
    summary = run(home)
    assert lost not in summary.run.rows and kept in summary.run.rows
    assert any(lost in one.tables and one.kind == "missing" for one in summary.run.not_done)
    assert any(register in words for words in summary.missing("en"))
    with pytest.raises(BaophuError, match=f"did not compute {lost}"):
        store.table(home, summary.run, lost)


def test_without_notices_the_rest_goes_on_and_says_so(tmp_path: Path) -> None:
    summary = run(a_home(tmp_path, without=("notices",)))
    assert "charges" in summary.run.rows
    assert any("notices" in words for words in summary.missing("vi"))


def test_a_register_that_lacks_the_month_is_told(tmp_path: Path) -> None:
    summary = run(a_home(tmp_path), date(2026, 11, 1))
    assert summary.run.provisional
    assert any("declarations has nothing of 2026-11, only up to 2026-10" in words for words in summary.missing("en"))


def test_only_later_declarations_are_none(tmp_path: Path) -> None:
    summary = run(a_home(tmp_path), date(2026, 6, 1))
    assert [one.kind for one in summary.run.not_done if "sums" in one.tables] == ["failed"]
    assert any("nothing up to 2026-06" in words for words in summary.missing("en"))


def test_an_empty_register_is_one_that_is_not_there(tmp_path: Path) -> None:
    home = a_home(tmp_path, without=("payments",))
    empty = tmp_path / "payments.csv"
    empty.write_text("payment_id,employer_id,paid_on,amount\n")
    load([empty], home)
    summary = run(home)
    assert "dues" not in summary.run.rows and "counts" in summary.run.rows


def test_with_every_name_damaged_the_run_goes_on(tmp_path: Path) -> None:
    home = a_home(tmp_path, without=("participants", "population"))
    for table in ("participants", "population"):
        damaged = tmp_path / f"{table}.parquet"
        source = loaded()[0] / table / "*.parquet"
        duckdb.execute(
            f"COPY (SELECT * REPLACE ('#####' AS full_name) FROM '{source}') TO '{damaged}' (FORMAT parquet)"  # noqa: S608
        )
        load([damaged], home)
    summary = run(home)
    assert {"dues", "counts"} <= set(summary.run.rows)


def test_declarations_of_an_unknown_employer_stop_the_sums_alone(tmp_path: Path) -> None:
    home = a_home(tmp_path, without=("employers",))
    half = tmp_path / "employers.parquet"
    source = loaded()[0] / "employers" / "*.parquet"
    duckdb.execute(f"COPY (FROM '{source}' USING SAMPLE 50 PERCENT (bernoulli, 1)) TO '{half}' (FORMAT parquet)")
    load([half], home)
    summary = run(home)
    assert [one.kind for one in summary.run.not_done if "sums" in one.tables][:1] == ["failed"]
    assert "counts" in summary.run.rows
    assert store.verify(home, Look()) == []


def died(home: Path, *where: str) -> None:
    path = os.pathsep.join([str(DYING.parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, DYING, home, *where], env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def resumed(home: Path) -> Listener:
    """Run again, and find the results of a run that was not disturbed."""
    listener = Listener()
    manifest = run(home, listener=listener).run
    there, wanted = undisturbed()
    assert contents(home, manifest) == contents(there, wanted)
    assert store.verify(home, Look()) == []
    assert list(store.month_folder(home, MONTH).glob(".*")) == []
    assert list(store.results(home).glob(".*")) == []
    return listener


def test_killed_in_every_step_the_next_call_does_that_step_and_what_follows(tmp_path: Path) -> None:
    names = steps()
    for number, name in enumerate(names):
        if name.endswith(("2026-08", "2026-09")):
            continue  # the same steps are there for the last month
        home = a_home(tmp_path / str(number))
        died(home, "in a step", name)
        assert store.runs(home) == []
        before = len(list(store.month_folder(home, MONTH).glob(".part-*/.steps/*.json")))
        assert before == number
        listener = Listener()
        manifest = run(home, listener=listener).run
        assert list(listener.heard) == names
        there, wanted = undisturbed()
        assert contents(home, manifest) == contents(there, wanted)
        shutil.rmtree(home)


@pytest.mark.parametrize(
    "place",
    [
        "before a record",
        "after a record",
        "before the manifest",
        "before the ledger",
        "after the ledger",
        "after the rename",
    ],
)
def test_killed_between_two_steps_or_at_the_end_the_next_call_finishes(tmp_path: Path, place: str) -> None:
    home = a_home(tmp_path)
    died(home, place)
    listener = resumed(home)
    if place not in ("before a record", "after a record"):
        assert len(store.runs(home)) == (2 if place in ("after the ledger", "after the rename") else 1)
        assert set(listener.heard) == set(steps())


def test_a_run_that_was_announced_appears_when_the_home_is_verified(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    died(home, "after the ledger")
    assert store.runs(home) == []
    assert store.verify(home, Look()) == []
    assert len(store.runs(home)) == 1


@pytest.mark.parametrize("place", ["after a record", "after the ledger"])
def test_a_purge_reaches_what_a_killed_run_left(tmp_path: Path, place: str) -> None:
    home = a_home(tmp_path)
    died(home, place)
    ((number,),) = sent("participants", "SELECT min(si_code) FROM read_parquet(?) WHERE pid IS NOT NULL")
    purge_person(home, person([number]), Decision("Công văn 12", "Giám đốc"), exact=True)
    assert list(store.month_folder(home, MONTH).glob(".*")) == []
    assert store.verify(home, Look()) == []
    for manifest in (*store.runs(home), run(home).run):
        assert not any(number in map(str, row) for table in contents(home, manifest).values() for row in table)


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    with store.running(home), pytest.raises(BaophuError, match="Another run is under way"):
        run(home)


def test_the_program_s_own_mistake_in_a_step_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("012345678901")

    monkeypatch.setattr("baophu.dues.settling.settle", broken)
    summary = run(a_home(tmp_path))
    (failed,) = (one for one in summary.run.not_done if one.kind == "failed")
    assert failed.tables == ("dues", "charges", "steps", "collected") and "ZeroDivisionError" in failed.why.en
    assert "012345678901" not in summary.as_json()
    assert "counts" in summary.run.rows


def test_a_full_disk_ends_the_run_and_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = a_home(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as now:
        now.setattr("baophu.dues.settling.settle", full)
        with pytest.raises(BaophuError, match="No space left"):
            run(home)
    assert store.runs(home) == []
    resumed(home)


def test_the_engine_spills_into_the_home_and_leaves_nothing_there(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    with DuckDB("100MiB", temp=home / "spill"):
        pass
    run(home)
    assert [path.name for path in store.results(home).iterdir() if path.name.startswith(".")] == []
