"""A person's numbers: which were given, which lead on to others, and which rows of a Parquet file carry them."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.registers.contracts import contracts

Kind = Literal["pid", "si_code", "old_id"]
# Each kind by its number of digits, which differ.
DIGITS: dict[int, Kind] = {12: "pid", 10: "si_code", 9: "old_id"}
WIDTHS: dict[Kind, int] = {kind: width for width, kind in DIGITS.items()}
# Texts beside a number that tell the person too, and may stand alone in a list of cells to mend.
TEXTS = ("full_name", "full_name_original", "address", "phone")
# What is left of a number without its zeros is looked for only while it is long enough to tell somebody.
_TELLING = 7


@dataclass(frozen=True, slots=True)
class Person:
    """The numbers of one person, by kind."""

    numbers: dict[Kind, frozenset[str]]

    @property
    def every(self) -> tuple[str, ...]:
        """All numbers, whatever their kind."""
        return tuple(sorted(number for some in self.numbers.values() for number in some))

    def needles(self) -> tuple[str, ...]:
        """The numbers as a text may have them: also without the zeros that a spreadsheet eats."""
        short = (number.lstrip("0") for number in self.every)
        return tuple(sorted({*self.every, *(number for number in short if len(number) >= _TELLING)}))


def person(words: Iterable[str]) -> Person:
    """Read numbers as they are written, one a line; BaophuError, which does not repeat them, where one is none."""
    numbers: dict[Kind, set[str]] = {kind: set() for kind in WIDTHS}
    for at, word in enumerate(words, 1):
        number = "".join(word.replace(".", " ").replace("-", " ").split())
        if not number:
            continue
        kind = DIGITS.get(len(number))
        if kind is None or not number.isascii() or not number.isdigit():
            raise BaophuError(
                Text(f"Dòng {at} không phải là số của một người.", f"Line {at} is no number of a person."),
                Text(
                    "Mỗi dòng một số: số định danh (12 chữ số), mã số BHXH (10), chứng minh nhân dân cũ (9).",
                    "One number a line: personal number (12 digits), social insurance number (10), old card (9).",
                ),
            )
        numbers[kind].add(number)
    if not any(numbers.values()):
        raise BaophuError(Text("Chưa có số nào.", "No number was given."))
    return Person({kind: frozenset(some) for kind, some in numbers.items()})


@lru_cache(maxsize=1)
def _known() -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for contract in contracts().values():
        for column in contract.columns:
            if column.number in WIDTHS:
                found[column.name] = column.number
            elif column.personal_digits:
                # A business household's tax code of 12 digits is its owner's personal number.
                found[column.name] = "pid"
    return found


def kind_of(name: str) -> Kind | None:
    """Return which number of a person a column holds, as text or as the integer beside it; None where it holds none."""
    name = name.removesuffix("_number")
    if name in _known():
        return _known()[name]
    return next((kind for kind in WIDTHS if name.endswith(f"_{kind}")), None)


def columns(schema: pa.Schema) -> dict[str, Kind]:
    """Return the columns of a Parquet file that hold numbers of a person."""
    kinds = {one.name: kind_of(one.name) for one in schema if _is_text(one.type) or pa.types.is_integer(one.type)}
    return {name: kind for name, kind in kinds.items() if kind}


def linked(files: Iterable[Path], given: Person) -> Person:
    """Follow the numbers that stand beside those given, in the same row, until there are no more.

    BaophuError where they lead to more than one personal number or social insurance number that was not given: one
    number may have been borrowed, and what is another person's is not touched.
    """
    both = [path for path in files if {"pid", "si_code"} <= set(columns(pq.read_schema(path)).values())]
    found = given
    while True:
        more = {kind: set(some) for kind, some in found.numbers.items()}
        for path in both:
            kinds = {name: kind for name, kind in columns(pq.read_schema(path)).items() if kind != "old_id"}
            for table in _groups(path, list(kinds)):
                for name, values in table.filter(carries(table, found, kinds)).to_pydict().items():
                    width = WIDTHS[kinds[name]]
                    more[kinds[name]].update(v for v in map(_plain, values) if len(v) == width)
        follow = Person({kind: frozenset(some) for kind, some in more.items()})
        for kind in ("pid", "si_code"):
            if len(follow.numbers[kind]) > 1 and follow.numbers[kind] - given.numbers[kind]:
                raise BaophuError(
                    Text(
                        "Các số này dẫn tới nhiều người (có thể một số bị mượn). Không có gì bị hủy.",
                        "These numbers lead to several people (one may have been borrowed). Nothing was destroyed.",
                    ),
                    Text(
                        "Ghi đủ các số của người ấy, mỗi dòng một số, và thêm --exact để chỉ dùng các số đã ghi.",
                        "Give all numbers of this person, one a line, and add --exact to use these alone.",
                    ),
                )
        if follow == found:
            return found
        found = follow


def carries(table: pa.Table, who: Person, kinds: Mapping[str, Kind], texts: bool = False) -> pa.ChunkedArray:
    """Return for each row whether one of its numbers is the person's; with `texts` also where a text mentions one."""
    hit = pa.chunked_array([pa.repeat(pa.scalar(False), table.num_rows)])
    for name, kind in kinds.items():
        values = table.column(name)
        if pa.types.is_integer(values.type):
            values = pc.utf8_lpad(values.cast(pa.string()), WIDTHS[kind], "0")
        wanted = pa.array(sorted(who.numbers[kind]), values.type)
        hit = pc.or_(hit, pc.fill_null(pc.is_in(values, value_set=wanted), False))
    if texts:
        for column in table.columns:
            if _is_text(column.type):
                for number in who.every:
                    hit = pc.or_(hit, pc.fill_null(pc.match_substring(column, number), False))
    return hit


@dataclass(slots=True)
class Rows:
    """What one file holds of a person."""

    rows: int = 0
    places: set[tuple[int, int]] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)


def rows_of(path: Path, who: Person, texts: bool = False) -> Rows:
    """Find a person's rows in a Parquet file: how many, their place in the sender's file, the texts that tell him.

    With `texts` (what is no register) every text that mentions a number counts.
    """
    schema = pq.read_schema(path)
    kinds = columns(schema)
    found = Rows()
    if not kinds and not texts:
        return found
    every = [one.name for one in schema if one.name in kinds or (texts and _is_text(one.type))]
    for at, table in enumerate(_groups(path, every)):
        hit = carries(table, who, kinds, texts)
        number = pc.sum(hit).as_py() or 0
        if number:
            found.rows += number
            beside = [name for name in ("_file", "_row", *TEXTS) if name in schema.names]
            mine = pq.ParquetFile(path).read_row_group(at, beside).filter(hit).to_pydict()
            if {"_file", "_row"} <= set(mine):
                found.places |= set(zip(mine["_file"], mine["_row"], strict=True))
            found.texts |= {tidy(value) for name in TEXTS for value in mine.get(name, ()) if value}
    return found


def rejects_of(path: Path, who: Person, found: Rows) -> Callable[[pa.Table], pa.ChunkedArray]:
    """Return what tells a person's lines of a reject file: of his rows, with his numbers, name, address or phone."""
    places = set(found.places)
    for table in _groups(path, ["file_number", "row", "column", "value"]):
        listed = table.to_pydict()
        for file, row, column, value in zip(*(listed[name] for name in listed), strict=True):
            if value and _mentions(column, value, who, found.texts):
                places.add((file, row))

    def mine(table: pa.Table) -> pa.ChunkedArray:
        listed = zip(table.column("file_number").to_pylist(), table.column("row").to_pylist(), strict=True)
        return pa.chunked_array([pa.array([place in places for place in listed], pa.bool_())])

    return mine


def _mentions(column: str, value: str, who: Person, texts: set[str]) -> bool:
    close = value.translate({ord(mark): None for mark in " .-'"})
    if any(number in value or number in close for number in who.every) or close.lstrip("0") in who.needles():
        return True
    return column in TEXTS and tidy(value) in texts


def mentioned(path: Path, who: Person, texts: set[str]) -> bool:
    """Tell whether any other file, a workbook say, holds a number of a person, or a text that tells him."""
    wanted = (*who.needles(), *texts)
    return any(word in content for content in _contents(path) for word in wanted)


def _contents(path: Path) -> Iterator[str]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "ignore").lower()
    else:
        yield path.read_bytes().decode("utf-8", "ignore").lower()


def numbers_in(files: Iterable[Path], known: Callable[[str], bool]) -> Person:
    """Return the numbers in Parquet files that `known` knows: so those of a purged person are found again."""
    found: dict[Kind, set[str]] = {kind: set() for kind in WIDTHS}
    for path in files:
        kinds = columns(pq.read_schema(path))
        for table in _groups(path, list(kinds)) if kinds else ():
            for name, kind in kinds.items():
                values = (_plain(value).zfill(WIDTHS[kind]) for value in pc.unique(table.column(name)).to_pylist())
                found[kind].update(value for value in values if known(value))
    return Person({kind: frozenset(some) for kind, some in found.items()})


def masked(who: Person) -> Counter[str]:
    """Return how many numbers of each kind there are, which is all that is shown of them."""
    return Counter({kind: len(some) for kind, some in who.numbers.items() if some})


def tidy(value: str) -> str:
    """Return a text without what does not tell one from another."""
    return " ".join(value.split()).lower()


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _groups(path: Path, names: list[str]) -> Iterator[pa.Table]:
    with pq.ParquetFile(path) as file:
        for at in range(file.num_row_groups):
            yield file.read_row_group(at, names)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
