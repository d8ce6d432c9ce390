"""Both engines, for tests that hold them to the same results."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from baophu.engine import DuckDB, Engine, Spark

# Java compiles what it runs, with a compiler that is quick and one that makes quick code. With a few rows a step, the
# second takes most of the time and gives nothing.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[DuckDB]:
    with DuckDB(memory="1GiB", threads=2, temp=tmp_path / "temp") as engine:
        yield engine


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    if find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("PySpark or Java is not installed")
    os.environ["JAVA_TOOL_OPTIONS"] = QUICK_JAVA
    with Spark(temp=tmp_path_factory.mktemp("spark"), memory="1g") as engine:
        yield engine


@pytest.fixture(params=["duck", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.getfixturevalue(request.param)
