"""From checked lines to rows of the registers: who is who, which months and spells follow, which lines go back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.core.names import fold
from baophu.registers.forms.form import Form
from baophu.registers.forms.lines import Checked, month_of, wage_of
from baophu.registers.forms.meaning import (
    Applied,
    Change,
    Spell,
    apply,
    close_spells,
    open_spell,
)
from baophu.registers.forms.registered import Registered, Row
from baophu.registers.store import Scope

_PERSON = ("full_name", "birth_date", "birth_year", "sex", "pid", "old_id", "phone", "address", "commune_code")


@dataclass(slots=True)
class Work:
    """The rows that go into each register, and whose rows they replace there."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    scopes: dict[str, list[Scope]] = field(default_factory=dict)


def register_people(checked: Sequence[Checked], registered: Registered) -> Work:
    """Return the new participants of first registrations; who has no insurance number yet is held."""
    people = _People(checked, registered)
    taken: set[str] = set()
    rows = []
    for one in checked:
        if one.fate != "loaded":
            continue
        code = people.number_of(one)
        if code is None:
            one.send_back("held", "si_code", "si_code_missing")
        elif code in taken:
            one.send_back("held", "full_name", "two_lines")
        elif (known := people.by_code.get(code)) is not None:
            if _same_person(one.values, known):
                one.flags.append("full_name|already_so")
            else:
                one.send_back("held", "si_code", "already_registered")
        else:
            taken.add(code)
            rows.append(_participant(one))
    return Work({"participants": rows})


def work_out(form: Form, checked: Sequence[Checked], registered: Registered) -> Work:
    """Return the registers' rows that follow from monthly lists; lines that cannot be are rejected or held."""
    employers = {one.employer_id for one in checked if one.values["employer_id"]}
    known = registered.employers(employers)
    if missing := sorted(employers - set(known)):
        raise BaophuError(
            Text(
                f"Chưa có đơn vị {', '.join(missing)} trong sổ employers. Không nạp gì.",
                f"The register employers does not have {', '.join(missing)}. Nothing was loaded.",
            ),
            Text(
                "Kiểm tra mã đơn vị ghi trên mẫu, hoặc nạp hồ sơ đơn vị trước.",
                "Check the code on the form, or load the employer's file first.",
            ),
        )
    spells = registered.spells(employers)
    people = _People(checked, registered)
    for one in checked:
        if one.fate == "loaded":
            _check_line(one, people, spells[one.employer_id])
    _check_repeats(checked)
    held, unpaid = registered.declared(employers), registered.unpaid_days(employers)
    work = Work()
    scopes: dict[date, set[str]] = {}
    changed: set[str] = set()
    for employer in sorted(employers):
        theirs = [at for at, one in enumerate(checked) if one.fate == "loaded" and one.employer_id == employer]
        for month in sorted({checked[at].values["month"] for at in theirs}):
            some = [at for at in theirs if checked[at].values["month"] == month]
            changes = [_change(at, checked[at]) for at in some]
            months, results = apply(held[employer], changes, month, form.default_group)
            held[employer] |= months
            for result in results:
                _tell(result, checked[result.change.line])
            done = [result for result in results if result.outcome == "done" and result.change.effect != "none"]
            for result in done:
                _change_spells(form, spells[employer], result, known[employer]["commune_code"])
            changed |= {employer} if done else set()
            for made in months:
                scopes.setdefault(made, set()).add(employer)
    work.rows["declarations"] = [
        {
            "month": month,
            "employer_id": employer,
            "si_code": code,
            "group_code": what.group,
            "wage": what.wage,
            "unpaid_days": unpaid.get((employer, month, code), 0),
        }
        for month in sorted(scopes)
        for employer in sorted(scopes[month])
        for code, what in sorted(held[employer][month].items())
    ]
    work.scopes["declarations"] = [Scope(month=one, employers=tuple(sorted(scopes[one]))) for one in sorted(scopes)]
    if changed:
        work.rows["spells"] = [
            _spell_row(employer, code, spell)
            for employer in sorted(changed)
            for code, some in sorted(spells[employer].items())
            for spell in some
        ]
        work.scopes["spells"] = [Scope(employers=tuple(sorted(changed)))]
    work.rows["participants"] = people.new(checked)
    return work


class _People:
    """The participants that the lines name, in the register and on the lines themselves."""

    def __init__(self, checked: Sequence[Checked], registered: Registered) -> None:
        codes = {one.values["si_code"] for one in checked if one.values["si_code"]}
        pids = {one.values["pid"] for one in checked if one.values["pid"]}
        found = registered.people(codes, pids)
        self.is_there = registered.has("participants")
        self.by_code = {row["si_code"]: row for row in found}
        self._by_pid: dict[str, list[Row]] = {}
        for row in found:
            if row["pid"]:
                self._by_pid.setdefault(row["pid"], []).append(row)

    def number_of(self, one: Checked) -> str | None:
        """Return a line's insurance number: its own, else that of the personal number where name and birth agree."""
        if one.values["si_code"] is None and one.values["pid"] is not None:
            alike = [row for row in self._by_pid.get(one.values["pid"], ()) if _same_person(one.values, row)]
            if len(alike) == 1 and _birth(one.values) is not None:
                one.values["si_code"] = alike[0]["si_code"]
                one.flags.append("si_code|number_filled")
        code: str | None = one.values["si_code"]
        return code

    def new(self, checked: Sequence[Checked]) -> list[Row]:
        """Return the participants whom increases bring and the register does not have."""
        rows: dict[str, Row] = {}
        for one in checked:
            code = one.values["si_code"]
            if one.fate == "loaded" and one.values["effect"] == "increase" and code not in self.by_code and _whole(one):
                rows.setdefault(code, _participant(one))
        return list(rows.values())


def _whole(one: Checked) -> bool:
    return one.values["sex"] is not None and _birth(one.values) is not None


def _birth(values: Row) -> int | None:
    birth: int | None = values["birth_date"].year if values["birth_date"] else values["birth_year"]
    return birth


def _same_person(values: Row, known: Row) -> bool:
    """Return whether name and birth agree as far as both are known."""
    if fold(values["full_name"]) != fold(known["full_name"]):
        return False
    if values["birth_date"] and known["birth_date"]:
        return bool(values["birth_date"] == known["birth_date"])
    years = {year for year in (_birth(values), _birth(known)) if year is not None}
    return len(years) < 2


def _participant(one: Checked) -> Row:
    row: dict[str, Any] = {name: one.values.get(name) for name in _PERSON}
    return row | {"si_code": one.values["si_code"], "_file": one.input, "_row": one.line.row}


def _check_line(one: Checked, people: _People, spells: dict[str, list[Spell]]) -> None:
    """Hold one line against its month and the register of people."""
    values = one.values
    code = people.number_of(one)
    if code is None:
        one.send_back("held", "si_code", "si_code_missing")
        return
    known = people.by_code.get(code)
    if known is not None and not _same_person(values, known):
        one.send_back("held", "si_code", "other_person")
        return
    if known is None and values["effect"] == "increase" and people.is_there and not _whole(one):
        one.send_back("held", "si_code", "not_registered")
        return
    month, last = values["month"], values["last_month"]
    start = month_of(one, month)
    late_end = values["effect"] == "increase" and last is not None and last >= month
    if start > month or late_end:
        one.send_back("rejected", "last_month" if last is not None else "start_month", "after_month")
        return
    written = values["start_month"]
    unused = "start_month" not in one.sheet.layout.months.get("wage", ())
    if values["effect"] == "wage" and unused and written not in (None, month):
        begins = {spell.start for spell in spells.get(code, ())}
        if written not in begins:
            one.send_back("held", "start_month", "month_unclear")


def _check_repeats(checked: Sequence[Checked]) -> None:
    """Send back what is there twice: of equal lines all but the first, of different lines all."""
    by_key: dict[tuple[str, str, date], list[Checked]] = {}
    for one in checked:
        if one.fate == "loaded":
            key = (one.employer_id, one.values["si_code"], month_of(one, one.values["month"]))
            by_key.setdefault(key, []).append(one)
    for some in by_key.values():
        if len(some) < 2:
            continue
        if all((one.values["effect"], wage_of(one)) == (some[0].values["effect"], wage_of(some[0])) for one in some):
            for one in some[1:]:
                one.send_back("rejected", "full_name", "line_repeated")
        else:
            for one in some:
                one.send_back("held", "full_name", "two_lines")


def _change(at: int, one: Checked) -> Change:
    last = one.values["last_month"]
    until = months_later(last, 1) if last is not None and one.values["effect"] == "increase" else None
    month = month_of(one, one.values["month"])
    return Change(at, one.values["si_code"], one.values["effect"], month, wage_of(one), until=until)


_TOLD = {
    "already_there": "salary|already_there",
    "not_there": "si_code|not_there",
    "before_known": "start_month|before_known",
}


def _tell(result: Applied, one: Checked) -> None:
    """Tell a line what came of it."""
    if result.outcome in _TOLD:
        column, _, code = _TOLD[result.outcome].partition("|")
        one.send_back("held", column, code)
    elif result.outcome == "already_so":
        one.flags.append("full_name|already_so")
    elif result.change.effect == "none":
        one.flags.append("plan|no_effect")
    elif result.assumed:
        one.flags.append("full_name|group_assumed")


def _change_spells(form: Form, spells: dict[str, list[Spell]], result: Applied, commune: str) -> None:
    """Open or close a person's spells with the employer for the months of a change."""
    change = result.change
    theirs = spells.get(change.si_code, [])
    if change.effect == "increase":
        for scheme, groups in form.schemes.items():
            if result.group in groups:
                group = {"compulsory": result.group, "health": form.health_group, "unemployment": None}[scheme]
                theirs = open_spell(theirs, Spell(scheme, group, commune, change.month, result.end))
        spells[change.si_code] = theirs
    elif change.effect == "decrease":
        ours = [one for one in theirs if one.scheme in form.schemes]
        others = [one for one in theirs if one.scheme not in form.schemes]
        spells[change.si_code] = others + close_spells(ours, change.month, result.end)


def _spell_row(employer: str, code: str, spell: Spell) -> Row:
    return {
        "si_code": code,
        "scheme": spell.scheme,
        "group_code": spell.group,
        "employer_id": employer,
        "commune_code": spell.commune_code,
        "agent_id": spell.agent_id,
        "start_month": spell.start,
        "end_month": spell.end,
    }
