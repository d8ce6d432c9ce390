"""Taking pages away, the lists that one asked for, and those that wait for one's approval."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baophu.core.errors import BaophuError
from baophu.core.home import make_home
from baophu.core.languages import Text
from baophu.desk.words import words
from baophu.registers.store import names_nobody
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import scope_of
from baophu.web.exports import actions
from baophu.web.exports.lists import LISTS
from baophu.web.exports.models import Export, State
from baophu.web.exports.sheets import Book, Form
from baophu.web.exports.taking import Listed, Taker
from baophu.web.exports.writing import Told, write
from baophu.web.lists import address
from baophu.web.reading import NothingIndexed, newest_indexed
from baophu.web.rules import rule, signed_in
from baophu.web.templatetags.baophu import language, said, say

TYPES: dict[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
FORMS: dict[str, Text] = {
    "xlsx": Text("Excel", "Excel"),
    "csv": Text("CSV (cho chương trình khác)", "CSV (for other programs)"),
    "parquet": Text("Parquet (cho phân tích)", "Parquet (for analysis)"),
}
_LONGEST_FILTER = 120
# The list is looked at again in the page while something is being prepared.
_MOST_SHOWN = 100


class TakeForm(forms.Form):
    """In which form a list is taken away; with numbers in full or not; what for."""

    form = forms.ChoiceField(label=words("Dạng tệp", "Form"), choices=())
    reveal = forms.BooleanField(
        label=words("Ghi đủ số định danh", "Personal numbers in full"),
        help_text=words("Phải nêu mục đích; được ghi vào nhật ký.", "Needs a purpose, which goes into the record."),
        required=False,
    )
    purpose = forms.CharField(
        label=words("Mục đích", "Purpose"),
        help_text=words(
            "Bắt buộc khi ghi đủ số định danh hoặc khi phải duyệt. Không ghi số của ai.",
            "Needed for numbers in full, and for what must be approved. Write nobody's number.",
        ),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, listed: Listed, may_reveal: bool, people: int, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["form"].choices = [(one, said(FORMS[one])) for one in listed.forms]  # type: ignore[attr-defined]
        self._approved = actions.needs_approval(people)
        if not may_reveal or not people:
            del self.fields["reveal"]
        if not people:
            del self.fields["purpose"]

    def clean(self) -> dict[str, Any]:
        """Ask for the purpose where one is needed, and for none that holds somebody's number."""
        given = super().clean() or self.cleaned_data
        purpose = str(given.get("purpose", "")).strip()
        if (given.get("reveal") or self._approved) and len(purpose) < 10:
            self.add_error("purpose", words("Ghi rõ mục đích (từ 10 ký tự).", "Say what for (10 letters or more)."))
        if not names_nobody(purpose):
            self.add_error("purpose", words("Mục đích không được ghi số của ai.", "It may not hold anybody's number."))
        return given


class DecideForm(forms.Form):
    """Approving or refusing, with a reason; a refusal needs one."""

    decision = forms.ChoiceField(choices=[("approve", "approve"), ("refuse", "refuse")])
    reason = forms.CharField(required=False, max_length=300)

    def clean_reason(self) -> str:
        """Refuse a reason that holds a number of somebody's."""
        given = str(self.cleaned_data["reason"]).strip()
        if not names_nobody(given):
            raise ValidationError(words("Ý kiến không được ghi số của ai.", "It may not hold anybody's number."))
        return given

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal."""
        given = super().clean() or self.cleaned_data
        if given.get("decision") == "refuse" and not given.get("reason"):
            self.add_error("reason", words("Ghi lý do không duyệt.", "Say why it is refused."))
        return given


def taking(page: str) -> Callable[..., HttpResponseBase]:
    """Return the view that takes a page away: at once, else after it was asked for what more is needed."""
    listed = LISTS[page]
    named = page in ("area", "indicator", "ranking", "targets", "calendar", "findings", "employers")
    demanded = rule(listed.right, area="area_code") if named else rule(listed.right, looks_up=True)

    @sensitive_post_parameters("purpose")
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, **where: str) -> HttpResponseBase:
        return _take(request, page, listed, where)

    return demanded(view)


def _take(request: HttpRequest, page: str, listed: Listed, where: dict[str, str]) -> HttpResponseBase:
    user, scope = cast(User, request.user), scope_of(request.user)
    filters = {name: request.GET.get(name, "").strip()[:_LONGEST_FILTER] for name in listed.filters}
    filters = {name: value for name, value in filters.items() if value}
    run = newest_indexed(settings.HOME)
    if run is None:
        raise NothingIndexed
    taker = Taker(settings.HOME, run, scope, language(), people=actions.PERSONS_UNAPPROVED)
    book = listed.book(taker, where, filters)
    if book is None:
        raise Http404
    asked = request.GET.get("form", "")
    problem: BaophuError | None = None
    if request.method == "GET" and asked in listed.forms and actions.at_once(book):
        try:
            return _at_once(user, page, where, filters, book, asked, "")
        except BaophuError as error:
            problem = error
    may_reveal = scope.sees(book.area, Right.REVEAL)
    given = request.POST if request.method == "POST" else None
    form = TakeForm(listed, may_reveal, book.people, given, initial={"form": asked or "xlsx"})
    if request.method == "POST" and form.is_valid():
        purpose = str(form.cleaned_data.get("purpose", "")).strip()
        if form.cleaned_data.get("reveal"):
            full = Taker(settings.HOME, run, scope, language(), True, actions.PERSONS_UNAPPROVED)
            book = listed.book(full, where, filters) or book
        chosen = cast(Form, form.cleaned_data["form"])
        try:
            if actions.at_once(book):
                return _at_once(user, page, where, filters, book, chosen, purpose)
            made = actions.ask(
                user=user, page=page, where=where, filters=filters, book=book, run=run, form=chosen,
                language=language(), purpose=purpose,
            )  # fmt: skip
        except BaophuError as error:
            problem = error
        else:
            messages.success(request, _told(made))
            return redirect("exports")
    actions.note_shown(user=user, page=page, where=where, book=book)
    back = reverse(page, kwargs=where)
    status = 200 if request.method == "GET" else 422
    about = {
        "book": book, "form": form, "problem": problem.say(language()) if problem else "", "run": book.run,
        "back": address(back, **filters), "at_once": actions.at_once(book), "area_code": where.get("area_code"),
        "approval": actions.needs_approval(book.people), "most": actions.PERSONS_UNAPPROVED,
        "days": settings.EXPORT_DAYS,
    }  # fmt: skip
    return render(request, "web/take_away.html", about, status=status)


def _told(export: Export) -> str:
    if export.state == State.WAITING:
        return say("Đã gửi duyệt. Có kết quả sẽ báo ở đây.", "It was sent for approval. You will be told here.")
    return say("Đang chuẩn bị trong nền. Xong sẽ báo ở đây.", "It is being prepared. You will be told here.")


def _at_once(
    user: User, page: str, where: dict[str, str], filters: dict[str, str], book: Book, form: Form, purpose: str
) -> HttpResponse:
    """Give out a short list; the record is there before the file is."""
    told = Told(language(), user.full_name, timezone.now(), purpose)
    place = make_home(actions.folder(settings.HOME))
    with TemporaryDirectory(prefix=".part-", dir=place) as folder:
        path = Path(folder) / f"list.{form}"
        write(book, told, path, form)
        content = path.read_bytes()
    actions.note_taken(user=user, page=page, where=where, filters=filters, book=book, form=form, purpose=purpose)
    month = f"-{book.run.month:%Y-%m}" if book.run else f"-{timezone.localdate():%Y-%m-%d}"
    answer = HttpResponse(content, content_type=TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="baophu-{page}-{book.area}{month}.{form}"'
    return answer


@signed_in()
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """List what one asked for: how far it is, what went wrong, the file."""
    user = cast(User, request.user)
    actions.give_up_lost()
    rows = list(Export.objects.filter(user=user)[:_MOST_SHOWN])
    now = timezone.now()
    for one in rows:
        if one.state == State.READY and one.expires_at is not None and one.expires_at <= now:
            one.state = State.EXPIRED
    about = {
        "rows": rows,
        "busy": any(one.state in (State.QUEUED, State.WORKING) for one in rows),
        "may_approve": scope_of(user).may(Right.APPROVE),
        "waiting": len(actions.waiting_for(user)),
    }
    # Seeing that something failed or was refused is all there is to do about it.
    seen = [one.pk for one in rows if one.state in (State.FAILED, State.REFUSED) and one.fetched_at is None]
    Export.objects.filter(pk__in=seen).update(fetched_at=now)
    return render(request, "web/exports.html", about)


@signed_in()
@require_safe
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """Give out a file of one's own, while the rights for it hold."""
    user = cast(User, request.user)
    export = get_object_or_404(Export, pk=export_id, user=user)
    try:
        path = actions.fetch(user=user, export=export, home=settings.HOME)
    except FileNotFoundError:
        messages.error(request, say("Tệp này không còn. Tải lại danh sách.", "The file is gone. Take the list again."))
        return redirect("exports")
    file = path.open("rb")
    return FileResponse(file, as_attachment=True, filename=export.file_name, content_type=TYPES[export.form])


@signed_in()
@require_POST
def export_again(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Prepare once more what failed."""
    user = cast(User, request.user)
    export = get_object_or_404(Export, pk=export_id, user=user)
    _done(request, lambda: actions.again(user=user, export=export))
    return redirect("exports")


@signed_in()
@require_POST
def export_withdraw(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Give up a list of one's own, and destroy its file."""
    user = cast(User, request.user)
    export = get_object_or_404(Export, pk=export_id, user=user)
    _done(request, lambda: actions.withdraw(user=user, export=export, home=settings.HOME))
    return redirect("exports")


def _done(request: HttpRequest, deed: Callable[[], None]) -> bool:
    """Do a deed; where it is refused, say why and return False."""
    try:
        deed()
    except BaophuError as error:
        messages.error(request, error.say(language()))
        return False
    return True


@rule(Right.APPROVE, looks_up=True)
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """List what waits for one's approval, and what one decided."""
    return _approvals(request)


@rule(Right.APPROVE, looks_up=True)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or refuse a list that somebody else asked for."""
    user = cast(User, request.user)
    try:
        export = get_object_or_404(Export, pk=request.POST.get("export", ""))
    except ValidationError:
        raise Http404 from None
    if not actions.may_decide(user, export):
        # As for what does not exist, but for one's own, which one knows of.
        raise PermissionDenied if export.user_id == user.pk else Http404
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _approvals(request, export, form)
    approved, reason = form.cleaned_data["decision"] == "approve", form.cleaned_data["reason"]
    if _done(request, lambda: actions.decide(user=user, export=export, approved=approved, reason=reason)):
        messages.success(request, say("Đã duyệt.", "Approved.") if approved else say("Đã từ chối.", "Refused."))
    return redirect("approvals")


def _approvals(request: HttpRequest, wrong: Export | None = None, form: DecideForm | None = None) -> HttpResponse:
    user = cast(User, request.user)
    decided = Export.objects.filter(decided_by=user.username).select_related("user").order_by("-decided_at")
    about = {
        "rows": actions.waiting_for(user),
        "decided": decided[:_MOST_SHOWN],
        "wrong": wrong.pk if wrong else None,
        "errors": [error for errors in form.errors.values() for error in errors] if form else [],
    }
    return render(request, "web/approvals.html", about, status=422 if wrong else 200)
