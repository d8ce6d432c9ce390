"""Registers small enough to read, and a generated country with its truth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from engines import duck, engine, spark

__all__ = ["duck", "engine", "spark"]


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of a generated country of 40,000 people, and the home into which it was loaded."""
    from baophu.nation.country import generate
    from baophu.registers.loading import load

    place = tmp_path_factory.mktemp("country")
    generate(place / "files", 40_000, 5, 2, date(2026, 10, 1), "parquet")
    wanted = ("population", "participants", "employers", "businesses", "declarations", "tax_income")
    load([path for name in wanted for path in sorted((place / "files" / name).glob("*.parquet"))], place / "home")
    return place / "files", place / "home"


@pytest.fixture
def home(tmp_path: Path, django_db_blocker: DjangoDbBlocker | None) -> Iterator[Path]:
    """A home that is not there yet; the desk's connection is closed at the end."""
    with django_db_blocker.unblock() if django_db_blocker is not None else nullcontext():
        yield tmp_path / "home"
        from django.conf import settings

        if settings.configured:
            from django.db import connection

            connection.close()
