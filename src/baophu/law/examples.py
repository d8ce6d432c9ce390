"""Worked examples of the law as files: what each topic asks and states, read and checked against the closed lists.

`examples_schema.yaml` holds the topics. A misspelt name or value is told by file, line, example and field, with the
nearest one that exists; nothing is guessed. What an example says is turned into exact values here: money and counts are
int, rates and decimals Fraction, a month the first day of it, a day a date, a choice its text, lists are tuples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from baophu.core.errors import BaophuError, Problem, nearest
from baophu.core.languages import Text, same
from baophu.core.numbers import meant_dates, rounded
from baophu.core.records import Place, check, read_places, read_yaml

SCHEMA_FILE = Path(__file__).parent / "examples_schema.yaml"

Kind = Literal[
    "money",
    "int",
    "bool",
    "rate",
    "decimal",
    "month",
    "date",
    "choice",
    "choice_list",
    "money_list",
    "record_list",
    "override",
]
Inputs = dict[str, Any]

STATUSES = ("ok", "source_error_corrected", "excluded")
GRADES = ("official", "press", "third_party", "derived")
EXCLUDED = "excluded"

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class _FieldRecord(BaseModel):
    """A field as the file says it; what it leaves out is filled from the lists and words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Kind
    required: bool = False
    required_if: dict[str, Any] = Field(default_factory=dict)
    default: Any = None
    values: tuple[str, ...] = ()
    list: str | None = None
    min: int | None = None
    max: int | None = None
    unit: str = ""
    keys: dict[str, Literal["rate", "year_rate_map"]] = Field(default_factory=dict)
    fields: dict[str, Literal["int", "money"]] = Field(default_factory=dict)
    decimals: int | None = None
    tolerance: str = "0"
    title: Text | None = None


class _TopicRecord(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    law: str
    inputs: dict[str, _FieldRecord]
    expected: dict[str, _FieldRecord]


class _SchemaRecord(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lists: dict[str, tuple[str, ...]]
    words: dict[str, Text]
    topics: dict[str, _TopicRecord]


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One input or one expected figure of a topic."""

    name: str
    title: Text
    type: Kind
    unit: str = ""
    required: bool = False
    required_if: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    default: Any = None
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    decimals: int | None = None
    tolerance: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class TopicForm:
    """What one topic asks and states."""

    id: str
    title: Text
    law: str
    inputs: Mapping[str, FieldForm]
    expected: Mapping[str, FieldForm]


class Disputed(BaseModel):
    """Why an example does not count: it stays in its file and is shown as disputed, whatever comes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str
    article: str


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example. `inputs` are checked and filled with defaults; `expected` are the figures that it states.

    `form` is None for a topic that the schema does not have: such an example is never counted as reproduced.
    """

    id: str
    topic: str
    form: TopicForm | None
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    file: str
    line: int
    source: str = ""
    verified: bool = False
    grade: str = ""
    status: str = "ok"
    note: str = ""
    origin: str = ""
    disputed: Disputed | None = None


class _ExampleRecord(BaseModel):
    """The frame of an example; its inputs and figures are checked against its topic afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str | int | date
    topic: str
    inputs: dict[str, Any]
    expected: dict[str, Any] = Field(min_length=1)
    source: str = ""
    verified: bool = False
    grade: str = ""
    status: str = "ok"
    note: str = ""
    origin: str | int = ""
    disputed: Disputed | None = None


@lru_cache(maxsize=1)
def schema() -> Mapping[str, TopicForm]:
    """Return all topics by name; BaophuError where the schema itself is wrong."""
    record = check(_SchemaRecord, read_yaml(SCHEMA_FILE), SCHEMA_FILE.name)
    topics = {}
    for name, topic in record.topics.items():
        inputs = {key: _form(key, one, record) for key, one in topic.inputs.items()}
        expected = {key: _form(key, one, record) for key, one in topic.expected.items()}
        topics[name] = TopicForm(name, topic.title, topic.law, inputs, expected)
    return MappingProxyType(topics)


def _form(name: str, record: _FieldRecord, whole: _SchemaRecord) -> FieldForm:
    form = FieldForm(
        name=name,
        title=record.title or whole.words[name],
        type=record.type,
        unit=record.unit or _UNITS.get(record.type, ""),
        required=record.required,
        required_if={key: _tuple(one) for key, one in record.required_if.items()},
        choices=whole.lists[record.list] if record.list else record.values,
        least=record.min if record.min is not None else (0 if record.type == "money" else None),
        most=record.max,
        keys=record.keys,
        fields=record.fields,
        decimals=record.decimals,
        tolerance=Fraction(record.tolerance),
    )
    if record.default is None:
        return form
    object.__setattr__(form, "default", read_value(form, record.default))
    return form


_UNITS = {"money": "vnd", "rate": "fraction", "bool": "yes_no", "month": "month", "date": "date", "money_list": "vnd"}


def _tuple(one: Any) -> tuple[Any, ...]:
    return tuple(one) if isinstance(one, list) else (one,)


# One value


class WrongValue(Exception):
    """A value that does not fit its field."""

    def __init__(self, reason: Text, below: Place = ()) -> None:
        super().__init__(reason.en)
        self.reason, self.below = reason, below


def read_value(form: FieldForm, raw: Any) -> Any:
    """Return the exact value of what was written for a field; WrongValue says what does not fit."""
    return _READERS[form.type](form, raw)


def _whole(form: FieldForm, raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise WrongValue(Text("cần một số nguyên, không dấu phẩy hay dấu chấm", "a whole number is needed"))
    if form.least is not None and raw < form.least:
        raise WrongValue(Text(f"nhỏ nhất là {form.least}", f"the least is {form.least}"))
    if form.most is not None and raw > form.most:
        raise WrongValue(Text(f"lớn nhất là {form.most}", f"the most is {form.most}"))
    return raw


def _truth(form: FieldForm, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise WrongValue(Text("cần true hoặc false", "true or false is needed"))
    return raw


def _fraction(form: FieldForm, raw: Any) -> Fraction:
    if isinstance(raw, bool) or not isinstance(raw, str | int) or not _DECIMAL.fullmatch(str(raw)):
        raise WrongValue(Text('cần một số thập phân trong ngoặc kép, ví dụ "0.65"', 'a decimal text such as "0.65"'))
    value = Fraction(str(raw))
    if form.type == "rate" and value < 0:
        raise WrongValue(Text("nhỏ nhất là 0", "the least is 0"))
    return value


def _month(form: FieldForm, raw: Any) -> date:
    found = _MONTH.fullmatch(raw) if isinstance(raw, str) else None
    if not found or found[1] == "0000":
        meant = [f"{day:%Y-%m}" for day in ([raw] if isinstance(raw, date) else meant_dates(str(raw)))]
        raise WrongValue(_with_nearest(Text('cần một tháng, ví dụ "2026-03"', 'a month such as "2026-03"'), meant))
    return date(int(found[1]), int(found[2]), 1)


def _day(form: FieldForm, raw: Any) -> date:
    if isinstance(raw, date):
        return raw
    try:
        if not _DAY.fullmatch(str(raw)):
            raise ValueError
        return date.fromisoformat(str(raw))
    except ValueError:
        meant = [day.isoformat() for day in meant_dates(str(raw))]
        reason = Text('cần một ngày, ví dụ "2026-03-31"', 'a day such as "2026-03-31"')
        raise WrongValue(_with_nearest(reason, meant)) from None


def _choice(form: FieldForm, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in form.choices:
        raise WrongValue(_not_in_list(raw, form.choices))
    return raw


def _items(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise WrongValue(Text("cần một danh sách", "a list is needed"))
    return raw


def _choices(form: FieldForm, raw: Any) -> tuple[str, ...]:
    chosen = []
    for number, one in enumerate(_items(raw)):
        if not isinstance(one, str) or one not in form.choices:
            raise WrongValue(_not_in_list(one, form.choices), (number,))
        if one in chosen:
            raise WrongValue(Text(f"{one} ghi hai lần", f"{one} is there twice"), (number,))
        chosen.append(one)
    return tuple(chosen)


def _amounts(form: FieldForm, raw: Any) -> tuple[int, ...]:
    return tuple(_whole(form, one) for one in _items(raw))


def _records(form: FieldForm, raw: Any) -> tuple[Mapping[str, int], ...]:
    found = []
    for number, one in enumerate(_items(raw)):
        if not isinstance(one, dict):
            raise WrongValue(Text("cần các trường", "fields are needed"), (number,))
        for key in one:
            if key not in form.fields:
                raise WrongValue(_no_such_field(key, form.fields), (number, str(key)))
        for key, kind in form.fields.items():
            if key not in one:
                raise WrongValue(Text(f"thiếu {key}", f"{key} is missing"), (number,))
            least = 0 if kind == "money" else 1
            _whole(FieldForm(key, same(key), "int", least=least), one[key])
        found.append(MappingProxyType(dict(one)))
    if not found:
        raise WrongValue(Text("danh sách trống", "the list is empty"))
    return tuple(found)


def _override(form: FieldForm, raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise WrongValue(Text("cần các trường", "fields are needed"))
    found: dict[str, Any] = {}
    rate = FieldForm(form.name, form.title, "rate")
    for key, one in raw.items():
        if key not in form.keys:
            raise WrongValue(_no_such_field(key, form.keys), (str(key),))
        if form.keys[key] == "rate":
            found[key] = _fraction(rate, one)
            continue
        if not isinstance(one, dict) or not all(re.fullmatch(r"\d{4}", str(year)) for year in one):
            raise WrongValue(Text("cần năm và hệ số", "years with their coefficients are needed"), (str(key),))
        found[key] = MappingProxyType({int(year): _fraction(rate, number) for year, number in one.items()})
    missing = [key for key in form.keys if key not in found]
    if missing:
        raise WrongValue(Text(f"thiếu {missing[0]}", f"{missing[0]} is missing"))
    return MappingProxyType(found)


_READERS: dict[str, Any] = {
    "money": _whole,
    "int": _whole,
    "bool": _truth,
    "rate": _fraction,
    "decimal": _fraction,
    "month": _month,
    "date": _day,
    "choice": _choice,
    "choice_list": _choices,
    "money_list": _amounts,
    "record_list": _records,
    "override": _override,
}


def _with_nearest(reason: Text, found: Iterable[str]) -> Text:
    words = ", ".join(found)
    return Text(f"{reason.vi}; gần nhất: {words}", f"{reason.en}; nearest: {words}") if words else reason


def _not_in_list(raw: Any, choices: Iterable[str]) -> Text:
    known = list(choices)
    found = nearest(str(raw), dict.fromkeys(known, "")) or known
    return _with_nearest(Text("không có trong danh sách", "not in the list"), found)


def _no_such_field(raw: Any, names: Iterable[str]) -> Text:
    known = list(names)
    found = nearest(str(raw), dict.fromkeys(known, "")) or known
    return _with_nearest(Text("không có trường này", "there is no such field"), found)


# The inputs of a topic


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place below the inputs or figures."""

    place: Place
    value: str
    reason: Text


def read_inputs(form: TopicForm, raw: Mapping[str, Any]) -> tuple[Inputs, list[Fault]]:
    """Check the inputs of a topic and fill in its defaults; an input without value is left out.

    Returns the exact values and what is wrong with them.
    """
    values, faults = _read_fields(form.inputs, raw)
    wrong = {fault.place[0] for fault in faults}
    for name, one in form.inputs.items():
        if name not in values and name not in wrong and one.default is not None:
            values[name] = one.default
    for name, one in form.inputs.items():
        if name not in values and name not in wrong and _is_required(one, values):
            faults.append(Fault((name,), "", _why_required(one, values)))
    return values, faults


def _read_fields(forms: Mapping[str, FieldForm], raw: Mapping[str, Any]) -> tuple[Inputs, list[Fault]]:
    values: Inputs = {}
    faults = []
    for name, written in raw.items():
        if name not in forms:
            faults.append(Fault((str(name),), "", _no_such_field(name, forms)))
            continue
        try:
            values[name] = read_value(forms[name], written)
        except WrongValue as wrong:
            shown = _inside(written, wrong.below)
            faults.append(
                Fault((name, *wrong.below), "" if isinstance(shown, dict | list) else str(shown), wrong.reason)
            )
    return values, faults


def _inside(written: Any, below: Place) -> Any:
    for step in below:
        try:
            written = written[step]
        except (KeyError, TypeError):
            return ""
    return written


def _is_required(form: FieldForm, values: Inputs) -> bool:
    if form.required:
        return True
    return bool(form.required_if) and all(values.get(name) in wanted for name, wanted in form.required_if.items())


def _why_required(form: FieldForm, values: Inputs) -> Text:
    if form.required:
        return Text("bắt buộc phải có", "is required")
    why = ", ".join(f"{name}: {_written(values[name])}" for name in form.required_if)
    return Text(f"bắt buộc phải có khi {why}", f"is required with {why}")


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# Files


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """Read all examples of the files, in order; BaophuError tells everything that is wrong in any of them."""
    examples: list[Example] = []
    problems: list[Problem] = []
    for path in paths:
        found, wrong = _read_file(path)
        examples += found
        problems += wrong
    if problems:
        raise BaophuError(
            Text("Ví dụ của luật có lỗi; chưa kiểm tra ví dụ nào.", "Examples of the law are wrong; none was run."),
            Text("Sửa từng dòng trên rồi chạy lại.", "Mend each line above and run again."),
            problems,
        )
    return examples


def _read_file(path: Path) -> tuple[list[Example], list[Problem]]:
    raw, places = read_places(path)
    if not isinstance(raw, list) or not raw:
        raise BaophuError(
            Text(f"{path.name} không phải là một danh sách ví dụ.", f"{path.name} is not a list of examples."),
            Text("Mỗi ví dụ bắt đầu bằng '- id: …'.", "Each example begins with '- id: …'."),
        )
    examples: list[Example] = []
    problems: list[Problem] = []
    first_lines: dict[str, int] = {}
    for number, one in enumerate(raw):
        reader = _Reader(path.name, number, places, one)
        example = reader.example()
        if example is not None and example.id in first_lines:
            line = first_lines[example.id]
            reader.complain(("id",), example.id, Text(f"đã dùng ở dòng {line}", f"is used in line {line} already"))
        elif example is not None:
            first_lines[example.id] = example.line
            examples.append(example)
        problems += reader.problems
    return examples, problems


class _Reader:
    """Reads one example of a file and collects what is wrong with it."""

    def __init__(self, file: str, number: int, places: Mapping[Place, int], raw: Any) -> None:
        self.file, self.number, self.places, self.raw = file, number, places, raw
        self.problems: list[Problem] = []
        self.id = str(raw.get("id", f"#{number + 1}")) if isinstance(raw, dict) else f"#{number + 1}"

    def line(self, place: Place) -> int:
        """Return the line of a place in the example, or of the nearest place around it."""
        whole: Place = (self.number, *place)
        while whole not in self.places:
            whole = whole[:-1]
        return self.places[whole]

    def complain(self, place: Place, value: str, reason: Text) -> None:
        """Keep a problem with its file, line, example and field."""
        line, name = self.line(place), ".".join(str(step) for step in place)
        where = Text(f"{self.file}, dòng {line}, {self.id}, {name}", f"{self.file}, line {line}, {self.id}, {name}")
        self.problems.append(Problem(where, value, reason))

    def example(self) -> Example | None:
        """Return the example, or None with `problems`."""
        record = self._frame()
        if record is None:
            return None
        for name, choices in (("status", STATUSES), ("grade", ("", *GRADES))):
            value = getattr(record, name)
            if value not in choices:
                self.complain((name,), value, _not_in_list(value, [choice for choice in choices if choice]))
        form = schema().get(record.topic)
        inputs: Inputs = dict(record.inputs)
        expected: Inputs = dict(record.expected)
        if form is None:
            self._doubt_topic(record.topic)
        else:
            inputs, faults = read_inputs(form, record.inputs)
            self._complain_all("inputs", faults)
            stated = {name: value for name, value in record.expected.items() if value is not None}
            expected, faults = _read_fields(form.expected, stated)
            expected |= {name: None for name, value in record.expected.items() if value is None}
            faults += [
                Fault((name,), "", _no_such_field(name, form.expected))
                for name in expected
                if name not in form.expected
            ]
            self._complain_all("expected", faults)
        if self.problems:
            return None
        return Example(
            id=str(record.id),
            topic=record.topic,
            form=form,
            inputs=MappingProxyType(inputs),
            expected=MappingProxyType(expected),
            file=self.file,
            line=self.line(()),
            **{name: getattr(record, name) for name in ("source", "verified", "grade", "status", "note", "disputed")},
            origin=str(record.origin),
        )

    def _frame(self) -> _ExampleRecord | None:
        """Check the frame: its names, and that topic, inputs and figures are there."""
        if not isinstance(self.raw, dict):
            self.complain((), "", Text("không phải là một ví dụ", "is not an example"))
            return None
        for name in self.raw:
            if name not in _ExampleRecord.model_fields:
                self.complain((str(name),), "", _no_such_field(name, _ExampleRecord.model_fields))
        known = {name: value for name, value in self.raw.items() if name in _ExampleRecord.model_fields}
        try:
            return check(_ExampleRecord, known, self.file)
        except BaophuError as error:
            for problem in error.problems:
                name = problem.where.en.removeprefix(f"{self.file}, ").split(".")
                self.complain(tuple(name), problem.value, problem.reason)
            return None

    def _doubt_topic(self, topic: str) -> None:
        """Take a topic that is nearly one of ours for a misspelling; any other is simply not supported."""
        near = nearly(topic, schema())
        if near:
            self.complain(("topic",), topic, _with_nearest(Text("không có chủ đề này", "there is no such topic"), near))

    def _complain_all(self, part: str, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.complain((part, *fault.place), fault.value, fault.reason)


def nearly(word: str, choices: Iterable[str]) -> list[str]:
    """Return the choices that differ from a word by a slip of the hand only, best first."""
    from difflib import get_close_matches

    return get_close_matches(word, list(choices), cutoff=0.85)


# Plain forms


def plain(form: FieldForm, value: Any) -> Any:
    """Return a value as JSON carries it: whole numbers, rates and decimals as decimal texts, months and days as texts.

    Two values are the same to the law exactly when their plain forms are, tolerances aside.
    """
    if value is None or isinstance(value, bool):
        return value
    if form.type in ("money_list", "choice_list"):
        return list(value)
    if form.type == "month":
        return f"{value:%Y-%m}" if isinstance(value, date) else value
    if isinstance(value, date):
        return value.isoformat()
    if form.type in ("rate", "decimal"):
        return decimal_text(Fraction(value), form.decimals if form.decimals is not None else shown_decimals(form))
    return value


def shown_decimals(form: FieldForm) -> int | None:
    """Return with how many decimals a figure is shown; None for as many as it has."""
    return 2 if form.tolerance else None


def decimal_text(value: Fraction, decimals: int | None = None) -> str:
    """Write a number half up with so many decimals; without, with those that it has, ten at most.

    >>> decimal_text(Fraction(13, 20)), decimal_text(Fraction(49, 1000), 4), decimal_text(Fraction(1, 3))
    ('0.65', '0.0490', '0.3333333333')
    """
    if decimals is None:
        decimals = next((n for n in range(10) if (value * 10**n).denominator == 1), 10)
    return f"{rounded(value, decimals):f}"
