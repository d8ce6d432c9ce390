"""Browsers as Django's test client has them, with somebody signed in."""

from __future__ import annotations

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice

from baophu.web.accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser_of(user: User, *, verified: bool = True) -> Client:
    """Return a browser in which a user has signed in; `verified`: and has given his code."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user, backend=BACKEND)
    if verified:
        device, _ = StaticDevice.objects.get_or_create(user=user, name="test")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    return client
