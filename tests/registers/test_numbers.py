"""Numbers of identity are checked and repaired only where that is certain."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.vn import mst

from baophu.registers.numbers import REASONS, STATES, TAX_10, TAX_13, check_numbers, number_text, pid_prefixes

Row = tuple[object, object, object]
check_numbers("pid", pa.array(["1"]))  # so that no example is charged with compiling


def one(kind: str, number: object, sex: str | None = None, year: int | None = None) -> Row:
    found = check_numbers(
        kind,  # type: ignore[arg-type]
        pa.array([number]),
        sex=pa.array([sex], pa.string()),
        birth_year=pa.array([year], pa.int64()),
    )
    row = found.table().to_pylist()[0]
    return row["value"], row["state"], row["reason"]


@pytest.mark.parametrize(
    ("number", "sex", "year", "expected"),
    [
        ("079085123456", None, None, (79085123456, "ok", None)),
        ("079085123456", "M", 1985, (79085123456, "ok", None)),
        ("079 085.123-456", "M", 1985, (79085123456, "ok", "tidied")),
        ("'079085123456", "M", 1985, (79085123456, "ok", "tidied")),
        ("079085123456.0", "M", 1985, (79085123456, "ok", "tidied")),
        ("０７９０８５\xa0１２３４５６", None, None, (79085123456, "ok", "tidied")),
        ("079085123456", "F", 1985, (79085123456, "suspect", "sex")),
        ("079085123456", "M", 1986, (79085123456, "suspect", "birth_year")),
        ("079085123456", "F", 2085, (79085123456, "suspect", "sex+birth_year")),
        ("999085123456", "M", 1985, (999085123456, "suspect", "prefix")),
        ("079485123456", None, None, (79485123456, "suspect", "future_birth")),
        ("079310123456", "F", 2010, (79310123456, "ok", None)),
        ("79085123456", "M", 1985, (79085123456, "repaired", "zeros_restored")),
        ("79085123456.0", "M", 1985, (79085123456, "repaired", "zeros_restored")),
        ("1185123456", "F", 1985, (1185123456, "repaired", "zeros_restored")),  # 001185123456, Hà Nội
        ("79085123456", "F", 1985, (None, "suspect", "zeros_uncertain")),
        ("79085123456", "M", None, (None, "suspect", "zeros_uncertain")),
        ("7.90851E+10", "M", 1985, (None, "wrong", "digits_lost")),
        ("7,9E10", None, None, (None, "wrong", "digits_lost")),
        ("012345678", None, None, (None, "wrong", "old_id")),
        ("0790851234567", None, None, (None, "wrong", "length")),
        ("07908512345O", None, None, (None, "wrong", "not_digits")),
        ("111111111111", None, None, (None, "wrong", "placeholder")),
        ("1" * 40, None, None, (None, "wrong", "placeholder")),
        ("", None, None, (None, "missing", "missing")),
        (" - ", None, None, (None, "missing", "missing")),
        (None, None, None, (None, "missing", "missing")),
        (79085123456, "M", 1985, (79085123456, "repaired", "zeros_restored")),
        (79085123456.0, "M", 1985, (79085123456, "repaired", "zeros_restored")),
    ],
)
def test_personal_numbers(number: object, sex: str | None, year: int | None, expected: Row) -> None:
    assert one("pid", number, sex, year) == expected


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("old_id", "012345678", (12345678, "ok", None)),
        ("old_id", "12345678", (12345678, "repaired", "zeros_restored")),
        ("old_id", "079085123456", (None, "wrong", "pid")),
        ("old_id", "1234567", (None, "wrong", "length")),
        ("si_code", "7912345678", (7912345678, "ok", None)),
        ("si_code", "112345678", (112345678, "repaired", "zeros_restored")),
        ("si_code", "0000000000", (None, "wrong", "placeholder")),
        ("si_code", "0", (None, "wrong", "placeholder")),
        ("si_code", "079085123456", (None, "wrong", "pid")),
        ("si_code", "79123456789", (None, "wrong", "length")),
        ("tax_code", "0100233488", (TAX_10 + 100233488, "ok", None)),
        ("tax_code", "100233488", (TAX_10 + 100233488, "repaired", "zeros_restored")),
        ("tax_code", "0100233480", (None, "wrong", "check_digit")),
        ("tax_code", "0314409058-002", (TAX_13 + 314409058002, "ok", "tidied")),
        ("tax_code", "0314409058002", (TAX_13 + 314409058002, "ok", None)),
        ("tax_code", "314409058-002", (TAX_13 + 314409058002, "repaired", "zeros_restored")),
        ("tax_code", "0314409058-000", (None, "wrong", "component")),
        ("tax_code", "079085123456", (79085123456, "ok", "owner")),
        ("tax_code", "12345", (None, "wrong", "length")),
    ],
)
def test_other_numbers(kind: str, number: str, expected: Row) -> None:
    assert one(kind, number) == expected


def test_check_digits_are_those_of_stdnum() -> None:
    drawn = np.random.default_rng(5)
    bases = [f"{number:09d}" for number in drawn.integers(0, 10**9, 20_000)]
    codes = [base + str(drawn.integers(10)) for base in bases]
    codes += [base + mst.calc_check_digit(base) for base in bases]
    codes = [code for code in codes if len(code) == 10]  # some bases have no check digit
    codes += [code + f"{branch:03d}" for code, branch in zip(codes, drawn.integers(0, 1000, len(codes)), strict=True)]
    states = check_numbers("tax_code", pa.array(codes)).state.to_pylist()
    assert [state == "ok" for state in states] == [mst.is_valid(code) for code in codes]


pids = st.from_regex(r"0(01|79|31|97|50)[0-9]{9}", fullmatch=True)


@given(st.lists(st.tuples(pids, st.sampled_from(["M", "F", None]), st.none() | st.integers(1900, 2030)), max_size=20))
def test_as_plain_python_says(people: list[tuple[str, str | None, int | None]]) -> None:
    def slow(number: str, sex: str | None, year: int | None) -> str | None:
        born = 1900 + int(number[3]) // 2 * 100 + int(number[4:6])
        parts = ["prefix"] * (int(number[:3]) not in pid_prefixes())
        parts += ["sex"] * (sex is not None and sex != "MF"[int(number[3]) % 2])
        parts += ["birth_year"] * (year is not None and year != born)
        parts += ["future_birth"] * (year is None and born >= 2100)
        return "+".join(parts) or None

    numbers, sexes, years = ([person[place] for person in people] for place in range(3))
    found = check_numbers(
        "pid",
        pa.array(numbers, pa.string()),
        sex=pa.array(sexes, pa.string()),
        birth_year=pa.array(years, pa.int64()),
    )
    assert found.reason.to_pylist() == [slow(*person) for person in people]  # type: ignore[arg-type]
    assert found.value.to_pylist() == [int(str(number)) for number in numbers]


@given(st.lists(st.none() | st.text() | st.text(alphabet="0123456789 .,-E+'"), max_size=20))
@pytest.mark.parametrize("kind", ["pid", "old_id", "si_code", "tax_code"])
def test_any_text_has_a_state_and_what_is_wrong_has_no_value(kind: str, column: list[str | None]) -> None:
    frame = pl.from_arrow(check_numbers(kind, pa.chunked_array([pa.array(column, pa.string())])).table())  # type: ignore[arg-type]
    assert isinstance(frame, pl.DataFrame)
    for value, state, reason in frame.iter_rows():
        assert state in STATES and (reason is None) <= (state == "ok")
        if state in ("wrong", "missing"):
            assert value is None
        if value is not None:
            text = number_text(kind, value)  # type: ignore[arg-type]
            assert one(kind, text)[0] == value


def test_reasons_say_what_to_do_in_both_languages() -> None:
    assert all(words.vi and words.en and words.vi != words.en for words in REASONS.values())


def test_prefixes_are_the_63_provinces() -> None:
    assert len(pid_prefixes()) == 63 and pid_prefixes()[1] == "Hà Nội" and pid_prefixes()[79] == "Hồ Chí Minh"
