"""What happens to every request: its language, its rule, and that no cache keeps what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation

from baophu.core.languages import LANGUAGES, Text
from baophu.web.accounts import sessions
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import scope_of
from baophu.web.api.asking import is_api, language_of, token_used
from baophu.web.api.problems import problem
from baophu.web.lists import here
from baophu.web.reading import NothingIndexed
from baophu.web.rules import rule_of

NOT_YET = Text(
    "Phiên này chưa nhập mã xác thực hoặc chưa đổi mật khẩu: mở trang để làm tiếp.",
    "This session has not given its code or changed its password yet: open a page to go on.",
)
LANGUAGE_COOKIE = "baophu_lang"
Next = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The language: the one chosen on this machine, else the account's, else Vietnamese. A program asks for one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language."""
        chosen = request.COOKIES.get(LANGUAGE_COOKIE) or getattr(request.user, "language", "vi")
        lang = language_of(request) if is_api(request) else chosen if chosen in LANGUAGES else "vi"
        request.LANGUAGE_CODE = lang
        with translation.override(lang):
            response = self.get_response(request)
        response.headers["Content-Language"] = lang
        return response


class NothingKeptMiddleware:
    """No proxy and no shared browser keeps a page; what may be kept (styles, fonts) is no page.

    A program with a key may keep a marked answer, if it asks each time whether it still holds.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer."""
        response = self.get_response(request)
        marked = response.has_header("ETag") and token_used(request) is not None
        if not marked:
            del response.headers["ETag"]
        response.headers.setdefault("Cache-Control", "private, no-cache" if marked else "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class RuleMiddleware:
    """Every view has a rule, and nothing of a view runs before its rule holds."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; `process_view` looks at it when its view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Return the answer to who may not see the view; None where the rule holds."""
        asked = rule_of(view)
        if asked is None:
            raise PermissionDenied("a view without a rule")
        if asked.open_to_all:
            return None
        if not request.user.is_authenticated:
            return problem(request, 401) if is_api(request) else redirect_to_login(here(request))
        user = request.user
        if token_used(request) is None:
            if not asked.half_signed_in and (step := _next_step(user)) is not None:
                return problem(request, 403, NOT_YET) if is_api(request) else redirect(step)
            sessions.seen(request)
        scope = scope_of(user)
        if asked.right is not None and not scope.may(asked.right):
            raise PermissionDenied
        if asked.right is not None and asked.area is not None and not scope.sees(str(kwargs[asked.area]), asked.right):
            raise PermissionDenied
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer before the first run is there: what will be here, and how to get it here."""
        return render(request, "web/nothing.html") if isinstance(exception, NothingIndexed) else None


def needs_code(user: User) -> bool:
    """Tell whether somebody has to give a code at each sign-in: who sees personal data, administers, or was told to."""
    scope = scope_of(user)
    return user.must_give_code or any(scope.may(right) for right in (Right.PERSONS, Right.PRIVACY, Right.ADMINISTER))


def _next_step(user: User) -> str | None:
    """Return where somebody has to go before all else: to a new password, to set up or to give his code."""
    if user.must_change_password:
        return "password"
    # Demo accounts are open to whoever reads the terminal; `serve` keeps them on loopback.
    if user.is_demo or not needs_code(user) or user.is_verified():  # type: ignore[attr-defined]
        return None
    from django_otp import user_has_device

    return "code" if user_has_device(user) else "code-setup"
