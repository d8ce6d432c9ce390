"""What is due for a worker-month, against plain whole numbers written from the agreed conventions, sharing no code."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.core.errors import BaophuError
from baophu.engine import DuckDB, Engine
from baophu.engine.dialect import not_exact
from baophu.engine.steps import Task
from baophu.law import worker_months
from baophu.law.parameters import book
from baophu.law.rules import GROUPS
from baophu.law.several_statuses import WHY, several_statuses
from engines import duck, engine, spark

__all__ = ["duck", "engine", "spark"]

# The reference


def reference_level(month: date) -> int:
    return 1_800_000 if month < date(2024, 7, 1) else 2_340_000 if month < date(2026, 7, 1) else 2_530_000


def regional_minimum(month: date, region: str) -> int:
    if month < date(2024, 7, 1):
        return {"I": 4_680_000, "II": 4_160_000, "III": 3_640_000, "IV": 3_250_000}[region]
    if month < date(2026, 1, 1):
        return {"I": 4_960_000, "II": 4_410_000, "III": 3_860_000, "IV": 3_450_000}[region]
    return {"I": 5_310_000, "II": 4_730_000, "III": 4_140_000, "IV": 3_700_000}[region]


def slow(row: dict[str, Any], region: str, reduced: bool, ui_member: bool) -> dict[str, int]:
    """The text of the conventions, line by line."""
    group, month, wage, off = row["group_code"], row["month"], row["wage"], row["unpaid_days"]
    level = reference_level(month)
    outside = group == "l" and wage < level
    no_si = outside or (off >= 14 and group in ("a", "b", "c", "d", "i", "k", "foreign"))
    in_ui = (group in ("a", "i", "l") or (group == "b" and ui_member)) and not outside and off < 14
    si = 0 if no_si else min(max(wage, level), 20 * level)
    ui = min(max(wage, level), 20 * regional_minimum(month, region)) if in_ui else 0

    def share(base: int, ten_thousandths: int, who: str) -> int:
        return (base * ten_thousandths + 5_000) // 10_000 if group in who.split() else 0

    found = {
        "worker_sick_maternity": share(si, 300, "m n"),
        "employer_sick_maternity": share(si, 300, "a b c d i k l foreign"),
        "worker_retirement": share(si, 800, "a b c d i k l foreign") + share(si, 2_200, "g h m n"),
        "employer_retirement": share(si, 1_400, "a b c d i k l foreign") + share(si, 2_200, "đ e"),
        "employer_accident": share(si, 30 if reduced else 50, "a b c d đ e i l"),
        "worker_health": share(si, 150, "a b c d i k l foreign"),
        "employer_health": share(si, 300, "a b c d i k l foreign"),
        "worker_unemployment": share(ui, 100, "a b i l"),
        "employer_unemployment": share(ui, 100, "a b i l"),
    }
    health, unemployment = ("worker_health", "employer_health"), ("worker_unemployment", "employer_unemployment")
    return found | {
        "si_base": si,
        "hi_base": si,
        "ui_base": ui,
        "due_si": sum(amount for name, amount in found.items() if name not in (*health, *unemployment)),
        "due_hi": sum(found[name] for name in health),
        "due_ui": sum(found[name] for name in unemployment),
    }


MONTHS = [date(2025 + n // 12, n % 12 + 1, 1) for n in range(6, 24)]
OLD_MONTHS = [date(2023 + n // 12, n % 12 + 1, 1) for n in range(6, 30)]
EDGES = [
    0,
    1,
    *(x + d for x in (1_800_000, 2_340_000, 2_530_000, 36_000_000, 46_800_000, 50_600_000) for d in (-1, 0, 1)),
]
EDGES += [
    20 * regional_minimum(month, region) + d for month in MONTHS[::6] for region in ("I", "IV") for d in (-1, 0, 1)
]
wages = st.one_of(st.sampled_from(EDGES), st.integers(0, 150_000_000), st.integers(0, 2**31))


def rows(months: list[date], groups: tuple[str, ...] = GROUPS) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {
            "month": st.sampled_from(months),
            "employer": st.integers(0, 7),
            "group_code": st.sampled_from(groups),
            "wage": wages,
            "unpaid_days": st.sampled_from([0, 0, 5, 13, 14, 15, 27]),
        }
    )
    return st.lists(row, min_size=10, max_size=80)


# Employer 0 to 7: its region, and whether it pays the reduced accident rate. Every third person holds a spell of
# unemployment insurance from 2025-10 to 2026-05.
REGION = {n: ("I", "II", "III", "IV")[n % 4] for n in range(8)}
REDUCED = {n: n in (2, 5) for n in range(8)}


def insured(n: int, month: date) -> bool:
    return n % 3 == 0 and date(2025, 10, 1) <= month < date(2026, 6, 1)


def tables(given_rows: list[dict[str, Any]]) -> dict[str, Any]:
    declarations = pa.table(
        {
            "month": pa.array([row["month"] for row in given_rows], pa.date32()),
            "employer_id": [f"DN{row['employer']}" for row in given_rows],
            "si_code": [f"{n:010}" for n in range(len(given_rows))],
            "group_code": [row["group_code"] for row in given_rows],
            "wage": pa.array([row["wage"] for row in given_rows], pa.int64()),
            "unpaid_days": pa.array([row["unpaid_days"] for row in given_rows], pa.int64()),
        }
    )
    employers = pa.table({"employer_id": [f"DN{n}" for n in REGION], "region": list(REGION.values())})
    holders = [f"{n:010}" for n in range(0, len(given_rows), 3)]
    which = [0] * len(holders) + [1] * len(holders)
    spells = pa.table(
        {
            "si_code": holders * 2,
            "scheme": ["unemployment"] * len(holders) + ["health"] * len(holders),
            "start_month": pa.array([date(2025, 10, 1), date(2020, 1, 1)], pa.date32()).take(which),
            "end_month": pa.array([date(2026, 6, 1), None], pa.date32()).take(which),
        }
    )
    return {
        "declarations": declarations,
        "employers": employers,
        "spells": spells,
        "reduced": [f"DN{n}" for n, yes in REDUCED.items() if yes],
    }


def expected(given_rows: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    return {
        f"{n:010}": slow(row, REGION[row["employer"]], REDUCED[row["employer"]], insured(n, row["month"]))
        for n, row in enumerate(given_rows)
    }


def hold_to_the_conventions(engine: Engine, given_rows: list[dict[str, Any]]) -> None:
    wanted = expected(given_rows)
    found = worker_months.amounts(engine, **tables(given_rows)).arrow().to_pylist()
    columns = (*worker_months.BASES, *worker_months.PARTS)
    assert {row["si_code"]: {name: row[name] for name in columns} for row in found} == {
        code: {name: row[name] for name in columns} for code, row in wanted.items()
    }
    owed: dict[tuple[str, date], list[int]] = {}
    for row, amounts in zip(given_rows, wanted.values(), strict=True):
        sums = owed.setdefault((f"DN{row['employer']}", row["month"]), [0] * 6)
        base = amounts["si_base"]
        own = (1, *(amounts[fund] for fund in worker_months.FUNDS), int(base > 0), base)
        for place, amount in enumerate(own):
            sums[place] += amount
    summed = worker_months.sums(engine, **tables(given_rows)).arrow()
    figures = ["participants", *worker_months.FUNDS, "si_people", "si_base"]
    assert summed.column_names == ["employer_id", "month", *figures]
    assert {(row["employer_id"], row["month"]): list(row.values())[2:] for row in summed.to_pylist()} == owed


DUCK = DuckDB(memory="500MiB", threads=1)


@given(rows(MONTHS))
@settings(max_examples=15, deadline=None)
def test_worker_months_hold_to_the_conventions(given_rows: list[dict[str, Any]]) -> None:
    hold_to_the_conventions(DUCK, given_rows)


# The groups that were there before the reform, whose funds are the same before and after it.
@given(rows(OLD_MONTHS, ("a", "b", "c", "d", "đ", "g", "i", "foreign")))
@settings(max_examples=15, deadline=None)
def test_months_before_the_reform_hold_to_them_too(given_rows: list[dict[str, Any]]) -> None:
    hold_to_the_conventions(DUCK, given_rows)


def many_rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "month": MONTHS[n % len(MONTHS)],
            "employer": n * 5 % 8,
            "group_code": GROUPS[n * 3 % len(GROUPS)],
            "wage": EDGES[n % len(EDGES)] if n % 2 else n * 7_919_333 % 140_000_000,
            "unpaid_days": (0, 13, 14, 2)[n % 4],
        }
        for n in range(count)
    ]


def test_both_engines_hold_to_the_conventions(engine: Engine) -> None:
    hold_to_the_conventions(engine, many_rows(600))


@given(rows(MONTHS).map(lambda some: some[:3]))
@settings(max_examples=15, deadline=None)
def test_one_worker_month_is_what_it_is_among_many(given_rows: list[dict[str, Any]]) -> None:
    for n, row in enumerate(given_rows):
        found = worker_months.steps(
            (*worker_months.BASES, *worker_months.PARTS, *worker_months.FUNDS),
            **{name: row[name] for name in ("month", "group_code", "wage", "unpaid_days")},
            region=REGION[row["employer"]],
            reduced_accident=REDUCED[row["employer"]],
            ui_member=insured(n, row["month"]),
        )
        assert {name: step.value for name, step in found.items()} == expected(given_rows)[f"{n:010}"]


# What cannot be placed


def test_bases_say_which_bound_counted(duck: DuckDB, tmp_path: Path) -> None:
    given_rows = [
        {"month": MONTHS[0], "employer": 0, "group_code": "a", "wage": wage, "unpaid_days": off}
        for wage, off in ((1_000_000, 0), (9_000_000, 0), (90_000_000, 0), (120_000_000, 0), (9_000_000, 14))
    ]
    found = worker_months.bases(duck, **tables(given_rows), out=tmp_path / "bases.parquet")
    told = [
        (row["si_base"], row["si_base_counted"], row["ui_base"], row["ui_base_counted"])
        for row in sorted(found.arrow().to_pylist(), key=lambda row: row["si_code"])
    ]
    assert told == [
        (2_340_000, 1, 2_340_000, 1),
        (9_000_000, 2, 9_000_000, 2),
        (46_800_000, 3, 90_000_000, 2),
        (46_800_000, 3, 99_200_000, 3),
        (0, 0, 0, 0),
    ]
    assert worker_months.COUNTED == {"floor": 1, "wage": 2, "ceiling": 3}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"employer_id": pa.array(["DN0", "DN9"])}, "not in its register: 1|'1' declared rows|the employer"),
        ({"group_code": pa.array(["a", "z"])}, "no such region or group"),
    ],
)
def test_a_row_that_finds_no_place_stops_all(duck: DuckDB, tmp_path: Path, change: dict[str, Any], word: str) -> None:
    given_rows = [{"month": MONTHS[0], "employer": 0, "group_code": "a", "wage": 5, "unpaid_days": 0}] * 2
    inputs = tables(given_rows)
    for name, column in change.items():
        place = inputs["declarations"].column_names.index(name)
        inputs["declarations"] = inputs["declarations"].set_column(place, name, column)
    for work in (worker_months.bases, worker_months.amounts, worker_months.sums):
        with pytest.raises(BaophuError, match="2 worker-months were declared but 1 came out") as told:
            work(duck, **inputs, out=tmp_path / "out" / "x.parquet")
        assert any(part in told.value.say("en") for part in word.split("|"))
    assert not list((tmp_path / "out").glob("*"))


def test_an_employer_that_stands_twice_stops_all(duck: DuckDB) -> None:
    inputs = tables([{"month": MONTHS[0], "employer": 0, "group_code": "a", "wage": 5, "unpaid_days": 0}])
    inputs["employers"] = pa.concat_tables([inputs["employers"], inputs["employers"]])
    with pytest.raises(BaophuError) as told:
        worker_months.sums(duck, **inputs)
    assert "the employer is in its register twice" in told.value.say("en")


def test_an_empty_wage_stops_all(duck: DuckDB) -> None:
    inputs = tables([{"month": MONTHS[0], "employer": 0, "group_code": "a", "wage": None, "unpaid_days": 0}])
    with pytest.raises(BaophuError, match="1 rows lack"):
        worker_months.sums(duck, **inputs)


def test_a_month_without_parameters_stops_all(duck: DuckDB) -> None:
    inputs = tables([{"month": date(2018, 1, 1), "employer": 0, "group_code": "a", "wage": 5, "unpaid_days": 0}])
    with pytest.raises(BaophuError, match="2018"):
        worker_months.sums(duck, **inputs)


# Exactness


def test_no_amount_passes_through_a_double(duck: DuckDB) -> None:
    compiled = worker_months.compile(book(), MONTHS)
    assert not_exact(compiled.sql) == []
    inputs = tables(many_rows(5))
    task = Task(
        "amounts",
        compiled.sql,
        {
            "declarations": inputs["declarations"],
            "employers": inputs["employers"],
            "reduced": pa.table({"employer_id": pa.array([], pa.string())}),
            "grid": compiled.grid,
        },
    )
    types = duck.typed(task)
    assert {types[name] for name in (*worker_months.BASES, *worker_months.PARTS, *worker_months.FUNDS)} == {"BIGINT"}
    assert "DOUBLE" not in duck.explained(task)


def test_the_grid_is_small_and_whole() -> None:
    compiled = worker_months.compile(book(), [date(2025, 12, 1), date(2026, 1, 1)])
    assert compiled.grid.num_rows == 2 * len(GROUPS) * 4 * 2
    # A figure that the law has since 2026 only is empty before; all others are there.
    empty = {name: compiled.grid[name].null_count for name in compiled.grid.column_names}
    months = {row["month"] for row in compiled.grid.to_pylist() if row["p_ui_relief_months"] is None}
    assert {name for name, count in empty.items() if count} >= {"p_ui_relief_months"}
    assert date(2025, 12, 1) in months
    assert not {name for name, count in empty.items() if count} & {"p_reference_level", "p_regional_minimum_wage"}


# Several statuses


def status_case(duck: Engine, *held: tuple[str, str, str | None]) -> dict[tuple[str, str], str]:
    """`held`: employer, group, first month of the spell. Returns why each declaration counts or not."""
    month = date(2026, 3, 1)
    declarations = pa.table(
        {
            "month": pa.array([month] * (len(held) + 1), pa.date32()),
            "employer_id": [*(one[0] for one in held), "X"],
            "si_code": [*("1" for _ in held), "2"],
            "group_code": [*(one[1] for one in held), "a"],
        }
    )
    with_spell = [one for one in held if one[2]]
    spells = pa.table(
        {
            "si_code": pa.array(["1"] * len(with_spell), pa.string()),
            "employer_id": pa.array([one[0] for one in with_spell], pa.string()),
            "scheme": pa.array(["compulsory"] * len(with_spell), pa.string()),
            "start_month": pa.array([date.fromisoformat(f"{one[2]}-01") for one in with_spell], pa.date32()),
            "end_month": pa.array([None] * len(with_spell), pa.date32()),
        }
    )
    found = several_statuses(duck, declarations, spells).arrow().to_pylist()
    assert [row["why"] == "counts" for row in found] == [row["counts"] for row in found]
    assert sum(row["counts"] for row in found) == 1
    return {(row["employer_id"], row["group_code"]): row["why"] for row in found}


def test_the_first_contract_counts(engine: Engine) -> None:
    assert status_case(engine, ("B", "a", "2025-01"), ("A", "l", "2025-02"), ("C", "a", None)) == {
        ("B", "a"): "counts",
        ("A", "l"): "began_later",
        ("C", "a"): "no_spell",
    }


@pytest.mark.parametrize(
    ("counts", "gives_way"),
    [
        ("b", "a"),
        ("i", "l"),
        ("a", "k"),
        ("i", "g"),
        ("k", "m"),
        ("k", "n"),
        ("e", "k"),
        ("e", "m"),
        ("n", "m"),
        ("h", "m"),
    ],
)
def test_a_group_gives_way_though_it_began_earlier(duck: DuckDB, counts: str, gives_way: str) -> None:
    assert status_case(duck, ("A", gives_way, "2024-01"), ("B", counts, "2026-01")) == {
        ("A", gives_way): "group_gives_way",
        ("B", counts): "counts",
    }


def test_every_reason_has_words() -> None:
    assert set(WHY) == {"counts", "group_gives_way", "began_later", "no_spell"}
