"""The comments on an area and what lies below it: read, written, answered, taken back."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from baophu.core.errors import BaophuError
from baophu.indicators.catalogue import catalogue
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.comments import actions, telling
from baophu.web.comments.actions import About
from baophu.web.comments.models import Comment
from baophu.web.lists import address, crumbs, key_of
from baophu.web.reading import Reader, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, say


@rule(Right.SEE, area="area_code")
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, area_code: str) -> HttpResponse:
    """List the comments on an area and below; a POST writes one on it, answers one, or takes one's own back."""
    reader = reader_of(request)
    if request.method != "POST":
        return _page(request, reader, area_code)
    if not reader.scope.sees(area_code, Right.COMMENT):
        raise PermissionDenied
    if request.POST.get("deed") == "take-back":
        return _take_back(request, reader, area_code)
    answered = _answered(request, reader, area_code)
    about = _about(request, reader, area_code, answered)
    try:
        actions.write(author=_user(request), about=about, text=request.POST.get("text", ""), answers=answered)
    except BaophuError as error:
        messages.error(request, error.say(language()))
        return _page(request, reader, area_code, typed=request.POST.get("text", ""), about=about, status=422)
    messages.success(request, say("Đã ghi ý kiến.", "The comment was written."))
    return redirect(_back(about))


def _page(
    request: HttpRequest, reader: Reader, area_code: str, *, typed: str = "", about: About | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    scope, before = reader.scope, key_of(request.GET.get("before", ""))
    found = telling.of_area(scope, area_code, telling.PAGE + 1, before)
    path = reverse("comments", args=[area_code])
    on = {"indicator": about.indicator, "finding_id": about.finding_id} if about else {}
    context = {
        "area_code": area_code,
        "run": reader.run,
        "crumbs": crumbs(scope, area_code, "comments"),
        "comments": telling.section(scope, about.area_code if about else area_code, found[: telling.PAGE], **on),
        "username": _user(request).username,
        "typed": typed,
        "next": address(path, before=found[telling.PAGE - 1].first.pk) if len(found) > telling.PAGE else None,
        "start": path if before is not None else None,
    }
    return render(request, "web/comments_page.html", context, status=status)


def _answered(request: HttpRequest, reader: Reader, area_code: str) -> Comment | None:
    """Return the comment that is answered, where one is named: of the area or below, that may be read and answered."""
    if not request.POST.get("answers"):
        return None
    found = _comment(request, reader, area_code, "answers")
    if not reader.scope.sees(found.area_code, Right.COMMENT):
        raise Http404
    return found


def _about(request: HttpRequest, reader: Reader, area_code: str, answered: Comment | None) -> About:
    """Return what is commented on: what the comment is on that is answered, else what the form names."""
    month = reader.run.month
    if answered is not None:
        return About(answered.area_code, month, answered.indicator, answered.finding_id)
    indicator, finding_id = request.POST.get("indicator", ""), request.POST.get("finding_id", "")
    if finding_id:
        row = reader.finding(finding_id)
        if row is None or placed(row["area_code"]) != area_code:
            raise Http404
        return About(area_code, month, finding_id=finding_id)
    if indicator and indicator not in catalogue():
        raise Http404
    return About(area_code, month, indicator)


def _take_back(request: HttpRequest, reader: Reader, area_code: str) -> HttpResponse:
    found = _comment(request, reader, area_code, "comment")
    try:
        actions.take_back(author=_user(request), comment=found)
    except BaophuError:
        raise PermissionDenied from None
    messages.success(request, say("Đã rút lại ý kiến.", "The comment was taken back."))
    return redirect("comments", area_code)


def _comment(request: HttpRequest, reader: Reader, area_code: str, name: str) -> Comment:
    number = key_of(request.POST.get(name, ""))
    found = Comment.objects.read_by(reader.scope, area_code).filter(pk=number).first() if number is not None else None
    if found is None:
        raise Http404
    return found


def _back(about: About) -> str:
    """Return where a comment is read that was just written."""
    if about.finding_id:
        return reverse("finding", args=[about.finding_id]) + "#comments"
    if about.indicator:
        return reverse("indicator", args=[about.area_code, about.indicator]) + "#comments"
    return reverse("comments", args=[about.area_code])


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
