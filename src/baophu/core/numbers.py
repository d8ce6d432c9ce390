"""Numbers and dates as the two languages write them. Exact values come in; only what is shown is rounded.

Rules of look: shares with one decimal, differences of shares in points, money in the unit that leaves three or four
digits, a missing value as an en dash.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

from baophu.core.errors import BaophuError, wrong_date
from baophu.core.languages import Language, Text

Number = int | Decimal | Fraction
MISSING = "–"
MINUS = "−"
NARROW = "\u00a0"  # keeps a number and its unit on one line

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """Round half up (away from zero) at a number of decimals, exactly.

    >>> rounded(Fraction(451, 10000) * 10, 3)
    Decimal('0.451')
    """
    doubled = abs(Fraction(value)) * 10**decimals * 2
    whole = int((doubled + 1) // 2)
    # From its digits, since arithmetic on Decimals rounds to the context's precision.
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(value < 0 and whole > 0), digits, -decimals))


_VIETNAMESE = str.maketrans(",.", ".,")


def _grouped(value: Decimal, lang: Language) -> str:
    text = f"{abs(value):,f}"
    if lang == "vi":
        text = text.translate(_VIETNAMESE)
    return (MINUS if value < 0 else "") + text


def decimal(value: Number | None, lang: Language, decimals: int = 1) -> str:
    """Write a number with a fixed number of decimals.

    >>> decimal(Decimal("1234.55"), "vi")
    '1.234,6'
    """
    return MISSING if value is None else _grouped(rounded(value, decimals), lang)


def count(value: Number | None, lang: Language) -> str:
    """Write a whole number with its thousands marked.

    >>> count(17515946, "vi"), count(17515946, "en")
    ('17.515.946', '17,515,946')
    """
    return decimal(value, lang, 0)


def short_count(value: Number | None, lang: Language) -> str:
    """Write a large count in the unit that leaves two to four digits.

    >>> short_count(29334000, "vi"), short_count(29334000, "en")
    ('29,33\\xa0triệu', '29.33\\xa0million')
    """
    if value is None:
        return MISSING
    size = abs(Fraction(value))
    if size >= 1_000_000:
        unit = Text("triệu", "million").say(lang)
        return f"{decimal(Fraction(value) / 1_000_000, lang, 2)}{NARROW}{unit}"
    if size >= 10_000:
        unit = Text("nghìn", "thousand").say(lang)
        return f"{decimal(Fraction(value) / 1_000, lang, 1)}{NARROW}{unit}"
    return count(value, lang)


def money(value: Number | None, lang: Language) -> str:
    """Write an amount of VND in the unit that leaves one to four digits before the mark; under a million, exactly.

    >>> money(1_234_500_000_000, "vi"), money(5_700_000, "en"), money(66_000, "vi")
    ('1.234,5\\xa0tỷ đồng', '5.7\\xa0million VND', '66.000\\xa0đồng')
    """
    if value is None:
        return MISSING
    units = (
        (10**13, 10**12, Text("nghìn tỷ đồng", "trillion VND")),
        (10**9, 10**9, Text("tỷ đồng", "billion VND")),
        (10**6, 10**6, Text("triệu đồng", "million VND")),
    )
    for least, size, unit in units:
        if abs(Fraction(value)) >= least:
            return f"{decimal(Fraction(value) / size, lang, 1)}{NARROW}{unit.say(lang)}"
    return f"{count(value, lang)}{NARROW}{Text('đồng', 'VND').say(lang)}"


def share(value: Number | None, lang: Language, decimals: int = 1) -> str:
    """Write a fraction of 1 as a percentage.

    >>> share(Decimal("0.451"), "vi"), share(Decimal("0.451"), "en")
    ('45,1\\xa0%', '45.1\\xa0%')
    """
    return MISSING if value is None else f"{decimal(Fraction(value) * 100, lang, decimals)}{NARROW}%"


def share_as_published(value: Number | None, lang: Language) -> str:
    """Write a share with one decimal, or two where the source gave two: 45,1 % and 42,71 %."""
    if value is None:
        return MISSING
    two = Fraction(value) * 1000
    return share(value, lang, 1 if two.denominator == 1 else 2)


def points(value: Number | None, lang: Language, decimals: int = 1) -> str:
    """Write a difference of two shares in percentage points, with its sign.

    >>> points(Decimal("0.004"), "vi"), points(Decimal("-0.004"), "en")
    ('+0,4 điểm', '−0.4 points')
    """
    if value is None:
        return MISSING
    number = decimal(Fraction(value) * 100, lang, decimals)
    unit = Text("điểm", "points").say(lang)
    return f"{'' if value <= 0 else '+'}{number} {unit}"


def growth(value: Number | None, lang: Language, decimals: int = 1) -> str:
    """Write a relative change as a percentage, with its sign.

    >>> growth(Fraction(99, 1000), "vi")
    '+9,9\\xa0%'
    """
    if value is None:
        return MISSING
    return f"{'' if value <= 0 else '+'}{share(value, lang, decimals)}"


def long_date(day: date, lang: Language) -> str:
    """Write a date in words.

    >>> long_date(date(2026, 6, 30), "vi"), long_date(date(2026, 6, 30), "en")
    ('ngày 30 tháng 6 năm 2026', '30 June 2026')
    """
    if lang == "vi":
        return f"ngày {day.day} tháng {day.month} năm {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: date | None, lang: Language) -> str:
    """Write a date in figures, day first in both languages.

    >>> short_date(date(2025, 11, 30), "vi"), short_date(date(2025, 11, 30), "en")
    ('30/11/2025', '30 Nov 2025')
    """
    if day is None:
        return MISSING
    return f"{day:%d/%m/%Y}" if lang == "vi" else f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def read_date(words: str) -> date:
    """Read `YYYY-MM-DD` or `DD/MM/YYYY`; BaophuError proposes what was probably meant where it is no date."""
    text = words.strip()
    parts = text.split("/")
    try:
        if len(parts) == 3:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(text)
    except ValueError:
        raise wrong_date(words, [day.isoformat() for day in meant_dates(text)]) from None


def read_month(words: str) -> date:
    """Read a month, `2026-10` or `10/2026`, or a day in it; return its first day. BaophuError where it is none.

    >>> read_month("2026-10"), read_month("10/2026")
    (datetime.date(2026, 10, 1), datetime.date(2026, 10, 1))
    """
    text = words.strip()
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", text) or re.fullmatch(r"(\d{1,2})/(\d{4})", text)
    if not found:
        return read_date(text).replace(day=1)
    year, month = sorted(map(int, found.groups()), reverse=True)
    if not 1 <= month <= 12:
        raise BaophuError(
            Text(f"'{words}' không phải là tháng.", f"'{words}' is not a month."),
            Text("Viết như 2026-10.", "Write it as 2026-10."),
        )
    return date(year, month, 1)


def meant_dates(words: str) -> list[date]:
    """Return the days that a mistyped date may have meant: its parts in another order, or the last day of the month.

    >>> meant_dates("30-11-2025"), meant_dates("2025-11"), meant_dates("2025-02-30")
    ([datetime.date(2025, 11, 30)], [datetime.date(2025, 11, 30)], [datetime.date(2025, 2, 28)])
    """
    parts = [int(part) for part in re.findall(r"\d+", words)]
    years = [part for part in parts if 1900 <= part <= 2100]
    if len(years) != 1 or len(parts) not in (2, 3):
        return []
    others = [part for part in parts if part != years[0]]
    found = []
    for month, day in {(others[0], others[-1] if len(others) == 2 else 31), (others[-1], others[0])}:
        if 1 <= month <= 12 and 1 <= day <= 31:
            last = calendar.monthrange(years[0], month)[1]
            found.append(date(years[0], month, min(day, last)))
    in_order = [found_day for found_day in found if found_day.month == others[0]]
    return in_order[:1] if words[:4] == str(years[0]) and in_order else sorted(set(found))


def as_float(value: Number | None) -> float | int | None:
    """Return what JSON carries: a whole number as int, any other as the nearest float."""
    if value is None:
        return None
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else float(exact)
