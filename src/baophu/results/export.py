"""Taking a table of a run away: of an area, as CSV, Excel or Parquet, personal numbers masked unless revealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from baophu.core.home import whole_file
from baophu.core.languages import Language, Text
from baophu.core.numbers import short_date
from baophu.registers import revealing
from baophu.registers.checking import literal
from baophu.registers.store import current
from baophu.results import store
from baophu.results.masking import masked
from baophu.results.store import Manifest
from baophu.results.tables import Table, about, heading

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.core.excel import Workbook, Worksheet

Form = Literal["csv", "xlsx", "parquet"]
# What Excel has room for below the two rows of headings.
SHEET_ROWS = 1_048_574
_BATCH = 50_000
# Which register tells where an employer, a person, a business is.
_PLACES = {"employer_id": "employers", "si_code": "participants", "tax_code": "businesses"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are taken away, and whether with what tells a person."""

    run: Manifest
    table: str
    area: str | None = None
    reveal: bool = False
    purpose: str | None = None
    # Of a table with `split`: only the rows of this value.
    part: str | None = None


def parts(home: Path, wanted: Wanted) -> list[str | None]:
    """Return the values by which a table is taken away in files of their own; one None where it is one file."""
    import duckdb

    column = about(wanted.table).split
    if not column:
        return [None]
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT DISTINCT {column} FROM ({_query(home, wanted)}) ORDER BY 1").fetchall()  # noqa: S608 (names known here)
    return [str(value) for (value,) in rows] or [None]


def export(home: Path, wanted: Wanted, out: Path, form: Form, sheet_rows: int = SHEET_ROWS) -> int:
    """Write rows to a file and return how many; the ledger hears of it first. BaophuError where it cannot be."""
    revealing.check_purpose(wanted.reveal, wanted.purpose)
    query = _query(home, wanted)
    facts = {"run": wanted.run.run, "result": wanted.table, "area": wanted.area, "as": form}
    facts |= {"part": wanted.part} if wanted.part else {}
    revealing.note(home, "reveal" if wanted.reveal else "export", wanted.purpose, **facts)
    import duckdb

    with duckdb.connect() as connection:
        return write(connection.sql(query), wanted, out, form, sheet_rows)


def write(rows: Any, wanted: Wanted, out: Path, form: Form, sheet_rows: int = SHEET_ROWS) -> int:
    """Write DuckDB's relation of rows to a file, masked unless they are to be revealed; return how many."""
    reader = rows.to_arrow_reader(_BATCH)
    batches = _batches(reader, wanted.reveal)
    if form == "xlsx":
        return _write_xlsx(batches, reader.schema.names, wanted, out, sheet_rows)
    return _write_csv(batches, out) if form == "csv" else _write_parquet(batches, wanted, out)


def first_rows(home: Path, wanted: Wanted, number: int) -> tuple[pa.Table, int]:
    """Return the first rows, always masked, and how many there are."""
    import duckdb

    query = _query(home, wanted)
    with duckdb.connect() as connection:
        rows: Any = connection.sql(f"{query} LIMIT {number:d}")
        table = rows.to_arrow_table()
        ((every,),) = connection.execute(f"SELECT count(*) FROM ({query})").fetchall()  # noqa: S608 (names known here)
    return masked(table), every


def _query(home: Path, wanted: Wanted) -> str:
    """Return the SELECT of the rows, in the order of their key."""
    files = store.table(home, wanted.run, wanted.table)
    known = about(wanted.table)
    where = _where(home, wanted, known) if wanted.area else ""
    if wanted.part is not None:
        where += f"{' AND' if where else 'WHERE'} {known.split} = {literal(wanted.part)}"
    order = known.order or ", ".join(known.key) or "ALL"
    return f"SELECT * FROM {rows_of(wanted.table, files)} {where} ORDER BY {order}"  # noqa: S608 (paths quoted, names known)


def rows_of(table: str, files: list[Path]) -> str:
    """Return what the rows of a table's files are selected from; all of them have the table's columns."""
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    names = {name for path in files for name in parquet.read_schema(path).names}
    unsaid = {name: literal(word) if word else "CAST(NULL AS VARCHAR)" for name, word in about(table).unsaid.items()}
    replaced = [f"coalesce({name}, {word}) AS {name}" for name, word in unsaid.items() if name in names]
    every = f"* REPLACE ({', '.join(replaced)})" if replaced else "*"
    added = "".join(f", {word} AS {name}" for name, word in unsaid.items() if name not in names)
    return f"(SELECT {every}{added} FROM {_parquet(files)})"  # noqa: S608 (paths are quoted, names known)


def _parquet(files: list[Path]) -> str:
    quoted = ", ".join(literal(str(path)) for path in files)
    return f"read_parquet([{quoted}], hive_partitioning = false, union_by_name = true)"


def _where(home: Path, wanted: Wanted, known: Table) -> str:
    """Return the condition that a row is of an area; BaophuError where the area or the rows' places are not known."""
    from baophu.areas.units import tree
    from baophu.core.errors import BaophuError

    areas = tree(wanted.run.month)
    area = areas.resolve(str(wanted.area))
    if area.level == "country":
        return ""
    prefixes = {area.code, *(child.code for child in areas.children(area.code))}
    codes = ", ".join(literal(code) for code in sorted(prefixes))
    if known.of == "area_code":
        return f"WHERE area_code IN ({codes})"
    there = {name: current(home, _PLACES[name]) for name in (known.of, known.else_of) if name in _PLACES}
    if not there.get(known.of):
        raise BaophuError(
            Text(
                f"Bảng {wanted.table} không cho biết dòng nào thuộc đơn vị hành chính nào.",
                f"{wanted.table} does not tell which rows are of which area.",
            ),
            Text("Bỏ --area để lấy cả bảng.", "Leave out --area to take the whole table."),
        )
    placed = {
        name: f"{name} IN (SELECT {name} FROM {_parquet(files)} WHERE commune_code IN ({codes}))"  # noqa: S608
        for name, files in there.items()
        if files
    }
    otherwise = f" OR {known.of} IS NULL AND {placed[known.else_of]}" if known.else_of in placed else ""
    return f"WHERE ({placed[known.of]}{otherwise})"


def _batches(reader: Any, reveal: bool) -> Iterator[pa.Table]:
    """Yield the rows, at least one batch, so that a table without rows keeps its columns."""
    import pyarrow as pa

    any_yet = False
    for batch in reader:
        any_yet = True
        table = pa.Table.from_batches([batch])
        yield table if reveal else masked(table)
    if not any_yet:
        empty = reader.schema.empty_table()
        yield empty if reveal else masked(empty)


def _write_csv(batches: Iterator[pa.Table], out: Path) -> int:
    import csv

    rows = 0
    with whole_file(out) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for number, table in enumerate(batches):
            if number == 0:
                writer.writerow(table.column_names)
            columns = [table.column(name).to_pylist() for name in table.column_names]
            writer.writerows(zip(*columns, strict=True))
            rows += table.num_rows
    return rows


def _write_parquet(batches: Iterator[pa.Table], wanted: Wanted, out: Path) -> int:
    import pyarrow.parquet as parquet

    first = next(batches)
    told = {"run": wanted.run.run, "month": f"{wanted.run.month}", "as_of": f"{wanted.run.as_of}"}
    rows = int(first.num_rows)
    with whole_file(out) as part, parquet.ParquetWriter(part, first.schema.with_metadata(told)) as writer:
        writer.write_table(first.replace_schema_metadata(told))
        for table in batches:
            writer.write_table(table.cast(first.schema).replace_schema_metadata(told))
            rows += table.num_rows
    return rows


def _write_xlsx(batches: Iterator[pa.Table], names: list[str], wanted: Wanted, out: Path, sheet_rows: int) -> int:
    from baophu.core.excel import new_long_workbook

    rows = 0
    with new_long_workbook(out) as workbook:
        sheets = _Sheets(workbook, names, wanted, sheet_rows)
        for table in batches:
            for row in zip(*(table.column(name).to_pylist() for name in names), strict=True):
                sheets.add(row)
            rows += table.num_rows
    return rows


class _Sheets:
    """The sheets of a workbook, a new one where the last is full."""

    def __init__(self, workbook: Workbook, names: list[str], wanted: Wanted, most: int) -> None:
        from baophu.core.excel import FONT

        font = {"font_name": FONT, "font_size": 11}
        self._book, self._names, self._most = workbook, names, most
        self._head = f"{said_of(wanted, 'vi')} / {said_of(wanted, 'en')}"
        self._top = workbook.add_format({**font, "bold": True})
        self._title = workbook.add_format({**font, "bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._styles = {
            kind: workbook.add_format({**font, "num_format": shape})
            for kind, shape in {"date": "yyyy-mm-dd", "whole": "#,##0", "share": "0.000", "text": "@"}.items()
        }
        self._sheets: list[Worksheet] = []
        self._line = 0
        self._new()

    def _new(self) -> None:
        from baophu.core.excel import fit_a4

        sheet = self._book.add_worksheet(f"{len(self._sheets) + 1}")
        sheet.set_column(0, len(self._names) - 1, 18)
        sheet.write_string(0, 0, self._head, self._top)
        sheet.set_row(1, 44)
        for at, name in enumerate(self._names):
            words = heading(name)
            sheet.write_string(1, at, f"{words.vi}\n{words.en}" if words.vi != words.en else name, self._title)
        sheet.freeze_panes(2, 0)
        fit_a4(sheet)
        sheet.repeat_rows(0, 1)
        sheet.set_footer(f"&L{self._head[:200]}&R&P/&N")
        self._sheets.append(sheet)
        self._line = 2

    def add(self, row: tuple[Any, ...]) -> None:
        if self._line == self._most + 2:
            self._new()
        sheet = self._sheets[-1]
        for at, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(self._line, at, value, self._styles["date"])
            elif isinstance(value, bool):
                sheet.write_boolean(self._line, at, value)
            elif isinstance(value, int):
                sheet.write_number(self._line, at, value, self._styles["whole"])
            elif isinstance(value, float):
                sheet.write_number(self._line, at, value, self._styles["share"])
            elif value is not None:
                sheet.write_string(self._line, at, str(value), self._styles["text"])
        self._line += 1


def said_of(wanted: Wanted, lang: Language) -> str:
    """Say what is taken away: the table, its month, as of which day, of which run, whether provisional."""
    run = wanted.run
    day, area = short_date(run.as_of, lang), f", {wanted.area}" if wanted.area else ""
    word = Text(", tạm tính", ", provisional").say(lang) if run.provisional else ""
    title = about(wanted.table).title.say(lang) + (f", {wanted.part}" if wanted.part else "")
    return Text(
        f"{title}, tháng {run.month:%m/%Y}{area}, tính đến {day}{word}, lần chạy {run.run}",
        f"{title}, {run.month:%Y-%m}{area}, as of {day}{word}, run {run.run}",
    ).say(lang)
