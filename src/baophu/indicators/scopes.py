"""The two scopes of a figure, with and without the armed forces, and the published differences between them.

The armed forces arrive only as aggregates. A value of one scope may be brought into the other only where their number
was published for that indicator, area and date; none has been found so far, so the file has no row yet.
"""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from baophu.indicators.catalogue import Scope

FILE = Path(__file__).parent / "published" / "scope_differences.csv"


@lru_cache(maxsize=4)
def read_differences(path: Path = FILE) -> dict[tuple[str, str, date], Fraction]:
    """Read the published numbers of the armed forces: (indicator, area code, date) -> people."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (row["indicator"], row["area_code"], date.fromisoformat(row["date"])): Fraction(row["armed_forces"])
            for row in csv.DictReader(lines)
        }


def scope_difference(indicator: str, area_code: str, day: date) -> Fraction | None:
    """Return how many of the armed forces a figure counts, where that was published."""
    return read_differences().get((indicator, area_code, day))


def other(scope: Scope) -> Scope:
    """Return the other of the two scopes."""
    return "all" if scope == "without_armed_forces" else "without_armed_forces"
