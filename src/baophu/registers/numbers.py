"""Numbers of identity: read, checked, repaired where that is certain, and made integers to join on.

`pid`: 12 digits: where the birth was registered (3), century and sex (1), year of birth (2), 6 others; no check digit.
`old_id`: 9 digits. `si_code`: 10 digits. `tax_code`: 10 digits of which the last checks the others, 13 with a branch,
or its owner's 12 digits. A mismatch with the row is suspect, never wrong: either side may be mistaken.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from baophu.core.languages import Text
from baophu.registers.arrow_text import Column, as_arrow, as_text, buffers
from baophu.registers.contracts import Number

State = Literal["ok", "repaired", "suspect", "wrong", "missing"]
STATES: tuple[State, ...] = ("ok", "repaired", "suspect", "wrong", "missing")

TAX_10, TAX_13 = 10**13, 2 * 10**13
"""What is added to a tax code of 10 and of 13 digits to make its key; an owner's number has the key of a `pid`."""

REASONS: dict[str, Text] = {
    "tidied": Text("Đã bỏ dấu cách và dấu câu trong số.", "Blanks and marks in the number were removed."),
    "missing": Text("Chưa có số.", "There is no number."),
    "digits_lost": Text(
        "Bảng tính đã viết số dạng 1,23E+11 nên mất chữ số; hãy định dạng cột là văn bản và xuất lại từ dữ liệu gốc.",
        "A spreadsheet wrote the number as 1.23E+11 and lost digits; make the column text and export it again.",
    ),
    "not_digits": Text(
        "Có ký tự không phải chữ số; hãy gõ lại theo giấy tờ.",
        "It has other signs than digits; type it from the paper.",
    ),
    "length": Text(
        "Số chữ số không đúng; hãy đối chiếu giấy tờ.", "It has a wrong number of digits; compare the paper."
    ),
    "placeholder": Text(
        "Một chữ số lặp lại, là số gõ cho đủ; hãy để trống hoặc gõ số thật.",
        "One digit repeated only fills the cell; leave it empty or type the real number.",
    ),
    "zeros_restored": Text(
        "Đã thêm lại số 0 ở đầu mà bảng tính làm mất; hãy định dạng cột là văn bản.",
        "Leading zeros that a spreadsheet dropped were put back; make the column text.",
    ),
    "zeros_uncertain": Text(
        "Thiếu chữ số; có thể mất số 0 ở đầu nhưng năm sinh, giới tính hoặc mã tỉnh chưa xác nhận; hãy gõ đủ 12 số.",
        "Digits are missing; zeros may have been dropped, but birth year, sex or prefix do not confirm; type all 12.",
    ),
    "prefix": Text(
        "Ba số đầu không phải mã tỉnh cũ đã biết (có thể là mã nước); hãy đối chiếu thẻ căn cước.",
        "The first three digits are no known province code (they may be a country's); compare the card.",
    ),
    "sex": Text(
        "Chữ số thứ tư không hợp với giới tính trong dòng; hãy xem số và giới tính, cái nào sai.",
        "The fourth digit disagrees with the row's sex; see which of the two is mistaken.",
    ),
    "birth_year": Text(
        "Năm sinh trong số khác năm sinh trong dòng; hãy xem cái nào sai.",
        "The birth year in the number is not the row's; see which of the two is mistaken.",
    ),
    "future_birth": Text(
        "Chữ số thứ tư chỉ người sinh từ năm 2100; hãy đối chiếu thẻ căn cước.",
        "The fourth digit is that of somebody born in 2100 or later; compare the card.",
    ),
    "old_id": Text(
        "Đây có vẻ là số CMND 9 số; hãy chuyển sang cột old_id.", "This looks like a 9-digit ID; put it under old_id."
    ),
    "pid": Text(
        "Đây có vẻ là số định danh 12 số; hãy chuyển sang cột pid.",
        "This looks like a 12-digit personal number; put it under pid.",
    ),
    "check_digit": Text(
        "Chữ số kiểm tra của mã số thuế không đúng; hãy gõ lại theo giấy đăng ký.",
        "The tax code's check digit is wrong; type it again from the registration.",
    ),
    "component": Text(
        "Mã số thuế có phần không thể có (toàn số 0); hãy đối chiếu giấy đăng ký.",
        "The tax code has a part that cannot be (all zeros); compare the registration.",
    ),
    "owner": Text("Là số định danh của chủ hộ kinh doanh.", "It is the personal number of the household's owner."),
}
"""The words of each reason, by its code; several reasons stand in one code with a plus between."""

_PARTS = ("prefix", "sex", "birth_year", "future_birth")
_COMBINED = [
    "+".join(part for bit, part in enumerate(_PARTS) if mask >> bit & 1)
    for mask in range(1, 1 << len(_PARTS))
    if mask.bit_count() > 1
]
REASONS.update(
    {
        code: Text(*(" ".join(REASONS[part].say(lang) for part in code.split("+")) for lang in ("vi", "en")))
        for code in _COMBINED
    }
)
_CODES = list(REASONS)


@dataclass(frozen=True)
class NumberChecks:
    """What was found of each row of a column of numbers."""

    value: Any
    """int64: the key; null where the number cannot be used."""
    state: Any
    """dictionary of string: one of STATES."""
    reason: Any
    """dictionary of string: a code of REASONS; null where there is nothing to say."""

    def table(self) -> Any:
        """Return the columns as an Arrow table."""
        return pa.table({"value": self.value, "state": self.state, "reason": self.reason})


@lru_cache(maxsize=1)
def pid_prefixes() -> dict[int, str]:
    """Return the provinces (as before July 2025) by the first three digits of a personal number."""
    with (Path(__file__).parent / "data" / "pid_prefixes.csv").open(encoding="utf-8", newline="") as rows:
        return {int(row["prefix"]): row["province"] for row in csv.DictReader(rows)}


@lru_cache(maxsize=1)
def _known_prefixes() -> Any:
    known = np.zeros(1000, np.bool_)
    known[list(pid_prefixes())] = True
    return known


def _text(column: Column) -> Any:
    array = as_arrow(column)
    if pa.types.is_floating(array.type):  # a spreadsheet's numbers; what is no whole number stays one to be refused
        numbers = array.to_numpy(zero_copy_only=False)
        whole = np.isfinite(numbers) & (np.abs(numbers) < 2**53) & (numbers == np.floor(numbers))
        as_whole = pa.array(np.where(whole, numbers, 0).astype(np.int64)).cast(pa.large_string())
        text = pc.if_else(pa.array(whole), as_whole, array.cast(pa.large_string()))
        return pc.if_else(pc.or_kleene(array.is_null(), pc.is_nan(array)), pa.scalar(None, pa.large_string()), text)
    return as_text(array)


def check_numbers(
    kind: Number, numbers: Column, *, sex: Column | None = None, birth_year: Column | None = None
) -> NumberChecks:
    """Check a column of numbers; `sex` (M or F) and `birth_year` of the row are held against a `pid`.

    >>> check_numbers("pid", pa.array(["079085123456"]), sex=pa.array(["F"])).reason.to_pylist()
    ['sex']
    """
    from baophu.registers import number_kernels as kernels

    text = _text(numbers)
    rows = len(text)
    value, count, saw = np.zeros(rows, np.int64), np.zeros(rows, np.int32), np.zeros(rows, np.int8)
    kernels.digits_pass(*buffers(text), value, count, saw)
    work = _Work(value, count, saw)
    work.settle((count == 0) & (saw & kernels.OTHER == 0), "missing", "missing")
    work.settle((saw & kernels.EXPONENT != 0) & (saw & kernels.OTHER == 0), "wrong", "digits_lost")
    work.settle(saw & (kernels.OTHER | kernels.EXPONENT) != 0, "wrong", "not_digits")
    work.settle(saw & kernels.ALIKE != 0, "wrong", "placeholder")
    if kind == "pid":
        _pid(work, _sexes(sex, rows), _years(birth_year, rows))
    elif kind == "old_id":
        work.settle(count == 12, "wrong", "pid")
        work.settle(count == 8, "repaired", "zeros_restored")
        work.settle(count != 9, "wrong", "length")
    elif kind == "si_code":
        work.settle(count == 12, "wrong", "pid")
        work.settle(value == 0, "wrong", "placeholder")
        work.settle(count < 10, "repaired", "zeros_restored")
        work.settle(count > 10, "wrong", "length")
    else:
        _tax_code(work, saw & kernels.DASHED != 0)
    work.settle(saw & kernels.TIDIED != 0, "ok", "tidied")
    return work.checks()


class _Work:
    """The rows that are not settled yet, and what was found of those that are."""

    def __init__(self, value: Any, count: Any, saw: Any) -> None:
        self.value, self.count = value, count
        self.open = np.ones(len(value), np.bool_)
        self.state = np.zeros(len(value), np.int8)
        self.reason = np.full(len(value), -1, np.int8)
        self.unusable = np.zeros(len(value), np.bool_)

    def settle(self, rows: Any, state: State, reason: str, *, usable: bool | None = None) -> None:
        """Say what is found of those of the rows that are still open."""
        rows = rows & self.open
        if rows.any():
            self.state[rows], self.reason[rows] = STATES.index(state), _CODES.index(reason)
            if not (state in ("ok", "repaired", "suspect") if usable is None else usable):
                self.unusable |= rows
            self.open &= ~rows

    def checks(self) -> NumberChecks:
        state = pa.DictionaryArray.from_arrays(pa.array(self.state), pa.array(STATES))
        reason = pa.DictionaryArray.from_arrays(pa.array(self.reason, mask=self.reason < 0), pa.array(_CODES))
        return NumberChecks(pa.array(self.value, mask=self.unusable), state, reason)


def _sexes(column: Column | None, rows: int) -> Any:
    """Return 0 for M, 1 for F, -1 for unknown."""
    if column is None:
        return np.full(rows, -1, np.int8)
    place = pc.index_in(as_text(column), pa.array(["M", "F"], pa.large_string()))
    return pc.fill_null(place, -1).to_numpy(zero_copy_only=False).astype(np.int8)


def _years(column: Column | None, rows: int) -> Any:
    """Return birth years, -1 for unknown."""
    if column is None:
        return np.full(rows, -1, np.int64)
    return pc.fill_null(as_arrow(column).cast(pa.int64()), -1).to_numpy(zero_copy_only=False)


def _disagrees(value: Any, sex: Any, year: Any) -> Any:
    """Return, as bits in the order of _PARTS, what of a personal number disagrees."""
    century = value // 10**8 % 10
    born = 1900 + century // 2 * 100 + value // 10**6 % 100
    bits = (~_known_prefixes()[value // 10**9 % 1000]).astype(np.int8)
    bits |= ((sex >= 0) & (century % 2 != sex)).astype(np.int8) << 1
    bits |= ((year >= 0) & (born != year)).astype(np.int8) << 2
    bits |= ((year < 0) & (century >= 4)).astype(np.int8) << 3
    return bits


def _pid(work: _Work, sex: Any, year: Any) -> None:
    count = work.count
    bits = _disagrees(work.value, sex, year)
    short = (count == 10) | (count == 11)
    work.settle(short & (bits == 0) & (year >= 0), "repaired", "zeros_restored")
    work.settle(short, "suspect", "zeros_uncertain", usable=False)
    work.settle(count == 9, "wrong", "old_id")
    work.settle(count != 12, "wrong", "length")
    for mask in range(1, 1 << len(_PARTS)):
        code = "+".join(part for bit, part in enumerate(_PARTS) if mask >> bit & 1)
        work.settle(bits == mask, "suspect", code)


def _tax_code(work: _Work, dashed: Any) -> None:
    value, count = work.value, work.count
    unknown = np.full(len(value), -1)
    owner = (count == 12) & ~dashed & (_disagrees(value, unknown, unknown) == 0)
    work.settle(owner, "ok", "owner")
    branch = (count == 13) | (count == 12)
    work.settle(~branch & (count != 10) & (count != 9), "wrong", "length")
    base = np.where(branch, value // 1000, value)
    total = np.zeros(len(value), np.int64)
    for place, weight in enumerate((31, 29, 23, 19, 17, 13, 7, 5, 3)):
        total += weight * (base // 10 ** (9 - place) % 10)
    work.settle((base // 10 % 10**7 == 0) | (branch & (value % 1000 == 0)), "wrong", "component")
    work.settle(base % 10 != 10 - total % 11, "wrong", "check_digit")
    short = (count == 9) | (count == 12)
    work.value = np.where(work.open, value + np.where(branch, TAX_13, TAX_10), value)
    work.settle(short, "repaired", "zeros_restored")


def number_text(kind: Number, value: int) -> str:
    """Return the number that a key stands for, as it is written.

    >>> number_text("pid", 79085123456), number_text("tax_code", 20314409058002)
    ('079085123456', '0314409058-002')
    """
    if kind != "tax_code":
        return f"{value:0{ {'pid': 12, 'old_id': 9, 'si_code': 10}[kind] }d}"
    if value >= TAX_13:
        digits = f"{value - TAX_13:013d}"
        return f"{digits[:10]}-{digits[10:]}"
    return f"{value - TAX_10:010d}" if value >= TAX_10 else f"{value:012d}"
