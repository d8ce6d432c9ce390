"""Reads the files of parameters into a book, and refuses what is wrong: a gap, an overlap, a value without a basis."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from baophu.core.errors import BaophuError, Problem, nearest
from baophu.core.languages import Text, same
from baophu.core.records import check, read_yaml
from baophu.law.parameters import Book, DatedBy, Dims, Parameter, Topic, Unit, Value

FOLDER = Path(__file__).parent / "parameters"
DIMENSIONS_FILE = "_dimensions.yaml"
SOURCES_FILE = "_sources.yaml"

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class _Told(BaseModel):
    """What may be said once for a file or a parameter and holds for each of its values that does not say it itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    basis: str | None = None
    gazette: date | None = None
    source: str | None = None
    recorded: date | None = None
    verified_until: date | None = None
    verified: bool | None = None
    note: Text | None = None


class _ValueRecord(_Told):
    """Values that share their time and basis: one, or one for each combination of `where` and `each`."""

    where: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    value: int | str | date | None = None
    each: dict[str, dict[str, int | str | date]] = Field(default_factory=dict, max_length=1)
    valid_from: date
    valid_to: date | None = None


class _ParameterRecord(_Told):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
    title: Text
    unit: Unit
    dims: tuple[str, ...] = ()
    dated_by: DatedBy = "in_force"
    options: dict[str, Text] = Field(default_factory=dict)
    values: tuple[Any, ...] = ()


class _FileRecord(_Told):
    title: Text
    parameters: tuple[Any, ...]


class Dimension(BaseModel):
    """A closed list of values by which parameters are told apart; with a pattern, values beside the list fit too."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    values: dict[str, Text] = Field(default_factory=dict)
    pattern: str | None = None


class Source(BaseModel):
    """Where figures were read, and the day of the gazette that it is, if it is one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    gazette: date | None = None


_Record = TypeVar("_Record", bound=BaseModel)


@lru_cache(maxsize=1)
def dimensions() -> dict[str, Dimension]:
    """Return the closed lists of dimensions: group, region, sex and so on, with their words."""
    return _listed(Dimension, FOLDER / DIMENSIONS_FILE)


def read_book(folder: Path) -> Book:
    """Build a book from a folder of files; BaophuError tells everything that is wrong with their times and values."""
    lists, sources = _listed(Dimension, folder / DIMENSIONS_FILE), _listed(Source, folder / SOURCES_FILE)
    parameters: dict[str, Parameter] = {}
    topics, problems = [], []
    for path in sorted(folder.glob("[!_]*.yaml")):
        raw = read_yaml(path)
        top = _checked(_FileRecord, raw, partial(str, path.name))
        names = []
        for number, raw_parameter in enumerate(top.parameters):
            reader = _Reader(path, number, top, lists, sources)
            parameter = reader.parameter(raw_parameter)
            problems += reader.problems
            if parameter.name in parameters:
                problems.append(reader.problem((), parameter.name, Text("tên đã dùng", "the name is used twice")))
            problems += [reader.problem((), what, reason) for what, reason in _faults_of_time(parameter)]
            parameters[parameter.name] = parameter
            names.append(parameter.name)
        topics.append(Topic(path.stem, top.title, tuple(names)))
    if problems:
        raise BaophuError(Text("Tham số của luật có lỗi.", "The parameters of the law are wrong."), problems=problems)
    return Book(parameters.values(), topics)


def _listed(model: type[_Record], path: Path) -> dict[str, _Record]:
    """Read a file of named records."""
    return {name: check(model, one, f"{path.name}, {name}") for name, one in read_yaml(path).items()}


def _checked(model: type[_Record], raw: object, where: Callable[[], str]) -> _Record:
    """Check a record; the place is worked out only for one that is wrong, since finding a line is slow."""
    try:
        return model.model_validate(raw)
    except ValidationError:
        return check(model, raw, where())


class _Reader:
    """Reads one parameter of a file, and collects what is wrong with its values."""

    def __init__(
        self, path: Path, number: int, top: _FileRecord, lists: Mapping[str, Dimension], sources: Mapping[str, Source]
    ) -> None:
        self.path, self.number, self.top, self.lists, self.sources = path, number, top, lists, sources
        self.problems: list[Problem] = []

    def where(self, steps: tuple[str | int, ...], name: str) -> str:
        """Say the file, the line and the name."""
        line = _line(self.path, ("parameters", self.number, *steps))
        return f"{self.path.name}, line {line}, {name}"

    def problem(self, steps: tuple[str | int, ...], name: str, reason: Text, value: object = "") -> Problem:
        """Make the problem of a place in the file."""
        return Problem(same(self.where(steps, name)), str(value), reason)

    def parameter(self, raw: Any) -> Parameter:
        """Read the parameter with its values; those that are wrong are left out and told in `problems`."""
        name = str(raw.get("name", "-")) if isinstance(raw, dict) else "-"
        record = _checked(_ParameterRecord, raw, partial(self.where, (), name))
        for dim in record.dims:
            if dim not in self.lists:
                self._complain((), name, Text("chiều không có trong danh sách", "not a dimension"), dim, self.lists)
        values = []
        for place, raw_value in enumerate(record.values):
            steps = ("values", place)
            one = _checked(_ValueRecord, raw_value, partial(self.where, steps, name))
            values += list(self._values(record, one, steps))
        return Parameter(
            name=name,
            title=record.title,
            unit=record.unit,
            dims=record.dims,
            values=tuple(sorted(values, key=lambda value: value.valid_from)),
            topic=self.path.stem,
            dated_by=record.dated_by,
            options=record.options,
            note=record.note,
        )

    def _complain(
        self, steps: tuple[str | int, ...], name: str, reason: Text, value: object, choices: Iterable[str] = ()
    ) -> None:
        found = ", ".join(nearest(str(value), dict.fromkeys(choices, "")))
        if found:
            reason = Text(f"{reason.vi}; gần nhất: {found}", f"{reason.en}; nearest: {found}")
        self.problems.append(self.problem(steps, name, reason, value))

    def _values(self, record: _ParameterRecord, one: _ValueRecord, steps: tuple[str | int, ...]) -> Iterator[Value]:
        """Yield the values of one record: each combination of its dimensions."""
        basis = one.basis or record.basis or self.top.basis
        source = one.source or record.source or self.top.source
        recorded = one.recorded or record.recorded or self.top.recorded
        if not basis:
            self._complain(steps, record.name, Text("thiếu căn cứ pháp lý (basis)", "the legal basis is missing"), "")
        if not source or not recorded:
            reason = Text("thiếu nguồn hoặc ngày ghi (source, recorded)", "source or recorded is missing")
            self._complain(steps, record.name, reason, "")
        read_in = self.sources.get(source or "")
        if source and read_in is None:
            self._complain(steps, record.name, Text("nguồn lạ", "not a source"), source, self.sources)
        if (one.value is None) == (not one.each):
            reason = Text("cần đúng một trong value và each", "exactly one of value and each is needed")
            self._complain(steps, record.name, reason, "")
            return
        verified = next((said for said in (one.verified, record.verified, self.top.verified) if said is not None), True)
        for dims, written in self._combinations(one):
            if not self._dims_fit(record, dims, steps):
                return
            number = self._number(record, written, steps)
            if number is None:
                return
            yield Value(
                name=record.name,
                dims=dims,
                value=number[0],
                scale=number[1],
                unit=record.unit,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                basis=basis or "",
                source=read_in.words if read_in else "",
                recorded=recorded or date.min,
                gazette=one.gazette or record.gazette or self.top.gazette or (read_in.gazette if read_in else None),
                verified_until=one.verified_until or record.verified_until or self.top.verified_until,
                note=one.note,
                verified=verified,
                option=str(written) if record.unit is Unit.choice else "",
            )

    def _combinations(self, one: _ValueRecord) -> Iterator[tuple[Dims, object]]:
        lists = [
            [(dim, key) for key in ((keys,) if isinstance(keys, str) else keys)] for dim, keys in one.where.items()
        ]
        for chosen in itertools.product(*lists):
            if one.each:
                for dim, by_key in one.each.items():
                    for key, written in by_key.items():
                        yield {**dict(chosen), dim: key}, written
            else:
                yield dict(chosen), one.value

    def _dims_fit(self, record: _ParameterRecord, dims: Dims, steps: tuple[str | int, ...]) -> bool:
        if set(dims) != set(record.dims):
            reason = Text("không đúng các chiều của tham số", "not the dimensions of the parameter")
            self._complain(steps, record.name, reason, ", ".join(dims), record.dims)
            return False
        for dim, key in dims.items():
            known = self.lists.get(dim)
            if known and key not in known.values and not (known.pattern and re.fullmatch(known.pattern, key)):
                reason = Text(f"không có trong danh sách {dim}", f"not in the list of {dim}")
                self._complain(steps, record.name, reason, key, known.values)
                return False
        return True

    def _number(
        self, record: _ParameterRecord, written: object, steps: tuple[str | int, ...]
    ) -> tuple[int, int] | None:
        """Return value and scale of what was written, exactly; None, with a problem, where it does not fit the unit."""
        number = read_number(record.unit, record.options, written)
        if number is not None:
            return number
        if record.unit is Unit.choice:
            reason = Text("không có trong các lựa chọn", "not one of the options")
            self._complain(steps, record.name, reason, written, record.options)
            return None
        reason = Text(f"không đọc được theo đơn vị {record.unit}", f"cannot be read in the unit {record.unit}")
        self._complain(steps, record.name, reason, written)
        return None


def read_number(unit: Unit, options: Iterable[str], written: object) -> tuple[int, int] | None:
    """Return value and scale of what was written for a unit, exactly; None where it does not fit.

    >>> read_number(Unit.fraction, (), "0.60"), read_number(Unit.vnd, (), "1.5")
    ((60, 2), None)
    """
    if unit is Unit.choice:
        names = list(options)
        return (names.index(str(written)), 0) if written in names else None
    if unit is Unit.date:
        return (int(f"{written:%Y%m%d}"), 0) if isinstance(written, date) else None
    if isinstance(written, date) or not _NUMBER.fullmatch(str(written)):
        return None
    whole, _, decimals = str(written).partition(".")
    return None if decimals and unit.startswith("vnd") else (int(whole + decimals), len(decimals))


def _faults_of_time(parameter: Parameter) -> Iterator[tuple[str, Text]]:
    """Yield the gaps and overlaps of each history of a parameter."""
    by_dims: dict[str, list[Value]] = {}
    for value in parameter.values:
        by_dims.setdefault(value.label(), []).append(value)
    for named, values in by_dims.items():
        for value in values:
            if value.valid_to is not None and value.valid_to <= value.valid_from:
                yield named, Text(f"hết hạn trước khi bắt đầu {value.valid_from}", f"ends before {value.valid_from}")
        for before, after in itertools.pairwise(values):
            if before.valid_to is None or before.valid_to > after.valid_from:
                yield named, Text(f"chồng thời gian tại {after.valid_from}", f"an overlap at {after.valid_from}")
            elif before.valid_to < after.valid_from:
                yield (
                    named,
                    Text(
                        f"trống từ {before.valid_to} đến {after.valid_from}",
                        f"a gap from {before.valid_to} to {after.valid_from}",
                    ),
                )


def _line(path: Path, steps: tuple[str | int, ...]) -> int:
    """Return the line of a place in a YAML file, or of the last thing on the way to it that is there."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            found = [below for key, below in node.value if key.value == step]
            if not found:
                break
            node = found[0]
    return int(node.start_mark.line) + 1 if node else 0
