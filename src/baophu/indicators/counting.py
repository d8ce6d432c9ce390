"""The step of a run that counts participants: by commune, scheme and month, each person once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from baophu.core.languages import Text
from baophu.engine import run_step
from baophu.results.steps import Step, Work

SQL = Path(__file__).parent / "sql"


def months_counted(month: date) -> tuple[date, ...]:
    """Return the months that a run counts: its own, the one before, and the same of the year before."""
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return (month.replace(year=month.year - 1), before, month)


def _count(work: Work) -> Mapping[str, int]:
    import pyarrow as pa  # type: ignore[import-untyped]

    links = work.result("links")
    if links:
        same_people = run_step(work.engine, SQL / "same_people.sql", {"links": links}).arrow()
    else:
        work.note(
            Text(
                "Chưa nối được người tham gia với công dân: người có nhiều mã số BHXH được đếm nhiều lần.",
                "Participants are not linked to persons: who has several insurance numbers is counted several times.",
            )
        )
        same_people = pa.schema([("si_code", pa.string()), ("person", pa.string())]).empty_table()
    inputs = {"spells": work.registers("spells"), "same_people": same_people}
    rows, months = 0, months_counted(work.month)
    for number, month in enumerate(months, 1):
        out = work.out("counts") / f"part-{month:%Y-%m}.parquet"
        rows += run_step(work.engine, SQL / "counts.sql", inputs, {"month": month}, out=out).rows
        work.progress(number / len(months))
    return {"counts": rows}


COUNTS = Step(
    name="counts",
    title=Text("Đếm người tham gia", "Counting participants"),
    needs=("spells",),
    after=("links?",),
    gives=("counts",),
    do=_count,
    dated=False,
)
