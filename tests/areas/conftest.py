"""What the tests of the areas share: the reference data beside the repository, where it is there."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared/data; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data is absent")
    return SHARED


@pytest.fixture(scope="session")
def shared_rows(shared: Path) -> Callable[[str], list[dict[str, str]]]:
    """Reads a CSV file of ../shared/data."""

    def read(name: str) -> list[dict[str, str]]:
        with (shared / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    return read
