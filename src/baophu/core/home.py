"""The home folder: the warehouse and the desk of one office. It is its user's alone, and nothing in it is half done."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from baophu.core.errors import BaophuError
from baophu.core.languages import Text

HOME_VARIABLE = "BAOPHU_HOME"
# What the pages of the site read: made from runs, and made again at any time. So a purge deletes it.
SITE_INDEX = "site/index"
# What begins so is half written: it is never read and never backed up.
PART = ".part-"


class NotWritten(BaophuError):
    """What could not be written, the disk being full or closed to us."""


def home(given: Path | None = None) -> Path:
    """Return the home folder: the one given, else `BAOPHU_HOME`, else `~/.local/share/baophu`. It need not exist."""
    if given is not None:
        return given.expanduser().absolute()
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser().absolute() / "baophu"


def make_home(folder: Path) -> Path:
    """Make the home folder if it is not there, open to its user alone (0700); NotWritten where it cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise NotWritten(
            Text(
                f"Không tạo được thư mục {folder}: {error.strerror}.",
                f"Cannot make {folder}: {error.strerror}.",
            ),
            Text(
                f"Chọn thư mục khác bằng --home hoặc {HOME_VARIABLE}.",
                f"Choose another with --home or {HOME_VARIABLE}.",
            ),
        ) from None
    return folder


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; it takes the place of `path` when all went well, and is gone when not.

    NotWritten where the folder cannot be written to, or the disk is full.
    """
    part = path.with_name(f"{PART}{secrets.token_hex(4)}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        raise NotWritten(
            Text(f"Không ghi được {path}: {error.strerror}.", f"Cannot write {path}: {error.strerror}."),
            Text("Không có gì thay đổi.", "Nothing was changed."),
        ) from None
    finally:
        with suppress(OSError):
            part.unlink()


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill; it appears as `path` by one rename when all went well, and is gone when not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{PART}{secrets.token_hex(4)}-{path.name}")
    part.mkdir()
    try:
        yield part
        part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
