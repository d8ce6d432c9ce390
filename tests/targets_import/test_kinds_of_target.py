"""Ranges, which take two figures, and 'above the year before', which takes none: in the form, read and marked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.targets.checking import Checked, read_targets
from baophu.targets.decisions import decided_targets, decision
from baophu.targets.importing import import_targets
from baophu.targets.snapshot import imported_targets
from baophu.targets.template import SHEET, write_template

from .forms import write_csv

PROVINCES = [area.code for area in tree().provinces]
LAST = 10 + len(PROVINCES)
DAY = date(2022, 12, 31)


def check(path: Path) -> Checked:
    return read_targets(path, known=decided_targets())


def faults(checked: Checked) -> list[str]:
    return [fault.problem.say("vi") + "\n" + fault.problem.say("en") for fault in checked.faults]


def saved(book: openpyxl.Workbook, path: Path) -> Path:
    facts = book["Quyết định"]
    for row, value in ((2, "9/QĐ-BHXH"), (3, "30/03/2022"), (4, "BHXH Việt Nam"), (5, "Giao chỉ tiêu")):
        facts[f"B{row}"] = value
    book.save(path)
    return path


@pytest.fixture
def ranges(tmp_path: Path) -> openpyxl.Workbook:
    """The form of Decision 171, which assigns 37 to 38 %, filled in."""
    path = write_template(decision("171/QĐ-BHXH"), tmp_path / "a.xlsx", known=decided_targets(), period_end=DAY,
                          indicators=["si_coverage_working_age_lf"])  # fmt: skip
    book = openpyxl.load_workbook(path)
    for row in range(11, LAST + 1):
        book[SHEET][f"C{row}"], book[SHEET][f"D{row}"] = 0.35, 0.4
    return book


@pytest.fixture
def above(tmp_path: Path) -> openpyxl.Workbook:
    """The form of the targets of 2031 that need no figure."""
    path = write_template(decision("883-CTr/BCSĐ"), tmp_path / "b.xlsx", known=decided_targets(),
                          period_end=date(2031, 12, 31), indicators=["hi_coverage_population"])  # fmt: skip
    return openpyxl.load_workbook(path)


def column(sheet: Worksheet, letter: str, rows: tuple[int, ...]) -> list[object]:
    return [sheet[f"{letter}{row}"].value for row in rows]


def test_a_range_has_two_columns_in_the_form(ranges: openpyxl.Workbook) -> None:
    sheet = ranges[SHEET]
    assert sheet["C10"].value.endswith("đến 31/12/2022 (trong khoảng)")
    assert sheet["D10"].value == "Đến mức"
    said = ["si_coverage_working_age_lf", "31/12/2021", "31/12/2022", "trong khoảng"]
    assert column(sheet, "C", (5, 7, 8, 9)) == column(sheet, "D", (5, 7, 8, 9)) == said


def test_ranges_are_taken_with_both_ends(ranges: openpyxl.Workbook, tmp_path: Path, home: Path) -> None:
    ranges[SHEET]["D12"] = 0.412
    report = import_targets(saved(ranges, tmp_path / "a.xlsx"), home, actor="lan")
    assert report.taken == len(PROVINCES)
    found = {target.area_code: target for target in imported_targets(home)}
    second = found[PROVINCES[1]]
    assert (second.direction, second.value, second.high) == ("range", Decimal("0.35"), Decimal("0.412"))


@pytest.mark.parametrize(
    ("place", "value", "vi", "en"),
    [
        ("D12", 0.2, "ô D12", "Less than the low end 35.0\xa0% in C12"),
        ("D12", None, "ô D12", "The cell is empty"),
        ("D12", "x", "ô D12", "This column needs a share"),
        ("C9", "ít nhất", "mức giao phải là 'trong khoảng'", "the direction is 'within'"),
        ("D10", "Ghi chú", "cần hai số: thêm cột 'Đến mức'", "A range needs two figures"),
        ("C9", "đâu đó", "Ghi một trong các cách: ít nhất / không quá / trong khoảng / cao hơn", "Write one of"),
    ],
)
def test_what_is_wrong_with_a_range_is_told_at_its_cell(
    ranges: openpyxl.Workbook, tmp_path: Path, place: str, value: object, vi: str, en: str
) -> None:
    ranges[SHEET][place] = value
    words = "\n".join(faults(check(saved(ranges, tmp_path / "a.xlsx"))))
    assert vi in words
    assert en in words


def test_a_wrong_end_is_marked_in_the_workbook(ranges: openpyxl.Workbook, tmp_path: Path, home: Path) -> None:
    ranges[SHEET]["D12"] = 0.2
    with pytest.raises(BaophuError):
        import_targets(saved(ranges, tmp_path / "a.xlsx"), home, actor="lan", marked=tmp_path / "mend.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "mend.xlsx")[SHEET]["D12"]
    assert cell.comment is not None
    assert cell.fill.fgColor.rgb != openpyxl.load_workbook(tmp_path / "mend.xlsx")[SHEET]["D13"].fill.fgColor.rgb
    assert "Nhỏ hơn mức thấp" in cell.comment.text


def test_ranges_of_people_are_added_up_at_both_ends(tmp_path: Path) -> None:
    head: list[list[object]] = [
        ["Số, ký hiệu quyết định", "9/QĐ", "", ""], ["Ngày ban hành", "30/03/2026", "", ""],
        ["Cơ quan ban hành", "BHXH Việt Nam", "", ""], ["Trích yếu", "Giao", "", ""],
        ["So với ngày", "", "31/12/2025", ""],
        ["Mã", "Tên", "Số người tham gia BHXH tự nguyện đến 31/12/2026", "Đến mức"],
    ]  # fmt: skip
    rows = [[code, tree().get(code).name, 100, 120] for code in PROVINCES]
    checked = check(write_csv(tmp_path / "a.csv", [*head, *rows], ";"))
    assert faults(checked) == []
    assert [(one.total, one.is_high) for one in checked.sums] == [(3400, False), (4080, True)]
    assert {(target.direction, target.value, target.high) for target in checked.targets} == {("range", 100, 120)}


def test_an_upper_end_without_its_indicator_is_told(tmp_path: Path) -> None:
    rows = [["Mã", "Đến mức", "si_voluntary"], *([code, 5, 4] for code in PROVINCES)]
    assert any("phải đứng ngay bên phải" in words for words in faults(check(write_csv(tmp_path / "a.csv", rows))))


def test_above_the_year_before_needs_no_figure(above: openpyxl.Workbook, tmp_path: Path, home: Path) -> None:
    assert column(above[SHEET], "C", (9, 11, LAST, LAST + 1)) == ["cao hơn năm trước"] * 3 + [None]
    above[SHEET]["C12"] = None
    assert import_targets(saved(above, tmp_path / "b.xlsx"), home, actor="lan").taken == len(PROVINCES)
    found = {(target.direction, target.value, target.period_end) for target in imported_targets(home)}
    assert found == {("above_last_year", None, date(2031, 12, 31))}


def test_a_figure_where_none_is_needed_is_told(above: openpyxl.Workbook, tmp_path: Path) -> None:
    above[SHEET]["C12"] = 0.96
    (words,) = faults(check(saved(above, tmp_path / "b.xlsx")))
    assert "không cần số" in words
    assert "Row 12, cell C12" in words
