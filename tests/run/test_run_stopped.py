"""A run that somebody stops, or whose disk is full: told in words, what was done is kept, the next call goes on."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from baophu.core.soundness import Look
from baophu.results import store
from small_country import MONTH, a_home, run

COMMAND = "from baophu.cli import main; main()"
# A process that was begun in the background ignores Ctrl-C.
HEAR = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
OPTIONS = ("run", "--month", "2026-10", "--memory", "1GB", "--lang", "en", "--home")


def begun(home: Path, first: str = "") -> subprocess.Popen[str]:
    """Begin a run in a process of its own; `first` is what the process does before."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{first}{COMMAND}", *OPTIONS, str(home)], stderr=subprocess.PIPE, text=True
    )


def finished(home: Path) -> list[str]:
    """Run again; return the steps that were there already."""
    kept = list(store.month_folder(home, MONTH).glob(".part-*/.steps/*.json"))
    manifest = run(home).run
    assert manifest.not_done == ()
    assert store.verify(home, Look()) == []
    assert list(store.month_folder(home, MONTH).glob(".*")) == list(store.results(home).glob(".*")) == []
    return [path.stem for path in kept]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_who_stops_a_run_is_told_that_it_goes_on_where_it_stopped(tmp_path: Path, how: signal.Signals) -> None:
    home = a_home(tmp_path)
    with begun(home, HEAR) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if line.startswith("Link participants to persons"))
        process.send_signal(how)
        told = process.stderr.read()
        assert process.wait() == 2
    assert "The run was stopped on demand. The steps that were done are kept." in told
    assert "it goes on at the step where it stopped" in told
    assert "Traceback" not in told
    assert store.runs(home) == []
    assert finished(home)


@pytest.mark.parametrize("largest", [20_000, 150_000])
def test_a_disk_that_takes_no_more_is_told(tmp_path: Path, largest: int) -> None:
    home = a_home(tmp_path)
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({largest}, {resource.RLIM_INFINITY})); "
    with begun(home, limit) as process:
        assert process.stderr is not None
        told = process.stderr.read()
        assert process.wait() == 2
    assert "The run stopped: File too large. The steps that were done are kept." in told
    assert "See to the disk and call it again" in told
    assert "Traceback" not in told
    assert store.runs(home) == []
    finished(home)
