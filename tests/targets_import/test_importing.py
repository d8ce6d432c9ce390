"""Files that come in: the good one goes in whole; of each bad one everything is told, and nothing is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.targets.checking import Checked, read_targets
from baophu.targets.decisions import decided_targets, decision, governing, merged
from baophu.targets.importing import ImportReport, import_targets, undo
from baophu.targets.snapshot import imported_targets
from baophu.targets.template import SHEET, write_template

from .forms import Form, plain_rows, row_of, shares, write_csv

pytestmark = pytest.mark.postgres


def take(path: Path, home: Path, **more: object) -> ImportReport:
    return import_targets(path, home, actor="lan", **more)  # type: ignore[arg-type]


def check(path: Path, **more: object) -> Checked:
    return read_targets(path, known=decided_targets(), **more)  # type: ignore[arg-type]


def told(checked: Checked) -> list[str]:
    """The faults as two lines of words each, Vietnamese and English."""
    return [fault.problem.say("vi") + "\n" + fault.problem.say("en") for fault in checked.faults]


def only_fault(form: Form) -> str:
    (words,) = told(check(form.save()))
    return words


# The good file


def test_the_good_file_goes_in_with_exact_values(form: Form, home: Path) -> None:
    report = take(form.save(), home)
    assert (report.taken, report.checked.units_read, report.already) == (68, 34, False)
    assert (report.decision.id, report.parent.code) == ("nq-403-2025", "00")
    assert [(result.total, result.difference) for result in report.checked.sums] == [(29_334_000, 0), (2_444_500, 0)]
    found = imported_targets(home)
    assert len(found) == 68
    columns = {"si_total": "C", "si_voluntary": "D"}
    assert {(one.area_code, columns[one.indicator]): one.value for one in found} == shares()
    assert {(one.period_end, one.base_date, one.direction, one.scope) for one in found} == {
        (date(2030, 12, 31), date(2025, 12, 31), "at_least", "all")
    }
    assert found[0].decision == decision("403/NQ-CP")
    assert found[0].source.startswith("phu-luc.xlsx (")


def test_an_imported_target_takes_the_place_of_the_programs_own(form: Form, home: Path) -> None:
    form["C11"], form["C37"] = 3_702_303, 1_665_857  # Hà Nội one less, Đồng Nai one more
    report = take(form.save(), home)
    warned = [remark.problem.say("vi") for remark in report.checked.warnings]
    assert len(warned) == 2
    assert warned[1].startswith("Dòng 37, ô C37 (Thành phố Đồng Nai): '1665857' Số đã biết")
    assert "của quyết định này là 1.665.856" in warned[1]
    assert "số cũ vẫn được giữ" in warned[1]
    stands = governing(merged(decided_targets(), imported_targets(home)))
    assert stands["si_total", "75", "all", date(2030, 12, 31)].value == 1_665_857


def test_the_same_file_twice_is_recognised(form: Form, home: Path) -> None:
    first = take(form.save(), home)
    again = take(form.path, home)
    assert (again.already, again.taken, again.import_id) == (True, 0, first.import_id)
    assert len(imported_targets(home)) == 68


def test_a_second_file_of_the_decision_replaces_the_first_and_can_be_undone(form: Form, home: Path) -> None:
    take(form.save(), home)
    form["C12"], form["C13"] = int(shares()["04", "C"]) - 7, int(shares()["08", "C"]) + 7
    second = take(form.save(), home)
    subject = ("si_total", "04", "all", date(2030, 12, 31))
    assert governing(imported_targets(home))[subject].value == shares()["04", "C"] - 7
    undo(home, actor="minh", import_id=second.import_id)
    assert governing(imported_targets(home))[subject].value == shares()["04", "C"]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_bare_csv_with_ids_or_names_for_headings_is_read(tmp_path: Path, separator: str, home: Path) -> None:
    names = {"total": "Tổng số người tham gia BHXH năm 2030", "voluntary": "Số người tham gia BHXH tự nguyện"}
    path = write_csv(tmp_path / "a.csv", plain_rows(code="Mã tỉnh", **names), separator)
    assert take(path, home, decision_word="403/NQ-CP").taken == 68


def test_titles_above_footnotes_below_and_columns_beside_do_not_disturb(tmp_path: Path) -> None:
    rows = [["PHỤ LỤC", "", "", "", ""], ["", "Đơn vị tính: người", "", "", ""]]
    rows += [[*row, "Ghi chú" if number == 0 else "đã rà soát"] for number, row in enumerate(plain_rows())]  # type: ignore[list-item]
    rows.insert(3, ["(1)", "(2)", "(3)", "(4)", "(5)"])
    rows += [["", "Tổng cộng", "29334000", "2444500", ""], ["Ghi chú: số liệu làm tròn", "", "", "", ""]]
    rows += [["", "", "Hà Nội; ngày 10 tháng 12 năm 2025", "", ""], ["", "", "TM. CHÍNH PHỦ", "", ""]]
    checked = check(write_csv(tmp_path / "a.csv", rows), decision_word="403/NQ-CP")
    assert told(checked) == []
    assert len(checked.targets) == 68
    (note,) = checked.notes
    assert note.problem.say("vi").startswith("Dòng 3, ô E3: 'Ghi chú' Cột này không phải chỉ tiêu")


def test_a_code_that_lost_its_zero_is_mended_where_the_name_agrees_and_told(form: Form) -> None:
    form["A11"] = 1
    checked = check(form.save())
    assert told(checked) == []
    (note,) = checked.notes
    assert note.problem.say("vi") == (
        "Dòng 11, ô A11 (Thành phố Hà Nội): '1' " + "Mã bị mất số 0 ở đầu; đã đọc là 01 vì khớp tên."
    )
    assert "read as 01" in note.problem.say("en")


def test_figures_written_as_text_are_read_and_told(form: Form) -> None:
    form["C11"], form["C37"] = "3.702.304", "1,665,856"
    checked = check(form.save())
    assert told(checked) == []
    assert [note.problem.where.vi for note in checked.notes] == [
        "Dòng 11, ô C11 (Thành phố Hà Nội)",
        "Dòng 37, ô C37 (Thành phố Đồng Nai)",
    ]


# The bad ones: one thing broken, the exact place and reason told


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (None, "còn trống", "is empty"),
        (-5, "không thể âm", "cannot be negative"),
        (0.45, "không phải tỷ lệ", "not a share"),
        ("45 %", "không phải tỷ lệ phần trăm", "not a percentage"),
        (1665.856, "cần số nguyên", "needs a whole number"),
        ("1.665.856 người", "ví dụ 1665856", "such as 1665856"),
        ("=1+1", "chưa có kết quả", "no result yet"),
    ],
)
def test_a_wrong_figure_is_told_at_its_cell(form: Form, value: object, vi: str, en: str) -> None:
    form["C37"] = value
    words = only_fault(form)
    assert "Dòng 37, ô C37 (Thành phố Đồng Nai):" in words
    assert "Row 37, cell C37 (Dong Nai City):" in words
    assert vi in words
    assert en in words


def test_a_cell_formatted_as_a_percentage_is_told(form: Form) -> None:
    form["C37"] = 1
    form.sheet["C37"].number_format = "0%"
    assert "ô C37 (Thành phố Đồng Nai): '100%' Cột này cần số lượng (người), không phải tỷ lệ phần trăm" in only_fault(
        form
    )


def test_a_unit_that_is_missing_is_named(form: Form) -> None:
    form.sheet.delete_rows(row_of("22"))
    words = only_fault(form)
    assert "Cả bảng (22 Thành phố Quảng Ninh): Bảng thiếu đơn vị này." in words
    assert "The table (22 Quang Ninh City): This unit is not there." in words


def test_each_of_several_missing_units_is_named(form: Form) -> None:
    for code in ("96", "22", "04"):
        form.sheet.delete_rows(row_of(code))
    assert [fault.about.vi for fault in check(form.save()).faults] == [
        "04 Tỉnh Cao Bằng",
        "22 Thành phố Quảng Ninh",
        "96 Tỉnh Cà Mau",
    ]


def test_a_unit_that_is_there_twice_is_told_with_both_places(form: Form) -> None:
    form["A13"], form["B13"] = "04", "Cao Bằng"
    faults = told(check(form.save()))
    assert "Dòng 13, ô A13 (Tỉnh Cao Bằng): '04' Đơn vị này có hai lần, lần đầu ở ô A12" in faults[0]
    assert "twice, first in A12" in faults[0]
    assert "08 Tỉnh Tuyên Quang" in faults[1]


def test_an_unknown_code_is_told_with_what_the_name_means(form: Form) -> None:
    form[f"A{row_of('25')}"] = "99"
    words = only_fault(form)
    assert "Không có đơn vị hành chính nào là '99'. Theo tên thì mã là 25 (Tỉnh Phú Thọ)." in words
    assert "By its name the code is 25 (Phu Tho Province)." in words


def test_a_lost_zero_is_not_mended_where_the_name_says_otherwise(form: Form) -> None:
    form["A11"], form["B11"] = 1, "Thủ đô"
    words = "\n".join(told(check(form.save())))
    assert "ô A11 (Thủ đô): '1'" in words
    assert "mất số 0 ở đầu" in words


def test_a_code_from_before_the_merger_is_told_where_it_went(form: Form) -> None:
    form["A37"], form["B37"] = "77", "Bà Rịa - Vũng Tàu"
    words = "\n".join(told(check(form.save())))
    assert "Dòng 37, ô A37 (Bà Rịa - Vũng Tàu): '77'" in words
    assert "Nay thuộc: 79 (Thành phố Hồ Chí Minh)" in words
    assert "Its area is now in: 79" in words


def test_a_name_that_does_not_fit_its_code_is_told(form: Form) -> None:
    place = f"B{row_of('24')}"
    form[place] = "Bắc Giang"
    words = only_fault(form)
    assert f"ô A{row_of('24')} (Bắc Giang): '24' Mã 24 là Thành phố Bắc Ninh, không phải 'Bắc Giang'." in words
    assert "The code 24 is Bac Ninh City, not 'Bắc Giang'." in words


@pytest.mark.parametrize("name", ["TP. Hồ Chí Minh", "tp hồ chí minh", "TP.HCM", "HO CHI MINH", "Hồ Chí Minh"])
def test_a_name_may_be_written_as_offices_write_it(form: Form, name: str) -> None:
    form[f"B{row_of('79')}"] = name
    assert told(check(form.save())) == []


def test_a_unit_of_another_level_is_told(form: Form) -> None:
    commune = tree().children("75")[0]
    form["A13"], form["B13"] = commune.code, commune.full_name
    words = "\n".join(told(check(form.save())))
    assert f"{commune.full_name} không trực thuộc Cả nước" in words


def test_a_part_above_its_whole_is_told(form: Form) -> None:
    form["D37"] = 1_665_857
    words = only_fault_besides_the_sum(form)
    assert "Dòng 37, ô D37 (Thành phố Đồng Nai): '1665857' Lớn hơn 1.665.856" in words
    assert "ô C37, mà chỉ là một phần của 'Số người tham gia bảo hiểm xã hội'" in words
    assert "in C37, and only a part of" in words


def only_fault_besides_the_sum(form: Form) -> str:
    faults = [words for words in told(check(form.save())) if "Cộng các đơn vị" not in words]
    (words,) = faults
    return words


@pytest.mark.parametrize(("more", "vi", "en"), [(5, "chênh +5", "difference of +5"), (-5, "chênh −5", "of −5")])
def test_a_sum_that_differs_is_told_with_its_sign(form: Form, more: int, vi: str, en: str) -> None:
    form["C12"] = shares()["04", "C"] + more
    words = only_fault(form)
    assert "Dòng 10, ô C10:" in words
    assert vi in words
    assert en in words
    assert "--accept-difference" in words


def test_a_sum_that_differs_is_taken_when_accepted_and_stays_in_the_record(form: Form, home: Path) -> None:
    form["C12"] = shares()["04", "C"] + 5
    report = take(form.save(), home, accept_difference=True)
    assert report.taken == 68
    assert [result.difference for result in report.checked.sums] == [5, 0]
    from baophu.desk.models import AuditRecord

    (remark,) = AuditRecord.objects.get().detail["remarks"]
    assert "a difference of +5" in remark


def test_a_total_row_that_contradicts_the_units_is_told(tmp_path: Path) -> None:
    rows = [*plain_rows(), ["", "Tổng cộng", 29_334_001, 2_444_500]]
    (words,) = told(check(write_csv(tmp_path / "a.csv", rows), decision_word="403/NQ-CP"))
    assert "Dòng 36, ô C36: '29334001' Cộng các đơn vị được 29.334.000" in words


def test_figures_without_a_code_are_not_passed_over(form: Form) -> None:
    form["A37"] = None
    words = only_fault(form)
    assert "ô A37 (Thành phố Đồng Nai): Thiếu mã đơn vị. Theo tên thì mã là 75" in words


def test_a_column_told_with_a_wrong_id_is_told_what_was_meant(form: Form) -> None:
    form["D5"] = "si_voluntry"
    words = only_fault(form)
    assert "Dòng 5, ô D5: 'si_voluntry'" in words
    assert "si_voluntary" in words


def test_one_indicator_twice_for_one_day_is_told(form: Form) -> None:
    form["D5"] = "si_total"
    assert "Cột này giao cùng chỉ tiêu và cùng ngày với cột ở ô C10" in "".join(told(check(form.save())))


@pytest.mark.parametrize(
    ("place", "value", "vi"),
    [
        ("C6", "có cả quân đội", "Ghi một trong các cách: kể cả lực lượng vũ trang"),
        ("C7", "31/13/2025", "không phải là ngày"),
        ("C8", "hết 2030", "không phải là ngày"),
        ("C9", "hơn hẳn", "Ghi một trong các cách: ít nhất / không quá"),
        ("C7", "31/12/2031", "phải trước 'Đến ngày'"),
    ],
)
def test_what_is_told_above_a_column_is_checked(form: Form, place: str, value: str, vi: str) -> None:
    form[place] = value
    assert vi in only_fault(form)


def test_a_file_of_no_known_decision_says_how_to_name_it(tmp_path: Path) -> None:
    rows = plain_rows(total="Số người tham gia BHXH năm 2030", voluntary="Số người tham gia BHXH tự nguyện năm 2030")
    (words,) = told(check(write_csv(tmp_path / "a.csv", rows)))
    assert "Cả bảng: Chưa biết quyết định nào giao. Thêm --decision" in words


def test_a_file_and_an_option_that_name_two_decisions_are_told(form: Form) -> None:
    (words,) = [one for one in told(check(form.save(), decision_word="2440/BHXH-TCCB")) if "Trang" in one]
    assert "Trang 'Quyết định', dòng 2, ô B2: '403/NQ-CP' Tệp ghi quyết định này" in words


@pytest.mark.sqlite
def test_all_that_is_wrong_is_told_at_once_and_nothing_is_taken(form: Form, home: Path, tmp_path: Path) -> None:
    form["C12"], form["D13"], form["A14"], form["C37"] = None, -1, "77", 0.5
    form.sheet.delete_rows(row_of("96"))
    with pytest.raises(BaophuError) as error:
        take(form.save(), home)
    said = error.value.say("vi").splitlines()
    assert said[0] == "phu-luc.xlsx có 5 chỗ cần sửa. Chưa nhận gì từ tệp này."
    assert [line.split(":")[0].strip(" -") for line in said[1:-1]] == [
        "Cả bảng (96 Tỉnh Cà Mau)",
        "Dòng 12, ô C12 (Tỉnh Cao Bằng)",
        "Dòng 13, ô D13 (Tỉnh Tuyên Quang)",
        "Dòng 14, ô A14 (Tỉnh Điện Biên)",
        "Dòng 37, ô C37 (Thành phố Đồng Nai)",
    ]
    assert "phu-luc-can-sua.xlsx" in said[-1]
    assert imported_targets(home) == []
    assert not home.exists()


# The file that is given back


def test_the_file_given_back_marks_each_wrong_cell_and_can_be_mended(form: Form, home: Path, tmp_path: Path) -> None:
    form["C12"], form["D37"] = "nhiều", -1
    marked = tmp_path / "back" / "sua.xlsx"
    with pytest.raises(BaophuError) as error:
        take(form.save(), home, marked=marked)
    assert str(marked) in error.value.say("vi")
    book = openpyxl.load_workbook(marked)
    sheet = book[SHEET]
    coloured = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFF6D5CC"]
    assert coloured == ["C12", "D37"]
    assert sheet["D37"].comment is not None
    assert "Số được giao không thể âm." in sheet["D37"].comment.text
    assert "cannot be negative" in sheet["D37"].comment.text
    assert (sheet["A11"].value, sheet["C45"].value) == ("01", "=SUM(C11:C44)")
    assert [row[0].value for row in book["Cần sửa"].iter_rows(min_row=2)] == [
        "Dòng 12, ô C12 (Tỉnh Cao Bằng)",
        "Dòng 37, ô D37 (Thành phố Đồng Nai)",
    ]
    sheet["C12"], sheet["D37"] = shares()["04", "C"], shares()["75", "D"]
    book.save(marked)
    assert take(marked, home).taken == 68


def test_a_marked_copy_in_which_somebody_works_is_not_written_over(form: Form, home: Path, tmp_path: Path) -> None:
    form["C12"] = None
    form.save()
    for _ in range(3):
        with pytest.raises(BaophuError):
            take(form.path, home)
    names = ["phu-luc-can-sua-2.xlsx", "phu-luc-can-sua-3.xlsx", "phu-luc-can-sua.xlsx", "phu-luc.xlsx"]
    assert sorted(path.name for path in tmp_path.glob("*.xlsx")) == names


def test_a_csv_is_given_back_as_a_workbook(tmp_path: Path, home: Path) -> None:
    rows = plain_rows()
    rows[1][2] = "=HYPERLINK(1)"
    path = write_csv(tmp_path / "a.csv", rows)
    with pytest.raises(BaophuError):
        take(path, home, decision_word="403/NQ-CP")
    sheet = openpyxl.load_workbook(tmp_path / "a-can-sua.xlsx")["Bảng"]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=HYPERLINK(1)", "s")


def test_the_senders_file_is_never_written_over(form: Form, home: Path) -> None:
    form["C12"] = None
    before = form.save().read_bytes()
    with pytest.raises(BaophuError) as error:
        take(form.path, home, marked=form.path)
    assert form.path.read_bytes() == before
    assert "Không ghi bản đánh dấu đè lên tệp gốc" in error.value.say("vi")
    assert "ô C12" in error.value.say("vi")


# A province breaks its target down


@pytest.fixture
def province(tmp_path: Path) -> openpyxl.Workbook:
    """The form of Đồng Nai, its figures filled in and its own decision named."""
    path = tmp_path / "dong-nai.xlsx"
    write_template(decision("403/NQ-CP"), path, parent_code="75", known=decided_targets())
    book = openpyxl.load_workbook(path)
    communes = tree().children("75")
    for column, total in (("C", 1_665_856), ("D", 52_763)):
        for number in range(len(communes)):
            book[SHEET][f"{column}{11 + number}"] = total // len(communes) + (number < total % len(communes))
    for row, value in enumerate(
        ("215/QĐ-UBND", "20/01/2026", "UBND thành phố Đồng Nai", "Giao chỉ tiêu BHXH cấp xã"), 2
    ):
        book["Quyết định"][f"B{row}"] = value
    return book


def test_a_province_breaks_its_target_down_under_its_own_decision(
    province: openpyxl.Workbook, tmp_path: Path, home: Path
) -> None:
    province.save(tmp_path / "dong-nai.xlsx")
    report = take(tmp_path / "dong-nai.xlsx", home)
    assert (report.parent.code, report.decision.id) == ("75", "215-qd-ubnd-75-2026")
    assert report.taken == 2 * len(tree().children("75"))
    assert [result.difference for result in report.checked.sums] == [0, 0]
    own = imported_targets(home)[0].decision
    assert (own.number, own.title.vi, own.issued.on) == ("215/QĐ-UBND", "Giao chỉ tiêu BHXH cấp xã", date(2026, 1, 20))
    assert (own.issuer.vi, own.rank, own.sources) == ("UBND thành phố Đồng Nai", "decided", ("dong-nai.xlsx",))


def test_country_and_province_stand_side_by_side(
    province: openpyxl.Workbook, form: Form, tmp_path: Path, home: Path
) -> None:
    province.save(tmp_path / "dong-nai.xlsx")
    take(tmp_path / "dong-nai.xlsx", home)
    take(form.save(), home)
    assert len(imported_targets(home)) == 68 + 2 * len(tree().children("75"))


@pytest.mark.parametrize(("row", "label"), [(3, "Ngày ban hành"), (4, "Cơ quan ban hành"), (5, "Trích yếu")])
def test_a_decision_that_is_new_needs_its_facts(
    province: openpyxl.Workbook, tmp_path: Path, row: int, label: str
) -> None:
    province["Quyết định"][f"B{row}"] = None
    province.save(tmp_path / "dong-nai.xlsx")
    (words,) = told(check(tmp_path / "dong-nai.xlsx"))
    assert f"Cả bảng ({label}): Chưa điền." in words


def test_a_sum_below_an_unknown_figure_is_noted(province: openpyxl.Workbook, tmp_path: Path) -> None:
    province.save(tmp_path / "dong-nai.xlsx")
    checked = read_targets(tmp_path / "dong-nai.xlsx", known=())
    assert told(checked) == []
    assert "Chưa biết số giao cho Thành phố Đồng Nai" in checked.notes[0].words.vi


def test_communes_whose_codes_lost_their_zeros_are_mended(tmp_path: Path) -> None:
    communes = tree().children("01")
    assert any(area.code.startswith("00") for area in communes)
    head = [["Số, ký hiệu quyết định", "9/QĐ-UBND", ""], ["Ngày ban hành", "20/01/2026", ""]]
    head += [["Cơ quan ban hành", "UBND thành phố Hà Nội", ""], ["Trích yếu", "Giao chỉ tiêu", ""]]
    rows = [[str(int(area.code)), area.full_name, 10] for area in communes]
    table = [["Mã xã", "Tên xã", "Số người tham gia BHXH đến 31/12/2030"], *rows]
    checked = check(write_csv(tmp_path / "a.csv", [*head, *table], ";"), accept_difference=True)
    assert told(checked) == []
    assert {target.area_code for target in checked.targets} == {area.code for area in communes}
    assert sum("mất số 0" in note.words.vi for note in checked.notes) == sum(area.code[0] == "0" for area in communes)


# Shares


def test_shares_stay_exact(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "a.xlsx"
    name = "si_coverage_working_age_lf"
    write_template(
        decision("883-CTr/BCSĐ"), path, indicators=[name], period_end=date(2030, 12, 31), known=decided_targets()
    )
    book = openpyxl.load_workbook(path)
    for number, area in enumerate(tree().provinces):
        if area.code != "15":
            book[SHEET][f"C{11 + number}"] = 0.600001 if number == 0 else 0.6
    book["Quyết định"]["B3"] = None
    book.save(path)
    assert take(path, home).taken == 34
    values = {target.area_code: target.value for target in imported_targets(home)}
    assert (values["01"], values["04"], values["15"]) == (Decimal("0.600001"), Decimal("0.6"), Decimal("0.45"))


# What cannot be written


def test_a_home_that_cannot_be_written_to_is_told_and_nothing_changes(form: Form, tmp_path: Path, home: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BaophuError) as error:
        take(form.save(), tmp_path / "file" / "home")
    assert "Không tạo được thư mục" in error.value.say("vi")
    assert (tmp_path / "file").read_text() == "not a folder"


# Whatever is damaged, nothing false is taken

Damage = Callable[[Form], None]
_JUNK = st.sampled_from([None, "x", "12a", "-3", -3, 0.5, 1.5, "50%", "1.5", "#N/A", "=1/0", True, date(2030, 1, 1)])


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """One thing that makes a good form wrong."""
    kind = draw(st.sampled_from(["figure", "code", "drop", "twice", "name", "more"]))
    row = draw(st.integers(11, 44))
    column = draw(st.sampled_from("CD"))
    if kind == "figure":
        junk = draw(_JUNK)
        return lambda form: form.__setitem__(f"{column}{row}", junk)
    if kind == "code":
        junk = draw(st.sampled_from([None, "", "x", "00", "77", "99", "1000", 3.5, "02"]))
        return lambda form: form.__setitem__(f"A{row}", junk)
    if kind == "drop":
        return lambda form: form.sheet.delete_rows(row)
    if kind == "twice":
        other = draw(st.integers(11, 44).filter(lambda number: number != row))
        return lambda form: form.__setitem__(f"A{row}", form.sheet[f"A{other}"].value)
    if kind == "name":
        return lambda form: form.__setitem__(f"B{row}", "Xứ Thần Tiên")
    extra = draw(st.integers(1, 10**6))
    return lambda form: form.__setitem__(f"{column}{row}", form.sheet[f"{column}{row}"].value + extra)


@given(damages())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_a_form_with_one_thing_wrong_is_never_whole(tmp_path: Path, damage: Damage) -> None:
    form = Form(tmp_path / "phu-luc.xlsx")
    damage(form)
    checked = check(form.save())
    assert checked.faults
    assert checked.targets == []
    assert all(fault.problem.say("vi") and fault.problem.say("en") for fault in checked.faults)
