"""Finds all that somebody should act on: shared preparatory steps, one SELECT a kind, then identity and priority."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.home import make_home
from baophu.core.languages import Text
from baophu.engine import Engine, run_step
from baophu.findings import law_tables, outcomes
from baophu.findings.kinds import SQL, Agency, Kind, agency, kinds

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.law.parameters import Book

KEY_FILE = "finding-key"
KEY_BYTES = 32
# A settlement of several years is spread no further.
MOST_MONTHS = 61
BEYOND = 2**62

Files = Sequence[Path]


@dataclass
class Case:
    """What findings are made of.

    `tables` hold files, or Arrow tables, by the name of the register or result; what is absent is not loaded. `first`
    and `last` are the months looked at; `temp` is a folder for what is in the way.
    """

    engine: Engine
    tables: Mapping[str, Any]
    first: date
    last: date
    as_of: date
    law: Book
    key: bytes
    temp: Path
    previous: Files = ()
    closed: Files = ()
    outcomes: Path | None = None
    agency: Agency = field(default_factory=agency)
    # Registers and results that are not believed: kinds that rest on them are held, and nothing of them has ended.
    doubted: frozenset[str] = frozenset()
    progress: Callable[[float], None] = lambda share: None
    note: Callable[[Text], None] = lambda text: None
    made: dict[str, Any] = field(default_factory=dict)


def find(case: Case, out: Callable[[str], Path]) -> dict[str, int]:
    """Write findings and what is made of them under the folders that `out` gives.

    Return their numbers of rows. What cannot be computed for want of a register is noted.
    """
    prepare(case)
    claims = []
    chosen = [kind for kind in kinds().values() if _can(case, kind)]
    for place, kind in enumerate(chosen):
        claims.append(claim(case, kind))
        case.progress((place + 1) / (len(chosen) + 3))
    case.made["claims"] = _together(case, claims) or _no_rows(CLAIMS)
    case.made["computed"] = _names(kind.kind for kind in chosen if not case.doubted & set(kind.needs))
    counts = _finish(case, out)
    sql, months = SQL / "charges" / "found_months.sql", out("found_months") / "part-0000.parquet"
    return {**counts, "found_months": run_step(case.engine, sql, *_given(case, sql), out=months).rows}


def prepare(case: Case) -> None:
    """Run the steps that several kinds share; their results stay as files of the run's temporary folder."""
    first, last = law_tables.number(case.first), law_tables.number(case.last)
    case.made |= {
        "grid": law_tables.grid(case.law, first, last),
        "retirement": law_tables.retirement(case.law, last),
        "yields": law_tables.yields(),
        "starts": law_tables.starts(case.law, last),
        "support": law_tables.support(case.law, last),
        "spread": _spread(),
        "bits": law_tables.bits(first, last),
    }
    for name in (
        "linked", "in_review", "persons", "firms", "declarers", "insured", "covered", "number_of", "receiving",
        "income", "paid_years", "paid_twice", "several", "declared_months", "declared_years", "undeclared",
        "perhaps_declared", "absent", "worker_months", "steadily_low", "overdue", "islands",
    ):  # fmt: skip
        case.made[name] = _run(case, SQL / "prepare" / f"{name}.sql", name)


def claim(case: Case, kind: Kind) -> Path:
    """Find one kind; return the file of its rows."""
    made = _run(case, kind.sql, f"claims-{kind.kind}")
    if kind.kind in ("household_owner", "unpaid_manager"):
        case.made.setdefault("bound", []).append(made)
    return made


def finding_key(home: Path) -> bytes:
    """Return the key of the home that findings are named with; made once, readable by its user alone (0600)."""
    path = make_home(home) / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(KEY_BYTES)
        file.write(key)
    return key


def _can(case: Case, kind: Kind) -> bool:
    missing = [name for name in kind.needs if case.tables.get(name) is None]
    if missing:
        names = ", ".join(missing)
        case.note(
            Text(
                f"Chưa tính '{kind.title.vi}': thiếu {names}.",
                f"'{kind.title.en}' was not computed: {names} missing.",
            )
        )
    return not missing


def _together(case: Case, claims: Sequence[Path]) -> list[Path]:
    """Put the kind's name to its rows."""
    made = []
    for path in claims:
        kind = path.stem.removeprefix("claims-")
        columns = (
            "subject, area_code, pid, si_code, employer_id, tax_code, CAST(from_no AS BIGINT) AS from_no, "
            "CAST(to_no AS BIGINT) AS to_no, CAST(months AS BIGINT) AS months, CAST(amount AS BIGINT) AS amount, "
            "reason, CAST(limit_no AS BIGINT) AS limit_no, evidence"
        )
        to = case.temp / f"named-{kind}.parquet"
        run_step(case.engine, f"SELECT '{kind}' AS kind, {columns} FROM claims", {"claims": path}, out=to)  # noqa: S608
        made.append(to)
    return made


def _names(names: Iterable[str]) -> pa.Table:
    import pyarrow as pa

    return pa.table({"kind": pa.array(list(names), pa.string())})


def _finish(case: Case, out: Callable[[str], Path]) -> dict[str, int]:
    import pyarrow as pa

    finish = SQL / "finish"
    case.made |= _scoring(case.key, case.agency)
    case.made["previous"] = list(case.previous) or _nothing_before()
    case.made["outcomes"] = case.outcomes or no_outcomes()
    case.made["closed_before"] = list(case.closed) or _no_rows(CLOSED)
    prior = case.agency.prior
    case.made["kinds"] = pa.table(
        {
            "kind": list(kinds()),
            "prior_right": pa.array([prior["right"]] * len(kinds()), pa.int64()),
            "prior_wrong": pa.array([prior["wrong"]] * len(kinds()), pa.int64()),
        }
    )
    case.made["success"] = run_step(case.engine, finish / "success.sql", *_given(case, finish / "success.sql")).arrow()
    _tell_held(case)
    case.made["success"] = _held_in_doubt(case)
    found = out("findings") / "part-0000.parquet"
    gone = out("findings") / "part-0001.parquet"
    rows = run_step(case.engine, finish / "findings.sql", *_given(case, finish / "findings.sql"), out=found).rows
    case.made["findings"] = found
    rows += run_step(case.engine, finish / "resolved.sql", *_given(case, finish / "resolved.sql"), out=gone).rows
    case.made["findings"] = [found, gone]
    counts = {"findings": rows}
    for table, sql in (
        ("closed_findings", "closed_findings"),
        ("finding_scores", "scoreboard"),
        ("employer_risk", "employer_risk"),
        ("back_to_owners", "back_to_owners"),
    ):
        path = finish / f"{sql}.sql"
        place = out(table) / "part-0000.parquet"
        counts[table] = run_step(case.engine, path, *_given(case, path), out=place).rows
        case.made[table] = place
    return counts


def _tell_held(case: Case) -> None:
    """Say which rules fell under the agency's floor: their findings are kept, and made into no cases."""
    for row in case.made["success"].to_pylist():
        if row["held"]:
            title, right, told = kinds()[row["kind"]].title, row["confirmed"], row["confirmed"] + row["wrong"]
            case.note(
                Text(
                    f"'{title.vi}': mới có {right} đúng trong {told} trường hợp đã rõ, dưới mức cơ quan đặt ra; "
                    "các trường hợp loại này tạm giữ lại, chưa giao xử lý.",
                    f"'{title.en}': {right} of {told} that are settled were right, under the agency's floor; "
                    "findings of this kind are held and made into no cases.",
                )
            )


def _held_in_doubt(case: Case) -> pa.Table:
    """Return what officers made of each kind, with those held too that rest on what is not believed."""
    import pyarrow as pa

    success = case.made["success"]
    doubtful = [bool(case.doubted & set(kinds()[kind].needs)) for kind in success.column("kind").to_pylist()]
    held = [one or doubt for one, doubt in zip(success.column("held").to_pylist(), doubtful, strict=True)]
    return success.set_column(success.column_names.index("held"), "held", pa.array(held, pa.bool_()))


def _scoring(key: bytes, settings: Agency) -> dict[str, Any]:
    """Return weights, reasons and points as tables, and the key's two halves."""
    import pyarrow as pa

    halves = {name: hmac.new(key, name.encode(), hashlib.sha256).hexdigest() for name in ("inner_key", "outer_key")}
    weights = [{"kind": name, **kind.weights.model_dump()} for name, kind in kinds().items()]
    words = [
        {"kind": name, "reason": code, "sure": reason.sure, "owner": reason.owner, "said": reason.words.vi}
        for name, kind in kinds().items()
        for code, reason in kind.reasons.items()
    ]
    points = []
    for part, steps in settings.points.items():
        starts = sorted(steps)
        for start, after in zip(starts, [*starts[1:], BEYOND], strict=True):
            points.append({"part": part, "at_least": start, "below": after, "points": steps[start]})
    return {
        "secret": pa.Table.from_pylist([halves]),
        "weights": pa.Table.from_pylist(weights),
        "words": pa.Table.from_pylist(words),
        "points": pa.Table.from_pylist(points),
    }


def _run(case: Case, sql: Path, name: str) -> Path:
    inputs, parameters = _given(case, sql)
    out = case.temp / f"{name}.parquet"
    run_step(case.engine, sql, inputs, parameters, out=out)
    return out


def _given(case: Case, sql: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the tables and parameters that a file of SQL names; a table that is not loaded has no rows."""
    text = re.sub(r"--.*", "", sql.read_text(encoding="utf-8"))
    ctes = set(re.findall(r"(\w+) AS \(", text))
    named = {
        word for word in re.findall(r"(?:FROM|JOIN)\s+(\w+)", text) if word not in ctes and word.upper() != "SELECT"
    }
    values = _parameters(case)
    return (
        {name: _table(case, name) for name in sorted(named)},
        {name: values[name] for name in sorted(set(re.findall(r"\$(\w+)", text)))},
    )


def _table(case: Case, name: str) -> Any:
    if name in case.made:
        return case.made[name]
    given = case.tables.get(name)
    if given is None:
        return _empty(name)
    return list(given) if isinstance(given, Sequence) else given


def _parameters(case: Case) -> dict[str, Any]:
    law, last, settings = case.law, case.last, case.agency
    return {
        **settings.thresholds,
        **{f"w_{name}": weight for name, weight in settings.risk.items()},
        **{f"floor_{name}": value for name, value in settings.floor.items()},
        "most_months": MOST_MONTHS,
        "first": law_tables.number(case.first),
        "last": law_tables.number(last),
        "this_no": law_tables.number(case.as_of),
        "as_of": case.as_of,
        "contract_months": law.value("contract_months", last).amount,
        "unpaid_limit": law.value("unpaid_days_limit", last).amount,
        "managers_from": law_tables.number(law.value("group_start", last, group="n").day),
        "least_age": law.value("voluntary_least_age", last).amount,
        "least_months": settings.thresholds["least_months"],
        "pension_months": law.value("pension_least_months", last).amount,
    }


def _spread() -> pa.Table:
    """Return for each number of months that a payment may cover a row a month."""
    import pyarrow as pa

    rows = [(covered, n) for covered in range(1, MOST_MONTHS + 1) for n in range(covered)]
    return pa.table(
        {
            name: pa.array(column, pa.int64())
            for name, column in zip(("covered", "n"), zip(*rows, strict=True), strict=True)
        }
    )


# Columns of results that a kind reads, for where the table is not there.
RESULTS = {
    "links": {"si_code": "string", "pid": "string", "status": "string"},
    "employer_links": {"employer_id": "string", "tax_code": "string", "status": "string"},
    "worker_matches": {
        **dict.fromkeys(("load_id", "tax_code", "pid", "status", "contract"), "string"),
        **dict.fromkeys(("row_id", "income", "insurance_deducted", "months_covered", "contract_months"), "int64"),
        "month": "date32",
    },
    "dues": {
        "employer_id": "string",
        "month": "date32",
        "due_date": "date32",
        "due": "int64",
        "outstanding": "int64",
        "cleared_on": "date32",
    },
    "charges": {"employer_id": "string", "month": "date32", "class": "string", "charge": "int64", "paid_on": "date32"},
    "steps": {"employer_id": "string", "month": "date32", "step": "string", "step_on": "date32"},
    "bound": {"pid": "string"},
}
CLAIMS = {
    **dict.fromkeys(("kind", "subject", "area_code", "pid", "si_code", "employer_id", "tax_code"), "string"),
    **dict.fromkeys(("from_no", "to_no", "months", "amount", "limit_no"), "int64"),
    **dict.fromkeys(("reason", "evidence"), "string"),
}
FINDINGS = {
    **dict.fromkeys(
        ("finding_id", "kind", "area_code", "pid", "si_code", "employer_id", "tax_code", "reason", "evidence"), "string"
    ),
    **dict.fromkeys(("status", "resolved_how", "subject_id"), "string"),
    **dict.fromkeys(("from_month", "to_month", "first_seen", "resolved_on", "deadline_month"), "date32"),
    **dict.fromkeys(("amount", "months"), "int64"),
    **dict.fromkeys(("part_money", "part_months", "part_sure", "part_deadline", "part_success"), "int64"),
    "priority": "float64",
}
CLOSED = {
    **dict.fromkeys(("finding_id", "kind", "pid", "employer_id", "tax_code", "resolved_how"), "string"),
    **dict.fromkeys(("first_seen", "resolved_on"), "date32"),
}
TYPES = {"date": "date32", "month": "date32", "money": "int64", "integer": "int64", "boolean": "bool_"}


def _empty(name: str) -> pa.Table:
    """Return a table without rows, with the columns that the contract of its register or result tells."""
    from baophu.registers.contracts import contracts

    if name in RESULTS:
        return _no_rows(RESULTS[name])
    columns = {column.name: TYPES.get(column.type, "string") for column in contracts()[name].columns}
    return _no_rows({**columns, "_row": "int64", "_file": "int32"})


def no_outcomes() -> pa.Table:
    """Return outcomes without a row: nobody has recorded any."""
    return _no_rows(outcomes.TYPES)


def _nothing_before() -> pa.Table:
    return _no_rows(FINDINGS)


def _no_rows(columns: Mapping[str, str]) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array([], getattr(pa, kind)()) for name, kind in columns.items()})
