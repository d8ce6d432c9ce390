"""What a purge leaves behind: which files changed or went, when, why, who decided; nothing by which to know a person.

<home>/warehouse/purges/<id>.json               a tombstone
<home>/warehouse/purges/key                     0600; with it a purged person's numbers can be recognised again
<home>/warehouse/purges/under-way/<id>/         a purge that is not finished, see `purging`
<home>/warehouse/purges/lock                    held by a purge; shared by verifications
"""

from __future__ import annotations

import fcntl
import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from baophu.core import ledger
from baophu.core.errors import BaophuError
from baophu.core.hashes import sha256_of
from baophu.core.home import make_home, whole_file
from baophu.core.languages import Text
from baophu.registers.store import ledger_file


class Change(BaseModel):
    """A file that was written again without some rows, or destroyed (`after` is then empty)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(description="its place in the warehouse; of a workbook, whose name may tell a person, its folder")
    before: str = Field(description="its SHA-256 before")
    after: str | None = Field(default=None, description="its SHA-256 since")
    rows_before: int | None = None
    rows_after: int | None = None


class Tombstone(BaseModel):
    """A purge that was decided and done."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Literal["age", "person"]
    at: datetime
    reason: str
    decided_by: str
    program: str
    again: str | None = Field(default=None, description="the tombstone of another home that was done again in this one")
    expired_on: date | None = Field(default=None, description="by age: loads kept until a day before this one")
    loads: tuple[str, ...] = Field(default=(), description="by age: `table/load` of what was destroyed")
    person: tuple[str, ...] = Field(default=(), description="by person: keyed hashes of the numbers (HMAC-SHA-256)")
    rows: int = Field(description="rows that were destroyed")
    desk: dict[str, int] = Field(default_factory=dict, description="`table.column` -> places wiped at the desk")
    changes: tuple[Change, ...]


def folder(home: Path) -> Path:
    """Return the folder of the tombstones. It need not exist."""
    return home / "warehouse" / "purges"


def tombstones(place: Path) -> list[Tombstone]:
    """Return the tombstones in a folder, oldest first; BaophuError where one cannot be read."""
    found = []
    for path in sorted(place.glob("*.json")):
        try:
            found.append(Tombstone.model_validate_json(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise BaophuError(
                Text(f"Biên bản hủy {path} bị sửa hoặc bị hỏng.", f"The tombstone {path} was changed or is damaged."),
                Text("Khôi phục từ bản sao lưu.", "Bring it back from a backup."),
            ) from error
    return found


def vouched(home: Path) -> list[Tombstone]:
    """Return the tombstones that the ledger knows, oldest first; what was put in by hand vouches for nothing."""
    known = {line.entry["sha256_of_tombstone"] for line in ledger.read(ledger_file(home)).lines if is_purge(line)}
    paths = sorted(folder(home).glob("*.json"))
    texts = [path.read_bytes() for path in paths]
    return [Tombstone.model_validate_json(text) for text in texts if sha256_of(text) in known]


def is_purge(line: ledger.Line) -> bool:
    """Tell whether a line of the ledger is that of a purge."""
    return bool(line.entry["what"] == "purge")


class Successors:
    """What has become of files by purges, for whoever holds a file against the hash that was noted when it was made."""

    def __init__(self, found: Iterable[Tombstone]) -> None:
        self._after = {(change.file, change.before): change.after for one in found for change in one.changes}

    def of(self, file: str, sha256: str) -> str | None:
        """Return the hash that a file has now, None where it was destroyed; `file` is its place in the warehouse."""
        seen = {sha256}
        now: str | None = sha256
        while now is not None and (file, now) in self._after:
            now = self._after[file, now]
            if now in seen:
                break
            seen.add(str(now))
        return now

    def before(self, file: str, sha256: str) -> set[str]:
        """Return the hashes that a file may have had from which it came to this one by purges, this one among them."""
        seen: set[str] = set()
        led = {sha256}
        while led - seen:
            seen |= led
            led = {was for (name, was), now in self._after.items() if name == file and now in seen}
        return seen


def key(place: Path) -> bytes:
    """Return the key of the keyed hashes in a folder of tombstones; made (0600) where there is none."""
    path = place / "key"
    if not path.exists():
        with whole_file(path) as part:
            part.touch(0o600)
            part.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def keyed(number: str, secret: bytes) -> str:
    """Return the hash by which a number is known again by whoever has the key, and by nobody else."""
    return hmac.new(secret, number.encode(), "sha256").hexdigest()


@contextmanager
def held(home: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the purges of a home: one purge at a time, and none while something is verified. The lock ends with us."""
    make_home(home)
    place = folder(home)
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
