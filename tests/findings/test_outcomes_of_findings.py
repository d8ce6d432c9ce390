"""Outcomes come in by a file, whole or not at all; what is wrong is told by line; the next run counts them."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from xlsxwriter.workbook import Workbook

from baophu.core.errors import BaophuError
from baophu.findings import outcomes
from baophu.findings.outcomes import Taken, standing, take
from baophu.results.frozen import frozen

TODAY = date(2026, 11, 22)
KINDS = {"f1": "uninsured_worker", "f2": "conflict", "f3": "late"}
HEAD = ["finding_id", "outcome", "decided_on", "by", "cost", "register", "why"]


@pytest.fixture(autouse=True)
def known_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "_kinds_of", lambda home, wanted: KINDS)


def a_file(place: Path, *rows: list[str], head: list[str] = HEAD) -> Path:
    path = place / "outcomes.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


GOOD = (
    ["f1", "confirmed", "2026-11-02", "Hoa", "120000", "", ""],
    ["f2", "wrong", "03/11/2026", "Hoa", "", "population", "người này còn sống"],
    ["f3", "unanswered", "2026-11-04", "Hoa", "", "", ""],
)


def test_a_file_is_taken_once(tmp_path: Path) -> None:
    path = a_file(tmp_path, *GOOD)
    assert take(tmp_path / "home", path, TODAY) == Taken(new=3, replaced=0, known=0)
    assert take(tmp_path / "home", path, TODAY) == Taken(new=0, replaced=0, known=3)
    first = standing(tmp_path / "home")[0]
    assert (first["kind"], first["on"], first["cost"], first["by"]) == (
        "uninsured_worker", date(2026, 11, 2), 120_000, "Hoa",
    )  # fmt: skip


def test_what_the_run_reads_is_what_was_taken(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert frozen(home, outcomes.NAME) is None
    take(home, a_file(tmp_path, *GOOD), TODAY)
    path = frozen(home, outcomes.NAME)
    assert path is not None
    assert pl.read_parquet(path).to_dicts() == standing(home)


def test_a_later_day_stands_beside_and_the_same_day_is_replaced(tmp_path: Path) -> None:
    home = tmp_path / "home"
    take(home, a_file(tmp_path, GOOD[0]), TODAY)
    changed = ["f1", "wrong", "2026-11-02", "Hoa", "", "", ""]
    later = ["f1", "confirmed", "2026-11-20", "Hoa", "", "", ""]
    assert take(home, a_file(tmp_path, changed, later), TODAY) == Taken(new=1, replaced=1, known=0)
    assert [(row["on"].day, row["outcome"]) for row in standing(home)] == [(2, "wrong"), (20, "confirmed")]


def test_a_workbook_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((HEAD, ["f1", "confirmed", None, "Hoa", 120000, "", ""])):
            sheet.write_row(at, 0, row)
        sheet.write_datetime(1, 2, date(2026, 11, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    take(tmp_path / "home", path, TODAY)
    assert [(row["on"], row["cost"]) for row in standing(tmp_path / "home")] == [(date(2026, 11, 2), 120_000)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"finding_id": "f9"}, "no finding has this id"),
        ({"outcome": "perhaps"}, "confirmed, wrong, unanswered"),
        ({"decided_on": "soon"}, "soon"),
        ({"decided_on": "2027-01-01"}, "has not come"),
        ({"by": ""}, "who decided"),
        ({"cost": "1.5"}, "whole number"),
        ({"register": "population"}, "only where the outcome is wrong"),
        ({"outcome": "wrong", "register": "populaton", "why": "x"}, "population"),
        ({"outcome": "wrong", "register": "population"}, "column why"),
        ({"why": "số 001085000001"}, "nobody's number"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_is_kept(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    wrong = list((dict(zip(HEAD, GOOD[0], strict=True)) | changed).values())
    with pytest.raises(BaophuError) as error:
        take(tmp_path / "home", a_file(tmp_path, GOOD[1], wrong), TODAY)
    assert "Line 3" in error.value.say("en")
    assert said in error.value.say("en")
    assert standing(tmp_path / "home") == []


def test_two_lines_of_one_finding_and_day_are_a_contradiction(tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match="places to mend") as error:
        take(tmp_path / "home", a_file(tmp_path, GOOD[0], GOOD[0]), TODAY)
    assert "is on line 2 already" in error.value.say("en")


@pytest.mark.parametrize("head", [["finding_id", "outcome"], [*HEAD, "mood"]])
def test_a_file_with_other_columns_is_refused(tmp_path: Path, head: list[str]) -> None:
    with pytest.raises(BaophuError, match="column"):
        take(tmp_path / "home", a_file(tmp_path, head=head), TODAY)
