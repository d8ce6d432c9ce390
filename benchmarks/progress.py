"""How long `baophu progress --format json` takes, against its limit of 1.5 s and against Python alone.

python benchmarks/progress.py [RUNS]

Whole processes, the median of several runs. CPU seconds tell more than wall seconds on a machine that others use.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 1.5
BAOPHU = Path(sys.executable).with_name("baophu")
COMMANDS = {
    "python alone": [sys.executable, "-c", "pass"],
    "import typer and pydantic": [sys.executable, "-c", "import typer, pydantic"],
    "progress --format json": [str(BAOPHU), "progress", "--format", "json", "--as-of", "2025-11-30"],
    "progress --explain": [str(BAOPHU), "progress", "--explain", "si_total", "--as-of", "2025-11-30"],
    "progress --format html": [str(BAOPHU), "progress", "--format", "html", "--out", "page.html"],
    "areas find": [str(BAOPHU), "areas", "find", "trang bom dong nai"],
}


def measure(command: list[str], home: str, runs: int) -> tuple[float, float, float]:
    """Return the median wall and CPU seconds of a command, and its largest memory in MiB."""
    wall, cpu = [], []
    for _ in range(runs):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "BAOPHU_HOME": home}, cwd=home)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.perf_counter() - start)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(wall), statistics.median(cpu), after.ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as home:
        found = {name: measure(command, home, runs) for name, command in COMMANDS.items()}
    alone = found["python alone"][1]
    print(f"{'command':28} {'wall s':>8} {'CPU s':>8} {'x python':>9} {'wall/limit':>11}")
    for name, (wall, cpu, _) in found.items():
        share = f"{wall / LIMIT:11.2f}" if name == "progress --format json" else " " * 11
        print(f"{name:28} {wall:8.3f} {cpu:8.3f} {cpu / alone:9.1f} {share}")
    print(f"largest memory of any of them: {max(memory for _, _, memory in found.values()):.0f} MiB")


if __name__ == "__main__":
    main()
