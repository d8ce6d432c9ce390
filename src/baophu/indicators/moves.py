"""Who comes and goes: participants of every month, and what changed between months, in one pass over the stretches.

Each commune and scheme has a line of months in one array, to which a stretch adds where it begins and from which it
takes where it ends; running sums give who is in. What changed is counted from who comes and goes, and not worked out
from the sums, so that opening + new + returned + moved in - left - moved out = closing can fail.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from baophu.core.months import months_later
from baophu.indicators import codes
from baophu.indicators.cube import AREAS, columns, places
from baophu.registers.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int32]

_SHORT = 3
# Columns of the array of flows. 1 to 8 are `came` and `went` as write_stretches gives them; who goes on stands nowhere.
_NEW, _RETURNED, _MOVED_IN, _MOVED_OUT = 0, 1, 2, 7
_DIED, _LEFT_ALL, _LEFT_SHORT, _FLOWS = 3, 8, 9, 10
_FLOW_NAMES = (
    "new", "returned", "moved_in", "left_died", "left_retired", "left_employer_closed", "left_other", "moved_out",
    "left_all", "left_short",
)  # fmt: skip
_CAME_NEW, _CAME_BACK, _MOVED, _WENT_DEAD = 1, 2, 4, 5


class _Lines(NamedTuple):
    """By area and scheme (rows) and month: changes of who is in, of those in for under three months, and the flows."""

    change: Whole
    minority: Whole
    short: Whole
    flows: Whole


def history(stretches: Path, month: date) -> dict[str, pa.Table]:
    """Return `series`, `flows` and `minority_series` (people of ethnic minorities alone) up to a month.

    `stretches`: as write_stretches gives them. A commune and scheme has a row for each month from the first stretch on,
    120 at most, where anybody was ever in; flows go 25 months back. By where people live nobody moves, since one place
    of residence is known: he goes on.
    """
    last = codes.number(month)
    begun = min((int(start.min()) for (start,) in columns(stretches, "start_no") if len(start)), default=last)
    back = min(codes.SERIES_MONTHS, max(last - begun + 1, 1))
    first, flows_first = last - back + 1, max(last - codes.FLOW_MONTHS + 1, last - back + 1)
    leaves = codes.leaves(month).sort_by("area_no")
    area_at = places(leaves.column("area_no").to_numpy(), AREAS, 0)
    found: dict[str, list[pa.Table]] = {"series": [], "flows": [], "minority_series": []}
    words = _Words(leaves.column("area_code"), [months_later(month, 1 - back + at) for at in range(back)])
    for place in codes.PLACES:
        cells = len(leaves) * len(codes.SCHEMES)
        change, minority, short = np.zeros((3, cells, back), np.int32)
        lines = _Lines(change, minority, short, np.zeros((cells, last - flows_first + 1, _FLOWS), np.int32))
        seen, seen_minority = np.zeros((2, cells), np.bool_)
        names = (place, "scheme_no", "start_no", "end_no", "stay_no", "came", "went", "minority")
        for area, scheme, start, end, stay, came, went, of_minority in columns(stretches, *names):
            at = area_at[area] * len(codes.SCHEMES) + scheme
            told = of_minority.astype(np.bool_)
            moves = place == "managed"
            _add(at, start, end, stay, came, went, told, first, flows_first, last, moves, *lines, seen, seen_minority)
        for line in lines[:3]:
            np.cumsum(line, axis=1, out=line)
        found["series"].append(_series(words, place, lines.change, np.flatnonzero(seen)))
        found["minority_series"].append(_series(words, place, lines.minority, np.flatnonzero(seen_minority)))
        found["flows"].append(_flows(words, place, lines, np.flatnonzero(seen)))
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


@compiled
def _add(
    cells: Whole,
    start: Whole,
    end: Whole,
    stay: Whole,
    came: Whole,
    went: Whole,
    minority: NDArray[np.bool_],
    first: int,
    flows_first: int,
    last: int,
    moves: bool,
    change: Whole,
    of_minority: Whole,
    short: Whole,
    flows: Whole,
    seen: NDArray[np.bool_],
    seen_minority: NDArray[np.bool_],
) -> None:
    """Add stretches, each of a cell, to the lines of one place."""
    for row in range(len(cells)):
        cell = cells[row]
        seen[cell] = True
        begins = max(start[row], first)
        change[cell, begins - first] += 1
        ended = end[row] <= last
        if ended:
            change[cell, end[row] - first] -= 1
        if minority[row]:
            seen_minority[cell] = True
            of_minority[cell, begins - first] += 1
            if ended:
                of_minority[cell, end[row] - first] -= 1
        short_until = min(end[row], stay[row] + _SHORT)
        if start[row] < stay[row] + _SHORT and short_until > first:
            short[cell, begins - first] += 1
            if short_until <= last:
                short[cell, short_until - first] -= 1
        if start[row] >= flows_first:
            at = start[row] - flows_first
            if came[row] == _CAME_NEW:
                flows[cell, at, _NEW] += 1
            elif came[row] == _CAME_BACK:
                flows[cell, at, _RETURNED] += 1
            elif came[row] == _MOVED and moves:
                flows[cell, at, _MOVED_IN] += 1
        if ended and end[row] >= flows_first:
            at = end[row] - flows_first
            if went[row] >= _WENT_DEAD:
                flows[cell, at, _DIED + went[row] - _WENT_DEAD] += 1
                flows[cell, at, _LEFT_ALL] += 1
                if end[row] - stay[row] < _SHORT:
                    flows[cell, at, _LEFT_SHORT] += 1
            elif went[row] == _MOVED and moves:
                flows[cell, at, _MOVED_OUT] += 1


class _Words(NamedTuple):
    areas: pa.ChunkedArray
    months: list[date]

    def columns(self, place: str, cells: NDArray[np.int64], months: list[date]) -> dict[str, pa.Array]:
        """Return the words of each cell and month, as places in lists: as texts they are most of what is in memory."""
        area, scheme = np.divmod(np.repeat(cells, len(months)), len(codes.SCHEMES))

        def named(places: NDArray[Any], words: pa.Array) -> pa.DictionaryArray:
            return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), words)

        return {
            "area_code": named(area, self.areas.combine_chunks()),
            "place": named(np.full(len(area), codes.PLACES.index(place)), pa.array(codes.PLACES)),
            "scheme": named(scheme, pa.array(codes.SCHEMES)),
            "month": pa.array(np.tile(np.array(months, "datetime64[D]"), len(cells)), pa.date32()),
        }


def _series(words: _Words, place: str, people: Whole, cells: NDArray[np.int64]) -> pa.Table:
    told = words.columns(place, cells, words.months)
    return pa.table({**told, "participants": pa.array(people[cells].ravel(), pa.int64())})


def _flows(words: _Words, place: str, lines: _Lines, cells: NDArray[np.int64]) -> pa.Table:
    months = lines.flows.shape[1]
    told = words.columns(place, cells, words.months[-months:])
    people = np.concatenate([np.zeros((len(cells), 1), np.int32), lines.change[cells]], axis=1)
    flows = {name: lines.flows[cells, :, at] for at, name in enumerate(_FLOW_NAMES)}
    figures = {
        "opening": people[:, -months - 1 : -1],
        **{name: flows[name] for name in ("new", "returned", "moved_in")},
        **{name: flows[name] for name in _FLOW_NAMES if name.startswith("left_") and name != "left_short"},
        "moved_out": flows["moved_out"],
        "closing": people[:, -months:],
        "short_stay": lines.short[cells][:, -months:],
        "left_short": flows["left_short"],
    }
    counted = {name: pa.array(figure.ravel(), pa.int64()) for name, figure in figures.items()}
    return pa.table({**{name: told[name] for name in ("area_code", "place", "month", "scheme")}, **counted})
