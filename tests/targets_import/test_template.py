"""The form as an office opens it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.targets.decisions import decided_targets, decision
from baophu.targets.template import SHEET, write_template

from .forms import row_of


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    path = write_template(decision("403/NQ-CP"), tmp_path / "a.xlsx", known=decided_targets())
    return openpyxl.load_workbook(path)


@pytest.fixture
def sheet(book: openpyxl.Workbook) -> Worksheet:
    return book[SHEET]


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_title_names_the_decision_and_what_to_fill_in(sheet: Worksheet) -> None:
    assert sheet["A1"].value == "CHỈ TIÊU GIAO CHO CÁC TỈNH, THÀNH PHỐ"
    assert sheet["A2"].value == "(Kèm theo 403/NQ-CP ngày 10 tháng 12 năm 2025 của Chính phủ)"
    assert str(sheet["A3"].value).startswith("Điền mọi ô trắng")
    assert sheet["D4"].value == "Đơn vị tính: người"


def test_the_headings_are_over_the_codes_the_names_and_each_indicator(sheet: Worksheet) -> None:
    assert [cell.value for cell in sheet[10]] == [
        "Mã",
        "Tên đơn vị",
        "Số người tham gia bảo hiểm xã hội đến 31/12/2030 (ít nhất)",
        "Trong đó: số người tham gia bảo hiểm xã hội tự nguyện đến 31/12/2030 (ít nhất)",
    ]


def test_each_province_has_one_row_and_its_code_is_text(sheet: Worksheet) -> None:
    rows = [[cell.value for cell in row] for row in sheet["A11:B44"]]
    assert rows == [[area.code, area.full_name] for area in tree().provinces]
    assert {cell.number_format for (cell,) in sheet["A11:A44"]} == {"@"}


def test_what_is_known_is_grey_italic_with_its_source_and_the_rest_is_empty(sheet: Worksheet) -> None:
    known, unknown = sheet[f"C{row_of('75')}"], sheet[f"C{row_of('04')}"]
    assert (known.value, unknown.value) == (1_665_856, None)
    assert known.font.italic
    assert not unknown.font.italic
    assert known.comment is not None
    assert known.comment.text.startswith("403/NQ-CP\nhttps://baochinhphu.vn/")
    assert {known.number_format, unknown.number_format} == {"#,##0"}


def test_below_stand_the_sum_what_was_assigned_and_the_difference(sheet: Worksheet) -> None:
    assert [cell.value for cell in sheet[45]] == [None, "Tổng cộng", "=SUM(C11:C44)", "=SUM(D11:D44)"]
    assert [cell.value for cell in sheet[46]] == [None, "Số giao cho Cả nước", 29_334_000, 2_444_500]
    assert [cell.value for cell in sheet[47]] == [None, "Chênh lệch", "=C45-C46", "=D45-D46"]


def test_a_program_that_does_not_reckon_shows_the_right_sums(tmp_path: Path) -> None:
    write_template(decision("403/NQ-CP"), tmp_path / "a.xlsx", known=decided_targets())
    shown = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)[SHEET]
    known = 6_671_804 + 3_702_304 + 1_665_856 + 1_551_009 + 1_420_416
    assert (shown["C45"].value, shown["C47"].value) == (known, known - 29_334_000)


def test_only_whole_numbers_can_be_typed(sheet: Worksheet) -> None:
    rules = sheet.data_validations.dataValidation
    assert [str(rule.sqref) for rule in rules] == ["C11:C44", "D11:D44"]
    assert {(rule.type, rule.operator, rule.formula1) for rule in rules} == {("whole", "greaterThanOrEqual", "0")}


def test_it_prints_on_a4_on_its_side_and_the_headings_stay(sheet: Worksheet) -> None:
    assert sheet.freeze_panes == "C11"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes
    assert sheet.print_title_rows == "$10:$10"
    assert sum(sheet.column_dimensions[letter].width for letter in "ABCD") < 120


def test_the_small_lines_say_what_each_column_assigns(sheet: Worksheet) -> None:
    told = {str(row[1].value): row[2].value for row in sheet["A5:D9"]}
    assert told == {
        "Mã chỉ tiêu": "si_total",
        "Phạm vi": "kể cả lực lượng vũ trang",
        "So với ngày": "31/12/2025",
        "Đến ngày": "31/12/2030",
        "Mức giao": "ít nhất",
    }


def test_the_second_sheets_carry_the_decision_and_the_guide_in_both_languages(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["Chỉ tiêu", "Quyết định", "Hướng dẫn"]
    assert {"00", "403/NQ-CP", "10/12/2025", "Chính phủ"} <= set(texts(book["Quyết định"]))
    guide = texts(book["Hướng dẫn"])
    assert any("Không sửa cột Mã" in words for words in guide)
    assert any("Leave the codes as they are" in words for words in guide)


def test_a_province_gets_its_communes_and_is_asked_for_its_own_decision(tmp_path: Path) -> None:
    write_template(decision("403/NQ-CP"), tmp_path / "a.xlsx", parent_code="75", known=decided_targets())
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    communes = tree().children("75")
    total = 11 + len(communes)
    assert [book[SHEET][f"A{row}"].value for row in (11, total - 1)] == [communes[0].code, communes[-1].code]
    assert [cell.value for cell in book[SHEET][total + 1]][1:] == ["Số giao cho Thành phố Đồng Nai", 1_665_856, 52_763]
    facts = {row[0].value: row[1].value for row in book["Quyết định"].iter_rows()}
    assert facts["Giao cho các đơn vị thuộc (mã)"] == "75"
    assert not facts["Số, ký hiệu quyết định"]
    assert any("Điền trang 'Quyết định'" in words for words in texts(book["Hướng dẫn"]))


def test_other_indicators_can_be_asked_for_with_their_day(tmp_path: Path) -> None:
    write_template(
        decision("403/NQ-CP"),
        tmp_path / "a.xlsx",
        indicators=["si_coverage_working_age_lf"],
        period_end=date(2027, 12, 31),
        known=decided_targets(),
    )
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")[SHEET]
    assert (sheet["C7"].value, sheet["C8"].value) == ("31/12/2026", "31/12/2027")
    assert sheet["C11"].number_format == "0.0##%"
    assert [rule.type for rule in sheet.data_validations.dataValidation] == ["decimal"]
    assert sheet["B45"].value is None  # shares are not added up


def test_an_indicator_that_the_decision_does_not_assign_needs_its_day(tmp_path: Path) -> None:
    with pytest.raises(BaophuError) as error:
        write_template(decision("403/NQ-CP"), tmp_path / "a.xlsx", indicators=["hi_total"], known=decided_targets())
    assert "403/NQ-CP không giao hi_total cho Cả nước" in error.value.say("vi")
    assert "--period-end" in error.value.say("en")


def test_a_commune_has_nobody_to_assign_to(tmp_path: Path) -> None:
    commune = tree().children("75")[0]
    with pytest.raises(BaophuError, match="has no units below it"):
        write_template(decision("403/NQ-CP"), tmp_path / "a.xlsx", parent_code=commune.code, known=[])


def test_a_form_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(BaophuError, match="Cannot write"):
        write_template(decision("403/NQ-CP"), tmp_path / "a.xlsx", known=decided_targets())
