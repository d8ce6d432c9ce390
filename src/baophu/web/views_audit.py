"""The record of who did what, for who audits: searched by person, deed, thing and day; whether it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.numbers import read_date
from baophu.desk.audit import first_broken
from baophu.desk.models import AuditRecord
from baophu.results.masking import masked_value
from baophu.web.accounts.rights import Right, Role
from baophu.web.accounts.scope import Scope, scope_of
from baophu.web.accounts.within import usernames_within
from baophu.web.lists import FIRST_DAY, LAST_DAY, address, key_of
from baophu.web.reading import PAGE
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import area_name, said, say

# As many records are checked while somebody waits; a longer record is checked when it is asked for.
CHECKED_AT_ONCE = 5_000
FILTERS = ("actor", "action", "subject", "since", "until")
# What the record holds beside who, what and when; a name that is not here is shown as it is.
DETAILS = {
    "again": Text("làm lại", "again"),
    "area_code": Text("đơn vị", "area"),
    "as": Text("dạng", "form"),
    "demo": Text("tài khoản mẫu", "demo account"),
    "for": Text("cho", "for"),
    "kind": Text("loại", "kind"),
    "page": Text("trang", "page"),
    "people": Text("số người", "people"),
    "purpose": Text("mục đích", "purpose"),
    "reason": Text("ý kiến", "reason"),
    "revealed": Text("số đầy đủ", "numbers in full"),
    "rights": Text("quyền", "rights"),
    "role": Text("vai trò", "role"),
    "rows": Text("số dòng", "rows"),
    "run": Text("lần chạy", "run"),
    "sensitive": Text("dữ liệu nhạy cảm", "sensitive data"),
    "user": Text("tài khoản", "account"),
}


@rule(Right.AUDIT, looks_up=True)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """List the record, the newest first. Who audits a part of the country sees the deeds of the people there."""
    filters = {name: request.GET.get(name, "").strip()[:120] for name in FILTERS}
    found, wrong = records(scope_of(request.user), filters)
    before = key_of(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: PAGE + 1])
    path = reverse("audit")
    return render(
        request,
        "web/audit.html",
        {
            "filters": filters,
            "wrong": wrong,
            "actions": AuditRecord.Action.choices,
            "rows": [(one, details(one.detail)) for one in rows[:PAGE]],
            "next": address(path, **filters, before=rows[PAGE - 1].pk) if len(rows) > PAGE else None,
            "start": address(path, **filters) if before is not None else None,
            "check": address(path, **filters, check=1),
            **_soundness(asked="check" in request.GET),
        },
    )


def records(scope: Scope, filters: Mapping[str, str]) -> tuple[QuerySet[AuditRecord], list[str]]:
    """Return the records that the filters keep, and the names of those that are no day of 2000 to 2100."""
    found: QuerySet[AuditRecord] = AuditRecord.objects.all()
    wrong = []
    actors = usernames_within(scope, Right.AUDIT)
    if actors is not None:
        found = found.filter(actor__in=actors)
    if filters["actor"]:
        found = found.filter(actor__icontains=filters["actor"])
    if filters["action"] in AuditRecord.Action.values:
        found = found.filter(action=filters["action"])
    if filters["subject"]:
        found = found.filter(subject__icontains=filters["subject"])
    for name in ("since", "until"):
        if filters[name]:
            try:
                day: date | None = read_date(filters[name])
            except BaophuError:
                day = None
            if day is None or not FIRST_DAY <= day <= LAST_DAY:
                wrong.append(name)
                continue
            midnight = timezone.make_aware(datetime.combine(day, time.min))
            found = found.filter(at__gte=midnight) if name == "since" else found.filter(at__lt=midnight + timedelta(1))
    return found, wrong


def _soundness(asked: bool) -> dict[str, Any]:
    """Tell whether the record is whole: `broken` is the first that is not, `checked` whether it was looked at."""
    last = AuditRecord.objects.order_by("-id").values_list("id", flat=True).first() or 0
    if not asked and AuditRecord.objects.count() > CHECKED_AT_ONCE:
        known: dict[str, Any] | None = cache.get("audit-sound")
        return known or {"checked": False}
    told = {"checked": True, "broken": first_broken(), "checked_to": last}
    cache.set("audit-sound", told, timeout=None)
    return told


def details(detail: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a record holds, name by name in words, with numbers of people hidden."""
    told = [(name, value) for name, value in detail.items() if value not in ("", None, False)]
    return [(said(DETAILS[name]) if name in DETAILS else name, _value(name, value)) for name, value in told]


def _value(name: str, value: Any) -> str:
    if value is True:
        return say("có", "yes")
    if name == "area_code" and value in tree():
        return f"{area_name(value)} ({value})"
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    return str(masked_value(name, value))
