import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from baophu.core.errors import BaophuError, UnknownName
from baophu.core.languages import Language
from baophu.registers.commands import app as registers_app
from baophu.registers.contracts import contract, contracts

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `baophu registers …` as cli.py does, in an empty folder, and returns what it prints."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str, lang: Language = "en") -> str:
        app = typer.Typer()

        @app.callback()
        def main(ctx: typer.Context) -> None:
            ctx.obj = SimpleNamespace(lang=lang, home=tmp_path / "home")

        app.add_typer(registers_app, name="registers")
        result = CliRunner().invoke(app, ["registers", *words])
        if isinstance(result.exception, BaophuError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return call


def words_of(line: str) -> str:
    return " ".join(line.split())


def test_list_tells_every_table_its_key_and_what_a_newer_file_does(run: Run) -> None:
    lines = [words_of(line) for line in run("list", lang="vi").splitlines()]
    assert (
        "declarations Kê khai tiền lương làm căn cứ đóng month, employer_id, si_code thay các tháng có trong tệp"
        in (lines)
    )
    assert "other_receipts Khoản thu ngoài đơn vị sử dụng lao động – thay các tháng có trong tệp có" in lines
    assert [line.split()[0] for line in lines if line.split()[0] in contracts()] == list(contracts())


def test_list_as_json_is_whole(run: Run) -> None:
    tables = json.loads(run("list", "--format", "json"))
    assert [one["table"] for one in tables] == list(contracts())
    assert tables[-1] == {
        "table": "reported_indicators",
        "title": "Reported indicators",
        "owner": "The ministries, agencies and provinces that report",
        "key": ["area_code", "period", "indicator"],
        "replaces": "whole",
        "month_column": None,
        "optional": False,
    }


def test_show_tells_columns_with_their_limits_and_checks_with_their_reasons(run: Run) -> None:
    text = words_of(run("show", "payments"))
    assert "Table payments: Payments" in text
    assert "amount Amount money (whole VND) required A negative amount is a refund." in text
    assert "amount_not_zero amount rejected The amount is 0" in text
    assert "từ 0 đến 31; bỏ trống là 0" in words_of(run("show", "declarations", lang="vi"))
    assert "Optional yes" in words_of(run("show", "offices"))


def test_show_never_breaks_a_name_that_can_be_typed_back(run: Run) -> None:
    for table, record in contracts().items():
        lines = run("show", table, lang="vi").splitlines()
        first = {line.split()[0] for line in lines if line.strip()}
        assert {column.name for column in record.columns} <= first
        assert {check.id for check in record.checks} <= first


def test_show_as_json_has_what_a_program_needs(run: Run) -> None:
    shown = json.loads(run("show", "tax_income", "--format", "json", lang="vi"))
    columns = {column["name"]: column for column in shown["columns"]}
    assert list(columns) == [column.name for column in contract("tax_income").columns]
    assert columns["months_covered"]["default"] == "1"
    assert (columns["months_covered"]["least"], columns["months_covered"]["most"]) == (1, 12)
    assert columns["contract"]["values"]["labour"] == "hợp đồng lao động"
    assert columns["pid"]["personal"] is True
    assert columns["tax_code"]["personal_digits"] == [12]
    assert shown["checks"][0]["level"] == "warn"
    assert shown["month_column"] == "month"


def test_show_proposes_a_table_for_a_word_that_is_none(run: Run) -> None:
    with pytest.raises(UnknownName) as error:
        run("show", "participant")
    assert error.value.say("en").startswith("There is no table 'participant'.\nDid you mean: participants")


@pytest.mark.parametrize("flag", [[], ["--xlsx"]])
def test_template_is_written_under_the_name_of_the_table(run: Run, tmp_path: Path, flag: list[str]) -> None:
    assert run("template", "employers", *flag) == "The template of employers was written to employers.xlsx.\n"
    assert openpyxl.load_workbook(tmp_path / "employers.xlsx").sheetnames[0] == "employers"


def test_template_is_written_where_it_is_wanted(run: Run, tmp_path: Path) -> None:
    text = run("template", "employers", "--xlsx", "--out", "mau/don-vi.xlsx", lang="vi")
    assert text == "Đã ghi biểu mẫu employers vào mau/don-vi.xlsx.\n"
    assert (tmp_path / "mau" / "don-vi.xlsx").exists()


def test_template_of_an_unknown_table_writes_nothing(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        run("template", "employer", "--xlsx")
    assert list(tmp_path.iterdir()) == []


def test_every_help_is_in_both_languages() -> None:
    group = typer.main.get_command(registers_app)
    assert group.help is not None and " / " in group.help
    for command in group.commands.values():  # type: ignore[attr-defined]
        assert " / " in command.help
        assert all(" / " in parameter.help for parameter in command.params)
