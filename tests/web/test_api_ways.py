"""How the API answers: problems, marks of answers, rates, languages of problems, figures of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsers import browser_of
from callers import API, caller, caller_of, key_of, told
from django.core.cache import caches
from django.test import Client, override_settings
from site_by_hand import COMMUNE, FAR, PROVINCE, employer_id, finding_id, person, pid

from baophu.web import reading
from baophu.web.accounts.rights import Right

Make = Callable[..., Any]


@pytest.fixture
def officer(make_user: Make) -> Client:
    return caller_of(make_user("provincial", PROVINCE))


def nobody() -> Client:
    return Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)


def test_a_problem_says_what_went_wrong_and_how_to_mend_it(officer: Client) -> None:
    answer = officer.get(f"{API}/findings/none?lang=en")
    assert told(answer, 404) == {
        "type": "/api/v1/docs#problem-404",
        "title": "Not found",
        "status": 404,
        "detail": "There is no such thing, or it lies outside the areas.",
        "instance": f"{API}/findings/none",
    }
    assert answer.headers["Content-Language"] == "en"
    assert told(officer.get(f"{API}/findings/none"), 404)["title"] == "Không có"


def test_whatever_goes_wrong_is_told_as_a_problem(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    told(nobody().get(f"{API}/areas/{PROVINCE}"), 401)
    told(officer.get(f"{API}/areas/{FAR}"), 403)
    told(officer.get(f"{API}/no/such/address"), 404)
    told(officer.get(f"{API}/areas/{PROVINCE}/indicators/none"), 404)
    refused = officer.delete(f"{API}/areas/{PROVINCE}")
    told(refused, 405)
    assert refused.headers["Allow"] == "GET"
    told(officer.post(f"{API}/search", "{", content_type="application/json"), 400)
    told(Client(HTTP_HOST="example.org").get(f"{API}/openapi.json"), 400)

    def broken(self: object, finding_id: str) -> None:
        raise RuntimeError("secret 079099000001")

    monkeypatch.setattr(reading.Reader, "finding", broken)
    answer = officer.get(f"{API}/findings/{finding_id(COMMUNE)}")
    told(answer, 500)
    assert b"secret" not in answer.content and b"Traceback" not in answer.content


def test_problems_have_the_headers_that_protect(officer: Client) -> None:
    for path in (f"{API}/no/such/address", f"{API}/findings/none", f"{API}/areas/{FAR}"):
        for program in (officer, nobody()):
            answer = program.get(path)
            assert answer.status_code >= 400
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_before_the_first_run_there_is_nothing_and_it_is_said(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "newest_indexed", lambda home: None)
    told(officer.get(f"{API}/areas/{PROVINCE}/overview"), 503)


@pytest.mark.parametrize(
    ("query", "where", "why"),
    [
        ("size=0", "query.size", "Phải từ 1 trở lên."),
        ("size=1000000", "query.size", "Không được quá 200."),
        ("size=x", "query.size", "Phải là số nguyên."),
        ("status=gone", "query.status", "Phải là một trong: 'open', 'held', 'resolved' or 'all'."),
        ("after=079099000001", "query.after", "Không đúng dạng."),
    ],
)
def test_values_to_be_mended_are_named_and_not_said_back(officer: Client, query: str, where: str, why: str) -> None:
    said = told(officer.get(f"{API}/areas/{PROVINCE}/findings?{query}"), 422)
    assert said["errors"] == [{"where": where, "reason": why}]
    assert "079099000001" not in str(said)


def test_what_is_hidden_is_answered_as_what_is_not_there(officer: Client) -> None:
    for path, hidden in (("findings", finding_id(FAR)), ("employers", employer_id(FAR)), ("persons", person(FAR))):
        missing = "x" * len(hidden)
        answers = [officer.get(f"{API}/{path}/{one}") for one in (hidden, missing)]
        said = [told(answer, 404) for answer in answers]
        assert {**said[0], "instance": ""} == {**said[1], "instance": ""}
    areas = [told(officer.get(f"{API}/areas/{one}/overview"), 403) for one in (FAR, "99999", "x")]
    assert len({str({**one, "instance": ""}) for one in areas}) == 1


def test_who_has_the_newest_is_told_so_in_a_few_bytes(officer: Client) -> None:
    for path in (
        f"areas/{PROVINCE}/overview",
        f"findings/{finding_id(COMMUNE)}",
        f"areas/{PROVINCE}/employers?size=1",
        "runs",
    ):
        answer = officer.get(f"{API}/{path}")
        mark = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "private, no-cache"
        again = officer.get(f"{API}/{path}", HTTP_IF_NONE_MATCH=f'"other", {mark}')
        assert again.status_code == 304 and again.content == b"" and again.headers["ETag"] == mark, path
        assert officer.get(f"{API}/{path}", HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_a_mark_holds_for_the_same_eyes_language_and_address_alone(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    path = f"{API}/areas/{PROVINCE}/overview"

    def mark(program: Client, address: str = path) -> str:
        return str(program.get(address).headers["ETag"])

    own = mark(caller_of(user))
    assert mark(caller_of(user)) == own
    others = [
        mark(caller_of(user, [Right.SEE])),
        mark(caller_of(make_user("national"))),
        mark(caller_of(user, accept_language="en")),
        mark(caller_of(user), f"{path}?lang=en"),
        mark(caller_of(user), f"{API}/areas/{COMMUNE}/overview"),
    ]
    assert own not in others and len(set(others)) == len(others)


def test_a_mark_opens_nothing(make_user: Make) -> None:
    user = make_user("national")
    mark = caller_of(user).get(f"{API}/findings/{finding_id(FAR)}").headers["ETag"]
    narrow = caller_of(user, area=PROVINCE)
    told(narrow.get(f"{API}/findings/{finding_id(FAR)}", HTTP_IF_NONE_MATCH=mark), 404)
    told(narrow.get(f"{API}/areas/{FAR}/overview", HTTP_IF_NONE_MATCH=mark), 403)


def test_what_is_of_a_person_or_the_desk_has_no_mark_and_is_kept_by_nobody(make_user: Make) -> None:
    officer, auditor = caller_of(make_user("provincial", PROVINCE)), caller_of(make_user("auditor"))
    for program, path in (
        (officer, f"persons/{person(COMMUNE)}"),
        (officer, "search?q=rieng"),
        (auditor, "audit"),
        (officer, "me"),
    ):
        answer = program.get(f"{API}/{path}")
        told(answer)
        assert "ETag" not in answer.headers and answer.headers["Cache-Control"] == "no-store", path


@override_settings(API_RATE=3)
def test_who_asks_too_often_waits_and_nobody_else_does(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    first, second = caller_of(user), caller_of(user)
    for _ in range(3):
        told(first.get(f"{API}/me"))
    answer = first.get(f"{API}/me")
    told(answer, 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    told(second.get(f"{API}/me"))
    browser = browser_of(user)
    for _ in range(3):
        told(browser.get(f"{API}/me"))
    told(browser.get(f"{API}/me"), 429)
    caches["rates"].clear()
    told(first.get(f"{API}/me"))


@override_settings(API_FAILURES=2)
def test_who_guesses_keys_waits_and_holds_up_no_valid_one(make_user: Make) -> None:
    _, key = key_of(make_user("provincial", PROVINCE))
    for _ in range(2):
        told(caller("bp_guess").get(f"{API}/me"), 401)
    told(caller("bp_guess").get(f"{API}/me"), 429)
    told(nobody().get(f"{API}/me"), 429)
    told(caller(key).get(f"{API}/me"))


def test_the_docs_list_every_operation_in_both_languages_without_a_script(home: object) -> None:
    for lang, words in (("vi", "Một trường hợp với bằng chứng"), ("en", "A finding with its evidence")):
        browser = nobody()
        browser.cookies["baophu_lang"] = lang
        text = browser.get(f"{API}/docs").content.decode()
        about = browser.get(f"{API}/openapi.json?lang={lang}").json()
        assert words in text
        for path, methods in about["paths"].items():
            for method, one in methods.items():
                assert f"{method.upper()} {path}" in text
                assert one["summary"] in text.replace("&#x27;", "'")
        assert "<style" not in text and " style=" not in text and "onclick" not in text


def test_the_figures_of_the_server_are_for_administrators(make_user: Make) -> None:
    told(nobody().get("/metrics"), 401)
    told(caller_of(make_user("national")).get("/metrics"), 403)
    program = caller_of(make_user("administrator"), [Right.ADMINISTER])
    caller_of(make_user("provincial", PROVINCE)).get(f"{API}/areas/{PROVINCE}/overview")
    nobody().get(f"/no/such/{pid(COMMUNE)}")
    nobody().generic("MADEUP", "/healthz")
    text = program.get("/metrics").content.decode()
    assert 'baophu_requests_total{method="GET",status="200",view="api:overview"}' in text
    assert 'baophu_requests_total{method="GET",status="404",view="none"}' in text
    assert 'baophu_requests_total{method="other",status="405",view="healthz"}' in text
    assert 'baophu_request_seconds_bucket{le="0.15",view="api:overview"}' in text
    assert "baophu_index_age_seconds" in text and "baophu_tasks_waiting_seconds 0.0" in text
    assert PROVINCE not in {word.split('"')[0] for word in text.split('="')} and pid(COMMUNE) not in text


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=0001-01-01"])
def test_days_near_the_ends_of_the_calendar_are_refused(make_user: Make, query: str) -> None:
    said = told(caller_of(make_user("auditor")).get(f"{API}/audit?{query}&lang=en"), 422)
    (error,) = said["errors"]
    assert error["where"] == f"query.{query.split('=')[0]}"
    assert "2000 to 2100" in error["reason"]


def test_a_browser_keeps_nothing_of_what_a_session_asked(make_user: Make) -> None:
    user, path = make_user("provincial", PROVINCE), f"{API}/areas/{PROVINCE}/overview"
    mark = caller_of(user).get(path).headers["ETag"]
    browser = browser_of(user)
    for answer in (browser.get(path), browser.get(path, HTTP_IF_NONE_MATCH=mark)):
        told(answer)
        assert "ETag" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
