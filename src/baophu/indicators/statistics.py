"""Statistics of areas that serve as denominators: people and labour force, as the statistics office published them.

The columns are those of the register `area_statistics` and a note. The figures of the 34 present provinces are sums
of the 63 former ones, and begin in 2008: before, Hà Tây and the parts of Vĩnh Phúc and Hòa Bình that came to Hà Nội
in that year were counted elsewhere, and up to 2003 three provinces had not been divided yet. Nothing is estimated
for those years; only the country has values.

The working-age labour force, over which the coverage targets are set, is not published by area or year. The labour
force aged 15 and over must never stand in for it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text

FOLDER = Path(__file__).parent / "statistics"

Measure = Literal[
    "population",
    "labour_force_15plus",
    "working_age_labour_force",
    "employed_15plus",
    "past_retirement_age",
    "ethnic_minority_population",
]

MEASURES: dict[Measure, Text] = {
    "population": Text("dân số trung bình", "average population"),
    "labour_force_15plus": Text("lực lượng lao động từ 15 tuổi trở lên", "labour force aged 15 and over"),
    "working_age_labour_force": Text("lực lượng lao động trong độ tuổi lao động", "working-age labour force"),
    "employed_15plus": Text("lao động có việc làm từ 15 tuổi trở lên", "employed people aged 15 and over"),
    "past_retirement_age": Text("người đã qua tuổi nghỉ hưu", "people past retirement age"),
    "ethnic_minority_population": Text("dân số là người dân tộc thiểu số", "population of ethnic minorities"),
}


@dataclass(frozen=True, slots=True)
class Statistic:
    """One value of an area and period: whole people. `period` is a year (`2016`) or a quarter (`2016-Q1`)."""

    area_code: str
    period: str
    measure: Measure
    value: int
    source: str
    note: str

    @property
    def preliminary(self) -> bool:
        """Whether the publisher called the value preliminary."""
        return self.note == "preliminary"


def read_statistics(path: Path) -> list[Statistic]:
    """Read a file of statistics; BaophuError with the line where a row is not whole."""
    found: dict[tuple[str, str, str], Statistic] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        for row in rows:
            reason = _fault(row)
            key = (row.get("area_code") or "", row.get("period") or "", row.get("measure") or "")
            if not reason and key in found:
                reason = "a second value of this area, period and measure"
            if reason:
                where = Text(f"{path.name}, dòng {rows.line_num}", f"{path.name}, line {rows.line_num}")
                raise BaophuError(Text(f"{where.vi}: {reason}", f"{where.en}: {reason}"))
            found[key] = Statistic(
                area_code=row["area_code"],
                period=row["period"],
                measure=row["measure"],  # type: ignore[arg-type]
                value=int(row["value"]),
                source=row["source"],
                note=row["note"],
            )
    return list(found.values())


def _fault(row: dict[str, str]) -> str:
    """Say what is wrong with a row, or nothing."""
    if None in row or None in row.values():
        return "more or fewer cells than columns"
    missing = [name for name in Statistic.__dataclass_fields__ if name not in row]
    if missing:
        return f"no column {', '.join(missing)}"
    if row["measure"] not in get_args(Measure):
        return f"measure {row['measure']!r} is none of {', '.join(MEASURES)}"
    if not row["value"].isascii() or not row["value"].isdigit():
        return f"value {row['value']!r} is not a whole number"
    return "" if row["source"] else "no source"


@lru_cache(maxsize=1)
def _published() -> dict[tuple[str, str], list[Statistic]]:
    found: dict[tuple[str, str], list[Statistic]] = {}
    for statistic in read_statistics(FOLDER / "area_statistics.csv"):
        found.setdefault((statistic.measure, statistic.area_code), []).append(statistic)
    return {key: sorted(values, key=lambda value: value.period) for key, values in found.items()}


def statistics(measure: Measure, area_code: str) -> list[Statistic]:
    """Return the published values of one measure (people) and area (`00` the country), by period.

    Empty where none were published; UnknownName where there is no such measure.
    """
    if measure not in MEASURES:
        raise unknown(Text("số đo", "measure"), measure, {key: words.vi for key, words in MEASURES.items()})
    return list(_published().get((measure, area_code), []))


@lru_cache(maxsize=1)
def statistics_before_merger() -> tuple[Statistic, ...]:
    """Return the statistics of provinces that ended on 2025-07-01; `area_code` is the code of that time."""
    return tuple(read_statistics(FOLDER / "area_statistics_before_2025_07.csv"))
