"""Workbooks as employers send them, and a home with the registers of one small employer."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from baophu.registers import store
from baophu.registers.loading import load

EMPLOYER = "TZH490L"
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)

_TOP: list[str | None] = [
    *("STT", "Họ và tên", "Mã số BHXH", "Ngày tháng năm sinh", "Giới tính", "Số CCCD/ CMND/ Hộ chiếu"),
    *("Cấp bậc, chức vụ, chức danh nghề, nơi làm việc", "Vị trí việc làm", None, None, None),
    *("Tiền lương", None, None, None, None, None, "Ngành/nghề nặng nhọc, độc hại", None),
    *("Loại và hiệu lực hợp đồng lao động", None, None, None, None),
    *("Thời điểm đơn vị bắt đầu đóng BHXH", "Thời điểm đơn vị kết thúc đóng BHXH", "Ghi chú"),
]
_MIDDLE: list[str | None] = [
    *([None] * 7),
    *("Nhà quản lý", "Chuyên môn kỹ thuật bậc cao", "Chuyên môn kỹ thuật bậc trung", "Khác", "Hệ số/ Mức lương"),
    *("Phụ cấp", None, None, None, None, None, None, "Ngày bắt đầu HĐLĐ không xác định thời hạn"),
    *("Hiệu lực HĐLĐ xác định thời hạn", None, "Hiệu lực HĐLĐ khác (dưới 1 tháng, thử việc)"),
]
_LOW: list[str | None] = [
    *([None] * 12),
    *("Chức vụ", "Thâm niên VK (%)", "Thâm niên nghề (%)", "Phụ cấp lương", "Các khoản bổ sung"),
    *("Ngày bắt đầu", "Ngày kết thúc", None, "Ngày bắt đầu", "Ngày kết thúc", "Ngày bắt đầu", "Ngày kết thúc"),
]
HEADINGS = (_TOP, _MIDDLE, _LOW, [f"({number})" for number in range(1, 28)])

# The numbers of the columns, by what stands in them.
NAME, CODE, BORN, SEX, IDENTITY, WAGE, POSITION, PERCENT, ALLOWANCE, START, LAST = 2, 3, 4, 5, 6, 12, 13, 14, 16, 25, 26

Cells = dict[int, Any]


def official(path: Path, parts: dict[str, list[Cells]], month: str = "Tháng 10 năm 2026", code: str = EMPLOYER) -> Path:
    """Write a list in the official layout: headings of sections with the lines below each; sums and signatures."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "D02-LT"
    for row in ([f"Tên đơn vị: Công ty May {code}"], [f"Mã đơn vị: {code};"], ["", "Mẫu D02-LT"], ["", month], []):
        sheet.append(row)
    for row in HEADINGS:
        sheet.append(row)
    for heading, lines in parts.items():
        number, _, words = heading.partition(" ")
        sheet.append([number, words])
        for at, cells in enumerate(lines, 1):
            sheet.append([at, *(cells.get(column) for column in range(2, 28))])
        if lines:
            sheet.append(
                ["", "Cộng", *([None] * 9), sum(cell for line in lines if isinstance(cell := line.get(WAGE), int))]
            )
    for row in (["", "Tổng cộng"], [], ["", "Người lập biểu", "Đại diện đơn vị"], ["", "ngày 5 tháng 10 năm 2026"]):
        sheet.append(row)
    book.save(path)
    return path


def registers(folder: Path) -> Path:
    """Return a home with two employers, three people and the declarations of September."""
    shutil.copytree(Path(_made().name) / "home", folder / "home")
    return folder / "home"


@cache
def _made() -> tempfile.TemporaryDirectory[str]:
    """Load the registers once; the folder goes with the process."""
    made = tempfile.TemporaryDirectory()
    _load(Path(made.name))
    return made


def _load(folder: Path) -> None:
    files = {
        "employers": """employer_id,name,commune_code,address,region,sector,pay_method,status,registered_on
            TZH490L,Công ty May A,00004,"12 Phố Huế, Hà Nội",I,private,monthly,active,
            KBM100,Công ty B,00004,,I,private,monthly,active,""",
        "participants": """si_code,pid,full_name,birth_date,birth_year,sex,commune_code,registered_on
            0100000001,001090000001,Nguyễn Văn An,1990-01-02,,M,00004,
            0100000002,001191000002,Trần Thị Bình,1991-05-06,,F,00004,
            0100000009,001199000009,Phạm Thị Mai,1999-05-06,,F,00004,""",
        "spells": """si_code,scheme,group_code,employer_id,commune_code,start_month,end_month
            0100000001,compulsory,a,TZH490L,00004,2026-01-01,
            0100000001,health,employee,TZH490L,00004,2026-01-01,
            0100000002,compulsory,a,TZH490L,00004,2026-01-01,
            0100000009,compulsory,a,KBM100,00004,2026-01-01,""",
        "declarations": """month,employer_id,si_code,group_code,wage
            2026-09-01,TZH490L,0100000001,a,5000000
            2026-09-01,TZH490L,0100000002,a,6000000
            2026-09-01,KBM100,0100000009,a,7000000""",
    }
    for table, text in files.items():
        path = folder / f"{table}.csv"
        path.write_text("\n".join(line.strip() for line in text.splitlines()), encoding="utf-8")
        load([path], folder / "home")


def rows(home: Path, table: str, columns: str, month: date | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of a table that hold good, some of their columns, in order."""
    files = [str(path) for path in store.current(home, table, month)]
    if not files:
        return []
    return duckdb.sql(f"SELECT {columns} FROM read_parquet({files}, union_by_name = true) ORDER BY ALL").fetchall()  # noqa: S608


def wages(home: Path, month: date, employer: str = EMPLOYER) -> dict[str, int]:
    """Return the bases that are declared with an employer in a month, by insurance number."""
    return {
        code: wage
        for who, code, wage in rows(home, "declarations", "employer_id, si_code, wage", month)
        if who == employer
    }
