"""A country's participants over seven years, for forecasts to be tried on."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from baophu.nation.history import participants_by_month

END = date(2026, 10, 1)


@pytest.fixture(scope="module")
def series() -> pl.DataFrame:
    return participants_by_month(60_000, 3, 84, END)


def total(series: pl.DataFrame, scheme: str, year: int, month: int) -> int:
    here = series.filter(pl.col("scheme") == scheme, pl.col("month") == date(year, month, 1))
    return int(here["participants"].sum())


def test_it_reaches_back_and_is_the_same_each_time(series: pl.DataFrame) -> None:
    assert series["month"].min() == date(2019, 11, 1)
    assert series["month"].n_unique() == 84
    assert (series["participants"] > 0).all()
    assert not series.select("area_code", "scheme", "month").is_duplicated().any()
    assert participants_by_month(60_000, 3, 84, END).equals(series)


def test_the_epidemic_of_2021_took_a_tenth_of_the_compulsory_away_for_half_a_year(series: pl.DataFrame) -> None:
    before, during, after = (total(series, "compulsory", *month) for month in ((2021, 6), (2021, 8), (2022, 1)))
    assert during < 0.93 * before
    assert after > 1.06 * during


def test_fewer_are_there_in_the_month_after_tet(series: pl.DataFrame) -> None:
    # New Year's Day was on 2024-02-10.
    assert total(series, "compulsory", 2024, 3) < total(series, "compulsory", 2024, 2)
    assert total(series, "compulsory", 2024, 4) > total(series, "compulsory", 2024, 3)


def test_many_join_the_voluntary_scheme_in_december(series: pl.DataFrame) -> None:
    risen = total(series, "voluntary", 2024, 12) - total(series, "voluntary", 2024, 11)
    assert risen > 2 * abs(total(series, "voluntary", 2024, 11) - total(series, "voluntary", 2024, 10))
