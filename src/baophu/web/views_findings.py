"""Findings: the list of an area, and one with what it rests on, what to do next, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.actions import Overtaken
from baophu.findings.kinds import kinds
from baophu.findings.outcomes import OUTCOMES
from baophu.web import outcomes, telling
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.comments import telling as comments
from baophu.web.index import FINDING_SORTS
from baophu.web.keeping import kept_beside
from baophu.web.lists import Chip, address, as_date, at, crumbs, key_of, last_month, shown_tax_code
from baophu.web.outcomes import OutcomeForm
from baophu.web.reading import PAGE, Among, Reader, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import area_name, language, said, say

ALL = "all"
SORTS = {
    "priority": Text("Ưu tiên cao trước", "Most urgent first"),
    "amount": Text("Số tiền lớn trước", "Most at stake first"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list of findings, and its order."""

    kind: str | None
    status: str
    sort: str
    outcome: str | None = None

    @property
    def only(self) -> str | None:
        """The one status that is kept; None where all are."""
        return None if self.status == ALL else self.status

    def among(self, area_code: str) -> Among | None:
        """Return which findings of an area the outcome keeps; None where all."""
        return outcomes.among(area_code, self.outcome)

    def counted(self, counts: Sequence[Row]) -> int:
        """Return how many findings the filters keep, from an area's counts."""
        return sum(row["findings"] for row in counts if _is(row, self.kind, self.only))


def asked(given: Mapping[str, str]) -> Asked:
    """Read the filters of an address; what is not known is left out."""
    kind, status, sort, outcome = (given.get(name) for name in ("kind", "status", "sort", "outcome"))
    return Asked(
        kind if kind in kinds() else None,
        str(status) if status in (*telling.STATUSES, ALL) else "open",
        str(sort) if sort in FINDING_SORTS else FINDING_SORTS[0],
        outcome if outcome in outcomes.FILTERS else None,
    )


@rule(Right.WORK, area="area_code")
@require_safe
@kept_beside(outcomes.newest)
def findings(request: HttpRequest, area_code: str) -> HttpResponse:
    """List an area's findings: filters with their counts, what they come to, a page of rows."""
    reader = reader_of(request)
    wanted = asked(request.GET)
    among = wanted.among(area_code)
    counts = reader.finding_counts(area_code, among)
    kind, status, sort, only = wanted.kind, wanted.status, wanted.sort, wanted.only
    page = reader.findings(area_code, kind, only, request.GET.get("after"), sort=sort, among=among)
    begun = at(request.GET) if request.GET.get("after") else 0
    path = reverse("findings", args=[area_code])
    filters = {
        "kind": kind,
        "status": None if status == "open" else status,
        "sort": None if sort == "priority" else sort,
        "outcome": wanted.outcome,
    }
    found = outcomes.outcomes_of(row["finding_id"] for row in page.rows)
    recorded = {name: OUTCOMES[outcome] for name, outcome in found.items()}
    chosen = [row for row in counts if _is(row, kind, only)]
    lang = language()
    return render(
        request,
        "web/findings.html",
        {
            "area_code": area_code,
            "crumbs": crumbs(reader.scope, area_code, "findings", Right.WORK),
            "run": reader.run,
            "kind": kinds()[kind] if kind else None,
            "count": sum(row["findings"] for row in chosen),
            "monthly": _sum(chosen, "monthly"),
            "total": _sum(chosen, "total"),
            "kinds": _kind_chips(counts, path, filters, kind, only),
            "statuses": _status_chips(counts, path, filters, kind, status),
            "sorts": [
                Chip(
                    said(words),
                    address(path, **{**filters, "sort": None if name == "priority" else name}),
                    name == sort,
                )
                for name, words in SORTS.items()
            ],
            "outcomes": _outcome_chips(path, filters, wanted.outcome),
            "below": _below(reader, area_code, filters),
            "rows": [
                (telling.said(row, lang, _sensitive(reader, row)), recorded.get(row["finding_id"])) for row in page.rows
            ],
            "first": begun + 1,
            "last": begun + len(page.rows),
            "next": address(path, **filters, after=page.after, at=begun + PAGE) if page.after else None,
            "start": address(path, **filters) if begun else None,
        },
    )


@rule(Right.WORK, looks_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, finding_id: str) -> HttpResponse:
    """Show one finding; a POST records what became of it, or takes such an entry back."""
    reader = reader_of(request)
    row = reader.finding(finding_id)
    if row is None:
        raise Http404
    if request.method != "POST":
        return _finding_page(request, reader, row)
    deed = {"outcome": _record, "take-back": _take_back}.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    if not reader.scope.sees(placed(row["area_code"]), Right.RECORD):
        raise PermissionDenied
    return deed(request, reader, row)


def _record(request: HttpRequest, reader: Reader, row: Row) -> HttpResponse:
    actor = cast(User, request.user).username
    form = OutcomeForm(row, actor, request.POST)
    if not form.is_valid():
        return _finding_page(request, reader, row, form, status=422)
    try:
        outcomes.keep(form.row, actor=actor, known=form.cleaned_data["known"])
    except Overtaken as error:
        # What was typed stays, beside the entries as they are now.
        form = OutcomeForm(row, actor, {**request.POST.dict(), "known": str(len(outcomes.entries(row["finding_id"])))})
        form.add_error(None, error.say(language()))
        return _finding_page(request, reader, row, form, status=409)
    messages.success(request, say("Đã ghi. Lần chạy sau sẽ tính theo.", "Recorded. The next run counts it."))
    return redirect("finding", row["finding_id"])


def _take_back(request: HttpRequest, reader: Reader, row: Row) -> HttpResponse:
    known, place = (key_of(request.POST.get(name, "")) for name in ("known", "entry"))
    if known is None or place is None:
        raise Http404
    try:
        outcomes.take_back(
            row, actor=cast(User, request.user).username, known=known, place=place, why=request.POST.get("why", "")
        )
    except BaophuError as error:
        messages.error(request, error.say(language()))
        return _finding_page(request, reader, row, status=409 if isinstance(error, Overtaken) else 422)
    messages.success(request, say("Đã rút lại.", "It was taken back."))
    return redirect("finding", row["finding_id"])


def _finding_page(
    request: HttpRequest, reader: Reader, row: Row, form: OutcomeForm | None = None, *, status: int = 200
) -> HttpResponse:
    lang, sensitive = language(), _sensitive(reader, row)
    kept = outcomes.entries(row["finding_id"])
    employer = reader.employer(row["employer_id"]) if row["employer_id"] else None
    begin = {"known": len(kept), "decided_on": timezone.localdate()}
    context: dict[str, Any] = {
        "finding": telling.said(row, lang, sensitive),
        "crumbs": crumbs(reader.scope, row["area_code"], "findings", Right.WORK),
        "run": reader.run,
        "kind": kinds()[row["kind"]],
        "claim": telling.claim(row, lang, employer["name"] if employer else ""),
        "status": telling.STATUSES.get(row["status"]),
        "how": telling.HOW.get(row["resolved_how"] or ""),
        "evidence": telling.evidence(row, lang, sensitive),
        "parts": telling.parts(row, lang),
        "first_seen": as_date(row["first_seen"]),
        "employer": employer,
        "employer_id": row["employer_id"],
        "tax_code": shown_tax_code(row["tax_code"]),
        "person": reader.person(row["person"]) if row["person"] else None,
        "months": row["months"],
        "last_month": last_month(row["to_month"]),
        "known": len(kept),
        "may_record": reader.scope.sees(placed(row["area_code"]), Right.RECORD),
        "comments": comments.section(
            reader.scope, placed(row["area_code"]), comments.of_finding(row["finding_id"]), finding_id=row["finding_id"]
        ),
        "username": cast(User, request.user).username,
        "entries": outcomes.told(kept),
        "form": form or OutcomeForm(row, cast(User, request.user).username, initial=begin),
    }
    return render(request, "web/finding.html", context, status=status)


def _sensitive(reader: Reader, row: Row) -> bool:
    return reader.scope.sees(placed(row["area_code"]), Right.SENSITIVE)


def _is(row: Row, kind: str | None, status: str | None) -> bool:
    return kind in (None, row["kind"]) and status in (None, row["status"])


def _sum(rows: Sequence[Row], amount: str) -> int:
    """Add what is at stake; what is a month's and what is a whole stretch's are never added to each other."""
    return sum(row["amount"] for row in rows if row["kind"] in kinds() and kinds()[row["kind"]].amount == amount)


def _kind_chips(
    counts: Sequence[Row], path: str, filters: dict[str, str | None], kind: str | None, status: str | None
) -> list[Chip]:
    of_kind = {name: sum(row["findings"] for row in counts if _is(row, name, status)) for name in kinds()}
    every = Chip(
        said(Text("Tất cả", "All")), address(path, **{**filters, "kind": None}), kind is None, sum(of_kind.values())
    )
    return [every] + [
        Chip(said(one.title), address(path, **{**filters, "kind": name}), name == kind, of_kind[name])
        for name, one in kinds().items()
        if of_kind[name] or name == kind
    ]


def _status_chips(
    counts: Sequence[Row], path: str, filters: dict[str, str | None], kind: str | None, status: str
) -> list[Chip]:
    names = {**telling.STATUSES, ALL: Text("Mọi trạng thái", "All")}
    return [
        Chip(
            said(words),
            address(path, **{**filters, "status": None if name == "open" else name}),
            name == status,
            sum(row["findings"] for row in counts if _is(row, kind, None if name == ALL else name)),
        )
        for name, words in names.items()
    ]


def _outcome_chips(path: str, filters: dict[str, str | None], outcome: str | None) -> list[Chip]:
    names = {"": Text("Mọi kết quả", "All outcomes"), **outcomes.FILTERS}
    return [
        Chip(said(words), address(path, **{**filters, "outcome": name}), name == (outcome or ""))
        for name, words in names.items()
    ]


def _below(reader: Reader, area_code: str, filters: dict[str, str | None]) -> list[Chip]:
    """Return the areas one level down with how many findings are open there, the most first."""
    found = sorted(reader.open_below(area_code).items(), key=lambda one: (-one[1], one[0]))
    return [
        Chip(area_name(code), address(reverse("findings", args=[code]), **filters), False, number)
        for code, number in found
    ]
