"""How much memory may be used: as people write it, and as the machine, or the container, has it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from baophu.core.errors import BaophuError
from baophu.core.languages import Text

_UNITS = {"MB": 10**6, "MIB": 2**20, "GB": 10**9, "GIB": 2**30}
_ROOT = Path("/")
# Percent of what the machine has; the rest is for the system, and for what a process takes beyond its limit in bursts.
_SHARE = 80


def read_memory(words: str) -> int:
    """Read an amount of memory such as 8GB, 1.5GiB or 800MiB, in bytes; BaophuError where it is none.

    >>> read_memory("1.5GiB"), read_memory("800 MB")
    (1610612736, 800000000)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*", words)
    unit = _UNITS.get(found.group(2).upper()) if found else None
    if not found or not unit or Fraction(found.group(1)) == 0:
        raise BaophuError(
            Text(f"Giới hạn bộ nhớ '{words}' không đọc được.", f"The memory limit '{words}' cannot be read."),
            Text("Viết như 8GB hoặc 800MiB.", "Write it as 8GB or 800MiB."),
        )
    return int(Fraction(found.group(1)) * unit)


def usable_memory(words: str, least: int, has: int | None = None) -> int:
    """Read how much memory may be used, not more than 80 % of what the machine has (`has`, else as it is found).

    BaophuError where that is none, or below `least`.
    """
    most = (machine_memory() if has is None else has) * _SHARE // 100
    usable = min(read_memory(words), most)
    if usable < least:
        had = Text(f" (máy này dùng được {most // 10**6} MB)", f" (this machine has {most // 10**6} MB to use)")
        raise BaophuError(
            Text(
                f"Bộ nhớ {usable // 10**6} MB là quá ít: cần ít nhất {least // 10**6} MB{had.vi}.",
                f"{usable // 10**6} MB of memory is too little: at least {least // 10**6} MB is needed{had.en}.",
            ),
            Text(f"Đặt --memory {least // 10**6}MB hoặc hơn.", f"Set --memory {least // 10**6}MB or more."),
        )
    return usable


def machine_memory(root: Path = _ROOT) -> int:
    """Return the bytes that this process can have: the machine's, or the least limit of its control groups (Linux)."""
    return min([os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), *_group_limits(root)])


def _group_limits(root: Path) -> Iterator[int]:
    """Yield the limits of the control group that this process is in, and of those above it; version 2, or 1."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="ascii").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            place, name = root / "sys/fs/cgroup", "memory.max"
        elif "memory" in controllers.split(","):
            place, name = root / "sys/fs/cgroup/memory", "memory.limit_in_bytes"
        else:
            continue
        own = place / path.lstrip("/")
        for folder in (own, *own.parents):
            if folder.is_relative_to(place):
                yield from _limit(folder / name)


def _limit(file: Path) -> Iterator[int]:
    try:
        words = file.read_text(encoding="ascii").strip()
    except OSError:
        return
    # `max` is no limit; version 1 says it with a number near 2^63, which is more than any machine has.
    if words.isdigit():
        yield int(words)
