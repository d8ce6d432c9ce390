"""Two runs row by row: which rows of a table are new, gone or changed, and for each row why, as far as it can be known.

A finding that is gone says itself how it ended. Else a row's reason is looked for in what the two runs did not read in
common: rows of a register on the same person, employer or taxpayer that only one of them read; then the month, the day,
the law, the program; what is left follows from rows of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.registers import revealing
from baophu.registers import store as registers
from baophu.registers.checking import literal
from baophu.results import store
from baophu.results.export import Form, Wanted, rows_of, write
from baophu.results.store import Manifest
from baophu.results.tables import about

if TYPE_CHECKING:
    import duckdb

# By these a row of a result and a row of a register are of the same subject.
SUBJECTS = ("pid", "si_code", "employer_id", "tax_code")
# These say when it was worked out, and differ without anything having changed.
WHEN = ("as_of",)
# Statuses of a finding that is there.
_THERE = ("open", "held")
CHANGES = {"new": Text("mới", "new"), "gone": Text("hết", "gone"), "changed": Text("đổi", "changed")}
WHYS: dict[str, Text] = {
    "joined": Text("đã tham gia", "joined"),
    "paid": Text("đã đóng đủ", "paid"),
    "deceased": Text("đã mất", "died"),
    "merged": Text("nhập vào trường hợp khác", "part of another finding now"),
    "vanished": Text("không còn trong dữ liệu", "vanished from the data"),
    "reopened": Text("đã kết thúc, nay có lại", "had ended, is there again"),
    "new_month": Text("thuộc tháng mới", "of a month that the earlier run did not have"),
    "old_month": Text("thuộc tháng mà lần sau không tính", "of a month that the later run does not have"),
    "new_row": Text("sổ có thêm dòng về người, đơn vị này", "a register has new rows on it"),
    "row_gone": Text("dòng trong sổ không còn", "rows on it are gone from a register"),
    "other_row": Text("dòng trong sổ đã khác", "a register has other rows on it"),
    "law": Text("tham số hoặc quy tắc của luật đã khác", "the law's parameters or rules differ"),
    "code": Text("chương trình đã khác", "the program differs"),
    "decisions": Text("quyết định của người xử lý đã khác", "what people decided differs"),
    "month": Text("chạy cho tháng khác", "run for another month"),
    "day": Text("tính đến ngày khác", "as of another day"),
    "others": Text("do dòng của người, đơn vị khác", "follows from rows of others"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A table of two runs of a home."""

    home: Path
    before: Manifest
    after: Manifest
    table: str


def counted(pair: Pair) -> list[tuple[str, str, str | None, int]]:
    """Return how many rows changed how and why: change, why, the registers that brought it about, rows; most first."""
    import duckdb

    with duckdb.connect() as connection:
        _compare(connection, pair)
        return connection.execute(
            "SELECT change, why, registers, count(*) FROM differences GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3"
        ).fetchall()


def export(pair: Pair, out: Path, form: Form, *, reveal: bool = False, purpose: str | None = None) -> int:
    """Write the rows that differ, with why, to a file and return how many; the ledger hears of it first."""
    import duckdb

    revealing.check_purpose(reveal, purpose)
    with duckdb.connect() as connection:
        _compare(connection, pair)
        facts = {"run": pair.after.run, "compared_with": pair.before.run, "result": pair.table, "as": form}
        revealing.note(pair.home, "reveal" if reveal else "export", purpose, **facts)
        order = ", ".join(about(pair.table).key)
        rows: Any = connection.sql(f"SELECT * FROM differences ORDER BY change, why, {order}")  # noqa: S608
        return write(rows, Wanted(pair.after, pair.table, reveal=reveal), out, form)


def _compare(connection: duckdb.DuckDBPyConnection, pair: Pair) -> None:
    """Make the view `differences`: `change`, `why`, `registers`, columns that changed, then the table's own columns.

    Of a row that is gone they are those of the earlier run, else those of the later. BaophuError where the rows have no
    key by which to tell them apart, or one of the runs lacks the table.
    """
    home, before, after, table = pair.home, pair.before, pair.after, pair.table
    key = about(table).key
    if not key:
        raise BaophuError(
            Text(
                f"Dòng của bảng {table} không có khóa; không so sánh từng dòng được.",
                f"Rows of {table} have no key and cannot be compared one by one.",
            )
        )
    names = [_view(connection, home, run, table, side) for side, run in (("a", before), ("b", after))]
    both = [name for name in names[0] if name in names[1]]
    key = tuple(name for name in key if name in both)
    others = [name for name in both if name not in (*key, *WHEN)]
    findings = "resolved_how" in both and "status" in both
    there = {side: f"{side}.here" + (f" AND {side}.status IN {_THERE}" if findings else "") for side in "ab"}
    changed = ", ".join(f"CASE WHEN a.{name} IS DISTINCT FROM b.{name} THEN '{name}' END" for name in others)
    same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in key)
    taken = ", ".join(f"CASE WHEN {there['b']} THEN b.{name} ELSE a.{name} END AS {name}" for name in both)
    ended = "b.resolved_how" if findings else "NULL"
    reopened = "COALESCE(a.status = 'resolved', false)" if findings else "false"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE joined AS
        SELECT COALESCE({there["a"]}, false) AS was, COALESCE({there["b"]}, false) AS now,
            {ended} AS ended, {reopened} AS reopened,
            list_filter([{changed or "NULL"}], lambda name: name IS NOT NULL) AS columns, {taken}
        FROM (SELECT *, true AS here FROM a) AS a FULL JOIN (SELECT *, true AS here FROM b) AS b ON {same}"""  # noqa: S608
    )
    connection.execute("DELETE FROM joined WHERE NOT was AND NOT now OR was AND now AND len(columns) = 0")
    connection.execute("CREATE OR REPLACE TEMP TABLE numbered AS SELECT row_number() OVER () AS row, * FROM joined")
    _touched(connection, home, before, after, both)
    connection.execute(_told(before, after, both))


def _view(connection: duckdb.DuckDBPyConnection, home: Path, run: Manifest, table: str, side: str) -> list[str]:
    rows = rows_of(table, store.table(home, run, table))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {side} AS SELECT * FROM {rows}")  # noqa: S608
    return [row[0] for row in connection.execute(f"DESCRIBE {side}").fetchall()]


def _touched(
    connection: duckdb.DuckDBPyConnection, home: Path, before: Manifest, after: Manifest, columns: list[str]
) -> None:
    """Find the rows on whose subject a register has rows that only one run read: `touched`, row, register, side."""
    connection.execute("CREATE OR REPLACE TEMP TABLE touched (row BIGINT, register VARCHAR, side VARCHAR)")
    read = [{(one.table, one.file, one.sha256, one.without) for one in run.inputs} for run in (before, after)]
    for side, only in (("gone", read[0] - read[1]), ("new", read[1] - read[0])):
        for register in sorted({one[0] for one in only}):
            place = registers.folder(home, register)
            files = [place / file for table, file, *_ in sorted(only, key=str) if table == register]
            files = [path for path in files if path.is_file()]
            if files:
                _touched_by(connection, register, side, files, columns)


def _touched_by(
    connection: duckdb.DuckDBPyConnection, register: str, side: str, files: list[Path], columns: list[str]
) -> None:
    rows = f"read_parquet([{', '.join(literal(str(path)) for path in files)}], union_by_name = true)"
    has = [row[0] for row in connection.execute(f"DESCRIBE FROM {rows}").fetchall()]
    # Where both have months, only rows of the same month count.
    month = ["month"] if "month" in has and "month" in columns else []
    for subject in (name for name in SUBJECTS if name in has and name in columns):
        by = ", ".join([subject, *month])
        connection.execute(
            f"""INSERT INTO touched SELECT row, {literal(register)}, {literal(side)} FROM numbered
            SEMI JOIN (SELECT DISTINCT {by} FROM {rows}) AS r USING ({by})"""  # noqa: S608 (columns' own names)
        )


def _told(before: Manifest, after: Manifest, columns: list[str]) -> str:
    """Return the statement that makes the view, with each row's reason: the first that holds."""
    cases = ["WHEN was AND NOT now AND ended IS NOT NULL THEN ended", "WHEN now AND reopened THEN 'reopened'"]
    first = next((name for name in ("from_month", "month") if name in columns), None)
    if first and before.month != after.month:
        least = f"DATE '{min(before.month, after.month)}'"
        cases.append(
            f"WHEN now AND NOT was AND {first} > {least} THEN 'new_month'"
            if before.month < after.month
            else f"WHEN was AND NOT now AND {first} > {least} THEN 'old_month'"
        )
    cases += [
        "WHEN NOT was AND list_contains(sides, 'new') THEN 'new_row'",
        "WHEN NOT now AND list_contains(sides, 'gone') AND NOT list_contains(sides, 'new') THEN 'row_gone'",
        "WHEN sides IS NOT NULL THEN 'other_row'",
    ]
    cases += [f"WHEN true THEN '{why}'" for why in common_reasons(before, after)][:1]
    words = {name: f"CASE why {_cases((why, text[name]) for why, text in _words())} END" for name in ("vi", "en")}
    return f"""CREATE OR REPLACE TEMP VIEW differences AS
        WITH by_row AS (
            SELECT row, list(DISTINCT side) AS sides, string_agg(DISTINCT register, ' ' ORDER BY register) AS registers
            FROM touched GROUP BY row
        ), told AS (
            SELECT *, CASE {" ".join(cases)} ELSE 'others' END AS why FROM numbered LEFT JOIN by_row USING (row)
        )
        SELECT CASE WHEN was AND now THEN 'changed' WHEN now THEN 'new' ELSE 'gone' END AS change, why,
            {words["vi"]} AS why_vi, {words["en"]} AS why_en, registers,
            CASE WHEN was AND now THEN array_to_string(columns, ' ') END AS columns_changed,
            {", ".join(columns)}
        FROM told"""  # noqa: S608 (columns' own names)


def _words() -> Iterable[tuple[str, dict[str, str]]]:
    return ((why, {"vi": words.vi, "en": words.en}) for why, words in WHYS.items())


def _cases(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"WHEN {literal(name)} THEN {literal(words)}" for name, words in pairs)


def common_reasons(before: Manifest, after: Manifest) -> list[str]:
    """Return what differs between two runs for every row, what weighs most first: keys of `WHYS`."""
    codes = [{one.step: one.code for one in run.steps if one.code} for run in (before, after)]
    other_code = any(codes[0][step] != codes[1][step] for step in codes[0].keys() & codes[1].keys())
    decided = [{read.sha256 for read in run.inputs if read.file.startswith("frozen/")} for run in (before, after)]
    differs = {
        "law": (before.law_sha256, before.switches) != (after.law_sha256, after.switches),
        "code": before.program != after.program or other_code,
        "decisions": decided[0] != decided[1],
        "month": before.month != after.month,
        "day": before.as_of != after.as_of,
    }
    return [name for name, does in differs.items() if does]
