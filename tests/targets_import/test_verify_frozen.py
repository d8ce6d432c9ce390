"""What verification sees of the frozen copies of the targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from baophu.core.soundness import Look
from baophu.targets import snapshot
from baophu.targets.importing import import_targets
from baophu.targets.snapshot import freeze, verify

from .forms import Form


@pytest.fixture
def frozen(form: Form, home: Path) -> Path:
    """The copy made when the good form went in."""
    import_targets(form.save(), home, actor="lan")
    return freeze(home)


def faults(frozen: Path) -> list[str]:
    return sorted({Path(fault.where).name for fault in verify(frozen.parents[3], Look())})


def test_a_sound_copy_has_no_faults(frozen: Path) -> None:
    assert faults(frozen) == []


def test_changed_and_missing_files_are_seen(frozen: Path) -> None:
    path = frozen / "targets.parquet"
    content = path.read_bytes()
    path.write_bytes(content + b"1")
    assert faults(frozen) == ["current", "targets.parquet"]
    path.unlink()
    assert faults(frozen) == ["current", "targets.parquet"]
    path.write_bytes(content)
    (frozen / "manifest.json").write_text("{}")
    assert faults(frozen) == sorted([frozen.name, "current"])


def test_a_damaged_copy_that_was_made_again_is_no_fault(frozen: Path) -> None:
    (frozen / "targets.parquet").write_bytes(b"1")
    freeze(frozen.parents[3])
    assert list(snapshot.folder(frozen.parents[3]).glob("damaged-*"))
    assert faults(frozen) == []
