"""Files as they come: which are tables, and what is said of those that are not."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baophu.core.errors import BaophuError
from baophu.targets.checking import read_targets
from baophu.targets.workbook import read_book

from .forms import Form, plain_rows, write_csv


def error_of(path: Path) -> BaophuError:
    with pytest.raises(BaophuError) as error:
        read_targets(path)
    return error.value


def test_a_cell_knows_its_place_and_how_it_is_shown(form: Form) -> None:
    form.sheet["C14"] = 0.45
    form.sheet["C14"].number_format = "0.0%"
    sheet = read_book(form.save()).sheets[0]
    cell = sheet.rows[13][2]
    assert (cell.place, cell.value, cell.percent, cell.text) == ("C14", 0.45, True, "45%")
    assert (sheet.rows[44][2].is_formula, sheet.rows[44][2].formula) == (True, "SUM(C11:C44)")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_of_a_csv_is_found(tmp_path: Path, separator: str) -> None:
    rows = read_book(write_csv(tmp_path / "a.csv", plain_rows(), separator)).sheets[0].rows
    assert [cell.text for cell in rows[0]] == ["Mã", "Tên đơn vị", "si_total", "si_voluntary"]
    assert rows[1][0].text == "01"


def test_a_byte_order_mark_is_no_part_of_the_first_heading(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", plain_rows(), encoding="utf-8-sig")
    assert read_book(path).sheets[0].rows[0][0].text == "Mã"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1258"])
def test_a_csv_in_another_encoding_is_told_how_to_save_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Mã,Tên đơn vị,si_total\n01,Hà Nội,5\n".encode(encoding, errors="ignore"))
    error = error_of(path)
    assert "CSV UTF-8" in error.say("vi")
    assert "CSV UTF-8" in error.say("en")


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert "tệp trống" in error_of(tmp_path / "a.xlsx").say("vi")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert "Không đọc được" in error_of(tmp_path / "none.xlsx").say("vi")


def test_an_empty_workbook_has_no_table(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    error = error_of(tmp_path / "a.xlsx")
    assert "Không thấy bảng chỉ tiêu" in error.say("vi")
    assert "baophu targets template" in error.say("en")


def test_a_zip_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "không phải bảng Excel hoặc bị hỏng" in error_of(tmp_path / "a.xlsx").say("vi")


def test_an_old_excel_file_is_told_how_to_save_it(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    assert "(.xls) hoặc có mật khẩu" in error_of(tmp_path / "a.xls").say("vi")


def test_a_stray_cell_at_the_end_of_the_sheet_is_told_and_does_not_fill_the_memory(form: Form) -> None:
    form.sheet["XFD1048576"] = "x"
    assert "Ctrl+End" in error_of(form.save()).say("vi")


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 250_000_000)
    assert "quá lớn" in error_of(tmp_path / "a.xlsx").say("vi")


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"Code,si_total\n"])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
def test_random_bytes_are_told_clearly_or_are_not_whole(tmp_path: Path, content: bytes, start: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(start + content)
    try:
        assert read_targets(path).faults
    except BaophuError as error:
        assert error.say("vi") != error.say("en")


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_a_workbook_with_one_part_garbled_is_told_clearly_or_checked(
    tmp_path: Path, good_bytes: bytes, data: st.DataObject
) -> None:
    with zipfile.ZipFile(BytesIO(good_bytes)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, max(len(parts[name]) - 1, 0)))
    parts[name] = parts[name][:at] + data.draw(st.binary(max_size=8)) + parts[name][at + 4 :]
    path = tmp_path / "garbled.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    try:
        read_targets(path)
    except BaophuError as error:
        assert error.mend is not None


@pytest.fixture(scope="module")
def good_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return Form(tmp_path_factory.mktemp("good") / "good.xlsx").save().read_bytes()
