"""Progress and ranking of 3,355 areas, all indicators and 60 months: CPU seconds, and their ratio to the limit of 10.

    python benchmarks/following.py

The table of indicators is generated as a run leaves it, with a target of every area and indicator of the catalogue for
the year 2030. Measured is what the step `progress` of a run does, in a process of its own: once for all 60 months at
once (each month's progress and places), once for the newest month with the one before, as a run does it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

LAST = date(2026, 10, 1)
MONTHS, LIMIT = 60, 10


def prepare(place: Path) -> Path:
    """Generate the table of indicators; what is there already stays."""
    import duckdb
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.areas.units import COUNTRY, tree
    from baophu.core.months import months_later
    from baophu.indicators.catalogue import catalogue
    from baophu.targets.following_tables import place_of

    path = place / "indicators.parquet"
    if path.exists():
        return path
    areas = tree(LAST)
    codes = [COUNTRY, *(one.code for one in (*areas.provinces, *areas.communes))]
    names = list(catalogue().values())
    with duckdb.connect() as connection:
        connection.register("areas", pa.table({"area_code": codes, "area_no": list(range(len(codes)))}))
        connection.register(
            "names",
            pa.table(
                {
                    "indicator": [one.id for one in names],
                    "place": [place_of(one.id) for one in names],
                    "scope": [one.scope("without_armed_forces") for one in names],
                    "share": [one.unit == "share" for one in names],
                }
            ),
        )
        months = pa.array([months_later(LAST, at + 1 - MONTHS) for at in range(MONTHS)], pa.date32())
        connection.register("months", pa.table({"month": months, "step": list(range(MONTHS))}))
        connection.execute(f"""
            COPY (
                WITH made AS (
                    SELECT area_code, indicator, place, scope, share, month, CAST(
                        1000 + hash(area_no * 101) % 20000 + step * (hash(area_no + length(indicator)) % 40) AS BIGINT
                    ) AS numerator
                    FROM areas, names, months
                )
                SELECT
                    area_code, month, indicator, numerator,
                    CASE WHEN share THEN CAST(90000 AS BIGINT) END AS denominator,
                    CASE WHEN share THEN numerator / 90000.0 ELSE CAST(numerator AS DOUBLE) END AS value,
                    CASE WHEN share THEN 'made' END AS denominator_source, place, scope, FALSE AS estimated,
                    0.97 AS completeness, CAST(NULL AS VARCHAR) AS reason
                FROM made ORDER BY area_code, indicator, place, scope, month
            ) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)""")  # noqa: S608 (a path of our own)
    return path


def measure(what: str, place: Path) -> dict[str, object]:
    """Run the step on the generated table in this process and return what it took."""
    import pyarrow as pa

    from baophu.core.languages import same
    from baophu.core.months import last_day, months_later
    from baophu.engine import DuckDB
    from baophu.indicators.catalogue import catalogue
    from baophu.targets.decisions import Assigned, Decision, Issued, target_of
    from baophu.targets.following import Peers, emulate, follow, no_flows, ranked, told
    from baophu.targets.following_tables import followed_of, moments

    path = prepare(place)
    people = {("population", code): 5000 + number % 50_000 for number, code in enumerate(Peers.of(LAST, {}).areas)}
    peers = Peers.of(LAST, people)
    decision = Decision(
        id="made", number="made", title=same("made"), issuer=same("made"), issued=Issued(on=date(2021, 1, 1)),
        sources=("-",),
    )  # fmt: skip
    targets = [
        target_of(
            decision,
            Assigned(
                indicator=one.id, area_code=code, scope=one.scope("without_armed_forces"), direction=one.direction,
                period_end=date(2030, 12, 31), base_date=date(2021, 12, 31),
                value=Decimal("0.4") if one.unit == "share" else Decimal(30000),
            ),
        )
        for one in catalogue().values()
        for code in peers.areas
    ]  # fmt: skip
    back = MONTHS if what == "all" else 2
    at = moments([months_later(LAST, step + 1 - back) for step in range(back)], last_day(LAST))
    # No target of these is one that holds again each year, so those that govern are the same in all years.
    at = at.set_column(2, "year", pa.array([LAST.year] * back, pa.int32()))
    with DuckDB("4GiB", threads=2, temp=place / "spilled") as engine:
        begun = _cpu()
        followed = followed_of(targets, [LAST.year], peers.areas)
        prepared = _cpu()
        rows = follow([path], followed, at, peers)
        placed = _cpu()
        if what == "newest":
            emulate(engine, [path], no_flows(), followed, rows, at, peers)
            ranked(engine, followed, rows, peers)
            told(engine, followed, rows, LAST, {}, last_day(LAST))
        return {
            "cpu": round(_cpu() - begun, 1),
            "targets": round(prepared - begun, 1),
            "progress and places": round(placed - prepared, 1),
            "gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
            "rows": rows.num_rows,
        }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--measure", choices=("all", "newest"))
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.keep)))
        return
    with tempfile.TemporaryDirectory() as place:
        keep = given.keep or Path(place)
        prepare(keep)
        for what in ("newest", "all"):
            found = subprocess.run(
                [sys.executable, __file__, "--measure", what, "--keep", str(keep)],
                capture_output=True,
                text=True,
                check=True,
            )
            told = json.loads(found.stdout)
            print(f"{what}: {told['cpu']} CPU s, {told['cpu'] / LIMIT:.2f} of the limit; {told}")


if __name__ == "__main__":
    main()
