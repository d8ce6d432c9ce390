"""Where compiled kernels are kept between runs.

Numba keeps what it compiled as pickles, and whoever can write to their folder can run code as the reader. They go to
a folder of the user's own that nobody else can write to: `NUMBA_CACHE_DIR` where it is set, else `baophu/numba` under
`XDG_CACHE_HOME` or `~/.cache`. Where no such folder can be made, the kernels are compiled in each process.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def _folder() -> Path | None:
    """Make and return the folder for compiled kernels; None where others could write to it."""
    if named := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(named)
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baophu" / "numba"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if os.name == "posix" and (found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
            return None
        return folder if os.access(folder, os.W_OK) else None
    except (OSError, RuntimeError):
        return None


FOLDER = _folder()
if FOLDER is not None:
    numba.config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]  # numba sets them when it starts


def compiled(function: Kernel) -> Kernel:
    """Compile a function at its first call, free of the interpreter's lock, and keep what was compiled."""
    return cast(Kernel, numba.njit(cache=FOLDER is not None, nogil=True)(function))
