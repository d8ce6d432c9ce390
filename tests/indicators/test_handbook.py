"""The handbook's pages are those that the records make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from baophu.indicators.catalogue import catalogue
from baophu.indicators.published import all_figures

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("indicators.md", "published.md")


def make(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "make_handbook.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_pages_in_the_repository_are_up_to_date() -> None:
    checked = make("--check")
    assert checked.returncode == 0, checked.stderr


def test_a_page_that_was_edited_by_hand_is_found(tmp_path: Path) -> None:
    assert make("--out", tmp_path).returncode == 0
    assert make("--check", "--out", tmp_path).returncode == 0
    page = tmp_path / "indicators.md"
    page.write_text(page.read_text(encoding="utf-8").replace("Người", "Ngừơi", 1), encoding="utf-8")
    checked = make("--check", "--out", tmp_path)
    assert checked.returncode == 1
    assert "indicators.md" in checked.stderr and "published.md" not in checked.stderr


def test_a_page_that_is_missing_is_found(tmp_path: Path) -> None:
    checked = make("--check", "--out", tmp_path)
    assert checked.returncode == 1
    assert all(page in checked.stderr for page in PAGES)


def test_every_indicator_has_a_section_with_its_definition_in_both_languages() -> None:
    page = (ROOT / "docs" / "handbook" / "indicators.md").read_text(encoding="utf-8")
    for record in catalogue().values():
        section = page.split(f"\n### {record.id}\n")[1].split("\n### ")[0]
        for text in (record.name, record.definition, record.numerator):
            assert text.vi in section and text.en in section
        assert all(document.title in section for document in record.documents)


def test_every_reason_for_not_using_a_figure_is_on_the_page() -> None:
    page = (ROOT / "docs" / "handbook" / "published.md").read_text(encoding="utf-8")
    reasons = [figure.why for figure in all_figures() if not figure.used]
    assert reasons and all(reason in page for reason in reasons)
