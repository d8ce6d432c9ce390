"""Which method an area uses: a model only where it is nearer than every naive one, and not by luck."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from baophu.areas.units import tree
from baophu.core.months import months_later
from baophu.targets.forecast.backtest import FAR_OFF, MARGIN, choose, unfit
from baophu.targets.forecast.forecasting import forecast_scheme
from baophu.targets.forecast.methods import NAIVE

METHODS = ("naive", "seasonal_naive", "drift", "theta", "same_gain")
THETA, SAME_GAIN = METHODS.index("theta"), METHODS.index("same_gain")


def trials(off: list[list[list[float]]]) -> np.ndarray:
    """Errors (methods, areas, origins, 1) from (areas, origins, methods), as the examples are easier to read."""
    return np.array(off, np.float64).transpose(2, 0, 1)[..., None]


def test_a_model_that_was_much_farther_off_in_all_communes_together_is_used_in_none() -> None:
    #            naive, seasonal, drift, theta, same gain; two origins
    lucky = [[10.0, 30, 20, 12, 5], [10, 30, 20, 12, 5]]
    other = [[30.0, 60, 10, 11, 40], [40, 70, 10, 9, 40]]
    errors = trials([lucky, other])
    left_out = unfit(errors, METHODS, np.array([True, True]))
    # Together: naive 90, drift 60, theta 44, the same gain 90.
    assert left_out.tolist() == [False, False, False, False, True]
    chosen, lucks = choose(errors.mean(axis=(2, 3)), METHODS, np.full(2, True), left_out, np.full(2, False))
    assert [METHODS[number] for number in chosen] == ["naive", "drift"]
    assert lucks.tolist() == [True, False]


def test_a_model_that_is_a_little_behind_in_all_is_used_where_it_leads() -> None:
    errors = trials([[[10.0, 30, 10, 9, 20]], [[10, 30, 10, 13, 20]]])
    left_out = unfit(errors, METHODS, np.full(2, True))
    # Together: naive 20, theta 22, the same gain 40.
    assert left_out.tolist() == [False, False, False, False, True]
    chosen, _ = choose(errors.mean(axis=(2, 3)), METHODS, np.full(2, True), left_out, np.full(2, False))
    assert [METHODS[number] for number in chosen] == ["theta", "naive"]


def test_the_country_and_its_provinces_choose_by_themselves() -> None:
    errors = trials([[[10.0, 30, 20, 12, 5]], [[10, 30, 20, 12, 50]], [[10, 30, 20, 12, 5]]])
    large = np.array([True, False, False])
    left_out = unfit(errors, METHODS, ~large)
    chosen, lucks = choose(errors.mean(axis=(2, 3)), METHODS, np.full(3, True), left_out, large)
    assert [METHODS[number] for number in chosen] == ["same_gain", "naive", "naive"]
    assert lucks.tolist() == [False, False, True]


def test_a_model_that_failed_in_one_commune_is_not_lost_to_the_others() -> None:
    errors = trials([[[10.0, 30, 20, 12, 5]], [[10, 30, 20, 12, np.nan]]])
    left_out = unfit(errors, METHODS, np.full(2, True))
    assert not left_out[SAME_GAIN]
    chosen, lucks = choose(errors.mean(axis=(2, 3)), METHODS, np.full(2, True), left_out, np.full(2, False))
    assert [METHODS[number] for number in chosen] == ["same_gain", "naive"]
    assert not lucks.any()


def test_without_communes_and_without_models_nothing_is_left_out() -> None:
    errors = trials([[[10.0, 30, 20, 12, 5]]])
    assert not unfit(errors, METHODS, np.array([False])).any()
    assert not unfit(errors[:3], METHODS[:3], np.array([True])).any()


some_errors = some.tuples(some.integers(1, 6), some.integers(1, 4), some.integers(0, 10**6)).map(
    lambda drawn: np.random.default_rng(drawn[2]).choice([0.0, 1, 2, 3, 8, np.nan], (5, drawn[0], drawn[1], 2))
)


@settings(max_examples=200, deadline=None)
@given(some_errors, some.integers(0, 63), some.integers(0, 63))
def test_the_rule_as_by_hand(errors: np.ndarray, which_large: int, which_tried: int) -> None:
    # A naive method always says something.
    errors[:3] = np.nan_to_num(errors[:3], nan=5.0)
    areas, origins = errors.shape[1:3]
    large = np.array([bool(which_large >> area & 1) for area in range(areas)])
    tried = np.array([bool(which_tried >> area & 1) for area in range(areas)])
    left_out = unfit(errors, METHODS, tried & ~large)
    for model in (THETA, SAME_GAIN):
        cells = [
            (area, origin, month)
            for area in range(areas)
            for origin in range(origins)
            for month in range(2)
            if tried[area] and not large[area] and not np.isnan(errors[model, area, origin, month])
        ]
        own = sum(errors[(model, *cell)] for cell in cells)
        of_naive = min(sum(errors[(naive, *cell)] for cell in cells) for naive in range(3))
        assert left_out[model] == (own > FAR_OFF * of_naive)
    mean = errors.mean(axis=(2, 3))
    chosen, lucks = choose(mean, METHODS, tried, left_out, large)
    for area in range(areas):
        best = min(range(3), key=lambda naive: mean[naive, area])
        nearer = [m for m in (THETA, SAME_GAIN) if tried[area] and mean[m, area] < MARGIN * mean[best, area]]
        may = [m for m in nearer if large[area] or not left_out[m]]
        expected = min(may, key=lambda m: mean[m, area]) if may else best if tried[area] else 0
        assert chosen[area] == expected
        assert lucks[area] == (bool(nearer) and not may)


def test_of_straight_lines_with_noise_no_commune_uses_a_model_and_it_is_said_why() -> None:
    # As health: drift is the truth of all, and a model that is nearer in a commune is so by luck.
    last, known = date(2026, 10, 1), 60
    rng = np.random.default_rng(8)
    codes = [area.code for area in tree().communes[:80]]
    lines = 3000 + 15.0 * np.arange(known) + np.cumsum(rng.normal(0, 8, (80, known)), axis=1)
    rows = [
        (code, months_later(last, step - known + 1), round(people))
        for code, own in zip(codes, lines, strict=True)
        for step, people in enumerate(own)
    ]
    columns = {"area_code": pl.String, "month": pl.Date, "participants": pl.Int64}
    made = forecast_scheme(pl.DataFrame(rows, schema=columns, orient="row"), "health", last)
    of_each = made.rows.filter(pl.col("area_code").is_in(codes)).unique("area_code")
    assert not of_each["beats_naive"].any()
    assert set(of_each["model"]) <= set(NAIVE)
    assert set(of_each["why"]) == {"no_better", "luck"}
