"""Payments to dues: worked cases, and random employers against plain Python."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.dues import settling
from baophu.engine import DuckDB, Spark
from baophu.law.parameters import book
from baophu.nation import reference
from dues.ledgers import Employer, settled, tables


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="500MiB", threads=1) as one:
        yield one


JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def test_money_settles_the_oldest_due_first(engine: DuckDB, tmp_path: Path) -> None:
    one = Employer("A1", [(JAN, 2, 600, 300, 100), (FEB, 2, 600, 300, 100)], [(date(2026, 2, 20), "p1", 1500)])
    first, second = settled(engine, [one], tmp_path, date(2026, 3, 31))["dues"]
    assert (first["paid"], first["outstanding"], first["cleared_on"]) == (1000, 0, date(2026, 2, 20))
    assert (second["paid"], second["outstanding"], second["cleared_on"]) == (500, 500, None)
    # inside a month: health, then unemployment, then social insurance
    assert (second["paid_hi"], second["paid_ui"], second["paid_si"]) == (300, 100, 100)


def test_the_order_of_funds_is_a_switch(engine: DuckDB, tmp_path: Path) -> None:
    one = Employer("A1", [(JAN, 2, 600, 300, 100)], [(date(2026, 2, 20), "p1", 650)])
    law = book().with_switches(fund_order="si_hi_ui")
    (due,) = settled(engine, [one], tmp_path, date(2026, 3, 31), law=law)["dues"]
    assert (due["paid_si"], due["paid_hi"], due["paid_ui"]) == (600, 50, 0)


def test_a_refund_takes_back_the_latest_money(engine: DuckDB, tmp_path: Path) -> None:
    one = Employer(
        "A1",
        [(JAN, 1, 1000, 0, 0), (FEB, 1, 1000, 0, 0)],
        [(date(2026, 2, 1), "p1", 2500), (date(2026, 4, 1), "p2", 300), (date(2026, 5, 1), "p3", -800)],
    )
    first, second = settled(engine, [one], tmp_path, date(2026, 5, 31))["dues"]
    assert (first["cleared_on"], second["cleared_on"]) == (date(2026, 2, 1), date(2026, 2, 1))
    first, second = settled(engine, [one], tmp_path / "b", date(2026, 4, 30))["dues"]
    assert second["outstanding"] == 0


def test_what_was_collected_is_told_by_fund_area_and_month_of_payment(engine: DuckDB, tmp_path: Path) -> None:
    paid = [(date(2026, 2, 20), "p1", 350), (date(2026, 2, 25), "p2", 100), (date(2026, 3, 5), "p3", 1000)]
    # The last 450 of the first are not asked for yet, and so of no fund.
    several = [
        Employer("A1", [(JAN, 2, 600, 300, 100)], paid),
        Employer("A2", [(JAN, 1, 60, 30, 10)], [(date(2026, 3, 31), "q", 100)]),
        Employer("A3", [(JAN, 1, 6, 3, 1)], [(date(2026, 3, 1), "r", 10)], area="00008"),
    ]
    rows = settled(engine, several, tmp_path, date(2026, 3, 31), rows_at_once=1)["collected"]
    # Health comes first, then unemployment, then social insurance.
    assert [tuple(row.values()) for row in rows] == [
        ("00004", FEB, 50, 300, 100),
        ("00004", MAR, 610, 30, 10),
        ("00008", MAR, 6, 3, 1),
    ]


def test_what_was_known_on_a_day_is_not_touched_by_later_money(engine: DuckDB, tmp_path: Path) -> None:
    one = Employer("A1", [(JAN, 1, 1000, 0, 0)], [(date(2026, 4, 1), "p1", 1000)])
    (due,) = settled(engine, [one], tmp_path, date(2026, 3, 31))["dues"]
    assert due["outstanding"] == 1000
    (charge,) = settled(engine, [one], tmp_path / "b", date(2026, 3, 31))["charges"]
    assert (charge["first_day"], charge["days"], charge["amount"], charge["charge"]) == (MAR, 31, 1000, 9)


def test_a_letter_within_45_days_turns_late_payment_into_evasion_after_60(engine: DuckDB, tmp_path: Path) -> None:
    one = Employer("A1", [(JAN, 1, 1_000_000, 450_000, 200_000)], notices=[(JAN, date(2026, 3, 10))])
    rows = settled(engine, [one], tmp_path, date(2026, 5, 31))
    assert [(row["fund"], row["clause"], row["first_day"], row["days"]) for row in rows["charges"]] == [
        ("hi", "HI", MAR, 92),
        ("si", "38(1)", MAR, 60),
        ("si", "39(1)(đ)", date(2026, 4, 30), 32),
        ("ui", "38(1)", MAR, 60),
        ("ui", "39(1)(e)", date(2026, 4, 30), 32),
    ]
    assert [row["charge"] for row in rows["charges"]] == [12420, 18000, 9600, 3600, 1920]
    (step,) = rows["steps"]
    assert (step["step"], step["evasion_from"]) == ("list", date(2026, 4, 30))


@pytest.mark.parametrize(
    ("as_of", "sent", "step", "on"),
    [
        (date(2026, 3, 6), None, "demand", date(2026, 3, 10)),
        (date(2026, 3, 20), None, "demand", date(2026, 4, 10)),
        (date(2026, 3, 20), date(2026, 3, 10), "evasion_begins", date(2026, 4, 30)),
        (date(2026, 5, 20), date(2026, 5, 10), "evasion_begins", date(2026, 5, 25)),
        (date(2026, 5, 28), date(2026, 5, 10), "list", date(2026, 7, 14)),
    ],
)
def test_the_next_step_and_its_day(
    engine: DuckDB, tmp_path: Path, as_of: date, sent: date | None, step: str, on: date
) -> None:
    one = Employer("A1", [(JAN, 1, 1000, 0, 0)], notices=[(JAN, sent)] if sent else [])
    (row,) = settled(engine, [one], tmp_path, as_of)["steps"]
    assert (row["step"], row["step_on"], row["demand_by"]) == (step, on, date(2026, 4, 14))


def test_a_month_that_owes_nothing_stays_a_row(engine: DuckDB, tmp_path: Path) -> None:
    one = Employer("A1", [(JAN, 3, 0, 0, 0), (FEB, 1, 1000, 0, 0)], [(date(2026, 2, 5), "p1", 1000)])
    first, second = settled(engine, [one], tmp_path, date(2026, 5, 1))["dues"]
    assert (first["participants"], first["due"], first["cleared_on"]) == (3, 0, None)
    assert second["cleared_on"] == date(2026, 2, 5)


def test_the_laws_open_points_are_switches(engine: DuckDB, tmp_path: Path) -> None:
    old = date(2025, 3, 1)
    one = Employer("A1", [(old, 1, 1_000_000, 100_000, 0)], [(date(2025, 7, 11), "p1", 1_100_000)])

    def days(**switches: str) -> list[tuple[str, date, int]]:
        law = book().with_switches(**switches)
        rows = settled(engine, [one], tmp_path / str(len(list(tmp_path.iterdir()))), date(2026, 1, 1), law=law)
        return [(row["fund"], row["first_day"], row["days"]) for row in rows["charges"]]

    july = date(2025, 7, 1)
    assert days() == [("hi", july, 10), ("si", july, 10)]
    assert days(charge_last_day_counted="yes") == [("hi", july, 11), ("si", july, 11)]
    assert days(health_charge="no") == [("si", july, 10)]
    may = date(2025, 5, 1)
    assert days(charge_days_before_2025_07="counted") == [("hi", may, 71), ("si", may, 71)]


def collected(several: list[Employer], as_of: date) -> list[tuple[object, ...]]:
    """What `collected` says, slowly: all funds' parts lie on one line of money, and each day's money covers a piece."""
    found: dict[tuple[str, date], list[int]] = {}
    for one in several:
        line, at = [], 0
        for due in sorted(due for due in one.dues if due[0] <= as_of):
            for fund in ("hi", "ui", "si"):
                part = dict(zip(("si", "hi", "ui"), due[2:], strict=True))[fund]
                line.append((fund, at, at + part))
                at += part
        days = sorted({day for day, _, _ in one.payments if day <= as_of})
        there = [sum(money for on, _, money in one.payments if on <= day) for day in days]
        before = 0
        for number, day in enumerate(days):
            kept = max(0, min(there[number:]))
            for fund, begins, ends in line:
                if (money := min(ends, kept) - max(begins, before)) > 0:
                    sums = found.setdefault((one.area, day.replace(day=1)), [0, 0, 0])
                    sums[("si", "hi", "ui").index(fund)] += money
            before = kept
    return [(*key, *sums) for key, sums in sorted(found.items())]


MONTHS = [date(2024 + month // 12, month % 12 + 1, 1) for month in range(9, 34)]
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
AS_OF = st.dates(date(2025, 7, 1), date(2026, 12, 31))
AMOUNT = st.sampled_from([0, 1, 7, 333, 1_000, 5_000_000]) | st.integers(0, 3_000)


@st.composite
def employers(draw: st.DrawFn) -> Employer:
    months = sorted(draw(st.sets(st.sampled_from(MONTHS), min_size=1, max_size=7)))
    dues = [(month, draw(st.integers(1, 9)), draw(AMOUNT), draw(AMOUNT), draw(AMOUNT)) for month in months]
    money = AMOUNT | st.sampled_from([sum(due[2:]) for due in dues]) | st.integers(-2_000, -1)
    # Few days, so that money comes and goes on one day, on due dates and on the days around them.
    days = st.sampled_from([draw(DAYS), draw(DAYS), date(2026, 1, 31), date(2026, 2, 1)])
    payments = [(draw(days), f"p{n}", draw(money)) for n in range(draw(st.integers(0, 7)))]
    notices = [(draw(st.sampled_from(months)), draw(DAYS)) for _ in range(draw(st.integers(0, 4)))]
    method = draw(st.sampled_from(["monthly", "quarterly", "half_yearly"]))
    return Employer("", dues, payments, notices, method)


@settings(max_examples=120, deadline=None)
@given(st.lists(employers(), min_size=1, max_size=6), AS_OF, st.sampled_from([1, 7, 1_000_000]))
def test_any_history_equals_plain_python(several: list[Employer], as_of: date, rows_at_once: int) -> None:
    for number, one in enumerate(several):
        one.id, one.area = f"E{number}", ("00004", "00008")[number % 2]
        one.payments = [(day, f"{one.id}{name}", amount) for day, name, amount in one.payments]
    several = [one for one in several if any(due[0] <= as_of for due in one.dues)]
    if not several:
        return
    expected: dict[str, list[tuple[object, ...]]] = {"dues": [], "charges": []}
    for one in several:
        dues, charges = reference.dues_and_charges(one.id, one.pay_method, one.dues, one.payments, one.notices, as_of)
        expected["dues"] += dues
        expected["charges"] += charges
    with DuckDB(memory="300MiB", threads=1) as engine, tempfile.TemporaryDirectory() as folder:
        got = settled(engine, several, Path(folder), as_of, rows_at_once=rows_at_once)
    for name, kind in (("dues", reference.DueRow), ("charges", reference.ChargeRow)):
        fields = ["class" if field == "kind" else field for field in kind._fields]
        rows = [tuple(row[field] for field in fields) for row in got[name]]
        assert sorted(rows, key=str) == sorted(map(tuple, expected[name]), key=str)
    rows = [tuple(row.values()) for row in got["collected"]]
    assert [row for row in rows if any(row[2:])] == collected(several, as_of)
    for at, fund in enumerate(settling.FUNDS, 2):
        assert sum(row[at] for row in rows) == sum(row[f"paid_{fund}"] for row in got["dues"])


def test_a_range_ends_where_a_group_of_rows_does(tmp_path: Path) -> None:
    codes = [f"A{number}" for number in range(10)]
    path = tmp_path / "sums.parquet"
    parquet.write_table(pa.table({"employer_id": codes}), path, row_group_size=4)
    lines = pa.table({"employer_id": codes})
    ends = settling._group_ends([path])
    assert [one["employer_id"].to_pylist() for one in settling._ranges(lines, 2, ends)] == [
        codes[:4],
        codes[4:8],
        codes[8:],
    ]
    assert [len(one) for one in settling._ranges(lines, 5, ends)] == [2, 2, 2, 2, 2]


def test_payments_of_many_files_are_put_in_order_a_few_at_a_time(
    engine: DuckDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "PAYMENTS_AT_ONCE", 2)
    days = [date(2026, 2, 20), date(2026, 3, 1), date(2026, 3, 5)]
    several = [
        Employer("A1", [(JAN, 1, 300, 0, 0)], [(day, f"p{day.day}", 100) for day in days]),
        Employer("A2", [(JAN, 1, 100, 0, 0)], [(days[0], "q", 100)]),
    ]
    whole = tables(several, tmp_path, date(2026, 3, 31))
    files = [tmp_path / f"payments-{number}.parquet" for number in range(4)]
    for number, path in enumerate(files):
        parquet.write_table(whole["payments"].slice(number, 1), path)
    made = settling.settle(engine, **{**whole, "payments": files}, as_of=date(2026, 3, 31), out=tmp_path / "out")
    rows = [row for path in made.dues for row in parquet.read_table(path).to_pylist()]
    assert sorted((row["employer_id"], row["paid"], row["cleared_on"]) for row in rows) == [
        ("A1", 300, days[2]),
        ("A2", 100, days[0]),
    ]


@pytest.mark.spark
def test_spark_gives_the_same_rows(duck: DuckDB, spark: Spark, tmp_path: Path) -> None:
    several = [
        Employer("A1", [(JAN, 2, 600, 300, 100), (FEB, 2, 601, 0, 99)], [(date(2026, 4, 20), "p1", 1500)]),
        Employer("A2", [(JAN, 1, 1_000_000, 450_000, 200_000)], [], [(JAN, date(2026, 3, 10))], "quarterly"),
        Employer("A3", [(JAN, 3, 5_000_001, 333, 7)], [(date(2026, 5, 1), "p2", 9), (date(2026, 5, 2), "p3", -4)]),
        Employer("A4", [(JAN, 3, 0, 0, 0)], [], [(JAN, date(2026, 4, 30))], "half_yearly"),
    ]
    as_of = date(2026, 9, 30)
    expected = settled(duck, several, tmp_path / "duck", as_of)
    assert all(expected.values())
    assert settled(spark, several, tmp_path / "spark", as_of, rows_at_once=3) == expected


def test_dues_stand_on_the_last_day_of_the_month_after_their_cycle() -> None:
    from baophu.dues.settling import due_date

    law = book()
    for month in MONTHS:
        for method in ("monthly", "quarterly", "half_yearly"):
            assert due_date(law, month, method) == reference.due_date(month, method)
    assert due_date(law, date(2026, 2, 1), "quarterly") == date(2026, 4, 30)
    assert due_date(law, date(2026, 12, 1), "monthly") - timedelta(days=30) == date(2027, 1, 1)
