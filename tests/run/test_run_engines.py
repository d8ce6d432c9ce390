"""A whole month's run on Spark gives the rows of DuckDB's, in every table; scores to a millionth."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from baophu.core.soundness import Look
from baophu.results import store
from baophu.results.store import Manifest
from engines import QUICK_JAVA
from small_country import MONTH, a_home, contents, undisturbed

CLOSE = 1e-6


def exact(row: tuple[Any, ...]) -> str:
    """Return what must be the same to the letter: all of a row but its floats."""
    return str([value for value in row if not isinstance(value, float)])


def inexact(row: tuple[Any, ...]) -> list[float]:
    return [value for value in row if isinstance(value, float)]


def run_on_spark(home: Path) -> Manifest:
    """Run the month as its user does, in a process of its own: one process has one Java, and one memory for it."""
    subprocess.run(
        [Path(sys.executable).with_name("baophu"), "run", "--month", f"{MONTH:%Y-%m}", "--home", home,
         "--engine", "spark", "--memory", "4GB"],
        env={**os.environ, "JAVA_TOOL_OPTIONS": QUICK_JAVA}, check=True,
    )  # fmt: skip
    return store.newest(home, MONTH)


@pytest.mark.spark
def test_both_engines_give_the_same_rows_in_every_table(tmp_path: Path) -> None:
    if find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("PySpark or Java is not installed")
    home = a_home(tmp_path)
    there, first = undisturbed(whole=True)
    second = run_on_spark(home)
    assert (first.engine, second.engine) == ("duckdb", "spark")
    assert first.not_done == second.not_done == ()
    assert first.rows == second.rows
    assert [one.notes for one in first.steps] == [one.notes for one in second.steps]
    one, other = contents(there, first), contents(home, second)
    for name in one:
        for row, same in zip(sorted(one[name], key=exact), sorted(other[name], key=exact), strict=True):
            assert exact(row) == exact(same), name
            assert inexact(row) == pytest.approx(inexact(same), abs=CLOSE), (name, exact(row))
    assert store.verify(home, Look()) == []
