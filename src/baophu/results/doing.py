"""Doing a run step by step, so that a killed run goes on where it stopped and nothing is done twice.

What decides a step's result (its inputs by hash, its code, the law, dates, the engine) makes a fingerprint. Where a run
of this month or of the month before, complete or killed, has done a step with the same fingerprint, and its files still
have their hashes, they are taken over by hard links. A step's files move to their place, and its record is written,
when all of them are there; so a kill at any moment costs no more than the step at hand.
"""

from __future__ import annotations

import errno
import inspect
import json
import os
import resource
import shutil
import time
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

import baophu
from baophu.core.errors import BaophuError
from baophu.core.hashes import sha256, sha256_of
from baophu.core.home import whole_file
from baophu.core.languages import Text
from baophu.engine import Engine
from baophu.engine.memory import machine_memory
from baophu.law.parameters import Book
from baophu.registers import store as registers
from baophu.registers.store import record_text
from baophu.results import store
from baophu.results.frozen import frozen
from baophu.results.steps import RegisterFile, Step, Work
from baophu.results.store import Done, Made, Manifest, NotDone, Read, Words

PROGRAM = Path(baophu.__file__).parent
# What every step rests on, beside its own package.
_FOUNDATIONS = ("core", "engine", "registers", "law")
_RECORDS, _DOING = ".steps", ".doing"
# A disk that is full or gone ends the run; what is done stays for the next call.
_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.ENODEV, errno.EACCES)
# The engines' own words, since what they raise is no OSError.
_DISK_WORDS = ("No space left", "File too large", "Disk quota exceeded", "Input/output error", "Read-only file system")


class Watch(Protocol):
    """Who looks on while a run is made."""

    def began(self, step: Step, rows: int) -> None:
        """Hear that a step begins, and how many rows it reads."""

    def at(self, step: Step, share: float) -> None:
        """Hear how much of a step is done, 0 to 1."""

    def ended(self, step: Step, done: Done | NotDone) -> None:
        """Hear that a step is done, or that it is not and why."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Steps that were done before, in a folder of a run, complete or killed."""

    name: str
    folder: Path
    steps: Mapping[str, Done]


@dataclass(slots=True)
class Register:
    """A register as it stood when the run first looked at it."""

    files: list[RegisterFile]
    read: list[Read]
    rows: int


@dataclass(slots=True)
class Run:
    """A run under way."""

    home: Path
    month: date
    as_of: date
    engine: Engine
    law: Book
    memory: int
    watch: Watch
    id: str = ""
    part: Path = Path()
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    done: list[Done] = field(default_factory=list)
    not_done: list[NotDone] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)
    previous: Manifest | None = None
    _earlier: list[Earlier] = field(default_factory=list)
    _registers: dict[str, Register] = field(default_factory=dict)
    _desk: dict[str, Read] = field(default_factory=dict)
    _clock: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        """Make the folder of the run, and look for what was done before. The caller holds `store.running`."""
        left = store.left_over(self.home, self.month)
        self.previous = store.before(self.home, self.month)
        self._earlier = [Earlier(path.name.lstrip("."), path, _records(path)) for path in left]
        complete = [*reversed(store.runs(self.home, self.month)), *([self.previous] if self.previous else [])]
        for run in complete:
            steps = {one.step: one for one in run.steps}
            self._earlier.append(Earlier(f"{run.month:%Y-%m}/{run.run}", store.folder(self.home, run), steps))
        self.id = store.new_id(self.home, self.month)
        self.part = store.part_folder(self.home, self.month, self.id)
        (self.part / _RECORDS).mkdir(parents=True)

    def note(self, text: Text) -> None:
        """Keep a sentence for the summary."""
        self.notes.append(Words(vi=text.vi, en=text.en))

    def months(self, table: str) -> list[date]:
        """Return the months of which a register is loaded, oldest first."""
        return sorted({of for of, _ in self._register(table).files if of is not None})

    def loaded(self, table: str) -> bool:
        """Tell whether a register is loaded."""
        return bool(self._register(table).files)

    def files(self, table: str) -> list[Path]:
        """Return the files of a table of this run, as far as it was computed."""
        return sorted(self.part / made.name for one in self.done for made in one.files if _table(made) == table)

    def do(self, step: Step) -> None:
        """Do a step, take it over, or note why it cannot be done. Only what ends the run itself is raised."""
        lacking = self._lacking(step)
        if lacking:
            self._not(step, "missing", lacking)
            return
        fingerprint = self._fingerprint(step)
        self.watch.began(step, self._rows_read(step))
        try:
            done = self._taken_over(step, fingerprint) or self._do(step, fingerprint)
        except BaophuError as error:
            disk = _fault_of_disk(error)
            if disk is not None:
                raise disk from error
            more = "".join(f" {problem.say('vi')}" for problem in error.problems[:3])
            more_en = "".join(f" {problem.say('en')}" for problem in error.problems[:3])
            self._not(step, "failed", Text(error.what.vi + more, error.what.en + more_en))
        except Exception as error:  # one step's fault leaves the others their work
            if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
                raise
            place = "; ".join(
                f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)[-3:]
            )
            why = f"{type(error).__name__}: {place}"
            self._not(step, "failed", Text(f"chương trình gặp lỗi ({why})", f"the program met an error ({why})"))
        else:
            self.done.append(done)
            self.watch.ended(step, done)
        finally:
            shutil.rmtree(self.part / _DOING, ignore_errors=True)

    def finish(self, provisional: bool, beside: Mapping[str, str]) -> Manifest:
        """Complete the run: `beside` are its other files, name -> text. It appears, and what killed runs left goes."""
        for name, text in beside.items():
            (self.part / name).write_text(text, encoding="utf-8")
        shutil.rmtree(self.part / _RECORDS)
        manifest = self.manifest(provisional, {name: sha256_of(text) for name, text in beside.items()})
        store.publish(self.home, manifest)
        store.sweep(self.home, self.month)
        return manifest

    def manifest(self, provisional: bool, beside: Mapping[str, str] | None = None) -> Manifest:
        """Return what the run says of itself, as far as it has come."""
        rows: dict[str, int] = {}
        for one in self.done:
            for table in one.tables:
                rows[table] = rows.get(table, 0) + sum(made.rows for made in one.files if _table(made) == table)
        now = datetime.now(UTC)
        return Manifest(
            run=self.id,
            month=self.month,
            as_of=self.as_of,
            provisional=provisional,
            engine=self.engine.name,
            law_sha256=law_hash(),
            switches=_switches(self.law),
            program=baophu.__version__,
            previous=f"{self.previous.month:%Y-%m}/{self.previous.run}" if self.previous else None,
            begun_at=self.begun,
            ended_at=now,
            seconds=_short(time.monotonic() - self._clock),
            memory=self.memory,
            machine_memory=machine_memory(),
            inputs=(
                *(read for _, register in sorted(self._registers.items()) for read in register.read),
                *(read for _, read in sorted(self._desk.items())),
            ),
            rows=rows,
            steps=tuple(self.done),
            not_done=tuple(self.not_done),
            notes=(*self.notes, *(words for one in self.done for words in one.notes)),
            beside=dict(beside or {}),
        )

    def _not(self, step: Step, kind: str, why: Text) -> None:
        title = Words(vi=step.title.vi, en=step.title.en)
        words = Words(vi=why.vi, en=why.en)
        self.not_done.append(
            NotDone.model_validate(
                {"step": step.name, "title": title, "tables": step.gives, "kind": kind, "why": words}
            )
        )
        self.watch.ended(step, self.not_done[-1])

    def _lacking(self, step: Step) -> Text | None:
        """Say what a step needs that is not there; None where all is."""
        needed = [name for name in step.needs if not name.endswith("?")]
        no_register = [name for name in needed if not self._register_files(step, name)]
        no_result = [name for name in step.after if not name.endswith("?") and not self._result_files(step, name)]
        if no_register:
            names = ", ".join(no_register)
            return Text(f"chưa nạp sổ {names}", f"not loaded: {names}")
        if no_result:
            names = ", ".join(no_result)
            return Text(f"bảng {names} chưa tính được", f"not computed: {names}")
        return None

    def _taken_over(self, step: Step, fingerprint: str) -> Done | None:
        for earlier in self._earlier:
            done = earlier.steps.get(step.name)
            if done is None or done.fingerprint != fingerprint or not _sound(earlier.folder, done):
                continue
            for made in done.files:
                target = self.part / made.name
                target.parent.mkdir(parents=True, exist_ok=True)
                _link(earlier.folder / made.name, target)
            killed = earlier.name.startswith("part-")
            taken = done if killed else done.model_copy(update={"taken_from": done.taken_from or earlier.name})
            self._record(taken)
            return taken
        return None

    def _do(self, step: Step, fingerprint: str) -> Done:
        place = self.part / _DOING
        shutil.rmtree(place, ignore_errors=True)
        (place / "temp").mkdir(parents=True)
        notes: list[Words] = []
        work = Work(
            engine=self.engine,
            month=step.only or self.month,
            as_of=self.as_of,
            home=self.home,
            memory=self.memory,
            law=self.law,
            temp=place / "temp",
            folder=place / "out",
            registered={_plain(name): self._register_files(step, _plain(name)) for name in step.needs},
            results={_plain(name): self._result_files(step, _plain(name)) for name in step.after},
            previous={name: self._previous_files(name) for name in step.earlier},
            desk=self._frozen(step),
            progress=lambda share: self.watch.at(step, share),
            note=lambda text: notes.append(Words(vi=text.vi, en=text.en)),
        )
        began, cpu = time.monotonic(), _cpu()
        said = step.do(work)
        seconds, cpu_seconds = time.monotonic() - began, _cpu() - cpu
        files = _made(place / "out", step, said)
        for made in files:
            target = self.part / made.name
            if target.exists():
                raise RuntimeError(f"two steps write {made.name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            (place / "out" / made.name).rename(target)
        done = Done(
            step=step.name,
            fingerprint=fingerprint,
            code=_code(step),
            files=files,
            tables=step.gives,
            notes=tuple(notes),
            seconds=_short(seconds),
            cpu_seconds=_short(cpu_seconds),
        )
        self._record(done)
        return done

    def _record(self, done: Done) -> None:
        """Write the record by which a later call knows that the step is done."""
        with whole_file(self.part / _RECORDS / f"{sha256_of(done.step)[:16]}.json") as part:
            part.write_text(record_text(done), encoding="utf-8")

    def _fingerprint(self, step: Step) -> str:
        facts = {
            "step": step.name,
            "code": _code(step),
            "law": law_hash(),
            "switches": _switches(self.law),
            "engine": self.engine.name,
            "month": f"{step.only or self.month}",
            "as_of": f"{self.as_of}" if step.dated else "",
            "needs": {
                _plain(name): [
                    [str(read.month), read.sha256, read.without]
                    for read in self._register(_plain(name)).read
                    if _of(step.only, read.month)
                ]
                for name in step.needs
            },
            "after": {_plain(name): self._made_before(step, _plain(name)) for name in step.after},
            "earlier": {name: self._previous_hashes(name) for name in step.earlier},
            "desk": {name: self._desk_hash(name, path) for name, path in self._frozen(step).items()},
            "beside": dict(step.beside(self.home)) if step.beside else {},
        }
        return sha256_of(json.dumps(facts, sort_keys=True))

    def _register(self, table: str) -> Register:
        if table not in self._registers:
            self._registers[table] = _register(self.home, table)
        return self._registers[table]

    def _register_files(self, step: Step, table: str) -> list[RegisterFile]:
        return [(of, path) for of, path in self._register(table).files if _of(step.only, of)]

    def _made_before(self, step: Step, table: str) -> list[tuple[str, str]]:
        found = [(made.name, made.sha256) for one in self.done for made in one.files if _table(made) == table]
        return sorted(one for one in found if _of_month(step.only, one[0]))

    def _result_files(self, step: Step, table: str) -> list[Path]:
        return [self.part / name for name, _ in self._made_before(step, table)]

    def _previous_files(self, table: str) -> list[Path]:
        if self.previous is None:
            return []
        place = store.folder(self.home, self.previous)
        return [place / name for name in sorted(self.previous.files()) if name.startswith(f"{table}/")]

    def _previous_hashes(self, table: str) -> list[str]:
        # As they are now: a purge may have taken rows out of them.
        return [sha256(path) for path in self._previous_files(table)]

    def _desk_hash(self, name: str, path: Path) -> str:
        file = path.relative_to(self.home / "warehouse").as_posix()
        self._desk[name] = Read(table=name, file=file, sha256=sha256(path))
        return self._desk[name].sha256

    def _frozen(self, step: Step) -> dict[str, Path]:
        found = {name: frozen(self.home, name) for name in step.desk}
        return {name: path for name, path in found.items() if path is not None}

    def _rows_read(self, step: Step) -> int:
        names = [_plain(name) for name in step.needs]
        if step.only is not None:
            import pyarrow.parquet as parquet  # type: ignore[import-untyped]

            files = [path for name in names for _, path in self._register_files(step, name)]
            return sum(parquet.read_metadata(path).num_rows for path in files)
        tables = [_plain(name) for name in step.after]
        made = sum(file.rows for one in self.done for file in one.files if _table(file) in tables)
        return made + sum(self._register(name).rows for name in names)


@cache
def law_hash() -> str:
    """Return what tells one version of the law's parameters and rules from another."""
    return _hash_of_files(path for path in (PROGRAM / "law").rglob("*.yaml"))


def _switches(law: Book) -> dict[str, str]:
    return {name: law.switch(name) for name in law.switches()}


def _code(step: Step) -> str:
    """Return what tells one version of a step's code from another: its package and what every step rests on."""
    source = Path(inspect.getfile(step.do)).resolve()
    if not source.is_relative_to(PROGRAM.resolve()):
        return _code_of(str(source))
    package = source.relative_to(PROGRAM.resolve()).parts[0]
    return _code_of(*sorted(str(PROGRAM / name) for name in {package, *_FOUNDATIONS}))


@cache
def _code_of(*places: str) -> str:
    files: list[Path] = []
    for place in map(Path, places):
        files += [path for path in place.rglob("*") if path.suffix in (".py", ".sql", ".yaml", ".json")]
        files += [place] if place.is_file() else []
    return _hash_of_files(files)


def _hash_of_files(files: Iterable[Path]) -> str:
    return sha256_of("\n".join(f"{path.name} {sha256(path)}" for path in sorted(files)))


def _register(home: Path, table: str) -> Register:
    """Look at a register: which files hold good, and what they are."""
    by_load = {one.load: {file.name: file for file in one.files} for one in registers.loads(home, table)}
    copies = registers.current(home, table)
    files, read, rows = [], [], 0
    for (path, employers), copy in zip(registers.parts(home, table), copies, strict=True):
        stored = by_load[path.parent.name][path.name]
        without = sha256_of("\n".join(sorted(employers))) if copy != path else None
        files.append((stored.month, copy))
        name = f"{path.parent.name}/{path.name}"
        read.append(Read(table=table, file=name, month=stored.month, sha256=stored.sha256, without=without))
        rows += stored.rows
    return Register(files, read, rows)


def _records(part: Path) -> dict[str, Done]:
    """Return the steps that a killed run had done."""
    found = {}
    for path in (part / _RECORDS).glob("*.json"):
        try:
            done = Done.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # cut off, or of another version: the step is done again
        found[done.step] = done
    # Killed between the manifest and the ledger's line, it has its records there.
    if (part / store.MANIFEST).is_file():
        with suppress(BaophuError):
            found |= {one.step: one for one in store.read(part / store.MANIFEST).steps}
    return found


def _sound(folder: Path, done: Done) -> bool:
    try:
        return all(sha256(folder / made.name) == made.sha256 for made in done.files)
    except OSError:
        return False


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Not every file system has hard links.
        shutil.copyfile(source, target)


def _made(place: Path, step: Step, said: Mapping[str, int]) -> tuple[Made, ...]:
    """Return the files that a step wrote; RuntimeError where they are not those it gives, or of other lengths."""
    import pyarrow.parquet as parquet

    found = []
    for table in step.gives:
        paths = sorted((place / table).glob("part-*.parquet"))
        lengths = [parquet.read_metadata(path).num_rows for path in paths]
        if not paths or said.get(table) != sum(lengths):
            raise RuntimeError(
                f"{step.name}: {table} has {sum(lengths)} rows in {len(paths)} files, said {said.get(table)}"
            )
        found += [
            Made(name=f"{table}/{path.name}", rows=rows, sha256=sha256(path))
            for path, rows in zip(paths, lengths, strict=True)
        ]
    return tuple(found)


def _plain(name: str) -> str:
    return name.removesuffix("?")


def _table(made: Made) -> str:
    return made.name.partition("/")[0]


def _of(only: date | None, month: date | None) -> bool:
    return only is None or month in (None, only)


def _of_month(only: date | None, name: str) -> bool:
    return only is None or name.endswith(f"/part-{only:%Y-%m}.parquet")


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _fault_of_disk(error: BaophuError) -> OSError | None:
    """Return what a disk that is full or gone said, where a step's error comes of it; it ends the run."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _OF_THE_DISK:
            return cause
        said = next((words for words in _DISK_WORDS if words in str(cause)), None)
        if said is not None:
            return OSError(said)
        cause = cause.__cause__ or cause.__context__
    return None


def _short(seconds: float) -> float:
    return round(seconds, 2)
