"""Accounts: roles by office, the second factor demanded and forgotten, how somebody signed in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import browser_of
from django.test import Client
from site_by_hand import COMMUNE, FAR, OTHER_PROVINCE, PROVINCE, SIBLING, finding_id

from baophu.areas.offices import import_offices
from baophu.areas.units import COUNTRY
from baophu.desk.models import AuditRecord
from baophu.web.accounts import actions
from baophu.web.accounts.models import Grant, User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import areas_of, scope_of
from baophu.web.accounts.within import usernames_within

Make = Callable[..., Any]
OFFICE = "CS-01"


@pytest.fixture
def office(home: Path, tmp_path: Path) -> Iterator[str]:
    """A grassroots office that serves two communes."""
    file = tmp_path / "offices.csv"
    head = "office_id,name,level,commune_code,from_date,to_date"
    rows = [f"{OFFICE},BHXH cơ sở Một,grassroots,{code},2025-07-01," for code in (COMMUNE, SIBLING)]
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    import_offices(file, home)
    yield OFFICE
    shutil.rmtree(home / "warehouse" / "areas")


def given(**more: str) -> dict[str, str]:
    """The form of a role."""
    return {"role": "commune", "area": COUNTRY, "office": "", **more}


def test_a_role_by_office_holds_on_its_communes_alone(make_user: Make, office: str) -> None:
    admin, user = make_user("administrator"), make_user(None, name="lan")
    answer = browser_of(admin).post("/users/grant", given(user="lan", office=office))
    assert answer.status_code == 302
    held = Grant.objects.get(user=user)
    assert held.office_id == office
    scope = scope_of(User.objects.get(username="lan"))
    assert scope.roots(Right.WORK) == {COMMUNE, SIBLING}
    browser = browser_of(user)
    assert finding_id(COMMUNE) in browser.get(f"/areas/{COMMUNE}/findings").content.decode()
    for area in (PROVINCE, FAR, COUNTRY):
        assert browser.get(f"/areas/{area}/findings").status_code == 403


def test_an_office_that_serves_a_whole_province_sees_the_province(home: Path) -> None:
    assert areas_of(COUNTRY, PROVINCE) == {PROVINCE}
    assert areas_of(COUNTRY, "none-such") == frozenset()


def test_an_office_outside_of_ones_areas_or_unknown_is_refused(make_user: Make, office: str) -> None:
    admin, _ = make_user("administrator", OTHER_PROVINCE), make_user("commune", FAR, name="lan")
    for wanted in (office, "khong-co"):
        answer = browser_of(admin).post("/users/grant", given(user="lan", area=OTHER_PROVINCE, office=wanted))
        assert answer.status_code == 422, wanted
    assert not Grant.objects.exclude(office_id="").exists()


def test_who_holds_a_role_by_office_is_administered_by_its_province(make_user: Make, office: str) -> None:
    user = make_user(None, name="lan")
    actions.grant(actor="test", user=user, role="commune", office_id=office)
    own, other = (scope_of(make_user("administrator", area)) for area in (PROVINCE, OTHER_PROVINCE))
    assert "lan" in (usernames_within(own, Right.ADMINISTER) or ())
    assert "lan" not in (usernames_within(other, Right.ADMINISTER) or ())


def test_a_code_can_be_demanded_of_anybody_and_no_longer(make_user: Make) -> None:
    admin, reader = browser_of(make_user("administrator")), make_user("ministry", name="lan")
    own = browser_of(reader, verified=False)
    assert own.get(f"/areas/{PROVINCE}").status_code == 200
    admin.post("/users/code", {"user": "lan", "code": "demand"})
    assert own.get(f"/areas/{PROVINCE}").headers["Location"] == "/code/setup"
    assert "Thôi bắt buộc" in admin.get("/users?user=lan").content.decode()
    admin.post("/users/code", {"user": "lan", "code": "free"})
    assert own.get(f"/areas/{PROVINCE}").status_code == 200
    deeds = AuditRecord.objects.filter(action=AuditRecord.Action.SECOND_FACTOR, subject="user:lan")
    assert [one.detail for one in deeds] == [{"demanded": True}, {"demanded": False}]


def test_a_lost_device_is_forgotten_and_its_sessions_end(make_user: Make) -> None:
    admin, officer = browser_of(make_user("administrator")), make_user("provincial", PROVINCE, name="lan")
    own = browser_of(officer)
    assert own.get(f"/areas/{PROVINCE}").status_code == 200
    admin.post("/users/code", {"user": "lan", "code": "forget"})
    assert own.get(f"/areas/{PROVINCE}").headers["Location"].startswith("/sign-in")
    assert browser_of(officer, verified=False).get("/account").headers["Location"] == "/code/setup"


def test_nobody_changes_his_own_second_factor_so(make_user: Make) -> None:
    admin = make_user("administrator", name="minh")
    assert browser_of(admin).post("/users/code", {"user": "minh", "code": "forget"}).status_code == 403
    assert browser_of(admin).post("/users/code", {"user": "minh", "code": "x"}).status_code == 403


def test_the_page_tells_how_somebody_signed_in(make_user: Make) -> None:
    password = "ba-con-ngua-di-qua-song"  # noqa: S105
    make_user("ministry", name="lan", password=password)
    Client(HTTP_HOST="127.0.0.1", HTTP_USER_AGENT="Trình duyệt Một").post(
        "/sign-in", {"username": "lan", "password": password}
    )
    Client(HTTP_HOST="127.0.0.1").post("/sign-in", {"username": "lan", "password": "sai"})
    said = browser_of(make_user("administrator")).get("/users?user=lan").content.decode()
    assert "Lịch sử đăng nhập" in said and "Trình duyệt Một" in said
    assert 'Lần sai gần đây <strong class="num">1</strong>' in said


def test_a_role_does_not_end_where_the_calendar_does(make_user: Make) -> None:
    browser, user = browser_of(make_user("administrator")), make_user(None, name="lan")
    for until in ("9999-12-31", "0001-01-01"):
        answer = browser.post("/users/grant", given(user="lan", until=until))
        assert answer.status_code == 422
        assert "các năm 2000 đến 2100" in answer.content.decode()
    assert not Grant.objects.filter(user=user).exists()
    assert browser.post("/users/grant", given(user="lan", until="2100-12-31")).status_code == 302


@pytest.mark.parametrize("number", ["9" * 5_000, "9" * 19, "x"])
def test_a_number_that_no_row_can_have_names_nothing(make_user: Make, number: str) -> None:
    make_user("commune", COMMUNE, name="lan")
    browser = browser_of(make_user("administrator"))
    for path, field in (
        ("/users/revoke", "grant"),
        ("/users/tokens/revoke", "token"),
        ("/account/tokens/revoke", "token"),
        ("/account/end-session", "session"),
    ):
        assert browser.post(path, {"user": "lan", field: number}).status_code == 404, path
    assert Grant.objects.filter(user__username="lan").exists()
