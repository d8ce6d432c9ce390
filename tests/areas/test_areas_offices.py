import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from baophu.areas.offices import Offices, import_offices, offices, read_offices
from baophu.areas.units import tree
from baophu.core.errors import BaophuError

HEADER = "office_id,name,level,commune_code,from_date,to_date"
GOOD = f"""{HEADER}
7501,BHXH cơ sở Trảng Bom,grassroots,26248,2025-07-01,
7501,BHXH cơ sở Trảng Bom,grassroots,26005,2025-07-01,2026-01-01
7502,BHXH cơ sở Biên Hòa,grassroots,26005,01/01/2026,
"""
DAY = date(2026, 6, 30)


def written(folder: Path, text: str, name: str = "offices.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, *rows: str, header: str = HEADER) -> str:
    with pytest.raises(BaophuError) as error:
        read_offices(written(folder, "\n".join([header, *rows]) + "\n"))
    return error.value.say("en")


def test_a_commune_is_served_by_its_provincial_and_its_grassroots_office(tmp_path: Path) -> None:
    known = read_offices(written(tmp_path, GOOD))
    assert [(office.office_id, office.name.vi) for office in known.of("26248", DAY)] == [
        ("75", "Bảo hiểm xã hội thành phố Đồng Nai"),
        ("7501", "BHXH cơ sở Trảng Bom"),
    ]


def test_an_office_is_a_dated_set_of_communes(tmp_path: Path) -> None:
    known = read_offices(written(tmp_path, GOOD))
    assert known.communes("7501", date(2025, 12, 31)) == ("26005", "26248")
    assert known.communes("7501", date(2026, 1, 1)) == ("26248",)
    assert known.communes("7502", date(2026, 1, 1)) == ("26005",)
    assert [office.office_id for office in known.of("26005", date(2025, 12, 31))] == ["75", "7501"]
    assert known.communes("7509", DAY) == ()


def test_without_a_file_an_office_is_its_province() -> None:
    known = Offices()
    assert len(known.all(DAY)) == 34
    (office,) = known.of("26248", DAY)
    assert (office.office_id, office.level) == ("75", "province")
    assert office.name.en == "Social Insurance of Dong Nai City"
    assert len(known.communes("75", DAY)) == 95


def test_a_province_had_its_name_of_the_day() -> None:
    (office,) = Offices().of("26248", date(2026, 1, 1))
    assert office.name.vi == "Bảo hiểm xã hội tỉnh Đồng Nai"


def test_a_provincial_office_of_the_file_takes_communes_from_the_province(tmp_path: Path) -> None:
    text = f"{HEADER}\nP9,BHXH liên tỉnh,province,26248,2025-07-01,\n"
    known = read_offices(written(tmp_path, text))
    assert [office.office_id for office in known.of("26248", DAY)] == ["P9"]
    assert "26248" not in known.communes("75", DAY)
    assert len(known.communes("75", DAY)) == 94


@given(st.sampled_from([area.code for area in tree(DAY).communes]))
def test_of_and_communes_say_the_same(commune: str) -> None:
    (office,) = Offices().of(commune, DAY)
    assert commune in Offices().communes(office.office_id, DAY)


def test_get_proposes_the_nearest_office(tmp_path: Path) -> None:
    known = read_offices(written(tmp_path, GOOD))
    assert known.get("7501", DAY).name.vi == "BHXH cơ sở Trảng Bom"
    with pytest.raises(BaophuError) as error:
        known.get("trang bom", DAY)
    assert "7501 (BHXH cơ sở Trảng Bom)" in error.value.say("en")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "7501,A,grassroots,99999,2025-07-01,",
            "Row 2, column commune_code: '99999' is no code of a commune. There is no area '99999'.",
        ),
        (
            "7501,A,grassroots,4,2025-07-01,",
            "Row 2, column commune_code: '4' zeros were lost; is it '00004' (Ba Dinh Ward)? Format the column as text",
        ),
        (
            "7501,A,grassroots,26290,2025-07-01,",
            "'26290' is no code of a commune. The code 26290 (Quang Tien Commune) was used until 1 Jul 2025 only. "
            "Its area is now in: 26248",
        ),
        ("7501,A,grassroots,75,2025-07-01,", "column commune_code: '75' is the code of Dong Nai Province, no commune"),
        ("7501,A,grassroots,,2025-07-01,", "Row 2, column commune_code: must not be empty"),
        ("7501,A,grassroots,26248,31/02/2026,", "Row 2, column from_date: '31/02/2026' is not a date"),
        ("7501,A,grassroots,26248,,", "Row 2, column from_date: must not be empty"),
        ("7501,A,grassroots,26248,2026-01-01,2026-01-01", "column to_date: '2026-01-01' must be after from_date"),
        ("7501,A,grasroots,26248,2026-01-01,", "'grasroots' must be province or grassroots. Did you mean: grassroots?"),
        (",A,grassroots,26248,2026-01-01,", "Row 2, column office_id: must not be empty"),
        ("7501,,grassroots,26248,2026-01-01,", "Row 2, column name: must not be empty"),
    ],
)
def test_a_wrong_row_is_told_by_row_column_value_and_reason(tmp_path: Path, row: str, told: str) -> None:
    assert told in refusal(tmp_path, row)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ("A1,A,grassroots,26248,2025-07-01,2026-06-01", "B1,B,grassroots,26248,2026-05-31,"),
            "Row 3, column commune_code: '26248' is served by office A1 at the same time (row 2)",
        ),
        (
            ("A1,A,grassroots,26248,2025-07-01,", "A1,A,grassroots,26248,2026-05-31,"),
            "Row 3, column commune_code: '26248' overlaps with row 2",
        ),
        (
            ("A1,A,grassroots,26248,2025-07-01,", "A1,Other,grassroots,26005,2026-05-31,"),
            "Row 3, column name: 'Other' office A1 has another name in row 2: 'A'",
        ),
        (
            ("A1,A,grassroots,26248,2025-07-01,", "A1,A,province,26005,2026-05-31,"),
            "Row 3, column level: 'province' office A1 has another level in row 2",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_told(tmp_path: Path, rows: tuple[str, ...], told: str) -> None:
    assert told in refusal(tmp_path, *rows)


def test_an_office_may_be_renamed_and_a_commune_handed_over(tmp_path: Path) -> None:
    rows = ["A1,A,grassroots,26248,2025-07-01,2026-01-01", "A1,New,grassroots,26248,2026-01-01,"]
    known = read_offices(written(tmp_path, "\n".join([HEADER, *rows])))
    assert known.get("A1", date(2025, 12, 31)).name.vi == "A"
    assert known.get("A1", date(2026, 1, 1)).name.vi == "New"


def test_every_problem_of_a_file_is_told_at_once_in_both_languages(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\n,A,grassroots,4,x,\n7501,A,grassroots,99999,2025-07-01,\n")
    with pytest.raises(BaophuError) as error:
        read_offices(path)
    assert [problem.where.en for problem in error.value.problems] == [
        "Row 2, column office_id",
        "Row 2, column from_date",
        "Row 2, column commune_code",
        "Row 3, column commune_code",
    ]
    text = error.value.say("vi")
    assert text.startswith("Chưa nhận tệp offices.csv: 4 chỗ cần sửa.")
    assert "Dòng 2, cột from_date: 'x' không phải là ngày; viết 2025-07-01 hoặc 01/07/2025" in text


def test_a_misspelt_heading_is_told_with_the_nearest(tmp_path: Path) -> None:
    text = refusal(
        tmp_path, "7501,A,grassroots,26248,2025-07-01,", header=HEADER.replace("commune_code", "comune_code")
    )
    assert "Row 1, column commune_code: this column is missing; is it 'comune_code'?" in text


@pytest.mark.parametrize("text", ["", "\n", "x\n1\n"])
def test_a_file_without_the_headings_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BaophuError) as error:
        read_offices(written(tmp_path, text))
    assert "Row 1, column office_id: this column is missing" in error.value.say("en")


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    assert "the file has no rows" in refusal(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "offices.csv"
    path.write_bytes(b"\xff\xfe\x00rubbish")
    with pytest.raises(BaophuError, match="is not UTF-8 text"):
        read_offices(path)
    path.rename(tmp_path / "offices.xlsx")
    with pytest.raises(BaophuError, match="is no XLSX file"):
        read_offices(tmp_path / "offices.xlsx")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match="Cannot read"):
        import_offices(tmp_path / "none.csv", tmp_path / "home")


def test_semicolons_other_order_and_more_columns_are_fine(tmp_path: Path) -> None:
    text = "name;office_id;phone;level;commune_code;to_date;from_date\nA;7501;0251;grassroots;26248;;01/07/2025\n"
    known = read_offices(written(tmp_path, text))
    assert known.communes("7501", DAY) == ("26248",)
    assert known.left_out == ("phone",)


def test_a_spreadsheet_is_read_with_its_dates_and_its_eaten_zeros(tmp_path: Path) -> None:
    path = tmp_path / "offices.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, [7501, "A", "grassroots", "26248"])
        sheet.write_datetime(1, 4, date(2025, 7, 1), day)
        sheet.write_row(3, 0, [7501, "A", "grassroots", 4])
        sheet.write_datetime(3, 4, date(2025, 7, 1), day)
    with pytest.raises(BaophuError) as error:
        read_offices(path)
    assert [problem.say("en") for problem in error.value.problems] == [
        "Row 4, column commune_code: '4' zeros were lost; is it '00004' (Ba Dinh Ward)? Format the column as text"
    ]


def test_import_stores_a_whole_folder_with_a_manifest(tmp_path: Path) -> None:
    home = tmp_path / "home"
    stored = import_offices(written(tmp_path, GOOD), home)
    assert stored.folder.parent == home / "warehouse" / "areas" / "offices"
    assert sorted(path.name for path in stored.folder.iterdir()) == ["manifest.json", "offices.csv"]
    manifest = json.loads((stored.folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["file"], manifest["rows"], manifest["offices"]) == ("offices.csv", 3, 2)
    assert stored.folder.name.endswith(manifest["sha256"][:8])
    assert home.stat().st_mode & 0o777 == 0o700
    assert offices(home).communes("7502", DAY) == ("26005",)


def test_the_newest_import_is_used_and_the_same_file_is_not_taken_twice(tmp_path: Path) -> None:
    first = import_offices(written(tmp_path, GOOD), tmp_path)
    assert import_offices(written(tmp_path, GOOD), tmp_path).folder == first.folder
    second = import_offices(written(tmp_path, GOOD.replace("7502", "7503")), tmp_path)
    assert second.new
    assert offices(tmp_path).communes("7503", DAY) == ("26005",)
    # Back to the first file: it is taken anew, and is the newest again.
    assert import_offices(written(tmp_path, GOOD), tmp_path).new
    assert offices(tmp_path).communes("7502", DAY) == ("26005",)


def test_a_refused_file_leaves_what_was_there(tmp_path: Path) -> None:
    import_offices(written(tmp_path, GOOD), tmp_path)
    with pytest.raises(BaophuError):
        import_offices(written(tmp_path, GOOD + "rubbish\n", "new.csv"), tmp_path)
    assert len(list((tmp_path / "warehouse" / "areas" / "offices").iterdir())) == 1
    assert offices(tmp_path).communes("7502", DAY) == ("26005",)


def test_an_import_that_is_broken_off_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_offices(written(tmp_path, GOOD), tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("baophu.areas.offices._write", full)
    with pytest.raises(BaophuError, match="No space left on device"):
        import_offices(written(tmp_path, GOOD.replace("7502", "7503")), tmp_path)
    assert len(list((tmp_path / "warehouse" / "areas" / "offices").iterdir())) == 1


def test_without_an_import_the_offices_are_the_provinces(tmp_path: Path) -> None:
    assert offices(tmp_path).services == ()
