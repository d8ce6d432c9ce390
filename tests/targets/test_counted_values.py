"""The values that targets are held against, read from a table in any order, or from files of it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
from hypothesis import given
from hypothesis import strategies as st

from baophu.core.months import months_later
from baophu.indicators.codes import number
from baophu.targets.counted_values import CountedValues, counted_values
from targets.following_cases import Values, indicators

OTHERS = "without_armed_forces"
KINDS = {("si_compulsory", "all"): 0, ("si_compulsory", OTHERS): 1, ("si_voluntary", "all"): 2}
AREAS = {"00": 0, "01": 1, "00070": 2}
MONTHS = [months_later(date(2025, 11, 1), at) for at in range(5)]
CELLS = st.tuples(
    st.sampled_from(["00", "01", "79"]), st.sampled_from([*KINDS, ("ui_total", "all")]), st.sampled_from(MONTHS)
)


def as_dict(found: CountedValues) -> dict[tuple[str, str, str, int], Fraction]:
    """What stands where, in words again; the months of a series must stand in their order."""
    told = {}
    for area, area_no in AREAS.items():
        for (name, scope), kind in KINDS.items():
            series = area_no * len(KINDS) + kind
            at = slice(found.first[series], found.first[series + 1])
            assert (np.diff(found.month_no[at]) > 0).all()
            for month, num, den in zip(found.month_no[at], found.num[at], found.den[at], strict=True):
                told[area, name, scope, int(month)] = Fraction(int(num), int(den))
    return told


@given(st.lists(CELLS, unique=True, max_size=40), st.sampled_from(MONTHS))
def test_what_is_followed_is_read_up_to_the_last_month(
    cells: list[tuple[str, tuple[str, str], date]], last: date
) -> None:
    values: Values = {(area, name, scope, month): Fraction(at) for at, (area, (name, scope), month) in enumerate(cells)}
    expected = {
        (area, name, scope, number(month)): value
        for (area, name, scope, month), value in values.items()
        if area in AREAS and (name, scope) in KINDS and month <= last
    }
    assert as_dict(counted_values(indicators(values), KINDS, AREAS, number(last))) == expected


def test_files_say_what_the_table_says(tmp_path: Path) -> None:
    values = {("01", "si_voluntary", "all", month): Fraction(at) for at, month in enumerate(MONTHS)}
    table = indicators(values, 0.5)
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    parquet.write_table(table.slice(0, 3), files[0])
    parquet.write_table(table.slice(3), files[1])
    here, there = (counted_values(one, KINDS, AREAS, number(MONTHS[-1])) for one in (table, files))
    assert as_dict(here) == as_dict(there)
    assert set(there.completeness) == {0.5}


def test_a_share_that_was_reported_alone_has_six_decimals() -> None:
    table = indicators({("01", "si_voluntary", "all", MONTHS[0]): Fraction(7)})
    alone = table.set_column(
        table.column_names.index("numerator"), "numerator", pa.array([None], pa.int64())
    ).set_column(table.column_names.index("value"), "value", pa.array([0.1234567]))
    found = counted_values(alone, KINDS, AREAS, number(MONTHS[-1]))
    assert (found.num[0], found.den[0]) == (123_457, 1_000_000)


def test_what_has_no_value_is_not_there() -> None:
    table = indicators({("01", "si_voluntary", "all", MONTHS[0]): Fraction(7)})
    empty = table.set_column(table.column_names.index("value"), "value", pa.array([None], pa.float64()))
    assert as_dict(counted_values(empty, KINDS, AREAS, number(MONTHS[-1]))) == {}
