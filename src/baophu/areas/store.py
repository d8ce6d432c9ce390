"""Sets of files that came in whole: an immutable folder each, with a manifest, and the newest is the one in use."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from baophu.core import hashes
from baophu.core.errors import BaophuError
from baophu.core.home import make_home, whole_folder
from baophu.core.languages import Text

MANIFEST = "manifest.json"


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
            text = json.dumps(manifest, ensure_ascii=False, indent=2)
            (part / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise BaophuError(
            Text(f"Không ghi được {folder}: {error.strerror}.", f"Cannot write {folder}: {error.strerror}."),
            Text("Không có gì thay đổi.", "Nothing was changed."),
        ) from None
    return Stored(folder, manifest, True)
