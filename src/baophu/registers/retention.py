"""Until when the files of each register are kept where a load does not say it: data, which the agency may set."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.records import check, read_yaml
from baophu.registers.contracts import contracts

DEFAULTS = Path(__file__).with_name("retention.yaml")
NAME = "retention.yaml"


class Retention(BaseModel):
    """How many years each register is kept after it came in, and who says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Text
    years: dict[str, int] = Field(description="table -> years, at least one")


def retention(home: Path) -> Retention:
    """Return the years that hold: the program's defaults, and in their place what the home's `retention.yaml` says.

    BaophuError where a record is wrong, or names a table that is not there.
    """
    own = home / NAME
    default = _read(DEFAULTS)
    if not own.is_file():
        return default
    given = _read(own)
    return Retention(source=given.source, years=default.years | given.years)


def kept_until(home: Path, table: str, day: date) -> date:
    """Return until when a load of `table` that came in on `day` is kept, where nothing else was said."""
    year = day.year + retention(home).years[table]
    # 29 February has no like in most years.
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _read(path: Path) -> Retention:
    found = check(Retention, read_yaml(path), path.name)
    wrong = sorted(table for table, years in found.years.items() if table not in contracts() or years < 1)
    if wrong:
        names = ", ".join(wrong)
        raise BaophuError(
            Text(
                f"{path}: không có bảng này, hoặc số năm nhỏ hơn 1: {names}.",
                f"{path}: no such table, or less than one year: {names}.",
            )
        )
    return found
