"""What the registers hold of the employers and people of some forms, read once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from baophu.registers import store
from baophu.registers.checking import literal
from baophu.registers.forms.meaning import Declared, Spell

Row = dict[str, Any]


class Registered:
    """The registers of a home as they stand. Rows that later forms replaced are left out."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def has(self, table: str) -> bool:
        """Return whether a register has any rows."""
        return bool(store.parts(self._home, table))

    def employers(self, employers: Collection[str]) -> dict[str, Row]:
        """Return the employers of these ids."""
        return {row["employer_id"]: row for row in self._rows("employers", "employer_id", employers)}

    def people(self, si_codes: Collection[str], pids: Collection[str]) -> list[Row]:
        """Return the participants who have one of these insurance numbers or personal numbers."""
        found = self._rows("participants", "si_code", si_codes) + self._rows("participants", "pid", pids)
        return list({row["si_code"]: row for row in found}.values())

    def declared(self, employers: Collection[str]) -> dict[str, dict[date, dict[str, Declared]]]:
        """Return each employer's months that are held whole: those with rows of it, and those of its forms."""
        found: dict[str, dict[date, dict[str, Declared]]] = {name: {} for name in employers}
        for load in store.loads(self._home, "declarations"):
            for scope in load.scopes if load.form and store.stands(self._home, load.form) else ():
                for name in found.keys() & set(scope.employers):
                    if scope.month is not None:
                        found[name].setdefault(scope.month, {})
        for row in self._rows("declarations", "employer_id", employers):
            month = found[row["employer_id"]].setdefault(row["month"], {})
            month[row["si_code"]] = Declared(row["group_code"], row["wage"])
        return found

    def unpaid_days(self, employers: Collection[str]) -> dict[tuple[str, date, str], int]:
        """Return the unpaid days that are declared, by employer, month and person, where there are any."""
        return {
            (row["employer_id"], row["month"], row["si_code"]): row["unpaid_days"]
            for row in self._rows("declarations", "employer_id", employers, "unpaid_days > 0")
        }

    def spells(self, employers: Collection[str]) -> dict[str, dict[str, list[Spell]]]:
        """Return the spells with each employer, by person."""
        found: dict[str, dict[str, list[Spell]]] = {name: {} for name in employers}
        for row in self._rows("spells", "employer_id", employers):
            spell = Spell(
                row["scheme"],
                row["group_code"],
                row["commune_code"],
                row["start_month"],
                row["end_month"],
                row["agent_id"],
            )
            found[row["employer_id"]].setdefault(row["si_code"], []).append(spell)
        return found

    def _rows(self, table: str, column: str, values: Collection[str], condition: str = "TRUE") -> list[Row]:
        import duckdb
        import pyarrow as pa  # type: ignore[import-untyped]

        found: list[Row] = []
        if not values:
            return found
        with duckdb.connect() as connection:
            connection.register("_wanted", pa.table({"value": pa.array(sorted(values), pa.string())}))
            for path, replaced in store.parts(self._home, table):
                kept = ", ".join(map(literal, sorted(replaced & set(values) if column == "employer_id" else replaced)))
                but = f"AND employer_id NOT IN ({kept})" if kept else ""
                rows = (
                    connection.sql(
                        f"SELECT * FROM read_parquet({literal(str(path))}, hive_partitioning = false) "  # noqa: S608
                        f"WHERE {column} IN (SELECT value FROM _wanted) AND {condition} {but}"
                    )
                    .to_arrow_table()
                    .to_pylist()
                )
                found += rows
        return found
