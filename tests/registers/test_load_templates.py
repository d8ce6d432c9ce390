"""The workbook that an office is given, filled in, comes back as a load: for every table, by names or titles alone."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from baophu.registers.contracts import Column, contracts
from baophu.registers.loading import load
from baophu.registers.recognise import Header, find_header
from baophu.registers.template import FIRST, NAMES, TITLES, write_register_template

BY_NAME = {
    "pid": "001085123456",
    "owner_pid": "001085123456",
    "si_code": "0123456789",
    "old_id": "012345678",
    "tax_code": "0100109106",
    "birth_date": "1985-03-02",
    "birth_year": 1985,
    "sex": "M",
    "months": 1,
    "end_month": "2026-12-01",
    "to_date": "2026-12-31",
    "closed_on": "",
    "deceased_on": "",
    "area_code": "00004",
    "value": 1,
    "numerator": 1,
    "denominator": 1,
    "measure": "population",
    "indicator": "hi_coverage_population",
    "contract": "labour",
    "method": "monthly",
    "sector": "private",
    "kind": "enterprise",
    "chosen_income": 5_000_000,
    "group_code": "a",
    "scheme": "compulsory",
}
BY_TYPE = {
    "text": "chữ",
    "code": "001",
    "name": "Nguyễn Văn An",
    "date": "2026-10-31",
    "month": "2026-10-01",
    "money": 1_000_000,
    "integer": 1,
    "number": 1,
    "boolean": "true",
    "period": "2026-Q3",
}


def cell(column: Column) -> object:
    if column.name in BY_NAME:
        return BY_NAME[column.name]
    if column.values:
        return next(iter(column.values))
    if column.area:
        return "00004"
    return "1" * column.digits[0] if column.digits else BY_TYPE[column.type]


@pytest.mark.parametrize("table", contracts())
def test_a_template_that_is_filled_in_is_loaded(table: str, tmp_path: Path) -> None:
    record = contracts()[table]
    book = openpyxl.load_workbook(write_register_template(record, tmp_path / "t.xlsx"))
    for at, column in enumerate(record.columns, 1):
        book[table].cell(FIRST + 1, at, cell(column))
    book.save(tmp_path / "t.xlsx")
    (one,) = load([tmp_path / "t.xlsx"], tmp_path / "home")
    found = one.manifest
    assert (found.table, found.read, found.loaded) == (table, 1, 1), found.reasons


@pytest.mark.parametrize("table", contracts())
def test_the_row_of_names_is_the_header_also_below_bare_titles(table: str) -> None:
    record = contracts()[table]
    rows: list[list[str]] = [[], []]
    rows[TITLES] = [column.title.vi for column in record.columns]
    rows[NAMES] = [column.name for column in record.columns]
    found = find_header([*rows, ["x"] * len(record.columns)], [record])
    assert isinstance(found, Header)
    assert found.row == NAMES
    alone = find_header([rows[TITLES], ["x"] * len(record.columns)], [record])
    assert isinstance(alone, Header)
    assert alone.row == TITLES
