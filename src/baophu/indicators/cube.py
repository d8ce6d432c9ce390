"""The cube: how many people of each kind and age band are in, by commune and month, in one pass over the stretches.

Every cell of a range of areas is a place in one array; a stretch adds one where it begins and takes one away where it
ends, and running sums over the months give the people. Grouping in SQL costs several times that: the registers' order
is not that of communes, so nearly every row meets another group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as parquet  # type: ignore[import-untyped]

from baophu.indicators import codes
from baophu.registers.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int32]
    Places = NDArray[np.uint32]

# How many months one cube can hold: counts.sql has a column for each.
MONTHS = 12
# As much of the array as is in memory at a time, in bytes.
ROOM = 512 * 2**20
AREAS, _KINDS = 100_000, 65_536
_CELLS_AT_ONCE = 2**20


def cells(
    stretches: Path, months: Sequence[date], place: str, out: Path, *, ranges: int | None = None
) -> list[tuple[Path, int]]:
    """Write the cells of the cube of up to twelve months by a place into a folder; return the files with their rows.

    `stretches`: as write_stretches gives them; `place`: `managed` or `resident`; `ranges`: in how many ranges of areas
    it is made, one in memory at a time, by default as many as are needed. A row holds `packed` (area, kind and band)
    and `n_01` … `n_12`, the people in each of the months, oldest first. An area not in force is the unknown one.
    """
    months = sorted(months)
    area_nos = np.array(sorted(codes.leaves(months[-1]).column("area_no").to_pylist()), np.int32)
    kinds, calendar = _kinds(stretches), _calendar(months)
    bands, cell = calendar.bands, 4 * len(months)
    ranges = ranges or max(1, -(-len(area_nos) * len(kinds) * bands * cell // ROOM))
    kind_at = places(kinds, _KINDS, 0)
    files = []
    for number, areas in enumerate(np.array_split(area_nos, ranges)):
        # The unknown area is the first of the first range.
        area_at = places(areas, AREAS, -1)
        if number == 0:
            area_at[~np.isin(np.arange(AREAS), area_nos)] = 0
        people = np.zeros(len(areas) * len(kinds) * bands * len(months), np.int32)
        for area, kind, birth, start, end in columns(stretches, place, "kind", "birth_no", "start_no", "end_no"):
            come, go = np.empty((2, len(area) * len(months)), np.uint32)
            found = _changes(area, kind, birth, start, end, area_at, kind_at, len(kinds), *calendar, come, go)
            _add_up(people, *found)
        table = people.reshape(-1, len(months))
        np.cumsum(table, axis=1, out=table)
        file = out / f"cells-{place}-{number:02}.parquet"
        files.append((file, _write(table, areas, kinds, bands, file)))
    return files


class _Calendar(NamedTuple):
    """What a stretch looks up: months as places among those asked for, and bands by month of birth.

    `month_at`: of each month from `month_from` on, the first place not before it; `band_in`: of each month of birth
    from `born_from` on, and in the last line of those whose birth is not known, the band in each month; `next_in`: the
    place of the next month in another band.
    """

    month_from: int
    month_at: Whole
    born_from: int
    band_in: Whole
    next_in: Whole
    bands: int


def _calendar(months: Sequence[date]) -> _Calendar:
    asked = np.array([codes.number(month) for month in months])
    every = np.arange(asked[0], asked[-1] + 2)
    born_from, band_in, bands = codes.bands_by_birth(months)
    next_in = np.full(band_in.shape, len(months), np.int32)
    for at in range(len(months) - 2, -1, -1):
        same = band_in[:, at] == band_in[:, at + 1]
        next_in[:, at] = np.where(same, next_in[:, at + 1], at + 1)
    return _Calendar(int(asked[0]), np.searchsorted(asked, every).astype(np.int32), born_from, band_in, next_in, bands)


def places(numbers: Whole, size: int, otherwise: int) -> Whole:
    """Return at each number its place among `numbers`."""
    places = np.full(size, otherwise, np.int32)
    places[numbers] = np.arange(len(numbers), dtype=np.int32)
    return places


@compiled
def _changes(
    area: Whole,
    kind: Whole,
    birth: Whole,
    start: Whole,
    end: Whole,
    area_at: Whole,
    kind_at: Whole,
    kinds: int,
    month_from: int,
    month_at: Whole,
    born_from: int,
    band_in: Whole,
    next_in: Whole,
    bands: int,
    come: Places,
    go: Places,
) -> tuple[Places, Places]:
    """Find where stretches begin in a cell and where they end before the last month, and return those places.

    Apart from the adding up, so that the processor can wait for many places of memory at once.
    """
    months, unknown, last = next_in.shape[1], len(band_in) - 1, len(month_at) - 1
    came = went = 0
    for row in range(len(area)):
        at = month_at[min(max(start[row] - month_from, 0), last)]
        end_at = month_at[min(max(end[row] - month_from, 0), last)]
        of_area = area_at[area[row]]
        if at >= end_at or of_area < 0:
            continue
        born = birth[row] - born_from if birth[row] >= born_from else unknown
        first = (of_area * kinds + kind_at[kind[row]]) * bands
        while at < end_at:
            place = (first + band_in[born, at]) * months
            come[came] = place + at
            came += 1
            at = min(next_in[born, at], end_at)
            if at < months:
                go[went] = place + at
                went += 1
    return come[:came], go[:went]


@compiled
def _add_up(people: Whole, come: Places, go: Places) -> None:
    for place in come:
        people[place] += 1
    for place in go:
        people[place] -= 1


def columns(file: Path, *names: str) -> Iterator[list[Whole]]:
    """Yield the columns of each group of rows."""
    with parquet.ParquetFile(file) as opened:
        for group in range(opened.num_row_groups):
            table = opened.read_row_group(group, columns=list(names), use_threads=False)
            yield [table.column(name).to_numpy() for name in names]


def _kinds(stretches: Path) -> Whole:
    seen = np.zeros(_KINDS, np.bool_)
    for (kind,) in columns(stretches, "kind"):
        _tick(seen, kind)
    return np.flatnonzero(seen).astype(np.int32)


@compiled
def _tick(seen: NDArray[np.bool_], numbers: Whole) -> None:
    for number in numbers:
        seen[number] = True


def _write(table: Whole, areas: Whole, kinds: Whole, bands: int, file: Path) -> int:
    """Write the cells with anybody in them, some at a time; return how many there are."""
    months, rows = table.shape[1], 0
    names = [f"n_{at:02}" for at in range(1, MONTHS + 1)]
    schema = pa.schema([("packed", pa.int64()), *((name, pa.int32()) for name in names)])
    with parquet.ParquetWriter(file, schema, compression="lz4", use_dictionary=False) as writer:
        for first in range(0, len(table), _CELLS_AT_ONCE):
            some = table[first : first + _CELLS_AT_ONCE]
            found = np.flatnonzero(some.any(axis=1))
            area, rest = np.divmod(first + found, len(kinds) * bands)
            kind, band = np.divmod(rest, bands)
            people = np.zeros((MONTHS, len(found)), np.int32)
            people[:months] = some[found].T
            packed = (areas[area].astype(np.int64) * _KINDS + kinds[kind]) * 32 + band
            writer.write_table(pa.table([packed, *people], schema=schema))
            rows += len(found)
    return rows
