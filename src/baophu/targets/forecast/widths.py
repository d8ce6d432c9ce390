"""How wide the ranges are: measured by what the trials missed, and never narrower than so few trials can vouch for.

Two things move what comes away from a forecast. Chance, each area for itself: a walk, whose spread grows with the root
of the months. And a pace that changes for all together, which grows with the months themselves: nobody sees it in the
noise of the past, only in how far forecasts from earlier months ran away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

WITHIN = 0.8
# The normal quantile that leaves a tenth on either side.
NORMAL = 1.2815515655446004
# The quantile of Student's distribution that leaves a tenth on either side, by how many origins the spread is known
# from: areas and months of one origin err together, so an origin counts as one trial.
_STUDENT = {0: 3.0777, 1: 3.0777, 2: 1.8856, 3: 1.6377, 4: 1.5332}
_ENOUGH = max(_STUDENT)


@dataclass(frozen=True)
class Widths:
    """p90 - p50 of each area, in two parts."""

    chance: Any
    """(areas,): people, one month ahead, by the area's own noise."""
    pace: Any
    """(areas,): people for each month ahead, by a pace that changes."""
    months: int

    def ahead(self, months: int) -> Any:
        """Return p90 - p50, (areas, months ahead)."""
        steps = np.arange(1, months + 1, dtype=np.float64)
        return np.hypot(self.chance[:, None] * reach(months, self.months)[None, :], self.pace[:, None] * steps[None, :])


@dataclass(frozen=True)
class Trials:
    """What was missed in the trials, by the method that is used."""

    errors: Any
    """(areas, origins, months ahead), people; NaN where nothing had come yet."""
    noise: Any
    """(areas, origins): what was known of the area's noise at each origin."""
    level: Any
    """(areas, origins): people in the year before each."""
    known: tuple[int, ...]
    """Months known at each origin."""

    def of(self, areas: Any) -> Trials:
        """Return the trials of some areas."""
        return Trials(self.errors[areas], self.noise[areas], self.level[areas], self.known)

    def at(self, origins: list[int]) -> Trials:
        """Return the trials from some origins."""
        return Trials(
            self.errors[:, origins],
            self.noise[:, origins],
            self.level[:, origins],
            tuple(self.known[place] for place in origins),
        )


def reach(ahead: int, known: int) -> Any:
    """Return how chance grows with the months ahead: as for a walk whose drift was estimated from `known` months.

    Source: R. Hyndman, G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, section 5.5.
    """
    steps = np.arange(1, ahead + 1, dtype=np.float64)
    return np.sqrt(steps * (1 + steps / max(known - 1, 1)))


def widths(trials: Trials, noise: Any, level: Any, months: int, large: Any) -> tuple[Widths, Any]:
    """Return the widths from here, and the coverage (areas,) of each trial by the width that the others gave.

    `noise` and `level` (areas,) are those of now. The country, the provinces and the communes are measured each by
    themselves: one area alone has been tried too few times.
    """
    areas = len(noise)
    chance, pace, coverage = np.zeros(areas), np.zeros(areas), np.full(areas, np.nan)
    country = np.arange(areas) == 0
    for group in (country, large & ~country, ~large):
        if not group.any():
            continue
        here = trials.of(group)
        apart = not large[group].any()
        share, own, times = _measured(here, apart)
        chance[group] = times * own * noise[group]
        pace[group] = times * share * level[group]
        coverage[group] = _coverage(here, apart)
    return Widths(chance, pace, months), coverage


def _measured(trials: Trials, apart: bool) -> tuple[float, float, float]:
    """Return the width of a group in three numbers: that of its pace, that of its noise, and how often it is taken.

    The pace is a share of the people for each month ahead. It is known from as many trials as there are origins, hence
    Student's quantile; so is the noise, except where the areas err `apart` from each other, as communes do. All is
    taken so many times that 8 of 10 values lie within from the worst origin: of four trials that might come in any
    order, the worst one bounds the next with a chance of 4 in 5 (conformal); from fewer, more.
    """
    student = _STUDENT[min(len(trials.known), _ENOUGH)]
    if not np.isfinite(trials.errors).any():
        return 0.0, _STUDENT[0], 1.0
    own = NORMAL if apart else student
    steps = np.arange(1, trials.errors.shape[2] + 1, dtype=np.float64)
    people = trials.level.sum(axis=0)[:, None]
    seen = np.isfinite(trials.errors).any(axis=0)
    together = np.where(seen, np.nansum(trials.errors, axis=0), 0.0) / people
    slopes = (together**2).sum(axis=1) / np.maximum((seen * steps**2).sum(axis=1), 1.0)
    pace = student * float(np.sqrt(slopes.mean()))
    shares = np.abs(trials.errors) / _width(trials, pace, own)
    worst = max(float(np.nanquantile(shares[:, place], WITHIN)) for place in np.flatnonzero(seen.any(axis=1)))
    return pace, own, max(worst * student / _STUDENT[_ENOUGH], 1.0)


def _width(trials: Trials, pace: float, own: float) -> Any:
    """Return the widths at the trials, (areas, origins, months ahead), taken once."""
    ahead = trials.errors.shape[2]
    shapes = np.stack([reach(ahead, known) for known in trials.known])
    steps = np.arange(1, ahead + 1, dtype=np.float64)
    return np.hypot(own * trials.noise[:, :, None] * shapes[None], pace * trials.level[:, :, None] * steps)


def _coverage(trials: Trials, apart: bool) -> Any:
    """Return the share (areas,) of what came that lay within, each origin with the width that the others gave."""
    origins = range(len(trials.known))
    within = np.full(trials.errors.shape, np.nan)
    for place in origins:
        others = [other for other in origins if other != place]
        if not others:
            continue
        pace, own, times = _measured(trials.at(others), apart)
        here = trials.at([place])
        held = np.abs(here.errors) <= times * _width(here, pace, own)
        within[:, [place]] = np.where(np.isfinite(here.errors), held, np.nan)
    seen = np.isfinite(within)
    count = seen.sum(axis=(1, 2))
    return np.where(count > 0, np.nansum(within, axis=(1, 2)) / np.maximum(count, 1), np.nan)
