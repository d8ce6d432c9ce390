"""What generating a country costs: CPU seconds and peak memory by its number of people, against the limits.

python benchmarks/nation.py [--people 100000 1000000] [--months 24] [--format parquet]    (10000000 for the large one)

Each size runs in a process of its own. The limits: a million people and 24 months in 90 CPU seconds, ten million in
16 GiB. CPU seconds tell more than wall seconds on a machine that others use.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile

LIMIT_SECONDS = 90
LIMIT_PEOPLE, LIMIT_MONTHS = 1_000_000, 24
MEMORY_GIB, MEMORY_PEOPLE = 16, 10_000_000
MEASURE = """
import json, os, resource, sys, time
from datetime import date
from pathlib import Path
from baophu.nation.country import generate
wall, out = time.perf_counter(), Path(sys.argv[1]) / "nation"
made = generate(out, int(sys.argv[2]), 1, int(sys.argv[3]), date(2026, 10, 1), sys.argv[4], None)
used = os.times()
size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
print(json.dumps({"cpu": used.user + used.system, "wall": time.perf_counter() - wall,
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, "size": size / 1024**2,
    "rows": sum(made.rows.values())}))
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--months", type=int, default=LIMIT_MONTHS)
    parser.add_argument("--format", default="parquet")
    asked = parser.parse_args()
    print("     people         rows   CPU s of limit  wall s    GiB of limit  MiB out")
    for people in asked.people:
        with tempfile.TemporaryDirectory() as place:
            command = [sys.executable, "-c", MEASURE, place, str(people), str(asked.months), asked.format]
            found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        limit = LIMIT_SECONDS * people / LIMIT_PEOPLE * asked.months / LIMIT_MONTHS
        memory = f"{found['memory'] / MEMORY_GIB:8.2f}" if people == MEMORY_PEOPLE else f"{'':>8}"
        print(
            f"{people:11,} {found['rows']:12,} {found['cpu']:7.1f} {found['cpu'] / limit:8.2f} {found['wall']:7.1f} "
            f"{found['memory']:6.2f} {memory} {found['size']:8.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
