"""A list of what was done, one JSON line each: lines are added and none is changed, since each names the one before.

A line holds its number, its time, what is to be kept, `before` (the hash of the line before) and `sha256` (its own).
Whoever changes, takes out or puts in a line breaks the chain from there on. What a chain cannot show, that its end was
cut off, is seen by what the end told of and by the last hash, which can be written down elsewhere.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from baophu.core.hashes import sha256_of

NAME = "ledger.jsonl"
# What the first line has before it.
NOTHING = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number from 1, what it keeps, its hash."""

    number: int
    entry: dict[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The lines that can be read, and the numbers of those that are not as they were written."""

    lines: tuple[Line, ...] = ()
    broken: tuple[int, ...] = ()
    torn: bool = False


def read(path: Path) -> Ledger:
    """Read a ledger and hold each line against its hash and the line before; nothing where there is no file."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Ledger()
    whole, torn = _whole(content)
    lines, broken, before = [], [], NOTHING
    for number, text in enumerate(whole, 1):
        try:
            entry = json.loads(text)
            own = str(entry.pop("sha256"))
            sound = own == _hash(entry) and entry["before"] == before and entry["number"] == number
        except (ValueError, KeyError, TypeError, AttributeError):
            broken.append(number)
            before = ""
            continue
        if not sound:
            broken.append(number)
        lines.append(Line(number, entry, own))
        before = own
    return Ledger(tuple(lines), tuple(broken), torn)


def append(path: Path, what: str, **facts: object) -> Line:
    """Add a line and bring it onto the disk. What a power cut left half written at the end goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with held(path):
        whole, torn = _whole(path.read_bytes()) if path.exists() else ([], False)
        try:
            before = str(json.loads(whole[-1])["sha256"]) if whole else NOTHING
        except (ValueError, KeyError, TypeError):
            # A damaged line stays to be seen; the chain goes on from its bytes.
            before = sha256_of(whole[-1])
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        entry = {"number": len(whole) + 1, "at": now, "what": what, **facts, "before": before}
        own = _hash(entry)
        with path.open("ab") as file:
            if torn:
                file.truncate(sum(len(line) for line in whole))
            file.write(json.dumps({**entry, "sha256": own}, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return Line(len(whole) + 1, entry, own)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the ledger for one change; another process waits. The lock ends with its process."""
    with path.with_name("lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _whole(content: bytes) -> tuple[list[bytes], bool]:
    lines = content.splitlines(keepends=True)
    torn = bool(lines) and not lines[-1].endswith(b"\n")
    return (lines[:-1] if torn else lines), torn


def _hash(entry: dict[str, Any]) -> str:
    return sha256_of(json.dumps(entry, ensure_ascii=False, sort_keys=True))
