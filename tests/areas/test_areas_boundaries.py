import copy
import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import mapping, shape

from baophu.areas.boundaries import boundaries, import_boundaries
from baophu.areas.units import tree
from baophu.core.errors import BaophuError

Collection = dict[str, Any]


def square(lon: float, lat: float, half: float = 0.1) -> list[list[list[float]]]:
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def drawn(level: str) -> Collection:
    """A square round the centre of every area of a level; Đà Nẵng and Khánh Hòa with their archipelagos."""
    areas = tree().provinces if level == "province" else tree().communes
    islands = {"48": square(112.1, 16.5), "56": square(114.4, 9.7)}
    features = []
    for area in areas:
        parts = [square(area.lon or 0, area.lat or 0)] + ([islands[area.code]] if area.code in islands else [])
        features.append(
            {
                "type": "Feature",
                "properties": {"code": area.code, "name": area.name},
                "geometry": {"type": "MultiPolygon", "coordinates": parts},
            }
        )
    return {"type": "FeatureCollection", "features": features}


@pytest.fixture
def provinces() -> Collection:
    return copy.deepcopy(drawn("province"))


def written(folder: Path, collection: object) -> Path:
    path = folder / "ranh-gioi.geojson"
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path


def refusal(folder: Path, collection: object, lang: str = "en") -> str:
    with pytest.raises(BaophuError) as error:
        import_boundaries(written(folder, collection), folder / "home")
    assert not (folder / "home").exists(), "nothing is taken from a refused file"
    return error.value.say("vi" if lang == "vi" else "en")


def feature(collection: Collection, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in collection["features"] if one["properties"]["code"] == code)
    return found


def test_provinces_are_stored_with_their_codes_and_a_manifest(tmp_path: Path, provinces: Collection) -> None:
    stored = import_boundaries(written(tmp_path, provinces), tmp_path)
    assert stored.folder.parent == tmp_path / "warehouse" / "areas" / "boundaries" / "province"
    assert (stored.manifest["level"], stored.manifest["rows"]) == ("province", 34)
    known = boundaries("province", tmp_path)
    assert known is not None
    assert known.geometries["75"] == feature(provinces, "75")["geometry"]
    assert known.manifest["file"] == "ranh-gioi.geojson"
    assert boundaries("commune", tmp_path) is None


def test_the_newest_boundaries_are_read(tmp_path: Path, provinces: Collection) -> None:
    import_boundaries(written(tmp_path, provinces), tmp_path)
    feature(provinces, "75")["geometry"]["coordinates"] = [square(107, 11)]
    import_boundaries(written(tmp_path, provinces), tmp_path)
    known = boundaries("province", tmp_path)
    assert known is not None
    assert known.geometries["75"]["coordinates"] == [square(107, 11)]


@pytest.mark.parametrize("name", ["ma_tinh", "MATINH", "maTinh", "ma_tp", "Code"])
def test_the_code_may_stand_under_its_usual_names(tmp_path: Path, provinces: Collection, name: str) -> None:
    for one in provinces["features"]:
        one["properties"] = {name: one["properties"]["code"]}
    assert import_boundaries(written(tmp_path, provinces), tmp_path).manifest["rows"] == 34


def test_communes_are_told_from_provinces_by_their_codes(tmp_path: Path) -> None:
    collection = drawn("commune")
    for one in collection["features"]:
        code = one["properties"].pop("code")
        one["properties"] |= {"maxa": code, "matinh": tree().get(code).parent}
    stored = import_boundaries(written(tmp_path, collection), tmp_path)
    assert (stored.manifest["level"], stored.manifest["rows"]) == ("commune", 3_321)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is no GeoJSON"),
        ("rubbish", "ogr2ogr -f GeoJSON"),
        ("[" * 100_000, "it is no GeoJSON"),
        ("3", "it is no FeatureCollection"),
        ('{"type": "Feature"}', "it is no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "it is no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": [1]}', "something that is no Feature"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature"}]}', "no property carries codes"),
        ('{"type": "Topology", "arcs": []}', "mapshaper ranh-gioi.geojson -o format=geojson boundaries.geojson"),
    ],
)
def test_a_file_that_is_no_geojson_says_what_it_is_and_how_to_convert_it(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "ranh-gioi.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaophuError) as error:
        import_boundaries(path, tmp_path)
    assert told in error.value.say("en")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "provinces.shp"
    path.write_bytes(b"\x00\x00\x27\x0a\xff\xff")
    with pytest.raises(BaophuError, match="it is no GeoJSON"):
        import_boundaries(path, tmp_path)


def test_other_coordinates_than_wgs_84_are_told_with_the_command(tmp_path: Path, provinces: Collection) -> None:
    provinces["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    text = refusal(tmp_path, provinces)
    assert "its coordinates are not WGS 84" in text
    assert "ogr2ogr -f GeoJSON -t_srs EPSG:4326" in text


def test_metres_are_told(tmp_path: Path, provinces: Collection) -> None:
    feature(provinces, "75")["geometry"]["coordinates"] = [square(600_000, 1_200_000, 1000)]
    text = refusal(tmp_path, provinces, "vi")
    assert "(75 Đồng Nai): '599000 1.199e+06 601000 1.201e+06' nằm ngoài phạm vi Việt Nam" in text
    assert "ogr2ogr" in text


def test_swapped_coordinates_are_told(tmp_path: Path, provinces: Collection) -> None:
    feature(provinces, "75")["geometry"]["coordinates"] = [square(11.4, 107.0)]
    assert "longitude and latitude are swapped" in refusal(tmp_path, provinces)


def test_every_code_must_be_there_once_and_only_once(tmp_path: Path, provinces: Collection) -> None:
    feature(provinces, "75")["properties"]["code"] = "79"
    text = refusal(tmp_path, provinces)
    assert "Feature 28: '79' the code is already on feature 27" in text
    assert "Viet Nam: no boundary for 1 of the areas: 75 Đồng Nai" in text


def test_a_code_of_before_the_merger_is_told_with_where_it_went(tmp_path: Path, provinces: Collection) -> None:
    provinces["features"].append(
        {"properties": {"code": "70"}, "geometry": {"type": "Polygon", "coordinates": square(106.9, 11.7)}}
    )
    text = refusal(tmp_path, provinces)
    assert "Feature 35: '70' The code 70 (Binh Phuoc Province) was used until 1 Jul 2025 only." in text
    assert "75 (Thành phố Đồng Nai)" in text


def test_the_wrong_code_of_ba_che_is_told_with_the_right_one(tmp_path: Path) -> None:
    collection = drawn("commune")
    feature(collection, "06970")["properties"]["code"] = "06978"
    text = refusal(tmp_path, collection)
    assert "'06978' There is no code 06978. Did you mean: 06970 (Xã Ba Chẽ)?" in text
    assert "Quang Ninh: no boundary for 1 of the areas: 06970 Ba Chẽ" in text


def test_a_code_of_another_level_or_none_is_told(tmp_path: Path, provinces: Collection) -> None:
    feature(provinces, "75")["properties"]["code"] = "26248"
    feature(provinces, "79")["properties"]["code"] = None
    text = refusal(tmp_path, provinces)
    assert "'26248' is no code of this level." in text
    assert "Feature 28: has no code" in text or "Feature 27: has no code" in text


@pytest.mark.parametrize(
    ("geometry", "told"),
    [
        ({"type": "Polygon", "coordinates": [[[107, 11], [108, 12], [108, 11], [107, 12], [107, 11]]]}, "Self-inters"),
        ({"type": "Point", "coordinates": [107, 11]}, "'Point' is no area (Polygon)"),
        ({"type": "Polygon", "coordinates": []}, "is no area (Polygon)"),
        ({"type": "Polygon", "coordinates": [[[107, 11], [108, 12]]]}, "its geometry cannot be read"),
        ({"type": "Polygon", "coordinates": [[["x", 11], [108, 12], [107, 12]]]}, "its geometry cannot be read"),
        ({"type": "Rubbish"}, "its geometry cannot be read"),
        (None, "its geometry cannot be read"),
    ],
)
def test_a_wrong_geometry_is_told_by_its_code(
    tmp_path: Path, provinces: Collection, geometry: object, told: str
) -> None:
    feature(provinces, "75")["geometry"] = geometry
    text = refusal(tmp_path, provinces)
    assert "(75 Đồng Nai): " in text
    assert told in text


@pytest.mark.parametrize(
    ("code", "name", "window"),
    [("48", "48 Đà Nẵng", "quần đảo Hoàng Sa (kinh độ 111–113"), ("56", "56 Khánh Hòa", "quần đảo Trường Sa (kinh độ")],
)
def test_a_province_without_its_archipelago_is_refused(
    tmp_path: Path, provinces: Collection, code: str, name: str, window: str
) -> None:
    parts = feature(provinces, code)["geometry"]["coordinates"]
    parts.pop()
    text = refusal(tmp_path, provinces, "vi")
    assert f"{name}: thiếu {window}" in text


def test_a_special_zone_that_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    collection = drawn("commune")
    feature(collection, "22736")["geometry"]["coordinates"] = [square(109.2, 12.2)]
    assert "22736 Trường Sa: the archipelago Trường Sa is missing" in refusal(tmp_path, collection)


# The reference boundaries.


@pytest.mark.parametrize("name", ["provinces_34.geojson", "provinces_34_small.geojson"])
def test_the_reference_provinces_are_taken(tmp_path: Path, shared: Path, name: str) -> None:
    assert import_boundaries(shared / name, tmp_path).manifest["rows"] == 34


def decoded(topology: dict[str, Any]) -> list[dict[str, Any]]:
    """Decode a quantized TopoJSON: arcs are steps on a grid, a ring is a chain of arcs, a negative arc runs back."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            points.append([x * sx + tx, y * sy + ty])
        arcs.append(points)

    def ring(numbers: list[int]) -> list[list[float]]:
        points: list[list[float]] = []
        for number in numbers:
            part = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += part[1:] if points else part
        return points

    features = []
    for one in topology["objects"]["communes"]["geometries"]:
        nested = [one["arcs"]] if one["type"] == "Polygon" else one["arcs"]
        parts = [[ring(numbers) for numbers in part] for part in nested]
        geometry = {"type": "MultiPolygon", "coordinates": parts}
        features.append({"type": "Feature", "properties": one["properties"], "geometry": geometry})
    return features


@pytest.fixture(scope="module")
def communes(shared: Path) -> Collection:
    files = sorted((shared / "communes_topojson").glob("*.topojson"))
    features = [one for path in files for one in decoded(json.loads(path.read_text(encoding="utf-8")))]
    return {"type": "FeatureCollection", "features": features}


def test_the_reference_communes_cross_themselves_in_two_places(tmp_path: Path, communes: Collection) -> None:
    """Simplified to 6 % they lost two borders: the import names them, and takes the file once they are mended."""
    with pytest.raises(BaophuError) as error:
        import_boundaries(written(tmp_path, communes), tmp_path)
    told = [problem.say("en") for problem in error.value.problems]
    assert len(told) == 2
    assert "(04402 Phong Dụ Hạ): its geometry is not valid: Self-intersection" in told[0]
    assert "(06652 Hà Tu): its geometry is not valid: Self-intersection" in told[1]
    mended = copy.deepcopy(communes)
    for code in ("04402", "06652"):
        one = feature(mended, code)
        one["geometry"] = json.loads(json.dumps(mapping(shape(one["geometry"]).buffer(0))))
    stored = import_boundaries(written(tmp_path, mended), tmp_path)
    assert stored.manifest["rows"] == 3_321


def test_a_reference_topojson_is_refused_with_the_way_to_convert_it(tmp_path: Path, shared: Path) -> None:
    with pytest.raises(BaophuError) as error:
        import_boundaries(shared / "communes_topojson" / "48.topojson", tmp_path)
    assert "mapshaper 48.topojson -o format=geojson ranh-gioi.geojson" in error.value.say("vi")
