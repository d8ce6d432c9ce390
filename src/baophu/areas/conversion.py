"""From a code of any time to the present units: a divided commune gives all its parts and is never guessed.

Source: the conversion table of vietnamadminunits 1.0.4 (MIT), then the dated corrections beside `source.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from baophu.areas import source, units
from baophu.areas.units import MERGER, REACH, Area, AreaTree, Level
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.names import ascii_name
from baophu.core.numbers import short_date

Status = Literal["unchanged", "moved", "divided", "unknown"]
STATUSES: dict[Status, Text] = {
    "unchanged": Text("không đổi", "unchanged"),
    "moved": Text("nay thuộc một đơn vị", "now in one area"),
    "divided": Text("đã chia về nhiều đơn vị", "divided among several areas"),
    "unknown": Text("không có mã này", "no such code"),
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a code meant, and which units hold its land now.

    `unchanged`: the same unit under the same name. `moved`: exactly one present unit, which has another code or
    name or took in others. `divided`: several, all listed, of which none may be chosen; `province` is the province
    that they share. `unknown`: no unit had the code on that day.
    """

    code: str
    status: Status
    was: Area | None
    units: tuple[Area, ...]
    province: Area | None
    note: Text | None


class MappingRow(NamedTuple):
    """A row of the conversion table: several rows of one old code are the parts of a divided unit."""

    level: Level
    old_code: str
    new_code: str
    divided: bool


class Part(NamedTuple):
    """A former unit that went into a present one, wholly or (`partly`) with a piece of its land."""

    area: Area
    partly: bool


@cache
def _went() -> dict[str, list[source.Successor]]:
    found: dict[str, list[source.Successor]] = {}
    for successor in source.successors():
        found.setdefault(successor.old, []).append(successor)
    return found


@cache
def _came() -> dict[str, list[source.Successor]]:
    found: dict[str, list[source.Successor]] = {}
    for successor in source.successors():
        found.setdefault(successor.new, []).append(successor)
    return found


def _follow(code: str, present: AreaTree) -> list[str]:
    """Follow a code of 2025-07-01 or later through what has ended since, down to the units in force."""
    if code in present:
        return [code]
    return [last for following in units.versions().into.get(code, ()) for last in _follow(following, present)]


def _present(to: date | None) -> AreaTree:
    if to is not None and to < MERGER:
        raise BaophuError(
            Text(
                f"Chỉ chuyển sang đơn vị từ ngày {short_date(MERGER, 'vi')} trở đi.",
                f"Codes are converted to the units of {short_date(MERGER, 'en')} or later only.",
            )
        )
    return units.tree(to)


def _meaning(code: str, on: date | None, present: AreaTree) -> Area | None:
    if on is not None and on < MERGER and code != units.COUNTRY:
        return units.former_areas().get(code)
    versions = units.versions().by_code.get(code, [])
    if on is not None:
        holding = [area for area in versions if (area.valid_from or date.min) <= on]
        last = holding[-1] if holding else None
        return None if last and last.valid_to and last.valid_to <= on else last
    if code in present:
        return present.get(code)
    return versions[-1] if versions else units.former_areas().get(code)


def _is_former(area: Area) -> bool:
    return area.valid_to == MERGER and area.valid_from is None


def _note(code: str, on: date | None, was: Area) -> Text | None:
    if on is not None and on < REACH:
        return Text(
            f"Mã của ngày {short_date(on, 'vi')} được hiểu theo danh mục có từ {short_date(REACH, 'vi')}, "
            "danh mục sớm nhất hiện có.",
            f"The code of {short_date(on, 'en')} is read by the list that begins on {short_date(REACH, 'en')}, "
            "the earliest there is.",
        )
    earlier = units.former_areas().get(code)
    if on is None and earlier is not None and not _is_former(was) and earlier.name != was.name:
        now = convert(code, REACH).units
        district = f" ({earlier.district})" if earlier.district else ""
        return Text(
            f"Trước ngày {short_date(MERGER, 'vi')}, mã {code} là {earlier.full_name}{district}, "
            f"nay thuộc {', '.join(area.full_name for area in now)}.",
            f"Before {short_date(MERGER, 'en')} the code {code} was {earlier.full_name_en}{ascii_name(district)}, "
            f"now in {', '.join(area.full_name_en for area in now)}.",
        )
    return None


def convert(code: str, on: date | None = None, to: date | None = None) -> Conversion:
    """Return the units that hold the land of a code now.

    `on` is the day on which the code was in use. Without it the present meaning is taken, and `note` tells of an
    earlier one; a code no longer in use takes the last meaning it had. A day before the data's reach takes the
    earliest list there is, and `note` says so. `to` is the day whose units are wanted (None: today).
    """
    code = code.strip()
    present = _present(to)
    was = _meaning(code, on, present)
    if was is None:
        return Conversion(code, "unknown", None, (), None, None)
    successors = [successor.new for successor in _went()[code]] if _is_former(was) else [code]
    now = tuple(present.get(last) for last in sorted({last for new in successors for last in _follow(new, present)}))
    return Conversion(code, _status(was, now), was, now, _province(now, present), _note(code, on, was))


def _status(was: Area, now: tuple[Area, ...]) -> Status:
    if len(now) != 1:
        return "divided"
    same = now[0].code == was.code and now[0].full_name == was.full_name
    if _is_former(was):
        same = same and len(_came()[was.code]) == 1
    return "unchanged" if same else "moved"


def _province(now: tuple[Area, ...], present: AreaTree) -> Area | None:
    codes = {area.code if area.level == "province" else area.parent for area in now}
    return present.get(str(codes.pop())) if len(codes) == 1 and None not in codes else None


def mapping(to: date | None = None) -> list[MappingRow]:
    """Return where every province and commune of before 2025-07-01 went, by level and old code.

    63 provinces and 10,040 communes (five island districts stand among them by their three-digit codes, since they
    had no communes). `to` as in `convert`.
    """
    present = _present(to)
    rows = []
    for old, successors in sorted(_went().items()):
        codes = sorted({last for successor in successors for last in _follow(successor.new, present)})
        level: Level = "province" if len(old) == 2 else "commune"
        rows += [MappingRow(level, old, new, len(codes) > 1) for new in codes]
    return sorted(rows, key=lambda row: (row.level != "province", row.old_code, row.new_code))


def formed_from(code: str) -> list[Part]:
    """Return the former units from which a unit of 2025-07-01 was formed; none for a code that is newer."""
    former = units.former_areas()
    return [Part(former[successor.old], successor.divided) for successor in _came().get(code, [])]
