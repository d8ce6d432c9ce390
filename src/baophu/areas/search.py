"""Finding an area by what a person types: without diacritics, with or without 'xã' and 'tỉnh', with small slips.

Every word must fit, in the name itself or in the names above it ("trang bom dong nai"). Names from before
2025-07-01 are found too and say where they went.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from baophu.areas import source
from baophu.areas.conversion import convert, mapping
from baophu.areas.units import MERGER, REACH, Area, AreaTree, UnitType, tree
from baophu.core.languages import Text
from baophu.core.names import fold

_LEVEL_POINTS = {"country": 0.05, "province": 0.05, "commune": 0.0}
# An old province still stands before communes of the same name; an old commune behind all.
_OLD_POINTS = {"province": -0.02, "commune": -0.15}
_PREFIX, _SLIP, _ABOVE = 0.8, 0.6, 0.95
# What people write before (or, in English, behind) a name; such words need not be part of it.
_UNIT_WORDS: dict[tuple[str, ...], tuple[UnitType, ...]] = {
    ("tinh",): ("province",),
    ("province",): ("province",),
    ("thanh", "pho"): ("city",),
    ("tp",): ("city",),
    ("city",): ("city",),
    ("xa",): ("commune",),
    ("commune",): ("commune",),
    ("phuong",): ("ward",),
    ("ward",): ("ward",),
    ("dac", "khu"): ("special_zone",),
    ("special", "zone"): ("special_zone",),
    ("thi", "tran"): ("township",),
    ("township",): ("township",),
    ("huyen",): ("district_without_communes",),
    ("district",): ("district_without_communes",),
    ("quan",): (),
    ("thi", "xa"): (),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """An area that fits: `score` is 0 to 1 and only ranks; `exact` says that its whole name was typed.

    `now` is empty for a unit in force; for an old name it holds the present units.
    """

    area: Area
    breadcrumb: Text
    score: float
    exact: bool
    now: tuple[Area, ...]


class _Word(NamedTuple):
    plain: str  # without diacritics
    marks: str  # with them, in an order that makes 'hoà' and 'hòa' one


class _Entry(NamedTuple):
    area: Area
    words: tuple[_Word, ...]
    letters: int
    old: bool


def _words(text: str) -> tuple[_Word, ...]:
    blank = "".join(letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in text)
    return tuple(_word(part) for part in blank.lower().split())


@lru_cache(maxsize=20_000)  # Vietnamese names are made of a few thousand syllables
def _word(part: str) -> _Word:
    return _Word(fold(part), "".join(sorted(unicodedata.normalize("NFD", part))))


class _Index:
    def __init__(self, entries: Iterable[tuple[Area, str, bool]]) -> None:
        """Index areas; each comes with the names above it, and whether it is an old one."""
        self.entries: list[_Entry] = []
        self.by_code: dict[str, list[int]] = {}
        self.whole: dict[str, list[int]] = {}
        self.in_name: dict[str, list[int]] = {}
        self.above: dict[str, list[int]] = {}
        ours = source.provinces()
        for number, (area, above, old) in enumerate(entries):
            words = _words(area.name)
            self.entries.append(_Entry(area, words, sum(len(word.plain) for word in words), old))
            self.by_code.setdefault(area.code, []).append(number)
            self._add_whole("".join(word.plain for word in words), number)
            if area.level == "province" and not old and area.code in ours:
                label = fold(ours[area.code].label)
                for alias in {label, f"tp{label}", fold(area.name_en).replace(" ", "")}:
                    self._add_whole(alias, number)
            for plain in {word.plain for word in words}:
                self.in_name.setdefault(plain, []).append(number)
            for plain in {word.plain for word in _words(above)}:
                self.above.setdefault(plain, []).append(number)
        self.vocabulary = sorted({*self.in_name, *self.above})

    def _add_whole(self, joined: str, number: int) -> None:
        numbers = self.whole.setdefault(joined, [])
        if number not in numbers:
            numbers.append(number)

    def expand(self, plain: str, slips: bool) -> dict[str, float]:
        """Return the known words that a typed one may stand for, with their weights."""
        found: dict[str, float] = {}
        if slips and len(plain) >= 3:
            found = {known: _SLIP for known in self.vocabulary if _one_slip(plain, known)}
        position = bisect_left(self.vocabulary, plain)
        while position < len(self.vocabulary) and self.vocabulary[position].startswith(plain):
            found[self.vocabulary[position]] = _PREFIX
            position += 1
        if plain in self.in_name or plain in self.above:
            found[plain] = 1.0
        return found


def _one_slip(typed: str, known: str) -> bool:
    """Tell whether one letter too many, too few, another, or two swapped part the words."""
    if abs(len(typed) - len(known)) > 1 or typed == known:
        return False
    start = 0
    while start < min(len(typed), len(known)) and typed[start] == known[start]:
        start += 1
    rest, other = typed[start:], known[start:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (len(rest) > 1 and len(other) > 1 and rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )


class _Query(NamedTuple):
    words: tuple[_Word, ...]
    optional: frozenset[int]  # positions of words such as 'xã'
    types: frozenset[UnitType]


def _query(text: str) -> _Query:
    words = _words(text)
    optional: set[int] = set()
    types: set[UnitType] = set()
    for position in range(len(words)):
        for unit_word, meant in _UNIT_WORDS.items():
            span = range(position, position + len(unit_word))
            if tuple(word.plain for word in words[position : position + len(unit_word)]) == unit_word:
                optional.update(span)
                types.update(meant)
    if len(optional) == len(words):  # nothing but unit words: then they are the name
        optional = set()
    return _Query(words, frozenset(optional), frozenset(types))


def _search(index: _Index, text: str) -> list[tuple[float, bool, _Entry]]:
    query = _query(text)
    found: dict[int, tuple[float, bool]] = dict.fromkeys(index.by_code.get(text.strip(), []), (1.0, True))
    if query.words:
        fitting = _fit(index, query, slips=False)
        if not any(exact for _, exact in fitting.values()) and any(len(word.plain) > 2 for word in query.words):
            fitting = _fit(index, query, slips=True)
        found |= fitting
        needed = [word.plain for position, word in enumerate(query.words) if position not in query.optional]
        for number in index.whole.get("".join(needed), []):
            if number not in fitting:
                found[number] = (0.9 + _LEVEL_POINTS[index.entries[number].area.level], True)
    if any(exact and index.entries[number].area.unit_type in query.types for number, (_, exact) in found.items()):
        # 'xã Tân Phú' is the commune, where there is a ward of that name too.
        found = {
            number: (score, exact and index.entries[number].area.unit_type in query.types)
            for number, (score, exact) in found.items()
        }
    return [(score, exact, index.entries[number]) for number, (score, exact) in found.items()]


def _fit(index: _Index, query: _Query, slips: bool) -> dict[int, tuple[float, bool]]:
    """Return the entries that every needed word fits, with score and whether the whole name was typed."""
    weights: dict[str, float] = {}
    fits: dict[int, float] | None = None
    named: set[int] = set()
    needed = 0
    for position, word in enumerate(query.words):
        expanded = index.expand(word.plain, slips)
        for known, weight in expanded.items():
            weights[known] = max(weight, weights.get(known, 0.0))
        if position in query.optional:
            continue
        needed += 1
        best: dict[int, float] = {}
        for known, weight in sorted(expanded.items(), key=lambda item: item[1]):
            for number in index.above.get(known, ()):
                best[number] = max(best.get(number, 0.0), weight * _ABOVE)
            for number in index.in_name.get(known, ()):
                best[number] = max(best.get(number, 0.0), weight)
                named.add(number)
        fits = best if fits is None else {n: fits[n] + best[n] for n in fits.keys() & best.keys()}
    return {
        number: _score(index.entries[number], query, weights, total / needed)
        for number, total in (fits or {}).items()
        if number in named
    }


def _score(entry: _Entry, query: _Query, weights: dict[str, float], quality: float) -> tuple[float, bool]:
    covered = sum(len(word.plain) * weights.get(word.plain, 0.0) for word in entry.words) / entry.letters
    marked = [word for word in query.words if word.marks != "".join(sorted(word.plain))]
    own = {word.marks for word in entry.words}
    own_plain = {word.plain for word in entry.words}
    right = [word.marks in own for word in marked if word.plain in own_plain]
    in_order = (
        f" {' '.join(word.plain for word in entry.words)} " in f" {' '.join(word.plain for word in query.words)} "
    )
    score = 0.7 * quality * (0.4 + 0.6 * min(covered, 1.0)) + 0.07 * in_order
    score += 0.1 * (sum(right) / len(right) if right else 0.0)
    score += 0.05 * (entry.area.unit_type in query.types) + _LEVEL_POINTS[entry.area.level]
    score += _OLD_POINTS[entry.area.level] if entry.old else 0.0
    return score, in_order and quality >= _ABOVE and all(right)


@lru_cache(maxsize=4)
def _index(areas: AreaTree) -> _Index:
    return _Index((area, _names_above(areas, area), False) for area in _all(areas))


@lru_cache(maxsize=4)
def _index_with_old(areas: AreaTree) -> _Index:
    """Index a present tree with the old names; a present commune is found under its old provinces' names too."""
    former = tree(REACH)
    names_now: dict[str, set[str]] = {}
    old_above: dict[str, set[str]] = {}
    for row in mapping(areas.valid_from):
        names_now.setdefault(row.old_code, set()).add(areas.get(row.new_code).name)
        old_above.setdefault(row.new_code, set()).add(former.get(str(former.get(row.old_code).parent)).name)
    entries = [
        (area, " ".join((_names_above(areas, area), *sorted(old_above.get(area.code, ())))), False)
        if area.level == "commune"
        else (area, "", False)
        for area in _all(areas)
    ]
    for area in (*former.provinces, *former.communes):
        # A name that its successor still bears is found there.
        if area.name not in names_now[area.code]:
            entries.append((area, _names_above(former, area), True))
    return _Index(entries)


def _all(areas: AreaTree) -> tuple[Area, ...]:
    return (areas.country, *areas.provinces, *areas.communes)


def _names_above(areas: AreaTree, area: Area) -> str:
    return f"{area.district} {areas.get(str(area.parent)).name}" if area.level == "commune" else ""


def _hits(index: _Index, areas: AreaTree, words: str, limit: int) -> list[Hit]:
    found = _search(index, words)
    found.sort(key=lambda item: (-item[0], item[2].old, len(item[2].area.code), item[2].area.code))
    hits = []
    for score, exact, entry in found[:limit]:
        area = entry.area
        home = tree(REACH) if entry.old else areas
        now = convert(area.code, REACH, areas.valid_from).units if entry.old else ()
        hits.append(Hit(area, home.breadcrumb(area.code), round(min(max(score, 0.0), 1.0), 3), exact, now))
    return hits


def find_in(areas: AreaTree, words: str, limit: int = 10) -> list[Hit]:
    """Return the areas of one tree that fit the words, best first."""
    return _hits(_index(areas), areas, words, limit)


def find(words: str, on: date | None = None, limit: int = 10) -> list[Hit]:
    """Return the areas of a day (None: today) that fit the words, best first; after them old names, with their present.

    Nothing that fits is an empty list.
    """
    areas = tree(on)
    if areas.valid_from < MERGER:
        return find_in(areas, words, limit)
    return _hits(_index_with_old(areas), areas, words, limit)
