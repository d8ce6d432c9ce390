"""The process that does the background work. `baophu serve` keeps one; `baophu admin work` is another.

It ends with the process that began it, and is begun again when it ends by itself.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOKS_EVERY = 2.0
_PAUSE = 5.0
_TIDY_EVERY = 900.0
_PATIENCE = 10.0
KEPT_TASKS_DAYS = 14

log = logging.getLogger(__name__)


def work(home: Path, *, once: bool = False, parent: int | None = None) -> None:
    """Do what waits, and go on until stopped; `once`: until nothing waits. Django is set up already."""
    from django.core.management import call_command

    tidy(home)
    if once:
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
        return
    threading.Thread(target=_look_after, args=(home, parent), daemon=True).start()
    call_command("db_worker", interval=_LOOKS_EVERY, verbosity=0)


def tidy(home: Path) -> None:
    """Give up what was lost, destroy files whose time is over, forget tasks that ended long ago."""
    from django.core.management import call_command

    from baophu.web.exports import actions

    actions.give_up_lost()
    actions.remove_expired(home)
    call_command("prune_db_task_results", queue_name="*", min_age_days=KEPT_TASKS_DAYS, verbosity=0)


def _look_after(home: Path, parent: int | None) -> None:
    """Tidy from time to time; stop where the parent is gone."""
    from django.db import close_old_connections

    tidied = time.monotonic()
    while True:
        time.sleep(_LOOKS_EVERY)
        if parent is not None and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        if time.monotonic() - tidied > _TIDY_EVERY:
            try:
                tidy(home)
            except Exception:
                # A full disk, a database that is away for a while: the next time may go well.
                log.exception("Not tidied")
            close_old_connections()
            tidied = time.monotonic()


@contextmanager
def working(home: Path) -> Iterator[None]:
    """Keep a process that works in the background, as long as the block lasts."""
    stopped = threading.Event()
    keeper = _Keeper(home, stopped)
    keeper.start()
    try:
        yield
    finally:
        stopped.set()
        keeper.stop()


class _Keeper(threading.Thread):
    """Starts the process, and again where it ends by itself."""

    def __init__(self, home: Path, stopped: threading.Event) -> None:
        super().__init__(daemon=True)
        self._home, self._stopped = home, stopped
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Keep it alive."""
        command = [sys.executable, "-m", "baophu.web.exports.working", str(self._home), str(os.getpid())]
        while not self._stopped.is_set():
            # A session of its own: Ctrl+C at the terminal reaches it through us, once.
            try:
                self._process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 (our own program)
                self._process.wait()
            except Exception:
                # No memory or no process left for it at the moment, say.
                log.exception("The background work could not be started")
            self._stopped.wait(_PAUSE)

    def stop(self) -> None:
        """End it: what it does is ended in good order where that takes a few seconds, else given up as failed."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


if __name__ == "__main__":
    import django

    # The settings and the home stand in the environment, as `serving.begin` put them there.
    django.setup()
    work(Path(sys.argv[1]), parent=int(sys.argv[2]))
