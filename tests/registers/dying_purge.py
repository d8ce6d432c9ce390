"""A process that purges a person and is killed at a given place: `python dying_purge.py HOME NUMBER PLACE`."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from baophu.core import ledger
from baophu.registers import purging
from baophu.registers.persons import person
from baophu.registers.purging import Decision


def die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(work: Any, times: int = 1) -> Any:
    left = [times]

    def worked_and_died(*given: Any, **named: Any) -> Any:
        done = work(*given, **named)
        left[0] -= 1
        return die() if left[0] == 0 else done

    return worked_and_died


def kill_at(place: str) -> None:
    match place:
        case "while files are prepared":
            purging._Staging.without = die_after(purging._Staging.without, 2)  # type: ignore[method-assign]
        case "after the desk":
            purging.desk.purge_person = die_after(purging.desk.purge_person)
        case "before the decision":
            ledger.append = die
        case "after the decision":
            ledger.append = die_after(ledger.append)
        case "after one file":
            purging._do = die_after(purging._do)
        case "after three files":
            purging._do = die_after(purging._do, 3)
        case "before the tombstone":
            shutil.rmtree = die_after(shutil.rmtree)
        case "before the folder goes":
            shutil.rmtree = die_at_under_way(shutil.rmtree)
        case _:
            raise ValueError(place)


def die_at_under_way(work: Any) -> Any:
    def worked_or_died(path: Any, *given: Any, **named: Any) -> Any:
        return die() if Path(path).parent.name == purging.UNDER_WAY else work(path, *given, **named)

    return worked_or_died


if __name__ == "__main__":
    home, number, place = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    kill_at(place)
    purging.purge_person(home, person([number]), Decision("Công văn 12", "Giám đốc"))
