"""A process that runs a month and is killed at a given place: `python dying_run.py HOME PLACE [STEP]`."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import baophu.run as months
from baophu.core import ledger
from baophu.results import doing, store
from small_country import run


def die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(work: Any) -> Any:
    def worked_and_died(*given: Any, **named: Any) -> Any:
        work(*given, **named)
        return die()

    return worked_and_died


def kill_in_step(name: str) -> None:
    """Die when a step has written what it has to, and nobody has heard of it."""
    every = months.steps

    def steps(run: doing.Run, *given: Any) -> Any:
        for step in every(run, *given):
            yield replace(step, do=die_after(step.do)) if step.name == name else step

    months.steps = steps
    # The step is the same step, though another function stands before it here.
    code = doing._code
    doing._code = lambda step: code(next(one for one in every(run_of[0]) if one.name == step.name))
    begin = doing.Run.begin
    run_of: list[doing.Run] = []

    def begun(run: doing.Run) -> None:
        run_of.append(run)
        begin(run)

    doing.Run.begin = begun  # type: ignore[method-assign]


def kill_at(place: str) -> None:
    match place:
        case "before a record":
            doing.Run._record = die  # type: ignore[method-assign]
        case "after a record":
            doing.Run._record = die_after(doing.Run._record)  # type: ignore[method-assign]
        case "before the manifest":
            store.publish = die
        case "before the ledger":
            ledger.append = die
        case "after the ledger":
            ledger.append = die_after(ledger.append)
        case "after the rename":
            store._appear = die_after(store._appear)
        case _:
            raise ValueError(place)


if __name__ == "__main__":
    home, place = Path(sys.argv[1]), sys.argv[2]
    if place == "in a step":
        kill_in_step(sys.argv[3])
    else:
        kill_at(place)
    run(home)
