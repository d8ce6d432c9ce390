"""Two runs row by row: what is new, gone or changed in a table, and why, as a slow comparison finds it too."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from baophu.core import ledger
from baophu.core.errors import BaophuError
from baophu.registers.loading import load
from baophu.registers.store import ledger_file
from baophu.results import store
from baophu.results.commands import app
from baophu.results.differences import WHYS, Pair, counted, export
from baophu.results.store import Manifest
from small_country import MONTH, a_home, loaded, run

SEPTEMBER = MONTH.replace(month=9)


@cache
def two_months() -> tuple[Path, Manifest, Manifest]:
    """A home in which September and October were run, which is only read, and taken away from."""
    home = a_home(loaded()[1].parent / "two-months")
    earlier = run(home, SEPTEMBER).run
    return home, earlier, run(home).run


def pair(table: str) -> Pair:
    home, before, after = two_months()
    return Pair(home, before, after, table)


def rows_of(home: Path, manifest: Manifest, table: str) -> list[dict[str, Any]]:
    files = [str(path) for path in store.table(home, manifest, table)]
    return duckdb.read_parquet(files, union_by_name=True).to_arrow_table().to_pylist()  # type: ignore[no-any-return]


def differences(one: Pair, to: Path) -> list[dict[str, str]]:
    export(one, to / "d.csv", "csv", reveal=True, purpose="kiểm tra")
    with (to / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_findings_that_ended_say_how_and_the_others_are_those_of_both(tmp_path: Path) -> None:
    one = pair("findings")
    before, after = (
        {row["finding_id"]: row for row in rows_of(one.home, run, "findings")} for run in (one.before, one.after)
    )
    there = [{key for key, row in side.items() if row["status"] in ("open", "held")} for side in (before, after)]
    found = differences(one, tmp_path)
    assert {row["finding_id"] for row in found if row["change"] == "new"} == there[1] - there[0]
    assert {row["finding_id"] for row in found if row["change"] == "gone"} == there[0] - there[1]
    assert len(found) == len({row["finding_id"] for row in found})
    ended = {row["finding_id"]: row["why"] for row in found if row["change"] == "gone"}
    assert ended == {key: after[key]["resolved_how"] for key in there[0] - there[1]}
    assert {row["why"] for row in found} <= set(WHYS)
    assert all(row["why_vi"] == WHYS[row["why"]].vi and row["why_en"] == WHYS[row["why"]].en for row in found)


def test_dues_of_the_new_month_are_told_apart_from_older_ones(tmp_path: Path) -> None:
    one = pair("dues")
    found = differences(one, tmp_path)
    new = [row for row in found if row["change"] == "new"]
    assert new and {(row["month"], row["why"]) for row in new} == {("2026-10-01", "new_month")}
    before = {(row["employer_id"], row["month"]): row for row in rows_of(one.home, one.before, "dues")}
    after = {(row["employer_id"], row["month"]): row for row in rows_of(one.home, one.after, "dues")}
    changed = {key for key in before if before[key] != after[key]}
    assert {(row["employer_id"], row["month"]) for row in found if row["change"] == "changed"} == {
        (employer, str(month)) for employer, month in changed
    }


def test_a_load_that_brings_rows_on_somebody_is_named(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    first = run(home).run
    gone = tmp_path / "spells.parquet"
    ((somebody,),) = duckdb.execute(
        "SELECT min(si_code) FROM read_parquet(?) WHERE scheme = 'compulsory'",
        [str(loaded()[0] / "spells" / "*.parquet")],
    ).fetchall()
    source = loaded()[0] / "spells" / "*.parquet"
    duckdb.execute(f"COPY (FROM '{source}' WHERE si_code <> '{somebody}') TO '{gone}' (FORMAT parquet)")
    load([gone], home)
    found = differences(Pair(home, first, run(home).run, "findings"), tmp_path)
    assert {row["registers"] for row in found if row["si_code"] == somebody} <= {"spells"}
    assert {row["why"] for row in found if row["change"] == "new"} <= {"row_gone", "new_row", "other_row", "others"}


def test_reasons_are_counted_on_the_terminal_and_for_programs() -> None:
    home, before, after = two_months()
    words = ["compare", before.run, after.run, "--table", "findings"]
    about = SimpleNamespace(lang="en", home=home)
    shown = CliRunner().invoke(app, words, obj=about, catch_exceptions=False).output
    told = json.loads(CliRunner().invoke(app, [*words, "--format", "json"], obj=about, catch_exceptions=False).output)
    assert told["table"] == "findings"
    assert sum(row["rows"] for row in told["rows"]) == sum(rows for *_, rows in counted(pair("findings")))
    assert "Why" in shown


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_the_rows_are_taken_away_masked_and_it_is_noted(tmp_path: Path, form: Any) -> None:
    one = pair("findings")
    out = tmp_path / f"d.{form}"
    written = export(one, out, form)
    assert written == sum(rows for *_, rows in counted(one))
    entry = ledger.read(ledger_file(one.home)).lines[-1].entry
    assert (entry["what"], entry["compared_with"], entry["run"]) == ("export", one.before.run, one.after.run)
    if form == "csv":
        text = out.read_text(encoding="utf-8-sig")
        assert not any(row["pid"] in text for row in rows_of(one.home, one.after, "findings") if row["pid"])


def test_a_table_whose_rows_have_no_key_is_refused() -> None:
    with pytest.raises(BaophuError, match="cannot be compared one by one"):
        counted(pair("link_review"))


def test_a_run_beside_itself_differs_in_nothing() -> None:
    home, _, after = two_months()
    assert all(counted(Pair(home, after, after, table)) == [] for table in ("findings", "dues", "employer_links"))
