"""The ranking of the areas below one: by the emulation score, or by how much of a target they achieved or did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from baophu.areas.units import tree
from baophu.core.languages import Text
from baophu.core.numbers import decimal, share, short_date
from baophu.indicators.catalogue import catalogue
from baophu.targets.ranking import BY
from baophu.web import figures
from baophu.web.accounts.rights import Right
from baophu.web.lists import Chip, address, crumbs
from baophu.web.outlook import Place, next_period, place_of
from baophu.web.reading import Reader, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, said

EMULATION = "emulation"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of the ranking."""

    code: str
    name: Text
    place: Place
    score: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A ranking: the ways in which there is one, the way that was chosen, its rows."""

    ways: Sequence[Row]
    by: str
    indicator: str
    periods: Sequence[str]
    period: str | None
    rows: Sequence[Ranked]


@rule(Right.SEE, area="area_code")
@require_safe
def ranking(request: HttpRequest, area_code: str) -> HttpResponse:
    """Rank the areas below one, each with its place in the month before."""
    reader, lang = reader_of(request), language()
    listed = ranked(reader, area_code, request.GET)
    by, name, period, found = listed.by, listed.indicator, listed.period, listed.rows
    path, ways = request.path, listed.ways
    kept = None if name == ALL else name
    context = {
        "area_code": area_code,
        "run": reader.run,
        "as_of": figures.as_of(reader),
        "crumbs": crumbs(reader.scope, area_code, "ranking"),
        "by_chips": [
            Chip(capfirst(said(words)), address(path, by=key, indicator=None if key == EMULATION else kept), key == by)
            for key, words in sorted(BY.items(), key=lambda one: one[0] != EMULATION)
            if any(one["criterion"] == key for one in ways)
        ],
        "indicator_chips": [
            Chip(said(catalogue()[one].short), address(path, by=by, indicator=one), one == name)
            for one in sorted({way["indicator"] for way in ways if way["criterion"] == by} - {ALL}, key=_order)
        ],
        "period_chips": [
            Chip(
                short_date(date.fromisoformat(one), lang), address(path, by=by, indicator=name, period=one),
                one == period,
            )
            for one in (listed.periods if by != EMULATION else ())
        ],
        "by": next((words for key, words in BY.items() if key == by), None),
        "rows": found,
        "among": found[0].place.among if found else None,
    }  # fmt: skip
    return render(request, "web/ranking.html", context)


def ranked(reader: Reader, area_code: str, given: Mapping[str, str]) -> Listing:
    """Return the ranking of the areas below one that an address asks for: `by`, `indicator`, `period`."""
    ways, known, lang = reader.ranked_below(area_code), tree(), language()
    by, name = _chosen(ways, given.get("by", ""), given.get("indicator", ""))
    rows = [row for row in reader.places_below(area_code, name) if row["criterion"] == by]
    periods = sorted({row["period"] for row in rows})
    asked = given.get("period", "")
    period = asked if asked in periods else next_period(reader, periods)
    found = [
        Ranked(
            row["area_code"], known.get(row["area_code"]).label, place, _score(place, lang), _leads_to(row, by, name)
        )
        for row in rows
        if row["period"] == period and row["area_code"] in known and (place := place_of(row))
    ]
    return Listing(ways, by, name, periods, period, found)


def _chosen(ways: Sequence[Row], by: str, name: str) -> tuple[str, str]:
    """Return the way of ranking that was asked for as far as there is one, else by the emulation score."""
    by = by if any(one["criterion"] == by for one in ways) else EMULATION
    named = sorted({one["indicator"] for one in ways if one["criterion"] == by}, key=_order)
    return by, name if name in named else named[0] if named else ALL


def _order(name: str) -> int:
    return catalogue()[name].order if name in catalogue() else -1


def _score(place: Place, lang: str) -> str:
    if place.criterion == EMULATION:
        return decimal(place.score, "vi" if lang == "vi" else "en", 1)
    return share(place.score, "vi" if lang == "vi" else "en")


def _leads_to(row: Row, by: str, name: str) -> str:
    """Return the page one level down: the area's own ranking, or of a commune its overview."""
    code = row["area_code"]
    if not tree().children(code):
        return reverse("area", args=[code])
    return address(reverse("ranking", args=[code]), by=by, indicator=None if name == ALL else name)
