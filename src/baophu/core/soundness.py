"""Whether what is stored is what was written: the words that every package's `verify(home, look)` uses.

A package that stores something gives a function `verify(home, look) -> list[Fault]`; `cli.py` calls them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from baophu.core.hashes import sha256
from baophu.core.languages import Text

THREADS = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written: where (below the home), what, how to mend it. No personal value."""

    where: str
    what: Text
    mend: Text


class Look:
    """What a verification has read so far. `told` hears of each file: how many files and bytes were read by now."""

    def __init__(self, told: Callable[[int, int], None] | None = None) -> None:
        self.files = 0
        self.size = 0
        self._told = told

    def hashes(self, paths: Iterable[Path]) -> dict[Path, str | None]:
        """Return the SHA-256 of each file, None where it is missing or cannot be read. Two files are read at a time."""
        wanted = list(paths)
        found: dict[Path, str | None] = {}
        pool = ThreadPoolExecutor(THREADS)
        try:
            for path, (digest, size) in zip(wanted, pool.map(_read, wanted), strict=True):
                found[path] = digest
                self.files += digest is not None
                self.size += size
                if self._told:
                    self._told(self.files, self.size)
        finally:
            # Whoever stops the program waits for the files at hand only.
            pool.shutdown(cancel_futures=True)
        return found


Verify = Callable[[Path, Look], list[Fault]]

RESTORE = Text(
    "Khôi phục tệp này từ bản sao lưu: baophu restore.",
    "Bring it back from a backup: baophu restore.",
)


def changed(where: str, mend: Text = RESTORE) -> Fault:
    """Word the fault of a file whose bytes are not those that were written."""
    return Fault(
        where,
        Text("nội dung không còn như lúc ghi (SHA-256 khác)", "is not what was written (another SHA-256)"),
        mend,
    )


def missing(where: str, mend: Text = RESTORE) -> Fault:
    """Word the fault of a file or folder that is gone."""
    return Fault(where, Text("đã mất", "is gone"), mend)


def foreign(where: str) -> Fault:
    """Word the fault of a file that nothing written by the program names."""
    return Fault(
        where,
        Text("không do chương trình ghi; không bản kê nào nêu tên", "no manifest names it"),
        Text("Chuyển tệp này ra khỏi thư mục dữ liệu.", "Move it out of the home."),
    )


def _read(path: Path) -> tuple[str | None, int]:
    try:
        return sha256(path), path.stat().st_size
    except OSError:
        return None, 0
