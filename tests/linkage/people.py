"""Rows of the registers of people as they are stored, from a line a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baophu.engine import Engine
from baophu.linkage.persons import link_persons
from baophu.registers.names import name_keys

KINDS = {
    "pid_number": pa.int64(),
    "old_id_number": pa.int64(),
    "full_name": pa.string(),
    "birth_date": pa.date32(),
    "birth_year": pa.int64(),
    "sex": pa.string(),
    "commune_code": pa.string(),
}
Person = dict[str, Any]


def person(
    name: str,
    born: str | int = "1985-03-12",
    *,
    pid: int | None = None,
    old: int | None = None,
    sex: str = "F",
    commune: str = "00004",
) -> Person:
    """A person as either register has him; `born` a day, or a year where only that is known."""
    day = date.fromisoformat(born) if isinstance(born, str) else None
    return {
        "pid_number": pid,
        "old_id_number": old,
        "full_name": name,
        "birth_date": day,
        "birth_year": day.year if day else born,
        "sex": sex,
        "commune_code": commune,
    }


def strangers(number: int, first: int = 900_000_000_000) -> list[Person]:
    """People who have nothing to do with anybody, so that what is rare in a country is rare here."""
    names = ("Phan Quốc Vinh", "Đinh Thị Loan", "Tạ Bích Ngân", "Cao Đức Thiện", "Mạc Thu Cúc", "La Hải Yến")
    return [
        person(
            f"{names[at % len(names)]} {chr(97 + at % 7)}{chr(97 + at % 11)}",
            date(1950 + at % 60, 1 + at % 12, 1 + at % 28).isoformat(),
            pid=first + 7_919 * at,
            sex="MF"[at % 2],
            commune=f"{10_000 + at % 3_000:05}",
        )
        for at in range(number)
    ]


def stored(path: Path, rows: list[Person], code: str = "", first: int = 0) -> Path:
    """Write rows as loading stores them; `code` names the column of numbers of the participants."""
    table = pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in KINDS.items()})
    keys = name_keys(table.column("full_name")).table()
    for key in ("full_key", "set_key", "family_key", "given_key"):
        table = table.append_column(key, keys.column(key))
    if code:
        table = table.append_column(code, pa.array(range(first, first + len(rows)), pa.int64()))
    pq.write_table(table, path)
    return path


def links(
    engine: Engine, place: Path, participants: list[Person], population: list[Person], **options: Any
) -> tuple[dict[int, dict[str, Any]], list[dict[str, Any]]]:
    """Link participants, numbered from 0, and return their links by number, and the review list."""
    one = stored(place / "participants.parquet", participants, "si_code_number")
    other = stored(place / "population.parquet", population)
    out, review, temp = place / "links.parquet", place / "review.parquet", place / "temp"
    temp.mkdir(exist_ok=True)
    link_persons(engine, [one], [other], links=out, review=review, temp=temp, **options)
    found = pq.read_table(out).to_pylist()
    assert len({row["si_code"] for row in found}) == len(found), "one participant, at most one person"
    return {int(row["si_code"]): row for row in found}, pq.read_table(review).to_pylist()
