"""The cube of 12 months from 102 million person spells: CPU seconds and memory, beside a pass per month.

    python benchmarks/counting.py --people 102000000 --keep FOLDER

The spells are generated in the form in which they are counted (`stretches`: whole numbers, each person once at a time),
in the registers' order, not that of communes. They are like a country's: as many of each scheme as were published,
sex, birth, group and employer of a person's own, communes and employers of very different size, nine in ten in before
the year began. Fewer people are given fewer communes. Each measure runs in a process of its own. The limit is 25 CPU
seconds and 1 GiB for 12 months by one place, 5 CPU seconds for one month.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

MONTH = date(2026, 10, 1)
LIMIT_CPU, LIMIT_ONE, LIMIT_GIB = 25, 5, 1
MEASURES = ("one", "cube", "naive", "counts", "series")
NATION = 102_000_000


def prepare(place: Path, people: int) -> Path:
    """Generate stretches of so many people; what is there already stays."""
    import duckdb

    from baophu.indicators.codes import leaves, number

    path = place / f"stretches-{people}.parquet"
    if path.exists():
        return path
    table, last = leaves(MONTH), number(MONTH)
    communes = max(34, (table.num_rows - 1) * people // NATION)
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true; SET memory_limit = '3GiB'")
        connection.execute(f"SET temp_directory = '{place / 'spilled'}'")
        connection.register("given", table)
        connection.execute(
            "CREATE TABLE leaves AS SELECT row_number() OVER (ORDER BY area_no) - 1 AS at, area_no FROM given"
        )
        people_sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
        connection.execute(
            f"COPY ({people_sql}) TO '{path}' (FORMAT parquet, COMPRESSION lz4_raw, PARQUET_VERSION v2)",
            {"people": people, "communes": communes, "last": last},
        )
    return path


def measure(what: str, path: Path) -> dict[str, object]:
    """Run one measure in this process and return what it took."""
    from baophu.core.months import months_later
    from baophu.engine import DuckDB
    from baophu.indicators.codes import leaves
    from baophu.indicators.counting import cube, months_counted
    from baophu.indicators.cube import cells
    from baophu.indicators.moves import history

    # A run knows the areas by then.
    leaves(MONTH)
    year = [months_later(MONTH, -back) for back in range(11, -1, -1)]
    with tempfile.TemporaryDirectory() as place, DuckDB("600MiB", threads=2, temp=Path(place) / "spilled") as engine:
        temp, before = Path(place), _cpu()
        if what == "series":
            rows = history(path, MONTH)["series"].num_rows
        elif what == "counts":
            rows = cube(engine, path, months_counted(MONTH), temp, temp=temp)
        else:
            asked = {"one": [[MONTH]], "cube": [year], "naive": [[month] for month in year]}[what]
            rows = sum(rows for months in asked for _, rows in cells(path, months, "managed", temp))
        gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        return {"cpu": round(_cpu() - before, 1), "gib": round(gib, 2), "rows": rows}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--measure", choices=MEASURES)
    parser.add_argument("--only", choices=MEASURES, nargs="*", default=list(MEASURES))
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, prepare(given.keep, given.people))))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = given.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        prepare(folder, given.people)
        took = {}
        for what in given.only:
            call = [sys.executable, __file__, "--people", str(given.people), "--keep", str(folder), "--measure", what]
            took[what] = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
            print(what, took[what], flush=True)
    scale = given.people / NATION
    for what, words, limit in (("cube", "12 months", LIMIT_CPU), ("one", "one month", LIMIT_ONE)):
        if what in took:
            print(f"{words}: {float(took[what]['cpu']) / (limit * scale):.2f} of the limit")
    if "cube" in took and "naive" in took:
        print(f"a pass per month costs {float(took['naive']['cpu']) / float(took['cube']['cpu']):.1f} times that")
    print(f"processes that want one of {os.cpu_count()} cores: {os.getloadavg()[0]:.0f}")


if __name__ == "__main__":
    main()
