"""Outcomes come in by a file, whole or not at all; what is wrong is told by line; the next run counts them."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from xlsxwriter.workbook import Workbook

from baophu.core.errors import BaophuError
from baophu.desk.start import start
from baophu.findings import outcomes
from baophu.findings.outcomes import Taken, standing, take
from baophu.results.frozen import frozen

TODAY = date(2026, 11, 22)
KINDS = {"f1": "uninsured_worker", "f2": "conflict", "f3": "late"}
KNOWN = {name: (kind, "26734") for name, kind in KINDS.items()}
HEAD = ["finding_id", "outcome", "decided_on", "by", "cost", "register", "why"]


@pytest.fixture(autouse=True)
def known_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "_found", lambda home, wanted: KNOWN)


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
    assert take(tmp_path / "home", path, TODAY, actor="test") == Taken(new=3, replaced=0, known=0)
    assert take(tmp_path / "home", path, TODAY, actor="test") == Taken(new=0, replaced=0, known=3)
    first = standing(tmp_path / "home")[0]
    assert (first["kind"], first["on"], first["cost"], first["by"]) == (
        "uninsured_worker", date(2026, 11, 2), 120_000, "Hoa",
    )  # fmt: skip


def test_what_the_run_reads_is_what_was_taken(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert frozen(home, outcomes.NAME) is None
    take(home, a_file(tmp_path, *GOOD), TODAY, actor="test")
    path = frozen(home, outcomes.NAME)
    assert path is not None
    assert pl.read_parquet(path).to_dicts() == standing(home)


def test_a_later_day_stands_beside_and_the_same_day_is_replaced(tmp_path: Path) -> None:
    home = tmp_path / "home"
    take(home, a_file(tmp_path, GOOD[0]), TODAY, actor="test")
    changed = ["f1", "wrong", "2026-11-02", "Hoa", "", "", ""]
    later = ["f1", "confirmed", "2026-11-20", "Hoa", "", "", ""]
    assert take(home, a_file(tmp_path, changed, later), TODAY, actor="test") == Taken(new=1, replaced=1, known=0)
    assert [(row["on"].day, row["outcome"]) for row in standing(home)] == [(2, "wrong"), (20, "confirmed")]


def test_a_workbook_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((HEAD, ["f1", "confirmed", None, "Hoa", 120000, "", ""])):
            sheet.write_row(at, 0, row)
        sheet.write_datetime(1, 2, date(2026, 11, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    take(tmp_path / "home", path, TODAY, actor="test")
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
        take(tmp_path / "home", a_file(tmp_path, GOOD[1], wrong), TODAY, actor="test")
    assert "Line 3" in error.value.say("en")
    assert said in error.value.say("en")
    assert standing(tmp_path / "home") == []


def test_two_lines_of_one_finding_and_day_are_a_contradiction(tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match="places to mend") as error:
        take(tmp_path / "home", a_file(tmp_path, GOOD[0], GOOD[0]), TODAY, actor="test")
    assert "is on line 2 already" in error.value.say("en")


@pytest.mark.parametrize("head", [["finding_id", "outcome"], [*HEAD, "mood"]])
def test_a_file_with_other_columns_is_refused(tmp_path: Path, head: list[str]) -> None:
    with pytest.raises(BaophuError, match="column"):
        take(tmp_path / "home", a_file(tmp_path, head=head), TODAY, actor="test")


def said_at_the_desk(home: Path, known: int, **more: Any) -> Any:
    """Record an entry on the first finding as the site does."""
    start(home)
    from baophu.desk.actions import record_outcome

    given = {"finding_id": "f1", "outcome": "confirmed", "decided_on": "2026-11-02", "by": "Hoa", **more}
    row, wrong = outcomes.checked(given, KNOWN, TODAY)
    assert not wrong
    return record_outcome(actor="hoa", entry=outcomes.entry(row), known=known)


def taken_back_at_the_desk(home: Path, known: int, place: int) -> Any:
    """Take an entry on the first finding back as the site does."""
    start(home)
    from baophu.desk.actions import record_outcome
    from baophu.desk.models import FindingOutcome

    entry = FindingOutcome(finding_id="f1", kind=KINDS["f1"], takes_back=place, decided_by="Hoa", why="nhầm hồ sơ")
    return record_outcome(actor="hoa", entry=entry, known=known)


def counted(home: Path) -> list[tuple[str, str]]:
    """What the next run reads."""
    outcomes.freeze(home)
    path = frozen(home, outcomes.NAME)
    return [(row["finding_id"], row["outcome"]) for row in pl.read_parquet(path).to_dicts()] if path else []


def test_what_is_recorded_at_the_desk_is_counted_beside_what_a_file_told(tmp_path: Path) -> None:
    take(tmp_path, a_file(tmp_path, *GOOD[1:]), TODAY, actor="test")
    said_at_the_desk(tmp_path, 0)
    assert counted(tmp_path) == [("f1", "confirmed"), ("f2", "wrong"), ("f3", "unanswered")]


def test_an_entry_is_corrected_and_the_correction_taken_back(tmp_path: Path) -> None:
    said_at_the_desk(tmp_path, 0)
    said_at_the_desk(tmp_path, 1, outcome="unanswered")
    assert counted(tmp_path) == [("f1", "unanswered")]
    taken_back_at_the_desk(tmp_path, 2, place=2)
    assert counted(tmp_path) == [("f1", "confirmed")]
    taken_back_at_the_desk(tmp_path, 3, place=1)
    assert counted(tmp_path) == []
    with pytest.raises(BaophuError, match="counts no more"):
        taken_back_at_the_desk(tmp_path, 4, place=1)


def test_a_file_after_the_desk_has_the_last_word_on_a_day(tmp_path: Path) -> None:
    said_at_the_desk(tmp_path, 0)
    changed = ["f1", "wrong", "2026-11-02", "Hoa", "", "", ""]
    assert take(tmp_path, a_file(tmp_path, changed), TODAY, actor="test") == Taken(new=0, replaced=1, known=0)
    assert counted(tmp_path) == [("f1", "wrong")]


def test_who_has_not_seen_the_last_entry_records_nothing_and_the_same_twice_is_kept_once(tmp_path: Path) -> None:
    first = said_at_the_desk(tmp_path, 0)
    assert said_at_the_desk(tmp_path, 0).pk == first.pk
    with pytest.raises(BaophuError, match="meanwhile"):
        said_at_the_desk(tmp_path, 0, outcome="unanswered")
    assert counted(tmp_path) == [("f1", "confirmed")]


def test_what_was_frozen_before_the_desk_kept_outcomes_is_not_lost(tmp_path: Path) -> None:
    take(tmp_path, a_file(tmp_path, *GOOD), TODAY, actor="test")
    from baophu.desk.models import FindingOutcome

    FindingOutcome.objects.all().delete()
    said_at_the_desk(tmp_path, 0, outcome="unanswered", decided_on="2026-11-20")
    # The finding that the desk knows is told by the desk alone.
    assert counted(tmp_path) == [("f1", "unanswered"), ("f2", "wrong"), ("f3", "unanswered")]
    assert FindingOutcome.objects.filter(recorded_by="baophu").count() == 2


def test_the_deeds_are_on_record_without_what_was_written(tmp_path: Path) -> None:
    said_at_the_desk(tmp_path, 0, why="đã gặp chủ hộ")
    taken_back_at_the_desk(tmp_path, 1, place=1)
    from baophu.desk.audit import first_broken
    from baophu.desk.models import AuditRecord

    records = list(AuditRecord.objects.filter(action="outcomes.record").order_by("id"))
    assert [(one.actor, one.subject) for one in records] == [("hoa", "finding:f1")] * 2
    assert [one.detail.get("takes_back") for one in records] == [None, 1]
    assert "chủ hộ" not in str([one.detail for one in records])
    assert first_broken() is None


def test_of_two_entries_at_the_same_moment_one_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path)
    from baophu.desk import actions
    from baophu.desk.models import FindingOutcome

    def meanwhile(entries: list[Any]) -> list[Any]:
        FindingOutcome.objects.create(
            finding_id="f1", place=1, kind="late", outcome="wrong", decided_on=TODAY, decided_by="an", recorded_by="an"
        )
        return entries

    with monkeypatch.context() as patch:
        patch.setattr(actions, "standing", meanwhile)
        with pytest.raises(actions.Overtaken):
            said_at_the_desk(tmp_path, 0)
    assert said_at_the_desk(tmp_path, 0).place == 1
