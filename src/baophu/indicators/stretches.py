"""The stretches of people: times in which a person counts in one place, no two of a person and scheme at once.

Where several spells run together, the one that begins latest counts; of those that begin together the least commune,
group and sector. A spell inside a longer one cuts it in two.

The rows of a person are brought together by his number in arrays, not by sorting, and each person is looked at once.
Windows in SQL took two and a half times as long.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as parquet  # type: ignore[import-untyped]

from baophu.indicators.cube import columns
from baophu.registers.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int32]
    Long = NDArray[np.int64]

# As much of the spells and people as is in memory at a time, in bytes.
ROOM = 1024 * 2**20
_ROW, _PERSON = 20, 32
# The most buckets, in bits: 16 bytes each, beside ROOM.
_BUCKETS = 24
# A bucket holds the rows of a few people; one with more rows than this is sorted another way.
_FEW = 64
_AT_ONCE = 500_000
# How a stretch came and went. Who left has died, retired, lost his employer, or has no reason that is known.
_NEW, _RETURNED, _GOES_ON, _MOVES, _DIED, _RETIRED, _CLOSED, _LEFT = 1, 2, 3, 4, 5, 6, 7, 8
# As people.sql has it of who has not died or retired.
_NEVER = 999_999
_NAMES = (
    "scheme_no", "managed", "resident", "kind", "birth_no", "start_no", "end_no", "stay_no", "came", "went", "minority",
)  # fmt: skip


class _Rows(NamedTuple):
    """Rows by bucket: `whose` they are, what they tell, and where the rows of each bucket begin."""

    whose: Long
    told: Whole
    begins: Long


def write_stretches(
    taking_part: Path, people: Path, out: Path, *, first: int, oldest: int, last: int, ranges: int | None = None
) -> int:
    """Write the stretches with all that is counted of them, and without who they are; return how many there are.

    `taking_part`, `people`: as their SQL gives them. `first`: stretches that ended before it are left out; a birth that
    is not between `oldest` and `last` is not known; all three are numbers of months. `ranges`: in how many ranges of
    people it is done, one in memory at a time, by default as many as are needed.

    A row: `scheme_no`; `managed` and `resident`, numbers of areas; `kind`, which packs scheme, sex, group and sector;
    `birth_no`; `start_no`, `end_no` (the month after); `stay_no`, since when he is in without a gap; `came`: 1 new,
    2 returned, 3 goes on in the same place, 4 moved in; `went`: 3 goes on, 4 moved out, left: 5 died, 6 retired, 7 the
    employer closed, 8 no reason is known; `minority`.
    """
    with parquet.ParquetFile(taking_part) as spells, parquet.ParquetFile(people) as persons:
        rows, known = spells.metadata.num_rows, persons.metadata.num_rows
    # A bucket for every four rows, or as many as may be.
    shift = 64 - min(max(1, (rows // 4).bit_length()), _BUCKETS)
    sizes, sizes_known = np.zeros((2, 1 << (64 - shift)), np.int64)
    for (who,) in columns(taking_part, "who"):
        _add_sizes(who.astype(np.int64, copy=False) // 8, shift, sizes)
    for (person,) in columns(people, "person"):
        _add_sizes(person.astype(np.int64, copy=False), shift, sizes_known)
    ranges = ranges or max(1, -(-(rows * _ROW + known * _PERSON) // ROOM))
    schema = pa.schema([*((name, pa.int32()) for name in _NAMES[:-1]), ("minority", pa.bool_())])
    written = 0
    with parquet.ParquetWriter(out, schema, compression="lz4", use_dictionary=False) as writer:
        for some in np.array_split(np.arange(len(sizes)), ranges):
            low, high = int(some[0]), int(some[-1]) + 1
            of_spells = _gathered(taking_part, ("who", "what", "start_no", "end_no"), 8, sizes[low:high], low, shift)
            facts = ("person", "sex_no", "birth_no", "resident", "died_no", "retired_no", "minority")
            of_people = _gathered(people, facts, 1, sizes_known[low:high], low, shift)
            most = int(sizes[low:high].max())
            stack, pieces = np.empty(most, np.int64), np.empty((2 * most, 3), np.int32)
            at, begins = 0, of_spells.begins
            while at < high - low:
                to = max(int(np.searchsorted(begins, begins[at] + _AT_ONCE, "right")) - 1, at + 1)
                found = np.empty((len(_NAMES), 2 * int(begins[to] - begins[at])), np.int32)
                size = _stretch(*of_spells, *of_people, at, to, first, oldest, last, stack, pieces, found)
                told = [pa.array(column[:size]) for column in found[:-1]]
                writer.write_table(pa.table([*told, pa.array(found[-1, :size].astype(np.bool_))], schema=schema))
                written, at = written + size, to
    return written


def _gathered(file: Path, names: tuple[str, ...], schemes: int, sizes: Long, low: int, shift: int) -> _Rows:
    """Read the rows of a range of buckets; the first column says whose they are, and in which of `schemes`."""
    begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    found = _Rows(np.empty(begins[-1], np.int64), np.empty((begins[-1], len(names) - 1), np.int32), begins)
    free = begins[:-1].copy()
    for whose, *told in columns(file, *names):
        facts = np.stack([column.astype(np.int32, copy=False) for column in told])
        _place(whose.astype(np.int64, copy=False), schemes, facts, shift, low, free, found.whose, found.told)
    return found


@compiled
def _bucket(person: int, shift: int) -> np.int64:
    # Numbers of one province lie together; multiplied by 2^64 over the golden ratio they are spread evenly.
    return np.int64((np.uint64(person) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(shift))


@compiled
def _add_sizes(people: Long, shift: int, sizes: Long) -> None:
    for person in people:
        sizes[_bucket(person, shift)] += 1


@compiled
def _place(
    whose: Long, schemes: int, facts: Whole, shift: int, low: int, free: Long, to_whose: Long, to_told: Whole
) -> None:
    for row in range(len(whose)):
        bucket = _bucket(whose[row] // schemes, shift) - low
        if 0 <= bucket < len(free):
            at = free[bucket]
            free[bucket] += 1
            to_whose[at] = whose[row]
            for column in range(len(facts)):
                to_told[at, column] = facts[column, row]


@compiled
def _after(who: int, spell: Whole, other_who: int, other: Whole) -> bool:
    """Say whether a row comes after another: by whose they are, later beginning, lesser place, sooner end."""
    if who != other_who:
        return who > other_who
    if spell[1] != other[1]:
        return bool(spell[1] > other[1])
    if spell[0] != other[0]:
        return bool(spell[0] < other[0])
    return bool(spell[2] < other[2])


@compiled
def _sort(whose: Long, spells: Whole) -> None:
    """Put the rows of one bucket in order."""
    if len(whose) > _FEW:
        order = np.argsort(-spells[:, 2], kind="mergesort")
        order = order[np.argsort(-spells[order, 0], kind="mergesort")]
        order = order[np.argsort(spells[order, 1], kind="mergesort")]
        order = order[np.argsort(whose[order], kind="mergesort")]
        whose[:] = whose[order]
        spells[:] = spells[order]
        return
    for row in range(1, len(whose)):
        who, spell, at = whose[row], spells[row].copy(), row
        while at > 0 and _after(whose[at - 1], spells[at - 1], who, spell):
            whose[at], spells[at] = whose[at - 1], spells[at - 1]
            at -= 1
        whose[at], spells[at] = who, spell


@compiled
def _cut(spells: Whole, stack: Long, pieces: Whole) -> int:
    """Cut one person's spells, in order, into pieces (what, start, end); return how many.

    On the stack are the spells that have begun, the latest on top: it counts until it ends or another begins.
    """
    size = open_ = now = 0
    for row in range(len(spells) + 1):
        begins = int(spells[row, 1]) if row < len(spells) else _NEVER
        while open_ > 0 and now < begins:
            top = spells[stack[open_ - 1]]
            if top[2] <= now:
                open_ -= 1
                continue
            until = int(min(top[2], begins))
            pieces[size, 0], pieces[size, 1], pieces[size, 2] = top[0], now, until
            size += 1
            now = until
        if row < len(spells):
            stack[open_] = row
            open_ += 1
            now = begins
    return size


@compiled
def _stretch(
    whose: Long,
    spells: Whole,
    begins: Long,
    people: Long,
    facts: Whole,
    people_begin: Long,
    at: int,
    to: int,
    first: int,
    oldest: int,
    last: int,
    stack: Long,
    pieces: Whole,
    found: Whole,
) -> int:
    """Write the stretches of the buckets `at` to `to`; return how many."""
    nobody = np.array([0, -1, 0, _NEVER, _NEVER, 0], np.int32)
    size = 0
    for bucket in range(at, to):
        row, ends = begins[bucket], begins[bucket + 1]
        _sort(whose[row:ends], spells[row:ends])
        while row < ends:
            who, begun = whose[row], row
            while row < ends and whose[row] == who:
                row += 1
            person = nobody
            for one in range(people_begin[bucket], people_begin[bucket + 1]):
                if people[one] == who // 8:
                    person = facts[one]
                    break
            sex, born, lives, died, retired, minority = person
            if not oldest <= born <= last:
                born = -1
            number = _cut(spells[begun:row], stack, pieces)
            stay = 0
            for piece in range(number):
                what, start, end = pieces[piece]
                came, went = _NEW, _LEFT
                if piece > 0 and pieces[piece - 1, 2] < start:
                    came = _RETURNED
                elif piece > 0:
                    came = _GOES_ON if pieces[piece - 1, 0] // 512 == what // 512 else _MOVES
                if came <= _RETURNED:
                    stay = start
                if piece + 1 < number and pieces[piece + 1, 1] == end:
                    went = _GOES_ON if pieces[piece + 1, 0] // 512 == what // 512 else _MOVES
                elif died <= end:
                    went = _DIED
                elif retired <= end + 1:
                    went = _RETIRED
                elif what % 2 == 1:
                    went = _CLOSED
                if end <= first:
                    continue
                kind = ((who % 8 * 4 + sex) * 32 + what // 16 % 32) * 8 + what // 2 % 8
                told = found[:, size]
                told[0], told[1], told[2], told[3] = who % 8, what // 512, lives, kind
                told[4], told[5], told[6], told[7] = born, start, end, stay
                told[8], told[9], told[10] = came, went, minority
                size += 1
    return size
