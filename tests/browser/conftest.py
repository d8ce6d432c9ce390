"""Debian's Chromium, and the page in both languages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from baophu.core.languages import LANGUAGES
from baophu.reports.page import page
from baophu.reports.view import view_of

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not here, and in CI nothing may be skipped")
        pytest.skip("Chromium is not here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """The page of the country and of a province, in both languages: (area, language) -> file."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for area in ("00", "79", "46"):
        for lang in LANGUAGES:
            path = folder / f"{area}-{lang}.html"
            path.write_text(page(view_of(area, date(2026, 11, 22), lang, folder / "home")), encoding="utf-8")
            found[area, lang] = path
    return found
