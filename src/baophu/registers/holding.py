"""All that the warehouse holds of one person, row by row: what somebody who asks for his own data is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from baophu.core.excel import new_workbook
from baophu.registers.persons import carries, columns
from baophu.registers.store import registers

if TYPE_CHECKING:
    from baophu.registers.purging import Held

_NAME = 31
_PLACE = "place"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a person in files of one kind: where they lie (below the warehouse) beside what they say."""

    name: str
    heads: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def tables_of(home: Path, held: Held) -> list[Table]:
    """Return what was found of a person (`purging.find_person`), files of the same table together."""
    warehouse = home / "warehouse"
    found: dict[str, Table] = {}
    for share in held.files:
        parts = share.path.relative_to(warehouse).parts
        in_register = share.path.is_relative_to(registers(home))
        for table in _his(share.path, held, texts=not in_register):
            name = parts[1] if in_register else f"{parts[0]} {share.path.stem}"
            heads = (_PLACE, *table.column_names)
            # Loads of another time may have had other columns: they are a table of their own.
            key = f"{name}|{heads}"
            kept = found.setdefault(key, Table(name, heads, []))
            place = "/".join(parts[:-1])
            kept.rows.extend((place, *row.values()) for row in table.to_pylist())
    return list(found.values())


def _his(path: Path, held: Held, texts: bool) -> Iterator[pa.Table]:
    file = pq.ParquetFile(path)
    kinds = columns(file.schema_arrow)
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        hit = carries(table, held.who, kinds, texts)
        if hit.to_numpy().any():
            yield table.filter(hit)


def write_held(tables: list[Table], about: list[tuple[str, str]], title: str, path: Path) -> int:
    """Write tables to an Excel workbook, a sheet each, after one that says what it is; return the rows."""
    with new_workbook(path) as workbook:
        head = workbook.add_format({"bold": True, "bottom": 1})
        first = workbook.add_worksheet(title[:_NAME])
        first.set_column(0, 0, 24)
        first.set_column(1, 1, 80)
        for line, pair in enumerate(about):
            first.write_row(line, 0, pair)
        names: set[str] = {title[:_NAME].lower()}
        for table in tables:
            sheet = workbook.add_worksheet(_free(table.name, names))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(table.heads) - 1, 16)
            sheet.write_row(0, 0, table.heads, head)
            for line, row in enumerate(table.rows, 1):
                sheet.write_row(line, 0, ["" if value is None else _cell(value) for value in row])
    return sum(len(table.rows) for table in tables)


def _free(name: str, taken: set[str]) -> str:
    """Return a name of a sheet that no other has."""
    at, found = 1, name[:_NAME]
    while found.lower() in taken:
        at += 1
        found = f"{name[: _NAME - 4]} {at}"
    taken.add(found.lower())
    return found


def _cell(value: Any) -> str | int | float:
    """Return what a cell holds: small numbers as such; what has more digits than Excel keeps, and all else, as text."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**14:
        return value
    return str(value)
