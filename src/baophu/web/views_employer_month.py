"""A month of an employer: each figure explained by the law, workers beside the tax register."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from baophu.web.accounts.rights import Right
from baophu.web.employer_law import explained, workers
from baophu.web.lists import Crumb, crumbs
from baophu.web.reading import reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language
from baophu.web.views_employers import due_month


@rule(Right.WORK, looks_up=True)
@require_safe
def employer_month(request: HttpRequest, employer_id: str, month: str) -> HttpResponse:
    """Explain an employer's month."""
    reader = reader_of(request)
    row = reader.employer(employer_id)
    day = month_named(month)
    told = explained(reader, row, day, language()) if row and day else None
    if row is None or day is None or told is None:
        raise Http404
    dues = [due_month(one, reader.run.as_of) for one in reader.of_employer("dues", employer_id)]
    at = next(place for place, one in enumerate(dues) if one["month"] == day)
    of_tax = workers(reader, employer_id)
    way = crumbs(reader.scope, row["area_code"], "employers", Right.WORK)
    return render(
        request,
        "web/employer_month.html",
        {
            "employer": row,
            "month": day,
            "due": dues[at],
            "before": dues[at - 1]["month"] if at else None,
            "after": dues[at + 1]["month"] if at + 1 < len(dues) else None,
            "told": told,
            "of_tax": next((one for one in of_tax.months if one.month == day), None) if of_tax else None,
            "employers": of_tax.employers if of_tax else 1,
            "crumbs": [*way, Crumb(row["name"], reverse("employer", args=[employer_id]))],
            "area_code": row["area_code"],
            "run": reader.run,
        },
    )


def month_named(words: str) -> date | None:
    """Return the month that an address names as `2026-10`; None for any other words."""
    try:
        found = date.fromisoformat(f"{words}-01")
    except ValueError:
        return None
    return found if f"{found:%Y-%m}" == words else None
