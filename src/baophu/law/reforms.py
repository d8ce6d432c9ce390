"""A reform as a file: dated values and switches that are laid over the law, checked against what the law has.

    title: {vi: …, en: …}
    author: …                     # may be left out
    basis: …                      # the draft, resolution or question that it comes from
    values:
      - {name: reference_level, value: 2700000, from: 2026-10-01}
      - {name: local_support, where: {place: Lạng Sơn, support_group: near_poor}, value: 0.30, from: 2026-10-01}
    switches: {health_without_pay: still_due}

`to`, where given, is the first day on which a value no longer holds. A place is a code or a name, and may be one for
which nothing is held today. Everything that is wrong is told at once, by file, line and field.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from baophu.core.errors import BaophuError, Problem, nearest
from baophu.core.languages import Text
from baophu.core.records import Place, check, read_places
from baophu.law.parameter_files import dimensions, read_number
from baophu.law.parameters import Book, Dims, Parameter, Unit, Value, group_key

VALUE_FIELDS = ("name", "where", "value", "from", "to", "basis")
PLACE = "place"


class ReformFile(BaseModel):
    """The head of a reform's file; its values and switches are read one by one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    author: str = ""
    basis: str = Field(min_length=1)
    values: tuple[Any, ...] = ()
    switches: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reform:
    """What a reform changes: values in their time, and switches at all times."""

    title: Text
    author: str
    basis: str
    values: tuple[Value, ...]
    switches: Mapping[str, str]

    def book(self, law: Book) -> Book:
        """Return the law with this reform."""
        return law.overlay(self.values).with_switches(**self.switches)


def read_reform(path: Path, law: Book) -> Reform:
    """Read a reform for a law; BaophuError tells each wrong place by file, line and field, with the nearest name."""
    raw, lines = read_places(path)
    head = check(ReformFile, raw, path.name)
    reader = _Reader(path.name, lines, law, head.basis)
    values = [value for number, one in enumerate(head.values) for value in reader.values(number, one)]
    switches = {name: str(chosen) for name, chosen in head.switches.items() if reader.switch_fits(name, str(chosen))}
    reader.overlaps(values)
    if not head.values and not head.switches:
        reader.complain((), Text("không thay đổi gì: cần values hoặc switches", "changes nothing: values or switches"))
    if reader.problems:
        what = Text(f"Tệp cải cách {path.name} có lỗi.", f"The reform {path.name} is wrong.")
        raise BaophuError(what, problems=reader.problems)
    return Reform(head.title, head.author, head.basis, tuple(value for value, _ in values), switches)


_Placed = tuple[Value, int]  # a value, and which record of the file it comes from


class _Reader:
    """Reads the records of one file and collects what is wrong with them."""

    def __init__(self, file: str, lines: Mapping[Place, int], law: Book, basis: str) -> None:
        self.file, self.lines, self.law, self.basis = file, lines, law, basis
        self.problems: list[Problem] = []

    def complain(
        self, place: Place, reason: Text, value: object = "", choices: Iterable[str] | Mapping[str, str] = ()
    ) -> None:
        """Note what is wrong at a place, with the nearest of the right words."""
        known = dict(choices) if isinstance(choices, Mapping) else dict.fromkeys(choices, "")
        found = ", ".join(nearest(str(value), known))
        if found:
            reason = Text(f"{reason.vi}; gần nhất: {found}", f"{reason.en}; nearest: {found}")
        line = next(self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines)
        field = ".".join(str(step) for step in place) or "-"
        where = Text(f"{self.file}, dòng {line}, {field}", f"{self.file}, line {line}, {field}")
        self.problems.append(Problem(where, str(value), reason))

    def values(self, number: int, raw: Any) -> Iterator[_Placed]:
        """Yield the values of one record: one for each combination of its dimensions."""
        at: Place = ("values", number)
        known = len(self.problems)
        parameter = self._parameter(at, raw)
        if parameter is None:
            return
        first, last = (self._day(at, raw, name) for name in ("from", "to"))
        written = self._number(at, raw, parameter)
        combinations = self._combinations(at, raw.get("where") or {}, parameter, first)
        if first and last and last <= first:
            self.complain((*at, "to"), Text("phải sau ngày from", "must come after the day `from`"), last)
        if len(self.problems) > known or first is None or written is None:
            return
        for dims in combinations:
            yield (
                Value(
                    name=parameter.name,
                    dims=dims,
                    value=written[0],
                    scale=written[1],
                    unit=parameter.unit,
                    valid_from=first,
                    valid_to=last,
                    basis=str(raw.get("basis") or self.basis),
                    source=self.file,
                    recorded=date.today(),
                    verified=False,
                    option=str(raw["value"]) if parameter.unit is Unit.choice else "",
                ),
                number,
            )

    def _parameter(self, at: Place, raw: Any) -> Parameter | None:
        if not isinstance(raw, dict):
            self.complain(at, Text("phải ghi name, value, from", "must have name, value and from"), raw)
            return None
        for field in raw:
            if field not in VALUE_FIELDS:
                self.complain((*at, str(field)), Text("không có trường này", "no such field"), field, VALUE_FIELDS)
        for field in ("name", "value", "from"):
            if raw.get(field) is None:
                self.complain((*at, field), Text("thiếu", "is missing"))
        name = raw.get("name")
        if name is None:
            return None
        if name not in self.law.names():
            reason = Text("không có tham số này", "no such parameter")
            titles = {known: self.law.parameter(known).title.vi for known in self.law.names()}
            self.complain((*at, "name"), reason, name, titles)
            return None
        if name in self.law.switches():
            self.complain((*at, "name"), Text("là công tắc: ghi ở switches", "is a switch: give it in switches"), name)
            return None
        return self.law.parameter(name)

    def _day(self, at: Place, raw: Mapping[str, Any], name: str) -> date | None:
        written = raw.get(name)
        if written is not None and not isinstance(written, date):
            self.complain((*at, name), Text("viết năm-tháng-ngày: 2026-10-01", "write it as 2026-10-01"), written)
            return None
        return written

    def _number(self, at: Place, raw: Mapping[str, Any], parameter: Parameter) -> tuple[int, int] | None:
        written = raw.get("value")
        if written is None:
            return None
        number = None if isinstance(written, bool) else read_number(parameter.unit, parameter.options, written)
        if number is None:
            reason = Text(f"không đọc được theo đơn vị {parameter.unit}", f"does not fit the unit {parameter.unit}")
            self.complain((*at, "value"), reason, written, _words(parameter.options))
        elif number[0] < 0:
            self.complain((*at, "value"), Text("không được âm", "may not be negative"), written)
            return None
        elif parameter.unit.startswith("fraction") and number[0] > 10 ** number[1]:
            self.complain(
                (*at, "value"), Text("phần của 1: 60 % ghi là 0.60", "is a share of 1: 60 % is 0.60"), written
            )
            return None
        return number

    def _combinations(self, at: Place, where: Any, parameter: Parameter, first: date | None) -> list[Dims]:
        if not isinstance(where, dict) or set(where) != set(parameter.dims):
            wanted = ", ".join(parameter.dims) or "–"
            given = ", ".join(map(str, where)) if isinstance(where, dict) else where
            reason = Text(
                f"{parameter.name} cần các chiều: {wanted}", f"{parameter.name} needs the dimensions: {wanted}"
            )
            self.complain((*at, "where"), reason, given, parameter.dims)
            return []
        lists = []
        for dim in parameter.dims:
            chosen = where[dim] if isinstance(where[dim], list) else [where[dim]]
            lists.append([(dim, self._key((*at, "where", dim), dim, word, first)) for word in chosen])
        return [dict(pairs) for pairs in itertools.product(*lists)]

    def _key(self, at: Place, dim: str, word: Any, first: date | None) -> str:
        """Return the key that a word means in a dimension; what is wrong with it is noted."""
        listed, key = dimensions()[dim], str(word)
        if dim == PLACE and isinstance(word, int):
            # YAML reads 010 as 8, so that the code that was written is not known any more.
            self.complain(at, Text('ghi mã trong ngoặc kép, như "01"', 'write the code in quotes, as "01"'), word)
            return key
        if dim == "group":
            key = group_key(key)
        if key in listed.values:
            return key
        if dim == PLACE:
            return self._province(at, key, first)
        if not (listed.pattern and re.fullmatch(listed.pattern, key)):
            self.complain(
                at, Text(f"không có trong danh sách {dim}", f"not in the list of {dim}"), key, _words(listed.values)
            )
        return key

    def _province(self, at: Place, word: str, first: date | None) -> str:
        from baophu.areas.units import REACH, tree

        areas = tree(first if first and first >= REACH else None)
        try:
            area = areas.resolve(word)
        except BaophuError as error:
            mend = error.mend or Text("", "")
            self.complain(at, Text(f"{error.what.vi} {mend.vi}".strip(), f"{error.what.en} {mend.en}".strip()), word)
            return word
        if area.level != "province":
            self.complain(at, Text("phải là một tỉnh, thành phố", "must be a province"), word)
        return area.code

    def switch_fits(self, name: str, chosen: str) -> bool:
        """Whether a switch and its choice are there; else what is wrong is noted."""
        if name not in self.law.switches():
            reason = Text("không có công tắc này", "no such switch")
            self.complain(("switches", name), reason, name, self.law.switches())
            return False
        options = self.law.parameter(name).options
        if chosen not in options:
            reason = Text(f"không phải lựa chọn của {name}", f"not an option of {name}")
            known = ", ".join(options)
            reason = Text(f"{reason.vi} ({known})", f"{reason.en} ({known})")
            self.complain(("switches", name), reason, chosen, _words(options))
            return False
        return True

    def overlaps(self, values: Sequence[_Placed]) -> None:
        """Note values of one name and the same dimensions whose times overlap: which of them holds is not told."""
        ordered = sorted(values, key=lambda one: (one[0].label(), one[0].valid_from))
        for (before, _), (after, number) in itertools.pairwise(ordered):
            same_figure = before.label() == after.label()
            if same_figure and (before.valid_to is None or after.valid_from < before.valid_to):
                reason = Text(f"chồng thời gian của {after.label()}", f"two times of {after.label()} overlap")
                self.complain(("values", number, "from"), reason, after.valid_from)


def _words(listed: Mapping[str, Text]) -> dict[str, str]:
    return {key: words.vi for key, words in listed.items()}
