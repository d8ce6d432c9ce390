"""Participants to persons: decisions of people first, then numbers that name and birth confirm, then what is unique,
then the model; what is left goes to people, with its rivals side by side.

Every stage is one `.sql` file on integer keys. Only participants whom no number places are compared letter by letter,
in chunks, so that the work grows with the register and not with its square.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.engine import Engine, run_step
from baophu.engine.steps import Input
from baophu.linkage.decisions import NAME, no_decisions
from baophu.linkage.folding import folded
from baophu.linkage.model import Model, read_model
from baophu.linkage.places import communes

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

SQL = Path(__file__).with_name("sql")
# About what one participant needs while he is compared with those he might be, in bytes.
_A_PARTICIPANT = 2_000


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking wrote: rows of `links` and of `link_review`."""

    links: int
    review: int


def link_persons(
    engine: Engine,
    participants: Sequence[Path],
    population: Sequence[Path],
    *,
    links: Path,
    review: Path,
    temp: Path,
    decisions: Path | None = None,
    model: Model | None = None,
    places: pa.Table | None = None,
    memory: int = 2 << 30,
    progress: Callable[[float], None] | None = None,
) -> Linked:
    """Link participants to persons and write the Parquet files `links` and `review` (see results.md).

    `decisions` are those of people (`si_code`, `pid`, `accepted`; numbers as integers); `memory`, in bytes, bounds how
    many participants are compared at a time. `places` are communes with their provinces (`commune`, `province`), by
    default those in force. The same inputs give the same rows.
    """
    model = model or read_model()
    registers: Mapping[str, Sequence[Path]] = {"participants": participants, "population": population}
    said = decisions or no_decisions(NAME)
    places = communes() if places is None else places

    def step(name: str, inputs: Mapping[str, Input], out: str = "", **parameters: int) -> Path:
        path = temp / f"{out or name}.parquet"
        run_step(engine, SQL / f"{name}.sql", inputs, parameters, out=path)
        return path

    def told(share: float) -> None:
        if progress:
            progress(share)

    decided = step("decided", {**registers, "decisions": said})
    rejected = step("rejected", {"decisions": said})
    settled = {"decided": decided, "rejected": rejected}
    by_pid = step("by_pid", {**registers, **settled})
    told(0.3)
    rest = step("rest", {"participants": participants, "placed": [decided, by_pid], "communes": places})
    by_old_id = step("by_old_id", {"rest": rest, "population": population, "rejected": rejected})
    placed = [decided, by_pid, by_old_id]
    taken = step("taken", {"placed": placed})
    told(0.5)
    people = run_step(engine, SQL / "people.sql", {**registers, "taken": taken, "placed": placed}).arrow()
    known = {name: int(people.column(name)[0].as_py()) for name in people.column_names}
    chunks = 1 + (known["participants"] - known["placed"]) * _A_PARTICIPANT // memory
    prior = model.prior(known["persons"], known["taken"], known["placed"], known["numbered"])
    scored = []
    for chunk in range(chunks):
        here = step(
            "chunk", {"rest": rest, "placed": by_old_id, "participants": participants}, chunks=chunks, chunk=chunk
        )
        nominations = step("nominations", {"chunk": here, "population": population, "communes": places})
        facts = {"chunk": here, "population": population, "communes": places, "taken": taken, "rejected": rejected}
        paired = step("paired", {"nominations": nominations, **facts})
        words = folded(step("names_of_keys", {"paired": paired}))
        compared = step("compared", {"paired": paired, "folded": words})
        shares = step("shares", {"compared": compared, "population": population})
        weighed = {"compared": compared, "shares": shares, "weights": model.weights(), "prior": prior}
        scored.append(step("scored", weighed, f"scored-{chunk}"))
        told(0.5 + 0.4 * (chunk + 1) / chunks)
    chosen = step("chosen", {"scored": scored, "threshold": _threshold(model)})
    found = {"decided": decided, "by_pid": by_pid, "by_old_id": by_old_id, "chosen": chosen}
    written = run_step(engine, SQL / "links.sql", found, out=links)
    doubtful = run_step(
        engine, SQL / "link_review.sql", {"chosen": chosen, "rest": rest, "placed": by_old_id}, out=review
    )
    told(1.0)
    return Linked(written.rows, doubtful.rows)


def _threshold(model: Model) -> pa.Table:
    import pyarrow as pa

    return pa.table({"score": [model.accept_from]})
