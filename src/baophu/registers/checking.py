"""The contract as one SQL statement: every cell read, every rule tried, every reason told, in one pass over the rows.

The statement has three layers. The first reads each cell (`sql/clean.sql` holds how); a cell that is already as it
should be takes a short way, since nearly all are. The second puts defaults and present areas in and finds what is wrong
with each cell. The third tries the rows' own checks and decides what becomes of the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from baophu.areas import conversion, units
from baophu.areas.units import MERGER
from baophu.registers.contracts import Column, Contract, Type

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Fate = Literal["loaded", "rejected", "held", "blank"]
FATES: tuple[Fate, ...] = ("loaded", "rejected", "held", "blank")

# What stands in every stored file beside the contract's columns: which input, which row of it, what was told of it.
BESIDE = {"_file": "INTEGER", "_row": "BIGINT", "_flags": "VARCHAR[]"}

SQL_TYPES: dict[Type, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "name": "VARCHAR",
    "date": "DATE",
    "month": "DATE",
    "money": "BIGINT",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "period": "VARCHAR",
    "number": "DECIMAL(24, 6)",
}

_NOT: dict[Type, str] = {
    "date": "not_a_date",
    "month": "not_a_month",
    "money": "not_whole",
    "integer": "not_whole",
    "number": "not_a_number",
    "boolean": "not_a_boolean",
    "period": "not_a_period",
}
_SQL = Path(__file__).parent / "sql" / "clean.sql"

# How many zeros a spreadsheet can have eaten: a personal number begins with the code of a province, 001 to 096, so
# that a shorter figure is another number (nine digits: the old one) and not a damaged one. A commune's may be any.
_MOST_ZEROS = {"pid": 2, "si_code": 2, "old_id": 3}
_MOST_ZEROS_ELSE = 3


@dataclass(frozen=True, slots=True)
class Given:
    """What the command says beside the files: the month that all rows must be of, or that they lack."""

    month: date | None = None


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(words: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + words.replace("'", "''") + "'"


def prepare(connection: DuckDBPyConnection, contract: Contract) -> None:
    """Put what the statement needs into a connection: the macros, and the table of areas where a column names one."""
    connection.execute(_SQL.read_text(encoding="utf-8"))
    if any(column.area for column in contract.columns):
        import pyarrow as pa  # type: ignore[import-untyped]

        rows = _areas()
        table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(("word", "now", "became"))})
        connection.register("_areas_given", table)
        connection.execute("CREATE OR REPLACE TEMP TABLE _areas AS FROM _areas_given")
        connection.unregister("_areas_given")


@contextmanager
def streaming(connection: DuckDBPyConnection) -> Iterator[None]:
    """Put off two habits of the optimiser while the statement runs.

    It does not know how many rows a file has, and would gather all of them on the side of a join that is kept in
    memory, also for an IN of a few words.
    """
    connection.execute("SET disabled_optimizers = 'build_side_probe_side,in_clause'")
    yield
    connection.execute("RESET disabled_optimizers")


@cache
def _areas() -> tuple[tuple[str, str | None, str], ...]:
    """Return what each code means: `<code` before 2025-07-01, `code` since; what it is now; what became of it.

    A code of before that nobody uses now is understood without its date too.
    """
    present = units.tree(None)
    shown = [present.country, *present.provinces, *present.communes]
    rows: dict[str, tuple[str | None, str]] = {area.code: (area.code, "same") for area in shown}
    before: dict[str, list[str]] = {}
    for row in conversion.mapping():
        before.setdefault(row.old_code, []).append(row.new_code)
    for code, now in before.items():
        found = (now[0], "same" if now[0] == code else "moved") if len(now) == 1 else (_shared(now), "divided")
        rows["<" + code] = found
        rows.setdefault(code, found)
    for code in units.versions().by_code:
        if code not in rows:
            now = [area.code for area in conversion.convert(code).units]
            rows[code] = (now[0], "moved") if len(now) == 1 else (_shared(now), "divided")
    return tuple((word, now, became) for word, (now, became) in rows.items())


def _shared(codes: Iterable[str]) -> str | None:
    """Return the province that the parts of a divided unit share, if they share one."""
    present = units.tree(None)
    found = {code if len(code) == 2 else present.get(code).parent for code in codes}
    return found.pop() if len(found) == 1 else None


def statement(contract: Contract, found: Mapping[str, str], source: str, given: Given | None = None) -> str:
    """Return the statement that reads `source` and gives each row's clean columns, fate and reasons.

    `source` is SQL of a relation with `_file`, `_row`, `_width` (NULL, or what is wrong with its width) and texts;
    `found` tells which of its columns holds each of the contract's. Columns that are not found are empty.
    """
    given = given or Given()
    compiled = [_Compiled(contract, column, found, given) for column in contract.columns]
    raws = [cell.raw for cell in compiled if cell.present]
    first = ", ".join(cell.clean for cell in compiled)
    second = ", ".join(
        f"{cell.settled} AS {cell.name}, {cell.error} AS {cell.e}, {cell.flag} AS {cell.f}" for cell in compiled
    )
    joins = "".join(cell.join for cell in compiled if cell.column.area)
    errors = [(cell.e, cell.column.name) for cell in compiled if cell.error != "NULL"]
    checks = [(f"(NOT coalesce(({check.holds}), TRUE))", check) for check in contract.checks]
    reject = [f"{name} IS NOT NULL" for name, _ in errors]
    reject += [told for told, check in checks if check.level == "reject"]
    hold = [f"{cell.f} = 'area_divided'" for cell in compiled if cell.column.area]
    hold += [told for told, check in checks if check.level == "hold"]
    reasons = ["CASE WHEN _width IS NOT NULL THEN '|' || _width END"]
    reasons += [f"{literal(name + '|')} || {e}" for e, name in errors]
    reasons += [
        f"CASE WHEN {told} THEN {literal(f'{check.columns[0]}|{check.id}')} END"
        for told, check in checks
        if check.level != "warn"
    ]
    reasons += [
        f"CASE WHEN {cell.f} = 'area_divided' THEN {literal(cell.column.name + '|area_divided')} END"
        for cell in compiled
        if cell.column.area
    ]
    flags = [
        (f"{cell.f} IS NOT NULL", f"{literal(cell.column.name + '|')} || {cell.f}")
        for cell in compiled
        if cell.flag != "NULL"
    ]
    flags += [
        (told, f"CASE WHEN {told} THEN {literal(f'{check.columns[0]}|{check.id}')} END")
        for told, check in checks
        if check.level == "warn"
    ]
    blank = " AND ".join(f"is_blank({raw})" for raw in raws) or "FALSE"
    blank = f"({blank} AND (_width IS NULL OR _width = 'too_few_cells'))"
    first_blank = (
        ""
        if any(cell.present and cell.column.value_required and cell.column.default is None for cell in compiled)
        else f"WHEN {blank} THEN 3"
    )
    key = f"hash({', '.join(quoted(name) for name in contract.key)})" if contract.key else "NULL::UBIGINT"
    known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in contract.key) or "TRUE"
    columns = ", ".join(quoted(column.name) for column in contract.columns)
    cells = ", ".join(cell.raw if cell.present else "NULL" for cell in compiled)
    return f"""
WITH cells AS (SELECT *, {first} FROM ({source})),
settled AS (SELECT cells.* EXCLUDE ({", ".join(cell.c for cell in compiled)}), {second} FROM cells {joins}),
fates AS (
    SELECT *, CASE {first_blank}
        WHEN {_any(["_width IS NOT NULL", *reject])} THEN CASE WHEN {blank} THEN 3 ELSE 1 END
        WHEN {_any(hold)} THEN 2
        ELSE 0 END::TINYINT AS _fate
    FROM settled
)
SELECT {columns}, _file, _row,
    {_listed(_any([told for told, _ in flags]), [words for _, words in flags])} AS _flags,
    _fate,
    {_listed("_fate > 0", reasons)} AS _reasons,
    CASE WHEN _fate > 0 THEN [{cells}]::VARCHAR[] END AS _cells,
    CASE WHEN _fate IN (0, 2) AND {known} THEN {key} END AS _key
FROM fates"""  # noqa: S608


def _any(conditions: list[str]) -> str:
    return " OR ".join(conditions) or "FALSE"


def _listed(condition: str, words: list[str]) -> str:
    """Return SQL for the words that are not NULL, which have no blanks; nothing is done for rows that have none."""
    if not words:
        return "NULL::VARCHAR[]"
    return f"CASE WHEN {condition} THEN string_split(concat_ws(' ', {', '.join(words)}), ' ') END"


class _Compiled:
    """One column in SQL: its cell (`raw`), what the cell says (`clean`), with default and area (`settled`), reasons."""

    def __init__(self, contract: Contract, column: Column, found: Mapping[str, str], given: Given) -> None:
        self.column = column
        self.present = column.name in found
        self.name = quoted(column.name)
        self.c, self.e, self.f = (quoted(f"_{letter}_{column.name}") for letter in "cef")
        self.raw = quoted(found[column.name]) if self.present else "NULL::VARCHAR"
        self.kind = SQL_TYPES[column.type]
        self._contract = contract
        self._found = found
        self._month = given.month if contract.month_column == column.name else None
        self._area = quoted(f"_area_{column.name}")

    @property
    def is_birth_date(self) -> bool:
        return self.column.name == "birth_date" and any(c.name == "birth_year" for c in self._contract.columns)

    @property
    def is_birth_year(self) -> bool:
        return self.column.name == "birth_year" and any(c.name == "birth_date" for c in self._contract.columns)

    @property
    def clean(self) -> str:
        return f"{self._clean() if self.present else f'NULL::{self.kind}'} AS {self.c}"

    def _clean(self) -> str:
        way = self._way()
        return f"CASE WHEN {self.raw} = '' THEN NULL ELSE {way} END" if not self.column.value_required else way

    def _way(self) -> str:
        raw = self.raw
        if self.column.values:
            return self._value()
        match self.column.type:
            case "text":
                return f"plain_text({raw})"
            case "name":
                # What is done to a name is done once, with its keys; here it only must be there.
                return f"CASE WHEN {raw} >= '!' AND {raw} < '~' THEN {raw} ELSE tidy({raw}) END"
            case "code" if self.column.digits:
                return self._digits()
            case "code":
                return f"CASE WHEN regexp_full_match({raw}, '[A-Za-z0-9_/]+') THEN {raw} ELSE plain_code({raw}) END"
            case "date":
                return f"{self._plain_day} ELSE plain_day({raw}) END"
            case "month":
                return f"{self._plain_day} ELSE plain_month({raw}) END"
            case "money" | "integer":
                # A cast alone would round 1.5 and read 1e3; what comes back the same was written plainly.
                return (
                    f"CASE WHEN TRY_CAST({raw} AS BIGINT)::VARCHAR = {raw} THEN TRY_CAST({raw} AS BIGINT) "
                    f"ELSE plain_whole({raw}) END"
                )
            case "number":
                return f"plain_decimal({raw})"
            case "boolean":
                return f"plain_boolean({raw})"
            case "period":
                return f"nullif(plain_period({raw}), '')"

    @property
    def _plain_day(self) -> str:
        """The short ways of a day: as it should be written, or too short to be one at all."""
        return (
            f"CASE WHEN strlen({self.raw}) = 10 AND {self.raw}[5] = '-' AND {self.raw} BETWEEN '1900-01-01' AND "
            f"'2100-12-31' THEN TRY_CAST({self.raw} AS DATE) WHEN strlen({self.raw}) < 5 THEN NULL"
        )

    def _value(self) -> str:
        """A closed list: the value as it is, else whatever its capitals."""
        listed = ", ".join(literal(value) for value in self.column.values)
        cases = " ".join(f"WHEN {literal(value.lower())} THEN {literal(value)}" for value in self.column.values)
        other = f"CASE lower(plain_code({self.raw})) {cases} END"
        return f"CASE WHEN {self.raw} IN ({listed}) THEN {self.raw} ELSE {other} END"

    def _digits(self) -> str:
        widths = "|".join(rf"\d{{{width}}}" for width in self.column.digits)
        code = f"digit_code({self.raw})"
        padded = f"WHEN regexp_full_match({code}, '{widths}') THEN {code}"
        if len(self.column.digits) == 1:
            (width,) = self.column.digits
            eaten = width - 1 if self.column.area else _MOST_ZEROS.get(self.column.number or "", _MOST_ZEROS_ELSE)
            least = max(width - eaten, 1)
            if self.column.area:
                # The five island districts are areas by their three digits.
                padded += f" WHEN regexp_full_match({code}, '318|471|498|536|755') THEN {code}"
            padded += rf" WHEN regexp_full_match({code}, '\d{{{least},{width}}}') THEN lpad({code}, {width}, '0')"
        return f"CASE WHEN regexp_full_match({self.raw}, '{widths}') THEN {self.raw} {padded} END"

    @property
    def join(self) -> str:
        era = self.c
        if self._contract.month_column and self._contract.month_column != self.column.name:
            month = quoted(f"_c_{self._contract.month_column}")
            era = f"CASE WHEN {month} < DATE '{MERGER}' THEN '<' || {self.c} ELSE {self.c} END"
        return f" LEFT JOIN _areas AS {self._area} ON {self._area}.word = {era}"

    @property
    def _value_found(self) -> str:
        """The cell's value, with what stands for an empty one."""
        if self._month is not None and not self.present:
            return f"DATE '{self._month}'"
        if self.is_birth_year:
            year = f"year({quoted('_c_birth_date')})"
            if "birth_date" in self._found:
                written = quoted(self._found["birth_date"])
                year += f", CASE WHEN {_is_year(written)} THEN left(tidy({written}), 4)::BIGINT END"
            return f"coalesce({self.c}, {year})"
        if self.column.default is not None:
            default = f"CAST({literal(self.column.default)} AS {self.kind})"
            if not self.present:
                return default
            return f"CASE WHEN {self.c} IS NULL AND is_blank({self.raw}) THEN {default} ELSE {self.c} END"
        return self.c

    @property
    def settled(self) -> str:
        return f"{self._area}.now" if self.column.area else self._value_found

    @property
    def error(self) -> str:
        """Return SQL for the code of what is wrong with the cell, or NULL."""
        value = self.c if self.present else self._value_found
        wrong = []
        empty = f"is_blank({self.raw})"
        needed = self.column.value_required and self.column.default is None
        if self.present:
            told = "'missing'" if needed else "NULL"
            if self.is_birth_year and needed:
                told = f"CASE WHEN {self._value_found} IS NULL THEN 'missing' END"
            unread = f"WHEN {empty} THEN {told} "
            if self.is_birth_date:
                unread += f"WHEN {_is_year(self.raw)} THEN NULL "
            unread += f"WHEN is_scientific({self.raw}) THEN 'scientific' ELSE {literal(self._unread)}"
            wrong.append(f"WHEN {self.c} IS NULL THEN CASE {unread} END")
        elif needed:
            if value == self.c:
                return "'missing'"
            wrong.append(f"WHEN {value} IS NULL THEN 'missing'")
        if self.column.type == "month":
            wrong.append(f"WHEN day({value}) <> 1 THEN 'not_first_day'")
        if self._month is not None:
            wrong.append(f"WHEN {value} <> DATE '{self._month}' THEN 'other_month'")
        if self.column.least is not None:
            wrong.append(f"WHEN {value} < {self.column.least} THEN 'below'")
        if self.column.most is not None:
            wrong.append(f"WHEN {value} > {self.column.most} THEN 'above'")
        if self.column.area:
            levels = {"commune": "strlen({}) NOT IN (5, 3)", "province_or_commune": "strlen({}) NOT IN (2, 5, 3)"}
            level = levels.get(self.column.area)
            if level:
                wrong.append(f"WHEN {level.format(value)} THEN 'area_level'")
            wrong.append(f"WHEN {value} IS NOT NULL AND {self._area}.word IS NULL THEN 'area_unknown'")
        return f"CASE {' '.join(wrong)} END" if wrong else "NULL"

    @property
    def _unread(self) -> str:
        if self.column.values:
            return "not_in_list"
        return _NOT.get(self.column.type, "digits")

    @property
    def flag(self) -> str:
        """Return SQL for what was mended or mapped and is told, or NULL."""
        if not self.present:
            return "NULL"
        told = []
        if self.column.area:
            told.append(f"WHEN {self._area}.became = 'divided' THEN 'area_divided'")
            told.append(f"WHEN {self._area}.became = 'moved' THEN 'area_mapped'")
        if self.column.type == "code" and len(self.column.digits) == 1:
            told.append(f"WHEN {self.c} <> {self.raw} AND {self.c} <> digit_code({self.raw}) THEN 'zeros_restored'")
        if self.column.type in ("date", "month"):
            told.append(
                f"WHEN strlen({self.raw}) <> 10 AND regexp_full_match(tidy({self.raw}), "
                rf"'\d{{5}}(\.0+)?') THEN 'spreadsheet_date'"
            )
        if self.is_birth_date:
            told.append(f"WHEN {self.c} IS NULL AND {_is_year(self.raw)} THEN 'year_only'")
        return f"CASE {' '.join(told)} END" if told else "NULL"


def _is_year(raw: str) -> str:
    short = rf"regexp_full_match({raw}, '(19|20)\d\d')"
    return rf"CASE WHEN strlen({raw}) = 4 THEN {short} ELSE regexp_full_match(tidy({raw}), '(19|20)\d\d(\.0+)?') END"
