"""What keeps data from being gathered or left behind: lists opened by programs, addresses, passwords, days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from browsers import browser_of
from callers import API, caller, caller_of, key_of, told
from django.utils import timezone
from site_by_hand import COMMUNE, PROVINCE, SIBLING

from baophu.desk.models import AuditRecord
from baophu.web.accounts.rights import Right
from baophu.web.exports import actions
from baophu.web.exports.models import FirstPages
from baophu.web.privacy.models import Breach

Make = Callable[..., Any]
READS = [Right.SEE, Right.WORK]
NUMBER = "079099012345"
PASSWORD = "ba-con-ngua-di-qua-song"  # noqa: S105


# Lists that a program opens without the right to take them away


@pytest.mark.parametrize("name", ["findings", "employers"])
def test_a_first_page_is_on_record_for_a_key_that_may_not_take_lists_away(make_user: Make, name: str) -> None:
    user = make_user("provincial", PROVINCE)
    token, key = key_of(user, READS)
    told(caller(key).get(f"{API}/areas/{PROVINCE}/{name}"))
    (kept,) = AuditRecord.objects.filter(action=AuditRecord.Action.OPEN_LIST)
    assert (kept.actor, kept.subject) == (user.username, f"list:{name}")
    assert (kept.detail["area_code"], kept.detail["token"]) == (PROVINCE, token.pk)
    told(caller_of(user).get(f"{API}/areas/{PROVINCE}/{name}"))
    assert AuditRecord.objects.filter(action=AuditRecord.Action.OPEN_LIST).count() == 1


def test_no_more_lists_are_opened_in_a_day_whatever_the_key(make_user: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "FIRST_PAGES_A_DAY", 3)
    user = make_user("provincial", PROVINCE)
    keys = [caller_of(user, READS), caller_of(user, READS)]
    for at, area in enumerate((PROVINCE, COMMUNE, SIBLING)):
        told(keys[at % 2].get(f"{API}/areas/{area}/findings"))
    for one in (*keys, keys[0]):
        answer = one.get(f"{API}/areas/{COMMUNE}/employers")
        assert "hôm nay" in told(answer, 429)["detail"].lower()
        assert 0 < int(answer.headers["Retry-After"]) <= 24 * 60 * 60
    last = AuditRecord.objects.filter(action=AuditRecord.Action.OPEN_LIST).latest("id")
    assert last.detail["refused_after"] == 3
    assert AuditRecord.objects.filter(action=AuditRecord.Action.OPEN_LIST).count() == 4, "the end is recorded once"
    told(caller_of(user).get(f"{API}/areas/{PROVINCE}/findings"))
    assert browser_of(user).get(f"/areas/{PROVINCE}/findings").status_code == 200


def test_the_count_begins_anew_each_day(make_user: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "FIRST_PAGES_A_DAY", 1)
    user = make_user("provincial", PROVINCE)
    yesterday = timezone.localdate() - timedelta(days=1)
    FirstPages.objects.create(user=user, day=yesterday, opened=2)
    told(caller_of(user, READS).get(f"{API}/areas/{PROVINCE}/findings"))
    assert list(FirstPages.objects.values_list("day", "opened")) == [(timezone.localdate(), 1)]


# Addresses


@pytest.mark.parametrize("query", [f"q={NUMBER}", "q=079+099+012+345", f"show=x&q=so%20{NUMBER}&a=1", f"{NUMBER}=1"])
def test_the_choice_of_a_language_brings_no_number_back_into_an_address(signed_in: Make, query: str) -> None:
    browser = signed_in("national")
    said = browser.get(f"/search?{query}").content.decode()
    begin = said.index('name="next" value="') + len('name="next" value="')
    onward = said[begin : said.index('"', begin)]
    assert onward.startswith("/search") and "345" not in onward
    answer = browser.post("/language", {"lang": "en", "next": onward.replace("&amp;", "&")})
    assert "345" not in answer.headers["Location"]


def test_other_filters_and_places_in_lists_stay_when_the_language_is_chosen(signed_in: Make) -> None:
    path = f"/areas/{PROVINCE}/findings"
    said = signed_in("national").get(f"{path}?status=all&after=1500000000~F1234567890123&at=50").content.decode()
    assert f'value="{path}?status=all&amp;after=1500000000~F1234567890123&amp;at=50"' in said


def test_signing_in_brings_no_number_back_into_an_address(home: object) -> None:
    from django.test import Client

    answer = Client(HTTP_HOST="127.0.0.1").get(f"/search?q={NUMBER}")
    assert answer.headers["Location"] == "/sign-in?next=/search"


# Passwords and keys


def test_a_password_that_is_set_anew_ends_the_keys_and_says_so(make_user: Make, signed_in: Make) -> None:
    user = make_user("provincial", PROVINCE, password=PASSWORD)
    calls = caller_of(user)
    told(calls.get(f"{API}/me"))
    said = signed_in("administrator").post("/users/password", {"user": user.username}).content.decode()
    assert "Đã thu hồi khóa API của người này" in said
    told(calls.get(f"{API}/me"), 401)
    kept = AuditRecord.objects.filter(action=AuditRecord.Action.PASSWORD).latest("id")
    assert kept.detail == {"tokens_ended": 1}


def test_who_changes_his_own_password_is_told_that_his_keys_still_work(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE, password=PASSWORD)
    calls, browser = caller_of(user), browser_of(user)
    given = {"present": PASSWORD, "new": "mot-mat-khau-khac-34", "again": "mot-mat-khau-khac-34"}
    answer = browser.post("/password", given, follow=True)
    assert "Khóa API của bạn vẫn dùng được" in answer.content.decode()
    told(calls.get(f"{API}/me"))


# Days


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "1999-12-31T23:59", "9999-12-31T23:59", "2101-01-01T00:00"])
def test_a_breach_was_found_in_a_year_that_can_be_counted_with(signed_in: Make, moment: str) -> None:
    given = {"found_at": moment, "area": "79", "people": "1", "what": "Mất máy tính"}
    answer = signed_in("administrator").post("/privacy/breaches", given)
    assert answer.status_code == 422
    assert "trong các năm 2000 đến 2100" in answer.content.decode()
    assert not Breach.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_request_was_received_on_a_day_that_can_be_counted_with(signed_in: Make, day: str) -> None:
    given = {"kind": "access", "received_on": day, "reference": "12/CV", "area": "79", "number": NUMBER}
    assert signed_in("administrator").post("/privacy/requests", given).status_code == 422


# The law, in the language that was asked for


@pytest.mark.parametrize(("lang", "words"), [("vi", "Luật 41/2024/QH15"), ("en", "Law 41/2024/QH15")])
def test_the_articles_of_kinds_are_told_in_the_language_asked_for(make_user: Make, lang: str, words: str) -> None:
    calls = caller_of(make_user("provincial", PROVINCE), accept_language=lang)
    articles = [one["article"] for one in told(calls.get(f"{API}/kinds"))["rows"]]
    assert any(words in one for one in articles)
    other = "Law " if lang == "vi" else "Luật "
    assert not [one for one in articles if other in one]
