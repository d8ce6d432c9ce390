"""The examples in the docstrings of the site are true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import baophu.web

SITE = Path(baophu.web.__file__).parent
WITH_EXAMPLES = sorted(
    str(path.relative_to(SITE.parent.parent).with_suffix("")).replace("/", ".")
    for path in SITE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_of(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
