"""The rows `followed`: every governing target in one or several months, its places among peers, and what is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from baophu.targets import comparing, placing
from baophu.targets.comparing import MET, REASONS, UNKNOWN, Compared, Goals, Moments
from baophu.targets.counted_values import counted_values
from baophu.targets.following_tables import AT_MOST, Followed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from baophu.engine.steps import Input

    Small = NDArray[np.int32]
    Double = NDArray[np.float64]

_PEERS, _CRITERIA = ("own", "similar"), ("achieved", "development")
_1970 = date(1970, 1, 1)


def following_rows(indicators: Input, followed: Followed, at: pa.Table, peers: pa.Table) -> pa.Table:
    """Return a row a target and moment; what cannot be said is empty, and `reason` says why.

    Columns: target_no, month_no, as_of, target, base, actual, achieved, achieved_at_least, development, yoy, gap, met,
    completeness, value_date, reason; own_no and similar_no, the numbers of its peer groups (-1: none); achieved_to_nine
    and development_to_nine, by which areas are ranked, and the places: own_achieved, similar_achieved, own_development,
    similar_development. `peers` as `ranking.peers_table` gives them.
    """
    moments = [(int(row["month_no"]), (row["as_of"] - _1970).days, int(row["year"])) for row in at.to_pylist()]
    months = [month for month, _, _ in moments]
    values = counted_values(indicators, followed.kinds, followed.areas, max(months, default=0))
    goals = Goals(*(_numbers(followed.table, name) for name in Goals._fields))
    year, area, family = (_numbers(followed.table, name) for name in ("year", "area_no", "family_no"))
    last_days = _last_days(max(months, default=0))
    groups = {peer: _groups(peers, f"{peer}_no", len(followed.areas))[area] for peer in _PEERS}
    rows_of = {wanted: np.flatnonzero(year == wanted) for wanted in {one for _, _, one in moments}}
    peers_of = {
        (wanted, peer): placing.peer_groups(family[rows], groups[peer][rows])
        for wanted, rows in rows_of.items()
        for peer in _PEERS
    }
    begins = np.cumsum([0, *(len(rows_of[wanted]) for _, _, wanted in moments)])
    found = comparing.room(begins[-1])
    to_nine = {name: np.empty(begins[-1]) for name in _CRITERIA}
    places = {(peer, name): np.zeros(begins[-1], np.int32) for name in _CRITERIA for peer in _PEERS}
    for wanted, rows in rows_of.items():
        looked_at = [(no, day, begin) for (no, day, of), begin in zip(moments, begins, strict=False) if of == wanted]
        given = Moments(*np.array(looked_at, np.int64).T.copy())
        comparing.compare(goals, rows, values, given, last_days, found)
    for (_, _, wanted), begin, end in zip(moments, begins, begins[1:], strict=False):
        rows = rows_of[wanted]
        for name in _CRITERIA:
            scores = to_nine[name][begin:end] = placing.nine_decimals(getattr(found, name)[begin:end])
            less = (goals.sense[rows] == AT_MOST) & (name == "achieved")
            of = [(peers_of[wanted, peer], places[peer, name][begin:end]) for peer in _PEERS]
            placing.write_places(scores, less, of)
    number = np.concatenate([np.zeros(0, np.int64), *(rows_of[wanted] for _, _, wanted in moments)])
    return pa.table(
        {
            "target_no": pa.array(number.astype(np.int32)),
            "month_no": _repeated(months, begins, pa.int32()),
            "as_of": _repeated([day for _, day, _ in moments], begins, pa.date32()),
            **_compared(found),
            **{f"{peer}_no": pa.array(groups[peer][number]) for peer in _PEERS},
            **{f"{name}_to_nine": _known(scores) for name, scores in to_nine.items()},
            **{f"{peer}_{name}": pa.array(given, mask=given == 0) for (peer, name), given in places.items()},
        }
    )


def _numbers(table: pa.Table, name: str) -> Any:
    """Return a column as NumPy, days as days since 1970."""
    column = table.column(name)
    days = pa.types.is_date(column.type)
    return (column.cast(pa.int32()) if days else column).to_numpy()


def _last_days(last: int) -> Small:
    """Return the last day, since 1970, of each month from number 0 (January of the year 0) to one."""
    after = np.arange(1, last + 2) - 1970 * 12
    return after.astype("datetime64[M]").astype("datetime64[D]").astype(np.int32) - 1


def _groups(peers: pa.Table, name: str, areas: int) -> Small:
    """Return the number of each area's peer group, -1 where it has none."""
    found = np.full(areas, -1, np.int32)
    found[peers["area_no"].to_numpy()] = peers[name].to_numpy()
    return found


def _repeated(given: Sequence[int], begins: NDArray[np.int64], kind: pa.DataType) -> pa.Array:
    """Return what is given of each moment in each of its rows."""
    return pa.array(np.repeat(np.array(given, np.int32), np.diff(begins))).cast(kind)


def _known(numbers: Double) -> pa.Array:
    return pa.array(numbers, mask=np.isnan(numbers))


def _compared(found: Compared) -> dict[str, pa.Array]:
    doubles = ("target", "base", "actual", "achieved", "development", "yoy", "gap", "completeness")
    return {
        **{name: _known(getattr(found, name)) for name in doubles},
        "achieved_at_least": _known(found.least),
        "met": pa.array(found.met == MET, mask=found.met == UNKNOWN),
        "value_date": pa.array(found.value_day, mask=found.value_day == 0).cast(pa.date32()),
        "reason": _reasons(found.reasons),
    }


def _reasons(bits: Small) -> pa.Array:
    """Return the words of the reasons that are in each row, with `;` between; empty where there is none."""
    seen = np.flatnonzero(np.bincount(bits))
    words = [";".join(name for bit, name in enumerate(REASONS) if both >> bit & 1) for both in seen]
    at = np.zeros(1 << len(REASONS), np.int32)
    at[seen] = np.arange(len(seen))
    return pa.DictionaryArray.from_arrays(pa.array(at[bits], mask=bits == 0), pa.array(words, pa.string()))
