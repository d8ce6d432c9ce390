"""`baophu verify`, `registers retention` and `registers purge` as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from baophu.cli import Settings, app
from baophu.core.errors import BaophuError
from baophu.desk.backup import backup, new_key
from baophu.registers import store
from baophu.registers.loading import load

PID, SI = "001090000017", "0100000017"
WHY = ("--reason", "Công văn 12", "--decided-by", "Giám đốc")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    file = tmp_path / "d.csv"
    file.write_text(
        f"month,employer_id,si_code,group_code,wage\n2026-10-01,DN1,{SI},a,1\n2026-10-01,DN1,0100000025,a,2\n"
    )
    load([file], tmp_path / "home")
    return tmp_path / "home"


def run(home: Path, *words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), obj=Settings("en", home), input=given)


def rows(home: Path) -> int:
    return sum(one.loaded for one in store.loads(home))


def test_verify_says_what_is_wrong_and_how_to_mend_it(home: Path) -> None:
    good = run(home, "verify")
    assert good.exit_code == 0, good.output
    assert "All is sound" in good.output
    next(home.rglob("data-*.parquet")).write_bytes(b"PAR1")
    bad = run(home, "verify", "--format", "json")
    assert bad.exit_code == 2
    found = json.loads(bad.output)
    assert not found["sound"]
    assert found["faults"][0]["where"].endswith(".parquet")
    assert "load the sender's file again" in found["faults"][0]["mend"]


def test_verify_knows_a_line_that_was_noted_down(home: Path) -> None:
    noted = json.loads(run(home, "verify", "--format", "json").output)["ledger"]
    assert run(home, "verify", "--head", noted).exit_code == 0
    assert run(home, "verify", "--head", f"1:{'a' * 64}").exit_code == 2


def test_retention_lists_until_when_each_load_is_kept(home: Path) -> None:
    said = run(home, "registers", "retention").output
    (one,) = store.loads(home)
    assert str(one.basis.retain_until) in said
    assert "to be set by the agency" in said


def test_a_dry_run_counts_and_changes_nothing(home: Path) -> None:
    said = run(home, "registers", "purge", "--person", "--dry-run", given=SI)
    assert said.exit_code == 0, said.output
    assert "registers/declarations" in said.output
    assert SI not in said.output
    assert rows(home) == 2


def test_a_person_is_purged_by_a_file_and_older_backups_are_named(home: Path, tmp_path: Path) -> None:
    new_key(tmp_path / "key")
    backup(home, tmp_path / "old.age", tmp_path / "key")
    (tmp_path / "who.txt").write_text(f"{SI}\n")
    said = run(home, "registers", "purge", "--person-file", str(tmp_path / "who.txt"), *WHY, "--yes")
    assert said.exit_code == 0, said.output
    assert "old.age" in said.output.replace("\n", "")
    assert SI not in said.output
    assert rows(home) == 1
    assert run(home, "verify").exit_code == 0


def test_who_says_no_keeps_everything(home: Path, tmp_path: Path) -> None:
    (tmp_path / "who.txt").write_text(SI)
    said = run(home, "registers", "purge", "--person-file", str(tmp_path / "who.txt"), *WHY, given="n\n")
    assert said.exit_code != 0
    assert rows(home) == 2


def test_expired_loads_are_shown_and_destroyed(home: Path) -> None:
    assert "declarations" in run(home, "registers", "purge", "--expired", "--on", "2099-01-01", "--dry-run").output
    said = run(home, "registers", "purge", "--expired", "--on", "2099-01-01", *WHY, "--yes")
    assert said.exit_code == 0, said.output
    assert not list(store.registers(home).rglob("*.parquet"))
    assert "destroyed" in run(home, "registers", "retention").output
    assert run(home, "verify").exit_code == 0


def test_a_purge_needs_a_reason_and_one_kind(home: Path) -> None:
    for words in (["--expired", "--on", "2099-01-01", "--yes"], ["--expired", "--resume"], []):
        assert isinstance(run(home, "registers", "purge", *words).exception, BaophuError)
    assert rows(home) == 2


def test_nothing_was_cut_off(home: Path) -> None:
    assert "No purge was cut off" in run(home, "registers", "purge", "--resume").output
