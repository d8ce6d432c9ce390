"""Starting Django for one home. Whoever needs the desk calls `start(home)` first; nobody else pays for it."""

from __future__ import annotations

import os
from pathlib import Path

from baophu.core.errors import BaophuError
from baophu.core.home import make_home
from baophu.core.languages import Text
from baophu.desk.database import desk_named
from baophu.desk.store import desk_file, locked, told_clearly

SETTINGS = "baophu.desk.settings"


def start(home: Path) -> None:
    """Make the desk of `home` ready: its folder (0700), Django, the latest tables. Calling it again does nothing more.

    BaophuError where the home cannot be written to, or its desk was made by a later version of the program.
    """
    import django
    from django.conf import settings

    make_home(home)
    if not settings.configured:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        django.setup()
    with told_clearly(home):
        _open(desk_file(home))
        _migrate(home)


def _open(file: Path) -> None:
    from django.db import connection

    # The lock lies there too, wherever the desk is; the name of a PostgreSQL is no file.
    file.parent.mkdir(mode=0o700, exist_ok=True)
    if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]) != file:
        connection.close()
        connection.settings_dict["NAME"] = file


def _migrate(home: Path) -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    last = executor.loader.graph.leaf_nodes()
    strange = sorted(
        name
        for app, name in executor.loader.applied_migrations
        # The site's own tables lie in the same database; without the site nothing is known of them.
        if app in executor.loader.migrated_apps and (app, name) not in executor.loader.graph.nodes
    )
    if strange:
        raise BaophuError(
            Text(
                f"Kho {desk_named(home)} do phiên bản mới hơn của chương trình tạo ra ({strange[-1]}).",
                f"The desk {desk_named(home)} was made by a later version of the program ({strange[-1]}).",
            ),
            Text("Cập nhật chương trình rồi chạy lại.", "Update the program and run it again."),
        )
    if executor.migration_plan(last):
        # Two programs may start at once on a new home: the second waits, and then finds nothing left to do.
        with locked(desk_file(home).with_name("lock")):
            MigrationExecutor(connection).migrate(last)
