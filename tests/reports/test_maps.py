"""Maps: unknown is hatched and named, classes have round limits, everything is also said in words."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.areas.boundaries import Boundaries
from baophu.areas.tiles import tiles
from baophu.areas.units import tree
from baophu.reports.boundary_map import boundary_map
from baophu.reports.charts import svg
from baophu.reports.map_classes import class_of, class_words, round_limits
from baophu.reports.style import CLASSES
from baophu.reports.tile_map import tile_map

NAMES = {area.code: area.name for area in tree().provinces}
KNOWN = {"79": Fraction(6_671_804), "01": Fraction(3_702_304)}


def squares() -> Boundaries:
    """A country of squares, one a province."""
    geometries = {}
    for place, code in enumerate(NAMES):
        x, y = 103 + place % 6, 9 + place // 6
        geometries[code] = {
            "type": "Polygon",
            "coordinates": [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]],
        }
    return Boundaries("province", geometries, {})


@pytest.mark.parametrize("kind", ["tiles", "boundaries"])
def test_the_known_are_coloured_and_the_others_hatched(kind: str) -> None:
    if kind == "tiles":
        drawing = tile_map(KNOWN, tiles(), NAMES, "Hai tỉnh", "triệu", "vi")
    else:
        drawing = boundary_map(KNOWN, squares(), NAMES, "Hai tỉnh", "triệu", "vi")
    text = svg(drawing)
    hatched = len(re.findall(r'fill="url\(#hatch-[0-9a-f]+\)"', text))
    # 32 provinces and the key; as tiles also the two archipelagos of unknown provinces.
    assert hatched == 33 + (2 if kind == "tiles" else 0)
    assert text.count(f'fill="{CLASSES[4]}"') == 1 + 1  # Hồ Chí Minh, and the key
    assert "chưa biết số giao (không phải 0)" in text
    assert "Hồ Chí Minh 6,67\u00a0triệu" in drawing.alternative
    assert "32 tỉnh, thành phố chưa biết số giao" in drawing.alternative
    assert drawing.rows[0] == ("Hồ Chí Minh", "6.671.804")
    assert drawing.rows[-1][1] == "–"
    assert len(drawing.rows) == 34


def test_the_archipelagos_take_the_colour_of_their_provinces() -> None:
    known = {"48": Fraction(900_000), "56": Fraction(700_000)}
    text = svg(tile_map(known, tiles(), NAMES, "t", "s", "vi"))
    assert "Hoàng Sa" in text
    assert "Trường Sa" in text
    place = class_of(known["48"], round_limits(known.values()))
    assert place is not None
    assert text.count(f'fill="{CLASSES[place]}"') == 5  # two provinces, two archipelagos, the key


def test_a_map_of_nothing_has_only_the_unknown_in_its_key() -> None:
    drawing = tile_map({}, tiles(), NAMES, "Chưa có", "triệu", "en")
    text = svg(drawing)
    assert "not known yet (not zero)" in text
    assert "under" not in text


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.integers(1, 10**8).map(Fraction), min_size=1))
def test_limits_are_round_and_put_everybody_in_one_of_five_classes(values: dict[str, Fraction]) -> None:
    limits = round_limits(values.values())
    assert len(limits) == 4
    assert limits == sorted(limits)
    for limit in limits:
        digits = str(limit.numerator if limit >= 1 else limit.denominator).rstrip("0")
        assert digits in ("1", "2", "5", "")
    for value in values.values():
        place = class_of(value, limits)
        assert place is not None
        assert 0 <= place <= 4
    assert len(class_words(limits, "vi")) == 5
    assert class_of(max(values.values()), limits) == 4
