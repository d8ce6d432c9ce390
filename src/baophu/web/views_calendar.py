"""The calendar of duties of an area: what comes next, a month at a time, and as a file for other calendars."""

from __future__ import annotations

from datetime import UTC, date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.web import calendar_of_duties as calendar
from baophu.web.accounts.rights import Right
from baophu.web.keeping import kept
from baophu.web.lists import address, crumbs
from baophu.web.reading import reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import area_name, language

WEEKDAYS = (
    Text("Thứ hai", "Monday"), Text("Thứ ba", "Tuesday"), Text("Thứ tư", "Wednesday"), Text("Thứ năm", "Thursday"),
    Text("Thứ sáu", "Friday"), Text("Thứ bảy", "Saturday"), Text("Chủ nhật", "Sunday"),
)  # fmt: skip


@rule(Right.SEE, area="area_code")
@require_safe
@kept
def calendar_page(request: HttpRequest, area_code: str) -> HttpResponse:
    """Show what falls due in an area: the year from today on as a list, and a month as a grid."""
    reader, today = reader_of(request), date.today()
    asked = calendar.month_asked(request.GET.get("month"), today)
    month = asked or today.replace(day=1)
    first, last = calendar.reach(f"{asked:%Y-%m}" if asked else None, today)
    listed = calendar.duties_between(reader, area_code, first, last)
    whole = (month, months_later(month, 1))
    inside = calendar.duties_between(reader, area_code, *whole)
    path = request.path

    def turned(by: int) -> str | None:
        other = months_later(month, by)
        return address(path, month=f"{other:%Y-%m}") if calendar.month_asked(f"{other:%Y-%m}", today) else None

    return render(
        request,
        "web/calendar.html",
        {
            "area_code": area_code,
            "crumbs": crumbs(reader.scope, area_code, "calendar"),
            "run": reader.run,
            "month": month,
            "asked": asked,
            "path": path,
            "before": turned(-1),
            "after": turned(1),
            "weekdays": WEEKDAYS,
            "weeks": calendar.weeks(month, inside, today),
            "months": [
                (begins, [(one, one.workdays(today), calendar.KINDS[one.kind]) for one in some])
                for begins, some in groupby(listed, key=lambda one: one.day.replace(day=1))
            ],
            "file": reverse("calendar-file", args=[area_code]),
        },
    )


@rule(Right.SEE, area="area_code")
@require_safe
def calendar_file(request: HttpRequest, area_code: str) -> HttpResponse:
    """Give the year from today on as an iCalendar, for the calendars of telephones and mail programs."""
    reader, lang = reader_of(request), language()
    first, last = calendar.reach(None)
    found = calendar.duties_between(reader, area_code, first, last)
    stamp = f"{reader.run.ended_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    name = Text("Lịch công việc BHXH", "Duties of social insurance").say(lang)
    site = f"{request.scheme}://{request.get_host()}"
    text = calendar.icalendar(area_code, f"{name}, {area_name(area_code)}", found, stamp, lang, site)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="baophu-calendar-{area_code}.ics"'
    return answer
