"""Charts: one Altair specification each, for the page, the PNG and the SVG.

The title is the sentence that the chart proves; the subtitle says what is drawn; the alternative text says the
finding with its main figures.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from baophu.core.home import whole_file
from baophu.core.languages import Language
from baophu.reports.style import FAMILY, FONTS, GREY_1, GREY_2, GREY_3, INK, PALETTE, PAPER, UNKNOWN

VL_VERSION = "6.1"
VI_NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with what it says: the specification, the alternative text, and its data as a table."""

    spec: dict[str, Any]
    title: str
    alternative: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Let the drawing of pictures know the house's type."""
    vl_convert.register_font_directory(str(FONTS))


def chart_of(values: Sequence[Mapping[str, object]]) -> alt.Chart:
    """Begin a chart from its rows."""
    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call]


def finished(chart: alt.LayerChart | alt.FacetChart | alt.VConcatChart, lang: Language) -> dict[str, Any]:
    """Return a chart's specification with the house's type, colours and way of writing numbers."""
    spec: dict[str, Any] = chart.configure(
        font=FAMILY,
        background="transparent",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=GREY_1,
            titleColor=GREY_1,
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            gridColor=GREY_3,
            domainColor=GREY_2,
            tickColor=GREY_2,
        ),
        title=alt.TitleConfig(
            anchor="start",
            color=INK,
            fontSize=15,
            fontWeight=600,
            subtitleColor=GREY_1,
            subtitleFontSize=13,
            offset=14,
            subtitlePadding=6,
            lineHeight=20,
        ),
    ).to_dict()
    if lang == "vi":
        spec["config"]["locale"] = {"number": VI_NUMBERS}
    return spec


def wrapped(words: str, letters: int) -> list[str]:
    """Break a title into lines, since a chart does not do it itself."""
    lines = [""]
    for word in words.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def svg(drawing: Drawing) -> str:
    """Return a drawing as SVG whose text names the font without carrying it (for a page that carries it)."""
    register_fonts()
    return _hatched(str(vl_convert.vegalite_to_svg(drawing.spec, vl_version=VL_VERSION)))


def _hatched(text: str) -> str:
    """Hatch what is drawn as unknown: the grammar of charts has no pattern to fill with, SVG has."""
    if f'"{UNKNOWN}"' not in text:
        return text
    # Of its own name, since a page may hold several drawings.
    name = f"hatch-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    pattern = (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" stroke="{GREY_2}" stroke-width="1.4"/>'
        "</pattern></defs>"
    )
    end = text.index(">") + 1
    return text[:end] + pattern + text[end:].replace(f'fill="{UNKNOWN}"', f'fill="url(#{name})"')


def inline_svg(drawing: Drawing) -> str:
    """Return the SVG for a page: it scales with its column, and its colours are the page's variables."""
    text = svg(drawing)
    for name, (paper, _) in PALETTE.items():
        text = text.replace(f'"{paper}"', f'"var(--{name})"')
    # The figure around it carries the alternative text; the drawing itself is hidden from readers of the screen.
    return re.sub(r"^<svg ", '<svg aria-hidden="true" focusable="false" ', text, count=1)


def with_font(text: str) -> str:
    """Put the font into an SVG that stands alone."""
    faces = []
    for weight, name in ((400, "Regular"), (600, "SemiBold")):
        data = base64.b64encode((FONTS / f"BeVietnamPro-{name}.woff2").read_bytes()).decode()
        faces.append(
            f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url(data:font/woff2;base64,{data})}}"
        )
    end = text.index(">") + 1
    return f"{text[:end]}<style>{''.join(faces)}</style>{text[end:]}"


def save(drawing: Drawing, folder: Path, name: str) -> list[Path]:
    """Write a drawing as `<name>.svg` and `<name>.png` (twice the size, on white); return the paths."""
    register_fonts()
    paths = [folder / f"{name}.svg", folder / f"{name}.png"]
    drawn = svg(dataclasses.replace(drawing, spec={**drawing.spec, "background": PAPER, "padding": 16}))
    described = with_font(drawn).replace(
        "<style>", f"<title>{escaped(drawing.title)}</title><desc>{escaped(drawing.alternative)}</desc><style>", 1
    )
    png = vl_convert.svg_to_png(drawn, scale=2)
    with whole_file(paths[0]) as part:
        part.write_text(described, encoding="utf-8")
    with whole_file(paths[1]) as part:
        part.write_bytes(png)
    return paths


def escaped(words: str) -> str:
    """Return words as they stand in an SVG."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
