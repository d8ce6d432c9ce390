"""A load held against what is there already: keys that other loads have, and tables that its columns refer to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from baophu.registers import store
from baophu.registers.across import UNKNOWN
from baophu.registers.contracts import contract
from baophu.registers.loading import Loaded, load
from baophu.registers.rejects import reason

PAYMENTS = "payment_id,employer_id,paid_on,amount"
EMPLOYERS = "employer_id,name,commune_code,region,sector,pay_method,status,registered_on"
PEOPLE = "si_code,full_name,birth_date,sex,commune_code,registered_on"
DECLARED = "month,employer_id,si_code,group_code,wage"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def send(home: Path, name: str, header: str, *lines: str) -> Loaded:
    file = home.parent / name
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    (one,) = load([file], home)
    found = one.manifest
    assert found.loaded + found.rejected + found.held == found.read == len(lines)
    for table, number in (("data-*", found.loaded), ("held", found.held)):
        paths = list(one.folder.glob(f"{table}.parquet"))
        assert sum(duckdb.read_parquet(str(path)).shape[0] for path in paths) == number
    return one


def listed(one: Loaded, what: str, columns: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"SELECT {columns} FROM '{one.folder}/{what}' ORDER BY ALL").fetchall()  # noqa: S608


def amounts(home: Path) -> list[tuple[str, int]]:
    files = [str(path) for path in store.current(home, "payments")]
    return duckdb.sql(f"SELECT payment_id, amount FROM read_parquet({files}) ORDER BY ALL").fetchall()  # noqa: S608


def test_a_payment_that_another_load_has_is_held_and_not_counted_twice(home: Path) -> None:
    first = send(home, "a.csv", PAYMENTS, "P1,DN1,2026-10-05,100", "P2,DN1,2026-10-06,200")
    second = send(home, "b.csv", PAYMENTS, "P2,DN1,2026-10-06,200", "P3,DN1,2026-10-07,300")
    assert (second.manifest.loaded, second.manifest.held) == (1, 1)
    assert second.manifest.reasons == {f"payment_id|known:{first.manifest.load}": 1}
    assert amounts(home) == [("P1", 100), ("P2", 200), ("P3", 300)]
    assert listed(second, "held.parquet", "payment_id, _row, _reasons") == [
        ("P2", 2, [f"payment_id|known:{first.manifest.load}"])
    ]
    ((reason_en, fate),) = listed(second, "rejects.parquet", "reason_en, fate")
    assert first.manifest.load in reason_en
    assert fate == "held"


def test_a_key_that_another_load_has_for_another_row_goes_back_and_names_the_load(home: Path) -> None:
    first = send(home, "a.csv", PAYMENTS, "P1,DN1,2026-10-05,100")
    second = send(home, "b.csv", PAYMENTS, "P1,DN1,2026-10-05,999", "P2,DN1,2026-10-06,200")
    assert (second.manifest.loaded, second.manifest.rejected) == (1, 1)
    code = f"key_taken:{first.manifest.load}"
    assert listed(second, "rejects.parquet", 'row, "column", value, reason') == [(2, "payment_id", "P1", code)]
    assert first.manifest.load in reason(contract("payments"), "payment_id", code).vi
    assert amounts(home) == [("P1", 100), ("P2", 200)]


def test_a_load_that_was_undone_holds_no_key(home: Path) -> None:
    first = send(home, "a.csv", PAYMENTS, "P1,DN1,2026-10-05,100")
    store.undo(home, first.manifest.load)
    assert send(home, "b.csv", PAYMENTS, "P1,DN1,2026-10-05,999").manifest.loaded == 1


def test_a_load_of_known_rows_only_adds_nothing(home: Path) -> None:
    send(home, "a.csv", PAYMENTS, "P1,DN1,2026-10-05,100", "P2,DN1,2026-10-06,200")
    again = send(home, "b.csv", PAYMENTS, "P2,DN1,2026-10-06,200", "P1,DN1,2026-10-05,100")
    assert (again.manifest.loaded, again.manifest.held) == (0, 2)
    assert amounts(home) == [("P1", 100), ("P2", 200)]


def test_a_table_that_is_replaced_keeps_its_keys_to_one_load(home: Path) -> None:
    lines = "0000000001,An,1985-01-02,M,00004,2020-01-01", "0000000001,Anh,1985-01-02,M,00004,2020-01-01"
    send(home, "a.csv", PEOPLE, lines[0])
    assert send(home, "b.csv", PEOPLE, lines[1]).manifest.loaded == 1


def test_rows_that_name_nobody_known_go_on_and_are_told(home: Path) -> None:
    send(home, "e.csv", EMPLOYERS, "DN1,Công ty A,00004,I,private,monthly,active,2020-01-01")
    send(home, "p.csv", PEOPLE, "0000000001,An,1985-01-02,M,00004,2020-01-01")
    one = send(
        home, "d.csv", DECLARED,
        "2026-10-01,DN1,0000000001,a,5000000", "2026-10-01,DN2,0000000001,a,5000000", "2026-10-01,DN2,0000000002,a,1",
    )  # fmt: skip
    assert one.manifest.loaded == 3
    assert one.manifest.warnings == {"employer_id|unknown_reference": 2, "si_code|unknown_reference": 1}
    assert one.manifest.unchecked == ()
    assert listed(one, UNKNOWN, 'file_number, row, "column"') == [
        (0, 3, "employer_id"), (0, 4, "employer_id"), (0, 4, "si_code")
    ]  # fmt: skip
    (stored,) = store.loads(home, "declarations")
    assert [beside.name for beside in stored.beside] == [UNKNOWN]


def test_a_table_that_is_not_loaded_is_told_instead(home: Path) -> None:
    send(home, "e.csv", EMPLOYERS, "DN1,Công ty A,00004,I,private,monthly,active,2020-01-01")
    one = send(home, "d.csv", DECLARED, "2026-10-01,DN1,0000000001,a,5000000")
    assert one.manifest.warnings == {}
    assert one.manifest.unchecked == ("si_code",)
    assert not (one.folder / UNKNOWN).exists()


def test_an_empty_cell_refers_to_nothing(home: Path) -> None:
    send(home, "p.csv", PEOPLE, "0000000001,An,1985-01-02,M,00004,2020-01-01")
    send(home, "e.csv", EMPLOYERS, "DN1,Công ty A,00004,I,private,monthly,active,2020-01-01")
    spells = "si_code,scheme,group_code,employer_id,commune_code,start_month,end_month"
    one = send(home, "s.csv", spells, "0000000001,voluntary,,,00004,2026-01-01,")
    assert one.manifest.warnings == {}
