"""The addresses under `/api/v1`. Each has the rule of its operations; one without does not start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, path

from baophu.web.api import description
from baophu.web.api.site import make_api
from baophu.web.rules import Rule, rule_of, with_rule

app_name = "api"
api = make_api()


def _rules() -> dict[str, Rule]:
    """Return the rule of each name of the table of addresses."""
    rules: dict[str, Rule] = {}
    for _, router in api._routers:
        for place, view in router.path_operations.items():
            found = {rule_of(one.view_func) for one in view.operations}
            if len(found) != 1 or None in found:
                raise TypeError(f"{place}: its operations need a rule, and the same one (see baophu.web.rules)")
            (rule,) = found
            assert rule is not None  # noqa: S101 (checked above)
            rules |= {one.view_func.__name__: rule for one in view.operations}
    return rules


def _guarded(patterns: list[Any], rules: dict[str, Rule]) -> Iterator[URLPattern]:
    """Yield the addresses of the operations, each once and with its rule; the bare root is none."""
    known: set[str] = set()
    for one in patterns:
        # An address with two methods comes twice.
        if one.name in rules and str(one.pattern) not in known:
            known.add(str(one.pattern))
            view: Callable[..., Any] = one.callback
            one.callback = with_rule(view, rules[one.name])
            yield one


urlpatterns = [
    path("openapi.json", description.openapi, name="openapi"),
    path("docs", description.docs, name="docs"),
    *_guarded(api.urls[0], _rules()),
]
