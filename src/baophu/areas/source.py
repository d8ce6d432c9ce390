"""Where the units come from: the data of the package vietnamadminunits, and our own tables beside this file.

The package (MIT; units and centre points from sapnhap.bando.com.vn and the list of the National Statistics Office,
July 2025) is read as data and never imported, since importing it loads geopy, shapely and an address parser.
It holds the 34 provinces and 3,321 communes of 2025-07-01, and the 63 provinces and 10,040 communes (five of them
island districts without communes) of just before.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sqlite3
import unicodedata
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from baophu.core.errors import BaophuError
from baophu.core.languages import Text

PACKAGE = "vietnamadminunits"
PROVINCES, COMMUNES = 34, 3_321
FORMER_PROVINCES, FORMER_COMMUNES = 63, 10_040
_HERE = Path(__file__).parent


class Unit(NamedTuple):
    """One unit as the package has it: texts in NFC with single blanks, the centre in degrees (WGS 84)."""

    code: str
    full_name: str
    parent: str | None
    district: str
    lat: float | None
    lon: float | None


class Units(NamedTuple):
    """The provinces and communes of one time, ordered by code."""

    provinces: list[Unit]
    communes: list[Unit]


class Successor(NamedTuple):
    """That a former unit went, wholly or in part, into a unit of 2025-07-01."""

    old: str
    new: str
    divided: bool


class ProvinceRow(NamedTuple):
    """What we add to a present province: English name, region, tile, the resolutions that formed it."""

    code: str
    name_en: str
    region: str
    label: str
    tile_column: int
    tile_row: int
    formed_by: str
    communes_formed_by: str
    source: str


class Archipelago(NamedTuple):
    """Hoàng Sa or Trường Sa: its special zone, its province, its tile, and the window in which its islands lie."""

    code: str
    province: str
    label: str
    tile_column: int
    tile_row: int
    lon_min: float
    lon_max: float
    lat_min: float
    lat_max: float
    source: str


class Correction(NamedTuple):
    """One dated correction of one field of one unit; `line` is its line in the file, for errors."""

    code: str
    from_date: date | None
    field: str
    value: str
    document: str
    document_date: date | None
    source: str
    line: int


def _no_data(what: Text) -> BaophuError:
    return BaophuError(
        Text(
            f"Không đọc được danh mục đơn vị hành chính: {what.vi}.",
            f"Cannot read the administrative units: {what.en}.",
        ),
        Text(
            f"Cài lại gói dữ liệu: pip install {PACKAGE}==1.0.4",
            f"Install the data again: pip install {PACKAGE}==1.0.4",
        ),
    )


def package_data() -> Path:
    """Return the package's folder of data, found without importing it; BaophuError where it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise _no_data(Text(f"chưa cài gói {PACKAGE}", f"the package {PACKAGE} is not installed"))
    return Path(next(iter(spec.submodule_search_locations))) / "data"


def _clean(words: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", words or "").split())


def _rows(folder: Path, query: str) -> list[tuple[str | float | None, ...]]:
    path = folder / "dataset.db"
    if not path.is_file():
        raise _no_data(Text(f"thiếu tệp {path}", f"{path} is missing"))
    try:
        # Read-only and immutable: no lock files beside an installed package.
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return database.execute(query).fetchall()
    except sqlite3.Error as error:
        raise _no_data(Text(f"{path} không đúng dạng ({error})", f"{path} is of another shape ({error})")) from None


def _units(rows: Iterable[tuple[str | float | None, ...]], provinces: int, communes: int) -> Units:
    tops: dict[str, Unit] = {}
    below: dict[str, Unit] = {}
    for code, name, parent, parent_name, district_code, district, lat, lon, top_lat, top_lon in rows:
        top = str(parent)
        if top not in tops:
            tops[top] = Unit(top, _clean(str(parent_name)), None, "", _degrees(top_lat), _degrees(top_lon))
        # An island district had no communes: it stands for itself, by its three-digit code.
        own, full = (str(code), str(name)) if code else (str(district_code), str(district))
        below[own] = Unit(own, _clean(full), top, _clean(str(district or "")), _degrees(lat), _degrees(lon))
    if len(tops) != provinces or len(below) != communes:
        found = f"{len(tops)}/{len(below)}"
        expected = f"{provinces}/{communes}"
        raise _no_data(
            Text(
                f"có {found} đơn vị cấp tỉnh và cấp xã, cần {expected}",
                f"it has {found} provinces and communes, where {expected} are expected",
            )
        )
    return Units([tops[code] for code in sorted(tops)], [below[code] for code in sorted(below)])


def _degrees(value: str | float | None) -> float | None:
    return None if value is None else float(value)


def read_units(folder: Path) -> Units:
    """Read the units of 2025-07-01 from the package's data; BaophuError unless they are 34 and 3,321."""
    query = """SELECT wardCode, ward, provinceCode, province, NULL, NULL, wardLat, wardLon, provinceLat, provinceLon
               FROM admin_units"""
    return _units(_rows(folder, query), PROVINCES, COMMUNES)


def read_former_units(folder: Path) -> Units:
    """Read the units of just before 2025-07-01; an island district without communes stands among the communes."""
    query = """SELECT wardCode, ward, provinceCode, province, districtCode, district,
                      coalesce(wardLat, districtLat), coalesce(wardLon, districtLon), provinceLat, provinceLon
               FROM admin_units_legacy"""
    return _units(_rows(folder, query), FORMER_PROVINCES, FORMER_COMMUNES)


def read_successors(folder: Path) -> list[Successor]:
    """Read where each former province and commune went, ordered by old code, then new code.

    The package names units by keys without diacritics; each is joined to its code within its province (and, for a
    former commune, its district). A key that fits two units or none is an error, never a guess.
    """
    present = _keys(
        folder, "SELECT provinceKey, provinceKey || '_' || wardKey, provinceCode, wardCode FROM admin_units"
    )
    former = _keys(
        folder,
        """SELECT provinceKey, provinceKey || '_' || districtKey || '_' || coalesce(wardKey, ''),
                  provinceCode, coalesce(wardCode, districtCode)
           FROM admin_units_legacy""",
    )
    path = folder / "converter_2025.json"
    try:
        mapping = json.loads(path.read_text(encoding="utf-8"))
        found = [
            Successor(former[old], present[new], False)
            for new, olds in mapping["DICT_PROVINCE"].items()
            for old in olds
        ]
        for province, communes in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
            for new, olds in communes.items():
                found += [Successor(former[old], present[f"{province}_{new}"], False) for old in olds]
        for province, communes in mapping["DICT_PROVINCE_WARD_DIVIDED"].items():
            for old, parts in communes.items():
                found += [Successor(former[old], present[f"{province}_{part['newWardKey']}"], True) for part in parts]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise _no_data(Text(f"{path} không đúng dạng ({reason})", f"{path} is of another shape ({reason})")) from None
    return sorted(found)


def _keys(folder: Path, query: str) -> dict[str, str]:
    codes: dict[str, str] = {}
    for province_key, key, province, code in _rows(folder, query):
        codes[str(province_key)] = str(province)
        if codes.setdefault(str(key), str(code)) != str(code):
            raise _no_data(Text(f"khóa '{key}' chỉ hai đơn vị", f"the key '{key}' names two units"))
    return codes


@cache
def present() -> Units:
    """Return the installed units of 2025-07-01 (read once)."""
    return read_units(package_data())


@cache
def former() -> Units:
    """Return the installed units of just before 2025-07-01 (read once, when first asked for)."""
    return read_former_units(package_data())


@cache
def successors() -> list[Successor]:
    """Return where each former unit went on 2025-07-01 (read once, when first asked for)."""
    return read_successors(package_data())


def _table(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def provinces() -> dict[str, ProvinceRow]:
    """Return our table of the present provinces, by code."""
    return {
        row["code"]: ProvinceRow(
            row["code"],
            row["name_en"],
            row["region"],
            row["label"],
            int(row["tile_column"]),
            int(row["tile_row"]),
            row["formed_by"],
            row["communes_formed_by"],
            row["source"],
        )
        for row in _table("provinces.csv")
    }


@cache
def regions() -> dict[str, Text]:
    """Return the six socio-economic regions, by their id."""
    return {row["id"]: Text(row["name_vi"], row["name_en"]) for row in _table("regions.csv")}


@cache
def archipelagos() -> list[Archipelago]:
    """Return Hoàng Sa and Trường Sa."""
    return [
        Archipelago(
            row["code"],
            row["province"],
            row["label"],
            int(row["tile_column"]),
            int(row["tile_row"]),
            float(row["lon_min"]),
            float(row["lon_max"]),
            float(row["lat_min"]),
            float(row["lat_max"]),
            row["source"],
        )
        for row in _table("archipelagos.csv")
    ]


def read_corrections(path: Path) -> list[Correction]:
    """Read the dated corrections of the package's data from a CSV file; BaophuError with the line that is wrong.

    `field` is `name`, `unit_type`, `parent`, `lat`, `lon` (the value from `from_date` on), `into` (the unit ends on
    `from_date`; the value lists the codes that take its place, parted by blanks) or `wrong_code` (a code that is
    seen in circulation for this unit and is not its code; no date).
    """
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                found.append(
                    Correction(
                        row["code"],
                        date.fromisoformat(row["from_date"]) if row["from_date"] else None,
                        row["field"],
                        row["value"],
                        row["document"],
                        date.fromisoformat(row["document_date"]) if row["document_date"] else None,
                        row["source"],
                        line,
                    )
                )
            except (KeyError, TypeError, ValueError) as error:
                where = Text(f"{path.name}, dòng {line}: {error}", f"{path.name}, line {line}: {error}")
                raise BaophuError(Text(f"Bản ghi sai: {where.vi}", f"A record is wrong: {where.en}")) from None
    return found


@cache
def corrections() -> list[Correction]:
    """Return the corrections that come with the program."""
    return read_corrections(_HERE / "corrections.csv")
