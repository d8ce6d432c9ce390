"""What every map of people by province shares: its classes, their words, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.reports.charts import Drawing

MILLION = 1_000_000
NOT_KNOWN = Text("chưa biết số giao (không phải 0)", "not known yet (not zero)")


def round_limits(values: Iterable[Fraction]) -> list[Fraction]:
    """Return four limits in millions of people for five classes, below the largest value; none without values.

    They are of the row 1, 2, 5, 10 ….
    """
    millions = [value / MILLION for value in values]
    if not millions:
        return []
    steps = [Fraction(digit) * Fraction(10) ** power for power in range(-9, 6) for digit in (1, 2, 5)]
    return [step for step in steps if step < max(millions)][-4:]


def class_of(value: Fraction | None, limits: list[Fraction]) -> int | None:
    """Return the class of a number of people, 0 the lightest; None for an unknown one."""
    return None if value is None else sum(value / MILLION >= limit for limit in limits)


def class_words(limits: list[Fraction], lang: Language) -> list[str]:
    """Return the words of the classes for the key, in million people."""
    if not limits:
        return []
    written = [
        numbers.decimal(limit, lang, next(places for places in range(10) if limit * 10**places % 1 == 0))
        for limit in limits
    ]
    between = [f"{low}–{high}" for low, high in pairwise(written)]
    first = Text(f"dưới {written[0]}", f"under {written[0]}").say(lang)
    last = Text(f"từ {written[-1]} triệu", f"{written[-1]} m and over").say(lang)
    return [first, *between, last]


def map_drawing(
    spec: dict[str, Any], title: str, values: Mapping[str, Fraction], names: Mapping[str, str], lang: Language
) -> Drawing:
    """Return a map with its alternative text and its data as a table, the largest first and the unknown last."""
    ranked = sorted(names, key=lambda code: (-values.get(code, Fraction(-1)), code))
    told = [f"{names[code]} {numbers.short_count(values[code], lang)}" for code in ranked if code in values]
    unknown = len(names) - len(told)
    if unknown:
        rest = Text(f"{unknown} tỉnh, thành phố chưa biết số giao", f"{unknown} provinces not known yet")
        told.append(rest.say(lang))
    return Drawing(
        spec=spec,
        title=title,
        alternative=f"{title}. {'; '.join(told)}.",
        head=(Text("Tỉnh, thành phố", "Province").say(lang), Text("Người", "People").say(lang)),
        rows=tuple((names[code], numbers.count(values.get(code), lang)) for code in ranked),
    )
