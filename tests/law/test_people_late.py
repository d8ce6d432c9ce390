"""Due dates, late payment and evasion, the charge a day, fines: boundaries by hand and slow references."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.law.parameters import book
from law.people_asking import ask

DAYS = st.dates(date(2025, 7, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("payer", "cycle", "start", "due", "late"),
    [
        ("employer", "monthly", "2026-01", "2026-02-28", "2026-03-01"),
        ("employer", "monthly", "2026-11", "2026-12-31", "2027-01-01"),
        ("employer", "monthly", "2028-01", "2028-02-29", "2028-03-01"),
        ("employer", "three_monthly", "2026-10", "2027-01-31", "2027-02-01"),
        ("self_paying_owner", "monthly", "2026-03", "2026-04-30", "2026-05-01"),
        ("self_paying_owner", "six_monthly", "2026-07", "2027-01-31", "2027-02-01"),
    ],
)
def test_money_is_due_by_the_end_of_the_month_after_the_cycle(
    payer: str, cycle: str, start: str, due: str, late: str
) -> None:
    assert ask("due_date", payer=payer, pay_cycle=cycle, cycle_start=start) == {"due": due, "first_late_day": late}


def classed(**more: Any) -> dict[str, Any]:
    return ask("late_class", **{"start_day_counted": False, **more})


@given(DAYS, st.integers(0, 200), st.booleans())
def test_a_worker_not_registered_is_late_for_sixty_days_and_then_evaded(liable: date, after: int, counts: bool) -> None:
    """Day by day: the limit is day 30, then sixty days are late, whichever day is day 1."""
    shift = -1 if counts else 0
    limit = liable + timedelta(days=30 + shift)
    last = limit + timedelta(days=60 + shift)
    as_of = liable + timedelta(days=after)
    found = classed(conduct="not_registered", liable_from=liable, as_of=as_of, start_day_counted=counts)
    assert found["register_by"] == limit.isoformat()
    assert found["late_until"] == last.isoformat()
    assert found["evasion_from"] == (last + timedelta(days=1)).isoformat()
    assert found["class"] == ("none" if as_of <= limit else "late" if as_of <= last else "evasion")


UNPAID = {"conduct": "registered_unpaid", "month": "2026-01"}  # due on 2026-02-28


@pytest.mark.parametrize(
    ("counts", "urged", "evasion"),
    [
        (False, "2026-03-10", "2026-04-30"),  # in time: the day after day 60
        (True, "2026-03-10", "2026-04-29"),
        (False, "2026-04-14", "2026-04-30"),  # day 45, the last in time
        (True, "2026-04-13", "2026-04-29"),
        (False, "2026-04-15", "2026-04-30"),  # day 46: its 15th day is 2026-04-30
        (False, "2026-04-16", "2026-05-01"),
        (True, "2026-04-14", "2026-04-29"),  # day 46: its 15th day is 2026-04-28, before day 60 is over
        (False, "2026-05-10", "2026-05-25"),
        (True, "2026-05-10", "2026-05-24"),
        (False, "2026-02-28", None),  # a demand on the due date is none
        (False, None, None),
    ],
)
def test_unpaid_money_is_evaded_after_sixty_days_and_a_demand(
    counts: bool, urged: str | None, evasion: str | None
) -> None:
    more = {"urged_on": urged} if urged else {}
    found = classed(**UNPAID, as_of="2026-12-31", start_day_counted=counts, **more)
    assert found["evasion_from"] == evasion
    assert found["class"] == ("evasion" if evasion else "late")
    if evasion:
        day_before = date.fromisoformat(evasion) - timedelta(days=1)
        assert classed(**UNPAID, as_of=day_before, start_day_counted=counts, **more)["class"] == "late"
        assert classed(**UNPAID, as_of=evasion, start_day_counted=counts, **more)["class"] == "evasion"


def test_a_demand_after_the_day_asked_does_not_count() -> None:
    found = classed(**UNPAID, urged_on="2026-05-10", as_of="2026-05-09")
    assert (found["class"], found["evasion_from"]) == ("late", None)


def test_nothing_is_late_on_the_due_date() -> None:
    assert classed(**UNPAID, as_of="2026-02-28")["class"] == "none"
    assert classed(**UNPAID, as_of="2026-03-01")["class"] == "late"
    low = {"conduct": "registered_base_too_low", "month": "2026-01"}
    assert classed(**low, as_of="2026-02-28")["class"] == "none"
    assert classed(**low, as_of="2026-03-01")["class"] == "evasion"


@pytest.mark.parametrize(
    "excuse", ["natural_disaster", "dangerous_epidemic", "state_of_emergency", "other_force_majeure"]
)
@pytest.mark.parametrize(
    "conduct",
    [
        {**UNPAID, "urged_on": "2026-03-10"},
        {"conduct": "registered_base_too_low", "month": "2026-01"},
        {"conduct": "not_registered", "liable_from": "2026-01-05"},
    ],
)
def test_an_excuse_makes_evasion_late_payment(excuse: str, conduct: dict[str, str]) -> None:
    assert classed(**conduct, as_of="2026-12-31")["class"] == "evasion"
    found = classed(**conduct, as_of="2026-12-31", excuse=excuse)
    assert (found["class"], found["evasion_from"], found["daily_rate"]) == ("late", None, "0.0003")


@pytest.mark.parametrize("fund", ["si", "ui"])
def test_both_funds_have_the_same_days(fund: str) -> None:
    found = classed(**UNPAID, fund=fund, urged_on="2026-03-10", as_of="2026-04-30")
    assert (found["class"], found["evasion_from"]) == ("evasion", "2026-04-30")


def test_old_debts_fall_under_the_new_rules_from_their_first_day() -> None:
    old = {"conduct": "registered_unpaid", "month": "2024-11", "urged_on": "2025-03-01"}
    before = classed(**old, as_of="2025-06-30")
    assert (before["regime"], before["class"], before["daily_rate"]) == ("law_2014", "late", None)
    after = classed(**old, as_of="2025-07-01")
    assert (after["regime"], after["class"], after["evasion_from"]) == ("law_2024", "evasion", "2025-07-01")


@given(st.integers(0, 10**13), st.integers(0, 5000))
def test_the_charge_is_three_in_ten_thousand_a_day_half_up(amount: int, days: int) -> None:
    found = ask("late_charge", form="amount_and_days", amount=amount, days=days)["charge"]
    assert abs(10_000 * found - 3 * amount * days) <= 5_000
    assert 10_000 * found - 3 * amount * days != -5_000


LOW = {"form": "base_too_low", "month": "2026-01", "registered_base": 6_000_000, "legal_base": 10_000_000}


@pytest.mark.parametrize(
    ("paid_on", "counted", "days"),
    [
        ("2026-03-01", False, 0),
        ("2026-03-01", True, 1),
        ("2026-03-31", False, 30),
        ("2026-03-31", True, 31),
        ("2026-02-01", True, 0),
    ],
)
def test_the_days_of_a_base_too_low_run_from_the_day_after_the_due_date(paid_on: str, counted: bool, days: int) -> None:
    found = ask("late_charge", **LOW, funds=["retirement"], paid_on=paid_on, last_day_counted=counted)
    assert (found["first_day"], found["days"], found["shortfall"]) == ("2026-03-01", days, 880_000)
    assert found["charge"] == 264 * days


def test_the_shortfall_adds_the_funds_asked_for() -> None:
    more = {"paid_on": "2026-03-31", "last_day_counted": True}
    funds = ["sick_maternity", "retirement", "accident", "unemployment"]
    assert ask("late_charge", **LOW, **more, funds=funds)["shortfall"] == 120_000 + 880_000 + 20_000 + 80_000
    owner = ask("late_charge", **LOW, **more, funds=funds, payer="self_paying_owner")
    assert owner["shortfall"] == 120_000 + 880_000


def test_days_before_the_new_law_count_only_by_the_switch() -> None:
    old = {**LOW, "month": "2025-01", "funds": ["retirement"], "paid_on": "2025-07-31", "last_day_counted": True}
    assert ask("late_charge", **old)["first_day"] == "2025-07-01"
    earlier = book().with_switches(charge_days_before_2025_07="counted")
    assert ask("late_charge", earlier, **old)["first_day"] == "2025-03-01"


BANDS = [1, 10, 50, 100, 300, 500, 700, 1000]
LIMITS = {  # in hundred thousand VND, Decree 283/2026 arts 43-46
    ("si", "late"): [50, 100, 150, 200, 300, 400, 500, 600, 750],
    ("ui", "late"): [5, 25, 50, 100, 150, 200, 250, 300, 350],
    ("ui", "evasion"): [10, 50, 100, 150, 200, 250, 300, 350, 400],
}
SI_EVASION = [(60, 120), (120, 200), (200, 300), (300, 400), (400, 500), (500, 600), (600, 700), (700, 750)]


@pytest.mark.parametrize("offender", ["individual", "organisation"])
@pytest.mark.parametrize("fund", ["si", "ui"])
@pytest.mark.parametrize(("days", "conduct"), [(1, "late"), (60, "late"), (61, "evasion"), (900, "evasion")])
def test_each_band_of_workers_has_its_fine(offender: str, fund: str, days: int, conduct: str) -> None:
    limits = LIMITS.get((fund, conduct))
    pairs = list(itertools.pairwise(limits)) if limits else SI_EVASION
    times = 2 if offender == "organisation" else 1
    for first, after, (least, most) in zip(BANDS, [*BANDS[1:], 5000], pairs, strict=True):
        for workers in (first, after - 1):
            found = ask(
                "fine",
                decree="decree_283_2026",
                act="not_registered",
                fund=fund,
                offender=offender,
                workers=workers,
                days_after_registration_limit=days,
            )
            assert (found["class"], found["sanction"], found["fine_cap"]) == (conduct, "fine", None)
            assert found["fine_min"] == least * 100_000 * times
            assert found["fine_max"] == most * 100_000 * times


@pytest.mark.parametrize(
    ("offender", "amount", "sanction", "least", "most", "cap"),
    [
        ("individual", 399_999, "warning", None, None, None),
        ("organisation", 399_999, "warning", None, None, None),
        ("individual", 400_000, "fine", 48_000, 60_000, 75_000_000),
        ("organisation", 400_000, "fine", 96_000, 120_000, 150_000_000),
        ("individual", 500_000_000, "fine", 60_000_000, 75_000_000, 75_000_000),
        ("individual", 600_000_000, "fine", 72_000_000, 75_000_000, 75_000_000),
        ("individual", 900_000_000, "fine", 75_000_000, 75_000_000, 75_000_000),
        ("organisation", 900_000_000, "fine", 150_000_000, 150_000_000, 150_000_000),
    ],
)
@pytest.mark.parametrize("fund", ["si", "ui"])
def test_late_money_is_fined_by_its_share_up_to_a_ceiling(
    offender: str, amount: int, sanction: str, least: int | None, most: int | None, cap: int | None, fund: str
) -> None:
    found = ask("fine", decree="decree_283_2026", act="late_payment", fund=fund, offender=offender, amount=amount)
    assert found == {"class": "late", "sanction": sanction, "fine_min": least, "fine_max": most, "fine_cap": cap}
