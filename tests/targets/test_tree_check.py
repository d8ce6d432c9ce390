"""The tree of targets held against itself, what is reached and the units there are; its milestones and workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_runs import MONTH, indicators, made_run
from test_assigning import COMMUNES, PROVINCE, assigned
from typer.testing import CliRunner

from baophu.areas.conversion import Conversion, convert
from baophu.areas.units import tree
from baophu.cli import Settings, app
from baophu.targets.assignment import YearPath, assignment
from baophu.targets.decisions import Target
from baophu.targets.measured import Values
from baophu.targets.pace import Milestone, level, phases, shared, year_shares, years
from baophu.targets.succession import follow, followed_targets
from baophu.targets.tree_book import write_tree
from baophu.targets.tree_check import check_tree


def whole_province(each: int = 100) -> list[Target]:
    return [assigned(PROVINCE, each * len(COMMUNES)), *(assigned(code, each) for code in COMMUNES)]


def kinds(targets: list[Target], values: dict[str, Values] | None = None) -> list[str]:
    # Of the country above, 33 provinces have none: that is told too, and is not what is tested here.
    return [
        kind
        for kind, problem in check_tree(targets, values or {}, MONTH).problems
        if not problem.where.en.startswith("00")
    ]


def test_a_tree_that_adds_up_is_left_alone() -> None:
    found = check_tree(whole_province(), {}, MONTH)
    assert [one.difference for one in found.sums if one.area_code == PROVINCE] == [0]
    assert kinds(whole_province()) == []


def test_what_does_not_add_up_is_told_with_its_sign_and_not_changed() -> None:
    targets = [*whole_province()[:-1], assigned(COMMUNES[-1], 93)]
    found = check_tree(targets, {}, MONTH)
    (words,) = [one.reason.en for kind, one in found.problems if kind == "sum"]
    assert "7 less than" in words
    assert "nothing is changed here" in words


def test_units_without_a_target_are_counted_and_named() -> None:
    targets = whole_province()[:-2]
    assert kinds(targets) == ["missing"]
    (words,) = [one.reason.en for kind, one in check_tree(targets, {}, MONTH).problems if "Quang Ninh" in one.where.en]
    assert f"{len(COMMUNES) - 2} of {len(COMMUNES)} units" in words
    assert COMMUNES[-1] in words


def test_a_target_below_what_is_held_says_how_to_assign_again() -> None:
    values = {"si_total": Values("all", {COMMUNES[0]: {MONTH: 250}})}
    assert kinds(whole_province(), values) == ["reached"]
    (words,) = [
        one.reason.en for kind, one in check_tree(whole_province(), values, MONTH).problems if kind == "reached"
    ]
    assert "250" in words
    assert f"--area {PROVINCE} --year 2026" in words
    other_scope = {"si_total": Values("without_armed_forces", {COMMUNES[0]: {MONTH: 250}})}
    assert kinds(whole_province(), other_scope) == []


def test_a_unit_that_is_gone_is_told_with_where_it_went() -> None:
    gone = replace(assigned(PROVINCE, 10), area_code="77")
    (problem,) = [problem for kind, problem in check_tree([gone], {}, MONTH).problems if kind == "gone"]
    assert "Its area is now in: 79" in problem.reason.en
    assert "baophu targets follow" in problem.reason.en


def test_targets_that_ended_long_ago_are_history() -> None:
    assert check_tree(whole_province(), {}, MONTH.replace(year=2028)).sums == []


def test_the_command_tells_it_all_and_leaves_with_two(tmp_path: Path) -> None:
    made_run(tmp_path / "home", {"indicators": indicators({"79": {MONTH: 7_000_000}})})
    result = CliRunner().invoke(app, ["targets", "check"], obj=Settings("en", tmp_path / "home"))
    assert result.exit_code == 2
    assert "5 of 34 units have theirs" in result.output
    assert "the target lies below what is held: 7,000,000" in result.output.replace("\u202f", " ")


# Units that merge or split


def into(*codes: str) -> Conversion:
    units = tuple(tree().get(code) for code in codes)
    return Conversion("x", "moved" if len(codes) == 1 else "divided", None, units, None, None)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.lists(st.integers(0, 50), min_size=3, max_size=3))
def test_nobody_is_lost_or_made_on_the_way(one: int, other: int, people: list[int]) -> None:
    first, second, third = COMMUNES[:3]
    keys = dict(zip((first, second, third), map(Fraction, people), strict=True))
    ways = {"a": into(first), "b": into(first, second, third)}
    found, moves = follow({"a": one, "b": other}, keys, lambda code: ways[code])
    assert sum(found.values()) == one + other
    assert sum(move.value for move in moves) == one + other
    assert [move.divided for move in moves] == [False, True, True, True]


def test_merged_units_give_their_sum_and_divided_ones_go_by_their_people() -> None:
    first, second, third = COMMUNES[:3]
    ways = {"90001": into(first), "90002": into(first), "90003": into(second, third)}
    targets = [
        replace(assigned(PROVINCE, value), area_code=code)
        for code, value in (("90001", 5), ("90002", 6), ("90003", 10))
    ]
    keys = {second: Fraction(3), third: Fraction(1)}
    found = followed_targets(targets, keys, MONTH, lambda code: ways[code])
    # A half each way: the one whose code comes first has the person.
    assert {one.area_code: one.value for one in found.targets} == {first: 11, second: 8, third: 2}
    assert [move.words.en for move in found.moves][-1] == f"90003 -> {third}: 2 (shared by its people)"
    assert len({one.target_id for one in found.targets}) == 3


def test_shares_of_units_that_are_gone_wait_for_a_decision() -> None:
    share = replace(assigned(PROVINCE, 1, indicator="si_coverage_working_age_lf"), area_code="90001")
    found = followed_targets([share], {}, MONTH, lambda code: into(COMMUNES[0]))
    assert (found.targets, found.left) == ((), (share,))


def test_the_merger_of_2025_is_followed() -> None:
    # The real mapping of 2025: 77 Bà Rịa - Vũng Tàu and 74 Bình Dương went into 79.
    targets = [replace(assigned(PROVINCE, value), area_code=code) for code, value in (("77", 5), ("74", 6), ("79", 9))]
    found = followed_targets(targets, {}, MONTH, lambda code: convert(code, date(2025, 6, 1), MONTH))
    assert {one.area_code: one.value for one in found.targets} == {"79": 20}
    assert {move.old for move in found.moves} == {"74", "77"}


# Years, months, phases


def test_the_years_to_a_target_are_even_or_front_loaded() -> None:
    even = years(2025, 100, 2030, 600, YearPath(form="linear", front_loaded="0.8"))  # type: ignore[arg-type]
    assert [one.value for one in even] == [200, 300, 400, 500, 600]
    loaded = years(2025, 100, 2030, 600, YearPath(form="front_loaded", front_loaded="0.5"))  # type: ignore[arg-type]
    steps = [now.value - before for now, before in zip(loaded, [100, *(one.value for one in loaded)], strict=False)]
    assert steps == sorted(steps, reverse=True)
    assert loaded[-1].value == 600
    assert year_shares(YearPath(form="front_loaded", front_loaded="0.5"), 2) == [Fraction(2, 3), 1]  # type: ignore[arg-type]


def test_the_sprint_is_a_share_of_the_required_increase() -> None:
    # Dispatch 2440/BHXH-TCCB: 91 % of the increase by the end of November.
    found = phases(2026, 16_780_690, 17_515_946, assignment().sprint)
    assert [one.day for one in found] == [date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)]
    assert found[1].value == 17_449_773
    assert found[2].value == 17_515_946


@given(
    st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 9_000)), min_size=1, max_size=9),
    st.fractions(0, 1, max_denominator=400),
)
def test_the_units_of_an_area_come_to_its_own_months(units: list[tuple[int, int]], share: Fraction) -> None:
    bases, targets = [base for base, _ in units], [target for _, target in units]
    one = Milestone("m", MONTH, share, level(sum(bases), sum(targets), share))
    parts = shared(one, bases, targets, [f"{at:05}" for at in range(len(units))])
    assert sum(part.value for part in parts) == one.value
    for base, target, part in zip(bases, targets, parts, strict=True):
        assert abs(part.value - (base + share * (target - base))) < 1


# The workbook of the tree


def test_the_workbook_sums_by_formula(tmp_path: Path) -> None:
    provinces = [area.code for area in tree().provinces]
    targets = [*whole_province(), *(assigned(code, 50) for code in provinces if code != PROVINCE)]
    end, sheets = write_tree(targets, tmp_path / "tree.xlsx", [], None)
    assert (end, sheets) == (2026, 2)
    formulas, shown = (openpyxl.load_workbook(tmp_path / "tree.xlsx", data_only=only) for only in (False, True))
    country, below = formulas["00 Cả nước"], f"22 {tree().get(PROVINCE).name}"
    at = 5 + provinces.index(PROVINCE)
    assert country[f"C{5 + len(provinces)}"].value == f"=SUM(C5:C{4 + len(provinces)})"
    assert country[f"D{at}"].value == f"='{below}'!C{5 + len(COMMUNES)}"
    assert shown["00 Cả nước"][f"D{at}"].value == 100 * len(COMMUNES)
    assert shown["00 Cả nước"][f"E{at}"].value == 0
    assert shown[below][f"C{5 + len(COMMUNES)}"].value == 100 * len(COMMUNES)


def test_without_such_a_target_there_is_no_workbook(tmp_path: Path) -> None:
    from baophu.core.errors import BaophuError

    with pytest.raises(BaophuError, match="No unit has such a target"):
        write_tree([], tmp_path / "tree.xlsx", [], 2026)
