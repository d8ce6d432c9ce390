"""Programs that call the API with a key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from baophu.areas.units import COUNTRY
from baophu.web.accounts import actions
from baophu.web.accounts.models import Token, User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.tokens import may_give

API = "/api/v1"


def key_of(
    user: User, rights: Iterable[Right] | None = None, area: str = COUNTRY, *, days: int = 30
) -> tuple[Token, str]:
    """Make a key for somebody: all that he may give, unless rights are named."""
    return actions.make_token(
        actor=user.username,
        user=user,
        name="test",
        area_code=area,
        rights=may_give(user) if rights is None else rights,
        expires_at=timezone.now() + timedelta(days=days),
    )


def caller(key: str, **headers: str) -> Client:
    """Return a program that sends a key; no cookie, and errors come as answers."""
    return Client(
        raise_request_exception=False,
        HTTP_HOST="127.0.0.1",
        HTTP_AUTHORIZATION=f"Bearer {key}",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    )


def caller_of(user: User, rights: Iterable[Right] | None = None, area: str = COUNTRY, **headers: str) -> Client:
    """Return a program that sends a new key of somebody's."""
    return caller(key_of(user, rights, area)[1], **headers)


def told(answer: Any, status: int = 200) -> Any:
    """What an answer says; it must be the right one, and a problem where it is none."""
    assert answer.status_code == status, (answer.status_code, answer.content.decode())
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
    return answer.json()
