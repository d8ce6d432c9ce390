"""How a figure of the law came about, as a tree: value, rule, article, dated parameters, and what did not apply.

A step is made by whoever computes (`worker_months`, `people`); this file only tells it, as text or as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from baophu.core import numbers
from baophu.core.languages import Language, Text

if TYPE_CHECKING:
    from baophu.law.parameters import Value

VERSION = 1

Figure = int | Fraction | str | date | None

# Which of the amounts that were compared became the base.
COUNTED: dict[str, Text] = {
    "floor": Text("tính theo mức thấp nhất", "the floor counted"),
    "wage": Text("tính theo mức đã kê khai", "the declared wage counted"),
    "ceiling": Text("tính theo mức cao nhất", "the ceiling counted"),
}


@dataclass(frozen=True, slots=True)
class Failed:
    """A rule, or a case of the rule, that was tried and did not apply: `condition` is what does not hold here."""

    rule: str
    condition: Text
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One figure: what it is, its value in its unit, and what it was made from.

    A rate is a Fraction, money an int of VND, yes and no are a bool of unit `yes_no`. `parameters` are the values of
    the law that this step itself uses; those of its `parts` stand with them.
    """

    id: str
    title: Text
    value: Figure
    unit: str = ""
    rule: str | None = None
    article: str | None = None
    parameters: tuple[Value, ...] = ()
    parts: tuple[Step, ...] = ()
    counted: str | None = None
    failed: tuple[Failed, ...] = ()
    note: Text | None = None

    def walk(self) -> Iterator[Step]:
        """Yield this step and all below it, each before its parts."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def find(self, id: str) -> Step | None:
        """Return the first step of that id, or None."""
        return next((step for step in self.walk() if step.id == id), None)


_KINDS = {
    "Law": "Luật",
    "Decree": "Nghị định",
    "Circular": "Thông tư",
    "Resolution": "Nghị quyết",
    "Decision": "Quyết định",
    "Code": "Bộ luật",
}
_DOCUMENT = re.compile(rf"(?P<kind>{'|'.join(_KINDS)}) (?P<number>\d\S*)(?: arts?\. ?| arts )?(?P<articles>.*)$")
_ARTICLE = re.compile(
    r"(?P<article>\d+[a-z]?(?:-\d+)?)(?:\((?P<clause>\d+[a-z]?)\))?(?:\((?P<point>[a-zđ]+(?:-[a-zđ]+)?)\))?$"
)


def article_words(article: str, lang: Language) -> str:
    """Write a reference as the language writes it; a form that is not known stays as it is.

    >>> article_words("Law 41/2024/QH15 art. 31(1)(đ)", "vi")
    'điểm đ khoản 1 Điều 31 Luật 41/2024/QH15'
    >>> article_words("Law 41/2024/QH15 arts 33(5), 34; Decree 158/2025/NĐ-CP", "vi")
    'khoản 5 Điều 33, Điều 34 Luật 41/2024/QH15; Nghị định 158/2025/NĐ-CP'
    >>> article_words("Law 41/2024/QH15 arts 38-41, 39(1)(đ)-(e)", "vi")
    'Điều 38-41, điểm đ-e khoản 1 Điều 39 Luật 41/2024/QH15'
    >>> article_words("Law 25/2008/QH12 arts 12-13 as amended", "vi")
    'Điều 12-13 Luật 25/2008/QH12 (đã sửa đổi, bổ sung)'
    """
    if lang == "en":
        return article
    return "; ".join(_vietnamese_article(one.strip()) for one in article.split(";"))


def _vietnamese_article(article: str) -> str:
    article, amended, _ = article.partition(" as amended")
    if amended:
        return f"{_vietnamese_article(article)} (đã sửa đổi, bổ sung)"
    document = _DOCUMENT.match(article)
    if not document:
        return article
    named = [_ARTICLE.match(one) for one in document["articles"].replace(")-(", "-").split(", ") if one]
    places = []
    for found in named:
        if found is None:
            return article
        words = (("point", "điểm"), ("clause", "khoản"), ("article", "Điều"))
        places.append(" ".join(f"{word} {found[name]}" for name, word in words if found[name]))
    whole = f"{_KINDS[document['kind']]} {document['number']}"
    return f"{', '.join(places)} {whole}" if places else whole


def figure_words(value: Figure, unit: str, lang: Language) -> str:
    """Write the value of a step or parameter, exactly.

    >>> figure_words(1600000, "vnd", "vi"), figure_words(Fraction(3, 200), "fraction", "en")
    ('1.600.000\\xa0đồng', '1.5\\xa0%')
    """
    if value is None:
        return numbers.MISSING
    if isinstance(value, bool):
        return Text("có" if value else "không", "yes" if value else "no").say(lang)
    if isinstance(value, date):
        return numbers.short_date(value, lang)
    if isinstance(value, str):
        return value
    if unit in _SHARES:
        return f"{_exact(Fraction(value) * 100, lang)}{numbers.NARROW}%{_SHARES[unit].say(lang)}"
    word = _UNITS.get(unit)
    return _exact(Fraction(value), lang) + (f"{numbers.NARROW}{word.say(lang)}" if word else "")


_SHARES: dict[str, Text] = {
    "fraction": Text("", ""),
    "fraction_per_day": Text("/ngày", " a day"),
    "fraction_per_month": Text("/tháng", " a month"),
    "fraction_per_year": Text("/năm", " a year"),
}

_UNITS: dict[str, Text] = {
    "vnd": Text("đồng", "VND"),
    "vnd_per_month": Text("đồng/tháng", "VND a month"),
    "days": Text("ngày", "days"),
    "working_days": Text("ngày làm việc", "working days"),
    "months": Text("tháng", "months"),
    "months_of_age": Text("tháng tuổi", "months of age"),
    "years": Text("năm", "years"),
    "times": Text("lần", "times"),
    "persons": Text("người", "persons"),
}


def _exact(value: Fraction, lang: Language) -> str:
    decimals = next((n for n in range(10) if (value * 10**n).denominator == 1), None)
    if decimals is None:
        return str(value)
    return numbers.decimal(value, lang, decimals)


def _parameter_figure(value: Value) -> Figure:
    if value.unit == "choice":
        return value.choice
    return value.day if value.unit == "date" else value.fraction


def parameter_words(value: Value, lang: Language) -> str:
    """Write one dated parameter: its words, what it holds for, its value, since when, by which article."""
    from baophu.law.parameters import book

    title = book().parameter(value.name).title.say(lang)
    dims = ", ".join(value.dims.values())
    figure = _parameter_figure(value)
    if value.unit == "choice":
        figure = book().parameter(value.name).options[value.choice].say(lang)
    since = Text("từ", "since").say(lang)
    return (
        f"{title}{f' ({dims})' if dims else ''}: {figure_words(figure, value.unit, lang)}, "
        f"{since} {numbers.short_date(value.valid_from, lang)}, {article_words(value.basis, lang)}"
    )


def render_text(step: Step, lang: Language) -> str:
    """Return the tree as indented lines. What was explained once is not explained again below."""
    return "\n".join(_lines(step, lang, "", set()))


def _lines(step: Step, lang: Language, indent: str, told: set[str]) -> Iterator[str]:
    line = f"{indent}{step.title.say(lang)}: {figure_words(step.value, step.unit, lang)}"
    if step.counted:
        line += f" ({COUNTED[step.counted].say(lang)})"
    if step.id in told and (step.parts or step.parameters or step.failed):
        yield f"{line} ({Text('xem ở trên', 'see above').say(lang)})"
        return
    told.add(step.id)
    yield line
    below = f"{indent}  "
    if step.article:
        yield f"{below}{Text('căn cứ', 'by').say(lang)}: {article_words(step.article, lang)}"
    if step.note:
        yield f"{below}{Text('ghi chú', 'note').say(lang)}: {step.note.say(lang)}"
    for value in step.parameters:
        yield f"{below}{Text('tham số', 'parameter').say(lang)}: {parameter_words(value, lang)}"
    for failed in step.failed:
        by = f" ({article_words(failed.article, lang)})" if failed.article else ""
        words = Text("không áp dụng, vì không có điều kiện", "does not apply, since it is not so that").say(lang)
        yield f"{below}{words}: {failed.condition.say(lang)}{by}"
    for part in step.parts:
        yield from _lines(part, lang, below, told)


def to_json(step: Step) -> dict[str, Any]:
    """Return the tree as JSON carries it. Money is an integer, a rate a text such as "3/200", a day `YYYY-MM-DD`."""
    return {"version": VERSION, **_plain(step)}


def _text(words: Text | None) -> dict[str, str] | None:
    return {"vi": words.vi, "en": words.en} if words else None


def _plain(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "title": _text(step.title),
        "value": _plain_figure(step.value),
        "unit": step.unit,
        "rule": step.rule,
        "article": step.article,
        "counted": step.counted,
        "note": _text(step.note),
        "parameters": [
            {
                "name": value.name,
                "dims": dict(value.dims),
                "value": _plain_figure(_parameter_figure(value)),
                "unit": str(value.unit),
                "since": value.valid_from.isoformat(),
                "until": value.valid_to.isoformat() if value.valid_to else None,
                "basis": value.basis,
            }
            for value in step.parameters
        ],
        "did_not_apply": [
            {"rule": failed.rule, "condition": _text(failed.condition), "article": failed.article}
            for failed in step.failed
        ],
        "parts": [_plain(part) for part in step.parts],
    }


def _plain_figure(value: Figure) -> int | str | None:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
