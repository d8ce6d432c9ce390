"""Nothing of the material that the figures came from was lost: row by row, where that material is at hand."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from baophu.indicators.published import Figure, all_figures, figures_before_merger
from baophu.indicators.statistics import statistics, statistics_before_merger

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here: the source tables are not compared")

SCALE = {
    "person": Decimal(1),
    "%": Decimal("0.01"),
    "% of amount due": Decimal("0.01"),
    "million VND": Decimal(10) ** 6,
    "billion VND": Decimal(10) ** 9,
    "billion USD": Decimal(10) ** 9,
}
RENAMED = {
    "si_coverage_working_age_pct": "si_coverage_working_age_lf",
    "employers_late_3_months_plus": "employers_late_3_months",
}


def source_rows(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_national_row_that_is_no_target_is_there() -> None:
    rows = [row for row in source_rows("national_si_series.csv") if row["kind"] != "target"]
    ours = {(figure.indicator, figure.date.isoformat(), figure.value): figure for figure in all_figures()}
    assert len(rows) == 140
    for row in rows:
        key = (row["indicator"].removesuffix("_pct"), row["date"], Decimal(row["value"]) * SCALE[row["unit"]])
        figure = ours.get(key)
        assert figure is not None, f"lost: {row}"
        assert figure.area_code == "00" and figure.source == row["source"]
        assert (figure.kind == "derived") == (row["kind"] == "derived")
        assert (figure.kind == "estimated") == (row["note"] == "estimate")
        if '"more than"' in row["note"] or '"over"' in row["note"]:
            assert figure.qualifier == "over"


def test_no_target_came_in_as_a_figure() -> None:
    ours = {(figure.indicator, figure.date.isoformat(), figure.value) for figure in all_figures()}
    for row in source_rows("national_si_series.csv"):
        if row["kind"] == "target" and "-" not in row["value"].lstrip("-"):
            key = (
                row["indicator"].removesuffix("_pct"),
                row["date"],
                Decimal(row["value"]) * SCALE[row["unit"].split(" max")[0]],
            )
            assert key not in ours, row


def test_every_provincial_row_that_is_no_target_is_there() -> None:
    address = ""
    for row in source_rows("province_si_points.csv"):
        address = address if row["source"] == "same" else row["source"]
        if row["indicator"].startswith("target_"):
            continue
        code, former = row["province_code"].removesuffix(" (old)"), row["province_code"].endswith("(old)")
        if row["indicator"] == "labour_force_15plus":
            values = {(item.area_code, item.period, item.value) for item in statistics_before_merger()}
            assert (code, row["date"][:4], int(row["value"])) in values
            continue
        name = RENAMED.get(row["indicator"], row["indicator"].removesuffix("_pct"))
        value = Decimal(row["value"]) / (100 if row["indicator"].endswith("_pct") else 1)
        figures: tuple[Figure, ...] = figures_before_merger() if former else all_figures()
        found = [
            figure
            for figure in figures
            if (figure.area_code, figure.date.isoformat(), figure.indicator, figure.value)
            == (code, row["date"], name, value)
        ]
        assert len(found) == 1 and found[0].source == address, f"lost: {row}"


@pytest.mark.parametrize(
    ("area", "day", "indicator", "value"),
    [
        ("15", "2025-12-31", "si_compulsory_coverage_working_age_lf", "0.1706"),
        ("15", "2025-12-31", "si_voluntary_coverage_working_age_lf", "0.0915"),
        ("15", "2025-12-31", "ui_coverage_working_age_lf", "0.1484"),
        ("79", "2025-09-30", "employees_of_employers_late_3_months", "107020"),
        ("01", "2021-10-30", "si_coverage_working_age_lf", "0.3828"),
        ("01", "2021-10-30", "hi_total", "7312817"),
        ("01", "2021-10-30", "hi_coverage_population", "0.902"),
        ("01", "2023-02-28", "si_compulsory_coverage_working_age_lf", "0.409"),
        ("01", "2023-02-28", "plan_completion_compulsory", "0.931"),
        ("77", "2021-12-31", "si_compulsory", "199511"),
        ("77", "2021-12-31", "si_voluntary", "7299"),
        ("77", "2021-12-31", "ui_total", "191379"),
        ("77", "2021-12-31", "ui_coverage_labour_force", "0.3248"),
        ("77", "2021-12-31", "hi_total", "1017308"),
        ("77", "2021-12-31", "si_coverage_labour_force", "0.351"),
        ("77", "2022-09-30", "hi_coverage_population", "0.8625"),
        ("08", "2020-07-31", "si_voluntary", "9287"),
        ("00", "2025-11-30", "plan_completion_compulsory", "0.97"),
        ("00", "2025-11-30", "plan_completion_total", "0.931"),
        ("00", "2025-11-30", "plan_completion_voluntary", "0.684"),
    ],
)
def test_figures_that_stood_in_a_note_have_a_row_of_their_own(area: str, day: str, indicator: str, value: str) -> None:
    ours = {
        (figure.area_code, figure.date.isoformat(), figure.indicator, figure.value)
        for figure in (*all_figures(), *figures_before_merger())
    }
    assert (area, day, indicator, Decimal(value)) in ours


@pytest.mark.parametrize(
    ("name", "column", "measure"),
    [
        ("labour_force_by_province_2005_2021.csv", "labour_force_15plus_thousand", "labour_force_15plus"),
        ("gso_stats_by_province_to_2016.csv", "value", "population"),
    ],
)
def test_every_denominator_of_the_country_and_the_34_is_there(name: str, column: str, measure: str) -> None:
    count = 0
    for row in source_rows(name):
        if row.get("indicator", "average_population_thousand") != "average_population_thousand":
            continue
        if row["level"] != "national" and not row["level"].startswith("new_province34"):
            continue
        area = row["code"] or "00"
        [ours] = [item for item in statistics(measure, area) if item.period == row["year"]]  # type: ignore[arg-type]
        assert ours.value == Decimal(row[column]) * 1000
        assert ours.preliminary == (row["preliminary"] == "yes")
        count += 1
    assert count == {"labour_force_15plus": 492, "population": 328}[measure]
