"""The place of each area among its peers, of every target of a month: 1, 2, 2, 4 where two do equally well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from baophu.registers.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Small = NDArray[np.int32]
    Double = NDArray[np.float64]


def nine_decimals(numbers: Double) -> Double:
    """Return quotients to nine decimals, halves away from zero, so that equal ones are equal; NaN stays."""
    return np.copysign(np.floor(np.abs(numbers) * 1e9 + 0.5) / 1e9, numbers)


def peer_groups(family_no: Small, group_no: Small) -> Whole:
    """Return one number for each row's family of targets and peer group, -1 where it is in no group."""
    groups = int(group_no.max(initial=0)) + 1
    return np.where(group_no < 0, -1, family_no.astype(np.int64) * groups + group_no)


def write_places(scores: Double, less_is_better: NDArray[np.bool_], of: Sequence[tuple[Whole, Small]]) -> None:
    """Write each row's place in its group for each (groups, places); 0 where it has no score (NaN) or no group.

    The greatest score is the first; where less is better, the least. All rows are put in order once, and each group's
    places are counted off in that order.
    """
    keys = np.where(less_is_better, scores, -scores)
    order = np.argsort(keys)[: len(keys) - np.count_nonzero(np.isnan(keys))]
    for groups, places in of:
        places[:] = 0
        _count_off(order, keys, groups, np.zeros((2, groups.max(initial=0) + 1), np.int32), places)


@compiled
def _count_off(order: Whole, keys: Double, groups: Whole, seen: Small, places: Small) -> None:
    """Count each group's rows in an order; `seen` are how many of a group came, and the place of the last of them."""
    last = np.empty(seen.shape[1])
    for row in order:
        group = groups[row]
        if group < 0:
            continue
        seen[0, group] += 1
        if seen[0, group] == 1 or last[group] != keys[row]:
            seen[1, group], last[group] = seen[0, group], keys[row]
        places[row] = seen[1, group]
