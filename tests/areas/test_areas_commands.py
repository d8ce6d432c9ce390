import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from baophu.areas.commands import app as areas_app
from baophu.core.errors import BaophuError
from baophu.core.languages import Language

Run = Callable[..., str]
OFFICES = """office_id,name,level,commune_code,from_date,to_date,phone
7501,BHXH cơ sở [Trảng Bom],grassroots,26248,2025-07-01,,0251
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `baophu areas …` as cli.py does, and returns what it prints; a BaophuError is raised."""

    def call(*words: str, lang: Language = "en") -> str:
        app = typer.Typer()

        @app.callback()
        def main(ctx: typer.Context) -> None:
            ctx.obj = SimpleNamespace(lang=lang, home=tmp_path / "home")

        app.add_typer(areas_app, name="areas")
        result = CliRunner().invoke(app, ["areas", *words])
        if isinstance(result.exception, BaophuError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return call


def read(text: str) -> Any:
    return json.loads(text)


def test_find_prints_a_table(run: Run) -> None:
    text = run("find", "trang", "bom", "--limit", "1", lang="vi")
    assert "26248   Phường Trảng Bom   Cả nước › Đồng Nai › Trảng Bom" in text


def test_find_tells_an_old_name_and_its_present(run: Run) -> None:
    assert "now in 75 Dong Nai City" in run("find", "binh phuoc")
    (hit,) = read(run("find", "Bình Phước", "--limit", "1", "--format", "json"))
    assert hit["code"] == "70"
    assert hit["now"] == ["75"]


def test_find_says_when_nothing_fits(run: Run) -> None:
    assert run("find", "qwrtp", lang="vi") == "Không tìm thấy đơn vị nào có tên 'qwrtp'.\n"
    assert read(run("find", "qwrtp", "--format", "json")) == []


def test_show_tells_everything_about_an_area(run: Run) -> None:
    text = run("show", "26248", lang="vi")
    for expected in (
        "Phường Trảng Bom",
        "Trang Bom Ward",
        "Cả nước › Đồng Nai › Trảng Bom",
        "10,9721° B, 107,0160° Đ",
        "01/07/2025 → 30/04/2026",
        "237/NQ-UBTVQH16",
        "Huyện Trảng Bom",
    ):
        assert expected in text


def test_show_counts_what_is_below(run: Run) -> None:
    assert "95 (62 communes, 33 wards)" in run("show", "75", "--on", "2026-06-30")
    assert "95 (72 communes, 23 wards)" in run("show", "dong", "nai", "--on", "01/01/2026")
    assert "34 (9 centrally-run cities, 25 provinces)" in run("show", "00", "--on", "2026-11-22")


def test_show_as_json_keeps_codes_as_text(run: Run) -> None:
    shown = read(run("show", "04", "--format", "json"))
    assert (shown["code"], shown["valid_from"], shown["region"]) == ("04", "2025-07-01", "northern_uplands")
    assert len(shown["children"]) == 56
    assert [version["full_name"] for version in shown["history"]] == ["Tỉnh Cao Bằng", "Tỉnh Cao Bằng"]
    assert shown["formed_from"] == [{"code": "04", "full_name": "Tỉnh Cao Bằng", "partly": False}]


def test_show_of_an_old_day_knows_the_old_units(run: Run) -> None:
    assert "Binh Phuoc Province" in run("show", "70", "--on", "2025-06-30")
    with pytest.raises(BaophuError, match="The code 70"):
        run("show", "70")


def test_convert_tells_one_unit(run: Run) -> None:
    text = run("convert", "02")
    assert "Ha Giang Province" in text
    assert "08 Tuyen Quang Province" in text


def test_convert_of_a_divided_commune_chooses_none(run: Run) -> None:
    text = run("convert", "00007", lang="vi")
    assert "00008 Phường Ngọc Hà; 00025 Phường Giảng Võ" in text
    assert "chỉ gắn được với cấp tỉnh" in text


def test_convert_mentions_what_a_code_meant_before(run: Run) -> None:
    assert "mã 00004 là Phường Trúc Bạch (Quận Ba Đình)" in run("convert", "00004", lang="vi")
    assert "Truc Bach Ward (Quan Ba Dinh)" in run("convert", "00004", "--on", "2025-06-30")


def test_convert_as_json(run: Run) -> None:
    found = read(run("convert", "00007", "--on", "2025-06-30", "--format", "json"))
    assert (found["status"], [area["code"] for area in found["now"]]) == ("divided", ["00008", "00025"])
    assert found["province"] == "01"
    assert read(run("convert", "99999", "--format", "json"))["status"] == "unknown"


def test_convert_of_an_unknown_code_proposes(run: Run) -> None:
    with pytest.raises(BaophuError) as error:
        run("convert", "06978")
    assert "06970 (Xã Ba Chẽ)" in error.value.say("vi")


def test_a_wrong_day_is_told(run: Run) -> None:
    with pytest.raises(BaophuError, match="'yesterday' is not a date"):
        run("find", "dong nai", "--on", "yesterday")


def test_offices_lists_provinces_until_a_file_is_imported(run: Run, tmp_path: Path) -> None:
    text = run("offices")
    assert "No offices were imported: each province is one." in text
    assert "Social Insurance of Dong Nai City" in text
    path = tmp_path / "offices.csv"
    path.write_text(OFFICES, encoding="utf-8")
    taken = run("offices", str(path))
    assert "Taken: 1 office in 1 row." in taken
    assert "Columns left out: phone." in taken
    assert "This file was taken before" in run("offices", str(path))
    assert "BHXH cơ sở [Trảng Bom]" in run("offices")
    listed = {office["office_id"]: office for office in read(run("offices", "--format", "json"))}
    assert listed["7501"]["communes"] == ["26248"]
    assert len(listed) == 35


def test_boundaries_are_imported_or_refused(run: Run, tmp_path: Path, shared: Path) -> None:
    taken = read(run("boundaries", str(shared / "provinces_34_small.geojson"), "--format", "json"))
    assert (taken["level"], taken["rows"], taken["new"]) == ("province", 34, True)
    again = run("boundaries", str(shared / "provinces_34_small.geojson"), lang="vi")
    assert "Tệp này đã nhận từ trước: ranh giới 34 đơn vị cấp tỉnh." in again
    rubbish = tmp_path / "x.geojson"
    rubbish.write_text("{}", encoding="utf-8")
    with pytest.raises(BaophuError, match="was not taken"):
        run("boundaries", str(rubbish))


def test_tiles_prints_the_map(run: Run) -> None:
    assert ".    .    .    .    .    .    ĐNg  .    (HS)" in run("tiles")
    tiles = read(run("tiles", "--format", "json"))
    assert tiles[-1]["name"] == "Truong Sa"
    assert tiles[0] == {
        "code": "01",
        "label": "HN",
        "column": 3,
        "row": 2,
        "kind": "province",
        "belongs_to": None,
        "name": "Hanoi",
    }
