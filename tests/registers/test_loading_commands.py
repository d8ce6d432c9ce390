"""`baophu load` and `baophu loads …` as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from baophu.registers import load_commands, store

app = typer.Typer()
app.command()(load_commands.load)
app.add_typer(load_commands.app, name="loads")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "d.csv").write_text(
        "month,employer_id,si_code,group_code,wage\n2026-10-01,DN1,0123456789,a,5000000\n2026-10-01,DN1,12,a,=1+1\n"
    )
    return tmp_path / "home"


def run(home: Path, *words: str) -> str:
    done = CliRunner().invoke(app, list(words), obj=SimpleNamespace(lang="en", home=home), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_load_list_show_rejects_undo(home: Path, tmp_path: Path) -> None:
    said = run(home, "load", str(tmp_path / "d.csv"), "--supplier", "BHXH", "--retain-until", "2036-12-31")
    assert "Loaded    1" in said
    assert "must have 10 digits" in said
    assert "was not loaded again" in run(home, "load", str(tmp_path / "d.csv"))
    (one,) = store.loads(home)
    assert "in use" in run(home, "loads", "list")
    shown = run(home, "loads", "show", one.load[-8:])
    assert "Supplier: BHXH" in shown
    assert "Kept until: 2036-12-31" in shown
    run(home, "loads", "rejects", one.load, "--out", str(tmp_path / "back"))
    (listed,) = (tmp_path / "back").glob("*.csv")
    lines = listed.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("d.csv,3,si_code,12,digits,phải gồm 10 chữ số")
    assert ",'=1+1," in lines[2]
    run(home, "loads", "undo", one.load)
    assert "undone" in run(home, "loads", "list")


def test_loads_for_programs(home: Path, tmp_path: Path) -> None:
    assert json.loads(run(home, "loads", "list", "--format", "json")) == []
    run(home, "load", str(tmp_path / "d.csv"))
    (listed,) = json.loads(run(home, "loads", "list", "--format", "json"))
    assert (listed["table"], listed["read"], listed["loaded"], listed["state"]) == ("declarations", 2, 1, "in_use")
    assert json.loads(run(home, "loads", "show", listed["load"], "--format", "json")) == listed
    run(home, "loads", "undo", listed["load"])
    assert json.loads(run(home, "loads", "show", listed["load"], "--format", "json"))["state"] == "undone"


def test_what_was_not_held_against_anything_is_said(home: Path, tmp_path: Path) -> None:
    said = run(home, "load", str(tmp_path / "d.csv"))
    assert "employer_id was not held against employers, which is not loaded" in said
    assert "si_code was not held against participants" in said


def test_no_personal_value_is_said_on_the_terminal(home: Path, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("month,employer_id,si_code,group_code,wage\n2026-10-01,DN1,98765,a,1\n")
    assert "98765" not in run(home, "load", str(tmp_path / "d.csv"))
