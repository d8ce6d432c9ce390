"""What a load is held against outside its own files: the rows of other loads, and the tables that its columns refer to.

Both are one statement at the end of a load, over the columns concerned only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from baophu.registers import store
from baophu.registers.checking import literal, quoted
from baophu.registers.contracts import Contract

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNKNOWN = "unknown.parquet"
"""Which loaded rows name something that the table referred to did not hold: `file_number`, `row`, `column`."""

FLAG = "unknown_reference"


class Found(NamedTuple):
    """What came of holding references against their tables."""

    unknown: Counter[str]
    """`column|unknown_reference` -> how many rows"""
    unchecked: tuple[str, ...]
    """The columns whose table is not loaded."""


def known_elsewhere(
    connection: DuckDBPyConnection, home: Path, contract: Contract, files: Iterable[Path], into: str
) -> int:
    """Find the rows whose key another load of the table holds; return how many.

    They are put into the table `into`: `_file`, `_row`, `filename`, `_value` (the key), `load` (the first that has it)
    and `same` (whether one has just the same row).
    """
    before, new = store.current(home, contract.table), list(files)
    if contract.replaces != "adds" or not contract.key or not before or not new:
        return 0
    every = [quoted(column.name) for column in contract.columns]
    key = [quoted(name) for name in contract.key]
    shown = " || ' + ' || ".join(f"new.{name}::VARCHAR" for name in key)
    alike = " AND ".join(f"new.{name} IS NOT DISTINCT FROM old.{name}" for name in every)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        WITH new AS (SELECT * FROM {_rows(new)}),
        old AS (SELECT * FROM {_rows(before)} UNION ALL BY NAME SELECT {", ".join(every)} FROM new WHERE FALSE)
        SELECT new._file, new._row, new.filename, {shown} AS _value,
            min(parse_path(old.filename)[-2]) AS load, bool_or({alike}) AS same
        FROM new JOIN old USING ({", ".join(key)})
        GROUP BY ALL""")  # noqa: S608
    ((found,),) = connection.execute(f"SELECT count(*) FROM {into}").fetchall()  # noqa: S608
    return int(found)


def references(
    connection: DuckDBPyConnection, home: Path, contract: Contract, files: Iterable[Path], place: Path
) -> Found:
    """Hold a load's rows against the tables that they refer to, as those are now; `place` is the load's folder."""
    rows = list(files)
    checks, unchecked = [], []
    for column in contract.columns:
        if column.references is None:
            continue
        table, _, name = column.references.partition(".")
        held = store.current(home, table)
        if not held:
            unchecked.append(column.name)
        elif rows:
            checks.append(f"""
                SELECT _file AS file_number, _row AS row, {literal(column.name)} AS "column"
                FROM {_rows(rows)} AS one ANTI JOIN {_rows(held)} AS other
                ON one.{quoted(column.name)} = other.{quoted(name)}
                WHERE one.{quoted(column.name)} IS NOT NULL""")  # noqa: S608
    counted: Counter[str] = Counter()
    if checks:
        path = place / UNKNOWN
        connection.execute(f"COPY ({' UNION ALL '.join(checks)}) TO {literal(str(path))} (FORMAT parquet)")
        found = connection.execute(
            f'SELECT "column", count(*) FROM read_parquet({literal(str(path))}) GROUP BY ALL'  # noqa: S608
        ).fetchall()
        counted.update({f"{column}|{FLAG}": number for column, number in found})
        if not found:
            path.unlink()
    return Found(counted, tuple(unchecked))


def _rows(paths: Iterable[Path]) -> str:
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"read_parquet([{listed}], filename = true, union_by_name = true, hive_partitioning = false)"
