"""What an operator meets: stale forms, the check of an installation, the desk of the site on either database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browsers import browser_of
from django.test import Client


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
