"""What forecasting the whole country costs, and how near it comes to what it did not see.

python benchmarks/forecast.py [--people 1000000] [--months 84] [--seed 1] [--series FILE] [--table [PROVINCE …]]
                              [--schemes …]

Cost: 3,356 areas x 4 schemes to December 2030, in a process of its own; the limit is 600 CPU seconds. With `--table`,
the back-test table instead, of all provinces or of those named as if they were the country: the whole method (choice of
the model, reconciliation, intervals) from earlier origins, with nothing of what came after, against the naive methods
on the same months; a generated country, with its shocks. CPU seconds tell more than wall seconds on a machine that
others use.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

LIMIT_SECONDS = 600
END = date(2026, 10, 1)
MEASURE = """
import json, os, resource, sys, time
from datetime import date
import polars as pl
from baophu.targets.forecast.forecasting import SCHEMES, forecast_scheme
series, found, rows = pl.read_parquet(sys.argv[1]), {}, 0
before = 0.0
for scheme in SCHEMES:
    made = forecast_scheme(series.filter(pl.col("scheme") == scheme), scheme, date(2026, 10, 1))
    used = os.times()
    total = used.user + used.system + used.children_user + used.children_system
    found[scheme], before, rows = total - before, total, rows + made.rows.height
print(json.dumps({"cpu": found, "rows": rows,
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2}))
"""


def cost(series: Path) -> None:
    """Print what the forecast of all areas and schemes costs."""
    command = [sys.executable, "-c", MEASURE, str(series)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    total = sum(found["cpu"].values())
    print("| scheme | CPU s |\n|---|---:|")
    for scheme, seconds in found["cpu"].items():
        print(f"| {scheme} | {seconds:.1f} |")
    print(f"| all, {found['rows']:,} rows | {total:.1f} |")
    print(f"of the limit of {LIMIT_SECONDS} CPU seconds: {total / LIMIT_SECONDS:.2f}; peak {found['memory']:.2f} GiB")


def table(series: Path, months: int, provinces_named: list[str], schemes: list[str]) -> None:
    """Print the back-test table: by scheme, level and months ahead."""
    import numpy as np
    import polars as pl

    from baophu.core.months import months_later
    from baophu.targets.forecast.counts_by_area import counts_of
    from baophu.targets.forecast.forecasting import SCHEMES, forecast_scheme
    from baophu.targets.forecast.methods import NAIVE, forecast

    every = pl.read_parquet(series)
    if provinces_named:
        from baophu.areas.units import tree

        communes = [area.code for code in provinces_named for area in tree(END).children(code)]
        every = every.filter(pl.col("area_code").is_in(communes))
    print(
        "| scheme | level | months ahead | origins | error | seasonal naive | drift | last month | of the best naive "
        "| within p10 to p90 | models used |\n|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for scheme in schemes or SCHEMES:
        own = every.filter(pl.col("scheme") == scheme)
        counts = counts_of(own, scheme, END)
        codes, provinces = counts.tree.codes, counts.tree.provinces
        tried: list[dict[str, Any]] = []
        for back in (12, 24, 36):
            if months - back < 36:
                continue
            known = months - back
            made = forecast_scheme(own, scheme, months_later(END, -back)).rows
            place = {code: number for number, code in enumerate(codes)}
            first = counts.months[known]
            at = (made["month"].dt.year() - first.year) * 12 + made["month"].dt.month() - first.month
            made = (
                made.with_columns(
                    area=pl.col("area_code").replace_strict(place, return_dtype=pl.Int64), at=at.cast(pl.Int64)
                )
                .filter(pl.col("at") < back)
                .sort("area", "at")
            )
            said = {name: made[name].to_numpy().reshape(len(codes), back) for name in ("p10", "p50", "p90")}
            came = counts.values[:, known:]
            naive = {name: np.stack([forecast(name, row[:known], back) for row in counts.values]) for name in NAIVE}
            model = made.filter(pl.col("at") == 0)["beats_naive"].to_numpy()
            tried.append({"said": said, "came": came, "naive": naive, "model": model, "back": back})
        # Where nobody ever was, nothing can be missed.
        inhabited = np.flatnonzero(counts.values.any(axis=1))
        levels = {
            "country": inhabited[:1],
            "provinces": inhabited[(inhabited > 0) & (inhabited <= provinces)],
            "communes": inhabited[inhabited > provinces],
        }
        for level, areas in levels.items():
            for begin, end in ((0, 12), (12, 24), (24, 36)):
                here = [one for one in tried if one["back"] > begin]
                if not here:
                    continue

                def error(values: Any, one: dict[str, Any], areas: Any = areas, b: int = begin, e: int = end) -> float:
                    return float(np.abs(values - one["came"])[areas, b:e].sum())

                people = sum(float(one["came"][areas, begin:end].sum()) for one in here)
                ours = sum(error(one["said"]["p50"], one) for one in here) / people
                naive = {name: sum(error(one["naive"][name], one) for one in here) / people for name in NAIVE}
                within = np.concatenate(
                    [
                        ((one["came"] >= one["said"]["p10"]) & (one["came"] <= one["said"]["p90"]))[
                            areas, begin:end
                        ].ravel()
                        for one in here
                    ]
                ).mean()
                models = np.concatenate([one["model"][areas] for one in here]).mean()
                print(
                    f"| {scheme} | {level} | {begin + 1} to {end} | {len(here)} | {ours:.2%} "
                    f"| {naive['seasonal_naive']:.2%} | {naive['drift']:.2%} | {naive['naive']:.2%} "
                    f"| {ours / min(naive.values()):.2f} | {within:.0%} | {models:.0%} |",
                    flush=True,
                )


def main() -> None:
    """Make the country where none is given, and print both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=84)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--series", type=Path)
    parser.add_argument("--table", nargs="*", metavar="PROVINCE")
    parser.add_argument("--schemes", nargs="*", default=[], help="of the table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        series = asked.series
        if series is None:
            from baophu.nation.history import participants_by_month

            series = Path(place) / "series.parquet"
            participants_by_month(asked.people, asked.seed, asked.months, END).write_parquet(series)
        if asked.table is None:
            cost(series)
        else:
            table(series, asked.months, asked.table, asked.schemes)


if __name__ == "__main__":
    main()
