"""What may leave the house: counts of a few people are withheld, and enough others that they cannot be had back.

Each indicator's tree of areas goes through the disclosure control of `indicators`. Wholes and parts (social insurance
and its two schemes) are sums too: in each, either nothing is withheld or at least two figures. Figures with and without
the armed forces are withheld together, since how many those are may be published. Two exports are not held against each
other.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from baophu.indicators.catalogue import Scope, catalogue, other_scope
from baophu.indicators.disclosure import THRESHOLD, Sum, parents, protect
from baophu.targets.exchange.values import Sent

_Key = tuple[str, str, str, str]


def released(values: Sequence[Sent], threshold: int = THRESHOLD) -> list[Sent]:
    """Return the values with those withheld that would tell of a few people; targets are decisions and stay."""
    counts = {_key(one): people for one in values if one.kind == "value" and (people := _people(one)) is not None}
    trees: dict[tuple[str, str, str], dict[str, int]] = {}
    for (name, area, place, scope), people in counts.items():
        trees.setdefault((name, place, scope), {})[area] = people
    above = parents(min(one.month for one in values)) if values else {}
    withheld = {
        (name, area, place, scope)
        for (name, place, scope), cells in trees.items()
        for area in _protected(cells, above, threshold)
    }
    withheld = _closed(withheld, counts, [*_sums(counts, above), *_twins(counts)])
    return [_withhold(one) if one.kind == "value" and _key(one) in withheld else one for one in values]


def _key(one: Sent) -> _Key:
    record = catalogue()[one.indicator]
    return (record.numerator_indicator or one.indicator, one.area_code, one.place, one.scope)


def _people(one: Sent) -> int | None:
    """Return how many people or employers stand behind a value; None where it is a sum of money."""
    record = catalogue()[one.indicator]
    unit = record.unit
    if unit == "share":
        return one.numerator
    if record.is_mean:
        return one.denominator
    return int(one.value) if unit in ("person", "employer") and one.value is not None else None


def _protected(cells: Mapping[str, int], above: Mapping[str, str], threshold: int) -> set[str]:
    """Return the areas whose counts are withheld, by the sums that do hold between the areas."""
    below: dict[str, list[str]] = {}
    for area in cells:
        if above.get(area) in cells:
            below.setdefault(above[area], []).append(area)
    sums = [Sum(area, tuple(parts)) for area, parts in below.items() if cells[area] == sum(cells[one] for one in parts)]
    named: dict[Hashable, int] = {area: people for area, people in cells.items()}  # noqa: C416 (other types)
    return {str(area) for area in protect(named, sums, threshold)}


def _sums(counts: Iterable[_Key], above: Mapping[str, str]) -> Iterable[list[_Key]]:
    """Yield every sum among the counts: a whole, and what adds up to it; a member without a value is nobody."""
    there = sorted(set(counts))
    below: dict[_Key, list[_Key]] = {}
    for name, area, place, scope in there:
        if area in above:
            below.setdefault((name, above[area], place, scope), []).append((name, area, place, scope))
    known = set(there)
    yield from ([whole, *parts] for whole, parts in below.items() if whole in known)
    for name, area, place, scope in there:
        parts = [(part, area, place, _scope_of(part, scope)) for part in catalogue()[name].parts]
        if found := [key for key in parts if key in known]:
            yield [(name, area, place, scope), *found]


def _scope_of(part: str, scope: str) -> str:
    """Return the scope in which a part belongs to a whole of a scope: its own, where it has one alone."""
    scopes = catalogue()[part].scopes
    return scope if scope in scopes else scopes[0]


def _twins(counts: Mapping[_Key, int]) -> Iterable[list[_Key]]:
    """Yield the two scopes of a figure: who has one and the number of the armed forces has the other."""
    for name, area, place, scope in sorted(counts):
        other = (name, area, place, other_scope(cast("Scope", scope)))
        if scope == "all" and other in counts:
            yield [(name, area, place, scope), other]


def _closed(small: set[_Key], counts: Mapping[_Key, int], sums: list[list[_Key]]) -> set[_Key]:
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
                withheld.add(min(useful, key=lambda key: (counts[key], key)))
                again = True
    return withheld


def _withhold(one: Sent) -> Sent:
    """Take the value away, and with a mean its people too: they are few, where of a share they are a statistic."""
    people = None if catalogue()[one.indicator].is_mean else one.denominator
    return replace(one, value=None, numerator=None, denominator=people, withheld=True)
