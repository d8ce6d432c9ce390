"""A country of made-up people whose sums are published ones, a thousandth of them: counted, they come out again.

At the end of 2023 the numbers of participants, of the unemployment fund and of two shares were published together. The
labour force that was meant is the one that the coverage of social insurance implies; that of unemployment insurance
is then not put in anywhere, and has to come out as published.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from few_spells import EMPLOYERS, write

from baophu.areas.units import COUNTRY, tree
from baophu.core.numbers import rounded
from baophu.engine import DuckDB, Engine
from baophu.indicators.codes import UNKNOWN_AREA
from baophu.indicators.counting import COUNTS
from baophu.indicators.measuring import INDICATORS
from baophu.indicators.published import published
from baophu.law.parameters import book
from baophu.results.steps import Step, Work

MONTH, TOLD_ON, SCALE = date(2026, 10, 1), date(2023, 12, 31), 1000
# Their numbers were not published; what is counted with them must not depend on it.
SOLDIERS = {"compulsory": 1030, "health": 900}
COMMUNES = ("00004", "26740", "00008", None)


def told(indicator: str) -> Fraction:
    """What was published of the country."""
    figure = published().series(indicator, COUNTRY, "all").on(TOLD_ON)
    assert figure is not None
    return Fraction(figure.value)


def people(indicator: str) -> int:
    scaled = told(indicator) / SCALE
    assert scaled.denominator == 1
    return scaled.numerator


def spells() -> list[dict[str, object]]:
    """Who takes part: employees, then those who pay for themselves; the health scheme has them all, and others."""
    voluntary = people("si_voluntary")
    employees = people("si_total") - voluntary - SOLDIERS["compulsory"]
    schemes = {
        "compulsory": range(employees),
        "voluntary": range(employees, employees + voluntary),
        "unemployment": range(people("ui_total")),
        "health": range(people("hi_total") - SOLDIERS["health"]),
    }
    firms = sorted(EMPLOYERS)
    return [
        {
            "si_code": f"{at:010}", "scheme": scheme, "start_month": date(2024, 1 + at % 12, 1),
            "employer_id": firms[at % 2] if scheme in ("compulsory", "unemployment") else None,
            "commune_code": COMMUNES[at % 4],
        }
        for scheme, every in schemes.items()
        for at in every
    ]  # fmt: skip


def statistics(place: Path) -> Path:
    """The denominators that the published shares imply, and the armed forces."""
    labour_force = rounded(people("si_total") / told("si_coverage_working_age_lf"))
    population = rounded(people("hi_total") / told("hi_coverage_population"))
    measures = {
        "working_age_labour_force": labour_force,
        "population": population,
        **{f"armed_forces_participants_{scheme}": number for scheme, number in SOLDIERS.items()},
    }
    rows = [
        {"area_code": COUNTRY, "period": "2026", "measure": name, "value": float(value), "source": "made up"}
        for name, value in measures.items()
    ]
    path = place / "area_statistics.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


def done(step: Step, engine: Engine, place: Path, registers: dict[str, list[Path]], results: list[str]) -> None:
    """Do a step of a run on registers, after those that gave some results."""
    registered: dict[str, list[tuple[date | None, Path]]] = defaultdict(list)
    registered |= {name: [(None, path) for path in paths] for name, paths in registers.items()}
    made: dict[str, list[Path]] = defaultdict(list)
    made |= {name: sorted((place / "run" / name).glob("*.parquet")) for name in results}
    temp = place / step.name
    temp.mkdir()
    work = Work(
        engine=engine, month=MONTH, as_of=date(2026, 11, 5), home=place, memory=2**30, law=book(), temp=temp,
        folder=place / "run", registered=registered, results=made, previous=defaultdict(list),
    )  # fmt: skip
    step.do(work)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What a run counts where people are managed: (area, indicator, scope) -> the row of the month."""
    place = tmp_path_factory.mktemp("country")
    firms = [
        {"employer_id": name, "commune_code": of[0], "sector": of[1], "status": "active"}
        for name, of in EMPLOYERS.items()
    ]
    registers = write(place, spells=spells(), employers=firms)
    with DuckDB(memory="1GiB", threads=1, temp=place / "temp") as engine:
        done(COUNTS, engine, place, registers, [])
        registers["area_statistics"] = [statistics(place)]
        done(INDICATORS, engine, place, registers, ["series", "minority_series"])
    rows = parquet.read_table(place / "run" / "indicators").to_pylist()
    return {
        (row["area_code"], row["indicator"], row["scope"]): row
        for row in rows
        if row["place"] == "managed" and row["month"] == MONTH
    }


@pytest.mark.parametrize("indicator", ["si_total", "si_voluntary", "ui_total", "hi_total"])
def test_published_numbers_come_out_to_the_last_person(
    counted: dict[tuple[str, str, str], dict[str, Any]], indicator: str
) -> None:
    assert counted[COUNTRY, indicator, "all"]["value"] == people(indicator)


@pytest.mark.parametrize(
    "indicator", ["si_coverage_working_age_lf", "ui_coverage_working_age_lf", "hi_coverage_population"]
)
def test_published_shares_come_out_as_they_were_rounded(
    counted: dict[tuple[str, str, str], dict[str, Any]], indicator: str
) -> None:
    row = counted[COUNTRY, indicator, "all"]
    share = told(indicator)
    decimals = next(number for number in range(2, 7) if (share * 10**number).denominator == 1)
    assert rounded(Fraction(row["numerator"], row["denominator"]), decimals) == share
    assert row["denominator_source"] == "made up, 2026"


def test_without_the_armed_forces_there_are_so_many_fewer(
    counted: dict[tuple[str, str, str], dict[str, Any]],
) -> None:
    for name, soldiers in (("si_total", SOLDIERS["compulsory"]), ("hi_total", SOLDIERS["health"])):
        assert counted[COUNTRY, name, "without_armed_forces"]["value"] == people(name) - soldiers


def test_provinces_communes_and_what_is_not_known_come_to_the_country(
    counted: dict[tuple[str, str, str], dict[str, Any]],
) -> None:
    areas = tree(MONTH)
    for name, scope in (("si_total", "without_armed_forces"), ("si_voluntary", "all"), ("ui_total", "all")):
        of = {area: row["value"] for (area, of, within), row in counted.items() if (of, within) == (name, scope)}
        unknown = of[UNKNOWN_AREA]
        assert of[COUNTRY] == unknown + sum(of[one.code] for one in areas.provinces)
        assert of[COUNTRY] == unknown + sum(of[one.code] for one in areas.communes)
