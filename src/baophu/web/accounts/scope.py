"""The one choke point: what the one who asks may do, on which areas. Pages, files, API and search all ask here.

    scope = scope_of(request.user)
    scope.sees("01", Right.SEE)        # may he see the figures of Hà Nội?
    scope.communes(Right.WORK)         # whose rows may he see? None: all of the country

A role on an area holds on what lies below it, never beside or above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from baophu.areas.units import COUNTRY, tree
from baophu.web.accounts.rights import RIGHTS, Right, Role


@dataclass(frozen=True, slots=True)
class Held:
    """A role as it is held: its rights, and the areas on whose tops they hold."""

    rights: frozenset[Right]
    roots: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody may do where. The empty one may nothing."""

    held: tuple[Held, ...] = ()

    def roots(self, right: Right) -> frozenset[str]:
        """Return the areas on whose tops a right holds; what lies below one of them is left out."""
        codes = {code for one in self.held if right in one.rights for code in one.roots}
        return frozenset(code for code in codes if not any(above in codes for above in _above(code)))

    def may(self, right: Right) -> bool:
        """Tell whether a right holds anywhere."""
        return any(right in one.rights and one.roots for one in self.held)

    def sees(self, area_code: str, right: Right = Right.SEE) -> bool:
        """Tell whether a right holds on an area. An area that does not exist is seen by nobody."""
        roots = self.roots(right)
        return (
            bool(roots) and area_code in tree() and (area_code in roots or any(a in roots for a in _above(area_code)))
        )

    def communes(self, right: Right) -> frozenset[str] | None:
        """Return the communes whose rows a right opens; None where it opens the whole country, unknown areas too."""
        roots = self.roots(right)
        if COUNTRY in roots:
            return None
        return frozenset(code for root in roots for code in _communes(root))

    def below(self, area_code: str) -> Scope:
        """Return the same rights, on an area and below it only (for a token that is narrower than its holder)."""
        return Scope(tuple(Held(one.rights, _narrowed(one.roots, area_code)) for one in self.held))

    def of_token(self, rights: Iterable[str], area_code: str) -> Scope:
        """Return what a token may do: some rights on an area, of those roles that may use the API at all."""
        named = frozenset(rights)
        kept = (Held(one.rights & named, one.roots) for one in self.held if Right.API in one.rights)
        return Scope(tuple(kept)).below(area_code)

    @property
    def home(self) -> str | None:
        """The area where its holder begins: the highest that he may see the figures of."""
        return self.first(Right.SEE)

    def first(self, right: Right) -> str | None:
        """Return the highest area on which a right holds, the first of several; None where it holds nowhere."""
        return min(self.roots(right), key=lambda code: (len(code), code), default=None)

    @property
    def key(self) -> str:
        """Name the scope: equal for equal scopes, so that what was made for one is not shown to another."""
        parts = sorted(f"{right}:{','.join(sorted(self.roots(right)))}" for right in Right)
        return ";".join(parts)


def scope_of(user: object) -> Scope:
    """Return what a user may do now; nobody, or somebody who is no longer active, may nothing."""
    from baophu.web.accounts.models import User

    if not isinstance(user, User) or not user.is_active:
        return Scope()
    known = getattr(user, "_scope", None)
    if isinstance(known, Scope):
        return known
    scope = Scope(
        tuple(
            Held(_rights(Role(grant.role), grant.sensitive), areas_of(grant.area_code, grant.office_id))
            for grant in user.grants.all().holding()
        )
    )
    user._scope = scope  # type: ignore[attr-defined]
    return scope


def _rights(role: Role, sensitive: bool) -> frozenset[Right]:
    return RIGHTS[role] | {Right.SENSITIVE} if sensitive else RIGHTS[role]


def placed(area_code: str | None) -> str:
    """Return the area by whose rights a row is seen; what lies in no known area is seen by who sees the country."""
    return area_code if area_code is not None and area_code in tree() else COUNTRY


def areas_of(area_code: str, office_id: str) -> frozenset[str]:
    """Return the areas of a role: the one that it is on, or the communes of its office, whole provinces as such.

    None for an office that is in the newest list no more.
    """
    if not office_id:
        return frozenset({area_code})
    from baophu.areas.offices import offices
    from baophu.core.home import home

    served = frozenset(offices(home()).communes(office_id))
    known = tree()
    provinces = {str(known.get(code).parent) for code in served if code in known}
    whole = {one for one in provinces if served.issuperset(_communes(one))}
    return frozenset(whole) | frozenset(code for code in served if not any(above in whole for above in _above(code)))


def _narrowed(roots: Iterable[str], area_code: str) -> frozenset[str]:
    """Return the part of some areas that lies on or below one."""
    kept = {code for code in roots if code == area_code or area_code in _above(code)}
    if any(root in _above(area_code) for root in roots):
        kept.add(area_code)
    return frozenset(kept)


@lru_cache(maxsize=8192)
def _above(code: str) -> tuple[str, ...]:
    """Return the codes of the areas above one; none for what is not known."""
    known = tree()
    return tuple(area.code for area in known.ancestors(code)) if code in known else ()


@lru_cache(maxsize=256)
def _communes(code: str) -> tuple[str, ...]:
    """Return the communes of an area, itself where it is one."""
    known = tree()
    if code not in known:
        return ()
    if known.get(code).level == "commune":
        return (code,)
    return tuple(one for child in known.children(code) for one in _communes(child.code))
