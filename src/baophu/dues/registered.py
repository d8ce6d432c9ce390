"""The registers of a home that dues are worked out from, as they hold good or as they were known on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.languages import Text
from baophu.engine import Engine, run_step
from baophu.registers import store

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

SQL = Path(__file__).parent / "sql"
# What may be missing: an office that has loaded no payments yet has dues all the same.
_COLUMNS = {
    "payments": {"payment_id": "string", "employer_id": "string", "paid_on": "date32", "amount": "int64"},
    "notices": {"notice_id": "string", "employer_id": "string", "month": "date32", "sent_on": "date32"},
}


@dataclass(frozen=True, slots=True)
class Registered:
    """A home's registers; `known_on` leaves out what was loaded, or undone, after that day."""

    home: Path
    known_on: date | None = None

    def files(self, table: str, month: date | None = None) -> list[Path]:
        """Return the files of a table that hold good, or those of one month."""
        return store.current(self.home, table, month, self.known_on)

    def needed(self, table: str) -> list[Path]:
        """Return the files of a table without which nothing can be said; BaophuError where there are none."""
        found = self.files(table)
        if not found:
            raise BaophuError(
                Text(f"Chưa nạp bảng {table}.", f"The table {table} is not loaded."),
                Text("Nạp bằng: baophu load TỆP", "Load it: baophu load FILE"),
            )
        return found

    def optional(self, table: str) -> list[Path] | pa.Table:
        """Return the files of payments or notices, or a table without rows."""
        import pyarrow as pa

        columns = _COLUMNS[table]
        return self.files(table) or pa.table({name: pa.array([], getattr(pa, of)()) for name, of in columns.items()})

    def months(self, as_of: date) -> list[date]:
        """Return the months with declarations, up to that of a day."""
        self.needed("declarations")
        found = {
            month
            for one in store.standing(self.home, "declarations", self.known_on)
            for month in (file.month for file in one.files)
            if month is not None and month <= as_of
        }
        if not found:
            raise BaophuError(
                Text(f"Không có kê khai nào đến ngày {as_of:%d/%m/%Y}.", f"Nothing is declared by {as_of}."),
                Text("Chọn --as-of muộn hơn.", "Choose a later --as-of."),
            )
        return sorted(found)

    def loads(self) -> dict[str, list[str]]:
        """Return which loads each register comes from."""
        tables = ("declarations", "employers", "spells", *_COLUMNS)
        return {table: [one.load for one in store.standing(self.home, table, self.known_on)] for table in tables}

    def of_employer(self, engine: Engine, employer: str, as_of: date) -> Mapping[str, Any]:
        """Return the rows of one employer from each register, and the spells of its people, as Arrow tables.

        BaophuError where there is no such employer, with those whose codes are nearest.
        """
        files = self.needed("employers")
        chosen: dict[str, Any] = {"employer": employer}
        own = run_step(engine, SQL / "of_employer.sql", {"rows": files}, chosen).arrow()
        if own.num_rows == 0:
            near = run_step(engine, SQL / "near_employers.sql", {"employers": files}, chosen).arrow()
            raise BaophuError(
                Text(f"Không có đơn vị '{employer}'.", f"There is no employer '{employer}'."),
                did_you_mean(near["employer_id"].to_pylist()),
            )
        declared = [path for month in self.months(as_of) for path in self.files("declarations", month)]
        tables = {"declarations": declared, **{name: self.optional(name) for name in _COLUMNS}}
        found = {
            name: run_step(engine, SQL / "of_employer.sql", {"rows": rows}, chosen).arrow()
            for name, rows in tables.items()
        }
        if spells := self.files("spells"):
            given = {"spells": spells, "declarations": found["declarations"]}
            found["spells"] = run_step(engine, SQL / "spells_of.sql", given).arrow()
        return {"employers": own, **found}
