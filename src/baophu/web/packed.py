"""Figures of many months in one row of the index: packed as JSON by the index's SQL, unpacked for who reads them.

A column holds a list, or one value that is the same in all months, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from baophu.indicators.catalogue import indicator

_COLUMNS = ("numerators", "denominators", "figures", "sources", "completeness", "estimated")


def pack(values: Sequence[Any]) -> str | None:
    """Write a column: nothing where nothing is known, one value where all months have the same.

    >>> pack([3, 3, 3]), pack([1, None, 3]), pack([None, None])
    ('3', '[1,null,3]', None)
    """
    if all(one is None for one in values):
        return None
    same = all(one == values[0] for one in values)
    return json.dumps(values[0] if same else list(values), separators=(",", ":"), ensure_ascii=False)


def unpack(words: str | None, months: int) -> list[Any]:
    """Return a column's value of each month."""
    found = None if words is None else json.loads(words)
    return found if isinstance(found, list) else [found] * months


def months_of(row: Mapping[str, Any], only: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield a row of `series` (with its variant) as a row a month, oldest first; `only` some months (`YYYY-MM-01`)."""
    months = [f"{one}-01" for one in row["months"].split(",")]
    columns = [unpack(row[name], len(months)) for name in _COLUMNS]
    divided = indicator(row["indicator"]).denominator is not None
    told = {name: row[name] for name in ("area_code", "indicator", "place", "scope")}
    for month, numerator, denominator, figure, source, complete, about in zip(months, *columns, strict=True):
        if only and month not in only:
            continue
        yield {
            **told,
            "month": month,
            "numerator": numerator,
            "denominator": denominator,
            "value": figure if row["figures"] else _value(divided, numerator, denominator),
            "denominator_source": source,
            "completeness": complete,
            "estimated": bool(about),
        }


def _value(divided: bool, numerator: int | None, denominator: int | None) -> float | None:
    if numerator is None:
        return None
    if divided:
        return numerator / denominator if denominator else None
    return float(numerator)
