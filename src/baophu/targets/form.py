"""What the form of a target file says to the program, and the words in which it says it.

Above the table, one row for each thing that a column must tell (`COLUMN_ROWS`); on a sheet of its own, or above the
table too, one row for each thing to know of the decision (`FACTS`). The template writes these rows and the import
reads them, in the template's form or in anybody's own table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from baophu.core.languages import Text
from baophu.core.names import fold
from baophu.indicators.catalogue import SCOPES, Indicator, Scope, catalogue
from baophu.targets.decisions import DIRECTIONS, Direction

DECISION_SHEET = "Quyết định"
GUIDE_SHEET = "Hướng dẫn"

COLUMN_ROWS: dict[str, Text] = {
    "indicator": Text("Mã chỉ tiêu", "Indicator"),
    "scope": Text("Phạm vi", "Scope"),
    "base_date": Text("So với ngày", "Base date"),
    "period_end": Text("Đến ngày", "By the day"),
    "direction": Text("Mức giao", "Direction"),
}
FACTS: dict[str, Text] = {
    "parent": Text("Giao cho các đơn vị thuộc (mã)", "Assigned below the area (code)"),
    "number": Text("Số, ký hiệu quyết định", "Number of the decision"),
    "issued": Text("Ngày ban hành", "Issued on"),
    "issuer": Text("Cơ quan ban hành", "Issuer"),
    "title": Text("Trích yếu", "Title"),
    "issuer_en": Text("Cơ quan ban hành (tiếng Anh)", "Issuer (English)"),
    "title_en": Text("Trích yếu (tiếng Anh)", "Title (English)"),
    "source": Text("Nguồn (đường dẫn, nếu có)", "Source (link, if any)"),
}
TOTAL_LABEL = "Tổng cộng"
ASSIGNED_LABEL = "Số giao cho"
DIFFERENCE_LABEL = "Chênh lệch"
# Rows of the form below the units that repeat or reckon and assign nothing.
BESIDE_LABELS = (fold(ASSIGNED_LABEL), fold(DIFFERENCE_LABEL))
CODE_HEADING = Text("Mã", "Code")
NAME_HEADING = Text("Tên đơn vị", "Name")

# The right of the two columns of a range holds its upper end; the lower end stands in the column of the indicator.
HIGH_HEADING = Text("Đến mức", "Up to")
# Directions that one figure in one cell can say; a range needs two, and `above_last_year` none.
ONE_FIGURE: tuple[Direction, ...] = ("at_least", "at_most")

_CODE_HEADINGS = {
    *("ma", "ma so", "ma don vi", "ma dvhc", "ma don vi hanh chinh", "ma tinh", "ma xa", "ma tinh, thanh pho"),
    *("code", "area code", "area_code", "province code", "province_code", "commune_code"),
}
_NAME_HEADINGS = {
    *("ten", "ten don vi", "don vi", "don vi hanh chinh", "ten don vi hanh chinh", "tinh", "ten tinh", "dia phuong"),
    *("tinh, thanh pho", "tinh/thanh pho", "ten tinh, thanh pho", "xa, phuong", "xa, phuong, dac khu", "ten xa"),
    *("name", "area", "province", "commune"),
}
_HIGH_HEADINGS = {"target_high", "high"}
_SHORT = {"bhxh": "bao hiem xa hoi", "bhyt": "bao hiem y te", "bhtn": "bao hiem that nghiep"}
_BEFORE = re.compile(r"^(trong do|tong|chi tieu)[ :,]+")
_AFTER = re.compile(r"^( *[,(:-]| (den|nam|it nhat|toi thieu|khong qua|vao|tinh den)\b|$)")
_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})/(20\d\d)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of figures assigns, apart from the figures."""

    indicator: Indicator
    scope: Scope
    base_date: date
    period_end: date
    direction: Direction


def heading(column: Column) -> str:
    """Return the words over a column, in Vietnamese: the form is the offices' own."""
    name = column.indicator.name.vi
    whole = any(column.indicator.id in other.parts for other in catalogue().values())
    words = f"Trong đó: {name[0].lower()}{name[1:]}" if whole else name
    scope = f", {SCOPES[column.scope].vi}" if column.scope != "all" else ""
    return f"{words}{scope} đến {column.period_end:%d/%m/%Y} ({DIRECTIONS[column.direction].vi})"


def is_code_heading(words: str) -> bool:
    """Tell whether a heading stands over codes."""
    return fold(words) in _CODE_HEADINGS


def is_name_heading(words: str) -> bool:
    """Tell whether a heading stands over names of areas."""
    return fold(words) in _NAME_HEADINGS


def is_high_heading(words: str) -> bool:
    """Tell whether a heading stands over the upper ends of the ranges that begin in the column to its left.

    >>> [is_high_heading(words) for words in ("Đến mức", "target_high", "Số người tham gia BHXH")]
    [True, True, False]
    """
    plain = fold(words)
    return plain in _HIGH_HEADINGS or plain.startswith((fold(HIGH_HEADING.vi), fold(HIGH_HEADING.en)))


def label_of(words: str, labels: dict[str, Text]) -> str | None:
    """Return the key whose label a cell carries, in either language."""
    wanted = fold(words).rstrip(": ")
    return next((key for key, label in labels.items() if wanted in (fold(label.vi), fold(label.en))), None)


def indicator_of(words: str) -> Indicator | None:
    """Return the indicator that a heading names: by its id, or by its name with a date or a bound behind it.

    >>> found = indicator_of("Tổng số người tham gia BHXH tự nguyện đến 31/12/2030")
    >>> found.id if found else None
    'si_voluntary'
    """
    text = words.strip()
    if text in catalogue():
        return catalogue()[text]
    plain = " ".join(_SHORT.get(word, word) for word in fold(text).split())
    plain = _BEFORE.sub("", plain)
    best: tuple[int, Indicator] | None = None
    for record in catalogue().values():
        for name in (record.name.vi, record.name.en):
            start = " ".join(_SHORT.get(word, word) for word in fold(name).split())
            if plain.startswith(start) and _AFTER.match(plain[len(start) :]) and (not best or len(start) > best[0]):
                best = (len(start), record)
    return best[1] if best else None


def scope_of(words: str) -> Scope | None:
    """Return the scope that a cell says, by its id or its words."""
    return next((key for key, name in SCOPES.items() if fold(words) in (key, fold(name.vi), fold(name.en))), None)


def direction_of(words: str) -> Direction | None:
    """Return the direction that a cell says, by its id or its words."""
    return next((key for key, name in DIRECTIONS.items() if fold(words) in (key, fold(name.vi), fold(name.en))), None)


def day_in_heading(words: str) -> date | None:
    """Return the day that a heading names; of a bare year its last day.

    >>> day_in_heading("Số người tham gia BHXH năm 2030")
    datetime.date(2030, 12, 31)
    """
    if day := _DAY.search(words):
        try:
            return date(int(day[3]), int(day[2]), int(day[1]))
        except ValueError:
            return None
    year = _YEAR.search(words)
    return date(int(year[1]), 12, 31) if year else None
