"""A morning's work of each role, in a browser: from the first sign-in to the list, the row, the file, and out again.

Every page that is opened on the way is looked at: nobody is shut out of it (axe), nothing stands out of it at desk and
phone width, it is in the language that was chosen, and the browser complains of nothing.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from django_otp.oath import totp
from office import FIRST_PASSWORD
from playwright.sync_api import Browser, Download, Locator, Page
from served import served
from site_by_hand import (
    COMMUNE,
    FAR,
    OTHER_PROVINCE,
    PROVINCE,
    SIBLING,
    company,
    employer_id,
    finding_id,
    person,
    person_name,
    pid,
    write_run,
)
from test_web_rules import addresses

from baophu.core.languages import LANGUAGES, Language, Text
from baophu.results.masking import mask
from chromium import chromium_here

pytestmark = pytest.mark.browser

WIDTHS = {"desk": 1280, "phone": 390}
# Whose list needs somebody's approval: more people than may be taken away unasked.
CROWD = 1_000
PASSWORD = "sang-som-nay-troi-quang-may"  # noqa: S105 (of accounts that end with the tests)
AS_OF = {"vi": "31/10/2026", "en": "31 Oct 2026"}
PURPOSE = "Theo công văn 12 của Bảo hiểm xã hội tỉnh"
ROLES = {
    "national": ("national", "00"),
    "provincial": ("provincial", PROVINCE),
    "commune": ("commune", COMMUNE),
    "keyboard": ("commune", SIBLING),
    "asking": ("provincial", OTHER_PROVINCE),
    "manager": ("manager", OTHER_PROVINCE),
    "committee": ("committee", "00"),
    "ministry": ("ministry", "00"),
    "auditor": ("auditor", "00"),
    "administrator": ("administrator", "00"),
    "lost": ("provincial", PROVINCE),
}
FORCED = {"national", "provincial", "commune", "manager", "auditor", "administrator"}
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
# What is no page: deeds, which lead back to one; files; what programs ask for.
NO_PAGES = {
    "home", "language", "sign-out", "end-session", "tokens-revoke", "users-tokens-revoke", "users-create",
    "users-grant", "users-revoke",
    "users-password", "users-code", "users-close", "export-again", "export-withdraw", "decide",
    "privacy-request", "privacy-step", "privacy-breach", "privacy-breach-step", "privacy-held",
    "healthz", "metrics", "chart", "calendar-file", "export-file",
}  # fmt: skip
# (language, page) that axe has seen in this process.
SEEN: set[tuple[str, str]] = set()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with the small run and, for each language, an account of every role."""
    home = tmp_path_factory.mktemp("mornings") / "home"
    home.mkdir(mode=0o700)
    write_run(home, CROWD)
    accounts = [(f"{name}.{lang}", *held) for name, held in ROLES.items() for lang in LANGUAGES]
    office = Path(__file__).with_name("office.py")
    subprocess.run([sys.executable, str(office), str(home)], input=json.dumps(accounts), text=True, check=True)
    with served(home) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_here() as browser:
        yield browser


@dataclass
class Morning:
    """Somebody at work: his browser, his language, what he has at hand."""

    page: Page
    site: str
    lang: Language
    width: int
    files: Path
    codes: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def say(self, vi: str, en: str) -> str:
        """The words as his pages have them."""
        return Text(vi, en).say(self.lang)

    @property
    def path(self) -> str:
        """Where he is."""
        return urlsplit(self.page.url).path

    @property
    def main(self) -> Locator:
        """What the page is about."""
        return self.page.locator("main")

    def hears(self, words: str) -> None:
        """Note what the browser complains of; a form that comes back to be mended (422) is as it should be."""
        if "status of 422" not in words:
            self.complaints.append(words)

    def look(self, state: str = "") -> None:
        """Look at the page as it is; `state` tells a page from itself before something was done on it."""
        found = resolve(self.path)
        name = f"{found.view_name} {state}".strip()
        assert self.page.locator("html").get_attribute("lang") == self.lang, self.path
        for width in (*WIDTHS.values(), self.width):
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{self.path} is {wide} wide at {width}"
        if (self.lang, name) not in SEEN:
            SEEN.add((self.lang, name))
            results = Axe().run(self.page)
            assert results.violations_count == 0, f"{self.path} ({self.lang}): {results.generate_report()}"
        assert self.complaints == [], self.path

    def open(self, path: str, state: str = "") -> None:
        """Open an address, as one that a colleague sent."""
        self.page.goto(self.site + path)
        self.look(state)

    def press(self, what: Locator, state: str = "") -> None:
        """Press a link or button that leads on, and look at where it leads."""
        what.click()
        self.page.wait_for_load_state()
        self.look(state)

    def menu(self, vi: str, en: str) -> None:
        """Choose a page from the menu."""
        self.press(self.page.locator(".bar nav").get_by_role("link", name=self.say(vi, en)).first)

    def link(self, vi: str, en: str) -> Locator:
        """A link of the page by its words."""
        return self.main.get_by_role("link", name=self.say(vi, en), exact=True).first

    def button(self, vi: str, en: str) -> Locator:
        """A button of the page by its words."""
        return self.main.get_by_role("button", name=self.say(vi, en), exact=True).first

    def fill(self, name: str, words: str) -> None:
        """Write into a field of the page's form."""
        self.main.locator(f"[name={name}]:visible").first.fill(words)

    def search(self, words: str) -> str:
        """Look for something in the box on top; return what is found."""
        self.page.fill("#q", words)
        with self.page.expect_navigation(url="**/search?*"):
            self.page.press("#q", "Enter")
        self.look("with words")
        return self.main.inner_text()

    def refused(self, path: str) -> None:
        """What is not his is refused, and the page says so in his language."""
        answer = self.page.goto(self.site + path)
        assert answer is not None and answer.status in (403, 404), path
        # The browser tells of the refusal, as it should.
        self.complaints.clear()
        self.look("refused")

    def taken(self, link: Locator) -> Path:
        """Take away what a link gives; return the file."""
        with self.page.expect_download() as caught:
            link.click()
        return self._kept(caught.value)

    def _kept(self, download: Download) -> Path:
        path = self.files / f"{self.lang}-{download.suggested_filename}"
        download.save_as(path)
        return path

    def excel(self, link: Locator) -> list[tuple[Any, ...]]:
        """Take a workbook away and open it; return the rows of its first sheet."""
        path = self.taken(link)
        assert path.suffix == ".xlsx"
        return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))

    def prints(self) -> None:
        """On paper there is no menu and no form, and it says of when the figures are and who printed them."""
        self.page.emulate_media(media="print")
        for hidden in ("header.top", ".find", ".take"):
            assert not any(one.is_visible() for one in self.page.locator(hidden).all()), hidden
        assert AS_OF[self.lang] in self.page.locator("p.printed").first.inner_text()
        assert self.page.locator("p.printed.by").is_visible()
        self.page.emulate_media(media="screen")

    def sign_out(self) -> None:
        """Leave; what was open is closed to whoever comes next."""
        left = self.page.url
        self.press(self.page.locator(".who form").last.locator("button"))
        assert self.path == "/sign-in"
        self.page.goto(left)
        assert self.path == "/sign-in"
        self.page.context.close()

    def give_names(self, username: str, password: str) -> None:
        """Fill in the sign-in page."""
        self.fill("username", username)
        self.fill("password", password)
        self.press(self.button("Đăng nhập", "Sign in"))

    def set_up_code(self) -> None:
        """Set up the second factor from what the page shows, and note down the recovery codes."""
        assert self.path == "/code/setup"
        secret = base64.b32decode(self.page.locator(".secret").inner_text())
        self.fill("code", f"{totp(secret):06}")
        self.press(self.button("Xác nhận", "Confirm"), "recovery codes")
        self.codes = self.page.locator(".codes code").all_inner_texts()
        assert len(self.codes) == 10
        self.press(self.link("Đã chép lại, tiếp tục", "Noted down, go on"))


Begin = Callable[..., Morning]


@pytest.fixture
def begin(chromium: Browser, site: str, tmp_path: Path) -> Iterator[Begin]:
    """Begin somebody's morning: the first sign-in, with a new password, and a second factor where it is forced."""
    begun: list[Morning] = []

    def comes(name: str, lang: Language, width: str = "") -> Morning:
        own = WIDTHS[width or ("desk" if lang == "vi" else "phone")]
        page = chromium.new_context(viewport={"width": own, "height": 900}).new_page()
        page.set_default_timeout(15_000)
        one = Morning(page, site, "vi", own, tmp_path)
        page.on("console", lambda message: one.hears(message.text))
        begun.append(one)
        one.open("/")
        assert one.path == "/sign-in"
        if lang == "en":
            one.lang = "en"
            one.press(page.get_by_role("button", name="English"))
        one.give_names(f"{name}.{lang}", FIRST_PASSWORD)
        assert one.path == "/password"
        one.fill("present", FIRST_PASSWORD)
        one.fill("new", PASSWORD)
        one.fill("again", PASSWORD)
        one.press(one.main.locator("form button").first)
        if ROLES[name][0] in FORCED:
            one.set_up_code()
        else:
            one.press(page.locator(".brand"))
        return one

    yield comes
    for one in begun:
        one.page.context.close()


def words_of(rows: list[tuple[Any, ...]]) -> str:
    """All that a sheet says."""
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


@BOTH
def test_a_national_officer_goes_from_the_country_down_to_a_row_and_its_law(begin: Begin, lang: Language) -> None:
    he = begin("national", lang)
    assert he.path == "/areas/00"
    he.press(he.page.locator(f"svg.map a[href^='/areas/{PROVINCE}?']"))
    he.press(he.page.locator(f"table.children th a[href^='/areas/{COMMUNE}?']"))
    he.press(he.page.locator(f"a[href='/areas/{COMMUNE}/findings?kind=uninsured_worker']"))
    assert he.main.locator("#list tbody tr").count() == 1
    he.press(he.main.locator("#list tbody th a"))
    assert he.path == f"/findings/{finding_id(COMMUNE)}"
    said = he.main.inner_text()
    assert he.say("Căn cứ pháp luật", "Law") in said and "41/2024/QH15" in said
    assert company(COMMUNE) in said and mask(pid(COMMUNE)) in said and pid(COMMUNE) not in said
    he.press(he.link(company(COMMUNE), company(COMMUNE)))
    he.press(he.main.locator("a[href$='/months/2026-10']").first)
    he.main.locator(".tree.law details summary").first.click()
    assert he.say("Căn cứ", "By") in he.main.locator(".tree.law").first.inner_text()
    he.look("opened")

    he.open(f"/areas/{COMMUNE}/findings")
    rows = he.excel(he.link("Excel", "Excel"))
    text = words_of(rows)
    assert finding_id(COMMUNE) in text and mask(pid(COMMUNE)) in text and pid(COMMUNE) not in text
    assert AS_OF[lang] in text and "20261102T080000000000Z" in text

    for words in ("Trần Thị Riêng", "tran thi rieng"):
        assert person_name(COMMUNE) in he.search(words) and pid(COMMUNE) not in he.main.inner_text()
    for words in ("Công ty Riêng", "cong ty rieng"):
        assert company(FAR) in he.search(words)
    for words in ("Hồ Chí Minh", "ho chi minh"):
        assert he.say("Thành phố Hồ Chí Minh", "Ho Chi Minh City") in he.search(words)

    he.open(f"/areas/{COMMUNE}/findings")
    he.prints()
    he.sign_out()


@BOTH
def test_a_provincial_officer_sees_to_his_province(begin: Begin, lang: Language) -> None:
    he = begin("provincial", lang)
    assert he.path == f"/areas/{PROVINCE}"
    he.press(he.page.locator("a.card").first)
    assert he.path == f"/areas/{PROVINCE}/indicators/si_total"
    he.press(he.link("Bảng xếp hạng các đơn vị, so với tháng trước", "The ranking of these areas, with its changes"))
    assert he.main.locator("tbody tr").count() == 2
    he.menu("Lịch", "Calendar")
    # A month as a colleague sent it: what is due then does not hang on today.
    he.open(f"/areas/{PROVINCE}/calendar?month=2026-11", "of a month")
    he.press(he.main.locator(".deadlines a[href*='/employers?step=']").first)
    assert company(COMMUNE) in he.main.inner_text() and company(SIBLING) in he.main.inner_text()
    he.press(he.main.locator(f"a[href='/employers/{employer_id(SIBLING)}']"))
    assert company(SIBLING) in words_of(he.excel(he.link("Excel", "Excel")))
    he.menu("Lần nạp", "Loads")
    he.menu("Chỉ tiêu", "Targets")
    he.refused(f"/areas/{OTHER_PROVINCE}")
    he.refused(f"/findings/{finding_id(FAR)}")
    assert company(FAR) not in he.search("Công ty Riêng")
    he.sign_out()


@BOTH
def test_a_commune_officer_opens_a_person_and_says_what_for(begin: Begin, lang: Language) -> None:
    he = begin("commune", lang, "phone" if lang == "vi" else "desk")
    assert he.path == f"/areas/{COMMUNE}"
    he.menu("Cần xử lý", "Findings")
    he.press(he.main.locator("#list tbody th a"))
    he.main.locator("details summary", has_text=he.say("Ghi kết quả", "Record")).first.click()
    he.main.locator("#outcome_outcome").select_option("confirmed")
    he.main.locator("#outcome_why").fill(f"Đã gặp đơn vị ({lang})")
    he.press(he.button("Ghi kết quả", "Record it"), "with an outcome")
    assert f"Đã gặp đơn vị ({lang})" in he.main.locator("table.stack").last.inner_text()
    he.press(he.main.locator(f"a[href='/persons/{person(COMMUNE)}']"))
    assert person_name(COMMUNE) in he.main.inner_text() and pid(COMMUNE) not in he.main.inner_text()
    he.fill("purpose", "ngắn")
    # The browser itself asks for more words, and sends nothing.
    he.button("Xem đủ số", "Show the numbers").click()
    assert pid(COMMUNE) not in he.main.inner_text()
    he.fill("purpose", PURPOSE)
    he.press(he.button("Xem đủ số", "Show the numbers"), "revealed")
    assert pid(COMMUNE) in he.main.inner_text() and pid(COMMUNE) not in he.page.url
    he.prints()
    he.open(f"/persons/{person(COMMUNE)}")
    assert pid(COMMUNE) not in he.main.inner_text()
    assert company(COMMUNE) in words_of(he.excel(he.link("Excel", "Excel")))
    he.refused(f"/persons/{person(SIBLING)}")
    he.refused(f"/areas/{SIBLING}/findings")
    assert person_name(SIBLING) not in he.search("tran thi rieng")
    he.sign_out()


def with_keys(page: Page, sought: Locator) -> None:
    """Go with the Tab key to something that can be pressed, and press it."""
    handle = sought.element_handle()
    for _ in range(150):
        page.keyboard.press("Tab")
        if handle.evaluate("one => one === document.activeElement"):
            outline = handle.evaluate("one => getComputedStyle(one).outlineStyle")
            assert outline != "none", "where the keyboard is cannot be seen"
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError("the keyboard does not get there")


@BOTH
def test_a_morning_with_the_keyboard_alone(begin: Begin, lang: Language) -> None:
    he = begin("keyboard", lang)
    page = he.page
    # The first stop passes by the menu.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    with_keys(page, he.main.locator(f"a[href='/areas/{SIBLING}/findings?kind=uninsured_worker']"))
    page.wait_for_url("**/findings?kind=*")
    with_keys(page, he.main.locator("#list tbody th a"))
    page.wait_for_url("**/findings/F*")
    with_keys(page, he.main.locator("a[href^='/persons/']"))
    page.wait_for_url("**/persons/*")
    purpose = he.main.locator("[name=purpose]").element_handle()
    while not purpose.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type(PURPOSE)
    page.keyboard.press("Enter")
    page.get_by_text(pid(SIBLING)).first.wait_for()
    box = page.locator("#q")
    while not box.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.type("tran thi rieng")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    with_keys(page, he.main.locator(f"a[href='/persons/{person(SIBLING)}']"))
    with_keys(page, page.locator(".who form").last.locator("button"))
    page.wait_for_url("**/sign-in*")


@BOTH
def test_a_manager_approves_the_list_that_an_officer_asks_for(begin: Begin, lang: Language) -> None:
    officer = begin("asking", lang)
    officer.menu("Cần xử lý", "Findings")
    officer.press(officer.link("Excel", "Excel"))
    assert officer.path == f"/areas/{OTHER_PROVINCE}/findings/take"
    officer.press(officer.button("Gửi duyệt", "Send for approval"), "without a purpose")
    officer.fill("purpose", PURPOSE)
    officer.press(officer.button("Gửi duyệt", "Send for approval"), "waiting")
    assert officer.path == "/exports"

    manager = begin("manager", lang)
    manager.menu("Tải về", "Exports")
    manager.press(manager.link("Danh sách chờ bạn duyệt", "Lists that wait for your approval"))
    asked = manager.main.locator("section.asked", has_text=f"asking.{lang}")
    assert PURPOSE in asked.inner_text()
    manager.press(asked.get_by_role("button", name=manager.say("Duyệt", "Approve"), exact=True), "decided")
    assert manager.main.locator("section.asked", has_text=f"asking.{lang}").count() == 0
    manager.sign_out()

    # The page looks again by itself while the list is being prepared.
    officer.open("/exports", "busy")
    file = officer.link("Nhận tệp", "Fetch the file")
    file.wait_for(timeout=60_000)
    officer.look("ready")
    rows = officer.excel(file)
    listed = [row for row in rows if re.fullmatch(r"F\d{5}(-\d{5})?", str(row[-1] or ""))]
    assert len(listed) == CROWD + 1
    assert pid(FAR) not in words_of(rows) and PURPOSE in words_of(rows)
    officer.sign_out()


@BOTH
def test_the_steering_committee_reads_figures_and_no_rows(begin: Begin, lang: Language) -> None:
    they = begin("committee", lang)
    assert they.path == "/areas/00"
    assert they.page.locator(".bar nav").get_by_role("link", name=they.say("Cần xử lý", "Findings")).count() == 0
    they.press(they.page.locator(f"table.children th a[href^='/areas/{PROVINCE}?']"))
    they.press(they.page.locator(f"table.children th a[href^='/areas/{SIBLING}?']"))
    they.press(they.page.locator(".crumbs a").first)
    assert AS_OF[lang] in words_of(they.excel(they.link("Excel", "Excel")))
    they.prints()
    they.main.locator("#comments details summary").last.click()
    they.main.locator("#comment").fill(f"Đề nghị báo cáo thêm ({lang})")
    they.press(they.button("Gửi ý kiến", "Send the comment"), "commented")
    they.open("/areas/00/comments")
    assert f"Đề nghị báo cáo thêm ({lang})" in they.main.inner_text()
    they.menu("Chỉ tiêu", "Targets")
    assert "403/NQ-CP" in they.main.inner_text()
    they.refused("/areas/00/findings")
    they.refused(f"/employers/{employer_id(COMMUNE)}")
    found = they.search("riêng")
    assert company(COMMUNE) not in found and person_name(COMMUNE) not in found
    they.sign_out()


@BOTH
def test_a_ministry_reader_takes_a_chart_and_a_table_away(begin: Begin, lang: Language) -> None:
    he = begin("ministry", lang)
    he.open("/areas/00/indicators/si_voluntary")
    picture = he.main.locator("p.ways a").all()
    forms = {he.taken(one).read_bytes()[:4] for one in picture[:2]}
    assert b"\x89PNG" in forms and b"<svg" in forms
    he.menu("Chỉ tiêu", "Targets")
    assert "403/NQ-CP" in words_of(he.excel(he.link("Excel", "Excel")))
    for words in ("Hà Nội", "ha noi"):
        assert he.say("Thành phố Hà Nội", "Hanoi City") in he.search(words)
    he.press(he.main.locator(f"a[href='/areas/{OTHER_PROVINCE}']"))
    # What he was looking at is an address that he may pass on; the next asks for it in a browser of its own.
    assert he.path == f"/areas/{OTHER_PROVINCE}"
    he.refused("/audit")
    he.sign_out()


@BOTH
def test_an_auditor_finds_who_opened_whom(begin: Begin, lang: Language) -> None:
    officer = begin("lost", lang)
    officer.open(f"/persons/{person(COMMUNE)}")
    # Somebody without his phone signs in with one of the codes that he noted down.
    officer.press(officer.page.locator(".who form").last.locator("button"))
    officer.give_names(f"lost.{lang}", PASSWORD)
    assert officer.path == "/code"
    officer.fill("code", officer.codes[0])
    officer.press(officer.button("Tiếp tục", "Go on"))
    officer.sign_out()

    he = begin("auditor", lang)
    he.menu("Nhật ký", "Record")
    assert he.say("Nguyên vẹn", "Sound") in he.main.inner_text()
    he.fill("actor", f"lost.{lang}")
    he.main.locator("[name=action]").select_option("persons.open")
    he.press(he.button("Tìm", "Find"), "filtered")
    rows = he.main.locator("#list tbody tr")
    assert rows.count() == 1 and person(COMMUNE) in rows.first.inner_text()
    assert f"person:{person(COMMUNE)}" in words_of(he.excel(he.link("Excel", "Excel")))
    he.menu("Dữ liệu cá nhân", "Personal data")
    he.menu("Lần nạp", "Loads")
    he.refused(f"/persons/{person(COMMUNE)}")
    he.sign_out()


@BOTH
def test_an_administrator_gives_a_colleague_an_account(begin: Begin, lang: Language) -> None:
    he = begin("administrator", lang)
    assert he.path == "/users"
    he.menu("Dữ liệu cá nhân", "Personal data")
    he.menu("Tài khoản", "Accounts")
    name = f"new.colleague.{lang}"
    he.fill("username", name)
    he.fill("full_name", "Lê Thị Mới")
    he.main.locator("form[action='/users/create'] [name=role]").select_option("provincial")
    he.fill("area", "Hồ Chí Minh")
    he.press(he.button("Tạo tài khoản", "Make the account"), "made")
    password = he.page.locator(".secret").first.inner_text()
    assert len(password) >= 12
    he.open(f"/users?user={name}", "one")
    assert he.main.locator("section[aria-labelledby=one] tbody tr").count() == 1
    he.press(he.link("Khóa API của tài khoản này", "Keys to the API of this account"))
    he.page.locator(".who > a").click()
    he.look()
    he.press(he.link("Khóa API", "Keys to the API"))
    he.press(he.link("Tài liệu API", "About the API"))
    he.refused("/areas/00")
    he.sign_out()


def test_every_page_was_opened_in_both_languages(request: pytest.FixtureRequest) -> None:
    """A new page is to be opened in somebody's morning, or named in NO_PAGES."""
    mornings = {name for name in vars(request.module) if name.startswith("test_")}
    ran = {item.originalname for item in request.session.items if item.path == request.path}  # type: ignore[attr-defined]
    if ran != mornings or request.session.testsfailed:
        pytest.skip("not all mornings were run, or one of them failed")
    pages = {kind_of(address.name) for address in addresses() if not address.path.startswith("api/")} - NO_PAGES
    for lang in LANGUAGES:
        assert pages - {kind_of(name.split()[0]) for of, name in SEEN if of == lang} == set()


def kind_of(page: str) -> str:
    """What a page is; the forms by which things are taken away are one."""
    return "take" if page.startswith("take-") else page
