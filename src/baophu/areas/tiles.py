"""The tile map: one tile a province, placed by hand so that the country is recognised; north is up.

    .    .    .    CB   .    .    .    .    .
    LCh  LCa  TQ   TNg  LS   .    .    .    .
    ĐB   SL   PT   HN   BN   QN   .    .    .
    .    .    .    NB   HY   HP   .    .    .
    .    .    TH   .    .    .    .    .    .
    .    .    NA   .    .    .    .    .    .
    .    .    .    HT   .    .    .    .    .
    .    .    .    .    QT   .    .    .    .
    .    .    .    .    .    Huế  .    .    .
    .    .    .    .    .    .    ĐNg  .    (HS)
    .    .    .    .    .    .    QNg  .    .
    .    .    .    .    .    .    GL   .    .
    .    .    .    .    .    .    ĐL   .    .
    .    .    .    TNi  ĐN   LĐ   KH   .    .
    .    .    AG   ĐT   HCM  .    .    .    (TS)
    .    .    CT   VL   .    .    .    .    .
    .    .    CM   .    .    .    .    .    .

The two archipelagos stand at sea beside their provinces: Hoàng Sa (Đà Nẵng) and Trường Sa (Khánh Hòa).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from baophu.areas import source
from baophu.areas.units import tree
from baophu.core.languages import Text

TileKind = Literal["province", "archipelago"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its column from the west and row from the north, both from 0.

    An archipelago's code is its special zone's, and `belongs_to` is its province; a province belongs to none.
    """

    code: str
    label: str
    column: int
    row: int
    kind: TileKind
    belongs_to: str | None
    name: Text


@cache
def tiles() -> list[Tile]:
    """Return the 34 tiles of the provinces by code, then Hoàng Sa and Trường Sa."""
    areas = tree()
    found = [
        Tile(row.code, row.label, row.tile_column, row.tile_row, "province", None, areas.get(row.code).label)
        for row in source.provinces().values()
    ]
    found += [
        Tile(row.code, row.label, row.tile_column, row.tile_row, "archipelago", row.province, areas.get(row.code).label)
        for row in source.archipelagos()
    ]
    return found


def draw() -> str:
    """Return the grid as text, an archipelago in brackets, a place without a tile as a point."""
    placed = {(tile.row, tile.column): tile for tile in tiles()}
    width = max(column for _, column in placed) + 1
    height = max(row for row, _ in placed) + 1
    lines = []
    for row in range(height):
        words = []
        for column in range(width):
            tile = placed.get((row, column))
            label = "." if tile is None else f"({tile.label})" if tile.kind == "archipelago" else tile.label
            words.append(label.ljust(5))
        lines.append("".join(words).rstrip())
    return "\n".join(lines)
