"""The duties of an area by day: reports, contributions, legal steps, targets, phases; as pages and as an iCalendar.

Reports are those of `targets.duties`, due dates those of `law.due_dates`, legal steps those that the run found, counted
by day. Nothing in it names a person or an employer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.urls import reverse

from baophu.areas.units import tree
from baophu.core.languages import Language, Text
from baophu.core.months import last_day, months_later
from baophu.core.numbers import count, money, short_date
from baophu.core.workdays import is_workday, last_workday, workdays_until
from baophu.indicators.catalogue import catalogue
from baophu.law.due_dates import due_of_month
from baophu.law.parameters import book
from baophu.targets.decisions import Decision, Target
from baophu.targets.duties import duties
from baophu.web import figures
from baophu.web.accounts.rights import Right
from baophu.web.lists import address
from baophu.web.reading import Reader
from baophu.web.views_employers import STEPS

# How far the list and the file of the calendar reach, and how far the months can be turned.
AHEAD, BACK, FORWARD = 12, 24, 60
KINDS = {
    "report": Text("Báo cáo", "Report"),
    "contribution": Text("Hạn đóng", "Contributions due"),
    "step": Text("Việc theo luật", "Legal step"),
    "target": Text("Chỉ tiêu", "Target"),
    "phase": Text("Đợt", "Phase"),
}
METHODS = {
    "monthly": Text("đóng hằng tháng", "paying each month"),
    "quarterly": Text("đóng 3 tháng một lần", "paying every 3 months"),
    "half_yearly": Text("đóng 6 tháng một lần", "paying every 6 months"),
}
_CYCLES = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
_WEEK = 7


@dataclass(frozen=True, slots=True)
class DutyOnDay:
    """What falls due on a day."""

    day: date
    kind: str
    title: Text
    note: Text
    # What it is, whatever words and counts tell of it: the same duty has the same name in each file of the calendar.
    name: str
    # Where it leads; empty where the reader may not go there.
    address: str = ""

    @property
    def ready_by(self) -> date | None:
        """The last working day before it, where it falls on a day of rest."""
        return None if is_workday(self.day) else last_workday(self.day)

    def workdays(self, today: date) -> int | None:
        """Count the working days that are left after today; None where the day is past."""
        if self.day < today:
            return None
        return workdays_until(today, self.ready_by or self.day)


def reach(month: str | None, today: date | None = None) -> tuple[date, date]:
    """Return the days that a list is about: those of a month (`2026-11`), else the year from today on."""
    day = today or date.today()
    first = month_asked(month, day)
    if month and first is not None:
        return first, last_day(first)
    return day, months_later(day.replace(day=1), AHEAD) - timedelta(1)


def month_asked(words: str | None, today: date) -> date | None:
    """Return the first day of a month as an address names it; None where it is none, or too far off."""
    try:
        first = date.fromisoformat(f"{words}-01")
    except ValueError:
        return None
    this = today.replace(day=1)
    return first if months_later(this, -BACK) <= first <= months_later(this, FORWARD) else None


def duties_between(reader: Reader, area: str, first: date, last: date) -> list[DutyOnDay]:
    """Return what falls due in an area from a day to a day, in order."""
    if not reader.scope.sees(area, Right.SEE):
        return []
    found = [*_reports(first, last), *_contributions(reader, area, first, last), *_steps(reader, area)]
    found += [*_targets(reader, area), *_phases(reader, area)]
    return sorted(
        (one for one in found if first <= one.day <= last), key=lambda one: (one.day, list(KINDS).index(one.kind))
    )


def next_duties(reader: Reader, area: str, number: int, today: date | None = None) -> list[DutyOnDay]:
    """Return the next things that fall due, the nearest first: what the overview and the calendar begin with."""
    first, last = reach(None, today)
    return duties_between(reader, area, first, last)[:number]


def _reports(first: date, last: date) -> Iterator[DutyOnDay]:
    for duty in duties():
        day = duty.next_due(first)
        while day is not None and day <= last:
            note = Text(f"{duty.by.vi} → {duty.to.vi}", f"{duty.by.en} → {duty.to.en}")
            if duty.document:
                note = Text(f"{note.vi}; {duty.document}", f"{note.en}; {duty.document}")
            yield DutyOnDay(day, "report", duty.name, note, f"{duty.id} {day}")
            day = duty.next_due(day + timedelta(1))


def _contributions(reader: Reader, area: str, first: date, last: date) -> Iterator[DutyOnDay]:
    """Yield the last days to pay of the cycles that end so, with how many employers of the area pay by them."""
    paying = {
        row["what"].removeprefix("pays_"): row["employers"]
        for row in reader.duty_counts(area)
        if row["what"].startswith("pays_")
    }
    for method, length in _CYCLES.items():
        # A cycle is due after its end: it may have begun long before the first day.
        month = months_later(first.replace(day=1), -2 * length)
        month = date(month.year, (month.month - 1) // length * length + 1, 1)
        while month <= last:
            day = _due(method, month)
            end = months_later(month, length - 1)
            cycle = Text(f"{month:%m/%Y}", f"{month:%Y-%m}")
            if length > 1:
                cycle = Text(f"{month:%m}–{end:%m/%Y}", f"{month:%Y-%m} to {end:%Y-%m}")
            title = Text(
                f"Hạn đóng BHXH, BHYT, BHTN kỳ {cycle.vi}, đơn vị {METHODS[method].vi}",
                f"Last day to pay for {cycle.en}, employers {METHODS[method].en}",
            )
            number = paying.get(method)
            note = Text("Luật 41/2024/QH15, điều 34(4)", "Law 41/2024/QH15 art. 34(4)")
            if number:
                note = Text(f"{count(number, 'vi')} đơn vị; {note.vi}", f"{count(number, 'en')} employers; {note.en}")
            # Where nobody pays so, there is nothing to look after.
            if number or not paying:
                yield DutyOnDay(day, "contribution", title, note, f"{method} {month:%Y-%m}")
            month = months_later(month, length)


@lru_cache(maxsize=512)
def _due(method: str, month: date) -> date:
    return due_of_month(book(), "employer", method, month).day


def _steps(reader: Reader, area: str) -> Iterator[DutyOnDay]:
    """Yield the next legal steps that the run found, by day."""
    for row in reader.duty_counts(area):
        if row["what"] not in STEPS or not row["due_on"]:
            continue
        words, number, amount = STEPS[row["what"]], row["employers"], row["amount"]
        yield DutyOnDay(
            date.fromisoformat(row["due_on"]),
            "step",
            Text(f"{words.vi}: {count(number, 'vi')} đơn vị", f"{words.en}: {count(number, 'en')} employers"),
            Text(f"Còn phải đóng {money(amount, 'vi')}", f"Outstanding {money(amount, 'en')}"),
            f"{row['what']} {row['due_on']}",
            address(reverse("employers", args=[area]), step=row["what"], on=row["due_on"]),
        )


def _targets(reader: Reader, area: str) -> Iterator[DutyOnDay]:
    """Yield the days by which targets of the area are to be met, one a day and decision."""
    groups: dict[tuple[date, str], list[Target]] = {}
    for one in figures.targets(reader).get(area, ()):
        if one.decision.rank == "decided":
            groups.setdefault((one.period_end, one.decision.number), []).append(one)
    for (day, number), given in groups.items():
        names = [catalogue()[name].short for name in dict.fromkeys(one.indicator for one in given)]
        yield DutyOnDay(
            day,
            "target",
            Text(f"Đến hạn {len(given)} chỉ tiêu được giao", f"{len(given)} assigned targets to be met"),
            Text(f"{', '.join(one.vi for one in names)}; {number}", f"{', '.join(one.en for one in names)}; {number}"),
            f"{number} {day}",
            reverse("targets", args=[area]),
        )


def _phases(reader: Reader, area: str) -> Iterator[DutyOnDay]:
    """Yield the ends of the phases of sprints that were decided for the area or for one above it."""
    known = tree()
    codes = [area, *(one.code for one in known.ancestors(area))]
    every = figures.targets(reader)
    decisions: dict[str, Decision] = {
        one.decision.id: one.decision for code in codes for one in every.get(code, ()) if one.decision.phases
    }
    for decision in decisions.values():
        for phase in decision.phases:
            yield DutyOnDay(
                phase.date,
                "phase",
                Text(f"Kết thúc {phase.name.vi.lower()}", f"End of {phase.name.en.lower()}"),
                Text(f"{decision.title.vi} ({decision.number})", f"{decision.title.en} ({decision.number})"),
                f"{decision.number} {phase.id}",
                reverse("targets", args=[area]),
            )


# The month as a grid


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the grid of a month."""

    day: date
    inside: bool
    rest: bool
    today: bool
    duties: Sequence[DutyOnDay]


def weeks(month: date, found: Iterable[DutyOnDay], today: date) -> list[list[Cell]]:
    """Return a month as weeks from Monday to Sunday, with what falls due on each day."""
    by_day: dict[date, list[DutyOnDay]] = {}
    for one in found:
        by_day.setdefault(one.day, []).append(one)
    first, last = month - timedelta(month.weekday()), last_day(month)
    rows, day = [], first
    while day <= last:
        rows.append([
            Cell(one, one.month == month.month, not is_workday(one), one == today, by_day.get(one, ()))
            for one in (day + timedelta(step) for step in range(_WEEK))
        ])  # fmt: skip
        day += timedelta(_WEEK)
    return rows


# The iCalendar (RFC 5545)

_FOLD = 74


def icalendar(area: str, name: str, found: Sequence[DutyOnDay], stamp: str, lang: Language, site: str) -> str:
    """Return an iCalendar of whole days.

    `stamp` is when its figures were made (`20261102T080000Z`); `site` begins its links.

    The same duty has the same UID each time, so that a calendar that is read again changes rather than doubles.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Baophu//Calendar of duties//VI", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}"]
    for one in found:
        said = f"{area} {one.kind} {one.name}"
        note = one.note.say(lang)
        if one.ready_by is not None:
            ready = short_date(one.ready_by, lang)
            note += Text(f". Ngày nghỉ, nên xong trước {ready}", f". A day of rest: be ready by {ready}").say(lang)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{hashlib.sha256(said.encode()).hexdigest()[:32]}@baophu",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.day + timedelta(1):%Y%m%d}",
            f"SUMMARY:{_escaped(one.title.say(lang))}",
            f"DESCRIPTION:{_escaped(note)}",
            f"CATEGORIES:{_escaped(KINDS[one.kind].say(lang))}",
            *([f"URL:{site}{one.address}"] if one.address else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _escaped(words: str) -> str:
    for one, other in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        words = words.replace(one, other)
    return words


def _folded(line: str) -> Iterator[str]:
    """Break a line so that none is longer than 75 bytes, and no letter is broken; the rest begins with a space."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _FOLD:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part
