"""Figures that were published: one row a figure, with its date, its source and how it was obtained.

Where two sources disagree both rows are kept, one is used, and the row says why.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal

from baophu.core.errors import BaophuError, nearest
from baophu.core.languages import Text
from baophu.indicators.catalogue import Scope, catalogue

FOLDER = Path(__file__).parent / "published"
FILES = (FOLDER / "national.csv", FOLDER / "provinces.csv")
BEFORE_MERGER = FOLDER / "provinces_before_2025_07.csv"
ARMED_FORCES = FOLDER / "armed_forces.csv"

Kind = Literal["counted", "estimated", "derived"]
Qualifier = Literal["", "about", "over", "nearly", "preliminary", "rounded"]

KINDS: dict[Kind, Text] = {
    "counted": Text("số liệu công bố", "as published"),
    "estimated": Text("ước tính của cơ quan công bố", "an estimate by the publisher"),
    "derived": Text("tính từ các số công bố", "derived from published figures"),
}

QUALIFIERS: dict[Qualifier, Text] = {
    "": Text("", ""),
    "about": Text("khoảng", "about"),
    "over": Text("hơn", "over"),
    "nearly": Text("gần", "nearly"),
    "preliminary": Text("sơ bộ", "preliminary"),
    "rounded": Text("làm tròn", "rounded"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure. `value` is in the indicator's unit; `growth` is the published change over a year."""

    area_code: str
    date: date
    indicator: str
    scope: Scope
    value: Decimal
    growth: Decimal | None
    kind: Kind
    qualifier: Qualifier
    used: bool
    why: str
    note: str
    source: str

    @property
    def approximate(self) -> bool:
        """Whether the figure is to be shown with the sign of an estimate."""
        return self.kind != "counted" or self.qualifier != ""


def read(path: Path) -> list[Figure]:
    """Read a file of figures; BaophuError with the line where a row is not whole.

    Two rows of one indicator, area, date and scope are allowed while one of them at most is used.
    """
    figures = []
    used: set[tuple[str, str, date, Scope]] = set()
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        for row in rows:
            try:
                figure = _figure(row)
                key = (figure.indicator, figure.area_code, figure.date, figure.scope)
                if figure.used and key in used:
                    raise ValueError("a second used figure of this indicator, area, date and scope")
                if figure.used:
                    used.add(key)
                figures.append(figure)
            except KeyError as error:
                raise _wrong(path, rows.line_num, f"no {error}") from None
            except (ValueError, ArithmeticError) as error:
                raise _wrong(path, rows.line_num, str(error) or "not a number") from None
    return figures


def _figure(row: dict[str, str]) -> Figure:
    """Make a figure of one row; ValueError, KeyError or ArithmeticError where it is not whole."""
    if None in row or None in row.values():
        raise ValueError("more or fewer cells than columns")
    known = catalogue()
    if row["indicator"] not in known or row["scope"] not in known[row["indicator"]].scopes:
        proposals = ", ".join(nearest(row["indicator"], {key: record.name.vi for key, record in known.items()}))
        raise ValueError(f"no indicator {row['indicator']} of scope {row['scope']}; nearest: {proposals or '-'}")
    if row["kind"] not in KINDS:
        raise ValueError(f"kind {row['kind']!r} is none of {', '.join(KINDS)}")
    if row["qualifier"] not in QUALIFIERS:
        raise ValueError(f"qualifier {row['qualifier']!r} is none of {', '.join(QUALIFIERS)}")
    if row["used"] not in ("yes", "no"):
        raise ValueError(f"used {row['used']!r} is neither yes nor no")
    if not row["source"]:
        raise ValueError("no source")
    if row["used"] == "no" and not row["why"]:
        raise ValueError("a figure that is not used says why")
    value = _number("value", row["value"])
    if known[row["indicator"]].unit != "share" and value != value.to_integral_value():
        raise ValueError(f"value {value} is not whole")
    return Figure(
        area_code=row["area_code"],
        date=date.fromisoformat(row["date"]),
        indicator=row["indicator"],
        scope=row["scope"],
        value=value,
        growth=_number("growth", row["growth"]) if row["growth"] else None,
        kind=row["kind"],
        qualifier=row["qualifier"],
        used=row["used"] == "yes",
        why=row["why"],
        note=row["note"],
        source=row["source"],
    )


def _number(column: str, word: str) -> Decimal:
    try:
        value = Decimal(word)
    except ArithmeticError:
        raise ValueError(f"{column} {word!r} is not a number") from None
    if not value.is_finite():
        raise ValueError(f"{column} {word!r} is not a number")
    return value


def _wrong(path: Path, line: int, reason: str) -> BaophuError:
    return BaophuError(Text(f"{path.name}, dòng {line}: {reason}", f"{path.name}, line {line}: {reason}"))


class Series:
    """The used figures of one indicator, area and scope, by date."""

    def __init__(self, figures: list[Figure]) -> None:
        self.figures = sorted((figure for figure in figures if figure.used), key=lambda figure: figure.date)
        self.unused = sorted((figure for figure in figures if not figure.used), key=lambda figure: figure.date)

    def on(self, day: date) -> Figure | None:
        """Return the figure of exactly that day."""
        return next((figure for figure in self.figures if figure.date == day), None)

    def latest(self, day: date) -> Figure | None:
        """Return the last figure of that day or before."""
        return next((figure for figure in reversed(self.figures) if figure.date <= day), None)

    def between(self, first: date, last: date) -> list[Figure]:
        """Return the figures from `first` to `last`, both included."""
        return [figure for figure in self.figures if first <= figure.date <= last]


@lru_cache(maxsize=1)
def all_figures() -> tuple[Figure, ...]:
    """Return every figure of the country and the present provinces, used or not, in the order of the files."""
    return tuple(figure for path in FILES for figure in read(path))


@lru_cache(maxsize=1)
def figures_before_merger() -> tuple[Figure, ...]:
    """Return the figures of provinces that ended on 2025-07-01; `area_code` is the code of that time.

    Kept apart, since the same codes mean larger units today: 08 was Tuyên Quang alone. `series` does not see them.
    """
    return tuple(read(BEFORE_MERGER))


class Book:
    """Figures to compare targets with, by indicator, area and scope, and the numbers of the armed forces among them."""

    def __init__(self, figures: Iterable[Figure], armed_forces: Mapping[tuple[str, str, date], Fraction]) -> None:
        found: dict[tuple[str, str, str], list[Figure]] = {}
        for figure in figures:
            found.setdefault((figure.indicator, figure.area_code, figure.scope), []).append(figure)
        self._series = {key: Series(own) for key, own in found.items()}
        self._armed_forces = armed_forces

    def series(self, indicator: str, area_code: str, scope: Scope) -> Series:
        """Return the figures of one indicator, area and scope; an empty series where there are none."""
        return self._series.get((indicator, area_code, scope)) or Series([])

    def in_scope(self, figure: Figure | None, scope: Scope) -> Fraction | None:
        """Return a figure's value in a scope: its own, or with the armed forces put in or left out.

        None where there is no figure, or where it is of the other scope and their number was not published.
        """
        if figure is None:
            return None
        if figure.scope == scope:
            return Fraction(figure.value)
        soldiers = self._armed_forces.get((figure.indicator, figure.area_code, figure.date))
        if soldiers is None:
            return None
        return Fraction(figure.value) + (soldiers if scope == "all" else -soldiers)


@lru_cache(maxsize=1)
def published() -> Book:
    """Return the figures that come with the program."""
    return Book(all_figures(), read_armed_forces())


def read_armed_forces(path: Path = ARMED_FORCES) -> dict[tuple[str, str, date], Fraction]:
    """Read the published numbers of the armed forces among an indicator's people: (indicator, area code, date).

    The armed forces arrive only as aggregates. None has been found published so far, so the file has no row yet.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (row["indicator"], row["area_code"], date.fromisoformat(row["date"])): Fraction(row["people"])
            for row in csv.DictReader(lines)
        }


def series(indicator: str, area_code: str, scope: Scope) -> Series:
    """Return the published figures of one indicator, area and scope; an empty series where there are none."""
    return published().series(indicator, area_code, scope)
