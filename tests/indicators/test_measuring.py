"""Denominators month by month, and the formulas of counted indicators."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from baophu.engine import Engine, run_step
from baophu.indicators import codes
from baophu.indicators.catalogue import catalogue
from baophu.indicators.measuring import SQL, denominators, formula_table, formulas


def statistics(*rows: tuple[str, float]) -> pa.Table:
    """Figures of the population of one province, by period."""
    told = [
        {"area_code": "01", "measure": "population", "period": period, "value": value, "source": "GSO"}
        for period, value in rows
    ]
    return pa.Table.from_pylist(told)


def by_month(engine: Engine, first: date, last: date, *rows: tuple[str, float]) -> dict[date, tuple[object, ...]]:
    found = denominators(engine, statistics(*rows), first, last).to_pylist()
    return {row["month"]: (row["value"], row["denominator_source"], row["estimated"]) for row in found}


def test_between_two_years_the_line_is_straight_and_said_to_be_an_estimate(engine: Engine) -> None:
    found = by_month(engine, date(2022, 1, 1), date(2026, 12, 1), ("2022", 1000.0), ("2025", 1360.0))
    assert found[date(2022, 12, 1)] == (1000, "GSO, 2022", False)
    # From the middle of 2022 to that of 2025 are 36 months of 10 people each; January 2024 lies 18.5 after the first.
    assert found[date(2024, 1, 1)] == (1185, "GSO, 2022; GSO, 2025", True)
    assert found[date(2025, 1, 1)] == (1360, "GSO, 2025", False)
    assert found[date(2026, 12, 1)] == (1360, "GSO, 2025", True)
    assert len(found) == 60


def test_a_quarter_goes_before_its_year(engine: Engine) -> None:
    found = by_month(engine, date(2025, 1, 1), date(2025, 12, 1), ("2025", 1000.0), ("2025-Q2", 1010.0))
    assert {month.month for month, told in found.items() if told[0] == 1010} == {4, 5, 6}
    assert not any(told[2] for told in found.values())


def test_a_figure_stands_for_three_years_and_no_longer(engine: Engine) -> None:
    found = by_month(engine, date(2025, 1, 1), date(2030, 12, 1), ("2025", 1000.0))
    assert max(found) == date(2028, 6, 1)


def test_the_two_labour_forces_are_never_mixed() -> None:
    for row in formulas():
        name = str(row["indicator"])
        if name.endswith("_working_age_lf"):
            assert row["statistic"] == "working_age_labour_force"
        elif name.endswith("_labour_force"):
            assert row["statistic"] == "labour_force_15plus"


def test_the_armed_forces_are_added_only_where_their_number_is_known() -> None:
    for row in formulas():
        record = catalogue()[str(row["indicator"])]
        assert (row["forces"] is not None) == (row["scope"] == "all" and len(record.scopes) > 1)


def test_revenue_is_summed_since_january_and_held_against_the_year_before(engine: Engine) -> None:
    first, last = date(2025, 1, 1), date(2026, 2, 1)
    paid = [(date(2025, 1, 9), 100), (date(2025, 2, 9), 50), (date(2026, 1, 20), 130), (date(2026, 2, 20), 80)]
    money = pa.schema([("month", pa.date32()), ("area_code", pa.string()), ("due", pa.int64()), ("paid", pa.int64())])
    given = {
        "payments": pa.Table.from_pylist([{"employer_id": "E1", "paid_on": on, "amount": sum_} for on, sum_ in paid]),
        "employers": pa.table({"employer_id": ["E1"], "commune_code": ["00004"]}),
        "placed": pa.table({"given_code": ["00004", "01"], "leaf_code": ["00004", "01-unknown"]}),
        "other_receipts": pa.Table.from_pylist([{"month": last, "area_code": "01", "due": 9, "paid": 7}], schema=money),
        "months": codes.months_table(first, last),
    }
    found = run_step(engine, SQL / "measures" / "receipts.sql", given, {"year_from": first, "month": last}).arrow()
    sums: dict[tuple[object, ...], int] = {}
    for row in found.to_pylist():
        key = (row["area_code"], row["month"], row["measure"])
        sums[key] = sums.get(key, 0) + row["amount"]
    assert sums["00004", last, "revenue"] == 210
    assert sums["00004", last, "revenue_before"] == 150
    assert sums["00004", last, "revenue_grown"] == 60
    assert sums["00004", date(2025, 12, 1), "revenue_year"] == 150
    assert sums["01-unknown", last, "revenue_grown"] == 7


def measured(found: pa.Table) -> dict[tuple[str, date, str], int]:
    """Measures as SQL gives them, summed by area, month and name; all are of where people are managed."""
    sums: dict[tuple[str, date, str], int] = {}
    for row in found.to_pylist():
        assert row["place"] == "managed"
        key = (row["area_code"], row["month"], row["measure"])
        sums[key] = sums.get(key, 0) + row["amount"]
    return sums


JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
# Two employers of one commune, and one whose commune is not known.
SUMS = [
    ("E1", JULY, 2, 12_000_001), ("E1", AUGUST, 1, 6_000_000), ("E2", AUGUST, 2, 30_000_000),
    ("E3", AUGUST, 0, 0), ("E9", AUGUST, 1, 5_310_000), ("E1", date(2024, 1, 1), 1, 1),
]  # fmt: skip


def bases(engine: Engine) -> pa.Table:
    names = ("employer_id", "month", "si_people", "si_base")
    given = {
        "sums": pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in SUMS]),
        "employers": pa.table({"employer_id": ["E1", "E2", "E3"], "commune_code": ["00004", "00004", "00008"]}),
        "placed": pa.table({"given_code": ["00004", "00008"], "leaf_code": ["00004", "00008"]}),
    }
    return run_step(engine, SQL / "measures" / "bases.sql", given, {"first": JULY, "month": AUGUST}).arrow()


def test_bases_and_the_people_who_have_one_are_summed_by_commune_and_month(engine: Engine) -> None:
    assert measured(bases(engine)) == {
        ("00004", JULY, "bases"): 12_000_001,
        ("00004", JULY, "with_base"): 2,
        ("00004", AUGUST, "bases"): 36_000_000,
        ("00004", AUGUST, "with_base"): 3,
        ("00008", AUGUST, "bases"): 0,
        ("00008", AUGUST, "with_base"): 0,
        ("unknown", AUGUST, "bases"): 5_310_000,
        ("unknown", AUGUST, "with_base"): 1,
    }


def test_an_average_base_is_rounded_to_the_dong_and_of_nobody_there_is_none(engine: Engine) -> None:
    above = pa.table({"leaf_code": ["00004", "00008", "00004", "00008"], "area_code": ["00004", "00008", "01", "01"]})
    months = codes.months_table(JULY, AUGUST)
    no_employers = pa.table(
        {
            "area_code": pa.array([], pa.string()), "month": pa.array([], pa.date32()),
            "units": pa.array([], pa.int64()), "here": pa.array([], pa.int64()),
        }
    )  # fmt: skip
    given = {
        "rolled": run_step(engine, SQL / "rolled.sql", {"measures": bases(engine), "above": above}).arrow(),
        "denominators": denominators(engine, statistics(("2026", 1.0)), JULY, AUGUST),
        "completeness": no_employers,
        "areas": pa.table({"area_code": ["01", "00004", "00008"]}),
        "formulas": formula_table(),
        "covered": pa.table({"measure": ["bases", "bases"], "month": months["month"]}),
    }
    found = run_step(engine, SQL / "indicators.sql", given).arrow().to_pylist()
    assert {row["indicator"] for row in found} == {"avg_monthly_contribution_base"}
    told = ("numerator", "denominator", "value", "reason", "place", "scope")
    values = {(row["area_code"], row["month"]): tuple(row[name] for name in told) for row in found}
    # 6,000,000.5 is half a dong more than a whole one.
    july = (12_000_001, 2, 6_000_001.0, None, "managed", "all")
    august = (36_000_000, 3, 12_000_000.0, None, "managed", "all")
    nothing = (0, None, None, "no_denominator", "managed", "all")
    assert values == {
        ("00004", JULY): july, ("01", JULY): july, ("00008", JULY): nothing,
        ("00004", AUGUST): august, ("01", AUGUST): august, ("00008", AUGUST): nothing,
    }  # fmt: skip


def test_what_was_collected_is_summed_since_january_by_the_commune_in_force(engine: Engine) -> None:
    first, last = date(2025, 12, 1), date(2026, 2, 1)
    rows = [
        ("00004", date(2025, 11, 1), 1_000), ("00004", first, 500), ("00004", date(2026, 1, 1), 70),
        ("00004", last, 8), ("00999", last, 3), ("unknown", last, 2),
    ]  # fmt: skip
    given = {
        "collected": pa.Table.from_pylist(
            [{"area_code": area, "month": month, "paid_si": money} for area, month, money in rows]
        ),
        "placed": pa.table({"given_code": ["00004"], "leaf_code": ["00004"]}),
        "months": codes.months_table(first, last),
    }
    found = run_step(engine, SQL / "measures" / "collected.sql", given).arrow()
    assert measured(found) == {
        ("00004", first, "collected_si"): 1_500,
        ("00004", date(2026, 1, 1), "collected_si"): 70,
        ("00004", last, "collected_si"): 78,
        ("unknown", last, "collected_si"): 5,
    }
