"""A whole month's run on Spark gives the rows of DuckDB's, in every table; scores to a millionth.

It needs a Java process of its own with 4 GB, which the tests of single steps do not leave it: WHOLE_RUN_ON_SPARK=1.
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from baophu.core.soundness import Look
from baophu.engine.memory import machine_memory
from baophu.results import store
from baophu.run import run_month
from small_country import MONTH, Listener, a_home, contents, run

CLOSE = 1e-6


def exact(row: tuple[Any, ...]) -> str:
    """Return what must be the same to the letter: all of a row but its floats."""
    return str([value for value in row if not isinstance(value, float)])


def inexact(row: tuple[Any, ...]) -> list[float]:
    return [value for value in row if isinstance(value, float)]


@pytest.mark.spark
def test_both_engines_give_the_same_rows_in_every_table(tmp_path: Path) -> None:
    if not os.environ.get("WHOLE_RUN_ON_SPARK"):
        pytest.skip("the whole run on Spark is a process of its own: WHOLE_RUN_ON_SPARK=1")
    if find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("PySpark or Java is not installed")
    homes = [a_home(tmp_path / name) for name in ("duckdb", "spark")]
    first = run(homes[0], whole=True).run
    memory = min(4 * 10**9, machine_memory())
    second = run_month(homes[1], MONTH, Listener(), memory=memory, engine="spark").run
    assert first.not_done == second.not_done == ()
    assert first.rows == second.rows
    assert [one.notes for one in first.steps] == [one.notes for one in second.steps]
    one, other = contents(homes[0], first), contents(homes[1], second)
    for name in one:
        for row, same in zip(sorted(one[name], key=exact), sorted(other[name], key=exact), strict=True):
            assert exact(row) == exact(same), name
            assert inexact(row) == pytest.approx(inexact(same), abs=CLOSE), (name, exact(row))
    assert store.verify(homes[1], Look()) == []
