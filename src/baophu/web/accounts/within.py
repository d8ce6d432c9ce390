"""Whose accounts somebody is responsible for: people all of whose roles lie within the areas where his right holds."""

from __future__ import annotations

from baophu.areas.units import COUNTRY
from baophu.web.accounts.models import Grant, User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope, areas_of


def usernames_within(scope: Scope, right: Right) -> list[str] | None:
    """Return the names of the people within a right's areas; None where the right holds on the whole country.

    Who holds no role at all belongs to no area, and so to the country alone.
    """
    if COUNTRY in scope.roots(right):
        return None
    inside: dict[str, bool] = {}
    for one in Grant.objects.all().holding().select_related("user"):
        name = one.user.username
        areas = areas_of(one.area_code, one.office_id)
        inside[name] = inside.get(name, True) and bool(areas) and all(scope.sees(code, right) for code in areas)
    return sorted(name for name, within in inside.items() if within)


def user_within(scope: Scope, right: Right, username: str) -> User | None:
    """Return somebody within a right's areas; None where there is nobody of the name, or not there."""
    names = usernames_within(scope, right)
    if names is not None and username not in names:
        return None
    return User.objects.filter(username=username).first()
