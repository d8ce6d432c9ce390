"""The page of one explanation: the law's tree of figures, indented. Self-contained and printable."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from baophu import __version__
from baophu.core.languages import Language, Text
from baophu.law.trace import Step
from baophu.law.tree import tree_of
from baophu.reports.page import page_css

TEMPLATES = Path(__file__).parent / "templates"

_WORDS = {
    "skip": Text("Đến nội dung chính", "Skip to the content"),
    "how": Text("Cách tính", "How it came about"),
    "how_note": Text(
        "Mỗi dòng thụt vào là một phần của dòng trên; tham số ghi ngày bắt đầu áp dụng.",
        "An indented line is part of the one above; parameters say since when they hold.",
    ),
    "by": Text("Căn cứ", "By"),
    "note": Text("Ghi chú", "Note"),
    "parameters": Text("Tham số", "Parameters"),
    "failed": Text("Không áp dụng, vì không có điều kiện", "Did not apply, since it is not so that"),
    "above": Text("Xem ở trên", "See above"),
    "made": Text(f"Lập bằng Baophu {__version__}.", f"Made by Baophu {__version__}."),
}


def explanation_page(step: Step, lang: Language) -> str:
    """Return the page as one self-contained HTML text: no script, nothing is loaded from anywhere."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    css = page_css() + (TEMPLATES / "explanation.css").read_text(encoding="utf-8")
    return environment.get_template("explanation.html.j2").render(
        lang=lang,
        version=__version__,
        css=Markup(css),  # noqa: S704 (our own files)
        w={name: words.say(lang) for name, words in _WORDS.items()},
        tree=tree_of(step, lang, {}),
    )
