"""Keys to the API: finding whose a key is, and what it may do.

A key is sent as `Authorization: Bearer bp_…`. It never does more than its holder may at the moment that it is used:
a role that was taken back is gone for his keys too.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from baophu.web.accounts.actions import digest
from baophu.web.accounts.models import Token, User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope, scope_of

# What the API asks for, and so what a key may be given. Reading of metrics asks for the right to administer.
GIVEN = (
    Right.SEE, Right.WORK, Right.RECORD, Right.COMMENT, Right.EXPORT, Right.PERSONS, Right.REVEAL, Right.SENSITIVE,
    Right.LOADS, Right.AUDIT, Right.ADMINISTER,
)  # fmt: skip
# What a key is given unless somebody asks for more.
AT_FIRST = (Right.SEE, Right.WORK)
# A use is noted at most this often.
_EVERY = timedelta(minutes=5)


def token_of(key: str) -> Token | None:
    """Return the token of a key; None for one that is unknown, over, revoked, or whose holder may use no API.

    The holder comes with the token's scope, so that whoever asks `scope_of` gets what the token may do.
    """
    found = Token.objects.valid().select_related("user").filter(digest=digest(key)).first()
    if found is None or not scope_of(found.user).may(Right.API):
        return None
    narrowed = token_scope(found)
    found.user._scope = narrowed  # type: ignore[attr-defined]
    now = timezone.now()
    if found.used_at is None or now - found.used_at >= _EVERY:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    return found


def token_scope(token: Token) -> Scope:
    """Return what a token may do now."""
    return scope_of(token.user).of_token(token.rights, token.area_code)


def may_give(user: User) -> list[Right]:
    """Return the rights that somebody may give to a key of his."""
    scope = scope_of(user)
    return [one for one in GIVEN if any(one in held.rights and Right.API in held.rights for held in scope.held)]
