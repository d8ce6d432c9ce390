"""Wiping a person's numbers out of the desk: every text of every table in which one stands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.desk.store import desk_file, told_clearly

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

WIPED = "█"


def purge_person(home: Path, numbers: Iterable[str]) -> dict[str, int]:
    """Wipe numbers out of all texts of the desk; return `table.column` -> places wiped. Doing it again finds none.

    A decision on a link loses its numbers and then says nothing of anybody. What people wrote in passing (a note, the
    detail of an audit record) is wiped in SQL, since the audit record refuses a change; the file is then written anew,
    so that no old page keeps it.
    """
    if not desk_file(home).exists():
        return {}
    from baophu.desk.start import start

    start(home)
    with told_clearly(home):
        return _wipe(sorted(numbers, key=len, reverse=True))


def _wipe(numbers: list[str]) -> dict[str, int]:
    from django.apps import apps
    from django.db import connection, models, transaction

    wiped: dict[str, int] = {}
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for model in apps.get_app_config("desk").get_models():
            table = model._meta.db_table
            for field in model._meta.concrete_fields:
                if not isinstance(field, models.CharField | models.TextField | models.JSONField):
                    continue
                # The names are Django's own and quoted, the values are bound.
                column = quote(str(field.column))
                for number in numbers:
                    cursor.execute(
                        f"UPDATE {quote(table)} SET {column} = REPLACE({column}, %s, %s) WHERE {column} LIKE %s",  # noqa: S608
                        [number, WIPED, f"%{number}%"],
                    )
                    if cursor.rowcount:
                        name = f"{table}.{field.column}"
                        wiped[name] = wiped.get(name, 0) + cursor.rowcount
        if any(name.startswith("desk_auditrecord.") for name in wiped):
            _chain_again(cursor)
    if wiped and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return wiped


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
