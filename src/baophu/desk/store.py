"""Where the desk is kept, who may change it at a time, and what its database's faults mean to a person.

Nothing here loads Django before it is called, so that whoever only asks where the desk is stays fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from baophu.core.errors import BaophuError
from baophu.core.languages import Text


def desk_file(home: Path) -> Path:
    """Return the place of the desk's SQLite file in a home folder. It need not exist."""
    return home / "desk" / "desk.sqlite3"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file for as long as the block lasts; a second process waits. The lock ends with its process."""
    from django.core.files import locks

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("w") as file:
        locks.lock(file, locks.LOCK_EX)
        try:
            yield
        finally:
            locks.unlock(file)


@contextmanager
def told_clearly(home: Path) -> Iterator[None]:
    """Turn what the disk or the database refuses into a BaophuError; a transaction in the block was rolled back."""
    from django.db import DatabaseError

    try:
        yield
    except (DatabaseError, OSError) as error:
        from baophu.desk.database import desk_named, postgresql

        if postgresql() and isinstance(error, DatabaseError):
            raise _server_refuses(desk_named(home), str(error).strip()) from error
        file = (error.filename if isinstance(error, OSError) else None) or desk_file(home)
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise BaophuError(
            Text(
                f"Không dùng được {file}: {reason}. Không có gì thay đổi.",
                f"Cannot use {file}: {reason}. Nothing was changed.",
            ),
            Text(
                "Kiểm tra quyền ghi và chỗ trống của đĩa, rồi làm lại; hoặc chọn thư mục khác bằng --home.",
                "Check the right to write and the room on the disk, then do it again; or choose another with --home.",
            ),
        ) from error


def _server_refuses(server: str, reason: str) -> BaophuError:
    return BaophuError(
        Text(
            f"Không dùng được {server}: {reason}. Không có gì thay đổi.",
            f"Cannot use {server}: {reason}. Nothing was changed.",
        ),
        Text(
            "Kiểm tra máy chủ cơ sở dữ liệu có chạy không, và tài khoản trong BAOPHU_DATABASE có quyền tạo bảng không.",
            "Check that the database server runs, and that the account in BAOPHU_DATABASE may make tables.",
        ),
    )
