"""Taking in a file of targets: whole or not at all. Imported targets stand at the desk and in its frozen copy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from baophu.areas.units import Area
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.store import told_clearly
from baophu.targets.checking import Checked, read_targets
from baophu.targets.decisions import Decision, decided_targets, merged
from baophu.targets.marked import write_marked
from baophu.targets.snapshot import changing, imported_targets

__all__ = ["ImportReport", "import_targets", "read_targets", "undo"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import: what was read, what was taken; `already` where this very file stands already."""

    checked: Checked
    decision: Decision
    parent: Area
    import_id: int
    already: bool

    @property
    def taken(self) -> int:
        """How many targets are new."""
        return 0 if self.already else len(self.checked.targets)


def import_targets(
    path: Path,
    home: Path,
    *,
    actor: str,
    decision_word: str | None = None,
    marked: Path | None = None,
    accept_difference: bool = False,
) -> ImportReport:
    """Take a file of targets: check it whole, record it at the desk under its decision, freeze it.

    BaophuError with everything to mend where it is not whole; nothing is taken then, and a copy of the sender's table
    with the cells marked is written to `marked` (where none is given: beside the file, under a new name).
    """
    known = merged(decided_targets(), imported_targets(home))
    checked = read_targets(path, decision_word=decision_word, known=known, accept_difference=accept_difference)
    if checked.faults or checked.decision is None or checked.parent is None:
        raise _refused(checked, marked or _beside(path))
    return _take(checked, checked.decision, checked.parent, home, actor)


def _beside(path: Path) -> Path:
    """Return a new name beside a file, so that a marked copy in which somebody is at work is never written over."""
    endings = chain([""], (f"-{number}" for number in count(2)))
    names = (path.with_name(f"{path.stem}-can-sua{ending}.xlsx") for ending in endings)
    return next(name for name in names if not name.exists())


def _refused(checked: Checked, marked: Path) -> BaophuError:
    faults = sorted(checked.faults, key=lambda fault: (fault.cell.row, fault.cell.column) if fault.cell else (-1, -1))
    name, places = checked.book.path.name, len(faults)
    try:
        write_marked(checked.book, faults, marked)
    except BaophuError as error:
        mend = Text(f"Sửa rồi nạp lại. {error.what.vi}", f"Mend it and import it again. {error.what.en}")
    else:
        mend = Text(
            f"Các chỗ này được tô màu trong {marked}. Sửa ở đó rồi nạp tệp đó.",
            f"These places are coloured in {marked}. Mend them there and import that file.",
        )
    return BaophuError(
        Text(
            f"{name} có {places} chỗ cần sửa. Chưa nhận gì từ tệp này.",
            f"{name} has {places} {'place' if places == 1 else 'places'} to mend. Nothing was taken from it.",
        ),
        mend,
        [fault.problem for fault in faults],
    )


def _take(checked: Checked, decided: Decision, parent: Area, home: Path, actor: str) -> ImportReport:
    from baophu.desk.start import start

    start(home)
    from baophu.desk.actions import record_import
    from baophu.desk.models import TargetImport
    from baophu.targets.at_desk import decision_to_desk, targets_to_desk

    with told_clearly(home):
        stands = TargetImport.objects.governing().filter(decision=decided.id, parent_code=parent.code).first()
    if stands is not None and stands.sha256 == checked.book.sha256:
        return ImportReport(checked, decided, parent, stands.pk, already=True)
    with changing(home), told_clearly(home):
        taken = record_import(
            actor=actor,
            decision=decision_to_desk(decided),
            parent_code=parent.code,
            rows=targets_to_desk(checked.targets),
            file_name=checked.book.path.name,
            sha256=checked.book.sha256,
            remarks=[remark.problem.say("en") for remark in checked.warnings],
        )
    return ImportReport(checked, decided, parent, taken.pk, already=False)


def undo(home: Path, *, actor: str, import_id: int) -> None:
    """Undo an import that stands, and freeze what stands now."""
    from baophu.desk.start import start

    start(home)
    from baophu.desk.actions import undo_import

    with changing(home), told_clearly(home):
        undo_import(actor=actor, import_id=import_id)
