"""The figures of the law: what holds on a day, what the tables say, and what asking wrongly brings."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.core.errors import BaophuError, UnknownName
from baophu.law.parameters import Unit, Value, book, figure, group_key

ANNEX = Path(__file__).resolve().parents[3] / "shared" / "law" / "retirement_annex1.csv"
AUTUMN_2026 = date(2026, 11, 1)
GROUPS = ("a", "b", "c", "d", "dd", "e", "g", "h", "i", "k", "l", "m", "n", "foreign")


def number(name: str, on: date = AUTUMN_2026, **dims: str) -> Decimal:
    return book().value(name, on, **dims).decimal


# What is due of a month

RATES = """
group    sm.w  sm.e  ret.w  ret.e  acc.e  hi.w  hi.e  ui.w  ui.e
a        0     3     8      14     0.5    1.5   3     1     1
b        0     3     8      14     0.5    1.5   3     1     1
c        0     3     8      14     0.5    1.5   3     0     0
d        0     3     8      14     0.5    1.5   3     0     0
dd       0     0     0      22     0.5    0     0     0     0
e        0     0     0      22     0.5    0     0     0     0
g        0     0     22     0      0      0     0     0     0
h        0     0     22     0      0      0     0     0     0
i        0     3     8      14     0.5    1.5   3     1     1
k        0     3     8      14     0      1.5   3     0     0
l        0     3     8      14     0.5    1.5   3     1     1
m        3     0     22     0      0      0     0     0     0
n        3     0     22     0      0      0     0     0     0
foreign  0     3     8      14     0      1.5   3     0     0
"""
NAMES = {
    "sm.w": "rate.sickness_maternity.worker",
    "sm.e": "rate.sickness_maternity.employer",
    "ret.w": "rate.retirement.worker",
    "ret.e": "rate.retirement.employer",
    "hi.w": "rate.health.worker",
    "hi.e": "rate.health.employer",
    "ui.w": "rate.unemployment.worker",
    "ui.e": "rate.unemployment.employer",
}


def rates() -> Iterator[tuple[str, str, str]]:
    heads, *lines = (line.split() for line in RATES.strip().splitlines())
    for group, *cells in lines:
        yield from ((group, head, cell) for head, cell in zip(heads[1:], cells, strict=True))


@pytest.mark.parametrize(("group", "part", "percent"), list(rates()))
@pytest.mark.parametrize("on", [date(2026, 1, 1), AUTUMN_2026])
def test_rates_by_group_and_fund(group: str, part: str, percent: str, on: date) -> None:
    if part == "acc.e":
        found = number("rate.accident.employer", on, group=group, accident="standard")
    else:
        found = number(NAMES[part], on, group=group)
    assert found * 100 == Decimal(percent)


def test_an_ordinary_employee_and_employer_pay_32_percent() -> None:
    worker = sum(number(name, group="a") for part, name in NAMES.items() if part.endswith(".w"))
    employer = sum(number(name, group="a") for part, name in NAMES.items() if part.endswith(".e"))
    employer += number("rate.accident.employer", group="a", accident="standard")
    assert (worker, employer) == (Decimal("0.105"), Decimal("0.215"))


@pytest.mark.parametrize("group", GROUPS)
def test_the_reduced_accident_rate_is_for_who_pays_the_standard_one(group: str) -> None:
    standard = number("rate.accident.employer", group=group, accident="standard")
    reduced = number("rate.accident.employer", group=group, accident="reduced")
    assert (standard, reduced) in [(Decimal("0.005"), Decimal("0.003")), (0, 0)]


@pytest.mark.parametrize("group", ["e", "h", "l", "m", "n"])
def test_new_groups_pay_nothing_before_the_new_law(group: str) -> None:
    before = date(2025, 6, 30)
    assert all(number(name, before, group=group) == 0 for name in NAMES.values())


def test_part_time_cadres_came_into_the_sickness_fund_with_the_new_law() -> None:
    name = "rate.sickness_maternity.employer"
    assert [number(name, date(2025, 6 + later, 1), group="k") for later in (0, 1)] == [0, Decimal("0.03")]


@pytest.mark.parametrize(
    ("on", "level"),
    [
        (date(2019, 7, 1), 1_490_000),
        (date(2023, 6, 30), 1_490_000),
        (date(2023, 7, 1), 1_800_000),
        (date(2024, 6, 30), 1_800_000),
        (date(2024, 7, 1), 2_340_000),
        (date(2026, 6, 30), 2_340_000),
        (date(2026, 7, 1), 2_530_000),
        (date(2040, 8, 1), 2_530_000),
    ],
)
def test_the_reference_level(on: date, level: int) -> None:
    assert book().value("reference_level", on).amount == level


@pytest.mark.parametrize(
    ("on", "si_ceiling"),
    [
        (date(2023, 6, 1), 29_800_000),
        (date(2024, 6, 1), 36_000_000),
        (date(2026, 6, 1), 46_800_000),
        (date(2026, 7, 1), 50_600_000),
    ],
)
def test_ceilings_of_the_base(on: date, si_ceiling: int) -> None:
    level = number("reference_level", on)
    assert level * number("base_ceiling_multiple", on) == si_ceiling
    assert level * number("hi_ceiling_multiple", on) == si_ceiling
    assert level * number("voluntary_income_ceiling_multiple", on) == si_ceiling
    assert number("base_floor_multiple", on) == 1


@pytest.mark.parametrize(
    ("first", "last", "wages", "ceilings"),
    [
        (date(2022, 7, 1), date(2024, 6, 30), (4_680_000, 4_160_000, 3_640_000, 3_250_000), "93.6 83.2 72.8 65.0"),
        (date(2024, 7, 1), date(2025, 12, 31), (4_960_000, 4_410_000, 3_860_000, 3_450_000), "99.2 88.2 77.2 69.0"),
        (date(2026, 1, 1), AUTUMN_2026, (5_310_000, 4_730_000, 4_140_000, 3_700_000), "106.2 94.6 82.8 74.0"),
    ],
)
def test_regional_minimum_wages_and_the_ceilings_they_make(
    first: date, last: date, wages: tuple[int, ...], ceilings: str
) -> None:
    for on in (first, last):
        for region, wage, ceiling in zip(("I", "II", "III", "IV"), wages, ceilings.split(), strict=True):
            assert book().value("regional_minimum_wage", on, region=region).amount == wage
            assert wage * number("ui_ceiling_multiple", on) == Decimal(ceiling) * 1_000_000


def test_hourly_minimum_wages() -> None:
    hourly = [number("regional_minimum_wage_hour", region=region) for region in ("I", "II", "III", "IV")]
    assert hourly == [25_500, 22_700, 20_000, 17_800]


# Voluntary


@pytest.mark.parametrize(
    ("on", "line"),
    [
        (date(2016, 1, 1), 700_000),
        (date(2021, 12, 31), 700_000),
        (date(2022, 1, 1), 1_500_000),
        (date(2026, 12, 31), 1_500_000),
        (date(2027, 1, 1), 2_200_000),
    ],
)
def test_the_rural_poverty_line(on: date, line: int) -> None:
    assert book().value("rural_poverty_line", on).amount == line


@pytest.mark.parametrize(
    ("group", "before", "now", "monthly"),
    [
        ("poor", "0.30", "0.50", 165_000),
        ("island_or_special_zone", None, "0.50", 165_000),
        ("near_poor", "0.25", "0.40", 132_000),
        ("ethnic_minority", "0.10", "0.30", 99_000),
        ("other", "0.10", "0.20", 66_000),
    ],
)
def test_state_support_of_voluntary_participants(group: str, before: str | None, now: str, monthly: int) -> None:
    new_law = date(2025, 7, 1)
    assert number("voluntary_support", new_law, support_group=group) == Decimal(now)
    for on in (date(2018, 1, 1), date(2025, 6, 30)):
        old = book().find("voluntary_support", on, support_group=group)
        assert (old and old.decimal) == (Decimal(before) if before else None)
    whole = number("voluntary_rate", new_law) * number("rural_poverty_line", new_law)
    assert whole * Decimal(now) == monthly


def test_support_lasts_120_months() -> None:
    assert book().value("voluntary_support_months", AUTUMN_2026).amount == 120


@pytest.mark.parametrize(
    ("place", "on", "group", "share"),
    [
        ("01", date(2025, 9, 1), "poor", "0.50"),
        ("01", date(2025, 9, 1), "near_poor", "0.60"),
        ("01", date(2025, 9, 1), "other", "0.10"),
        ("22", date(2023, 1, 1), "poor", "0.30"),
        ("22", date(2027, 12, 31), "near_poor", "0.30"),
        ("22", date(2025, 9, 1), "other", "0.20"),
        ("22", date(2028, 1, 1), "other", None),
        ("01.long_bien", date(2025, 12, 31), "poor", "0.40"),
        ("01.long_bien", date(2022, 8, 1), "near_poor", "0.50"),
        ("01.long_bien", date(2024, 1, 1), "former_near_poor", "0.30"),
        ("01.long_bien", date(2026, 1, 1), "poor", None),
        ("79", date(2026, 1, 1), "poor", None),
    ],
)
def test_support_added_by_places(place: str, on: date, group: str, share: str | None) -> None:
    found = book().find("local_support", on, place=place, support_group=group)
    assert (found and found.decimal) == (Decimal(share) if share else None)


# Retirement and pensions


@pytest.mark.parametrize(
    ("year", "men", "women"),
    [
        (2021, (60, 3), (55, 4)),
        (2022, (60, 6), (55, 8)),
        (2023, (60, 9), (56, 0)),
        (2024, (61, 0), (56, 4)),
        (2025, (61, 3), (56, 8)),
        (2026, (61, 6), (57, 0)),
        (2027, (61, 9), (57, 4)),
        (2028, (62, 0), (57, 8)),
        (2029, (62, 0), (58, 0)),
        (2034, (62, 0), (59, 8)),
        (2035, (62, 0), (60, 0)),
        (2050, (62, 0), (60, 0)),
    ],
)
def test_the_retirement_age_of_a_year(year: int, men: tuple[int, int], women: tuple[int, int]) -> None:
    for on in (date(year, 1, 1), date(year, 12, 31)):
        for sex, (years, months) in (("male", men), ("female", women)):
            age = book().value("retirement_age_months", on, sex=sex).amount
            assert divmod(age, 12) == (years, months)
            assert book().value("retirement_age_floor_months", on, sex=sex).amount == age - 60


def months_later(year: int, month: int, months: int) -> tuple[int, int]:
    years, rest = divmod(year * 12 + month - 1 + months, 12)
    return years, rest + 1


def test_the_whole_annex_of_retirement_ages() -> None:
    if not ANNEX.exists():
        pytest.skip(f"{ANNEX.name} is not here")
    with ANNEX.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 150
    for row in rows:
        born = date(int(row["birth_year"]), int(row["birth_month"]), 15)
        sex = {"M": "male", "F": "female"}[row["sex"]]
        age = book().value("retirement_age_months_by_birth", born, sex=sex).amount
        assert age == int(row["retirement_age_months"]), row
        start = months_later(born.year, born.month, age + 1)
        assert start == (int(row["pension_start_year"]), int(row["pension_start_month"])), row


@given(st.dates(date(1961, 1, 1), date(2000, 12, 31)), st.sampled_from(["male", "female"]))
def test_the_two_tables_of_retirement_ages_agree(born: date, sex: str) -> None:
    """The age is the first one that is reached in a year whose age it is, or whose age is lower."""
    by_birth = book().value("retirement_age_months_by_birth", born, sex=sex).amount
    ages = range(660, 760)
    reached = (
        age
        for age in ages
        if book().value("retirement_age_months", date(*months_later(born.year, born.month, age), 1), sex=sex).amount
        <= age
    )
    assert next(reached) == by_birth


@pytest.mark.parametrize(
    ("joined", "years"),
    [
        (date(1980, 5, 1), 5),
        (date(1994, 12, 31), 5),
        (date(1995, 1, 1), 6),
        (date(2000, 12, 31), 6),
        (date(2001, 1, 1), 8),
        (date(2006, 12, 31), 8),
        (date(2007, 1, 1), 10),
        (date(2015, 12, 31), 10),
        (date(2016, 1, 1), 15),
        (date(2019, 12, 31), 15),
        (date(2020, 1, 1), 20),
        (date(2024, 12, 31), 20),
        (date(2025, 1, 1), 0),
    ],
)
def test_the_window_of_the_average(joined: date, years: int) -> None:
    assert book().value("average_window_years", joined).amount == years


COEFFICIENTS = """
1995 4.78 4.51 4.37 4.06 3.89 | 4.91 4.65 4.50 4.18 4.01
2000 3.95 3.97 3.82 3.70 3.43 | 4.07 4.09 3.94 3.81 3.54
2005 3.17 2.95 2.72 2.21 2.07 | 3.27 3.05 2.81 2.29 2.14
2010 1.90 1.60 1.47 1.37 1.32 | 1.96 1.65 1.51 1.42 1.36
2015 1.31 1.28 1.23 1.19 1.16 | 1.36 1.32 1.28 1.23 1.20
2020 1.12 1.10 1.07 1.04 1.00 | 1.16 1.14 1.11 1.07 1.03
"""


@pytest.mark.parametrize("line", COEFFICIENTS.strip().splitlines())
def test_coefficients_of_indexation(line: str) -> None:
    first, *cells = line.replace("|", "").split()
    for place, cell in enumerate(cells):
        year, award = str(int(first) + place % 5), "2025" if place < 5 else "2026"
        on = date(int(award), 3, 1)
        found = number("indexation", on, scheme="employer_set_wage", award_year=award, year=year)
        assert found == Decimal(cell)
        if int(year) >= 2008:
            assert number("indexation", on, scheme="voluntary_income", award_year=award, year=year) == Decimal(cell)


@pytest.mark.parametrize(
    ("award", "year", "coefficient"),
    [
        ("2025", "1994", "5.63"),
        ("2026", "1994", "5.81"),
        ("2025", "2025", "1"),
        ("2026", "2025", "1"),
        ("2026", "2026", "1"),
    ],
)
def test_the_ends_of_the_indexation(award: str, year: str, coefficient: str) -> None:
    found = number("indexation", AUTUMN_2026, scheme="employer_set_wage", award_year=award, year=year)
    assert found == Decimal(coefficient)


@pytest.mark.parametrize(
    ("name", "dims", "expected"),
    [
        ("pension_base_years", {"sex": "female"}, "15"),
        ("pension_base_years", {"sex": "male"}, "20"),
        ("pension_base_rate", {}, "0.45"),
        ("pension_step", {}, "0.02"),
        ("pension_short_rate", {}, "0.40"),
        ("pension_short_step", {}, "0.01"),
        ("pension_most_rate", {}, "0.75"),
        ("pension_treaty_rate", {}, "0.0225"),
        ("pension_early_reduction", {}, "0.02"),
        ("pension_early_half_year_reduction", {}, "0.01"),
        ("retirement_grant_from_years", {"sex": "male"}, "35"),
        ("retirement_grant_from_years", {"sex": "female"}, "30"),
        ("retirement_grant_months", {}, "0.5"),
        ("retirement_grant_after_age_months", {}, "2"),
        ("pension_least_months", {}, "180"),
        ("missing_months_limit", {}, "6"),
        ("lump_sum_months", {"lump_period": "before_2014"}, "1.5"),
        ("lump_sum_months", {"lump_period": "from_2014"}, "2"),
        ("social_pension", {}, "500000"),
        ("social_pension_age", {"household": "ordinary"}, "75"),
        ("social_pension_age", {"household": "near_poor"}, "70"),
        ("local_social_pension", {"place": "01"}, "150000"),
        ("pension_adjustment", {}, "0.08"),
        ("pension_adjustment_low", {}, "3500000"),
        ("pension_adjustment_addition", {}, "300000"),
        ("pension_adjustment_lift", {}, "3800000"),
        ("funeral_grant_multiple", {}, "10"),
        ("voluntary_maternity_grant", {}, "2000000"),
        ("daily_charge_rate", {}, "0.0003"),
        ("registration_days", {}, "30"),
        ("unregistered_grace_days", {}, "60"),
        ("unpaid_grace_days", {}, "60"),
        ("urging_days", {}, "45"),
        ("urged_from_day", {}, "15"),
        ("urging_review_last_day", {}, "10"),
        ("urging_found_working_days", {}, "5"),
        ("urging_answer_before_day", {}, "25"),
        ("urging_list_before_day", {}, "15"),
        ("unpaid_days_limit", {}, "14"),
        ("cycle_months", {"payer": "employer", "pay_method": "half_yearly"}, "6"),
        ("due_months_after_cycle", {"payer": "employer"}, "1"),
        ("voluntary_due_month", {"voluntary_method": "six_monthly"}, "4"),
        ("voluntary_due_month", {"voluntary_method": "twelve_monthly"}, "7"),
        ("rate.health.total", {}, "0.045"),
        ("student_support", {}, "0.5"),
        ("ui_benefit_rate", {}, "0.6"),
        ("ui_benefit_ceiling_multiple", {}, "5"),
        ("sickness_days", {"work_conditions": "normal", "paid_years": "under_15"}, "30"),
        ("sickness_days", {"work_conditions": "hard_or_hazardous", "paid_years": "from_30"}, "70"),
        ("sickness_rate", {}, "0.75"),
    ],
)
def test_single_figures(name: str, dims: dict[str, str], expected: str) -> None:
    assert number(name, **dims) == Decimal(expected)


def test_the_ladder_of_a_household() -> None:
    assert [number("health_household_step", member=str(place)) for place in range(1, 6)] == [
        Decimal(step) for step in ("1", "0.7", "0.6", "0.5", "0.4")
    ]


def test_support_of_students_before_the_new_decree() -> None:
    assert number("student_support", date(2025, 6, 30)) == Decimal("0.3")


@pytest.mark.parametrize("group", GROUPS)
def test_who_has_the_lowest_pension(group: str) -> None:
    covered = book().value("pension_floor_group", AUTUMN_2026, group=group).choice
    assert covered == ("yes" if group in ("a", "b", "c", "d", "dd", "g", "i") else "no")


FINES = """
1     5  10   6  12   0.5  2.5   1   5
10   10  15  12  20   2.5  5     5  10
50   15  20  20  30   5   10    10  15
100  20  30  30  40  10   15    15  20
300  30  40  40  50  15   20    20  25
500  40  50  50  60  20   25    25  30
700  50  60  60  70  25   30    30  35
1000 60  75  70  75  30   35    35  40
"""


@pytest.mark.parametrize("line", FINES.strip().splitlines())
def test_bands_of_fines(line: str) -> None:
    workers, *cells = line.split()
    kinds = [(fund, conduct) for fund in ("si", "ui") for conduct in ("late", "evasion")]
    for place, (fund, conduct) in enumerate(kinds):
        for name, cell in zip(("fine_least", "fine_most"), cells[2 * place : 2 * place + 2], strict=True):
            dims = {"fine_decree": "decree_283_2026", "fund": fund, "conduct": conduct, "workers_from": workers}
            assert number(name, **dims) == Decimal(cell) * 1_000_000


def test_fines_by_money_and_of_organisations() -> None:
    shares = [
        (number("fine_share_least", **dims), number("fine_share_most", **dims))
        for conduct in ("late", "evasion")
        for dims in ({"fine_decree": "decree_283_2026", "fund": "ui", "conduct": conduct},)
    ]
    assert shares == [(Decimal("0.12"), Decimal("0.15")), (Decimal("0.18"), Decimal("0.20"))]
    assert number("fine_cap", fine_decree="decree_283_2026", fund="si") == 75_000_000
    assert number("fine_warning_below", fine_decree="decree_283_2026", fund="si") == 400_000
    assert number("fine_multiple", offender="organisation") == 2


@pytest.mark.parametrize(("tax_method", "day"), [("declaration", date(2025, 7, 1)), ("other", date(2029, 7, 1))])
def test_from_when_owners_are_compulsory(tax_method: str, day: date) -> None:
    assert book().value("business_household_start", AUTUMN_2026, tax_method=tax_method).day == day


# Switches


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("charge_last_day_counted", "no"),
        ("start_day_counted", "no"),
        ("charge_days_before_2025_07", "not_counted"),
        ("health_charge", "yes"),
        ("fund_order", "hi_ui_si"),
        ("health_without_pay", "follows_si"),
        ("foreign_accident_fund", "not_covered"),
        ("foreign_unemployment", "not_covered"),
        ("military_base", "declared"),
        ("former_presumptive_owners", "from_2026"),
        ("voluntary_floor_2027", "new_line"),
        ("support_months_before_2025_07", "counted"),
        ("decree_283_from", "2026-09-10"),
    ],
)
def test_open_points_have_a_default_and_words_for_each_option(name: str, default: str) -> None:
    assert book().switch(name) == default
    options = book().parameter(name).options
    assert len(options) > 1
    assert all(words.vi and words.en for words in options.values())


def test_an_open_point_may_be_decided_otherwise() -> None:
    other = book().with_switches(charge_last_day_counted="yes", fund_order="si_ui_hi")
    assert (other.switch("charge_last_day_counted"), other.switch("fund_order")) == ("yes", "si_ui_hi")
    assert other.value("fund_order", date(2026, 1, 1)).choice == "si_ui_hi"
    assert book().switch("fund_order") == "hi_ui_si"


def test_an_option_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownName) as told:
        book().with_switches(fund_order="hi_ui_is")
    assert "hi_ui_si" in told.value.say("en")


@pytest.mark.parametrize("name", ["reference_level", "pension_floor_group"])
def test_a_figure_and_a_choice_by_group_are_no_switches(name: str) -> None:
    with pytest.raises(UnknownName):
        book().switch(name)


# Asking


def test_a_misspelt_name_brings_the_nearest() -> None:
    with pytest.raises(UnknownName) as told:
        book().value("referense_level", AUTUMN_2026)
    assert "reference_level" in told.value.say("vi")


def test_a_dimension_that_is_missing_or_wrong_is_told() -> None:
    for dims in ({}, {"sex": "male"}, {"region": "I", "sex": "male"}):
        with pytest.raises(BaophuError, match="asked by: region"):
            book().value("regional_minimum_wage", AUTUMN_2026, **dims)
    with pytest.raises(UnknownName, match="V"):
        book().value("regional_minimum_wage", AUTUMN_2026, region="V")


def test_a_day_outside_the_reach_is_told_with_the_reach() -> None:
    with pytest.raises(BaophuError) as told:
        book().value("reference_level", date(2019, 6, 30))
    assert "1 Jul 2019" in told.value.say("en")
    with pytest.raises(BaophuError) as told:
        book().value("local_support", date(2028, 1, 1), place="22", support_group="poor")
    assert "1 Jan 2028" in told.value.say("en")


def test_a_parameter_without_a_value_says_so() -> None:
    with pytest.raises(BaophuError, match="No value is held"):
        book().value("monthly_fund_yield", AUTUMN_2026)


def test_a_value_is_read_as_what_it_is() -> None:
    rate = book().value("daily_charge_rate", AUTUMN_2026)
    assert (rate.value, rate.scale, rate.fraction) == (3, 4, Fraction(3, 10_000))
    with pytest.raises(BaophuError):
        _ = rate.amount
    with pytest.raises(BaophuError):
        _ = rate.choice
    with pytest.raises(BaophuError):
        _ = book().value("reference_level", AUTUMN_2026).day


def test_the_letter_of_a_group() -> None:
    assert [group_key(letter) for letter in ("a", "đ", "n", "foreign")] == ["a", "dd", "n", "foreign"]


def test_values_as_they_are_written() -> None:
    assert figure(book().value("daily_charge_rate", AUTUMN_2026), "vi") == "0,03\u00a0% mỗi ngày"
    assert figure(book().value("reference_level", AUTUMN_2026), "en") == "2,530,000\u00a0VND a month"
    assert figure(book().value("late_rules_from", AUTUMN_2026), "vi") == "01/07/2025"


EVERY = [(name, value.dims) for name in book().names() for value in book().parameter(name).values]


@given(st.sampled_from(EVERY), st.dates(date(1899, 1, 1), date(2060, 1, 1)))
def test_the_value_of_a_day_is_what_a_scan_of_all_values_finds(asked: tuple[str, dict[str, str]], on: date) -> None:
    name, dims = asked
    scanned = [value for value in book().parameter(name).values if value.dims == dims and value.holds(on)]
    assert len(scanned) <= 1
    assert book().find(name, on, **dims) == (scanned[0] if scanned else None)
    if scanned:
        assert book().value(name, on, **dims) is scanned[0]
    else:
        with pytest.raises(BaophuError):
            book().value(name, on, **dims)


# What if


def a_level(amount: int, valid_from: date, valid_to: date | None) -> Value:
    known = book().value("reference_level", AUTUMN_2026)
    return replace(known, value=amount, valid_from=valid_from, valid_to=valid_to, basis="what if")


def test_an_overlay_wins_in_its_time_only() -> None:
    other = book().overlay([a_level(3_000_000, date(2026, 9, 1), date(2026, 10, 1))])
    levels = [other.value("reference_level", date(2026, month, 1)).amount for month in (6, 8, 9, 10)]
    assert levels == [2_340_000, 2_530_000, 3_000_000, 2_530_000]
    assert book().value("reference_level", date(2026, 9, 1)).amount == 2_530_000


days = st.dates(date(2019, 1, 1), date(2028, 1, 1))


@given(st.lists(st.tuples(days, st.integers(1, 900)), max_size=4), days)
def test_of_several_overlays_the_last_wins(overlays: list[tuple[date, int]], on: date) -> None:
    values = [
        a_level(place, first, first + timedelta(days=length)) for place, (first, length) in enumerate(overlays, 1)
    ]
    wins = [value for value in values if value.holds(on)]
    expected = wins[-1].value if wins else None
    if expected is None:
        known = book().find("reference_level", on)
        expected = known.value if known else None
    found = book().overlay(values).find("reference_level", on)
    assert (found.value if found else None) == expected


def test_an_overlay_may_bring_another_place() -> None:
    known = book().value("local_support", AUTUMN_2026, place="01", support_group="poor")
    other = book().overlay([replace(known, dims={"place": "79", "support_group": "poor"})])
    assert other.value("local_support", AUTUMN_2026, place="79", support_group="poor").fraction == Fraction(1, 2)


def test_an_overlay_of_other_dimensions_is_refused() -> None:
    with pytest.raises(BaophuError, match="asked by"):
        book().overlay([replace(a_level(1, AUTUMN_2026, None), dims={"region": "I"})])


# What to look up


def test_a_month_after_the_last_check_warns() -> None:
    assert book().warnings(date(2026, 12, 31), ["reference_level"]) == ()
    (told,) = book().warnings(date(2027, 1, 15), ["reference_level", "registration_days"])
    assert told.name == "reference_level"
    assert {value.name for value in book().warnings(date(2027, 1, 1))} >= {"reference_level", "regional_minimum_wage"}


def test_what_is_stale() -> None:
    now = {value.name for value in book().stale(AUTUMN_2026)}
    assert "hi_ceiling_multiple" in now
    assert "reference_level" not in now
    assert "reference_level" in {value.name for value in book().stale(date(2027, 3, 1))}


def test_every_value_has_a_basis_a_source_and_a_day_of_writing() -> None:
    for name in book().names():
        parameter = book().parameter(name)
        assert parameter.title.vi and parameter.title.en
        for value in parameter.values:
            assert value.basis and value.source and value.recorded == date(2026, 11, 21)
            assert not (value.unit in (Unit.vnd, Unit.vnd_per_month) and value.scale)
