"""Whether a total can be shared within the limits, and which limits stand against each other where it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from baophu.areas.units import Area, AreaTree
from baophu.core.errors import BaophuError, Problem
from baophu.core.languages import Text
from baophu.core.numbers import count, share
from baophu.targets.apportion import Limit, Unit
from baophu.targets.assignment import Assignment

_NAMED = 12


@dataclass(frozen=True, slots=True)
class Conflict:
    """Limits that cannot hold together: the lowest values (`floors`) or the highest (`ceilings`) against a total.

    `by` is how many people they are apart, all units together. `units` are the fewest that already conflict with the
    total: with any one of them left out, the others would not.
    """

    side: Literal["floors", "ceilings"]
    total: int
    by: int
    units: tuple[Unit, ...]


def conflict(units: Sequence[Unit], total: int) -> Conflict | None:
    """Return why the total cannot be shared, or None where it can."""
    floors, ceilings = sum(unit.lower.value for unit in units), sum(unit.upper.value for unit in units)
    if floors > total:
        return Conflict("floors", total, floors - total, _fewest_floors(units, total))
    if ceilings < total:
        # Every ceiling is needed for this: without any one of them its unit could take all that is missing.
        return Conflict("ceilings", total, total - ceilings, tuple(units))
    return None


def _fewest_floors(units: Sequence[Unit], total: int) -> tuple[Unit, ...]:
    """Return an irreducible set of floors that exceeds the total, as HiGHS finds it, the largest first.

    No unit goes below zero, whatever its floor; so floors are rows, and zero is the bound of a column.
    """
    import highspy
    import numpy as np

    size = len(units)
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("iis_strategy", int(highspy.IisStrategy.kIisStrategyIrreducible))
    columns = np.arange(size, dtype=np.int32)
    solver.addVars(size, np.zeros(size), np.full(size, highspy.kHighsInf))
    solver.addRow(-highspy.kHighsInf, float(total), size, columns, np.ones(size))
    for at, unit in enumerate(units):
        solver.addRow(float(unit.lower.value), highspy.kHighsInf, 1, columns[at : at + 1], np.ones(1))
    _, found = solver.getIis()
    chosen = [units[row - 1] for row in found.row_index_ if row > 0]
    return tuple(sorted(chosen, key=lambda unit: (-unit.lower.value, unit.code)))


def no_room(found: Conflict, parent: Area, areas: AreaTree, settings: Assignment, years: int) -> BaophuError:
    """Say which limits of the units below an area stand against the total, by how much, and what would mend it."""
    by, total = count_text(found.by), count_text(found.total)
    many = len(areas.children(parent.code))
    below = Text(
        f"Không chia được {total.vi} cho {many} đơn vị thuộc {parent.full_name}",
        f"{total.en} cannot be shared among the {many} units of {parent.full_name_en}",
    )
    if found.side == "floors":
        few = len(found.units)
        what = Text(
            f"{below.vi}: mức sàn cộng lại vượt {by.vi}. Chỉ riêng {few} đơn vị sau đã vượt:",
            f"{below.en}: their floors come to {by.en} more. These {few} alone exceed it:",
        )
        mend = Text(
            f"Tăng tổng số thêm ít nhất {by.vi}, hoặc giảm số đã giao cho cấp dưới.",
            f"Raise the total by at least {by.en}, or lower what the units below were assigned.",
        )
    else:
        base = sum(unit.base for unit in found.units)
        need = Text("", "")
        if base:
            yearly = Fraction((found.total / base) ** (1 / years) - 1)
            need = Text(
                f"Tổng số này cần tăng khoảng {share(yearly, 'vi')} mỗi năm. ",
                f"The total needs a growth of about {share(yearly, 'en')} a year. ",
            )
        what = Text(
            f"{below.vi}: dù tất cả tăng tới trần vẫn thiếu {by.vi}. Các trần, lớn nhất trước:",
            f"{below.en}: with all at their ceilings {by.en} are missing. The ceilings, the largest first:",
        )
        mend = Text(
            f"{need.vi}Nới growth.most trong tệp đưa vào bằng --settings, hoặc giảm tổng số {by.vi}.",
            f"{need.en}Raise growth.most in a file given with --settings, or lower the total by {by.en}.",
        )
    limits = sorted(
        ((unit, unit.lower if found.side == "floors" else unit.upper) for unit in found.units),
        key=lambda pair: (-pair[1].value, pair[0].code),
    )
    problems = [_problem(areas.get(unit.code), limit, settings) for unit, limit in limits[:_NAMED]]
    if rest := limits[_NAMED:]:
        more = Text(f"{len(rest)} đơn vị nữa", f"{len(rest)} more units")
        problems.append(Problem(more, "", count_text(sum(limit.value for _, limit in rest))))
    return BaophuError(what, mend, problems)


def _problem(area: Area, limit: Limit, settings: Assignment) -> Problem:
    value, why = count_text(limit.value), settings.words(limit.why)
    where = Text(f"{area.code} {area.full_name}", f"{area.code} {area.full_name_en}")
    return Problem(where, "", Text(f"{value.vi} ({why.vi})", f"{value.en} ({why.en})"))


def count_text(value: int) -> Text:
    """Write a whole number in both languages."""
    return Text(count(value, "vi"), count(value, "en"))
