"""Pages whose inside is kept: quick the second time, and nobody sees what was kept for others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsers import browser_of
from site_by_hand import COMMUNE, FAR, PROVINCE, company, finding_id

from baophu.web import keeping
from baophu.web.keeping import SHELF, TOKEN, Shelf

Browser = Callable[..., Any]


def text(browser: Any, path: str) -> str:
    """What a page says."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def inside(page: str) -> str:
    """A page between its frame, without the tokens of forms."""
    main = page.split("<main", 1)[1].split("</main>")[0]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main)


@pytest.mark.parametrize(
    "path",
    [f"/areas/{PROVINCE}", f"/areas/{PROVINCE}/findings", f"/areas/{PROVINCE}/employers", f"/areas/{PROVINCE}/targets",
     f"/areas/{PROVINCE}/indicators/si_total"],
)  # fmt: skip
def test_a_page_is_the_same_the_second_time_and_in_the_frame_of_who_looks(make_user: Browser, path: str) -> None:
    lan, minh = (make_user("provincial", PROVINCE, name=name) for name in ("lan", "minh"))
    first = text(browser_of(lan), path)
    again = text(browser_of(lan), path)
    other = text(browser_of(minh), path)
    assert inside(first) == inside(again) == inside(other)
    assert "Somebody lan" in again and "Somebody minh" not in again
    assert "Somebody minh" in other and "Somebody lan" not in other
    assert re.search("<title>(.*)</title>", first)[1] == re.search("<title>(.*)</title>", other)[1]  # type: ignore[index]
    assert TOKEN not in first + again + other


def test_what_was_kept_for_one_scope_is_not_shown_to_another(make_user: Browser) -> None:
    path = f"/areas/{COMMUNE}/findings"
    national, sensitive = make_user("national"), make_user("national", name="other", sensitive=True)
    assert finding_id(COMMUNE) in text(browser_of(national), path)
    for user in (make_user("ministry"), make_user("commune", FAR)):
        answer = browser_of(user).get(path)
        assert answer.status_code == 403
        assert finding_id(COMMUNE) not in answer.content.decode()
    kept = len(SHELF._kept)
    text(browser_of(sensitive), path)
    assert len(SHELF._kept) == kept + 1, "whoever may see more has a page of his own"


def test_a_role_that_was_taken_back_shows_nothing_of_what_was_kept(make_user: Browser) -> None:
    user = make_user("provincial", PROVINCE)
    browser = browser_of(user)
    assert company(COMMUNE) in text(browser, f"/areas/{PROVINCE}/employers")
    user.grants.all().delete()
    assert browser.get(f"/areas/{PROVINCE}/employers").status_code == 403


def test_each_language_and_each_filter_is_kept_for_itself(make_user: Browser) -> None:
    browser = browser_of(make_user("national"))
    vietnamese = inside(text(browser, "/areas/00/findings"))
    browser.cookies["baophu_lang"] = "en"
    assert inside(text(browser, "/areas/00/findings")) != vietnamese
    assert finding_id(COMMUNE) not in inside(text(browser, "/areas/00/findings?kind=late"))


def test_what_is_kept_gets_old(make_user: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_of(make_user("national"))
    monkeypatch.setattr(keeping, "SECONDS", -1)
    text(browser, "/areas/00")
    (key,) = SHELF._kept
    assert SHELF.get(key) is None, "who asks first makes it anew"
    assert SHELF.get(key) is not None, "and the others see the old one until he has"


def test_a_full_shelf_throws_the_longest_unused_away() -> None:
    shelf = Shelf(room=400)
    for number in range(30):
        shelf.put(str(number).encode(), {"main": f"{number:050d}"})
        shelf.get(b"0")
    assert shelf.get(b"0") == {"main": f"{0:050d}"}
    assert shelf.get(b"1") is None
    assert shelf._used == sum(len(packed) for _, packed in shelf._kept.values()) <= 400
