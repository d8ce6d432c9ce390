"""Employers and paid workers of whom people said who they are: it outranks the machine and survives the next run."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baophu.core.errors import BaophuError
from baophu.engine import Engine
from baophu.linkage import decisions, employers, workers
from baophu.linkage.decisions import EmployerDecided, WorkerDecided, decide
from baophu.registers.store import current
from baophu.results.frozen import frozen

WHY = "Đối chiếu hồ sơ đơn vị"
HERS = "001185123456"


def standing(home: Path, name: str) -> list[dict[str, Any]]:
    path = frozen(home, name)
    return [] if path is None else pq.read_table(path).to_pylist()


def test_a_decision_on_an_employer_is_kept_and_the_latest_stands(home: Path) -> None:
    decide(home, [EmployerDecided("TA0001A", "0100109106", True)], by="Hoa", why=WHY)
    decide(home, [EmployerDecided("TA0001A", "0312345678", True)], by="Minh", why=WHY)
    assert [tuple(row.values()) for row in standing(home, decisions.EMPLOYERS)] == [
        ("TA0001A", "0100109106", False),
        ("TA0001A", "0312345678", True),
    ]
    assert standing(home, decisions.NAME) == []


def test_a_purge_takes_a_worker_out_of_the_decisions(home: Path) -> None:
    worker = WorkerDecided("0100109106", "", 77, date(1985, 3, 12), HERS, True)
    other = WorkerDecided("0100109106", "001083222333", 78, None, "001083222334", False)
    decide(home, [worker, other], by="Hoa", why=WHY)
    from baophu.desk.purging import purge_person

    purge_person(home, [HERS])
    decisions.freeze(home)
    assert [(row["told_pid"], row["full_key"], row["accepted"]) for row in standing(home, decisions.WORKERS)] == [
        (1_083_222_333, 78, False)
    ]


@pytest.mark.parametrize(
    "given", [EmployerDecided("TA0001A", "123", True), WorkerDecided("0100109106", "", 1, None, "12", True)]
)
def test_a_number_that_is_none_is_refused(home: Path, given: EmployerDecided | WorkerDecided) -> None:
    with pytest.raises(BaophuError):
        decide(home, [given], by="Hoa", why=WHY)


def said(place: Path, name: str, rows: list[tuple[Any, ...]]) -> Path:
    empty = decisions.no_decisions(name)
    columns = zip(empty.schema, zip(*rows, strict=True), strict=True)
    pq.write_table(
        pa.table({one.name: pa.array(values, one.type) for one, values in columns}), place / f"{name}.parquet"
    )
    return place / f"{name}.parquet"


def linked(engine: Engine, country: tuple[Path, Path], place: Path, said_of: Path | None) -> dict[str, dict[str, Any]]:
    out = place / "employer_links.parquet"
    registers = current(country[1], "employers"), current(country[1], "businesses")
    employers.link_employers(engine, *registers, out=out, temp=place, decisions=said_of)
    return {row["employer_id"]: row for row in pq.read_table(out).to_pylist()}


def test_what_people_decided_on_employers_outranks_the_machine(
    engine: Engine, duck: Engine, country: tuple[Path, Path], tmp_path: Path
) -> None:
    before = linked(duck, country, tmp_path, None)
    one, two, *_ = [row for row in before.values() if row["status"] == "accepted"]
    wanted = [(one["employer_id"], two["tax_code"], True), (two["employer_id"], two["tax_code"], False)]
    after = linked(engine, country, tmp_path, said(tmp_path, decisions.EMPLOYERS, wanted))
    mine = after[one["employer_id"]]
    assert (mine["tax_code"], mine["rule"], mine["status"]) == (two["tax_code"], "decision", "accepted")
    assert after.get(two["employer_id"], {"tax_code": None})["tax_code"] != two["tax_code"]
    touched = {one["employer_id"], two["employer_id"]}
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    # Only who competes for the same businesses may change beside them.
    assert touched <= changed and len(changed) <= 4


def matched(engine: Engine, country: tuple[Path, Path], place: Path, said_of: Path | None) -> list[dict[str, Any]]:
    home = country[1]
    registers = {name: current(home, name) for name in ("tax_income", "population", "declarations")}
    no_links = {"si_code": pa.string(), "pid": pa.string(), "status": pa.string()}
    no_employers = {"employer_id": pa.string(), "tax_code": pa.string(), "head_tax_code": pa.string()}
    no_employers["status"] = pa.string()
    for name, columns in {"links": no_links, "employer_links": no_employers}.items():
        pq.write_table(pa.table({one: pa.array([], kind) for one, kind in columns.items()}), place / f"{name}.parquet")
    shutil.rmtree(place / "workers", ignore_errors=True)
    workers.match_workers(
        engine,
        registers,
        links=[place / "links.parquet"],
        employer_links=[place / "employer_links.parquet"],
        out=place / "workers",
        temp=place,
        decisions=said_of,
    )
    return pq.read_table(place / "workers").to_pylist()


def test_what_people_decided_on_workers_outranks_the_machine(
    engine: Engine, country: tuple[Path, Path], tmp_path: Path
) -> None:
    told = pq.read_table(current(country[1], "tax_income")[0]).slice(0, 400).to_pylist()
    one, two = [row for row in told if row["pid_number"]][:2]
    wanted = [
        (*_told(one), two["pid_number"], True),
        (*_told(two), two["pid_number"], False),
    ]
    found = matched(engine, country, tmp_path, said(tmp_path, decisions.WORKERS, wanted))
    by_row = {(row["tax_code"], row["row_id"]): row for row in found}
    mine = by_row[one["tax_code"], one["_row"] - 1]
    assert (int(mine["pid"]), mine["rule"]) == (two["pid_number"], "decision")
    other = by_row.get((two["tax_code"], two["_row"] - 1))
    assert other is None or int(other["pid"]) != two["pid_number"]


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["tax_code"], row["pid_number"], row["full_key"], row["birth_date"]
