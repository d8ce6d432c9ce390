"""The provinces as tiles: the shape of the country kept as well as tiles can, no boundary file needed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import altair as alt

from baophu.areas.tiles import Tile
from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.reports.charts import Drawing, finished, wrapped
from baophu.reports.style import CLASSES, GREY_1, GREY_2, INK, TEXT_ON_CLASS


def _round_limits(values: list[float]) -> list[float]:
    """Return four round limits for five classes: from 1, 2, 5, 10 ..., spread over the values' size."""
    steps = [m * 10.0**e for e in range(-2, 9) for m in (1, 2, 5)]
    top = max(values)
    upper = max((step for step in steps if step < top), default=steps[0])
    index = steps.index(upper)
    return steps[max(index - 3, 0) : max(index - 3, 0) + 4]


def tile_map(
    values: dict[str, Fraction],
    tiles: Sequence[Tile],
    names: dict[str, str],
    title: str,
    subtitle: str,
    lang: Language,
    size: int = 46,
) -> Drawing:
    """Draw the provinces as tiles, darker for more; unknown is hatched, and named in the key.

    `values` are people by province code; a province that is not in it is unknown. Hoàng Sa and Trường Sa are small
    tiles beside Đà Nẵng and Khánh Hòa, and take the colour of the province they belong to.
    """
    millions = {code: float(value / 1_000_000) for code, value in values.items()}
    limits = _round_limits(list(millions.values())) if millions else []
    columns = max(tile.column for tile in tiles) + 1
    rows = max(tile.row for tile in tiles) + 1
    gap = 3
    squares, labels, hatches = [], [], []
    for tile in tiles:
        x, y, side = tile.column * size, tile.row * size, size - gap
        island = tile.kind == "archipelago"
        if island:
            side = int(side * 0.62)
        known = millions.get(tile.belongs_to or tile.code)
        place = sum(known >= limit for limit in limits) if known is not None else None
        fill = CLASSES[place] if place is not None else "transparent"
        squares.append({"x": x, "y": y, "x2": x + side, "y2": y + side, "fill": fill, "line": GREY_2})
        ink = TEXT_ON_CLASS[place] if place is not None else INK
        middle = x + side / 2
        if known is None:
            hatches += _hatch(x, y, side)
        if island:
            name = tile.name.say(lang)
            labels.append({"x": middle, "y": y + side + 9, "text": name, "ink": GREY_1, "size": 12})
        elif known is None:
            labels.append({"x": middle, "y": y + side / 2, "text": tile.label, "ink": ink, "size": 13, "halo": True})
        else:
            labels.append({"x": middle, "y": y + side * 0.34, "text": tile.label, "ink": ink, "size": 13})
            shown = numbers.decimal(values[tile.code] / 1_000_000, lang, 2)
            labels.append({"x": middle, "y": y + side * 0.72, "text": shown, "ink": ink, "size": 12})
    key_y = rows * size + 10
    words = _key(limits, lang)
    step = max(columns * size // (len(words) or 1), 70)
    for place, word in enumerate(words):
        x = place * step
        squares.append({"x": x, "y": key_y, "x2": x + 16, "y2": key_y + 16, "fill": CLASSES[place], "line": GREY_2})
        labels.append({"x": x + 21, "y": key_y + 8, "text": word, "ink": INK, "size": 12, "align": "left"})
    unknown_y = key_y + (26 if words else 0)
    squares.append({"x": 0, "y": unknown_y, "x2": 16, "y2": unknown_y + 16, "fill": "transparent", "line": GREY_2})
    hatches += _hatch(0, unknown_y, 16)
    unknown = Text("chưa biết số giao (không phải 0)", "not known yet (not zero)").say(lang)
    labels.append({"x": 21, "y": unknown_y + 8, "text": unknown, "ink": INK, "size": 12, "align": "left"})
    width, height = max(columns * size, step * len(words)), unknown_y + 20
    x_scale = alt.Scale(domain=[0, width], nice=False)
    y_scale = alt.Scale(domain=[height, 0], nice=False)
    across = alt.X("x:Q", axis=None, scale=x_scale)
    down = alt.Y("y:Q", axis=None, scale=y_scale)
    layers = [
        alt.Chart(alt.Data(values=hatches))
        .mark_rule(color=GREY_2, strokeWidth=0.7)
        .encode(x=across, y=down, x2="x2:Q", y2="y2:Q"),
        alt.Chart(alt.Data(values=squares))
        .mark_rect(strokeWidth=1)
        .encode(
            x=across,
            y=down,
            x2="x2:Q",
            y2="y2:Q",
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("line:N", scale=None),
        ),
    ]
    halo = [label for label in labels if label.get("halo")]
    if halo:
        layers.append(
            alt.Chart(
                alt.Data(
                    values=[
                        {
                            **label,
                            "x1": label["x"] - 13,
                            "x2": label["x"] + 13,
                            "y1": label["y"] - 9,
                            "y2": label["y"] + 9,
                        }
                        for label in halo
                    ]
                )
            )
            .mark_rect(fill="#ffffff", stroke=None)
            .encode(
                x=alt.X("x1:Q", axis=None, scale=x_scale),
                y=alt.Y("y1:Q", axis=None, scale=y_scale),
                x2="x2:Q",
                y2="y2:Q",
            )
        )
    for align in ("center", "left"):
        mine = [label for label in labels if label.get("align", "center") == align]
        if mine:
            layers.append(
                alt.Chart(alt.Data(values=mine))
                .mark_text(align=align, baseline="middle")
                .encode(
                    x=across,
                    y=down,
                    text="text:N",
                    color=alt.Color("ink:N", scale=None),
                    size=alt.Size("size:Q", scale=None),
                )
            )
    letters = max(28, width // 8)
    chart = alt.layer(*layers).properties(
        width=width,
        height=height,
        title=alt.TitleParams(text=wrapped(title, letters), subtitle=wrapped(subtitle, letters)),
    )
    provinces = [tile for tile in tiles if tile.kind == "province"]
    told = "; ".join(
        f"{names[code]} {numbers.short_count(value, lang)}"
        for code, value in sorted(values.items(), key=lambda item: -item[1])
    )
    count = len(provinces) - len(values)
    rest = Text(f"{count} tỉnh, thành phố chưa biết số giao", f"{count} provinces not known yet").say(lang)
    return Drawing(
        spec=finished(chart, lang),
        title=title,
        alternative=f"{title}. {told + '; ' if told else ''}{rest}.",
        head=(Text("Tỉnh, thành phố", "Province").say(lang), Text("Người", "People").say(lang)),
        rows=tuple(
            (names[tile.code], numbers.count(values.get(tile.code), lang))
            for tile in sorted(provinces, key=lambda tile: (-values.get(tile.code, Fraction(-1)), tile.code))
        ),
    )


def _hatch(x: float, y: float, side: float, step: float = 6.0) -> list[dict[str, float]]:
    """Diagonal lines within a square, since the grammar has no pattern fill."""
    lines = []
    offset = step
    while offset < 2 * side:
        lines.append(
            {
                "x": x + max(0.0, offset - side),
                "y": y + min(offset, side),
                "x2": x + min(offset, side),
                "y2": y + max(0.0, offset - side),
            }
        )
        offset += step
    return lines


def _key(limits: list[float], lang: Language) -> list[str]:
    """The words of the classes, in million people."""
    if not limits:
        return []
    written = [
        numbers.decimal(Fraction(limit).limit_denominator(100), lang, 0 if limit >= 1 else 1) for limit in limits
    ]
    unit = Text("triệu", "m").say(lang)
    between = [f"{low}–{high}" for low, high in pairwise(written)]
    return [
        Text(f"dưới {written[0]}", f"under {written[0]}").say(lang),
        *between,
        Text(f"từ {written[-1]} {unit}", f"{written[-1]} {unit} and over").say(lang),
    ]
