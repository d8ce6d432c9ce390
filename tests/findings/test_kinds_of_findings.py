"""What is a finding and what is none, kind by kind, told in a few rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baophu.engine import DuckDB, Spark
from baophu.findings.kinds import kinds
from engines import duck, engine, spark  # noqa: F401 (fixtures)
from findings.few_registers import AS_OF, COMMUNE, MONTHS, Registers, all_found, found

AN, BINH, CUC = "001085000001", "001085000002", "001085000003"
FIRM, OTHER = "0101234567", "0107654321"
Find = Callable[[Registers], list[dict[str, Any]]]


@pytest.fixture
def find(duck: DuckDB, tmp_path: Path) -> Find:  # noqa: F811
    return lambda registers: found(registers, duck, tmp_path / "run")


def told(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["kind"], row["reason"]) for row in rows}


def at_a_firm() -> Registers:
    """An employer with one insured worker, and An, whom it pays."""
    it = Registers()
    it.person(AN)
    it.person(BINH)
    it.employer("E1", FIRM)
    it.spell(BINH, employer="E1")
    it.declare(BINH, "E1")
    it.pay(BINH, FIRM)
    return it


def test_a_worker_who_is_paid_and_not_in(find: Find) -> None:
    it = at_a_firm()
    it.pay(AN, FIRM, income=10_000_000)
    (row,) = find(it)
    assert (row["kind"], row["reason"], row["pid"], row["employer_id"]) == (
        "uninsured_worker",
        "not_declared",
        AN,
        "E1",
    )
    assert (row["from_month"], row["to_month"]) == (date(2026, 8, 1), date(2026, 11, 1))
    # 3 + 22 + 0.5, 4.5 and 2 per cent of 10 million
    assert row["amount"] == 3_200_000
    assert "load-1#3" in row["evidence"]
    assert 0 < row["priority"] < 1


@pytest.mark.parametrize(
    "not_bound",
    [
        lambda it: it.pay(AN, FIRM, contract="service"),
        lambda it: it.pay(AN, FIRM, contract="other", contract_months=2),
        lambda it: it.pay(AN, FIRM, contract_months=0),
        lambda it: it.pay(AN, FIRM, income=2_000_000),
        lambda it: (it.pay(AN, FIRM), it.benefit(AN)),
        lambda it: (it.pay(AN, FIRM), it.benefit(AN, "monthly_si")),
        lambda it: (it.pay(AN, FIRM), it.employer("E2", OTHER), it.spell(AN, employer="E2")),
        lambda it: (it.pay(AN, FIRM), it.spell(AN, group="b", start=date(2026, 8, 1))),
        lambda it: (it.pay(AN, FIRM, [date(2026, 9, 1)]), it.spell(AN, employer="E1", end=date(2026, 9, 1))),
    ],
    ids=[
        "service contract", "probation", "under a month", "below the lowest base", "pensioner", "monthly allowance",
        "insured at the first employer", "a civil servant", "the pay of the last month",
    ],
)  # fmt: skip
def test_who_need_not_be_in(find: Find, not_bound: Callable[[Registers], Any]) -> None:
    it = at_a_firm()
    not_bound(it)
    assert "uninsured_worker" not in {row["kind"] for row in find(it)}


@pytest.mark.parametrize("group", ["k", "m", "n"])
def test_a_group_that_gives_way_does_not_excuse_the_employer(find: Find, group: str) -> None:
    it = at_a_firm()
    it.pay(AN, FIRM)
    it.spell(AN, group=group)
    assert ("uninsured_worker", "not_declared") in told(find(it))


def test_a_month_of_which_nothing_is_told_does_not_break_a_stretch(find: Find) -> None:
    it = at_a_firm()
    it.pay(AN, FIRM, [MONTHS[0], MONTHS[2]])
    (row,) = find(it)
    assert (row["from_month"], row["to_month"], row["months"]) == (date(2026, 8, 1), date(2026, 11, 1), 2)


def test_pay_that_is_not_told_is_no_reason_to_be_out(find: Find) -> None:
    it = at_a_firm()
    it.pay(AN, FIRM, income=None, insurance_deducted=None)
    assert told(find(it)) == {("uninsured_worker", "pay_unknown")}


def test_a_payer_who_is_no_employer(find: Find) -> None:
    it = Registers()
    it.person(AN)
    it.business(FIRM)
    it.pay(AN, FIRM)
    rows = find(it)
    assert told(rows) == {("unregistered_employer", "firm_pays_wages"), ("uninsured_worker", "employer_not_registered")}


def test_a_payer_insured_under_the_code_of_its_branch(find: Find) -> None:
    it = Registers()
    it.person(AN)
    it.employer("E1", FIRM + "001")
    it.business(FIRM)
    it.spell(AN, employer="E1")
    it.pay(AN, FIRM)
    assert find(it) == []


def test_a_link_in_doubt_is_no_ground(find: Find) -> None:
    it = Registers()
    it.person(AN)
    it.employer("E1", FIRM, status="review")
    it.pay(AN, FIRM)
    assert told(find(it)) == {("uninsured_worker", "employer_in_doubt")}


def test_who_may_be_a_participant_by_a_link_in_review_is_left_to_whoever_decides_it(find: Find) -> None:
    it = at_a_firm()
    it.person("001085000009", health=False)
    it.pay("001085000009", FIRM, insurance_deducted=945_000)
    it.rows["links"][-1]["status"] = "review"
    assert find(it) == []


@pytest.mark.parametrize(("base", "asked"), [(8_400_000, True), (8_600_000, False), (9_900_000, False)])
def test_a_base_is_asked_about_below_85_of_100(find: Find, base: int, asked: bool) -> None:
    it = at_a_firm()
    it.spell(AN, employer="E1")
    it.declare(AN, "E1", wage=base)
    it.pay(AN, FIRM, income=10_000_000)
    rows = find(it)
    assert told(rows) == ({("underdeclared_wage", "base_below_pay")} if asked else set())
    assert [row["amount"] for row in rows] == ([512_000] if asked else [])


def test_pay_above_the_ceiling_is_not_insurable(find: Find) -> None:
    it = at_a_firm()
    it.spell(AN, employer="E1")
    it.declare(AN, "E1", wage=50_600_000)
    it.pay(AN, FIRM, income=90_000_000)
    assert find(it) == []


def test_two_months_are_too_few_to_ask_and_months_without_pay_tell_nothing(find: Find) -> None:
    it = at_a_firm()
    it.spell(AN, employer="E1")
    it.declare(AN, "E1", wage=5_000_000, months=MONTHS[:2])
    it.declare(AN, "E1", wage=5_000_000, months=MONTHS[2:], days=20)
    it.pay(AN, FIRM)
    assert find(it) == []


def a_due(it: Registers, month: date, outstanding: int, due_date: date) -> None:
    it.add("dues", employer_id="E1", month=month, due_date=due_date, due=1_000_000, outstanding=outstanding)


@pytest.mark.parametrize(
    ("outstanding", "due_date", "asked"),
    [(1_000_000, date(2026, 9, 30), True), (400_000, date(2026, 9, 30), False), (1_000_000, AS_OF, False)],
    ids=["nothing paid", "paid in part", "not overdue"],
)
def test_withheld_and_not_paid(find: Find, outstanding: int, due_date: date, asked: bool) -> None:
    it = at_a_firm()
    it.spell(AN, employer="E1")
    it.declare(AN, "E1")
    it.pay(AN, FIRM, insurance_deducted=945_000)
    a_due(it, MONTHS[0], outstanding, due_date)
    rows = find(it)
    assert told(rows) == ({("deducted_not_paid", "withheld_not_paid")} if asked else set())
    assert {row["to_month"] for row in rows} <= {date(2026, 9, 1)}


def test_withheld_and_not_in(find: Find) -> None:
    it = at_a_firm()
    it.pay(AN, FIRM, insurance_deducted=945_000)
    assert told(find(it)) == {("deducted_not_paid", "withheld_not_insured"), ("uninsured_worker", "insurance_withheld")}


def test_late_and_evaded_months_stand_apart(find: Find) -> None:
    it = at_a_firm()
    for month, day, classes in ((7, 31, ["late", "evasion"]), (8, 30, ["late"])):
        a_due(it, date(2026, month, 1), 1_000_000, date(2026, month + 1, day))
        for one in classes:
            it.add(
                "charges", employer_id="E1", month=date(2026, month, 1), **{"class": one}, charge=9_000, paid_on=None
            )
    rows = {row["kind"]: row for row in find(it)}
    assert rows["evasion"]["from_month"] == date(2026, 7, 1)
    assert rows["late"]["from_month"] == date(2026, 8, 1)
    assert rows["late"]["amount"] == 1_000_000


def a_household(method: str = "declaration", **more: Any) -> Registers:
    it = Registers()
    it.person(CUC, **more)
    it.business(CUC, "household", owner_pid=CUC, tax_method=method)
    return it


def test_the_owner_of_a_household(find: Find) -> None:
    (row,) = find(a_household())
    # 25 % of the reference level
    assert (row["kind"], row["amount"], row["from_month"]) == ("household_owner", 632_500, date(2026, 8, 1))


def test_owners_who_need_not_join(find: Find, duck: DuckDB, tmp_path: Path) -> None:  # noqa: F811
    old = a_household(born=date(1960, 1, 1))
    allowance, in_a_job, dead = a_household(), a_household(), a_household(deceased_on=date(2026, 8, 3))
    allowance.benefit(CUC, "monthly_si")
    in_a_job.spell(CUC)
    stopped = Registers()
    stopped.person(CUC)
    stopped.business(CUC, "household", owner_pid=CUC, tax_method="declaration", status="closed")
    for number, it in enumerate((old, allowance, in_a_job, dead, stopped)):
        assert found(it, duck, tmp_path / str(number)) == []


def test_an_owner_who_is_not_bound_yet_could_join_the_voluntary_scheme(find: Find) -> None:
    (row,) = find(a_household("presumptive"))
    assert (row["kind"], row["reason"], row["amount"]) == ("voluntary_candidate", "business_household", 330_000)
    assert '"support":66000' in row["evidence"]
    assert '"pays":264000' in row["evidence"]


def test_the_unpaid_manager_of_several_firms_is_one_finding_at_the_first(find: Find) -> None:
    it = Registers()
    it.person(AN)
    for tax_code, since in ((OTHER, date(2024, 1, 1)), (FIRM, date(2022, 1, 1))):
        it.business(tax_code)
        it.add("managers", tax_code=tax_code, pid=AN, paid=False, from_date=since, to_date=None)
    assert [(row["kind"], row["tax_code"]) for row in find(it)] == [("unpaid_manager", FIRM)]


@pytest.mark.parametrize(
    ("born", "more", "reason"),
    [
        (date(2024, 1, 1), {}, "would_join_child"),
        (date(2014, 1, 1), {}, "would_join_student"),
        (date(1985, 1, 1), {}, "would_join_household"),
        (date(1985, 1, 1), {"deceased_on": date(2026, 8, 1)}, None),
        (date(1985, 1, 1), {"health": True}, None),
    ],
)
def test_no_health_insurance(find: Find, born: date, more: dict[str, Any], reason: str | None) -> None:
    it = Registers()
    it.person(AN, born, **{"health": False, **more})
    assert told(find(it)) == ({("health_gap", reason)} if reason else set())


@pytest.mark.parametrize(("end", "is_one"), [(date(2026, 6, 1), True), (date(2024, 9, 1), False), (None, False)])
def test_stopped_paying_voluntary_insurance(find: Find, end: date | None, is_one: bool) -> None:
    it = Registers()
    it.person(AN)
    it.spell(AN, "voluntary", None, start=date(2023, 1, 1), end=end)
    it.add("voluntary", si_code=f"9{AN[-9:]}", commune_code=COMMUNE, support_group="other")
    assert bool(told(find(it)) & {("lapsed_voluntary", "stopped_lately")}) is is_one


@pytest.mark.parametrize(
    ("born", "years", "is_one"),
    [
        (date(1966, 1, 1), 12, True),
        (date(1966, 1, 1), 9, False),
        (date(1966, 1, 1), 15, False),
        (date(1972, 1, 1), 12, False),
    ],
    ids=["12 years paid", "too few", "enough", "too young"],
)
def test_near_a_pension(find: Find, born: date, years: int, is_one: bool) -> None:
    it = Registers()
    it.person(AN, born)
    it.spell(AN, start=date(2000, 1, 1), end=date(2000 + years, 1, 1))
    # A second job in the same months counts once.
    it.spell(AN, start=date(2001, 1, 1), end=date(2003, 1, 1))
    rows = find(it)
    assert [row["kind"] for row in rows] == (["near_pension"] if is_one else [])
    assert [row["months"] for row in rows] == ([36] if is_one else [])


def test_registers_that_contradict_each_other(find: Find) -> None:
    it = Registers()
    it.person(AN, deceased_on=date(2026, 8, 20))
    it.spell(AN, employer=None)
    it.person(BINH)
    it.person(CUC)
    it.add("participants", si_code="9555555555", pid=BINH, commune_code=COMMUNE)
    it.add("links", si_code="9555555555", pid=CUC, status="accepted")
    rows = find(it)
    assert told(rows) == {
        ("conflict", "dead_but_paying"),
        ("conflict", "two_people_one_number"),
        ("conflict", "one_person_two_numbers"),
    }


def everybody() -> Registers:
    """One finding of most kinds, together."""
    it = at_a_firm()
    it.pay(AN, FIRM, income=10_000_000, insurance_deducted=945_000)
    it.person(CUC, health=False)
    it.business(CUC, "household", owner_pid=CUC, tax_method="declaration")
    a_due(it, MONTHS[0], 1_000_000, date(2026, 9, 30))
    for one in ("late", "evasion"):
        it.add("charges", employer_id="E1", month=MONTHS[0], **{"class": one}, charge=9_000, paid_on=None)
    a_due(it, MONTHS[1], 1_000_000, date(2026, 10, 30))
    it.add("charges", employer_id="E1", month=MONTHS[1], **{"class": "late"}, charge=300, paid_on=None)
    for number, born in enumerate((1966, 1990, 1970)):
        pid = f"0010850000{number + 10}"
        it.person(pid, date(born, 1, 1))
        it.pay(pid, OTHER, contract="service")
    it.spell("001085000010", start=date(2000, 1, 1), end=date(2012, 1, 1))
    it.spell("001085000011", "voluntary", None, start=date(2024, 1, 1), end=date(2026, 3, 1))
    it.add("voluntary", si_code="9085000011", commune_code=COMMUNE, support_group="other")
    it.person("001085000020", deceased_on=date(2026, 8, 20))
    it.spell("001085000020")
    it.person("001085000021")
    it.business("0109999999")
    it.add("managers", tax_code="0109999999", pid="001085000021", paid=False, from_date=date(2022, 1, 1), to_date=None)
    it.pay("001085000021", "0109999999")
    it.person("001085000022")
    it.spell("001085000022", employer="E1")
    it.declare("001085000022", "E1", wage=6_000_000)
    it.pay("001085000022", FIRM)
    return it


@pytest.mark.spark
def test_both_engines_find_the_same(
    duck: DuckDB,  # noqa: F811
    spark: Spark,  # noqa: F811
    tmp_path: Path,
) -> None:
    made = [all_found(everybody(), one, tmp_path / one.name) for one in (duck, spark)]
    in_order = [{name: sorted(map(str, rows)) for name, rows in tables.items()} for tables in made]
    assert in_order[0] == in_order[1]
    assert {row["kind"] for row in made[0]["findings"]} == set(kinds())


def test_every_kind_that_the_registers_allow_is_there(find: Find) -> None:
    rows = find(everybody())
    assert {row["kind"] for row in rows} == set(kinds())
    assert max(row["to_month"] for row in rows) == date(2026, 11, 1)
    for row in rows:
        assert row["reason"] in kinds()[row["kind"]].reasons
