"""The same fact next month is the same finding; one that is gone says how; outcomes make the scoreboard."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from baophu.core.errors import BaophuError
from baophu.engine import DuckDB
from baophu.findings.finding import finding_key
from baophu.findings.kinds import agency, agency_of, kinds
from baophu.findings.outcomes import as_table
from baophu.findings.steps import STEPS
from engines import duck  # noqa: F401 (a fixture)
from findings.few_registers import Registers, all_found

AN, FIRM = "001085000001", "0101234567"
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)
Rows = dict[str, list[dict[str, Any]]]


class Months:
    """Runs one month after the other, each with the findings of the one before."""

    def __init__(self, engine: DuckDB, place: Path) -> None:
        self.engine, self.place = engine, place
        self.before: list[Path] = []
        self.closed: list[Path] = []

    def run(self, registers: Registers, as_of: date, first: date = date(2026, 8, 1), **more: Any) -> Rows:
        place = self.place / as_of.isoformat()
        more |= {"first": first, "last": as_of.replace(day=1), "as_of": as_of}
        more |= {"previous": self.before, "closed": self.closed}
        made = all_found(registers, self.engine, place, **more)
        self.before = sorted((place / "out" / "findings").glob("*"))
        self.closed = sorted((place / "out" / "closed_findings").glob("*"))
        return made


@pytest.fixture
def months(duck: DuckDB, tmp_path: Path) -> Months:  # noqa: F811
    return Months(duck, tmp_path)


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
         "cost": 100_000}
        for word, count in counts.items()
        for number in range(count)
    ]  # fmt: skip
    the_last = {
        "finding_id": finding_id,
        "kind": "uninsured_worker",
        "outcome": "wrong",
        "on": SEPTEMBER,
        "cost": 100_001,
    }
    rows.append({**the_last, "register": "tax_income", "why": "the contract was a service contract"})
    path = place / "outcomes.parquet"
    parquet.write_table(as_table(rows), path)
    return path


def test_outcomes_make_the_scoreboard_and_move_the_priority(months: Months, tmp_path: Path) -> None:
    (before,) = months.run(an_at_a_firm(), SEPTEMBER)["findings"]
    told = outcomes(tmp_path, before["finding_id"], confirmed=30, wrong=2, unanswered=4)
    made = months.run(an_at_a_firm(), OCTOBER, outcomes=told)
    score = {row["kind"]: row for row in made["finding_scores"]}["uninsured_worker"]
    assert (score["confirmed"], score["wrong"], score["unanswered"], score["open_now"]) == (30, 3, 4, 1)
    assert (score["cost"], score["cost_of_a_case"], score["held"]) == (3_700_001, 100_000, False)
    prior = agency().prior
    assert score["share"] == round(1000 * (30 + prior["right"]) / (33 + sum(prior.values())))
    assert made["findings"][0]["part_success"] == score["share"] > before["part_success"]
    (back,) = made["back_to_owners"]
    assert (back["register"], back["why"]) == ("tax_income", "the contract was a service contract")


def test_a_rule_under_the_floor_holds_its_findings_and_says_so(months: Months, tmp_path: Path) -> None:
    said: list[str] = []
    told = outcomes(tmp_path, "another", confirmed=10, wrong=20)
    (held,) = months.run(an_at_a_firm(), SEPTEMBER, outcomes=told, note=lambda text: said.append(text.en))["findings"]
    assert held["status"] == "held"
    assert [words for words in said if "10 of 31" in words]
    # A lower floor lets them go on, as the findings that they were.
    lower = agency().model_copy(update={"floor": {"right": 300, "told": 30}})
    (after,) = months.run(an_at_a_firm(), OCTOBER, outcomes=told, agency=lower)["findings"]
    assert (after["status"], after["finding_id"], after["first_seen"]) == ("open", held["finding_id"], SEPTEMBER)


def test_too_few_outcomes_hold_nothing(months: Months, tmp_path: Path) -> None:
    told = outcomes(tmp_path, "another", wrong=28)
    assert [row["status"] for row in months.run(an_at_a_firm(), OCTOBER, outcomes=told)["findings"]] == ["open"]


def score_of(made: Rows, kind: str) -> dict[str, Any]:
    return {row["kind"]: row for row in made["finding_scores"]}[kind]


def test_who_joined_is_followed_for_a_year(months: Months) -> None:
    months.run(an_at_a_firm(), SEPTEMBER)
    it = an_at_a_firm()
    it.spell(AN, employer="E1", start=date(2026, 8, 1), end=date(2027, 3, 1))
    seen = []
    for as_of in (OCTOBER, date(2026, 12, 31), date(2027, 1, 31), date(2027, 4, 30), date(2027, 10, 31)):
        score = score_of(months.run(it, as_of, first=date(2026, 9, 1)), "uninsured_worker")
        seen.append([score[name] for name in ("joined", "median_days", "still_3", "of_3", "still_6", "of_6", "of_12")])
    # Joined in October: three months later he is in, six months later he is not.
    assert seen == [
        [1, 31, 0, 0, 0, 0, 0],
        [1, 31, 0, 0, 0, 0, 0],
        [1, 31, 1, 1, 0, 0, 0],
        [1, 31, 1, 1, 0, 1, 0],
        [1, 31, 1, 1, 0, 1, 1],
    ]


def test_a_payer_that_registers_has_joined(months: Months) -> None:
    it = Registers()
    it.person(AN)
    it.business(FIRM)
    it.pay(AN, FIRM)
    months.run(it, SEPTEMBER)
    made = months.run(joined(), OCTOBER)
    assert {row["kind"]: row["resolved_how"] for row in made["closed_findings"]} == {
        "unregistered_employer": "joined", "uninsured_worker": "joined",
    }  # fmt: skip


def test_the_voluntary_scheme_is_not_what_a_worker_had_to_join(months: Months) -> None:
    months.run(an_at_a_firm(), SEPTEMBER)
    it = vanished()
    it.spell(AN, "voluntary", None)
    assert [row["resolved_how"] for row in months.run(it, OCTOBER)["closed_findings"]] == ["vanished"]


def test_an_agency_sets_what_it_names_and_no_more(tmp_path: Path) -> None:
    assert agency_of(tmp_path) == agency()
    (tmp_path / "agency.yaml").write_text("floor: {right: 550}\n", encoding="utf-8")
    assert agency_of(tmp_path) == agency().model_copy(update={"floor": {"right": 550, "told": agency().floor["told"]}})
    for wrong in ("flor: {right: 550}", "floor: {rigth: 550}", "floor: 550", "floor: {right: many}"):
        (tmp_path / "agency.yaml").write_text(wrong, encoding="utf-8")
        with pytest.raises(BaophuError):
            agency_of(tmp_path)


def test_another_key_or_setting_makes_the_step_another_one(tmp_path: Path) -> None:
    (step,) = (one for one in STEPS if one.name == "findings")
    assert step.beside is not None
    before = step.beside(tmp_path)
    assert step.beside(tmp_path) == before
    assert finding_key(tmp_path).hex() not in str(before)
    (tmp_path / "finding-key").chmod(0o600)
    (tmp_path / "finding-key").write_bytes(b"x" * 32)
    other = step.beside(tmp_path)
    assert other["finding_key"] != before["finding_key"]
    assert other["agency"] == before["agency"]
    (tmp_path / "agency.yaml").write_text("floor: {right: 1}", encoding="utf-8")
    assert step.beside(tmp_path)["agency"] != before["agency"]


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
    assert risk["risk"] == pytest.approx((500 * agency().risk["unregistered"] + 1000 * agency().risk["bunching"]) / 1e5)


def an_employer(employer_id: str, tax_code: str, sizes: list[int], wage: int = 9_000_000) -> Registers:
    """An employer that declares so many workers in each of the three months."""
    it = Registers()
    it.employer(employer_id, tax_code)
    for month, size in enumerate(sizes):
        for number in range(size):
            it.declare(f"00108600{number:04}", employer_id, wage=wage, months=[date(2026, 8 + month, 1)])
    return it


def the_risk(months: Months, it: Registers) -> dict[str, Any]:
    return {row["employer_id"]: row for row in months.run(it, OCTOBER)["employer_risk"]}["E1"]


def test_a_sudden_change_of_headcount_counts_from_some_size_on(months: Months) -> None:
    assert the_risk(months, an_employer("E1", FIRM, [10, 10, 4]))["headcount_change"] == 600
    assert (
        months.run(an_employer("E1", FIRM, [2, 2, 1]), date(2026, 10, 30))["employer_risk"][0]["headcount_change"] == 0
    )


def test_how_deep_under_declaration_goes(months: Months) -> None:
    it = an_at_a_firm()
    it.spell(AN, employer="E1")
    it.declare(AN, "E1", wage=6_000_000)
    # 3 of the 9 million that are paid are in no base.
    assert the_risk(months, it)["underdeclared"] == 333


def test_months_paid_late_are_a_share_of_those_that_were_due(months: Months) -> None:
    it = an_employer("E1", FIRM, [1, 1, 1])
    for month, cleared in ((7, date(2026, 8, 20)), (8, date(2026, 10, 5))):
        it.add(
            "dues", employer_id="E1", month=date(2026, month, 1), due=500, outstanding=0,
            due_date=date(2026, month + 1, 30), cleared_on=cleared,
        )  # fmt: skip
    assert the_risk(months, it)["late_months"] == 500


def test_managers_of_several_firms_and_of_a_closed_one(months: Months) -> None:
    it = an_employer("E1", FIRM, [1, 1, 1])
    it.business("0107654321", status="closed", closed_on=date(2026, 8, 20))
    for tax_code in (FIRM, "0107654321"):
        it.add("managers", tax_code=tax_code, pid=AN, paid=True, from_date=date(2022, 1, 1), to_date=None)
    risk = the_risk(months, it)
    assert (risk["reopened"], risk["shared_owners"]) == (1000, 250)


def test_what_cannot_be_computed_is_said_and_ends_nothing(months: Months, monkeypatch: pytest.MonkeyPatch) -> None:
    (before,) = months.run(an_at_a_firm(), SEPTEMBER)["findings"]
    said: list[str] = []
    whole = Registers.tables
    monkeypatch.setattr(Registers, "tables", lambda it: {"population": whole(it)["population"]})
    (after,) = months.run(an_at_a_firm(), OCTOBER, note=lambda text: said.append(text.en))["findings"]
    assert len(said) == len(kinds())
    assert "'No health insurance seen' was not computed: spells, links missing." in said
    assert (after["finding_id"], after["status"]) == (before["finding_id"], "open")
