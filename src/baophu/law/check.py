"""Runs worked examples against the law of this program and says which it reproduces.

An example is `reproduced` when every figure that it states comes out, `wrong` when one does not, `not_supported` when
the program has no answer (a topic that is not there, a day before the law that is held), and `disputed` when the
example itself says so or is excluded by its status: then it is shown whatever comes out, and never counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from baophu.core.errors import BaophuError
from baophu.core.languages import Text, same
from baophu.core.numbers import rounded
from baophu.law.examples import EXCLUDED, Example, FieldForm, plain
from baophu.law.parameters import Book
from baophu.law.topics import TOPICS
from baophu.law.trace import Step

Result = Literal["reproduced", "wrong", "not_supported", "disputed"]
RESULTS: dict[Result, Text] = {
    "reproduced": Text("tính lại đúng", "reproduced"),
    "wrong": Text("sai", "wrong"),
    "not_supported": Text("chưa tính được", "not supported"),
    "disputed": Text("đang tranh cãi", "disputed"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one example: what it states and what came out, figure by figure, in plain form."""

    id: str
    topic: str
    result: Result
    expected: Mapping[str, Any]
    got: Mapping[str, Any]
    differs: tuple[str, ...]
    reason: Text | None
    file: str
    line: int

    def as_json(self) -> dict[str, Any]:
        """Return the row as JSON carries it."""
        return {
            "id": self.id,
            "topic": self.topic,
            "result": self.result,
            "expected": dict(self.expected),
            "got": dict(self.got),
            "reason": {"vi": self.reason.vi, "en": self.reason.en} if self.reason else None,
            "file": self.file,
            "line": self.line,
        }


def check_examples(examples: Iterable[Example], book: Book) -> list[Row]:
    """Return a row for each example, in order."""
    return [check_example(example, book) for example in examples]


def check_example(example: Example, book: Book) -> Row:
    """Run one example."""
    fields = example.form.expected if example.form else {}
    expected = {
        name: plain(fields[name], value) if fields else _as_written(value) for name, value in example.expected.items()
    }
    got, differs, reason = _answer(example, book)
    result: Result = "wrong" if differs else "reproduced"
    if reason is not None:
        result = "not_supported"
    if example.disputed is not None:
        result = "disputed"
        reason = same(f"{example.disputed.reason} ({example.disputed.article})")
    elif example.status == EXCLUDED:
        result, reason = "disputed", same(example.note or EXCLUDED)
    return Row(example.id, example.topic, result, expected, got, differs, reason, example.file, example.line)


def _as_written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _answer(example: Example, book: Book) -> tuple[dict[str, Any], tuple[str, ...], Text | None]:
    """Return the figures that came out, which of them differ, and why there are none where there are none."""
    asked = TOPICS.get(example.topic)
    if asked is None:
        return {}, (), Text("chương trình chưa có chủ đề này", "the program does not have this topic")
    try:
        steps = asked.answer(book, **example.inputs)
    except BaophuError as error:
        return {}, (), error.what
    missing = [name for name in example.expected if name not in steps]
    if missing:
        return {}, (), Text(f"chưa tính được {missing[0]}", f"{missing[0]} is not computed")
    got, differs = {}, []
    for name, value in example.expected.items():
        form = asked.form.expected[name]
        found = value_of(form, steps[name])
        got[name] = plain(form, found)
        if not agrees(form, value, found):
            differs.append(name)
    return got, tuple(differs), None


def value_of(form: FieldForm, step: Step) -> Any:
    """Return the figure of a step as the field has it: a list of amounts is the values of its parts."""
    if form.type == "money_list":
        return tuple(part.value for part in step.parts)
    if form.type == "month" and isinstance(step.value, str):
        return date.fromisoformat(f"{step.value}-01")
    return step.value


def agrees(form: FieldForm, expected: Any, found: Any) -> bool:
    """Say whether what came out is what was stated, within the tolerance of the field."""
    if expected is None or found is None:
        return expected is found
    if form.type not in ("rate", "decimal"):
        return type(expected) is type(found) and bool(expected == found)
    if form.decimals is not None:
        return rounded(Fraction(found), form.decimals) == rounded(expected, form.decimals)
    return bool(abs(Fraction(found) - expected) <= form.tolerance)


def counts(rows: Iterable[Row]) -> dict[Result, int]:
    """Count the rows by result; every result is there."""
    found = Counter(row.result for row in rows)
    return {result: found[result] for result in RESULTS}
