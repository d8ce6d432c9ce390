"""A process that runs a month and says which step it is at: `python telling_run.py HOME`, killed by who reads."""

from __future__ import annotations

import sys
from pathlib import Path

from baophu.results.steps import Step
from small_country import Listener, run


class Teller(Listener):
    """Says each step as it begins."""

    def began(self, step: Step, rows: int) -> None:
        super().began(step, rows)
        print(step.name, flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]), listener=Teller(), whole=True)
