"""All that is held of a person: every row of his and of nobody else, for a purpose that is noted."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from baophu.cli import Settings, app
from baophu.core.errors import BaophuError
from baophu.registers.loading import load
from baophu.registers.store import ledger_file

PID, SI, OTHER_PID, OTHER_SI = "001090000017", "0100000017", "001090000025", "0100000025"
FILES = {
    "participants.csv": "si_code,pid,full_name,birth_date,sex,commune_code,registered_on\n"
    f"{SI},{PID},Đỗ Thị Tuyết Sương,1990-02-03,F,00004,2020-01-01\n"
    f"{OTHER_SI},{OTHER_PID},Lê Văn An,1990-02-03,M,00004,2020-01-01\n",
    "declarations.csv": "month,employer_id,si_code,group_code,wage\n"
    f"2026-09-01,DN1,{SI},a,4000000\n2026-09-01,DN1,{OTHER_SI},a,5000000\n",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
        load([tmp_path / name], tmp_path / "home")
    return tmp_path / "home"


def held(home: Path, out: Path, purpose: str, given: str) -> Result:
    words = ["registers", "held", "--out", str(out), "--purpose", purpose]
    return CliRunner().invoke(app, words, obj=Settings("en", home), input=given)


def test_every_row_of_the_person_is_there_and_of_nobody_else(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "held.xlsx"
    said = held(home, out, "Đơn 12/CV", PID)
    assert said.exit_code == 0, said.output
    assert "2 rows of 2 tables" in said.output
    book = openpyxl.load_workbook(out)
    assert set(book.sheetnames) == {"What is held", "participants", "declarations"}
    text = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "Đỗ Thị Tuyết Sương" in text and SI in text and "4000000" in text
    assert "Lê Văn An" not in text and OTHER_SI not in text and "5000000" not in text
    assert PID not in said.output


def test_the_purpose_is_noted_and_the_person_is_not(home: Path, tmp_path: Path) -> None:
    held(home, tmp_path / "held.xlsx", "Đơn 12/CV", SI)
    ledger = ledger_file(home).read_text(encoding="utf-8")
    assert "Đơn 12/CV" in ledger.splitlines()[-1]
    assert PID not in ledger and SI not in ledger


@pytest.mark.parametrize("purpose", ["", f"cho {PID}"])
def test_without_a_purpose_that_names_nobody_nothing_is_written(home: Path, tmp_path: Path, purpose: str) -> None:
    said = held(home, tmp_path / "held.xlsx", purpose, PID)
    assert isinstance(said.exception, BaophuError)
    assert not (tmp_path / "held.xlsx").exists()
