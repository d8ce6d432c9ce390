"""Employers: the list of an area, and one with its dues, its charges, its next legal step and its findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from baophu.core.languages import Text
from baophu.findings.kinds import kinds
from baophu.registers.contracts import contracts
from baophu.web import telling
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.employer_law import workers
from baophu.web.keeping import kept
from baophu.web.lists import address, as_date, at, crumbs, law_text, shown_tax_code
from baophu.web.reading import PAGE, Reader, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language
from baophu.web.views_search import as_sought

STEPS = {
    "demand": Text("Gửi văn bản đôn đốc", "Send the written demand"),
    "evasion_begins": Text("Chuyển sang trốn đóng nếu vẫn chưa đóng", "It becomes evasion unless paid"),
    "list": Text("Đưa vào danh sách của tỉnh", "Put on the province's list"),
}
CLASSES = {"late": Text("Chậm đóng", "Late payment"), "evasion": Text("Trốn đóng", "Evasion")}
HEALTH = "HI"
# Findings shown on an employer's page; the rest is a link away.
MOST_FINDINGS = 20


@rule(Right.WORK, area="area_code")
@require_safe
@kept
def employers(request: HttpRequest, area_code: str) -> HttpResponse:
    """List an area's employers, those that owe most first, or those whose name has some words."""
    reader = reader_of(request)
    words, step = asked(request.GET)
    page = reader.employers(area_code, words, request.GET.get("after"), step=step)
    begun = at(request.GET) if request.GET.get("after") else 0
    path = reverse("employers", args=[area_code])
    filters = {"name": words, "step": step[0] if step else None, "on": step[1] if step else None}
    return render(
        request,
        "web/employers.html",
        {
            "area_code": area_code,
            "crumbs": crumbs(reader.scope, area_code, "employers", Right.WORK),
            "run": reader.run,
            "words": words,
            "refused": as_sought(request.GET.get("name", "")[:100])[1],
            "step": STEPS[step[0]] if step else None,
            "on": as_date(step[1]) if step else None,
            "path": path,
            "rows": [_listed(row) for row in page.rows],
            "first": begun + 1,
            "last": begun + len(page.rows),
            "next": address(path, **filters, after=page.after, at=begun + PAGE) if page.after else None,
            "start": address(path, **filters) if begun else None,
        },
    )


@rule(Right.WORK, looks_up=True)
@require_safe
def employer(request: HttpRequest, employer_id: str) -> HttpResponse:
    """Show one employer."""
    reader = reader_of(request)
    row = reader.employer(employer_id)
    if row is None:
        raise Http404
    dues = reader.of_employer("dues", employer_id)
    found = reader.of_employer("findings", employer_id)
    lang = language()
    return render(
        request,
        "web/employer.html",
        {
            "employer": _listed(row),
            "facts": facts(row),
            "crumbs": crumbs(reader.scope, row["area_code"], "employers", Right.WORK),
            "run": reader.run,
            "next_step": next_step(reader, employer_id),
            "dues": [due_month(one, reader.run.as_of) for one in reversed(dues)],
            "of_tax": workers(reader, employer_id),
            "charges": _charges(reader.of_employer("charges", employer_id)),
            "findings": [
                telling.said(one, lang, reader.scope.sees(placed(one["area_code"]), Right.SENSITIVE))
                for one in found
                if reader.scope.sees(placed(one["area_code"]), Right.WORK) and one["kind"] in kinds()
            ][:MOST_FINDINGS],
            "more": len(found) > MOST_FINDINGS,
        },
    )


def asked(given: Mapping[str, str]) -> tuple[str, tuple[str, str] | None]:
    """Read the filters of an address: words of the name; a step of the law with its day. What is wrong is left out.

    So is a name that holds a person's number, which no address may do.
    """
    step, on = given.get("step", ""), given.get("on", "")
    words, has_number = as_sought(given.get("name", "")[:100])
    return "" if has_number else words, (step, on) if step in STEPS and _is_day(on) else None


def _is_day(words: str) -> bool:
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


def _listed(row: Row) -> dict[str, object]:
    return {**row, "tax_code": shown_tax_code(row["tax_code"]), "owes_since": as_date(row["owes_since"])}


def facts(row: Row) -> dict[str, Text]:
    """Return the words of what the register says by codes."""
    words = {column.name: column.values for column in contracts()["employers"].columns if column.values}
    return {
        name: words[name][row[name]]
        for name in ("sector", "status", "pay_method")
        if name in words and row[name] in words[name]
    }


def next_step(reader: Reader, employer_id: str) -> dict[str, object] | None:
    """Return the first of the steps that the law asks for next, with the months that it is about."""
    steps = [row for row in reader.of_employer("steps", employer_id) if row["step_on"]]
    if not steps:
        return None
    first = min(steps, key=lambda row: (row["step_on"], row["month"]))
    same = [row for row in steps if (row["step"], row["step_on"]) == (first["step"], first["step_on"])]
    return {
        "words": STEPS.get(first["step"], Text(first["step"], first["step"])),
        "on": as_date(first["step_on"]),
        "months": [as_date(row["month"]) for row in same],
        "outstanding": sum(row["outstanding"] for row in same),
        "sent_on": as_date(first["sent_on"]),
        "evasion_from": as_date(first["evasion_from"]),
        "demand_by": as_date(first["demand_by"]),
    }


def due_month(row: Row, as_of: date) -> dict[str, object]:
    """Return a month of dues, and how it stands: paid, not due yet, or overdue."""
    due_date = as_date(row["due_date"])
    if row["outstanding"] <= 0:
        state = ("met", Text("Đã đóng đủ", "Paid"))
    elif due_date is not None and due_date < as_of:
        state = ("late", Text("Quá hạn", "Overdue"))
    else:
        state = ("unknown", Text("Chưa đến hạn", "Not due yet"))
    dates = {name: as_date(row[name]) for name in ("month", "due_date", "cleared_on")}
    return {**row, **dates, "state": state[0], "state_words": state[1]}


def _charges(rows: list[Row]) -> list[dict[str, object]]:
    """Add up the charges of each month, class and clause; the newest month first."""
    groups: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in rows:
        sums = groups.setdefault((row["month"], row["class"], row["clause"]), {"charge": 0, "days": 0})
        sums["charge"] += row["charge"]
        sums["days"] = max(sums["days"], row["days"])
    return [
        {
            "month": as_date(month),
            "class": CLASSES.get(name, Text(name, name)),
            "article": article(clause),
            **sums,
        }
        for (month, name, clause), sums in sorted(groups.items(), reverse=True)
    ]


def article(clause: str) -> Text:
    """Return the article on which a charge rests."""
    if clause == HEALTH:
        return Text("bảo hiểm y tế", "health insurance")
    return law_text(f"Law 41/2024/QH15 art. {clause}")
