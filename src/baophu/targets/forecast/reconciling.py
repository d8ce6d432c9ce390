"""One tree of forecasts: communes sum to provinces and these to the country, to the last person.

The forecasts of all levels are first brought together by minimum trace (hierarchicalforecast), each weighing the more
the less it has erred. Then none is below nobody or above those who exist, and whole people are handed down by largest
remainder.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from baophu.targets.forecast.counts_by_area import Tree

# Shares of a person that are still told apart.
_UNIT = 1_000_000


def reconcile(said: Any, spread: Any, tree: Tree, most: Any) -> Any:
    """Return whole forecasts (areas, months) that add up.

    `said` are the forecasts of each area by itself, `spread` (areas,) how far they tend to be off, `most` (areas,) the
    ceilings (infinite where there is none).
    """
    leaves = np.minimum(np.maximum(_together(said, spread, tree), 0.0), most[tree.provinces + 1 :, None])
    for province in range(1, tree.provinces + 1):
        below = tree.parent == province
        leaves[below] = _at_most(leaves[below], most[province])
    return whole(_at_most(leaves, most[0]), tree)


def _together(said: Any, spread: Any, tree: Tree) -> Any:
    """Return forecasts of the leaves that fit those above: least squares over the tree, weighed by squared spreads.

    Province by province, then the country, then down again, since the whole tree at once would be a matrix of 3,356
    areas squared; the result is the same. What a province is moved by is shared among its leaves by squared spread.
    """
    variance = np.maximum(spread, 1e-2) ** 2
    leaves, weight = said[tree.provinces + 1 :].copy(), variance[tree.provinces + 1 :]
    below = [np.flatnonzero(tree.parent == place) for place in range(tree.provinces + 1)]
    provinces = [place for place in range(1, tree.provinces + 1) if len(below[place])]
    sums, left = [], []
    for place in provinces:
        here = below[place]
        leaves[here] = _minimum_trace(said[place], variance[place], leaves[here], weight[here])
        sums.append(leaves[here].sum(axis=0))
        left.append(1 / (1 / variance[place] + 1 / weight[here].sum()))
    straight = below[0]
    parts = np.vstack([*sums, leaves[straight]])
    found = _minimum_trace(said[0], variance[0], parts, np.concatenate([np.array(left), weight[straight]]))
    leaves[straight] = found[len(provinces) :]
    for place, total, now in zip(provinces, sums, found, strict=False):
        here = below[place]
        leaves[here] += (weight[here] / weight[here].sum())[:, None] * (now - total)[None, :]
    return leaves


def _minimum_trace(whole: Any, of_whole: float, parts: Any, of_parts: Any) -> Any:
    """Return the parts (parts, months) that fit the forecast of their whole; `of_…` are variances."""
    from hierarchicalforecast.methods import MinTrace  # type: ignore[import-untyped]

    summing = np.vstack([np.ones((1, len(parts))), np.eye(len(parts))])
    spread = np.sqrt(np.concatenate([[of_whole], of_parts]))
    # The method takes the variances of residuals: two of them, the spread and none, have half the squared spread.
    residuals = np.stack([spread, np.zeros(len(spread))], axis=1)
    made = MinTrace(method="wls_var").fit_predict(
        S=summing,
        y_hat=np.vstack([whole[None, :], parts]),
        y_insample=residuals,
        y_hat_insample=np.zeros_like(residuals),
    )
    return made["mean"][1:]


def _at_most(leaves: Any, most: float) -> Any:
    """Return the leaves of one area, in months where their sum is above the area's ceiling less in proportion."""
    total = leaves.sum(axis=0)
    # The last digit of a float must not lift the sum above the ceiling.
    factor = np.where(total > most, most / np.maximum(total, 1e-9) * (1 - 1e-12), 1.0)
    return leaves * factor[None, :]


def whole(leaves: Any, tree: Tree) -> Any:
    """Return whole numbers of all areas (areas, months) from exact ones of the leaves, by largest remainder.

    The country is rounded half up, the provinces share it, the communes share their province. Nobody is off his exact
    value by one or more. Of equal remainders the first area gets it.
    """
    exact = np.floor(leaves * _UNIT).astype(np.int64)
    above = np.zeros((tree.provinces + 1, leaves.shape[1]), np.int64)
    np.add.at(above, tree.parent, exact)
    straight = tree.parent == 0
    country = (exact.sum(axis=0) + _UNIT // 2) // _UNIT
    first = shared(np.vstack([above[1:], exact[straight]]), country)
    provinces, rest = first[: tree.provinces], first[tree.provinces :]
    found = np.zeros_like(exact)
    found[straight] = rest
    for province in range(1, tree.provinces + 1):
        below = tree.parent == province
        if below.any():
            found[below] = shared(exact[below], provinces[province - 1])
    return np.vstack([country[None, :], provinces, found])


def shared(exact: Any, total: Any) -> Any:
    """Return whole numbers (areas, months) that sum to `total` (months,); `exact` in millionths."""
    down = exact // _UNIT
    missing = total - down.sum(axis=0)
    order = np.argsort(-(exact - down * _UNIT), axis=0, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(exact))[:, None], axis=0)
    return down + (place < missing[None, :])
