"""A desk of its own for each test: a real SQLite file, copied from one that was migrated once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from pytest_django import DjangoDbBlocker

from baophu.desk.start import SETTINGS, start
from baophu.desk.store import desk_file

os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
django.setup()  # the tests import the models, which needs Django but no home


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    from django.db import connection

    home = tmp_path_factory.mktemp("desk") / "home"
    with django_db_blocker.unblock():
        start(home)
        connection.close()
    return desk_file(home)


@pytest.fixture
def home(tmp_path: Path, migrated: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """A home whose desk is started and empty."""
    from django.db import connection

    folder = tmp_path / "home"
    desk_file(folder).parent.mkdir(parents=True)
    shutil.copy(migrated, desk_file(folder))
    with django_db_blocker.unblock():
        start(folder)
        yield folder
        connection.close()
