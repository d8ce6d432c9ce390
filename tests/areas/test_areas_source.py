import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from baophu.areas import source
from baophu.core.errors import BaophuError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the package's data, to be spoilt."""
    for name in ("dataset.db", "converter_2025.json"):
        shutil.copy(source.package_data() / name, tmp_path)
    return tmp_path


def change(data: Path, statement: str) -> None:
    with sqlite3.connect(data / "dataset.db") as database:
        database.execute(statement)
    database.close()


def test_the_package_holds_34_provinces_and_3321_communes() -> None:
    units = source.read_units(source.package_data())
    assert (len(units.provinces), len(units.communes)) == (34, 3_321)
    assert units.communes[0] == source.Unit("00004", "Phường Ba Đình", "01", "", 21.0386, 105.838)


def test_before_the_merger_it_holds_63_provinces_and_10040_communes() -> None:
    units = source.read_former_units(source.package_data())
    assert (len(units.provinces), len(units.communes)) == (63, 10_040)
    without_communes = {unit.code: unit.full_name for unit in units.communes if len(unit.code) == 3}
    assert without_communes == {
        "318": "Huyện Bạch Long Vĩ",
        "471": "Huyện Cồn Cỏ",
        "498": "Huyện Hoàng Sa",
        "536": "Huyện Lý Sơn",
        "755": "Huyện Côn Đảo",
    }


def test_reading_the_areas_loads_neither_the_package_nor_what_it_pulls_in() -> None:
    code = """
import sys
from baophu.areas.search import find
find("dong nai")
heavy = {"vietnamadminunits", "geopy", "shapely", "pydantic", "rich", "python_calamine"} & set(sys.modules)
print(sorted(heavy))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_leaves_nothing_beside_the_installed_data(data: Path) -> None:
    source.read_units(data)
    source.read_former_units(data)
    assert sorted(path.name for path in data.iterdir()) == ["converter_2025.json", "dataset.db"]


def test_missing_data_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(BaophuError) as error:
        source.read_units(tmp_path)
    assert "dataset.db is missing" in error.value.say("en")
    assert "pip install vietnamadminunits==1.0.4" in error.value.say("vi")


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "PACKAGE", "no_such_package_here")
    with pytest.raises(BaophuError, match="no_such_package_here is not installed"):
        source.package_data()


@pytest.mark.parametrize("size", [0, 100, 50_000])
def test_a_truncated_database_is_another_shape(data: Path, size: int) -> None:
    path = data / "dataset.db"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(BaophuError, match="of another shape"):
        source.read_units(data)


def test_a_database_with_another_number_of_units_is_refused(data: Path) -> None:
    change(data, "DELETE FROM admin_units WHERE wardCode = '26248'")
    with pytest.raises(BaophuError, match="34/3320 provinces and communes, where 34/3321 are expected"):
        source.read_units(data)


def test_a_database_with_other_columns_is_refused(data: Path) -> None:
    change(data, "ALTER TABLE admin_units RENAME COLUMN wardLat TO latitude")
    with pytest.raises(BaophuError, match="no such column: wardLat"):
        source.read_units(data)


def test_the_conversion_names_every_former_unit() -> None:
    successors = source.read_successors(source.package_data())
    former = source.former()
    assert {one.old for one in successors} == {unit.code for unit in (*former.provinces, *former.communes)}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"DICT_PROVINCE": {"tinhdongnai": ["tinhkhongco"]}}'])
def test_a_conversion_of_another_shape_is_refused(data: Path, text: str) -> None:
    (data / "converter_2025.json").write_text(text, encoding="utf-8")
    with pytest.raises(BaophuError, match=r"converter_2025\.json is of another shape"):
        source.read_successors(data)


def test_a_key_that_names_two_units_is_refused_rather_than_guessed(data: Path) -> None:
    change(data, "UPDATE admin_units SET wardKey = 'phuongbadinh' WHERE wardCode = '00008'")
    with pytest.raises(BaophuError, match="names two units"):
        source.read_successors(data)


def test_a_lost_key_of_the_conversion_is_refused(data: Path) -> None:
    path = data / "converter_2025.json"
    mapping = json.loads(path.read_text(encoding="utf-8"))
    mapping["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhdongnai"]["xakhongcothat"] = []
    mapping["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhdongnai"]["xatribinh"] = ["tinhdongnai_x_y"]
    path.write_text(json.dumps(mapping), encoding="utf-8")
    with pytest.raises(BaophuError, match="tinhdongnai_x_y"):
        source.read_successors(data)


def test_every_row_of_our_tables_has_its_source() -> None:
    assert all(row.source for row in source.provinces().values())
    assert all(row.source for row in source.archipelagos())
    assert all(row.source for row in source.corrections())
    assert {row.region for row in source.provinces().values()} == set(source.regions())


def test_a_correction_that_cannot_be_read_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text(
        "code,from_date,field,value,document,document_date,source\n"
        "75,2026-04-30,unit_type,city,30/2026/QH16,,x\n"
        "75,30.4.2026,unit_type,city,30/2026/QH16,,x\n",
        encoding="utf-8",
    )
    with pytest.raises(BaophuError, match=r"corrections\.csv, line 3"):
        source.read_corrections(path)
