"""The calendar of duties: what falls due when, from the same rules as everywhere; pictures of charts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsers import browser_of
from site_by_hand import COMMUNE, FAR, PROVINCE, SHARE, manifest

from baophu.core.languages import Text
from baophu.targets.duties import deadlines
from baophu.web import calendar_of_duties as calendar
from baophu.web.accounts.rights import Role
from baophu.web.accounts.scope import Scope, scope_of
from baophu.web.pictures import Picture, svg_of
from baophu.web.reading import Reader

Browser = Callable[..., Any]
TODAY = date(2026, 11, 3)


@pytest.fixture
def reader_for(make_user: Callable[..., Any], home: Path) -> Callable[..., Reader]:
    def made(role: Role | str = "national", area: str = "00") -> Reader:
        return Reader(home, manifest(), scope_of(make_user(role, area)))

    return made


def of_kind(found: list[calendar.DutyOnDay], kind: str) -> list[calendar.DutyOnDay]:
    return [one for one in found if one.kind == kind]


def test_reports_are_those_of_the_duties_and_come_again_each_year(reader_for: Callable[..., Reader]) -> None:
    found = of_kind(calendar.duties_between(reader_for(), "00", TODAY, date(2028, 1, 31)), "report")
    first = deadlines(TODAY)[0]
    assert (found[0].day, found[0].title) == (first.due, first.duty.name)
    assert [one.day for one in found if one.title == first.duty.name] == [first.due, first.due.replace(year=2027)]


def test_contributions_are_due_at_the_end_of_the_month_after_their_cycle(reader_for: Callable[..., Reader]) -> None:
    found = of_kind(calendar.duties_between(reader_for(), PROVINCE, TODAY, date(2027, 2, 28)), "contribution")
    # Only months: nobody in the small run pays by three or six.
    assert [one.day for one in found] == [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)]
    assert "10/2026" in found[0].title.vi
    assert "2 đơn vị" in found[0].note.vi
    # A Sunday: the law moves nothing, but offices do not work then.
    assert found[2].ready_by == date(2027, 1, 29)
    assert found[2].workdays(date(2027, 1, 28)) == 1


def test_cycles_of_three_and_six_months_are_due_after_they_end() -> None:
    assert calendar._due("quarterly", date(2026, 7, 1)) == date(2026, 10, 31)
    assert calendar._due("half_yearly", date(2026, 7, 1)) == date(2027, 1, 31)


def test_a_legal_step_leads_to_the_employers_that_it_is_about(
    signed_in: Browser, reader_for: Callable[..., Reader]
) -> None:
    (step,) = of_kind(calendar.duties_between(reader_for(), PROVINCE, TODAY, date(2026, 12, 31)), "step")
    assert step.day == date(2026, 11, 15)
    assert "2 đơn vị" in step.title.vi
    browser = signed_in("provincial", PROVINCE)
    text = browser.get(step.address).content.decode()
    assert f"E{COMMUNE}" in text
    assert f"E{FAR}" not in text
    assert f"E{COMMUNE}" not in browser.get(step.address.replace("2026-11-15", "2026-11-16")).content.decode()


def test_who_sees_no_lists_sees_no_counts_of_employers(reader_for: Callable[..., Reader]) -> None:
    found = calendar.duties_between(reader_for("ministry"), PROVINCE, TODAY, date(2026, 12, 31))
    assert of_kind(found, "step") == []
    assert all("đơn vị;" not in one.note.vi for one in found)
    assert calendar.duties_between(Reader(Path("/"), manifest(), Scope()), PROVINCE, TODAY, TODAY) == []


def test_targets_and_phases_of_sprints_are_there(reader_for: Callable[..., Reader]) -> None:
    found = calendar.duties_between(reader_for(), "00", date(2025, 10, 1), date(2025, 12, 31))
    assert [one.day for one in of_kind(found, "phase")] == [date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31)]
    assert any(one.day == date(2025, 12, 31) for one in of_kind(found, "target"))
    # A province is in the country's sprint, though its own targets are others.
    below = calendar.duties_between(reader_for("provincial", PROVINCE), PROVINCE, date(2025, 10, 1), date(2025, 12, 31))
    assert len(of_kind(below, "phase")) == 3


def test_the_overview_begins_as_the_calendar_does(signed_in: Browser, reader_for: Callable[..., Reader]) -> None:
    text = signed_in("provincial", PROVINCE).get(f"/areas/{PROVINCE}").content.decode()
    for one in calendar.next_duties(reader_for(), PROVINCE, 4):
        assert f"{one.day:%d/%m/%Y}" in text
        assert one.title.vi in text


def test_a_month_is_whole_weeks_with_its_days_of_rest() -> None:
    weeks = calendar.weeks(date(2026, 9, 1), [], date(2026, 9, 2))
    days = [one for week in weeks for one in week]
    assert all(len(week) == 7 and week[0].day.weekday() == 0 for week in weeks)
    assert [one.day.day for one in days if one.inside] == list(range(1, 31))
    # National day, and the weekend.
    assert {one.day.day for one in days if one.inside and one.rest} >= {2, 5, 6}
    assert [one.day for one in days if one.today] == [date(2026, 9, 2)]


@pytest.mark.parametrize("month", ["", "2026-12", "nonsense", "2026-13", "9999-12", "0001-01"])
def test_any_month_can_be_asked_for(signed_in: Browser, month: str) -> None:
    answer = signed_in("commune", COMMUNE).get(f"/areas/{COMMUNE}/calendar?month={month}")
    assert answer.status_code == 200
    assert "Thứ hai" in answer.content.decode()


def test_the_file_for_other_calendars_is_as_rfc_5545_has_it(signed_in: Browser) -> None:
    answer = signed_in("provincial", PROVINCE).get(f"/areas/{PROVINCE}/calendar.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    raw = answer.content
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    text = raw.decode().replace("\r\n ", "")
    events = text.split("BEGIN:VEVENT")[1:]
    assert events
    for event in events:
        begins = re.search(r"DTSTART;VALUE=DATE:(\d{8})", event)
        assert begins and "SUMMARY:" in event and "DTSTAMP:20261102T080000Z" in event
    names = re.findall(r"UID:(\S+)", text)
    assert len(set(names)) == len(names)
    assert "\\, " in text
    again = signed_in("national").get(f"/areas/{PROVINCE}/calendar.ics").content.decode().replace("\r\n ", "")
    assert re.findall(r"UID:(\S+)", again) == names


def test_the_calendar_is_in_english_too(signed_in: Browser) -> None:
    browser = signed_in("national")
    browser.cookies["baophu_lang"] = "en"
    text = browser.get("/areas/00/calendar").content.decode()
    assert "Calendar of duties" in text
    assert not re.search(r"\b(Thứ|Hạn|Việc|Còn|Lịch)\b", text)


# Pictures


@pytest.mark.parametrize(("chart", "area"), [("line", COMMUNE), ("map", PROVINCE), ("map", "00")])
def test_a_chart_is_given_as_svg_and_png(signed_in: Browser, chart: str, area: str) -> None:
    browser = signed_in("national")
    path = f"/areas/{area}/indicators/{SHARE}/{chart}"
    png = browser.get(f"{path}.png")
    assert png.content.startswith(b"\x89PNG")
    assert "attachment" in png.headers["Content-Disposition"]
    svg = browser.get(f"{path}.svg").content.decode()
    assert svg.startswith("<svg xmlns=")
    assert manifest().run in svg
    assert "31/10/2026" in svg
    # It stands alone: no link, no variable of the page, nothing from elsewhere.
    assert "href" not in svg
    assert "var(" not in svg
    assert "@font-face" in svg
    assert f"/indicators/{SHARE}/{chart}.png" in browser.get(f"/areas/{area}/indicators/{SHARE}").content.decode()


@pytest.mark.parametrize("path", ["line.gif", "pie.svg", "forecast.svg"])
def test_what_cannot_be_drawn_is_not_there(signed_in: Browser, path: str) -> None:
    assert signed_in("national").get(f"/areas/00/indicators/{SHARE}/{path}").status_code == 404
    assert signed_in("national", name="hai").get("/areas/00/indicators/nothing/line.svg").status_code == 404


def test_a_chart_of_another_area_is_not_given(make_user: Callable[..., Any]) -> None:
    browser = browser_of(make_user("commune", COMMUNE))
    assert browser.get(f"/areas/{FAR}/indicators/{SHARE}/line.svg").status_code == 403


def test_words_in_a_picture_are_words() -> None:
    drawing = (
        '<svg class="wide-line" viewBox="0 0 10 10"><a href="/areas/01" aria-label="x"><path class="actual"/></a></svg>'
    )
    said = svg_of(Picture(drawing, "A < B & C", "", ""))
    assert "A &lt; B &amp; C" in said
    assert "/areas/01" not in said


def names_in(found: list[calendar.DutyOnDay]) -> list[str]:
    """The names of the events of a calendar's file."""
    return re.findall(r"UID:(\S+)", calendar.icalendar(PROVINCE, "x", found, "20261102T080000Z", "vi", "http://x"))


def test_a_duty_keeps_its_name_when_its_words_or_counts_change(reader_for: Callable[..., Reader]) -> None:
    found = calendar.duties_between(reader_for(), "00", date(2025, 10, 1), date(2027, 12, 31))
    assert {one.kind for one in found} == set(calendar.KINDS)
    other = Text("khác", "other")
    assert names_in([replace(one, title=other, note=other, address="") for one in found]) == names_in(found)


def test_yesterday_is_past_on_a_day_of_rest_too(reader_for: Callable[..., Reader]) -> None:
    friday = replace(calendar.next_duties(reader_for(), "00", 1)[0], day=date(2026, 11, 20))
    assert friday.workdays(date(2026, 11, 19)) == 1
    assert friday.workdays(date(2026, 11, 20)) == 0
    assert friday.workdays(date(2026, 11, 21)) is None
    # A Sunday's work is best done by Friday, but is not past on Saturday.
    assert replace(friday, day=date(2026, 11, 22)).workdays(date(2026, 11, 21)) == 0


def test_the_page_says_that_a_day_is_past(signed_in: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    class Saturday(date):
        @classmethod
        def today(cls) -> date:
            return cls(2026, 10, 31)

    monkeypatch.setattr("baophu.web.views_calendar.date", Saturday)
    one = calendar.DutyOnDay(date(2026, 10, 30), "report", Text("Việc", "Duty"), Text("", ""), "x")
    monkeypatch.setattr("baophu.web.calendar_of_duties.duties_between", lambda *given: [one])
    text = signed_in("provincial", PROVINCE).get(f"/areas/{PROVINCE}/calendar?month=2026-10").content.decode()
    assert "Đã qua" in text
    assert "Còn 0" not in text
