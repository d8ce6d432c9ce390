"""Requests of people about their data, and breaches: registered, followed by their clocks, answered, all on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from baophu.areas.units import COUNTRY
from baophu.core.errors import BaophuError
from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.desk.words import words
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Held, Scope, placed, scope_of
from baophu.web.area_form import AreaForm
from baophu.web.exports.writing import Told, write
from baophu.web.lists import DAYS, FIRST_DAY, LAST_DAY, address
from baophu.web.privacy import actions
from baophu.web.privacy.holding import held_of
from baophu.web.privacy.models import Breach, Kind, Outcome, PersonRequest
from baophu.web.reading import Reader, newest_indexed, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, say

SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DAY = {"type": "date"}


class RequestForm(AreaForm):
    """A new request."""

    right = Right.PRIVACY

    kind = forms.ChoiceField(label=words("Yêu cầu", "Request"), choices=Kind.choices)
    received_on = forms.DateField(
        label=words("Nhận ngày", "Received on"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    reference = forms.CharField(label=words("Số, ký hiệu đơn", "Reference of the letter"), max_length=80)
    area = forms.CharField(label=words("Nơi tiếp nhận", "Received in"), max_length=80)
    number = forms.CharField(
        label=words("Số định danh hoặc mã số BHXH", "Personal or insurance number"),
        help_text=words(
            "Chỉ dùng để tìm người; không được lưu.", "For finding the person alone; the number is not kept."
        ),
        max_length=12,
        min_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_number(self) -> str:
        """Take digits alone."""
        number = str(self.cleaned_data["number"]).strip()
        if not number.isdecimal() or len(number) not in (10, 12):
            raise ValidationError(words("Cần 10 hoặc 12 chữ số.", "10 or 12 digits are needed."))
        return number


class MomentField(forms.DateTimeField):
    """A time of a day that can be counted with: in the years 2000 to 2100."""

    def to_python(self, value: Any) -> datetime | None:
        """Read it. A year that no zone can be reckoned in is refused before one is."""
        if isinstance(value, str) and value[:4].isdecimal() and not FIRST_DAY.year <= int(value[:4]) <= LAST_DAY.year:
            raise ValidationError(DAYS.say(language()))
        return super().to_python(value)


class BreachForm(AreaForm):
    """A new breach."""

    right = Right.PRIVACY

    found_at = MomentField(
        label=words("Phát hiện lúc", "Found at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    area = forms.CharField(label=words("Nơi xảy ra", "Where"), max_length=80)
    people = forms.IntegerField(
        label=words("Số người bị ảnh hưởng (ước)", "People affected (about)"), min_value=0, max_value=200_000_000
    )
    what = forms.CharField(
        label=words("Việc gì đã xảy ra, loại dữ liệu nào", "What happened, which kind of data"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@rule(Right.PRIVACY, looks_up=True)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """List requests and breaches; show one of them."""
    return _page(request)


@rule(Right.PRIVACY, looks_up=True)
@sensitive_post_parameters("number")
@require_POST
def new_request(request: HttpRequest) -> HttpResponse:
    """Register a request. The number that was given finds the person and is forgotten."""
    scope = scope_of(request.user)
    form = RequestForm(scope, request.POST, auto_id="request_%s")
    if not form.is_valid():
        return _page(request, new=form, status=422)
    given = form.cleaned_data
    person, area = _found(request, given["number"]) or ("", given["area"])

    def make() -> PersonRequest:
        return actions.register_request(
            actor=_actor(request), kind=given["kind"], received_on=given["received_on"],
            reference=given["reference"].strip(), person=person, area_code=area,
        )  # fmt: skip

    made = _tried(form, make)
    if made is None:
        return _page(request, new=form, status=422)
    return redirect(address(reverse("privacy"), request=made.pk))


@rule(Right.PRIVACY, looks_up=True)
@require_POST
def step(request: HttpRequest) -> HttpResponse:
    """Note the word that was given, an extension, or the answer."""
    one = _request(request, request.POST.get("request", ""))
    actor, text = _actor(request), request.POST.get("words", "")
    deeds: dict[str, Callable[[], None]] = {
        "word": lambda: actions.give_word(actor=actor, request=one, on=timezone.localdate()),
        "extend": lambda: actions.extend(actor=actor, request=one, reason=text),
        "answer": lambda: actions.answer(actor=actor, request=one, outcome=request.POST.get("outcome", ""), words=text),
    }
    _do(request, deeds.get(request.POST.get("step", "")))
    return redirect(address(reverse("privacy"), request=one.pk))


@rule(Right.PRIVACY, looks_up=True)
@require_POST
def held(request: HttpRequest) -> HttpResponse:
    """Hand out all that is held of whoever asked for it, and who opened it; only while his request is open."""
    one = _request(request, request.POST.get("request", ""))
    if not one.person or one.outcome != Outcome.OPEN or one.kind != Kind.ACCESS:
        raise Http404
    reader = reader_of(request)
    roots = scope_of(request.user).roots(Right.PRIVACY)
    book = held_of(settings.HOME, reader.run, language(), one.person, roots)
    if book is None:
        raise Http404
    purpose = say(f"Yêu cầu {one.reference}", f"Request {one.reference}")
    # The record is there before the answer is.
    record(_actor(request), AuditRecord.Action.HELD_OF_PERSON, f"person:{one.person}",
           {"purpose": purpose, "request": one.pk, "area_code": one.area_code})  # fmt: skip
    with TemporaryDirectory() as folder:
        file = Path(folder) / "held.xlsx"
        write(book, Told(language(), cast(User, request.user).full_name, timezone.now(), purpose), file, "xlsx")
        answer = HttpResponse(file.read_bytes(), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="baophu-request-{one.pk}.xlsx"'
    return answer


@rule(Right.PRIVACY, looks_up=True)
@require_POST
def new_breach(request: HttpRequest) -> HttpResponse:
    """Register a breach."""
    form = BreachForm(scope_of(request.user), request.POST, auto_id="breach_%s")
    if not form.is_valid():
        return _page(request, breach=form, status=422)
    given = form.cleaned_data

    def make() -> Breach:
        return actions.register_breach(
            actor=_actor(request), found_at=given["found_at"], what=given["what"], people=given["people"],
            area_code=given["area"],
        )  # fmt: skip

    made = _tried(form, make)
    if made is None:
        return _page(request, breach=form, status=422)
    return redirect(address(reverse("privacy"), breach=made.pk))


@rule(Right.PRIVACY, looks_up=True)
@require_POST
def breach_step(request: HttpRequest) -> HttpResponse:
    """Note the report to the authority, what was done, that people were told, the end."""
    one = _breach(request, request.POST.get("breach", ""))
    given = request.POST
    _do(
        request,
        lambda: actions.update_breach(
            actor=_actor(request), breach=one, report=given.get("report", "")[:80],
            measures=given.get("measures", "")[:4000], people_told="people_told" in given, closed="closed" in given,
        ),
    )  # fmt: skip
    return redirect(address(reverse("privacy"), breach=one.pk))


def _actor(request: HttpRequest) -> str:
    return cast(User, request.user).username


def _tried(form: forms.Form, make: Callable[[], Any]) -> Any:
    """Do a deed; where it is refused, say so in its form and return None."""
    try:
        return make()
    except BaophuError as error:
        form.add_error(None, error.say(language()))
        return None


def _do(request: HttpRequest, deed: Callable[[], None] | None) -> None:
    if deed is None:
        raise Http404
    try:
        deed()
    except BaophuError as error:
        messages.error(request, error.say(language()))
    else:
        messages.success(request, say("Đã ghi.", "It was noted."))


def _found(request: HttpRequest, number: str) -> tuple[str, str] | None:
    """Return the site's key and the area of whoever has a number, within the areas of who looks."""
    roots = scope_of(request.user).roots(Right.PRIVACY)
    run = newest_indexed(settings.HOME)
    if run is None:
        return None
    finder = Reader(settings.HOME, run, Scope((Held(frozenset({Right.PERSONS}), roots),)))
    found = finder.persons_numbered(number)
    return (str(found[0]["person"]), placed(found[0]["area_code"])) if found else None


def _within(request: HttpRequest, area_code: str) -> bool:
    return scope_of(request.user).sees(area_code, Right.PRIVACY)


def _request(request: HttpRequest, number: str) -> PersonRequest:
    one = PersonRequest.objects.filter(pk=int(number)).first() if _is_number(number) else None
    if one is None or not _within(request, one.area_code):
        raise Http404
    return one


def _breach(request: HttpRequest, number: str) -> Breach:
    one = Breach.objects.filter(pk=int(number)).first() if _is_number(number) else None
    if one is None or not _within(request, one.area_code):
        raise Http404
    return one


def _is_number(words: str) -> bool:
    return words.isdecimal() and len(words) < 10


def _page(
    request: HttpRequest, *, new: RequestForm | None = None, breach: BreachForm | None = None, status: int = 200
) -> HttpResponse:
    scope = scope_of(request.user)
    communes = scope.communes(Right.PRIVACY)
    requests, breaches = PersonRequest.objects.order_by("outcome", "received_on", "id"), Breach.objects.all()
    if communes is not None:
        codes = {*communes, *scope.roots(Right.PRIVACY)}
        requests, breaches = requests.filter(area_code__in=codes), breaches.filter(area_code__in=codes)
    area = min(scope.roots(Right.PRIVACY), default=COUNTRY)
    chosen = _request(request, request.GET["request"]) if "request" in request.GET else None
    opened = AuditRecord.objects.filter(subject=f"person:{chosen.person}") if chosen and chosen.person else None
    context = {
        "chosen": chosen,
        "opened": opened.count() if opened is not None else 0,
        "breach": _breach(request, request.GET["breach"]) if "breach" in request.GET else None,
        "outcomes": [one for one in Outcome.choices if one[0]],
        "requests": requests[:SHOWN],
        "breaches": breaches[:SHOWN],
        "new": new
        or RequestForm(scope, initial={"area": area, "received_on": timezone.localdate()}, auto_id="request_%s"),
        "new_breach": breach
        or BreachForm(scope, initial={"area": area, "found_at": timezone.localtime()}, auto_id="breach_%s"),
    }
    return render(request, "web/privacy.html", context, status=status)
