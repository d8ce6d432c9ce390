"""Every page, file and endpoint as every role, on its own area and on those around it: nothing shows what it may not.

The addresses are those of the URL table. A new one that has no rule, or an argument that no example is known of, fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from browsers import browser_of
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from site_by_hand import (
    COMMUNE,
    COMMUNES,
    FAR,
    OTHER_PROVINCE,
    PROVINCE,
    SHARE,
    SIBLING,
    company,
    employer_id,
    finding_id,
    person,
)

from baophu.areas.units import COUNTRY, tree
from baophu.web.accounts.rights import Right, Role
from baophu.web.accounts.scope import scope_of
from baophu.web.middleware import RuleMiddleware
from baophu.web.rules import Rule, rule_of

# What an argument of an address may be: for an area, something that lies in it.
EXAMPLES: dict[str, Callable[[str], str]] = {
    "area_code": lambda area: area,
    "indicator": lambda area: SHARE,
    "finding_id": lambda area: finding_id(inside(area)),
    "employer_id": lambda area: employer_id(inside(area)),
    "month": lambda area: "2026-10",
    "person_key": lambda area: person(inside(area)),
    "chart": lambda area: "line",
    "form": lambda area: "svg",
    # Nobody's: whose they are is tested in test_web_exports.
    "export_id": lambda area: "00000000-0000-4000-8000-000000000000",
}
AROUND = (COUNTRY, PROVINCE, OTHER_PROVINCE, COMMUNE, SIBLING, FAR)
# They change who is signed in, or his language, and so what comes after them in the same browser.
LEAVES = {"sign-out", "language"}


def inside(area: str) -> str:
    """A commune in an area."""
    return next(one for one in COMMUNES if area in (one, str(tree().get(one).parent), COUNTRY))


@dataclass(frozen=True)
class Address:
    """One line of the URL table."""

    name: str
    path: str
    arguments: tuple[str, ...]
    view: Callable[..., Any]

    def of(self, area: str) -> str:
        """The address of something in an area."""
        filled = self.path
        for name, converter in self._parts():
            if name not in EXAMPLES:
                pytest.fail(f"no example of '{name}' in {self.path}: add one to EXAMPLES")
            filled = filled.replace(converter, EXAMPLES[name](area))
        return f"/{filled}"

    def _parts(self) -> Iterator[tuple[str, str]]:
        for part in self.path.split("<")[1:]:
            inner = part.split(">")[0]
            yield inner.split(":")[-1], f"<{inner}>"


def addresses() -> list[Address]:
    """The URL table, flat."""
    return list(_flat(get_resolver().url_patterns, ""))


def _flat(patterns: list[Any], before: str) -> Iterator[Address]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _flat(one.url_patterns, path)
        elif isinstance(one, URLPattern):
            yield Address(one.name or path, path, tuple(one.pattern.converters), one.callback)


def rule(address: Address) -> Rule:
    """The rule of an address."""
    found = rule_of(address.view)
    assert found is not None, f"{address.path} has no rule (see baophu.web.rules)"
    return found


def test_every_address_has_a_rule(home: object) -> None:
    assert addresses()
    for address in addresses():
        found = rule(address)
        if found.area is not None:
            assert found.area in address.arguments, f"{address.path}: its rule names an argument that it has not"


def test_an_area_in_an_address_is_always_checked(home: object) -> None:
    for address in addresses():
        if "area_code" in address.arguments:
            assert rule(address).area == "area_code", f"{address.path} has an area and does not check it"


def test_a_view_without_a_rule_is_shown_to_nobody(make_user: Callable[..., Any]) -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse("secret")

    request = RequestFactory().get("/")
    request.user = make_user("national")
    with pytest.raises(PermissionDenied):
        RuleMiddleware(view).process_view(request, view, [], {})


def test_who_has_not_signed_in_sees_what_is_open_to_all_and_no_more(home: object) -> None:
    for address in addresses():
        answer = Client(HTTP_HOST="127.0.0.1").get(address.of(COMMUNE))
        if rule(address).open_to_all:
            assert answer.status_code in (200, 404, 405), address.path
        else:
            assert answer.status_code in (302, 401), address.path
            assert answer.status_code == 401 or answer.headers["Location"].startswith("/sign-in"), address.path
        assert not any(company(one) in answer.content.decode() for one in COMMUNES), address.path


@pytest.mark.parametrize("own", [COUNTRY, PROVINCE, COMMUNE])
@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_shown_of_an_area_that_a_role_does_not_hold_on(
    make_user: Callable[..., Any], role: Role, own: str
) -> None:
    user = make_user(role, own)
    browser, scope = browser_of(user), scope_of(user)
    for address in addresses():
        if address.name in LEAVES:
            continue
        asked = rule(address)
        for area in AROUND if address.arguments else (own,):
            answer = browser.get(address.of(area))
            place = f"{role} on {own} at {address.of(area)}: {answer.status_code}"
            assert answer.status_code < 500, place
            if asked.right is not None:
                # What is looked up in a commune is that commune's; an area that is named is itself.
                where = area if asked.area else inside(area)
                allowed = scope.sees(where, asked.right) if address.arguments else scope.may(asked.right)
                assert (answer.status_code not in (302, 403, 404)) == allowed, place
            if answer.get("Content-Type", "").startswith(("text/", "application/json")):
                shown = [one for one in COMMUNES if company(one) in answer.content.decode()]
                assert all(scope.sees(one, Right.WORK) for one in shown), place


def test_what_does_not_exist_is_answered_as_what_one_may_not_see(make_user: Callable[..., Any]) -> None:
    browser = browser_of(make_user("commune", COMMUNE))
    for address in addresses():
        if rule(address).looks_up and address.arguments:
            path = address.of(FAR)
            hidden, missing = browser.get(path), browser.get(path.replace(FAR, "99999"))
            assert hidden.status_code == missing.status_code == 404, address.path
            assert _words(hidden, path) == _words(missing, path.replace(FAR, "99999")), address.path


def _words(answer: Any, path: str) -> str:
    """What a page says, without the address that it was asked for, the minute and the token of its forms."""
    said = re.sub(r"\b\d\d:\d\d\b", "", answer.content.decode())
    lines = said.replace(path, "").split("csrfmiddlewaretoken")
    return "".join(line.split(">", 1)[-1] for line in lines)
