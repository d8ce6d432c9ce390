"""The workbook of a register as an office opens it."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from baophu.registers.contracts import Contract, contract, contracts
from baophu.registers.template import FIRST, GUIDE_SHEET, VALUES_SHEET, write_register_template

TEXT, DAY, MONEY = "@", "dd/mm/yyyy", "#,##0"


class Template:
    """A template of one table, opened."""

    def __init__(self, record: Contract, folder: Path) -> None:
        path = write_register_template(record, folder / f"{record.table}.xlsx")
        self.book = openpyxl.load_workbook(path)
        self.sheet: Worksheet = self.book[record.table]
        self.names = [str(cell.value) for cell in self.sheet[2]]

    def letter(self, column: str) -> str:
        return get_column_letter(self.names.index(column) + 1)

    def format(self, column: str) -> str:
        # The look of the whole column is that of cells still to be typed; a record may be about several columns.
        number = self.names.index(column) + 1
        styles = self.sheet.column_dimensions.values()
        (style,) = (style for style in styles if style.min <= number <= style.max)
        return str(style.number_format)

    def rule(self, column: str) -> DataValidation | None:
        wanted = f"{self.letter(column)}{FIRST + 1}:{self.letter(column)}1048576"
        found = [rule for rule in self.sheet.data_validations.dataValidation if str(rule.sqref) == wanted]
        return found[0] if found else None

    def choices(self, column: str) -> list[str]:
        """Return what the list of a column offers, from the place that it names."""
        rule = self.rule(column)
        assert rule is not None and rule.type == "list"
        place = re.fullmatch(rf"'{VALUES_SHEET}'!\$B\$(\d+):\$B\$(\d+)", str(rule.formula1))
        assert place, rule.formula1
        return [str(cell.value) for (cell,) in self.book[VALUES_SHEET][f"B{place[1]}:B{place[2]}"]]


@pytest.fixture
def spells(tmp_path: Path) -> Template:
    return Template(contract("spells"), tmp_path)


def texts(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


@pytest.mark.parametrize("table", contracts())
def test_each_table_has_a_sheet_of_its_columns_below_their_vietnamese_headings(table: str, tmp_path: Path) -> None:
    record = contract(table)
    template = Template(record, tmp_path)
    assert template.book.sheetnames[0] == table
    assert template.book.active is template.sheet
    assert template.names == [column.name for column in record.columns]
    for cell, column in zip(template.sheet[1], record.columns, strict=True):
        assert str(cell.value) == column.title.vi + (" (bắt buộc)" if column.value_required else "")
    assert template.sheet.max_row == FIRST, "no row is filled in"
    assert template.sheet.freeze_panes == "A3"


@pytest.mark.parametrize("table", contracts())
def test_each_column_is_formatted_by_its_type(table: str, tmp_path: Path) -> None:
    template = Template(contract(table), tmp_path)
    looks = {"code": TEXT, "text": TEXT, "name": TEXT, "period": TEXT, "boolean": TEXT}
    looks |= {"date": DAY, "month": DAY, "money": MONEY, "integer": "0", "number": "General"}
    for column in contract(table).columns:
        assert template.format(column.name) == looks[column.type], column.name


@pytest.mark.parametrize("table", contracts())
def test_each_closed_list_is_offered_as_it_is(table: str, tmp_path: Path) -> None:
    template = Template(contract(table), tmp_path)
    for column in contract(table).columns:
        if column.values:
            assert template.choices(column.name) == list(column.values)


def test_a_table_without_closed_lists_has_no_sheet_of_values(tmp_path: Path) -> None:
    assert Template(contract("payments"), tmp_path).book.sheetnames == ["payments", GUIDE_SHEET]


def test_values_stand_beside_their_words(spells: Template) -> None:
    rows = [[cell.value for cell in row] for row in spells.book[VALUES_SHEET].iter_rows()]
    assert ["scheme", "voluntary", "BHXH tự nguyện", "voluntary social insurance"] in rows
    assert [row[1] for row in rows if row[0] == "group_code"][:6] == ["a", "b", "c", "d", "đ", "e"]


def test_a_code_must_have_its_digits_and_be_text(tmp_path: Path, spells: Template) -> None:
    rule = spells.rule("si_code")
    assert rule is not None
    assert (rule.type, rule.formula1) == ("custom", "AND(ISTEXT(A3),OR(LEN(A3)=10))")
    assert rule.error == "Cần 10 chữ số, dạng chữ. / Needs 10 digits, as text."
    tax = Template(contract("businesses"), tmp_path).rule("tax_code")
    assert tax is not None
    assert tax.formula1 == "AND(ISTEXT(A3),OR(LEN(A3)=10,LEN(A3)=12,LEN(A3)=13))"


def test_a_month_must_be_its_first_day(spells: Template) -> None:
    rule, letter = spells.rule("start_month"), spells.letter("start_month")
    assert rule is not None
    assert rule.formula1 == f"AND(ISNUMBER({letter}3),{letter}3>=DATE(1910,1,1),DAY({letter}3)=1)"
    assert "01/11/2025" in str(rule.error)


def test_a_bare_year_is_not_taken_for_a_birth_date(tmp_path: Path) -> None:
    # 1950 in a cell of dates is 3 May 1905.
    template = Template(contract("participants"), tmp_path)
    rule = template.rule("birth_date")
    assert rule is not None
    assert "DATE(1910,1,1)" in str(rule.formula1)
    assert "Chỉ biết năm sinh thì để trống ô này." in str(rule.error)
    year = template.rule("birth_year")
    assert year is not None and year.type == "whole"


def test_money_is_not_negative_except_a_refund(tmp_path: Path) -> None:
    wage = Template(contract("declarations"), tmp_path).rule("wage")
    amount = Template(contract("payments"), tmp_path).rule("amount")
    assert wage is not None and amount is not None
    assert (wage.type, wage.formula1, wage.formula2) == ("whole", "0", "999999999999999")
    assert (amount.type, amount.formula1) == ("whole", "-999999999999999")


def test_bounds_are_checked_and_said(tmp_path: Path) -> None:
    rule = Template(contract("dossiers"), tmp_path).rule("rating")
    assert rule is not None
    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "1", "5")
    assert rule.error == "Ghi số nguyên, từ 1 đến 5. / Write a whole number, from 1 to 5."


def test_true_and_false_are_chosen_as_text(tmp_path: Path) -> None:
    rule = Template(contract("managers"), tmp_path).rule("paid")
    assert rule is not None
    assert (rule.type, rule.formula1) == ("list", '"true,false"')


def test_an_empty_cell_is_never_refused_while_typing(tmp_path: Path) -> None:
    for record in contracts().values():
        for rule in Template(record, tmp_path).sheet.data_validations.dataValidation:
            assert rule.allow_blank, record.table


def test_a_name_tells_in_a_comment_what_it_is_and_whether_it_is_needed(tmp_path: Path) -> None:
    sheet = Template(contract("tax_income"), tmp_path).sheet
    told = {str(cell.value): str(cell.comment.text) for cell in sheet[2] if cell.comment}
    assert list(told) == [column.name for column in contract("tax_income").columns]
    assert told["full_name"] == "Họ, chữ đệm và tên. tên. bắt buộc\n\nFull name. name. required"
    assert "cột không bắt buộc" in told["months_covered"]
    assert "A yearly settlement covers 12; not given means 1" in told["months_covered"]


def test_only_the_row_of_names_can_be_read_as_the_header(tmp_path: Path) -> None:
    # The reader knows a column by its title too, and takes the first row that has all columns that are required.
    for record in contracts().values():
        sheet = Template(record, tmp_path).sheet
        titles = {str(cell.value) for cell in sheet[1]}
        assert any(column.column_required and column.title.vi not in titles for column in record.columns)


def test_columns_whose_values_are_needed_stand_out(spells: Template) -> None:
    bold = {str(cell.value): cell.font.b for cell in spells.sheet[2]}
    assert bold == {column.name: column.value_required for column in contract("spells").columns}


def test_codes_are_not_marked_as_numbers_stored_as_text(tmp_path: Path) -> None:
    import zipfile

    write_register_template(contract("spells"), tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<ignoredError sqref="A1:H1048576" numberStoredAsText="1"/>' in sheet


@pytest.mark.parametrize("table", contracts())
def test_the_guide_explains_every_column_and_check_in_both_languages(table: str, tmp_path: Path) -> None:
    record = contract(table)
    guide = texts(Template(record, tmp_path).book[GUIDE_SHEET])
    for column in record.columns:
        assert column.title.vi in guide and column.title.en in guide
        if column.note:
            assert column.note.vi.removesuffix(".") in guide and column.note.en.removesuffix(".") in guide
    for check in record.checks:
        assert check.reason.vi in guide and check.reason.en in guide
    assert f"Điền trang '{table}' từ dòng 3" in guide
    assert f"Fill in the sheet '{table}' from row 3" in guide


def test_the_guide_tells_the_key_and_what_a_newer_file_does(tmp_path: Path) -> None:
    guide = texts(Template(contract("declarations"), tmp_path).book[GUIDE_SHEET])
    assert "Không có hai dòng trùng month, employer_id, si_code." in guide
    assert "A newer file replaces the months that it holds." in guide


def test_a_template_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    from baophu.core.errors import BaophuError

    (tmp_path / "file").write_text("kept", encoding="utf-8")
    with pytest.raises(BaophuError, match="Cannot write"):
        write_register_template(contract("spells"), tmp_path / "file" / "spells.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
