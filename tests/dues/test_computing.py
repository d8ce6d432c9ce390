"""`baophu dues compute`: a home loaded from files, held to plain Python on every dong."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from baophu.cli import main
from baophu.core.errors import BaophuError
from baophu.dues.computing import Computed, compute
from baophu.dues.registered import Registered
from baophu.engine import DuckDB
from baophu.nation import reference
from baophu.registers import store
from dues.small_home import Registers, employer, put, random_registers

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def computed(home: Path, as_of: date, out: Path, **given: object) -> Computed:
    with DuckDB(memory="400MiB", threads=1) as engine:
        return compute(engine, Registered(home), as_of, out, **given)  # type: ignore[arg-type]


def rows(folder: Path, name: str, fields: tuple[str, ...]) -> list[tuple[object, ...]]:
    files = sorted((folder / name).glob("*.parquet"))
    return sorted(pl.read_parquet(files).select(fields).rows(), key=str)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_home_comes_to_what_plain_python_says(tmp_path: Path, seed: int) -> None:
    made = random_registers(seed)
    home, as_of = made.load(tmp_path / "home"), date(2026, 9, 20)
    done = computed(home, as_of, tmp_path / "out")
    dues, charges = made.truth(as_of)
    assert rows(done.folder, "dues", reference.DueRow._fields) == sorted(map(tuple, dues), key=str)
    fields = tuple("class" if name == "kind" else name for name in reference.ChargeRow._fields)
    assert rows(done.folder, "charges", fields) == sorted(map(tuple, charges), key=str)
    assert charges

    totals = done.totals
    assert (totals.due, totals.paid) == (sum(row[4] for row in dues), sum(row[5] for row in dues))
    assert totals.late == sum(row.outstanding for row in dues if row.due_date < as_of)
    year = sorted({row.month for row in dues})[-12:]
    assert totals.late_rate == Fraction(totals.late, sum(row.due for row in dues if row.month in year))
    assert totals.charge_late + totals.charge_evasion == sum(row.charge for row in charges)


def one_employer(home: Path) -> Path:
    return Registers(
        employers=[employer("TZ1"), employer("TZ2"), employer("TZ3"), employer("TZ4")],
        declarations=[(JULY, f"TZ{at}", f"000000000{at}", "a", 10_000_000, 0) for at in (1, 2, 3, 4)],
        payments=[("p1", "TZ1", date(2026, 8, 20), 3_200_000), ("p2", "TZ2", date(2026, 9, 9), 3_200_000)],
        notices=[("n1", "TZ4", JULY, date(2026, 9, 10))],
    ).load(home)


def test_employers_are_counted_in_the_gravest_class(tmp_path: Path) -> None:
    totals = computed(one_employer(tmp_path / "home"), date(2026, 11, 22), tmp_path / "out").totals
    assert totals.employers == 4
    assert (totals.employers_evasion, totals.employers_late) == (1, 1)  # TZ4 was urged, TZ3 was not
    assert (totals.employers_settled_late, totals.employers_in_time) == (1, 1)


def test_what_was_loaded_later_is_not_known_on_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = one_employer(tmp_path / "home")
    loaded = store.loads(home, "declarations")[-1].loaded_at.astimezone(store.VIET_NAM).date()
    put(home, "declarations", [(AUGUST, "TZ1", "0000000001", "a", 10_000_000, 0)])
    newest = store.loads(home, "declarations")[-1]
    manifest = store.folder(home, "declarations") / newest.load / store.MANIFEST
    later = newest.model_copy(update={"loaded_at": newest.loaded_at.replace(year=newest.loaded_at.year + 1)})
    manifest.write_text(later.model_dump_json(), encoding="utf-8")
    as_of = date(2026, 11, 22)
    assert Registered(home).months(as_of) == [JULY, AUGUST]
    assert Registered(home, loaded).months(as_of) == [JULY]
    with pytest.raises(BaophuError, match="not loaded"):
        Registered(home, date(2020, 1, 1)).months(as_of)


def test_a_load_undone_later_still_counts_on_the_days_before(tmp_path: Path) -> None:
    home = one_employer(tmp_path / "home")
    load = store.loads(home, "payments")[-1]
    day = load.loaded_at.astimezone(store.VIET_NAM).date()
    store.undo(home, load.load)
    record = store.folder(home, "payments") / "undone" / f"{load.load}.json"
    told = store.Undone.model_validate_json(record.read_text())
    after = told.model_copy(update={"undone_at": told.undone_at.replace(year=told.undone_at.year + 1)})
    record.write_text(after.model_dump_json(), encoding="utf-8")
    assert store.current(home, "payments") == []
    assert len(store.current(home, "payments", known_on=day)) == 1


def test_the_command_writes_a_folder_for_every_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, out = one_employer(tmp_path / "home"), tmp_path / "out"
    asked = ["--lang", "en", "dues", "compute", "--home", str(home), "--month", "2026-11", "--out", str(out)]
    with pytest.raises(SystemExit) as ended:
        main([*asked, "--export", "csv", "--export", "xlsx"])
    assert not ended.value.code
    shown = capsys.readouterr()
    assert "12,800,000" in shown.out
    assert "Late rate: 50.00 %" in shown.out
    assert "spells is not loaded" in shown.err
    names = sorted(path.name for path in out.iterdir())
    results = [f"{name}{end}" for name in ("charges", "collected", "dues", "steps") for end in ("", ".csv", ".xlsx")]
    assert names == sorted([*results, "manifest.json"])
    told = json.loads((out / "manifest.json").read_text())
    assert (told["as_of"], told["months"], told["rows"]["dues"]) == ("2026-11-30", ["2026-07"], 4)
    assert (out / "dues.csv").read_bytes().startswith(b"\xef\xbb\xbfemployer_id,month")
    sheet = openpyxl.load_workbook(out / "dues.xlsx").active
    assert sheet.max_row == 5
    assert sheet["D2"].value == 1

    with pytest.raises(SystemExit) as again:
        main(asked)
    assert again.value.code == 2
    assert "not empty" in capsys.readouterr().err


def test_nothing_is_left_where_a_row_has_no_place(tmp_path: Path) -> None:
    home = one_employer(tmp_path / "home")
    put(home, "employers", [employer("TZ1")])
    with pytest.raises(BaophuError, match="nothing was written"):
        computed(home, date(2026, 11, 22), tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.endswith(".csv")) == ["home"]
