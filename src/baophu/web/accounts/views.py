"""Signing in and out, the second factor, one's own password, sessions and language."""

from __future__ import annotations

import base64
import io
from typing import cast

import django_otp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baophu.core.languages import LANGUAGES
from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.web.accounts import actions, second_factor, sessions
from baophu.web.accounts.forms import CodeForm, PasswordForm, SignInForm
from baophu.web.accounts.models import User
from baophu.web.lists import key_of
from baophu.web.middleware import LANGUAGE_COOKIE
from baophu.web.rules import open_to_all, signed_in
from baophu.web.templatetags.baophu import say

_YEAR = 365 * 24 * 60 * 60
# As many demo accounts are named on the sign-in page.
_SHOWN = 20


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _onward(request: HttpRequest) -> str:
    """Return where somebody wanted to go, if it is on this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("home")


@open_to_all
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password. Who has signed in goes on."""
    if request.user.is_authenticated:
        return redirect(_onward(request))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        # One transaction: in a morning's crowd each one more is a wait for the disk.
        with transaction.atomic():
            login(request, form.user)
            record(form.user.username, AuditRecord.Action.SIGN_IN, f"user:{form.user.username}", {})
        return redirect(_onward(request))
    context = {"form": form, "next": _onward(request), "demo": _demo()}
    return render(request, "web/sign_in.html", context, status=200 if request.method == "GET" else 422)


def _demo() -> list[User]:
    return list(User.objects.filter(is_demo=True, is_active=True)[:_SHOWN])


def locked_out(
    request: HttpRequest, credentials: dict[str, str] | None = None, *more: object, **other: object
) -> HttpResponse:
    """Answer a locked account as a wrong password is answered."""
    del credentials, more, other
    form = SignInForm(request, request.POST, locked=True)
    context = {"form": form, "next": _onward(request), "demo": _demo()}
    return render(request, "web/sign_in.html", context, status=422)


@signed_in(half=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    record(_user(request).username, AuditRecord.Action.SIGN_OUT, f"user:{_user(request).username}", {})
    logout(request)
    return redirect("sign-in")


@signed_in(half=True)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor."""
    user = _user(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = second_factor.matching(user, form.cleaned_data["code"])
        if device is not None:
            django_otp.login(request, device)
            return redirect(_onward(request))
        form.add_error("code", say("Mã không đúng hoặc đã hết hạn.", "The code is wrong or too old."))
    status = 200 if request.method == "GET" else 422
    return render(request, "web/code.html", {"form": form, "next": _onward(request)}, status=status)


@signed_in(half=True)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code_setup(request: HttpRequest) -> HttpResponse:
    """Set up the second factor: show the secret once as a picture and in letters, and take the first code."""
    user = _user(request)
    if django_otp.user_has_device(user) and not user.is_verified():  # type: ignore[attr-defined]
        return redirect("code")
    device = second_factor.waiting(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if second_factor.confirm(device, form.cleaned_data["code"]):
            django_otp.login(request, device)
            codes = second_factor.recovery_codes(user)
            return render(request, "web/recovery.html", {"codes": codes})
        form.add_error("code", say("Mã không đúng. Thử mã mới hiện ra.", "The code is wrong. Try the next one."))
    picture = _picture(device.config_url)
    return render(
        request,
        "web/code_setup.html",
        {"form": form, "picture": picture, "secret": base64.b32encode(device.bin_key).decode()},
        status=200 if request.method == "GET" else 422,
    )


def _picture(address: str) -> str:
    """Draw an address as a picture to be photographed, as a data address."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, box_size=8).save(out)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


@signed_in(half=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; the other sessions end."""
    user = _user(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(
            actor=user.username,
            user=user,
            password=form.cleaned_data["new"],
            keep_session=request.session.session_key,
        )
        update_session_auth_hash(request, user)
        sessions.rename(user, request)
        messages.success(request, say("Đã đổi mật khẩu.", "The password was changed."))
        if user.tokens.all().valid().exists():
            messages.info(
                request,
                say(
                    "Khóa API của bạn vẫn dùng được: nếu nghi có người biết mật khẩu cũ, thu hồi ở trang Khóa API.",
                    "Your keys to the API still work. Revoke them on their page if the old password may be known.",
                ),
            )
        return redirect("account")
    return render(request, "web/password.html", {"form": form}, status=200 if request.method == "GET" else 422)


@signed_in()
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account: roles, sessions."""
    user = _user(request)
    here = request.session.session_key
    return render(
        request,
        "web/account.html",
        {
            "grants": user.grants.all().holding(),
            "sessions": [(one, one.session_key == here) for one in user.signed_in.all()],
        },
    )


@signed_in()
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End another session of one's own, or all others."""
    user = _user(request)
    which = request.POST.get("session", "")
    only = key_of(which)
    if which and only is None:
        raise Http404
    ended = sessions.end(user, but=request.session.session_key, only=only)
    record(user.username, AuditRecord.Action.END_SESSIONS, f"user:{user.username}", {"ended": ended})
    messages.success(request, say("Đã đăng xuất ở nơi kia.", "Signed out there."))
    return redirect("account")


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language; an account keeps it."""
    lang = request.POST.get("lang", "")
    response = redirect(_onward(request))
    if lang in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, lang, max_age=_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=lang)
    return response
