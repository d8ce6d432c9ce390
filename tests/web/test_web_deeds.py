"""What is recorded and said at the site, in Chromium: by keyboard, in both languages, at both widths, read by axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from served import served
from site_by_hand import COMMUNE, PROVINCE, finding_id, write_run

from baophu.core.languages import LANGUAGES
from chromium import chromium_here

pytestmark = pytest.mark.browser
FINDING = f"/findings/{finding_id(COMMUNE)}"
COMMENTS = f"/areas/{PROVINCE}/comments"
PASSWORD = "baophu-demo"  # noqa: S105 (the terminal tells it)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("deeds") / "home"
    home.mkdir(mode=0o700)
    write_run(home)
    with served(home, "--demo", "--demo-area", COMMUNE) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_here() as browser:
        yield browser


def signed_in(chromium: Browser, site: str, name: str, lang: str = "vi", width: int = 1280) -> Page:
    """A page in which somebody of the demo accounts has signed in."""
    context = chromium.new_context(base_url=site, viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "baophu_lang", "value": lang, "url": site}])
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/areas/**")
    return page


def test_an_officer_records_an_outcome_and_the_committee_comments(chromium: Browser, site: str) -> None:
    officer = signed_in(chromium, site, "tinh")
    officer.goto(FINDING)
    officer.get_by_text("Ghi kết quả", exact=True).first.click()
    officer.get_by_label("Kết quả", exact=True).select_option("wrong")
    officer.get_by_label("Nếu sai: sổ nào ghi sai").select_option("population")
    officer.get_by_label("Lý do, ghi chú").fill("người này còn sống")
    officer.get_by_role("button", name="Ghi kết quả").click()
    assert "người này còn sống" in officer.inner_text("#outcomes >> xpath=..")
    committee = signed_in(chromium, site, "ban-chi-dao")
    committee.goto(f"/areas/{PROVINCE}")
    committee.get_by_text("Ghi ý kiến").click()
    committee.get_by_role("textbox", name="Ý kiến").fill("Vì sao tháng này giảm?")
    committee.get_by_role("button", name="Gửi ý kiến").click()
    officer.goto(COMMENTS)
    officer.get_by_text("Trả lời", exact=True).first.click()
    officer.get_by_label("Trả lời ý kiến này").fill("Hai đơn vị lớn đã dời đi.")
    officer.get_by_role("button", name="Gửi trả lời").click()
    committee.goto(f"/areas/{PROVINCE}")
    assert "Hai đơn vị lớn đã dời đi." in committee.inner_text("#comments")


@pytest.mark.parametrize("path", [FINDING, COMMENTS, f"/areas/{PROVINCE}"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sections_are_read_by_everybody(chromium: Browser, site: str, path: str, width: int, lang: str) -> None:
    page = signed_in(chromium, site, "tinh", lang, width)
    page.goto(path)
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
