"""Denominators: the 34 provinces add up to the country, and what was not published is empty."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from baophu.core.errors import BaophuError, UnknownName
from baophu.indicators.statistics import (
    FOLDER,
    Measure,
    read_statistics,
    statistics,
    statistics_before_merger,
)

PUBLISHED: tuple[Measure, ...] = ("labour_force_15plus", "population")
HEADER = "area_code,period,measure,value,source,note"


@pytest.mark.parametrize(("measure", "people"), [("labour_force_15plus", 100), ("population", 700)])
def test_34_provinces_sum_to_the_country_within_the_rounding_of_the_63(measure: Measure, people: int) -> None:
    sums: dict[str, list[int]] = defaultdict(list)
    for row in read_statistics(FOLDER / "area_statistics.csv"):
        if row.measure == measure and row.area_code != "00":
            sums[row.period].append(row.value)
    national = {row.period: row.value for row in statistics(measure, "00")}
    assert min(sums) == "2008" and len(sums) >= 9
    for period, values in sums.items():
        assert len(values) == 34
        assert abs(sum(values) - national[period]) <= people, period


def test_the_country_has_values_from_before_the_provinces_can_be_formed() -> None:
    assert statistics("population", "00")[0].period == "1995"
    assert statistics("labour_force_15plus", "00")[0].period == "2005"
    assert statistics("labour_force_15plus", "01")[0].period == "2008"


def test_the_last_year_of_each_is_preliminary_and_only_that() -> None:
    for measure, last in (("labour_force_15plus", "2021"), ("population", "2016")):
        marked = {row.period for row in statistics(measure, "00") if row.preliminary}  # type: ignore[arg-type]
        assert marked == {last}


def test_values_are_whole_people() -> None:
    [row] = [row for row in statistics("labour_force_15plus", "00") if row.period == "2020"]
    assert row.value == 54_842_940


@pytest.mark.parametrize("measure", ["working_age_labour_force", "past_retirement_age"])
def test_what_was_not_published_is_empty(measure: Measure) -> None:
    assert statistics(measure, "00") == []


def test_an_unknown_measure_is_answered_with_what_was_meant() -> None:
    with pytest.raises(UnknownName) as told:
        statistics("labour_force", "00")  # type: ignore[arg-type]
    assert "labour_force_15plus" in told.value.say("en")


def test_former_provinces_stay_apart() -> None:
    former = {(row.area_code, row.measure): row.value for row in statistics_before_merger()}
    assert former == {("86", "labour_force_15plus"): 582_943, ("86", "employed_15plus"): 568_495}
    assert "2022" not in {row.period for row in statistics("labour_force_15plus", "86")}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("00,2020,workers,1,a page,", "measure 'workers' is none of"),
        ("00,2020,population,92.7,a page,", "value '92.7' is not a whole number"),
        ("00,2020,population,92,,", "no source"),
        ("00,2020,population,92", "cells than columns"),
        ("00,2016,population,92,a page,", "a second value"),
    ],
)
def test_a_bad_row_is_told_with_file_and_line(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "area.csv"
    path.write_text("\n".join([HEADER, "00,2016,population,1,a page,", row]) + "\n", encoding="utf-8")
    with pytest.raises(BaophuError) as told:
        read_statistics(path)
    assert "area.csv, line 3" in told.value.say("en") and reason in told.value.say("en")
