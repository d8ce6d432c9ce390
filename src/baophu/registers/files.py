"""The files of one load while they are written: the rows that go on, those held, and what is wrong with the others."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from baophu.core.hashes import sha256
from baophu.registers.checking import literal
from baophu.registers.contracts import Contract
from baophu.registers.rejects import Reject, reason
from baophu.registers.store import Stored

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HELD = "held.parquet"
REJECTS = "rejects.parquet"
MARKED = "rejects-"
_ROW_GROUP = 491_520
_FILE_ROWS = 4_915_200
# Many months in one file must not fill the memory with their unfinished groups.
_MOST_WAITING = 4 * _ROW_GROUP
_UNSTORED = ("_fate", "_reasons", "_cells", "_key")

_REJECT_SCHEMA = pa.schema(
    [
        ("file_number", pa.int32()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("reason_vi", pa.string()),
        ("reason_en", pa.string()),
        ("fate", pa.string()),
    ]
)


class _Month:
    """The rows of one month (or of all): groups that are written, in files of a certain length."""

    def __init__(self, place: Path, month: date | None) -> None:
        self.month = month
        self._place = place
        self._files = 0
        self._writer: pq.ParquetWriter | None = None
        self._in_file = 0
        self._waiting: list[pa.RecordBatch] = []
        self.waiting = 0

    def add(self, batch: pa.RecordBatch) -> None:
        self._waiting.append(batch)
        self.waiting += batch.num_rows
        if self.waiting >= _ROW_GROUP:
            self.flush()

    def flush(self) -> None:
        if not self._waiting:
            return
        table = pa.Table.from_batches(self._waiting)
        if self._writer is None:
            self._files += 1
            month = f"{self.month:%Y-%m}-" if self.month else ""
            self._writer = _writer(self._place / f"data-{month}{self._files:04}.parquet", table.schema)
        self._writer.write_table(table, row_group_size=_ROW_GROUP)
        self._in_file += table.num_rows
        self._waiting, self.waiting = [], 0
        if self._in_file >= _FILE_ROWS:
            self.close()

    def close(self) -> None:
        self.flush()
        if self._writer is not None:
            self._writer.close()
            self._writer, self._in_file = None, 0

    def abandon(self) -> None:
        if self._writer is not None:
            with suppress(OSError, pa.ArrowException):
                self._writer.close()


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)


class Files:
    """The files of one load. Whoever leaves the block by an error leaves no open file."""

    def __init__(self, place: Path, contract: Contract) -> None:
        self._place, self._contract = place, contract
        self._month_column = contract.month_column if contract.replaces == "month" else None
        self._months: dict[date | None, _Month] = {}
        self._held: pq.ParquetWriter | None = None
        self._rejects: pq.ParquetWriter | None = None
        self._words: dict[tuple[str, str], tuple[str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close_data()
            if self._rejects is not None:
                self._rejects.close()
            return
        for month in self._months.values():
            month.abandon()
        for writer in (self._held, self._rejects):
            if writer is not None:
                with suppress(OSError, pa.ArrowException):
                    writer.close()

    def add_data(self, batch: pa.RecordBatch) -> None:
        """Take rows that go on."""
        if not batch.num_rows:
            return
        batch = batch.drop_columns(list(_UNSTORED))
        if self._month_column is None:
            self._into(None, batch)
        else:
            column = batch.column(self._month_column)
            bounds = pc.min_max(column).as_py()
            if bounds["min"] == bounds["max"]:
                self._into(bounds["min"], batch)
            else:
                for month in pc.unique(column):
                    self._into(month.as_py(), batch.filter(pc.equal(column, month)))
        if sum(month.waiting for month in self._months.values()) > _MOST_WAITING:
            for month in self._months.values():
                month.flush()

    def _into(self, month: date | None, batch: pa.RecordBatch) -> None:
        if month not in self._months:
            self._months[month] = _Month(self._place, month)
        self._months[month].add(batch)

    def add_held(self, batch: pa.RecordBatch) -> None:
        """Take rows that wait for a person; `_reasons` says for what."""
        if batch.num_rows:
            batch = batch.drop_columns([name for name in _UNSTORED if name != "_reasons"])
            if self._held is None:
                self._held = _writer(self._place / HELD, batch.schema)
            self._held.write_batch(batch)

    def add_rejects(self, found: list[Reject]) -> None:
        """Take what is wrong with rows."""
        if not found:
            return
        if self._rejects is None:
            self._rejects = _writer(self._place / REJECTS, _REJECT_SCHEMA)
        words = [self._said(one.column, one.code) for one in found]
        columns = [
            [one.file for one in found],
            [one.row for one in found],
            [one.column for one in found],
            [one.value for one in found],
            [one.code for one in found],
            [vi for vi, _ in words],
            [en for _, en in words],
            [one.fate for one in found],
        ]
        arrays = [pa.array(column, kind.type) for column, kind in zip(columns, _REJECT_SCHEMA, strict=True)]
        self._rejects.write_table(pa.Table.from_arrays(arrays, schema=_REJECT_SCHEMA))

    def _said(self, column: str, code: str) -> tuple[str, str]:
        if (column, code) not in self._words:
            words = reason(self._contract, column, code)
            self._words[column, code] = (words.vi, words.en)
        return self._words[column, code]

    def close_data(self) -> None:
        """Finish the files of rows; rejects may still follow."""
        for month in self._months.values():
            month.close()
        if self._held is not None:
            self._held.close()
            self._held = None

    def row_files(self) -> list[Path]:
        """Return the finished files that hold rows."""
        return [path for path in sorted(self._place.glob("*.parquet")) if path.name != REJECTS]

    def hold(self, connection: DuckDBPyConnection, path: Path, moved: str) -> None:
        """Write the held file again with rows of another; `moved` is SQL of their `_file`, `_row` and `_reasons`."""
        held, kept = self._place / HELD, self._place / f"kept-{HELD}"
        before = f"SELECT * FROM read_parquet({literal(str(held))}) UNION ALL BY NAME " if held.exists() else ""  # noqa: S608
        connection.execute(f"""
            COPY ({before} SELECT * FROM read_parquet({literal(str(path))}, hive_partitioning = false)
                  JOIN ({moved}) USING (_file, _row))
            TO {literal(str(kept))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")  # noqa: S608
        kept.replace(held)

    def without(self, connection: DuckDBPyConnection, path: Path, gone: str) -> None:
        """Write a file again without some rows; `gone` is SQL of their `_file` and `_row`."""
        kept = path.with_name(f"kept-{path.name}")
        connection.execute(f"""
            COPY (SELECT * FROM read_parquet({literal(str(path))}, hive_partitioning = false)
                  WHERE (_file, _row) NOT IN ({gone}))
            TO {literal(str(kept))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
                ROW_GROUP_SIZE {_ROW_GROUP})""")  # noqa: S608
        path.unlink()
        if pq.read_metadata(kept).num_rows:
            kept.rename(path)
        else:
            kept.unlink()

    def stored(self) -> list[Stored]:
        """Return the finished files with what they hold, told by themselves."""
        return [self._one(path) for path in sorted(self._place.glob("*.parquet"))]

    def _one(self, path: Path) -> Stored:
        month = None
        if self._month_column and path.name.startswith("data-"):
            month = date.fromisoformat(f"{path.name[5:12]}-01")
        return Stored(name=path.name, rows=pq.read_metadata(path).num_rows, sha256=sha256(path), month=month)
