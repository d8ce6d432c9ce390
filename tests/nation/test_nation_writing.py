"""The folder of a generated country: whole or not at all, the same bytes, and in the forms that offices send."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from baophu.core.errors import BaophuError, UnknownName
from baophu.nation import writing
from baophu.nation.writing import FORMS, Writer
from baophu.registers.loading import load
from baophu.registers.reading import files

PAYMENTS = pl.DataFrame(
    {
        "amount": [7_000_000, -1_000],
        "paid_on": [date(2026, 1, 31), date(2026, 2, 5)],
        "payment_id": ["0001", "0002"],
        "employer_id": ["TA0001X", "TA0002X"],
        "behaviour": ["on_time", "refund"],
    }
)


def write(out: Path, form: str) -> None:
    with Writer(out, form, {"seed": 7}) as writer:
        writer.part("payments", PAYMENTS)
        writer.part("payments", PAYMENTS.with_columns(payment_id=pl.lit("1") + pl.col("payment_id")))
        writer.truth("behaviours", PAYMENTS.select("employer_id", "behaviour"))
        assert writer.rows("payments") == 4


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", FORMS)
def test_the_loader_takes_each_form_and_leaves_the_truth_alone(tmp_path: Path, form: str) -> None:
    write(tmp_path / "nation", form)
    assert all("truth" not in path.parts for path in files([tmp_path / "nation"]))
    (one,) = load([tmp_path / "nation"], tmp_path / "home")
    assert (one.manifest.table, one.manifest.loaded, one.manifest.rejected) == ("payments", 4, 0)
    stored = pl.concat(pl.read_parquet(path) for path in one.folder.glob("data*.parquet"))
    assert stored.sort("payment_id")["amount"].to_list() == [7_000_000, -1_000] * 2


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    write(tmp_path / "one", form)
    write(tmp_path / "two", form)
    assert everything(tmp_path / "one") == everything(tmp_path / "two")


def test_columns_stand_in_the_contracts_order_and_others_stay_out(tmp_path: Path) -> None:
    write(tmp_path / "nation", "csv")
    lines = (tmp_path / "nation" / "payments.csv").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["payment_id,employer_id,paid_on,amount", "0001,TA0001X,2026-01-31,7000000"]


def test_the_manifest_tells_seed_rows_and_the_hash_of_each_file(tmp_path: Path) -> None:
    write(tmp_path / "nation", "parquet")
    told = json.loads((tmp_path / "nation" / "nation.json").read_text(encoding="utf-8"))
    assert told["seed"] == 7
    assert told["rows"] == {"payments": 4, "truth/behaviours": 2}
    written = everything(tmp_path / "nation")
    written.pop("nation.json")
    assert told["sha256"] == {name: hashlib.sha256(content).hexdigest() for name, content in written.items()}


def test_what_stops_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    for form in FORMS:
        with pytest.raises(KeyboardInterrupt), Writer(tmp_path / "nation", form) as writer:
            writer.part("payments", PAYMENTS)
            raise KeyboardInterrupt
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), pl.exceptions.ComputeError("io: no space (os error 28)")]
)
def test_a_full_disk_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(BaophuError, match="the disk is full"), Writer(tmp_path / "nation", "parquet") as writer:
        writer.part("payments", PAYMENTS)
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_is_full_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHEET_ROWS", 3)
    write(tmp_path / "nation", "xlsx")
    with zipfile.ZipFile(tmp_path / "nation" / "payments.xlsx") as book:
        assert sum(name.startswith("xl/worksheets/sheet") for name in book.namelist()) == 2
    (one,) = load([tmp_path / "nation"], tmp_path / "home")
    assert one.manifest.loaded == 4


def test_a_part_without_a_needed_column_or_unlike_those_before_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="amount"), Writer(tmp_path / "a", "csv") as writer:
        writer.part("payments", PAYMENTS.drop("amount"))
    spells = pl.DataFrame({"month": [date(2026, 1, 1)], "tax_code": ["0100233488"], "full_name": ["A"]})
    spells = spells.with_columns(contract=pl.lit("labour"))
    with pytest.raises(ValueError, match="those before"), Writer(tmp_path / "b", "csv") as writer:
        writer.part("tax_income", spells)
        writer.part("tax_income", spells.with_columns(pid=pl.lit("001090000001")))


def test_an_unknown_form_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="parket"):
        Writer(tmp_path / "nation", "parket")
    assert list(tmp_path.iterdir()) == []
