"""Names in plain letters, as their keys were made: what letters are counted on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


def folded(names: Path, key: str = "full_key", name: str = "full_name") -> pa.Table:
    """Return the words of each name key of a Parquet file, once: `full_key`, `words`.

    A key is a hash of its words, so any name that has the key gives them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    from baophu.registers.names import fold_name

    table = pq.read_table(names, columns=[key, name])
    one = dict(zip(table.column(key).to_pylist(), table.column(name).to_pylist(), strict=True))
    one.pop(None, None)
    words = [fold_name(given) for given in one.values()]
    return pa.table({"full_key": pa.array(one.keys(), pa.int64()), "words": pa.array(words, pa.string())})
