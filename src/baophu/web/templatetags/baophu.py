"""What templates say: words in two languages side by side, figures as they are written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.indicators.catalogue import indicator
from baophu.law.commands import basis_words
from baophu.targets.words import change_text, value_text

register = template.Library()
Number = int | float | Decimal | Fraction | None


def language() -> Language:
    """Return the language that is active."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


@register.simple_tag
def say(vi: str, en: str) -> str:
    """Say the words in the language of the page: `{% say "Đăng nhập" "Sign in" %}`."""
    return vi if language() == "vi" else en


@register.filter
def said(words: Text | str | None) -> str:
    """Say words that come with both languages: `{{ kind.title|said }}`."""
    return words.say(language()) if isinstance(words, Text) else words or ""


def _exact(value: Number | str) -> Any:
    """Return a number exactly; a variable that a template does not have comes as an empty word."""
    return None if value == "" else Decimal(str(value)) if isinstance(value, float) else value


@register.filter
def count(value: Number) -> str:
    """Write a whole number: 1.234.567."""
    return numbers.count(_exact(value), language())


@register.filter
def money(value: Number) -> str:
    """Write an amount of dong in the unit that leaves three or four digits."""
    return numbers.money(_exact(value), language())


@register.filter
def share(value: Number) -> str:
    """Write a share of 1 in per cent."""
    return numbers.share(_exact(value), language())


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day: 31/10/2026."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return numbers.short_date(value, language()) if value else numbers.MISSING


@register.filter
def moment(value: datetime | None) -> str:
    """Write a time of a day: 31/10/2026 14:05."""
    if value is None:
        return numbers.MISSING
    local = timezone.localtime(value)
    return f"{numbers.short_date(local.date(), language())} {local:%H:%M}"


@register.filter
def month(value: date | None) -> str:
    """Write a month: 10/2026."""
    if value is None:
        return numbers.MISSING
    return f"{value:%m/%Y}" if language() == "vi" else f"{value:%Y-%m}"


@register.filter
def area_name(code: str | None) -> str:
    """Name an area in full: Tỉnh Đồng Nai; a code that is not known stays as it is."""
    from baophu.areas.units import tree

    known = tree()
    return known.get(code).full_label.say(language()) if code and code in known else code or ""


@register.filter
def figure(value: Number, name: str) -> str:
    """Write an indicator's value in its unit; a share with one decimal: `{{ value|figure:"si_total" }}`."""
    if indicator(name).unit == "share":
        return numbers.share(_exact(value), language())
    return value_text(name, _exact(value)).say(language())


@register.filter
def law(reference: str) -> str:
    """Write a reference to the law as the language writes it: khoản 1 Điều 38 Luật 41/2024/QH15."""
    return basis_words(reference, language())


@register.filter
def changed(value: Number, name: str) -> str:
    """Write the change of an indicator: of counts in per cent, of shares in points."""
    return change_text(name, _exact(value)).say(language())
