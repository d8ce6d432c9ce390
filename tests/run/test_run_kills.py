"""kill -9 at random moments of a run, in every step and between them: the next call gives what nobody disturbed.

KILLS=100 is the campaign; a few of its kills are made each time.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from baophu.core.soundness import Look
from baophu.results import store
from small_country import MONTH, a_home, contents, run, undisturbed

TELLING = Path(__file__).with_name("telling_run.py")
KILLS = int(os.environ.get("KILLS", "3"))
# What a run does before its first step; after the last one comes the summary, and its appearing.
BEGINNING = "(beginning)"
BEGINNING_SECONDS = 3.0


def test_killed_at_any_moment_the_next_call_gives_the_same(tmp_path: Path) -> None:
    there, manifest = undisturbed(whole=True)
    wanted = contents(there, manifest)
    moments = {BEGINNING: BEGINNING_SECONDS} | {one.step: one.seconds + 0.1 for one in manifest.steps}
    chance = random.Random(7)  # noqa: S311
    # Each step in turn, in an order of chance.
    order = [name for _ in range(KILLS // len(moments) + 1) for name in chance.sample(sorted(moments), len(moments))]
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        name = order[killed.total()]
        home = a_home(tmp_path / "killed")
        if killed_in(home, name, chance.uniform(0, moments[name])):
            killed[name] += 1
            again = run(home, whole=True).run
            assert contents(home, again) == wanted, name
            assert store.verify(home, Look()) == []
            assert list(store.month_folder(home, MONTH).glob(".*")) == list(store.results(home).glob(".*")) == []
        shutil.rmtree(home)
    print(f"{killed.total()} kills: {dict(killed)}")


def killed_in(home: Path, step: str, seconds: float) -> bool:
    """Run a month and kill it so many seconds after a step began; tell whether it was still at work."""
    path = os.pathsep.join([str(TELLING.parents[1]), os.environ.get("PYTHONPATH", "")])
    around = {**os.environ, "PYTHONPATH": path}
    with subprocess.Popen([sys.executable, TELLING, home], stdout=subprocess.PIPE, text=True, env=around) as process:
        assert process.stdout is not None
        if step != BEGINNING:
            next(line for line in process.stdout if line.strip() == step)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL
