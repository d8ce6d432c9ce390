"""A process that imports a file and is killed at a given place: `python dying.py HOME FILE PLACE`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from baophu.targets import snapshot
from baophu.targets.importing import import_targets


def die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(work: Callable[..., Any]) -> Callable[..., Any]:
    def worked_and_died(*given: Any, **named: Any) -> Any:
        work(*given, **named)
        return die()

    return worked_and_died


def kill_at(place: str, home: Path) -> None:
    match place:
        case "before the marker":
            snapshot._mark = die
        case "after the marker":
            snapshot._mark = die_after(snapshot._mark)
        case "inside the transaction":
            from baophu.desk.start import start

            start(home)
            from baophu.desk.models import AuditRecord

            AuditRecord.save = die_after(AuditRecord.save)  # type: ignore[method-assign]
        case "after the commit":
            snapshot._settle = die
        case "while the copy is written":
            snapshot._write_parquet = die_after(snapshot._write_parquet)
        case "before the copy holds good":
            snapshot.whole_file = die  # type: ignore[assignment]
        case "before the marker goes":
            snapshot._frozen = die_after(snapshot._frozen)
        case _:
            raise ValueError(place)


if __name__ == "__main__":
    home, file, place = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    kill_at(place, home)
    import_targets(file, home, actor="lan")
