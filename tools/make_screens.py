"""Makes the pictures of the site: a home is served with its demo accounts, and pages are photographed in Chromium.

python tools/make_screens.py [--home HOME] [--all FOLDER]

The home is the one that `python3 dev.py run` leaves (out/home), whose country is generated; give another of more months
for longer lines. What README and docs show goes to docs/images; `--all` photographs every page instead, at desk and
phone width in both languages, to be looked at.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from baophu.core.languages import LANGUAGES

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PROVINCE = "79"
WIDTHS = {"desk": 1280, "phone": 390}
HEIGHT = 900
# A home that was never served is prepared for the pages first.
SECONDS = 900
# What README and docs show: file, language, who, page, what is on top of the picture, its width and height.
SHOWN = [
    ("site.png", "vi", "trung-uong", "area", "body", 1280, 810),
    ("site-finding.png", "vi", "trung-uong", "finding", "body", 1280, 900),
    ("site-areas-en.png", "en", "trung-uong", "area", "#list", 1280, 860),
    ("site-phone-en.png", "en", "tinh", "home", "body", 390, 844),
]
Way = Callable[[Page, str], None]


def at(path: str) -> Way:
    """Return the way to a page whose address is known."""
    return lambda page, site: _go(page, site + path)


def by(begin: Way, *links: str) -> Way:
    """Return the way to a page through links, each named by a selector."""

    def go(page: Page, site: str) -> None:
        begin(page, site)
        for link in links:
            _go(page, page.locator(link).first.evaluate("one => one.href"))

    return go


def _go(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("document.fonts.ready")


FINDINGS = at("/areas/00/findings?kind=uninsured_worker")
EMPLOYER = by(at(f"/areas/{PROVINCE}/employers"), "#list tbody th a")
PAGES: dict[str, dict[str, Way]] = {
    "": {"sign-in": at("/sign-in")},
    "trung-uong": {
        "home": at("/"),
        "area": at("/areas/00"),
        "province": at(f"/areas/{PROVINCE}"),
        "indicator": at("/areas/00/indicators/si_voluntary"),
        "share": at(f"/areas/{PROVINCE}/indicators/si_coverage_labour_force"),
        "ranking": at("/areas/00/ranking"),
        "targets": at("/areas/00/targets"),
        "calendar": at(f"/areas/{PROVINCE}/calendar"),
        "findings": at("/areas/00/findings"),
        "finding": by(FINDINGS, "#list tbody th a"),
        "person": by(FINDINGS, "#list tbody th a", "a[href^='/persons/']"),
        "employers": at(f"/areas/{PROVINCE}/employers"),
        "employer": EMPLOYER,
        "employer-month": by(EMPLOYER, "a[href*='/months/']"),
        "search": at("/search?q=nguyen+van+an"),
        "take": at("/areas/00/findings/take"),
        "exports": at("/exports"),
        "loads": at("/loads"),
        "account": at("/account"),
        "password": at("/password"),
        "tokens": at("/account/tokens"),
        "code-setup": at("/code/setup"),
        "refused": at("/audit"),
        "not-found": at("/nothing-here"),
    },
    "tinh": {"home": at("/")},
    "co-so": {"home": at("/")},
    "ban-chi-dao": {"comments": at("/areas/00/comments")},
    "lanh-dao-tw": {"approvals": at("/approvals")},
    "kiem-toan": {"audit": at("/audit"), "privacy": at("/privacy")},
    "quan-tri": {"users": at("/users"), "user": at("/users?user=co-so"), "api": at("/api/v1/docs")},
}


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a home with demo accounts until the block ends; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("baophu"), "--home", home, "serve", "--demo", "--workers", "1"]
    server = subprocess.Popen([*command, "--port", str(port)], env={**os.environ, "BAOPHU_HOME": str(home)})
    site = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{site}/healthz").close()  # noqa: S310 (this machine's own server)
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > until:
                    sys.exit("the site did not begin")
                time.sleep(0.3)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=SECONDS)


def opened(browser: Browser, site: str, lang: str, username: str, width: int, height: int) -> Page:
    """Return a page of somebody who has signed in; of nobody where no name is given."""
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.add_cookies([{"name": "baophu_lang", "value": lang, "url": site}])
    page = context.new_page()
    if username:
        page.goto(f"{site}/sign-in")
        page.fill("[name=username]", username)
        page.fill("[name=password]", "baophu-demo")
        page.click("main button")
    return page


def few(browser: Browser, site: str) -> None:
    """Photograph what README and docs show."""
    for name, lang, username, which, top, width, height in SHOWN:
        page = opened(browser, site, lang, username, width, height)
        PAGES[username][which](page, site)
        page.locator(top).first.evaluate("one => one.scrollIntoView()")
        page.evaluate("scrollBy(0, -16)")
        page.screenshot(path=str(IMAGES / name))
        print(f"{name}: {(IMAGES / name).stat().st_size // 1024} KB")
        page.context.close()


def every(browser: Browser, site: str, folder: Path) -> None:
    """Photograph every page, whole, at desk and phone width in both languages; tell what is wider than the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for lang in LANGUAGES:
        for username, ways in PAGES.items():
            page = opened(browser, site, lang, username, WIDTHS["desk"], HEIGHT)
            for name, way in ways.items():
                way(page, site)
                for width_name, width in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": HEIGHT})
                    page.screenshot(
                        path=str(folder / f"{name}-{username or 'nobody'}-{lang}-{width_name}.png"), full_page=True
                    )
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    if wide > width:
                        print(f"{name} ({lang}, {width}): {wide} wide")
            page.context.close()


def main() -> None:
    """Serve, photograph."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--home", type=Path, default=ROOT / "out" / "home")
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    if not given.home.exists():
        sys.exit(f"{given.home} is not there: python3 dev.py run makes it")
    with served(given.home.absolute()) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        if given.all:
            every(browser, site, given.all)
        else:
            few(browser, site)
        browser.close()


if __name__ == "__main__":
    main()
