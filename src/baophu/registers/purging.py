"""Destroying what is kept too long, or what is one person's: in loads, rejects, runs and the desk, with a tombstone.

    <home>/warehouse/purges/under-way/<id>/    files to come, plan.json (what goes where), tombstone.json

A purge first writes all that is to come into this folder; so far nothing has happened, and a killed purge leaves
nothing but a folder that the next one removes. Then one line in the ledger, with the hash of the tombstone, decides:
from now on the purge is done, and whoever comes next (a purge, `verify`) carries out what is left of the plan. Each
step can be done twice. The folder goes at the end; the tombstone stays.

Rows are found by number alone. A row without a number (pay by the tax register may have none) is not looked for by
name: namesakes are many, and another person's row must not go.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict

from baophu import __version__
from baophu.core import ledger
from baophu.core.errors import BaophuError
from baophu.core.hashes import sha256, sha256_of
from baophu.core.home import PART, SITE_INDEX
from baophu.core.languages import Text
from baophu.desk import purging as desk
from baophu.registers import store, tombstones
from baophu.registers.contracts import contracts
from baophu.registers.files import HELD, REJECTS
from baophu.registers.persons import Person, Rows, carries, columns, linked, mentioned, numbers_in, rejects_of, rows_of
from baophu.registers.store import MANIFEST, Manifest, sync_folder
from baophu.registers.tombstones import Change, Tombstone

UNDER_WAY = "under-way"
PLAN = "plan.json"
TOMBSTONE = "tombstone.json"
# Folders of the warehouse that hold nobody: places, targets, and the purges themselves.
_NOBODY = (("areas",), ("frozen", "targets"), ("purges",))
# The name of a file or a heading that may tell somebody.
NAMELESS = "–"

# Told while files are looked through: files done, files in all.
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Decision:
    """Why it is destroyed, and who decided it; neither names the person. `again` is a tombstone that is done again."""

    reason: str
    decided_by: str
    again: str | None = None

    def check(self) -> None:
        """Refuse what is empty, or holds a long number: a tombstone names nobody."""
        for words in (self.reason, self.decided_by):
            if not words.strip() or not store.names_nobody(words):
                raise BaophuError(
                    Text(
                        "Phải ghi lý do và người quyết định, không ghi số của ai.",
                        "Give a reason and who decided, without anybody's number.",
                    ),
                    Text("Ghi số văn bản và chức vụ.", "Name the document and the office."),
                )


@dataclass(slots=True)
class Share:
    """What one file holds that is to go: its rows, and of a register what finds its rejects."""

    path: Path
    found: Rows


@dataclass(slots=True)
class Held:
    """What the home holds of a person: the files with rows of his, and the loads where he was met."""

    who: Person
    files: list[Share] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return sum(share.found.rows for share in self.files)


class _Step(BaseModel):
    """One file: its place in the warehouse, and the name of what takes that place, or nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str
    staged: str | None


class _Plan(BaseModel):
    """All that a purge does, in any order and as often as one likes; `tables` lose the copies made from their files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: tuple[_Step, ...]
    tables: tuple[str, ...]


def parquet_files(home: Path) -> list[Path]:
    """Return the Parquet files of the warehouse that a person may be in; not those copied out of loads."""
    warehouse = home / "warehouse"
    files = sorted(warehouse.rglob("*.parquet"))
    return [path for path in files if _looked_at(path.relative_to(warehouse).parts) and not _copied(home, path)]


def _looked_at(parts: tuple[str, ...]) -> bool:
    nobody = any(parts[: len(folder)] == folder for folder in _NOBODY)
    return not nobody and not any(part.startswith(PART) for part in parts)


def _copied(home: Path, path: Path) -> bool:
    """Tell whether a file is a copy that readers make from a load's file, and make again where it is gone."""
    return path.parent.name == store.COPIES and path.parent.parent.parent == store.registers(home)


def expired(home: Path, day: date) -> list[Manifest]:
    """Return the loads that were to be kept until a day before `day` and are still there, also those undone."""
    ends = ((one, one.basis.retain_until) for one in store.loads(home))
    return [one for one, end in ends if end is not None and end < day and one.destroyed_on is None]


def find_person(home: Path, given: Person, *, exact: bool = False, told: Told | None = None) -> Held:
    """Find what the warehouse holds of a person. BaophuError where his numbers lead to several people."""
    files = parquet_files(home)
    who = given if exact else linked([path for path in files if _load_of(home, path)], given)
    held = Held(who)
    for done, path in enumerate(files, 1):
        if path.name != REJECTS or not _load_of(home, path):
            found = rows_of(path, who, texts=_load_of(home, path) is None)
            if found.rows:
                held.files.append(Share(path, found))
        if told:
            told(done, len(files))
    return held


def purge_expired(home: Path, day: date, decision: Decision) -> Tombstone | None:
    """Destroy every load that was to be kept until a day before `day`; None where there is none."""
    with _alone(home):
        return _destroy(home, expired(home, day), decision, day)


def purge_person(
    home: Path, given: Person, decision: Decision, *, exact: bool = False, told: Told | None = None
) -> Tombstone | None:
    """Destroy what the home holds of a person; None where it holds nothing. BaophuError: nothing was destroyed."""
    decision.check()
    with _alone(home):
        held = find_person(home, given, exact=exact, told=told)
        with _Staging(home, decision, "person") as stage:
            _stage_person(stage, held)
            wiped = desk.purge_person(home, held.who.every)
            if not stage.changes and not wiped:
                return None
            secret = tombstones.key(tombstones.folder(home))
            known = tuple(tombstones.keyed(number, secret) for number in held.who.every)
            return stage.commit(person=known, desk=wiped)


def resume(home: Path) -> list[str]:
    """Carry out what killed purges had decided, remove what they had not; return the ids of those finished."""
    if not (tombstones.folder(home) / UNDER_WAY).is_dir():
        return []
    with _alone(home) as finished:
        return finished


def reapply(home: Path, place: Path, told: Told | None = None) -> list[Tombstone]:
    """Do again in this home, a restored one, what the tombstones in another folder say; return the new tombstones.

    `place` holds tombstones and their key, as `<home>/warehouse/purges` of the home that was lost or left.
    """
    again = []
    there = {one.id for one in tombstones.vouched(home)}
    for one in tombstones.tombstones(place):
        if one.id in there:
            continue
        decision = Decision(one.reason, one.decided_by, one.id)
        if one.kind == "age":
            with _alone(home):
                still = [load for load in store.loads(home) if f"{load.table}/{load.load}" in one.loads]
                done = _destroy(home, [load for load in still if load.destroyed_on is None], decision, one.expired_on)
        else:
            done = _again(home, place, one, decision, told)
        again += [done] if done else []
    return again


def _again(home: Path, place: Path, one: Tombstone, decision: Decision, told: Told | None) -> Tombstone | None:
    if not (place / "key").is_file():
        raise BaophuError(
            Text(f"Không có khóa {place / 'key'} của các biên bản hủy.", f"{place / 'key'}, their key, is not there."),
            Text("Chép cả thư mục purges của kho cũ.", "Take the whole folder `purges` of the other home."),
        )
    secret, wanted = tombstones.key(place), frozenset(one.person)
    who = numbers_in(parquet_files(home), lambda number: tombstones.keyed(number, secret) in wanted)
    return purge_person(home, who, decision, exact=True, told=told) if who.every else None


def _destroy(home: Path, some: list[Manifest], decision: Decision, day: date | None) -> Tombstone | None:
    decision.check()
    if not some:
        return None
    with _Staging(home, decision, "age") as stage:
        for one in some:
            place = store.folder(home, one.table) / one.load
            for file in one.files:
                if (place / file.name).exists():
                    stage.destroy(place / file.name, file.rows)
            for beside in one.beside:
                if (place / beside.name).exists():
                    stage.destroy(place / beside.name, None)
            inputs = tuple(given.model_copy(update={"name": NAMELESS, "ignored": ()}) for given in one.inputs)
            today = datetime.now(store.VIET_NAM).date()
            stage.manifest(place, one.model_copy(update={"inputs": inputs, "beside": (), "destroyed_on": today}))
        return stage.commit(expired_on=day, loads=tuple(f"{one.table}/{one.load}" for one in some))


def _stage_person(stage: _Staging, held: Held) -> None:
    home, who = stage.home, held.who
    shares = {share.path: share.found for share in held.files}
    for path in shares:
        if _load_of(home, path) is None:
            stage.without(path, _his_rows(path, who, texts=True))
    texts = {text for found in shares.values() for text in found.texts}
    for one in store.loads(home):
        place = store.folder(home, one.table) / one.load
        here = [found for path, found in shares.items() if path.parent == place]
        _stage_load(stage, one, place, Rows(0, {at for f in here for at in f.places}, texts), who, met=bool(here))


def _stage_load(stage: _Staging, one: Manifest, place: Path, found: Rows, who: Person, *, met: bool) -> None:
    """Put aside a load's files without a person's rows, and its manifest, which then tells of these files."""
    files, gone = [], Counter[str]()
    for file in one.files:
        path = place / file.name
        change = None
        if path.exists() and file.name == REJECTS:
            change = stage.without(path, rejects_of(path, who, found))
        elif path.exists() and met:
            change = stage.without(path, _his_rows(path, who))
        if change is not None:
            met = True
            if file.name != REJECTS:
                gone[HELD if file.name == HELD else "data"] += file.rows - (change.rows_after or 0)
            file = file.model_copy(update={"rows": change.rows_after, "sha256": change.after})
        files.append(file)
    beside = []
    for other in one.beside:
        path = place / other.name
        if path.exists() and (met or mentioned(path, who, found.texts)):
            stage.destroy(path, None)
        else:
            beside.append(other)
    inputs = tuple(_nameless(given, who, found.texts) for given in one.inputs)
    new = one.model_copy(
        update={
            "files": tuple(files),
            "beside": tuple(beside),
            "inputs": inputs,
            "loaded": one.loaded - gone["data"],
            "held": one.held - gone[HELD],
            "purged": one.purged + gone.total(),
        }
    )
    if new != one:
        stage.manifest(place, new)


def _nameless(given: store.Input, who: Person, texts: set[str]) -> store.Input:
    name = given.name.lower()
    tells = any(word in name for word in (*who.needles(), *texts))
    return given.model_copy(update={"name": NAMELESS}) if tells else given


def _his_rows(path: Path, who: Person, texts: bool = False) -> Callable[[pa.Table], pa.ChunkedArray]:
    kinds = columns(pq.read_schema(path))
    return lambda table: carries(table, who, kinds, texts)


def _load_of(home: Path, path: Path) -> Path | None:
    """Return the load's folder that a file is in, None where it is of no load."""
    place = path.parent
    return place if place.parent.parent == store.registers(home) and (place / MANIFEST).is_file() else None


class _Staging:
    """A purge while it is prepared. Whoever leaves the block by an error has changed nothing."""

    def __init__(self, home: Path, decision: Decision, kind: str) -> None:
        self.home, self._decision, self._kind = home, decision, kind
        self._warehouse = home / "warehouse"
        self._id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{kind}"
        self._place = tombstones.folder(home) / UNDER_WAY / self._id
        self._steps: list[_Step] = []
        self.changes: list[Change] = []
        self._decided = False

    def __enter__(self) -> _Staging:
        self._place.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._decided:
            shutil.rmtree(self._place, ignore_errors=True)

    def without(self, path: Path, gone: Callable[[pa.Table], pa.ChunkedArray]) -> Change | None:
        """Write a Parquet file again without some rows, group by group; None where it has none of them."""
        staged = self._place / f"{len(self._steps):05}"
        with pq.ParquetFile(path) as file:
            packed = file.metadata.row_group(0).column(0).compression if file.num_row_groups else "ZSTD"
            with pq.ParquetWriter(staged, file.schema_arrow, compression=packed) as writer:
                for at in range(file.num_row_groups):
                    table = file.read_row_group(at)
                    writer.write_table(table.filter(pc.invert(gone(table))), row_group_size=max(table.num_rows, 1))
            before, after = file.metadata.num_rows, pq.read_metadata(staged).num_rows
        if before == after:
            staged.unlink()
            return None
        change = self._change(path, staged)
        self.changes[-1] = change.model_copy(update={"rows_before": before, "rows_after": after})
        return self.changes[-1]

    def destroy(self, path: Path, rows: int | None) -> None:
        """Plan that a file goes."""
        change = self._change(path, None)
        if rows is not None:
            self.changes[-1] = change.model_copy(update={"rows_before": rows, "rows_after": 0})

    def manifest(self, place: Path, manifest: Manifest) -> None:
        """Plan that a load has another manifest."""
        staged = self._place / f"{len(self._steps):05}"
        staged.write_text(store.record_text(manifest), encoding="utf-8")
        self._change(place / MANIFEST, staged)

    def _change(self, path: Path, staged: Path | None) -> Change:
        target = path.relative_to(self._warehouse)
        # A workbook is named after the sender's file, which may tell somebody.
        told = target if path.suffix in (".parquet", ".json") else target.parent
        self._steps.append(_Step(target=target.as_posix(), staged=staged.name if staged else None))
        self.changes.append(Change(file=told.as_posix(), before=sha256(path), after=sha256(staged) if staged else None))
        return self.changes[-1]

    def commit(self, **facts: object) -> Tombstone:
        """Decide the purge in the ledger, and carry it out."""
        rows = sum((change.rows_before or 0) - (change.rows_after or 0) for change in self.changes)
        stone = Tombstone.model_validate(
            {
                "id": self._id,
                "kind": self._kind,
                "at": datetime.now(UTC),
                "reason": self._decision.reason,
                "decided_by": self._decision.decided_by,
                "again": self._decision.again,
                "program": __version__,
                "rows": rows,
                "changes": tuple(self.changes),
                **facts,
            }
        )
        tables = {Path(step.target).parts[1] for step in self._steps if step.target.startswith("registers/")}
        plan = _Plan(steps=tuple(self._steps), tables=tuple(sorted(tables)))
        text = store.record_text(stone)
        (self._place / PLAN).write_text(store.record_text(plan), encoding="utf-8")
        (self._place / TOMBSTONE).write_text(text, encoding="utf-8")
        for path in self._place.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(self._place)
        self._decided = True
        ledger.append(store.ledger_file(self.home), "purge", tombstone=self._id, sha256_of_tombstone=sha256_of(text))
        _carry_out(self.home, self._place)
        return stone


def _carry_out(home: Path, place: Path) -> None:
    """Do, or do the rest of, what the ledger decided."""
    warehouse = home / "warehouse"
    if (place / PLAN).is_file():
        plan = _Plan.model_validate_json((place / PLAN).read_text(encoding="utf-8"))
        touched = set()
        for step in plan.steps:
            target = warehouse / step.target
            touched.add(target.parent)
            _do(target, place / step.staged if step.staged else None)
        for table in plan.tables:
            shutil.rmtree(store.folder(home, table) / store.COPIES, ignore_errors=True)
        for folder in touched:
            sync_folder(folder)
    shutil.rmtree(home / SITE_INDEX, ignore_errors=True)
    if (place / TOMBSTONE).exists():
        (place / TOMBSTONE).replace(tombstones.folder(home) / f"{place.name}.json")
        sync_folder(tombstones.folder(home))
    shutil.rmtree(place)


def _do(target: Path, staged: Path | None) -> None:
    if staged is None:
        target.unlink(missing_ok=True)
    elif staged.exists():
        staged.replace(target)


@contextmanager
def _alone(home: Path) -> Iterator[list[str]]:
    """Hold all that a purge changes, and settle what killed ones left; give the ids of those that were finished."""
    with tombstones.held(home), ExitStack() as tables:
        for name in sorted((path.name for path in store.registers(home).glob("*/")), key=_lock_order):
            tables.enter_context(store.locked(home, name))
        _settle_runs(home)
        yield _settle(home)


def _settle_runs(home: Path) -> None:
    """Let a killed run appear that the ledger knows of; remove what other killed runs left, which holds persons too."""
    place = home / "warehouse" / "results"
    known = {line.entry["run"] for line in ledger.read(store.ledger_file(home)).lines if line.entry["what"] == "run"}
    for part in [*place.glob(f"{PART}*"), *place.glob(f"*/{PART}*")]:
        whole = part.with_name(part.name.removeprefix(PART))
        if whole.name in known and not whole.exists():
            part.rename(whole)
        else:
            shutil.rmtree(part)


def _lock_order(name: str) -> tuple[int, str]:
    """Order tables as whoever holds several does: a form first, then the registers in the order of their contracts."""
    known = contracts().get(name)
    return (known.order if known else 0, name)


def _settle(home: Path) -> list[str]:
    decided = {
        line.entry["tombstone"] for line in ledger.read(store.ledger_file(home)).lines if tombstones.is_purge(line)
    }
    finished = []
    for place in sorted((tombstones.folder(home) / UNDER_WAY).glob("*/")):
        if place.name in decided:
            _carry_out(home, place)
            finished.append(place.name)
        else:
            shutil.rmtree(place)
    return finished
