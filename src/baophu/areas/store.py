"""Sets of files that came in whole: an immutable folder each, with a manifest, and the newest is the one in use.

The ledger beside them hears of each just before it appears.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from baophu.core import hashes, ledger
from baophu.core.errors import BaophuError
from baophu.core.home import PART, make_home, whole_folder
from baophu.core.languages import Text
from baophu.core.soundness import RESTORE, Fault, Look, changed, foreign, missing

MANIFEST = "manifest.json"
AREAS = "areas"


@dataclass(frozen=True, slots=True)
class Stored:
    """A folder that was taken in, and what its manifest says; `new` is false where the same file was there already."""

    folder: Path
    manifest: dict[str, Any]
    new: bool


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes; BaophuError where it cannot be read."""
    try:
        return hashes.sha256(path)
    except OSError as error:
        raise BaophuError(
            Text(f"Không đọc được {path}: {error.strerror}.", f"Cannot read {path}: {error.strerror}.")
        ) from None


def newest(folder: Path) -> Stored | None:
    """Return the newest set in a folder, or None where there is none."""
    # A folder's name begins with its time; one that is being written is hidden by its leading point.
    found = sorted(path for path in folder.glob("[0-9]*") if (path / MANIFEST).is_file())
    if not found:
        return None
    return Stored(found[-1], json.loads((found[-1] / MANIFEST).read_text(encoding="utf-8")), False)


def store(
    home: Path, below: str, file: Path, digest: str, facts: dict[str, Any], write: Callable[[Path], object]
) -> Stored:
    """Put a checked set under `<home>/warehouse/<below>/<utc time>-<hash8>/`; `write` fills the folder.

    A file that is already the newest set is not taken twice. BaophuError where the folder cannot be written; then
    nothing has changed.
    """
    parent = home / "warehouse" / below
    last = newest(parent)
    if last and last.manifest["sha256"] == digest:
        return last
    now = datetime.now(UTC)
    folder = parent / f"{now:%Y%m%dT%H%M%S%fZ}-{digest[:8]}"
    manifest = {"file": file.name, "sha256": digest, "imported_at": f"{now:%Y-%m-%dT%H:%M:%SZ}", **facts}
    make_home(home)
    try:
        with whole_folder(folder) as part:
            write(part)
            manifest["files"] = {path.name: hashes.sha256(path) for path in sorted(part.iterdir())}
            text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
            (part / MANIFEST).write_text(text, encoding="utf-8")
            name = folder.relative_to(home / "warehouse" / AREAS).as_posix()
            ledger.append(_ledger_file(home), "set", set=name, manifest_sha256=hashes.sha256_of(text))
    except OSError as error:
        raise BaophuError(
            Text(f"Không ghi được {folder}: {error.strerror}.", f"Cannot write {folder}: {error.strerror}."),
            Text("Không có gì thay đổi.", "Nothing was changed."),
        ) from None
    return Stored(folder, manifest, True)


def verify(home: Path, look: Look) -> list[Fault]:
    """Return what is wrong with the lists of offices and the boundaries that were taken in."""
    place = home / "warehouse" / AREAS
    sets = sorted(path.parent for path in place.rglob(MANIFEST) if not path.parent.name.startswith(PART))
    book = ledger.read(_ledger_file(home))
    told = {line.entry["set"]: line.entry["manifest_sha256"] for line in book.lines}
    words = Text("dòng này bị sửa, hoặc dòng trước đó mất", "it was changed, or one before it is gone")
    where = _ledger_file(home).relative_to(home).as_posix()
    faults = [Fault(f"{where}:{number}", words, RESTORE) for number in book.broken]
    for name, expected in told.items():
        one = place / name
        if one in sets:
            faults += _verify_set(home, one, expected, look)
        elif not any(one.parent.glob(f"{PART}*-{one.name}")):
            faults.append(missing(one.relative_to(home).as_posix()))
    names = {place / name for name in told}
    return faults + [foreign(one.relative_to(home).as_posix()) for one in sets if one not in names]


def _verify_set(home: Path, one: Path, expected: str, look: Look) -> list[Fault]:
    path = one / MANIFEST
    if look.hashes([path])[path] != expected:
        return [changed(path.relative_to(home).as_posix())]
    listed: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["files"]
    found = look.hashes(one / name for name in listed)
    faults = []
    for name, digest in listed.items():
        where = (one / name).relative_to(home).as_posix()
        if found[one / name] is None:
            faults.append(missing(where))
        elif found[one / name] != digest:
            faults.append(changed(where))
    strangers = sorted(path for path in one.iterdir() if path.name not in {*listed, MANIFEST})
    return faults + [foreign(path.relative_to(home).as_posix()) for path in strangers]


def _ledger_file(home: Path) -> Path:
    return home / "warehouse" / AREAS / ledger.NAME
