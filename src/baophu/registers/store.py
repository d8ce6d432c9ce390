"""The loads that came in: an immutable folder each, which of them hold good, and how one is undone.

    <home>/warehouse/registers/<table>/<load id>/data-….parquet      the rows that went on, by month where they have one
                                                 held.parquet        rows kept aside for a person to decide
                                                 rejects.parquet     what is wrong: row, column, value, reason
                                                 manifest.json
    <home>/warehouse/registers/<table>/undone/<load id>.json          a load that no longer counts
    <home>/warehouse/registers/<table>/lock                           held by the process that loads

A folder appears by one rename. Nothing in it changes afterwards; what holds good is worked out from the manifests.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.home import make_home, whole_file
from baophu.core.languages import Text
from baophu.registers.contracts import Contract

MANIFEST = "manifest.json"
_TIME = "%Y%m%dT%H%M%S%fZ"


class Input(BaseModel):
    """A file that was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sheet: str = ""
    sha256: str
    size: int
    read: int = Field(description="rows below the header that hold something")
    blank: int = Field(description="rows below the header that hold nothing")
    ignored: tuple[str, ...] = Field(default=(), description="headings that the contract does not name")


class Stored(BaseModel):
    """A Parquet file of the load."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    rows: int
    sha256: str
    month: date | None = None


class Basis(BaseModel):
    """On which legal basis and for which purpose personal data came in, from whom, and until when it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    legal_basis: str | None = None
    purpose: str | None = None
    supplier: str | None = None
    retain_until: date | None = None


class Manifest(BaseModel):
    """What a load says of itself. It names columns and reasons, and never a person's value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    load: str
    table: str
    replaces: Literal["month", "whole", "adds"]
    months: tuple[date, ...] = ()
    month_given: date | None = None
    inputs: tuple[Input, ...]
    read: int
    loaded: int
    rejected: int
    held: int
    reasons: dict[str, int] = Field(description="`column|reason` -> how many rows were rejected or held for it")
    warnings: dict[str, int] = Field(description="`column|flag` -> how many loaded rows were mended or warned of")
    files: tuple[Stored, ...]
    contract_sha256: str
    program: str
    loaded_at: datetime
    basis: Basis = Basis()


class Undone(BaseModel):
    """That a load no longer counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    load: str
    undone_at: datetime
    reason: str = ""


def registers(home: Path) -> Path:
    """Return the folder of all registers. It need not exist."""
    return home / "warehouse" / "registers"


def folder(home: Path, table: str) -> Path:
    """Return the folder of a table's loads. It need not exist."""
    return registers(home) / table


def loads(home: Path, table: str | None = None) -> list[Manifest]:
    """Return all loads of a table, or of all tables, oldest first; also those replaced or undone."""
    tables = [folder(home, table)] if table else sorted(path for path in registers(home).glob("*") if path.is_dir())
    found = [_read(path) for below in tables for path in below.glob(f"[0-9]*/{MANIFEST}")]
    return sorted(found, key=lambda one: one.load)


def _read(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BaophuError(
            Text(
                f"Lần nạp {path.parent} bị sửa hoặc bị hỏng ({path.name}).",
                f"The load {path.parent} was changed or is damaged ({path.name}).",
            ),
        ) from error


def find(home: Path, word: str) -> Manifest:
    """Return a load by its id or by the beginning or end of it; BaophuError where there is none, or several."""
    every = loads(home)
    found = [one for one in every if one.load == word]
    found = found or [one for one in every if one.load.startswith(word) or one.load.endswith(word)]
    if len(found) == 1:
        return found[0]
    what = (
        Text(f"Có nhiều lần nạp là '{word}'.", f"Several loads are '{word}'.")
        if found
        else Text(f"Không có lần nạp nào là '{word}'.", f"There is no load '{word}'.")
    )
    raise BaophuError(what, did_you_mean(one.load for one in (found or every)[-3:]))


def undone(home: Path, table: str) -> set[str]:
    """Return the ids of the loads of a table that no longer count."""
    return {path.stem for path in (folder(home, table) / "undone").glob("*.json")}


def standing(home: Path, table: str) -> list[Manifest]:
    """Return the loads of which at least a part holds good."""
    chosen = {load for load, _ in _chosen(home, table)}
    return [one for one in loads(home, table) if one.load in chosen]


def current(home: Path, table: str, month: date | None = None) -> list[Path]:
    """Return the files whose rows hold good, or those of one month.

    Of a table replaced by month each month comes from the newest load that has rows of it; of one replaced as a whole
    all comes from the newest load; of the others every load counts. A load that was undone, or from which nothing
    went on, takes nobody's place.
    """
    place = folder(home, table)
    return [place / load / file.name for load, file in _chosen(home, table) if month in (None, file.month)]


def held(home: Path, table: str) -> list[Path]:
    """Return the files of rows that wait for a person to decide, of the loads that hold good."""
    place = folder(home, table)
    every = [place / one.load / "held.parquet" for one in standing(home, table) if one.held]
    return [path for path in every if path.is_file()]


def _chosen(home: Path, table: str) -> list[tuple[str, Stored]]:
    gone = undone(home, table)
    counting = [one for one in loads(home, table) if one.load not in gone and one.loaded]
    if counting and counting[-1].replaces == "whole":
        counting = counting[-1:]
    data = [(one, file) for one in counting for file in one.files if file.name.startswith("data-")]
    newest = {file.month: one.load for one, file in data if one.replaces == "month"}
    return [(one.load, file) for one, file in data if one.replaces != "month" or newest[file.month] == one.load]


def undo(home: Path, word: str, reason: str = "") -> Manifest:
    """Make a load count no longer, so that what it replaced holds good again; its folder stays."""
    one = find(home, word)
    place = folder(home, one.table)
    with locked(home, one.table):
        if one.load in undone(home, one.table):
            raise BaophuError(
                Text(f"Lần nạp {one.load} đã được bỏ trước đó.", f"The load {one.load} was undone before.")
            )
        record = Undone(load=one.load, undone_at=datetime.now(UTC), reason=reason)
        with whole_file(place / "undone" / f"{one.load}.json") as part:
            part.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return one


def contract_sha256(contract: Contract) -> str:
    """Return what tells one version of a contract from another."""
    import hashlib

    return hashlib.sha256(contract.model_dump_json().encode()).hexdigest()


@contextmanager
def locked(home: Path, table: str, wait: bool = True) -> Iterator[Path]:
    """Hold a table for one change and give its folder, swept of what killed loads left; the lock ends with its process.

    Where another process holds it: wait, or BaophuError.
    """
    make_home(home)
    place = folder(home, table)
    try:
        place.mkdir(parents=True, exist_ok=True)
        file = (place / "lock").open("w")
    except OSError as error:
        raise not_written(place, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise BaophuError(
                Text(f"Một lần nạp khác vào bảng {table} đang chạy.", f"Another load of {table} is running."),
                Text("Đợi lần ấy xong, rồi nạp lại.", "Wait for it to end, then load again."),
            ) from None
        # Only a process that holds the lock writes here, so what is unfinished now belongs to nobody.
        for left in place.glob(".part-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield place


def new_id(place: Path, sha256: str) -> str:
    """Return the id of a load that begins now: after every other of its table, also where the clock was put back."""
    now = datetime.now(UTC)
    for path in place.glob("[0-9]*"):
        last = datetime.strptime(path.name.partition("-")[0], _TIME).replace(tzinfo=UTC)
        now = max(now, last + timedelta(microseconds=1))
    return f"{now:{_TIME}}-{sha256[:8]}"


def write_manifest(part: Path, manifest: Manifest) -> None:
    """Put the manifest beside the files, and all of it on the disk."""
    text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=2)
    (part / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    for path in part.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(part)


def sync_folder(path: Path) -> None:
    """Put the names in a folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def not_written(place: Path, error: OSError) -> BaophuError:
    """Make the error for a folder that cannot be written to, or a disk that is full."""
    return BaophuError(
        Text(
            f"Không ghi được vào {place}: {error.strerror or error}. Không có gì được nạp.",
            f"Cannot write into {place}: {error.strerror or error}. Nothing was loaded.",
        ),
        Text(
            "Kiểm tra quyền ghi và chỗ trống của đĩa, rồi nạp lại.",
            "Check the right to write and the room on the disk, then load again.",
        ),
    )
