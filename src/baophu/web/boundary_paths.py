"""The imported boundaries as outlines of small maps: projected, simplified to the width of a line, kept in the home.

Nothing of a boundary file is part of the program: it lies in the home that imported it (`baophu areas boundaries`).
It may be large, so it is read once; what pages read is a small file a map.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from baophu.areas.boundaries import BoundaryLevel, boundaries
from baophu.areas.store import newest
from baophu.areas.units import COUNTRY, tree
from baophu.core.home import make_home, whole_folder

BELOW = Path("site") / "outlines"
LEVELS: tuple[BoundaryLevel, ...] = ("province", "commune")
# The longer side of a map, and what of an outline may be left out: less than a line's width.
SIDE, ROUGH = 480.0, 0.4


@dataclass(frozen=True, slots=True)
class Outlines:
    """The size of a map and the path of each area in it, by area code."""

    width: int
    height: int
    paths: dict[str, str]


def outlines(home: Path, area: str) -> Outlines | None:
    """Return the outlines of the areas below one; None where no boundaries of them were imported and prepared."""
    place = _prepared(home, "province" if area == COUNTRY else "commune")
    file = place / f"{area}.json" if place else None
    return _read(file) if file and file.is_file() else None


@lru_cache(maxsize=64)  # the same few maps are asked for again and again
def _read(file: Path) -> Outlines:
    return Outlines(**json.loads(file.read_text(encoding="utf-8")))


def _prepared(home: Path, level: BoundaryLevel) -> Path | None:
    stored = newest(home / "warehouse" / "areas" / "boundaries" / level)
    return None if stored is None else home / BELOW / stored.folder.name / level


def prepare(home: Path) -> None:
    """Draw the maps of the newest imported boundaries, those that are not there yet: a file for each area above."""
    for level in LEVELS:
        place = _prepared(home, level)
        if place is None or place.exists():
            continue
        found = boundaries(level, home)
        assert found is not None  # noqa: S101 (it is stored)
        above = [COUNTRY] if level == "province" else [one.code for one in tree().provinces]
        make_home(place.parent)
        with whole_folder(place) as folder:
            for area in above:
                codes = [one.code for one in tree().children(area) if one.code in found.geometries]
                if codes:
                    told = _drawn(found.geometries, codes)
                    words = json.dumps({"width": told.width, "height": told.height, "paths": told.paths})
                    (folder / f"{area}.json").write_text(words, encoding="utf-8")


def _drawn(geometries: dict[str, dict[str, Any]], codes: Sequence[str]) -> Outlines:
    from shapely.geometry import shape

    shapes = {code: shape(geometries[code]) for code in codes}
    west, south, east, north = _reach([one.bounds for one in shapes.values()])
    size = SIDE / max(east - west, north - south)

    def path(rings: Iterable[Any]) -> str:
        return "".join(
            "M" + "L".join(f"{(x - west) * size:.1f} {(north - y) * size:.1f}" for x, y, *_ in ring.coords[:-1]) + "Z"
            for ring in rings
        )

    drawn = {}
    for code, one in shapes.items():
        plain = one.simplify(ROUGH / size)
        parts = [part for part in getattr(plain, "geoms", [plain]) if not part.is_empty]
        drawn[code] = path(ring for part in parts for ring in (part.exterior, *part.interiors))
    return Outlines(round((east - west) * size) + 1, round((north - south) * size) + 1, drawn)


def _reach(bounds: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    return (
        min(one[0] for one in bounds), min(one[1] for one in bounds),
        max(one[2] for one in bounds), max(one[3] for one in bounds),
    )  # fmt: skip
