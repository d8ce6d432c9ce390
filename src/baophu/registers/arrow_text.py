"""A column of text as the flat buffers that compiled kernels walk over, from Arrow or Polars."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

Column: TypeAlias = "pa.Array | pa.ChunkedArray | pl.Series"

Bytes: TypeAlias = npt.NDArray[np.uint8]
Longs: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


class Buffers(NamedTuple):
    """UTF-8 bytes, where each row begins and ends in them, and whether it has a value."""

    data: Bytes
    offsets: Longs
    valid: Flags


def as_arrow(column: Column) -> Any:
    """Return a column as one Arrow array; what was in chunks is joined."""
    if isinstance(column, pl.Series):
        column = column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum) else column
        column = column.to_arrow()
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks)
    return column


def as_text(column: Column) -> Any:
    """Return a column of text of any kind as one Arrow array of `large_string`."""
    array = as_arrow(column)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array if pa.types.is_large_string(array.type) else array.cast(pa.large_string())


def buffers(text: Any) -> Buffers:
    """Return the buffers of a `large_string` array, without copying the text; slices are minded."""
    rows = len(text)
    if rows == 0:
        return Buffers(_frozen(np.empty(0, np.uint8)), _frozen(np.zeros(1, np.int64)), np.empty(0, np.bool_))
    _, offsets, data = text.buffers()
    starts = np.frombuffer(offsets, np.int64)[text.offset : text.offset + rows + 1]
    letters = np.frombuffer(data, np.uint8) if data is not None and data.size else np.empty(0, np.uint8)
    valid = text.is_valid().to_numpy(zero_copy_only=False) if text.null_count else np.ones(rows, np.bool_)
    return Buffers(_frozen(letters), _frozen(starts), valid)


def _frozen(array: Any) -> Any:
    """Kernels are compiled once for arrays that cannot be written to, as Arrow's are."""
    array = array.view()
    array.flags.writeable = False
    return array
