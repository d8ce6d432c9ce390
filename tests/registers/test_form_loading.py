"""A monthly list and a first registration as employers send them: what goes on, what goes back, and out again."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from form_books import (
    ALLOWANCE,
    BORN,
    CODE,
    EMPLOYER,
    IDENTITY,
    LAST,
    NAME,
    NOVEMBER,
    OCTOBER,
    PERCENT,
    SEPTEMBER,
    SEX,
    START,
    WAGE,
    Cells,
    official,
    registers,
    rows,
    wages,
)

from baophu.core.errors import BaophuError
from baophu.registers import store
from baophu.registers.forms.form import form
from baophu.registers.forms.taking import Options, Taken, load_forms
from baophu.registers.forms.writing import write_changes, write_registration

AN, BINH, CUONG = "0100000001", "0100000002", "0100000003"
NEW: Cells = {
    NAME: "LÊ VĂN CƯỜNG",
    CODE: 100000003,
    BORN: "03/04/1995",
    SEX: "Nam",
    IDENTITY: "001095000003",
    WAGE: 5_500_000,
    ALLOWANCE: "300.000",
    START: "10/2026",
}
MORE: Cells = {NAME: "Nguyen Van An", CODE: AN, WAGE: "5.200.000"}
LEAVES: Cells = {NAME: "Trần Thị Bình", CODE: BINH, LAST: "9/2026"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return registers(tmp_path)


def take(path: Path, home: Path, **options: object) -> Taken:
    (taken,) = load_forms([path], home, Options(**options))  # type: ignore[arg-type]
    found = taken.manifest
    assert found.loaded + found.rejected + found.held == found.read
    return taken


def good(folder: Path, name: str = "list.xlsx") -> Path:
    return official(
        folder / name,
        {"I Tăng": [], "I.1 Lao động": [NEW], "I.2 Mức đóng": [MORE], "II Giảm": [], "II.1 Lao động": [LEAVES]},
    )


def test_increases_new_bases_and_decreases_make_the_month_spells_and_participants(home: Path, tmp_path: Path) -> None:
    taken = take(good(tmp_path), home)
    assert (taken.manifest.read, taken.manifest.loaded) == (3, 3)
    assert wages(home, OCTOBER) == {AN: 5_200_000, CUONG: 5_800_000}
    assert wages(home, SEPTEMBER) == {AN: 5_000_000, BINH: 6_000_000}
    assert wages(home, SEPTEMBER, "KBM100") == {"0100000009": 7_000_000}
    found = rows(home, "spells", "si_code, scheme, group_code, start_month, end_month")
    assert (BINH, "compulsory", "a", SEPTEMBER.replace(month=1), OCTOBER) in found
    assert [one[1:] for one in found if one[0] == CUONG] == [
        ("compulsory", "a", OCTOBER, None),
        ("health", "employee", OCTOBER, None),
        ("unemployment", None, OCTOBER, None),
    ]
    assert ("0100000009", "compulsory", "a", SEPTEMBER.replace(month=1), None) in found
    assert (CUONG, "001095000003") in rows(home, "participants", "si_code, pid")


def test_other_employers_keep_their_rows_of_the_month(home: Path, tmp_path: Path) -> None:
    take(good(tmp_path), home)
    other = official(
        tmp_path / "other.xlsx",
        {"I Tăng": [], "I.2 Mức đóng": [{NAME: "Phạm Thị Mai", CODE: "0100000009", WAGE: 8_000_000}]},
        code="KBM100",
    )
    take(other, home)
    assert wages(home, OCTOBER) == {AN: 5_200_000, CUONG: 5_800_000}
    assert wages(home, OCTOBER, "KBM100") == {"0100000009": 8_000_000}


def test_a_month_that_came_as_an_extract_loses_only_the_rows_of_the_employer(home: Path, tmp_path: Path) -> None:
    take(
        official(
            tmp_path / "s.xlsx", {"II Giảm": [], "II.1 Lao động": [{**LEAVES, LAST: "8/2026"}]}, "Tháng 9 năm 2026"
        ),
        home,
    )
    assert wages(home, SEPTEMBER) == {AN: 5_000_000}
    assert wages(home, SEPTEMBER, "KBM100") == {"0100000009": 7_000_000}


@pytest.mark.parametrize(
    ("section", "cells", "code", "fate"),
    [
        ("I.1 Lao động", {**NEW, CODE: "12"}, "digits", "rejected"),
        ("I.1 Lao động", {**NEW, CODE: "1,2E+09"}, "scientific", "rejected"),
        ("I.1 Lao động", {**NEW, BORN: "31/02/1990"}, "not_a_date", "rejected"),
        ("I.1 Lao động", {**NEW, SEX: "x"}, "not_in_list", "rejected"),
        ("I.1 Lao động", {**NEW, WAGE: None}, "wage_needed", "rejected"),
        ("I.1 Lao động", {**NEW, WAGE: "năm triệu"}, "not_a_number", "rejected"),
        ("I.1 Lao động", {**NEW, WAGE: 3.66}, "coefficient", "held"),
        ("I.1 Lao động", {**NEW, PERCENT: 5}, "percent", "held"),
        ("I.1 Lao động", {**NEW, START: "12/2026"}, "after_month", "rejected"),
        ("I.1 Lao động", {**NEW, START: "xx"}, "not_a_month", "rejected"),
        ("I.1 Lao động", {**NEW, CODE: None}, "si_code_missing", "held"),
        ("I.1 Lao động", {**NEW, CODE: BINH}, "other_person", "held"),
        ("I.1 Lao động", {**NEW, BORN: None}, "not_registered", "held"),
        ("I.1 Lao động", {NAME: "Nguyễn Văn An", CODE: AN, WAGE: 9}, "coefficient", "held"),
        ("I.1 Lao động", {NAME: "Nguyễn Văn An", CODE: AN, WAGE: 9_000_000}, "already_there", "held"),
        ("I.1 Lao động", {**NEW, START: "07/2026"}, "before_known", "held"),
        ("I.2 Mức đóng", {**MORE, START: "03/2026"}, "month_unclear", "held"),
        ("II.1 Lao động", {NAME: "Không Có", CODE: "0100000005"}, "not_there", "held"),
        ("III Khác", {**MORE}, "section_unknown", "rejected"),
    ],
)
def test_each_error_is_told_and_the_other_lines_go_on(
    home: Path, tmp_path: Path, section: str, cells: Cells, code: str, fate: str
) -> None:
    parts: dict[str, list[Cells]] = {"I Tăng": [], section: [cells]}
    parts["II.1 Lao động"] = [LEAVES, *parts.get("II.1 Lao động", [])]
    taken = take(
        official(tmp_path / "bad.xlsx", {"II Giảm": [], "II.1 Lao động": parts.pop("II.1 Lao động"), **parts}), home
    )
    assert getattr(taken.manifest, fate) == 1
    assert taken.manifest.loaded == 1
    assert [reason.partition("|")[2] for reason in taken.manifest.reasons] == [code]


def test_of_lines_of_one_person_repeats_go_back_and_differing_ones_are_held(home: Path, tmp_path: Path) -> None:
    lines = [MORE, MORE, {**NEW, WAGE: 5_000_000}, NEW]
    taken = take(
        official(tmp_path / "twice.xlsx", {"I Tăng": [], "I.2 Mức đóng": lines[:2], "I.1 Lao động": lines[2:]}), home
    )
    assert (taken.manifest.loaded, taken.manifest.rejected, taken.manifest.held) == (1, 1, 2)
    assert set(taken.manifest.reasons) == {"full_name|line_repeated", "full_name|two_lines"}


def test_the_workbook_comes_back_with_the_cells_to_mend_marked(home: Path, tmp_path: Path) -> None:
    path = official(tmp_path / "bad.xlsx", {"I Tăng": [], "I.1 Lao động": [{**NEW, BORN: "31/02/1990"}]})
    taken = take(path, home)
    assert taken.folder
    (back,) = taken.folder.glob("rejects-*.xlsx")
    sheet = openpyxl.load_workbook(back)["D02-LT"]
    row = next(row for row in sheet.iter_rows() if row[1].value == "LÊ VĂN CƯỜNG")
    assert row[BORN - 1].comment is not None
    assert "không phải ngày" in row[BORN - 1].comment.text
    assert "is no date" in row[BORN - 1].comment.text
    assert [cell.column for cell in row if cell.comment] == [BORN]


def test_the_mended_workbook_can_be_sent_whole_again(home: Path, tmp_path: Path) -> None:
    take(
        official(tmp_path / "a.xlsx", {"I Tăng": [], "I.1 Lao động": [{**NEW, WAGE: None}], "I.2 Mức đóng": [MORE]}),
        home,
    )
    taken = take(official(tmp_path / "b.xlsx", {"I Tăng": [], "I.1 Lao động": [NEW], "I.2 Mức đóng": [MORE]}), home)
    assert taken.manifest.loaded == 2
    assert taken.manifest.warnings["full_name|already_so"] == 1
    assert wages(home, OCTOBER) == {AN: 5_200_000, BINH: 6_000_000, CUONG: 5_800_000}


def test_a_late_change_makes_the_later_months_again(home: Path, tmp_path: Path) -> None:
    take(good(tmp_path), home)
    late = {NAME: "Phạm Thị Mai", CODE: "0100000009", WAGE: 6_000_000, START: "10/2026"}
    take(official(tmp_path / "n.xlsx", {"I Tăng": [], "I.1 Lao động": [late]}, "Tháng 11/2026"), home)
    assert wages(home, OCTOBER) == {AN: 5_200_000, CUONG: 5_800_000, "0100000009": 6_000_000}
    assert wages(home, NOVEMBER) == wages(home, OCTOBER)


def test_undoing_a_form_brings_all_registers_back_and_a_later_form_goes_first(home: Path, tmp_path: Path) -> None:
    before = [rows(home, table, "*") for table in ("spells", "participants")]
    first = take(good(tmp_path), home)
    second = take(
        official(tmp_path / "n.xlsx", {"II Giảm": [], "II.1 Lao động": [{**MORE, WAGE: None}]}, "Tháng 11/2026"), home
    )
    assert wages(home, NOVEMBER) == {CUONG: 5_800_000}
    with pytest.raises(BaophuError, match="later form"):
        store.undo(home, first.manifest.load)
    with pytest.raises(BaophuError, match="part of a form"):
        store.undo(home, second.made[0].load)
    store.undo(home, second.manifest.load)
    store.undo(home, first.manifest.load)
    assert rows(home, "declarations", "si_code", OCTOBER) == []
    assert [rows(home, table, "*") for table in ("spells", "participants")] == before


def test_nothing_counts_where_the_forms_own_load_is_not_there(home: Path, tmp_path: Path) -> None:
    taken = take(good(tmp_path), home)
    assert taken.folder
    # What a process leaves that is killed before it wrote the form's load.
    taken.folder.rename(tmp_path / "gone")
    assert rows(home, "declarations", "si_code", OCTOBER) == []
    assert (CUONG,) not in rows(home, "participants", "si_code")


def test_a_trial_writes_nothing_and_the_same_file_is_not_loaded_twice(home: Path, tmp_path: Path) -> None:
    path = good(tmp_path)
    assert take(path, home, dry_run=True).manifest.loaded == 3
    assert not store.loads(home, "d02_lt")
    first = take(path, home)
    again = take(path, home)
    assert (again.new, again.manifest.load) == (False, first.manifest.load)


def test_whose_list_it_is_must_be_said_and_be_known(home: Path, tmp_path: Path) -> None:
    unsaid = official(tmp_path / "u.xlsx", {"I Tăng": [], "I.2 Mức đóng": [MORE]}, month="", code="")
    with pytest.raises(BaophuError, match=r"the month .* the employer"):
        load_forms([unsaid], home)
    assert take(unsaid, home, month=OCTOBER, employer_id=EMPLOYER).manifest.loaded == 1
    with pytest.raises(BaophuError, match="does not have NOBODY1"):
        load_forms([official(tmp_path / "n.xlsx", {"I Tăng": [], "I.1 Lao động": [NEW]}, code="NOBODY1")], home)
    with pytest.raises(BaophuError, match="not of 2026-11"):
        load_forms([good(tmp_path)], home, Options(month=NOVEMBER))


def test_the_portals_layout_with_codes_of_changes(home: Path, tmp_path: Path) -> None:
    layout = form("D02-LT").layout("portal")
    fields = [column.field for column in layout.columns]
    lines: list[dict[str, object]] = [
        {
            "full_name": "Lê Văn Cường",
            "si_code": CUONG,
            "birth_date": "03/04/1995",
            "sex": "Nam",
            "salary": 5_500_000,
            "plan": "TM",
        },
        {"full_name": "Trần Thị Bình", "si_code": BINH, "plan": "TS", "start_month": "10/2026"},
        {"full_name": "Nguyễn Văn An", "si_code": AN, "salary": 5_200_000, "plan": "ZZ"},
        {"full_name": "Nguyễn Văn An", "si_code": AN, "salary": 5_200_000, "plan": "TT"},
        {"full_name": "Nguyễn Văn An", "si_code": AN, "salary": 5_200_000, "plan": "DC", "section": "Giảm lao động"},
        {"full_name": "Nguyễn Văn An", "si_code": AN, "salary": 5_400_000, "plan": "DC"},
    ]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([column.headings[0] for column in layout.columns])
    for line in lines:
        sheet.append([line.get(field) if field else None for field in fields])
    book.save(tmp_path / "p.xlsx")
    taken = take(tmp_path / "p.xlsx", home, month=OCTOBER, employer_id=EMPLOYER)
    assert set(taken.manifest.reasons) == {"plan|plan_unknown", "plan|plan_held", "plan|section_disagrees"}
    assert wages(home, OCTOBER) == {AN: 5_400_000, CUONG: 5_500_000}
    # Maternity leave: nothing is declared, and the person still takes part.
    assert (BINH, None) in rows(home, "spells", "si_code, end_month")


def test_what_is_written_and_read_again_gives_the_same_month(home: Path, tmp_path: Path) -> None:
    take(good(tmp_path), home)
    write_changes(form("D02-LT"), home, EMPLOYER, OCTOBER, tmp_path / "out.xlsx")
    other = registers(tmp_path / "other")
    taken = take(tmp_path / "out.xlsx", other)
    assert (taken.manifest.loaded, taken.manifest.read) == (3, 3)
    for table, columns in (
        ("declarations", "month, employer_id, si_code, group_code, wage, unpaid_days"),
        ("spells", "si_code, scheme, group_code, employer_id, commune_code, start_month, end_month"),
        ("participants", "si_code, pid, full_name, birth_date, sex"),
    ):
        assert rows(other, table, columns) == rows(home, table, columns)


def test_a_first_registration_adds_a_participant(home: Path, tmp_path: Path) -> None:
    take(good(tmp_path), home)
    write_registration(form("TK1-TS"), home, CUONG, tmp_path / "tk.xlsx")
    other = registers(tmp_path / "other")
    assert take(tmp_path / "tk.xlsx", other).manifest.loaded == 1
    columns = "si_code, pid, full_name, birth_date, sex"
    assert rows(other, "participants", columns) == rows(home, "participants", columns)
    book = openpyxl.load_workbook(tmp_path / "tk.xlsx")
    sheet = book.worksheets[0]
    next(row for row in sheet.iter_rows() if str(row[0].value).startswith("[13]"))[1].value = None
    next(row for row in sheet.iter_rows() if str(row[0].value).startswith("[01]"))[1].value = "Người Mới"
    book.save(tmp_path / "new.xlsx")
    assert set(take(tmp_path / "new.xlsx", other).manifest.reasons) == {"si_code|si_code_missing"}


def test_an_offices_own_mapping_goes_before_and_its_errors_are_told_by_file_and_field(
    home: Path, tmp_path: Path
) -> None:
    (home / "forms").mkdir()
    own = home / "forms" / "d02_lt.yaml"
    shipped = (Path(form.__code__.co_filename).parent / "mappings" / "d02_lt.yaml").read_text(encoding="utf-8")
    own.write_text(shipped.replace("default_group: a", "default_group: b"), encoding="utf-8")
    take(good(tmp_path), home)
    assert (CUONG, "b") in rows(home, "declarations", "si_code, group_code", OCTOBER)
    own.write_text(shipped.replace("field: salary", "field: salery"), encoding="utf-8")
    with pytest.raises(BaophuError) as told:
        load_forms([good(tmp_path)], home)
    assert "d02_lt.yaml" in told.value.say("en")
    assert "layouts.0" in told.value.say("en")
    assert "needs fields that no column gives: salary" in told.value.say("en")
