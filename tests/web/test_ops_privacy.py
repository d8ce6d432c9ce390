"""What the law on personal data asks of an office: requests and breaches with their clocks, scoped and on record."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from browsers import browser_of
from django.utils import timezone
from site_by_hand import COMMUNE, FAR, OTHER_PROVINCE, PROVINCE, person, person_name, pid, si_code, write_run

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.desk.audit import first_broken
from baophu.desk.models import AuditRecord
from baophu.web.index import index_file
from baophu.web.privacy import actions, terms
from baophu.web.privacy.models import Breach, PersonRequest

Make = Callable[..., Any]
MOVED = "UPDATE persons SET area_code = ?, province = ? WHERE person = ?"


def asked(browser: Any, number: str, kind: str = "access", area: str = PROVINCE, **more: str) -> Any:
    """Register a request as the form does."""
    given = {"kind": kind, "received_on": "2026-11-02", "reference": "12/CV", "area": area, "number": number, **more}
    return browser.post("/privacy/requests", given)


def test_a_request_knows_its_person_and_days_and_keeps_no_number(make_user: Make) -> None:
    browser = browser_of(make_user("auditor"))
    answer = asked(browser, pid(COMMUNE))
    assert answer.status_code == 302
    made = PersonRequest.objects.get()
    assert (made.person, made.area_code) == (person(COMMUNE), COMMUNE)
    assert (made.word_by, made.done_by) == (date(2026, 11, 4), date(2026, 11, 12))
    said = browser.get(answer.headers["Location"]).content.decode()
    assert "12/CV" in said and "12/11/2026" in said
    assert person_name(COMMUNE) not in said, "who handles a request need not see whose it is"
    texts = str(list(PersonRequest.objects.values())) + str(list(AuditRecord.objects.values("subject", "detail")))
    assert pid(COMMUNE) not in texts + answer.headers["Location"]


def test_an_insurance_number_finds_him_too_and_an_unknown_one_nobody(make_user: Make) -> None:
    browser = browser_of(make_user("administrator"))
    asked(browser, si_code(COMMUNE), "correction")
    asked(browser, "999999999999", "objection")
    assert list(PersonRequest.objects.order_by("id").values_list("person", flat=True)) == [person(COMMUNE), ""]


@pytest.mark.parametrize("number", ["12345", "12345678901x", "12345678901"])
def test_a_number_that_is_none_is_refused_and_not_shown_in_an_address(make_user: Make, number: str) -> None:
    answer = asked(browser_of(make_user("auditor")), number)
    assert answer.status_code == 422
    assert not PersonRequest.objects.exists()


def test_all_that_is_held_is_handed_out_with_who_opened_it(make_user: Make) -> None:
    browser_of(make_user("national", name="lan")).get(f"/persons/{person(COMMUNE)}")
    browser = browser_of(make_user("auditor"))
    asked(browser, pid(COMMUNE))
    answer = browser.post("/privacy/requests/held", {"request": PersonRequest.objects.get().pk})
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    text = "\n".join(cells)
    for there in (person_name(COMMUNE), pid(COMMUNE), si_code(COMMUNE), "lan", "mở hồ sơ một người"):
        assert there in text, there
    assert "no-store" in answer.headers["Cache-Control"]
    (kept,) = AuditRecord.objects.filter(action=AuditRecord.Action.HELD_OF_PERSON)
    assert kept.subject == f"person:{person(COMMUNE)}" and kept.detail["purpose"] == "Yêu cầu 12/CV"


def handed_out(browser: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Ask in the name of the person of COMMUNE for all that is held of him; return the rows of each sheet."""
    asked(browser, pid(COMMUNE))
    answer = browser.post("/privacy/requests/held", {"request": PersonRequest.objects.latest("id").pk})
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture
def changed(home: Path, tmp_path: Path, settings: Any) -> Callable[..., None]:
    """Have the site read a run of its own, whose index a statement has changed."""

    def change(sql: str, *given: str | None) -> None:
        settings.HOME = tmp_path / "changed"
        file = index_file(settings.HOME, write_run(settings.HOME))
        with closing(sqlite3.connect(file)) as index, index:
            assert index.execute(sql, given).rowcount

    return change


@pytest.mark.parametrize("nowhere", [None, "99999"])
def test_who_lives_in_no_known_area_is_given_his_data_too(
    make_user: Make, changed: Callable[..., None], nowhere: str | None
) -> None:
    changed(MOVED, nowhere, None, person(COMMUNE))
    provincial = browser_of(make_user("administrator", PROVINCE))
    asked(provincial, pid(COMMUNE))
    assert PersonRequest.objects.get().person == "", "who handles a part of the country finds him not"
    sheets = handed_out(browser_of(make_user("administrator")))
    assert PersonRequest.objects.latest("id").area_code == "00"
    assert pid(COMMUNE) in str(sheets) and "trợ cấp thất nghiệp" in str(sheets["Chế độ hưởng"]).lower()


def test_who_lives_in_no_known_area_is_opened_and_taken_away_by_who_sees_the_country(
    make_user: Make, changed: Callable[..., None]
) -> None:
    changed(MOVED, None, None, person(COMMUNE))
    browser, path = browser_of(make_user("national")), f"/persons/{person(COMMUNE)}"
    purpose = {"purpose": "đối chiếu hồ sơ giấy tháng 10"}
    assert pid(COMMUNE) in browser.post(path, purpose).content.decode()
    assert browser.get(f"{path}/take?form=xlsx").status_code == 200
    assert browser_of(make_user("provincial", PROVINCE)).get(f"{path}/take?form=xlsx").status_code == 404


def test_what_was_found_of_him_in_another_province_is_handed_out_too(
    make_user: Make, changed: Callable[..., None]
) -> None:
    changed("UPDATE findings SET area_code = ?, province = ? WHERE person = ?", FAR, OTHER_PROVINCE, person(COMMUNE))
    found = handed_out(browser_of(make_user("administrator", PROVINCE)))["Trường hợp cần xử lý"]
    assert found[-1][-1] == tree().get(FAR).full_label.vi


def test_a_benefit_of_one_month_ends_in_that_month(make_user: Make, changed: Callable[..., None]) -> None:
    changed("UPDATE person_benefits SET to_month = from_month, months = 1")
    rows = handed_out(browser_of(make_user("auditor")))["Chế độ hưởng"]
    assert [f"{day:%Y-%m}" for day in rows[-1][1:3]] == ["2018-02", "2018-02"]


def test_nothing_is_handed_out_but_for_an_open_request_for_access(make_user: Make) -> None:
    browser = browser_of(make_user("auditor", name="minh"))
    asked(browser, pid(COMMUNE), "correction")
    asked(browser, pid(COMMUNE), "access")
    correction, access = PersonRequest.objects.order_by("id")
    assert browser.post("/privacy/requests/held", {"request": correction.pk}).status_code == 404
    actions.answer(actor="minh", request=access, outcome="done", words="Đã cung cấp.")
    assert browser.post("/privacy/requests/held", {"request": access.pk}).status_code == 404
    assert not AuditRecord.objects.filter(action=AuditRecord.Action.HELD_OF_PERSON).exists()


def test_who_administers_a_province_handles_its_people_alone(make_user: Make) -> None:
    own, other = (browser_of(make_user("administrator", area)) for area in (PROVINCE, OTHER_PROVINCE))
    asked(own, pid(FAR))
    assert PersonRequest.objects.get().person == "", "nobody outside of his areas is found"
    asked(own, pid(COMMUNE))
    number = PersonRequest.objects.get(area_code=COMMUNE).pk
    assert other.get(f"/privacy?request={number}").status_code == 404
    assert "12/CV" not in other.get("/privacy").content.decode()
    assert other.post("/privacy/requests/step", {"request": number, "step": "word"}).status_code == 404
    assert other.post("/privacy/requests/held", {"request": number}).status_code == 404
    assert asked(other, pid(COMMUNE), area=PROVINCE).status_code == 422


@pytest.mark.parametrize("role", ["national", "manager", "ministry", "committee", "commune", "service"])
def test_other_roles_do_not_handle_requests(make_user: Make, role: str) -> None:
    assert browser_of(make_user(role)).get("/privacy").status_code == 403


def test_who_handles_requests_gives_a_code_first(make_user: Make) -> None:
    for role in ("auditor", "administrator"):
        answer = browser_of(make_user(role), verified=False).get("/privacy")
        assert answer.headers["Location"] == "/code/setup"


def test_a_request_goes_its_way_and_every_step_is_on_record(make_user: Make) -> None:
    browser = browser_of(make_user("auditor", name="minh"))
    asked(browser, pid(COMMUNE), "erasure")
    one = PersonRequest.objects.get()

    def step(**given: str) -> None:
        browser.post("/privacy/requests/step", {"request": one.pk, **given})
        one.refresh_from_db()

    step(step="word")
    assert one.word_given_on == timezone.localdate()
    step(step="extend", words="Phải hỏi cơ quan giữ sổ")
    assert one.done_by == date(2026, 11, 2) + timedelta(40)
    step(step="extend", words="Lần nữa")
    assert one.extension == "Phải hỏi cơ quan giữ sổ", "once only"
    step(step="answer", outcome="refused", words="Số 079099000001 phải lưu")
    assert one.outcome == "", "an answer names nobody by his number"
    step(step="answer", outcome="refused", words="Luật BHXH buộc lưu trữ.")
    assert (one.outcome, one.answered_by) == ("refused", "minh")
    step(step="answer", outcome="done", words="Đổi ý")
    assert one.outcome == "refused", "what was answered stays"
    deeds = list(AuditRecord.objects.filter(subject=f"person_request:{one.pk}").values_list("action", flat=True))
    assert deeds == ["requests.person"] * 3 + ["requests.answer"]
    assert first_broken() is None


def test_a_breach_has_72_hours(make_user: Make) -> None:
    browser = browser_of(make_user("administrator"))
    found = timezone.localtime() - timedelta(hours=70)
    given = {
        "found_at": found.strftime("%Y-%m-%dT%H:%M"),
        "area": "79",
        "people": "1200",
        "what": "Mất máy tính xách tay",
    }
    place = browser.post("/privacy/breaches", given).headers["Location"]
    one = Breach.objects.get()
    assert one.report_by - one.found_at == terms.BREACH == timedelta(hours=72)
    assert one.hours_left == 1 and not one.late
    assert "Mất máy tính xách tay" in browser.get(place).content.decode()
    browser.post("/privacy/breaches/step", {"breach": one.pk, "measures": "Đã khóa từ xa", "closed": "on"})
    one.refresh_from_db()
    assert one.closed_at is None, "not before the authority was told"
    browser.post("/privacy/breaches/step", {"breach": one.pk, "report": "15/BC", "measures": "Đã khóa", "closed": "on"})
    one.refresh_from_db()
    assert one.reported_at and one.closed_at and not one.late
    assert AuditRecord.objects.filter(action=AuditRecord.Action.BREACH).count() == 2


def test_what_was_answered_stays_whatever_an_old_page_says(make_user: Make) -> None:
    asked(browser_of(make_user("auditor")), pid(COMMUNE), "objection")
    old, new = PersonRequest.objects.get(), PersonRequest.objects.get()
    actions.give_word(actor="lan", request=new, on=date(2026, 11, 3))
    actions.extend(actor="lan", request=new, reason="Phải hỏi cơ quan giữ sổ")
    for again in (
        lambda: actions.give_word(actor="minh", request=old, on=date(2026, 11, 9)),
        lambda: actions.extend(actor="minh", request=old, reason="Lý do khác"),
    ):
        with pytest.raises(BaophuError):
            again()
    actions.answer(actor="lan", request=new, outcome="done", words="Đã ngừng xử lý.")
    with pytest.raises(BaophuError, match="answered already"):
        actions.answer(actor="minh", request=old, outcome="refused", words="Không.")
    kept = PersonRequest.objects.get()
    assert (kept.word_given_on, kept.extension) == (date(2026, 11, 3), "Phải hỏi cơ quan giữ sổ")
    assert (kept.outcome, kept.answer, kept.answered_by) == ("done", "Đã ngừng xử lý.", "lan")


def test_an_answer_from_an_old_page_keeps_what_was_noted_since(make_user: Make) -> None:
    asked(browser_of(make_user("auditor")), pid(COMMUNE), "objection")
    old = PersonRequest.objects.get()
    actions.give_word(actor="lan", request=PersonRequest.objects.get(), on=date(2026, 11, 3))
    actions.answer(actor="minh", request=old, outcome="done", words="Đã ngừng xử lý.")
    assert PersonRequest.objects.get().word_given_on == date(2026, 11, 3)


def test_what_is_done_about_a_breach_adds_up_and_ends_with_it(make_user: Make) -> None:
    browser = browser_of(make_user("administrator", name="minh"))
    at = timezone.now() - timedelta(hours=2)
    old = actions.register_breach(actor="minh", found_at=at, what="Gửi nhầm danh sách", people=3, area_code="79")

    def note(**given: str) -> str:
        path = "/privacy/breaches/step"
        return str(browser.post(path, {"breach": old.pk, **given}, follow=True).content.decode())

    note(report="15/BC", measures="Đã thu hồi thư")
    actions.update_breach(
        actor="lan", breach=old, report="", measures="Đã đổi mật khẩu", people_told=True, closed=False
    )
    page = note(measures="")
    assert "Đã thu hồi thư<br>Đã đổi mật khẩu" in page and "Đã đổi mật khẩu</textarea>" not in page
    note(closed="on")
    assert "đã kết thúc" in note(measures="Viết sau")
    kept = Breach.objects.get()
    assert (kept.report, kept.measures) == ("15/BC", "Đã thu hồi thư\nĐã đổi mật khẩu")
    assert kept.reported_at and kept.people_told_at and kept.closed_at
    assert AuditRecord.objects.filter(action=AuditRecord.Action.BREACH).count() == 5


def test_a_breach_that_was_not_reported_in_time_is_late(home: object) -> None:
    at = timezone.now() - timedelta(hours=73)
    one = actions.register_breach(actor="minh", found_at=at, what="Gửi nhầm danh sách", people=3, area_code="79")
    assert one.late and one.hours_left < 0
    with pytest.raises(BaophuError, match="ahead"):
        actions.register_breach(
            actor="minh", found_at=timezone.now() + timedelta(1), what="x", people=0, area_code="79"
        )


def test_the_first_word_leaves_out_days_of_rest() -> None:
    assert terms.word_by(date(2026, 11, 6)) == date(2026, 11, 10)  # a Friday
    assert terms.word_by(date(2026, 4, 29)) == date(2026, 5, 5)  # before two holidays and a weekend
