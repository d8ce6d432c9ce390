"""What became of findings, as officers record it at the site: entries, the form, the filter of lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Max, QuerySet
from django.utils import timezone

from baophu.areas.units import COUNTRY, tree
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.actions import record_outcome
from baophu.desk.models import FindingOutcome
from baophu.desk.outcomes import COLUMNS, last_words, standing
from baophu.desk.words import words
from baophu.findings.outcomes import OUTCOMES, Row, Wrong, checked, entry
from baophu.registers.contracts import contracts
from baophu.registers.store import names_nobody
from baophu.web.lists import DAYS, FIRST_DAY
from baophu.web.reading import Among
from baophu.web.reading import Row as Found
from baophu.web.templatetags.baophu import said

NONE = "none"
FILTERS = {
    "confirmed": Text("Kết quả đúng", "Confirmed"),
    "wrong": Text("Kết quả sai", "Wrong"),
    "unanswered": Text("Chưa trả lời", "Unanswered"),
    NONE: Text("Chưa ghi kết quả", "Not recorded yet"),
}
_LONGEST = 2_000
_NAMELESS = Text("Không ghi số của ai ở đây.", "Write nobody's number here.")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as a page tells it: its words, the title of the register at fault, whether it counts."""

    kept: FindingOutcome
    words: str
    register: str
    state: Text
    counts: bool


COUNTS = Text("đang tính", "counts")
EARLIER = Text("đã có kết quả sau", "a later one counts")
TAKEN_BACK = Text("đã rút lại", "taken back")
TAKES_BACK = Text("rút lại mục", "takes back entry")


def entries(finding_id: str) -> list[FindingOutcome]:
    """Return the entries of a finding, in order."""
    return list(FindingOutcome.objects.filter(finding_id=finding_id).order_by("place"))


def told(kept: list[FindingOutcome]) -> list[Entry]:
    """Return the entries of a finding with what became of each, the newest first."""
    gone = {one.takes_back for one in kept}
    counting = {one.place for one in standing(kept)}
    last = last_words(kept)

    def state(one: FindingOutcome) -> Text:
        if one.place in gone:
            return TAKEN_BACK
        if one.takes_back is not None:
            return Text("", "")
        return COUNTS if last[one.finding_id].place == one.place else EARLIER

    return [
        Entry(
            one,
            f"{said(TAKES_BACK)} {one.takes_back}" if one.takes_back else said(OUTCOMES.get(one.outcome)),
            said(contracts()[one.register].title) if one.register in contracts() else one.register,
            state(one),
            one.place in counting,
        )
        for one in reversed(kept)
    ]


def outcomes_of(finding_ids: Iterable[str]) -> dict[str, str]:
    """Return what became of findings, as far as it was recorded: the code of the outcome by the finding."""
    found = FindingOutcome.objects.filter(finding_id__in=list(finding_ids))
    return {name: one.outcome for name, one in last_words(found).items()}


def among(area_code: str, outcome: str | None) -> Among | None:
    """Return which findings of an area have an outcome, or none yet; None for no such filter."""
    if outcome not in FILTERS:
        return None
    # Rows rather than models: of a country there may be a hundred thousand.
    last = last_words(_in(area_code).values_list(*COLUMNS, named=True))
    if outcome == NONE:
        return Among(frozenset(last), inside=False)
    return Among(frozenset(name for name, one in last.items() if one.outcome == outcome))


def newest(area_code: str) -> int:
    """Return the number of the newest entry of an area's findings: it names what the desk knows of them."""
    return int(_in(area_code).aggregate(last=Max("id"))["last"] or 0)


def _in(area_code: str) -> QuerySet[FindingOutcome]:
    every = FindingOutcome.objects.all()
    if area_code == COUNTRY:
        return every
    return every.filter(**{"province" if tree().get(area_code).level == "province" else "area_code": area_code})


def read(finding: Found, given: dict[str, str], *, by: str) -> tuple[Row, list[Wrong]]:
    """Return what is given of a finding as a row, and what is wrong with it, as a file of outcomes is read."""
    name = finding["finding_id"]
    known = {name: (finding["kind"], finding["area_code"] or COUNTRY)}
    return checked({**given, "finding_id": name, "by": by}, known, timezone.localdate())


def keep(row: Row, *, actor: str, known: int) -> FindingOutcome:
    """Keep what was read and found to be right. Overtaken where there are entries that its author has not seen."""
    return record_outcome(actor=actor, entry=entry(row), known=known)


def take_back(finding: Found, *, actor: str, known: int, place: int, why: str) -> FindingOutcome:
    """Take an entry back. BaophuError where it does not count, or the reason is none; Overtaken as `keep`."""
    if not why.strip() or len(why) > _LONGEST:
        raise BaophuError(Text("Phải ghi lý do rút lại.", "Say why it is taken back."))
    if not names_nobody(why):
        raise BaophuError(_NAMELESS)
    row: Row = {
        "finding_id": finding["finding_id"], "kind": finding["kind"], "area_code": finding["area_code"],
        "outcome": "", "on": None, "by": actor, "cost": None, "register": None, "why": why.strip(),
    }  # fmt: skip
    taking = entry(row)
    taking.takes_back = place
    return record_outcome(actor=actor, entry=taking, known=known)


def _registers() -> list[tuple[str, Any]]:
    return [("", words("không", "none")), *((name, said(one.title)) for name, one in contracts().items())]


class OutcomeForm(forms.Form):
    """What became of a finding."""

    known = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=words("Kết quả", "Outcome"), choices=lambda: [(name, said(text)) for name, text in OUTCOMES.items()]
    )
    decided_on = forms.DateField(
        label=words("Ngày quyết định", "Decided on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    cost = forms.CharField(
        label=words("Chi phí (đồng), nếu có", "Cost (VND), if any"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    register = forms.ChoiceField(
        label=words("Nếu sai: sổ nào ghi sai", "If wrong: which register is at fault"), required=False,
        choices=_registers,
    )  # fmt: skip
    why = forms.CharField(
        label=words("Lý do, ghi chú", "Why, notes"),
        help_text=words("Không ghi số của ai.", "Write nobody's number."),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, finding: Found, by: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "outcome_%s", **kwargs})
        self.finding, self.by = finding, by
        self.row: Row = {}

    def clean(self) -> None:
        """Check the values together, as a file's line is checked."""
        given = self.cleaned_data
        if self.errors:
            return
        day: date = given["decided_on"]
        if day < FIRST_DAY:
            self.add_error("decided_on", said(DAYS))
            return
        told = {**given, "decided_on": day.isoformat(), "cost": given["cost"].replace(".", "").replace(" ", "")}
        told = {name: str(value) for name, value in told.items() if name != "known"}
        self.row, wrong = read(self.finding, told, by=self.by)
        for name, _, why in wrong:
            self.add_error(name if name in self.fields else None, said(why))
