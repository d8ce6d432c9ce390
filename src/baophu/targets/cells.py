"""What a cell says as a count or a share: the value, or why it cannot be taken and how to mend it.

A value is taken only where it can mean one thing. Dots, commas and blanks between thousands are read when they are
certain, and that they were read so is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from baophu.core.languages import Text
from baophu.core.numbers import count, share_as_published
from baophu.indicators.catalogue import UNITS, Unit
from baophu.targets.workbook import Cell

MOST_DIGITS = 15
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]+")
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})+")
_ONE_GROUP = re.compile(r"\d{1,3}[.,]\d{3}")
_BLANK_GROUPS = re.compile(r"\d{1,3}(?: \d{3})+")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?) ?%")
_FRACTION = re.compile(r"[01](?:[.,]\d+)?")
_NUMBER = re.compile(r"\d+[.,]\d+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a cell: a value, perhaps with a note on how it was read; or what to mend."""

    value: Decimal | None = None
    fault: Text | None = None
    note: Text | None = None


def read_value(cell: Cell, unit: Unit) -> Reading:
    """Read a cell in the unit that its column needs: a share as a fraction of 1, anything else as a whole number."""
    if cell.kind == "empty":
        return Reading(fault=_NO_RESULT if cell.is_formula else _EMPTY)
    if cell.kind == "date":
        return Reading(fault=_DATE)
    if cell.kind == "other" or cell.text.startswith("#"):
        return Reading(fault=_NO_NUMBER)
    if unit == "share":
        return _share_of_text(cell.text) if cell.kind == "text" else _share(_exact(cell), None)
    needed = UNITS[unit]
    if cell.percent:
        return Reading(fault=_PERCENT_FOR_COUNT.fill(vi=needed.vi, en=needed.en))
    return _count_of_text(cell.text, needed) if cell.kind == "text" else _count(_exact(cell), None, needed)


_EMPTY = Text("Ô còn trống. Điền số được giao.", "The cell is empty. Fill in the assigned figure.")
_NO_RESULT = Text(
    "Ô có công thức nhưng chưa có kết quả. Mở tệp bằng Excel, lưu lại rồi nạp, hoặc ghi thẳng con số.",
    "The formula has no result yet. Open and save the file in Excel, or write the figure itself.",
)
_DATE = Text(
    "Ô đang ở dạng ngày tháng. Đổi ô sang dạng số rồi ghi lại con số.",
    "The cell is a date. Format it as a number and write the figure again.",
)
_NO_NUMBER = Text("Không phải là số. Ghi thẳng con số.", "This is no number. Write the figure itself.")
_LETTERS = Text("Có chữ lẫn trong số. Chỉ ghi chữ số{vi}.", "There are words in the number. Write digits only{en}.")
_PERCENT_FOR_COUNT = Text(
    "Cột này cần số lượng ({vi}), không phải tỷ lệ phần trăm. Ghi số nguyên và để ô ở dạng số.",
    "This column needs a count ({en}), not a percentage. Write a whole number and format the cell as a number.",
)
_SHARE_FOR_COUNT = Text(
    "Cột này cần số lượng ({vi}), không phải tỷ lệ. Ghi số nguyên, ví dụ 1665856.",
    "This column needs a count ({en}), not a share. Write a whole number, such as 1665856.",
)
_NOT_WHOLE = Text(
    "Cột này cần số nguyên. Nếu dấu chấm hoặc dấu phẩy dùng để tách hàng nghìn thì bỏ đi và ghi liền các chữ số.",
    "This column needs a whole number. If the point or comma parts thousands, leave it out and write the digits only.",
)
_TWO_MEANINGS = Text(
    "Không rõ là số nghìn hay số thập phân. Ghi liền các chữ số: {digits}, nếu đúng là số này.",
    "It may be thousands or decimals. Write the digits only: {digits}, if that is meant.",
)
_NEGATIVE = Text("Số được giao không thể âm.", "An assigned figure cannot be negative.")
_TOO_LONG = Text("Số quá lớn (hơn {most} chữ số).", "The number is too large (more than {most} digits).")
_COUNT_FOR_SHARE = Text(
    "Cột này cần tỷ lệ, từ 0 đến 100 %. Ghi ví dụ 45% hoặc 0,45.",
    "This column needs a share, from 0 to 100 %. Write for example 45% or 0.45.",
)
_TOO_FINE = Text("Tỷ lệ có hơn 6 chữ số thập phân. Làm tròn lại.", "The share has more than 6 decimals. Round it.")
_READ_AS = Text("Ô ở dạng chữ, đã đọc là {vi}.", "The cell is text and was read as {en}.")


def _exact(cell: Cell) -> Decimal:
    """Return the number that was typed: of the float that a spreadsheet keeps, the shortest name."""
    return Decimal(repr(cell.value))


def _count(value: Decimal, note: Text | None, needed: Text) -> Reading:
    if not value.is_finite():
        return Reading(fault=_NO_NUMBER)
    if value < 0:
        return Reading(fault=_NEGATIVE)
    if value != value.to_integral_value():
        return Reading(fault=_SHARE_FOR_COUNT.fill(vi=needed.vi, en=needed.en) if value < 1 else _NOT_WHOLE)
    if value >= 10**MOST_DIGITS:
        return Reading(fault=_TOO_LONG.fill(most=MOST_DIGITS))
    return Reading(value.quantize(Decimal(1)), note=note)


def _count_of_text(text: str, needed: Text) -> Reading:
    words = _BLANKS.sub(" ", text)
    if words.isascii() and words.isdigit():
        return _count(Decimal(words), None, needed)
    if words[0] in "-−" and words[1:].strip()[:1].isdigit():
        return Reading(fault=_NEGATIVE)
    if _GROUPED.fullmatch(words) or _BLANK_GROUPS.fullmatch(words):
        value = Decimal(re.sub(r"\D", "", words))
        return _count(value, _READ_AS.fill(vi=count(value, "vi"), en=count(value, "en")), needed)
    if _ONE_GROUP.fullmatch(words):
        return Reading(fault=_TWO_MEANINGS.fill(digits=re.sub(r"\D", "", words)))
    if _PERCENT.fullmatch(words):
        return Reading(fault=_PERCENT_FOR_COUNT.fill(vi=needed.vi, en=needed.en))
    if _NUMBER.fullmatch(words):
        return _count(Decimal(words.replace(",", ".")), None, needed)
    if not re.search(r"[^\W\d_]", words):
        return Reading(fault=_NOT_WHOLE if words[0].isdigit() else _NO_NUMBER)
    digits = re.match(r"\d{1,3}(?:[., ]\d{3})+|\d+", words)
    example = "" if digits is None else re.sub(r"\D", "", digits[0])
    return Reading(fault=_LETTERS.fill(vi=f", ví dụ {example}", en=f", such as {example}") if example else _NO_NUMBER)


def _share(value: Decimal, note: Text | None) -> Reading:
    if not value.is_finite():
        return Reading(fault=_NO_NUMBER)
    if value < 0:
        return Reading(fault=_NEGATIVE)
    if value > 1:
        return Reading(fault=_COUNT_FOR_SHARE)
    if value != round(value, 6):
        return Reading(fault=_TOO_FINE)
    return Reading(value, note=note)


def _share_of_text(text: str) -> Reading:
    words = _BLANKS.sub(" ", text)
    if percent := _PERCENT.fullmatch(words):
        value = Decimal(percent[1].replace(",", ".")) / 100
    elif _FRACTION.fullmatch(words):
        return _share(Decimal(words.replace(",", ".")), None)
    elif words[0] in "-−":
        return Reading(fault=_NEGATIVE)
    else:
        return Reading(fault=_COUNT_FOR_SHARE)
    return _share(value, _READ_AS.fill(vi=share_as_published(value, "vi"), en=share_as_published(value, "en")))
