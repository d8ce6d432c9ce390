"""The figures of the law as dated data: one record a value, with its legal basis, its source and what is not known.

The files under `parameters/` are read once, checked whole (no gap, no overlap, no value without a basis) and asked by
name and day. A stretch of time is half open: a value holds from `valid_from` up to, and without, `valid_to`.
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from baophu.core.errors import BaophuError, did_you_mean, unknown
from baophu.core.languages import Language, Text
from baophu.core.numbers import NARROW, decimal, short_date


class Unit(enum.StrEnum):
    """What a value is counted in."""

    vnd = "vnd"
    vnd_per_month = "vnd_per_month"
    vnd_per_hour = "vnd_per_hour"
    fraction = "fraction"
    fraction_per_day = "fraction_per_day"
    fraction_per_month = "fraction_per_month"
    fraction_per_year = "fraction_per_year"
    times = "times"
    days = "days"
    working_days = "working_days"
    months = "months"
    years = "years"
    months_of_age = "months_of_age"
    years_of_age = "years_of_age"
    months_per_year = "months_per_year"
    day_of_month = "day_of_month"
    persons = "persons"
    date = "date"
    choice = "choice"


UNITS: dict[Unit, Text] = {
    Unit.vnd: Text("đồng", "VND"),
    Unit.vnd_per_month: Text("đồng/tháng", "VND a month"),
    Unit.vnd_per_hour: Text("đồng/giờ", "VND an hour"),
    Unit.fraction: Text("phần của 1", "fraction of 1"),
    Unit.fraction_per_day: Text("phần của 1 mỗi ngày", "fraction of 1 a day"),
    Unit.fraction_per_month: Text("phần của 1 mỗi tháng", "fraction of 1 a month"),
    Unit.fraction_per_year: Text("phần của 1 mỗi năm", "fraction of 1 a year"),
    Unit.times: Text("lần", "times"),
    Unit.days: Text("ngày", "days"),
    Unit.working_days: Text("ngày làm việc", "working days"),
    Unit.months: Text("tháng", "months"),
    Unit.years: Text("năm", "years"),
    Unit.months_of_age: Text("tháng tuổi", "months of age"),
    Unit.years_of_age: Text("tuổi", "years of age"),
    Unit.months_per_year: Text("tháng cho mỗi năm đóng", "months for each year paid"),
    Unit.day_of_month: Text("ngày trong tháng", "day of the month"),
    Unit.persons: Text("người", "persons"),
    Unit.date: Text("ngày (lịch)", "day of the calendar"),
    Unit.choice: Text("lựa chọn", "choice"),
}

# Which day picks the value: a day of the law, or a day of the person's own life where the law goes by that.
DatedBy = Literal["in_force", "birth", "first_joined"]

DATED_BY: dict[DatedBy, Text] = {
    "in_force": Text("ngày áp dụng", "the day on which it is applied"),
    "birth": Text("ngày sinh của người lao động", "the person's day of birth"),
    "first_joined": Text("ngày bắt đầu tham gia bảo hiểm xã hội", "the day on which the person first joined"),
}

Dims = dict[str, str]


def group_key(code: str) -> str:
    """Return the law package's key of a group letter as registers write it: `đ` is `dd`, all others are themselves.

    >>> group_key("đ"), group_key("a"), group_key("foreign")
    ('dd', 'a', 'foreign')
    """
    return "dd" if code == "đ" else code


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one parameter in one stretch of time; the number is `value / 10**scale` in `unit`.

    A value of unit `choice` has its choice in `option`; one of unit `date` is written YYYYMMDD.
    """

    name: str
    dims: Dims = field(hash=False)
    value: int
    scale: int
    unit: Unit
    valid_from: date
    valid_to: date | None
    basis: str
    source: str
    recorded: date
    gazette: date | None = None
    verified_until: date | None = None
    note: Text | None = None
    verified: bool = True
    option: str = ""

    @property
    def fraction(self) -> Fraction:
        """The exact number."""
        return Fraction(self.value, 10**self.scale)

    @property
    def decimal(self) -> Decimal:
        """The number with its decimals as they were written."""
        return Decimal(self.value).scaleb(-self.scale)

    @property
    def amount(self) -> int:
        """The whole number; BaophuError where it has decimals."""
        if self.scale or self.unit in (Unit.choice, Unit.date):
            raise _wrong_reading(self, "amount")
        return self.value

    @property
    def choice(self) -> str:
        """The option that holds; BaophuError where it is no choice."""
        if self.unit is not Unit.choice:
            raise _wrong_reading(self, "choice")
        return self.option

    @property
    def day(self) -> date:
        """The day of the calendar; BaophuError where it is none."""
        if self.unit is not Unit.date:
            raise _wrong_reading(self, "day")
        return date(self.value // 10_000, self.value // 100 % 100, self.value % 100)

    def holds(self, on: date) -> bool:
        """Whether the day lies in the value's stretch of time."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def label(self) -> str:
        """Return the name with its dimensions, such as `voluntary_support[support_group=poor]`."""
        return label(self.name, self.dims)


def figure(value: Value, lang: Language) -> str:
    """Write what a value says, exactly, with its unit: an amount, a share, a day, or the words' key of a choice."""
    if value.unit is Unit.choice:
        return value.option
    if value.unit is Unit.date:
        return short_date(value.day, lang)
    if value.unit.startswith("fraction"):
        unit = UNITS[value.unit].say(lang).partition("1")[2].strip()
        return f"{decimal(value.fraction * 100, lang, max(value.scale - 2, 0))}{NARROW}%{' ' + unit if unit else ''}"
    return f"{decimal(value.fraction, lang, value.scale)}{NARROW}{UNITS[value.unit].say(lang)}"


def label(name: str, dims: Mapping[str, str]) -> str:
    """Write a name with dimensions.

    >>> label("regional_minimum_wage", {"region": "I"}), label("reference_level", {})
    ('regional_minimum_wage[region=I]', 'reference_level')
    """
    inside = ", ".join(f"{dim}={chosen}" for dim, chosen in dims.items())
    return f"{name}[{inside}]" if inside else name


def _wrong_reading(value: Value, reading: str) -> BaophuError:
    return BaophuError(
        Text(
            f"{value.label()} có đơn vị '{UNITS[value.unit].vi}', không đọc được dưới dạng {reading}.",
            f"{value.label()} has the unit '{UNITS[value.unit].en}' and cannot be read as {reading}.",
        )
    )


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law: its values for all times and dimensions."""

    name: str
    title: Text
    unit: Unit
    dims: tuple[str, ...]
    values: tuple[Value, ...]
    topic: str = ""
    dated_by: DatedBy = "in_force"
    options: Mapping[str, Text] = field(default_factory=dict, hash=False)
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """One file of parameters."""

    id: str
    title: Text
    names: tuple[str, ...]


_History = tuple[list[date], tuple[Value, ...]]  # the first days, and the values that begin on them


class Book:
    """All parameters, asked by name and day. It never changes; `overlay` makes another one."""

    def __init__(self, parameters: Iterable[Parameter], topics: Iterable[Topic] = ()) -> None:
        self._parameters = {parameter.name: parameter for parameter in parameters}
        self.topics = tuple(topics)
        self._histories: dict[str, dict[tuple[str, ...], _History]] = {}
        for parameter in self._parameters.values():
            by_dims: dict[tuple[str, ...], list[Value]] = {}
            for value in parameter.values:
                by_dims.setdefault(tuple(value.dims[dim] for dim in parameter.dims), []).append(value)
            self._histories[parameter.name] = {key: _in_order(values) for key, values in by_dims.items()}

    def names(self) -> tuple[str, ...]:
        """Return the names of all parameters, in the order of the files."""
        return tuple(self._parameters)

    def parameter(self, name: str) -> Parameter:
        """Return a parameter; UnknownName proposes what was probably meant."""
        if name not in self._parameters:
            words = {key: parameter.title.vi for key, parameter in self._parameters.items()}
            raise unknown(Text("tham số", "parameter"), name, words)
        return self._parameters[name]

    def history(self, name: str, **dims: str) -> tuple[Value, ...]:
        """Return the values of one name for the dimensions given, oldest first; a dimension left out means all of it.

        UnknownName for a name, a dimension or a value of a dimension that is not there.
        """
        parameter = self.parameter(name)
        for dim, chosen in dims.items():
            self._known(parameter, dim, chosen)
        return tuple(
            value
            for _, values in self._histories[name].values()
            for value in values
            if all(value.dims[dim] == chosen for dim, chosen in dims.items())
        )

    def value(self, name: str, on: date, **dims: str) -> Value:
        """Return the value that holds on a day; for a parameter dated by birth or first joining, that day of life.

        BaophuError for an unknown name or dimension (the nearest is offered) and for a day on which no value is held.
        """
        try:
            parameter = self._parameters[name]
            first_days, values = self._histories[name][tuple([dims[dim] for dim in parameter.dims])]
        except KeyError:
            raise self._not_there(name, dims) from None
        place = bisect_right(first_days, on) - 1
        if len(dims) != len(parameter.dims) or place < 0 or not values[place].holds(on):
            raise self._not_there(name, dims, on)
        return values[place]

    def find(self, name: str, on: date, **dims: str) -> Value | None:
        """Return the value that holds on a day, or None where none is held: a place without local support, say."""
        parameter = self.parameter(name)
        if set(dims) != set(parameter.dims):
            raise _wrong_dims(parameter, dims)
        _, values = self._histories[name].get(tuple(dims[dim] for dim in parameter.dims), ([], ()))
        return next((value for value in values if value.holds(on)), None)

    def switch(self, name: str, on: date | None = None) -> str:
        """Return the choice that holds for an open point of the law, on a day or, without one, last of all."""
        parameter = self.parameter(name)
        if name not in self.switches():
            raise unknown(
                Text("công tắc", "switch"), name, {key: self._parameters[key].title.vi for key in self.switches()}
            )
        return (parameter.values[-1] if on is None else self.value(name, on)).choice

    def switches(self) -> tuple[str, ...]:
        """Return the names of the parameters that are switches: choices that are the same for everybody."""
        return tuple(name for name, one in self._parameters.items() if one.unit is Unit.choice and not one.dims)

    def overlay(self, values: Iterable[Value]) -> Book:
        """Return a book in which these values win in their time; what lies beside them stays as it is.

        Each value belongs to a parameter that is there and names all its dimensions; the values of a dimension may be
        new, such as another province.
        """
        added: dict[str, list[Value]] = {}
        for value in values:
            parameter = self.parameter(value.name)
            if set(value.dims) != set(parameter.dims) or value.unit is not parameter.unit:
                raise _wrong_dims(parameter, value.dims)
            kept = added.get(value.name, list(parameter.values))
            added[value.name] = [part for old in kept for part in _beside(old, value)] + [value]
        parameters = [
            replace(parameter, values=tuple(sorted(added[name], key=lambda value: value.valid_from)))
            if name in added
            else parameter
            for name, parameter in self._parameters.items()
        ]
        return Book(parameters, self.topics)

    def with_switches(self, **choices: str) -> Book:
        """Return a book in which open points of the law are decided as told, at all times."""
        values = []
        for name, chosen in choices.items():
            self.switch(name)
            parameter = self._parameters[name]
            if chosen not in parameter.options:
                options = {option: words.vi for option, words in parameter.options.items()}
                raise unknown(Text(f"lựa chọn của {name}", f"option of {name}"), chosen, options)
            first = min(parameter.values, key=lambda value: value.valid_from)
            number = list(parameter.options).index(chosen)
            values.append(replace(first, value=number, option=chosen, valid_to=None, basis="choice", note=None))
        return self.overlay(values)

    def warnings(self, month: date, names: Iterable[str] | None = None) -> tuple[Value, ...]:
        """Return the values in force in a month for which nobody has looked whether they still hold then.

        `month` is any day of it; `names` limits the question to the parameters that a computation used.
        """
        first = month.replace(day=1)
        return tuple(
            value
            for name in (self._parameters if names is None else dict.fromkeys(names))
            for value in self.parameter(name).values
            if value.verified_until is not None and value.verified_until < first and value.holds(first)
        )

    def stale(self, on: date) -> tuple[Value, ...]:
        """Return what a person should look up: values in force whose time of checking is over, and all unverified."""
        return tuple(
            value
            for parameter in self._parameters.values()
            for value in parameter.values
            if not value.verified
            or (value.verified_until is not None and value.verified_until < on and value.holds(on))
        )

    def _known(self, parameter: Parameter, dim: str, chosen: str) -> None:
        """Raise for a dimension, or a value of one, that the parameter does not have."""
        if dim not in parameter.dims:
            raise _wrong_dims(parameter, [dim])
        held = dict.fromkeys((value.dims[dim] for value in parameter.values), "")
        if chosen not in held:
            raise unknown(Text(f"giá trị '{dim}' của {parameter.name}", f"{dim} of {parameter.name}"), chosen, held)

    def _not_there(self, name: str, dims: Dims, on: date | None = None) -> BaophuError:
        """Say why there is no value: the name, the dimensions, or the day."""
        parameter = self.parameter(name)
        if set(dims) != set(parameter.dims):
            return _wrong_dims(parameter, dims)
        for dim, chosen in dims.items():
            self._known(parameter, dim, chosen)
        key = tuple(dims[dim] for dim in parameter.dims)
        named = label(name, dims)
        if on is None or key not in self._histories[name]:
            return BaophuError(
                Text(f"Không có giá trị nào cho {named}.", f"No value is held for {named}."),
                Text(f"Xem những gì có: baophu law history {name}", f"See what there is: baophu law history {name}"),
            )
        _, values = self._histories[name][key]
        first, last = values[0].valid_from, values[-1].valid_to
        reach = Text(f"chỉ có từ {short_date(first, 'vi')}", f"it is held from {short_date(first, 'en')}")
        if last:
            reach = Text(
                f"{reach.vi} đến trước {short_date(last, 'vi')}", f"{reach.en} to before {short_date(last, 'en')}"
            )
        return BaophuError(
            Text(
                f"{named} không có giá trị vào ngày {short_date(on, 'vi')}: {reach.vi}.",
                f"{named} has no value on {short_date(on, 'en')}: {reach.en}.",
            ),
            Text(
                f"Chọn ngày trong khoảng đó, hoặc thêm giá trị vào law/parameters/{parameter.topic}.yaml.",
                f"Choose a day in that time, or add the value to law/parameters/{parameter.topic}.yaml.",
            ),
        )


def _in_order(values: list[Value]) -> _History:
    ordered = tuple(sorted(values, key=lambda value: value.valid_from))
    return [value.valid_from for value in ordered], ordered


def _wrong_dims(parameter: Parameter, dims: Iterable[str]) -> BaophuError:
    given, wanted = ", ".join(dims) or "–", ", ".join(parameter.dims) or "–"
    return BaophuError(
        Text(
            f"{parameter.name} được hỏi theo: {wanted}; đã cho: {given}.",
            f"{parameter.name} is asked by: {wanted}; given: {given}.",
        ),
        did_you_mean([label(parameter.name, dict.fromkeys(parameter.dims, "…"))]),
    )


def _beside(old: Value, new: Value) -> Iterator[Value]:
    """Yield what is left of an old value when a new one takes its time."""
    if old.dims != new.dims:
        yield old
        return
    if old.valid_from < new.valid_from:
        ends = old.valid_to is not None and old.valid_to < new.valid_from
        yield old if ends else replace(old, valid_to=new.valid_from)
    if new.valid_to is not None and (old.valid_to is None or old.valid_to > new.valid_to):
        yield replace(old, valid_from=max(old.valid_from, new.valid_to))


@lru_cache(maxsize=1)
def book() -> Book:
    """Return all parameters of the law, built and checked once; BaophuError names the file, the line and the name."""
    from baophu.law.parameter_files import FOLDER, read_book

    return read_book(FOLDER)
