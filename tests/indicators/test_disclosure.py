"""What is published gives no small number back: an attacker with linear programming tries on random trees."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.core.errors import BaophuError
from baophu.indicators.disclosure import ALL, Sum, interval, protect, rounded, tree_sums


def a_table(leaves: dict[tuple[str, str, str], int], parent: dict[str, str]) -> tuple[dict[Hashable, int], list[Sum]]:
    """Cells of leaves with those of all areas above and of all members together, and their sums."""
    cells: dict[Hashable, int] = {}
    dimensions: dict[str, set[str]] = {}
    for (leaf, dimension, member), number in leaves.items():
        dimensions.setdefault(dimension, set()).add(member)
        area: str | None = leaf
        while area is not None:
            for key in ((area, dimension, member), (area, ALL, ALL)):
                cells[key] = cells.get(key, 0) + number
            area = parent.get(area)
    return cells, tree_sums(cells, parent, dimensions)


TREE = {"a1": "A", "a2": "A", "a3": "A", "b1": "B", "b2": "B", "A": "00", "B": "00", "C": "00"}
LEAVES = ("a1", "a2", "a3", "b1", "b2", "C")
SMALL = st.one_of(st.just(0), st.integers(1, 12), st.integers(0, 400))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(SMALL, min_size=18, max_size=18),
    st.integers(2, 12),
)
def test_no_interval_of_what_is_left_out_is_narrower_than_the_threshold(numbers: list[int], threshold: int) -> None:
    leaves = {
        (leaf, "age", member): numbers[at * 3 + of]
        for at, leaf in enumerate(LEAVES)
        for of, member in enumerate(("young", "middle", "old"))
    }
    cells, sums = a_table(leaves, TREE)
    hidden = protect(cells, sums, threshold)
    assert all(cell in hidden for cell, number in cells.items() if 0 < number < threshold)
    for cell in hidden:
        low, high = interval(cells, sums, hidden, cell)
        assert low - 1e-6 <= cells[cell] <= high + 1e-6
        assert high - low >= threshold - 1e-5, (cell, low, high)


def test_nothing_is_left_out_where_nothing_is_small() -> None:
    cells, sums = a_table({(leaf, "sex", sex): 100 for leaf in LEAVES for sex in "MF"}, TREE)
    assert protect(cells, sums, 10) == set()


def test_a_small_commune_takes_another_with_it() -> None:
    parent = {"x": "P", "y": "P", "z": "P"}
    cells: dict[Hashable, int] = {("x", ALL, ALL): 3, ("y", ALL, ALL): 40, ("z", ALL, ALL): 500, ("P", ALL, ALL): 543}
    hidden = protect(cells, tree_sums(cells, parent, {}), 10)
    assert hidden == {("x", ALL, ALL), ("y", ALL, ALL)}


def test_a_table_that_does_not_add_up_is_not_published() -> None:
    with pytest.raises(BaophuError, match="not the sum of its parts"):
        protect({"P": 10, "x": 4, "y": 5}, [Sum("P", ("x", "y"))])


def test_rounding_goes_to_the_nearest_and_halves_up() -> None:
    assert [rounded(value, 10) for value in (4, 5, 14, 15, 16)] == [0, 10, 10, 20, 20]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=4, max_size=4), st.integers(2, 4))
def test_who_tries_every_table_finds_no_small_count(numbers: list[int], threshold: int) -> None:
    """Of all tables of whole numbers near the true one that agree with what is shown, none is the only one."""
    names = [(leaf, "sex", sex) for leaf in ("a1", "a2") for sex in "MF"]
    small_tree = {"a1": "A", "a2": "A"}
    cells, sums = a_table(dict(zip(names, numbers, strict=True)), small_tree)
    hidden = protect(cells, sums, threshold)
    possible: dict[Hashable, set[int]] = {cell: set() for cell in hidden}
    tried = [range(max(0, number - threshold), number + threshold + 1) for number in numbers]
    for guess in product(*tried):
        told, _ = a_table(dict(zip(names, guess, strict=True)), small_tree)
        if all(told[cell] == number for cell, number in cells.items() if cell not in hidden):
            for cell in hidden:
                possible[cell].add(told[cell])
    assert all(len(found) > 1 for found in possible.values()), possible
