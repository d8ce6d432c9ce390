"""The page of an explanation in a real browser: everybody can read it, it breaks nowhere and loads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from baophu.core.languages import LANGUAGES
from baophu.core.numbers import read_month
from baophu.law.explain_commands import explained_month
from baophu.reports.explanation_page import explanation_page

pytestmark = pytest.mark.browser

WORKER = {"month": read_month("2026-10"), "group_code": "a", "region": "I", "wage": 200_000_000, "unpaid_days": 2}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, step = tmp_path_factory.mktemp("explained"), explained_month(WORKER)
    found = {}
    for lang in LANGUAGES:
        found[lang] = folder / f"{lang}.html"
        found[lang].write_text(explanation_page(step, lang), encoding="utf-8")
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_explanation_has_no_violation_of_accessibility(
    chromium: Browser, explained: dict[str, Path], lang: str, scheme: str
) -> None:
    tab = chromium.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    tab.goto(explained[lang].as_uri())
    results = Axe().run(tab)
    assert results.violations_count == 0, results.generate_report()
    tab.close()


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_an_explanation_fits_every_width(chromium: Browser, explained: dict[str, Path], width: int) -> None:
    tab = chromium.new_page(viewport={"width": width, "height": 900})
    tab.goto(explained["vi"].as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def test_an_explanation_asks_for_nothing_and_speaks_its_language(chromium: Browser, explained: dict[str, Path]) -> None:
    words = {"vi": ["Cách tính", "tính theo mức cao nhất"], "en": ["How it came about", "the ceiling counted"]}
    for lang, path in explained.items():
        tab = chromium.new_page()
        asked: list[str] = []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.goto(path.as_uri())
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        text = tab.locator("body").inner_text()
        assert all(word in text for word in words[lang])
        assert tab.locator("html").get_attribute("lang") == lang
        tab.close()


def test_what_was_told_before_is_a_link_to_where_it_was_told(chromium: Browser, explained: dict[str, Path]) -> None:
    tab = chromium.new_page()
    tab.goto(explained["en"].as_uri())
    link = tab.locator(".tree a").first
    target = link.get_attribute("href")
    assert target is not None
    title = link.locator("xpath=ancestor::li[1]").locator("strong").first.inner_text()
    assert tab.locator(target).locator("strong").first.inner_text() == title
    tab.close()
