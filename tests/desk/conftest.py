"""A desk of its own for each test: a real SQLite file, copied from one that was migrated once.

With BAOPHU_DATABASE all but those marked `sqlite` run on that PostgreSQL, which is emptied before each (`desks`):

    pytest -m "postgres and not sqlite" tests/desk tests/targets_import
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import django
import pytest
from pytest_django import DjangoDbBlocker

from baophu.desk.start import SETTINGS, start
from baophu.desk.store import desk_file
from desks import emptied

os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
django.setup()  # the tests import the models, which needs Django but no home
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.postgres)


def _open(blocker: DjangoDbBlocker | None) -> AbstractContextManager[None]:
    """Open the database to a test; pytest-django blocks it where Django was set up before the tests were found."""
    return blocker.unblock() if blocker is not None else nullcontext()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker | None) -> Path:
    from django.db import connection

    home = tmp_path_factory.mktemp("desk") / "home"
    with _open(django_db_blocker):
        start(home)
        connection.close()
    return desk_file(home)


@pytest.fixture
def home(tmp_path: Path, migrated: Path, django_db_blocker: DjangoDbBlocker | None) -> Iterator[Path]:
    """A home whose desk is started and empty."""
    from django.db import connection

    folder = tmp_path / "home"
    desk_file(folder).parent.mkdir(parents=True)
    if migrated.exists():
        shutil.copy(migrated, desk_file(folder))
    with _open(django_db_blocker):
        start(folder)
        emptied()
        yield folder
        connection.close()
