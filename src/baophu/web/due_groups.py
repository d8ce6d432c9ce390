"""The table `due_groups` of an index: what each employer owes for a month, by those who are alike.

The run keeps the sums alone. What they are made of is worked out once more here, for the months that are asked about
most, from the declarations and from what the run took of employers and spells.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baophu.core.months import months_later
from baophu.engine import Engine, run_step
from baophu.law import worker_months
from baophu.law.parameters import Book, book
from baophu.registers.store import current
from baophu.results import store
from baophu.results.store import Manifest

SQL = Path(__file__).parent / "sql" / "due_groups.sql"
# The run's month and the year before it.
MONTHS = 13


def law_of(run: Manifest) -> Book:
    """Return the law as the run read it: its open points decided as they were then."""
    law = book()
    return law.with_switches(**{name: chosen for name, chosen in run.switches.items() if law.switch(name) != chosen})


def due_groups(engine: Engine, home: Path, run: Manifest) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the table, months in order and employers in theirs."""
    law = law_of(run)
    files = {name: store.table(home, run, name) for name in ("sum_employers", "sum_members")}
    for month in (months_later(run.month, -back) for back in reversed(range(MONTHS))):
        declared = current(home, "declarations", month)
        own = {name: [one for one in paths if f"{month:%Y-%m}" in one.name] for name, paths in files.items()}
        if not declared or not own["sum_employers"]:
            continue
        found = worker_months.alike(
            engine, declared, own["sum_employers"], spells=own["sum_members"] or None, law_book=law
        ).arrow()
        packed = run_step(engine, SQL, {"alike": found}).arrow().sort_by("employer_id")
        yield from zip(*(column.to_pylist() for column in packed.columns), strict=True)
