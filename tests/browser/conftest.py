"""Debian's Chromium, and the page in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from baophu.core.languages import LANGUAGES
from baophu.reports.page import page
from baophu.reports.view import view_of
from chromium import chromium_here


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with chromium_here() as browser:
        yield browser


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
