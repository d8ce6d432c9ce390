"""A handful of spells to count, and a slow count that is plainly right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from baophu.core.months import months_later
from baophu.engine import Engine, run_step
from baophu.indicators import codes
from baophu.indicators.counting import SQL, Counting, cube, stretches
from baophu.indicators.moves import history

MONTH = date(2026, 10, 1)
COMMUNES = ("00004", "00008", "26740")
EMPLOYERS = {"E1": ("00004", "private"), "E2": ("26740", "state")}


@dataclass(frozen=True)
class Spell:
    """A spell: `person` is a number from 0; `back`: months before MONTH; `long`: how many (0: it runs)."""

    person: int
    scheme: str
    commune: str
    back: int
    long: int = 0
    group: str | None = None
    employer: str | None = None
    second_number: bool = False

    @property
    def si_code(self) -> str:
        return f"{'8' if self.second_number else '7'}{self.person:09}"

    @property
    def start(self) -> date:
        return months_later(MONTH, -self.back)

    @property
    def end(self) -> date | None:
        return months_later(self.start, self.long) if self.long else None


KINDS = {"birth_date": pa.date32(), "birth_year": pa.int32(), "month": pa.date32(), "deceased_on": pa.date32()}
KINDS |= {"start_month": pa.date32(), "end_month": pa.date32()}
COLUMNS = {
    "spells": "si_code scheme group_code employer_id commune_code start_month end_month",
    "participants": "si_code sex birth_date birth_year commune_code",
    "population": "pid sex birth_date birth_year commune_code ethnic deceased_on",
    "links": "si_code pid status",
    "employers": "employer_id commune_code sector status",
    "benefits": "month si_code pid benefit",
}


def write(place: Path, **rows: list[dict[str, object]]) -> dict[str, list[Path]]:
    """Write registers and return their files by name."""
    files = {}
    for name, given in rows.items():
        path = place / f"given-{name}.parquet"
        columns = pa.schema([(field, KINDS.get(field, pa.string())) for field in COLUMNS[name].split()])
        whole = [{field: row.get(field) for field in columns.names} for row in given]
        parquet.write_table(pa.Table.from_pylist(whole, schema=columns), path)
        files[name] = [path]
    return files


def people(number: int, **more: object) -> dict[str, list[dict[str, object]]]:
    """Return residents 0 to number - 1, each with two insurance numbers linked to him; born in July 1990 on."""
    found: dict[str, list[dict[str, object]]] = {"population": [], "participants": [], "links": []}
    for at in range(number):
        pid = f"{at:012}"
        person = {"sex": "MF"[at % 2], "birth_date": date(1990 + at, 7, 31), "commune_code": COMMUNES[at % 2]}
        found["population"].append({"pid": pid, "ethnic": "kinh", **person, **more})
        for first in "78":
            si_code = f"{first}{at:09}"
            found["participants"].append({"si_code": si_code})
            found["links"].append({"si_code": si_code, "pid": pid, "status": "accepted"})
    return found


def counted(
    engine: Engine, place: Path, spells: list[Spell], months: list[date], **registers: list[dict[str, object]]
) -> dict[str, list[dict[str, object]]]:
    """Count spells and return the rows of `counts`, `series`, `flows` and `breakdowns`."""
    given = [
        {
            "si_code": one.si_code, "scheme": one.scheme, "group_code": one.group, "employer_id": one.employer,
            "commune_code": one.commune, "start_month": one.start, "end_month": one.end,
        }
        for one in spells
    ]  # fmt: skip
    firms = [
        {"employer_id": name, "commune_code": of[0], "sector": of[1], "status": "active"}
        for name, of in EMPLOYERS.items()
    ]
    files = write(place, **{"spells": given, "employers": firms, **registers})
    made = place / "stretches.parquet"
    stretches(Counting(engine, MONTH, files, place), made, ranges=2)
    out = place / "counts"
    out.mkdir(exist_ok=True)
    cube(engine, made, months, out, temp=place, ranges=2)
    tables = {"counts": parquet.read_table(out), **history(made, MONTH)}
    given_counts = {"counts": sorted(out.glob("*.parquet")), "above": codes.above(MONTH)}
    tables["breakdowns"] = run_step(engine, SQL / "breakdowns.sql", given_counts).arrow()
    return {name: table.to_pylist() for name, table in tables.items()}


def slow_count(spells: list[Spell], month: date) -> dict[tuple[str, str], int]:
    """Return by commune of management and scheme how many people are in, each where the latest of his spells begins."""
    latest: dict[tuple[int, str], tuple[object, ...]] = {}
    for one in spells:
        if not (one.start <= month and (one.end is None or month < one.end)):
            continue
        managed = EMPLOYERS[one.employer][0] if one.employer else one.commune
        schemes = [one.scheme, "any_si"] if one.scheme in ("compulsory", "voluntary") else [one.scheme]
        for scheme in schemes:
            # Later beginnings first, then the least commune: so the greatest of (start, minus the commune) is kept.
            rank = (one.start, -int(managed))
            if (one.person, scheme) not in latest or latest[one.person, scheme][0] < rank:
                latest[one.person, scheme] = (rank, managed)
    found: dict[tuple[str, str], int] = {}
    for (_, scheme), (_, managed) in latest.items():
        found[str(managed), scheme] = found.get((str(managed), scheme), 0) + 1
    return found
