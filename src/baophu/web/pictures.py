"""A page's chart as a picture that stands alone: with its title, key, as-of line, colours and type.

The drawing is the one that the page shows. What the page's style sheet says of its classes is put into the picture, in
the colours of paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path

from baophu.reports.charts import escaped, register_fonts, with_font, wrapped
from baophu.reports.style import CLASSES, FAMILY, GREY_1, GREY_2, INK, PALETTE, PAPER

CSS = Path(__file__).parent / "static" / "web" / "site.css"
WIDTH, EDGE = 880, 24
# How high a drawing may become: a map of the country is tall.
TALLEST = 900
_LETTERS = 86
_FONT = re.compile(r'font:\s*(?:(\d+)\s+)?([\d.]+px)\s+[^;]*;?')  # fmt: skip
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_BLOCK = re.compile(r"@[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows: the page's drawing and the words around it."""

    svg: str
    title: str
    subtitle: str
    footer: str
    # Of a map: its classes with their words.
    key: Sequence[tuple[str, str]] = ()


def svg_of(picture: Picture) -> str:
    """Return the picture as SVG, without its font."""
    width, height = _size(picture.svg)
    scale = min((WIDTH - 2 * EDGE) / width, TALLEST / height)
    wide, tall = round(width * scale), round(height * scale)
    parts, y = [], EDGE + 20
    for line in wrapped(picture.title, _LETTERS):
        parts.append(_words(EDGE, y, line, 18, INK, bold=True))
        y += 26
    for line in wrapped(picture.subtitle, _LETTERS * 18 // 13):
        parts.append(_words(EDGE, y, line, 13, GREY_1))
        y += 20
    y += 8
    inner = re.sub(r"^<svg ", f'<svg x="{EDGE}" y="{y}" width="{wide}" height="{tall}" ', _unlinked(picture.svg))
    y += tall + 24
    x = EDGE
    for shade, words in picture.key:
        if x + 24 + 8 * len(words) > WIDTH - EDGE:
            x, y = EDGE, y + 24
        parts.append(f'<rect class="{shade}" x="{x}" y="{y - 12}" width="16" height="16" stroke="{GREY_2}"/>')
        parts.append(_words(x + 22, y + 1, words, 13, INK))
        x += 40 + 8 * len(words)
    y += 28 if picture.key else 0
    parts.append(_words(EDGE, y, picture.footer, 12, GREY_1))
    whole = y + EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{whole}" viewBox="0 0 {WIDTH} {whole}" '
        f'font-family="{FAMILY}"><style>{_style()}</style><title>{escaped(picture.title)}</title>'
        f'<rect width="{WIDTH}" height="{whole}" fill="{PAPER}"/>{"".join(parts)}{inner}</svg>'
    )


def alone(picture: Picture) -> bytes:
    """Return the picture as SVG that carries its font."""
    return with_font(svg_of(picture)).encode()


def png(picture: Picture) -> bytes:
    """Return the picture as PNG, twice its size."""
    import vl_convert

    register_fonts()
    return bytes(vl_convert.svg_to_png(svg_of(picture), scale=2))


def told(svg: str) -> str:
    """Return what a drawing says in words for those who do not see it."""
    found = re.search(r'aria-label="([^"]*)"', svg)
    return unescape(found.group(1)) if found else ""


def _words(x: float, y: float, words: str, size: int, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}"{weight} fill="{colour}">{escaped(words)}</text>'


def _size(svg: str) -> tuple[float, float]:
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise ValueError("a drawing without a size")
    return float(box.group(1)), float(box.group(2))


def _unlinked(svg: str) -> str:
    """Return a drawing whose areas lead nowhere: outside of the site there is nowhere to go."""
    return re.sub(r'<a href="[^"]*"', "<g", svg).replace("</a>", "</g>")


@lru_cache(maxsize=1)
def _style() -> str:
    """Return the rules of the page's style sheet that drawings need, in colours of paper and one font."""
    text = _COMMENT.sub("", CSS.read_text(encoding="utf-8"))
    colours = {name: paper for name, (paper, _) in PALETTE.items()}
    rules = []
    for selectors, body in _RULE.findall(_BLOCK.sub("", text)):
        kept = [one.strip() for one in selectors.split(",") if _of_a_drawing(one.strip())]
        if not kept:
            continue
        plain = re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found.group(1)], body)
        plain = _FONT.sub(r"font-size: \2;", plain)
        rules.append(f"{','.join(kept)}{{{plain.strip()}}}")
    return "".join(rules)


def _of_a_drawing(selector: str) -> bool:
    """Tell whether a rule is about what is inside of a drawing, and not about pointing at it."""
    if ":" in selector or "table" in selector:
        return False
    shades = "|".join(f"c{number}" for number in range(len(CLASSES)))
    return (
        re.match(rf"(svg\.map|\.wide-line)\s|(path|rect|circle|line)\.|\.({shades}|ground|hatch|unknown)\b", selector)
        is not None
    )
