"""Participants to persons: decisions of people first, then numbers that name and birth confirm, then what is unique,
then the model; what is left goes to people, with its rivals side by side.

Every stage is one `.sql` file on integer keys. Only participants whom no number places are compared letter by letter,
in chunks, so that the work grows with the register and not with its square. Of them, those whom a rule placed in the
last run keep their link, where nothing that decides the rule has changed (`kin.sql`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core.hashes import sha256_of
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
    """What linking wrote: rows of `links`, `link_review` and `link_state`.

    `kept`: links that are those of the last run; `compared`: participants without a number's proof or a kept link.
    """

    links: int
    review: int
    state: int
    kept: int
    compared: int


def link_persons(
    engine: Engine,
    participants: Sequence[Path],
    population: Sequence[Path],
    *,
    links: Path,
    review: Path,
    temp: Path,
    state: Path | None = None,
    last_state: Sequence[Path] = (),
    decisions: Path | None = None,
    model: Model | None = None,
    places: pa.Table | None = None,
    memory: int = 2 << 30,
    progress: Callable[[float], None] | None = None,
) -> Linked:
    """Link participants to persons; write the Parquet files `links`, `review` and, where asked, `state` (results.md).

    `last_state` is the state that the last run wrote: links of it that a rule would prove again are kept; without it
    all are made anew. Which links there are, and by which rule, does not depend on it.
    `decisions` are those of people (`si_code`, `pid`, `accepted`; numbers as integers); `memory`, in bytes, bounds how
    many participants are compared at a time. `places` are communes with their provinces (`commune`, `province`), by
    default those in force. The same inputs give the same rows.
    """
    model = model or read_model()
    registers: Mapping[str, Sequence[Path]] = {"participants": participants, "population": population}
    said = decisions or no_decisions(NAME)
    places = communes() if places is None else places

    def step(name: str, inputs: Mapping[str, Input], out: str = "", **parameters: int | str) -> Path:
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
    unplaced = step("unplaced", {"rest": rest, "placed": by_old_id})
    namesakes = step("namesakes", {"participants": participants, "unplaced": unplaced})
    kin = step(
        "kin",
        {"population": population, "namesakes": namesakes, "unplaced": unplaced, "taken": taken, "rejected": rejected},
    )
    by = {"made_by": made_by(model)}
    kept = step("kept", {"state": last_state or _no_state(), "unplaced": unplaced, "kin": kin}, **by)
    unsettled = step("unsettled", {"unplaced": unplaced, "kept": kept})
    people = run_step(engine, SQL / "people.sql", {**registers, "taken": taken, "placed": placed}).arrow()
    known = {name: int(people.column(name)[0].as_py()) for name in people.column_names}
    prior = model.prior(known["persons"], known["taken"], known["placed"], known["numbered"])
    weights = {"weights": model.weights(), "prior": prior}

    def score(who: Path, among: Sequence[Path], name: str, begun: float, ended: float) -> list[Path]:
        """Compare participants with persons who agree in enough, a chunk at a time; return files of scored pairs."""
        chunks = 1 + _rows(who) * _A_PARTICIPANT // memory
        scored = []
        for chunk in range(chunks):
            here = step("chunk", {"asked": who, "namesakes": namesakes}, chunks=chunks, chunk=chunk)
            facts = {"chunk": here, "population": among, "communes": places}
            nominations = step("nominations", facts)
            paired = step("paired", {"nominations": nominations, **facts, "taken": taken, "rejected": rejected})
            words = folded(step("names_of_keys", {"paired": paired}))
            compared = step("compared", {"paired": paired, "folded": words})
            shares = step("shares", {"compared": compared, "population": population})
            scored.append(step("scored", {"compared": compared, "shares": shares, **weights}, f"{name}-{chunk}"))
            told(begun + (ended - begun) * (chunk + 1) / chunks)
        return scored

    scored = score(unsettled, population, "scored", 0.5, 0.8)
    if _rows(kept):
        settled_ones = step("settled", {"unplaced": unplaced, "kept": kept})
        sought = step("sought", {"scored": scored, "population": population})
        scored += score(settled_ones, [sought], "claimed", 0.8, 0.9)
    chosen = step("chosen", {"scored": scored, "kept": kept, "threshold": _threshold(model)})
    found = {"decided": decided, "by_pid": by_pid, "by_old_id": by_old_id, "chosen": chosen, "kept": kept}
    written = run_step(engine, SQL / "links.sql", {**found, "taken": taken}, out=links)
    doubtful = run_step(engine, SQL / "link_review.sql", {"chosen": chosen, "unsettled": unsettled}, out=review)
    proved = {"chosen": chosen, "unplaced": unplaced, "kin": kin, "kept": kept}
    noted = run_step(engine, SQL / "link_state.sql", proved, by, out=state or temp / "link_state.parquet")
    told(1.0)
    return Linked(written.rows, doubtful.rows, noted.rows, _rows(kept), _rows(unsettled))


def made_by(model: Model) -> str:
    """Return what tells the rules and the model of one program from another's: links are kept only of the same."""
    rules = [path.read_text(encoding="utf-8") for path in (Path(__file__), *sorted(SQL.glob("*.sql")))]
    digest = sha256_of("\n".join([model.model_dump_json(), *rules]))
    return digest.translate(str.maketrans("0123456789", "ghijklmnop"))


def _rows(path: Path) -> int:
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    return int(parquet.read_metadata(path).num_rows)


def _no_state() -> pa.Table:
    import pyarrow as pa

    texts = ("si_code", "pid", "rule", "kin", "made_by")
    columns = {name: pa.array([], pa.string()) for name in texts}
    return pa.table({**columns, "score": pa.array([], pa.float64()), "rivals": pa.array([], pa.int64())})


def _threshold(model: Model) -> pa.Table:
    import pyarrow as pa

    return pa.table({"score": [model.accept_from]})
