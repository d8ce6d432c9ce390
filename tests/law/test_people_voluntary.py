"""Voluntary insurance and health insurance: support, its limit, all methods, prepayment, money back."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.core.errors import BaophuError
from baophu.law.parameters import book
from law.people_asking import ask

SIZES = {"monthly": 1, "three_monthly": 3, "six_monthly": 6, "twelve_monthly": 12}
NEW = {"poor": 50, "island_or_special_zone": 50, "near_poor": 40, "ethnic_minority": 30, "other": 20}
OLD = {"poor": 30, "island_or_special_zone": 10, "near_poor": 25, "ethnic_minority": 10, "other": 10}

MONTHS = {  # month: line, reference level, percent of support
    "2020-05": (700_000, 1_490_000, OLD),
    "2022-01": (1_500_000, 1_490_000, OLD),
    "2025-06": (1_500_000, 2_340_000, OLD),
    "2025-07": (1_500_000, 2_340_000, NEW),
    "2026-12": (1_500_000, 2_530_000, NEW),
    "2027-01": (2_200_000, 2_530_000, NEW),
}


@given(
    st.sampled_from(list(MONTHS)),
    st.integers(0, 60_000_000),
    st.sets(st.sampled_from(list(NEW)), min_size=1),
    st.sampled_from(list(SIZES)),
    st.integers(0, 120),
    st.integers(0, 90),
)
def test_each_payment_against_one_month_at_a_time(
    month: str, income: int, groups: set[str], method: str, before: int, local: int
) -> None:
    """Month by month: pay 22 %, and be supported as long as months are left."""
    line, level, percents = MONTHS[month]
    counted = min(max(income, line), 20 * level)
    percent = max(percents[group] for group in groups)
    gross = state = local_sum = 0
    left = 120 - before
    supported = 0
    for _ in range(SIZES[method]):
        gross += (22 * counted + 50) // 100
        local_sum += (22 * line * local + 5_000) // 10_000
        if left > 0:
            left, supported = left - 1, supported + 1
            state += (22 * line * percent + 5_000) // 10_000
    local_sum = min(local_sum, gross - state)
    found = ask(
        "voluntary_net",
        month=month,
        income=income,
        support_groups=sorted(groups),
        method=method,
        months_supported_before=before,
        local_rate=f"0.{local:02d}",
    )
    assert Fraction(found["support_rate"]) == Fraction(percent, 100)
    assert (found["gross"], found["state_support"], found["local_support"]) == (gross, state, local_sum)
    assert (found["supported_months"], found["net"]) == (supported, gross - state - local_sum)


@pytest.mark.parametrize(("month", "support"), [("2017-12", 0), ("2018-01", 46_200), ("2025-06", 99_000)])
def test_the_state_supports_since_2018(month: str, support: int) -> None:
    found = ask("voluntary_net", month=month, income=3_000_000, support_groups=["poor"])
    assert (found["gross"], found["state_support"]) == (660_000, support)


def test_the_floor_of_2027_is_a_switch() -> None:
    month: dict[str, Any] = {"month": "2027-01", "income": 1_500_000, "support_groups": ["other"]}
    assert ask("voluntary_net", **month)["gross"] == 484_000
    old = book().with_switches(voluntary_floor_2027="old_line")
    assert ask("voluntary_net", old, **month)["gross"] == 330_000


@pytest.mark.parametrize(
    ("method", "due"),
    [
        ("monthly", "2026-01-31"),
        ("three_monthly", "2026-03-31"),
        ("six_monthly", "2026-04-30"),
        ("twelve_monthly", "2026-07-31"),
    ],
)
def test_a_voluntary_payment_is_due_early_in_its_cycle(method: str, due: str) -> None:
    assert ask("voluntary_due_date", method=method, cycle_start="2026-01") == {"due": due}


YIELDS = st.sampled_from(["0", "0.0031", "0.01", "0.0000001"])


def half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


@given(st.integers(1, 50_600_000), st.integers(2, 5), YIELDS)
def test_years_ahead_are_discounted_month_by_month(income: int, years: int, fund_yield: str) -> None:
    exact = Fraction(0)
    for month in range(12 * years):
        exact += Fraction(22 * income, 100) / (1 + Fraction(fund_yield)) ** month
    found = ask(
        "voluntary_prepay",
        kind="years_ahead",
        income=income,
        years=years,
        override={"monthly_fund_yield": fund_yield},
    )
    assert found == {"gross": half_up(exact), "undiscounted": half_up(Fraction(22 * income * 12 * years, 100))}


@given(st.integers(1, 50_600_000), st.integers(1, 60), YIELDS)
def test_missing_months_bear_the_yield_month_by_month(income: int, months: int, fund_yield: str) -> None:
    exact = Fraction(0)
    for month in range(1, months + 1):
        exact += Fraction(22 * income, 100) * (1 + Fraction(fund_yield)) ** month
    found = ask(
        "voluntary_prepay",
        kind="missing_months",
        income=income,
        months=months,
        override={"monthly_fund_yield": fund_yield},
    )
    assert found["gross"] == half_up(exact)


@pytest.mark.parametrize(
    ("group", "left", "refund"),
    [("other", 0, 0), ("other", 5, 1_320_000), ("poor", 5, 825_000), ("near_poor", 12, 2_376_000)],
)
def test_only_the_own_money_comes_back(group: str, left: int, refund: int) -> None:
    found = ask(
        "voluntary_refund",
        month="2026-01",
        method="twelve_monthly",
        income=1_500_000,
        support_groups=[group],
        months_left=left,
    )
    assert found == {"refund": refund}


def test_more_months_than_the_payment_had_cannot_be_left() -> None:
    with pytest.raises(BaophuError, match="4 cannot be left"):
        ask(
            "voluntary_refund",
            month="2026-01",
            method="three_monthly",
            income=1_500_000,
            support_groups=["other"],
            months_left=4,
        )


@pytest.mark.parametrize(
    ("month", "members", "amounts"),
    [
        ("2026-06", 1, [105_300]),
        ("2026-06", 7, [105_300, 73_710, 63_180, 52_650, 42_120, 42_120, 42_120]),
        ("2026-07", 5, [113_850, 79_695, 68_310, 56_925, 45_540]),
    ],
)
def test_a_household_pays_less_for_each_further_member(month: str, members: int, amounts: list[int]) -> None:
    found = ask("health_household", month=month, members=members)
    assert found == {"monthly_by_member": amounts, "first_member_year": 12 * amounts[0]}


@pytest.mark.parametrize(
    ("month", "months", "total", "student"),
    [("2025-06", 12, 1_263_600, 884_520), ("2025-07", 12, 1_263_600, 631_800), ("2026-07", 3, 341_550, 170_775)],
)
def test_the_state_pays_for_students(month: str, months: int, total: int, student: int) -> None:
    found = ask("health_student", month=month, months=months)
    assert found == {"total": total, "student_pays": student, "state_pays": total - student}
