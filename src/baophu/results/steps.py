"""A step of the run as the run sees it: what it reads, what it gives, and what it has at hand while it works.

    LINKS = Step(
        name="links",
        title=Text("Nối người tham gia với công dân", "Link participants to persons"),
        needs=("participants", "persons", "abroad?"),
        gives=("links", "link_review"),
        do=link,
    )

    def link(work: Work) -> Mapping[str, int]:
        out = work.out("links") / "part-0000.parquet"
        done = run_step(work.engine, SQL, {"participants": work.registers("participants")}, out=out)
        return {"links": done.rows}

A step reads only what it names: from that the run knows whether it has to be done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from baophu.core.languages import Text
from baophu.engine import Engine
from baophu.law.parameters import Book

# A register's file, and the month of its rows where the register has months.
RegisterFile = tuple[date | None, Path]


@dataclass(frozen=True, slots=True)
class Step:
    """A step. Where something that it needs is not there it is not done; the run says so and goes on."""

    name: str
    title: Text
    # Tables of registers. A `?` at the end: the step does without it where it is not loaded.
    needs: tuple[str, ...]
    # Tables of this run that it reads, made by steps before it. A `?` at the end: it does without.
    after: tuple[str, ...] = ()
    # Tables that it writes. Each has a folder, and at least one file with the table's columns, if without rows.
    gives: tuple[str, ...] = ()
    # Writes `work.out(table)/part-….parquet` for each table that it gives, and returns their numbers of rows.
    do: Callable[[Work], Mapping[str, int]] = field(kw_only=True)
    # Tables of the last run of an earlier month that it reads, where there is one.
    earlier: tuple[str, ...] = ()
    # What was frozen from the desk for it, where there is something.
    desk: tuple[str, ...] = ()
    # What of the home decides its result beside these: told as hashes, which go into the run's record of the step.
    beside: Callable[[Path], Mapping[str, str]] | None = None
    # Whether what it gives depends on `as_of`. One that does not is not done again for another day.
    dated: bool = True
    # The month that it is of, where it is not that of the run: it sees only files of that month, of registers and of
    # tables of this run that have months (`part-2026-08.parquet`), and is not done again for another month's run.
    only: date | None = None


def _nothing_told(share: float) -> None:
    del share


def _nothing_said(text: Text) -> None:
    del text


@dataclass(frozen=True, slots=True)
class Work:
    """What a step has at hand. The maps hold what the step named, and an empty list for what is not there."""

    engine: Engine
    month: date
    # Payments, notices and the like count up to the end of this day.
    as_of: date
    home: Path
    # What the step may use beside the engine's own limit, in bytes.
    memory: int
    law: Book
    # A folder of the run for what is in the way; emptied after the step.
    temp: Path
    # Where the tables of the run stand, a folder each.
    folder: Path
    registered: Mapping[str, Sequence[RegisterFile]]
    results: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    previous: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    desk: Mapping[str, Path] = field(default_factory=dict)
    # Told how much of the step is done, 0 to 1.
    progress: Callable[[float], None] = _nothing_told
    # Told a sentence that belongs into the run's summary: what was not computed, and why. It names no person.
    note: Callable[[Text], None] = _nothing_said

    def registers(self, table: str, month: date | None = None) -> list[Path]:
        """Return the files of a register that hold good, or those of one month; none where it is not loaded."""
        return [path for of, path in self.registered[table] if month in (None, of)]

    def months(self, table: str) -> list[date]:
        """Return the months of which a register is loaded, oldest first."""
        return sorted({of for of, _ in self.registered[table] if of is not None})

    def result(self, table: str) -> list[Path]:
        """Return the files of a table of this run, made by a step before; none where it was not computed."""
        return list(self.results[table])

    def previous_result(self, table: str) -> list[Path]:
        """Return the files of a table of the last run of an earlier month; none where there is none."""
        return list(self.previous[table])

    def frozen(self, name: str) -> Path | None:
        """Return what was frozen from the desk under a name, as Parquet; None where there is nothing."""
        return self.desk.get(name)

    def out(self, table: str) -> Path:
        """Return the folder to write a table's files into; it is made here."""
        place = self.folder / table
        place.mkdir(parents=True, exist_ok=True)
        return place
