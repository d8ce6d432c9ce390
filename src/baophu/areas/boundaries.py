"""Official boundaries that an office imports: one GeoJSON file for the provinces or for the communes.

The program ships none. A file is checked as a whole before anything is taken: every present code once and only
once, valid polygons in WGS 84 within Viet Nam, and both archipelagos in their places.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from baophu.areas import source, units
from baophu.areas.store import Stored, newest, sha256, store
from baophu.areas.units import Area, AreaTree
from baophu.core.errors import BaophuError, Problem, nearest
from baophu.core.languages import Text, same

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

BoundaryLevel = Literal["province", "commune"]
# The range of the country with its waters, in degrees.
LON_MIN, LON_MAX, LAT_MIN, LAT_MAX = 102.0, 118.0, 6.0, 24.0
# The names under which official and common files carry the code, best first; compared without '_' and capitals.
CODE_PROPERTIES: dict[BoundaryLevel, tuple[str, ...]] = {
    "commune": ("code", "maxa", "mapx", "maphuongxa", "communecode", "wardcode", "madvhc", "ma", "id"),
    "province": ("code", "matinh", "matp", "matinhtp", "provincecode", "madvhc", "ma", "id"),
}
_FILE = "boundaries.geojson"
_BELOW = "areas/boundaries"
_MANY = 10


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The boundaries of one level: a GeoJSON geometry for each code, and the manifest of the import."""

    level: BoundaryLevel
    geometries: dict[str, dict[str, Any]]
    manifest: dict[str, Any]


def _refuse(path: Path, reason: Text, mend: Text | None = None) -> BaophuError:
    return BaophuError(
        Text(f"Chưa nhận tệp {path.name}: {reason.vi}.", f"{path.name} was not taken: {reason.en}."), mend
    )


def _read(path: Path) -> list[dict[str, Any]]:
    """Read a FeatureCollection's features; BaophuError says what the file is instead, and how to convert it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise BaophuError(Text(f"Không đọc được {path}: {reason}.", f"Cannot read {path}: {reason}.")) from None
    except (ValueError, RecursionError) as error:
        convert = Text(
            "Chuyển sang GeoJSON: ogr2ogr -f GeoJSON -t_srs EPSG:4326 ranh-gioi.geojson TỆP",
            "Convert it to GeoJSON: ogr2ogr -f GeoJSON -t_srs EPSG:4326 boundaries.geojson FILE",
        )
        raise _refuse(path, Text("không phải là tệp GeoJSON", f"it is no GeoJSON ({error})"), convert) from None
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Topology":
        raise _refuse(
            path,
            Text("đây là TopoJSON", "it is TopoJSON"),
            Text(
                f"Chuyển sang GeoJSON: mapshaper {path.name} -o format=geojson ranh-gioi.geojson",
                f"Convert it to GeoJSON: mapshaper {path.name} -o format=geojson boundaries.geojson",
            ),
        )
    features = document.get("features") if isinstance(document, dict) else None
    if kind != "FeatureCollection" or not isinstance(features, list) or not features:
        raise _refuse(
            path, Text("không phải là FeatureCollection của GeoJSON", "it is no FeatureCollection of GeoJSON")
        )
    if not all(isinstance(feature, dict) for feature in features):
        raise _refuse(path, Text("có phần tử không phải là Feature", "it holds something that is no Feature"))
    crs = str(document.get("crs") or "")
    if crs and "CRS84" not in crs and "4326" not in crs:
        raise _refuse(path, Text(f"hệ tọa độ không phải WGS 84: {crs}", f"its coordinates are not WGS 84: {crs}"), _WGS)
    return features


_WGS = Text(
    "Chuyển sang WGS 84: ogr2ogr -f GeoJSON -t_srs EPSG:4326 ranh-gioi.geojson TỆP",
    "Convert it to WGS 84: ogr2ogr -f GeoJSON -t_srs EPSG:4326 boundaries.geojson FILE",
)


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _find_codes(path: Path, features: list[dict[str, Any]], areas: AreaTree) -> tuple[BoundaryLevel, list[str]]:
    """Return the level and the code of each feature, from the property that fits the most codes of a level."""
    best: tuple[int, BoundaryLevel, list[str]] | None = None
    names = {name: name.replace("_", "").lower() for feature in features for name in _properties(feature)}
    known: dict[BoundaryLevel, set[str]] = {
        "province": {area.code for area in areas.provinces},
        "commune": {area.code for area in areas.communes},
    }
    for level, wanted in CODE_PROPERTIES.items():
        for usual in wanted:
            for name in (name for name, plain in names.items() if plain == usual):
                codes = [_text(_properties(feature).get(name)) for feature in features]
                fitting = len(known[level].intersection(codes))
                if fitting and (best is None or fitting > best[0]):
                    best = (fitting, level, codes)
    if best is None:
        found = ", ".join(sorted(names)[:_MANY]) or "–"
        near = nearest("code", dict.fromkeys(names, ""), 1)
        raise _refuse(
            path,
            Text(
                f"không có thuộc tính nào mang mã đơn vị hành chính hiện nay (có: {found})",
                f"no property carries codes of present areas (there are: {found})",
            ),
            Text(
                f"Đặt mã vào thuộc tính 'code'{f' (có phải là {near[0]!r}?)' if near else ''}, ví dụ 75 hoặc 26248, "
                "dạng chữ.",
                f"Put the code into a property 'code'{f' (is it {near[0]!r}?)' if near else ''}, such as 75 or 26248, "
                "as text.",
            ),
        )
    return best[1], best[2]


def _check_codes(codes: list[str], level: BoundaryLevel, areas: AreaTree) -> list[Problem]:
    problems = []
    present = areas.provinces if level == "province" else areas.communes
    wanted = {area.code for area in present}
    seen: dict[str, int] = {}
    for number, code in enumerate(codes, start=1):
        where = _feature(number)
        if code in seen:
            reason = Text(f"mã đã có ở hình {seen[code]}", f"the code is already on feature {seen[code]}")
            problems.append(Problem(where, code, reason))
        elif not code:
            problems.append(Problem(where, "", Text("không có mã", "has no code")))
        elif code not in wanted:
            error = units.unknown_area(code, areas) if code not in areas else None
            reason = Text("không phải mã của cấp này.", "is no code of this level.")
            if error:
                reason = Text(error.say("vi").replace("\n", " "), error.say("en").replace("\n", " "))
            problems.append(Problem(where, code, reason))
        seen.setdefault(code, number)
    missing: dict[str, list[Area]] = {}
    for area in present:
        if area.code not in seen:
            missing.setdefault(str(area.parent), []).append(area)
    for parent, lacking in missing.items():
        shown = ", ".join(f"{area.code} {area.name}" for area in lacking[:_MANY])
        shown += ", …" if len(lacking) > _MANY else ""
        reason = Text(
            f"thiếu ranh giới của {len(lacking)} đơn vị: {shown}",
            f"no boundary for {len(lacking)} of the areas: {shown}",
        )
        problems.append(Problem(areas.get(parent).label, "", reason))
    return problems


def _feature(number: int) -> Text:
    return Text(f"Hình {number}", f"Feature {number}")


def _check_shapes(
    features: list[dict[str, Any]], codes: list[str], areas: AreaTree
) -> tuple[dict[str, BaseGeometry], list[Problem], bool]:
    """Return the readable shapes, what is wrong with the others, and whether coordinates seem not to be WGS 84."""
    import shapely
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    shapes: dict[str, BaseGeometry] = {}
    problems = []
    outside = False
    for number, (feature, code) in enumerate(zip(features, codes, strict=True), start=1):
        name = f"{code} {areas.get(code).name}" if code in areas else code
        where = Text(f"Hình {number} ({name})", f"Feature {number} ({name})")
        try:
            geometry = shape(feature.get("geometry"))
        except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            problems.append(Problem(where, "", Text("hình không đọc được", f"its geometry cannot be read ({error})")))
            continue
        if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
            reason = Text("không phải là vùng (Polygon)", "is no area (Polygon)")
            problems.append(Problem(where, "" if geometry.is_empty else geometry.geom_type, reason))
            continue
        west, south, east, north = geometry.bounds
        if not (west >= LON_MIN and east <= LON_MAX and south >= LAT_MIN and north <= LAT_MAX):
            swapped = west >= LAT_MIN and east <= LAT_MAX and south >= LON_MIN and north <= LON_MAX
            outside = outside or not swapped
            reason = (
                Text(
                    "kinh độ và vĩ độ bị đổi chỗ; GeoJSON viết kinh độ trước",
                    "longitude and latitude are swapped; GeoJSON writes longitude first",
                )
                if swapped
                else Text(
                    f"nằm ngoài phạm vi Việt Nam (kinh độ {LON_MIN:g}–{LON_MAX:g}, vĩ độ {LAT_MIN:g}–{LAT_MAX:g})",
                    f"lies outside Viet Nam (longitude {LON_MIN:g}–{LON_MAX:g}, latitude {LAT_MIN:g}–{LAT_MAX:g})",
                )
            )
            problems.append(Problem(where, f"{west:g} {south:g} {east:g} {north:g}", reason))
            continue
        if not geometry.is_valid:
            fault = shapely.is_valid_reason(geometry)
            problems.append(Problem(where, "", Text(f"hình sai: {fault}", f"its geometry is not valid: {fault}")))
            continue
        shapes.setdefault(code, geometry)
    return shapes, problems, outside


def _check_archipelagos(shapes: dict[str, BaseGeometry], level: BoundaryLevel, areas: AreaTree) -> list[Problem]:
    """Check that Hoàng Sa and Trường Sa lie where they do: in their provinces, and as special zones of their own."""
    from shapely.geometry import box

    problems = []
    for islands in source.archipelagos():
        code = islands.province if level == "province" else islands.code
        if code not in shapes:  # told already, as missing or wrong
            continue
        window = box(islands.lon_min, islands.lat_min, islands.lon_max, islands.lat_max)
        parts = getattr(shapes[code], "geoms", [shapes[code]])
        if not any(window.covers(part) for part in parts):
            zone, owner = areas.get(islands.code), areas.get(islands.province)
            reason = Text(
                f"thiếu quần đảo {zone.name} (kinh độ {islands.lon_min:g}–{islands.lon_max:g}, "
                f"vĩ độ {islands.lat_min:g}–{islands.lat_max:g})",
                f"the archipelago {zone.name} is missing (longitude {islands.lon_min:g}–{islands.lon_max:g}, "
                f"latitude {islands.lat_min:g}–{islands.lat_max:g})",
            )
            problems.append(Problem(same(f"{code} {owner.name if level == 'province' else zone.name}"), "", reason))
    return problems


def import_boundaries(path: Path, home: Path, on: date | None = None) -> Stored:
    """Check a GeoJSON file of boundaries and store it under `<home>/warehouse/areas/boundaries/<level>/`.

    The level follows from the codes. `on` is the day whose areas the file must hold (None: today). BaophuError tells
    every problem by feature and code, and then nothing is taken. Coordinates: degrees, WGS 84, longitude first.
    """
    features = _read(path)
    areas = units.tree(on)
    level, codes = _find_codes(path, features, areas)
    problems = _check_codes(codes, level, areas)
    shapes, wrong_shapes, outside = _check_shapes(features, codes, areas)
    problems += wrong_shapes + _check_archipelagos(shapes, level, areas)
    if problems:
        raise BaophuError(
            Text(
                f"Chưa nhận tệp {path.name}: {len(problems)} chỗ cần sửa.",
                f"{path.name} was not taken. Places to mend: {len(problems)}.",
            ),
            _WGS if outside else Text("Không có gì thay đổi.", "Nothing was changed."),
            problems,
        )
    kept = [
        {"type": "Feature", "properties": {"code": code}, "geometry": feature["geometry"]}
        for code, feature in sorted(zip(codes, features, strict=True), key=lambda pair: pair[0])
    ]
    text = json.dumps({"type": "FeatureCollection", "features": kept}, separators=(",", ":"))
    facts = {"level": level, "rows": len(kept), "areas_of": areas.valid_from.isoformat()}
    digest = sha256(path)
    return store(
        home, f"{_BELOW}/{level}", path, digest, facts, lambda part: (part / _FILE).write_text(text, encoding="utf-8")
    )


def boundaries(level: BoundaryLevel, home: Path) -> Boundaries | None:
    """Return the newest boundaries of a level, or None where none were imported."""
    stored = newest(home / "warehouse" / _BELOW / level)
    return None if stored is None else _load(level, stored.folder / _FILE, json.dumps(stored.manifest))


@lru_cache(maxsize=2)  # pages ask for the same one again and again; a stored folder never changes
def _load(level: BoundaryLevel, path: Path, manifest: str) -> Boundaries:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    geometries = {feature["properties"]["code"]: feature["geometry"] for feature in features}
    return Boundaries(level, geometries, json.loads(manifest))
