"""The methods: three that need no model, to be beaten, and the models of statsforecast that may beat them.

Each takes the months of one area and gives the months ahead. Nothing is drawn: the same counts, the same forecast.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from baophu.core.languages import Text
from baophu.targets.forecast.adjusting import Adjusted

# What a model has to beat. They see the counts with their season, without the declared shocks.
NAIVE = ("naive", "seasonal_naive", "drift")
# The models see the counts without season and shocks, and get both back.
MODELS = ("adjusted_drift", "damped_trend", "theta", "same_gain")
# Models that cost more; for the country and its provinces only.
LARGE = ("seasonal_trend",)

METHODS: dict[str, Text] = {
    "naive": Text("giữ nguyên số tháng cuối", "the last month goes on"),
    "seasonal_naive": Text("lặp lại năm trước", "the last year again"),
    "drift": Text("tăng đều như từ trước đến nay", "the average change goes on"),
    "adjusted_drift": Text(
        "tăng đều, đã tính Tết, cuối năm và sự kiện", "average change, with Tết, year's end and events"
    ),
    "damped_trend": Text("san mũ, xu thế giảm dần", "exponential smoothing, damped trend"),
    "theta": Text("Theta", "Theta"),
    "same_gain": Text("tăng thêm đúng như năm trước, từng tháng", "each month gains what it gained a year before"),
    "seasonal_trend": Text("san mũ, xu thế và mùa vụ", "exponential smoothing, trend and season"),
}
SEASON = 12


@cache
def _made(method: str) -> Any:
    from statsforecast import models

    made: dict[str, Callable[[], Any]] = {
        "damped_trend": lambda: models.AutoETS(model="AAN", damped=True),
        "theta": lambda: models.Theta(season_length=SEASON, decomposition_type="additive"),
        "seasonal_trend": lambda: models.AutoETS(season_length=SEASON, model="AAA", damped=True),
        "naive": models.Naive,
        "seasonal_naive": lambda: models.SeasonalNaive(season_length=SEASON),
        "drift": models.RandomWalkWithDrift,
        "adjusted_drift": models.RandomWalkWithDrift,
    }
    return made[method]()


def forecast(method: str, values: Any, ahead: int) -> Any:
    """Return the forecast (months ahead,) of one area, or NaN everywhere where the method cannot say anything."""
    values = np.ascontiguousarray(values, np.float64)
    if len(values) < {"seasonal_naive": SEASON, "same_gain": SEASON + 1}.get(method, 1):
        return np.full(ahead, np.nan)
    if np.ptp(values) < 1e-9:
        # Nothing has ever changed: every method would give the same, if it does not fail on it.
        return np.full(ahead, values[-1])
    if len(values) == 1 or method == "naive":
        return np.full(ahead, values[-1])
    if method == "same_gain":
        # Offices plan so. Who joins at the year's end stays: a season of the changes, which no season of the counts is.
        return values[-1] + np.cumsum(np.resize(np.diff(values[-SEASON - 1 :]), ahead))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            mean = np.asarray(_made(method).forecast(y=values, h=ahead)["mean"], np.float64)
        except (ValueError, ArithmeticError, RuntimeError, np.linalg.LinAlgError):
            return np.full(ahead, np.nan)
    return mean if np.isfinite(mean).all() else np.full(ahead, np.nan)


def forecast_area(method: str, adjusted: Adjusted, area: int) -> Any:
    """Return the forecast of one area from its counts without season and shocks, with what is to come of these."""
    if method in NAIVE:
        to_come = adjusted.shocks_to_come[area]
        return forecast(method, adjusted.unshocked[area], len(to_come)) + to_come
    to_come = adjusted.to_come[area]
    return forecast(method, adjusted.clean[area], len(to_come)) + to_come
