"""Runs that are kept: listed, shown, taken away, compared, verified, purged of a person."""

from __future__ import annotations

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from baophu.areas.units import tree
from baophu.core import ledger
from baophu.core.errors import BaophuError
from baophu.core.soundness import Look
from baophu.registers import purging
from baophu.registers.persons import person
from baophu.registers.purging import Decision
from baophu.registers.store import ledger_file
from baophu.results import store
from baophu.results.commands import app
from baophu.results.compare import compare
from baophu.results.export import Wanted, export
from baophu.results.store import Manifest
from small_country import MONTH, a_home, loaded, rows, run


@cache
def two_runs() -> tuple[Path, Manifest, Manifest]:
    """A home in which a month was run on two days, which is only read, and taken away from."""
    home = a_home(loaded()[1].parent / "two-runs")
    return home, run(home, as_of=date(2026, 10, 15)).run, run(home).run


def command(*words: str) -> str:
    home, _, _ = two_runs()
    done = CliRunner().invoke(app, list(words), obj=SimpleNamespace(lang="en", home=home), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def last_line(home: Path) -> dict[str, object]:
    return ledger.read(ledger_file(home)).lines[-1].entry


def test_runs_are_listed_with_what_they_are() -> None:
    _, first, second = two_runs()
    listed = json.loads(command("list", "--format", "json"))
    assert [one["run"] for one in listed] == [first.run, second.run]
    assert [one["provisional"] for one in listed] == [True, False]
    assert "provisional" in command("list") and "complete" in command("list")


def test_a_run_is_found_by_its_id_its_end_or_its_month() -> None:
    home, first, second = two_runs()
    assert store.find(home, first.run) == first
    assert store.find(home, first.run[-8:]) == first
    assert store.find(home, "2026-10") == second
    with pytest.raises(BaophuError, match="There is no run 'x'"):
        store.find(home, "x")


def test_the_summary_is_shown_again() -> None:
    assert "as of 31 Oct 2026" in command("show", "--month", "2026-10")


def test_shown_rows_are_masked() -> None:
    home, _, second = two_runs()
    shown = command("show", "sum_members", "--rows", "5")
    assert "*******" in shown
    assert not any(row[0] in shown for row in rows(home, second, "sum_members"))


def test_an_unknown_table_is_told_with_those_there_are() -> None:
    home, _, second = two_runs()
    with pytest.raises(BaophuError) as error:
        export(home, Wanted(second, "nothing"), Path("x.csv"), "csv")
    assert "dues" in error.value.say("en")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_export_masks_personal_numbers_and_is_noted(tmp_path: Path, form: str) -> None:
    home, _, second = two_runs()
    numbers = {row[0] for row in rows(home, second, "sum_members")}
    out = tmp_path / f"members.{form}"
    command("export", "sum_members", "--month", "2026-10", "--format", form, "--out", str(out))
    if form == "csv":
        with out.open(encoding="utf-8-sig") as file:
            found = [row["si_code"] for row in csv.DictReader(file)]
    else:
        found = pq.read_table(out)["si_code"].to_pylist()
    assert len(found) == second.rows["sum_members"]
    assert not numbers & set(found) and all(one.startswith("*******") for one in found)
    assert (last_line(home)["what"], last_line(home)["result"]) == ("export", "sum_members")


def test_numbers_are_revealed_for_a_purpose_which_the_ledger_keeps(tmp_path: Path) -> None:
    home, _, second = two_runs()
    out = tmp_path / "members.csv"
    command("export", "sum_members", "--out", str(out), "--reveal", "--purpose", "Đối chiếu theo công văn 12")
    with out.open(encoding="utf-8-sig") as file:
        assert {row["si_code"] for row in csv.DictReader(file)} == {row[0] for row in rows(home, second, "sum_members")}
    assert (last_line(home)["what"], last_line(home)["purpose"]) == ("reveal", "Đối chiếu theo công văn 12")


@pytest.mark.parametrize("purpose", [None, " ", "cho người có số 001085123456"])
def test_without_a_fit_purpose_nothing_is_revealed_or_written(tmp_path: Path, purpose: str | None) -> None:
    home, _, second = two_runs()
    with pytest.raises(BaophuError):
        export(home, Wanted(second, "dues", None, True, purpose), tmp_path / "x.csv", "csv")
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_tells_run_day_and_month_and_goes_on_on_a_second_sheet(tmp_path: Path) -> None:
    home, _, second = two_runs()
    assert export(home, Wanted(second, "dues"), tmp_path / "dues.xlsx", "xlsx", sheet_rows=50) == second.rows["dues"]
    book = openpyxl.load_workbook(tmp_path / "dues.xlsx")
    assert len(book.sheetnames) == -(-second.rows["dues"] // 50)
    for sheet in book:
        assert second.run in sheet["A1"].value and "10/2026" in sheet["A1"].value
        assert sheet["A2"].value == "Mã đơn vị\nEmployer"
        assert (int(sheet.page_setup.paperSize), sheet.page_setup.orientation) == (9, "landscape")
    assert sum(sheet.max_row - 2 for sheet in book) == second.rows["dues"]
    outstanding = sum(row[6].value for sheet in book for row in sheet.iter_rows(min_row=3))
    assert outstanding == sum(row[6] for row in rows(home, second, "dues"))


def test_the_provinces_together_are_the_country(tmp_path: Path) -> None:
    home, _, second = two_runs()
    areas = tree(MONTH)
    for table in ("dues", "counts"):
        number = sum(
            export(home, Wanted(second, table, province.code), tmp_path / "x.csv", "csv")
            for province in areas.provinces
        )
        nowhere = sum(row[0] == "unknown" for row in rows(home, second, table))
        every = export(home, Wanted(second, table, "00"), tmp_path / "x.csv", "csv")
        assert number + nowhere == every == second.rows[table]


def test_a_commune_is_a_part_of_its_province(tmp_path: Path) -> None:
    home, _, second = two_runs()
    commune = rows(home, second, "counts")[0][0]
    export(home, Wanted(second, "counts", commune), tmp_path / "x.csv", "csv")
    with (tmp_path / "x.csv").open(encoding="utf-8-sig") as file:
        assert {row["area_code"] for row in csv.DictReader(file)} == {commune}


def test_comparing_tells_what_changed_and_why() -> None:
    home, first, second = two_runs()
    found = compare(home, first, second)
    by_table = {one.table: one for one in found.differences}
    before = {row[:2]: row[5] for row in rows(home, first, "dues")}
    after = {row[:2]: row[5] for row in rows(home, second, "dues")}
    assert by_table["dues"].columns["paid"] == sum(before[key] != after[key] for key in before) > 0
    assert (by_table["dues"].new, by_table["dues"].gone) == (0, 0)
    assert (by_table["counts"].new, by_table["counts"].gone, by_table["counts"].changed) == (0, 0, 0)
    # The last three tell what a charge rests on, where it rests on a finding.
    keys = [
        {(r[0], r[1], r[2], r[3], r[6], r[9], *r[-3:]) for r in rows(home, one, "charges")} for one in (first, second)
    ]
    assert by_table["charges"].new == len(keys[1] - keys[0])
    assert [words.en for words in found.reasons] == [
        "As of 2026-10-15 → 2026-10-31: what was paid between the two days counts"
    ]
    told = json.loads(command("compare", first.run, second.run, "--format", "json"))
    assert told["tables"]["dues"]["changed"] == by_table["dues"].changed


def test_a_run_beside_itself_has_no_differences() -> None:
    home, _, second = two_runs()
    found = compare(home, second, second)
    assert all((one.new, one.gone, one.changed) == (0, 0, 0) for one in found.differences) and not found.reasons


def tampered(tmp_path: Path) -> tuple[Path, Path]:
    home = a_home(tmp_path)
    return home, store.folder(home, run(home).run)


def faults(home: Path) -> list[tuple[str, str]]:
    found = store.verify(home, Look())
    assert all(fault.what.vi and fault.mend.vi and fault.mend.en for fault in found)
    return [(Path(fault.where).name, fault.what.en) for fault in found]


def test_verification_tells_what_was_changed_taken_away_or_put_in(tmp_path: Path) -> None:
    home, place = tampered(tmp_path)
    assert faults(home) == []
    changed = place / "dues" / "part-0000.parquet"
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    (place / "counts" / "part-managed-00.parquet").unlink()
    (place / "summary.md").write_text("Mọi việc đều tốt.\n")
    (place / "more.parquet").write_text("x")
    assert sorted(faults(home)) == [
        ("more.parquet", "no manifest names it"),
        ("part-0000.parquet", "is not what was written (another SHA-256)"),
        ("part-managed-00.parquet", "is gone"),
        ("summary.md", "is not what was written (another SHA-256)"),
    ]


def test_verification_tells_of_a_manifest_edited_and_a_run_gone(tmp_path: Path) -> None:
    home, place = tampered(tmp_path)
    manifest = place / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"provisional": false', '"provisional": true'))
    assert faults(home) == [("manifest.json", "is not what was written (another SHA-256)")]
    place.rename(tmp_path / "taken")
    assert faults(home) == [(place.name, "is gone")]


def test_a_step_whose_files_were_changed_is_done_again(tmp_path: Path) -> None:
    home, place = tampered(tmp_path)
    (place / "counts" / "part-managed-00.parquet").write_text("x")
    again = run(home).run
    (counts,) = [one for one in again.steps if one.step == "counts"]
    assert counts.taken_from is None
    assert all(one.taken_from for one in again.steps if one.step != "counts")


def test_a_purged_person_is_gone_from_runs_and_the_home_is_sound(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    manifest = run(home).run
    number = rows(home, manifest, "sum_members")[0][0]
    purging.purge_person(home, person([number]), Decision("Công văn 12", "Giám đốc"), exact=True)
    for table in manifest.rows:
        assert not any(number in map(str, row) for row in rows(home, manifest, table)), table
    assert store.verify(home, Look()) == []
    again = run(home).run
    assert not any(number in map(str, row) for row in rows(home, again, "sum_members"))
    assert store.verify(home, Look()) == []
