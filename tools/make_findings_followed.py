#!/usr/bin/env python3
"""Makes the page that follows three findings of each kind from the summary to the rows of the registers they rest on.

python tools/make_findings_followed.py [--out DIR]    writes findings-followed.md (default: docs/handbook)
python tools/make_findings_followed.py --check        writes nothing; exits 1 where the page differs

The country is a generated one, always the same; numbers are masked as in every export.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
from pages import cell, main, table

from baophu import run as months
from baophu.core.languages import LANGUAGES, Language
from baophu.core.numbers import count, money
from baophu.findings.finding import KEY_FILE
from baophu.findings.kinds import Kind, kinds
from baophu.indicators.counting import COUNTS
from baophu.linkage.workers import rows_before
from baophu.nation.country import generate
from baophu.registers import store as registers
from baophu.registers.loading import load
from baophu.results import store
from baophu.results.masking import mask, masked
from baophu.results.steps import Step
from baophu.results.store import Done, Manifest, NotDone

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "handbook"
MADE = "<!-- Made by tools/make_findings_followed.py from the program: do not edit. -->"
PEOPLE, MONTHS, SEED, MONTH = 15_000, 6, 5, date(2026, 10, 1)
OF_EACH, ROWS = 3, 4
PERSONAL_TAX_CODE = 12

# What is shown of each table, newest row first.
SHOWN = {
    "tax_income": "month, tax_code, pid, income, insurance_deducted, months_covered, contract, contract_months",
    "population": "pid, birth_date, birth_year, sex, commune_code, poverty, deceased_on",
    "participants": "si_code, pid, birth_date, birth_year, sex, commune_code",
    "links": "si_code, pid, rule, score, status",
    "spells": "si_code, scheme, group_code, employer_id, start_month, end_month",
    "declarations": "month, employer_id, si_code, group_code, wage, unpaid_days",
    "businesses": "tax_code, kind, status, registered_on, closed_on, owner_pid, tax_method",
    "employers": "employer_id, tax_code, status, region, pay_method",
    "employer_links": "employer_id, tax_code, rule, status",
    "managers": "tax_code, pid, paid, from_date, to_date",
    "benefits": "month, pid, benefit",
    "dues": "employer_id, month, due_date, due, paid, outstanding",
    "charges": "employer_id, month, fund, clause, class, amount, first_day, days, paid_on, charge",
    "steps": "employer_id, month, step, step_on",
    "notices": "notice_id, employer_id, month, sent_on",
    "voluntary": "start_month, months, si_code, support_group, paid_on, amount",
}
NUMBERS = "si_code IN (SELECT si_code FROM links WHERE pid = $pid AND status = 'accepted')"
FIRM = "(tax_code = $tax_code OR left(tax_code, 10) = left($tax_code, 10) AND length($tax_code) <> 12)"
MINE = {"spells": NUMBERS, "population": "pid = $pid", "links": "pid = $pid"}
PAID = {"tax_income": "source IN (SELECT unnest(string_split($tax_income, ' ')))"}
OF_MONTHS = "employer_id = $employer_id AND month >= $from_month AND month < $to_month"
OWED = dict.fromkeys(("dues", "charges", "steps", "notices"), OF_MONTHS)
# Where a kind's rows are: table -> condition. A table without such a row is shown too: that is what is missing.
RESTS_ON: dict[str, dict[str, str]] = {
    "unregistered_employer": {**PAID, "businesses": FIRM, "employers": FIRM, "employer_links": FIRM},
    "uninsured_worker": {**PAID, "spells": NUMBERS, "population": "pid = $pid", "employer_links": FIRM},
    "underdeclared_wage": {
        **PAID,
        "declarations": f"{NUMBERS} AND {OF_MONTHS}",
    },
    "deducted_not_paid": {
        **PAID,
        "spells": NUMBERS,
        "employer_links": FIRM,
        "dues": OF_MONTHS,
    },
    "household_owner": {"businesses": "owner_pid = $pid", **MINE, "benefits": "pid = $pid"},
    "unpaid_manager": {"managers": "pid = $pid", "businesses": "tax_code = $tax_code", **MINE},
    "late": OWED,
    "evasion": OWED,
    "health_gap": {**MINE, "benefits": f"pid = $pid OR {NUMBERS}"},
    "voluntary_candidate": {
        "tax_income": PAID["tax_income"],
        "businesses": "owner_pid = $pid",
        "spells": NUMBERS,
        "population": "pid = $pid",
    },
    "lapsed_voluntary": {**MINE, "voluntary": NUMBERS},
    "near_pension": {**MINE, "benefits": f"pid = $pid OR {NUMBERS}"},
    "conflict": {
        "participants": f"pid = $pid OR {NUMBERS}",
        "links": "pid = $pid OR si_code IN (SELECT si_code FROM participants WHERE pid = $pid)",
        "population": "pid = $pid",
        "spells": f"{NUMBERS} AND scheme <> 'health'",
    },
}
VIEWS = {"tax_income": "pay"}
ORDER = {
    "month": "month DESC",
    "spells": "start_month DESC, scheme",
    "voluntary": "start_month DESC",
    "sent_on": "sent_on DESC",
}


class Silent:
    """Hears what a run tells of its steps, and keeps still."""

    def began(self, step: Step, rows: int) -> None:
        """A step begins."""

    def at(self, step: Step, share: float) -> None:
        """A step goes on."""

    def ended(self, step: Step, done: Done | NotDone) -> None:
        """A step that was not done has nothing to be followed."""
        if isinstance(done, NotDone):
            sys.exit(f"tools/make_findings_followed.py: {step.name} was not done: {done.why.en}")


def a_month(place: Path) -> tuple[Path, Manifest]:
    """Generate a country, load it and run its month; return its home and the run."""
    generate(place / "country", PEOPLE, SEED, MONTHS, MONTH, "parquet")
    home = place / "home"
    files = (path for path in (place / "country").rglob("*.parquet") if "truth" not in path.parts)
    load(sorted(files), home)
    (home / KEY_FILE).write_bytes(bytes(32))
    # The findings rest on none of what comes after them, which takes longest.
    every = months.steps
    with patch.object(months, "steps", lambda *given: takewhile(lambda step: step.name != COUNTS.name, every(*given))):
        return home, months.run_month(home, MONTH, Silent(), memory=10**9).run


def tables_of(home: Path, run: Manifest) -> duckdb.DuckDBPyConnection:
    """Return a connection on which each register and result is a view; tax rows are named as findings name them."""
    con = duckdb.connect()
    con.execute("SET threads = 1")
    for name in [*SHOWN, "findings"]:
        files = [str(path) for path in registers.current(home, name)] if name not in run.rows else []
        files = files or [str(path) for path in store.table(home, run, name)]
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({files}, union_by_name = true)")  # noqa: S608
    # Findings name a row of the tax register by its load and its place there, over all files of the load.
    load_folder = registers.current(home, "tax_income")[0].parent
    con.register("before", rows_before(load_folder))
    con.execute(
        f"CREATE VIEW pay AS SELECT *, '{load_folder.name}#' || CAST(before.rows + _row - 1 AS VARCHAR) AS source "  # noqa: S608
        "FROM tax_income JOIN before ON before.file = tax_income._file"
    )
    return con


def of_kind(con: duckdb.DuckDBPyConnection, kind: Kind) -> Iterator[str]:
    """Yield the three findings of a kind; of several reasons each comes first once."""
    yield from (f"## {kind.title.vi} · {kind.title.en}", "", f"`{kind.kind}`, {kind.article}", "")
    found = con.sql(
        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY reason ORDER BY finding_id) AS place FROM findings "
        "WHERE kind = $kind AND status = 'open') ORDER BY place, reason LIMIT $most",
        params={"kind": kind.kind, "most": OF_EACH},
    ).to_arrow_table()
    for row in found.to_pylist():
        yield from one(con, kind, row)


def one(con: duckdb.DuckDBPyConnection, kind: Kind, row: dict[str, Any]) -> Iterator[str]:
    """Yield one finding: its claim and reason, its evidence, and the rows."""
    yield from (f"### `{row['finding_id'][:8]}`", "")
    for lang in LANGUAGES:
        why = kind.reasons[row["reason"]].words.say(lang)
        yield f"- {claim(kind, row, lang)} {why[:1].upper()}{why[1:]}."
    amount = count(row["amount"], "en")
    yield f"- {row['from_month']:%Y-%m} – {row['to_month']:%Y-%m}, {amount} VND, priority {row['priority']:.3f}"
    evidence = json.loads(row["evidence"])
    told = {name: value for name, value in evidence.items() if name != "tax_income" and name != "declarations"}
    yield from (f"- Căn cứ · Evidence: `{json.dumps(told, ensure_ascii=False)}`", "")
    values = {**row, "tax_income": evidence.get("tax_income", "")}
    for name, where in RESTS_ON[kind.kind].items():
        yield from rows_of(con, name, where, values)


def rows_of(con: duckdb.DuckDBPyConnection, name: str, where: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rows of a table that a finding rests on, or that there are none."""
    columns = SHOWN[name].split(", ")
    order = ORDER.get(name) or next((ORDER[column] for column in columns if column in ORDER), "1")
    query = f"SELECT {SHOWN[name]} FROM {VIEWS.get(name, name)} WHERE {where} ORDER BY {order}, {SHOWN[name]}"  # noqa: S608
    used = {key: value for key, value in values.items() if f"${key}" in query}
    found = masked(con.sql(query, params=used).to_arrow_table())
    if not found.num_rows:
        yield from (f"`{name}`: không có dòng nào · no row", "")
        return
    more = f" ({found.num_rows}; {ROWS} dòng mới nhất · the newest {ROWS})" if found.num_rows > ROWS else ""
    yield from (f"`{name}`{more}", "")
    shown = found.slice(0, ROWS).to_pylist()
    yield from table(columns, ([cell(_said(row[column])) for column in columns] for row in shown))


def _said(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def claim(kind: Kind, row: Mapping[str, Any], lang: Language) -> str:
    """Return the kind's sentence with the finding's own figures, numbers of persons masked."""
    tax_code = row["tax_code"] or ""
    filled = {
        "tax_code": mask(tax_code) if len(tax_code) == PERSONAL_TAX_CODE else tax_code,
        "employer_id": row["employer_id"],
        "from_month": f"{row['from_month']:%m/%Y}",
        "to_month": f"{row['to_month']:%m/%Y}",
        "amount": money(row["amount"], lang).replace("\u00a0", " "),
        "months": row["months"],
    }
    return kind.claim.say(lang).format(**filled)


def page() -> str:
    """Return the page."""
    with tempfile.TemporaryDirectory() as place:
        home, run = a_month(Path(place))
        with tables_of(home, run) as con:
            rows = con.execute("SELECT kind, count(*) FROM findings WHERE status = 'open' GROUP BY kind").fetchall()
            parts = [line for kind in kinds().values() for line in of_kind(con, kind)]
    numbers = dict(rows)
    lines = [MADE, "", "# Findings followed to their rows · Trường hợp và các dòng làm căn cứ", ""]
    lines += [
        f"A generated country of {count(PEOPLE, 'en')} people and {MONTHS} months, always the same. Of each kind three",
        "findings, each with its sentence, its evidence, and the rows of the registers it rests on; where the point is",
        "that a row is missing, the table is named with no row. Numbers are masked as in every export. A country so",
        "small, with as many namesakes as the whole nation, has but a few birthdays. How the kinds are found:",
        "[findings](findings.md).",
        "",
        "Một đất nước giả lập, luôn như nhau. Mỗi loại ba trường hợp: câu nêu, căn cứ, và các dòng trong sổ; chỗ cần",
        "thấy là thiếu dòng thì ghi rõ không có dòng nào. Số cá nhân được che như mọi lần lấy ra.",
        "",
        *table(
            ("Tóm tắt · Summary", "Số trường hợp · Findings"),
            (
                (kind.title.vi + " · " + kind.title.en, count(numbers.get(name, 0), "en"))
                for name, kind in kinds().items()
            ),
        ),
        *parts,
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main({"findings-followed.md": page}, FOLDER, __doc__))
