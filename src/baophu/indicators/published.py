"""Figures that were published: one row a figure, with its date, its source and how it was obtained.

Where two sources disagree both rows are kept, one is used, and the row says why.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from baophu.core.errors import BaophuError
from baophu.core.languages import Text, same
from baophu.indicators.catalogue import Scope, catalogue

FILES = (Path(__file__).parent / "published" / "national.csv", Path(__file__).parent / "published" / "provinces.csv")

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
    """Read a file of figures; BaophuError with the line where a row is not whole."""
    known = catalogue()
    figures = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                if row["indicator"] not in known or row["scope"] not in known[row["indicator"]].scopes:
                    raise ValueError(f"no indicator {row['indicator']} of scope {row['scope']}")
                if row["kind"] not in KINDS or row["qualifier"] not in QUALIFIERS or not row["source"]:
                    raise ValueError("kind, qualifier or source")
                figures.append(
                    Figure(
                        area_code=row["area_code"],
                        date=date.fromisoformat(row["date"]),
                        indicator=row["indicator"],
                        scope=row["scope"],  # type: ignore[arg-type]
                        value=Decimal(row["value"]),
                        growth=Decimal(row["growth"]) if row["growth"] else None,
                        kind=row["kind"],  # type: ignore[arg-type]
                        qualifier=row["qualifier"],  # type: ignore[arg-type]
                        used={"yes": True, "no": False}[row["used"]],
                        why=row["why"],
                        note=row["note"],
                        source=row["source"],
                    )
                )
            except (KeyError, ValueError, ArithmeticError) as error:
                raise BaophuError(same(f"{path.name}, line {number}: {error}")) from None
    return figures


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
def _all() -> dict[tuple[str, str, str], Series]:
    figures: dict[tuple[str, str, str], list[Figure]] = {}
    for path in FILES:
        for figure in read(path):
            figures.setdefault((figure.indicator, figure.area_code, figure.scope), []).append(figure)
    return {key: Series(found) for key, found in figures.items()}


def series(indicator: str, area_code: str, scope: Scope) -> Series:
    """Return the published figures of one indicator, area and scope; an empty series where there are none."""
    return _all().get((indicator, area_code, scope)) or Series([])


def areas_with_figures() -> set[str]:
    """Return the codes of the areas of which anything was published."""
    return {area for _, area, _ in _all()}
