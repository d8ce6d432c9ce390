"""An area at a glance, one of its indicators, its targets: the pages that a morning begins with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from baophu.areas.units import COUNTRY, tree
from baophu.core.languages import Text
from baophu.core.numbers import Number
from baophu.findings.kinds import kinds
from baophu.indicators.catalogue import DIRECTIONS, SCOPES, catalogue
from baophu.targets.measured import PLACES
from baophu.web import drawing, figures, outlook
from baophu.web.accounts.rights import Right
from baophu.web.boundary_paths import outlines
from baophu.web.breakdowns import breakdowns
from baophu.web.calendar_of_duties import next_duties
from baophu.web.comments import telling as comments
from baophu.web.comments.models import Comment
from baophu.web.drawing_outlook import outlook_chart
from baophu.web.figures import Child, Trend
from baophu.web.keeping import kept, kept_beside
from baophu.web.lists import Chip, address, crumbs
from baophu.web.reading import Reader, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, said

_DEADLINES = 4
# How the areas below can be ordered: the word in the address, and by what. Those without a value come last.
SORTS: dict[str, Callable[[Child], Number | None]] = {
    "value": lambda one: one.value,
    "month": lambda one: one.on_month,
    "year": lambda one: one.on_year,
    "target": lambda one: one.goal.achieved if one.goal else None,
    "rank": lambda one: one.place.rank if one.place else None,
    "findings": lambda one: one.findings,
}
HEADS = {
    "value": Text("Giá trị", "Value"),
    "month": Text("So với tháng trước", "On last month"),
    "year": Text("So với cùng kỳ", "On last year"),
    "target": Text("So với chỉ tiêu", "Of the target"),
    "rank": Text("Hạng", "Rank"),
    "findings": Text("Cần xử lý", "Findings"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its words, where a click leads, and how it is ordered now."""

    words: str
    address: str
    order: str
    # Left out where the page is narrow.
    less: bool = False


@dataclass(frozen=True, slots=True)
class OfKind:
    """The open findings of a kind."""

    kind: str
    title: Text
    count: int
    amount: int
    monthly: bool


def _said(area_code: str, **more: str) -> object:
    """Name what was said of an area so far."""
    return Comment.objects.all().state(area_code)


@rule(Right.SEE, area="area_code")
@require_safe
@kept_beside(_said)
def area(request: HttpRequest, area_code: str) -> HttpResponse:
    """Show an area at a glance."""
    reader = reader_of(request)
    cards = figures.cards(reader, area_code)
    shown = request.GET.get("show", figures.CARDS[0])
    of = next((one.trend for one in cards if one.trend.record.id == shown), cards[0].trend)
    lang, today = language(), date.today()
    path = request.path
    context = {
        **_frame(reader, area_code, "area"),
        "emulation": outlook.place(reader, area_code, "all"),
        "peers": _peers(reader, area_code),
        "no_forecast": None if reader.forecasts() else outlook.NONE_IN_RUN,
        "cards": [(card, card.short(lang), drawing.sparkline(card.trend, lang)) for card in cards],
        "measured": any(card.trend.last for card in cards),
        "completeness": cards[0].trend.last["completeness"] if cards[0].trend.last else None,
        "chips": [
            Chip(said(card.trend.record.short), address(path, show=card.trend.record.id), card.trend is of)
            for card in cards
        ],
        "comments": comments.section(reader.scope, area_code, comments.of_area(reader.scope, area_code)),
        "works": reader.scope.sees(area_code, Right.WORK),
        "findings": open_findings(reader, area_code),
        "deadlines": [(one, one.workdays(today)) for one in next_duties(reader, area_code, _DEADLINES, today)],
        **_below(request, reader, area_code, of),
    }
    return render(request, "web/area.html", context)


@rule(Right.SEE, area="area_code")
@require_safe
@kept_beside(_said)
def indicator(request: HttpRequest, area_code: str, indicator: str) -> HttpResponse:
    """Show one indicator of an area: what it measures, its months, the areas below."""
    if indicator not in catalogue():
        raise Http404
    reader, lang = reader_of(request), language()
    of = figures.trend(reader, area_code, indicator)
    card = figures.card(reader, area_code, figures.goals(reader, area_code), indicator)
    goal = card.goal
    ahead = card.outlook if isinstance(card.outlook, outlook.Outlook) else None
    context = {
        **_frame(reader, area_code, "indicator", indicator),
        "record": of.record,
        "of": of,
        "card": card,
        "ahead": outlook_chart(of, ahead, goal, lang) if ahead else None,
        "breakdowns": breakdowns(reader, area_code, indicator, sensitive=reader.scope.sees(area_code, Right.SENSITIVE)),
        "direction": DIRECTIONS[of.record.direction],
        "scope_words": SCOPES[of.last["scope"]] if of.last and len(of.record.scopes) > 1 else None,
        "place_words": PLACES.get(of.last["place"]) if of.last else None,
        "completeness": of.last["completeness"] if of.last else None,
        "line": drawing.wide_line(of, goal, lang),
        "months": list(reversed(of.points)),
        "comments": comments.section(
            reader.scope, area_code, comments.of_indicator(reader.scope, area_code, indicator), indicator=indicator
        ),
        **_below(request, reader, area_code, of),
    }
    return render(request, "web/indicator.html", context)


@rule(Right.SEE, area="area_code")
@require_safe
@kept
def targets(request: HttpRequest, area_code: str) -> HttpResponse:
    """Show the targets of an area, how it stands towards them, and what was handed on below."""
    reader = reader_of(request)
    every = "all" in request.GET
    found = [one for one in figures.goals(reader, area_code) if every or figures.in_view(one, reader.run.as_of)]
    handed = [figures.handed_on(reader, area_code, one.target) for one in found]
    context = {
        **_frame(reader, area_code, "targets"),
        "every": every,
        "goals": [(one, catalogue()[one.target.indicator], below) for one, below in zip(found, handed, strict=True)],
    }
    return render(request, "web/targets.html", context)


def _peers(reader: Reader, area_code: str) -> str | None:
    """Return the address of the ranking that an area stands in; None where it may not be opened."""
    above = tree().get(area_code).parent
    return reverse("ranking", args=[above]) if above and reader.scope.sees(above, Right.SEE) else None


def _frame(reader: Reader, area_code: str, page: str, *more: str) -> dict[str, Any]:
    """Return what the top of each of these pages says."""
    return {
        "area_code": area_code,
        "run": reader.run,
        "as_of": figures.as_of(reader),
        "crumbs": crumbs(reader.scope, area_code, page, more=more),
    }


def _below(request: HttpRequest, reader: Reader, area_code: str, of: Trend) -> dict[str, Any]:
    """Return the areas below one with their values of an indicator, as a table and as a map."""
    found = figures.children(reader, area_code, of)
    asked = request.GET.get("sort", "-value")
    name, falls = asked.removeprefix("-"), asked.startswith("-")
    filters = {"show": request.GET.get("show"), "sort": asked}
    there = {
        "findings": any(one.findings is not None for one in found),
        "target": any(one.goal for one in found),
        "rank": any(one.place for one in found),
    }  # fmt: skip
    columns = [one for one in SORTS if there.get(one, True)]
    heads = [_head(request.path, filters, one, said(HEADS[one]), name, falls) for one in columns]
    by_name = _head(request.path, filters, "name", said(Text("Đơn vị", "Area")), name, falls)
    return {
        "shown": of,
        "children": [(one, drawing.small_line(one.months)) for one in ordered(found, name, falls)],
        "ranked": bool(reader.ranked_below(area_code)),
        "by_name": by_name,
        "heads": heads,
        "columns": columns,
        "map": map_of(reader, area_code, of, found) if found else None,
    }


def _head(path: str, filters: dict[str, str | None], column: str, words: str, name: str, falls: bool) -> Head:
    on = column == name
    # A second click turns the order round; a first one begins with the largest, of names and ranks with the first.
    turned = f"-{column}" if (not falls if on else column not in ("name", "rank")) else column
    order = ("descending" if falls else "ascending") if on else "none"
    return Head(words, address(path, **{**filters, "sort": turned}), order, column in ("month", "target", "rank"))


def ordered(found: Sequence[Child], name: str, falls: bool) -> list[Child]:
    """Return the areas below one in an order that a column's head asks for."""
    by = SORTS.get(name)
    if by is None:
        return sorted(found, key=lambda one: (one.code is None, said(one.name)), reverse=falls and name == "name")
    known = [one for one in found if one.code and by(one) is not None]
    rest = [one for one in found if not one.code or by(one) is None]
    return sorted(known, key=lambda one: (by(one), one.code), reverse=falls) + rest


def map_of(reader: Reader, area_code: str, of: Trend, found: Sequence[Child]) -> drawing.Map:
    """Return the map of the areas below one."""
    values = {one.code: one.value for one in found if one.code and one.value is not None}
    lang = language()

    def link(code: str) -> str:
        return address(reverse("area", args=[code]), show=of.record.id)

    if (shapes := outlines(reader.home, area_code)) is not None:
        return drawing.boundary_map(of.record.id, values, tree().children(area_code), shapes, link, lang)
    if area_code == COUNTRY:
        names = {one.code: said(one.name) for one in found if one.code}
        return drawing.tile_map(of.record.id, values, names, link, lang)
    return drawing.point_map(of.record.id, values, tree().children(area_code), link, lang)


def open_findings(reader: Reader, area_code: str) -> list[OfKind]:
    """Return the open findings of an area by kind, the most first."""
    known = kinds()
    found = [
        OfKind(row["kind"], known[row["kind"]].title, row["findings"], row["amount"],
               known[row["kind"]].amount == "monthly")
        for row in reader.finding_counts(area_code)
        if row["status"] == "open" and row["kind"] in known
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.count)
