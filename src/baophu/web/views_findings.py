"""Findings: the list of an area, and one with what it rests on, what its priority is made of, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from baophu.core.languages import Text
from baophu.findings.kinds import kinds
from baophu.web import telling
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.index import FINDING_SORTS
from baophu.web.keeping import kept
from baophu.web.lists import Chip, address, as_date, at, crumbs, last_month, shown_tax_code
from baophu.web.reading import PAGE, Reader, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import area_name, language, said

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

    @property
    def only(self) -> str | None:
        """The one status that is kept; None where all are."""
        return None if self.status == ALL else self.status

    def counted(self, counts: Sequence[Row]) -> int:
        """Return how many findings the filters keep, from an area's counts."""
        return sum(row["findings"] for row in counts if _is(row, self.kind, self.only))


def asked(given: Mapping[str, str]) -> Asked:
    """Read the filters of an address; what is not known is left out."""
    kind, status, sort = given.get("kind"), given.get("status"), given.get("sort")
    return Asked(
        kind if kind in kinds() else None,
        str(status) if status in (*telling.STATUSES, ALL) else "open",
        str(sort) if sort in FINDING_SORTS else FINDING_SORTS[0],
    )


@rule(Right.WORK, area="area_code")
@require_safe
@kept
def findings(request: HttpRequest, area_code: str) -> HttpResponse:
    """List an area's findings: filters with their counts, what they come to, a page of rows."""
    reader = reader_of(request)
    counts = reader.finding_counts(area_code)
    wanted = asked(request.GET)
    kind, status, sort, only = wanted.kind, wanted.status, wanted.sort, wanted.only
    page = reader.findings(area_code, kind, only, request.GET.get("after"), sort=sort)
    begun = at(request.GET) if request.GET.get("after") else 0
    path = reverse("findings", args=[area_code])
    filters = {
        "kind": kind,
        "status": None if status == "open" else status,
        "sort": None if sort == "priority" else sort,
    }
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
            "below": _below(reader, area_code, filters),
            "rows": [telling.said(row, lang, _sensitive(reader, row)) for row in page.rows],
            "first": begun + 1,
            "last": begun + len(page.rows),
            "next": address(path, **filters, after=page.after, at=begun + PAGE) if page.after else None,
            "start": address(path, **filters) if begun else None,
        },
    )


@rule(Right.WORK, looks_up=True)
@require_safe
def finding(request: HttpRequest, finding_id: str) -> HttpResponse:
    """Show one finding."""
    reader = reader_of(request)
    row = reader.finding(finding_id)
    if row is None:
        raise Http404
    lang, sensitive = language(), _sensitive(reader, row)
    return render(
        request,
        "web/finding.html",
        {
            "finding": telling.said(row, lang, sensitive),
            "crumbs": crumbs(reader.scope, row["area_code"], "findings", Right.WORK),
            "run": reader.run,
            "kind": kinds()[row["kind"]],
            "claim": telling.claim(row, lang),
            "status": telling.STATUSES.get(row["status"]),
            "how": telling.HOW.get(row["resolved_how"] or ""),
            "evidence": telling.evidence(row, lang, sensitive),
            "parts": telling.parts(row, lang),
            "first_seen": as_date(row["first_seen"]),
            "employer": reader.employer(row["employer_id"]) if row["employer_id"] else None,
            "employer_id": row["employer_id"],
            "tax_code": shown_tax_code(row["tax_code"]),
            "person": reader.person(row["person"]) if row["person"] else None,
            "months": row["months"],
            "last_month": last_month(row["to_month"]),
        },
    )


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


def _below(reader: Reader, area_code: str, filters: dict[str, str | None]) -> list[Chip]:
    """Return the areas one level down with how many findings are open there, the most first."""
    found = sorted(reader.open_below(area_code).items(), key=lambda one: (-one[1], one[0]))
    return [
        Chip(area_name(code), address(reverse("findings", args=[code]), **filters), False, number)
        for code, number in found
    ]
