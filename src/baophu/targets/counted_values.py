"""The counted values that targets are held against, by series and month, as whole numbers: value = num / den.

The table `indicators` is read once, a piece at a time, and its words become numbers by their dictionaries; joins by
four words cost ten times as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as parquet  # type: ignore[import-untyped]

from baophu.registers.compiled import compiled
from baophu.targets.following_tables import place_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baophu.engine.steps import Input

    Whole = NDArray[np.int64]
    Small = NDArray[np.int32]

# What was reported as a share alone has six decimals.
_SIX_DECIMALS = 1_000_000
_WORDS = ("area_code", "indicator", "place", "scope")
_NUMBERS = ("month", "numerator", "denominator", "value", "completeness")
_ROWS_AT_ONCE = 2**18
# A number of an area or kind that is not followed: so far below 0 that no other number brings it up.
_NOWHERE = -(2**29)
# Months from January of the year 0 to January 1970, from which NumPy counts.
_TO_1970 = 1970 * 12


class CountedValues(NamedTuple):
    """The values of series s stand from `first[s]` to before `first[s + 1]`, by month."""

    first: Whole
    month_no: Small
    num: Whole
    den: Whole
    completeness: NDArray[np.float64]


def counted_values(
    indicators: Input, kinds: Mapping[tuple[str, str], int], areas: Mapping[str, int], last: int
) -> CountedValues:
    """Return the values up to the month number `last` of the kinds (indicator, scope) that are followed, in every area.

    `indicators`: the table, or its files. A kind's place is that by which its indicator is followed.
    """
    rows = _rows(indicators)
    series, month = np.empty(rows, np.int32), np.empty(rows, np.int32)
    num, den, completeness = np.empty(rows, np.int64), np.empty(rows, np.int64), np.empty(rows)
    begin = 0
    for words, numbers in _pieces(indicators):
        here = slice(begin, begin + len(words[0]))
        month[here], num[here], den[here], completeness[here], known = _values(numbers)
        series[here] = np.where(known & (month[here] <= last), _series(words, kinds, areas), -1)
        begin = here.stop
    first, at = _by_series(series, month, len(kinds) * len(areas))
    return CountedValues(first, month[at], num[at], den[at], completeness[at])


def _rows(indicators: Input) -> int:
    if isinstance(indicators, pa.Table):
        return int(indicators.num_rows)
    return sum(parquet.read_metadata(path).num_rows for path in _paths(indicators))


def _paths(indicators: Path | Sequence[Path]) -> Sequence[Path]:
    return [indicators] if isinstance(indicators, Path) else indicators


def _pieces(indicators: Input) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yield the table's words as dictionary arrays and its numbers, a piece at a time."""
    if isinstance(indicators, pa.Table):
        yield from map(_parted, indicators.select([*_WORDS, *_NUMBERS]).to_batches(_ROWS_AT_ONCE))
        return
    for path in _paths(indicators):
        with parquet.ParquetFile(path, read_dictionary=list(_WORDS)) as opened:
            yield from map(_parted, opened.iter_batches(_ROWS_AT_ONCE, columns=[*_WORDS, *_NUMBERS]))


def _parted(batch: Any) -> tuple[list[Any], list[Any]]:
    words = [batch.column(name) for name in _WORDS]
    words = [one if pa.types.is_dictionary(one.type) else one.dictionary_encode() for one in words]
    return words, [batch.column(name) for name in _NUMBERS]


def _series(words: Sequence[Any], kinds: Mapping[tuple[str, str], int], areas: Mapping[str, int]) -> Small:
    """Return the number of each row's series, -1 where it is not followed."""
    area, indicator, place, scope = words
    names, places, scopes = (one.dictionary.to_pylist() for one in (indicator, place, scope))
    followed = {(name, place_of(name), of): number for (name, of), number in kinds.items()}
    area_no = np.array([areas.get(code, _NOWHERE) for code in area.dictionary.to_pylist()], np.int32)
    kind_no = np.array(
        [followed.get((name, at, of), _NOWHERE) for name in names for at in places for of in scopes], np.int32
    )
    kind = kind_no[(_codes(indicator) * len(places) + _codes(place)) * len(scopes) + _codes(scope)]
    found = area_no[_codes(area)] * len(kinds) + kind
    return np.where(found < 0, -1, found)


def _codes(words: Any) -> Small:
    return words.indices.to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def _values(numbers: Sequence[Any]) -> tuple[Any, ...]:
    """Return month number, numerator, denominator and completeness of each row, and whether it has a value."""
    month, numerator, denominator, value, completeness = numbers
    month_no = month.to_numpy(zero_copy_only=False).astype("datetime64[M]").astype(np.int32) + _TO_1970
    known = value.is_valid().to_numpy(zero_copy_only=False)
    num = numerator.fill_null(0).to_numpy()
    den = denominator.fill_null(1).to_numpy()
    if numerator.null_count:
        alone = numerator.is_null().to_numpy(zero_copy_only=False)
        share = np.round(value.fill_null(0.0).to_numpy() * _SIX_DECIMALS).astype(np.int64)
        num, den = np.where(alone, share, num), np.where(alone, _SIX_DECIMALS, den)
    complete = completeness.cast(pa.float64()).fill_null(float("nan")).to_numpy()
    return month_no, num, den, complete, known


@compiled
def _by_series(series: Small, month: Small, count: int) -> tuple[Whole, Whole]:
    """Return where each series begins, and the rows in the order of series and month; those of series -1 left out."""
    first = np.zeros(count + 1, np.int64)
    for of in series:
        if of >= 0:
            first[of + 1] += 1
    for of in range(count):
        first[of + 1] += first[of]
    rows, filled = np.empty(first[count], np.int64), first[:-1].copy()
    for row in range(len(series)):
        of = series[row]
        if of < 0:
            continue
        at = filled[of]
        filled[of] += 1
        # The table is in the order of months, so that nothing moves as a rule.
        while at > first[of] and month[rows[at - 1]] > month[row]:
            rows[at] = rows[at - 1]
            at -= 1
        rows[at] = row
    return first, rows
