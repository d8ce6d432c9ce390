"""A spell that ends before it starts, and a period reported twice, go back: with their row, and why."""

from __future__ import annotations

from pathlib import Path

import duckdb

from baophu.registers.loading import Loaded, load

SPELLS = "si_code,scheme,group_code,employer_id,commune_code,start_month,end_month,pay_method,agent_id"
REPORTS = "area_code,period,indicator,value,numerator,denominator,source"


def send(place: Path, name: str, header: str, *lines: str) -> Loaded:
    file = place / name
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    (one,) = load([file], place / "home")
    return one


def returned(one: Loaded) -> list[tuple[object, ...]]:
    return duckdb.sql(f"SELECT row, reason_en FROM '{one.folder}/rejects.parquet' ORDER BY ALL").fetchall()  # noqa: S608


def test_a_spell_that_ends_before_it_starts_goes_back_and_says_how_to_mend_it(tmp_path: Path) -> None:
    one = send(
        tmp_path,
        "spells.csv",
        SPELLS,
        "7900000001,voluntary,,,00004,2026-05,2026-09,,",
        "7900000002,voluntary,,,00004,2026-09,2026-05,,",
    )
    assert (one.manifest.loaded, one.manifest.rejected) == (1, 1)
    ((row, why),) = returned(one)
    assert row == 3, "the line of the file"
    assert "give the first month without participation" in str(why)


def test_a_period_reported_twice_is_told(tmp_path: Path) -> None:
    line = "01,2026-Q3,satisfaction_participants,{},,,survey"
    one = send(tmp_path, "reports.csv", REPORTS, line.format("0.9"), line.format("0.8"))
    assert one.manifest.loaded < 2
    assert returned(one), one.manifest.reasons
