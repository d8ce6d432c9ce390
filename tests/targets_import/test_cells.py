"""What a cell can say as a count and as a share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.core.numbers import count
from baophu.targets.cells import read_value
from baophu.targets.workbook import Cell


def cell(value: object, **more: bool) -> Cell:
    return Cell(13, 2, value, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (1665856, 1665856),
        (1665856.0, 1665856),
        (0, 0),
        ("1665856", 1665856),
        ("1.665.856", 1665856),
        ("1,665,856", 1665856),
        ("1 665 856", 1665856),
        ("1\u00a0665\u00a0856", 1665856),
        ("  52763 ", 52763),
        ("52 763", 52763),
    ],
)
def test_counts_that_are_taken(written: object, value: int) -> None:
    reading = read_value(cell(written), "person")
    assert (reading.value, reading.fault) == (value, None)


def test_thousands_that_are_read_are_told() -> None:
    note = read_value(cell("1.665.856"), "person").note
    assert note is not None
    assert note.vi == "Ô ở dạng chữ, đã đọc là 1.665.856."
    assert note.en == "The cell is text and was read as 1,665,856."
    assert read_value(cell("1665856"), "person").note is None


@pytest.mark.parametrize(
    ("written", "vi", "en"),
    [
        (None, "Ô còn trống", "is empty"),
        ("   ", "Ô còn trống", "is empty"),
        ("1.665.856 người", "ví dụ 1665856", "such as 1665856"),
        ("khoảng 5", "Không phải là số", "no number"),
        ("1.665", "1665, nếu đúng", "1665, if that is meant"),
        ("1,665", "1665, nếu đúng", "1665, if that is meant"),
        ("1.665,856", "cần số nguyên", "needs a whole number"),
        ("45%", "không phải tỷ lệ phần trăm", "not a percentage"),
        ("45,1 %", "không phải tỷ lệ phần trăm", "not a percentage"),
        (0.45, "không phải tỷ lệ", "not a share"),
        ("0,45", "không phải tỷ lệ", "not a share"),
        (1665.856, "cần số nguyên", "needs a whole number"),
        ("1665,5", "cần số nguyên", "needs a whole number"),
        (-5, "không thể âm", "cannot be negative"),
        ("-5", "không thể âm", "cannot be negative"),
        ("−1.000.000", "không thể âm", "cannot be negative"),
        (1e18, "quá lớn", "too large"),
        (date(2030, 12, 31), "dạng ngày tháng", "is a date"),
        (True, "Không phải là số", "no number"),
        ("#REF!", "Không phải là số", "no number"),
        (float("inf"), "Không phải là số", "no number"),
    ],
)
def test_counts_that_are_not_taken(written: object, vi: str, en: str) -> None:
    reading = read_value(cell(written), "person")
    assert reading.value is None
    assert reading.fault is not None
    assert vi in reading.fault.vi
    assert en in reading.fault.en


def test_a_cell_shown_as_a_percentage_is_no_count_even_where_its_number_is_whole() -> None:
    fault = read_value(cell(1, percent=True), "person").fault
    assert fault is not None
    assert "không phải tỷ lệ phần trăm" in fault.vi


def test_a_formula_without_a_result_is_not_just_an_empty_cell() -> None:
    fault = read_value(cell(None, is_formula=True), "person").fault
    assert fault is not None
    assert "công thức nhưng chưa có kết quả" in fault.vi
    assert "no result yet" in fault.en


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (0.451, "0.451"),
        ("45,1 %", "0.451"),
        ("45.1%", "0.451"),
        ("0,45", "0.45"),
        (1, "1"),
        (0, "0"),
        (0.0255, "0.0255"),
    ],
)
def test_shares_that_are_taken(written: object, value: str) -> None:
    reading = read_value(cell(written), "share")
    assert (reading.value, reading.fault) == (Decimal(value), None)


@pytest.mark.parametrize(
    ("written", "vi"),
    [
        (45, "cần tỷ lệ"),
        (1665856, "cần tỷ lệ"),
        ("1.665.856", "cần tỷ lệ"),
        ("45", "cần tỷ lệ"),
        ("110%", "cần tỷ lệ"),
        (-0.1, "không thể âm"),
        (1 / 3, "hơn 6 chữ số thập phân"),
    ],
)
def test_shares_that_are_not_taken(written: object, vi: str) -> None:
    reading = read_value(cell(written), "share")
    assert reading.value is None
    assert reading.fault is not None
    assert vi in reading.fault.vi


@given(st.integers(min_value=0, max_value=10**14))
def test_a_count_reads_back_as_either_language_writes_it(number: int) -> None:
    """Save where one dot could part thousands or decimals: then it is asked for."""
    for written in (count(number, "vi"), count(number, "en")):
        reading = read_value(cell(written), "person")
        if 1_000 <= number < 1_000_000:
            assert reading.value is None
        else:
            assert reading.value == number


@given(st.text(max_size=20) | st.floats() | st.integers() | st.dates() | st.booleans() | st.none())
def test_whatever_a_cell_holds_is_either_taken_or_told(written: object) -> None:
    for unit in ("person", "share"):
        reading = read_value(cell(written), unit)  # type: ignore[arg-type]
        assert (reading.value is None) != (reading.fault is None)
        if reading.value is not None:
            assert reading.value >= 0
