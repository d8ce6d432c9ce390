"""A register that is missing, empty, cut off, of another time or with damaged names: it is said, and accuses nobody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

import baophu.run as months
from baophu.findings.kinds import Kind, kinds
from baophu.registers.loading import load
from baophu.results.doing import Run
from baophu.results.steps import Step
from baophu.results.summary import Summary
from small_country import MONTH, a_home, loaded, rows, run

AS_OF = date(2026, 10, 31)
# What the results that findings need are made of.
MADE_OF = {
    "links": {"participants", "population"},
    "employer_links": {"employers", "businesses"},
    "worker_matches": {"tax_income", "population", "declarations", "participants", "employers", "businesses"},
    "dues": {"declarations", "employers", "payments"},
    "charges": {"declarations", "employers", "payments"},
}
NEEDED = sorted(
    {register for kind in kinds().values() for need in kind.needs for register in MADE_OF.get(need, {need})}
)


@pytest.fixture(autouse=True)
def without_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what comes after the findings: it takes longest, and accuses nobody."""
    every = months.steps

    def steps(run: Run, *given: Any) -> Iterator[Step]:
        return (step for step in every(run, *given) if step.name not in ("counts", "indicators", "progress"))

    monkeypatch.setattr(months, "steps", steps)


@cache
def sound() -> tuple[Path, Summary]:
    """A home whose registers are sound, and what its run found; nobody writes into it."""
    home = a_home(loaded()[1].parent / "sound")
    return home, run(home, as_of=AS_OF)


def a_copy(place: Path, without: str) -> Path:
    """Return a home like the sound one, its run with it, without a register; the tables are shared with it."""

    def link(source: str, target: str) -> None:
        (os.link if source.endswith(".parquet") else shutil.copy2)(source, target)

    shutil.copytree(sound()[0], place / "home", copy_function=link)
    shutil.rmtree(place / "home" / "warehouse" / "registers" / without)
    return place / "home"


def replaced(place: Path, register: str, rows: str) -> Path:
    """Return such a home where other rows of a register came in: `rows` is a SELECT on `sent`."""
    home, file = a_copy(place, register), place / f"{register}.parquet"
    with duckdb.connect() as connection:
        connection.read_parquet(str(loaded()[0] / register / "*.parquet")).create_view("sent")
        connection.execute(f"COPY ({rows}) TO '{file}' (FORMAT parquet)")
    load([file], home)
    return home


def rests_on(kind: Kind) -> set[str]:
    return {register for need in kind.needs for register in MADE_OF.get(need, {need})}


def open_ids(home: Path, summary: Summary) -> dict[str, set[Any]]:
    """Return the findings that somebody is asked to act on, by kind."""
    found: dict[str, set[Any]] = {}
    for row in rows(home, summary.run, "findings"):
        if "open" in row:
            found.setdefault(row[1], set()).add(row[0])
    return found


@pytest.mark.parametrize("register", NEEDED)
def test_without_a_register_what_needs_it_is_not_found_and_this_is_said(tmp_path: Path, register: str) -> None:
    home, before = sound()
    lost = {name for name, kind in kinds().items() if register in rests_on(kind)}
    assert lost
    other = a_copy(tmp_path, register)
    summary = run(other, as_of=AS_OF)
    there, now = open_ids(home, before), open_ids(other, summary)
    assert not lost & set(now)
    assert set(there) - lost <= set(now)
    vi, en = summary.missing("vi"), summary.missing("en")
    for name in lost:
        title = kinds()[name].title
        assert any(f"Chưa tính '{title.vi}': thiếu" in words for words in vi)
        assert any(f"'{title.en}' was not computed:" in words and "missing" in words for words in en)
    assert any(register in words for words in vi) and any(register in words for words in en)
    # Who is to be asked for want of a register was to be asked with it.
    for name, found in now.items():
        assert len(found - there.get(name, set())) <= len(there.get(name, set())) // 10, name
    assert [one for one in summary.run.not_done if one.kind == "failed"] == []


def held(summary: Summary) -> set[str]:
    return {row["kind"] for row in summary.findings if row["status"] == "held"}


def still_open(summary: Summary) -> set[str]:
    return {row["kind"] for row in summary.findings if row["status"] == "open"}


def resting_on(*names: str) -> set[str]:
    return {name for name, kind in kinds().items() if set(names) & set(kind.needs)}


def said(summary: Summary, vi: str, en: str, kind: str) -> None:
    """Hold that the summary says so, and that a kind is held for it."""
    title = kinds()[kind].title
    assert any(vi in words and "Tạm giữ lại" in words and title.vi in words for words in summary.missing("vi"))
    assert any(en in words and "made into no cases" in words and title.en in words for words in summary.missing("en"))
    assert "Tạm giữ lại" in summary.markdown()


NAMES = ["participants", "population"]


@pytest.mark.parametrize("register", NAMES)
@pytest.mark.parametrize("damaged", ["'#####'", "'NguyÔn ' || substr(md5(si_or_pid), 1, 6)"])
def test_with_every_name_damaged_what_rests_on_links_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, register: str, damaged: str
) -> None:
    monkeypatch.undo()  # the counts go on too
    name = damaged.replace("si_or_pid", "si_code" if register == "participants" else "pid")
    home = replaced(tmp_path, register, f"SELECT * REPLACE ({name} AS full_name) FROM sent")  # noqa: S608
    summary = run(home, as_of=AS_OF)
    said(summary, "số người tham gia nối được với công dân", "of participants are joined to persons", "health_gap")
    assert not still_open(summary) & resting_on("links")
    assert {"dues", "counts"} <= set(summary.run.rows)


def test_spells_of_years_ago_accuse_nobody(tmp_path: Path) -> None:
    ended = "CASE WHEN end_month <= DATE '2021-01-01' THEN end_month END AS end_month"
    home = replaced(tmp_path, "spells", f"SELECT * REPLACE ({ended}) FROM sent WHERE start_month < DATE '2021-01-01'")  # noqa: S608
    summary = run(home, as_of=AS_OF)
    said(summary, "có quá trình tham gia bắt buộc", "have a compulsory spell in that month", "uninsured_worker")
    assert not still_open(summary) & resting_on("spells")
    assert "late" in still_open(summary)


def test_payments_that_end_too_early_make_nobody_late(tmp_path: Path) -> None:
    summary = run(replaced(tmp_path, "payments", "FROM sent WHERE paid_on < DATE '2026-09-13'"), as_of=AS_OF)
    said(summary, "số đơn vị đã đóng", "of employers have paid something", "late")
    assert not still_open(summary) & resting_on("dues")
    assert "uninsured_worker" in still_open(summary)


@pytest.mark.parametrize("register", ["tax_income", "declarations"])
def test_a_register_of_another_month_is_told(tmp_path: Path, register: str) -> None:
    other = "SELECT * REPLACE (DATE '2025-10-01' AS month) FROM sent WHERE month = DATE '2026-10-01'"
    summary = run(replaced(tmp_path, register, other), as_of=AS_OF)
    assert summary.run.provisional
    assert any(f"{register} has nothing of 2026-10, only up to 2025-10" in words for words in summary.missing("en"))
    assert any(f"Sổ {register} chưa có tháng 10/2026" in words for words in summary.missing("vi"))


@pytest.mark.parametrize("register", ["tax_income", "declarations"])
def test_a_month_that_was_cut_off_is_told_and_what_rests_on_it_is_held(tmp_path: Path, register: str) -> None:
    few = "FROM sent WHERE month < DATE '2026-10-01' OR hash(tax_code) % 3 = 0"
    summary = run(
        replaced(tmp_path, register, few.replace("tax_code", "tax_code" if register == "tax_income" else "si_code")),
        as_of=AS_OF,
    )
    said(summary, f"Sổ {register} có thể thiếu", f"{register} may be cut off", "underdeclared_wage")
    assert not still_open(summary) & resting_on(register)


@pytest.mark.parametrize("register", ["population", "spells", "payments", "tax_income"])
def test_an_empty_register_is_one_that_is_missing(tmp_path: Path, register: str) -> None:
    home, empty = a_copy(tmp_path, register), tmp_path / f"{register}.csv"
    with duckdb.connect() as connection:
        columns = connection.read_parquet(str(loaded()[0] / register / "*.parquet")).columns
    empty.write_text(",".join(columns) + "\n")
    load([empty], home)
    summary = run(home, as_of=AS_OF)
    lost = {name for name, kind in kinds().items() if register in rests_on(kind)}
    assert not lost & still_open(summary)
    assert any(register in words for words in summary.missing("vi"))


def test_a_register_that_shrank_since_the_run_before_is_told_and_ends_nothing(tmp_path: Path) -> None:
    """Half of the participants are gone, and none of those declared: the links that there are look as sound as ever."""
    home = a_home(tmp_path)
    before = run(home, MONTH.replace(month=9), as_of=date(2026, 9, 30))
    shutil.rmtree(home / "warehouse" / "registers" / "participants")
    half = tmp_path / "participants.parquet"
    declared, participants = (str(loaded()[0] / name / "*.parquet") for name in ("declarations", "participants"))
    duckdb.execute(
        f"COPY (FROM '{participants}' WHERE si_code IN (SELECT si_code FROM '{declared}')) TO '{half}' (FORMAT parquet)"  # noqa: S608
    )
    load([half], home)
    summary = run(home, as_of=AS_OF)
    said(summary, "Sổ participants có thể thiếu", "participants may be cut off", "health_gap")
    assert not {row[1] for row in rows(home, summary.run, "findings") if "resolved" in row} & resting_on("links")
    assert held(summary) >= {"voluntary_candidate"}
    # What was open in the run before, and is not seen now, stays as it was.
    ids = {row[0] for row in rows(home, summary.run, "findings")}
    assert {row[0] for row in rows(home, before.run, "findings") if row[1] == "health_gap"} <= ids
