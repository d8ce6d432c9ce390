"""What a page offers to be taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse

from baophu.core.languages import Text
from baophu.web.accounts.scope import scope_of
from baophu.web.exports.lists import LISTS
from baophu.web.lists import address
from baophu.web.templatetags.baophu import said

register = template.Library()

FORMS = {"xlsx": Text("Excel", "Excel"), "csv": Text("CSV", "CSV"), "parquet": Text("Parquet", "Parquet")}


@dataclass(frozen=True, slots=True)
class Way:
    """A link by which the page is taken away."""

    words: str
    address: str


@register.simple_tag(takes_context=True)
def ways(context: template.Context) -> list[Way]:
    """Return the links of the page that is shown, with its filters; none where who looks may not take it away."""
    request: Any = context["request"]
    page = request.resolver_match.url_name if request.resolver_match else None
    listed = LISTS.get(page or "")
    if listed is None or not scope_of(request.user).may(listed.right):
        return []
    path = reverse(f"take-{page}", kwargs=request.resolver_match.kwargs)
    filters = {name: request.GET.get(name) for name in listed.filters}
    found = [Way(said(FORMS[form]), address(path, **filters, form=form)) for form in listed.forms]
    # More than a form is chosen there: numbers in full, with the purpose.
    return [*found, Way(said(Text("Cách khác", "Other ways")), address(path, **filters))] if listed.choices else found
