"""Signing in: what is refused, in which words, and what somebody can do about where he is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsers import browser_of
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from site_by_hand import COMMUNE

from baophu.desk.models import AuditRecord
from baophu.web.accounts import actions, second_factor
from baophu.web.accounts.models import SignedIn

PASSWORD = "ba-con-ngua-di-qua-song"  # noqa: S105
OTHER = "mot-chiec-thuyen-tren-bien"


@pytest.fixture
def client() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def tries(client: Client, username: str, password: str, **more: str) -> Any:
    return client.post("/sign-in", {"username": username, "password": password, **more})


def refusal(response: Any) -> str:
    """The words of a refused sign-in, and all else of the page that depends on who tried."""
    text = response.content.decode()
    return re.sub(r'name="(csrfmiddlewaretoken|username)"[^>]*|value="[^"]*"', "", text)


def test_with_name_and_password_one_comes_to_his_area(client: Client, make_user: Callable[..., Any]) -> None:
    make_user("ministry", "79", name="minh", password=PASSWORD)
    assert tries(client, "minh", PASSWORD).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/areas/79"
    assert AuditRecord.objects.filter(action=AuditRecord.Action.SIGN_IN, subject="user:minh").exists()


def test_a_wrong_password_and_a_name_that_does_not_exist_are_answered_alike(
    client: Client, make_user: Callable[..., Any]
) -> None:
    make_user("ministry", name="minh", password=PASSWORD)
    wrong, unknown = tries(client, "minh", "x"), tries(client, "khong-co", "x")
    assert wrong.status_code == unknown.status_code == 422
    assert refusal(wrong) == refusal(unknown)
    assert "không đúng" in wrong.content.decode()


def test_after_five_wrong_tries_the_right_password_is_refused_in_the_same_words(
    client: Client, make_user: Callable[..., Any]
) -> None:
    make_user("ministry", name="minh", password=PASSWORD)
    wrong = [tries(client, "minh", "x") for _ in range(5)]
    locked = tries(client, "minh", PASSWORD)
    assert locked.status_code == 422
    assert refusal(locked) == refusal(wrong[0])
    assert client.get("/account").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/account", "/account"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_one_goes_on_to_this_site_only(
    client: Client, make_user: Callable[..., Any], wanted: str, goes_to: str
) -> None:
    make_user("ministry", name="minh", password=PASSWORD)
    assert tries(client, "minh", PASSWORD, next=wanted).headers["Location"] == goes_to


def test_the_forms_are_refused_without_their_token(make_user: Callable[..., Any]) -> None:
    make_user("ministry", name="minh", password=PASSWORD)
    strict = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    assert tries(strict, "minh", PASSWORD).status_code == 403


def test_a_session_elsewhere_is_listed_and_can_be_ended(make_user: Callable[..., Any]) -> None:
    user = make_user("ministry")
    here, there = browser_of(user), browser_of(user)
    assert here.get("/account").content.decode().count("Đăng xuất ở đó") == 1
    other = user.signed_in.exclude(session_key=here.session.session_key).get()
    here.post("/account/end-session", {"session": str(other.pk)})
    assert here.get("/account").status_code == 200
    assert there.get("/account").headers["Location"].startswith("/sign-in")


def test_nobody_ends_the_session_of_another(make_user: Callable[..., Any]) -> None:
    one, other = (
        browser_of(make_user("ministry", name="mot-nguoi")),
        browser_of(make_user("ministry", name="hai-nguoi")),
    )
    session = other.session.session_key
    one.post("/account/end-session", {"session": str(SignedIn.objects.get(session_key=session).pk)})
    assert other.get("/account").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(make_user: Callable[..., Any]) -> None:
    user = make_user("ministry", password=PASSWORD)
    here, there = browser_of(user), browser_of(user)
    answer = here.post("/password", {"present": PASSWORD, "new": OTHER, "again": OTHER})
    assert answer.headers["Location"] == "/account"
    assert here.get("/account").status_code == 200
    assert there.get("/account").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("new", "again", "says"),
    [(OTHER, OTHER[:-1], "không giống nhau"), ("ngan", "ngan", "12"), ("ministry-0012", "ministry-0012", "tên đăng")],
)
def test_a_weak_or_mistyped_password_is_refused(make_user: Callable[..., Any], new: str, again: str, says: str) -> None:
    browser = browser_of(make_user("ministry", name="ministry-001", password=PASSWORD))
    answer = browser.post("/password", {"present": PASSWORD, "new": new, "again": again})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_password_that_another_gave_must_be_changed_first(make_user: Callable[..., Any]) -> None:
    user = make_user("ministry", password=PASSWORD)
    actions.set_password(actor="quan-tri", user=user, password=OTHER)
    assert browser_of(user).get("/account").headers["Location"] == "/password"


def test_who_may_open_persons_must_set_up_a_code(make_user: Callable[..., Any]) -> None:
    browser = browser_of(make_user("commune", COMMUNE), verified=False)
    assert browser.get("/account").headers["Location"] == "/code/setup"


def test_who_opens_no_persons_needs_no_code(make_user: Callable[..., Any]) -> None:
    assert browser_of(make_user("ministry"), verified=False).get("/account").status_code == 200


def test_a_demo_account_needs_no_code(make_user: Callable[..., Any]) -> None:
    user = make_user("commune", COMMUNE)
    user.is_demo = True
    user.save()
    assert browser_of(user, verified=False).get("/account").status_code == 200


def test_the_code_is_set_up_once_and_asked_for_at_each_sign_in(make_user: Callable[..., Any]) -> None:
    user = make_user("commune", COMMUNE)
    first = browser_of(user, verified=False)
    first.get("/code/setup")
    code = f"{totp(TOTPDevice.objects.get(user=user).bin_key):06}"
    shown = first.post("/code/setup", {"code": code})
    assert shown.status_code == 200
    assert len(re.findall(r"<li><code>[0-9a-f]{10}</code></li>", shown.content.decode())) == 10
    assert first.get("/account").status_code == 200
    again = browser_of(user, verified=False)
    assert again.get("/account").headers["Location"] == "/code"
    assert again.post("/code", {"code": "000000"}).status_code == 422
    # A second authenticator is not set up by who has not shown the first one's code.
    assert again.get("/code/setup").headers["Location"] == "/code"


def test_a_recovery_code_works_once(make_user: Callable[..., Any]) -> None:
    user = make_user("commune", COMMUNE)
    TOTPDevice.objects.create(user=user, name="authenticator", confirmed=True)
    code = second_factor.recovery_codes(user)[0]
    first, second = browser_of(user, verified=False), browser_of(user, verified=False)
    assert first.post("/code", {"code": code}).status_code == 302
    assert first.get("/account").status_code == 200
    assert second.post("/code", {"code": code}).status_code == 422
    assert second.get("/account").headers["Location"] == "/code"


def test_a_closed_account_is_out_at_once(make_user: Callable[..., Any]) -> None:
    user = make_user("ministry", name="minh", password=PASSWORD)
    browser = browser_of(user)
    actions.deactivate(actor="quan-tri", user=user)
    assert browser.get("/account").headers["Location"].startswith("/sign-in")
    assert tries(Client(HTTP_HOST="127.0.0.1"), "minh", PASSWORD).status_code == 422
