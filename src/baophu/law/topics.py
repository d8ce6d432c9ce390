"""The topics that the law for people answers: what each asks, and the function that answers it as steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from baophu.core.errors import BaophuError, Problem, unknown
from baophu.core.languages import Text
from baophu.law.examples import Inputs, TopicForm, read_inputs, schema
from baophu.law.parameters import Book
from baophu.law.people import (
    benefits,
    contributions,
    fines,
    health,
    late,
    lump_sum,
    measures,
    participation,
    pension,
    retirement,
    voluntary,
)
from baophu.law.trace import Step

Answer = Callable[..., dict[str, Step]]

_ANSWERS: dict[str, Answer] = {
    "contribution_due": contributions.contribution_due,
    "contribution_limits": contributions.contribution_limits,
    "absence": contributions.absence,
    "participation": participation.participation,
    "due_date": late.due_date,
    "late_class": late.late_class,
    "late_charge": late.late_charge,
    "fine": fines.fine,
    "voluntary_net": voluntary.voluntary_net,
    "voluntary_due_date": voluntary.voluntary_due_date,
    "voluntary_prepay": voluntary.voluntary_prepay,
    "voluntary_refund": voluntary.voluntary_refund,
    "health_household": health.health_household,
    "health_student": health.health_student,
    "retirement_age": retirement.retirement_age,
    "counted_years": pension.counted_years,
    "pension_rate": pension.pension_rate,
    "pension_amount": pension.pension_amount,
    "pension_floor": pension.pension_floor,
    "retirement_grant": pension.retirement_grant,
    "indexation": pension.indexation,
    "mixed_average": pension.mixed_average,
    "target_income": pension.target_income,
    "lump_sum": lump_sum.lump_sum,
    "bridge_allowance": lump_sum.bridge_allowance,
    "social_pension": lump_sum.social_pension,
    "pension_adjustment": lump_sum.pension_adjustment,
    "ui_benefit": benefits.ui_benefit,
    "sickness_benefit": benefits.sickness_benefit,
    "coverage_indicator": measures.coverage_indicator,
    "late_rate": measures.late_rate,
}


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its inputs and figures, and the function `answer(book, **inputs)` that gives a step for each."""

    form: TopicForm
    answer: Answer


TOPICS: Mapping[str, Topic] = {name: Topic(schema()[name], answer) for name, answer in _ANSWERS.items()}


def topic(name: str) -> Topic:
    """Return a topic; UnknownName proposes what was probably meant."""
    if name not in TOPICS:
        words = {key: one.form.title.vi for key, one in TOPICS.items()}
        raise unknown(Text("chủ đề", "topic"), name, words)
    return TOPICS[name]


def explain(name: str, inputs: Mapping[str, Any], book: Book | None = None) -> Step:
    """Answer one topic and return the tree of all its figures.

    `inputs` are written as in an example: months and days as text, rates as decimal text. BaophuError tells each input
    that is misspelt, missing or not in its list.
    """
    from baophu.law.parameters import book as law_book

    asked = topic(name)
    values, faults = read_inputs(asked.form, inputs)
    if faults:
        problems = []
        for fault in faults:
            place = ".".join(str(step) for step in fault.place)
            problems.append(Problem(Text(f"{name}, {place}", f"{name}, {place}"), fault.value, fault.reason))
        raise BaophuError(Text("Câu hỏi có lỗi.", "The question is wrong."), problems=problems)
    return _tree(asked, values, book or law_book())


def _tree(asked: Topic, values: Inputs, book: Book) -> Step:
    figures = asked.answer(book, **values)
    shown = [figures[name] for name in asked.form.expected if name in figures]
    return Step(
        id=asked.form.id,
        title=asked.form.title,
        value=None,
        article=asked.form.law,
        rule=asked.form.id,
        parts=tuple(step for step in shown if step.value is not None),
    )
