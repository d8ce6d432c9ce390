"""The cube of 12 months from 102 million person spells: CPU seconds and memory, beside a pass per month.

    python benchmarks/counting.py --people 102000000 --keep FOLDER

The spells are generated as the step before leaves them (`stretches`): communes of very different size, people of one
commune near each other, nine in ten managed in their own province's communes. Each measure runs in a process of its
own. The limit is 25 CPU seconds and 1 GiB for 12 months, 5 CPU seconds for one.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

MONTH = date(2026, 10, 1)
LIMIT_CPU, LIMIT_ONE, LIMIT_GIB = 25, 5, 1
MEASURES = ("one", "cube", "naive", "series")


def prepare(place: Path, people: int) -> Path:
    """Generate stretches of so many people; what is there already stays."""
    import duckdb

    from baophu.indicators.codes import leaves, number

    path = place / f"stretches-{people}.parquet"
    if path.exists():
        return path
    communes = leaves(MONTH).sort_by("area_no")
    last, many = number(MONTH), communes.num_rows - 1
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"SET temp_directory = '{place / 'spilled'}'")
        connection.register("given", communes)
        connection.execute(
            "CREATE TABLE leaves AS SELECT row_number() OVER (ORDER BY area_no) - 1 AS at, area_no FROM given"
        )
        connection.execute(f"""
            COPY (
                WITH people AS (
                    SELECT i, 1 + CAST(floor(power(i / {people}.0, 2.2) * {many}) AS INTEGER) AS home,
                        hash(i * 31) % 100 AS h, hash(i * 7) % 100 AS g, hash(i * 11) % 100 AS s,
                        hash(i * 41) % 10 AS near,
                        CAST({last} - 12 - hash(i * 13) % 960 AS INTEGER) AS born
                    FROM range({people}) AS t(i)
                ),
                coded AS (
                    SELECT *,
                        CASE WHEN h < 17 THEN 0 WHEN h < 20 THEN 1 WHEN h < 34 THEN 2 WHEN h < 80 THEN 3 ELSE 4 END
                            AS scheme_no,
                        CASE WHEN g < 85 THEN 2 WHEN g < 95 THEN 3 ELSE 4 + g % 11 END AS letter,
                        CASE WHEN g < 35 THEN 17 WHEN g < 60 THEN 18 WHEN g < 80 THEN 15 ELSE 19 + g % 8 END AS card,
                        CASE WHEN s < 60 THEN 4 WHEN s < 85 THEN 3 WHEN s < 95 THEN 2 ELSE 5 + s % 3 END AS sector
                    FROM people
                )
                SELECT
                    CAST(scheme_no AS INTEGER) AS scheme_no,
                    m.area_no AS managed, r.area_no AS resident,
                    CAST(((scheme_no * 4 + 1 + i % 2) * 32 + CASE scheme_no WHEN 3 THEN card WHEN 1 THEN 0 WHEN 2 THEN 0
                        ELSE letter END) * 8 + CASE WHEN scheme_no IN (1, 3) THEN 0 ELSE sector END AS INTEGER) AS kind,
                    born AS birth_no,
                    CAST(CASE WHEN hash(i * 17) % 100 < 85 THEN {last} - 13 - hash(i * 19) % 108
                        ELSE {last} - hash(i * 19) % 12 END AS INTEGER) AS start_no,
                    CAST(CASE WHEN hash(i * 23) % 100 < 88 THEN {last} + 1
                        ELSE {last} + 1 - hash(i * 29) % 12 END AS INTEGER) AS end_no,
                    CAST({last} - 20 AS INTEGER) AS stay_no, CAST(1 AS INTEGER) AS came, CAST(8 AS INTEGER) AS went,
                    hash(i * 37) % 100 < 15 AS minority
                FROM coded AS c
                INNER JOIN leaves AS r ON r.at = c.home
                INNER JOIN leaves AS m ON m.at = CASE
                    WHEN c.near < 9 THEN (c.home - 1 + CAST(hash(c.i * 43) % 20 AS INTEGER)) % {many} + 1
                    ELSE 1 + CAST(hash(c.i * 47) % {many} AS INTEGER) END
            ) TO '{path}' (FORMAT parquet, COMPRESSION zstd)""")  # noqa: S608 (numbers and a path of our own)
    return path


def measure(what: str, path: Path) -> dict[str, object]:
    """Run one measure in this process and return what it took."""
    from baophu.core.months import months_later
    from baophu.engine import DuckDB
    from baophu.indicators.counting import cube, history

    months = [months_later(MONTH, -back) for back in range(11, -1, -1)]
    with tempfile.TemporaryDirectory() as place, DuckDB("600MiB", threads=2, temp=Path(place) / "spilled") as engine:
        temp, before = Path(place), _cpu()
        rows = 0
        if what == "series":
            rows = history(engine, path, MONTH, temp=temp)["series"].num_rows
        else:
            for at, one in enumerate(
                {"one": [[MONTH]], "cube": [months], "naive": [[month] for month in months]}[what]
            ):
                rows += cube(engine, path, one, temp / f"out-{at}", temp=temp)
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
    scale = given.people / 102_000_000
    if "cube" in took:
        print(f"cube of 12 months, both places: {float(took['cube']['cpu']) / (LIMIT_CPU * scale):.2f} of the limit")
        if "naive" in took:
            print(f"a pass per month costs {float(took['naive']['cpu']) / float(took['cube']['cpu']):.1f} times that")


if __name__ == "__main__":
    main()
