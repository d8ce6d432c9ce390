"""The dated tree of areas: the country, its provinces, their communes, as they stood on a day.

Three spans are known:

- from 2025-07-01: 34 provinces and 3,321 communes, corrected by dated records as the law changes them;
- from 2025-03-01 until then: the 63 provinces and 10,040 communes of just before, as they stood at the end (the
  last changes among them took effect on 2025-03-01); districts are kept only as a word on their communes;
- earlier: nothing, which is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Literal, NamedTuple, cast, get_args

from baophu.areas import source
from baophu.core.errors import BaophuError, UnknownName, did_you_mean, unknown
from baophu.core.languages import Text
from baophu.core.names import ascii_name
from baophu.core.numbers import short_date

Level = Literal["country", "province", "commune"]
UnitType = Literal[
    "country", "province", "city", "ward", "commune", "special_zone", "township", "district_without_communes"
]

COUNTRY = "00"
MERGER = date(2025, 7, 1)
REACH = date(2025, 3, 1)

LEVELS: dict[Level, Text] = {
    "country": Text("cả nước", "country"),
    "province": Text("cấp tỉnh", "province"),
    "commune": Text("cấp xã", "commune"),
}
UNIT_TYPES: dict[UnitType, Text] = {
    "country": Text("cả nước", "country"),
    "province": Text("tỉnh", "province"),
    "city": Text("thành phố trực thuộc trung ương", "centrally-run city"),
    "ward": Text("phường", "ward"),
    "commune": Text("xã", "commune"),
    "special_zone": Text("đặc khu", "special zone"),
    "township": Text("thị trấn", "township"),
    "district_without_communes": Text("huyện không có xã", "district without communes"),
}
# The word that stands in the full name, in Vietnamese before it and in English behind it.
UNIT_WORDS: dict[UnitType, Text] = {
    "province": Text("Tỉnh", "Province"),
    "city": Text("Thành phố", "City"),
    "ward": Text("Phường", "Ward"),
    "commune": Text("Xã", "Commune"),
    "special_zone": Text("Đặc khu", "Special Zone"),
    "township": Text("Thị trấn", "Township"),
    "district_without_communes": Text("Huyện", "District"),
}
_BEGINNINGS = [(f"{word.vi.lower()} ", unit_type) for unit_type, word in UNIT_WORDS.items()]
_AREA = Text("đơn vị hành chính", "area")
_FORMER_SOURCE = "vietnamadminunits 1.0.4 (MIT), units before 2025-07-01"
_PRESENT_SOURCE = "vietnamadminunits 1.0.4 (MIT), units of 2025-07-01 (sapnhap.bando.com.vn, NSO list)"


@dataclass(frozen=True, slots=True)
class Area:
    """One unit over one span `[valid_from, valid_to)`.

    `valid_from` is None where the unit is older than what is known, `valid_to` is None while it is in force.
    `district` is the district of a commune from before 2025-07-01; `region` is the region of a present province;
    `document` is the resolution by which this version came into force, where it is known.
    """

    code: str
    level: Level
    name: str
    full_name: str
    name_en: str
    full_name_en: str
    unit_type: UnitType
    parent: str | None
    region: str
    district: str
    lat: float | None
    lon: float | None
    valid_from: date | None
    valid_to: date | None
    document: str
    source: str

    @property
    def label(self) -> Text:
        """The short name in both languages."""
        return Text(self.name, self.name_en)

    @property
    def full_label(self) -> Text:
        """The full name in both languages."""
        return Text(self.full_name, self.full_name_en)


_COUNTRY = Area(
    COUNTRY,
    "country",
    "Cả nước",
    "Cả nước",
    "Viet Nam",
    "Viet Nam",
    "country",
    None,
    "",
    "",
    None,
    None,
    None,
    None,
    "",
    "",
)


def _split(full_name: str) -> tuple[UnitType, str]:
    """Part a full name into the kind of unit and the short name: 'Phường Trảng Bom' -> ward, 'Trảng Bom'."""
    for beginning, unit_type in _BEGINNINGS:
        # The package capitalises a few of them otherwise ('Thị Trấn Ái Tử').
        if full_name[: len(beginning)].lower() == beginning:
            return unit_type, full_name[len(beginning) :]
    raise BaophuError(
        Text(f"'{full_name}' không thuộc loại đơn vị nào đã biết.", f"'{full_name}' is no known type of unit.")
    )


def _names(unit_type: UnitType, name: str, name_en: str) -> tuple[str, str, str, str]:
    """Return name, full name, English name, English full name; a number is no name without its word ('Phường 1')."""
    word = UNIT_WORDS[unit_type]
    if name[0].isdigit():
        full, full_en = f"{word.vi} {name}", f"{word.en} {name_en}"
        return full, full, full_en, full_en
    full_en = name_en if name_en.endswith(f" {word.en}") else f"{name_en} {word.en}"
    return name, f"{word.vi} {name}", name_en, full_en


class _Span(NamedTuple):
    """What the units of one time have in common."""

    valid_from: date | None
    valid_to: date | None
    source: str


_BEFORE = _Span(None, MERGER, _FORMER_SOURCE)
_SINCE = _Span(MERGER, None, _PRESENT_SOURCE)


def _area(
    unit: source.Unit, level: Level, span: _Span, name_en: str = "", region: str = "", document: str = ""
) -> Area:
    unit_type, bare = _split(unit.full_name)
    name, full_name, name_en, full_name_en = _names(unit_type, bare, name_en or ascii_name(bare))
    return Area(
        unit.code,
        level,
        name,
        full_name,
        name_en,
        full_name_en,
        unit_type,
        unit.parent or COUNTRY,
        region,
        unit.district,
        unit.lat,
        unit.lon,
        span.valid_from,
        span.valid_to,
        document,
        span.source,
    )


@cache
def former_areas() -> dict[str, Area]:
    """Return the provinces and communes of just before 2025-07-01, by code (the five island districts by theirs)."""
    units, ours = source.former(), source.provinces()
    english = {unit.full_name: ours[unit.code].name_en for unit in source.present().provinces}
    areas = {unit.code: _area(unit, "province", _BEFORE, english.get(unit.full_name, "")) for unit in units.provinces}
    for unit in units.communes:
        areas[unit.code] = _area(unit, "commune", _BEFORE)
    return areas


def _of_merger() -> dict[str, Area]:
    units, ours = source.present(), source.provinces()
    areas = {COUNTRY: _COUNTRY}
    for unit in units.provinces:
        row = ours[unit.code]
        areas[unit.code] = _area(unit, "province", _SINCE, row.name_en, row.region, row.formed_by)
    for unit in units.communes:
        areas[unit.code] = _area(unit, "commune", _SINCE, document=ours[str(unit.parent)].communes_formed_by)
    return areas


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions of the units since 2025-07-01, oldest first; what took the place of those that ended; when."""

    by_code: dict[str, list[Area]]
    into: dict[str, tuple[str, ...]]
    days: tuple[date, ...]


_FIELDS = ("name", "unit_type", "parent", "lat", "lon", "into")


def apply_corrections(areas: Mapping[str, Area], corrections: Iterable[source.Correction]) -> Versions:
    """Return the versions that dated corrections make of the units of 2025-07-01.

    Corrections of one unit on one day make one new version. A code not seen before is a new unit, which must then
    be given a name, a type and a parent. BaophuError with the line of a correction that cannot be applied.
    """
    by_code = {code: [area] for code, area in areas.items()}
    into: dict[str, tuple[str, ...]] = {}
    groups: dict[tuple[date, str], list[source.Correction]] = {}
    for correction in corrections:
        if correction.field == "wrong_code":
            continue
        if correction.from_date is None or correction.field not in _FIELDS:
            raise _wrong(correction, f"field {correction.field}, from {correction.from_date}")
        groups.setdefault((correction.from_date, correction.code), []).append(correction)
    # On one day, units are made before others end in them.
    for (day, code), group in sorted(groups.items(), key=lambda item: (item[0][0], _ends(item[1]), item[0][1])):
        values = {correction.field: correction.value for correction in group}
        versions = by_code.setdefault(code, [])
        if versions:
            last = versions[-1]
            if last.valid_to is not None or day <= (last.valid_from or date.min):
                raise _wrong(group[0], f"{code} is not in force on {day}")
            versions[-1] = replace(last, valid_to=day)
        if "into" in values:
            into[code] = tuple(values["into"].split())
            if not versions or not all(successor in by_code for successor in into[code]):
                raise _wrong(group[0], f"{code} into {values['into']}")
        else:
            versions.append(_version(versions[-1] if versions else None, group, values, day))
            if versions[-1].parent not in by_code:
                raise _wrong(group[0], f"{code} in {versions[-1].parent}")
    return Versions(by_code, into, tuple(sorted({day for day, _ in groups})))


def _ends(group: list[source.Correction]) -> bool:
    return any(correction.field == "into" for correction in group)


def _version(last: Area | None, group: list[source.Correction], values: dict[str, str], day: date) -> Area:
    first = group[0]
    unit_type = values.get("unit_type") or (last.unit_type if last else "")
    parent = values.get("parent") or (last.parent if last else None)
    name = values.get("name") or (last.name if last else "")
    if unit_type not in get_args(UnitType) or not parent or not name:
        raise _wrong(first, f"name '{name}', unit_type '{unit_type}', parent '{parent}'")
    kind = cast(UnitType, unit_type)
    bare = name.removeprefix(f"{UNIT_WORDS[last.unit_type].vi} ") if last else name
    name_en = last.name_en if last and last.name == name else ascii_name(bare)
    name, full, name_en, full_en = _names(kind, bare, name_en)
    return Area(
        first.code,
        last.level if last else "province" if len(first.code) == 2 else "commune",
        name,
        full,
        name_en,
        full_en,
        kind,
        parent,
        last.region if last else "",
        "",
        float(values["lat"]) if "lat" in values else last.lat if last else None,
        float(values["lon"]) if "lon" in values else last.lon if last else None,
        day,
        None,
        first.document,
        first.source,
    )


def _wrong(correction: source.Correction, why: str) -> BaophuError:
    place = f"corrections.csv:{correction.line}"
    return BaophuError(Text(f"Bản ghi sai: {place}: {why}", f"A record is wrong: {place}: {why}"))


@cache
def versions() -> Versions:
    """Return all versions of the units since 2025-07-01, from the installed data and our corrections."""
    return apply_corrections(_of_merger(), source.corrections())


class AreaTree:
    """The areas in force over a span of days in which nothing changed: `[valid_from, valid_to)`."""

    def __init__(self, areas: Mapping[str, Area], valid_from: date, valid_to: date | None) -> None:
        self.valid_from = valid_from
        self.valid_to = valid_to
        self._areas = dict(areas)
        ordered = [self._areas[code] for code in sorted(self._areas)]
        self.country = self._areas[COUNTRY]
        self.provinces = tuple(area for area in ordered if area.level == "province")
        self.communes = tuple(area for area in ordered if area.level == "commune")
        self._children: dict[str, list[Area]] = {}
        for area in ordered:
            if area.parent is not None:
                self._children.setdefault(area.parent, []).append(area)

    def __contains__(self, code: object) -> bool:
        return code in self._areas

    def get(self, code: str) -> Area:
        """Return the area of a code; UnknownName tells where a code of another time went, or what was meant."""
        found = self._areas.get(code.strip())
        if found is None:
            raise unknown_area(code.strip(), self)
        return found

    def children(self, code: str) -> tuple[Area, ...]:
        """Return the areas directly below one, by code."""
        return tuple(self._children.get(self.get(code).code, ()))

    def ancestors(self, code: str) -> tuple[Area, ...]:
        """Return the way down from the country to the area above this one; the country has none."""
        above: list[Area] = []
        area = self.get(code)
        while area.parent is not None:
            area = self._areas[area.parent]
            above.append(area)
        return tuple(reversed(above))

    def breadcrumb(self, code: str) -> Text:
        """Return the way from the country down to the area in words: Cả nước › Đồng Nai › Trảng Bom.

        A commune from before 2025-07-01 has its district on the way.
        """
        area = self.get(code)
        steps = [above.label for above in self.ancestors(code)]
        if area.district and area.district != area.full_name:
            steps.append(Text(area.district, ascii_name(area.district)))
        steps.append(area.label)
        return Text(" › ".join(step.vi for step in steps), " › ".join(step.en for step in steps))

    def resolve(self, word: str) -> Area:
        """Return the area of a code, or of a name that fits one area only.

        A province's bare name means the province, even where a commune shares it. UnknownName lists the areas that
        a name fits.
        """
        word = word.strip()
        if word in self._areas:
            return self._areas[word]
        if word.isdigit():
            raise unknown_area(word, self)
        from baophu.areas.search import find_in

        fitting = [hit.area for hit in find_in(self, word, 50) if hit.exact]
        if len(fitting) == 1 or (fitting and fitting[0].level != "commune" and fitting[1].level == "commune"):
            return fitting[0]
        if not fitting:
            raise unknown_area(word, self)
        shown = [f"{area.code} ({area.full_name}, {self._areas[str(area.parent)].name})" for area in fitting[:8]]
        if len(fitting) > 8:
            shown.append("…")
        raise UnknownName(
            Text(f"'{word}' là tên của {len(fitting)} đơn vị.", f"'{word}' is the name of {len(fitting)} areas."),
            did_you_mean(shown),
        )


def tree(on: date | None = None) -> AreaTree:
    """Return the areas in force on a day (None: today); BaophuError for a day before 2025-03-01, the data's reach."""
    day = on or date.today()
    if day < REACH:
        raise BaophuError(
            Text(
                f"Không có danh mục đơn vị hành chính của ngày {short_date(day, 'vi')}: "
                f"dữ liệu chỉ có từ {short_date(REACH, 'vi')}.",
                f"The areas of {short_date(day, 'en')} are not known: the data begins on {short_date(REACH, 'en')}.",
            ),
            Text(
                "Mã cũ vẫn chuyển được sang mã hiện nay: baophu areas convert.",
                "Old codes can still be converted to present ones: baophu areas convert.",
            ),
        )
    if day < MERGER:
        return _former_tree()
    return _present_tree(max((change for change in versions().days if change <= day), default=MERGER))


@cache
def _former_tree() -> AreaTree:
    return AreaTree({COUNTRY: _COUNTRY, **former_areas()}, REACH, MERGER)


@lru_cache(maxsize=16)
def _present_tree(since: date) -> AreaTree:
    in_force = {}
    for code, spans in versions().by_code.items():
        for area in spans:
            if (area.valid_from or date.min) <= since and (area.valid_to is None or since < area.valid_to):
                in_force[code] = area
    return AreaTree(in_force, since, min((change for change in versions().days if change > since), default=None))


def history(code: str) -> list[Area]:
    """Return the versions of the units that had a code, oldest first; UnknownName where none had it.

    A code may have meant another unit before 2025-07-01 (00004 was Trúc Bạch and is Ba Đình): both are listed.
    """
    found = [area for area in (former_areas().get(code),) if area] + versions().by_code.get(code, [])
    if not found:
        raise unknown_area(code, tree())
    return list(found)


def wrong_codes() -> dict[str, str]:
    """Return codes that are seen in circulation and are wrong, with the right ones."""
    return {
        correction.value: correction.code for correction in source.corrections() if correction.field == "wrong_code"
    }


def unknown_area(word: str, where: AreaTree) -> UnknownName:
    """Make the error for a word that is no code of this tree, with the best that can be said about it."""
    right = wrong_codes().get(word)
    if right in where:
        area = where.get(str(right))
        return UnknownName(
            Text(f"Không có mã {word}.", f"There is no code {word}."), did_you_mean([f"{right} ({area.full_name})"])
        )
    if word.isdigit():
        return _unknown_code(word, where)
    from baophu.areas.search import find_in

    found = [hit.area for hit in find_in(where, word, 3)] or where.provinces
    return unknown(_AREA, word, {area.code: area.name for area in found})


def _unknown_code(code: str, where: AreaTree) -> UnknownName:
    if code in versions().by_code or code in former_areas():
        other = (versions().by_code.get(code) or [former_areas()[code]])[-1]
        if where.valid_from < (other.valid_from or date.min):
            since = cast(date, other.valid_from)
            return UnknownName(
                Text(
                    f"Mã {code} ({other.full_name}) chỉ dùng từ ngày {short_date(since, 'vi')}.",
                    f"The code {code} ({other.full_name_en}) is used from {short_date(since, 'en')} only.",
                )
            )
        from baophu.areas.conversion import convert

        ended = cast(date, other.valid_to)
        units = convert(code).units
        names = "; ".join(f"{area.code} ({area.full_name})" for area in units)
        return UnknownName(
            Text(
                f"Mã {code} ({other.full_name}) chỉ dùng đến trước ngày {short_date(ended, 'vi')}.",
                f"The code {code} ({other.full_name_en}) was used until {short_date(ended, 'en')} only.",
            ),
            Text(f"Nay thuộc: {names}.", f"Its area is now in: {names}."),
        )
    # A spreadsheet that took the code for a number has eaten its leading zeros.
    whole = [code.zfill(width) for width in (2, 5) if len(code) < width and code.zfill(width) in where]
    if whole:
        return UnknownName(
            Text(f"Không có mã {code}: có thể đã mất số 0 ở đầu.", f"There is no code {code}: zeros may be lost."),
            did_you_mean(f"{padded} ({where.get(padded).full_name})" for padded in whole),
        )
    same_length = (*where.provinces, *where.communes)
    choices = {
        area.code: area.full_name for area in same_length if len(area.code) == len(code) and area.code[:2] == code[:2]
    }
    return unknown(_AREA, code, choices)
