"""A real server for a home, for the tests that look at the site as people do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SECONDS = 60


@contextmanager
def served(home: Path, *options: str) -> Iterator[str]:
    """Serve a home as `baophu serve` does, until the block ends; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = home.parent / "log"
    command = [str(Path(sys.executable).with_name("baophu")), "serve", "--port", str(port), "--workers", "1", *options]
    with log.open("w") as out:
        server = subprocess.Popen(
            [*command, "--home", str(home)], stdout=out, stderr=out, env={**os.environ, "BAOPHU_HOME": str(home)}
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{address}/healthz").close()  # noqa: S310 (this machine's own server)
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < until, log.read_text()
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=_SECONDS)
