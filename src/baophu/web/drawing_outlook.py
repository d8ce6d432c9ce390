"""The trend with its forecast: two years of values, the band to the target's day, the required path. SVG by classes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from baophu.core.languages import Language, Text
from baophu.core.months import months_between
from baophu.targets.words import short_value
from baophu.web.drawing import line_path, scale_of
from baophu.web.figures import Goal, Trend
from baophu.web.outlook import Outlook
from baophu.web.templatetags.baophu import month as month_words

SIZE = (640, 280)
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 96, 18, 32
_KNOWN = 25
# Where no target says how far to look: to the end of the next year but one.
_AHEAD = 26


def outlook_chart(trend: Trend, said: Outlook, goal: Goal | None, lang: Language) -> SafeString:
    """Draw the known months, then the band of the forecast with its middle, and the target with the path to it.

    A target that lies far beyond all of it would press the lines flat: then only the words beside the chart tell it.
    Nothing where fewer than two months are known.
    """
    known = [one for one in trend.points[-_KNOWN:] if one.value is not None]
    if len(known) < 2:
        return mark_safe("")
    end = goal.target.period_end.replace(day=1) if goal and not goal.ended else None
    ahead = [(month, one) for month, one in zip(said.months, said.quantiles, strict=True) if month <= (end or month)]
    ahead = ahead if end else ahead[:_AHEAD]
    if not ahead:
        return mark_safe("")
    first, last = known[0].month, ahead[-1][0]
    values = [one.value for one in known if one.value is not None]
    band = [Fraction(round(edge)) for _, one in ahead for edge in (one.p10, one.p90)]
    aim = Fraction(goal.target.value) if goal and end and goal.target.value is not None and _same(trend, goal) else None
    spread = max([*values, *band]) - min([*values, *band])
    aim = aim if aim is not None and min(values) - 3 * spread <= aim <= max([*values, *band]) + 3 * spread else None
    width, height = SIZE
    down = scale_of([*values, *band, *([aim] if aim is not None else [])], height - _TOP - _BOTTOM, _TOP)
    months = max(months_between(first, last), 1)

    def across(month: date) -> float:
        return round(_LEFT + months_between(first, month) / months * (width - _LEFT - _RIGHT), 1)

    newest = known[-1]
    assert newest.value is not None  # noqa: S101 (chosen so above)
    joined = (across(newest.month), down(newest.value))
    upper, middle, lower = (
        [joined, *((across(month), down(Fraction(round(getattr(one, name))))) for month, one in ahead)]
        for name in ("p90", "p50", "p10")
    )
    past = ((across(one.month), down(one.value)) for one in known if one.value is not None)
    drawn = [
        format_html('<path class="band" d="{}Z"/>', line_path([*upper, *reversed(lower)])),
        format_html('<path class="middle" d="{}"/>', line_path(middle)),
        format_html('<path class="actual" d="{}"/>', line_path(past)),
        format_html('<circle class="end" cx="{}" cy="{}" r="3"/>', *joined),
    ]  # fmt: skip
    name = trend.record.id
    final = ahead[-1][1]
    labels: list[tuple[float, float, str, str]] = [
        (_LEFT - 8, down(one) + 4, "end", _short(name, one, lang)) for one in dict.fromkeys((min(values), max(values)))
    ]
    right = _apart([
        (down(Fraction(round(value))), _short(name, Fraction(round(value)), lang))
        for value in dict.fromkeys((final.p90, final.p50, final.p10))
    ])  # fmt: skip
    labels += [(width - _RIGHT + 6, at + 4, "start", words) for at, words in right]
    if aim is not None and goal is not None:
        drawn.append(format_html('<path class="aim" d="{}"/>', line_path(_path(goal, across, down, joined, aim, last))))
        words = Text(f"chỉ tiêu {goal.year}", f"target {goal.year}").say(lang)
        labels.append((across(last) - 4, down(aim) - 6, "end", f"{words}: {_short(name, aim, lang)}"))
    ticks = sorted({first, newest.month, last})
    labels += [
        (across(one), height - 10, "start" if one == first else "end" if one == last else "middle", month_words(one))
        for one in ticks
    ]
    texts = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        ((round(x, 1), round(y, 1), a, t) for x, y, a, t in labels),
    )
    told = Text(
        f"{trend.record.short.vi}: {_short(name, newest.value, 'vi')} tháng {newest.month:%m/%Y}; dự báo "
        f"{last:%m/%Y}: {_short(name, Fraction(round(final.p50)), 'vi')}, "
        f"từ {_short(name, Fraction(round(final.p10)), 'vi')} đến {_short(name, Fraction(round(final.p90)), 'vi')}",
        f"{trend.record.short.en}: {_short(name, newest.value, 'en')} in {newest.month:%Y-%m}; forecast for "
        f"{last:%Y-%m}: {_short(name, Fraction(round(final.p50)), 'en')}, "
        f"{_short(name, Fraction(round(final.p10)), 'en')} to {_short(name, Fraction(round(final.p90)), 'en')}",
    ).say(lang)
    return format_html(
        '<svg class="wide-line" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        width, height, told, mark_safe("".join(drawn)), texts,  # noqa: S308 (made above)
    )  # fmt: skip


def _same(trend: Trend, goal: Goal) -> bool:
    """Tell whether value and target are of one scope; else the target has no place on the value's axis."""
    return trend.last is not None and (len(trend.record.scopes) == 1 or trend.last["scope"] == goal.target.scope)


def _path(goal: Goal, across, down, joined, aim: Fraction, last: date) -> list[tuple[float, float]]:  # type: ignore[no-untyped-def]
    """Return the straight path to the target, from its base where that is on the chart, else from today."""
    base = goal.row["base"] if goal.row else None
    begins = goal.target.base_date.replace(day=1)
    start = (across(begins), down(Fraction(str(base)))) if base is not None and across(begins) >= _LEFT else joined
    return [start, (across(last), down(aim))]


def _apart(labels: Sequence[tuple[float, str]], least: float = 16) -> list[tuple[float, str]]:
    """Return labels from the top down, moved so far that none covers another."""
    found: list[tuple[float, str]] = []
    for at, words in sorted(labels):
        found.append((max(at, found[-1][0] + least) if found else at, words))
    return found


def _short(name: str, value: Fraction, lang: Language) -> str:
    return short_value(name, value, lang)
