"""A generated country of 5,000 people and three months, loaded once, and copies of its home to run months in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import duckdb

from baophu import run as months
from baophu.findings.finding import finding_key
from baophu.nation.country import generate
from baophu.registers.loading import load
from baophu.results import store
from baophu.results.steps import Step
from baophu.results.store import Done, Manifest, NotDone
from baophu.results.summary import Summary

MONTH = date(2026, 10, 1)
MEMORY = 10**9
# Rows of a table that are compared one by one.
MANY = 50_000


class Listener:
    """Hears what a run tells of its steps."""

    def __init__(self) -> None:
        self.heard: dict[str, Done | NotDone] = {}

    def began(self, step: Step, rows: int) -> None:
        assert rows >= 0

    def at(self, step: Step, share: float) -> None:
        assert 0 <= share <= 1

    def ended(self, step: Step, done: Done | NotDone) -> None:
        self.heard[step.name] = done

    @property
    def worked(self) -> list[str]:
        """The steps that were not taken over."""
        return [name for name, done in self.heard.items() if isinstance(done, Done) and done.taken_from is None]


@cache
def loaded() -> tuple[Path, Path]:
    """Return the folder of the files and the home into which they were loaded; nobody writes into either."""
    place = Path(mkdtemp(prefix="baophu-small-country-"))
    generate(place / "country", 5_000, 3, 3, MONTH, "parquet")
    load(
        sorted(path for path in (place / "country").glob("*/*.parquet") if path.parent.name != "truth"), place / "home"
    )
    # The key of the findings' ids is a home's own; the copies share it, so that their findings can be compared.
    finding_key(place / "home")
    return place / "country", place / "home"


def a_home(place: Path, *, without: tuple[str, ...] = ()) -> Path:
    """Return a home of one's own, with all registers loaded but some."""
    shutil.copytree(loaded()[1], place / "home")
    for table in without:
        shutil.rmtree(place / "home" / "warehouse" / "registers" / table)
    return place / "home"


def run(
    home: Path, month: date = MONTH, listener: Listener | None = None, whole: bool = False, **options: Any
) -> Summary:
    """Run a month in little memory; unless it is to be `whole`, without the values of all areas of the real country."""
    steps = months.steps if whole else without_indicators(months.steps)
    with patch.object(months, "steps", steps):
        return months.run_month(home, month, listener or Listener(), memory=MEMORY, **options)


def without_indicators(every: Callable[..., Iterator[Step]]) -> Callable[..., Iterator[Step]]:
    """Return the steps of a run but those of all areas of the real country, which take longest in a small one."""
    return lambda *given: (step for step in every(*given) if step.name not in ("indicators", "progress"))


@cache
def undisturbed(whole: bool = False) -> tuple[Path, Manifest]:
    """Return a home in which a month was run, and the run; nobody changes it."""
    home = a_home(loaded()[1].parent / ("whole" if whole else "undisturbed"))
    return home, run(home, whole=whole).run


def contents(home: Path, manifest: Manifest) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of all tables of a run, in an order of their own; of tables of many rows, their sum."""
    return {
        table: rows(home, manifest, table) if count <= MANY else [summed(home, manifest, table)]
        for table, count in manifest.rows.items()
    }


def summed(home: Path, manifest: Manifest, table: str) -> tuple[int, str]:
    """Return how many rows a table has, and a sum of the hashes of what each says."""
    files = [str(path) for path in store.table(home, manifest, table)]
    with duckdb.connect() as connection:
        sql = "SELECT count(*), CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM read_parquet(?) AS t"
        count, sum_of_hashes = connection.execute(sql, [files]).fetchall()[0]
    return count, sum_of_hashes


def rows(home: Path, manifest: Manifest, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table of a run, in an order of their own."""
    files = [str(path) for path in store.table(home, manifest, table)]
    with duckdb.connect() as connection:
        return connection.execute(
            "SELECT * FROM read_parquet(?, union_by_name = true) ORDER BY ALL", [files]
        ).fetchall()
