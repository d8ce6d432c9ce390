"""DHIS2's dataValueSets on their way in: reported indicators, as the table that `baophu load` takes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from baophu.areas.units import tree
from baophu.core.errors import BaophuError, Problem, nearest
from baophu.core.languages import Text, same
from baophu.indicators.catalogue import catalogue
from baophu.targets.exchange.formats import as_csv

COLUMNS = ("area_code", "period", "indicator", "value", "numerator", "denominator", "source")
_PERIOD = re.compile(r"\d{4}(Q[1-4])?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def reported_rows(path: Path) -> str:
    """Return a file of dataValueSets as the CSV of `reported_indicators`; BaophuError with every value to mend."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        values = found["dataValues"]
        rows = [dict(value) for value in values]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BaophuError(
            Text(f"{path.name} không phải tệp dataValueSets của DHIS2.", f"{path.name} is no dataValueSets of DHIS2."),
            Text("Cần JSON có 'dataValues'.", "It needs to be JSON with 'dataValues'."),
        ) from error
    shared = {name: found[name] for name in ("period", "orgUnit") if found.get(name)}
    problems: list[Problem] = []
    made = [_row(shared | row, number, path.name, problems) for number, row in enumerate(rows, 1)]
    if problems:
        raise BaophuError(
            Text(
                f"{path.name} có {len(problems)} chỗ cần sửa. Không có gì được ghi.",
                f"{path.name} has {len(problems)} places to mend. Nothing was written.",
            ),
            problems=problems,
        )
    return as_csv(COLUMNS, made)


def _row(row: dict[str, Any], number: int, name: str, problems: list[Problem]) -> list[str]:
    element, unit = str(row.get("dataElement", "")), str(row.get("orgUnit", ""))
    period, value = str(row.get("period", "")), str(row.get("value", ""))
    where = Text(f"Giá trị thứ {number}", f"Value {number}")
    if element not in catalogue():
        known = {key: record.name.vi for key, record in catalogue().items()}
        meant = ", ".join(nearest(element, known)) or "-"
        words = Text(f"không có chỉ tiêu này; gần nhất: {meant}", f"there is no such indicator; nearest: {meant}")
        problems.append(Problem(where, element, words))
    if unit not in tree():
        try:
            tree().get(unit)
        except BaophuError as error:
            mend = error.mend or same("")
            problems.append(Problem(where, unit, Text(f"{error.what.vi} {mend.vi}", f"{error.what.en} {mend.en}")))
    if not _PERIOD.fullmatch(period):
        words = Text("kỳ là năm hoặc quý: 2026, 2026Q3", "the period is a year or a quarter: 2026, 2026Q3")
        problems.append(Problem(where, period, words))
    if not _NUMBER.fullmatch(value):
        problems.append(Problem(where, value, Text("không phải là số", "this is no number")))
    return [unit, period, element, value, "", "", f"DHIS2 {name}"]
