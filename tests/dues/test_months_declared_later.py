"""A month that is declared late, or again with more people, is made again with its own due date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as parquet

from baophu.dues.computing import compute
from baophu.dues.registered import Registered
from baophu.engine import DuckDB
from dues.small_home import Registers, Row, employer, put

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
AS_OF = date(2026, 11, 22)


def declared(month: date, *people: str) -> list[Row]:
    return [(month, "TZ1", person, "a", 10_000_000, 0) for person in people]


def made(home: Path, duck: DuckDB, name: str) -> tuple[list[Row], list[Row]]:
    out = home.parent / name
    compute(duck, Registered(home), AS_OF, out)
    dues, charges = (
        [row for path in sorted((out / table).glob("*.parquet")) for row in parquet.read_table(path).to_pylist()]
        for table in ("dues", "charges")
    )
    months = sorted((row["month"], row["due_date"], row["due"], row["cleared_on"]) for row in dues)
    late = sorted((row["month"], row["fund"], row["amount"], row["first_day"], row["days"]) for row in charges)
    return months, late


def test_people_declared_later_are_due_when_the_month_was(tmp_path: Path, duck: DuckDB) -> None:
    home = Registers(
        employers=[employer("TZ1")],
        declarations=[*declared(JULY, "0000000001"), *declared(AUGUST, "0000000001")],
        payments=[("p1", "TZ1", date(2026, 8, 20), 3_200_000), ("p2", "TZ1", date(2026, 9, 20), 3_200_000)],
    ).load(tmp_path / "home")
    july, august = date(2026, 8, 31), date(2026, 9, 30)
    assert made(home, duck, "before") == (
        [(JULY, july, 3_200_000, date(2026, 8, 20)), (AUGUST, august, 3_200_000, date(2026, 9, 20))],
        [],
    )
    put(home, "declarations", declared(JULY, "0000000001", "0000000002"))
    months, late = made(home, duck, "after")
    # July is made again under its old due date; the money of September goes to it first, August is open now.
    assert months == [(JULY, july, 6_400_000, date(2026, 9, 20)), (AUGUST, august, 3_200_000, None)]
    assert {(month, first) for month, _, _, first, _ in late} == {
        (JULY, date(2026, 9, 1)),
        (AUGUST, date(2026, 10, 1)),
    }
    assert sum(amount for month, _, amount, _, _ in late if month == JULY) == 3_200_000
    assert {days for month, *_, days in late if month == JULY} == {19}


def test_a_month_declared_after_the_next_has_its_own_due_date(tmp_path: Path, duck: DuckDB) -> None:
    home = Registers(employers=[employer("TZ1")], declarations=declared(AUGUST, "0000000001")).load(tmp_path / "home")
    assert [month for month, *_ in made(home, duck, "before")[0]] == [AUGUST]
    put(home, "declarations", declared(JULY, "0000000001"))
    months, late = made(home, duck, "after")
    assert [(month, due) for month, due, *_ in months] == [(JULY, date(2026, 8, 31)), (AUGUST, date(2026, 9, 30))]
    assert {(first, days) for month, *_, first, days in late if month == JULY} == {(date(2026, 9, 1), 83)}
