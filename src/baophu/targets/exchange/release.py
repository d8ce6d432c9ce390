"""What may leave the house: counts of a few people are withheld, and enough others that they cannot be had back.

A figure is safe from subtraction where no sum that is published whole gives it: in each sum (an area and its units; a
whole and its parts, such as social insurance and its two schemes) either nothing is withheld or at least two figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from baophu.areas.units import tree
from baophu.indicators.catalogue import catalogue
from baophu.targets.exchange.values import Sent

# Fewer people than this may be known to each other.
LEAST_PEOPLE = 10

_Key = tuple[str, str, str, str]


def released(values: Sequence[Sent], least: int = LEAST_PEOPLE) -> list[Sent]:
    """Return the values with those withheld that would tell of a few people; targets are decisions and stay."""
    counts = {_key(one): _people(one) for one in values if one.kind == "value" and _people(one) is not None}
    small = {key for key, people in counts.items() if people is not None and 0 < people < least}
    withheld = _closed(small, counts, list(_sums(counts)))
    return [_withhold(one) if one.kind == "value" and _key(one) in withheld else one for one in values]


def _key(one: Sent) -> _Key:
    record = catalogue()[one.indicator]
    return (record.numerator_indicator or one.indicator, one.area_code, one.place, one.scope)


def _people(one: Sent) -> int | None:
    """Return how many people or employers stand behind a value; None where it is of money."""
    unit = catalogue()[one.indicator].unit
    if unit == "share":
        return one.numerator
    return int(one.value) if unit in ("person", "employer") and one.value is not None else None


def _sums(counts: Iterable[_Key]) -> Iterable[list[_Key]]:
    """Yield every sum among the counts: a whole, and what adds up to it."""
    areas, there = tree(), set(counts)
    for name, area, place, scope in sorted(there):
        below = [(name, child.code, place, scope) for child in areas.children(area)] if area in areas else []
        parts = [(part, area, place, scope) for part in catalogue()[name].parts]
        for members in (below, parts):
            # A member that has no value at all is most likely nobody: the others then are the sum.
            known = [key for key in members if key in there]
            if known:
                yield [(name, area, place, scope), *known]


def _closed(small: set[_Key], counts: dict[_Key, int | None], sums: list[list[_Key]]) -> set[_Key]:
    """Withhold more until no sum has exactly one figure withheld: each time the least that is still shown."""
    withheld = set(small)
    again = True
    while again:
        again = False
        for members in sums:
            hidden = [key for key in members if key in withheld]
            shown = [key for key in members if key not in withheld]
            if len(hidden) == 1 and shown:
                # A zero is nobody's secret and hides nothing.
                useful = [key for key in shown if counts[key]] or shown
                withheld.add(min(useful, key=lambda key: (counts[key] or 0, key)))
                again = True
    return withheld


def _withhold(one: Sent) -> Sent:
    return replace(one, value=None, numerator=None, withheld=True)
