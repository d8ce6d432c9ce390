"""A small run written by hand: a few areas, two years of figures, a finding and an employer in each commune.

What is in an area is called after its code, so that a page that shows what it should not is found out by a word.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from baophu.areas.units import COUNTRY, tree
from baophu.core.months import last_day, months_later
from baophu.results import store
from baophu.results.store import Manifest
from baophu.web.index import TABLES, index_file, write

MONTH = date(2026, 10, 1)
PROVINCE, OTHER_PROVINCE = "79", "01"
COMMUNE, SIBLING = (area.code for area in tree().children(PROVINCE)[:2])
FAR = tree().children(OTHER_PROVINCE)[0].code
COMMUNES = (COMMUNE, SIBLING, FAR)
AREAS = (COUNTRY, PROVINCE, OTHER_PROVINCE, *COMMUNES)
MONTHS = tuple(months_later(MONTH, -back) for back in range(24, -1, -1))
COUNTED = {"si_total": 1_000, "si_compulsory": 900, "si_voluntary": 100, "hi_total": 4_000, "ui_total": 800}
SHARE = "si_coverage_labour_force"


def finding_id(commune: str) -> str:
    """The finding in a commune."""
    return f"F{commune}"


def employer_id(commune: str) -> str:
    """The employer in a commune."""
    return f"E{commune}"


def company(commune: str) -> str:
    """The name of the employer in a commune, which no other area's pages may say."""
    return f"Công ty Riêng {commune}"


def weight(area: str) -> int:
    """How many of the communes lie in an area."""
    known = tree()
    return sum(area in (one, *(above.code for above in known.ancestors(one))) for one in COMMUNES)


def manifest() -> Manifest:
    """What the run says of itself."""
    at = datetime(2026, 11, 2, 8, tzinfo=UTC)
    return Manifest(
        run="20261102T080000000000Z", month=MONTH, as_of=last_day(MONTH), provisional=True, engine="duckdb",
        law_sha256="0" * 64, switches={}, program="0.1.0", begun_at=at, ended_at=at, seconds=1.0, memory=10**9,
        inputs=(), rows={"indicators": 1, "findings": 3}, steps=(),
    )  # fmt: skip


def write_run(home: Path) -> Manifest:
    """Write the run and its index into a home."""
    run = manifest()
    place = store.folder(home, run)
    place.mkdir(parents=True)
    (place / store.MANIFEST).write_text(run.model_dump_json(), encoding="utf-8")
    tables = {one.name: one for one in TABLES}
    file = index_file(home, run)
    file.parent.mkdir(parents=True, exist_ok=True)
    write(file, run, [(tables[name], sorted(rows, key=_by_key(tables[name]))) for name, rows in _rows().items()])
    return run


def _by_key(table: Any) -> Any:
    places = [table.columns.index(name) for name in table.key]
    return lambda row: [str(row[place]) for place in places]


def _rows() -> dict[str, list[tuple[Any, ...]]]:
    return {
        "indicators": _indicators(),
        "findings": [_finding(one) for one in COMMUNES],
        "finding_counts": [(area, "uninsured_worker", "open", weight(area), weight(area) * 1_000) for area in AREAS],
        "employers": [_employer(one) for one in COMMUNES],
        "dues": [
            (employer_id(one), "2026-10-01", "2026-11-30", 7, 9_000, 4_000, 5_000, *(6_000, 2_000, 1_000, 4_000, 0, 0), None)
            for one in COMMUNES
        ],
        "charges": [
            (employer_id(one), "2026-09-01", "Điều 39(1)", "late", 5_000, "2026-11-01", 1, 2, "2026-10-31")
            for one in COMMUNES
        ],
        "steps": [
            (employer_id(one), "2026-09-01", 5_000, 3, None, "2027-01-01", "2026-11-15", "demand", "2026-11-15")
            for one in COMMUNES
        ],
    }  # fmt: skip


def _indicators() -> list[tuple[Any, ...]]:
    rows = []
    for area in AREAS:
        for at, month in enumerate(MONTHS):
            for name, size in COUNTED.items():
                people = weight(area) * (size + 10 * at)
                rows.append((area, name, "managed", "all", f"{month}", people, None, float(people), None, 0.97))
            of = weight(area) * 4_000
            some = weight(area) * (1_000 + 10 * at)
            rows.append((area, SHARE, "managed", "all", f"{month}", some, of, some / of, "NSO 2026", 0.97))
    return rows


def _province(commune: str) -> str:
    return str(tree().get(commune).parent)


def _finding(commune: str) -> tuple[Any, ...]:
    return (
        finding_id(commune), "uninsured_worker", commune, _province(commune), f"0790990{commune}", None,
        employer_id(commune), "0301234567", "2026-05-01", "2026-10-01", 1_000, float(len(commune)), "paid_not_insured",
        f'{{"employer": "{company(commune)}"}}', "2026-10-01", "open", "2026-12-01",
    )  # fmt: skip


def _employer(commune: str) -> tuple[Any, ...]:
    return (
        employer_id(commune), company(commune), "0301234567", commune, _province(commune), "nonstate", "active",
        "monthly", 7, 5_000, "2026-10-01", 5_000, 0, 2, 1,
    )  # fmt: skip
