"""The house keeps its order, and the project names no package index."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_has_its_place_in_the_order() -> None:
    packages = {
        f"baophu.{path.name}" for path in (ROOT / "src" / "baophu").iterdir() if (path / "__init__.py").exists()
    }
    (order,) = (one for one in SETTINGS["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    assert packages | {"baophu.cli", "baophu.run"} == set(order["layers"])


def test_every_dependency_is_pinned_in_the_constraints() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    project = SETTINGS["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {re.match(r"[\w.-]+", name)[0].lower().replace("_", "-") for name in wanted}  # type: ignore[index]
    assert names <= pinned


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not in a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).exists()]


def test_no_lock_file_and_no_boundary_file_is_kept() -> None:
    wrong = [path for path in tracked() if path.suffix in (".lock", ".geojson", ".topojson", ".shp")]
    assert wrong == []


def test_the_program_and_its_demo_read_nothing_beside_the_clone() -> None:
    for path in tracked():
        if path.suffix == ".py" and "tests" not in path.parts:
            assert "shared/" not in path.read_text(encoding="utf-8"), path
