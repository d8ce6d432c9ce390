"""What lists share: areas that lead there, chips that filter, the address of the next page, days out of the index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from baophu.areas.units import tree
from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.law.commands import basis_words
from baophu.registers.persons import WIDTHS
from baophu.registers.store import names_nobody
from baophu.results.masking import mask
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope

# Days that a form or an address may name: none is near the ends of the calendar, where times cannot be counted.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
DAYS = Text("Ngày phải trong các năm 2000 đến 2100.", "The day must be in the years 2000 to 2100.")
# Digits of the largest number of a row that a database takes for sure.
_KEY = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on or can be put on: its words, where it leads, how many rows it keeps."""

    words: str
    address: str
    on: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way here; without an address where it may not be opened."""

    words: str
    address: str | None = None


def crumbs(scope: Scope, area: str, page: str, right: Right = Right.SEE, more: tuple[str, ...] = ()) -> list[Crumb]:
    """Return the way from the country to an area, each step the same page of a wider area."""
    from baophu.web.templatetags.baophu import area_name

    known = tree()
    codes = [one.code for one in known.ancestors(area)] if area in known else []
    return [
        Crumb(area_name(code), reverse(page, args=[code, *more]) if scope.sees(code, right) else None)
        for code in [*codes, area]
    ]


def address(path: str, **filters: object) -> str:
    """Return an address with filters; those that are None or empty are left out."""
    given = urlencode({name: value for name, value in filters.items() if value not in (None, "")})
    return f"{path}?{given}" if given else path


def here(request: HttpRequest) -> str:
    """Return the address that is asked for, to come back to; without what may be somebody's number in its filters."""
    given = [(name, value) for name in request.GET for value in request.GET.getlist(name)]
    kept = [(name, value) for name, value in given if names_nobody(f"{name} {value}") or _is_cursor(name, value)]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _is_cursor(name: str, value: str) -> bool:
    """Tell whether a value is where a page of a list begins: a key and a finding's or employer's name, no number."""
    return name == "after" and "~" in value


def as_date(words: str | None) -> date | None:
    """Return a day or month as the index keeps it."""
    return date.fromisoformat(words) if words else None


def last_month(until: str | None) -> date | None:
    """Return the last month of a stretch that is kept by the first month after it."""
    return months_later(date.fromisoformat(until), -1) if until else None


def shown_tax_code(code: str | None) -> str:
    """Return a tax code; a household's that is its owner's personal number is masked."""
    if not code:
        return ""
    return mask(code) if len(code) == WIDTHS["pid"] else code


def law_text(reference: str) -> Text:
    """Return a reference to the law as each language writes it."""
    return Text(basis_words(reference, "vi"), basis_words(reference, "en"))


def key_of(words: str) -> int | None:
    """Return the number of a row that an address or a form names; None for what is none, however long it is."""
    return int(words) if _KEY.fullmatch(words) else None


def at(given: Mapping[str, Any]) -> int:
    """Return how many rows of a list came before a page, as its address says."""
    words = str(given.get("at", ""))
    return int(words) if words.isdecimal() and len(words) < 9 else 0
