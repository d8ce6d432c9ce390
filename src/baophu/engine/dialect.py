"""What our SQL says beyond plain DuckDB, and how DuckDB's SQL becomes Spark's.

SQLGlot translates; `FIXES` is all that it gets wrong in the subset that we use. A step keeps to what both engines do
alike: whole numbers with `//` (never `/`, a double), `CAST(sum(…) AS BIGINT)`, `date_diff('day', …)`,
`CAST(date_trunc(…) AS DATE)`, no ASOF join, no `range()` table, no order of rows that is relied on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache

import sqlglot
from sqlglot import exp

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.engine.steps import Scalar

# A firm's number is its code's digits, raised by how many they are: a branch and its head office are two numbers, a
# household has its owner's own. So the registers number codes when they are loaded.
_HEAD, _BRANCH = 10_000_000_000_000, 20_000_000_000_000

# What our SQL says in one word on both engines: name -> parameters and expression.
MACROS: dict[str, tuple[tuple[str, ...], str]] = {
    # Integer division that rounds to the nearest, halves away from zero; `b` is not 0. Through whole numbers only,
    # since amount x days x rate comes near the 2^53 of a double. Both engines cut a quotient towards zero.
    "round_div": (("a", "b"), "(a + CASE WHEN (a < 0) = (b < 0) THEN b // 2 ELSE -(b // 2) END) // b"),
    "pid_text": (("a",), "lpad(CAST(a AS VARCHAR), 12, '0')"),
    "si_text": (("a",), "lpad(CAST(a AS VARCHAR), 10, '0')"),
    "tax_number": (
        ("a",),
        f"CAST(a AS BIGINT) + CASE length(a) WHEN 10 THEN {_HEAD} WHEN 13 THEN {_BRANCH} ELSE 0 END",
    ),
    "tax_text": (
        ("a",),
        f"CASE WHEN a >= {_BRANCH} THEN lpad(CAST(a - {_BRANCH} AS VARCHAR), 13, '0') "
        f"WHEN a >= {_HEAD} THEN lpad(CAST(a - {_HEAD} AS VARCHAR), 10, '0') "
        "ELSE lpad(CAST(a AS VARCHAR), 12, '0') END",
    ),
    # The firm of a branch is its head office.
    "head_of": (("a",), f"CASE WHEN a >= {_BRANCH} THEN {_HEAD} + (a - {_BRANCH}) // 1000 ELSE a END"),
}


def duckdb_macros() -> str:
    """Return the statements that teach a DuckDB connection our macros."""
    return "; ".join(
        f"CREATE OR REPLACE TEMP MACRO {name}({', '.join(given)}) AS {means}" for name, (given, means) in MACROS.items()
    )


def to_spark(sql: str, parameters: Mapping[str, Scalar], dates: Collection[str] = ()) -> str:
    """Translate one SELECT, with its parameters put in; `dates` are the input columns that hold days."""
    tree = _parsed(sql)
    for fix in (lambda node: _bound(node, parameters), _spelled_out, lambda node: _days_between(node, dates), *FIXES):
        tree = tree.transform(fix)
    return tree.sql(dialect="spark")


def _parsed(sql: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(sql, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise BaophuError(
            Text(f"Không đọc được câu SQL: {error}", f"The SQL cannot be read: {error}"),
        ) from None


def _bound(node: exp.Expr, parameters: Mapping[str, Scalar]) -> exp.Expr:
    name = node.name if isinstance(node, exp.Placeholder | exp.Parameter) else None
    if name is None:
        return node
    if name not in parameters:
        raise BaophuError(Text(f"Thiếu tham số ${name}.", f"Parameter ${name} is not given."))
    value = parameters[name]
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    # A whole number is 64-bit on both engines; Spark would take a small one as 32-bit.
    if isinstance(value, int) and not isinstance(value, bool):
        return exp.cast(exp.convert(value), "bigint")
    return exp.convert(value)


def _spelled_out(node: exp.Expr) -> exp.Expr:
    """Put a macro's expression in its place."""
    name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
    if name not in MACROS:
        return node
    parameters, _ = MACROS[name]
    given = dict(zip(parameters, (exp.paren(one.transform(_spelled_out)) for one in node.expressions), strict=True))
    return exp.paren(
        _means(name).transform(lambda leaf: given[leaf.name].copy() if isinstance(leaf, exp.Column) else leaf)
    )


@cache
def _means(name: str) -> exp.Expr:
    return sqlglot.parse_one(MACROS[name][1], read="duckdb")


def _is_date(node: exp.Expr, dates: Collection[str]) -> bool:
    if isinstance(node, exp.Column):
        return node.name in dates
    return isinstance(node, exp.Cast) and node.is_type("date")


def _days_between(node: exp.Expr, dates: Collection[str]) -> exp.Expr:
    """DATE - DATE: a number in DuckDB, an interval in Spark."""
    if isinstance(node, exp.Sub) and _is_date(node.this, dates) and _is_date(node.expression, dates):
        return exp.DateDiff(this=node.this, expression=node.expression, unit=exp.var("DAY"))
    return node


def _months_between(node: exp.Expr) -> exp.Expr:
    """date_diff of months: DuckDB counts the first days of months in between, Spark only whole months."""
    if isinstance(node, exp.DateDiff) and node.text("unit").upper() == "MONTH":
        end, start = (
            exp.paren(exp.func("year", side.copy()) * 12 + exp.func("month", side.copy()))
            for side in (node.this, node.expression)
        )
        return exp.paren(end - start)
    return node


def _long_days(node: exp.Expr) -> exp.Expr:
    """A number of days is 64-bit in DuckDB and may be 32-bit in Spark, where a product could overflow."""
    if isinstance(node, exp.DateDiff) and not isinstance(node.parent, exp.Cast):
        return exp.cast(node.copy(), "bigint")
    return node


def _widest_whole(node: exp.Expr) -> exp.Expr:
    """HUGEINT: Spark's widest whole number is a decimal of 38 digits."""
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.INT128:
        return exp.DataType.build("decimal(38, 0)")
    return node


def _list_as_text(node: exp.Expr) -> exp.Expr:
    """ENUM: Spark has no such type; its words are texts."""
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.ENUM:
        return exp.DataType.build("text")
    return node


FIXES: tuple[Callable[[exp.Expr], exp.Expr], ...] = (
    _months_between,
    _long_days,
    _widest_whole,
    _list_as_text,
)


def not_exact(sql: str) -> list[str]:
    """Return the parts of a SELECT that pass through a double: `/`, an average, a cast to one. Empty is good."""
    found = []
    for node in _parsed(sql).walk():
        if isinstance(node, exp.Div | exp.Avg | exp.Pow | exp.Sqrt | exp.Round | exp.Ln | exp.Exp):
            found.append(node.sql(dialect="duckdb"))
        elif isinstance(node, exp.DataType) and node.this in (exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT):
            found.append(node.parent.sql(dialect="duckdb") if node.parent else node.sql(dialect="duckdb"))
        elif isinstance(node, exp.Literal) and not node.is_string and not node.this.isdigit():
            found.append(node.this)
    return found
