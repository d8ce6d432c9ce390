"""The desk of a test: a file of its own, or the one PostgreSQL that BAOPHU_DATABASE names, emptied."""

from __future__ import annotations

from django.db import connection


def emptied() -> None:
    """Empty every table of a PostgreSQL desk but the one that tells which tables there are; numbers begin anew.

    A desk in SQLite is a new file for each test already.
    """
    if connection.vendor != "postgresql":
        return
    tables = [name for name in connection.introspection.table_names() if name != "django_migrations"]
    if tables:
        with connection.cursor() as cursor:
            names = ", ".join(connection.ops.quote_name(name) for name in tables)
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
