"""Accounts, for who administers: the list, a new one with a password for one use, roles given and taken back, closing.

Every deed goes through `accounts.actions`, which records it. Nobody changes his own roles, and nobody gives a role on
an area that he does not administer.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_otp import user_has_device

from baophu.areas.offices import offices
from baophu.areas.units import COUNTRY
from baophu.core.errors import BaophuError
from baophu.desk.models import AuditRecord
from baophu.desk.words import words
from baophu.web.accounts import actions
from baophu.web.accounts.models import Grant, User
from baophu.web.accounts.rights import Right, Role
from baophu.web.accounts.scope import areas_of, scope_of
from baophu.web.accounts.within import user_within, usernames_within
from baophu.web.area_form import AreaForm
from baophu.web.lists import DAYS, FIRST_DAY, LAST_DAY, address, key_of
from baophu.web.middleware import needs_code
from baophu.web.reading import PAGE
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, say

_ACTION = AuditRecord.Action
# What the history of signing in is made of, and how much of it is shown.
SIGNING_IN = (_ACTION.SIGN_IN, _ACTION.SIGN_OUT, _ACTION.END_SESSIONS, _ACTION.PASSWORD, _ACTION.SECOND_FACTOR)
HISTORY = 20


class RoleForm(AreaForm):
    """A role on an area."""

    right = Right.ADMINISTER

    role = forms.ChoiceField(label=words("Vai trò", "Role"), choices=Role.choices)
    area = forms.CharField(
        label=words("Đơn vị", "Area"),
        help_text=words("Mã hoặc tên: 79, Đồng Nai, 00 là cả nước.", "Code or name: 79, Đồng Nai, 00 for the country."),
        max_length=80,
    )
    office = forms.CharField(
        label=words("Hoặc theo cơ quan BHXH", "Or by office"),
        help_text=words(
            "Mã cơ quan: vai trò giữ trên các xã mà cơ quan phụ trách, thay cho đơn vị ở trên.",
            "Its code: the role holds on the communes that the office serves, in place of the area above.",
        ),
        max_length=20,
        required=False,
    )
    until = forms.DateField(
        label=words("Đến hết ngày (bỏ trống: không hạn)", "Until the end of (empty: no end)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    sensitive = forms.BooleanField(
        label=words("Được xem dân tộc, hộ nghèo, chế độ hưởng", "May see ethnicity, poverty and benefits"),
        required=False,
    )

    def clean_office(self) -> str:
        """Find the office, all of whose communes must lie where the right to administer holds."""
        given = str(self.cleaned_data["office"]).strip()
        if not given:
            return ""
        try:
            found = offices(settings.HOME).get(given)
        except BaophuError as error:
            raise ValidationError(error.say(language())) from None
        areas = areas_of(COUNTRY, found.office_id)
        if not areas or not all(self.scope.sees(code, Right.ADMINISTER) for code in areas):
            raise ValidationError(words("Cơ quan này ở ngoài phạm vi của bạn.", "This office lies outside of yours."))
        return found.office_id

    def clean_until(self) -> date | None:
        """Refuse a day near the ends of the calendar."""
        day: date | None = self.cleaned_data["until"]
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(words(DAYS.vi, DAYS.en))
        return day

    @property
    def ends(self) -> datetime | None:
        """When the role ends: at the end of the last day."""
        day = self.cleaned_data.get("until")
        return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(1) if day else None


class NewUserForm(RoleForm):
    """A new account with its first role."""

    username = forms.CharField(label=words("Tên đăng nhập", "User name"), max_length=60)
    full_name = forms.CharField(label=words("Họ và tên", "Full name"), max_length=120)
    field_order = ("username", "full_name", "role", "area", "office", "until", "sensitive")


@rule(Right.ADMINISTER, looks_up=True)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """List the accounts, and one of them with its roles."""
    return _page(request, request.GET.get("user", ""))


@rule(Right.ADMINISTER, looks_up=True)
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Make an account with its first role; its password is shown this once."""
    form = NewUserForm(scope_of(request.user), request.POST)
    if not form.is_valid():
        return _page(request, new=form, status=422)
    password = secrets.token_urlsafe(12)
    given = form.cleaned_data
    try:
        with transaction.atomic():
            user = actions.create_user(
                actor=_actor(request).username,
                username=given["username"].strip(),
                full_name=given["full_name"].strip(),
                password=password,
                language=language(),
            )
            _grant(request, user, form)
    except BaophuError as error:
        form.add_error(None, error.say(language()))
        return _page(request, new=form, status=422)
    return _page(request, user.username, password=password)


@rule(Right.ADMINISTER, looks_up=True)
@require_POST
def grant(request: HttpRequest) -> HttpResponse:
    """Give somebody a role."""
    user = _other(request)
    form = RoleForm(scope_of(request.user), request.POST)
    if not form.is_valid():
        return _page(request, user.username, role=form, status=422)
    _grant(request, user, form)
    messages.success(request, say("Đã cấp vai trò.", "The role was given."))
    return redirect(address(reverse("users"), user=user.username))


@rule(Right.ADMINISTER, looks_up=True)
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Take a role back."""
    user = _other(request)
    number = key_of(request.POST.get("grant", ""))
    held = user.grants.all().holding().filter(pk=number).first() if number is not None else None
    if held is None:
        raise Http404
    actions.revoke(actor=_actor(request).username, held=held)
    messages.success(request, say("Đã thu hồi vai trò.", "The role was taken back."))
    return redirect(address(reverse("users"), user=user.username))


@rule(Right.ADMINISTER, looks_up=True)
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Give somebody a new password for one use, which is shown this once; his sessions and keys to the API end."""
    user = _other(request)
    new = secrets.token_urlsafe(12)
    ended = actions.set_password(actor=_actor(request).username, user=user, password=new)
    return _page(request, user.username, password=new, ended=ended)


@rule(Right.ADMINISTER, looks_up=True)
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Demand a code of somebody, demand it no longer, or forget the devices that he lost."""
    user = _other(request)
    actor, wish = _actor(request).username, request.POST.get("code", "")
    if wish == "forget":
        actions.forget_code(actor=actor, user=user)
    elif wish in ("demand", "free"):
        actions.demand_code(actor=actor, user=user, demanded=wish == "demand")
    else:
        raise Http404
    messages.success(request, say("Đã ghi.", "It was noted."))
    return redirect(address(reverse("users"), user=user.username))


@rule(Right.ADMINISTER, looks_up=True)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close an account; what was done with it stays on record."""
    user = _other(request)
    actions.deactivate(actor=_actor(request).username, user=user)
    messages.success(request, say("Đã đóng tài khoản.", "The account was closed."))
    return redirect(address(reverse("users"), user=user.username))


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


def _other(request: HttpRequest) -> User:
    """Return whom a form is about: somebody within one's areas, never oneself."""
    found = user_within(scope_of(request.user), Right.ADMINISTER, request.POST.get("user", ""))
    if found is None:
        raise Http404
    if found == request.user:
        raise PermissionDenied
    return found


def _grant(request: HttpRequest, user: User, form: RoleForm) -> Grant:
    given = form.cleaned_data
    return actions.grant(
        actor=_actor(request).username,
        user=user,
        role=given["role"],
        area_code=given["area"],
        office_id=given["office"],
        sensitive=given["sensitive"],
        until=form.ends,
    )


def _page(
    request: HttpRequest,
    username: str = "",
    *,
    new: NewUserForm | None = None,
    role: RoleForm | None = None,
    password: str = "",
    ended: int = 0,
    status: int = 200,
) -> HttpResponse:
    scope = scope_of(request.user)
    within = usernames_within(scope, Right.ADMINISTER)
    sought = request.GET.get("name", "").strip()[:60]
    found = User.objects.all() if within is None else User.objects.filter(username__in=within)
    if sought:
        found = found.filter(Q(username__icontains=sought) | Q(full_name__icontains=sought))
    after = request.GET.get("after", "")
    rows = list(found.filter(username__gt=after).prefetch_related("grants")[: PAGE + 1])
    chosen = user_within(scope, Right.ADMINISTER, username) if username else None
    if username and chosen is None:
        raise Http404
    area = next(iter(scope.roots(Right.ADMINISTER)), COUNTRY)
    first = {"area": area}
    context = {
        "rows": [(one, [held for held in one.grants.all() if _holds(held)]) for one in rows[:PAGE]],
        "sought": sought,
        "next": address(reverse("users"), name=sought, after=rows[PAGE - 1].username) if len(rows) > PAGE else None,
        "chosen": chosen,
        "grants": chosen.grants.all().holding() if chosen else [],
        "is_self": chosen == request.user,
        **(_signing_in(chosen) if chosen else {}),
        "new": new or NewUserForm(scope, initial=first, prefix=None),
        "role": role or RoleForm(scope, initial=first, auto_id="role_%s"),
        "password": password,
        "ended": ended,
    }
    return render(request, "web/users.html", context, status=status)


def _signing_in(user: User) -> dict[str, Any]:
    """Return how somebody signs in: his second factor, where he is signed in, when he was, wrong tries of late."""
    about = AuditRecord.objects.filter(subject=f"user:{user.username}", action__in=SIGNING_IN)
    tries = AccessAttempt.objects.filter(username=user.username).aggregate(wrong=Sum("failures_since_start"))
    return {
        "has_code": user_has_device(user),
        "needs_code": needs_code(user),
        "sessions": user.signed_in.all(),
        "history": about.order_by("-id")[:HISTORY],
        "wrong_tries": tries["wrong"] or 0,
    }


def _holds(held: Grant) -> bool:
    now = timezone.now()
    return held.since <= now and (held.until is None or held.until > now)
