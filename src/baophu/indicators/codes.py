"""The words of the cube as small whole numbers, and the small tables that steps are joined with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.months import months_between, months_later

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped]
    from numpy.typing import NDArray

UNKNOWN = "unknown"
NONE = "none"
UNKNOWN_AREA = "unknown"
# A place whose province is known and whose commune is not: `52-unknown`.
UNKNOWN_IN = "-unknown"

# How far back series and flows go.
SERIES_MONTHS, FLOW_MONTHS = 120, 25
SCHEMES = ("compulsory", "voluntary", "unemployment", "health", "any_si")
SEXES = (UNKNOWN, "M", "F")
GROUPS = (
    NONE, UNKNOWN, "a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n",
    "employee", "pensioner", "household", "student", "farm_average", "poor", "near_poor", "child",
    "ethnic_minority", "policy", "armed_forces", "other",
)  # fmt: skip
SECTORS = (NONE, UNKNOWN, "state", "foreign", "private", "cooperative", "household", "other")
PLACES = ("managed", "resident")
# The greatest age that is believed, in months.
OLDEST = 130 * 12
BANDS = Path(__file__).parent / "age_bands.yaml"


def number(month: date) -> int:
    """Return a month as a number: year x 12 + month - 1."""
    return month.year * 12 + month.month - 1


@cache
def age_bands() -> tuple[tuple[int, str], ...]:
    """Return the age bands: the first age of each, and its name; the last is open."""
    import yaml

    return tuple((row["from_age"], row["band"]) for row in yaml.safe_load(BANDS.read_text(encoding="utf-8")))


def band_of(age: int) -> str:
    """Return the band of an age in whole years.

    >>> band_of(14), band_of(15), band_of(99)
    ('6-14', '15-19', '75+')
    """
    return [band for first, band in age_bands() if first <= age][-1]


def bands_by_birth(months: Sequence[date]) -> tuple[int, NDArray[np.int32], int]:
    """Return the first month of birth, the band (0 … 31) by month of birth and month, and how many bands there are.

    Band 0 is the unknown age, which the last line is of; a child not yet born comes into the first band.
    """
    import numpy as np

    first, last = number(min(months)), number(max(months))
    begins = np.array([age * 12 for age, _ in age_bands()])
    births = np.arange(first - OLDEST, last + OLDEST)
    old = np.array([number(month) for month in months])[None, :] - births[:, None]
    bands = np.maximum(np.searchsorted(begins, old, side="right"), 1).astype(np.int32)
    return first - OLDEST, np.vstack([bands, np.zeros((1, len(months)), np.int32)]), len(begins) + 1


def months_table(first: date, last: date) -> pa.Table:
    """Return the months from one to another: month_no, month."""
    import pyarrow as pa

    found = [months_later(first, at) for at in range(months_between(first, last) + 1)]
    return pa.table({"month_no": pa.array(map(number, found), pa.int32()), "month": pa.array(found, pa.date32())})


def numbered(name: str, words: Iterable[Any], no: str) -> pa.Table:
    """Return words with their numbers, from 0 on."""
    import pyarrow as pa

    every = list(words)
    return pa.table({name: every, no: pa.array(range(len(every)), pa.int32())})


def schemes() -> pa.Table:
    """Return in which schemes a spell counts: in its own, and one of social insurance in `any_si`."""
    import pyarrow as pa

    own = [(name, at) for at, name in enumerate(SCHEMES[:4])]
    rows = [*own, ("compulsory", 4), ("voluntary", 4)]
    return pa.table({"scheme": [row[0] for row in rows], "scheme_no": pa.array([row[1] for row in rows], pa.int32())})


def words() -> dict[str, pa.Table]:
    """Return the tables that give the cube's numbers their words."""
    return {
        "scheme_names": numbered("scheme", SCHEMES, "scheme_no"),
        "sexes": numbered("sex", SEXES, "sex_no"),
        "grp_names": numbered("grp", GROUPS, "grp_no"),
        "sector_names": numbered("sector", SECTORS, "sector_no"),
        "bands": numbered("age_band", (UNKNOWN, *(band for _, band in age_bands())), "band_no"),
    }


def grps() -> pa.Table:
    """Return the numbers of group codes; the empty one is no group."""
    return numbered("group_code", ("", *GROUPS[1:]), "grp_no")


def sectors() -> pa.Table:
    """Return the numbers of sectors."""
    return numbered("sector", SECTORS, "sector_no")


def leaves(on: date) -> pa.Table:
    """Return the communes in force with their numbers, and number 0, the area that is not known."""
    import pyarrow as pa

    from baophu.areas.units import tree

    codes = [UNKNOWN_AREA, *(area.code for area in tree(on).communes)]
    numbers = [0, *(int(code) for code in codes[1:])]
    return pa.table({"area_code": codes, "area_no": pa.array(numbers, pa.int32())})


def above(on: date) -> pa.Table:
    """Return each leaf with itself and every area above it: leaf_code, area_code, level."""
    import pyarrow as pa

    from baophu.areas.units import COUNTRY, tree

    areas = tree(on)
    rows: list[tuple[str, str]] = []
    for commune in areas.communes:
        rows += [(commune.code, code) for code in (commune.code, str(commune.parent), COUNTRY)]
    for province in areas.provinces:
        leaf = province.code + UNKNOWN_IN
        rows += [(leaf, code) for code in (leaf, province.code, COUNTRY)]
    rows += [(UNKNOWN_AREA, UNKNOWN_AREA), (UNKNOWN_AREA, COUNTRY)]
    return pa.table({"leaf_code": [row[0] for row in rows], "area_code": [row[1] for row in rows]})
