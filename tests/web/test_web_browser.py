"""The site in Chromium, with a real server: everybody can read it, at every width, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from served import served
from site_by_hand import COMMUNE, PROVINCE, SHARE, employer_id, write_run

from baophu.core.languages import LANGUAGES
from chromium import chromium_here

pytestmark = pytest.mark.browser

PAGES = {
    "overview of the country": "/areas/00",
    "overview of a province": f"/areas/{PROVINCE}",
    "indicator": f"/areas/{PROVINCE}/indicators/{SHARE}",
    "targets": "/areas/00/targets",
    "forecast": f"/areas/{PROVINCE}/indicators/si_voluntary",
    "ranking": f"/areas/{PROVINCE}/ranking",
    "month of an employer": f"/employers/{employer_id(COMMUNE)}/months/2026-10",
    "calendar": f"/areas/{PROVINCE}/calendar",
    "what is taken away": f"/areas/{PROVINCE}/findings/take",
    "exports": "/exports",
    "keys to the API": "/account/tokens",
    "about the API": "/api/v1/docs",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with demo accounts and the small run, served as `baophu serve --demo` does."""
    home = tmp_path_factory.mktemp("served") / "home"
    home.mkdir(mode=0o700)
    write_run(home)
    with served(home, "--demo") as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_here() as browser:
        yield browser


def opened(chromium: Browser, site: str, lang: str, width: int = 1280, scheme: str = "light") -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_cookies([{"name": "baophu_lang", "value": lang, "url": site}])
    return context.new_page()


def signed_in(page: Page, site: str, username: str = "trung-uong") -> Page:
    page.goto(f"{site}/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", "baophu-demo")
    page.click("main button")
    return page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_of_accessibility_on_any_page(chromium: Browser, site: str, lang: str, scheme: str) -> None:
    page = opened(chromium, site, lang, scheme=scheme)
    page.goto(f"{site}/sign-in")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    signed_in(page, site)
    for name, path in PAGES.items():
        page.goto(site + path)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{name}: {results.generate_report()}"
    page.context.close()


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_nothing_stands_out_of_the_page_and_the_browser_complains_of_nothing(
    chromium: Browser, site: str, width: int
) -> None:
    page = opened(chromium, site, "vi", width)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    signed_in(page, site)
    for path in PAGES.values():
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    # A page that breaks its own policy of content says so there.
    assert said == []
    assert all(url.startswith((site, "data:")) for url in asked)
    page.context.close()


def test_from_the_country_down_to_a_commune_and_back(chromium: Browser, site: str) -> None:
    page = signed_in(opened(chromium, site, "vi"), site)
    assert page.url == f"{site}/areas/00"
    page.locator(f"svg.map a[href^='/areas/{PROVINCE}?']").click()
    assert page.url.startswith(f"{site}/areas/{PROVINCE}")
    page.locator("table.children tbody a").first.click()
    page.locator("a.card").first.click()
    assert "/indicators/si_total" in page.url
    page.locator(".crumbs a").first.click()
    assert page.url == f"{site}/areas/00/indicators/si_total"
    page.context.close()


def test_a_choice_of_another_indicator_changes_the_table_in_place(chromium: Browser, site: str) -> None:
    page = signed_in(opened(chromium, site, "en"), site)
    page.locator(".chip").nth(2).click()
    page.locator("table.children caption", has_text="Voluntary").wait_for()
    assert "show=si_voluntary" in page.url
    page.context.close()


def test_the_figures_print_on_paper_without_the_menu(chromium: Browser, site: str, tmp_path: Path) -> None:
    import pypdf

    page = signed_in(opened(chromium, site, "vi"), site)
    page.goto(f"{site}/areas/{PROVINCE}")
    page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    sheet = pypdf.PdfReader(tmp_path / "page.pdf").pages[0]
    assert (round(float(sheet.mediabox[2])), round(float(sheet.mediabox[3]))) == (595, 842)
    text = sheet.extract_text()
    assert "31/10/2026" in text
    assert "Đăng xuất" not in text
    page.context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_requests_breaches_and_accounts_can_be_handled_at_any_width(
    chromium: Browser, site: str, lang: str, width: int
) -> None:
    page = opened(chromium, site, lang, width=width)
    signed_in(page, site, "quan-tri")
    page.goto(f"{site}/privacy")
    page.click("details:first-of-type summary")
    page.fill("#request_reference", f"12/CV-{lang}-{width}")
    page.fill("#request_number", "999999999999")
    page.click("details[open] form button")
    shown = page.url
    page.goto(f"{site}/privacy")
    page.locator("details summary").last.click()
    page.fill("#breach_people", "3")
    page.fill("#breach_what", "Gửi nhầm thư")
    page.locator("details[open] form button").last.click()
    for path in (shown, page.url, f"{site}/users?user=co-so"):
        page.goto(path)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
