"""How much memory a process may have: as it is written, and as the machine or its container gives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from baophu.core.errors import BaophuError
from baophu.engine.memory import machine_memory, read_memory, usable_memory


def with_files(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_without_control_groups_it_is_the_machine_s(tmp_path: Path) -> None:
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    assert machine_memory(tmp_path) == int(total.split()[1]) * 1024


def test_the_least_limit_of_the_groups_above_holds(tmp_path: Path) -> None:
    root = with_files(
        tmp_path,
        {
            "proc/self/cgroup": "0::/office/run\n",
            "sys/fs/cgroup/office/run/memory.max": "max\n",
            "sys/fs/cgroup/office/memory.max": "3000000\n",
        },
    )
    assert machine_memory(root) == 3_000_000


def test_a_container_sees_its_own_group_as_the_root(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "2000000\n"}
    assert machine_memory(with_files(tmp_path, files)) == 2_000_000


def test_groups_of_the_first_version_count_too(tmp_path: Path) -> None:
    root = with_files(
        tmp_path,
        {
            "proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/x\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/memory/x/memory.limit_in_bytes": "1000000\n",
        },
    )
    assert machine_memory(root) == 1_000_000


@pytest.mark.parametrize("words", ["much", "8", "0GB", "8 XB", ""])
def test_what_is_no_amount_is_told(words: str) -> None:
    with pytest.raises(BaophuError, match="cannot be read"):
        read_memory(words)


def test_what_is_asked_for_is_cut_to_four_fifths_of_the_machine() -> None:
    assert usable_memory("8GB", 500_000_000, has=64_000_000_000) == 8_000_000_000
    assert usable_memory("8GB", 500_000_000, has=4_000_000_000) == 3_200_000_000


def test_too_little_is_told_with_what_is_needed() -> None:
    with pytest.raises(BaophuError, match="200 MB of memory is too little: at least 500 MB") as told:
        usable_memory("200MB", 500_000_000, has=4_000_000_000)
    assert "--memory 500MB" in told.value.say("vi")
    with pytest.raises(BaophuError, match="this machine has 320 MB to use"):
        usable_memory("8GB", 500_000_000, has=400_000_000)
