"""Taking the calendar and the known shocks out of the counts before a model sees them, and putting them back.

All areas at once: one least-squares regression of the changes from month to month on the changes of Tết, of the month
after it, of the year's end, and of each declared event. An area keeps an effect only where it stands out of its own
noise; so a commune of fifty people is not given a season by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from baophu.targets.forecast.events import SEASONS, Event, seasons

# An effect is kept where it is at least so many times its standard error.
STANDS_OUT = 2.5
# The calendar is estimated from at least two of each season; below that it is left alone.
_LEAST_MONTHS = 30


@dataclass(frozen=True)
class Adjusted:
    """Counts without calendar and shocks, at the level of the last month; `to_come` is what the future has of both."""

    clean: Any
    """(areas, months)"""
    to_come: Any
    """(areas, months ahead)"""
    unshocked: Any
    """(areas, months): counts without the shocks alone, for the naive methods: else drift would repeat a reform."""
    shocks_to_come: Any
    """(areas, months ahead): what the future has of the shocks, such as the return from a temporary one."""
    noise: Any
    """(areas,): standard deviation of the changes from month to month that nothing explains."""


def adjust(values: Any, months: Sequence[date], ahead: Sequence[date], events: Sequence[Event]) -> Adjusted:
    """Return counts (areas, months) without the effects of the calendar and of events known by the last month.

    An event of which fewer than two months are seen yet is no more than declared: its effect is not estimated.
    """
    calendar = np.array([seasons(month) for month in (*months, *ahead)]).reshape(-1, len(SEASONS))
    if len(months) < _LEAST_MONTHS:
        calendar = calendar[:, :0]
    shocks = _shocks(events, [*months, *ahead], len(months))
    columns = np.hstack([calendar, shocks])
    past = columns[: len(months)]
    effects, noise = _effects(np.diff(values, axis=1), np.diff(past, axis=0))
    last = past[-1] if len(past) else 0.0
    # What the calendar does is of its month. What a shock did is kept at its last state: the level of now.
    level = np.where(np.arange(columns.shape[1]) < calendar.shape[1], 0.0, last)
    there = columns - level
    known, season = len(months), calendar.shape[1]
    of_shocks = effects[:, season:] @ there[:, season:].T
    of_all = of_shocks + effects[:, :season] @ there[:, :season].T
    return Adjusted(
        clean=values - of_all[:, :known],
        to_come=of_all[:, known:],
        unshocked=values - of_shocks[:, :known],
        shocks_to_come=of_shocks[:, known:],
        noise=noise,
    )


def _shocks(events: Sequence[Event], months: Sequence[date], known: int) -> Any:
    """Return how much of each event stands in each month; of events that run alike, one column together."""
    columns: dict[tuple[float, ...], None] = {}
    for event in events:
        path = tuple(event.share(month) for month in months)
        seen = sum(before != now for before, now in pairwise(path[:known]))
        lasting = seen if event.kind == "level" else sum(share > 0 for share in path[:known])
        if seen and lasting >= min(2, event.months):
            columns.setdefault(path)
    return np.array(list(columns)).reshape(len(columns), len(months)).T


def _effects(changes: Any, of: Any) -> tuple[Any, Any]:
    """Return the effects (areas, columns) that stand out, and the noise (areas,) that is left."""
    areas, months = changes.shape
    moving = np.hstack([np.ones((months, 1)), of])
    free = months - moving.shape[1]
    if free < 4:
        own = changes.std(axis=1) if months > 1 else np.abs(changes).sum(axis=1)
        return np.zeros((areas, of.shape[1])), own
    inverse = np.linalg.pinv(moving.T @ moving)
    found = changes @ moving @ inverse
    left = changes - found @ moving.T
    noise = np.sqrt((left**2).sum(axis=1) / free)
    error = noise[:, None] * np.sqrt(np.diag(inverse))[None, :]
    effects = np.where(np.abs(found) > STANDS_OUT * error + 1e-9, found, 0.0)[:, 1:]
    # Effects that did not stand out are noise.
    kept = changes - effects @ of.T
    return effects, np.sqrt(((kept - kept.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) / (months - 1))
