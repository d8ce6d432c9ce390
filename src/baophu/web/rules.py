"""What each page demands of who opens it. A view without a rule is shown to nobody (`middleware.RuleMiddleware`).

    @rule(Right.SEE, area="area_code")
    def indicator(request, area_code, indicator): ...

The area is named by an argument of the address, and checked before the view begins. A view of a thing whose area is
only known after it was looked up (an employer, a finding) says `looks_up=True`: it takes what it shows from
`reading`, which hands out nothing from outside the scope, and answers 404 as for what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from baophu.web.accounts.rights import Right

View = TypeVar("View", bound=Callable[..., Any])
_NAME = "baophu_rule"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may open a view."""

    # None: whoever has signed in. For `open_to_all`, nobody is asked.
    right: Right | None
    # The argument of the address that names the area.
    area: str | None = None
    # What it shows is filtered by the scope as it is looked up.
    looks_up: bool = False
    open_to_all: bool = False
    # A page for somebody who has given his password and not yet his code, or must change his password.
    half_signed_in: bool = False


def rule(right: Right, *, area: str | None = None, looks_up: bool = False) -> Callable[[View], View]:
    """Demand a right: on the area that an argument names, or on what is looked up."""
    if (area is None) != looks_up:
        raise TypeError("a rule names the area, or says that what is shown is looked up within the scope")
    return _marked(Rule(right, area, looks_up))


def signed_in(*, half: bool = False) -> Callable[[View], View]:
    """Let in whoever has signed in: pages of one's own account, which show nothing of an area."""
    return _marked(Rule(None, half_signed_in=half))


def open_to_all(view: View) -> View:
    """Let in everybody: signing in, and whether the server lives."""
    return _marked(Rule(None, open_to_all=True))(view)


def with_rule(view: View, one: Rule) -> View:
    """Give a view the rule of what it calls, as the API's views call operations."""
    return _marked(one)(view)


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """Return the rule of a view; None where it has none."""
    found = getattr(view, _NAME, None)
    return found if isinstance(found, Rule) else None


def _marked(one: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _NAME, one)
        return view

    return mark
