"""The commands as a person runs them, in both languages."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baophu.core.errors import BaophuError
from baophu.core.languages import Language
from baophu.targets.commands import app

from .forms import Form


@dataclass
class Context:
    """What the program's own options give to the commands."""

    home: Path | None
    lang: Language = "vi"


@dataclass
class Program:
    context: Context

    def run(self, *arguments: object) -> str:
        result = CliRunner().invoke(app, [str(word) for word in arguments], obj=self.context, catch_exceptions=True)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    def english(self) -> Program:
        return Program(Context(self.context.home, "en"))


@pytest.fixture
def program(home: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LOGNAME", "lan")
    return Program(Context(home))


def test_a_form_goes_out_is_filled_in_and_comes_back(program: Program, form: Form, tmp_path: Path) -> None:
    said = program.run("template", "--out", tmp_path / "bieu-mau.xlsx")
    assert "Đã ghi biểu mẫu 403/NQ-CP cho các đơn vị thuộc Cả nước" in said
    said = program.run("import", form.save())
    assert "Đã nhận 68 chỉ tiêu của 403/NQ-CP, giao cho 34 đơn vị thuộc Cả nước (lần nạp số 1)." in said
    assert "Số người tham gia bảo hiểm xã hội, đến 31/12/2030: tổng 29.334.000 người, bằng số đã giao." in said.replace(
        "\u00a0", " "
    )
    assert "baophu targets undo 1" in said
    assert "there is nothing new" in program.english().run("import", form.path).lower()


def test_what_was_read_and_accepted_is_told(program: Program, form: Form) -> None:
    form["C11"], form["C12"] = "3.702.304", form.sheet["C12"].value + 5
    said = program.run("import", form.save(), "--accept-difference")
    assert "chênh +5" in said
    assert "Cần biết:" in said
    assert "Đã đọc như sau:\n  - Dòng 11, ô C11 (Thành phố Hà Nội): '3.702.304' Ô ở dạng chữ" in said


def test_a_bad_file_is_an_error_for_the_program_to_print(program: Program, form: Form, tmp_path: Path) -> None:
    form["C12"] = None
    with pytest.raises(BaophuError, match="1 place to mend"):
        program.run("import", form.save(), "--marked", tmp_path / "sua.xlsx")
    assert (tmp_path / "sua.xlsx").exists()


def test_the_form_of_a_province_is_asked_for_by_name(program: Program, tmp_path: Path) -> None:
    said = program.run("template", "--area", "Đồng Nai", "--out", tmp_path / "a.xlsx")
    assert "thuộc Thành phố Đồng Nai" in said


def test_the_list_tells_what_governs_and_what_was_superseded(program: Program) -> None:
    said = program.run("list", "--area", "00", "--indicator", "si_total")
    assert "403/NQ-CP" in said
    assert "ít nhất 29.334.000 người" in said.replace("\u00a0", " ")
    assert "còn hiệu lực" in said
    assert "at least" in program.english().run("list", "--area", "00")


def test_the_list_as_json_has_imported_and_decided_targets(program: Program, form: Form) -> None:
    program.run("import", form.save())
    rows = json.loads(program.run("list", "--indicator", "si_total", "--format", "json"))
    of_403 = [row for row in rows if row["number"] == "403/NQ-CP"]
    assert len(of_403) == 35  # the country, and each province
    assert [row["value"] for row in of_403 if row["area_code"] == "75"] == [1665856]
    assert all(row["governs"] for row in of_403)


def test_a_list_of_nothing_says_so(program: Program) -> None:
    assert "Không có chỉ tiêu nào như vậy." in program.run("list", "--area", "96", "--indicator", "hi_total")


def test_the_history_tells_who_when_and_what_stands(program: Program, form: Form) -> None:
    program.run("import", form.save())
    form["C12"], form["C13"] = form.sheet["C12"].value + 1, form.sheet["C13"].value - 1
    program.run("import", form.save())
    said = program.run("history").splitlines()
    assert " ".join(said[0].split()) == "Số Lúc Người nạp Tệp Quyết định Thuộc Chỉ tiêu Tình trạng"
    assert "đã thay thế" in said[1]
    assert "đang dùng" in said[2]
    assert all("lan" in line and "phu-luc.xlsx" in line and "403/NQ-CP" in line for line in said[1:3])


def test_an_import_is_undone_and_its_rows_are_kept(program: Program, form: Form) -> None:
    program.run("import", form.save())
    assert "Đã hủy lần nạp số 1. Các dòng của lần nạp này vẫn được lưu." in program.run("undo", "1")
    assert "lan hủy" in program.run("history")


def test_an_empty_history_says_how_to_begin_and_starts_nothing(program: Program, home: Path) -> None:
    assert "baophu targets import" in program.run("history")
    assert not home.exists()


def test_a_damaged_copy_is_made_again(program: Program, form: Form, home: Path) -> None:
    program.run("import", form.save())
    place = home / "warehouse" / "frozen" / "targets"
    shutil.rmtree(place / (place / "current").read_text().strip())
    with pytest.raises(BaophuError, match="damaged"):
        program.run("list")
    assert "Bản chụp đang dùng" in program.run("freeze")
    assert "403/NQ-CP" in program.run("list")


def test_freezing_where_there_is_no_desk_is_an_error(program: Program) -> None:
    with pytest.raises(BaophuError, match="There is no desk"):
        program.run("freeze")
