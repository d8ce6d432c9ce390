"""The frozen copy of the imported targets: what the desk holds, as hashed Parquet that the data path reads.

    <home>/warehouse/frozen/targets/<revision>-<hash8>/targets.parquet, manifest.json
    <home>/warehouse/frozen/targets/current    the name of the folder that holds good
    <home>/warehouse/frozen/targets/pending    only while the desk may be ahead of the frozen copy

A change of the desk is made inside `changing`. The marker `pending` is there before the desk commits and goes when the
new copy is in place, so whenever a process ends between the two, the next read finds the marker and freezes again.
Reading starts Django in that case only.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

import baophu
from baophu.core.errors import BaophuError
from baophu.core.hashes import sha256
from baophu.core.home import whole_file, whole_folder
from baophu.core.languages import Text, same
from baophu.core.soundness import RESTORE, Fault, Look, changed, missing
from baophu.desk.database import has_desk
from baophu.desk.store import locked, told_clearly
from baophu.targets.decisions import Assigned, Decision, Target, decisions, target_of

_FREEZE = Text("Chụp lại từ bàn làm việc: baophu targets freeze", "Make it again from the desk: baophu targets freeze")
# The columns of targets.parquet. `decision` is the decision's record as JSON, so that the file stands for itself.
COLUMNS = {
    "decision_id": "VARCHAR",
    "decision": "VARCHAR",
    "import_id": "BIGINT",
    "indicator": "VARCHAR",
    "area_code": "VARCHAR",
    "scope": "VARCHAR",
    "period_end": "DATE",
    "base_date": "DATE",
    "value": "DECIMAL(24,6)",
    "high": "DECIMAL(24,6)",
    "direction": "VARCHAR",
    "bound": "VARCHAR",
    "phase": "VARCHAR",
    "source": "VARCHAR",
}


class Manifest(BaseModel):
    """What a frozen copy says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    revision: int = Field(description="the desk's audit record that last changed which targets stand")
    rows: int
    sha256: str = Field(description="of targets.parquet")
    frozen_at: datetime
    program: str = Field(description="version of the program")


def folder(home: Path) -> Path:
    """Return the folder of the frozen copies of a home. It need not exist."""
    return home / "warehouse" / "frozen" / "targets"


def stale(home: Path) -> bool:
    """Tell whether the desk may be ahead of the frozen copy: a change was cut off, or the copy was never made."""
    place = folder(home)
    return (place / "pending").exists() or (has_desk(home) and not (place / "current").exists())


def imported_targets(home: Path) -> list[Target]:
    """Return the imported targets that stand. Nothing is loaded where nothing was ever imported.

    BaophuError where the frozen copy is damaged, with how to make it again.
    """
    settle(home)
    found = _current(folder(home))
    return [] if found is None else targets_in(found / "targets.parquet")


def settle(home: Path) -> None:
    """Freeze again where the desk may be ahead of the frozen copy; Django is started in that case only."""
    if stale(home):
        _heal(home)


def targets_in(path: Path) -> list[Target]:
    """Return the targets of a frozen copy's file."""
    import duckdb

    with duckdb.connect() as connection:
        found = connection.read_parquet(str(path))
        return [_target(dict(zip(found.columns, row, strict=True))) for row in found.fetchall()]


@contextmanager
def changing(home: Path) -> Iterator[None]:
    """Hold the desk for one change, then freeze it. However the block or the process ends, the next read is right."""
    with _held(home):
        with told_clearly(home):
            _mark(folder(home) / "pending")
        yield
        _settle(home)


def freeze(home: Path) -> Path:
    """Freeze what the desk holds now and return the copy's folder; a sound copy of this revision is kept as it is.

    The desk has been started. A damaged copy is put aside under another name and made again.
    """
    with _held(home):
        return _settle(home)


@contextmanager
def _held(home: Path) -> Iterator[None]:
    with ExitStack() as held:
        with told_clearly(home):
            held.enter_context(locked(folder(home) / "lock"))
        yield


def _heal(home: Path) -> None:
    from baophu.desk.start import start

    start(home)
    with _held(home):
        # Whoever held the lock until now may have finished the work.
        if stale(home):
            _settle(home)


def _mark(marker: Path) -> None:
    with marker.open("w") as file:
        file.write("The desk may be ahead of the frozen copy; the next read freezes again and removes this file.\n")
        file.flush()
        os.fsync(file.fileno())


def _settle(home: Path) -> Path:
    """Freeze, then take the marker away. The caller holds the lock."""
    import duckdb
    from django.db import DatabaseError

    try:
        frozen = _frozen(home)
        (folder(home) / "pending").unlink(missing_ok=True)
    except BaophuError as error:
        raise _not_frozen(error.what) from error
    except (OSError, duckdb.Error, DatabaseError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise _not_frozen(same(f"{folder(home)}: {reason}.")) from error
    return frozen


def _not_frozen(why: Text) -> BaophuError:
    return BaophuError(
        Text(
            f"Bàn làm việc đã ghi đủ, nhưng chưa làm được bản chụp chỉ tiêu. {why.vi}",
            f"The desk holds everything, but the frozen copy of the targets could not be made. {why.en}",
        ),
        Text(
            "Kiểm tra quyền ghi và chỗ trống của đĩa. Bản chụp sẽ được làm khi chạy lại chương trình.",
            "Check the right to write and the room on the disk. The copy is made when the program runs again.",
        ),
    )


def _frozen(home: Path) -> Path:
    place = folder(home)
    revision, rows = _standing()
    current = _sound(place)
    if current is not None and _manifest(current).revision == revision:
        return current
    with TemporaryDirectory(prefix=".part-", dir=place) as scratch:
        parquet = Path(scratch) / "targets.parquet"
        _write_parquet(rows, parquet)
        manifest = Manifest(
            revision=revision,
            rows=len(rows),
            sha256=sha256(parquet),
            frozen_at=datetime.now(UTC),
            program=baophu.__version__,
        )
        frozen = place / f"{revision}-{manifest.sha256[:8]}"
        if frozen.exists():
            frozen.rename(place / f"damaged-{secrets.token_hex(4)}-{frozen.name}")
        with whole_folder(frozen) as part:
            parquet.rename(part / parquet.name)
            (part / "manifest.json").write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    with whole_file(place / "current") as part:
        part.write_text(frozen.name + "\n", encoding="utf-8")
    return frozen


def _standing() -> tuple[int, list[dict[str, Any]]]:
    """Read from the desk, at one moment, its revision and the rows that stand."""
    from django.db import transaction
    from django.utils import timezone

    from baophu.desk.models import AuditRecord, TargetImport
    from baophu.targets.at_desk import decision_from_desk

    rows: list[dict[str, Any]] = []
    with transaction.atomic():
        revision = AuditRecord.objects.last_change_of_targets()
        for taken in TargetImport.objects.governing().select_related("decision"):
            day = timezone.localtime(taken.imported_at).date()
            shared = {
                "decision_id": taken.decision_id,
                "decision": decision_from_desk(taken.decision).model_dump_json(),
                "import_id": taken.pk,
                "source": f"{taken.file_name} ({day}, SHA-256 {taken.sha256[:12]})",
            }
            rows += [shared | row for row in taken.targets.values(*(name for name in COLUMNS if name not in shared))]
    return revision, rows


def _write_parquet(rows: list[dict[str, Any]], path: Path) -> None:
    import duckdb

    # Each column goes in as one list of texts and is cast once: exact for decimals, quick for thousands of rows.
    columns = ", ".join(f"unnest(CAST(${name} AS VARCHAR[]))::{kind} AS {name}" for name, kind in COLUMNS.items())
    texts = {name: [None if row[name] is None else str(row[name]) for row in rows] for name in COLUMNS}
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE targets AS SELECT {columns}", texts)
        connection.table("targets").write_parquet(str(path), compression="zstd")
    with path.open("rb") as written:
        os.fsync(written.fileno())


def _current(place: Path) -> Path | None:
    """Return the folder that holds good, its hash checked; None where nothing was frozen yet."""
    try:
        frozen = place / (place / "current").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(place / "current", getattr(error, "strerror", None) or "UTF-8") from None
    manifest = _manifest(frozen)
    try:
        found = sha256(frozen / "targets.parquet")
    except OSError as error:
        raise _damaged(frozen, f"targets.parquet: {error.strerror}") from None
    if found != manifest.sha256 or not frozen.name.endswith(f"-{found[:8]}"):
        raise _damaged(frozen, "targets.parquet: SHA-256")
    return frozen


def _sound(place: Path) -> Path | None:
    try:
        return _current(place)
    except BaophuError:
        return None


def _manifest(frozen: Path) -> Manifest:
    try:
        return Manifest.model_validate_json((frozen / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(frozen, f"manifest.json: {getattr(error, 'strerror', None) or 'JSON'}") from None


def _damaged(frozen: Path, what: str) -> BaophuError:
    return BaophuError(
        Text(
            f"Bản chụp chỉ tiêu {frozen} đã bị sửa hoặc bị hỏng ({what}). Bàn làm việc vẫn giữ bản gốc.",
            f"The frozen copy of the targets {frozen} was changed or is damaged ({what}). The desk holds the original.",
        ),
        _FREEZE,
    )


def verify(home: Path, look: Look) -> list[Fault]:
    """Return what is wrong with the frozen copies of the imported targets; the one in use heals from the desk."""
    place = folder(home)
    faults = []
    # What begins with a number is a copy; the others are half written, or were put aside as damaged.
    for frozen in sorted(path for path in place.glob("[0-9]*-*") if path.is_dir()):
        path = frozen / "targets.parquet"
        where = path.relative_to(home).as_posix()
        digest = look.hashes([path])[path]
        try:
            sound = digest == _manifest(frozen).sha256 and frozen.name.endswith(f"-{str(digest)[:8]}")
        except BaophuError as error:
            faults.append(Fault(frozen.relative_to(home).as_posix(), error.what, error.mend or RESTORE))
            continue
        if digest is None:
            faults.append(missing(where, _FREEZE))
        elif not sound:
            faults.append(changed(where, _FREEZE))
    if not stale(home) and (place / "current").exists():
        try:
            _current(place)
        except BaophuError as error:
            faults.append(Fault((place / "current").relative_to(home).as_posix(), error.what, error.mend or RESTORE))
    return faults


def _target(row: dict[str, Any]) -> Target:
    assigned = Assigned(
        value=_plain(row["value"]),
        high=_plain(row["high"]),
        phase=row["phase"] or None,
        **{
            name: row[name]
            for name in ("indicator", "area_code", "scope", "period_end", "base_date", "direction", "bound")
        },
    )
    # The program's own record of a decision knows more than the desk's: its phases, its other targets.
    decision = decisions().get(row["decision_id"]) or _decision(row["decision"])
    return target_of(decision, assigned, row["source"])


@lru_cache(maxsize=256)
def _decision(record: str) -> Decision:
    return Decision.model_validate_json(record)


def _plain(value: Decimal | None) -> Decimal | None:
    """Return the same number without the zeros that a column of six decimals adds: 29334000, 0.451."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
