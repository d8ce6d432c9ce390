"""The small registers of a generated country: by their contracts, counted from the people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from baophu.areas import units
from baophu.nation.tables import (
    area_statistics,
    count_people,
    dossiers,
    offices,
    other_receipts,
    reported_indicators,
)
from baophu.nation.writing import Writer
from baophu.registers.loading import load

END = date(2026, 10, 31)
MONTHS = [date(2026, 9, 1), date(2026, 10, 1)]
PROVINCES = pl.DataFrame({"area_code": ["01", "79"], "people": [40_000, 8_000]})
MEMBERS = pl.DataFrame(
    [
        (MONTHS[0], "01", "household", 10),
        (MONTHS[1], "01", "student", 2),
        (MONTHS[1], "01", "poor", 1),
        (MONTHS[1], "01", "employee", 100),
    ],
    schema=["month", "area_code", "group_code", "members"],
    orient="row",
)


def statistics() -> pl.DataFrame:
    people = pl.DataFrame(
        [
            # Ba Đình: a worker, a child, a man who reaches 61 years 6 months in October 2026, a woman of 57 who works
            ("00004", date(1990, 1, 1), "M", True, "kinh"),
            ("00004", date(2012, 1, 1), "M", True, "other"),
            ("00004", date(1965, 4, 20), "M", False, "kinh"),
            ("00004", date(1969, 10, 3), "F", True, "kinh"),
            # a month younger than the age
            ("00004", date(1969, 11, 3), "F", True, "kinh"),
        ],
        schema=["commune_code", "birth_date", "sex", "in_labour_force", "ethnic"],
        orient="row",
    )
    other = people.head(1).with_columns(commune_code=pl.lit("00008"))
    return area_statistics([count_people(people, END), count_people(other, END)], "2026")


def test_people_are_counted_by_age_and_work_and_summed_to_province_and_country() -> None:
    found = {(area, measure): value for area, _, measure, value, _ in statistics().iter_rows()}
    assert {measure: found["00004", measure] for _, measure in found} == {
        "population": 5,
        "labour_force_15plus": 3,
        "working_age_labour_force": 2,
        "past_retirement_age": 2,
        "ethnic_minority_population": 1,
    }
    assert found["01", "population"] == found["00", "population"] == 6
    assert found["00008", "working_age_labour_force"] == 1


def test_every_commune_has_its_provincial_and_one_grassroots_office() -> None:
    found = offices(END)
    communes = {area.code for area in units.tree(END).communes}
    for level in ("province", "grassroots"):
        served = found.filter(pl.col("level") == level)["commune_code"].to_list()
        assert len(served) == len(set(served)) and set(served) == communes
    assert 300 < found.filter(pl.col("level") == "grassroots")["office_id"].n_unique() < 400


def test_the_payers_of_health_insurance_pay_their_shares() -> None:
    # 4.5 % of 2,530,000 is 113,850: ten members of households at three quarters, half of two students, one poor
    assert other_receipts(MEMBERS).rows() == [
        (MONTHS[0], "01", "household", "hi", 853_875, 853_875),
        (MONTHS[1], "01", "household", "hi", 113_850, 113_850),
        (MONTHS[1], "01", "state_budget", "hi", 227_700, 223_146),
    ]
    assert other_receipts(MEMBERS.clear()).height == 0


def test_dossiers_are_in_proportion_and_settled_only_until_the_end() -> None:
    found = dossiers(PROVINCES, MONTHS, np.random.default_rng(1))
    assert 150 < found.height < 350
    assert found.filter(pl.col("area_code") == "01").height > 3 * found.filter(pl.col("area_code") == "79").height
    assert found["settled_on"].max() <= END  # type: ignore[operator]
    assert 0 < found["settled_on"].null_count() < found.height / 4
    assert found["received_on"].is_between(MONTHS[0], END).all()


def test_reported_figures_of_the_country_are_the_sum_of_its_provinces() -> None:
    found = reported_indicators(PROVINCES, "2026Q3", np.random.default_rng(1))
    for _, rows in found.group_by("indicator"):
        country = rows.filter(pl.col("area_code") == "00")
        assert country["denominator"].to_list() == [48_000]
        assert country["numerator"].sum() * 2 == rows["numerator"].sum()
    assert found["indicator"].n_unique() == 5


def test_the_reported_figures_are_those_of_the_catalogue() -> None:
    from baophu.indicators.catalogue import catalogue

    reported = {one.id for one in catalogue().values() if one.obtained == "reported"}
    found = reported_indicators(PROVINCES, "2026Q3", np.random.default_rng(1))
    assert set(found["indicator"]) <= reported


def test_the_loader_takes_every_row(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    tables = {
        "offices": offices(END),
        "area_statistics": statistics(),
        "other_receipts": other_receipts(MEMBERS),
        "dossiers": dossiers(PROVINCES, MONTHS, rng),
        "reported_indicators": reported_indicators(PROVINCES, "2026", rng),
    }
    with Writer(tmp_path / "nation", "csv") as writer:
        for table, frame in tables.items():
            writer.part(table, frame)
    done = load([tmp_path / "nation"], tmp_path / "home")
    assert {one.manifest.table: one.manifest.loaded for one in done} == {
        table: frame.height for table, frame in tables.items()
    }
    assert all(not one.manifest.warnings for one in done)
