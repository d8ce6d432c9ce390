"""Who must join, under which point, with whom two roles pay: the whole table of the law, and its limits."""

from __future__ import annotations

import pytest

from law.people_asking import ask

DAY = "2026-03-01"
ROLES = {
    "labour_contract": "a",
    "business_household_owner": "m",
    "paid_enterprise_manager": "i",
    "unpaid_enterprise_manager": "n",
    "standing_militia": "e",
    "part_time_commune_or_village_cadre": "k",
    "overseas_contract_worker": "g",
}
OUTSIDE = ["none", "probation_contract", "domestic_helper"]

# Law 41/2024 art. 2(5), Decree 158/2025 art. 3(3): of two groups, the one that counts whichever came first. Pairs that
# are not here pay by the role that came first.
COUNTS = {
    **{frozenset(pair): pair[0] for pair in ("ia", "ek", "em", "km", "kn")},
    **{frozenset(pair): pair[0] for pair in ("ag", "ig", "ak", "ik")},
    **{frozenset(pair): pair[0] for pair in ("im", "am", "nm", "gm")},
    **{frozenset(pair): pair[0] for pair in ("en", "in", "an")},
}


def person(**more: object) -> dict[str, object]:
    return ask("participation", **{"date": DAY, "tax_method": "declaration", **more})


@pytest.mark.parametrize("first", ROLES)
@pytest.mark.parametrize("second", ROLES)
def test_two_roles_pay_by_the_one_that_the_law_ranks_first(first: str, second: str) -> None:
    found = person(role=first, second_role=second)
    group = COUNTS.get(frozenset(ROLES[first] + ROLES[second]), ROLES[first])
    assert found["group"] == group
    first_counts = group == ROLES[first]
    assert found["pays_under"] == ("first_contract" if first_counts else "second_contract")
    assert found["compulsory"] is True and found["voluntary_allowed"] is False


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("other", OUTSIDE)
def test_a_role_outside_does_not_count(role: str, other: str) -> None:
    assert person(role=other, second_role=role)["group"] == ROLES[role]
    assert person(role=other, second_role=role)["pays_under"] == "second_contract"
    assert person(role=role, second_role=other)["pays_under"] == "first_contract"


@pytest.mark.parametrize("role", OUTSIDE)
def test_outside_compulsory_insurance_one_may_join_voluntarily(role: str) -> None:
    found = person(role=role)
    assert (found["compulsory"], found["group"], found["ui"], found["voluntary_allowed"]) == (False, None, False, True)
    assert found["pays_under"] is None and found["worker_retirement_rate"] is None


@pytest.mark.parametrize(
    ("unit", "length", "compulsory"),
    [
        ("month", 1, True),
        ("week", 4, False),
        ("week", 5, True),
        ("day", 29, False),
        ("day", 30, True),
    ],
)
def test_a_contract_of_a_month_or_more_binds(unit: str, length: int, compulsory: bool) -> None:
    assert person(role="labour_contract", contract_unit=unit, contract_length=length)["compulsory"] is compulsory


@pytest.mark.parametrize(
    ("date", "months", "ui"),
    [("2025-12-31", 2, False), ("2025-12-31", 3, True), ("2026-01-01", 1, True), ("2026-01-01", 2, True)],
)
def test_unemployment_insurance_asks_three_months_before_2026_and_one_since(date: str, months: int, ui: bool) -> None:
    found = person(date=date, role="labour_contract", contract_unit="month", contract_length=months)
    assert (found["compulsory"], found["ui"]) == (True, ui)


def test_paid_managers_are_in_unemployment_insurance_since_2026() -> None:
    assert person(date="2025-12-31", role="paid_enterprise_manager")["ui"] is False
    assert person(date="2026-01-01", role="paid_enterprise_manager")["ui"] is True


def test_who_could_draw_a_pension_pays_no_unemployment_insurance() -> None:
    entitled = {"role": "labour_contract", "reached_retirement_age": True}
    assert person(**entitled, months_paid=179)["ui"] is True
    assert person(**entitled, months_paid=180)["ui"] is False
    assert person(**entitled, months_paid=180)["compulsory"] is True


@pytest.mark.parametrize(
    ("method", "date", "compulsory"),
    [
        ("declaration", "2025-06-30", False),
        ("declaration", "2025-07-01", True),
        ("other", "2026-03-01", False),
        ("other", "2029-06-30", False),
        ("other", "2029-07-01", True),
    ],
)
def test_household_owners_begin_by_their_method_of_tax(method: str, date: str, compulsory: bool) -> None:
    found = person(date=date, role="business_household_owner", tax_method=method)
    assert found["compulsory"] is compulsory
    assert found["voluntary_allowed"] is not compulsory


@pytest.mark.parametrize("role", ["unpaid_enterprise_manager", "standing_militia"])
def test_the_groups_of_the_new_law_begin_with_it(role: str) -> None:
    assert person(date="2025-06-30", role=role)["compulsory"] is False
    assert person(date="2025-07-01", role=role)["compulsory"] is True


@pytest.mark.parametrize(("months", "compulsory"), [(173, False), (174, True), (179, True), (180, False)])
@pytest.mark.parametrize("role", ["business_household_owner", "unpaid_enterprise_manager"])
def test_owners_of_retirement_age_stay_for_six_missing_months_only(role: str, months: int, compulsory: bool) -> None:
    found = person(role=role, reached_retirement_age=True, months_paid=months)
    assert found["compulsory"] is compulsory


@pytest.mark.parametrize("status", ["pensioner", "monthly_si_allowance"])
@pytest.mark.parametrize("role", ["none", *ROLES])
def test_who_draws_a_benefit_is_outside_everything(status: str, role: str) -> None:
    found = person(role=role, benefit_status=status)
    assert (found["compulsory"], found["ui"], found["voluntary_allowed"]) == (False, False, False)


def test_a_suspended_contract_hands_over_to_the_next() -> None:
    suspended = {"role": "labour_contract", "contract_suspended": True}
    alone = person(**suspended)
    assert (alone["compulsory"], alone["voluntary_allowed"]) == (False, True)
    agreed = person(**suspended, agreed_to_pay=True, second_role="labour_contract")
    assert (agreed["compulsory"], agreed["pays_under"], agreed["voluntary_allowed"]) == (True, "first_contract", False)
    next_one = person(**suspended, second_role="labour_contract")
    assert (next_one["group"], next_one["pays_under"], next_one["ui"]) == ("a", "second_contract", True)
    owner = person(**suspended, second_role="business_household_owner")
    assert (owner["group"], owner["pays_under"], owner["ui"]) == ("m", "second_contract", False)


@pytest.mark.parametrize(("age", "allowed"), [(14, False), (15, True), (90, True)])
def test_voluntary_insurance_is_open_from_fifteen(age: int, allowed: bool) -> None:
    assert person(role="none", age=age)["voluntary_allowed"] is allowed


FOREIGN = {"role": "labour_contract", "nationality": "foreign", "contract_unit": "month"}


@pytest.mark.parametrize(
    ("more", "compulsory"),
    [
        ({"contract_length": 12}, True),
        ({"contract_length": 11}, False),
        ({"contract_length": 24, "intra_company_transferee": True}, False),
        ({"contract_length": 24, "reached_retirement_age": True}, False),
        ({"contract_unit": "day", "contract_length": 364}, False),
        ({"contract_unit": "day", "contract_length": 365}, True),
        ({"contract_unit": "indefinite"}, False),
        ({"role": "paid_enterprise_manager", "contract_length": 24}, False),
    ],
)
def test_foreigners_join_by_a_fixed_term_of_a_year(more: dict[str, object], compulsory: bool) -> None:
    found = person(**{**FOREIGN, **more})
    assert found["compulsory"] is compulsory
    assert found["group"] == ("foreign" if compulsory else None)
    assert (found["ui"], found["voluntary_allowed"]) == (False, False)


@pytest.mark.parametrize(
    ("role", "worker", "employer"),
    [
        ("labour_contract", "0.08", "0.14"),
        ("part_time_commune_or_village_cadre", "0.08", "0.14"),
        ("standing_militia", "0", "0.22"),
        ("overseas_contract_worker", "0.22", "0"),
        ("business_household_owner", "0.22", "0"),
        ("unpaid_enterprise_manager", "0.22", "0"),
    ],
)
def test_the_retirement_rates_go_with_the_group(role: str, worker: str, employer: str) -> None:
    found = person(role=role)
    assert (found["worker_retirement_rate"], found["employer_retirement_rate"]) == (worker, employer)
