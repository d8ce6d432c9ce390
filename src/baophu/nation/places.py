"""Where people live: the communes of a day as arrays, with how many live there, and what else goes with a place."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from baophu.areas import conversion, units
from baophu.areas.units import MERGER
from baophu.core.errors import BaophuError
from baophu.core.languages import Text

PEOPLES = ("kinh", "tay", "thai", "hmong", "muong", "dao", "khmer", "highland")
REGIONS = ("I", "II", "III", "IV")
# The two archipelagos have hardly any residents.
_NEARLY_EMPTY = ("20333", "22736")


@dataclass(frozen=True)
class Places:
    """The communes in the order of their codes; each array has one value a commune, but those of provinces."""

    code: list[str]
    former: list[str]
    """A code of before 2025-07-01 that lies wholly in the commune, else one that does in part."""
    parted: frozenset[str]
    """Those of them that lie in it in part, which can no longer be told from other communes."""
    name: list[str]
    weight: Any
    """Share of the country's people; they sum to 1."""
    province: Any
    ward: Any
    island: Any
    region: Any
    """Minimum-wage region, an index of REGIONS."""
    south: Any
    minority: Any
    """Share of the people who are no Kinh."""
    wage: Any
    """Level of pay, 1 on the average."""
    provinces: list[str]
    prefixes: Any
    """Per province, the prefixes of personal numbers of its former provinces: (provinces, 4), the first repeated."""
    province_weight: Any
    peoples: Any
    """Per province, the shares of PEOPLES among its minorities: (provinces, 8)."""


def places(end: date) -> Places:
    """Return the communes in force at the end of the country's months; BaophuError for an end before 2025-07."""
    if end < MERGER:
        raise BaophuError(
            Text("Đất nước tạo ra phải kết thúc từ tháng 07/2025.", "A generated country ends in July 2025 or later.")
        )
    tree = units.tree(end)
    with Path(__file__).with_name("provinces.csv").open(encoding="utf-8", newline="") as rows:
        about = {row["code"]: row for row in csv.DictReader(rows)}
    codes = [area.code for area in tree.provinces]
    at = {code: place for place, code in enumerate(codes)}
    province = np.array([at[str(area.parent)] for area in tree.communes], np.int32)
    ward = np.array([area.unit_type == "ward" for area in tree.communes])
    island = np.array([area.unit_type == "special_zone" for area in tree.communes])
    # The size of a commune is made of its code, the same in every country that is generated.
    spread = np.array([crc32(area.code.encode()) % 10_000 / 10_000 for area in tree.communes])
    size = np.exp(0.9 * (spread - 0.5)) * np.where(ward, 1.7, 1.0) * np.where(island, 0.3, 1.0)
    size[[area.code in _NEARLY_EMPTY for area in tree.communes]] = 0.002
    people = np.array([int(about[code]["people"]) for code in codes], np.float64)
    share = people / people.sum()
    weight = size / np.bincount(province, size)[province] * share[province]
    minority = np.array([int(about[code]["minority"]) / 1000 for code in codes])
    former, parted = _former([area.code for area in tree.communes])
    return Places(
        code=[area.code for area in tree.communes],
        former=former,
        parted=parted,
        name=[area.full_name for area in tree.communes],
        weight=weight,
        province=province,
        ward=ward,
        island=island,
        region=np.where(
            ward,
            np.array([REGIONS.index(about[code]["ward_region"]) for code in codes])[province],
            np.array([REGIONS.index(about[code]["commune_region"]) for code in codes])[province],
        ).astype(np.int8),
        south=np.array([about[code]["south"] == "1" for code in codes])[province],
        minority=np.minimum(minority[province] * np.where(ward, 0.7, 1.1), 0.98),
        wage=np.array([int(about[code]["wage_index"]) / 100 for code in codes])[province] * np.where(ward, 1.05, 0.95),
        provinces=codes,
        prefixes=_prefixes(codes),
        province_weight=share,
        peoples=np.array([_peoples(about[code]["peoples"]) for code in codes]),
    )


def _former(codes: list[str]) -> tuple[list[str], frozenset[str]]:
    whole: dict[str, str] = {}
    partly: dict[str, str] = {}
    for row in conversion.mapping():
        if row.level == "commune":
            (partly if row.divided else whole).setdefault(row.new_code, row.old_code)
    former = [whole.get(code) or partly.get(code) or code for code in codes]
    return former, frozenset(code for code in former if code in set(partly.values()) - set(whole.values()))


def _prefixes(codes: list[str]) -> Any:
    """The prefix of a personal number is the code of a province of before 2025-07-01 (Circular 07/2016/TT-BCA)."""
    found: dict[str, list[int]] = {code: [] for code in codes}
    for row in conversion.mapping():
        if row.level == "province":
            found[row.new_code].append(int(row.old_code))
    return np.array([(own * 4)[:4] for own in found.values()], np.int64)


def _peoples(words: str) -> Any:
    shares = np.zeros(len(PEOPLES))
    for word in words.split():
        people, share = word.split(":")
        shares[PEOPLES.index(people)] = int(share)
    return shares / shares.sum()
