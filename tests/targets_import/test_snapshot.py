"""The frozen copy: exact, checked, and right again after any cut."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from baophu.core.errors import BaophuError
from baophu.targets import snapshot
from baophu.targets.importing import import_targets, undo
from baophu.targets.snapshot import changing, freeze, imported_targets, stale

from .forms import Form, shares

DYING = Path(__file__).parent / "dying.py"


@pytest.fixture
def imported(form: Form, home: Path) -> Path:
    """A home into which the good form went."""
    import_targets(form.save(), home, actor="lan")
    return home


def python(program: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def current(home: Path) -> Path:
    place = snapshot.folder(home)
    return place / (place / "current").read_text().strip()


def test_the_copy_is_a_folder_of_parquet_with_a_manifest(imported: Path) -> None:
    copy = current(imported)
    manifest = json.loads((copy / "manifest.json").read_text())
    assert (manifest["rows"], manifest["revision"], manifest["program"]) == (68, 1, "0.1.0")
    assert copy.name == f"1-{manifest['sha256'][:8]}"
    assert sorted(path.name for path in copy.iterdir()) == ["manifest.json", "targets.parquet"]
    assert not list(snapshot.folder(imported).glob(".part-*"))


def test_values_are_exact_decimals_in_the_parquet(imported: Path) -> None:
    found = duckdb.read_parquet(str(current(imported) / "targets.parquet"))
    types = dict(zip(found.columns, map(str, found.types), strict=True))
    assert (types["value"], types["high"], types["period_end"]) == ("DECIMAL(24,6)", "DECIMAL(24,6)", "DATE")


def test_a_value_keeps_all_its_digits_on_its_way(home: Path) -> None:
    from baophu.desk.start import start

    start(home)
    from baophu.desk import models
    from baophu.desk.actions import record_import
    from baophu.targets.at_desk import decision_to_desk
    from baophu.targets.decisions import decision

    digits = {"01": "123456789012345678.123456", "04": "0.451", "75": "29334000", "79": "0"}
    with changing(home):
        record_import(
            actor="lan",
            decision=decision_to_desk(decision("403/NQ-CP")),
            parent_code="00",
            rows=[
                models.Target(
                    indicator="si_total",
                    area_code=code,
                    period_end="2030-12-31",
                    base_date="2025-12-31",
                    value=Decimal(value),
                    direction="at_least",
                )
                for code, value in digits.items()
            ],
            file_name="a.xlsx",
            sha256="a" * 64,
        )
    assert {target.area_code: str(target.value) for target in imported_targets(home)} == digits


def test_without_a_copy_nothing_is_loaded(tmp_path: Path) -> None:
    program = """
import sys, pathlib
from baophu.targets.snapshot import imported_targets, stale
assert imported_targets(pathlib.Path(sys.argv[1])) == [] and not stale(pathlib.Path(sys.argv[1]))
print([name for name in ("django", "duckdb", "xlsxwriter", "python_calamine") if name in sys.modules])
"""
    assert python(program, tmp_path / "none") == "[]"
    assert not (tmp_path / "none").exists()


def test_reading_a_copy_does_not_start_django(imported: Path) -> None:
    program = """
import sys, pathlib
from baophu.targets.snapshot import imported_targets
print(len(imported_targets(pathlib.Path(sys.argv[1]))), "django" in sys.modules)
"""
    assert python(program, imported) == "68 False"


def test_freezing_again_without_a_change_keeps_the_copy(imported: Path) -> None:
    before = current(imported)
    assert freeze(imported) == before


def test_each_change_makes_a_copy_of_its_own_and_the_earlier_stays(imported: Path) -> None:
    first = current(imported)
    undo(imported, actor="minh", import_id=1)
    assert imported_targets(imported) == []
    assert current(imported).name.startswith("2-")
    assert (first / "targets.parquet").exists()


# A copy that was tampered with


@pytest.mark.parametrize("file", ["targets.parquet", "manifest.json"])
@pytest.mark.parametrize("how", ["changed", "cut", "gone"])
def test_a_damaged_copy_is_an_error_that_says_how_to_mend_it(imported: Path, file: str, how: str) -> None:
    path = current(imported) / file
    content = path.read_bytes()
    match how:
        case "changed":
            path.write_bytes(content.replace(b"3", b"4", 1))
        case "cut":
            path.write_bytes(content[:100])
        case "gone":
            path.unlink()
    with pytest.raises(BaophuError) as error:
        imported_targets(imported)
    assert "đã bị sửa hoặc bị hỏng" in error.value.say("vi")
    assert "baophu targets freeze" in error.value.say("en")
    mended = freeze(imported)
    assert mended == current(imported)
    assert len(imported_targets(imported)) == 68
    assert len(list(snapshot.folder(imported).glob("damaged-*"))) == 1


def test_a_copy_that_is_gone_as_a_whole_is_an_error_and_not_the_copy_before_it(imported: Path, form: Form) -> None:
    form["C12"], form["C13"] = shares()["04", "C"] - 1, shares()["08", "C"] + 1
    import_targets(form.save(), imported, actor="lan")
    for path in (last := current(imported)).iterdir():
        path.unlink()
    last.rmdir()
    with pytest.raises(BaophuError, match="damaged"):
        imported_targets(imported)


def test_a_home_restored_without_its_copies_makes_them_again(imported: Path) -> None:
    for path in sorted(snapshot.folder(imported).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert stale(imported)
    assert len(imported_targets(imported)) == 68
    assert not stale(imported)


# A process that is killed


@pytest.mark.parametrize(
    ("place", "after"),
    [
        ("before the marker", "before"),
        ("after the marker", "before"),
        ("inside the transaction", "before"),
        ("after the commit", "imported"),
        ("while the copy is written", "imported"),
        ("before the copy holds good", "imported"),
        ("before the marker goes", "imported"),
    ],
)
@pytest.mark.parametrize("begin", ["with nothing", "with an import"])
def test_a_process_killed_at_any_place_leaves_what_was_or_what_is_to_be(
    form: Form, home: Path, begin: str, place: str, after: str
) -> None:
    before = 0
    if begin == "with an import":
        import_targets(form.save(), home, actor="lan")
        before = shares()["04", "C"]
    form["C12"], form["C13"] = shares()["04", "C"] - 7, shares()["08", "C"] + 7
    killed = subprocess.run([sys.executable, DYING, home, form.save(), place])
    assert killed.returncode == -signal.SIGKILL
    assert stale(home) is (place != "before the marker" or begin == "with nothing")

    found = {(one.indicator, one.area_code): one.value for one in imported_targets(home)}
    expected = shares()["04", "C"] - 7 if after == "imported" else before
    assert found.get(("si_total", "04"), 0) == expected
    assert len(found) == (68 if expected else 0)
    assert not stale(home)

    again = import_targets(form.path, home, actor="lan")
    assert again.already is (after == "imported")
    assert len(imported_targets(home)) == 68


# A disk that refuses


def test_a_full_disk_after_the_commit_loses_nothing(form: Form, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "_write_parquet", full)
        with pytest.raises(BaophuError) as error:
            import_targets(form.save(), home, actor="lan")
        assert "Bàn làm việc đã ghi đủ" in error.value.say("vi")
        assert "No space left on device" in error.value.say("en")
        assert stale(home)
    assert len(imported_targets(home)) == 68


def test_a_full_disk_before_the_commit_changes_nothing(form: Form, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(snapshot.folder(home) / "pending"))

    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "_mark", full)
        with pytest.raises(BaophuError) as error:
            import_targets(form.save(), home, actor="lan")
    assert "Không có gì thay đổi" in error.value.say("vi")
    assert imported_targets(home) == []


def test_a_database_that_may_not_be_written_to_changes_nothing(imported: Path, form: Form) -> None:
    from django.db import connection

    form["C12"], form["C13"] = shares()["04", "C"] - 7, shares()["08", "C"] + 7
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    with pytest.raises(BaophuError) as error:
        import_targets(form.save(), imported, actor="lan")
    assert "readonly database" in error.value.say("en")
    assert "Không có gì thay đổi" in error.value.say("vi")
    connection.close()
    values = {one.area_code: one.value for one in imported_targets(imported) if one.indicator == "si_total"}
    assert values["04"] == shares()["04", "C"]


def test_two_imports_at_once_take_their_turn(form: Form, home: Path, tmp_path: Path) -> None:
    program = """
import sys, pathlib
from baophu.targets.importing import import_targets
import_targets(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[1]), actor="lan")
"""
    files = []
    for number in (1, 2):
        form["C12"], form["C13"] = shares()["04", "C"] - number, shares()["08", "C"] + number
        form.path = tmp_path / f"{number}.xlsx"
        files.append(form.save())
    started = [subprocess.Popen([sys.executable, "-c", program, home, file]) for file in files]
    assert [process.wait() for process in started] == [0, 0]
    assert not stale(home)
    values = {one.area_code: one.value for one in imported_targets(home) if one.indicator == "si_total"}
    assert values["04"] in (shares()["04", "C"] - 1, shares()["04", "C"] - 2)
