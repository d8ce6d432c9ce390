"""A reform's file: what it may say, and how everything that is wrong in it is told."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from baophu.core.errors import BaophuError
from baophu.law.parameters import book
from baophu.law.reforms import Reform, read_reform

HEAD = "title: {vi: Thử, en: A try}\nbasis: A draft\n"


def read(folder: Path, text: str, head: str = HEAD) -> Reform:
    path = folder / "mine.yaml"
    path.write_text(head + text, encoding="utf-8")
    return read_reform(path, book())


def wrong(folder: Path, text: str, head: str = HEAD) -> str:
    with pytest.raises(BaophuError) as error:
        read(folder, text, head)
    return error.value.say("en")


def one_value(rest: str) -> str:
    return f"values:\n  - {{{rest}}}\n"


def test_values_are_laid_over_the_law_in_their_time(tmp_path: Path) -> None:
    reform = read(
        tmp_path,
        "values:\n"
        "  - {name: reference_level, value: 2700000, from: 2026-10-01, to: 2027-01-01}\n"
        "  - {name: voluntary_support, where: {support_group: near_poor}, value: 0.60, from: 2026-10-01}\n"
        "switches: {health_without_pay: still_due, charge_last_day_counted: yes}\n",
    )
    law = reform.book(book())
    levels = [law.value("reference_level", date(2026, month, 1)).amount for month in (9, 10, 12)]
    assert [*levels, law.value("reference_level", date(2027, 1, 1)).amount] == [
        2_530_000,
        2_700_000,
        2_700_000,
        2_530_000,
    ]
    support = law.value("voluntary_support", date(2027, 5, 1), support_group="near_poor")
    assert support.fraction == Fraction(6, 10)
    assert support.basis == "A draft"
    assert law.switch("health_without_pay") == "still_due"
    assert law.switch("charge_last_day_counted") == "yes"
    assert book().value("reference_level", date(2026, 10, 1)).amount == 2_530_000


@pytest.mark.parametrize(("written", "code"), [("Lạng Sơn", "20"), ("lang son", "20"), ("'20'", "20"), ("'01'", "01")])
def test_a_place_is_a_code_or_a_name_also_where_nothing_is_held_today(tmp_path: Path, written: str, code: str) -> None:
    reform = read(
        tmp_path,
        one_value(
            f"name: local_support, where: {{place: {written}, support_group: [poor, near_poor]}}, value: 0.3, "
            "from: 2026-10-01"
        ),
    )
    assert [value.dims for value in reform.values] == [
        {"place": code, "support_group": "poor"},
        {"place": code, "support_group": "near_poor"},
    ]
    found = reform.book(book()).value("local_support", date(2026, 10, 1), place=code, support_group="poor")
    assert found.fraction == Fraction(3, 10)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (one_value("name: reference_levl, value: 1, from: 2026-10-01"), "line 4, values.0.name: 'reference_levl'"),
        (one_value("name: reference_levl, value: 1, from: 2026-10-01"), "nearest: reference_level"),
        (
            one_value("name: reference_level, value: 1, form: 2026-10-01"),
            "values.0.form: 'form' no such field; nearest",
        ),
        (one_value("name: luong co so, value: 1, from: 2026-10-01"), ", reference_level"),
        (one_value("name: reference_level, value: 1"), "values.0.from: is missing"),
        (one_value("name: reference_level, value: 1.5, from: 2026-10-01"), "'1.5' does not fit the unit vnd_per_month"),
        (one_value("name: reference_level, value: -1, from: 2026-10-01"), "'-1' may not be negative"),
        (one_value("name: reference_level, value: 1, from: soon"), "values.0.from: 'soon' write it as 2026-10-01"),
        (one_value("name: reference_level, value: 1, from: 2026-10-01, to: 2026-10-01"), "must come after"),
        (one_value("name: reference_level, where: {region: I}, value: 1, from: 2026-10-01"), "needs the dimensions: –"),
        (
            one_value("name: regional_minimum_wage, where: {region: V}, value: 1, from: 2026-10-01"),
            "values.0.where.region: 'V' not in the list of region",
        ),
        (
            one_value("name: voluntary_support, where: {support_group: near_por}, value: 0.6, from: 2026-10-01"),
            "nearest: near_poor",
        ),
        (
            one_value("name: voluntary_support, where: {support_group: poor}, value: 60, from: 2026-10-01"),
            "is a share of 1: 60 % is 0.60",
        ),
        (
            one_value(
                "name: local_support, where: {place: Lạng Xơn, support_group: poor}, value: 0.6, from: 2026-10-01"
            ),
            "Lạng Sơn",
        ),
        (
            one_value(
                "name: local_support, where: {place: '00004', support_group: poor}, value: 0.6, from: 2026-10-01"
            ),
            "must be a province",
        ),
        (
            one_value("name: local_support, where: {place: 010, support_group: poor}, value: 0.6, from: 2026-10-01"),
            'write the code in quotes, as "01"',
        ),
        (one_value("name: fund_order, value: hi_si_ui, from: 2026-10-01"), "is a switch: give it in switches"),
        ("switches: {health_without_pai: still_due}\n", "line 3, switches.health_without_pai"),
        ("switches: {health_without_pay: stil_due}\n", "nearest: still_due"),
        ("values: [7]\n", "must have name, value and from"),
        ("", "changes nothing"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_field(tmp_path: Path, text: str, told: str) -> None:
    said = wrong(tmp_path, text)
    assert "mine.yaml" in said
    assert told in said


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    said = wrong(
        tmp_path,
        "values:\n  - {name: reference_levl, value: 1, from: 2026-10-01}\n"
        "  - {name: reference_level, value: x, from: 2026-10-01}\nswitches: {nothing: no}\n",
    )
    assert said.count("mine.yaml, line") == 3


def test_two_times_of_one_figure_may_not_overlap(tmp_path: Path) -> None:
    text = (
        "values:\n  - {name: reference_level, value: 2, from: 2026-12-01}\n"
        "  - {name: reference_level, value: 1, from: 2026-10-01%s}\n"
    )
    assert "line 4, values.0.from: '2026-12-01' two times of reference_level overlap" in wrong(tmp_path, text % "")
    assert len(read(tmp_path, text % ", to: 2026-12-01").values) == 2


def test_a_head_that_is_wrong_is_told(tmp_path: Path) -> None:
    assert "basis" in wrong(tmp_path, "", head="title: {vi: a, en: b}\n")
    assert "nearest: author" in wrong(tmp_path, "", head=HEAD + "autor: x\n")
