"""One worker-month worked out by the same rules through the same SELECT, and told as steps (`trace`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text
from baophu.engine import DuckDB, run_step
from baophu.law.compiling import compile, names_in, value_for
from baophu.law.parameters import Book, Value, book
from baophu.law.rules import GROUPS, Case, Input, Rule, Rules, rules
from baophu.law.trace import Failed, Figure, Step

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


def one(*, root: str = "total", law_book: Book | None = None, **told: Figure) -> Step:
    """Work one worker-month out and explain it: the step of the figure `root`, with all below it; see `steps`."""
    return steps((root,), law_book=law_book, **told)[root]


def steps(roots: Sequence[str], *, law_book: Book | None = None, **told: Figure) -> dict[str, Step]:
    """Work one worker-month out once, and return the explained figures by name.

    `told` are inputs by name (`rules/_inputs.yaml`); `month` is a day of it or "YYYY-MM", `group_code` a letter,
    or `dd`. What is not told has its default. BaophuError names an input that is missing, unknown or not in its list.
    """
    law, of = rules(), law_book or book()
    row = _row(law, told)
    for root in roots:
        law.named(root)
    found = _computed(of, row)
    explained = _Explained(law, of, row["month"], row["group_code"], {**row, **found}, frozenset(told))
    return {root: explained.step(root) for root in roots}


def parameters_under(
    root: str, month: date, group: str, region: str, *, reduced: bool = False, law_book: Book | None = None
) -> tuple[Value, ...]:
    """Return the values of the law that a figure of the registers and all below it are made from, each once.

    What only single cases know (an input that no register holds) has its default there, and is left out.
    """
    law, of = rules(), law_book or book()
    found: dict[str, Value] = {}
    waiting, seen = [root], {root}
    while waiting:
        rule = law.rule(waiting.pop(0), month, group)
        for text in _of_registers(rule, law, of):
            for kind, name in names_in(text, law, of):
                if kind == "parameter":
                    found[name] = value_for(of, name, month, group, region, reduced)
                elif kind == "rule" and name not in seen:
                    seen.add(name)
                    waiting.append(name)
    return tuple(found.values())


def _of_registers(rule: Rule, law: Rules, of: Book) -> Iterator[str]:
    for case in rule.cases:
        inputs = [law.inputs[name] for kind, name in names_in(case.when, law, of) if kind == "input"]
        if all(one.source for one in inputs):
            yield from (case.when, case.value)
    yield rule.value


def bounds_passed(base: str, month: date, group: str, counted: str) -> tuple[Failed, ...]:
    """Return the bounds of a base that were tried before the one that counted (floor, wage or ceiling)."""
    rule = rules().rule(base, month, group)
    passed = []
    for case in rule.cases:
        if case.counted == counted:
            break
        if case.counted:
            passed.append(Failed(base, case.says, case.article))
    return tuple(passed)


def _row(law: Rules, told: Mapping[str, Figure]) -> dict[str, Any]:
    """Return the inputs of one worker-month, checked and whole."""
    for name in told:
        if name not in law.inputs:
            raise unknown(Text("dữ liệu vào", "input"), name, {key: one.title.vi for key, one in law.inputs.items()})
    row: dict[str, Any] = {}
    for name, one in law.inputs.items():
        value: Any = told.get(name, one.default)
        if value is None:
            raise BaophuError(Text(f"Thiếu {one.title.vi} ({name}).", f"{one.title.en} ({name}) is missing."))
        if one.type == "month" and isinstance(value, str):
            try:
                value = date.fromisoformat(f"{value[:7]}-01")
            except ValueError:
                raise _wrong(one, value) from None
        if one.type == "group":
            value = "đ" if value == "dd" else value
        kinds = {"month": date, "money": int, "count": int, "yes_no": bool}
        listed = {"group": GROUPS, "choice": one.values}.get(one.type)
        if listed is not None and value not in listed:
            raise unknown(one.title, str(value), dict.fromkeys(listed, ""))
        fits = isinstance(value, kinds.get(one.type, str)) and (one.type == "yes_no" or not isinstance(value, bool))
        if not fits or (one.type in ("money", "count") and value < 0):
            raise _wrong(one, value)
        row[name] = value.replace(day=1) if one.type == "month" else value
    return row


def _wrong(one: Input, value: object) -> BaophuError:
    return BaophuError(
        Text(
            f"{one.title.vi} ({one.name}): '{value}' không hợp lệ.",
            f"{one.title.en} ({one.name}): '{value}' does not fit.",
        )
    )


@cache
def _warm() -> DuckDB:
    return DuckDB(memory="256MiB", threads=1)


@lru_cache(maxsize=256)
def _compiled_for_one(of: Book, month: date, group: str) -> tuple[str, pa.Table]:
    law = rules()
    compiled = compile(of, [month], law.names(), groups=[group], told=law.inputs, explained=True)
    return compiled.select("*", "SELECT * FROM worker_month"), compiled.grid


def _computed(of: Book, row: Mapping[str, Any]) -> dict[str, Any]:
    """Run the rules over one row; return all figures, and the numbers of the cases that held."""
    import pyarrow as pa

    sql, grid = _compiled_for_one(of, row["month"], row["group_code"])
    table = pa.table({name: [value] for name, value in row.items()})
    found = run_step(_warm(), sql, {"worker_month": table, "grid": grid}).arrow().to_pylist()
    return dict(found[0])


@dataclass(frozen=True)
class _Explained:
    """The figures of one worker-month, told as steps."""

    law: Rules
    book: Book
    month: date
    group: str
    row: Mapping[str, Any]
    told: frozenset[str]
    done: dict[str, Step] = field(default_factory=dict)

    def step(self, name: str) -> Step:
        """Return the step of a figure, with those that it was made from; each is made once."""
        if name not in self.done:
            self.done[name] = self._step(name)
        return self.done[name]

    def _step(self, name: str) -> Step:
        rule = self.law.rule(name, self.month, self.group)
        number = self.row.get(f"{name}_case", 0)
        tried = rule.cases[: number - 1] if number else rule.cases
        case = rule.cases[number - 1] if number else None
        texts = [case.when, case.value] if case else [rule.value]
        parts, parameters = self._made_from(texts, [one.when for one in tried])
        return Step(
            id=name,
            title=rule.title,
            value=bool(self.row[name]) if rule.unit == "yes_no" else int(self.row[name]),
            unit=rule.unit,
            rule=name,
            article=(case.article if case else None) or rule.article,
            parameters=parameters,
            parts=parts,
            counted=case.counted if case else rule.counted,
            failed=(*self._failed(name, tried), *self._others(name, rule)),
            note=rule.note,
        )

    def _made_from(self, texts: list[str], conditions: list[str]) -> tuple[tuple[Step, ...], tuple[Value, ...]]:
        """Return the steps and parameters that the value and the conditions use.

        Of the conditions that did not hold, only what was told: the defaults say nothing of this case.
        """
        parts: dict[str, Step] = {}
        values: dict[str, Value] = {}
        for text in (*texts, *conditions):
            named = names_in(text, self.law, self.book)
            inputs = {name for kind, name in named if kind == "input"}
            for kind, name in named:
                if kind == "parameter" and (text in texts or inputs <= self.told):
                    place = (self.row["region"], self.row["reduced_accident"])
                    values[name] = value_for(self.book, name, self.month, self.group, *place)
                elif kind == "rule":
                    parts[name] = self.step(name)
                elif kind == "input" and (text in texts or name in self.told):
                    parts[name] = self._input(name)
        return tuple(parts.values()), tuple(values.values())

    def _input(self, name: str) -> Step:
        one = self.law.inputs[name]
        return Step(name, one.title, self.row[name], {"money": "vnd"}.get(one.type, one.type))

    def _failed(self, name: str, tried: Sequence[Case]) -> Iterator[Failed]:
        for case in tried:
            yield Failed(name, case.says, case.article)

    def _others(self, name: str, rule: Rule) -> Iterator[Failed]:
        for other in self.law.named(name):
            if self.group in other.groups and other.body() != rule.body():
                yield Failed(name, other.outside(self.month, self.group), other.article)
