"""Counting participants: from spells to people, each once in a scheme and month, and all tables that come of them.

    spells, links, employers ──> taking_part ──> stretches ──> counts (the cube), breakdowns
                                                         └──> series, flows (who comes and goes)

A stretch is a time in which a person counts in one place, and no two of a person and scheme overlap. So a month's count
is a sum over stretches, and counts, series and flows are the same number seen from three sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.engine import Engine, run_step
from baophu.indicators import codes
from baophu.results.steps import Step, Work

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from numpy.typing import NDArray

    from baophu.engine.steps import Input

SQL = Path(__file__).parent / "sql"
# Rows of a written group: a view of one area reads few.
_GROUP = 20_000
_TABLES = ("counts", "breakdowns", "series", "flows", "minority_series")

_SHAPES: dict[str, dict[str, str]] = {
    "participants": {
        "si_code": "text", "sex": "text", "birth_date": "day", "birth_year": "number", "commune_code": "text",
    },
    "population": {
        "pid": "text", "sex": "text", "birth_date": "day", "birth_year": "number", "commune_code": "text",
        "ethnic": "text", "deceased_on": "day",
    },
    "employers": {"employer_id": "text", "commune_code": "text", "sector": "text", "status": "text"},
    "links": {"si_code": "text", "pid": "text", "status": "text"},
    "benefits": {
        "month": "day", "si_code": "text", "pid": "text", "benefit": "text", "paid_by": "text", "commune_code": "text",
    },
}  # fmt: skip


def months_counted(month: date) -> tuple[date, ...]:
    """Return the months of a run's cube, oldest first: its own, the one before, of a year before, of last December.

    >>> [f"{one:%Y-%m}" for one in months_counted(date(2026, 1, 1))]
    ['2025-01', '2025-12', '2026-01']
    """
    return tuple(
        sorted({months_later(month, -12), months_later(month, -1), month, date(month.year - 1, 12, 1)}),
    )


def nothing(table: str) -> pa.Table:
    """Return a register or result that is not there, as a table without rows."""
    import pyarrow as pa

    kinds = {"text": pa.string(), "day": pa.date32(), "number": pa.int32()}
    return pa.schema([(name, kinds[kind]) for name, kind in _SHAPES[table].items()]).empty_table()


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted from, and for which month. `files` are registers and `links`, by name; one may be missing."""

    engine: Engine
    month: date
    files: Mapping[str, Sequence[Path]]
    temp: Path

    def given(self, table: str) -> Input:
        """Return a register's files, or a table without rows."""
        return list(self.files[table]) if self.files.get(table) else nothing(table)


def stretches(counting: Counting, out: Path, months: int = codes.SERIES_MONTHS, *, ranges: int | None = None) -> int:
    """Write the stretches of the last months, 120 unless told (see write_stretches); return how many there are."""
    from baophu.indicators.stretches import write_stretches

    engine, temp, last = counting.engine, counting.temp, codes.number(counting.month)
    leaves = codes.leaves(counting.month)
    same = {"links": counting.given("links")}
    same_people = run_step(engine, SQL / "same_people.sql", same).arrow()
    taking, people = (temp / f"{name}.parquet" for name in ("taking_part", "people"))
    run_step(
        engine,
        SQL / "taking_part.sql",
        {
            "spells": list(counting.files["spells"]),
            "same_people": same_people,
            "employers": counting.given("employers"),
            "leaves": leaves,
            "schemes": codes.schemes(),
            "grps": codes.grps(),
            "sectors": codes.sectors(),
        },
        {"last": last},
        out=taking,
    )
    retired = run_step(engine, SQL / "retired.sql", {"benefits": counting.given("benefits")}).arrow()
    registers = {name: counting.given(name) for name in ("participants", "population", "links")}
    run_step(engine, SQL / "people.sql", {**registers, "retired": retired, "leaves": leaves}, out=people)
    asked = {"first": last - months + 1, "oldest": last - codes.OLDEST, "last": last}
    rows = write_stretches(taking, people, out, **asked, ranges=ranges)
    taking.unlink()
    people.unlink()
    return rows


def cube(
    engine: Engine, stretches: Path, months: Sequence[date], out: Path, *, temp: Path, ranges: int | None = None
) -> int:
    """Write the cube of up to twelve months by both places, with its words, into a folder; return its rows."""
    from baophu.indicators.cube import cells

    words = {
        **codes.words(),
        "leaves": codes.leaves(max(months)),
        "months": codes.numbered("month", sorted(months), "at"),
    }
    rows = 0
    for place in codes.PLACES:
        for file, _ in cells(stretches, months, place, temp, ranges=ranges):
            told = out / file.name.replace("cells", "part")
            rows += run_step(engine, SQL / "counts.sql", {"cube": file, **words}, {"place": place}, out=told).rows
            file.unlink()
    return rows


def write_sorted(table: pa.Table, by: Sequence[str], out: Path) -> int:
    """Write rows in an order, in groups small enough that a view of one area reads little; return how many.

    Texts are told apart once and sorted by their places, which takes a third of the time of comparing them row by row.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as compute  # type: ignore[import-untyped]
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    plain = pa.schema(
        (one.name, one.type.value_type if pa.types.is_dictionary(one.type) else one.type) for one in table.schema
    )
    coded = pa.table(
        {
            name: compute.dictionary_encode(column.combine_chunks()) if pa.types.is_string(column.type) else column
            for name, column in zip(table.schema.names, table.columns, strict=True)
        }
    )
    coded = coded.combine_chunks()
    order = np.lexsort([_ranks(coded[column]) for column in reversed(by)])
    with parquet.ParquetWriter(out, plain, compression="zstd") as writer:
        for first in range(0, table.num_rows, _GROUP):
            writer.write_table(coded.take(pa.array(order[first : first + _GROUP])).cast(plain))
    return int(table.num_rows)


def _ranks(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return for each row of a column its value's place among all values, in as few bytes as hold it; nulls go last."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as compute

    values = column.combine_chunks()
    coded = values if pa.types.is_dictionary(values.type) else compute.dictionary_encode(values)
    order = compute.sort_indices(coded.dictionary).to_numpy()
    last = len(order)
    ranks: NDArray[Any] = np.full(last + 1, last, np.min_scalar_type(last))
    ranks[order] = np.arange(last)
    places: NDArray[np.int32] = coded.indices.fill_null(last).to_numpy(zero_copy_only=False)
    return ranks[places]


def _count(work: Work) -> Mapping[str, int]:
    from baophu.indicators.moves import history

    links = work.result("links")
    if not links:
        work.note(
            Text(
                "Chưa nối được người tham gia với công dân: người có nhiều mã số BHXH được đếm nhiều lần.",
                "Participants are not linked to persons: who has several insurance numbers is counted several times.",
            )
        )
    tables = ("spells", "participants", "population", "employers", "benefits")
    files = {**{name: work.registers(name) for name in tables}, "links": links}
    counting = Counting(work.engine, work.month, files, work.temp)
    made = work.temp / "stretches.parquet"
    stretches(counting, made)
    work.progress(0.5)
    rows = {"counts": cube(work.engine, made, months_counted(work.month), work.out("counts"), temp=work.temp)}
    work.progress(0.7)
    given = {"counts": sorted(work.out("counts").glob("*.parquet")), "above": codes.above(work.month)}
    found = {"breakdowns": run_step(work.engine, SQL / "breakdowns.sql", given).arrow()}
    found |= history(made, work.month)
    orders = {
        "breakdowns": ("area_code", "place", "scheme", "month", "dimension", "member"),
        "series": ("area_code", "place", "scheme", "month"),
        "flows": ("area_code", "place", "scheme", "month"),
        "minority_series": ("area_code", "place", "scheme", "month"),
    }
    for name, by in orders.items():
        rows[name] = write_sorted(found.pop(name), by, work.out(name) / "part-0000.parquet")
    return rows


COUNTS = Step(
    name="counts",
    title=Text("Đếm người tham gia", "Counting participants"),
    needs=("spells", "participants?", "population?", "employers?", "benefits?"),
    after=("links?",),
    gives=_TABLES,
    do=_count,
    dated=False,
)
