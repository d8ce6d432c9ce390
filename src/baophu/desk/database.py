"""Where the desk is: SQLite in the home folder, or the PostgreSQL that `BAOPHU_DATABASE` names.

Nothing here loads Django, so that whoever only asks where the desk is stays fast.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.store import desk_file

VARIABLE = "BAOPHU_DATABASE"
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    # A connection is kept: to open one costs more than most of a page's questions.
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        # A writer takes its turn at the start of a transaction, never in its middle, and waits rather than fails.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Readers go on while one writes; what was committed survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}


def postgresql() -> str:
    """Return the address of the PostgreSQL that was set; empty where the desk is a file in the home."""
    return os.environ.get(VARIABLE, "")


def has_desk(home: Path) -> bool:
    """Tell whether a home has a desk: its file, or the database that was set for it."""
    return bool(postgresql()) or desk_file(home).exists()


def database(home: Path) -> dict[str, Any]:
    """Return Django's settings of the database. BaophuError where the address is none of PostgreSQL."""
    address = postgresql()
    if not address:
        return {**_SQLITE, "NAME": desk_file(home)}
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _no_address() from None
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise _no_address()
    if find_spec("psycopg") is None:
        raise BaophuError(
            Text(
                f"{VARIABLE} đặt PostgreSQL, nhưng chưa cài phần kết nối.",
                f"{VARIABLE} names a PostgreSQL, but what connects to it is not installed.",
            ),
            Text("Cài phần phụ thuộc 'postgres' của chương trình.", "Install the program's extra 'postgres'."),
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder stands behind the question mark: postgresql:///baophu?host=/run/postgresql
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **options},
    }


def _no_address() -> BaophuError:
    return BaophuError(
        Text(f"{VARIABLE} không phải là địa chỉ PostgreSQL.", f"{VARIABLE} is no address of a PostgreSQL."),
        Text(
            "Viết như postgresql://nguoi_dung:mat_khau@may_chu:5432/baophu",
            "Write it as postgresql://user:password@host:5432/baophu",
        ),
    )


def desk_named(home: Path) -> str:
    """Name the desk for a message: its file, or the database and its host, without user and password."""
    if not postgresql():
        return str(desk_file(home))
    known = database(home)
    return f"postgresql://{known['HOST'] or 'localhost'}/{known['NAME']}"
