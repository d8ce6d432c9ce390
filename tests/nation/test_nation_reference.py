"""The slow reference, held to employers and workers worked out by hand on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.nation.reference import (
    ChargeRow,
    DueRow,
    all_dues_and_charges,
    due_date,
    dues_and_charges,
    evasion_from,
    parts_of,
    worker_parts,
)

MARCH, NOVEMBER = date(2026, 3, 1), date(2025, 11, 1)
AS_OF = date(2026, 10, 31)


# A worker's month


@pytest.mark.parametrize(
    ("group", "wage", "unpaid_days", "parts"),
    [
        # 10,000,000: 300,000 + 800,000 + 1,400,000 + 50,000; 150,000 + 300,000; 100,000 + 100,000
        ("a", 10_000_000, 0, (2_550_000, 450_000, 200_000)),
        ("a", 10_000_000, 13, (2_550_000, 450_000, 200_000)),
        ("a", 10_000_000, 14, (0, 0, 0)),
        # k has no accident insurance and no unemployment insurance; lifted to 2,340,000
        ("k", 1_000_000, 0, (585_000, 105_300, 0)),
        # part-time, 14 days away: social and health insurance stay due, unemployment insurance does not
        ("l", 3_000_000, 14, (765_000, 135_000, 0)),
        ("l", 2_339_999, 0, (0, 0, 0)),
        ("l", 2_340_000, 0, (596_700, 105_300, 46_800)),
        # conscripts: 22 % and 0.5 %; spouses abroad: 22 %; owners of households: 3 % and 22 %, whatever the days
        ("đ", 2_340_000, 20, (526_500, 0, 0)),
        ("h", 5_000_000, 20, (1_100_000, 0, 0)),
        ("m", 5_000_000, 20, (1_250_000, 0, 0)),
        ("foreign", 10_000_000, 0, (2_500_000, 450_000, 0)),
    ],
)
def test_a_workers_month_by_group(group: str, wage: int, unpaid_days: int, parts: tuple[int, int, int]) -> None:
    assert worker_parts(group, MARCH, "I", wage, unpaid_days, True) == parts


def test_the_ceilings_are_of_the_month_and_the_region() -> None:
    # 20 x 2,340,000 = 46,800,000 and 20 x 3,700,000 = 74,000,000
    assert worker_parts("a", MARCH, "IV", 90_000_000, 0, True) == (11_934_000, 2_106_000, 1_480_000)
    # 20 x 2,530,000 = 50,600,000 and 20 x 5,310,000 = 106,200,000
    assert worker_parts("a", date(2026, 7, 1), "I", 200_000_000, 0, True) == (12_903_000, 2_277_000, 2_124_000)
    # 20 x 1,800,000 = 36,000,000 and 20 x 4,680,000 = 93,600,000
    assert worker_parts("a", date(2024, 6, 1), "I", 200_000_000, 0, True) == (9_180_000, 1_620_000, 1_872_000)


def test_of_public_employees_some_are_in_unemployment_insurance() -> None:
    assert worker_parts("b", MARCH, "I", 10_000_000, 0, True)[2] == 200_000
    assert worker_parts("b", MARCH, "I", 10_000_000, 0, False)[2] == 0


def test_each_part_is_rounded_for_itself_half_up() -> None:
    # 5,000,050: 150,001.5 + 400,004 + 700,007 + 25,000.25; 75,000.75 + 150,001.5; 50,000.5 + 50,000.5
    assert worker_parts("a", MARCH, "I", 5_000_050, 0, True) == (1_275_013, 225_003, 100_002)
    # at 0.3 %: 15,000.15
    assert worker_parts("a", MARCH, "I", 5_000_050, 0, True, reduced_accident=True)[0] == 1_265_013


def test_an_unknown_group_is_an_error() -> None:
    with pytest.raises(KeyError):
        worker_parts("z", MARCH, "I", 5_000_000, 0, True)


def test_parts_of_a_frame_are_those_of_its_rows() -> None:
    rows = [("a", MARCH, "I", 10_000_000, 0, True), ("k", MARCH, "IV", 1_000_000, 0, False)] * 2
    frame = pl.DataFrame(
        rows, schema=["group_code", "month", "region", "wage", "unpaid_days", "ui_member"], orient="row"
    )
    found = parts_of(frame).select("due_si", "due_hi", "due_ui").rows()
    assert found == [(2_550_000, 450_000, 200_000), (585_000, 105_300, 0)] * 2


# Due dates


@pytest.mark.parametrize(
    ("month", "method", "last_day"),
    [
        (date(2026, 1, 1), "monthly", date(2026, 2, 28)),
        (date(2025, 12, 1), "monthly", date(2026, 1, 31)),
        (date(2026, 1, 1), "quarterly", date(2026, 4, 30)),
        (date(2025, 11, 1), "quarterly", date(2026, 1, 31)),
        (date(2026, 2, 1), "half_yearly", date(2026, 7, 31)),
        (date(2025, 8, 1), "half_yearly", date(2026, 1, 31)),
    ],
)
def test_due_is_the_last_day_of_the_month_after_the_cycle(month: date, method: str, last_day: date) -> None:
    assert due_date(month, method) == last_day


# Employers


def settle(
    dues: list[tuple[date, int, int, int, int]],
    payments: list[tuple[date, str, int]],
    notices: list[tuple[date, date]] = [],  # noqa: B006 (never changed)
    method: str = "monthly",
    as_of: date = AS_OF,
) -> tuple[list[DueRow], list[ChargeRow]]:
    return dues_and_charges("TA0001X", method, dues, payments, notices, as_of)


def told(charges: list[ChargeRow]) -> list[tuple[Any, ...]]:
    return [(c.fund, c.clause, c.kind, c.amount, c.first_day, c.days, c.charge) for c in charges]


ONE = [(MARCH, 3, 6_000_000, 1_000_000, 500_000)]  # due 2026-04-30


def test_money_in_advance_waits_and_clears_the_due_before_its_date() -> None:
    (row,), charges = settle(ONE, [(date(2026, 1, 5), "1", 8_000_000)])
    assert (row.due, row.paid, row.outstanding, row.cleared_on) == (7_500_000, 7_500_000, 0, date(2026, 1, 5))
    assert charges == []


def test_part_of_the_money_goes_to_health_then_unemployment_then_social_insurance() -> None:
    (row,), charges = settle(ONE, [(date(2026, 4, 30), "1", 1_600_000)], as_of=date(2026, 5, 10))
    assert (row.paid_hi, row.paid_ui, row.paid_si) == (1_000_000, 500_000, 100_000)
    assert (row.outstanding, row.cleared_on) == (5_900_000, None)
    # 5,900,000 x 0.03 % x 10 days, the 1st to the 10th of May, which is counted
    assert told(charges) == [("si", "38(1)", "late", 5_900_000, date(2026, 5, 1), 10, 17_700)]


def test_the_day_of_payment_is_not_counted() -> None:
    _, charges = settle(ONE, [(date(2026, 5, 1), "1", 7_500_000)])
    assert charges == []
    _, charges = settle(ONE, [(date(2026, 5, 2), "1", 7_500_000)])
    assert [(c.fund, c.clause, c.days, c.charge) for c in charges] == [
        ("si", "38(1)", 1, 1_800),
        ("hi", "HI", 1, 300),
        ("ui", "38(1)", 1, 150),
    ]


def test_two_payments_of_one_day_are_one_piece() -> None:
    _, charges = settle(
        ONE, [(date(2026, 5, 11), "1", 3_000_000), (date(2026, 5, 11), "2", 4_500_000)], as_of=date(2026, 6, 1)
    )
    assert [(c.fund, c.amount, c.days) for c in charges] == [
        ("si", 6_000_000, 10),
        ("hi", 1_000_000, 10),
        ("ui", 500_000, 10),
    ]


def test_a_refund_takes_the_latest_money_back() -> None:
    # 9,000,000 in April is 1,500,000 too much; 2,000,000 goes back in June: 500,000 of it was never paid for good
    payments = [(date(2026, 4, 10), "1", 9_000_000), (date(2026, 6, 1), "2", -2_000_000)]
    (row,), charges = settle(ONE, payments, as_of=date(2026, 6, 9))
    assert (row.paid, row.outstanding) == (7_000_000, 500_000)
    assert told(charges) == [("si", "38(1)", "late", 500_000, date(2026, 5, 1), 40, 6_000)]
    # paid again on the 11th: from then it is settled
    (row,), charges = settle(ONE, [*payments, (date(2026, 6, 11), "3", 500_000)])
    assert (row.outstanding, row.cleared_on) == (0, date(2026, 6, 11))
    assert told(charges) == [("si", "38(1)", "late", 500_000, date(2026, 5, 1), 41, 6_150)]


def test_more_given_back_than_ever_came_leaves_nothing_paid() -> None:
    (row,), _ = settle(ONE, [(date(2026, 4, 10), "1", 1_000_000), (date(2026, 4, 11), "2", -3_000_000)])
    assert (row.paid, row.paid_hi, row.outstanding) == (0, 0, 7_500_000)


def test_what_comes_and_goes_on_one_day_counts_by_its_balance() -> None:
    payments = [
        (date(2026, 4, 10), "1", 7_500_000),
        (date(2026, 5, 20), "2", -1_000_000),
        (date(2026, 5, 20), "3", 1_000_000),
    ]
    (row,), charges = settle(ONE, payments)
    assert (row.outstanding, row.cleared_on, charges) == (0, date(2026, 4, 10), [])


def test_months_of_a_quarter_fall_due_together_oldest_first() -> None:
    dues = [(date(2026, month, 1), 1, 100, 0, 0) for month in (2, 1, 3)]
    rows, charges = settle(dues, [(date(2026, 4, 30), "1", 250)], method="quarterly", as_of=date(2026, 4, 30))
    assert [(r.month.month, r.due_date, r.outstanding) for r in rows] == [
        (1, date(2026, 4, 30), 0),
        (2, date(2026, 4, 30), 0),
        (3, date(2026, 4, 30), 50),
    ]
    assert charges == []


def test_a_month_without_dues_is_cleared_on_nothing() -> None:
    rows, _ = settle([(MARCH, 2, 0, 0, 0)], [(date(2026, 4, 1), "1", 50)])
    assert (rows[0].participants, rows[0].due, rows[0].outstanding, rows[0].cleared_on) == (2, 0, 0, None)


def test_money_and_months_after_the_day_do_not_count() -> None:
    rows, charges = settle([*ONE, (date(2026, 7, 1), 1, 5, 5, 5)], [(date(2026, 7, 1), "1", 9)], as_of=date(2026, 6, 1))
    assert [(row.month, row.paid) for row in rows] == [(MARCH, 0)]
    assert all(charge.paid_on is None for charge in charges)


def test_a_letter_within_45_days_turns_what_is_unpaid_after_60_days_into_evasion() -> None:
    # due 2026-04-30; the letter of 2026-06-14 is on the 45th day; evasion from 2026-06-30 on
    assert evasion_from(date(2026, 4, 30), [date(2026, 6, 14)], AS_OF) == date(2026, 6, 30)
    rows, charges = settle(ONE, [(date(2026, 7, 10), "1", 7_500_000)], [(MARCH, date(2026, 6, 14))])
    assert rows[0].cleared_on == date(2026, 7, 10)
    assert told(charges) == [
        ("si", "38(1)", "late", 6_000_000, date(2026, 5, 1), 60, 108_000),
        ("si", "39(1)(đ)", "evasion", 6_000_000, date(2026, 6, 30), 10, 18_000),
        ("hi", "HI", "late", 1_000_000, date(2026, 5, 1), 70, 21_000),
        ("ui", "38(1)", "late", 500_000, date(2026, 5, 1), 60, 9_000),
        ("ui", "39(1)(e)", "evasion", 500_000, date(2026, 6, 30), 10, 1_500),
    ]


def test_what_is_paid_on_the_day_before_evasion_or_on_it_is_late_only() -> None:
    for day, days in ((date(2026, 6, 29), 59), (date(2026, 6, 30), 60)):
        _, charges = settle(ONE, [(day, "1", 7_500_000)], [(MARCH, date(2026, 5, 5))])
        assert {(charge.kind, charge.days) for charge in charges} == {("late", days)}


def test_a_later_letter_begins_evasion_on_its_fifteenth_day() -> None:
    # the 46th day: 15 days on is 2026-06-30, just the day after the 60 days; a letter of August moves it
    assert evasion_from(date(2026, 4, 30), [date(2026, 6, 15)], AS_OF) == date(2026, 6, 30)
    assert evasion_from(date(2026, 4, 30), [date(2026, 8, 6)], AS_OF) == date(2026, 8, 21)
    _, charges = settle(ONE, [], [(MARCH, date(2026, 8, 6))], as_of=date(2026, 8, 25))
    assert [(c.fund, c.kind, c.days) for c in charges] == [
        ("si", "late", 112),
        ("si", "evasion", 5),
        ("hi", "late", 117),
        ("ui", "late", 112),
        ("ui", "evasion", 5),
    ]


def test_a_letter_too_early_for_another_month_or_after_the_day_urges_nothing() -> None:
    due = date(2026, 4, 30)
    assert evasion_from(due, [due], AS_OF) is None
    assert evasion_from(due, [date(2026, 11, 2)], AS_OF) is None
    assert evasion_from(due, [due, date(2026, 8, 6), date(2026, 7, 6)], AS_OF) == date(2026, 7, 21)
    _, charges = settle(ONE, [], [(date(2026, 2, 1), date(2026, 5, 5))])
    assert {charge.kind for charge in charges} == {"late"}


def test_days_before_the_law_do_not_count() -> None:
    # due 2025-01-31, paid 2025-07-11: from 1 July, 10 days; evasion had long begun
    dues = [(date(2024, 12, 1), 1, 10_000_000, 0, 0)]
    _, charges = settle(dues, [(date(2025, 7, 11), "1", 10_000_000)])
    assert told(charges) == [("si", "38(1)", "late", 10_000_000, date(2025, 7, 1), 10, 30_000)]
    _, charges = settle(dues, [(date(2025, 7, 11), "1", 10_000_000)], [(date(2024, 12, 1), date(2025, 2, 5))])
    assert told(charges) == [("si", "39(1)(đ)", "evasion", 10_000_000, date(2025, 7, 1), 10, 30_000)]
    _, charges = settle(dues, [(date(2025, 6, 30), "1", 10_000_000)])
    assert charges == []


def test_the_charge_is_rounded_half_up() -> None:
    # 5,000 x 3 x 1 / 10,000 = 1.5
    _, charges = settle([(MARCH, 1, 5_000, 0, 0)], [], as_of=date(2026, 5, 1))
    assert charges[0].charge == 2


MONEY = st.integers(0, 50)


@given(
    dues=st.lists(st.tuples(MONEY, MONEY, MONEY), min_size=1, max_size=6),
    payments=st.lists(st.tuples(st.integers(0, 300), st.integers(-60, 200)), max_size=8),
)
def test_day_by_day_the_charges_are_those_of_the_money_that_was_still_unpaid(
    dues: list[tuple[int, int, int]], payments: list[tuple[int, int]]
) -> None:
    first, as_of = date(2026, 1, 1), date(2026, 10, 31)
    owed = [(date(2026, 1 + at, 1), 1, *funds) for at, funds in enumerate(dues)]
    paid = [(date.fromordinal(first.toordinal() + day), f"{at}", money) for at, (day, money) in enumerate(payments)]
    rows, charges = settle(owed, paid)
    # Of all money, what was never taken back, at the end of each day; dues before it in the queue have it first.
    days = sorted({day for day, _, _ in paid})
    sums = [sum(money for on, _, money in paid if on <= day) for day in days]
    unpaid_days = 0
    for ordinal in range(first.toordinal(), as_of.toordinal() + 1):
        day = date.fromordinal(ordinal)
        done = sum(on <= day for on in days)
        good = max(min(sums[done - 1 :]), 0) if done else 0
        for row in rows:
            if row.due_date < day:
                unpaid_days += row.due - min(good, row.due)
            good -= min(good, row.due)
    assert sum(charge.amount * charge.days for charge in charges) == unpaid_days
    good = max(sums[-1], 0) if sums else 0
    assert sum(row.paid for row in rows) == min(good, sum(row.due for row in rows))


def test_many_employers_come_in_chunks_by_their_ids() -> None:
    employers = pl.DataFrame({"employer_id": ["B", "A", "C"], "pay_method": ["monthly", "quarterly", "monthly"]})
    dues = pl.DataFrame(
        {
            "employer_id": ["A", "B"],
            "month": [MARCH, MARCH],
            "participants": [1, 2],
            "due_si": [100_000, 200_000],
            "due_hi": [0, 0],
            "due_ui": [0, 0],
        }
    )
    payments = pl.DataFrame(
        {"payment_id": ["1"], "employer_id": ["B"], "paid_on": [date(2026, 5, 11)], "amount": [200_000]}
    )
    notices = pl.DataFrame(
        schema={"notice_id": pl.String, "employer_id": pl.String, "month": pl.Date, "sent_on": pl.Date}
    )
    found = list(all_dues_and_charges(employers, dues, payments, notices, date(2026, 5, 20), chunk=2))
    assert len(found) == 2
    rows = pl.concat(dues for dues, _ in found)
    assert rows.select("employer_id", "outstanding", "cleared_on").rows() == [
        ("A", 100_000, None),
        ("B", 0, date(2026, 5, 11)),
    ]
    charges = pl.concat(charges for _, charges in found)
    assert charges.select("employer_id", "class", "days", "charge", "paid_on").rows() == [
        ("A", "late", 20, 600, None),
        ("B", "late", 10, 600, date(2026, 5, 11)),
    ]
