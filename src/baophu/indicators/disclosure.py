"""What may leave the house: small numbers of people are left out, and enough others that none is had back.

A table of counts is cells and sums: a commune and its province, a band of age and the whole. Whoever reads it knows
every sum, and that no count is negative. So from the cells that are shown he can work out an interval for each that is
not; by linear programming, that interval must be as wide as the threshold. Where it is not, the least of the shown
cells beside it is left out as well, until every interval is wide enough.

Several published months, or counts of which one holds another (`any_si` and its two schemes), are not looked at
together.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from baophu.core.errors import BaophuError
from baophu.core.languages import Text

if TYPE_CHECKING:
    import polars as pl

    from baophu.results.store import Manifest

THRESHOLD = 10
ALL = "all"
# What HiGHS leaves over in its sums.
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others. A cell that the table does not have is a 0 that everybody sees."""

    total: Hashable
    parts: tuple[Hashable, ...]


@dataclass(slots=True)
class _Cells:
    """Cells by number, the sums they are in, and which are left out so far."""

    values: list[int]
    sums: list[tuple[int, list[int]]]
    threshold: int
    hidden: set[int] = field(default_factory=set)
    sums_of: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for at, (total, parts) in enumerate(self.sums):
            for cell in (total, *parts):
                self.sums_of.setdefault(cell, []).append(at)

    def beside(self, cells: Iterable[int]) -> int | None:
        """Return the least shown cell that shares a sum with one of these: people before zeros, parts before totals."""
        found = {
            (self.values[cell] == 0, cell == self.sums[at][0], self.values[cell], cell)
            for one in cells
            for at in self.sums_of.get(one, [])
            for cell in (self.sums[at][0], *self.sums[at][1])
            if cell not in self.hidden
        }
        return min(found)[3] if found else None

    def groups(self) -> list[list[int]]:
        """Return the cells left out, together with those that a sum joins them to."""
        seen: set[int] = set()
        found = []
        for first in sorted(self.hidden):
            if first in seen:
                continue
            seen.add(first)
            group, todo = [], [first]
            while todo:
                cell = todo.pop()
                group.append(cell)
                for at in self.sums_of.get(cell, []):
                    near = (set(self.sums[at][1]) | {self.sums[at][0]}) & self.hidden - seen
                    seen |= near
                    todo += sorted(near)
            found.append(sorted(group))
        return found


def protect(cells: Mapping[Hashable, int], sums: Sequence[Sum], threshold: int = THRESHOLD) -> set[Hashable]:
    """Return the cells to leave out, so that of none of them an interval narrower than the threshold can be worked out.

    Counts from 1 to below the threshold are left out, and others with them. BaophuError where a sum is none: then the
    table is wrong, and what it tells of its cells is not known.
    """
    names = list(cells)
    place = {name: at for at, name in enumerate(names)}
    linked = [
        (place[one.total], [place[part] for part in one.parts if part in place]) for one in sums if one.total in place
    ]
    values = [cells[name] for name in names]
    for total, parts in linked:
        if values[total] != sum(values[part] for part in parts):
            raise BaophuError(
                Text(
                    f"Tổng {names[total]} không bằng các phần của nó; chưa thể công bố bảng này.",
                    f"{names[total]} is not the sum of its parts; this table cannot be published.",
                )
            )
    found = _Cells(values, linked, threshold)
    found.hidden = {at for at, value in enumerate(values) if 0 < value < threshold}
    _hide_lone(found)
    done: set[tuple[int, ...]] = set()
    while True:
        exposed = [(group, _exposed(found, group)) for group in found.groups() if tuple(group) not in done]
        done |= {tuple(group) for group, cells_exposed in exposed if not cells_exposed}
        added = False
        for group, cells_exposed in exposed:
            for cell in cells_exposed:
                more = found.beside([cell])
                more = more if more is not None else found.beside(group)
                if more is not None:
                    found.hidden.add(more)
                    added = True
        if not added:
            return {names[at] for at in found.hidden}


def _hide_lone(cells: _Cells) -> None:
    """Leave out a second cell wherever a sum has lost one alone, and a third where the lost ones are too few people."""
    todo = {at for cell in cells.hidden for at in cells.sums_of.get(cell, [])}
    while todo:
        total, parts = cells.sums[todo.pop()]
        lost = [cell for cell in parts if cell in cells.hidden]
        if total in cells.hidden:
            enough = bool(lost)
        else:
            enough = not lost or (len(lost) > 1 and sum(cells.values[cell] for cell in lost) >= cells.threshold)
        if enough:
            continue
        shown = [cell for cell in parts if cell not in cells.hidden] or [total]
        more = min(shown, key=lambda cell: (cells.values[cell] == 0, cells.values[cell], cell))
        if more in cells.hidden:
            continue
        cells.hidden.add(more)
        todo |= set(cells.sums_of[more])


def interval(
    cells: Mapping[Hashable, int], sums: Sequence[Sum], hidden: set[Hashable], cell: Hashable
) -> tuple[float, float]:
    """Return the least and most that a cell left out can be, by all that is shown."""
    names = list(cells)
    place = {name: at for at, name in enumerate(names)}
    linked = [(place[one.total], [place[part] for part in one.parts if part in place]) for one in sums]
    whole = _Cells([cells[name] for name in names], linked, 0, {place[name] for name in hidden})
    group = sorted(whole.hidden)
    return _interval(_model(whole, group), group.index(place[cell]))


def _exposed(cells: _Cells, group: list[int]) -> list[int]:
    """Return the cells of a group whose interval is too narrow.

    Each solution is a table that all who see the sums must take to be possible, so it widens what is known of the
    intervals of all cells; of most, enough is soon known.
    """
    import numpy as np

    model = _model(cells, group)
    low = np.array([cells.values[cell] for cell in group], dtype=float)
    high = low.copy()
    exposed = []
    for at, cell in enumerate(group):
        if high[at] - low[at] >= cells.threshold:
            continue
        found = _interval(model, at)
        if found[1] - found[0] < cells.threshold - _SLACK:
            exposed.append(cell)
        told = np.array(model.getSolution().col_value)
        if len(told) == len(group) and found[1] < float("inf"):
            low, high = np.minimum(low, told), np.maximum(high, told)
    return exposed


def _model(cells: _Cells, group: list[int]) -> Any:
    """Return the linear program of a group: what its cells can be by the sums that are shown."""
    import highspy
    import numpy as np

    inside = {cell: at for at, cell in enumerate(group)}
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    for _ in group:
        model.addVar(0.0, highspy.kHighsInf)
    for at in sorted({at for cell in group for at in cells.sums_of.get(cell, [])}):
        total, parts = cells.sums[at]
        signs = [(inside[cell], 1.0) for cell in parts if cell in inside]
        known = sum(cells.values[cell] for cell in parts if cell not in inside)
        right = -float(known)
        if total in inside:
            signs.append((inside[total], -1.0))
        else:
            right += cells.values[total]
        if signs:
            index = np.array([sign[0] for sign in signs], dtype=np.int32)
            model.addRow(right, right, len(signs), index, np.array([sign[1] for sign in signs]))
    return model


def _interval(model: Any, at: int) -> tuple[float, float]:
    """Return the least and most that a variable of a program can be; the solution that is left is that of the most."""
    import highspy

    edges = []
    for way in (1.0, -1.0):
        model.changeColCost(at, way)
        model.run()
        unbounded = model.getModelStatus() != highspy.HighsModelStatus.kOptimal
        edges.append(float("inf") if unbounded and way < 0 else model.getInfo().objective_function_value)
    model.changeColCost(at, 0.0)
    return edges[0], abs(edges[1])


def rounded(value: int, base: int) -> int:
    """Round a count to a multiple of a base, halves up.

    >>> [rounded(value, 5) for value in (0, 2, 3, 12, 13)]
    [0, 0, 5, 10, 15]
    """
    return (2 * value + base) // (2 * base) * base


def public_breakdowns(
    home: Path, run: Manifest, month: date, *, place: str = "managed", threshold: int = THRESHOLD, base: int = 1
) -> pl.DataFrame:
    """Return what may be published of a run's `breakdowns` of a month, as a table that tells what was left out.

    Columns: area_code, scheme, dimension, member, participants (empty where left out), suppressed. Totals stand under
    the dimension and member `all`; communes have a total only, the country and provinces are parted too. With a `base`
    above 1 what is shown is rounded to multiples of it, after the cells to leave out were chosen on the exact counts.
    """
    import polars as pl

    from baophu.results import store

    files = store.table(home, run, "breakdowns")
    table = pl.scan_parquet(files).filter((pl.col("month") == month) & (pl.col("place") == place)).collect()
    parent = parents(month)
    parts = [_public(one, parent, threshold, base) for one in table.partition_by("scheme", maintain_order=True)]
    shape = {"area_code": pl.String, "scheme": pl.String, "dimension": pl.String, "member": pl.String}
    empty = pl.DataFrame(schema={**shape, "participants": pl.Int64, "suppressed": pl.Boolean})
    return pl.concat([empty, *parts]).sort("area_code", "scheme", "dimension", "member")


def parents(on: date) -> dict[str, str]:
    """Return the area above each area, of those that are not known too."""
    from baophu.areas.units import COUNTRY, tree
    from baophu.indicators.codes import UNKNOWN_AREA, UNKNOWN_IN

    areas = tree(on)
    found = {area.code: str(area.parent) for area in (*areas.provinces, *areas.communes)}
    return found | {area.code + UNKNOWN_IN: area.code for area in areas.provinces} | {UNKNOWN_AREA: COUNTRY}


def _public(table: pl.DataFrame, parent: Mapping[str, str], threshold: int, base: int) -> pl.DataFrame:
    import polars as pl

    scheme = table["scheme"][0]
    cells: dict[Hashable, int] = {}
    dimensions: dict[str, set[str]] = {}
    rows = table.select("area_code", "dimension", "member", "participants").rows()
    for area, dimension, member, number in rows:
        if parent.get(parent.get(area, "")) is None:
            dimensions.setdefault(dimension, set()).add(member)
            cells[area, dimension, member] = number
        if dimension == rows[0][1]:
            cells[area, ALL, ALL] = cells.get((area, ALL, ALL), 0) + number
    hidden = protect(cells, tree_sums(cells, parent, dimensions), threshold)
    told: list[dict[str, Any]] = [
        {
            "area_code": key[0],  # type: ignore[index]
            "scheme": scheme,
            "dimension": key[1],  # type: ignore[index]
            "member": key[2],  # type: ignore[index]
            "participants": None if key in hidden else rounded(number, base),
            "suppressed": key in hidden,
        }
        for key, number in cells.items()
    ]
    return pl.DataFrame(told, schema_overrides={"participants": pl.Int64})


def tree_sums(
    cells: Mapping[Hashable, int], parent: Mapping[str, str], dimensions: Mapping[str, Iterable[str]]
) -> list[Sum]:
    """Return the sums of cells named (area, dimension, member): areas below an area, and members of a dimension.

    An area of which no member of a dimension is there is not parted by it.
    """
    found = []
    below: dict[tuple[str, str, str], list[Hashable]] = {}
    areas = set()
    for key in cells:
        area, dimension, member = cast("tuple[str, str, str]", key)
        areas.add(area)
        if area in parent:
            below.setdefault((parent[area], dimension, member), []).append(key)
    found += [Sum(total, tuple(parts)) for total, parts in below.items()]
    for area in sorted(areas):
        for dimension, members in dimensions.items():
            parts = tuple((area, dimension, member) for member in sorted(members) if (area, dimension, member) in cells)
            if parts:
                found.append(Sum((area, ALL, ALL), parts))
    return found
