"""Search across areas, employers and, with the right, people; with or without diacritics.

The box is sent by POST: who types a number gets his answer at once, so that no number ever stands in an address or in
a history. What holds no number goes on to an address that can be kept and passed on.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baophu.areas.units import Area, tree
from baophu.core.names import fold
from baophu.registers.store import names_nobody
from baophu.results.masking import mask
from baophu.web.accounts.rights import Right
from baophu.web.lists import address, shown_tax_code
from baophu.web.reading import Reader, reader_of
from baophu.web.rules import rule

MOST = 20
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ .\-](?=\d)")


@rule(Right.SEE, looks_up=True)
@sensitive_post_parameters("q")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find areas, employers, people."""
    given = request.POST if request.method == "POST" else request.GET
    words, has_number = as_sought(given.get("q", "")[:100])
    if request.method == "POST" and not has_number:
        return redirect(address(reverse("search"), q=words))
    # A number in the address was typed there by hand: it is not looked up, and not shown again.
    refused = request.method == "GET" and has_number
    context: dict[str, Any] = {"words": "" if has_number else words, "asked": bool(words), "refused": refused}
    if words and not refused:
        context |= found(reader_of(request), words, has_number)
    return render(request, "web/search.html", context)


def as_sought(given: str) -> tuple[str, bool]:
    """Return what is looked for, and whether it holds a number of somebody's; of a number its digits alone."""
    words = " ".join(given.split())
    number = _BETWEEN_DIGITS.sub("", words)
    has_number = not names_nobody(words)
    return (number if has_number else words), has_number


def found(reader: Reader, words: str, is_number: bool) -> dict[str, Any]:
    """Return the areas, employers and people that are found, as far as the reader may see them."""
    persons = reader.persons_numbered(words) if is_number else reader.persons_named(words, MOST)
    return {
        "areas": [] if is_number else _areas(reader, words),
        "employers": [
            {**row, "tax_code": shown_tax_code(row["tax_code"])} for row in reader.employers_named(words, MOST)
        ],
        "persons": [{**row, "pid": mask(row["pid"] or "")} for row in persons],
        "may_employers": reader.scope.may(Right.WORK),
        "may_persons": reader.scope.may(Right.PERSONS),
        "most": MOST,
    }


def _areas(reader: Reader, words: str) -> list[Area]:
    """Return the areas whose name has all the words or whose code it is, the widest first."""
    known = tree()
    sought = fold(words).split()
    every = [*known.provinces, *known.communes]
    hits = [one for one in every if one.code == words or _begun(fold(one.full_label.vi).split(), sought)]
    return [one for one in hits if reader.scope.sees(one.code, Right.SEE)][:MOST]


def _begun(words: list[str], sought: list[str]) -> bool:
    """Tell whether each of the words that are sought begins one of the words."""
    return bool(sought) and all(any(word.startswith(begin) for word in words) for begin in sought)
