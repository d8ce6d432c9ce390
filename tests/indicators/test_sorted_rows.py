"""Rows that are written in an order: the order that comparing them one by one gives, whatever their types."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
from hypothesis import given
from hypothesis import strategies as some

from baophu.indicators.counting import write_sorted

KINDS = {"area_code": pa.string(), "month": pa.date32(), "number": pa.int64(), "came": pa.int64()}
ROWS = some.lists(
    some.tuples(
        some.sampled_from(["", "01", "VN", "đ", None]),
        some.dates(date(2026, 1, 1), date(2026, 4, 1)),
        some.one_of(some.none(), some.integers(-3, 300)),
    )
)


def written(rows: list[tuple[Any, ...]], by: tuple[str, ...]) -> list[dict[str, Any]]:
    columns = zip(*((*row, came) for came, row in enumerate(rows)), strict=True) if rows else ([] for _ in KINDS)
    table = pa.table([pa.array(values, kind) for values, kind in zip(columns, KINDS.values(), strict=True)], [*KINDS])
    with TemporaryDirectory() as place:
        file = Path(place) / "rows.parquet"
        assert write_sorted(table, by, file) == len(rows)
        told = parquet.read_table(file)
    assert told.schema == table.schema
    return told.to_pylist()  # type: ignore[no-any-return]


@given(ROWS)
def test_rows_stand_in_the_order_asked_for_and_none_last(rows: list[tuple[Any, ...]]) -> None:
    by = ("area_code", "number", "month")
    found = written(rows, by)
    # Rows that are alike stay in the order in which they came.
    assert found == sorted(
        ({**dict(zip(KINDS, row, strict=False)), "came": came} for came, row in enumerate(rows)),
        key=lambda row: [(row[name] is None, "" if row[name] is None else row[name]) for name in by],
    )


def test_a_large_table_is_written_in_groups_of_which_a_view_reads_few(tmp_path: Path) -> None:
    table = pa.table({"area_code": [f"{number % 100:02}" for number in range(50_000)]})
    write_sorted(table, ["area_code"], tmp_path / "rows.parquet")
    with parquet.ParquetFile(tmp_path / "rows.parquet") as file:
        assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [20_000, 20_000, 10_000]
    assert parquet.read_table(tmp_path / "rows.parquet")["area_code"].to_pylist() == sorted(
        table["area_code"].to_pylist()
    )
