"""The second factor: an authenticator's six digits (RFC 6238), or a recovery code that works once."""

from __future__ import annotations

import secrets

import django_otp
from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.web.accounts.models import User

RECOVERY_CODES = 10
_APP, _PAPER = "authenticator", "recovery"


def waiting(user: User) -> TOTPDevice:
    """Return the authenticator that is being set up, making one where there is none."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, name=_APP, confirmed=False)
    return device


@transaction.atomic
def confirm(device: TOTPDevice, code: str) -> bool:
    """Take the first code of an authenticator; those that were there before count no more."""
    if not device.verify_token(code.strip()):
        return False
    TOTPDevice.objects.filter(user=device.user, name=_APP, confirmed=True).delete()
    device.confirmed = True
    device.save()
    record(device.user.username, AuditRecord.Action.SECOND_FACTOR, f"user:{device.user.username}", {})
    return True


@transaction.atomic
def recovery_codes(user: User) -> list[str]:
    """Make new recovery codes; the old ones count no more. They are shown this once."""
    StaticDevice.objects.filter(user=user, name=_PAPER).delete()
    device = StaticDevice.objects.create(user=user, name=_PAPER)
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def forget(user: User) -> None:
    """Forget all devices of somebody."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def matching(user: User, code: str) -> Device | None:
    """Return the device that a code belongs to; None where it is wrong, or too many wrong ones came before."""
    found = django_otp.match_token(user, code.strip().replace(" ", "").lower())
    return found if isinstance(found, Device) else None
