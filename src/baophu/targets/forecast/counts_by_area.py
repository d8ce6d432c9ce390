"""The counts of one scheme as a matrix: country, provinces, communes by month; and what had to be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.areas import conversion, units
from baophu.areas.units import COUNTRY
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.months import months_between, months_later

if TYPE_CHECKING:
    import polars as pl

# Where only the country is known.
UNKNOWN = "unknown"
MOST_MONTHS = 120
_SHOWN = 5


@dataclass(frozen=True)
class Tree:
    """Areas: the country first, then the provinces, then the leaves (communes, and what is not known better)."""

    codes: tuple[str, ...]
    provinces: int
    parent: Any
    """(leaves,): place of each leaf's province among all areas, 0 where it lies straight below the country."""

    @property
    def leaves(self) -> int:
        """How many leaves there are."""
        return len(self.parent)

    @property
    def large(self) -> Any:
        """Which areas are the country or a province, (areas,)."""
        return np.arange(len(self.codes)) <= self.provinces

    def summed(self, leaves: Any) -> Any:
        """Return values (areas, …) from those of the leaves: each area is the sum of what lies below it."""
        above = np.zeros((self.provinces + 1, *leaves.shape[1:]), leaves.dtype)
        np.add.at(above, self.parent, leaves)
        above[0] = leaves.sum(axis=0)
        return np.concatenate([above, leaves])


@dataclass(frozen=True)
class Counts:
    """What was counted of one scheme."""

    scheme: str
    tree: Tree
    months: tuple[date, ...]
    values: Any
    """(areas, months), people; areas are sums of their leaves."""
    notes: tuple[Text, ...]


def counts_of(series: pl.DataFrame, scheme: str, last: date) -> Counts:
    """Return the counts of a scheme up to a month from a table of area_code, month, participants.

    The areas are those in force today. A code of earlier times is carried over where its land lies wholly in one area,
    else to its province or to `unknown`. A month without any row is filled by the straight line between its neighbours
    and told. BaophuError where no month is there.
    """
    import polars as pl

    rows = series.filter(pl.col("month") <= last, pl.col("participants").is_not_null())
    if rows.is_empty():
        raise BaophuError(
            Text(f"Chưa có số đếm nào của loại hình {scheme}.", f"Nothing was counted of the scheme {scheme}."),
            Text("Nạp spells rồi chạy lại tháng.", "Load spells, then run the month again."),
        )
    notes: list[Text] = []
    rows = _placed(rows, notes)
    first, end = rows["month"].min(), rows["month"].max()
    assert isinstance(first, date) and isinstance(end, date)  # noqa: S101 (not empty)
    first = max(first, months_later(end, 1 - MOST_MONTHS))
    months = tuple(months_later(first, step) for step in range(months_between(first, end) + 1))
    if end < last:
        notes.append(
            Text(
                f"Số đếm mới có đến {end:%m/%Y}: dự báo bắt đầu từ tháng sau đó.",
                f"Counts reach {end:%Y-%m} only: the forecast begins in the month after.",
            )
        )
    tree = _tree(rows["area_code"].unique().to_list())
    values = _matrix(rows.filter(pl.col("month") >= first), tree, months)
    known = np.isin(np.array(months, "datetime64[M]"), rows["month"].unique().to_numpy().astype("datetime64[M]"))
    if not known.all():
        gaps = [month for month, there in zip(months, known, strict=True) if not there]
        notes.append(
            Text(
                f"{scheme}: thiếu {len(gaps)} tháng ({_months(gaps, 'vi')}), lấy đường thẳng giữa hai tháng bên cạnh.",
                f"{scheme}: {len(gaps)} months are missing ({_months(gaps, 'en')}); "
                "the straight line between their neighbours stands in.",
            )
        )
        at = np.arange(len(months))
        values = np.stack([np.interp(at, at[known], row[known]) for row in values])
    return Counts(scheme, tree, months, tree.summed(values), tuple(notes))


def _months(months: Iterable[date], lang: str) -> str:
    every = [f"{month:%m/%Y}" if lang == "vi" else f"{month:%Y-%m}" for month in months]
    return ", ".join(every[:_SHOWN]) + (", …" if len(every) > _SHOWN else "")


def _placed(rows: pl.DataFrame, notes: list[Text]) -> pl.DataFrame:
    """Carry codes of earlier times to the areas of today, and add up what came to one."""
    import polars as pl

    present = units.tree()
    codes = rows["area_code"].unique().to_list()
    leaves = {area.code for area in present.communes}
    moved: dict[str, str] = {}
    for code in codes:
        if code not in leaves and not is_unknown(code):
            moved[code] = _successor(code)
    merged = sorted(code for code, now in moved.items() if now in leaves)
    lost = sorted(set(moved) - set(merged))
    for found, vi, en in (
        (merged, "được tính vào xã, phường ngày nay", "were added to the communes of today"),
        (lost, "không rõ thuộc xã nào, tính vào phần chưa rõ xã", "cannot be placed: they stand under 'unknown'"),
    ):
        if found:
            shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
            notes.append(Text(f"{len(found)} mã ({shown}) {vi}.", f"{len(found)} codes ({shown}) {en}."))
    return (
        rows.with_columns(pl.col("area_code").cast(pl.String).replace(moved))
        .group_by("area_code", "month")
        .agg(pl.col("participants").sum())
    )


def is_unknown(code: str) -> bool:
    """Tell whether a code stands for people whose commune is not known: `unknown`, or a province and `unknown`."""
    return code.endswith(UNKNOWN)


def _successor(code: str) -> str:
    found = conversion.convert(code)
    if len(found.units) == 1 and found.units[0].level == "commune":
        return found.units[0].code
    province = found.province.code if found.province else code[:2]
    return f"{province}-{UNKNOWN}" if province in _provinces() else UNKNOWN


def _provinces() -> list[str]:
    return [area.code for area in units.tree().provinces]


def _tree(codes: Iterable[str]) -> Tree:
    present, provinces = units.tree(), _provinces()
    place = {code: number for number, code in enumerate(provinces, 1)}
    unknown = sorted(code for code in codes if is_unknown(code))
    leaves = [area.code for area in present.communes] + unknown
    parents = [place[str(area.parent)] for area in present.communes] + [place.get(code[:2], 0) for code in unknown]
    return Tree((COUNTRY, *provinces, *leaves), len(provinces), np.array(parents, np.int64))


def _matrix(rows: pl.DataFrame, tree: Tree, months: tuple[date, ...]) -> Any:
    """Return (leaves, months); who is not counted in a month that was counted is nobody."""
    leaf = {code: number for number, code in enumerate(tree.codes[tree.provinces + 1 :])}
    values = np.zeros((tree.leaves, len(months)))
    area = np.array([leaf[code] for code in rows["area_code"]], np.int64)
    month = (rows["month"].to_numpy().astype("datetime64[M]") - np.datetime64(months[0], "M")).astype(np.int64)
    np.add.at(values, (area, month), rows["participants"].to_numpy())
    return values
