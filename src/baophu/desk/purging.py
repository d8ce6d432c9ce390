"""Wiping a person's numbers out of the desk's database: every text of every table in which one stands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.desk.database import has_desk
from baophu.desk.store import told_clearly

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

WIPED = "█"


def purge_person(home: Path, numbers: Iterable[str]) -> dict[str, int]:
    """Wipe numbers out of all texts of the desk; return `table.column` -> places wiped. Doing it again finds none.

    A decision on a link loses its numbers and then says nothing of anybody. What people wrote in passing (a note, the
    detail of an audit record, what was typed at the site) is wiped in SQL, since the audit record refuses a change and
    the site's tables may not be known here; what was wiped is then written anew, so that no old page keeps it.
    """
    if not has_desk(home):
        return {}
    from baophu.desk.start import start

    start(home)
    with told_clearly(home):
        return _wipe(sorted(numbers, key=len, reverse=True))


def _wipe(numbers: list[str]) -> dict[str, int]:
    from django.db import connection, transaction

    wiped: dict[str, int] = {}
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for table, name, is_json in _texts(cursor):
            # The names are the database's own and quoted, the values are bound.
            column = quote(name)
            text = f"CAST({column} AS text)" if is_json else column
            changed = f"REPLACE({text}, %s, %s)"
            changed = f"CAST({changed} AS jsonb)" if is_json else changed
            sql = f"UPDATE {quote(table)} SET {column} = {changed} WHERE {text} LIKE %s"  # noqa: S608
            for number in numbers:
                cursor.execute(sql, [number, WIPED, f"%{number}%"])
                if cursor.rowcount:
                    wiped[f"{table}.{name}"] = wiped.get(f"{table}.{name}", 0) + cursor.rowcount
        if any(name.startswith("desk_auditrecord.") for name in wiped):
            _chain_again(cursor)
    if wiped:
        _write_anew({name.split(".")[0] for name in wiped})
    return wiped


def _texts(cursor: CursorWrapper) -> list[tuple[str, str, bool]]:
    """Return the columns of the database that hold text: table, column, whether it is JSON that only says so."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT table_name, column_name, data_type = 'jsonb' FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            " AND data_type IN ('text', 'character varying', 'character', 'jsonb') ORDER BY 1, 2"
        )
        return [(str(table), str(column), bool(is_json)) for table, column, is_json in cursor.fetchall()]
    cursor.execute(
        "SELECT t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%%' AND (c.type LIKE '%%char%%' OR c.type LIKE '%%text%%')"
        " ORDER BY 1, 2"
    )
    return [(str(table), str(column), False) for table, column in cursor.fetchall()]


def _write_anew(tables: set[str]) -> None:
    """Let no freed page keep what was wiped. PostgreSQL's own log and its backups are the operator's to destroy."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in sorted(tables):
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _chain_again(cursor: CursorWrapper) -> None:
    """Chain the audit records anew over what is left: the law demands the wiping, a tombstone tells of it."""
    from baophu.desk.models import AuditRecord

    last = ""
    for one in AuditRecord.objects.order_by("id"):
        one.previous = last
        last = one.reckoned()
        cursor.execute(
            "UPDATE desk_auditrecord SET previous = %s, digest = %s WHERE id = %s", [one.previous, last, one.pk]
        )
