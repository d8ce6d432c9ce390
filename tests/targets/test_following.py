"""Counted progress: worked cases, and random targets and values against the slow and plain `progress()`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.core.months import last_day
from baophu.core.numbers import as_float, rounded
from baophu.engine import DuckDB, Spark
from baophu.indicators.catalogue import indicator
from baophu.targets.decisions import Phase, Target, governing
from baophu.targets.forecast.chances import Quantiles
from baophu.targets.progress import COLUMNS, COUNTED_REASONS, REASONS, Progress, progress
from engines import spark
from targets.following_cases import Values, book, decision, followed, target

__all__ = ["spark"]

OCTOBER, DECEMBER = date(2026, 10, 1), date(2025, 12, 1)
NEW_YEAR, YEAR_END = date(2025, 12, 31), date(2026, 12, 31)
OTHERS = "without_armed_forces"


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="500MiB", threads=1) as one:
        yield one


PLAN = decision("plan", date(2026, 1, 5))


def compulsory(*values: tuple[str, date, int]) -> Values:
    return {(area, "si_compulsory", OTHERS, month): Fraction(value) for area, month, value in values}


def test_a_value_is_held_against_base_and_target(engine: DuckDB) -> None:
    values = compulsory(("01", DECEMBER, 1000), ("01", date(2025, 10, 1), 960), ("01", OCTOBER, 1080))
    line = target(PLAN, area_code="01", period_end=YEAR_END, base_date=NEW_YEAR, value=1200)
    (row,) = followed(engine, values, [line], OCTOBER, completeness=0.9).values()
    assert tuple(row) == COLUMNS
    assert (row["target"], row["base"], row["actual"]) == (1200, 1000, 1080)
    assert (row["achieved"], row["development"], row["yoy"], row["gap"]) == (0.9, 0.4, 0.125, 120)
    assert (row["met"], row["completeness"], row["value_date"]) == (False, 0.9, date(2026, 10, 31))
    assert (row["rank"], row["reason"]) == (1, "no_forecast")


def test_different_scopes_are_never_divided(engine: DuckDB) -> None:
    values = compulsory(("01", OCTOBER, 1080))
    line = target(PLAN, area_code="01", period_end=YEAR_END, base_date=NEW_YEAR, value=1200, scope="all")
    (row,) = followed(engine, values, [line], OCTOBER).values()
    assert (row["actual"], row["achieved"], row["met"], row["rank"]) == (None, None, None, None)
    assert row["reason"] == "scope_differs;no_base;forecast_scope_differs"
    # With the armed forces there can only be more.
    assert row["achieved_at_least"] == 0.9


def test_the_larger_scope_says_nothing_of_the_least(engine: DuckDB) -> None:
    values = {("01", "si_compulsory", "all", OCTOBER): Fraction(1080)}
    line = target(PLAN, area_code="01", period_end=YEAR_END, base_date=NEW_YEAR, value=1200)
    (row,) = followed(engine, values, [line], OCTOBER).values()
    assert (row["actual"], row["achieved_at_least"]) == (None, None)


def test_a_month_under_way_holds_for_the_day_of_the_run(engine: DuckDB) -> None:
    values = compulsory(("01", OCTOBER, 1080))
    line = target(PLAN, area_code="01", period_end=YEAR_END, base_date=NEW_YEAR, value=1200)
    (row,) = followed(engine, values, [line], OCTOBER, as_of=date(2026, 10, 15)).values()
    assert (row["as_of"], row["value_date"], row["actual"]) == (date(2026, 10, 15), date(2026, 10, 15), 1080)


def test_the_chance_to_meet_a_target_is_that_of_its_forecast(engine: DuckDB) -> None:
    values = compulsory(("01", OCTOBER, 1080))
    line = target(PLAN, area_code="01", period_end=YEAR_END, base_date=NEW_YEAR, value=1200)
    said = {("01", "compulsory", date(2026, 12, 1)): Quantiles(1050, 1100, 1200)}
    (row,) = followed(engine, values, [line], OCTOBER, forecasts=said).values()
    assert (row["forecast_p10"], row["forecast_p50"], row["forecast_p90"]) == (1050, 1100, 1200)
    assert row["probability"] == 0.1
    assert row["reason"] == "no_base;no_value_a_year_before;no_completeness"


def test_what_the_country_reaches_has_no_rank(engine: DuckDB) -> None:
    values = compulsory(("00", OCTOBER, 1080))
    line = target(PLAN, period_end=YEAR_END, base_date=NEW_YEAR, value=1200)
    (row,) = followed(engine, values, [line], OCTOBER, completeness=1.0).values()
    assert row["rank"] is None
    assert "no_peers" in row["reason"].split(";")


MONTHS = [date(year, month, 1) for year in (2024, 2025, 2026) for month in range(1, 13)]
KINDS = {
    "si_compulsory": ("all", OTHERS),
    "si_voluntary": ("all",),
    "ui_coverage_working_age_lf": ("all",),
    "late_payment_rate": ("all",),
}
DAYS = st.one_of(st.sampled_from(MONTHS).map(last_day), st.dates(date(2024, 1, 1), date(2026, 12, 31)))


@st.composite
def amounts(draw: st.DrawFn, name: str) -> Fraction:
    if indicator(name).unit == "share":
        return Fraction(draw(st.integers(0, 10**14)), draw(st.integers(1, 10**15)))
    return Fraction(draw(st.integers(0, 10**8)))


@st.composite
def values_of(draw: st.DrawFn) -> Values:
    keys = draw(
        st.sets(
            st.tuples(st.sampled_from(["00", "01"]), st.sampled_from(sorted(KINDS)), st.sampled_from(MONTHS)),
            max_size=40,
        )
    )
    found = {}
    for area, name, month in sorted(keys):
        scope = draw(st.sampled_from(KINDS[name]))
        found[area, name, scope, month] = draw(amounts(name))
    return found


@st.composite
def targets_of(draw: st.DrawFn) -> list[Target]:
    lines: dict[str, Target] = {}
    for at in range(draw(st.integers(1, 5))):
        name = draw(st.sampled_from(sorted(KINDS)))
        share = indicator(name).unit == "share"
        value = st.integers(0, 999).map(lambda number: Decimal(number) / 1000) if share else st.integers(0, 10**8)
        kind = draw(st.sampled_from(["at_least", "at_most", "range", "above_last_year"]))
        ends = sorted([draw(DAYS), draw(DAYS)])
        if ends[0] == ends[1]:
            continue
        low, high = sorted([draw(value), draw(value)])
        phases = [Phase(id="p", date=ends[1], share=Decimal("0.91"), name={"vi": "p", "en": "p"})]  # type: ignore[arg-type]
        made = decision(f"d{at}", draw(DAYS), phases)
        line = target(
            made,
            indicator=name,
            scope=draw(st.sampled_from(KINDS[name])),
            area_code=draw(st.sampled_from(["00", "01"])),
            base_date=ends[0],
            period_end=ends[1],
            direction=kind,
            value=None if kind == "above_last_year" else low,
            high=high if kind == "range" else None,
            bound=draw(st.sampled_from(["", "over", "about"])),
            phase=draw(st.sampled_from([None, "p"])),
        )
        lines[line.target_id] = line
    return list(lines.values())


def plain(row: Progress) -> dict[str, Any]:
    """A row of the slow way, as the table has it."""
    found = row.row()
    if indicator(row.target.indicator).unit != "share" and row.base is not None:
        found["base"] = int(rounded(row.base.value))
    return found


def assert_same(rows: dict[str, dict[str, Any]], slow: list[Progress]) -> None:
    """Hold the rows of the steps against those of `progress()`, column by column."""
    assert set(rows) == {row.target.target_id for row in slow}
    for expected in slow:
        row, wanted = rows[expected.target.target_id], plain(expected)
        exact = (
            "target",
            "base",
            "actual",
            "achieved",
            "development",
            "yoy",
            "gap",
            "target_high",
            "achieved_at_least",
        )
        for column in exact:
            if wanted[column] is None:
                assert row[column] is None, column
            else:
                assert row[column] == pytest.approx(wanted[column], rel=1e-12, abs=1e-15), column
        for column in ("area_code", "indicator", "met", "phase", "scope", "direction"):
            assert row[column] == wanted[column], column
        assert (str(row["value_date"]) if row["value_date"] else None) == wanted["value_date"]
        reasons = [one for one in (row["reason"] or "").split(";") if one in REASONS]
        assert reasons == list(expected.reasons)


@settings(max_examples=40, deadline=None)
@given(values_of(), targets_of(), st.sampled_from(MONTHS))
def test_the_steps_say_what_plain_progress_says(
    engine: DuckDB, values: Values, targets: list[Target], month: date
) -> None:
    # A run counts nothing of the months after its own.
    values = {key: value for key, value in values.items() if key[-1] <= month}
    rows = followed(engine, values, targets, month)
    day = last_day(month)
    standing = {one.target_id for one in governing(targets).values()}
    slow = [row for row in progress(targets, day, book=book(values)) if row.target.target_id in standing]
    assert_same(rows, slow)
    for row in rows.values():
        empty = [column for column in ("achieved", "yoy", "probability", "rank", "completeness") if row[column] is None]
        assert not empty or row["reason"], f"{empty} without a reason"
        assert {one for one in (row["reason"] or "").split(";") if one} <= {*REASONS, *COUNTED_REASONS}


def test_sums_of_money_are_held_against_each_other_exactly(engine: DuckDB) -> None:
    values = {
        ("01", "late_payment_rate", "all", OCTOBER): Fraction(3 * 10**14 + 7, 9 * 10**14 + 1),
    }
    line = target(
        PLAN, indicator="late_payment_rate", scope="all", area_code="01", direction="at_most", period_end=YEAR_END,
        base_date=NEW_YEAR, value=Decimal("0.02"),
    )  # fmt: skip
    (row,) = followed(engine, values, [line], OCTOBER).values()
    (value,) = values.values()
    assert row["actual"] == pytest.approx(as_float(value), rel=1e-14)
    assert row["met"] is False


@pytest.mark.spark
def test_spark_gives_the_same_rows(engine: DuckDB, spark: Spark) -> None:
    values = {
        **compulsory(("01", DECEMBER, 1000), ("01", OCTOBER, 1080), ("79", OCTOBER, 4000), ("00", OCTOBER, 5080)),
        ("79", "late_payment_rate", "all", OCTOBER): Fraction(3 * 10**14 + 7, 9 * 10**14 + 1),
        ("79", "late_payment_rate", "all", DECEMBER): Fraction(4 * 10**14 + 7, 9 * 10**14 + 1),
    }
    usual = {"period_end": YEAR_END, "base_date": NEW_YEAR}
    lines = [
        target(PLAN, area_code="01", value=1200, **usual),
        target(PLAN, area_code="79", value=4100, **usual),
        target(PLAN, value=5000, scope="all", **usual),
        target(
            PLAN, indicator="late_payment_rate", scope="all", area_code="79", direction="at_most",
            value=Decimal("0.02"), **usual,
        ),
    ]  # fmt: skip
    there, here = followed(spark, values, lines, OCTOBER), followed(engine, values, lines, OCTOBER)
    assert set(there) == set(here)
    for name, row in here.items():
        for column, value in row.items():
            same_value = pytest.approx(value, rel=1e-12) if isinstance(value, float) else value
            assert there[name][column] == same_value, (name, column)
