"""The runs over a month's registers: an immutable folder each, complete or not there at all.

    <home>/warehouse/results/<YYYY-MM>/<run id>/<table>/part-….parquet
                                                manifest.json, summary.json, summary.md
    <home>/warehouse/results/<YYYY-MM>/.part-<run id>/     a run under way, or one that was killed (`doing`)
    <home>/warehouse/results/lock                          held by the process that runs

A folder appears by one rename, after the ledger of the registers has heard of it. Nothing in it changes afterwards but
by a purge, which leaves a tombstone.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from baophu.core import ledger
from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.hashes import sha256, sha256_of
from baophu.core.home import PART, make_home
from baophu.core.languages import Text
from baophu.core.soundness import RESTORE, Fault, Look, changed, foreign, missing
from baophu.registers import tombstones
from baophu.registers.store import ledger_file, record_text, sync_folder

MANIFEST = "manifest.json"
SUMMARY = ("summary.json", "summary.md")
LOCK = "lock"
_TIME = "%Y%m%dT%H%M%S%fZ"
_MONTH = re.compile(r"\d{4}-\d{2}")


class Words(BaseModel):
    """A sentence in both languages, as it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vi: str
    en: str


class Read(BaseModel):
    """A file of a register, or of the desk's frozen copies, that the run read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    file: str = Field(description="`load id/file`; of a frozen copy `frozen/name`")
    month: date | None = None
    sha256: str
    without: str | None = Field(default=None, description="hash of the employers whose rows forms replaced since")


class Made(BaseModel):
    """A Parquet file that a step wrote."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="`table/part-….parquet`")
    rows: int
    sha256: str


class Done(BaseModel):
    """A step that was done: from what, what came out, at which cost."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: str
    fingerprint: str = Field(description="hash of all that decides what it gives: inputs, code, law, dates, engine")
    code: str | None = Field(default=None, description="hash of the program's files that it rests on")
    files: tuple[Made, ...]
    tables: tuple[str, ...]
    notes: tuple[Words, ...] = ()
    seconds: float
    cpu_seconds: float
    taken_from: str | None = Field(default=None, description="the run that did it, where nothing had changed since")


class NotDone(BaseModel):
    """A step that was not done, and why: something that it needs is not there, or it failed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: str
    title: Words
    tables: tuple[str, ...]
    kind: Literal["missing", "failed"]
    why: Words


class Manifest(BaseModel):
    """What a run says of itself. It names tables, files and reasons, and never a person's value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str
    month: date
    as_of: date
    provisional: bool
    engine: str
    law_sha256: str = Field(description="of the law's parameters and rules")
    switches: dict[str, str] = Field(description="the readings of the law that were chosen")
    program: str
    previous: str | None = Field(default=None, description="`YYYY-MM/run` of the run of an earlier month that was read")
    begun_at: datetime
    ended_at: datetime
    seconds: float
    memory: int = Field(description="bytes that were allowed")
    machine_memory: int | None = Field(default=None, description="bytes that the machine, or its container, had")
    inputs: tuple[Read, ...]
    rows: dict[str, int]
    steps: tuple[Done, ...]
    not_done: tuple[NotDone, ...] = ()
    notes: tuple[Words, ...] = ()
    beside: dict[str, str] = Field(default_factory=dict, description="other files of the run -> SHA-256")

    def files(self) -> dict[str, Made]:
        """Return all Parquet files by name."""
        return {file.name: file for step in self.steps for file in step.files}


def results(home: Path) -> Path:
    """Return the folder of all runs. It need not exist."""
    return home / "warehouse" / "results"


def month_folder(home: Path, month: date) -> Path:
    """Return the folder of a month's runs. It need not exist."""
    return results(home) / f"{month:%Y-%m}"


def folder(home: Path, run: Manifest) -> Path:
    """Return the folder of a run."""
    return month_folder(home, run.month) / run.run


def runs(home: Path, month: date | None = None) -> list[Manifest]:
    """Return all runs, or those of a month, oldest month and oldest run first."""
    places = [month_folder(home, month)] if month else sorted(_months(home))
    return [read(path) for place in places for path in sorted(place.glob(f"[0-9]*/{MANIFEST}"))]


def read(path: Path) -> Manifest:
    """Read a run's manifest; BaophuError where it cannot be read."""
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BaophuError(
            Text(f"Lần chạy {path.parent} bị sửa hoặc bị hỏng.", f"The run {path.parent} was changed or is damaged."),
            Text("Xem chi tiết: baophu verify", "See: baophu verify"),
        ) from error


def find(home: Path, word: str) -> Manifest:
    """Return a run by its id, the beginning or end of it, or its month (the newest run of it); else BaophuError."""
    every = runs(home)
    found = [one for one in every if word in (one.run, f"{one.month:%Y-%m}/{one.run}")]
    found = found or [one for one in every if one.run.startswith(word) or one.run.endswith(word)]
    if not found and _MONTH.fullmatch(word):
        found = [one for one in every if f"{one.month:%Y-%m}" == word][-1:]
    if len(found) == 1:
        return found[0]
    what = (
        Text(f"Có nhiều lần chạy là '{word}'.", f"Several runs are '{word}'.")
        if found
        else Text(f"Không có lần chạy nào là '{word}'.", f"There is no run '{word}'.")
    )
    raise BaophuError(what, did_you_mean(one.run for one in (found or every)[-3:]) or _run_it())


def newest(home: Path, month: date) -> Manifest:
    """Return the newest run of a month; BaophuError where there is none."""
    found = runs(home, month)
    if found:
        return found[-1]
    months = sorted(path.name for path in _months(home) if any(path.glob(f"[0-9]*/{MANIFEST}")))
    raise BaophuError(
        Text(f"Tháng {month:%m/%Y} chưa có lần chạy nào.", f"{month:%Y-%m} has not been run."),
        did_you_mean(months[-3:]) or _run_it(f"{month:%Y-%m}"),
    )


def before(home: Path, month: date) -> Manifest | None:
    """Return the newest run of the last month before a month that has one."""
    names = sorted(path.name for path in _months(home) if path.name < f"{month:%Y-%m}")
    for name in reversed(names):
        found = runs(home, date.fromisoformat(f"{name}-01"))
        if found:
            return found[-1]
    return None


def table(home: Path, run: Manifest, name: str) -> list[Path]:
    """Return the files of a run's table; BaophuError, with the reason where it is known, where it has none."""
    found = [folder(home, run) / file for file in sorted(run.files()) if file.startswith(f"{name}/")]
    if found:
        return found
    for one in run.not_done:
        if name in one.tables:
            raise BaophuError(
                Text(
                    f"Lần chạy này không tính bảng {name}: {one.why.vi}",
                    f"This run did not compute {name}: {one.why.en}",
                )
            )
    raise BaophuError(
        Text(f"Lần chạy này không có bảng '{name}'.", f"This run has no table '{name}'."),
        did_you_mean(sorted(run.rows)),
    )


def _months(home: Path) -> list[Path]:
    return [path for path in results(home).glob("*") if _MONTH.fullmatch(path.name)]


def _run_it(month: str = "2026-10") -> Text:
    return Text(f"Chạy tháng: baophu run --month {month}", f"Run a month: baophu run --month {month}")


@contextmanager
def running(home: Path) -> Iterator[None]:
    """Hold the runs of a home, settle what a killed run had announced; BaophuError where another run is under way.

    A purge waits until the run is done, since it must not pull files from under it.
    """
    make_home(home)
    results(home).mkdir(parents=True, exist_ok=True)
    with (results(home) / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BaophuError(
                Text("Một lần chạy khác đang diễn ra.", "Another run is under way."),
                Text("Đợi lần ấy xong, rồi chạy lại.", "Wait for it to end, then run again."),
            ) from None
        with tombstones.held(home, shared=True):
            _settle(home)
            yield


def _settle(home: Path) -> None:
    """Finish what the ledger has heard of: a run that was killed between the ledger's line and the rename."""
    for run, (month, digest) in _announced(home).items():
        place = results(home) / month
        part = place / f"{PART}{run}"
        if not (place / run).exists() and (part / MANIFEST).is_file() and sha256(part / MANIFEST) == digest:
            _appear(part, place / run)


def _announced(home: Path) -> dict[str, tuple[str, str]]:
    """Return the runs that the ledger knows: id -> month, hash of the manifest."""
    lines = (line.entry for line in ledger.read(ledger_file(home)).lines)
    return {line["run"]: (line["month"], line["manifest_sha256"]) for line in lines if line["what"] == "run"}


def new_id(home: Path, month: date) -> str:
    """Return the id of a run that begins now: after every other of its month, also where the clock was put back."""
    now = datetime.now(UTC)
    for path in month_folder(home, month).glob("*"):
        with suppress(ValueError):
            last = datetime.strptime(path.name.removeprefix(PART), _TIME).replace(tzinfo=UTC)
            now = max(now, last + timedelta(microseconds=1))
    return f"{now:{_TIME}}"


def part_folder(home: Path, month: date, run: str) -> Path:
    """Return where a run is made."""
    return month_folder(home, month) / f"{PART}{run}"


def left_over(home: Path, month: date) -> list[Path]:
    """Return what killed runs of a month left, newest first."""
    return sorted(month_folder(home, month).glob(f"{PART}[0-9]*"), reverse=True)


def publish(home: Path, manifest: Manifest) -> Path:
    """Put the manifest beside the files, all of it on the disk, announce the run in the ledger, and let it appear."""
    part = part_folder(home, manifest.month, manifest.run)
    text = record_text(manifest)
    (part / MANIFEST).write_text(text, encoding="utf-8")
    for path in part.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            sync_folder(path)
    sync_folder(part)
    facts = {"run": manifest.run, "month": f"{manifest.month:%Y-%m}", "manifest_sha256": sha256_of(text)}
    ledger.append(ledger_file(home), "run", **facts)
    place = folder(home, manifest)
    _appear(part, place)
    return place


def _appear(part: Path, place: Path) -> None:
    part.rename(place)
    sync_folder(place.parent)


def sweep(home: Path, month: date) -> None:
    """Remove what killed runs of a month left, once a run is complete."""
    for path in left_over(home, month):
        shutil.rmtree(path, ignore_errors=True)


def verify(home: Path, look: Look) -> list[Fault]:
    """Return what is wrong with the runs of a home: each manifest and file is held against what was noted of it."""
    place = results(home)
    if not place.is_dir():
        return []
    with suppress(BaophuError), running(home):
        pass
    with tombstones.held(home, shared=True):
        successors = tombstones.Successors(tombstones.vouched(home))
        there = {path.name: path for month in _months(home) for path in month.glob("[0-9]*")}
        known = _announced(home)
        faults = []
        for run, (month, digest) in known.items():
            if run in there:
                faults += _verify_run(home, there[run], digest, successors, look)
            elif not (place / month / f"{PART}{run}").exists():
                faults.append(missing((place / month / run).relative_to(home).as_posix()))
        faults += [foreign(there[run].relative_to(home).as_posix()) for run in sorted(set(there) - set(known))]
        faults += [foreign(path.relative_to(home).as_posix()) for path in _strangers(place)]
        return faults


def _verify_run(home: Path, place: Path, digest: str, successors: tombstones.Successors, look: Look) -> list[Fault]:
    warehouse = home / "warehouse"
    expected: dict[Path, str] = {place / MANIFEST: digest}
    with suppress(BaophuError):
        manifest = read(place / MANIFEST)
        expected |= {place / name: file.sha256 for name, file in manifest.files().items()}
        expected |= {place / name: digest for name, digest in manifest.beside.items()}
    faults = []
    for path, found in look.hashes(expected).items():
        now = successors.of(path.relative_to(warehouse).as_posix(), expected[path])
        where = path.relative_to(home).as_posix()
        if found is None and now is not None:
            faults.append(missing(where, RESTORE))
        elif found != now:
            faults.append(changed(where, RESTORE))
    others = (path for path in sorted(place.rglob("*")) if path.is_file() and path not in expected)
    return faults + [foreign(path.relative_to(home).as_posix()) for path in others]


def _strangers(place: Path) -> list[Path]:
    """Return what lies among the months and is of no run."""
    beside = [
        path
        for path in place.iterdir()
        if path.name != LOCK and not _MONTH.fullmatch(path.name) and not path.name.startswith(PART)
    ]
    within = [
        path
        for month in place.iterdir()
        if _MONTH.fullmatch(month.name)
        for path in month.iterdir()
        if not path.name[:1].isdigit() and not path.name.startswith(PART)
    ]
    return sorted([*beside, *within])
