#!/usr/bin/env python3
"""Measures proposing targets for the whole tree: 34 provinces and 3,321 communes, by who can be reached.

python benchmarks/assigning.py

A run with two months of values, findings and a five-year history for every commune is made in a scratch folder. What is
measured is the CPU time (user and system) of `propose` and of the whole command `targets assign --to commune`, beside
the limit of 5 seconds.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "targets"))

from made_runs import DECEMBER, MONTH, findings, indicators, made_run, scores

from baophu.areas.units import tree
from baophu.core.months import months_later

LIMIT = 5.0


def make(home: Path) -> int:
    """Write the run; return what its provinces hold in December."""
    areas, chance = tree(), random.Random(6)  # noqa: S311 (no secret)
    size = {area.code: int(chance.lognormvariate(8.4, 0.8)) for area in areas.communes}
    values = {code: {DECEMBER: people, MONTH: people + people // 20} for code, people in size.items()}
    for province in areas.provinces:
        below = [values[one.code] for one in areas.children(province.code)]
        values[province.code] = {month: sum(one[month] for one in below) for month in (DECEMBER, MONTH)}
    people = {(code, "uninsured_worker"): chance.randrange(40) for code in size}
    people |= {(code, "voluntary_candidate"): chance.randrange(80) for code in size}
    months = [months_later(date(2020, 12, 1), at) for at in range(71)]
    series = pl.DataFrame(
        [
            (code, "managed", "compulsory", month, count + at * count // 200)
            for code, count in size.items()
            for at, month in enumerate(months)
        ],
        schema=["area_code", "place", "scheme", "month", "participants"],
        orient="row",
    )  # fmt: skip
    tables = {
        "indicators": indicators(values),
        "series": series,
        "findings": findings(people),
        "finding_scores": scores({"uninsured_worker": 600, "voluntary_candidate": 250}),
    }
    made_run(home, tables)
    return sum(values[one.code][DECEMBER] for one in areas.provinces)


def main() -> None:
    """Make the run in a scratch folder, assign, print CPU seconds and their ratio to the limit."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        total = make(home) * 109 // 100
        words = ["targets", "assign", "--indicator", "si_total", "--year", "2026", "--to", "commune"]
        words += ["--total", str(total), "--format", "json", "--home", str(home), "--out", str(home / "out.json")]
        for by in ("present", "reachable"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-c", "from baophu.cli import main; main()", *words, "--by", by]
            subprocess.run(command, check=True, env=os.environ | {"BAOPHU_LANG": "en"}, stderr=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"3,355 areas by {by}: {seconds:.2f} CPU s, {seconds / LIMIT:.2f} of the limit, "
                  f"{after.ru_maxrss / 1024:.0f} MiB")  # fmt: skip


if __name__ == "__main__":
    main()
