"""The forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from baophu.desk.words import words
from baophu.web.accounts.models import User

# The same words whether the name, the password or the account is at fault, and whether it is locked.
REFUSED = words(
    "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa. Thử lại sau 15 phút nếu đã sai nhiều lần.",
    "The user name or password is wrong, or the account is locked for now. After several tries, wait 15 minutes.",
)


class SignInForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=words("Tên đăng nhập", "User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=words("Mật khẩu", "Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, locked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.locked = locked
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Check the two together."""
        given = super().clean() or {}
        if self.locked:
            raise ValidationError(REFUSED)
        if given.get("username") and given.get("password"):
            found = authenticate(self.request, username=given["username"].strip(), password=given["password"])
            if not isinstance(found, User):
                raise ValidationError(REFUSED)
            self.user = found
        return given


class CodeForm(forms.Form):
    """The six digits that an authenticator shows, or a recovery code."""

    code = forms.CharField(
        label=words("Mã xác thực", "Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        ),
    )


class PasswordForm(forms.Form):
    """A new password, with the present one."""

    present = forms.CharField(
        label=words("Mật khẩu hiện tại", "Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label=words("Mật khẩu mới", "New password"),
        strip=False,
        help_text=words(
            "Ít nhất 12 ký tự, không phải mật khẩu thường gặp.", "At least 12 characters, no common password."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=words("Nhập lại mật khẩu mới", "New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_present(self) -> str:
        """Check that it is his."""
        given = str(self.cleaned_data["present"])
        if not self.user.check_password(given):
            raise ValidationError(words("Mật khẩu hiện tại không đúng.", "The present password is wrong."))
        return given

    def clean(self) -> dict[str, Any]:
        """Check that the new one was typed alike twice and will do."""
        given = super().clean() or {}
        if given.get("new") and given.get("again"):
            if given["new"] != given["again"]:
                raise ValidationError(
                    words("Hai lần nhập mật khẩu mới không giống nhau.", "The new passwords are not alike.")
                )
            password_validation.validate_password(given["new"], self.user)
        return given
