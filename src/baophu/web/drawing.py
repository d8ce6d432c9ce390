"""Small drawings of a page: a line of months, and maps whose areas are links. SVG by classes, without styles.

They are drawn by hand rather than by `reports.charts`, which takes longer than a page may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from baophu.areas.tiles import tiles
from baophu.areas.units import Area
from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.indicators.catalogue import indicator
from baophu.targets.words import short_value
from baophu.web.boundary_paths import Outlines
from baophu.web.figures import Goal, Point, Trend
from baophu.web.templatetags.baophu import month as month_words

SPARK = (240, 44)
SMALL = (96, 22)
WIDE = (640, 260)
TILE, SIDE = 46, 43
CLASSES = 5
_NEAR = Fraction(1, 20)


def scale_of(values: Sequence[Fraction], height: float, top: float) -> Callable[[Fraction], float]:
    """Return where a value stands; the axis does not begin at zero, and leaves a little room."""
    low, high = min(values), max(values)
    room = (high - low) * _NEAR or abs(high) * _NEAR or Fraction(1)
    low, high = low - room, high + room
    return lambda value: round(top + float((high - value) / (high - low)) * height, 1)


def line_path(places: Iterable[tuple[float, float] | None]) -> str:
    """Return a path; it is broken where a value is not known."""
    out, begun = [], False
    for place in places:
        if place is not None:
            out.append(f"{'L' if begun else 'M'}{place[0]} {place[1]}")
        begun = place is not None
    return "".join(out)


def _short(name: str, value: Fraction | None, lang: Language) -> str:
    """Write a value for a label; a share with one decimal."""
    return numbers.share(value, lang) if indicator(name).unit == "share" else short_value(name, value, lang)


def _told(trend: Trend, points: Sequence[Point], lang: Language) -> str:
    """Say in words what a line shows."""
    known = [one for one in points if one.value is not None]
    first, last = known[0], known[-1]
    name = trend.record.id
    return Text(
        f"{trend.record.short.vi}: {_short(name, first.value, 'vi')} ({first.month:%m/%Y}) → "
        f"{_short(name, last.value, 'vi')} ({last.month:%m/%Y})",
        f"{trend.record.short.en}: {_short(name, first.value, 'en')} ({first.month:%Y-%m}) → "
        f"{_short(name, last.value, 'en')} ({last.month:%Y-%m})",
    ).say(lang)


def sparkline(trend: Trend, lang: Language) -> SafeString:
    """Draw the last 24 months as a line with a point at its end; nothing where fewer than two months are known."""
    points = trend.points[-24:]
    known = [one.value for one in points if one.value is not None]
    if len(known) < 2:
        return mark_safe("")
    width, height = SPARK
    place = scale_of(known, height - 8, 4)
    step = (width - 8) / (len(points) - 1)
    placed = [
        None if one.value is None else (round(4 + at * step, 1), place(one.value)) for at, one in enumerate(points)
    ]
    end = next(one for one in reversed(placed) if one is not None)
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">'
        '<path class="actual" d="{}"/><circle class="end" cx="{}" cy="{}" r="3"/></svg>',
        width, height, _told(trend, points, lang), line_path(placed), *end,
    )  # fmt: skip


def small_line(months: Sequence[float | None]) -> SafeString:
    """Draw the last 24 months beside a row that tells its figures: a line alone; nothing of fewer than two months."""
    values = list(months)[-24:]
    known = [one for one in values if one is not None]
    if len(known) < 2:
        return mark_safe("")
    width, height = SMALL
    low, high = min(known), max(known)
    tall = (height - 4) / (high - low) if high > low else 0.0
    flat = height / 2 if high == low else 2.0
    step = (width - 4) / (len(values) - 1)
    path = line_path(
        None if one is None else (round(2 + at * step, 1), round(flat + (high - one) * tall, 1))
        for at, one in enumerate(values)
    )
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" aria-hidden="true" preserveAspectRatio="none">'
        '<path class="actual" d="{}"/></svg>',
        width, height, path,
    )  # fmt: skip


def wide_line(trend: Trend, goal: Goal | None, lang: Language) -> SafeString:
    """Draw the months of an indicator, with the same month of the year before in grey and the target where it is near.

    Nothing where fewer than two months are known.
    """
    known = [one.value for one in trend.points if one.value is not None]
    if len(known) < 2:
        return mark_safe("")
    points, before = trend.points[-13:], trend.points[-25:-12]
    # A target that lies far off would press the line flat: it is told in words.
    aim = Fraction(goal.target.value) if goal is not None and goal.target.value is not None else None
    spread = max(known) - min(known)
    near = aim is not None and min(known) - 3 * spread <= aim <= max(known) + 3 * spread
    width, height = WIDE
    left, right, top, bottom = 70, 90, 16, 32
    place = scale_of([*known, *([aim] if near and aim is not None else [])], height - top - bottom, top)
    step = (width - left - right) / max(len(points) - 1, 1)

    def placed(some: Sequence[Point], shift: int) -> list[tuple[float, float] | None]:
        return [
            None if one.value is None else (round(left + (at + shift) * step, 1), place(one.value))
            for at, one in enumerate(some)
        ]

    actual = placed(points, 0)
    earlier = placed(before, len(points) - len(before))
    name = trend.record.id
    low, high = min(known), max(known)
    labels: list[tuple[float, float, str, str]] = [
        (left - 8, place(one) + 4, "end", _short(name, one, lang)) for one in (low, high) if low != high
    ]
    months = [
        (left + at * step, height - 10, "middle", month_words(one.month))
        for at, one in enumerate(points)
        if at % 3 == 0 or at == len(points) - 1
    ]
    last = next((one for one in reversed(actual) if one is not None), None)
    if last is not None:
        labels.append((last[0] + 8, last[1] + 4, "start", _short(name, trend.value, lang)))
    drawn = [
        format_html('<path class="before" d="{}"/>', line_path(earlier)) if before else "",
        format_html('<path class="actual" d="{}"/>', line_path(actual)),
        *(format_html('<circle class="end" cx="{}" cy="{}" r="3"/>', *one) for one in actual if one is not None),
    ]
    if near and aim is not None and goal is not None:
        words = Text(f"chỉ tiêu {goal.year}", f"target {goal.year}").say(lang)
        drawn.append(format_html('<path class="aim" d="M{} {}H{}"/>', left, place(aim), width - right))
        labels.append((left + 4, place(aim) - 5, "start", words))
    texts = format_html_join(
        "", '<text x="{}" y="{}" text-anchor="{}">{}</text>', ((round(x, 1), y, a, t) for x, y, a, t in labels + months)
    )
    return format_html(
        '<svg class="wide-line" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        width, height, _told(trend, trend.points, lang), mark_safe("".join(drawn)), texts,  # noqa: S308 (made above)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scaled:
    """How values are written on a map: divided, with some decimals, in a unit that is said once."""

    divisor: Fraction
    decimals: int
    unit: Text

    def write(self, value: Fraction, lang: Language) -> str:
        """Write a value."""
        return numbers.decimal(value / self.divisor, lang, self.decimals)


def scaled(name: str, values: Sequence[Fraction]) -> Scaled:
    """Return how an indicator's values are written in a tile."""
    unit = indicator(name).unit
    if unit == "share":
        return Scaled(Fraction(1, 100), 1, Text("%", "%"))
    words = {
        "person": Text("người", "people"),
        "employer": Text("đơn vị", "employers"),
        "vnd": Text("đồng", "VND"),
        "usd": Text("đô la Mỹ", "USD"),
    }
    largest = max(values, default=Fraction(0))
    sizes = (
        (10**9, Text("tỷ", "billion")),
        (10**6, Text("triệu", "million")),
        (10**3, Text("nghìn", "thousand")),
    )
    for size, word in sizes:
        if largest >= 10 * size:
            own = words[unit]
            return Scaled(Fraction(size), 1, Text(f"{word.vi} {own.vi}", f"{word.en} {own.en}"))
    return Scaled(Fraction(1), 0, words[unit])


def round_limits(values: Sequence[Fraction], *, even: bool) -> list[Fraction]:
    """Return up to four round limits between the smallest and the largest value.

    Evenly apart, as shares are read; else of the row 1, 2, 5, 10 …, since a few areas have most of the people.
    """
    if not values or min(values) == max(values):
        return []
    low, high = min(values), max(values)
    steps = [Fraction(digit) * Fraction(10) ** power for power in range(-6, 16) for digit in (1, 2, 5)]
    if not even:
        return [one for one in steps if low < one < high][1 - CLASSES :]
    step = next(one for one in steps if (high - low) / one <= CLASSES)
    first = (low // step + 1) * step
    return [limit for at in range(CLASSES) if (limit := first + at * step) < high][: CLASSES - 1]


def class_of(value: Fraction, limits: Sequence[Fraction]) -> int:
    """Return the class of a value, 0 the lightest."""
    return sum(value >= limit for limit in limits)


def key_words(limits: Sequence[Fraction], scale: Scaled, lang: Language) -> list[str]:
    """Return the words of the classes, lightest first."""
    if not limits:
        return []
    plain = Scaled(scale.divisor, 0 if all(one / scale.divisor % 1 == 0 for one in limits) else 1, scale.unit)
    written = [plain.write(one, lang) for one in limits]
    between = [f"{low}–{high}" for low, high in pairwise(written)]
    return [
        Text(f"dưới {written[0]}", f"under {written[0]}").say(lang), *between,
        Text(f"từ {written[-1]}", f"{written[-1]} and over").say(lang),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Map:
    """A map with its key: the classes with their words, and what its figures are in."""

    svg: SafeString
    key: list[tuple[int, str]]
    unit: str


def tile_map(
    name: str, values: Mapping[str, Fraction], names: Mapping[str, str], link: Callable[[str], str], lang: Language
) -> Map:
    """Draw the provinces as tiles, each a link; what is not known is hatched. `values` by province code."""
    known = list(values.values())
    scale, limits = scaled(name, known), round_limits(known, even=indicator(name).unit == "share")
    grid = tiles()
    width = (max(tile.column for tile in grid) + 1) * TILE
    height = (max(tile.row for tile in grid) + 1) * TILE
    drawn = []
    for tile in grid:
        value = values.get(tile.belongs_to or tile.code)
        shade = "unknown" if value is None else f"c{class_of(value, limits)}"
        x, y = tile.column * TILE, tile.row * TILE
        if tile.kind == "archipelago":
            drawn.append(
                format_html(
                    '<g><rect class="{}" x="{}" y="{}" width="27" height="27"/><text x="{}" y="{}">{}</text></g>',
                    shade, x, y, x + 13, y + 39, tile.name.say(lang),
                )
            )  # fmt: skip
            continue
        told = numbers.MISSING if value is None else f"{scale.write(value, lang)} {scale.unit.say(lang)}"
        drawn.append(
            format_html(
                '<a href="{}" aria-label="{}: {}"><title>{}: {}</title>'
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'
                '<text class="on-{}" x="{}" y="{}">{}</text><text class="on-{} value" x="{}" y="{}">{}</text></a>',
                link(tile.code), names[tile.code], told, names[tile.code], told, shade, x, y, SIDE, SIDE,
                shade, x + 21, y + 17, tile.label, shade, x + 21, y + 34,
                numbers.MISSING if value is None else scale.write(value, lang),
            )
        )  # fmt: skip
    return _map(drawn, width, height, limits, scale, lang)


def point_map(
    name: str, values: Mapping[str, Fraction], areas: Sequence[Area], link: Callable[[str], str], lang: Language
) -> Map:
    """Draw the centre points of communes, each a link, sized and coloured by the value; north is up."""
    known = list(values.values())
    scale, limits = scaled(name, known), round_limits(known, even=indicator(name).unit == "share")
    placed = [(one, one.lon, one.lat) for one in areas if one.lon is not None and one.lat is not None]
    if not placed:
        return Map(mark_safe(""), [], "")
    west, east = _reach([x for _, x, _ in placed])
    south, north = _reach([y for _, _, y in placed])
    # At these latitudes a degree of longitude is nearly one of latitude.
    wide, tall = max(east - west, 0.01), max(north - south, 0.01)
    size = 400 / max(wide, tall)
    width, height = round(wide * size) + 40, round(tall * size) + 40
    drawn = []
    for one, lon, lat in sorted(placed, key=lambda item: -values.get(item[0].code, Fraction(0))):
        value = values.get(one.code)
        shade = 0 if value is None else class_of(value, limits)
        told = numbers.MISSING if value is None else f"{scale.write(value, lang)} {scale.unit.say(lang)}"
        label = one.label.say(lang)
        drawn.append(
            format_html(
                '<a href="{}" aria-label="{}: {}"><title>{}: {}</title><circle class="{}" cx="{}" cy="{}" r="{}"/></a>',
                link(one.code), label, told, label, told, "unknown" if value is None else f"c{shade}",
                round(20 + (min(max(lon, west), east) - west) * size, 1),
                round(20 + (north - min(max(lat, south), north)) * size, 1), 4 + 1.5 * shade,
            )
        )  # fmt: skip
    return _map(drawn, width, height, limits, scale, lang)


def boundary_map(
    name: str,
    values: Mapping[str, Fraction],
    areas: Sequence[Area],
    shapes: Outlines,
    link: Callable[[str], str],
    lang: Language,
) -> Map:
    """Draw areas in their imported boundaries, each a link; what is not known is hatched."""
    known = list(values.values())
    scale, limits = scaled(name, known), round_limits(known, even=indicator(name).unit == "share")
    drawn = []
    for one in areas:
        value, label = values.get(one.code), one.label.say(lang)
        told = numbers.MISSING if value is None else f"{scale.write(value, lang)} {scale.unit.say(lang)}"
        drawn.append(
            format_html(
                '<a href="{}" aria-label="{}: {}"><title>{}: {}</title><path class="{}" d="{}"/></a>',
                link(one.code), label, told, label, told,
                "unknown" if value is None else f"c{class_of(value, limits)}", shapes.paths.get(one.code, ""),
            )
        )  # fmt: skip
    return _map(drawn, shapes.width, shapes.height, limits, scale, lang)


def _reach(places: Sequence[float]) -> tuple[float, float]:
    """Return how far a map reaches; islands far out at sea stand at its edge, lest the land becomes a dot."""
    ranked = sorted(places)
    low, high = ranked[len(ranked) // 50], ranked[-1 - len(ranked) // 50]
    room = (high - low) * 0.1
    return max(ranked[0], low - room), min(ranked[-1], high + room)


def _map(
    drawn: Sequence[SafeString], width: int, height: int, limits: Sequence[Fraction], scale: Scaled, lang: Language
) -> Map:
    hatch = mark_safe(
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="ground" width="6" height="6"/><path class="hatch" d="M0 0V6"/></pattern></defs>'
    )
    # The areas in it are links with names of their own, so it is a group and not one picture.
    svg = format_html(
        '<svg class="map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}</svg>',
        width, height, Text("Bản đồ", "Map").say(lang), hatch, mark_safe("".join(drawn)),  # noqa: S308 (made above)
    )  # fmt: skip
    return Map(svg, list(enumerate(key_words(limits, scale, lang))), scale.unit.say(lang))
