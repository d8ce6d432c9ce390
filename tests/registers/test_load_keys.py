"""What loading adds to a row: the clean name and its keys, numbers of identity as integers, and what is odd of them."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from baophu.registers import store
from baophu.registers.contracts import contracts
from baophu.registers.keys import derived
from baophu.registers.legacy import encode
from baophu.registers.loading import Loaded, load
from baophu.registers.names import KEYS, name_keys
from baophu.registers.numbers import TAX_10, check_numbers
from baophu.registers.rejects import reason

PEOPLE = "si_code,pid,full_name,birth_date,sex,commune_code,registered_on"
AN = "Nguyễn Văn An"


def load_one(tmp_path: Path, content: str) -> Loaded:
    (tmp_path / "p.csv").write_text(content, encoding="utf-8")
    (one,) = load([tmp_path / "p.csv"], tmp_path / "home")
    assert one.manifest.loaded + one.manifest.rejected + one.manifest.held == one.manifest.read
    return one


def participant(pid: str = "001085123456", name: str = AN, born: str = "1985-03-02", sex: str = "M") -> str:
    return f"{PEOPLE}\n0123456789,{pid},{name},{born},{sex},00004,2020-01-01\n"


def row(one: Loaded, columns: str) -> tuple[Any, ...]:
    (found,) = duckdb.sql(f"SELECT {columns} FROM '{one.folder}/data-*.parquet'").fetchall()  # noqa: S608
    return tuple(found)


@pytest.mark.parametrize(
    "sent",
    [AN, AN.upper(), unicodedata.normalize("NFD", AN), encode(AN, "tcvn3"), encode(AN, "vni"), "  Nguyễn   Văn An "],
)
def test_a_name_however_sent_has_the_keys_of_the_name(tmp_path: Path, sent: str) -> None:
    one = load_one(tmp_path, participant(name=sent))
    name, *keys = row(one, f"full_name, {', '.join(KEYS)}")
    assert name in (AN, AN.upper())
    wanted = name_keys(pa.array([AN]))
    assert keys == [getattr(wanted, key)[0].as_py() for key in KEYS]


def test_what_came_is_kept_where_it_is_not_the_clean_name(tmp_path: Path) -> None:
    sent = encode(AN, "tcvn3")
    one = load_one(tmp_path, participant(name=sent))
    assert row(one, "full_name, full_name_original") == (AN, sent)
    assert one.manifest.warnings == {"full_name|decoded": 1}
    assert row(load_one(tmp_path, participant()), "full_name_original") == (None,)


@pytest.mark.parametrize(
    ("pid", "number", "state", "flags"),
    [
        ("001085123456", 1085123456, "ok", None),
        ("", None, "missing", None),
        ("001185123456", 1185123456, "suspect", ["pid|sex"]),
        ("001086123456", 1086123456, "suspect", ["pid|birth_year"]),
        ("001385123456", 1385123456, "suspect", ["pid|sex", "pid|birth_year"]),
        ("999085123456", 999085123456, "suspect", ["pid|prefix"]),
        ("1085123456", 1085123456, "ok", ["pid|zeros_restored"]),
        ("1086123456", None, "suspect", ["pid|zeros_restored", "pid|zeros_uncertain"]),
        ("111111111111", None, "wrong", ["pid|placeholder"]),
    ],
)
def test_a_number_that_contradicts_its_row_is_told_and_the_row_goes_on(
    tmp_path: Path, pid: str, number: int | None, state: str, flags: list[str] | None
) -> None:
    one = load_one(tmp_path, participant(pid=pid))
    assert row(one, "pid_number, pid_state, _flags") == (number, state, flags)
    assert one.manifest.warnings == dict.fromkeys(flags or [], 1)
    for flag in flags or []:
        column, _, code = flag.partition("|")
        assert reason(contracts()["participants"], column, code).vi != code


def test_a_register_of_residents_does_not_take_a_number_that_fills_a_cell(tmp_path: Path) -> None:
    head = "pid,full_name,birth_date,sex,commune_code,household_id,ethnic,poverty,deceased_on"
    lines = [head, f"111111111111,{AN},1985-03-02,M,00004,,,,", f"001185123456,{AN},1985-03-02,M,00004,,,,"]
    one = load_one(tmp_path, "\n".join(lines))
    assert one.manifest.reasons == {"pid|pid_is_a_number": 1}
    assert row(one, "pid_number, _flags") == (1185123456, ["pid|sex"])


def test_a_wrong_check_digit_of_a_tax_code_is_told(tmp_path: Path) -> None:
    head = "employer_id,tax_code,name,commune_code,region,sector,pay_method,status,registered_on"
    lines = [f"DN{at},{code},Công ty Ánh Dương,00004,I,private,monthly,active,2020-01-01" for at, code in
             enumerate(["0100109106", "0100109107"])]  # fmt: skip
    one = load_one(tmp_path, "\n".join([head, *lines]))
    found = duckdb.sql(
        f"SELECT tax_code_number, tax_code_state, _flags, name, full_key, set_key FROM '{one.folder}/data-*.parquet' "  # noqa: S608
        "ORDER BY _row"
    ).fetchall()
    keys = name_keys(pa.array(["Công ty Ánh Dương"]))
    name = ("Công ty Ánh Dương", keys.full_key[0].as_py(), keys.set_key[0].as_py())
    assert found == [
        (TAX_10 + 100109106, "ok", None, *name),
        (None, "wrong", ["tax_code|check_digit"], *name),
    ]


def test_held_rows_have_their_keys_too(tmp_path: Path) -> None:
    one = load_one(tmp_path, participant().replace("00004", "00007"))
    ((state, name, flags),) = duckdb.sql(
        f"SELECT pid_state, full_name, _flags FROM '{one.folder}/held.parquet'"  # noqa: S608
    ).fetchall()
    assert (state, name, flags) == ("ok", AN, ["commune_code|area_divided"])


@pytest.mark.parametrize("table", contracts())
def test_every_name_and_number_of_every_table_has_its_columns(table: str) -> None:
    added = {one.name: one.of for one in derived(contracts()[table])}
    for column in contracts()[table].columns:
        if column.number:
            assert added[f"{column.name}_number"] == added[f"{column.name}_state"] == column.name
        if column.type == "name":
            assert added[f"{column.name}_original"] == added["full_key"] == added["set_key"] == column.name
            assert ("family_key" in added) == column.personal
    assert not set(added) & {column.name for column in contracts()[table].columns}


def test_many_rows_get_the_keys_of_their_own_names_and_numbers(tmp_path: Path) -> None:
    count = 200_000
    duckdb.sql(f"""COPY (SELECT lpad((i + 1)::VARCHAR, 10, '0') AS si_code, printf('001085%06d', i) AS pid,
        'Trần ' || CASE WHEN i % 50 = 0 THEN nfc_normalize('Thị Ánh') ELSE 'Thị Ánh' END || ' ' || i AS full_name,
        '1985-03-02' AS birth_date, CASE WHEN i % 500 = 3 THEN 'x' WHEN i % 500 = 4 THEN 'F' ELSE 'M' END AS sex,
        '00004' AS commune_code, '2020-01-01' AS registered_on FROM range({count}) t(i)) TO '{tmp_path}/p.csv'""")  # noqa: S608
    (one,) = load([tmp_path / "p.csv"], tmp_path / "home")
    assert (one.manifest.rejected, one.manifest.warnings) == (count // 500, {"pid|sex": count // 500})
    files = [str(path) for path in store.current(tmp_path / "home", "participants")]
    stored = duckdb.sql(f"SELECT * FROM read_parquet({files}) ORDER BY _row").to_arrow_table()  # noqa: S608
    names = name_keys(stored["full_name"])
    for key in KEYS:
        assert stored[key].combine_chunks().equals(getattr(names, key))
    numbers = check_numbers("pid", stored["pid"], sex=stored["sex"], birth_year=stored["birth_year"])
    assert stored["pid_number"].combine_chunks().equals(numbers.value)
    wrong = duckdb.sql(
        "SELECT count(*) FROM stored WHERE (_flags IS NOT NULL) <> (sex = 'F') OR _row <> pid_number % 1000000 + 2"
    )
    assert wrong.fetchall() == [(0,)]


@pytest.mark.parametrize("sent", ["2026-Q3", "2026Q3", "2026q3", "Q3/2026", "Q3-2026", "2026 Q3"])
def test_a_quarter_however_written_is_one_period(tmp_path: Path, sent: str) -> None:
    one = load_one(tmp_path, f"area_code,period,measure,value,source\n00,{sent},population,1,x\n")
    assert row(one, "period") == ("2026-Q3",)


@pytest.mark.parametrize("sent", ["2026-Q5", "26Q3", "Q3", "2026-10", "2026Q33"])
def test_what_is_no_period_goes_back(tmp_path: Path, sent: str) -> None:
    one = load_one(tmp_path, f"area_code,period,measure,value,source\n00,{sent},population,1,x\n")
    assert one.manifest.reasons == {"period|not_a_period": 1}
