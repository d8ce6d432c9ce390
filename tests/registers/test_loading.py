"""Loading a file: what is read, what is mended, what goes back and why. A small file, and what came of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baophu.core.errors import BaophuError
from baophu.registers import store
from baophu.registers.contracts import contracts
from baophu.registers.loading import Loaded, Options, load

HEADER = "month,employer_id,si_code,group_code,wage,unpaid_days"
OCTOBER = date(2026, 10, 1)


def loaded(tmp_path: Path, content: str | bytes, name: str = "d.csv", **options: Any) -> Loaded:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    (one,) = load([file], tmp_path / "home", options=Options(**options))
    check(one)
    return one


def check(one: Loaded) -> None:
    found = one.manifest
    assert found.loaded + found.rejected + found.held == found.read
    assert sum(file.rows for file in found.files if file.name.startswith("data-")) == found.loaded
    assert not list(one.folder.parent.glob(".part-*"))
    assert not (one.folder / "scratch").exists()


def rows(one: Loaded, columns: str = "*") -> list[tuple[Any, ...]]:
    return duckdb.sql(f"SELECT {columns} FROM '{one.folder}/data-*.parquet' ORDER BY _file, _row").fetchall()  # noqa: S608


def rejects(one: Loaded) -> list[tuple[int, str, str | None, str]]:
    if not (one.folder / "rejects.parquet").exists():
        return []
    return duckdb.sql(
        f"""SELECT row, "column", value, reason FROM '{one.folder}/rejects.parquet' ORDER BY row, "column" """  # noqa: S608
    ).fetchall()


def declaration(**cells: str) -> str:
    usual = {
        "month": "2026-10-01",
        "employer_id": "DN001",
        "si_code": "0123456789",
        "group_code": "a",
        "wage": "5000000",
        "unpaid_days": "",
    }
    return f"{HEADER}\n{','.join((usual | cells).values())}\n"


def test_a_clean_row_is_stored_as_it_is_with_its_default(tmp_path: Path) -> None:
    one = loaded(tmp_path, declaration())
    assert one.manifest.table == "declarations"
    assert rows(one) == [(OCTOBER, "DN001", "0123456789", "a", 5_000_000, 0, 123_456_789, "ok", 0, 2, None)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("4960000", 4_960_000),
        ("4960000.0", 4_960_000),
        ("4.960.000", 4_960_000),
        ('"4,960,000"', 4_960_000),
        ('"4.960.000,00"', 4_960_000),
        ('"4,960,000.00"', 4_960_000),
        (" 4960000 ", 4_960_000),
        ("9007199254740993", 9_007_199_254_740_993),
    ],
)
def test_money_in_the_ways_people_write_it(tmp_path: Path, written: str, read: int) -> None:
    assert rows(loaded(tmp_path, declaration(wage=written)), "wage") == [(read,)]


@pytest.mark.parametrize(
    ("column", "written", "why"),
    [
        ("wage", "4960000.5", "not_whole"),
        ("wage", "1e6", "scientific"),
        ("wage", "4.96E+06", "scientific"),
        ("wage", "", "missing"),
        ("wage", "-1", "below"),
        ("wage", "99999999999999999999", "not_whole"),
        ("si_code", "7.9203E+09", "scientific"),
        ("si_code", "12345", "digits"),
        ("si_code", "01234567890", "digits"),
        ("group_code", "z", "not_in_list"),
        ("month", "2026-10-02", "not_first_day"),
        ("month", "2026-13-01", "not_a_month"),
        ("month", "32/10/2026", "not_a_month"),
        ("month", "0202-10-01", "not_a_month"),
        ("unpaid_days", "32", "above"),
        ("unpaid_days", "2.5", "not_whole"),
        ("employer_id", " ", "missing"),
    ],
)
def test_a_wrong_cell_goes_back_with_its_row_column_value_and_reason(
    tmp_path: Path, column: str, written: str, why: str
) -> None:
    one = loaded(tmp_path, declaration(**{column: written}))
    assert rejects(one) == [(2, column, written, why)]
    assert (one.manifest.loaded, one.manifest.rejected) == (0, 1)


@pytest.mark.parametrize("written", ["2026-10-01", "01/10/2026", "1/10/2026", "46296", "2026-10", "10/2026"])
def test_months_in_the_ways_people_write_them(tmp_path: Path, written: str) -> None:
    assert rows(loaded(tmp_path, declaration(month=written)), "month") == [(OCTOBER,)]


def test_zeros_that_a_spreadsheet_ate_are_put_back_and_counted(tmp_path: Path) -> None:
    one = loaded(tmp_path, declaration(si_code="123456789"))
    assert rows(one, "si_code, _flags") == [("0123456789", ["si_code|zeros_restored"])]
    assert one.manifest.warnings == {"si_code|zeros_restored": 1}


def test_all_reasons_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    one = loaded(tmp_path, declaration(month="x", si_code="1", wage=""))
    assert rejects(one) == [
        (2, "month", "x", "not_a_month"),
        (2, "si_code", "1", "digits"),
        (2, "wage", "", "missing"),
    ]
    assert one.manifest.rejected == 1


def test_the_reason_stands_in_both_languages(tmp_path: Path) -> None:
    one = loaded(tmp_path, declaration(si_code="1"))
    assert duckdb.sql(f"SELECT reason_vi, reason_en FROM '{one.folder}/rejects.parquet'").fetchall() == [  # noqa: S608
        ("phải gồm 10 chữ số", "must have 10 digits")
    ]


def test_no_personal_value_stands_in_the_manifest(tmp_path: Path) -> None:
    one = loaded(tmp_path, declaration(si_code="98765", wage="x"))
    assert "98765" not in (one.folder / "manifest.json").read_text(encoding="utf-8")


BODY = [f"2026-10-01,DN001,{number:010},a,5000000,0" for number in range(1, 6)]


def test_rows_of_a_wrong_width_go_back_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    lines = [HEADER, BODY[0], "2026-10-01,DN001", BODY[1], BODY[2] + ",beyond", BODY[3]]
    one = loaded(tmp_path, "\n".join(lines))
    assert [(row, code) for row, column, _, code in rejects(one) if column == ""] == [
        (3, "too_few_cells"),
        (5, "too_many_cells"),
    ]
    assert rows(one, "_row, si_code") == [(2, "0000000001"), (4, "0000000002"), (6, "0000000004")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_mark_and_line_end(tmp_path: Path, separator: str, begin: str, end: str) -> None:
    one = loaded(tmp_path, begin + end.join(line.replace(",", separator) for line in [HEADER, *BODY]) + end)
    assert rows(one, "_row") == [(2,), (3,), (4,), (5,), (6,)]


UNTIDY = {
    "blank lines": [HEADER, BODY[0], "", BODY[1], "", "", BODY[2]],
    "a row of separators": [HEADER, BODY[0], ",,,,,", BODY[1], ",,,,,", " ", BODY[2]],
    "titles above the header": ["BẢNG KÊ", "Tháng 10", HEADER, *BODY[:3]],
    "a far too long row": [HEADER, BODY[0], "1,2,3,4,5,6,7,8,9,10", BODY[1]],
    "a line break in a cell": [HEADER, BODY[0], BODY[1].replace("DN001", '"DN\n001"'), BODY[2]],
}
NUMBERS = {
    "blank lines": [2, 4, 7],
    "a row of separators": [2, 4, 7],
    "titles above the header": [4, 5, 6],
    "a far too long row": [2, 4],
    "a line break in a cell": [2, 3, 4],
}


@pytest.mark.parametrize("case", UNTIDY)
def test_row_numbers_are_those_that_a_spreadsheet_shows(tmp_path: Path, case: str) -> None:
    one = loaded(tmp_path, "\n".join(UNTIDY[case]) + "\n")
    assert [row for (row,) in rows(one, "_row")] == NUMBERS[case]


def test_mixed_line_ends(tmp_path: Path) -> None:
    one = loaded(tmp_path, f"{HEADER}\r\n{BODY[0]}\n{BODY[1]}\r\n")
    assert rows(one, "_row") == [(2,), (3,)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        ("Tên\n".encode("utf-16"), "UTF-16"),
        (f"{HEADER}\n{BODY[0]}".encode().replace(b"DN", b"\xd0\xcf"), "not UTF-8"),
        (f"{HEADER}\n{BODY[0]}\n".encode() + b"\0", "no text"),
        (f'{HEADER}\n"{BODY[0]}\n{BODY[1]}'.encode(), "quotation mark"),
        (f'{HEADER}\n"2026-10-01"x,{BODY[1]}'.encode(), "quotation mark"),
        (b"PK\x03\x04broken", "damaged"),
        (b"PAR1broken", "damaged"),
        (b"\xd0\xcf\x11\xe0old", ".xls"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(BaophuError, match=r".") as error:
        loaded(tmp_path, content)
    assert told in error.value.say("en")
    assert store.loads(tmp_path / "home") == []
    assert not list((tmp_path / "home").rglob("*.parquet"))


def test_a_header_that_fits_no_table_tells_the_nearest_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BaophuError) as error:
        loaded(tmp_path, "month,employer_id,si_code,group_code,salary\n")
    words = error.value.say("en")
    assert "declarations" in words
    assert "missing wage; unknown salary" in words


def test_vietnamese_titles_in_any_order_with_a_column_to_ignore(tmp_path: Path) -> None:
    contract = contracts()["declarations"]
    names = ["wage", "si_code", "month", "group_code", "employer_id"]
    titles = [contract.column(name).title.vi.upper() for name in names]
    one = loaded(tmp_path, ";".join([*titles, "Ghi chú"]) + "\n5000000;0123456789;2026-10-01;a;DN1;x\n")
    assert rows(one, "wage, si_code, employer_id") == [(5_000_000, "0123456789", "DN1")]
    assert one.manifest.inputs[0].ignored == ("Ghi chú",)


def test_rows_of_one_key_that_differ_go_back_all_and_repeats_but_one(tmp_path: Path) -> None:
    lines = [HEADER, BODY[0], BODY[1], BODY[0], BODY[1].replace("5000000", "6000000"), BODY[2]]
    one = loaded(tmp_path, "\n".join(lines))
    assert rows(one, "_row") == [(2,), (6,)]
    assert [(row, code) for row, _, _, code in rejects(one)] == [
        (3, "duplicate_key"),
        (4, "repeat"),
        (5, "duplicate_key"),
    ]


def workbook(path: Path, lines: list[list[Any]], sheet: str = "Tháng 10") -> None:
    book = openpyxl.Workbook()
    book.active.append(["Trang bìa"])  # type: ignore[union-attr]
    page = book.create_sheet(sheet)
    for line in lines:
        page.append(line)
    book.save(path)


def test_a_workbook_with_titles_on_its_second_sheet_and_the_damage_of_a_spreadsheet(tmp_path: Path) -> None:
    line = [date(2026, 10, 1), "DN001", 123456789, "A", 5_000_000.0, None]
    workbook(tmp_path / "d.xlsx", [["BẢNG KÊ"], [], HEADER.split(","), line, [], [*line[:4], 1.234, 0]])
    (one,) = load([tmp_path / "d.xlsx"], tmp_path / "home")
    check(one)
    assert rows(one, "month, si_code, group_code, wage, _row") == [(OCTOBER, "0123456789", "a", 5_000_000, 4)]
    assert [(row, column, code) for row, column, _, code in rejects(one)] == [(6, "wage", "not_whole")]


def test_the_sender_of_a_workbook_gets_it_back_with_the_bad_cells_marked(tmp_path: Path) -> None:
    line = ["2026-10-01", "DN001", "12", "a", 5_000_000, 0]
    workbook(tmp_path / "d.xlsx", [HEADER.split(","), line])
    (one,) = load([tmp_path / "d.xlsx"], tmp_path / "home")
    (marked,) = one.folder.glob("rejects-*.xlsx")
    cell = openpyxl.load_workbook(marked)["Tháng 10"]["C2"]
    assert cell.value == "12"
    assert cell.comment is not None and "must have 10 digits" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFF6D5CC"
    assert openpyxl.load_workbook(marked)["Tháng 10"]["B2"].comment is None


@pytest.mark.parametrize("typed", [True, False])
def test_parquet_typed_or_text(tmp_path: Path, typed: bool) -> None:
    values: dict[str, list[Any]] = {
        "month": [OCTOBER, OCTOBER],
        "employer_id": ["DN1", "DN1"],
        "si_code": [123456789, 1234567890],
        "group_code": ["a", "b"],
        "wage": [5e6, 1.234],
    }
    if not typed:
        values = {name: [str(value) for value in some] for name, some in values.items()}
        values["wage"] = ["5000000", "x"]
    pq.write_table(pa.table(values), tmp_path / "d.parquet")
    (one,) = load([tmp_path / "d.parquet"], tmp_path / "home")
    check(one)
    assert rows(one, "si_code, wage, _row") == [("0123456789", 5_000_000, 1)]
    assert [(row, code) for row, _, _, code in rejects(one)] == [(2, "not_whole")]


PEOPLE = "si_code,full_name,birth_date,sex,commune_code,registered_on"


@pytest.mark.parametrize(
    ("code", "now", "fate", "flag"),
    [
        ("00004", "00004", "loaded", None),  # given again on 2025-07-01: the present meaning
        ("4", "00004", "loaded", "commune_code|zeros_restored"),
        ("00013", "00004", "loaded", "commune_code|area_mapped"),
        ("00007", "01", "held", "commune_code|area_divided"),
        ("99999", None, "rejected", "area_unknown"),
    ],
)
def test_codes_of_communes_become_present_areas(
    tmp_path: Path, code: str, now: str | None, fate: str, flag: str | None
) -> None:
    one = loaded(tmp_path, f"{PEOPLE}\n0123456789,Nguyễn Văn An,1985,M,{code},2020-01-01\n")
    assert getattr(one.manifest, fate) == 1
    if fate == "rejected":
        assert [reason for *_, reason in rejects(one)] == [flag]
    else:
        name = "held" if fate == "held" else "data-0001"
        found = duckdb.sql(f"SELECT commune_code, birth_date, birth_year, _flags FROM '{one.folder}/{name}.parquet'")  # noqa: S608
        ((area, born, year, flags),) = found.fetchall()
        assert (area, born, year) == (now, None, 1985)
        assert set(flags) == {"birth_date|year_only", *([flag] if flag else [])}


def test_the_month_that_is_given_rejects_rows_of_another_and_fills_a_missing_column(tmp_path: Path) -> None:
    one = loaded(tmp_path, declaration(month="2026-09-01"), month=OCTOBER)
    assert [reason for *_, reason in rejects(one)] == ["other_month"]
    two = loaded(tmp_path, "employer_id,si_code,group_code,wage\nDN1,0123456789,a,5000000\n", "e.csv", month=OCTOBER)
    assert rows(two, "month") == [(OCTOBER,)]


def test_a_folder_is_one_load_of_each_table(tmp_path: Path) -> None:
    below = tmp_path / "in"
    below.mkdir()
    (below / "a.csv").write_text("\n".join([HEADER, *BODY[:2]]), encoding="utf-8")
    (below / "b.csv").write_text("\n".join([HEADER, *BODY[2:]]), encoding="utf-8")
    (below / "p.csv").write_text(f"{PEOPLE}\n0123456789,An,1985-01-02,M,00004,2020-01-01\n", encoding="utf-8")
    found = {one.manifest.table: one for one in load([below], tmp_path / "home")}
    assert {table: one.manifest.read for table, one in found.items()} == {"declarations": 5, "participants": 1}
    assert [given.read for given in found["declarations"].manifest.inputs] == [2, 3]


def test_every_row_of_many_batches_keeps_its_number(tmp_path: Path) -> None:
    count = 400_000
    duckdb.sql(f"""COPY (SELECT DATE '2026-10-01' AS month, 'DN' || i AS employer_id,
        lpad(i::VARCHAR, 10, '0') AS si_code,
        'a' AS group_code, CASE WHEN i % 1000 = 7 THEN 'x' ELSE i::VARCHAR END AS wage
        FROM range({count}) t(i)) TO '{tmp_path}/d.csv'""")  # noqa: S608
    (one,) = load([tmp_path / "d.csv"], tmp_path / "home")
    check(one)
    assert one.manifest.rejected == count / 1000
    data = f"'{one.folder}/data-*.parquet'"
    assert duckdb.sql(f"SELECT count(*) FROM {data} WHERE wage <> _row - 2").fetchall() == [(0,)]  # noqa: S608
    assert duckdb.sql(f"SELECT count(*) FROM '{one.folder}/rejects.parquet' WHERE row % 1000 <> 9").fetchall() == [(0,)]  # noqa: S608
