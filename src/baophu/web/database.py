"""Where the desk is: SQLite in the home folder, or the PostgreSQL that `BAOPHU_DATABASE` names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.settings import DATABASES
from baophu.desk.store import desk_file

VARIABLE = "BAOPHU_DATABASE"


def database(home: Path) -> dict[str, Any]:
    """Return Django's settings of the database. BaophuError where the address is none of PostgreSQL."""
    address = os.environ.get(VARIABLE, "")
    if not address:
        return {**DATABASES["default"], "NAME": desk_file(home)}
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise BaophuError(
            Text(f"{VARIABLE} không phải là địa chỉ PostgreSQL.", f"{VARIABLE} is no address of a PostgreSQL."),
            Text(
                "Viết như postgresql://nguoi_dung:mat_khau@may_chu:5432/baophu",
                "Write it as postgresql://user:password@host:5432/baophu",
            ),
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": False},
    }
