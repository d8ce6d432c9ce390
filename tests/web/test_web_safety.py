"""Headers, cookies, the log, and where demo accounts may be served."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from browsers import browser_of
from django.test import Client

from baophu.core.errors import BaophuError
from baophu.web.logs import NoPersons
from baophu.web.serving import is_loopback, refuse_demo


def test_a_page_runs_only_what_the_site_itself_serves(make_user: Callable[..., Any]) -> None:
    answer = browser_of(make_user("ministry")).get("/account")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_a_page_is_kept_by_nobody_and_framed_by_nobody(make_user: Callable[..., Any]) -> None:
    headers = browser_of(make_user("ministry")).get("/account").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_a_script_or_a_style_of_its_own(make_user: Callable[..., Any]) -> None:
    browser = browser_of(make_user("national"))
    for path in ("/account", "/password", "/areas/00", "/areas/00/indicators/si_total", "/areas/00/targets"):
        text = browser.get(path).content.decode()
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert " on" not in "".join(part.split(">")[0] for part in text.split("<")[1:] if "onclick" in part), path
        assert all(" src=" in part.split(">")[0] for part in text.split("<script")[1:]), path


def test_the_cookies_are_out_of_reach_for_scripts_and_other_sites(make_user: Callable[..., Any], settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    make_user("ministry", name="minh", password="ba-con-ngua-di-qua-song")  # noqa: S106
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/sign-in", {"username": "minh", "password": "ba-con-ngua-di-qua-song"})
    cookie = client.cookies["baophu_session"]
    assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Lax"
    client.get("/sign-in")
    assert client.cookies["baophu_csrf"]["httponly"]


def test_another_name_of_the_host_is_refused(home: object) -> None:
    assert Client(HTTP_HOST="example.org").get("/sign-in").status_code == 400


def test_whether_the_server_lives_is_told_to_all_and_nothing_else(home: object) -> None:
    assert Client(HTTP_HOST="127.0.0.1").get("/healthz").json() == {"status": "ok"}


def test_the_log_names_the_place_of_an_error_and_no_person() -> None:
    def fails() -> None:
        raise ValueError("Nguyễn Thị Hoa 079099000001")

    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Error: %s", ("/x?q=079099000001",), None)
    try:
        fails()
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    NoPersons().filter(record)
    text = logging.Formatter().format(record)
    assert "079099000001" not in text
    assert "Hoa" not in text
    assert "ValueError at test_web_safety.py" in text


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_this_machines_own_addresses(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.5", "baophu.example.org", "*"])  # noqa: S104
def test_demo_accounts_are_served_on_this_machine_only(make_user: Callable[..., Any], address: str) -> None:
    refuse_demo(address)
    user = make_user("ministry")
    user.is_demo = True
    user.save()
    with pytest.raises(BaophuError, match=r"tài khoản mẫu|demo accounts"):
        refuse_demo(address)
    refuse_demo("127.0.0.1")
