"""A PostgreSQL desk as one file, as PostgreSQL's own tools write and read it (`pg_dump`, `pg_restore`)."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.database import VARIABLE, postgresql

# The name of the file in a backup, below the home.
DUMP = "desk/desk.pgdump"


def dump(file: Path) -> None:
    """Write the database that was set, as of one moment. BaophuError where it cannot be read."""
    _call("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def load(file: Path) -> None:
    """Bring a dump into the database that was set, all or nothing.

    BaophuError where none was set, it holds tables already, or it refuses something.
    """
    if not postgresql():
        raise BaophuError(
            Text(
                "Bàn làm việc trong bản sao lưu này nằm ở PostgreSQL. Không có gì thay đổi.",
                "The desk of this backup lies in PostgreSQL. Nothing was changed.",
            ),
            Text(
                f"Tạo một cơ sở dữ liệu trống và đặt địa chỉ của nó vào {VARIABLE}.",
                f"Make an empty database and set its address in {VARIABLE}.",
            ),
        )
    if _tables():
        raise BaophuError(
            Text(
                "Cơ sở dữ liệu đã có bảng; khôi phục không ghi đè.",
                "The database has tables already; a restore overwrites nothing.",
            ),
            Text(f"Đặt một cơ sở dữ liệu trống vào {VARIABLE}.", f"Name an empty database in {VARIABLE}."),
        )
    _call("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(file))


def _tables() -> int:
    import psycopg

    try:
        with psycopg.connect(postgresql(), connect_timeout=10) as connection:
            sql = "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
            found = connection.execute(sql).fetchone()
    except psycopg.Error as error:
        raise _refused(str(error).strip()) from error
    return int(found[0]) if found else 0


def _call(program: str, *arguments: str) -> None:
    place = shutil.which(program)
    if place is None:
        raise BaophuError(
            Text(f"Không có chương trình {program}.", f"The program {program} is not here."),
            Text(
                "Cài gói khách của PostgreSQL (Debian: postgresql-client), cùng phiên bản với máy chủ hoặc mới hơn.",
                "Install PostgreSQL's client (Debian: postgresql-client), of the server's version or a later one.",
            ),
        )
    address, environment = _without_password(postgresql())
    done = subprocess.run(  # noqa: S603 (the program is PostgreSQL's own, the arguments are this file's)
        [place, f"--dbname={address}", *arguments],
        env=environment, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise _refused(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}")


def _without_password(address: str) -> tuple[str, dict[str, str]]:
    """Return the address without its password, which would be seen in the list of processes, and where it stands."""
    parts = urlsplit(address)
    environment = dict(os.environ)
    if parts.password is None:
        return address, environment
    environment["PGPASSWORD"] = unquote(parts.password)
    user, _, server = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{server}")), environment


def _refused(reason: str) -> BaophuError:
    return BaophuError(
        Text(
            f"Cơ sở dữ liệu PostgreSQL không nhận: {reason}. Không có gì thay đổi.",
            f"The PostgreSQL database refuses: {reason}. Nothing was changed.",
        ),
        Text(f"Kiểm tra {VARIABLE} và quyền của tài khoản.", f"Check {VARIABLE} and what its account may do."),
    )
