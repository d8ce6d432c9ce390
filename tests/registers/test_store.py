"""Which loads hold good: the same file twice, a corrected file, undoing; and what a killed load left."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from baophu.core.errors import BaophuError
from baophu.registers import store
from baophu.registers.loading import Loaded, load

HEADER = "month,employer_id,si_code,group_code,wage"
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def declare(home: Path, name: str, *lines: str) -> Loaded:
    file = home.parent / name
    file.write_text("\n".join([HEADER, *(f"{line[:7]}-01,DN1,0123456789,a,{line[8:]}" for line in lines)]))
    (one,) = load([file], home)
    return one


def wages(home: Path, month: date | None = None) -> list[int]:
    files = [str(path) for path in store.current(home, "declarations", month)]
    return [wage for (wage,) in duckdb.sql(f"SELECT wage FROM read_parquet({files}) ORDER BY month").fetchall()]  # noqa: S608


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_same_file_twice_is_recognised(home: Path) -> None:
    first = declare(home, "a.csv", "2026-10 1")
    again = declare(home, "renamed.csv", "2026-10 1")
    assert (first.new, again.new) == (True, False)
    assert again.manifest.load == first.manifest.load
    assert len(store.loads(home)) == 1


def test_a_corrected_file_replaces_its_months_only_and_the_old_load_stays_readable(home: Path) -> None:
    first = declare(home, "a.csv", "2026-09 9", "2026-10 10")
    declare(home, "b.csv", "2026-10 11")
    assert wages(home) == [9, 11]
    assert wages(home, OCTOBER) == [11]
    old = duckdb.sql(f"SELECT wage FROM '{first.folder}/data-*.parquet' ORDER BY wage").fetchall()  # noqa: S608
    assert old == [(9,), (10,)]


def test_undoing_a_load_brings_back_what_it_replaced(home: Path) -> None:
    declare(home, "a.csv", "2026-10 10")
    second = declare(home, "b.csv", "2026-10 11")
    store.undo(home, second.manifest.load)
    assert wages(home) == [10]
    with pytest.raises(BaophuError, match="undone before"):
        store.undo(home, second.manifest.load)
    assert declare(home, "b.csv", "2026-10 11").new
    assert wages(home) == [11]


def test_a_load_from_which_nothing_went_on_takes_nobodys_place(home: Path) -> None:
    declare(home, "a.csv", "2026-10 10")
    assert declare(home, "b.csv", "2026-10 x").manifest.rejected == 1
    assert wages(home) == [10]


def test_loads_of_a_table_that_adds_all_count_and_none_twice(home: Path) -> None:
    for name, line in (("a.csv", "P1,DN1,2026-10-05,100"), ("b.csv", "P2,DN1,2026-10-06,-40")):
        (home.parent / name).write_text(f"payment_id,employer_id,paid_on,amount\n{line}\n")
        load([home.parent / name], home)
    load([home.parent / "a.csv", home.parent / "b.csv"], home)
    files = [str(path) for path in store.current(home, "payments")]
    assert duckdb.sql(f"SELECT sum(amount) FROM read_parquet({files})").fetchall() == [(60,)]  # noqa: S608


def test_ids_sort_by_time_also_when_the_clock_was_put_back(home: Path) -> None:
    first = declare(home, "a.csv", "2026-10 10")
    first.folder.rename(first.folder.with_name("29990101T000000000000Z-00000000"))
    assert store.new_id(first.folder.parent, "ffffffff") == "29990101T000000000001Z-ffffffff"


def test_what_a_killed_load_left_is_swept_by_the_next(home: Path) -> None:
    place = store.folder(home, "declarations")
    left = place / ".part-dead-20261001"
    left.mkdir(parents=True)
    (left / "data-0001.parquet").write_bytes(b"half")
    assert store.loads(home) == []
    declare(home, "a.csv", "2026-10 10")
    assert not left.exists()


def test_a_damaged_manifest_is_told(home: Path) -> None:
    one = declare(home, "a.csv", "2026-10 10")
    (one.folder / "manifest.json").write_text("{")
    with pytest.raises(BaophuError, match="damaged"):
        store.loads(home)


@pytest.mark.parametrize(
    "words",
    ["số 079099000001", "số 079 099 000 001", "079.099.000.001", "0790-9900-0001", "079 - 099 - 000001",
     "22.11.2026.0001", "ngày 22.11.2026 của 079 099 000 001", "079.099.000.001 đồng", "7912345678", "225123456",
     "225.123.456", "225.123.456 hộ khẩu", "1234.5678.9012", "12.3456.789.012", "0.799.123.456", "12 345.678.901",
     "1.500.000.0001", "1.500.000.000.12", "7.912 345.678", "345.678.901 23", "1.500.000.000-12",
     "1500000000 đồng"],
)  # fmt: skip
def test_a_number_of_nine_digits_is_found_however_it_is_written(words: str) -> None:
    assert not store.names_nobody(words)


@pytest.mark.parametrize(
    "words",
    ["12/2026/QĐ-UBND", "ngày 22.11.2026", "22.11.2026 12.30", "công văn 1234 22-11-2026",
     "từ 2026-10-01 đến 2026-11-22", "08-2026 09-2026 10-2026", "2026-11-22 15", "1234/BHXH-TST, 5 tờ", "",
     "phòng 12, tầng 3, số 45.678", "nợ 1.500.000.000", "1.500.000.000 đồng", "225.123.456 đồng",
     "225.123.456đ", "225.123.456 ₫",
     "500.000.000 chưa thu", "123.456.789.012 đồng", "123.456.789.012", "từ 1.500.000.000 đến 2.500.000.000.",
     "thu 2.350.000, còn 12.350.000.000", "(1.500.000.000)", "1.500.000.000 VNĐ, tháng 10"],
)  # fmt: skip
def test_numbers_of_documents_and_days_are_nobodys(words: str) -> None:
    assert store.names_nobody(words)
