"""People, the roles that they hold on areas, their sessions and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from baophu.areas.units import COUNTRY
from baophu.desk.words import words
from baophu.web.accounts.rights import Role


class UserManager(BaseUserManager["User"]):
    """Where people are made; `accounts.actions` calls it and keeps the record."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Make somebody; without a password nobody can sign in as him."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in, or a service that calls the API."""

    username = models.CharField(
        words("tên đăng nhập", "user name"),
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]$",
                words(
                    "Chỉ dùng chữ thường không dấu, chữ số, dấu chấm, gạch; từ 3 đến 60 ký tự.",
                    "Use small letters a to z, digits, dots and dashes; 3 to 60 of them.",
                ),
            )
        ],
    )
    full_name = models.CharField(words("họ và tên", "full name"), max_length=120)
    language = models.CharField(
        words("ngôn ngữ", "language"), max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    is_active = models.BooleanField(words("đang dùng", "active"), default=True)
    is_demo = models.BooleanField(words("tài khoản mẫu", "demo account"), default=False)
    must_change_password = models.BooleanField(words("phải đổi mật khẩu", "must change password"), default=False)
    # Whoever sees personal data gives a code anyway; of others it can be demanded.
    must_give_code = models.BooleanField(words("phải có mã xác thực", "must give a code"), default=False)
    created_at = models.DateTimeField(words("tạo lúc", "created at"), default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]  # noqa: RUF012 (Django asks for a list)
    objects = UserManager()

    class Meta:
        """The words."""

        verbose_name = words("người dùng", "user")
        verbose_name_plural = words("người dùng", "users")
        ordering = ("username",)

    def __str__(self) -> str:
        return self.username


class GrantQuerySet(models.QuerySet["Grant"]):
    """The roles that people hold."""

    def holding(self, at: datetime | None = None) -> GrantQuerySet:
        """Leave those that hold at a time (None: now)."""
        now = at or timezone.now()
        return self.filter(Q(until=None) | Q(until__gt=now), since__lte=now)


class Grant(models.Model):
    """A role that somebody holds: on an area, or on the communes of an office."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=words("người dùng", "user"))
    role = models.CharField(words("vai trò", "role"), max_length=16, choices=Role.choices)
    area_code = models.CharField(words("mã đơn vị hành chính", "area code"), max_length=5, default=COUNTRY)
    office_id = models.CharField(words("cơ quan BHXH", "office"), max_length=20, blank=True, default="")
    sensitive = models.BooleanField(
        words("được xem dân tộc, hộ nghèo, chế độ hưởng", "may see ethnicity, poverty and benefits"), default=False
    )
    since = models.DateTimeField(words("từ lúc", "since"), default=timezone.now)
    until = models.DateTimeField(words("đến lúc", "until"), null=True, blank=True)
    granted_by = models.CharField(words("người cấp", "granted by"), max_length=150)

    objects = GrantQuerySet.as_manager()

    class Meta:
        """A role on an area is held once at a time."""

        verbose_name = words("vai trò được cấp", "grant")
        verbose_name_plural = words("vai trò được cấp", "grants")
        constraints = (
            models.UniqueConstraint(
                name="accounts_grant_once", fields=("user", "role", "area_code", "office_id"), condition=Q(until=None)
            ),
            models.CheckConstraint(name="accounts_grant_by_somebody", condition=~Q(granted_by="")),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.role} {self.office_id or self.area_code}"


class SignedIn(models.Model):
    """A session of somebody, so that he sees where he is signed in and can end it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="signed_in")
    session_key = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField(words("từ lúc", "since"), default=timezone.now)
    seen = models.DateTimeField(words("lần cuối", "last seen"), default=timezone.now)
    agent = models.CharField(words("trình duyệt", "browser"), max_length=200, blank=True, default="")

    class Meta:
        """The newest first."""

        ordering = ("-seen",)

    def __str__(self) -> str:
        return f"{self.user} {self.since:%Y-%m-%d %H:%M}"


class TokenQuerySet(models.QuerySet["Token"]):
    """Keys to the API."""

    def valid(self) -> TokenQuerySet:
        """Leave those that open something now."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class Token(models.Model):
    """A key to the API, for some of its holder's rights on an area and below. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(words("tên", "name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    area_code = models.CharField(words("mã đơn vị hành chính", "area code"), max_length=5, default=COUNTRY)
    rights = models.JSONField(words("quyền", "rights"), default=list, blank=True)
    made_at = models.DateTimeField(words("tạo lúc", "made at"), default=timezone.now)
    expires_at = models.DateTimeField(words("hết hạn", "expires at"))
    revoked_at = models.DateTimeField(words("thu hồi lúc", "revoked at"), null=True, blank=True)
    used_at = models.DateTimeField(words("dùng lần cuối", "last used"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        """The newest first."""

        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"
