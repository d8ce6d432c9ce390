"""Lists and what they lead to: findings, employers, people, loads, the record, accounts, search."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from browsers import browser_of
from site_by_hand import (
    COMMUNE,
    FAR,
    PROVINCE,
    SIBLING,
    company,
    employer_id,
    finding_id,
    person,
    person_name,
    pid,
    si_code,
)

from baophu.areas.units import tree
from baophu.desk.models import AuditRecord
from baophu.web.accounts.models import Grant, User
from baophu.web.views_persons import gaps

Browser = Callable[..., Any]
# The name of a run has as many digits after its T.
NUMBERS = re.compile(r"(?<![\dT#-])\d{12}(?!\d)")


def page(browser: Any, path: str, **more: Any) -> str:
    """What a page says; it must be there."""
    answer = browser.get(path, **more)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def records(action: AuditRecord.Action) -> list[AuditRecord]:
    """What the record holds of a deed."""
    return list(AuditRecord.objects.filter(action=action))


@pytest.mark.parametrize("path", [f"/areas/{PROVINCE}/findings", f"/areas/{PROVINCE}/employers"])
@pytest.mark.parametrize("number", [COMMUNE, SIBLING])
def test_the_list_of_a_province_has_the_rows_of_its_communes_and_of_no_other(
    signed_in: Browser, path: str, number: str
) -> None:
    said = page(signed_in("provincial", PROVINCE), path)
    one, far = (finding_id, finding_id) if "findings" in path else (employer_id, employer_id)
    assert one(number) in said
    assert far(FAR) not in said


def test_findings_are_filtered_by_kind_and_status(signed_in: Browser) -> None:
    browser = signed_in("commune", COMMUNE)
    assert finding_id(COMMUNE) in page(browser, f"/areas/{COMMUNE}/findings?kind=uninsured_worker&sort=amount")
    assert finding_id(COMMUNE) not in page(browser, f"/areas/{COMMUNE}/findings?kind=late")
    assert finding_id(COMMUNE) not in page(browser, f"/areas/{COMMUNE}/findings?status=resolved")
    assert finding_id(COMMUNE) in page(browser, f"/areas/{COMMUNE}/findings?kind=nonsense&status=&sort=pid&after=x")


def test_numbers_are_masked_on_every_page_of_a_finding(signed_in: Browser) -> None:
    browser = signed_in("national")
    for path in (
        "/areas/00/findings", f"/findings/{finding_id(COMMUNE)}", f"/employers/{employer_id(COMMUNE)}",
        f"/persons/{person(COMMUNE)}", "/search?q=tran+thi+rieng",
    ):  # fmt: skip
        said = page(browser, path)
        assert pid(COMMUNE) not in said, path
        assert si_code(COMMUNE) not in said, path
        assert not NUMBERS.search(said), path


def test_a_finding_says_its_claim_and_what_its_priority_is_made_of(signed_in: Browser) -> None:
    said = page(signed_in("commune", COMMUNE), f"/findings/{finding_id(COMMUNE)}")
    assert "Cơ quan thuế ghi nhận tiền lương" in said
    assert f"tại {company(COMMUNE)} (0301234567) từ" in said
    assert "Độ chắc chắn của lý do" in said


def test_an_employer_is_found_by_name_without_marks(signed_in: Browser) -> None:
    browser = signed_in("provincial", PROVINCE)
    assert employer_id(COMMUNE) in page(browser, f"/areas/{PROVINCE}/employers?name=cong+ty+rieng")
    assert employer_id(COMMUNE) not in page(browser, f"/areas/{PROVINCE}/employers?name=xyz")


def test_an_employer_shows_its_months_and_the_next_step(signed_in: Browser) -> None:
    said = page(signed_in("commune", COMMUNE), f"/employers/{employer_id(COMMUNE)}")
    assert "Đưa vào danh sách của tỉnh" in said
    assert "15/11/2026" in said
    assert "30/11/2026" in said


def test_opening_a_person_is_recorded_without_a_number(signed_in: Browser) -> None:
    page(signed_in("commune", COMMUNE), f"/persons/{person(COMMUNE)}")
    (opened,) = records(AuditRecord.Action.OPEN_PERSON)
    assert opened.subject == f"person:{person(COMMUNE)}"
    assert pid(COMMUNE) not in str(opened.detail)


def test_a_person_of_another_area_is_neither_shown_nor_recorded(signed_in: Browser) -> None:
    browser = signed_in("commune", COMMUNE)
    for area in (SIBLING, FAR):
        assert browser.get(f"/persons/{person(area)}").status_code == 404
        assert browser.post(f"/persons/{person(area)}", {"purpose": "đối chiếu hồ sơ giấy"}).status_code == 404
    assert records(AuditRecord.Action.OPEN_PERSON) == records(AuditRecord.Action.REVEAL) == []


def test_a_number_is_revealed_for_a_purpose_that_is_recorded(signed_in: Browser) -> None:
    answer = signed_in("commune", COMMUNE).post(f"/persons/{person(COMMUNE)}", {"purpose": "đối chiếu hồ sơ giấy"})
    assert answer.status_code == 200
    assert pid(COMMUNE) in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    (revealed,) = records(AuditRecord.Action.REVEAL)
    assert revealed.detail["purpose"] == "đối chiếu hồ sơ giấy"


@pytest.mark.parametrize("purpose", ["", "   ", "xem", "kiểm tra số 079085123456 cho chắc"])
def test_no_number_is_revealed_without_a_purpose_or_for_one_that_names_somebody(
    signed_in: Browser, purpose: str
) -> None:
    answer = signed_in("commune", COMMUNE).post(f"/persons/{person(COMMUNE)}", {"purpose": purpose})
    assert answer.status_code == 422
    assert pid(COMMUNE) not in answer.content.decode()
    assert records(AuditRecord.Action.REVEAL) == []


def test_ethnicity_poverty_and_benefits_need_a_right_of_their_own(make_user: Browser) -> None:
    hidden = ("dân tộc khác", "hộ nghèo", "trợ cấp thất nghiệp")
    without = page(browser_of(make_user("commune", COMMUNE)), f"/persons/{person(COMMUNE)}")
    granted = make_user("commune", COMMUNE, name="with-right", sensitive=True)
    having = page(browser_of(granted), f"/persons/{person(COMMUNE)}")
    assert not any(word in without for word in hidden)
    assert all(word in having for word in hidden)


def test_a_right_to_sensitive_data_elsewhere_does_not_open_it_here(make_user: Browser) -> None:
    from baophu.web.accounts import actions

    user = make_user("commune", COMMUNE)
    actions.grant(actor="test", user=user, role="commune", area_code=SIBLING, sensitive=True)
    browser = browser_of(user)
    assert "dân tộc khác" not in page(browser, f"/persons/{person(COMMUNE)}")
    assert "dân tộc khác" in page(browser, f"/persons/{person(SIBLING)}")


def test_gaps_are_the_months_between_spells_of_a_family() -> None:
    def spell(scheme: str, start: str, end: str | None) -> dict[str, str | None]:
        return {"scheme": scheme, "start_month": start, "end_month": end}

    spells = [
        spell("compulsory", "2020-01-01", "2020-07-01"),
        spell("voluntary", "2020-07-01", "2021-01-01"),
        spell("compulsory", "2020-03-01", "2020-05-01"),
        spell("compulsory", "2021-04-01", "2022-01-01"),
        spell("health", "2021-01-01", None),
    ]
    found = [(one.family.en, one.first, one.last, one.months, one.goes_on) for one in gaps(spells, date(2022, 3, 1))]
    assert found == [
        ("Social insurance", date(2021, 1, 1), date(2021, 3, 1), 3, False),
        ("Social insurance", date(2022, 1, 1), date(2022, 2, 1), 2, True),
    ]


def test_search_finds_what_lies_within_the_areas_and_no_more(signed_in: Browser) -> None:
    said = page(signed_in("provincial", PROVINCE), "/search?q=rieng")
    assert company(COMMUNE) in said and company(FAR) not in said
    assert person_name(SIBLING) in said and person_name(FAR) not in said


def test_search_by_somebody_without_the_right_finds_areas_alone(signed_in: Browser) -> None:
    browser = signed_in("ministry")
    said = page(browser, "/search?q=rieng")
    assert company(COMMUNE) not in said and person_name(COMMUNE) not in said
    assert "/areas/48" in page(browser, "/search?q=da+nang")


def test_a_number_is_looked_up_without_standing_in_an_address(signed_in: Browser) -> None:
    browser = signed_in("national")
    answer = browser.post("/search", {"q": f"{pid(COMMUNE)[:3]} {pid(COMMUNE)[3:]}"})
    assert answer.status_code == 200
    assert person(COMMUNE) in answer.content.decode()
    assert pid(COMMUNE) not in answer.content.decode()
    refused = page(browser, f"/search?q={pid(COMMUNE)}")
    assert person(COMMUNE) not in refused and pid(COMMUNE) not in refused.split("<main")[1]


def test_words_go_on_to_an_address_that_can_be_kept(signed_in: Browser) -> None:
    answer = signed_in("national").post("/search", {"q": "rieng"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/search?q=rieng"


def test_the_record_is_searched_and_said_to_be_sound(signed_in: Browser) -> None:
    page(signed_in("commune", COMMUNE), f"/persons/{person(COMMUNE)}")
    browser = signed_in("auditor")
    found = page(browser, f"/audit?action=persons.open&actor=commune-{COMMUNE}&subject=person")
    assert person(COMMUNE) in found
    assert "Nguyên vẹn" in found
    assert f"đơn vị <strong>{tree().get(COMMUNE).full_label.vi} ({COMMUNE})</strong>" in found
    assert person(COMMUNE) not in page(browser, "/audit?since=2099-01-01").split("<table")[-1]
    assert "Không hiểu được ngày" in page(browser, "/audit?since=never")


def test_a_changed_record_is_told(signed_in: Browser) -> None:
    from django.db import connection

    browser = signed_in("auditor")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE desk_auditrecord SET actor = 'nobody' WHERE id = 1")
    assert "bị sửa hoặc thiếu" in page(browser, "/audit")


def test_an_auditor_of_a_province_sees_the_deeds_of_its_people_alone(signed_in: Browser) -> None:
    page(signed_in("commune", COMMUNE), f"/persons/{person(COMMUNE)}")
    page(signed_in("commune", FAR), f"/persons/{person(FAR)}")
    said = page(signed_in("auditor", PROVINCE), "/audit?action=persons.open")
    assert person(COMMUNE) in said and person(FAR) not in said


def test_an_account_is_made_with_a_password_for_one_use(signed_in: Browser) -> None:
    answer = signed_in("administrator", PROVINCE).post(
        "/users/create", {"username": "new-one", "full_name": "Người Mới", "role": "commune", "area": COMMUNE}
    )
    said = answer.content.decode()
    password = re.search(r'class="secret">([^<]+)<', said)
    made = User.objects.get(username="new-one")
    assert password is not None and made.check_password(password[1])
    assert made.must_change_password
    assert [(one.role, one.area_code) for one in made.grants.all()] == [("commune", COMMUNE)]
    assert [one.actor for one in records(AuditRecord.Action.CREATE_USER) if one.subject == "user:new-one"] == [
        f"administrator-{PROVINCE}"
    ]


@pytest.mark.parametrize("area", ["00", FAR, "nowhere"])
def test_no_role_is_given_outside_of_ones_areas(signed_in: Browser, area: str) -> None:
    answer = signed_in("administrator", PROVINCE).post(
        "/users/create", {"username": "new-one", "full_name": "Người Mới", "role": "commune", "area": area}
    )
    assert answer.status_code == 422
    assert not User.objects.filter(username="new-one").exists()


def test_nobody_gives_himself_a_role(signed_in: Browser) -> None:
    answer = signed_in("administrator").post(
        "/users/grant", {"user": "administrator-00", "role": "national", "area": "00"}
    )
    assert answer.status_code == 403
    assert [one.role for one in Grant.objects.filter(user__username="administrator-00")] == ["administrator"]


@pytest.mark.parametrize("deed", ["grant", "revoke", "password", "close"])
def test_people_elsewhere_are_not_to_be_administered(signed_in: Browser, make_user: Browser, deed: str) -> None:
    far = make_user("commune", FAR)
    held = far.grants.get()
    given = {"user": far.username, "grant": held.pk, "role": "commune", "area": COMMUNE}
    browser = signed_in("administrator", PROVINCE)
    assert browser.post(f"/users/{deed}", given).status_code == 404
    assert far.username not in page(browser, "/users")
    far.refresh_from_db()
    held.refresh_from_db()
    assert far.is_active and held.until is None and far.grants.count() == 1


def test_roles_are_given_and_taken_back_and_accounts_closed(signed_in: Browser, make_user: Browser) -> None:
    user = make_user("commune", COMMUNE)
    browser = signed_in("administrator")
    browser.post("/users/grant", {"user": user.username, "role": "manager", "area": PROVINCE, "until": "2099-12-31"})
    held = user.grants.get(role="manager")
    assert held.until is not None
    browser.post("/users/revoke", {"user": user.username, "grant": held.pk})
    assert not user.grants.all().holding().filter(role="manager").exists()
    assert 'class="secret"' in browser.post("/users/password", {"user": user.username}).content.decode()
    browser.post("/users/close", {"user": user.username})
    user.refresh_from_db()
    assert not user.is_active and user.must_change_password


def test_the_loads_page_says_what_to_do_before_there_are_any(signed_in: Browser) -> None:
    assert "baophu load" in page(signed_in("auditor"), "/loads")


@pytest.mark.parametrize(
    "path",
    [
        "/areas/00/findings", f"/findings/{finding_id(COMMUNE)}", "/areas/00/employers",
        f"/employers/{employer_id(COMMUNE)}", f"/persons/{person(COMMUNE)}", "/search?q=rieng",
    ],
)  # fmt: skip
def test_each_page_is_in_english_too(signed_in: Browser, path: str) -> None:
    browser = signed_in("national")
    browser.cookies["baophu_lang"] = "en"
    said = page(browser, path)
    assert '<html lang="en">' in said
    assert not re.search(r"Thời gian|Số tiền|Trạng thái|Căn cứ|Ở đâu|Đơn vị", said.split("<main")[1])


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=0001-01-01", "since=1999-12-31", "until=2101-01-01"])
def test_a_day_near_the_ends_of_the_calendar_is_told_to_be_wrong(signed_in: Browser, query: str) -> None:
    assert "trong các năm 2000 đến 2100" in page(signed_in("auditor"), f"/audit?{query}")


def test_the_first_and_the_last_day_can_be_asked_for(signed_in: Browser) -> None:
    assert 'role="alert"' not in page(signed_in("auditor"), "/audit?since=2000-01-01&until=2100-12-31")


@pytest.mark.parametrize("number", ["9" * 5_000, "9" * 19, "x", "²"])
def test_a_number_that_no_row_can_have_is_no_place_in_the_record(signed_in: Browser, number: str) -> None:
    assert page(signed_in("auditor"), f"/audit?before={number}").count("<tr>") > 1


@pytest.mark.parametrize("number", ["079099012345", "079 099 012 345", "079.099-012345"])
def test_a_persons_number_is_not_looked_up_among_names_of_employers(signed_in: Browser, number: str) -> None:
    browser, path = signed_in("provincial", PROVINCE), f"/areas/{PROVINCE}/employers"
    said = page(browser, path, data={"name": number})
    assert "không được đặt trong địa chỉ" in said
    assert f'value="{number}"' not in said and f"<strong>{number}" not in said
    assert employer_id(COMMUNE) in said
    ordinary = page(browser, path, data={"name": "rieng 2026"})
    assert "không được đặt trong địa chỉ" not in ordinary
    assert 'value="rieng 2026"' in ordinary
