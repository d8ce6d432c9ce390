"""What would be charged on people not registered and on bases too low, if the findings are right: whole lists.

Law 41/2024/QH15 arts. 38(2)-(3), 39(1)(a)-(d), 40-41; Decree 274/2025/NĐ-CP arts. 5-6. What was declared and not paid
is charged by `dues`; single cases are answered by `law.people.late`, to which these rows are held.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.dues.settling import charge_terms, due_dates_of
from baophu.engine import Engine, Outcome, run_step
from baophu.findings.kinds import SQL

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.engine.steps import Input
    from baophu.law.parameters import Book

CHARGES = SQL / "charges"
_REGIONS = ("I", "II", "III", "IV")
_DUES = ("month", "si_code", "due_si", "due_ui")


def charge_findings(
    engine: Engine,
    found_months: Input,
    outcomes: Input,
    as_of: date,
    law: Book,
    temp: Path,
    out: Path | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Outcome:
    """Work out the charges on the months of findings (`found_months.sql`) to the end of a day, VND.

    Columns: those of `charges` of what was declared, then `basis` (`finding`, `question`, `confirmed`), `finding_id`,
    `tax_code`. The amounts are worked out by the law's compiled rules. `outcomes`: finding_id, outcome, on.
    """
    months = _months(engine, found_months)
    owed: dict[str, Any] = {}
    for place, name in enumerate(("lawful", "registered")):
        owed[name] = _dues(engine, found_months, name == "registered", law, temp / name)
        progress((place + 1) / 3)
    given = {"found_months": found_months, "outcomes": outcomes, "due_dates": due_dates_of(law, months), **owed}
    return run_step(engine, CHARGES / "charges_of_findings.sql", given, terms(law, as_of), out=out)


def terms(law: Book, as_of: date) -> dict[str, int | bool | date]:
    """Return the law's figures that these charges are made of, as they hold on a day."""
    every = charge_terms(law, as_of)
    sooner = int(law.switch("start_day_counted") == "yes")
    return {
        **{name: every[name] for name in ("rate", "rate_scale", "counts_from")},
        "as_of": as_of,
        "register_days": law.value("registration_days", as_of).amount - sooner,
        "grace_days": law.value("unregistered_grace_days", as_of).amount - sooner,
        "liable_at_end": law.switch("liable_from_day") == "last_of_month",
        "whole_evasion": law.switch("unregistered_evasion_days") == "from_limit",
    }


def _months(engine: Engine, found_months: Input) -> list[date]:
    sql = "SELECT DISTINCT month FROM found_months"
    return sorted(run_step(engine, sql, {"found_months": found_months}).arrow()["month"].to_pylist())


def _dues(engine: Engine, found_months: Input, registered: bool, law: Book, place: Path) -> Path | pa.Table:
    """Work out what is due to each fund of each month of a finding by its registered wages, or by the lawful ones."""
    import pyarrow as pa

    from baophu.law.worker_months import by_worker

    place.mkdir(parents=True, exist_ok=True)
    declared = place / "wages.parquet"
    given = {"found_months": found_months}
    if not run_step(engine, CHARGES / "wages.sql", given, {"registered": registered}, out=declared).rows:
        kinds = (pa.date32(), pa.string(), pa.int64(), pa.int64())
        return pa.table({name: pa.array([], kind) for name, kind in zip(_DUES, kinds, strict=True)})
    regions = pa.table({"employer_id": list(_REGIONS), "region": list(_REGIONS)})
    made = by_worker(engine, declared, regions, place / "dues.parquet", law_book=law)
    assert made.path is not None  # noqa: S101 (a file was asked for)
    return made.path
