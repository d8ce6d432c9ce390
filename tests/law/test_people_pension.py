"""Ages, rates, grants, averages, withdrawal, allowances: the annex row by row, boundaries, slow references."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.people_asking import ask

ANNEX = Path(__file__).parents[3] / "shared" / "law" / "retirement_annex1.csv"


def half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def years(months: int) -> Fraction:
    """Count half years by hand: 1-6 odd months are one of them, 7-11 two."""
    halves = [0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]
    return Fraction(2 * (months // 12) + halves[months % 12], 2)


@pytest.mark.skipif(not ANNEX.exists(), reason="the table of Annex I is not here")
def test_the_retirement_age_is_that_of_annex_one_in_every_row() -> None:
    with ANNEX.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 100
    for row in rows:
        found = ask(
            "retirement_age",
            sex={"M": "male", "F": "female"}[row["sex"]],
            birth_month=f"{row['birth_year']}-{int(row['birth_month']):02d}",
        )
        assert 12 * found["age_years"] + found["age_months"] == int(row["retirement_age_months"]), row
        assert found["pension_start"] == f"{row['pension_start_year']}-{int(row['pension_start_month']):02d}", row


@pytest.mark.parametrize(
    ("sex", "birth", "age", "start"),
    [
        ("male", "1960-12", (60, 0), "2021-01"),
        ("male", "1961-01", (60, 3), "2021-05"),
        ("male", "1966-03", (61, 9), "2028-01"),
        ("male", "1966-04", (62, 0), "2028-05"),
        ("male", "2000-06", (62, 0), "2062-07"),
        ("female", "1965-12", (55, 0), "2021-01"),
        ("female", "1975-04", (59, 8), "2035-01"),
        ("female", "1975-05", (60, 0), "2035-06"),
        ("female", "1990-12", (60, 0), "2051-01"),
    ],
)
def test_the_age_rises_until_62_and_60(sex: str, birth: str, age: tuple[int, int], start: str) -> None:
    found = ask("retirement_age", sex=sex, birth_month=birth)
    assert (found["age_years"], found["age_months"], found["pension_start"]) == (*age, start)


@given(st.sampled_from(["male", "female"]), st.integers(1955, 1995), st.integers(1, 12))
def test_the_lowest_age_is_reached_by_those_born_five_years_later(sex: str, year: int, month: int) -> None:
    """Annex II: the same steps as Annex I in the same calendar years, five years younger."""
    normal = ask("retirement_age", sex=sex, birth_month=f"{year}-{month:02d}")
    lowest = ask("retirement_age", sex=sex, birth_month=f"{year + 5}-{month:02d}", age_case="lowest_by_5_years")
    assert lowest["pension_start"] == normal["pension_start"]
    assert (lowest["age_years"] + 5, lowest["age_months"]) == (normal["age_years"], normal["age_months"])


@given(st.integers(1, 700))
def test_odd_months_are_half_a_year_or_a_year(months: int) -> None:
    assert Fraction(ask("counted_years", contribution_months=months)["years_counted"]) == years(months)


RATES = {  # years: percent of women, of men
    15: (45, 40),
    16: (47, 41),
    17: (49, 42),
    18: (51, 43),
    19: (53, 44),
    20: (55, 45),
    21: (57, 47),
    25: (65, 55),
    30: (75, 65),
    34: (75, 73),
    35: (75, 75),
    45: (75, 75),
}


@pytest.mark.parametrize("paid", RATES)
def test_the_rates_of_full_years(paid: int) -> None:
    for sex, percent in zip(("female", "male"), RATES[paid], strict=True):
        found = ask("pension_rate", sex=sex, contribution_months=12 * paid)
        assert Fraction(found["rate"]) == Fraction(percent, 100), (sex, paid)


@given(st.sampled_from(["male", "female"]), st.integers(180, 600), st.integers(0, 130), st.integers(0, 10**8))
def test_the_pension_adds_half_year_by_half_year(sex: str, months: int, early: int, average: int) -> None:
    """In half points: each half year is worth 1 (women and men from 20 years) or half of it (men below)."""
    quarters = 180 if sex == "female" else 160
    for half in range(31, int(2 * years(months)) + 1):
        quarters += 2 if sex == "male" and half <= 40 else 4
    percent = min(Fraction(quarters, 4), Fraction(75))
    reduction = Fraction(2 * (early // 12) + (1 if early % 12 >= 6 else 0))
    rate = max(percent - reduction, Fraction(0)) / 100
    found = ask("pension_amount", sex=sex, contribution_months=months, average_base=average, months_early=early)
    assert Fraction(found["rate"]) == rate
    assert found["monthly"] == half_up(rate * average)
    reduced = ask("pension_rate", sex=sex, contribution_months=months, months_early=early)["early_reduction"]
    assert Fraction(reduced) == reduction / 100


FLOOR = {
    "group": "a",
    "first_joined": "2025-06",
    "compulsory_months": 240,
    "computed_pension": 1_000_000,
    "month": "2026-08",
}


@pytest.mark.parametrize(
    ("more", "monthly"),
    [
        ({}, 2_530_000),
        ({"month": "2026-06"}, 2_340_000),
        ({"computed_pension": 2_530_001}, 2_530_001),
        ({"first_joined": "2025-07"}, 1_000_000),
        ({"compulsory_months": 239}, 1_000_000),
        *(({"group": group}, 2_530_000) for group in ("b", "c", "d", "dd", "g", "i")),
        *(({"group": group}, 1_000_000) for group in ("e", "h", "k", "l", "m", "n", "foreign")),
    ],
)
def test_the_floor_covers_old_members_of_some_groups(more: dict[str, Any], monthly: int) -> None:
    assert ask("pension_floor", **{**FLOOR, **more}) == {"monthly": monthly}


@pytest.mark.parametrize(
    ("sex", "months", "after", "extra", "grant"),
    [
        ("male", 420, 0, "0", 0),
        ("male", 421, 0, "0.5", 2_500_000),
        ("male", 456, 0, "3", 15_000_000),
        ("male", 456, 36, "3", 60_000_000),
        ("male", 456, 24, "3", 45_000_000),
        ("male", 456, 120, "3", 60_000_000),
        ("female", 360, 60, "0", 0),
        ("female", 396, 12, "3", 30_000_000),
        ("female", 378, 8, "1.5", 22_500_000),
    ],
)
def test_the_grant_is_higher_for_years_after_the_retirement_age(
    sex: str, months: int, after: int, extra: str, grant: int
) -> None:
    found = ask(
        "retirement_grant",
        sex=sex,
        contribution_months=months,
        months_after_retirement_age=after,
        average_base=10_000_000,
    )
    assert (found["extra_years"], found["grant"]) == (extra, grant)


def test_incomes_are_raised_by_the_coefficients_of_the_award() -> None:
    periods = [{"year": 1990, "months": 12, "income": 100_000}, {"year": 2024, "months": 6, "income": 5_000_000}]
    found = ask("indexation", scheme="employer_set_wage", award_year=2026, periods=periods)
    assert found["row_totals"] == [6_972_000, 30_900_000]
    assert (found["total"], found["months"], found["average"]) == (37_872_000, 18, "2104000.00")
    earlier = ask("indexation", scheme="employer_set_wage", award_year=2025, periods=periods)
    assert earlier["row_totals"] == [6_756_000, 30_000_000]


def test_the_average_of_both_schemes() -> None:
    found = ask(
        "mixed_average",
        compulsory_average=8_000_000,
        compulsory_months=120,
        indexed_voluntary_total=180_000_000,
        voluntary_months=60,
    )
    assert found == {"average": "6333333.33"}


@given(st.sampled_from(["male", "female"]), st.integers(180, 500), st.integers(1, 10**8))
def test_the_income_for_a_pension_brings_that_pension(sex: str, months: int, wanted: int) -> None:
    found = ask("target_income", sex=sex, contribution_months=months, target_pension=wanted)
    rate = Fraction(ask("pension_rate", sex=sex, contribution_months=months)["rate"])
    assert found["income"] == half_up(wanted / rate)
    assert found["contribution"] == half_up(Fraction(22, 100) * wanted / rate)


@pytest.mark.parametrize(
    ("before", "after", "amount"),
    [
        (0, 0, 0),
        (0, 8, 17_600_000),
        (0, 9, 19_800_000),
        (0, 10, 20_000_000),
        (5, 6, 20_000_000),
        (0, 12, 20_000_000),
        (6, 6, 20_000_000),
        (12, 0, 15_000_000),
        (18, 0, 22_500_000),
        (18, 6, 35_000_000),
        (50, 0, 67_500_000),
        (50, 5, 80_000_000),
        (48, 120, 260_000_000),
        (0, 31, 60_000_000),
        (0, 30, 50_000_000),
    ],
)
def test_the_withdrawal_moves_odd_months_before_2014_to_the_time_after(before: int, after: int, amount: int) -> None:
    found = ask("lump_sum", months_before_2014=before, months_from_2014=after, average_base=10_000_000)
    assert found == {"amount": amount}


@pytest.mark.parametrize(
    ("average", "until", "months", "top_up", "monthly"),
    [
        (3_000_000, 160, 120, 20_000_000, 500_000),
        (3_000_000, 120, 120, 0, 500_000),
        (3_000_000, 100, 120, 0, 600_000),
        (3_000_001, 121, 121, 0, 500_000),
        (3_000_000, 7, 120, 0, 8_571_429),
    ],
)
def test_the_bridge_allowance_lasts_as_long_as_the_money(
    average: int, until: int, months: int, top_up: int, monthly: int
) -> None:
    found = ask(
        "bridge_allowance",
        date="2026-03-01",
        contribution_months=120,
        average_base=average,
        months_to_social_pension_age=until,
    )
    assert found == {"formula_months": months, "top_up": top_up, "monthly": monthly}


@pytest.mark.parametrize(
    ("more", "monthly"),
    [
        ({"age": 75}, 500_000),
        ({"age": 74}, 0),
        ({"age": 70, "household": "poor"}, 500_000),
        ({"age": 69, "household": "poor"}, 0),
        ({"age": 70, "household": "near_poor"}, 500_000),
        ({"age": 80, "has_pension_or_allowance": True}, 0),
        ({"age": 76, "local_supplement": 150_000}, 650_000),
        ({"age": 60, "local_supplement": 150_000}, 0),
        ({"age": 90, "date": "2025-06-30"}, 0),
    ],
)
def test_the_social_pension_asks_for_the_age(more: dict[str, Any], monthly: int) -> None:
    found = ask("social_pension", **{"date": "2026-01-01", **more})
    assert found == {"eligible": monthly > 0, "monthly": monthly}


@pytest.mark.parametrize(
    ("on", "before", "old", "percentage", "after"),
    [
        ("2026-07-01", 5_000_000, False, 5_400_000, 5_400_000),
        ("2026-07-01", 3_000_000, False, 3_240_000, 3_240_000),
        ("2026-07-01", 3_000_000, True, 3_240_000, 3_540_000),
        ("2026-07-01", 3_240_740, True, 3_499_999, 3_799_999),
        ("2026-07-01", 3_240_741, True, 3_500_000, 3_800_000),
        ("2026-07-01", 3_400_000, True, 3_672_000, 3_800_000),
        ("2026-07-01", 3_518_519, True, 3_800_001, 3_800_001),
        ("2026-07-01", 9_000_000, True, 9_720_000, 9_720_000),
        ("2024-07-01", 4_000_000, False, 4_600_000, 4_600_000),
        ("2024-07-01", 2_000_000, True, 2_300_000, 2_600_000),
        ("2024-07-01", 2_900_000, True, 3_335_000, 3_500_000),
        ("2024-07-01", 4_000_000, True, 4_600_000, 4_600_000),
        ("2025-07-01", 4_000_000, True, 4_000_000, 4_000_000),
    ],
)
def test_pensions_rise_on_the_days_of_an_adjustment(
    on: str, before: int, old: bool, percentage: int, after: int
) -> None:
    found = ask("pension_adjustment", adjusted_on=on, monthly_before=before, awarded_before_1995=old)
    assert found == {"after_percentage": percentage, "monthly_after": after}


@pytest.mark.parametrize(
    ("paid", "months"),
    [(11, 0), (12, 3), (36, 3), (47, 3), (48, 4), (72, 6), (143, 11), (144, 12), (400, 12)],
)
def test_months_of_unemployment_benefit(paid: int, months: int) -> None:
    found = ask("ui_benefit", contract_end="2026-03", ui_months=paid, average_6_months=15_000_000, region="I")
    assert (found["eligible"], found["months"], found["total"]) == (months > 0, months, 9_000_000 * months)


@pytest.mark.parametrize(
    ("month", "region", "average", "monthly", "capped"),
    [
        ("2026-03", "I", 44_250_000, 26_550_000, False),
        ("2026-03", "I", 44_250_001, 26_550_000, True),
        ("2026-03", "IV", 40_000_000, 18_500_000, True),
        ("2025-12", "I", 50_000_000, 24_800_000, True),
    ],
)
def test_unemployment_benefit_is_capped(month: str, region: str, average: int, monthly: int, capped: bool) -> None:
    found = ask("ui_benefit", contract_end=month, ui_months=24, average_6_months=average, region=region)
    assert (found["monthly"], found["capped"]) == (monthly, capped)


@pytest.mark.parametrize(
    ("conditions", "paid", "most"),
    [
        ("normal", 179, 30),
        ("normal", 180, 40),
        ("normal", 359, 40),
        ("normal", 360, 60),
        ("hard_or_hazardous", 0, 40),
        ("hard_or_hazardous", 180, 50),
        ("hard_or_hazardous", 360, 70),
    ],
)
def test_days_of_sickness_benefit(conditions: str, paid: int, most: int) -> None:
    asked = {"last_month_base": 12_000_000, "contribution_months": paid, "work_conditions": conditions}
    assert ask("sickness_benefit", days=most, **asked)["days_paid"] == most
    beyond = ask("sickness_benefit", days=most + 1, **asked)
    assert beyond == {"days_paid": most, "amount": 375_000 * most}


def test_shares_are_rounded_half_up_to_four_decimals() -> None:
    assert ask("late_rate", late_amount=1, amount_due=20_000) == {"rate": "0.0001"}
    assert ask("late_rate", late_amount=1, amount_due=20_001) == {"rate": "0.0000"}
    more = {"indicator": "si_total", "denominator_kind": "working_age_labour_force"}
    assert ask("coverage_indicator", **more, participants=451, denominator=1_000) == {"rate": "0.4510"}
