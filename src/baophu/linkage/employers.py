"""Employers of the insurance register to businesses of the tax register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from baophu.engine import Engine, run_step
from baophu.engine.steps import Input
from baophu.linkage.decisions import EMPLOYERS, no_decisions
from baophu.linkage.folding import folded
from baophu.linkage.spellings import spelled

SQL = Path(__file__).with_name("sql")


def link_employers(
    engine: Engine,
    employers: Sequence[Path],
    businesses: Sequence[Path],
    *,
    out: Path,
    temp: Path,
    decisions: Path | None = None,
) -> int:
    """Link employers to businesses, write the Parquet file `out` (see results.md), and return its number of rows.

    `decisions` are those of people (`employer_id`, `tax_code`, `accepted`); they outrank every rule.
    """
    registers: Mapping[str, Sequence[Path]] = {"employers": employers, "businesses": businesses}

    def step(name: str, inputs: Mapping[str, Input], to: Path | None = None) -> Path:
        path = to or temp / f"{name}.parquet"
        run_step(engine, SQL / f"{name}.sql", inputs, out=path)
        return path

    said = decisions or no_decisions(EMPLOYERS)
    decided = step("employer_decided", {**registers, "decisions": said})
    rejected = step("employer_rejected", {"decisions": said})
    codes = step("employer_codes", {**registers, "decided": decided, "rejected": rejected})
    left = step("employers_left", {"employers": employers, "codes": codes, "decided": decided})
    ways = spelled(_columns(left, "employer_id", "name"))
    given: dict[str, Input] = {"employers_left": left, "businesses": businesses, "codes": codes, "rejected": rejected}
    names = step("employer_names", {**given, "spelled": ways})
    neighbours = step("employer_neighbours", {**given, "names": names})
    step(
        "employer_links",
        {
            "decided": decided,
            "codes": codes,
            "spelled": ways,
            "names": names,
            "neighbours": neighbours,
            "folded": folded(neighbours, name="name"),
        },
        out,
    )
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    return int(pq.read_metadata(out).num_rows)


def _columns(path: Path, *names: str) -> Any:
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=list(names)).select(list(names))
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
