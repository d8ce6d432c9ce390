"""One person: what he took part in, where it broke off, by which rule his numbers were joined to him.

The address holds a keyed hash and no number. Numbers are masked; one that is asked for in full needs a purpose, which
goes into the record, as every opening of the page does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baophu.core.languages import Text
from baophu.core.months import months_between, months_later
from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.desk.words import words
from baophu.findings.kinds import kinds
from baophu.linkage.reporting import RULES
from baophu.registers.contracts import contracts
from baophu.registers.store import names_nobody
from baophu.results.masking import mask
from baophu.web import telling
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.lists import as_date, crumbs
from baophu.web.reading import Reader, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language

# Health groups that tell of poverty, ethnicity or a benefit.
SENSITIVE_GROUPS = {"poor", "near_poor", "ethnic_minority", "pensioner", "policy"}
# What a gap is looked for in: whoever pays in either scheme of social insurance is in.
FAMILIES = (
    ("si", Text("Bảo hiểm xã hội", "Social insurance"), ("compulsory", "voluntary")),
    ("hi", Text("Bảo hiểm y tế", "Health insurance"), ("health",)),
)
LINK_STATUSES = {
    "accepted": Text("đã nhận", "accepted"),
    "review": Text("chờ rà soát", "for review"),
    "none": Text("chưa nối được", "not joined"),
}
_YEAR = 12


class PurposeForm(forms.Form):
    """What a number in full is needed for."""

    purpose = forms.CharField(
        label=words("Mục đích xem đủ số", "What the number in full is needed for"),
        help_text=words(
            "Ví dụ: đối chiếu hồ sơ giấy theo công văn nào. Mục đích được ghi vào nhật ký; không ghi số của ai.",
            "For instance which letter it is checked against. It goes into the record; write nobody's number.",
        ),
        min_length=10,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_purpose(self) -> str:
        """Refuse a purpose that holds a number of somebody's: the record is kept for good."""
        given = str(self.cleaned_data["purpose"])
        if not names_nobody(given):
            raise ValidationError(words("Mục đích không được ghi số của ai.", "It may not hold anybody's number."))
        return given


@dataclass(frozen=True, slots=True)
class Gap:
    """Months without participation between two spells, or since the last."""

    family: Text
    first: date
    last: date
    months: int
    goes_on: bool


@rule(Right.PERSONS, looks_up=True)
@sensitive_post_parameters("purpose")
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, person_key: str) -> HttpResponse:
    """Show a person with numbers masked; a POST with a purpose shows them in full, once."""
    reader = reader_of(request)
    row = reader.person(person_key)
    if row is None:
        raise Http404
    may_reveal = reader.scope.sees(placed(row["area_code"]), Right.REVEAL)
    form = PurposeForm(request.POST or None)
    revealed = False
    actor = cast(User, request.user).username
    if request.method == "POST":
        if not may_reveal:
            raise PermissionDenied
        if form.is_valid():
            # The record is there before the answer is, so that nothing is given out unseen.
            detail = {"purpose": form.cleaned_data["purpose"], "area_code": row["area_code"]}
            record(actor, AuditRecord.Action.REVEAL, f"person:{person_key}", detail)
            revealed = True
    else:
        record(actor, AuditRecord.Action.OPEN_PERSON, f"person:{person_key}", {"area_code": row["area_code"]})
    status = 422 if request.method == "POST" and not revealed else 200
    return render(request, "web/person.html", _shown(reader, row, form, may_reveal, revealed), status=status)


def _shown(reader: Reader, row: Row, form: PurposeForm, may_reveal: bool, revealed: bool) -> dict[str, Any]:
    return {
        **person_told(reader, row, revealed),
        "crumbs": crumbs(reader.scope, row["area_code"], "findings", Right.WORK),
        "run": reader.run,
        "form": form,
        "may_reveal": may_reveal,
    }


def person_told(reader: Reader, row: Row, revealed: bool) -> dict[str, Any]:
    """Return what is told of a person: what is sensitive with the right to it, numbers in full only if revealed."""
    lang, sensitive = language(), reader.scope.sees(placed(row["area_code"]), Right.SENSITIVE)
    spells = reader.of_person("person_spells", row["person"])
    population = _values("population")
    until = months_later(reader.run.month, 1)
    return {
        "person": row,
        "pid": number_said(row["pid"], revealed),
        "sex": population["sex"].get(row["sex"] or ""),
        "deceased_on": as_date(row["deceased_on"]),
        "sensitive": sensitive,
        "ethnic": population["ethnic"].get(row["ethnic"] or ""),
        "poverty": population["poverty"].get(row["poverty"] or ""),
        "numbers": [link_said(one, revealed) for one in reader.of_person("person_numbers", row["person"])],
        "spells": [spell_said(reader, one, sensitive) for one in spells],
        "gaps": gaps(spells, until),
        "bars": bars(spells, until),
        "benefits": [
            {
                "words": _values("benefits")["benefit"].get(one["benefit"]),
                "first": as_date(one["from_month"]),
                "last": as_date(one["to_month"]),
                "months": one["months"],
            }
            for one in reader.of_person("person_benefits", row["person"])
        ],
        "findings": [
            telling.said(one, lang, sensitive)
            for one in reader.of_person("findings", row["person"])
            if one["kind"] in kinds()
        ],
        "revealed": revealed,
    }


def number_said(number: str | None, revealed: bool) -> str:
    """Return a number, masked unless it is revealed."""
    return number if number and revealed else mask(number or "")


def _values(register: str) -> dict[str, dict[str, Text]]:
    return {column.name: dict(column.values) for column in contracts()[register].columns if column.values}


def link_said(row: Row, revealed: bool) -> dict[str, Any]:
    """Return what the page says of a number and how it was joined."""
    return {
        "number": number_said(row["si_code"], revealed),
        "status": LINK_STATUSES.get(row["status"], Text(row["status"], row["status"])),
        "rule": RULES.get(row["rule"] or ""),
        "score": row["score"],
        "rivals": row["rivals"],
        "registered_on": as_date(row["registered_on"]),
    }


def spell_said(reader: Reader, row: Row, sensitive: bool) -> dict[str, Any]:
    """Return what the page says of a spell; a group that tells of poverty or a benefit needs a right of its own."""
    known = _values("spells")
    hidden = row["group_code"] in SENSITIVE_GROUPS and not sensitive
    employer = reader.employer(row["employer_id"]) if row["employer_id"] else None
    return {
        "scheme": known["scheme"].get(row["scheme"]),
        "group": telling.NOT_SAID if hidden else known["group_code"].get(row["group_code"] or ""),
        "first": as_date(row["start_month"]),
        "last": months_later(end, -1) if (end := as_date(row["end_month"])) else None,
        "employer_id": row["employer_id"],
        "employer": employer["name"] if employer else None,
        "area": row["area_code"],
    }


def gaps(spells: Iterable[Row], until: date) -> list[Gap]:
    """Return the months without participation after the first, by family of schemes; `until` is the month after."""
    rows = list(spells)
    found = []
    for _, title, schemes in FAMILIES:
        stretches = sorted(_stretch(row, until) for row in rows if row["scheme"] in schemes)
        for at, (_, end) in enumerate(stretches):
            reached = max([end, *(one[1] for one in stretches[:at])])
            begins = stretches[at + 1][0] if at + 1 < len(stretches) else until
            if reached < begins:
                goes_on = at + 1 == len(stretches)
                last = months_later(begins, -1)
                found.append(Gap(title, reached, last, months_between(reached, begins), goes_on))
    return found


def bars(spells: Sequence[Row], until: date) -> dict[str, Any] | None:
    """Return a drawing of the spells, in months from the first year's January; None where there are none."""
    if not spells:
        return None
    begin = date(min(_stretch(row, until)[0] for row in spells).year, 1, 1)
    width = months_between(begin, until)
    schemes = [(name, title) for name, title in _values("spells")["scheme"].items() if _has(spells, name)]
    lines = []
    for at, (name, title) in enumerate(schemes):
        rects = [
            (months_between(begin, first), months_between(first, end))
            for first, end in (_stretch(row, until) for row in spells if row["scheme"] == name)
        ]
        lines.append({"title": title, "y": at * 12, "rects": rects})
    every = 5 if width > 15 * _YEAR else 1
    years = [(months_between(begin, date(year, 1, 1)), year) for year in range(begin.year, until.year + 1)]
    return {
        "width": width,
        "height": len(lines) * 12,
        "lines": lines,
        "years": [(at, year) for at, year in years if year % every == 0],
        "begin": begin.year,
        "end": until.year,
    }


def _has(spells: Iterable[Row], scheme: str) -> bool:
    return any(row["scheme"] == scheme for row in spells)


def _stretch(row: Row, until: date) -> tuple[date, date]:
    """Return the first month of a spell and the first after it; one that runs ends with the month that was run."""
    return date.fromisoformat(row["start_month"]), min(as_date(row["end_month"]) or until, until)
