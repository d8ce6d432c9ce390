"""Keys to the API: one's own, and those of service accounts, which nobody signs in as.

A key is shown once, when it is made. Who administers sees the keys of the people in his areas and can revoke them; he
makes keys for service accounts alone, so that none of his is used in another person's name.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from baophu.areas.units import COUNTRY, tree
from baophu.core.errors import BaophuError
from baophu.desk.words import words
from baophu.web.accounts import actions
from baophu.web.accounts.models import Token, User
from baophu.web.accounts.rights import RIGHT_WORDS, Right, Role
from baophu.web.accounts.scope import scope_of
from baophu.web.accounts.tokens import AT_FIRST, may_give
from baophu.web.accounts.within import user_within
from baophu.web.lists import address, key_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, said, say

_DAYS = 90
_A_YEAR = timedelta(days=365)


class TokenForm(forms.Form):
    """A new key: its name, its area, its rights, its last day."""

    name = forms.CharField(
        label=words("Tên khóa", "Name of the key"),
        help_text=words("Chương trình nào dùng, ví dụ: bảng điều khiển.", "Which program uses it: a dashboard, say."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    area = forms.CharField(
        label=words("Đơn vị", "Area"),
        help_text=words("Mã hoặc tên; khóa chỉ mở được đơn vị này và cấp dưới.", "Code or name: it and what is below."),
        max_length=80,
    )
    until = forms.DateField(
        label=words("Dùng đến hết ngày", "Until the end of"),
        help_text=words("Tối đa một năm.", "A year at most."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    rights = forms.MultipleChoiceField(
        label=words("Khóa được làm gì", "What it may do"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, holder: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holder = holder
        given = may_give(holder)
        rights = cast(forms.MultipleChoiceField, self.fields["rights"])
        rights.choices = [(str(one), said(RIGHT_WORDS[one])) for one in given]
        self.initial = {
            "area": scope_of(holder).home or COUNTRY,
            "until": timezone.localdate() + timedelta(days=_DAYS),
            "rights": [str(one) for one in AT_FIRST if one in given] or [str(one) for one in given],
        }

    def clean_area(self) -> str:
        """Find the area."""
        try:
            return tree().resolve(self.cleaned_data["area"]).code
        except BaophuError as error:
            raise ValidationError(error.say(language())) from None

    def clean_until(self) -> datetime:
        """Return when the key ends: at the end of the day, within a year."""
        day = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today <= day <= today + _A_YEAR:
            raise ValidationError(words("Từ hôm nay đến tối đa một năm.", "From today, and a year at most."))
        return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        """Check that the key opens something: that its rights hold in its area."""
        given = super().clean() or {}
        if given.get("area") and given.get("rights"):
            scope = scope_of(self.holder).of_token(given["rights"], given["area"])
            if not any(scope.may(Right(one)) for one in given["rights"]):
                raise ValidationError(
                    words("Các quyền này không có ở đơn vị này.", "These rights do not hold in this area.")
                )
        return given


@rule(Right.API, looks_up=True)
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Show one's keys and make a new one."""
    return _page(request, _user(request))


@rule(Right.API, looks_up=True)
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """End a key of one's own."""
    _revoke(request, _user(request))
    return redirect("tokens")


@rule(Right.ADMINISTER, looks_up=True)
@require_http_methods(["GET", "POST"])
def of_user(request: HttpRequest) -> HttpResponse:
    """Show somebody's keys to who administers; make one for a service account."""
    holder = _other(request)
    if request.method == "POST" and holder != request.user and not is_service(holder):
        raise PermissionDenied
    return _page(request, holder)


@rule(Right.ADMINISTER, looks_up=True)
@require_POST
def revoke_of_user(request: HttpRequest) -> HttpResponse:
    """End somebody's key."""
    holder = _other(request)
    _revoke(request, holder)
    return redirect(address(reverse("users-tokens"), user=holder.username))


def is_service(user: User) -> bool:
    """Tell whether an account is a service's: it holds that role and no other."""
    return {one.role for one in user.grants.all().holding()} == {str(Role.SERVICE)}


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _other(request: HttpRequest) -> User:
    """Return whose keys are asked for: somebody within the areas that one administers; oneself where none is named."""
    username = request.POST.get("user") or request.GET.get("user", "")
    if not username:
        return _user(request)
    found = user_within(scope_of(request.user), Right.ADMINISTER, username)
    if found is None:
        raise Http404
    return found


def _revoke(request: HttpRequest, holder: User) -> None:
    number = key_of(request.POST.get("token", ""))
    found = holder.tokens.all().valid().filter(pk=number).first() if number is not None else None
    if found is None:
        raise Http404
    actions.revoke_token(actor=_user(request).username, token=found)
    messages.success(request, say("Đã thu hồi khóa.", "The key was revoked."))


def _page(request: HttpRequest, holder: User) -> HttpResponse:
    """Show the keys of an account; a POST makes one, which the answer shows this once."""
    own = holder == request.user
    form = TokenForm(holder, request.POST or None) if own or is_service(holder) else None
    key = ""
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        _, key = actions.make_token(
            actor=_user(request).username,
            user=holder,
            name=given["name"],
            area_code=given["area"],
            rights=[Right(one) for one in given["rights"]],
            expires_at=given["until"],
        )
        form = TokenForm(holder)
    context = {
        "holder": holder,
        "own": own,
        "form": form,
        "key": key,
        "tokens": [(one, _rights(one)) for one in holder.tokens.all().valid()],
        "revoke": reverse("tokens-revoke" if own else "users-tokens-revoke"),
    }
    status = 422 if request.method == "POST" and not key else 200
    return render(request, "web/tokens.html", context, status=status)


def _rights(token: Token) -> list[str]:
    return [said(RIGHT_WORDS[Right(one)]) for one in token.rights if one in set(Right)]
