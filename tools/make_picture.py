"""Makes the README's picture: the page of the country, in Chromium, at desk width.

python tools/make_picture.py [OUT.png]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

from baophu.reports.page import page
from baophu.reports.view import view_of

ROOT = Path(__file__).parents[1]
AS_OF = date(2026, 11, 22)
WIDTH, HEIGHT = 1280, 1720


def main() -> None:
    """Write the picture."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images" / "page.png"
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        source = Path(folder) / "page.html"
        source.write_text(page(view_of("00", AS_OF, "vi", Path(folder))), encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.goto(source.as_uri())
        tab.evaluate("document.fonts.ready")
        tab.screenshot(path=str(out))
        browser.close()


if __name__ == "__main__":
    main()
