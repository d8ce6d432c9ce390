"""What is wrong in a file of parameters is told by file, line and name, and no book is built."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from baophu.core.errors import BaophuError
from baophu.law.parameter_files import read_book
from baophu.law.parameters import Book

ROOT = Path(__file__).resolve().parents[2]

DIMENSIONS = "region: {title: {vi: vùng, en: region}, values: {I: {vi: I, en: I}, II: {vi: II, en: II}}}\n"
SOURCES = "gazette: {words: Official Gazette, gazette: 2026-01-05}\n"
FILE = """\
title: {vi: Thử, en: A trial}
recorded: 2026-11-21
parameters:
  - name: level
    title: {vi: Mức, en: Level}
    unit: vnd
    basis: Law 1 art. 2
    source: gazette
    values:
      - {value: 100, valid_from: 2020-01-01, valid_to: 2021-01-01}
      - {value: 110, valid_from: 2021-01-01}
  - name: wage
    title: {vi: Lương, en: Wage}
    unit: vnd_per_month
    dims: [region]
    basis: Decree 3
    source: gazette
    values:
      - {each: {region: {I: 20, II: 10}}, valid_from: 2020-01-01}
"""

Build = Callable[..., Book]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build a book of FILE with a part of it replaced."""

    def build(old: str = "", new: str = "") -> Book:
        assert old in FILE
        (tmp_path / "_dimensions.yaml").write_text(DIMENSIONS, encoding="utf-8")
        (tmp_path / "_sources.yaml").write_text(SOURCES, encoding="utf-8")
        (tmp_path / "trial.yaml").write_text(FILE.replace(old, new, 1) if old else FILE, encoding="utf-8")
        return read_book(tmp_path)

    return build


def test_a_file_without_a_fault(build: Build) -> None:
    found = build()
    assert found.names() == ("level", "wage")
    assert found.value("wage", date(2024, 1, 1), region="II").amount == 10
    assert found.value("level", date(2020, 12, 31)).amount == 100
    assert found.value("level", date(2021, 1, 1)).gazette == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("valid_to: 2021-01-01", "valid_to: 2020-12-31", ["line 4, level", "a gap from 2020-12-31 to 2021-01-01"]),
        ("valid_to: 2021-01-01", "valid_to: 2021-01-02", ["line 4, level", "an overlap at 2021-01-01"]),
        (", valid_to: 2021-01-01", "", ["line 4, level", "an overlap at 2021-01-01"]),
        ("valid_to: 2021-01-01", "valid_to: 2019-01-01", ["line 4, level", "ends before 2020-01-01"]),
        ("unit: vnd\n", "unit: dollars\n", ["line 4, level, unit", "dollars"]),
        ("    basis: Law 1 art. 2\n", "", ["line 9, level", "the legal basis is missing"]),
        ("basis: Law 1", "bases: Law 1", ["line 4, level, bases", "nearest: basis"]),
        ("{value: 110, valid_from", "{value: 110, valid_form", ["line 11, level, valid_form", "nearest: valid_from"]),
        ("value: 100", "value: 100.5", ["line 10, level", "cannot be read in the unit vnd"]),
        ("value: 100", "value: about", ["line 10, level", "cannot be read in the unit vnd"]),
        ("value: 100", "value: 2020-01-01", ["line 10, level", "cannot be read in the unit vnd"]),
        ("value: 100, ", "", ["line 10, level", "exactly one of value and each"]),
        ("source: gazette", "source: gazete", ["line 10, level", "not a source", "nearest: gazette"]),
        ("recorded: 2026-11-21\n", "", ["source or recorded is missing"]),
        ("II: 10", "IV: 10", ["line 19, wage", "not in the list of region"]),
        ("each: {region: {I: 20, II: 10}}", "value: 20", ["line 19, wage", "not the dimensions"]),
        ("dims: [region]", "dims: [regoin]", ["line 12, wage", "not a dimension", "nearest: region"]),
        ("name: wage", "name: level", ["line 12, level", "the name is used twice"]),
        ("title: {vi: Mức, en: Level}", "title: {vi: Mức, en: Level, short}", ["line 4, level, title"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(build: Build, old: str, new: str, told: list[str]) -> None:
    with pytest.raises(BaophuError) as error:
        build(old, new)
    words = error.value.say("en")
    assert "trial.yaml" in words
    assert [part for part in told if part not in words] == [], words


def test_all_faults_of_time_are_told_at_once(build: Build) -> None:
    gap = "      - {value: 80, valid_from: 2017-01-01, valid_to: 2018-01-01}\n"
    overlap = "      - {value: 90, valid_from: 2019-01-01, valid_to: 2020-06-01}\n"
    with pytest.raises(BaophuError) as error:
        build("      - {value: 100", f"{gap}{overlap}      - {{value: 100")
    assert [problem.reason.en for problem in error.value.problems] == [
        "a gap from 2018-01-01 to 2019-01-01",
        "an overlap at 2020-01-01",
    ]


def test_a_decimal_never_passes_through_a_float(build: Build) -> None:
    others = "    basis: Law 1 art. 2\n    source: gazette\n    values:\n      - {value: "
    found = build(f"unit: vnd\n{others}100", f"unit: fraction\n{others}0.1000000000000000055511151231")
    value = found.value("level", date(2020, 1, 1))
    assert (value.value, value.scale) == (1000000000000000055511151231, 28)
