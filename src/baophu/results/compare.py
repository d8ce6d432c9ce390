"""Two runs beside each other: what is new, what is gone, what changed, and what it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core.languages import Text
from baophu.results import store
from baophu.results.export import rows_of
from baophu.results.store import Manifest
from baophu.results.tables import about

if TYPE_CHECKING:
    import duckdb

# These say when it was worked out, and differ without anything having changed.
_WHEN = ("as_of",)


@dataclass(frozen=True, slots=True)
class Difference:
    """How a table of two runs differs: rows by key, and for those that changed, in which columns how often."""

    table: str
    new: int
    gone: int
    changed: int
    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is new from one run to another, and why."""

    before: Manifest
    after: Manifest
    differences: tuple[Difference, ...]
    reasons: tuple[Text, ...]


def compare(home: Path, before: Manifest, after: Manifest) -> Comparison:
    """Compare the tables that both runs have and whose rows have a key; the rest is told among the reasons."""
    import duckdb

    found = []
    with duckdb.connect() as connection:
        for table in sorted(set(before.rows) & set(after.rows)):
            if about(table).key:
                found.append(_difference(connection, home, before, after, table))
    return Comparison(before, after, tuple(found), tuple(_reasons(before, after)))


def _difference(
    connection: duckdb.DuckDBPyConnection, home: Path, before: Manifest, after: Manifest, table: str
) -> Difference:
    key = about(table).key
    if {name: file.sha256 for name, file in before.files().items() if name.startswith(f"{table}/")} == {
        name: file.sha256 for name, file in after.files().items() if name.startswith(f"{table}/")
    }:
        return Difference(table, 0, 0, 0, {})
    for side, run in (("a", before), ("b", after)):
        told = rows_of(table, store.table(home, run, table))
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {side} AS FROM {told}")
    columns = [[row[0] for row in connection.execute(f"DESCRIBE {side}").fetchall()] for side in "ab"]
    others = [name for name in columns[0] if name in columns[1] and name not in (*key, *_WHEN)]
    same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in key)
    differs = [f"a.{name} IS DISTINCT FROM b.{name}" for name in others]
    # A key may hold an empty value (charges not paid yet), so what is there is told by a mark of its own.
    both = "a.here AND b.here"
    counted = [
        "count(*) FILTER (WHERE a.here IS NULL)",
        "count(*) FILTER (WHERE b.here IS NULL)",
        f"count(*) FILTER (WHERE {both} AND ({' OR '.join(differs) or 'false'}))",
        *(f"count(*) FILTER (WHERE {both} AND {one})" for one in differs),
    ]
    rows = connection.execute(
        f"SELECT {', '.join(counted)} FROM (SELECT *, true AS here FROM a) AS a "  # noqa: S608 (columns' own names)
        f"FULL JOIN (SELECT *, true AS here FROM b) AS b ON {same}"
    ).fetchall()
    new, gone, changed, *by_column = rows[0]
    return Difference(table, new, gone, changed, {n: c for n, c in zip(others, by_column, strict=True) if c})


def _reasons(before: Manifest, after: Manifest) -> list[Text]:
    """Say what the runs did not have in common: registers, law, program, engine, dates, what could not be computed."""
    told = []
    if before.month != after.month:
        told.append(
            Text(
                f"Tháng {before.month:%m/%Y} → {after.month:%m/%Y}", f"Month {before.month:%Y-%m} → {after.month:%Y-%m}"
            )
        )
    if before.as_of != after.as_of:
        told.append(
            Text(
                f"Tính đến ngày {before.as_of:%d/%m/%Y} → {after.as_of:%d/%m/%Y}: tính thêm tiền đóng giữa hai ngày",
                f"As of {before.as_of} → {after.as_of}: what was paid between the two days counts",
            )
        )
    hashes = [{(read.table, read.month, read.sha256, read.without) for read in run.inputs} for run in (before, after)]
    for table in sorted({one[0] for one in hashes[0] ^ hashes[1]}):
        new = sum(one[0] == table for one in hashes[1] - hashes[0])
        gone = sum(one[0] == table for one in hashes[0] - hashes[1])
        told.append(
            Text(
                f"Sổ {table}: thêm {new} tệp, bớt {gone} tệp", f"Register {table}: {new} files more, {gone} files less"
            )
        )
    if (before.law_sha256, before.switches) != (after.law_sha256, after.switches):
        told.append(Text("Tham số hoặc quy tắc của luật đã khác", "The law's parameters or rules differ"))
    if before.program != after.program:
        told.append(
            Text(f"Chương trình {before.program} → {after.program}", f"Program {before.program} → {after.program}")
        )
    for one in after.not_done:
        if any(table in before.rows for table in one.tables):
            told.append(Text(f"{one.title.vi}: {one.why.vi}", f"{one.title.en}: {one.why.en}"))
    for one in before.not_done:
        if any(table in after.rows for table in one.tables):
            told.append(Text(f"Nay tính được: {one.title.vi}", f"Computed now: {one.title.en}"))
    return told
