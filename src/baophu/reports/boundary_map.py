"""The provinces within the official boundaries that an office imported (`baophu areas boundaries FILE`)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import altair as alt

from baophu.areas.boundaries import Boundaries
from baophu.core.languages import Language
from baophu.reports.charts import Drawing, chart_of, finished, wrapped
from baophu.reports.map_classes import NOT_KNOWN, class_of, class_words, map_drawing, round_limits
from baophu.reports.style import CLASSES, GREY_2, INK, UNKNOWN

WIDTH, HEIGHT = 414, 440
KEY_SIDE = 16


def boundary_map(
    values: Mapping[str, Fraction],
    boundaries: Boundaries,
    names: Mapping[str, str],
    title: str,
    subtitle: str,
    lang: Language,
) -> Drawing:
    """Draw the provinces in their boundaries, darker for more; unknown is hatched, and named in the key.

    `values` are people by province code; a province that is not in it is unknown. The archipelagos are parts of the
    shapes of Đà Nẵng and Khánh Hòa, which the import has checked.
    """
    limits = round_limits(values.values())
    shapes: list[dict[str, object]] = []
    for code, geometry in boundaries.geometries.items():
        place = class_of(values.get(code), limits)
        fill = UNKNOWN if place is None else CLASSES[place]
        shapes.append({"type": "Feature", "geometry": geometry, "properties": {}, "fill": fill})
    # Degrees drawn as they are: within 16 degrees of latitude the shape stays true enough, and the order of a
    # ring's points cannot turn it inside out as it does on a sphere.
    country = (
        chart_of(shapes)
        .mark_geoshape(stroke=GREY_2, strokeWidth=0.7)
        .encode(fill=alt.Fill("fill:N", scale=None))
        .project(type="identity", reflectY=True)
        .properties(width=WIDTH, height=HEIGHT)
    )
    chart = alt.vconcat(country, _key(limits, lang), spacing=8).properties(
        title=alt.TitleParams(text=wrapped(title, WIDTH // 9), subtitle=wrapped(subtitle, WIDTH // 7))
    )
    return map_drawing(finished(chart, lang), title, values, names, lang)


def _key(limits: list[Fraction], lang: Language) -> alt.LayerChart | alt.FacetChart:
    """The classes in a line, and below them the sign of what is unknown."""
    words = class_words(limits, lang)
    rows: list[dict[str, object]] = [
        {"x": place * WIDTH / len(words), "y": 0, "text": word, "fill": CLASSES[place]}
        for place, word in enumerate(words)
    ]
    rows.append({"x": 0, "y": 26 if words else 0, "text": NOT_KNOWN.say(lang), "fill": UNKNOWN})
    rows = [{**row, "x2": row["x"] + KEY_SIDE, "y2": row["y"] + KEY_SIDE} for row in rows]  # type: ignore[operator]
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[44, 0], nice=False))
    squares = chart_of(rows).mark_rect(stroke=GREY_2).encode(
        x=across, y=down, x2="x2:Q", y2="y2:Q", fill=alt.Fill("fill:N", scale=None)
    )  # fmt: skip
    labels = chart_of(rows).mark_text(align="left", baseline="top", dx=21, dy=2, color=INK, fontSize=12)
    layered = alt.layer(squares, labels.encode(x=across, y=down, text="text:N"))
    return layered.properties(width=WIDTH, height=44)
