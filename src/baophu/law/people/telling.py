"""How the topics tell their figures: a step with the words of the topic, and the few sums that all of them need.

Topics that name no day are answered by the law as it began on `LAW_2024`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from baophu.core.languages import Text
from baophu.law.examples import TopicForm, schema
from baophu.law.parameters import Book, Value
from baophu.law.trace import Failed, Figure, Step

LAW_2024 = date(2025, 7, 1)
YEAR = 12

Figures = dict[str, Step]


def whole(value: Fraction | int) -> int:
    """Round half up to a whole number; the value is not negative.

    >>> whole(Fraction(5, 2)), whole(Fraction(7, 3))
    (3, 2)
    """
    exact = Fraction(value)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def whole_up(value: Fraction) -> int:
    """Round up to a whole number.

    >>> whole_up(Fraction(7, 3)), whole_up(Fraction(2))
    (3, 2)
    """
    return -(-value.numerator // value.denominator)


def month_words(month: date) -> str:
    """Write a month as `YYYY-MM`."""
    return f"{month:%Y-%m}"


def held(book: Book, name: str, on: date, **dims: str) -> Value | None:
    """Return the value that holds on a day, or None on a day for which none is held."""
    return next((value for value in book.history(name, **dims) if value.holds(on)), None)


def amount_of(step: Step) -> int:
    """Return the whole number of a step."""
    return cast(int, step.value)


def fraction_of(step: Step) -> Fraction:
    """Return the exact number of a step."""
    return Fraction(cast(Fraction, step.value))


def day_of(step: Step) -> date:
    """Return the day of a step."""
    return cast(date, step.value)


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes the steps of one topic with its words and units."""

    form: TopicForm

    def figure(
        self,
        name: str,
        value: Figure,
        *,
        article: str | None = None,
        rule: str | None = None,
        parts: Iterable[Step] = (),
        parameters: Iterable[Value] = (),
        failed: Iterable[Failed] = (),
        counted: str | None = None,
        note: Text | None = None,
    ) -> Step:
        """Make the step of one expected figure."""
        form = self.form.expected[name]
        return Step(
            id=name,
            title=form.title,
            value=value,
            unit=form.unit,
            rule=rule or f"{self.form.id}.{name}",
            article=article,
            parameters=tuple(parameters),
            parts=tuple(parts),
            counted=counted,
            failed=tuple(failed),
            note=note,
        )

    def given(self, name: str, value: Figure) -> Step:
        """Make the step of an input: what the person said."""
        form = self.form.inputs[name]
        return Step(id=f"given.{name}", title=form.title, value=value, unit=form.unit)


def teller(topic: str) -> Teller:
    """Return the teller of a topic."""
    return Teller(schema()[topic])
