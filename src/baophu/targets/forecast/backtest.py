"""Held against the past: each method forecasts from earlier months, and is compared with what then came.

A model is used for an area only where it was nearer to what came than each of the naive methods, by a margin, over the
same months. The errors of the method that is used give the width of its interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from baophu.core.languages import Text
from baophu.targets.forecast.adjusting import adjust
from baophu.targets.forecast.events import Event
from baophu.targets.forecast.methods import LARGE, MODELS, NAIVE, forecast_area
from baophu.targets.forecast.widths import Trials, Widths, widths

# A model needs so many months, and so many before the first origin that it is tried from.
MODEL_MONTHS, MODEL_TRAINING = 36, 24
_ORIGINS, _AHEAD = 4, 24
# A model is used where its mean error is below this share of the best naive one: a smaller lead may be luck.
MARGIN = 0.95
# How many months of noise of its group a commune's own noise is mixed with.
_BORROWED = 12

Why = Literal["better", "no_better", "short", "constant", "nobody", "untried"]

REASONS: dict[Why, Text] = {
    "better": Text("gần thực tế hơn mọi cách đơn giản", "nearer to what came than each naive method"),
    "no_better": Text("không mô hình nào gần thực tế hơn cách đơn giản", "no model came nearer than the naive methods"),
    "short": Text(
        f"chưa đủ {MODEL_MONTHS} tháng để thử mô hình", f"fewer than {MODEL_MONTHS} months: no model was tried"
    ),
    "constant": Text("số liệu không thay đổi", "the counts never changed"),
    "nobody": Text("chưa có ai tham gia", "nobody has participated yet"),
    "untried": Text("quá ít tháng để thử cách nào", "too few months to try any method"),
}

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Tried:
    """What came of trying the methods on the areas of a scheme."""

    methods: tuple[str, ...]
    origins: tuple[int, ...]
    """How many months were known at each."""
    error: Any
    """(methods, areas): mean absolute error in people, NaN where a method was not tried."""
    coverage: Any
    """(areas,): share of what came that lay between p10 and p90, each origin with the width that the others gave."""
    method: list[str]
    beats_naive: list[bool]
    why: list[Why]
    widths: Widths


def origins_of(months: int) -> tuple[int, ...]:
    """Return from how many known months the past is forecast, the latest origin first.

    >>> origins_of(84), origins_of(36), origins_of(12), origins_of(3)
    ((72, 60, 48, 36), (24,), (9, 6), ())
    """
    if months >= MODEL_MONTHS:
        return tuple(range(months - 12, MODEL_TRAINING - 1, -12))[:_ORIGINS]
    step = 6 if months >= 18 else 3
    return tuple(range(months - step, max(months // 2, 3) - 1, -step))[:_ORIGINS]


def tried_on(months: int, large: bool) -> tuple[str, ...]:
    """Return the methods that are tried on so many months of a commune, or of a province or the country."""
    naive = NAIVE if months >= MODEL_TRAINING else ("naive", "drift")
    return naive + (MODELS + (LARGE if large else ()) if months >= MODEL_MONTHS else ())


def try_methods(
    values: Any, months: Sequence[date], large: Any, events: Sequence[Event], told: Told | None = None
) -> Tried:
    """Try all methods on all areas.

    `values` is (areas, months); `large` (areas,) tells the country and its provinces, whose errors are pooled apart
    from those of communes. `told` hears areas done and in all.
    """
    areas, known = values.shape
    methods = tried_on(known, True)
    origins = origins_of(known)
    errors = np.full((len(methods), areas, max(len(origins), 1), _AHEAD), np.nan)
    noise = np.zeros((areas, max(len(origins), 1)))
    moving = np.ptp(values, axis=1) > 0
    for place, origin in enumerate(origins):
        reached = min(_AHEAD, known - origin)
        came = values[:, origin : origin + reached]
        adjusted = adjust(values[:, :origin], months[:origin], months[origin : origin + reached], events)
        noise[:, place] = _noise(adjusted.noise, values[:, :origin], origin, large)
        for area in np.flatnonzero(moving):
            for number, method in enumerate(methods):
                if method in LARGE and not large[area]:
                    continue
                said = forecast_area(method, adjusted, int(area))
                errors[number, area, place, :reached] = came[area] - np.maximum(said, 0)
            if told and area % 200 == 0:
                told(place * areas + int(area), len(origins) * areas)
    chosen, error = _choose(errors, methods, moving, len(origins))
    used, beats, why = _named(chosen, methods, error, values, known, bool(origins))
    now = adjust(values, months, months[:0], events)
    spread = _noise(now.noise, values, known, large)
    of_used = errors[chosen, np.arange(areas)]
    level = np.stack([_level(values[:, :origin]) for origin in origins] or [_level(values)], axis=1)
    trials = Trials(of_used, noise, level, origins or (known,))
    wide, coverage = widths(trials, spread, _level(values), known, large)
    return Tried(methods, origins, error, coverage, used, beats, why, wide)


def _level(values: Any) -> Any:
    """Return the people of each area in the last year, at least one."""
    return np.maximum(values[:, -12:].mean(axis=1), 1.0)


def _noise(own: Any, values: Any, known: int, large: Any) -> Any:
    """Return the noise of each area; a commune's is mixed with that of all communes, by the people it has."""
    level = _level(values)
    small = ~large
    mixed = own**2
    if small.any():
        a_person = (own[small] ** 2).sum() / level[small].sum()
        shared = a_person * level[small]
        mixed[small] = (known * mixed[small] + _BORROWED * shared) / (known + _BORROWED)
    return np.sqrt(np.maximum(mixed, 1e-6))


def _choose(errors: Any, methods: tuple[str, ...], moving: Any, origins: int) -> tuple[Any, Any]:
    """Return the number of the method of each area, and the mean absolute errors."""
    counted = np.isfinite(errors).sum(axis=(2, 3))
    error = np.nansum(np.abs(errors), axis=(2, 3)) / np.maximum(counted, 1)
    # A method that could not forecast from every origin cannot be compared.
    complete = (counted == counted.max(axis=0, keepdims=True)) & (counted > 0)
    error = np.where(complete, error, np.nan)
    judged = np.where(complete, error, np.inf)
    is_naive = np.array([method in NAIVE for method in methods])
    naive = np.where(is_naive[:, None], judged, np.inf).argmin(axis=0)
    model = np.where(is_naive[:, None], np.inf, judged).argmin(axis=0)
    rows = np.arange(errors.shape[1])
    better = judged[model, rows] < MARGIN * judged[naive, rows]
    chosen = np.where(better, model, naive)
    return np.where(moving & (origins > 0), chosen, methods.index("naive")), error


def _named(
    chosen: Any, methods: tuple[str, ...], error: Any, values: Any, known: int, tried: bool
) -> tuple[list[str], list[bool], list[Why]]:
    method = [methods[number] for number in chosen]
    beats = [one not in NAIVE for one in method]
    why: list[Why] = []
    for area, model in enumerate(beats):
        if not values[area].any():
            why.append("nobody")
        elif np.ptp(values[area]) == 0:
            why.append("constant")
        elif not tried:
            why.append("untried")
        elif model:
            why.append("better")
        else:
            why.append("short" if known < MODEL_MONTHS else "no_better")
    return method, beats, why
