"""What an operator meets: stale forms, the check of an installation, the desk of the site on either database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browsers import browser_of
from django.db import connection
from django.test import Client

from baophu.web.checking import problems


def test_a_form_without_its_token_is_answered_in_the_readers_language(make_user: Callable[..., Any]) -> None:
    user = make_user("ministry")
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1")
    strict.cookies.update(browser_of(user).cookies)
    answer = strict.post("/language", {"lang": "en"})
    assert answer.status_code == 403
    assert "Biểu mẫu đã hết hiệu lực" in answer.content.decode()
    strict.cookies["baophu_lang"] = "en"
    assert "The form is no longer valid" in strict.post("/sign-out").content.decode()
    assert strict.get("/account").status_code == 200, "nobody was signed out"


def found(home: Path) -> set[str]:
    """The ids of what the check of an installation finds."""
    return {one.id for one in problems(home)}


def test_an_installation_that_was_looked_after_has_no_problem(
    home: Path, make_user: Callable[..., Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"baophu.cookies", "baophu.administrator", "baophu.auditor", "baophu.backup"} <= found(home)
    settings.SECURE = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    make_user("administrator")
    make_user("auditor")
    monkeypatch.setattr("baophu.desk.backup.made", lambda home: [(datetime.now(UTC), Path("backup.age"))])
    assert found(home) == set()


def test_each_thing_that_is_not_safe_is_named(
    home: Path, make_user: Callable[..., Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["*"]
    user = make_user("ministry")
    user.is_demo = True
    user.save()
    home.chmod(0o755)
    monkeypatch.setattr("baophu.web.checking.KEY_LENGTH", 10_000)
    monkeypatch.setattr("baophu.web.checking.ROOM", 2**60)
    monkeypatch.setattr("baophu.web.checking.INDEX_DAYS", -100_000)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE desk_auditrecord SET actor = 'somebody else'")
    named = found(home)
    home.chmod(0o700)
    assert {f"baophu.{one}" for one in ("debug", "hosts", "demo", "home", "secret", "disk", "index", "audit")} <= named


def test_every_problem_is_told_in_both_languages(home: Path) -> None:
    for one in problems(home):
        assert one.what.vi != one.what.en, one.id
