"""What loading costs: files of CSV, checked, keyed and stored, against DuckDB's plain scan of the same file.

python benchmarks/loading.py [--table participants] [--rows 1000000 10000000] [--memory 1GiB] [--bad 2] [--referenced]

Each size runs in a process of its own. CPU seconds tell more than wall seconds on a machine that others use. One row in
a thousand is to be rejected (`--bad 2`: one in two), one in a thousand has lost its leading zero, and no two have one
key. Names are those of `benchmarks/names.py`: capitals, without marks, decomposed, in TCVN3 and VNI. `--referenced`
loads the employers (one for twelve rows) and participants first that declarations refer to, all but one in a thousand.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# openIMIS on the same kind of machine: rows per second at 1,000 rows and at 10,000.
OPENIMIS = (1_217, 69)

DECLARATIONS = """
    SELECT '2026-10-01' AS month, 'DN' || lpad((i // 12)::VARCHAR, 8, '0') AS employer_id,
        CASE WHEN i % 1000 = 5 THEN (100000000 + i)::VARCHAR ELSE (1000000000 + i)::VARCHAR END AS si_code,
        ['a', 'b', 'i', 'k', 'l'][1 + i % 5] AS group_code,
        CASE WHEN i % {bad} = 7 % {bad} THEN 'x' ELSE (4960000 + (i * 37 % 20000) * 1000)::VARCHAR END AS wage,
        CASE WHEN i % 20 = 0 THEN (i % 23)::VARCHAR END AS unpaid_days
    FROM range({rows}) t(i)"""

# 85 % have a personal number, of which 2 % disagree with the row; 30 % an old one; of 10 % only the year is known.
PARTICIPANTS = """
    WITH drawn AS (
        SELECT i, (hash(i) // 2)::BIGINT AS h, DATE '1940-01-01' + (hash(i * 7) % 25000)::INTEGER AS born,
            CASE WHEN hash(i * 3) % 2 = 0 THEN 'M' ELSE 'F' END AS sex
        FROM range({rows}) t(i)
    )
    SELECT CASE WHEN i % 1000 = 5 THEN (100000000 + i)::VARCHAR ELSE (1000000000 + i)::VARCHAR END AS si_code,
        CASE WHEN h % 100 < 85 THEN printf('%03d%d%02d%06d', CASE WHEN h % 3 = 0 THEN 79 ELSE 1 END,
            (CASE WHEN year(born) < 2000 THEN 0 ELSE 2 END) + (CASE WHEN (sex = 'F') <> (h % 53 = 0) THEN 1 ELSE 0 END),
            year(born) % 100, i % 1000000) END AS pid,
        CASE WHEN h % 100 > 70 THEN (200000000 + h % 700000000)::VARCHAR END AS old_id,
        names.name AS full_name,
        CASE WHEN h % 10 = 0 THEN year(born)::VARCHAR ELSE born::VARCHAR END AS birth_date,
        CASE WHEN i % {bad} = 7 % {bad} THEN '?' ELSE sex END AS sex,
        CASE WHEN h % 5 = 0 THEN '00103' ELSE ['00004', '26740', '31117'][1 + h % 3] END AS commune_code,
        'Thôn ' || (h % 40) AS village,
        (h % 900) || ' đường Trần Hưng Đạo, tổ ' || (h % 30) AS address,
        '09' || lpad((h % 100000000)::VARCHAR, 8, '0') AS phone,
        (DATE '2010-01-01' + (h % 5000)::INTEGER)::VARCHAR AS registered_on
    FROM drawn JOIN names ON names.number = h % 1000000 ORDER BY i"""

EMPLOYERS = """
    SELECT 'DN' || lpad(i::VARCHAR, 8, '0') AS employer_id, 'Công ty TNHH số ' || i AS name,
        '00004' AS commune_code, 'I' AS region, 'private' AS sector, 'monthly' AS pay_method, 'active' AS status,
        '2020-01-01' AS registered_on
    FROM range({rows} // 12 + 1) t(i) WHERE i % 1000 <> 3"""

FILES = {"declarations": DECLARATIONS, "participants": PARTICIPANTS, "employers": EMPLOYERS}

GENERATE = """
import sys
sys.path.insert(0, sys.argv[3])
import duckdb, pyarrow as pa
from names import mixed
sql, file = sys.argv[1], sys.argv[2]
if "names" in sql:
    names = mixed(1_000_000)
    table = pa.table({"number": list(range(len(names))), "name": names})
    duckdb.register("names", table)
duckdb.execute("SET enable_progress_bar = false")
duckdb.execute(f"COPY ({sql}) TO '{file}' (HEADER)")
"""
MEASURE = """
import json, os, resource, sys, time
from pathlib import Path
def cpu(): used = os.times(); return used.user + used.system
import duckdb
start = cpu()
if sys.argv[1] == "scan":
    with open(sys.argv[2]) as file: names = [f"c{n}" for n in range(file.readline().count(",") + 1)]
    duckdb.execute("SET enable_progress_bar = false")
    duckdb.sql(f"SELECT {', '.join(f'max({name})' for name in names)} FROM read_csv('{sys.argv[2]}', header = false,"
        f"skip = 1, delim = ',', all_varchar = true, names = {names})").fetchall()
    found = {}
else:
    from baophu.registers.loading import Options, load
    wall = time.perf_counter()
    (one,) = load([Path(sys.argv[2])], Path(sys.argv[3]), options=Options(memory=sys.argv[4]))
    found = {name: getattr(one.manifest, name) for name in ("read", "loaded", "rejected", "held", "warnings")}
    found["wall"] = time.perf_counter() - wall
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": cpu() - start, "memory": memory, **found}))
"""


def run(code: str, *arguments: str) -> str:
    """Run a piece of Python in a process of its own and return what it prints."""
    return subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True).stdout


def make(table: str, rows: int, bad: int, place: str) -> str:
    """Write a file of a table and return where it is."""
    file = f"{place}/{table}.csv"
    run(GENERATE, FILES[table].format(rows=rows, bad=bad), file, str(Path(__file__).parent))
    return file


def measure(asked: argparse.Namespace, rows: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a plain scan and a load of so many rows cost."""
    with tempfile.TemporaryDirectory() as place:
        home = f"{place}/home"
        if asked.referenced:
            for table in ("employers", "participants"):
                run(MEASURE, "load", make(table, rows, 1000, place), home, asked.memory)
        file = make(asked.table, rows, asked.bad, place)
        return json.loads(run(MEASURE, "scan", file)), json.loads(run(MEASURE, "load", file, home, asked.memory))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", choices=["declarations", "participants"], default="declarations")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--memory", default="1GiB")
    parser.add_argument("--bad", type=int, default=1000)
    parser.add_argument("--referenced", action="store_true")
    asked = parser.parse_args()
    print(asked.table)
    print(
        f"{'rows':>11} {'scan CPU s':>11} {'load CPU s':>11} {'x scan':>7} {'rows/CPU s':>11} {'x openIMIS':>14} "
        f"{'wall s':>7} {'MiB':>6}"
    )
    first = None
    for rows in asked.rows:
        scan, found = measure(asked, rows)
        assert found["loaded"] + found["rejected"] + found["held"] == found["read"] == rows  # noqa: S101
        each = found["cpu"] / rows
        first = first or each
        faster = " to ".join(f"{1 / each / rate:,.0f}" for rate in OPENIMIS)
        print(
            f"{rows:11,} {scan['cpu']:11.2f} {found['cpu']:11.2f} {found['cpu'] / scan['cpu']:7.1f} {1 / each:11,.0f} "
            f"{faster:>14} {found['wall']:7.1f} {found['memory']:6.0f}   {each / first:.2f} x the first per row"
        )
        print("   ", ", ".join(f"{what}: {number:,}" for what, number in found["warnings"].items()))


if __name__ == "__main__":
    main()
