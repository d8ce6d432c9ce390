"""What the pages read: a run's tables in one SQLite file, sorted and indexed by what pages ask for.

A page asks for a few rows of an area, an employer, a kind; the run's Parquet answers such a question in tens of
milliseconds, an index in less than one. The file says nothing that the run does not say. It is made after the run,
appears by one rename, and can be deleted and made again at any time.
"""

from __future__ import annotations

import hashlib
import hmac
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from baophu.areas.units import COUNTRY, tree
from baophu.core.home import SITE_INDEX, make_home, whole_file
from baophu.core.months import months_later
from baophu.core.names import ascii_name
from baophu.desk.store import locked
from baophu.dues.registered import Registered
from baophu.engine import DuckDB, run_step
from baophu.engine.memory import machine_memory
from baophu.registers import tombstones
from baophu.registers.store import current
from baophu.results import store
from baophu.results.store import Manifest
from baophu.results.tables import declared
from baophu.web.boundary_paths import prepare
from baophu.web.due_groups import due_groups
from baophu.web.secret import secret_key

SQL = Path(__file__).parent / "sql"
# The months that pages can be opened of: the newest, and the one before, whose links still go about.
MONTHS = 2
# Stands in the name of the file: an index that an older program made is made again.
FORMAT = 3
# The columns by which findings are listed, the greatest first.
FINDING_SORTS = ("priority", "amount")
_BATCH = 50_000
# The part of the machine's memory, one in so many, that the engine has to put rows in order.
_SHARE = 3
_PAGE = 16_384


@dataclass(frozen=True, slots=True)
class Indexed:
    """A table of the index: what it is made from (tables of the run, registers), its key, its other orders."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    of_run: tuple[str, ...] = ()
    of_registers: tuple[str, ...] = ()
    # Registers that are empty where nothing was loaded.
    if_loaded: tuple[str, ...] = ()
    orders: tuple[tuple[str, ...], ...] = ()
    # Columns whose words can be searched, with or without their marks; by their beginnings too.
    searched: tuple[str, ...] = ()
    beginnings: bool = True
    # Steps whose rows stay in the engine, for this table and for those after it.
    before: tuple[str, ...] = ()

    def can_be_made(self, run: Manifest, registers: dict[str, list[Path]]) -> bool:
        """Tell whether the run has what it needs."""
        return all(name in run.rows for name in self.of_run) and all(registers[name] for name in self.of_registers)


TABLES = (
    Indexed(
        "variants",
        ("variant", "indicator", "place", "scope", "months"),
        ("variant",),
        of_run=("indicators",),
        before=("packed",),
        orders=(("indicator",),),
    ),
    Indexed(
        "series",
        ("area_code", "variant", "numerators", "denominators", "figures", "sources", "completeness", "estimated"),
        ("area_code", "variant"),
        of_run=("indicators",),
    ),
    Indexed(
        "progress",
        ("area_code", "indicator", "target_id", "period_end", "target", "base", "actual", "as_of", "achieved",
         "development", "yoy", "rank", "forecast_p10", "forecast_p50", "forecast_p90", "gap", "direction",
         "target_high", "met", "phase", "probability", "value_date", "scope", "governs", "reason"),
        ("area_code", "indicator", "target_id"),
        of_run=("progress",),
        orders=(("indicator", "area_code"),),
    ),
    Indexed(
        "forecasts",
        ("area_code", "scheme", "first", "p10", "p50", "p90", "model", "beats_naive", "why"),
        ("area_code", "scheme"),
        of_run=("forecasts",),
    ),
    Indexed(
        "rankings",
        ("peer_group", "criterion", "indicator", "scope", "period", "places"),
        ("peer_group", "criterion", "indicator", "scope", "period"),
        of_run=("rankings",),
    ),
    Indexed(
        "breakdowns",
        ("area_code", "scheme", "dimension", "members"),
        ("area_code", "scheme", "dimension"),
        of_run=("breakdowns",),
    ),
    Indexed(
        "findings",
        ("finding_id", "kind", "area_code", "province", "pid", "si_code", "employer_id", "tax_code", "from_month",
         "to_month", "amount", "priority", "reason", "evidence", "first_seen", "status", "deadline_month", "months",
         "part_money", "part_months", "part_sure", "part_deadline", "part_success", "resolved_how", "person"),
        ("finding_id",),
        of_run=("findings",),
        orders=(
            *((*first, f"{sort} DESC", "finding_id") for sort in FINDING_SORTS
              for first in ((), ("kind",), ("province",), ("province", "kind"), ("area_code",))),
            ("employer_id",), ("person",),
        ),
    ),
    Indexed(
        "finding_counts",
        ("area_code", "kind", "status", "findings", "amount"),
        ("area_code", "kind", "status"),
        of_run=("findings",),
    ),
    Indexed(
        "employers",
        ("employer_id", "name", "tax_code", "area_code", "province", "sector", "status", "pay_method", "participants",
         "outstanding", "owes_since", "late", "evaded", "charge", "findings"),
        ("employer_id",),
        of_run=("dues", "charges", "findings"),
        of_registers=("employers",),
        orders=(
            ("outstanding DESC", "employer_id"), ("province", "outstanding DESC", "employer_id"),
            ("area_code", "outstanding DESC", "employer_id"), ("tax_code",),
        ),
        searched=("name",),
    ),
    Indexed(
        "dues",
        ("employer_id", "month", "due_date", "participants", "due", "paid", "outstanding", "due_si", "due_hi", "due_ui",
         "paid_si", "paid_hi", "paid_ui", "cleared_on"),
        ("employer_id", "month"),
        of_run=("dues",),
    ),
    Indexed(
        "charges",
        ("employer_id", "month", "fund", "clause", "class", "amount", "first_day", "days", "charge", "paid_on",
         "as_of"),
        (),
        of_run=("charges",),
        orders=(("employer_id", "month"),),
    ),
    Indexed(
        "steps",
        ("employer_id", "month", "outstanding", "days_late", "sent_on", "evasion_from", "demand_by", "step", "step_on"),
        ("employer_id", "month"),
        of_run=("steps",),
        orders=(("step_on", "step", "employer_id"),),
    ),
    Indexed(
        "due_groups",
        ("employer_id", "month", "alike"),
        ("month", "employer_id"),
        of_run=("sum_employers", "sum_members"),
        of_registers=("declarations",),
    ),
    Indexed(
        "employer_letters",
        ("employer_id", "region", "letters"),
        ("employer_id",),
        of_run=("dues",),
        of_registers=("employers",),
        if_loaded=("notices",),
    ),
    Indexed(
        "employer_workers",
        ("employer_id", "tax_code", "employers", "months"),
        ("employer_id",),
        of_run=("employer_links", "dues", "findings", "found_months"),
        of_registers=("tax_income",),
    ),
    Indexed(
        "duty_counts",
        ("area_code", "what", "due_on", "employers", "amount"),
        ("area_code", "what", "due_on"),
        of_run=("steps",),
        of_registers=("employers",),
    ),
    Indexed(
        "persons",
        ("person", "full_name", "birth_year", "sex", "area_code", "province", "pid", "ethnic", "poverty",
         "deceased_on"),
        ("person",),
        of_run=("links", "findings"),
        of_registers=("participants", "population"),
        orders=(("pid",),),
        # Whole words only: names of a few syllables are many people's, and the areas and the year part them.
        searched=("full_name", "birth_year", "area_code", "province"),
        beginnings=False,
    ),
    Indexed(
        "person_numbers",
        ("person", "si_code", "status", "rule", "score", "rivals", "registered_on"),
        ("person", "si_code", "status"),
        of_run=("links",),
        of_registers=("participants",),
        orders=(("si_code",),),
    ),
    Indexed(
        "person_spells",
        ("person", "place", "scheme", "start_month", "end_month", "group_code", "employer_id", "area_code"),
        ("person", "place"),
        of_run=("links",),
        of_registers=("participants", "spells"),
    ),
    Indexed(
        "person_benefits",
        ("person", "benefit", "from_month", "to_month", "months"),
        ("person", "benefit"),
        of_run=("links",),
        of_registers=("benefits",),
    ),
)  # fmt: skip


def index_file(home: Path, run: Manifest) -> Path:
    """Return the place of a run's index. It need not exist."""
    return home / SITE_INDEX / f"{run.month:%Y-%m}-{run.run}.{FORMAT}.sqlite"


def build(home: Path, run: Manifest, memory: str | None = None) -> Path:
    """Make the index of a run, unless it is there; return its file. A third of the machine's memory, unless told."""
    file = index_file(home, run)
    if file.exists():
        return file
    make_home(home)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    spilled = make_home(home / SITE_INDEX / ".part-spilled")
    registers = {name: current(home, name) for name in {one for table in TABLES for one in table.of_registers}}
    made = [one for one in TABLES if one.can_be_made(run, registers)]
    with DuckDB(memory or f"{machine_memory() // _SHARE // 2**20}MiB", temp=spilled) as engine:
        write(file, run, ((one, _rows(engine, one, home, run, registers, spilled)) for one in made))
    shutil.rmtree(spilled, ignore_errors=True)
    return file


def write(file: Path, run: Manifest, tables: Iterable[tuple[Indexed, Iterable[tuple[Any, ...]]]]) -> None:
    """Write an index: each table with its rows in the order of its key, and whose they are.

    Nothing needs to survive a crash: a file that was not finished never appears.
    """
    with whole_file(file) as part, closing(sqlite3.connect(part)) as connection:
        connection.executescript(
            f"PRAGMA page_size = {_PAGE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;PRAGMA temp_store = FILE;"
        )
        connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        names = []
        for one, rows in tables:
            _create(connection, one)
            connection.executemany(f"INSERT INTO {one.name} VALUES ({', '.join('?' * len(one.columns))})", rows)
            _order(connection, one)
            connection.commit()
            names.append(one.name)
        facts = {
            "run": run.run, "month": f"{run.month}", "as_of": f"{run.as_of}",
            "provisional": str(int(run.provisional)), "tables": ",".join(names),
        }  # fmt: skip
        connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()


def indexed(home: Path) -> list[Path]:
    """Return the indexes of a home, the newest month's newest run last."""
    return sorted((home / SITE_INDEX).glob(f"[0-9]*.{FORMAT}.sqlite"))


def run_of(file: Path) -> tuple[str, str]:
    """Return the month (`YYYY-MM`) and the run that an index is of."""
    return file.name[:7], file.name[8:].split(".")[0]


def bring_up_to_date(home: Path, memory: str | None = None, tell: Callable[[Manifest], None] = lambda run: None) -> int:
    """Make the index of each newest month's newest run that lacks one, delete the others'; return how many were made.

    `tell` hears of a run before its index is made.
    """
    make_home(home)
    # One at a time; and a purge waits, since what it destroys must not come back with an index that was begun before.
    with tombstones.held(home, shared=True), locked(home / SITE_INDEX / "lock"):
        months: dict[date, Manifest] = {run.month: run for run in store.runs(home)}
        wanted = [months[month] for month in sorted(months)][-MONTHS:]
        lacking = [run for run in wanted if not index_file(home, run).exists()]
        for run in lacking:
            tell(run)
            build(home, run, memory)
        prepare(home)
        kept = {index_file(home, run) for run in wanted}
        for path in (home / SITE_INDEX).glob("[0-9]*.sqlite"):
            if path not in kept:
                path.unlink()
    return len(lacking)


def _create(connection: sqlite3.Connection, one: Indexed) -> None:
    key = f", PRIMARY KEY ({', '.join(one.key)})" if one.key else ""
    without = " WITHOUT ROWID" if one.key else ""
    connection.execute(f"CREATE TABLE {one.name} ({', '.join(one.columns)}{key}){without}")


def _order(connection: sqlite3.Connection, one: Indexed) -> None:
    for number, columns in enumerate(one.orders):
        connection.execute(f"CREATE INDEX {one.name}_{number} ON {one.name} ({', '.join(columns)})")
    if one.searched:
        connection.create_function("folded", 1, folded, deterministic=True)
        begun = ", prefix = '2 3 4'" if one.beginnings else ""
        connection.execute(
            f"CREATE VIRTUAL TABLE {one.name}_words USING fts5(words, key UNINDEXED{begun}, detail = none)"
        )
        words = " || ' ' || ".join(f"folded({name})" for name in one.searched)
        connection.execute(f"INSERT INTO {one.name}_words SELECT {words}, {one.key[0]} FROM {one.name}")


def folded(words: str | int | None) -> str:
    """Return words without marks and in small letters, as they are searched for.

    >>> folded("Công ty TNHH Đông Á")
    'cong ty tnhh dong a'
    """
    return ascii_name(str(words or "")).lower()


def _rows(
    engine: DuckDB, one: Indexed, home: Path, run: Manifest, registers: dict[str, list[Path]], temp: Path
) -> Iterator[tuple[Any, ...]]:
    """Yield a table's rows in the order of its key, so that SQLite only appends."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    if one.name == "due_groups":
        yield from due_groups(engine, home, run)
        return
    inputs: dict[str, Any] = {name: store.table(home, run, name) for name in one.of_run}
    if "charges" in inputs:
        inputs["charges"] = declared(inputs["charges"])
    inputs |= {name: registers[name] for name in one.of_registers}
    inputs |= {name: Registered(home).optional(name) for name in one.if_loaded}
    inputs |= {"areas": _areas(), "secret": _secret(home), "months_back": pa.table({"back": range(12)})}
    for name in one.before:
        run_step(engine, SQL / f"{name}.sql", inputs, keep=True)
    sql = SQL / f"{one.name}.sql"
    text = sql.read_text(encoding="utf-8")
    known: dict[str, str | date] = {
        "country": COUNTRY, "month": run.month, "year_before": months_later(run.month, -12),
    }  # fmt: skip
    parameters = {name: value for name, value in known.items() if f"${name}" in text}
    out = temp / f"{one.name}.parquet"
    run_step(engine, sql, inputs, parameters, out=out)
    for batch in parquet.ParquetFile(out).iter_batches(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    out.unlink()


def _areas() -> Any:
    import pyarrow as pa

    communes = tree().communes
    return pa.table({"commune": [one.code for one in communes], "province": [one.parent for one in communes]})


def _secret(home: Path) -> Any:
    """Return the two halves of the key under which a person is known to the site, in addresses and in the record.

    A person's number appears in neither; with another secret of the site every person has another name.
    """
    import pyarrow as pa

    key = secret_key(home).encode()
    names = ("inner_key", "outer_key")
    return pa.table({name: [hmac.new(key, f"person {name}".encode(), hashlib.sha256).hexdigest()] for name in names})
