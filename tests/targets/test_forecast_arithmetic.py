"""The parts of a forecast that are exact: handing down whole people, bringing a tree together, chances."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from baophu.targets.forecast.chances import Goal, Quantiles, added, pace_needed, probability, when_met
from baophu.targets.forecast.counts_by_area import Tree
from baophu.targets.forecast.reconciling import reconcile, shared, whole

DAY = date(2026, 12, 31)


@some.composite
def trees(draw: some.DrawFn) -> Tree:
    provinces = draw(some.integers(1, 4))
    leaves = draw(some.integers(1, 9))
    parents = draw(some.lists(some.integers(0, provinces), min_size=leaves, max_size=leaves))
    return Tree(tuple(str(number) for number in range(1 + provinces + leaves)), provinces, np.array(parents))


def sums(tree: Tree, leaves: np.ndarray) -> np.ndarray:
    """Each area as the sum of what lies below it, one by one."""
    rows = [leaves.sum(axis=0)]
    rows += [leaves[tree.parent == province].sum(axis=0) for province in range(1, tree.provinces + 1)]
    return np.vstack([*rows, leaves])


@settings(max_examples=60, deadline=None)
@given(trees(), some.integers(0, 10**6))
def test_whole_numbers_add_up_and_are_less_than_one_off(tree: Tree, seed: int) -> None:
    exact = np.random.default_rng(seed).exponential(50, (tree.leaves, 3))
    found = whole(exact, tree)
    assert (found == sums(tree, found[tree.provinces + 1 :])).all()
    assert (np.abs(found - sums(tree, exact)) < 1 + 1e-4).all()


@given(some.lists(some.integers(0, 5_000_000), min_size=1, max_size=8))
def test_largest_remainder_as_by_hand(exact: list[int]) -> None:
    total = (sum(exact) + 500_000) // 1_000_000
    by_hand = [one // 1_000_000 for one in exact]
    for place in sorted(range(len(exact)), key=lambda at: (-(exact[at] % 1_000_000), at))[: total - sum(by_hand)]:
        by_hand[place] += 1
    found = shared(np.array(exact)[:, None], np.array([total]))
    assert found[:, 0].tolist() == by_hand


@settings(max_examples=60, deadline=None)
@given(trees(), some.integers(0, 10**6))
def test_the_reconciled_keep_floor_and_ceilings_and_add_up(tree: Tree, seed: int) -> None:
    rng = np.random.default_rng(seed)
    areas = len(tree.codes)
    most = np.where(rng.random(areas) < 0.5, rng.integers(0, 120, areas).astype(float), np.inf)
    said = rng.normal(60, 60, (areas, 4))
    found = reconcile(said, rng.exponential(10, areas), tree, most)
    assert found.dtype == np.int64
    assert (found == sums(tree, found[tree.provinces + 1 :])).all()
    assert (found >= 0).all()
    assert (found <= most[:, None]).all()


@settings(max_examples=30, deadline=None)
@given(trees(), some.integers(0, 10**6))
def test_province_by_province_is_the_same_as_the_whole_tree_at_once(tree: Tree, seed: int) -> None:
    from hierarchicalforecast.methods import MinTrace

    from baophu.targets.forecast.reconciling import _together

    rng = np.random.default_rng(seed)
    said, spread = rng.normal(100, 30, (len(tree.codes), 2)), np.exp(rng.normal(1, 1, len(tree.codes)))
    summing = sums(tree, np.eye(tree.leaves))
    there = summing.any(axis=1)
    residuals = np.stack([spread[there], np.zeros(there.sum())], axis=1)
    at_once = MinTrace(method="wls_var").fit_predict(
        S=summing[there], y_hat=said[there], y_insample=residuals, y_hat_insample=np.zeros_like(residuals)
    )["mean"][-tree.leaves :]
    assert _together(said, spread, tree) == pytest.approx(at_once, abs=1e-3)


said = some.tuples(some.integers(0, 1000), some.integers(0, 300), some.integers(0, 300)).map(
    lambda row: Quantiles(max(row[0] - row[1], 0), row[0], row[0] + row[2])
)


@given(said, some.integers(-10, 2000), some.integers(0, 500))
def test_a_higher_target_is_never_more_likely(row: Quantiles, value: int, more: int) -> None:
    near, far = probability(row, Goal(value, DAY)), probability(row, Goal(value + more, DAY))
    assert 0 <= far <= near <= 1
    low = probability(row, Goal(value, DAY, "at_most")), probability(row, Goal(value + more, DAY, "at_most"))
    assert low[0] <= low[1]


def test_chances_fit_the_tenths_of_the_forecast() -> None:
    row = Quantiles(90, 100, 130)
    assert probability(row, Goal(90, DAY)) == 0.9
    assert probability(row, Goal(100, DAY)) == 0.5
    assert probability(row, Goal(130, DAY)) == 0.1
    assert probability(row, Goal(130, DAY, "at_most")) == 0.9
    assert probability(row, Goal(120, DAY, "range", high=140)) == probability(row, Goal(120, DAY))
    assert probability(row, Goal(0, DAY)) == 1.0


def test_more_than_last_year_is_more_by_one() -> None:
    row = Quantiles(90, 100, 130)
    assert probability(row, Goal(99, DAY, "above_last_year")) == 0.5
    assert probability(row, Goal(100, DAY, "above_last_year")) < 0.5


def test_a_forecast_without_spread_is_certain() -> None:
    row = Quantiles(100, 100, 100)
    assert [probability(row, Goal(value, DAY)) for value in (99, 100, 101)] == [1.0, 1.0, 0.0]


def test_when_a_goal_would_be_met() -> None:
    months = [(date(2027, month, 1), Quantiles(90 + month, 100 + month, 115 + month)) for month in range(1, 13)]
    assert when_met(months, Goal(110, DAY)) == (date(2027, 10, 1), date(2027, 1, 1), None)
    assert when_met(months, Goal(200, DAY)) == (None, None, None)
    falling = [(month, Quantiles(row.p10 - 200, 200 - row.p50, 400 - row.p10)) for month, row in months]
    assert when_met(falling, Goal(95, DAY, "at_most")).likely == date(2027, 5, 1)


def test_the_pace_that_is_needed() -> None:
    assert pace_needed(100, date(2026, 10, 31), Goal(160, DAY)) == 30
    assert pace_needed(200, date(2026, 10, 31), Goal(160, DAY)) == 0
    assert pace_needed(200, date(2026, 10, 31), Goal(160, DAY, "at_most")) == -20
    assert pace_needed(100, DAY, Goal(160, DAY)) is None
    assert pace_needed(100, date(2026, 9, 30), Goal(110, DAY)) == Fraction(10, 3)


def test_the_forecast_of_a_sum_is_narrower_than_the_sum_of_forecasts() -> None:
    one, other = Quantiles(80, 100, 120), Quantiles(40, 50, 60)
    both = added([one, other])
    assert both.p50 == 150
    assert 120 < both.p10 < 150 < both.p90 < 180
