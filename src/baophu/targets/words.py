"""How values, targets and progress are worded, once, for the terminal, the page and the explanations."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.core.numbers import NARROW, Number
from baophu.indicators.catalogue import UNITS, indicator
from baophu.indicators.published import QUALIFIERS, Figure
from baophu.targets.decisions import BOUNDS, DIRECTIONS, Decision, Target


def value_text(indicator_id: str, value: Number | None) -> Text:
    """Write a value in its indicator's unit, exact for counts: '17.515.946 người', '45,1 %', '188.906 tỷ đồng'."""
    if value is None:
        return Text(numbers.MISSING, numbers.MISSING)
    unit = indicator(indicator_id).unit
    if unit == "share":
        return Text(numbers.share_as_published(value, "vi"), numbers.share_as_published(value, "en"))
    if unit == "vnd":
        return Text(numbers.money(value, "vi"), numbers.money(value, "en"))
    words = UNITS[unit]
    return Text(f"{numbers.count(value, 'vi')}{NARROW}{words.vi}", f"{numbers.count(value, 'en')}{NARROW}{words.en}")


def short_value(indicator_id: str, value: Number | None, lang: Language) -> str:
    """Write a value for a card: large counts in millions, shares as published."""
    if indicator(indicator_id).unit in ("person", "employer") and value is not None:
        return numbers.short_count(value, lang)
    return value_text(indicator_id, value).say(lang)


def figure_text(figure: Figure) -> Text:
    """Write a published figure with its qualifier: 'khoảng 20.110.000 người'."""
    value = value_text(figure.indicator, figure.value)
    qualifier = QUALIFIERS[figure.qualifier]
    if figure.qualifier in ("preliminary", "rounded"):
        return Text(f"{value.vi} ({qualifier.vi})", f"{value.en} ({qualifier.en})")
    if figure.qualifier == "" and figure.kind != "counted":
        return Text(f"≈{NARROW}{value.vi}", f"≈{NARROW}{value.en}")
    return Text(f"{qualifier.vi} {value.vi}".strip(), f"{qualifier.en} {value.en}".strip())


def _as_decided(target: Target, value: Number | None) -> Text:
    """Write a target's value with no more decimals than were decided: 45 %, 2,55 %."""
    if indicator(target.indicator).unit != "share" or value is None or (Fraction(value) * 100).denominator != 1:
        return value_text(target.indicator, value)
    return Text(numbers.share(value, "vi", 0), numbers.share(value, "en", 0))


def target_text(target: Target) -> Text:
    """Write a target with its direction: 'ít nhất 29.334.000 người', 'trên 68,0 %', '37,0 % – 38,0 %'."""
    if target.direction == "above_last_year":
        return DIRECTIONS["above_last_year"]
    value = _as_decided(target, target.value)
    if target.direction == "range":
        high = _as_decided(target, target.high)
        return Text(f"{value.vi} – {high.vi}", f"{value.en} – {high.en}")
    bound = BOUNDS[target.bound] if target.bound else DIRECTIONS[target.direction]
    return Text(f"{bound.vi} {value.vi}", f"{bound.en} {value.en}")


def short_target(target: Target, lang: Language) -> str:
    """Write a target's value for a label in a chart: '29,33 triệu', '37 % – 38 %'."""
    if indicator(target.indicator).unit != "share":
        return short_value(target.indicator, target.value, lang)
    value = _as_decided(target, target.value).say(lang)
    return value if target.high is None else f"{value} – {_as_decided(target, target.high).say(lang)}"


def change_text(indicator_id: str, change: Number | None) -> Text:
    """Write a change over a year: in per cent for counts, in points for shares."""
    write = numbers.points if indicator(indicator_id).unit == "share" else numbers.growth
    return Text(write(change, "vi"), write(change, "en"))


def difference_text(indicator_id: str, difference: Number | None) -> Text:
    """Write a difference of two values in the indicator's unit; of shares in points."""
    if indicator(indicator_id).unit != "share":
        return value_text(indicator_id, difference)
    if difference is None:
        return Text(numbers.MISSING, numbers.MISSING)
    return Text(
        f"{numbers.decimal(Fraction(difference) * 100, 'vi', 2)}{NARROW}điểm",
        f"{numbers.decimal(Fraction(difference) * 100, 'en', 2)}{NARROW}points",
    )


def date_text(day: date | None) -> Text:
    """Write a date in figures in both languages."""
    return Text(numbers.short_date(day, "vi"), numbers.short_date(day, "en"))


def issued_text(decision: Decision) -> Text:
    """Write when a decision was issued, as far as it is known."""
    issued = decision.issued
    day = date_text(issued.key)
    if issued.on:
        return day
    if issued.after:
        return Text(f"sau {day.vi}", f"after {day.en}")
    return Text(f"trước {day.vi}", f"before {day.en}")
