"""`baophu nation` as a person meets it, and what the loader makes of the folder."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from baophu.core.errors import BaophuError
from baophu.nation import commands, country
from baophu.registers.contracts import contracts
from baophu.registers.loading import Loaded, load

app = typer.Typer()
app.command()(commands.nation)

PEOPLE, MONTHS = 3_000, 4
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "nation.md"


def run(*words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(app, list(words), obj=SimpleNamespace(lang=lang), catch_exceptions=False)


def generate(out: Path, *words: str) -> str:
    done = run("--out", str(out), "--people", str(PEOPLE), "--months", str(MONTHS), *words)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("made") / "nation"
    return out, generate(out)


@pytest.fixture(scope="module")
def loaded(made: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Loaded]:
    done = load([made[0]], tmp_path_factory.mktemp("home"))
    return {one.manifest.table: one for one in done}


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_it_tells_the_rows_of_each_table_and_how_to_load_them(made: tuple[Path, str]) -> None:
    out, said = made
    told = json.loads((out / "nation.json").read_text(encoding="utf-8"))
    assert told["people"] == PEOPLE
    assert told["seed"] == 1
    for table in contracts():
        assert f"{told['rows'][table]:,}" in said
    assert f"baophu load {out}" in said


def test_the_loader_knows_every_table_and_loses_no_row(made: tuple[Path, str], loaded: dict[str, Loaded]) -> None:
    told = json.loads((made[0] / "nation.json").read_text(encoding="utf-8"))
    assert {table: one.manifest.read for table, one in loaded.items()} == {
        table: rows for table, rows in told["rows"].items() if not table.startswith("truth/")
    }
    assert set(loaded) == set(contracts())


def test_only_damaged_tables_have_rows_given_back(loaded: dict[str, Loaded]) -> None:
    given_back = {table for table, one in loaded.items() if one.manifest.rejected or one.manifest.held}
    assert given_back <= {"population", "participants", "tax_income", "employers"}
    assert all(one.manifest.rejected < 0.01 * one.manifest.read for one in loaded.values())


def test_another_run_gives_the_same_bytes_and_another_seed_others(made: tuple[Path, str], tmp_path: Path) -> None:
    generate(tmp_path / "again")
    assert hashes(tmp_path / "again") == hashes(made[0])
    generate(tmp_path / "other", "--seed", "2")
    assert hashes(tmp_path / "other") != hashes(made[0])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_other_forms_hold_the_same_rows(made: tuple[Path, str], tmp_path: Path, form: str) -> None:
    generate(tmp_path / form, "--format", form)
    parquet = json.loads((made[0] / "nation.json").read_text(encoding="utf-8"))
    other = json.loads((tmp_path / form / "nation.json").read_text(encoding="utf-8"))
    assert other["rows"] == parquet["rows"]
    assert (tmp_path / form / f"declarations.{form}").is_file()
    truths = {name: value for name, value in parquet["sha256"].items() if name.startswith("truth/")}
    assert truths.items() <= other["sha256"].items()


def test_the_guide_names_every_column_of_the_truth(made: tuple[Path, str]) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for folder in sorted((made[0] / "truth").iterdir()):
        section = re.search(rf"^### `{folder.name}`$(.*?)(?=^##|\Z)", guide, re.MULTILINE | re.DOTALL)
        assert section, folder.name
        columns = pl.read_parquet_schema(folder / "part-00000.parquet")
        named = set(re.findall(r"`(\w+)`", section[1]))
        assert set(columns) <= named, folder.name


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    with pytest.raises(BaophuError, match="not empty"):
        run("--out", str(tmp_path / "full"))
    with pytest.raises(BaophuError, match="not empty"):
        run("--out", str(tmp_path / "full" / "letter.txt"))
    assert (tmp_path / "full" / "letter.txt").read_text() == "dear"


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    commands._check_folder(tmp_path / "empty")
    commands._check_folder(tmp_path / "new")


def test_months_before_the_known_minimum_wages_are_refused(tmp_path: Path) -> None:
    commands._check_months(date(2025, 7, 1), 37)
    with pytest.raises(BaophuError, match="2022-07"):
        commands._check_months(date(2025, 7, 1), 38)


def test_stopping_it_leaves_nothing_behind(tmp_path: Path) -> None:
    written: list[bool] = []

    def stop(step: str, done: int, total: int) -> None:
        """Stop as Ctrl-C would, when people have been written."""
        if done:
            written.append(any(tmp_path.rglob("*.parquet")))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        country.generate(tmp_path / "nation", PEOPLE, 1, MONTHS, date(2026, 10, 1), "parquet", stop)
    assert written == [True]
    assert list(tmp_path.iterdir()) == []
