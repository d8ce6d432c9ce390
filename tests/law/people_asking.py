"""Asking the topics in tests: the inputs as keyword arguments, what comes out as plain values."""

from __future__ import annotations

from typing import Any

from baophu.core.errors import BaophuError
from baophu.law.check import value_of
from baophu.law.examples import plain, read_inputs
from baophu.law.parameters import Book, book
from baophu.law.topics import topic


def ask(name: str, law: Book | None = None, **written: Any) -> dict[str, Any]:
    """Answer a topic whose inputs are written as in an example; return its figures in plain form."""
    asked = topic(name)
    values, faults = read_inputs(asked.form, written)
    if faults:
        raise BaophuError(faults[0].reason)
    steps = asked.answer(law or book(), **values)
    return {
        key: plain(asked.form.expected[key], value_of(asked.form.expected[key], step)) for key, step in steps.items()
    }
