"""What lists share: areas that lead there, chips that filter, the address of the next page, days out of the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from baophu.areas.units import tree
from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.law.commands import basis_words
from baophu.registers.persons import WIDTHS
from baophu.results.masking import mask
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope


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


def at(given: Mapping[str, Any]) -> int:
    """Return how many rows of a list came before a page, as its address says."""
    words = str(given.get("at", ""))
    return int(words) if words.isdecimal() and len(words) < 9 else 0
