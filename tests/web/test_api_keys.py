"""Keys to the API: made on a page, shown once, hashed, narrower than their holder, over on a day, revoked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from browsers import browser_of
from callers import API, caller, caller_of, key_of, told
from django.test import Client
from django.utils import timezone
from site_by_hand import COMMUNE, FAR, OTHER_PROVINCE, PROVINCE, SIBLING, employer_id, finding_id, person

from baophu.areas.units import COUNTRY
from baophu.core.errors import BaophuError
from baophu.desk.models import AuditRecord
from baophu.web.accounts import actions
from baophu.web.accounts.models import Token
from baophu.web.accounts.rights import Right
from baophu.web.accounts.tokens import may_give, token_of

Make = Callable[..., Any]
KEY = re.compile(r"bp_[A-Za-z0-9_-]{43}")
FORM = {"name": "bảng điều khiển", "area": PROVINCE, "rights": ["see", "work"]}


def until(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%d}"


def key_shown(answer: Any) -> str:
    (found,) = set(KEY.findall(answer.content.decode()))
    return str(found)


def test_a_key_is_made_on_a_page_and_shown_this_once(make_user: Make) -> None:
    browser = browser_of(make_user("provincial", PROVINCE))
    key = key_shown(browser.post("/account/tokens", {**FORM, "until": until(30)}))
    assert not KEY.search(browser.get("/account/tokens").content.decode())
    (kept,) = Token.objects.all()
    assert key not in str(vars(kept))
    assert kept.rights == ["see", "work"] and kept.area_code == PROVINCE
    (made,) = AuditRecord.objects.filter(action=AuditRecord.Action.MAKE_TOKEN)
    assert key not in str(made.detail) and made.detail["rights"] == ["see", "work"]
    assert told(caller(key).get(f"{API}/me"))["key"]["name"] == FORM["name"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"until": until(400)}, "tối đa một năm"),
        ({"until": until(-1)}, "Từ hôm nay"),
        ({"area": "nowhere at all"}, "nowhere at all"),
        ({"area": OTHER_PROVINCE}, "không có ở đơn vị này"),
        ({"rights": ["administer"]}, "administer"),
        ({"rights": []}, ""),
        ({"name": ""}, ""),
    ],
)
def test_no_key_is_made_that_is_too_long_or_too_wide(make_user: Make, change: dict[str, Any], words: str) -> None:
    answer = browser_of(make_user("provincial", PROVINCE)).post(
        "/account/tokens", {**FORM, "until": until(30), **change}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Token.objects.exists()


def test_no_deed_makes_a_key_for_more_than_a_year(make_user: Make) -> None:
    with pytest.raises(BaophuError):
        key_of(make_user("provincial", PROVINCE), days=400)


def test_a_key_does_what_it_names_and_its_holder_may_and_no_more(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    actions.grant(actor="test", user=user, role="ministry", area_code=COUNTRY)
    narrow = caller_of(user, [Right.SEE], COMMUNE)
    told(narrow.get(f"{API}/areas/{COMMUNE}"))
    told(narrow.get(f"{API}/areas/{SIBLING}"), 403)
    told(narrow.get(f"{API}/areas/{PROVINCE}"), 403)
    told(narrow.get(f"{API}/areas/{COMMUNE}/findings"), 403)
    # The role that reaches over the country may not use the API, so no key of his does.
    told(caller_of(user).get(f"{API}/areas/{COUNTRY}"), 403)
    told(caller_of(user, [Right.ADMINISTER, Right.SEE]).get("/metrics"), 403)


@pytest.mark.parametrize(
    ("page", "words", "asked"),
    [("findings", "status=all", {"status": "all", "sort": "priority"}), ("employers", "name=rieng", {"name": "rieng"})],
)
def test_only_who_may_take_lists_away_goes_on_from_the_first_page_and_it_is_on_record(
    make_user: Make, page: str, words: str, asked: dict[str, str]
) -> None:
    user, path = make_user("provincial", PROVINCE), f"{API}/areas/{PROVINCE}/{page}?size=1&{words}"
    taken = AuditRecord.objects.filter(action=AuditRecord.Action.EXPORT)
    narrow = caller_of(user, [Right.WORK])
    after = told(narrow.get(path))["next"]
    refused = told(narrow.get(f"{path}&after={after}&lang=en"), 403)
    assert "only the first page" in refused["detail"]
    assert not taken.exists(), "the first page is looked at, not taken away"
    token, key = key_of(user, [Right.WORK, Right.EXPORT])
    assert len(told(caller(key).get(f"{path}&after={after}"))["rows"]) == 1
    (made,) = taken
    assert (made.actor, made.subject) == (user.username, f"list:{page}")
    assert made.detail.items() >= {"area_code": PROVINCE, "rows": 1, "token": token.pk, **asked}.items()


def test_a_browser_that_goes_on_from_the_first_page_is_on_record_too(make_user: Make) -> None:
    path = f"{API}/areas/{PROVINCE}/employers?size=1"
    browser = browser_of(make_user("manager", PROVINCE))
    told(browser.get(f"{path}&name=dong+a&after=9999~E0"))
    (made,) = AuditRecord.objects.filter(action=AuditRecord.Action.EXPORT)
    assert made.detail["name"] == "dong a" and "token" not in made.detail


def test_a_key_ends_on_its_day_and_when_it_is_revoked(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    token, key = key_of(user)
    told(caller(key).get(f"{API}/me"))
    token.expires_at = timezone.now() - timedelta(seconds=1)
    token.save()
    told(caller(key).get(f"{API}/me"), 401)
    other, second = key_of(user)
    browser = browser_of(user)
    assert browser.post("/account/tokens/revoke", {"token": other.pk}).status_code == 302
    told(caller(second).get(f"{API}/me"), 401)
    assert AuditRecord.objects.filter(action=AuditRecord.Action.REVOKE_TOKEN, subject=f"token:{other.pk}").exists()
    assert browser.post("/account/tokens/revoke", {"token": other.pk}).status_code == 404


def test_a_role_that_is_taken_back_is_gone_for_the_keys_too(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    program = caller_of(user)
    told(program.get(f"{API}/areas/{PROVINCE}"))
    actions.revoke(actor="test", held=user.grants.get())
    told(program.get(f"{API}/areas/{PROVINCE}"), 401)


def test_a_closed_account_opens_nothing_by_any_key(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    _, key = key_of(user)
    actions.deactivate(actor="test", user=user)
    assert token_of(key) is None


def test_who_may_not_use_the_api_gets_no_key(make_user: Make) -> None:
    user = make_user("commune", COMMUNE)
    assert may_give(user) == []
    assert browser_of(user).get("/account/tokens").status_code == 403
    told(caller_of(user, [Right.SEE]).get(f"{API}/areas/{COMMUNE}"), 401)


def test_every_wrong_key_is_answered_alike(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    token, key = key_of(user)
    actions.revoke_token(actor="test", token=token)
    wrong = [
        caller(key),
        caller("bp_" + "x" * 43),
        caller(""),
        Client(HTTP_HOST="127.0.0.1", HTTP_AUTHORIZATION="Basic eA=="),
    ]
    answers = [one.get(f"{API}/me") for one in wrong]
    assert len({answer.content for answer in answers}) == 1
    for answer in answers:
        told(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_opens_no_page(make_user: Make) -> None:
    program = caller_of(make_user("national"))
    for path in ("/areas/00", "/account", "/users", f"/persons/{person(COMMUNE)}"):
        answer = program.get(path)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in"), path


def test_a_browser_reads_with_its_cookie_and_changes_nothing(make_user: Make) -> None:
    browser = browser_of(make_user("provincial", PROVINCE))
    told(browser.get(f"{API}/areas/{PROVINCE}"))
    body = {"purpose": "Đối chiếu hồ sơ giấy theo công văn"}
    told(browser.post(f"{API}/persons/{person(COMMUNE)}", body, content_type="application/json"), 401)
    assert not AuditRecord.objects.filter(action=AuditRecord.Action.REVEAL).exists()


def test_a_browser_that_has_not_given_its_code_reads_nothing(make_user: Make) -> None:
    browser = browser_of(make_user("provincial", PROVINCE), verified=False)
    assert "mã xác thực" in told(browser.get(f"{API}/areas/{PROVINCE}"), 403)["detail"]


def test_a_key_leaves_no_session_behind(make_user: Make) -> None:
    from django.contrib.sessions.models import Session

    answer = caller_of(make_user("provincial", PROVINCE)).get(f"{API}/areas/{PROVINCE}")
    assert "Set-Cookie" not in answer.headers and not answer.cookies
    assert not Session.objects.exists()


def test_the_last_use_of_a_key_is_noted(make_user: Make) -> None:
    token, key = key_of(make_user("provincial", PROVINCE))
    caller(key).get(f"{API}/me")
    token.refresh_from_db()
    assert token.used_at is not None


def test_an_administrator_makes_keys_for_services_alone(make_user: Make) -> None:
    service, officer = make_user("service", PROVINCE), make_user("provincial", PROVINCE)
    browser = browser_of(make_user("administrator"))
    form = {"name": "kho dữ liệu", "area": PROVINCE, "rights": ["see"], "until": until(300)}
    key = key_shown(browser.post("/users/tokens", {**form, "user": service.username}))
    told(caller(key).get(f"{API}/areas/{PROVINCE}/overview"))
    told(caller(key).get(f"{API}/areas/{PROVINCE}/findings"), 403)
    assert browser.post("/users/tokens", {**form, "user": officer.username}).status_code == 403
    token, held = key_of(officer)
    assert token.name in browser.get(f"/users/tokens?user={officer.username}").content.decode()
    assert browser.post("/users/tokens/revoke", {"user": officer.username, "token": token.pk}).status_code == 302
    told(caller(held).get(f"{API}/me"), 401)


def test_an_administrator_of_a_part_sees_no_key_from_elsewhere(make_user: Make) -> None:
    browser = browser_of(make_user("administrator", PROVINCE))
    far = make_user("provincial", OTHER_PROVINCE)
    token, key = key_of(far)
    for username in (far.username, "nobody-at-all"):
        assert browser.get(f"/users/tokens?user={username}").status_code == 404
        assert browser.post("/users/tokens/revoke", {"user": username, "token": token.pk}).status_code == 404
    assert token_of(key) is not None


def test_nobody_revokes_the_key_of_another_as_his_own(make_user: Make) -> None:
    token, key = key_of(make_user("provincial", PROVINCE))
    other = browser_of(make_user("provincial", OTHER_PROVINCE))
    assert other.post("/account/tokens/revoke", {"token": token.pk}).status_code == 404
    assert token_of(key) is not None


@pytest.mark.parametrize("area", [COUNTRY, PROVINCE, COMMUNE])
def test_a_key_reaches_what_lies_below_its_area_and_nothing_beside_or_above(make_user: Make, area: str) -> None:
    program = caller_of(make_user("national"), area=area)
    seen = {COUNTRY: {COMMUNE, SIBLING, FAR}, PROVINCE: {COMMUNE, SIBLING}, COMMUNE: {COMMUNE}}[area]
    for one in (COMMUNE, SIBLING, FAR):
        things = (f"employers/{employer_id(one)}", f"findings/{finding_id(one)}", f"persons/{person(one)}")
        for path in (*things, f"areas/{one}/overview", f"areas/{one}/employers"):
            status = program.get(f"{API}/{path}").status_code
            assert status == (200 if one in seen else 403 if "areas" in path else 404), (path, status)
    hits = told(program.get(f"{API}/search?q=rieng"))
    assert {one["employer_id"] for one in hits["employers"]} == {employer_id(one) for one in seen}
    assert {one["person"] for one in hits["persons"]} == {person(one) for one in seen}
