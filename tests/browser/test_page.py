"""The page in a real browser: it loads nothing, breaks nowhere, and everybody can read it."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = [(area, lang) for area in ("00", "79", "46") for lang in ("vi", "en")]
WIDTHS = {"phone": 390, "tablet": 820, "desk": 1280}


def opened(browser: Browser, path: Path, width: int = 1280, **options: object) -> Page:
    tab = browser.new_page(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
    tab.goto(path.as_uri())
    return tab


@pytest.mark.parametrize("which", PAGES, ids="-".join)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_of_accessibility(chromium: Browser, pages: dict[tuple[str, str], Path], which, scheme) -> None:  # type: ignore[no-untyped-def]
    tab = opened(chromium, pages[which], color_scheme=scheme)
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    results = Axe().run(tab)
    assert results.violations_count == 0, results.generate_report()
    tab.close()


@pytest.mark.parametrize("which", PAGES, ids="-".join)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_stands_out_of_the_page_at_any_width(
    chromium: Browser, pages: dict[tuple[str, str], Path], which, width
) -> None:  # type: ignore[no-untyped-def]
    tab = opened(chromium, pages[which], WIDTHS[width])
    wide = tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= WIDTHS[width]
    tab.close()


def test_the_page_asks_for_nothing_from_anywhere(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    tab = chromium.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(pages["00", "vi"].as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    assert tab.locator("script").count() == 0
    tab.close()


def test_the_text_is_set_in_the_pages_own_type(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    tab = opened(chromium, pages["00", "vi"])
    tab.evaluate("document.fonts.ready")
    for family in ("Be Vietnam Pro", "Baophu Figures"):
        assert tab.evaluate(f"[...document.fonts].some(f => f.family.includes('{family}') && f.status == 'loaded')")
    tab.close()


def test_figures_that_stand_under_each_other_have_one_width(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    tab = opened(chromium, pages["00", "vi"])
    widths = tab.evaluate(
        """() => ['1111111', '0000000', '4444444'].map(text => {
            const span = document.createElement('span'); span.className = 'num'; span.textContent = text;
            document.body.append(span); return span.getBoundingClientRect().width; })"""
    )
    assert len(set(widths)) == 1
    tab.close()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "vi",
            [
                "Người tham gia BHXH: hơn 20.040.000",
                "Chưa có dữ liệu",
                "chưa biết số giao (không phải 0)",
                "ngày làm việc",
            ],
        ),
        ("en", ["Social insurance: over 20,040,000", "No data yet", "not known yet (not zero)", "working days left"]),
    ],
)
def test_the_page_speaks_its_language(
    chromium: Browser, pages: dict[tuple[str, str], Path], lang: str, words: list[str]
) -> None:
    tab = opened(chromium, pages["00", lang])
    text = tab.locator("body").inner_text()
    for word in words:
        assert word in text.replace("\u00a0", " ")
    assert tab.locator("html").get_attribute("lang") == lang
    tab.close()


def test_a_card_leads_to_the_row_that_explains_it(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    tab = opened(chromium, pages["00", "vi"])
    tab.locator("a.card").first.click()
    anchor = tab.evaluate("location.hash.slice(1)")
    row = tab.locator(f"[id='{anchor}']")
    row.locator("summary").first.click()
    assert "403/NQ-CP" in row.inner_text()
    assert "nguồn: https://" in row.inner_text()
    tab.close()


def test_the_keyboard_reaches_every_card_and_detail(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    tab = opened(chromium, pages["00", "vi"])
    reached = set()
    for _ in range(12):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("document.activeElement.tagName + '.' + document.activeElement.className"))
    assert {"A.skip", "A.card", "SUMMARY."} <= reached
    tab.close()


def test_the_first_printed_page_holds_the_cards_the_way_and_the_map(
    chromium: Browser, pages: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    tab = opened(chromium, pages["00", "vi"])
    out = tmp_path / "page.pdf"
    tab.pdf(path=str(out), prefer_css_page_size=True, print_background=True)
    sheets = pypdf.PdfReader(out).pages
    assert 2 <= len(sheets) <= 5
    width, height = (float(size) for size in sheets[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)  # A4 in points
    first = sheets[0].extract_text()
    assert "Lộ trình đến chỉ tiêu" in first
    assert "Trường Sa" in first
    assert "Từng chỉ tiêu" not in first
    tab.close()


def test_an_area_without_targets_says_how_to_get_them(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    tab = opened(chromium, pages["46", "vi"])
    assert "baophu targets import" in tab.locator("main").inner_text()
    tab.close()
