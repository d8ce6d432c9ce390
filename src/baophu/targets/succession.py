"""When units merge or split, their targets and bases follow, and it is kept how.

A unit that went wholly into another gives it all that was assigned to it; several that merged give their sum. What was
assigned to a unit that was divided is shared among its parts by a key, such as their participants; that is a proposal
of the program, and the record says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from baophu.areas.conversion import Conversion, convert
from baophu.areas.units import tree
from baophu.core.hashes import sha256_of
from baophu.core.languages import Text
from baophu.core.numbers import count
from baophu.indicators.catalogue import indicator
from baophu.targets.apportion import largest_remainder
from baophu.targets.decisions import Target, target_id

Convert = Callable[[str], Conversion]


@dataclass(frozen=True, slots=True)
class Move:
    """That so many people of a unit that ended went to one in force, and how that was found."""

    old: str
    new: str
    value: int
    divided: bool

    @property
    def words(self) -> Text:
        """The move as it is kept at the desk."""
        how = Text("chia theo số người", "shared by its people") if self.divided else Text("chuyển cả", "went wholly")
        return Text(
            f"{self.old} → {self.new}: {count(self.value, 'vi')} ({how.vi})",
            f"{self.old} -> {self.new}: {count(self.value, 'en')} ({how.en})",
        )


def follow(
    values: Mapping[str, int], keys: Mapping[str, Fraction], convert_code: Convert = convert
) -> tuple[dict[str, int], list[Move]]:
    """Return values by the units in force, and the moves that made them so. No person is lost or made.

    `keys` say by what a divided unit is shared among its parts; parts without any share alike.
    """
    found: dict[str, int] = {}
    moves: list[Move] = []
    for code, value in sorted(values.items()):
        conversion = convert_code(code)
        units = [unit.code for unit in conversion.units]
        if conversion.status == "unknown" or not units:
            raise ValueError(f"{code} is no unit of any time")
        for unit, part in zip(units, _parts(value, units, keys), strict=True):
            found[unit] = found.get(unit, 0) + part
            if units != [code]:
                moves.append(Move(code, unit, part, divided=len(units) > 1))
    return found, moves


def _parts(value: int, units: Sequence[str], keys: Mapping[str, Fraction]) -> list[int]:
    own = [keys.get(unit, Fraction(0)) for unit in units]
    whole = sum(own, Fraction(0))
    shares = [value * (key / whole if whole else Fraction(1, len(units))) for key in own]
    return largest_remainder(shares, value, units)


@dataclass(frozen=True, slots=True)
class Followed:
    """The targets of one decision as they stand for the units in force, the moves behind them, and what is `left`.

    Shares do not add up: those of units that are gone are left to be decided again.
    """

    targets: tuple[Target, ...]
    moves: tuple[Move, ...]
    left: tuple[Target, ...]


def followed_targets(
    targets: Iterable[Target], keys: Mapping[str, Fraction], on: date, convert_code: Convert | None = None
) -> Followed:
    """Return targets with those of units that are gone on a day given to the units that took their place."""
    to_day = convert_code or (lambda code: convert(code, to=on))
    subjects: dict[tuple[str, str, date], list[Target]] = {}
    made: list[Target] = []
    left: list[Target] = []
    moves: list[Move] = []
    for target in targets:
        if _is_count(target):
            subjects.setdefault((target.indicator, target.scope, target.period_end), []).append(target)
        else:
            stays = [unit.code for unit in to_day(target.area_code).units] == [target.area_code]
            (made if stays else left).append(target)
    for group in subjects.values():
        own = {one.area_code: one for one in group}
        followed, moved = follow({code: int(one.value or 0) for code, one in own.items()}, keys, to_day)
        moves += moved
        made += [_moved(own.get(code, group[0]), code, value) for code, value in followed.items()]
    return Followed(tuple(made), tuple(moves), tuple(left))


def _is_count(target: Target) -> bool:
    return indicator(target.indicator).unit != "share" and target.value is not None and target.high is None


def _moved(target: Target, code: str, value: int) -> Target:
    return replace(
        target,
        area_code=code,
        value=Decimal(value),
        target_id=target_id(target.decision.id, target.indicator, code, target.scope, target.period_end),
    )


def record(home: Path, followed: Followed, actor: str, on: date) -> None:
    """Keep followed targets at the desk: a new import of their decision below each parent, the moves as its remarks.

    The imports before stay readable, and undoing the new ones brings them back.
    """
    from baophu.desk.start import start

    start(home)
    from baophu.desk.actions import record_import
    from baophu.desk.store import told_clearly
    from baophu.targets.at_desk import decision_to_desk, targets_to_desk
    from baophu.targets.snapshot import changing

    areas, moves = tree(on), [move.words.en for move in followed.moves]
    by_parent: dict[str, list[Target]] = {}
    for target in followed.targets:
        by_parent.setdefault(str(areas.get(target.area_code).parent), []).append(target)
    with changing(home), told_clearly(home):
        for parent, targets in sorted(by_parent.items()):
            record_import(
                actor=actor,
                decision=decision_to_desk(targets[0].decision),
                parent_code=parent,
                rows=targets_to_desk(targets),
                file_name=f"baophu targets follow --on {on}",
                sha256=sha256_of("\n".join(moves)),
                remarks=moves,
            )
