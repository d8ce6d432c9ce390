"""What loading costs: declarations from CSV, checked and stored, against DuckDB's plain scan of the same file.

python benchmarks/loading.py [--rows 1000000 10000000] [--memory 1GiB]

Each size runs in a process of its own. CPU seconds tell more than wall seconds on a machine that others use. One row in
a thousand is to be rejected, one in a thousand has lost its leading zero, and no two have one key.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

GENERATE = """
import sys, duckdb
rows, file = int(sys.argv[1]), sys.argv[2]
duckdb.execute(f'''COPY (
    SELECT '2026-10-01' AS month, 'DN' || lpad((i // 12)::VARCHAR, 8, '0') AS employer_id,
        CASE WHEN i % 1000 = 5 THEN (100000000 + i)::VARCHAR ELSE (1000000000 + i)::VARCHAR END AS si_code,
        ['a', 'b', 'i', 'k', 'l'][1 + i % 5] AS group_code,
        CASE WHEN i % 1000 = 7 THEN 'x' ELSE (4960000 + (i * 37 % 20000) * 1000)::VARCHAR END AS wage,
        CASE WHEN i % 20 = 0 THEN (i % 23)::VARCHAR END AS unpaid_days
    FROM range({rows}) t(i)) TO '{file}' (HEADER)''')
"""
MEASURE = """
import json, os, resource, sys, time
from pathlib import Path
def cpu(): used = os.times(); return used.user + used.system
import duckdb
start = cpu()
if sys.argv[1] == "scan":
    names = [f"c{n}" for n in range(6)]
    duckdb.execute("SET enable_progress_bar = false")
    duckdb.sql(f"SELECT {', '.join(f'max({name})' for name in names)} FROM read_csv('{sys.argv[2]}', header = false,"
        f"skip = 1, delim = ',', all_varchar = true, names = {names})").fetchall()
    found = {}
else:
    from baophu.registers.loading import Options, load
    wall = time.perf_counter()
    (one,) = load([Path(sys.argv[2])], Path(sys.argv[3]), options=Options(memory=sys.argv[4]))
    found = {name: getattr(one.manifest, name) for name in ("read", "loaded", "rejected", "held")}
    found["wall"] = time.perf_counter() - wall
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": cpu() - start, "memory": memory, **found}))
"""


def run(code: str, *arguments: str) -> str:
    """Run a piece of Python in a process of its own and return what it prints."""
    return subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--memory", default="1GiB")
    asked = parser.parse_args()
    print(
        f"{'rows':>11} {'scan CPU s':>11} {'load CPU s':>11} {'x scan':>7} {'rows/CPU s':>11} {'wall s':>7} {'MiB':>6}"
    )
    first = None
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as place:
            file = str(Path(place) / "declarations.csv")
            run(GENERATE, str(rows), file)
            scan = json.loads(run(MEASURE, "scan", file))
            found = json.loads(run(MEASURE, "load", file, f"{place}/home", asked.memory))
        assert found["loaded"] + found["rejected"] + found["held"] == found["read"] == rows  # noqa: S101
        each = found["cpu"] / rows
        first = first or each
        print(
            f"{rows:11,} {scan['cpu']:11.2f} {found['cpu']:11.2f} {found['cpu'] / scan['cpu']:7.1f} "
            f"{1 / each:11,.0f} {found['wall']:7.1f} {found['memory']:6.0f}   {each / first:.2f} x the first per row"
        )


if __name__ == "__main__":
    main()
