"""The provinces as tiles: the shape of the country kept as well as tiles can, no boundary file needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import altair as alt

from baophu.areas.tiles import Tile
from baophu.core import numbers
from baophu.core.languages import Language
from baophu.reports.charts import Drawing, chart_of, finished, wrapped
from baophu.reports.map_classes import MILLION, NOT_KNOWN, class_of, class_words, map_drawing, round_limits
from baophu.reports.style import CLASSES, GREY_1, GREY_2, INK, PAPER, TEXT_ON_CLASS, UNKNOWN

SIZE = 46
SIDE = 43
ISLAND_SIDE = 27
KEY_SIDE = 16


@dataclass(slots=True)
class _Sheet:
    """What is drawn, in pixels from the upper left corner."""

    squares: list[dict[str, object]] = field(default_factory=list)
    halos: list[dict[str, object]] = field(default_factory=list)
    centred: list[dict[str, object]] = field(default_factory=list)
    keyed: list[dict[str, object]] = field(default_factory=list)

    def square(self, x: float, y: float, side: float, place: int | None) -> None:
        """Draw a square in the colour of its class, or hatched where the value is unknown."""
        fill = UNKNOWN if place is None else CLASSES[place]
        self.squares.append({"x": x, "y": y, "x2": x + side, "y2": y + side, "fill": fill})

    def write(self, x: float, y: float, words: str, ink: str = INK, size: int = 12) -> None:
        """Write words around a point."""
        self.centred.append({"x": x, "y": y, "text": words, "ink": ink, "size": size})

    def clear(self, x: float, y: float) -> None:
        """Make room for a label on hatching."""
        self.halos.append({"x": x - 13, "y": y - 9, "x2": x + 13, "y2": y + 9})

    def key(self, x: float, y: float, words: str, place: int | None) -> None:
        """Draw one class of the key."""
        self.square(x, y, KEY_SIDE, place)
        self.keyed.append({"x": x + 21, "y": y + KEY_SIDE / 2, "text": words, "ink": INK, "size": 12})

    def layers(self, width: float, height: float) -> list[alt.Chart]:
        """Return the layers of the chart."""
        across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
        down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
        span = {"x": across, "y": down, "x2": "x2:Q", "y2": "y2:Q"}
        point = {
            "x": across,
            "y": down,
            "text": "text:N",
            "color": alt.Color("ink:N", scale=None),
            "size": alt.Size("size:Q", scale=None),
        }
        fill = alt.Fill("fill:N", scale=None)
        return [
            chart_of(self.squares).mark_rect(stroke=GREY_2, strokeWidth=1).encode(**span, fill=fill),
            chart_of(self.halos).mark_rect(fill=PAPER).encode(**span),
            chart_of(self.centred).mark_text(align="center", baseline="middle").encode(**point),
            chart_of(self.keyed).mark_text(align="left", baseline="middle").encode(**point),
        ]


def tile_map(
    values: dict[str, Fraction],
    tiles: Sequence[Tile],
    names: dict[str, str],
    title: str,
    subtitle: str,
    lang: Language,
) -> Drawing:
    """Draw the provinces as tiles, darker for more; unknown is hatched, and named in the key.

    `values` are people by province code; a province that is not in it is unknown. Hoàng Sa and Trường Sa are small
    tiles beside Đà Nẵng and Khánh Hòa, and take the colour of the province they belong to.
    """
    limits = round_limits(values.values())
    sheet = _Sheet()
    for tile in tiles:
        _draw(sheet, tile, values.get(tile.belongs_to or tile.code), limits, lang)
    width = (max(tile.column for tile in tiles) + 1) * SIZE
    below = (max(tile.row for tile in tiles) + 1) * SIZE + 10
    words = class_words(limits, lang)
    for place, word in enumerate(words):
        sheet.key(place * width / len(words), below, word, place)
    below += 26 if words else 0
    sheet.key(0, below, NOT_KNOWN.say(lang), None)
    height = below + KEY_SIDE + 4
    chart = alt.layer(*sheet.layers(width, height)).properties(
        width=width,
        height=height,
        title=alt.TitleParams(text=wrapped(title, width // 9), subtitle=wrapped(subtitle, width // 7)),
    )
    provinces = [tile.code for tile in tiles if tile.kind == "province"]
    return map_drawing(finished(chart, lang), title, values, {code: names[code] for code in provinces}, lang)


def _draw(sheet: _Sheet, tile: Tile, value: Fraction | None, limits: list[Fraction], lang: Language) -> None:
    """Draw one tile: its label and its value in millions; of an archipelago, its name below."""
    x, y = tile.column * SIZE, tile.row * SIZE
    place = class_of(value, limits)
    if tile.kind == "archipelago":
        sheet.square(x, y, ISLAND_SIDE, place)
        sheet.write(x + ISLAND_SIDE / 2, y + ISLAND_SIDE + 9, tile.name.say(lang), GREY_1)
        return
    sheet.square(x, y, SIDE, place)
    middle = x + SIDE / 2
    if value is None or place is None:
        sheet.clear(middle, y + SIDE / 2)
        sheet.write(middle, y + SIDE / 2, tile.label, size=13)
        return
    ink = TEXT_ON_CLASS[place]
    sheet.write(middle, y + SIDE * 0.34, tile.label, ink, size=13)
    sheet.write(middle, y + SIDE * 0.72, numbers.decimal(value / MILLION, lang, 2), ink)
