"""`baophu law what-if` as a person meets it: tables, JSON, a workbook; the example of the documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import typer
from typer.testing import CliRunner, Result

from baophu.core.errors import BaophuError
from baophu.law import what_if_commands
from law.what_if_home import DECLARED, MORE, PAID, code, make_home

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "what-if.md"

app = typer.Typer()
app.command("what-if")(what_if_commands.what_if)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("what-if-command"))


@pytest.fixture(scope="module")
def reform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the example that the documentation shows."""
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path_factory.mktemp("reform") / "reform.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def run(home: Path, *words: object, lang: str = "en") -> Result:
    asked = SimpleNamespace(lang=lang, home=home)
    done = CliRunner().invoke(app, [str(word) for word in words], obj=asked, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_the_example_of_the_documentation_is_shown(home: Path, reform: Path) -> None:
    said = run(home, reform).stdout
    assert re.search(r"reference_level .* 2,530,000.* 2,700,000", said)
    assert re.search(r"Due to the social insurance fund +[\d,]+ +[\d,]+ +\+[\d,]+", said)
    assert re.search(r"Newly at the floor \(social insurance\) +5", said)
    assert "Lang Son" in said
    assert "no effect on" in said


def test_it_speaks_both_languages(home: Path, reform: Path) -> None:
    said = run(home, reform, lang="vi").stdout
    assert "Mới ở mức sàn (BHXH)" in said
    assert "Lạng Sơn" in said
    assert "không ảnh hưởng đến" in said
    assert "no effect" not in said


def test_programs_get_whole_numbers_and_codes(home: Path, reform: Path) -> None:
    found = json.loads(run(home, reform, "--format", "json", "--month", "2026-10").stdout)
    assert found["version"] == 1
    (month,) = found["months"]
    assert (month["month"], month["law_month"]) == ("2026-10", "2026-10")
    by_group = {row["group_code"]: row for row in month["by_group_code"]}
    assert by_group["m"]["worker_before"] == 2_530_000 * 25 // 100
    assert by_group["m"]["worker_change"] == 170_000 * 25 // 100
    places = {row["place"]: row for row in month["voluntary_by_place"]}
    assert places["20"]["state_support_change"] == 2 * 330_000 * 20 // 100
    level, support = found["values"][:2]
    assert (level["name"], level["before"], level["after"], level["scale"]) == ("reference_level", 2530000, 2700000, 0)
    assert (support["dims"], support["before"], support["after"]) == ({"support_group": "near_poor"}, 40, 60)
    assert found["values"][2]["before"] is None
    assert found["switches"] == {"foreign_unemployment": {"before": "not_covered", "after": "covered"}}


def test_the_law_of_another_month(home: Path, reform: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.json"
    done = run(home, reform, "--format", "json", "--out", out, "--month", "2026-09", "--law-of", "2027-01")
    (month,) = json.loads(out.read_text(encoding="utf-8"))["months"]
    assert (month["month"], month["law_month"]) == ("2026-09", "2027-01")
    assert "WARNING: regional_minimum_wage[region=I] was verified until 31 Dec 2026 only." in done.stderr
    assert "Written:" in done.stderr


def test_the_workbook_has_a_sheet_a_table_with_numbers_as_numbers(home: Path, reform: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.xlsx"
    run(home, reform, "--format", "xlsx", "--out", out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[0] == "Reform"
    sheet = book["2026-10 3 by_group_code"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (owners,) = [row for row in rows if row[0] == "m: business household owner"]
    assert owners[1:6] == [1, 1, 632_500, 675_000, 42_500]
    assert any(name.endswith("voluntary_by_place") for name in book.sheetnames)


def test_nothing_personal_comes_out(home: Path, reform: Path, tmp_path: Path) -> None:
    run(home, reform, "--format", "xlsx", "--out", tmp_path / "found.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "found.xlsx").worksheets
    written = " ".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)
    written += run(home, reform).stdout + run(home, reform, "--format", "json").stdout
    numbers = [code(number) for number in range(len(DECLARED) + len(PAID) + 1)]
    assert not any(number in written for number in numbers)
    assert "Don vi" not in written
    # Employers with few workers are not named.
    assert "DN1" in written
    assert MORE[0] not in written
    assert "HO3" not in written


def test_a_wrong_month_or_form_is_told(home: Path, reform: Path, tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match="'2026-13' is not a month"):
        run(home, reform, "--month", "2026-13")
    with pytest.raises(BaophuError, match="--out needs"):
        run(home, reform, "--out", tmp_path / "x")
