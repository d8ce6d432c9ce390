"""What was frozen from the desk for runs: decisions on links, outcomes of findings. A copy bears its hash in its name.

<home>/warehouse/frozen/<name>/<number>-<hash8>/<name>.parquet
<home>/warehouse/frozen/<name>/current    the name of the folder that holds good
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from baophu.core.languages import Text
from baophu.core.soundness import RESTORE, Fault, Look, changed, missing
from baophu.registers import tombstones

# The targets' copies have manifests of their own, and are held against them in `targets`.
_OTHERS = ("targets",)


def frozen(home: Path, name: str) -> Path | None:
    """Return the frozen copy of something of the desk that holds good; None where there is none."""
    place = _place(home) / name
    with suppress(OSError):
        path = place / (place / "current").read_text(encoding="utf-8").strip() / f"{name}.parquet"
        if path.is_file():
            return path
    return None


def verify(home: Path, look: Look) -> list[Fault]:
    """Return what is wrong with the frozen copies: each is held against the hash in its name, or a purge's of it."""
    places = [path for path in sorted(_place(home).glob("*")) if path.is_dir() and path.name not in _OTHERS]
    if not places:
        return []
    with tombstones.held(home, shared=True):
        successors = tombstones.Successors(tombstones.vouched(home))
        return [fault for place in places for fault in _verify(home, place, successors, look)]


def _verify(home: Path, place: Path, successors: tombstones.Successors, look: Look) -> list[Fault]:
    copies = [path for path in sorted(place.glob("[0-9]*-*")) if path.is_dir()]
    found = look.hashes(copy / f"{place.name}.parquet" for copy in copies)
    faults = []
    for path, digest in found.items():
        where, noted = path.relative_to(home).as_posix(), path.parent.name.rpartition("-")[2]
        if digest is None:
            faults.append(missing(where))
        elif not any(one.startswith(noted) for one in successors.before(where.partition("/")[2], digest)):
            faults.append(changed(where))
    if copies and frozen(home, place.name) is None:
        words = Text("không chỉ bản nào đang có", "names no copy that is there")
        faults.append(Fault((place / "current").relative_to(home).as_posix(), words, RESTORE))
    return faults


def _place(home: Path) -> Path:
    return home / "warehouse" / "frozen"
