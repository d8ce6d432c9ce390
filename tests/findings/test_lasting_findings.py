"""The same fact next month is the same finding; one that is gone says how; outcomes make the scoreboard."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from baophu.engine import DuckDB
from baophu.findings.finding import finding_key
from baophu.findings.kinds import agency, kinds
from engines import duck  # noqa: F401 (a fixture)
from findings.few_registers import Registers, all_found

AN, FIRM = "001085000001", "0101234567"
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)
Rows = dict[str, list[dict[str, Any]]]


class Months:
    """Runs one month after the other, each with the findings of the one before."""

    def __init__(self, engine: DuckDB, place: Path, patch: pytest.MonkeyPatch) -> None:
        self.engine, self.place, self.patch = engine, place, patch
        self.before: list[Path] = []

    def run(self, registers: Registers, as_of: date, first: date = date(2026, 8, 1), **more: Any) -> Rows:
        place = self.place / as_of.isoformat()
        more |= {"first": first, "last": as_of.replace(day=1), "as_of": as_of, "previous": self.before}
        made = all_found(registers, self.engine, place, self.patch, **more)
        self.before = sorted((place / "out" / "findings").glob("*"))
        return made


@pytest.fixture
def months(duck: DuckDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Months:  # noqa: F811
    return Months(duck, tmp_path, monkeypatch)


def an_at_a_firm(**more: Any) -> Registers:
    it = Registers()
    it.person(AN, **more)
    it.employer("E1", FIRM)
    it.pay(AN, FIRM)
    return it


def test_a_stretch_that_grows_keeps_its_identity_and_first_day(months: Months) -> None:
    (before,) = months.run(an_at_a_firm(), SEPTEMBER)["findings"]
    (after,) = months.run(an_at_a_firm(), OCTOBER)["findings"]
    assert after["finding_id"] == before["finding_id"]
    assert (before["to_month"], after["to_month"]) == (date(2026, 10, 1), date(2026, 11, 1))
    assert after["first_seen"] == SEPTEMBER
    assert after["priority"] > before["priority"]


def test_the_same_finding_where_older_months_are_no_longer_loaded(months: Months) -> None:
    (before,) = months.run(an_at_a_firm(), SEPTEMBER)["findings"]
    (after,) = months.run(an_at_a_firm(), OCTOBER, first=date(2026, 9, 1))["findings"]
    assert after["finding_id"] == before["finding_id"]


def joined() -> Registers:
    it = an_at_a_firm()
    it.spell(AN, employer="E1")
    return it


def vanished() -> Registers:
    it = Registers()
    it.person(AN)
    it.employer("E1", FIRM)
    return it


@pytest.mark.parametrize(
    ("then", "how"),
    [(joined, "joined"), (vanished, "vanished"), (lambda: an_at_a_firm(deceased_on=date(2026, 7, 1)), "deceased")],
)
def test_what_is_gone_says_how(months: Months, then: Any, how: str) -> None:
    (before,) = months.run(an_at_a_firm(), SEPTEMBER)["findings"]
    (after,) = months.run(then(), OCTOBER)["findings"]
    assert (after["finding_id"], after["status"], after["resolved_how"]) == (before["finding_id"], "resolved", how)
    assert after["resolved_on"] == OCTOBER
    assert months.run(then(), date(2026, 11, 30))["findings"] == []


def late(outstanding: int) -> Registers:
    it = Registers()
    it.employer("E1", FIRM)
    month = date(2026, 7, 1)
    it.add("dues", employer_id="E1", month=month, due_date=date(2026, 8, 31), due=500, outstanding=outstanding)
    if outstanding:
        it.add("charges", employer_id="E1", month=month, **{"class": "late"}, charge=1, paid_on=None)
    return it


def test_late_payment_is_closed_as_paid(months: Months) -> None:
    months.run(late(500), SEPTEMBER)
    (after,) = months.run(late(0), OCTOBER)["findings"]
    assert (after["kind"], after["resolved_how"]) == ("late", "paid")


def outcomes(place: Path, finding_id: str, **counts: int) -> Path:
    rows = [
        {"finding_id": f"{word}-{number}", "kind": "uninsured_worker", "outcome": word, "on": SEPTEMBER,
         "register": None, "why": None}
        for word, count in counts.items()
        for number in range(count)
    ]  # fmt: skip
    the_last = {"finding_id": finding_id, "kind": "uninsured_worker", "outcome": "wrong", "on": SEPTEMBER}
    rows.append({**the_last, "register": "tax_income", "why": "the contract was a service contract"})
    path = place / "outcomes.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_outcomes_make_the_scoreboard_and_move_the_priority(months: Months, tmp_path: Path) -> None:
    (before,) = months.run(an_at_a_firm(), SEPTEMBER)["findings"]
    told = outcomes(tmp_path, before["finding_id"], confirmed=30, wrong=2, unanswered=4)
    made = months.run(an_at_a_firm(), OCTOBER, outcomes=told)
    score = {row["kind"]: row for row in made["finding_scores"]}["uninsured_worker"]
    assert (score["confirmed"], score["wrong"], score["unanswered"], score["open_now"]) == (30, 3, 4, 1)
    prior = agency().prior
    assert score["share"] == round(1000 * (30 + prior["right"]) / (33 + sum(prior.values())))
    assert made["findings"][0]["part_success"] == score["share"] > before["part_success"]
    (back,) = made["back_to_owners"]
    assert (back["register"], back["why"]) == ("tax_income", "the contract was a service contract")


def test_the_priority_is_the_sum_of_the_parts_that_are_shown(months: Months) -> None:
    (row,) = months.run(an_at_a_firm(), OCTOBER)["findings"]
    weights = kinds()[row["kind"]].weights.model_dump()
    assert row["priority"] == pytest.approx(sum(row[f"part_{part}"] * weight for part, weight in weights.items()) / 1e5)


def test_the_identity_says_nothing_of_the_person_and_needs_the_key(months: Months, tmp_path: Path) -> None:
    (one,) = months.run(an_at_a_firm(), OCTOBER)["findings"]
    months.before = []
    (other,) = months.run(an_at_a_firm(), date(2026, 10, 30), key=b"x" * 32)["findings"]
    assert AN not in one["finding_id"]
    assert one["finding_id"] != other["finding_id"]
    key = finding_key(tmp_path / "home")
    assert key == finding_key(tmp_path / "home")
    assert stat.S_IMODE((tmp_path / "home" / "finding-key").stat().st_mode) == 0o600


def test_the_parts_of_an_employers_risk(months: Months) -> None:
    it = an_at_a_firm()
    it.person("001085000002")
    it.spell("001085000002", employer="E1")
    it.declare("001085000002", "E1", wage=5_310_000)
    (risk,) = months.run(it, OCTOBER)["employer_risk"]
    assert (risk["workers"], risk["unregistered"], risk["bunching"]) == (1, 500, 1000)
    assert 0 < risk["risk"] < 1


def test_what_cannot_be_computed_is_said_and_ends_nothing(months: Months, tmp_path: Path) -> None:
    (before,) = months.run(an_at_a_firm(), SEPTEMBER)["findings"]
    said: list[str] = []
    whole = Registers.tables
    months.patch.setattr(Registers, "tables", lambda it, place: {"population": whole(it, place)["population"]})
    (after,) = months.run(an_at_a_firm(), OCTOBER, note=lambda text: said.append(text.en))["findings"]
    assert len(said) == len(kinds())
    assert "'No health insurance seen' was not computed: spells, links missing." in said
    assert (after["finding_id"], after["status"]) == (before["finding_id"], "open")
