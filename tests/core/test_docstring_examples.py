"""The examples in the docstrings are true; those of the site stand in tests/web, whose process has its settings."""

from __future__ import annotations

import doctest
import importlib
import os
from pathlib import Path

import django
import pytest

import baophu

SOURCE = Path(baophu.__file__).parent
WITH_EXAMPLES = sorted(
    str(path.relative_to(SOURCE.parent).with_suffix("")).replace("/", ".")
    for path in SOURCE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8") and SOURCE / "web" not in path.parents
)


def test_there_are_modules_with_examples() -> None:
    assert "baophu.core.numbers" in WITH_EXAMPLES


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_of(name: str) -> None:
    if name.startswith("baophu.desk"):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baophu.desk.settings")
        django.setup()
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
