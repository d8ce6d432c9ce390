"""Whether the targets that are there fit together, level by level. What does not is told, and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from baophu.areas.units import AreaTree, tree
from baophu.core.errors import BaophuError, Problem
from baophu.core.languages import Text, same
from baophu.core.numbers import count
from baophu.indicators.catalogue import Indicator, Scope, indicator
from baophu.targets.decisions import Target, governing
from baophu.targets.measured import Values
from baophu.targets.words import value_text

_Subject = tuple[str, Scope, date]


@dataclass(frozen=True, slots=True)
class Sum:
    """What the units below an area were assigned, beside what the area was: `parent` None where it was nothing."""

    area_code: str
    indicator: Indicator
    scope: Scope
    period_end: date
    total: Decimal
    parent: Decimal | None
    units: int
    assigned: int

    @property
    def difference(self) -> Decimal | None:
        """The units' sum less the area's own target; None where either is not whole."""
        return None if self.parent is None or self.assigned < self.units else self.total - self.parent


@dataclass(slots=True)
class Checked:
    """The sums at every level, and what is to be mended."""

    sums: list[Sum] = field(default_factory=list)
    problems: list[tuple[Literal["sum", "missing", "reached", "gone"], Problem]] = field(default_factory=list)


def check_tree(known: Iterable[Target], values: dict[str, Values], on: date | None = None) -> Checked:
    """Check the governing targets: sums at every level, units that are gone, targets below what is reached already.

    `values` are what was measured by indicator; where there is none, nothing is said of what is reached. `on` is the
    day whose areas hold (None: today); targets that ended more than a year before it are history.
    """
    areas, oldest = tree(on), (on or date.today()).year - 1
    found = Checked()
    by_subject: dict[_Subject, dict[str, Target]] = defaultdict(dict)
    for target in governing(known).values():
        lives = target.period_end.year >= oldest
        if lives and target.phase is None and target.direction in ("at_least", "at_most"):
            by_subject[target.indicator, target.scope, target.period_end][target.area_code] = target
    for subject in sorted(by_subject):
        targets = by_subject[subject]
        record = indicator(subject[0])
        for code, target in sorted(targets.items()):
            if code not in areas:
                found.problems.append(("gone", _gone(target, areas)))
        if record.unit in ("person", "employer", "vnd") and not record.is_mean:
            _check_sums(found, areas, record, subject, targets)
        if record.id in values and record.direction == "at_least" and record.unit in ("person", "employer"):
            _check_reached(found, areas, record, targets, values[record.id])
    return found


def _where(target: Target, areas: AreaTree) -> Text:
    name = areas.get(target.area_code).full_label if target.area_code in areas else same("")
    day = f"{target.period_end:%d/%m/%Y}"
    short = indicator(target.indicator).short
    return Text(
        f"{target.area_code} {name.vi}, {short.vi} đến {day}".replace(" ,", ","),
        f"{target.area_code} {name.en}, {short.en} by {day}".replace(" ,", ","),
    )


def _gone(target: Target, areas: AreaTree) -> Problem:
    """Say that a target's unit is not there any more, where it went, and how its target goes with it."""
    try:
        areas.get(target.area_code)
    except BaophuError as error:
        mend = error.mend or same("")
        return Problem(
            _where(target, areas),
            target.decision.number,
            Text(
                f"{error.what.vi} {mend.vi} Chuyển chỉ tiêu theo: baophu targets follow.",
                f"{error.what.en} {mend.en} Let the target follow: baophu targets follow.",
            ),
        )
    raise AssertionError(target.area_code)


def _check_sums(
    found: Checked, areas: AreaTree, record: Indicator, subject: _Subject, targets: dict[str, Target]
) -> None:
    above = sorted({str(areas.get(code).parent) for code in targets if code in areas and areas.get(code).parent})
    for code in above:
        units = areas.children(code)
        own = [targets[unit.code] for unit in units if unit.code in targets]
        parent = targets.get(code)
        value = parent.value if parent else None
        total = sum((target.value for target in own if target.value is not None), Decimal(0))
        result = Sum(code, record, subject[1], subject[2], total, value, len(units), len(own))
        found.sums.append(result)
        area, day = areas.get(code), f"{subject[2]:%d/%m/%Y}"
        where = Text(
            f"{code} {area.full_name}, {record.short.vi} đến {day}",
            f"{code} {area.full_name_en}, {record.short.en} by {day}",
        )
        if len(own) < len(units):
            missing = [unit for unit in units if unit.code not in targets]
            names = ", ".join(unit.code for unit in missing[:8]) + (" …" if len(missing) > 8 else "")
            words = Text(
                f"mới giao {len(own)} trong {len(units)} đơn vị; thiếu {names}. Nạp bổ sung: baophu targets import.",
                f"{len(own)} of {len(units)} units have theirs; lacking: {names}. Import them: baophu targets import.",
            )
            found.problems.append(("missing", Problem(where, "", words)))
        elif result.difference:
            gap = count(abs(result.difference), "vi"), count(abs(result.difference), "en")
            more = result.difference > 0
            written = value_text(record.id, total), value_text(record.id, value)
            words = Text(
                f"các đơn vị cộng lại {written[0].vi}, {'hơn' if more else 'thiếu'} {gap[0]} so với số giao "
                f"{written[1].vi}. Điều chỉnh một trong hai bằng quyết định; chương trình không tự sửa.",
                f"the units come to {written[0].en}, {gap[1]} {'more' if more else 'less'} than the {written[1].en} "
                "assigned. Change either by a decision; nothing is changed here.",
            )
            found.problems.append(("sum", Problem(where, "", words)))


def _check_reached(
    found: Checked, areas: AreaTree, record: Indicator, targets: dict[str, Target], values: Values
) -> None:
    for code, target in sorted(targets.items()):
        if target.scope != values.scope or target.value is None or values.last is None or code not in areas:
            continue
        held = values.at(code, values.last)
        if held is None or held[1] <= target.value or target.period_end < held[0]:
            continue
        reached, assigned = value_text(record.id, held[1]), value_text(record.id, target.value)
        again = (
            f"baophu targets assign --indicator {record.id} --area {areas.get(code).parent} "
            f"--year {target.period_end.year}"
        )
        words = Text(
            f"chỉ tiêu thấp hơn số đang có: {reached.vi} (tháng {held[0]:%m/%Y}). Giao lại: {again}",
            f"the target lies below what is held: {reached.en} ({held[0]:%Y-%m}). Assign again: {again}",
        )
        found.problems.append(("reached", Problem(_where(target, areas), assigned.en, words)))
