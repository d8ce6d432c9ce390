"""Every word of a template is in both languages; the site's colours are those of charts and printed pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from baophu import web
from baophu.reports.style import PALETTE

HERE = Path(web.__file__).parent
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
# Names that are the same in both languages, and codes and commands that stand in <code>.
SAME = {"Baophu", "English", "Tiếng Việt", "Excel", "CSV", "PDF", "API", "JSON", "PNG", "SVG", "Parquet"}
SPOKEN = {"alt", "title", "aria-label", "placeholder", "data-label"}
# What is no element, but a value or a branch of the template.
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")


class Words(HTMLParser):
    """Gathers what a reader reads or hears of a template, without what its tags say."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in ("code", "script", "style")
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("code", "script", "style")

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.found.append(data)


def untranslated(template: str) -> list[str]:
    """The words of a template that stand outside of its tags."""
    reader = Words()
    reader.feed(TAG.sub(" ", template))
    names = re.compile("|".join(rf"\b{name}\b" for name in SAME))
    words = (names.sub("", word).strip() for word in reader.found)
    return [word for word in words if LETTERS.search(word)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_is_in_one_language_only(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_both_languages_of_a_template_say_something(path: Path) -> None:
    for said in re.findall(r"{%\s*say\s+(.*?)%}", path.read_text(encoding="utf-8"), re.DOTALL):
        both = re.findall(r'"([^"]*)"|\'([^\']*)\'', said)
        assert len(both) == 2, said
        assert all((double or single).strip() for double, single in both), said


def test_a_word_in_one_language_is_found() -> None:
    assert untranslated('<p>{% say "Đơn vị" "Area" %} Xong</p>') == ["Xong"]
    assert untranslated('<img alt="Map">') == ["Map"]
    assert untranslated("<img alt=\"{% say 'Bản đồ' 'Map' %}\"><code>baophu run</code> · 12") == []


def test_the_colours_are_those_of_the_charts() -> None:
    css = (HERE / "static" / "web" / "site.css").read_text(encoding="utf-8")
    paper, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    for at, block in enumerate((paper, dark)):
        found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))
        assert found == {name: colours[at] for name, colours in PALETTE.items()}
