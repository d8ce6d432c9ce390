"""A home with a started desk, and a good form to break."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from shutil import rmtree

import pytest
from pytest_django import DjangoDbBlocker

from baophu.desk.database import postgresql
from baophu.desk.start import start
from desks import emptied

from .forms import Form


@pytest.fixture
def home(tmp_path: Path, django_db_blocker: DjangoDbBlocker | None) -> Iterator[Path]:
    """A home that is not there yet; the desk's connection is closed at the end."""
    # pytest-django blocks the database where Django was set up before the tests were found.
    with django_db_blocker.unblock() if django_db_blocker is not None else nullcontext():
        from django.conf import settings

        if postgresql():
            start(tmp_path / "home")
            emptied()
            rmtree(tmp_path / "home")
        yield tmp_path / "home"

        if settings.configured:
            from django.db import connection

            connection.close()


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return Form(tmp_path / "phu-luc.xlsx")
