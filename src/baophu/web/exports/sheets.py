"""What a page shows, as it is written to a file: a book of sheets, each with its columns and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from baophu.core.languages import Text
from baophu.results.store import Manifest

Kind = Literal["text", "count", "money", "share", "growth", "points", "date", "month", "moment", "measure", "decimal"]
Form = Literal["xlsx", "csv", "parquet"]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that says by itself what it is: in a column of figures of several units."""

    kind: Kind
    value: Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in a file for programs, its head on a sheet, what its cells are, its width in letters.

    Cells of `share`, `growth` and `points` are fractions of 1, exact; `money` is whole dong; those of `measure` are
    each a Measure.
    """

    name: str
    head: Text
    kind: Kind = "text"
    width: int = 14
    # On the sheet, but not on paper: what only leads back to the site.
    printed: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a page. `rows` begins at the first row each time that it is called."""

    title: Text
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Row]]
    count: int


@dataclass(frozen=True, slots=True)
class Book:
    """What a page shows, with what it says of itself. CSV and Parquet hold the first sheet."""

    title: str
    # The area that it is of; the one whose manager approves it.
    area: str
    sheets: tuple[Sheet, ...]
    # Filters and order, in words.
    filters: tuple[tuple[str, str], ...]
    source: str
    # The run whose figures they are; None for what belongs to no run (loads, the record).
    run: Manifest | None = None
    # How many people it tells of, as far as it matters (`actions.PERSONS_UNAPPROVED` and one more).
    people: int = 0
    # Whether numbers of people stand in it in full.
    revealed: bool = False

    @property
    def rows(self) -> int:
        """How many rows all sheets have."""
        return sum(one.count for one in self.sheets)
