"""`baophu progress` as its users call it: a process of its own, from the shell."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from baophu.targets.progress import COLUMNS

CONTRACT = [
    *("area_code", "indicator", "target_id", "period_end", "target", "base", "actual", "as_of", "achieved"),
    *("development", "yoy", "rank", "forecast_p10", "forecast_p50", "forecast_p90", "gap", "direction", "target_high"),
    *("met", "phase", "probability", "completeness", "value_date", "scope"),
]


def baophu(*words: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("BAOPHU_")}
    env |= {"BAOPHU_HOME": str(home), "PYTHONUTF8": "1", **environment}
    command = [str(Path(sys.executable).with_name("baophu")), *words]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_json_is_a_list_of_rows_with_the_columns_of_the_contract(tmp_path: Path) -> None:
    found = rows(baophu("progress", "--format", "json", "--as-of", "2025-11-30", home=tmp_path / "home"))
    assert found
    for row in found:
        assert list(row)[: len(CONTRACT)] == CONTRACT
        assert list(row)[len(CONTRACT) :] == ["governs", "achieved_at_least", "reason"]
    total = next(r for r in found if r["area_code"] == "00" and r["target"] == 29_334_000)
    assert total["actual"] == 20_040_000
    assert total["achieved"] == pytest.approx(20_040_000 / 29_334_000)
    coverage = next(r for r in found if r["indicator"] == "si_coverage_working_age_lf" and r["target"] == 0.6)
    assert coverage["actual"] == 0.424  # a share is a fraction of 1
    assert not (tmp_path / "home").exists(), "reading must not make a home"


def test_reading_progress_starts_neither_django_nor_the_charts(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['baophu', 'progress', '--format', 'json', '--as-of', '2025-11-30']\n"
        "from baophu.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "BAOPHU_HOME": str(tmp_path)}
    )
    assert done.returncode == 0, done.stderr
    for heavy in ("django", "altair", "duckdb", "vl_convert", "xlsxwriter", "holidays", "shapely"):
        assert f"'{heavy}'" not in done.stderr


def test_an_area_is_named_by_code_or_by_words(tmp_path: Path) -> None:
    by_code = rows(baophu("progress", "--area", "79", "--format", "json", "--as-of", "2025-11-30", home=tmp_path))
    by_name = rows(
        baophu("progress", "--area", "ho chi minh", "--format", "json", "--as-of", "2025-11-30", home=tmp_path)
    )
    assert by_code == by_name
    assert {row["area_code"] for row in by_code} == {"79"}
    assert {row["target"] for row in by_code} == {6_671_804, 112_565}


def test_an_area_without_targets_says_so(tmp_path: Path) -> None:
    done = baophu("progress", "--area", "46", "--format", "json", home=tmp_path)
    assert rows(done) == []
    assert "Đơn vị này chưa được giao chỉ tiêu nào." in done.stderr


def test_csv_holds_the_same_rows(tmp_path: Path) -> None:
    done = baophu("progress", "--format", "csv", "--as-of", "2025-11-30", home=tmp_path)
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    same = rows(baophu("progress", "--format", "json", "--as-of", "2025-11-30", home=tmp_path))
    assert [row["target_id"] for row in found] == [row["target_id"] for row in same]
    assert [row["actual"] for row in found] == ["" if row["actual"] is None else str(row["actual"]) for row in same]


def test_a_csv_file_opens_in_excel_with_its_diacritics(tmp_path: Path) -> None:
    out = tmp_path / "out" / "progress.csv"
    done = baophu("progress", "--format", "csv", "--as-of", "2025-11-30", "--out", str(out), home=tmp_path)
    assert done.returncode == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_workbook_has_numbers_as_numbers_and_the_contracts_columns(tmp_path: Path) -> None:
    out = tmp_path / "progress.xlsx"
    done = baophu("progress", "--format", "xlsx", "--as-of", "2025-11-30", "--out", str(out), home=tmp_path)
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(out)
    reading, data = book.worksheets
    assert reading["A1"].value == "Bao phủ bảo hiểm xã hội cả nước"
    assert reading.page_setup.orientation == "landscape"
    heads = [cell.value for cell in reading[4]]
    (total,) = [
        row for row in reading.iter_rows(min_row=5, values_only=True) if row[heads.index("Mục tiêu")] == 29_334_000
    ]
    assert total[heads.index("Giá trị")] == 20_040_000
    assert total[heads.index("Đơn vị")] == "Cả nước"
    assert total[heads.index("Nguồn số liệu")].startswith("https://")
    assert [cell.value for cell in data[1]] == list(COLUMNS)
    assert data.max_row - 1 == reading.max_row - 4


def test_the_table_names_what_is_missing_and_why(tmp_path: Path) -> None:
    done = baophu("progress", "--as-of", "2025-11-30", home=tmp_path)
    assert done.returncode == 0
    assert "■ Chậm" in done.stdout
    assert "◌ Chưa có dữ liệu" in done.stdout
    assert "khác phạm vi" in " ".join(done.stdout.split())


def test_what_to_mind_of_a_document_stands_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "table.txt"
    baophu("progress", "--as-of", "2025-11-30", "--out", str(out), home=tmp_path)
    words = " ".join(out.read_text(encoding="utf-8").split())
    assert "chỉ theo báo chí" in words  # the orientation of 2021
    assert "quyết định ban hành sau ngày xem" in words  # Resolution 403/NQ-CP is of December 2025
    assert "đã có văn bản sau thay thế" in words  # payment without cash, 60 %


def test_english_may_be_asked_for_anywhere(tmp_path: Path) -> None:
    for words in (["--lang", "en", "progress"], ["progress", "--lang", "en"], ["progress", "--lang=en"]):
        done = baophu(*words, "--as-of", "2025-11-30", home=tmp_path)
        assert "Social insurance coverage of Viet Nam" in done.stdout
    assert "Social insurance" in baophu("progress", home=tmp_path, BAOPHU_LANG="en").stdout


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["--area", "dong nia"], "75 (Đồng Nai)"),
        (["--area", "77"], "79"),  # a code from before the merger: told where it went
        (["--explain", "si_totl"], "si_total"),
        (["--as-of", "2025-31-11"], "2025-11-30"),
        (["--lang", "fr"], "vi"),
    ],
)
def test_what_is_not_known_proposes_what_was_meant(tmp_path: Path, words: list[str], meant: str) -> None:
    done = baophu("progress", *words, home=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert meant in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_is_told_in_both_languages_or_in_the_one_chosen(tmp_path: Path) -> None:
    both = baophu("progress", "--area", "dong nia", home=tmp_path).stderr
    assert "Có phải ý bạn là" in both
    assert "Did you mean" in both
    one = baophu("progress", "--area", "dong nia", "--lang", "vi", home=tmp_path).stderr
    assert "Did you mean" not in one


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = baophu("progress", "--format", "html", "--out", str(tmp_path / "file" / "x.html"), home=tmp_path)
    assert done.returncode == 2
    assert "Không ghi được" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_of_the_program_shows_its_place_and_no_values(tmp_path: Path) -> None:
    code = (
        "import sys, baophu.cli as cli, baophu.reports.view as view\n"
        "def broken(*a): raise ValueError('012345678901 Nguyễn Văn A')\n"
        "view.view_of = broken\n"
        "cli.main(['progress'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ})
    assert done.returncode == 1
    assert "ValueError" in done.stderr
    assert "012345678901" not in done.stderr
    assert "Nguyễn" not in done.stderr
    assert "Traceback" not in done.stderr


def test_charts_are_written_as_png_and_svg_with_their_words(tmp_path: Path) -> None:
    out = tmp_path / "charts"
    done = baophu("progress", "--as-of", "2025-11-30", "--chart", str(out), home=tmp_path)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in out.iterdir()}
    assert {"si_total.png", "si_total.svg", "map.png", "map.svg"} <= names
    svg = (out / "si_total.svg").read_text(encoding="utf-8")
    assert "<title>Người tham gia BHXH: còn thiếu" in svg
    assert "font/woff2" in svg
    assert (out / "map.png").read_bytes().startswith(b"\x89PNG")


def test_an_english_workbook_opens_too(tmp_path: Path) -> None:
    out = tmp_path / "progress.xlsx"
    done = baophu("progress", "--lang", "en", "--format", "xlsx", "--out", str(out), home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert openpyxl.load_workbook(out).sheetnames == ["Targets and progress", "progress"]


def test_the_table_goes_into_a_file_where_one_is_named(tmp_path: Path) -> None:
    out = tmp_path / "table.txt"
    done = baophu("progress", "--as-of", "2025-11-30", "--out", str(out), home=tmp_path)
    assert done.returncode == 0
    assert done.stdout == ""
    assert "2440/BHXH-TCCB" in out.read_text(encoding="utf-8")


def test_an_explanation_is_text_or_json_and_nothing_else(tmp_path: Path) -> None:
    done = baophu("progress", "--explain", "si_total", "--format", "xlsx", home=tmp_path)
    assert done.returncode == 2
    assert "--format json" in done.stderr


def test_the_explanation_comes_as_text_and_as_json(tmp_path: Path) -> None:
    text = baophu("progress", "--explain", "si_total", "--as-of", "2025-11-30", home=tmp_path)
    assert "403/NQ-CP" in text.stdout
    done = baophu("progress", "--explain", "si_total", "--as-of", "2025-11-30", "--format", "json", home=tmp_path)
    assert json.loads(done.stdout)["children"]
