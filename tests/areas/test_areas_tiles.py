from itertools import combinations

import pytest

from baophu.areas.tiles import Tile, draw, tiles
from baophu.areas.units import tree
from baophu.core.names import fold

# Provinces that share a border (land, 2025-07-01).
NEIGHBOURS = [
    ("12", "11"),  # Lai Châu, Điện Biên
    ("12", "15"),  # Lai Châu, Lào Cai
    ("11", "14"),  # Điện Biên, Sơn La
    ("08", "04"),  # Tuyên Quang, Cao Bằng
    ("08", "15"),  # Tuyên Quang, Lào Cai
    ("20", "22"),  # Lạng Sơn, Quảng Ninh
    ("01", "25"),  # Hà Nội, Phú Thọ
    ("01", "24"),  # Hà Nội, Bắc Ninh
    ("31", "22"),  # Hải Phòng, Quảng Ninh
    ("31", "33"),  # Hải Phòng, Hưng Yên
    ("37", "38"),  # Ninh Bình, Thanh Hóa
    ("40", "42"),  # Nghệ An, Hà Tĩnh
    ("44", "46"),  # Quảng Trị, Huế
    ("46", "48"),  # Huế, Đà Nẵng
    ("52", "66"),  # Gia Lai, Đắk Lắk
    ("66", "68"),  # Đắk Lắk, Lâm Đồng
    ("68", "75"),  # Lâm Đồng, Đồng Nai
    ("75", "79"),  # Đồng Nai, Hồ Chí Minh
    ("80", "82"),  # Tây Ninh, Đồng Tháp
    ("91", "92"),  # An Giang, Cần Thơ
    ("92", "96"),  # Cần Thơ, Cà Mau
]
PROVINCES = {tile.code: tile for tile in tiles() if tile.kind == "province"}


def ranks(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in values]


def correlation(left: list[float], right: list[float]) -> float:
    """Spearman's: 1 where both order the provinces alike."""
    a, b = ranks(left), ranks(right)
    middle = (len(a) - 1) / 2
    together = sum((x - middle) * (y - middle) for x, y in zip(a, b, strict=True))
    apart = sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b)
    return float(together / apart**0.5)


def test_the_country_is_recognised() -> None:
    """The S: wide in the north, narrow in the middle, wide in the south; the archipelagos at sea."""
    assert draw() == "\n".join(
        [
            ".    .    .    CB   .    .    .    .    .",
            "LCh  LCa  TQ   TNg  LS   .    .    .    .",
            "ĐB   SL   PT   HN   BN   QN   .    .    .",
            ".    .    .    NB   HY   HP   .    .    .",
            ".    .    TH   .    .    .    .    .    .",
            ".    .    NA   .    .    .    .    .    .",
            ".    .    .    HT   .    .    .    .    .",
            ".    .    .    .    QT   .    .    .    .",
            ".    .    .    .    .    Huế  .    .    .",
            ".    .    .    .    .    .    ĐNg  .    (HS)",
            ".    .    .    .    .    .    QNg  .    .",
            ".    .    .    .    .    .    GL   .    .",
            ".    .    .    .    .    .    ĐL   .    .",
            ".    .    .    TNi  ĐN   LĐ   KH   .    .",
            ".    .    AG   ĐT   HCM  .    .    .    (TS)",
            ".    .    CT   VL   .    .    .    .    .",
            ".    .    CM   .    .    .    .    .    .",
        ]
    )


def test_each_province_has_one_tile() -> None:
    assert sorted(PROVINCES) == [area.code for area in tree().provinces]
    assert len(tiles()) == 36


def test_no_two_tiles_share_a_place_or_a_label() -> None:
    assert len({(tile.column, tile.row) for tile in tiles()}) == 36
    # Distinct even for somebody who reads them without diacritics.
    assert len({fold(tile.label) for tile in tiles()}) == 36
    assert all(2 <= len(tile.label) <= 3 for tile in tiles())


def test_north_is_up_and_east_is_right() -> None:
    areas = [tree().get(code) for code in PROVINCES]
    rows = [float(tile.row) for tile in PROVINCES.values()]
    columns = [float(tile.column) for tile in PROVINCES.values()]
    assert correlation(rows, [-(area.lat or 0) for area in areas]) > 0.98
    assert correlation(columns, [area.lon or 0 for area in areas]) > 0.95


def test_provinces_clearly_north_of_others_do_not_stand_below_them() -> None:
    for one, other in combinations(PROVINCES.values(), 2):
        north = (tree().get(one.code).lat or 0) - (tree().get(other.code).lat or 0)
        if north > 1.0:
            assert one.row <= other.row, (one.label, other.label)
        if north < -1.0:
            assert one.row >= other.row, (one.label, other.label)


@pytest.mark.parametrize(("one", "other"), NEIGHBOURS)
def test_neighbours_stand_near(one: str, other: str) -> None:
    a, b = PROVINCES[one], PROVINCES[other]
    assert max(abs(a.column - b.column), abs(a.row - b.row)) <= 2


@pytest.mark.parametrize(("label", "province", "name"), [("HS", "48", "Hoàng Sa"), ("TS", "56", "Trường Sa")])
def test_the_archipelagos_stand_at_sea_beside_their_provinces(label: str, province: str, name: str) -> None:
    (islands,) = (tile for tile in tiles() if tile.label == label)
    home: Tile = PROVINCES[province]
    assert (islands.kind, islands.belongs_to, islands.name.vi) == ("archipelago", province, name)
    assert islands.column - home.column == 2
    assert abs(islands.row - home.row) <= 1
    assert all(tile.column < islands.column for tile in PROVINCES.values())
