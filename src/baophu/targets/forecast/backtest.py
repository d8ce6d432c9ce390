"""Held against the past: each method forecasts from earlier months, and is compared with what then came.

A model is used for an area only where it was nearer to what came than each of the naive methods, by a margin, over the
same months. What a commune's few trials say is mostly chance: none uses a model that did much worse than a naive method
in all communes together. The errors of the method that is used give the width of its interval.
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
# No commune uses a model whose error over all communes is above so many times that of the best naive one.
FAR_OFF = 1.15
# How many months of noise of its group a commune's own noise is mixed with.
_BORROWED = 12

Why = Literal["better", "no_better", "luck", "short", "constant", "nobody", "untried"]

REASONS: dict[Why, Text] = {
    "better": Text("gần thực tế hơn mọi cách đơn giản", "nearer to what came than each naive method"),
    "no_better": Text("không mô hình nào gần thực tế hơn cách đơn giản", "no model came nearer than the naive methods"),
    "luck": Text(
        "mô hình gần thực tế hơn ở xã này nhưng xa hơn nhiều khi tính chung mọi xã: coi là ngẫu nhiên",
        "a model came nearer here, but was much farther off in all communes together: taken for luck",
    ),
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
    error = _mean_errors(errors)
    chosen, lucky = choose(error, methods, moving & bool(origins), unfit(errors, methods, moving & ~large), large)
    used, beats, why = _named(chosen, methods, lucky, values, known, bool(origins))
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


def _mean_errors(errors: Any) -> Any:
    """Return the mean absolute errors (methods, areas): NaN where a method could not forecast from every origin."""
    counted = np.isfinite(errors).sum(axis=(2, 3))
    error = np.nansum(np.abs(errors), axis=(2, 3)) / np.maximum(counted, 1)
    complete = (counted == counted.max(axis=0, keepdims=True)) & (counted > 0)
    return np.where(complete, error, np.nan)


def unfit(errors: Any, methods: Sequence[str], communes: Any) -> Any:
    """Tell of each method (methods,) whether it is a model that communes do not use.

    That is one that was much farther off than the best naive method over all `communes` (areas,) together; `errors` are
    (methods, areas, origins, months ahead). People are counted, so the large communes weigh more. A model that is only
    a little behind stays: in which communes it leads, the trials of each tell.
    """
    off = np.abs(errors[:, communes])
    is_naive = np.isin(methods, NAIVE)
    far = np.zeros(len(methods), bool)
    for number in np.flatnonzero(~is_naive):
        # Where it failed in a commune it is compared over the others.
        seen = np.isfinite(off[number]) & np.isfinite(off[is_naive]).all(axis=0)
        of_naive = np.where(seen, off[is_naive], 0.0).sum(axis=(1, 2, 3)).min()
        far[number] = off[number][seen].sum() > FAR_OFF * of_naive
    return far


def choose(error: Any, methods: Sequence[str], tried: Any, left_out: Any, large: Any) -> tuple[Any, Any]:
    """Return the number of the method of each area, and where a model was left out although it did well (areas,).

    `error` (methods, areas) are mean absolute errors, NaN where a method cannot be compared; `tried` (areas,) tells
    where anything could be; `left_out` (methods,) are the models that no commune uses, which the `large` areas may.
    """
    judged = np.where(np.isfinite(error), error, np.inf)
    is_naive = np.isin(methods, NAIVE)
    areas = np.arange(judged.shape[1])
    naive = np.where(is_naive[:, None], judged, np.inf).argmin(axis=0)
    better = ~is_naive[:, None] & (judged < MARGIN * judged[naive, areas]) & tried
    usable = better & ~(left_out[:, None] & ~large)
    model = np.where(usable, judged, np.inf).argmin(axis=0)
    used = usable.any(axis=0)
    chosen = np.where(used, model, np.where(tried, naive, list(methods).index("naive")))
    return chosen, better.any(axis=0) & ~used


def _named(
    chosen: Any, methods: tuple[str, ...], lucky: Any, values: Any, known: int, tried: bool
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
        elif lucky[area]:
            why.append("luck")
        else:
            why.append("short" if known < MODEL_MONTHS else "no_better")
    return method, beats, why
