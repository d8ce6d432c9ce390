"""What the operations share: fields with their words, numbers as JSON has them, the stamp of a run, pages of lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from ninja import Path, Query, Schema
from pydantic import Field

from baophu.areas.units import Area as Unit
from baophu.areas.units import tree
from baophu.core.languages import Text
from baophu.core.numbers import Number as Exact
from baophu.web.reading import PAGE, Reader
from baophu.web.templatetags.baophu import said

MOST = 200
# Shares and changes are told to so many decimals; who needs more divides the two numbers beside them.
_DECIMALS = 6
CURSOR = r"^-?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?~[A-Za-z0-9_.:-]{1,64}$"


def told(vi: str, en: str, example: Any, **more: Any) -> Any:
    """Describe a field in both languages, with an example; `in_language` keeps one of them."""
    shown = None if example in (None, []) else [example]
    return Field(description=f"{vi} / {en}", examples=shown, **more)


AreaCode = Annotated[
    str, Path(description="Mã đơn vị hành chính; 00 là cả nước / Code of an area; 00 is the country", examples=["79"])
]
After = Annotated[
    str | None,
    Query(
        description="Con trỏ `next` của trang trước; cần quyền tải danh sách, được ghi vào nhật ký"
        " / The cursor `next` of the page before; needs the right to take lists away, and goes on record",
        pattern=CURSOR,
        max_length=120,
        examples=["0.5~F25747"],
    ),
]
Size = Annotated[int, Query(description="Số dòng của một trang / Rows of a page", ge=1, le=MOST, examples=[PAGE])]


def number(value: Exact | None) -> int | float | None:
    """Return a number as JSON has it: whole where it is whole, else with six decimals."""
    if value is None or isinstance(value, int):
        return value
    exact = Fraction(str(value)) if isinstance(value, float | Decimal) else Fraction(value)
    return exact.numerator if exact.denominator == 1 else round(float(exact), _DECIMALS)


def words(value: Text | str | None) -> str | None:
    """Return words in the language of the answer; None where there are none."""
    return said(value) if value is not None else None


class Place(Schema):
    """An area by its code and name."""

    code: str = told("Mã đơn vị", "Code", "79")
    name: str = told("Tên đầy đủ", "Full name", "Thành phố Hồ Chí Minh")
    level: str = told("Cấp: country, province, commune", "Level: country, province, commune", "province")


def place(area: Unit) -> Place:
    """Return an area by its code and name."""
    return Place(code=area.code, name=said(area.full_label), level=area.level)


def place_of(code: str) -> Place | None:
    """Return the area of a code; None for a code that no area has."""
    return place(tree().get(code)) if code in tree() else None


class Stamp(Schema):
    """Which run the figures are from."""

    run: str = told("Mã lần chạy", "The run", "20261102T080000000000Z")
    month: date = told("Tháng của số liệu, ngày đầu tháng", "Month of the figures, its first day", "2026-10-01")
    as_of: date = told("Số liệu đến ngày", "As of", "2026-10-31")
    provisional: bool = told("Còn tạm tính", "Still provisional", True)


def stamp(reader: Reader) -> Stamp:
    """Return which run a reader reads."""
    run = reader.run
    return Stamp(run=run.run, month=run.month, as_of=run.as_of, provisional=run.provisional)


class Coded(Schema):
    """A code with its words."""

    code: str = told("Mã", "Code", "open")
    words: str = told("Diễn giải", "In words", "Đang mở")


def coded(code: str | None, known: Mapping[str, Text]) -> Coded | None:
    """Return a code with its words; the code alone where no words are known; None for no code."""
    return Coded(code=code, words=said(known.get(code, code))) if code else None


class Wrong(Schema):
    """A value to be mended."""

    where: str = told("Nơi sai", "Where", "query.size")
    reason: str = told("Vì sao", "Why", "Phải từ 1 đến 200.")


class Problem(Schema):
    """What went wrong, as RFC 9457 has it."""

    type: str = told("Loại, có trang giải thích", "The kind, with a page that explains it", "/api/v1/docs#problem-404")
    title: str = told("Tên", "Title", "Không có")
    status: int = told("Mã HTTP", "Status of HTTP", 404)
    detail: str = told("Nói rõ hơn và cách sửa", "More of it, and how to mend it", "Không có, hoặc ở ngoài phạm vi.")
    instance: str = told("Địa chỉ đã hỏi", "The address that was asked", "/api/v1/findings/F00000")
    errors: list[Wrong] = told("Các giá trị cần sửa", "Values to be mended", [], default_factory=list)


_ERRORS = (400, 401, 403, 404, 405, 409, 422, 429, 500, 503)


def answers(model: Any) -> dict[Any, Any]:
    """Return what an operation may answer: a model, or a problem."""
    return {200: model, _ERRORS: Problem}


def moment(value: datetime) -> datetime:
    """Return a time as it is told: to the second."""
    return value.replace(microsecond=0)
