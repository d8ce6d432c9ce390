"""Where somebody is signed in."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from baophu.web.accounts.models import SignedIn, User

# A page that is opened counts as a sign of life at most this often.
_EVERY = timedelta(minutes=5)
_KEY = "baophu_seen"


def seen(request: HttpRequest) -> None:
    """Note that a session lives."""
    now = timezone.now()
    last = request.session.get(_KEY, 0.0)
    if now.timestamp() - float(last) < _EVERY.total_seconds():
        return
    request.session[_KEY] = now.timestamp()
    SignedIn.objects.filter(session_key=request.session.session_key).update(seen=now)


def end(user: User, *, but: str | None = None, only: int | None = None) -> int:
    """End sessions of somebody: all but one, or a single one. Return how many were ended."""
    found = user.signed_in.all()
    found = found.exclude(session_key=but) if but else found
    found = found.filter(pk=only) if only is not None else found
    keys = list(found.values_list("session_key", flat=True))
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store(session_key=key).delete()
    found.delete()
    return len(keys)


@receiver(user_logged_in)
def _begins(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    del sender, more
    if request.session.session_key is None:
        request.session.create()
    agent, now = request.headers.get("User-Agent", "")[:200], timezone.now()
    SignedIn.objects.update_or_create(
        session_key=request.session.session_key, defaults={"user": user, "agent": agent, "seen": now}
    )
    request.session[_KEY] = now.timestamp()


@receiver(user_logged_out)
def _ends(sender: Any, request: HttpRequest, user: User | None, **more: Any) -> None:
    del sender, more
    if user is not None:
        SignedIn.objects.filter(session_key=request.session.session_key).delete()


def rename(user: User, request: HttpRequest) -> None:
    """Keep a session under its new key, which it gets when the password changes."""
    SignedIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "agent": request.headers.get("User-Agent", "")[:200], "seen": timezone.now()},
    )
