"""Registers of a handful of people, for tests of findings: months August to October 2026, true links, a Case to run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from baophu.engine import Engine
from baophu.findings import finding
from baophu.findings.finding import Case, find
from baophu.law.parameters import book

FIRST, LAST, AS_OF = date(2026, 8, 1), date(2026, 10, 1), date(2026, 10, 31)
MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
COMMUNE = "00004"
LOAD = "load-1"


class Registers:
    """Rows to be put down; a person's insurance number is `9` and the last nine digits of the personal number."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: str, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def person(self, pid: str, born: date = date(1985, 5, 5), sex: str = "M", **more: Any) -> str:
        """Put down a resident with a health card, and his number; return the number."""
        health = more.pop("health", True)
        self.add("population", pid=pid, birth_date=born, sex=sex, commune_code=COMMUNE, poverty="none", **more)
        si_code = f"9{pid[-9:]}"
        self.add("participants", si_code=si_code, pid=pid, commune_code=COMMUNE)
        self.add("links", si_code=si_code, pid=pid, status="accepted")
        if health:
            self.spell(pid, "health", "household", start=date(2015, 1, 1))
        return si_code

    def spell(
        self, pid: str, scheme: str = "compulsory", group: str | None = "a", employer: str | None = None, **more: Any
    ) -> None:
        start, end = more.get("start", date(2020, 1, 1)), more.get("end")
        self.add(
            "spells", si_code=f"9{pid[-9:]}", scheme=scheme, group_code=group, employer_id=employer,
            commune_code=COMMUNE, start_month=start, end_month=end,
        )  # fmt: skip

    def employer(self, employer_id: str, tax_code: str, **more: Any) -> None:
        self.business(tax_code)
        self.add("employers", employer_id=employer_id, tax_code=tax_code, commune_code=COMMUNE, region="I", name="x")
        self.add("employer_links", employer_id=employer_id, tax_code=tax_code, status=more.get("status", "accepted"))

    def business(self, tax_code: str, kind: str = "enterprise", **more: Any) -> None:
        row = {"status": "active", "commune_code": COMMUNE, "registered_on": date(2020, 3, 10), **more}
        self.add("businesses", tax_code=tax_code, kind=kind, name="x", **row)

    def pay(
        self, pid: str, tax_code: str, months: list[date] = MONTHS, income: int | None = 9_000_000, **more: Any
    ) -> None:
        for month in months:
            number = len(self.rows.get("tax_income", []))
            row = {"insurance_deducted": 0, "months_covered": 1, "contract": "labour", "contract_months": 12, **more}
            self.add("tax_income", month=month, tax_code=tax_code, full_name="x", income=income, **row)
            found = {"load_id": LOAD, "row_id": number, "pid": pid, "status": "accepted"}
            self.add("worker_matches", month=month, tax_code=tax_code, income=income, **row, **found)

    def declare(
        self, pid: str, employer: str, wage: int = 9_000_000, months: list[date] = MONTHS, days: int = 0
    ) -> None:
        for month in months:
            self.add(
                "declarations", month=month, employer_id=employer, si_code=f"9{pid[-9:]}", group_code="a", wage=wage,
                unpaid_days=days,
            )  # fmt: skip

    def benefit(self, pid: str, benefit: str = "pension") -> None:
        for month in MONTHS:
            self.add("benefits", month=month, pid=pid, benefit=benefit, amount=1, paid_by="cash", commune_code=COMMUNE)

    def tables(self) -> dict[str, Any]:
        """Return all tables, those without rows too."""
        every = (*finding.RESULTS, "population", "participants", "spells", "declarations", "tax_income", "businesses",
                 "employers", "managers", "benefits", "voluntary")  # fmt: skip
        made: dict[str, Any] = {}
        for name in every:
            schema = finding._empty(name).schema
            rows = [{**row, "_row": number + 1, "_file": 0} for number, row in enumerate(self.rows.get(name, []))]
            made[name] = pa.Table.from_pylist(rows, schema=schema)
        del made["bound"]
        return made


def found(registers: Registers, engine: Engine, place: Path, **more: Any) -> list[dict[str, Any]]:
    """Find, and return the findings as rows."""
    return all_found(registers, engine, place, **more)["findings"]


def all_found(registers: Registers, engine: Engine, place: Path, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """Find, and return the rows of every table."""
    place.mkdir(parents=True, exist_ok=True)
    given = {"first": FIRST, "last": LAST, "as_of": AS_OF, "key": b"k" * 32, **more}
    (place / "steps").mkdir()
    case = Case(engine, registers.tables(), law=book(), temp=place / "steps", **given)
    counts = find(case, lambda name: _folder(place / "out" / name))
    return {
        name: [row for path in sorted((place / "out" / name).glob("*")) for row in parquet.read_table(path).to_pylist()]
        for name in counts
    }


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
