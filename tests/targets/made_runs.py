"""A run with tables of a test's own making, as `baophu run` would have left it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from baophu.core.hashes import sha256
from baophu.results import store
from baophu.results.store import Done, Made, Manifest

MONTH = date(2026, 10, 1)
DECEMBER = date(2025, 12, 1)


def made_run(home: Path, tables: Mapping[str, pl.DataFrame], month: date = MONTH) -> Manifest:
    """Write the tables as a run of a month and return its manifest."""
    run = "20261105T000000000000Z"
    place = store.month_folder(home, month) / run
    files = []
    for name, frame in tables.items():
        path = place / name / "part-0000.parquet"
        path.parent.mkdir(parents=True)
        frame.write_parquet(path)
        files.append(Made(name=f"{name}/part-0000.parquet", rows=frame.height, sha256=sha256(path)))
    now = datetime(2026, 11, 5, tzinfo=UTC)
    step = Done(step="made", fingerprint="-", files=tuple(files), tables=tuple(tables), seconds=0, cpu_seconds=0)
    manifest = Manifest(
        run=run,
        month=month,
        as_of=month,
        provisional=False,
        engine="duckdb",
        law_sha256="-",
        switches={},
        program="-",
        begun_at=now,
        ended_at=now,
        seconds=0,
        memory=0,
        inputs=(),
        rows={name: frame.height for name, frame in tables.items()},
        steps=(step,),
    )
    (place / store.MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
    return manifest


def indicators(
    values: Mapping[str, Mapping[date, int]],
    indicator: str = "si_total",
    scope: str = "all",
    denominators: Mapping[str, int] | None = None,
) -> pl.DataFrame:
    """The table `indicators` with the values of some areas by month; with denominators they are shares."""
    rows = []
    for area, months in values.items():
        for month, value in months.items():
            denominator = denominators[area] if denominators else None
            rows.append(
                {
                    "area_code": area,
                    "month": month,
                    "indicator": indicator,
                    "numerator": value,
                    "denominator": denominator,
                    "value": value / denominator if denominator else float(value),
                    "denominator_source": "made, 2026" if denominator else None,
                    "place": "managed",
                    "scope": scope,
                    "completeness": 1.0,
                }
            )
    return pl.DataFrame(
        rows, schema_overrides={"denominator": pl.Int64, "denominator_source": pl.String}, infer_schema_length=None
    )


def findings(people: Mapping[tuple[str, str], int]) -> pl.DataFrame:
    """The table `findings` with so many people by commune and kind, all open."""
    rows = [
        (area, kind, f"{area}{kind}{number}", "open")
        for (area, kind), count in people.items()
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema=["area_code", "kind", "pid", "status"], orient="row")


def scores(shares: Mapping[str, int]) -> pl.DataFrame:
    """The table `finding_scores`: how often a kind comes out right, in thousandths."""
    return pl.DataFrame([{"kind": kind, "share": share} for kind, share in shares.items()])
