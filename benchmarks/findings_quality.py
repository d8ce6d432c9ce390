#!/usr/bin/env python3
# ruff: noqa: S608 (names of this file, no values from outside)
"""Holds findings against the truth of a generated country, kind by kind.

python benchmarks/findings_quality.py COUNTRY HOME [--links FOLDER] [--examples N]

COUNTRY is what `baophu nation` wrote, HOME where it is loaded. Without --links the true links are taken, so that only
the rules are measured; with it, those of a run (a folder with links, employer_links and worker_matches).

A finding is right where the truth has one of its kind on the same subject in months that overlap. Recall counts the
truth that the registers, with their errors, can show (`decidable`). Near misses are looked for among the findings.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from baophu.dues.settling import settle
from baophu.engine import DuckDB
from baophu.findings.finding import Case, find
from baophu.law import worker_months
from baophu.law.parameters import book
from baophu.linkage.workers import rows_before
from baophu.registers import store

REGISTERS = (
    *("population", "participants", "spells", "declarations", "tax_income", "businesses", "employers", "managers"),
    *("benefits", "voluntary", "notices", "payments"),
)
SUBJECT = """CASE kind
    WHEN 'unregistered_employer' THEN tax_code
    WHEN 'late' THEN employer_id WHEN 'evasion' THEN employer_id
    WHEN 'conflict' THEN {why} || CASE {why} WHEN 'one_person_two_numbers' THEN pid ELSE si_code END
    WHEN 'uninsured_worker' THEN pid || left(tax_code, 10)
    WHEN 'underdeclared_wage' THEN pid || employer_id
    WHEN 'deducted_not_paid' THEN pid || left(tax_code, 10)
    ELSE pid END"""


def true_links(country: Path, home: Path, to: Path) -> dict[str, list[Path]]:
    """Write the truth as the tables that linking gives."""
    truth = country / "truth"
    told = store.current(home, "tax_income")
    duckdb.register("before", rows_before(told[0].parent))
    selects = {
        "links": f"SELECT si_code, pid, 'accepted' AS status FROM '{truth}/links/*.parquet'",
        "employer_links": f"SELECT employer_id, tax_code, 'accepted' AS status FROM '{truth}/employer_links/*.parquet'",
        "worker_matches": f"""SELECT '{told[0].parent.name}' AS load_id, CAST(sure."row" AS BIGINT) AS row_id,
                sure.tax_code, sure.pid, 'accepted' AS status, one.month, one.income, one.insurance_deducted,
                one.months_covered, one.contract, one.contract_months
            FROM '{truth}/worker_links/*.parquet' AS sure
            JOIN (
                SELECT *, before.rows + _row - 1 AS at
                FROM read_parquet({[str(path) for path in told]}) JOIN before ON before.file = _file
            ) AS one ON sure."row" = one.at""",
    }
    made = {}
    for name, sql in selects.items():
        made[name] = [to / f"{name}.parquet"]
        duckdb.execute(f"COPY ({sql}) TO '{made[name][0]}'")
    return made


def findings_of(country: Path, home: Path, temp: Path, links: dict[str, list[Path]]) -> dict[str, list[Path]]:
    """Settle the dues and find; return the files of each table."""
    tables: dict[str, Any] = {name: store.current(home, name) for name in REGISTERS} | links
    first, last = duckdb.execute(
        f"SELECT min(month), max(month) FROM read_parquet({[str(path) for path in tables['declarations']]})"
    ).fetchone() or (date.min, date.min)
    as_of = duckdb.execute(f"SELECT max(as_of) FROM '{country}/truth/charges/*.parquet'").fetchone()[0]
    with DuckDB(memory="4GiB", threads=2, temp=temp / "spill") as engine:
        sums = temp / "sums.parquet"
        worker_months.sums(engine, tables["declarations"], tables["employers"], sums, spells=tables["spells"])
        settled = settle(
            engine, sums=[sums], employers=tables["employers"], payments=tables["payments"], notices=tables["notices"],
            as_of=as_of, out=temp / "settled",
        )  # fmt: skip
        tables |= {"dues": list(settled.dues), "charges": list(settled.charges), "steps": list(settled.steps)}
        begun = resource.getrusage(resource.RUSAGE_SELF)
        (temp / "steps").mkdir()
        rows = find(
            Case(engine, tables, first, last, as_of, book(), b"k" * 32, temp / "steps"),
            lambda name: _folder(temp / "out" / name),
        )
        ended = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{rows}; CPU {ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime:.1f} s\n")
    return {name: sorted((temp / "out" / name).glob("*.parquet")) for name in rows}


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def compare(country: Path, found: list[Path], examples: int) -> list[tuple[Any, ...]]:
    """Print precision and recall by kind, near misses that came out, and examples; return the rows."""
    con = duckdb.connect()
    con.execute("SET threads = 2")
    files = [str(path) for path in found]
    con.execute(
        f"CREATE TABLE f AS SELECT row_number() OVER () AS n, *, {SUBJECT.format(why='reason')} AS s "
        f"FROM read_parquet({files}) WHERE status = 'open'"
    )
    truth = country / "truth"
    con.execute(
        f"CREATE TABLE t AS SELECT row_number() OVER () AS n, *, {SUBJECT.format(why='why')} AS s "
        f"FROM '{truth}/findings/*.parquet'"
    )
    # Who must join as an owner may not join the voluntary scheme (Law 41/2024/QH15 art. 2(4)).
    con.execute(
        "UPDATE t SET decidable = false WHERE kind = 'voluntary_candidate' "
        "AND pid IN (SELECT pid FROM t WHERE kind IN ('household_owner', 'unpaid_manager'))"
    )
    con.execute(
        f"CREATE TABLE m AS SELECT row_number() OVER () AS n, *, {SUBJECT.format(why='why')} AS s "
        f"FROM '{truth}/near_misses/*.parquet'"
    )
    hit = "f.kind = {0}.kind AND f.s = {0}.s AND f.from_month < {0}.to_month AND {0}.from_month < f.to_month"
    con.execute(f"CREATE TABLE fh AS SELECT DISTINCT f.n FROM f JOIN t ON {hit.format('t')}")
    con.execute(f"CREATE TABLE th AS SELECT DISTINCT t.n FROM f JOIN t ON {hit.format('t')}")
    con.execute(
        f"CREATE TABLE same AS SELECT DISTINCT t.n FROM f JOIN t ON {hit.format('t')} "
        "AND f.from_month = t.from_month AND f.to_month = t.to_month"
    )
    con.execute(
        f"CREATE TABLE mh AS SELECT DISTINCT m.n FROM f JOIN m ON {hit.format('m')} WHERE f.n NOT IN (SELECT n FROM fh)"
    )
    rows = con.execute("""
        SELECT k.kind,
            (SELECT count(*) FROM f WHERE f.kind = k.kind) AS found,
            (SELECT count(*) FROM f WHERE f.kind = k.kind AND f.n IN (SELECT n FROM fh)) AS right,
            (SELECT count(*) FROM t WHERE t.kind = k.kind AND decidable) AS truth,
            (SELECT count(*) FROM t WHERE t.kind = k.kind AND decidable AND t.n IN (SELECT n FROM th)) AS hit,
            (SELECT count(*) FROM t WHERE t.kind = k.kind AND decidable AND t.n IN (SELECT n FROM same)) AS same,
            (SELECT count(*) FROM m WHERE m.kind = k.kind) AS near,
            (SELECT count(*) FROM m WHERE m.kind = k.kind AND m.n IN (SELECT n FROM mh)) AS near_found
        FROM (SELECT DISTINCT kind FROM t UNION SELECT DISTINCT kind FROM f) AS k ORDER BY ALL""").fetchall()
    print("| Kind | Found | Precision | Decidable truth | Recall | Months alike | Near misses | Found of them |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind, n, right, true, hits, same, near, near_found in rows:
        print(
            f"| {kind} | {n} | {right / n if n else 0:.4f} | {true} | {hits / true if true else 1:.4f} | "
            f"{same / true if true else 1:.3f} | {near} | {near_found} |"
        )
    show = "pid, si_code, employer_id, tax_code, CAST(from_month AS VARCHAR), CAST(to_month AS VARCHAR), amount"
    for kind in [row[0] for row in rows] if examples else []:
        wrong = con.execute(
            f"SELECT reason, {show} FROM f WHERE kind = ? AND n NOT IN (SELECT n FROM fh) "
            f"ORDER BY hash(n) LIMIT {examples}",
            [kind],
        )
        for row in wrong.fetchall():
            print("wrong ", kind, *row)
        missed = con.execute(
            f"SELECT why, {show} FROM t WHERE kind = ? AND decidable AND n NOT IN (SELECT n FROM th) "
            f"ORDER BY hash(n) LIMIT {examples}",
            [kind],
        )
        for row in missed.fetchall():
            print("missed", kind, *row)
    return rows


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("country", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--links", type=Path)
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for what was found")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        temp = given.keep or Path(place)
        temp.mkdir(parents=True, exist_ok=True)
        if given.links:
            names = ("links", "employer_links", "worker_matches")
            links = {name: sorted((given.links / name).glob("*.parquet")) for name in names}
        else:
            links = true_links(given.country, given.home, temp)
        found = findings_of(given.country, given.home, temp, links)
        compare(given.country, found["findings"], given.examples)


if __name__ == "__main__":
    main()
