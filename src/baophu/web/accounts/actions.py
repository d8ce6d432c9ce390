"""What can be done with accounts: one function a deed, each one transaction, each with a record of who did it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from baophu.areas.units import COUNTRY, tree
from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text
from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.web.accounts import second_factor, sessions
from baophu.web.accounts.models import Grant, Token, User
from baophu.web.accounts.rights import Right, Role

# A key to the API holds no longer; the last day whole.
LONGEST = timedelta(days=366)
_ACTION = AuditRecord.Action


@transaction.atomic
def create_user(
    *, actor: str, username: str, full_name: str, password: str | None, language: str = "vi", demo: bool = False
) -> User:
    """Make an account, without any role yet. BaophuError where a name or password will not do."""
    user = User(username=username, full_name=full_name, language=language, is_demo=demo)
    try:
        if password is not None and not demo:
            validate_password(password, user)
        user.set_password(password)
        user.must_change_password = not demo and password is not None
        user.full_clean()
    except ValidationError as error:
        words = " ".join(error.messages)
        raise BaophuError(
            Text(f"Không tạo được tài khoản '{username}': {words}", f"Cannot make the account '{username}': {words}"),
            Text("Sửa rồi làm lại.", "Mend it and do it again."),
        ) from None
    user.save()
    record(actor, _ACTION.CREATE_USER, f"user:{username}", {"demo": demo})
    return user


@transaction.atomic
def grant(
    *,
    actor: str,
    user: User,
    role: str,
    area_code: str = COUNTRY,
    office_id: str = "",
    sensitive: bool = False,
    until: datetime | None = None,
) -> Grant:
    """Give somebody a role on an area, or on an office's communes. UnknownName where there is no such role or area."""
    if role not in Role.values:
        raise unknown(Text("vai trò", "role"), role, {str(one): "" for one in Role})
    tree().get(area_code)
    made, new = Grant.objects.get_or_create(
        user=user,
        role=role,
        area_code=area_code,
        office_id=office_id,
        until=None,
        defaults={"sensitive": sensitive, "granted_by": actor},
    )
    if not new:
        made.sensitive = sensitive
    made.until = until
    made.save()
    record(
        actor,
        _ACTION.GRANT,
        f"user:{user.username}",
        {"role": role, "area_code": area_code, "office_id": office_id, "sensitive": sensitive},
    )
    return made


@transaction.atomic
def revoke(*, actor: str, held: Grant) -> None:
    """End a role now."""
    held.until = timezone.now()
    held.save(update_fields=["until"])
    record(actor, _ACTION.REVOKE, f"user:{held.user.username}", {"role": held.role, "area_code": held.area_code})


@transaction.atomic
def set_password(*, actor: str, user: User, password: str, keep_session: str | None = None) -> int:
    """Give somebody a new password and end his other sessions; return how many of his keys to the API ended.

    Keys end where somebody else sets the password: whoever had the account may have made some. ValidationError where
    the password will not do.
    """
    validate_password(password, user)
    is_reset = actor != user.username
    user.set_password(password)
    user.must_change_password = is_reset
    user.save(update_fields=["password", "must_change_password"])
    sessions.end(user, but=keep_session)
    ended = _end_tokens(user) if is_reset else 0
    record(actor, _ACTION.PASSWORD, f"user:{user.username}", {"tokens_ended": ended} if is_reset else {})
    return ended


def _end_tokens(user: User) -> int:
    return user.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def demand_code(*, actor: str, user: User, demanded: bool) -> None:
    """Demand a code of somebody at each sign-in, or no longer; whoever sees personal data gives one anyway."""
    user.must_give_code = demanded
    user.save(update_fields=["must_give_code"])
    record(actor, _ACTION.SECOND_FACTOR, f"user:{user.username}", {"demanded": demanded})


@transaction.atomic
def forget_code(*, actor: str, user: User) -> None:
    """Forget somebody's authenticator and recovery codes, which he lost: he sets them up anew; his sessions end."""
    second_factor.forget(user)
    sessions.end(user)
    record(actor, _ACTION.SECOND_FACTOR, f"user:{user.username}", {"forgotten": True})


@transaction.atomic
def deactivate(*, actor: str, user: User) -> None:
    """Close an account: nobody signs in as him, his sessions and tokens end. What he did stays on record."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end(user)
    _end_tokens(user)
    record(actor, _ACTION.CLOSE_USER, f"user:{user.username}", {})


@transaction.atomic
def make_token(
    *, actor: str, user: User, name: str, expires_at: datetime, rights: Iterable[Right], area_code: str = COUNTRY
) -> tuple[Token, str]:
    """Make a key to the API. The key itself is returned this once; only its hash is kept.

    BaophuError where it would hold for more than a year.
    """
    tree().get(area_code)
    if expires_at > timezone.now() + LONGEST:
        raise BaophuError(Text("Khóa có hạn tối đa một năm.", "A key holds for a year at most."))
    key = f"bp_{secrets.token_urlsafe(32)}"
    named = sorted(str(one) for one in rights)
    made = Token.objects.create(
        user=user, name=name, digest=digest(key), area_code=area_code, rights=named, expires_at=expires_at
    )
    detail = {"user": user.username, "area_code": area_code, "rights": named, "until": f"{expires_at:%Y-%m-%d}"}
    record(actor, _ACTION.MAKE_TOKEN, f"token:{made.pk}", detail)
    return made, key


@transaction.atomic
def revoke_token(*, actor: str, token: Token) -> None:
    """End a key now."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(actor, _ACTION.REVOKE_TOKEN, f"token:{token.pk}", {"user": token.user.username})


def digest(key: str) -> str:
    """Return the hash under which a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()
