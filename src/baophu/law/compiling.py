"""The rules of a worker-month compiled into one SELECT over the worker-months and a small grid of parameters.

Parameters are resolved once, in Python, to the grid (month x group x region x accident rate), which is joined by
equality. A rule or a parameter that is missing for a month and group stops the compiling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text, same
from baophu.law.parameters import Book, Unit, Value, group_key
from baophu.law.rules import GROUPS, Input, Rule, Rules, rules

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from sqlglot import exp

SQL = Path(__file__).parent / "sql"
REGIONS = ("I", "II", "III", "IV")
KEYS = ("month", "group_code", "region", "reduced_accident")
ROW = ("month", "employer_id", "si_code")

BASES = ("si_base", "hi_base", "ui_base")
PARTS = (
    *("worker_sick_maternity", "worker_retirement", "worker_health", "worker_unemployment"),
    *("employer_sick_maternity", "employer_retirement", "employer_accident", "employer_health"),
    "employer_unemployment",
)
FUNDS = ("due_si", "due_hi", "due_ui")

# The codes in the columns `<base>_counted`; 0: nothing is due.
COUNTED = {"floor": 1, "wage": 2, "ceiling": 3}


@dataclass(frozen=True)
class Compiled:
    """The rules for some months: `sql` is one SELECT over `rows` and `grid` that gives every figure asked for."""

    figures: tuple[str, ...]
    fixed: tuple[str, ...]
    layers: tuple[str, ...]
    defaults: tuple[str, ...]
    columns: tuple[str, ...]
    grid: pa.Table

    def select(self, chosen: str, rows: str, tail: str = "") -> str:
        """Return a SELECT of `chosen` over all figures; `rows` is the SELECT of the worker-months."""
        keys = " AND ".join(f"g.{key} = r.{key}" for key in KEYS)
        given = ", ".join(["r.*", *self.defaults, *(f"g.{column}" for column in self.columns)])
        steps = [f"rows AS (\n{rows}\n)"]
        before = "grid"
        for number, layer in enumerate(self.fixed, 1):
            steps.append(f"fixed_{number} AS (\nSELECT *,\n    {layer}\nFROM {before})")
            before = f"fixed_{number}"
        told = f"SELECT {given}\nFROM rows AS r JOIN {before} AS g ON {keys}"
        steps.append(f"told AS (\n{told}\n)")
        before = "told"
        for number, layer in enumerate(self.layers, 1):
            steps.append(f"figures_{number} AS (\nSELECT *,\n    {layer}\nFROM {before})")
            before = f"figures_{number}"
        whole = ",\n".join(steps)
        return f"WITH {whole}\nSELECT {chosen} FROM {before} {tail}".rstrip()

    @property
    def sql(self) -> str:
        """Return the SELECT of all figures of the declared worker-months."""
        return self.select(", ".join((*ROW, *self.figures)), rows_sql())


@cache
def rows_sql(spells: bool = False) -> str:
    """Return the SELECT of the declared worker-months; with `spells`, of group b those in unemployment insurance."""
    return (SQL / ("rows_and_spells.sql" if spells else "rows.sql")).read_text(encoding="utf-8").strip()


def compile(
    book: Book,
    months: Iterable[date],
    figures: Sequence[str] = (*BASES, *PARTS, *FUNDS),
    *,
    groups: Sequence[str] = GROUPS,
    told: Iterable[str] | None = None,
    explained: bool = False,
    law: Rules | None = None,
) -> Compiled:
    """Compile the rules that the figures need, for those months and groups.

    `told` are the inputs that the rows hold (default: those that registers hold); the others take their defaults.
    `explained` adds, for each rule with cases, the column `<rule>_case`: the number of the case that held, or 0.
    BaophuError where a rule or parameter is missing for a month and group, a name is unknown, or rules go in a circle.
    """
    law = law or rules()
    months = tuple(dict.fromkeys(month.replace(day=1) for month in months))
    here = frozenset(told if told is not None else (one.name for one in law.inputs.values() if one.source))
    if not months:
        raise BaophuError(Text("Không có tháng nào để tính.", "There is no month to compute."))
    maker = _Maker(book, law, months, tuple(groups), explained)
    fixed, layers = maker.layers(figures)
    grid = maker.grid()
    defaults = tuple(
        f"{_literal(one)} AS {one.name}"
        for one in law.inputs.values()
        if one.name in maker.inputs and one.name not in here
    )
    columns = (*(name for name in grid.column_names if name not in KEYS), *maker.fixed_columns)
    return Compiled(tuple(figures), _joined(fixed), _joined(layers), defaults, columns, grid)


def _joined(layers: list[list[str]]) -> tuple[str, ...]:
    return tuple(",\n    ".join(layer) for layer in layers)


class _Maker:
    """Compiles rules for one set of months and groups, and notes which inputs and parameters they use."""

    def __init__(
        self, book: Book, law: Rules, months: tuple[date, ...], groups: tuple[str, ...], explained: bool
    ) -> None:
        self.book, self.law, self.months, self.groups, self.explained = book, law, months, groups, explained
        self.inputs: set[str] = set()
        self.parameters: dict[str, int] = {}  # name -> the scale of its numbers in the grid
        self.variants: dict[str, list[Rule]] = {}  # names whose rules differ -> those that are reached
        self.needed: tuple[str, ...] = ()
        self.fixed_names: set[str] = set()
        self.fixed_columns: list[str] = []
        self.conditions: dict[str, str] = {}  # that no input changes -> their column
        self._used: dict[tuple[date, str], set[str]] = {}
        self._different: dict[str, list[Rule]] = {}

    def layers(self, figures: Sequence[str]) -> tuple[list[list[str]], list[list[str]]]:
        """Return the SQL of all rules needed, each layer using only those before it.

        First the layers of what no input changes, worked out once for each row of the grid, then those of the rows.
        """
        found: dict[str, set[str]] = {}
        waiting = list(figures)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self._uses(name)
                waiting += found[name]
        self.needed = tuple(found)
        fixed, layers, done = list[list[str]](), list[list[str]](), set[str]()
        while len(done) < len(found):
            ready = sorted(name for name in found if name not in done and found[name] <= done)
            if not ready:
                circle = ", ".join(sorted(set(found) - done))
                raise BaophuError(
                    Text(f"Các quy tắc gọi vòng quanh nhau: {circle}.", f"Rules go in a circle: {circle}.")
                )
            still = [name for name in ready if self._is_fixed(name)]
            fixed.append([column for name in still for column in self._columns(name)])
            self.fixed_names |= set(still)
            layers.append([column for name in ready if name not in still for column in self._columns(name)])
            done |= set(ready)
        self.fixed_columns += [column.rpartition(" AS ")[2] for layer in fixed for column in layer]
        if self.conditions:
            fixed.append([f"{columns_in(text, self.law)} AS {name}" for text, name in self.conditions.items()])
            self.fixed_columns += self.conditions.values()
        return [layer for layer in fixed if layer], [layer for layer in layers if layer]

    def _is_fixed(self, name: str) -> bool:
        return all(self._text_is_fixed(text) for rule in self._reached(name) for text in rule.texts())

    def _text_is_fixed(self, text: str) -> bool:
        named = names_in(text, self.law, self.book)
        return bool(named) and all(kind == "parameter" or word in self.fixed_names for kind, word in named)

    def _condition(self, text: str) -> str:
        """Return a condition as SQL; one that no input changes is a column of the grid."""
        if not self._text_is_fixed(text):
            return columns_in(text, self.law)
        return self.conditions.setdefault(text, f"c_{len(self.conditions)}")

    def _reached(self, name: str) -> list[Rule]:
        """Return the rules of a name that hold for some month and group and compute differently."""
        if name not in self._different:
            different: dict[Any, Rule] = {}
            for month in self.months:
                for group in self.groups:
                    rule = self.law.rule(name, month, group)
                    different.setdefault(rule.body(), rule)
            self._different[name] = list(different.values())
        return self._different[name]

    def _uses(self, name: str) -> set[str]:
        """Return the rules that a rule uses; note its inputs and parameters."""
        used = set()
        for rule in self._reached(name):
            for text in rule.texts():
                for kind, word in names_in(text, self.law, self.book):
                    if kind == "rule":
                        used.add(word)
                    elif kind == "input":
                        self.inputs.add(word)
                    else:
                        self._parameter(word)
        return used

    def _parameter(self, word: str) -> None:
        name, _ = parameter_of(word)
        dims = set(self.book.parameter(name).dims) - {"group", "region", "accident"}
        if dims:
            reason = Text(f"có chiều {', '.join(dims)}", f"has the dimension {', '.join(dims)}")
            raise BaophuError(
                Text(f"Tham số {name} không dùng được ở đây: {reason.vi}.", f"{name} cannot be used here: {reason.en}.")
            )
        self.parameters[word] = max(value.scale for value in self.book.parameter(name).values)

    def _columns(self, name: str) -> Iterator[str]:
        reached = self._reached(name)
        if len(reached) > 1:
            self.variants[name] = reached
        yield f"{self._choose(name, [self._value(rule) for rule in reached])} AS {name}"
        if any(case.counted for rule in reached for case in rule.cases):
            codes = [self._cases(rule, [_code(c.counted) for c in rule.cases], _code(rule.counted)) for rule in reached]
            yield f"{self._choose(name, codes)} AS {name}_counted"
        if self.explained and any(rule.cases for rule in reached):
            numbers = [self._cases(rule, [str(n) for n in range(1, len(rule.cases) + 1)], "0") for rule in reached]
            yield f"{self._choose(name, numbers)} AS {name}_case"

    def _choose(self, name: str, expressions: list[str]) -> str:
        """Return the expression of the rule that holds; the grid tells which, where several are reached."""
        if len(set(expressions)) == 1:
            return expressions[0]
        tests = [f"WHEN {_variant(name)} = {n} THEN {text}" for n, text in enumerate(expressions[:-1])]
        return f"CASE {' '.join(tests)} ELSE {expressions[-1]} END"

    def _value(self, rule: Rule) -> str:
        values = [self._expression(rule, case.value) for case in rule.cases]
        return self._cases(rule, values, self._expression(rule, rule.value))

    def _cases(self, rule: Rule, values: Sequence[str], otherwise: str) -> str:
        if not rule.cases:
            return otherwise
        cases = zip(rule.cases, values, strict=True)
        tests = " ".join(f"WHEN {self._condition(case.when)} THEN {value}" for case, value in cases)
        return f"CASE {tests} ELSE {otherwise} END"

    def _expression(self, rule: Rule, text: str) -> str:
        """Return a value as SQL; a share of an amount becomes one division that rounds as the rule says."""
        from sqlglot import exp

        shares = [
            word
            for kind, word in names_in(text, self.law, self.book)
            if kind == "parameter" and self.book.parameter(parameter_of(word)[0]).unit is Unit.fraction
        ]
        if not shares:
            return columns_in(text, self.law)
        tree = _parsed(text)
        if (
            rule.rounding is None
            or not isinstance(tree, exp.Mul)
            or _dotted(tree.expression) not in shares
            or shares[1:]
        ):
            raise BaophuError(
                Text(
                    f"Quy tắc {rule.name}: tỷ lệ chỉ đứng cuối phép nhân và phải có cách làm tròn ({text}).",
                    f"Rule {rule.name}: a rate stands only at the end of a product that says its rounding ({text}).",
                )
            )
        return f"round_div({columns_in(text, self.law)}, {10 ** self.parameters[shares[0]]})"

    def grid(self) -> pa.Table:
        """Return the parameters of each month, group, region and accident rate, as whole numbers or choices."""
        import pyarrow as pa

        rows = [
            (month, group, region, reduced)
            for month in self.months
            for group in self.groups
            for region in REGIONS
            for reduced in (False, True)
        ]
        columns: dict[str, Any] = {
            "month": pa.array([row[0] for row in rows], pa.date32()),
            "group_code": [row[1] for row in rows],
            "region": [row[2] for row in rows],
            "reduced_accident": [row[3] for row in rows],
        }
        for word, scale in self.parameters.items():
            values = self._values(word, rows)
            if self.book.parameter(parameter_of(word)[0]).unit is Unit.choice:
                columns[_column(word)] = pa.array([value and value.choice for value in values], pa.string())
            else:
                numbers = [value and value.value * 10 ** (scale - value.scale) for value in values]
                columns[_column(word)] = pa.array(numbers, pa.int64())
        for name, reached in self.variants.items():
            bodies = [rule.body() for rule in reached]
            numbers = [bodies.index(self.law.rule(name, row[0], row[1]).body()) for row in rows]
            columns[_variant(name)] = pa.array(numbers, pa.int8())
        return pa.table(columns)

    def _values(self, word: str, rows: list[tuple[date, str, str, bool]]) -> list[Value | None]:
        """Return the value of a parameter for each row; None where no rule of that month and group uses it."""
        dims = self.book.parameter(parameter_of(word)[0]).dims
        found: dict[tuple[Any, ...], Value | None] = {}
        values = []
        for month, group, region, reduced in rows:
            used = word in self._used_at(month, group)
            key = (used, month, "group" in dims and group, "region" in dims and region, "accident" in dims and reduced)
            if key not in found:
                found[key] = value_for(self.book, word, month, group, region, reduced) if used else None
            values.append(found[key])
        return values

    def _used_at(self, month: date, group: str) -> set[str]:
        if (month, group) not in self._used:
            self._used[month, group] = {
                word
                for name in self.needed
                for text in self.law.rule(name, month, group).texts()
                for kind, word in names_in(text, self.law, self.book)
                if kind == "parameter"
            }
        return self._used[month, group]


def parameter_of(word: str) -> tuple[str, str | None]:
    """Return the parameter that a word of a rule means, and the group where it says one.

    >>> parameter_of("rate.accident.employer"), parameter_of("rate.accident.employer.group_a")
    (('rate.accident.employer', None), ('rate.accident.employer', 'a'))
    """
    name, _, group = word.partition(".group_")
    return name, group or None


def value_for(book: Book, word: str, month: date, group: str, region: str, reduced: bool) -> Value:
    """Return the value of a parameter for a worker-month; BaophuError where none is held."""
    name, other = parameter_of(word)
    group = other or group
    known = {"group": group_key(group), "region": region, "accident": "reduced" if reduced else "standard"}
    return book.value(name, month, **{dim: known[dim] for dim in book.parameter(name).dims})


@lru_cache(maxsize=4096)
def _parsed(text: str) -> exp.Expr:
    """Parse an expression of a rule; what comes back is shared and must not be changed."""
    import sqlglot

    try:
        return sqlglot.parse_one(text, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise BaophuError(
            Text(f"Không đọc được biểu thức '{text}'.", f"The expression '{text}' cannot be read."),
            same(str(error).splitlines()[0]),
        ) from None


def _dotted(node: exp.Expr) -> str:
    return ".".join(part.name for part in node.parts) if hasattr(node, "parts") else ""


@cache
def _words(text: str) -> tuple[str, ...]:
    """Return the names in an expression, in its order."""
    from sqlglot import exp

    return tuple(dict.fromkeys(_dotted(node) for node in _parsed(text).find_all(exp.Column, bfs=False)))


def names_in(text: str, law: Rules, book: Book) -> list[tuple[str, str]]:
    """Return what an expression names, each once, in its order: ("input" | "rule" | "parameter", name).

    BaophuError for a name that is none of these, with what was probably meant.
    """
    found = {}
    known_rules, parameters = law.names(), book.names()
    for name in _words(text):
        if name in law.inputs:
            found["input", name] = True
        elif name in known_rules:
            found["rule", name] = True
        elif parameter_of(name)[0] in parameters:
            found["parameter", name] = True
        else:
            words = {**dict.fromkeys([*law.inputs, *law.names(), *book.names()], "")}
            raise unknown(Text("dữ liệu vào, quy tắc hay tham số", "input, rule or parameter"), name, words)
    return list(found)


def columns_in(text: str, law: Rules) -> str:
    """Return an expression as SQL over the columns of the compiled SELECT: parameters become those of the grid."""
    from sqlglot import exp

    def column(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and _dotted(node) not in law.inputs and _dotted(node) not in law.names():
            return exp.column(_column(_dotted(node)))
        return node

    return _parsed(text).transform(column).sql(dialect="duckdb")


def _column(parameter: str) -> str:
    return f"p_{parameter.replace('.', '_')}"


def _variant(rule: str) -> str:
    return f"v_{rule}"


def _code(counted: str | None) -> str:
    return f"CAST({COUNTED[counted] if counted else 0} AS TINYINT)"


def _literal(one: Input) -> str:
    value = one.default
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"CAST({value} AS BIGINT)" if isinstance(value, int) else f"'{value}'"
