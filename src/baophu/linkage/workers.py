"""Paid workers of the tax register to persons: by number, else by name among the people of their payer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.engine import Engine, run_step
from baophu.engine.steps import Input
from baophu.linkage.decisions import WORKERS, no_decisions
from baophu.linkage.folding import folded
from baophu.registers.store import MANIFEST, Manifest

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

SQL = Path(__file__).with_name("sql")


def match_workers(
    engine: Engine,
    registers: Mapping[str, Sequence[Path]],
    *,
    links: Sequence[Path],
    employer_links: Sequence[Path],
    out: Path,
    temp: Path,
    decisions: Path | None = None,
) -> int:
    """Match paid workers, write Parquet files into the folder `out` (see results.md), and return the number of rows.

    `registers` are the files of `tax_income`, `population` and `declarations`; `decisions` are those of people
    (`tax_code`, `told_pid`, `full_key`, `birth_date` as the payer says them, `pid`, `accepted`) and outrank every rule.
    """

    def step(name: str, *tables: str, **inputs: Input) -> Path:
        path = temp / f"{name}.parquet"
        given = {table: registers[table] for table in tables}
        run_step(engine, SQL / f"{name}.sql", {**given, **inputs}, out=path)
        return path

    workers = step("workers", "tax_income")
    said = decisions or no_decisions(WORKERS)
    decided = step("worker_decided", "population", workers=workers, decisions=said)
    rejected = step("worker_rejected", workers=workers, decisions=said)
    by_number = step("worker_numbers", "population", workers=workers, decided=decided, rejected=rejected)
    left = step("workers_left", workers=workers, placed=[decided, by_number])
    people = step(
        "payers_people",
        "declarations",
        "population",
        workers_left=left,
        worker_numbers=[decided, by_number],
        employer_links=employer_links,
        links=links,
    )
    nominations = step("worker_nominations", "population", workers_left=left, payers_people=people)
    names = folded(step("names_of_workers", "tax_income", "population", nominations=nominations))
    near = {"workers_left": left, "rejected": rejected}
    by_name = step("worker_names", payers_people=people, nominations=nominations, folded=names, **near)
    by_country = step("worker_country", "population", worker_names=by_name, **near)
    found = {"worker_decided": decided, "worker_numbers": by_number}
    matched = step("matched_workers", worker_names=by_name, worker_country=by_country, **found)
    rows = 0
    for at, (load, files) in enumerate(groupby(sorted(registers["tax_income"]), key=lambda path: path.parent)):
        done = run_step(
            engine,
            SQL / "worker_matches.sql",
            {"tax_income": list(files), "workers": workers, "matched_workers": matched, "before": rows_before(load)},
            out=out / f"part-{at:04d}.parquet",
        )
        rows += done.rows
    return rows


def rows_before(load: Path) -> pa.Table:
    """Return for each `file` of a load the `load_id` and how many `rows` come before its own."""
    import pyarrow as pa

    manifest = Manifest.model_validate_json((load / MANIFEST).read_text(encoding="utf-8"))
    sizes = [one.read + one.blank for one in manifest.inputs]
    rows = [sum(sizes[:at]) for at in range(len(sizes))]
    return pa.table(
        {
            "file": pa.array(range(len(sizes)), pa.int32()),
            "rows": pa.array(rows, pa.int64()),
            "load_id": pa.array([load.name] * len(sizes)).dictionary_encode(),
        }
    )
