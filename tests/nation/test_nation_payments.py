"""How a generated country's employers pay: every way there is, the published late rate, letters in time."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import polars as pl
import pytest

from baophu.nation.payments import BEHAVIOURS, behaviours, plan
from baophu.nation.reference import all_dues_and_charges, due_date

MONTHS = [date(2024 + (10 + at) // 12, (10 + at) % 12 + 1, 1) for at in range(24)]
AS_OF = date(2026, 10, 31)
COUNT = 2_000


def country(seed: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return employers, dues, payments, notices."""
    rng = np.random.default_rng(seed)
    workers = np.minimum(rng.pareto(1.3, COUNT) * 3 + 1, 3_000).astype(np.int64)
    due = workers[:, None, None] * np.array([1_800_000, 320_000, 140_000]) + np.zeros((1, len(MONTHS), 1), np.int64)
    due[5, 3:] = 0
    ids = [f"TA{at:06d}X" for at in range(COUNT)]
    methods = rng.choice(["monthly", "quarterly", "half_yearly"], COUNT, p=[0.9, 0.06, 0.04]).tolist()
    payments, notices = plan(ids, methods, due, MONTHS, rng)
    dues = pl.DataFrame(
        {
            "employer_id": np.repeat(ids, len(MONTHS)),
            "month": MONTHS * COUNT,
            "participants": np.repeat(workers, len(MONTHS)),
            **{f"due_{fund}": due[:, :, at].ravel() for at, fund in enumerate(("si", "hi", "ui"))},
        }
    )
    return pl.DataFrame({"employer_id": ids, "pay_method": methods}), dues, payments, notices


EMPLOYERS, DUES, PAYMENTS, NOTICES = country(3)
ROWS = pl.concat(rows for rows, _ in all_dues_and_charges(EMPLOYERS, DUES, PAYMENTS, NOTICES, AS_OF))


def test_what_is_overdue_comes_near_the_published_late_rate() -> None:
    overdue = ROWS.filter(pl.col("due_date") < AS_OF)["outstanding"].sum()
    year = ROWS.filter(pl.col("month") >= date(2025, 11, 1))["due"].sum()
    assert overdue / year == pytest.approx(0.026, abs=0.006)


def test_payments_are_by_day_with_running_numbers_and_never_nothing_or_later() -> None:
    assert PAYMENTS["payment_id"].is_sorted() and PAYMENTS["payment_id"].is_unique().all()
    assert PAYMENTS["paid_on"].is_sorted()
    assert PAYMENTS["paid_on"].max() <= AS_OF  # type: ignore[operator]
    assert PAYMENTS["amount"].dtype == pl.Int64
    assert 0 not in PAYMENTS["amount"].to_list()


def test_every_way_of_paying_is_there() -> None:
    found = behaviours(np.arange(COUNT)[::-1], np.random.default_rng(1))
    assert set(found.tolist()) == set(range(len(BEHAVIOURS)))
    assert set(found[:20].tolist()) == {0}
    # refunds; payments months after and months before the due date; whole millions
    assert PAYMENTS.filter(pl.col("amount") < 0).height > 20
    cleared = ROWS.drop_nulls("cleared_on").with_columns(
        late=(pl.col("cleared_on") - pl.col("due_date")).dt.total_days()
    )
    assert cleared.filter(pl.col("late").is_between(25, 120)).height > 100
    assert cleared.filter(pl.col("late") < -60).height > 20
    assert PAYMENTS.filter(pl.col("amount") % 1_000_000 == 0).height > 500


def test_refunds_only_take_back_what_was_paid_too_much() -> None:
    sums = PAYMENTS.group_by("employer_id").agg(pl.col("amount").sum())
    assert sums["amount"].min() > 0  # type: ignore[operator]


def test_employers_of_a_quarter_pay_once_a_quarter() -> None:
    quarterly = EMPLOYERS.filter(pl.col("pay_method") == "quarterly")
    each = PAYMENTS.join(quarterly, on="employer_id", how="semi").group_by("employer_id").len()["len"]
    assert each.median() <= 8  # type: ignore[operator]


def test_letters_go_out_in_the_first_ten_days_and_to_those_with_unpaid_dues() -> None:
    methods = dict(EMPLOYERS.iter_rows())
    days: Counter[str] = Counter()
    paid: dict[str, list[tuple[date, int]]] = {}
    for employer_id, day, amount in PAYMENTS.select("employer_id", "paid_on", "amount").iter_rows():
        paid.setdefault(employer_id, []).append((day, amount))
    owed: dict[tuple[str, date], int] = {}
    for employer_id, rows in DUES.with_columns(due=pl.col("due_si") + pl.col("due_hi") + pl.col("due_ui")).group_by(
        "employer_id", maintain_order=True
    ):
        total = 0
        for month, due in rows.select("month", "due").iter_rows():
            total += due
            owed[str(employer_id[0]), month] = total
    for employer_id, month, sent in NOTICES.select("employer_id", "month", "sent_on").iter_rows():
        assert month <= sent <= AS_OF
        assert sent.day <= 10
        before = sum(amount for day, amount in paid.get(employer_id, []) if day < sent.replace(day=1))
        assert before < owed[employer_id, month]
        after = (sent - due_date(month, methods[employer_id])).days
        days["early" if after <= 0 else "in time" if after <= 45 else "late"] += 1
    assert min(days["early"], days["in time"], days["late"]) > 10
    unpaid = ROWS.filter((pl.col("outstanding") > 0) & (pl.col("due_date") < date(2026, 6, 1)))
    never = unpaid.join(NOTICES, on=["employer_id", "month"], how="anti").height
    assert 0 < never < unpaid.height


def test_the_same_seed_pays_the_same() -> None:
    _, _, payments, notices = country(3)
    assert payments.equals(PAYMENTS)
    assert notices.equals(NOTICES)


def test_a_country_of_one_employer_and_one_month_works() -> None:
    due = np.full((1, 1, 3), 1_000, np.int64)
    payments, notices = plan(["A"], ["monthly"], due, [date(2026, 10, 1)], np.random.default_rng(1))
    assert payments.columns == ["payment_id", "employer_id", "paid_on", "amount"]
    assert notices.schema == {"notice_id": pl.String, "employer_id": pl.String, "month": pl.Date, "sent_on": pl.Date}
