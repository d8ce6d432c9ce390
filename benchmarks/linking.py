"""Linking participants to persons: CPU seconds and memory beside a plain scan of the two files, and right links.

    python benchmarks/linking.py --people 300000 1000000 10000000
    python benchmarks/linking.py --people 1000000 --month 1 10 50
    python benchmarks/linking.py --people 300000 1000000 --splink

A country is generated and loaded for each size (minutes for the largest, kept with --keep FOLDER), each measure runs
in a process of its own. The limit is 180 CPU seconds and 6 GiB for 10 million to 10 million.
With --month the country is linked after another month, in which so many percent of the rows of both registers were not
there or said something else, beside linking it anew. With --splink Splink alone, with its ready-made comparisons and
its own training, links the same two registers (from 1 million people on this takes minutes).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

LIMIT_CPU, LIMIT_GIB, LIMIT_PEOPLE = 180, 6, 10_000_000
TABLES = ("population", "participants")
# Pairs that Splink alone compares; family and given name alone would be a thousand million of them in one million.
SPLINK_RULES = [("given", "dob"), ("family", "given", "place"), ("dob", "place")]


def prepare(place: Path, people: int) -> tuple[Path, Path]:
    """Generate a country and load its two registers of people; what is there already stays."""
    from baophu.nation.country import generate
    from baophu.registers.loading import load

    files, home = place / f"country-{people}", place / f"home-{people}"
    if not files.exists():
        generate(files, people, 3, 1, date(2026, 10, 1), "parquet")
    if not home.exists():
        load([path for name in TABLES for path in sorted((files / name).glob("*.parquet"))], home)
    return files, home


def month_before(place: Path, home: Path, percent: int) -> None:
    """Write both registers as they were a month before: a third of `percent` of the rows lacking, a third of another
    commune, a third of another day of birth or, of participants, with a number less.
    """
    import duckdb

    from baophu.registers.store import current

    with duckdb.connect() as connection:
        for table in TABLES:
            files = [str(path) for path in current(home, table)]
            changed = {
                "commune_code": (100, 200, "'00004'"),
                "birth_date": (200, 250, "birth_date + 1"),
                "pid_number": (250, 300, "NULL" if table == "participants" else "pid_number"),
            }
            columns = ", ".join(
                f"CASE WHEN luck BETWEEN {percent * low} AND {percent * high - 1} THEN {said} ELSE {name} END AS {name}"
                for name, (low, high, said) in changed.items()
            )
            connection.execute(
                f"""COPY (
                    SELECT * EXCLUDE (luck) REPLACE ({columns})
                    FROM (SELECT *, hash(full_name, birth_date, commune_code, '{table}') % 30000 AS luck
                        FROM read_parquet({files!r}))
                    WHERE luck >= {percent * 100}
                ) TO '{place / table}.parquet'"""  # noqa: S608
            )


def measure_month(home: Path, percent: int) -> dict[str, object]:
    """Link a country after a month and return what it took beyond the first month, and how many links were kept."""
    from baophu.engine import DuckDB
    from baophu.linkage.persons import link_persons
    from baophu.registers.store import current

    with tempfile.TemporaryDirectory() as name, DuckDB("3GiB", temp=Path(name) / "spilled") as engine:
        place = Path(name)
        month_before(place, home, percent)

        def link(registers: list[list[Path]], month: str, last: list[Path]) -> tuple[float, int, int]:
            temp = place / month
            temp.mkdir()
            before = _cpu()
            done = link_persons(
                engine,
                *registers,
                links=place / f"{month}-links.parquet",
                review=temp / "review.parquet",
                state=temp / "link_state.parquet",
                last_state=last,
                temp=temp,
            )
            return round(_cpu() - before, 2), done.kept, done.compared

        now = [current(home, table) for table in ("participants", "population")]
        link([[place / "participants.parquet"], [place / "population.parquet"]], "first", [])
        anew, _, every = link(now, "anew", [])
        after, kept, compared = link(now, "after", [place / "first" / "link_state.parquet"])
        differ = _differ(place / "anew-links.parquet", place / "after-links.parquet")
    return {"anew": anew, "every": every, "after": after, "kept": kept, "compared": compared, "differ": differ}


def _differ(one: Path, other: Path) -> int:
    """Return how many links are not the same in two files, by person, rule and status."""
    import duckdb

    with duckdb.connect() as connection:
        for name, path in (("one", one), ("other", other)):
            columns = "si_code, pid, rule, status"
            connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM read_parquet('{path}')")  # noqa: S608
        ((found,),) = connection.execute(
            "SELECT count(*) FROM ((FROM one EXCEPT FROM other) UNION ALL (FROM other EXCEPT FROM one))"
        ).fetchall()
    return int(found)


def measure(what: str, files: Path, home: Path) -> dict[str, object]:
    """Run one measure in this process and return what it took."""
    if what.isdigit():
        return measure_month(home, int(what))
    if what == "splink":
        return measure_splink(files, home)
    from baophu.engine import DuckDB, run_step
    from baophu.linkage.persons import link_persons
    from baophu.registers.store import current

    registers = {name: current(home, name) for name in TABLES}
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as place, DuckDB("3GiB", temp=Path(place) / "spilled") as engine:
        before = _cpu()
        if what == "scan":
            columns = (
                "full_key, set_key, family_key, given_key, pid_number, old_id_number, birth_date, commune_code, sex"
            )
            added = " + ".join(f"count({name.strip()})" for name in columns.split(","))
            for table in TABLES:
                run_step(engine, f"SELECT {added} AS cells FROM {table}", {table: registers[table]})  # noqa: S608
        else:
            links = Path(place) / "links.parquet"
            review, temp = Path(place) / "review.parquet", Path(place) / "temp"
            temp.mkdir()
            link_persons(
                engine, registers["participants"], registers["population"], links=links, review=review, temp=temp
            )
        found["cpu"] = round(_cpu() - before, 1)
        found["gib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
        if what == "link":
            found["rules"] = _rules(links, files, registers["participants"])
            found["missed"] = _missed(links, files, registers)
    return found


def measure_splink(files: Path, home: Path) -> dict[str, object]:
    """Link with Splink alone; return what it took, how many links it gave, and how many are false."""
    import duckdb
    from splink_alone import splinks

    from baophu.registers.store import current

    columns = "full_name, birth_date, commune_code, sex, pid_number"
    with duckdb.connect() as connection:

        def table(name: str, key: str) -> Any:
            given = [str(path) for path in current(home, name)]
            return connection.execute(f"SELECT {key}, {columns} FROM read_parquet(?)", [given]).df().set_index(key)  # noqa: S608

        participants, population = table("participants", "si_code"), table("population", "pid")
        before = _cpu()
        best = splinks(participants, population, SPLINK_RULES)
        took: dict[str, object] = {"cpu": round(_cpu() - before, 1)}
        took["gib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
        connection.register("best", best)
        connection.execute(f"CREATE VIEW truth AS FROM read_parquet('{files}/truth/links/*.parquet')")
        took["links"] = connection.execute(
            "SELECT least, count(*), count(*) FILTER (best.at <> truth.pid) "
            "FROM best JOIN truth ON truth.si_code = best.si "
            "JOIN (VALUES (0.5e0), (0.999e0)) AS from_score(least) ON best.score >= least GROUP BY least ORDER BY least"
        ).fetchall()
    return {**took, "every": len(participants)}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _rules(links: Path, files: Path, participants: list[Path]) -> list[tuple[str, str, int, int]]:
    """Return by status and rule how many links, and how many are false; last the share of all found."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW links AS FROM read_parquet('{links}')")
        connection.execute(f"CREATE VIEW truth AS FROM read_parquet('{files}/truth/links/*.parquet')")
        rows = connection.execute(
            "SELECT status, rule, count(*), count(*) FILTER (links.pid <> truth.pid) "
            "FROM links JOIN truth USING (si_code) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        ((every,),) = connection.execute(
            "SELECT count(*) FROM read_parquet(?)", [[str(path) for path in participants]]
        ).fetchall()
    right = sum(number - false for status, _, number, false in rows if status == "accepted")
    return [*rows, ("recall", f"{right / every:.5f}", right, every)]


# Why a participant was not linked: what his record lacks or has otherwise than his person's.
_WHY = """
SELECT concat_ws(', ',
    CASE WHEN one.pid_number IS NULL AND one.old_id_number IS NULL THEN 'no number'
        WHEN one.pid_number <> other.pid_number THEN 'another number'
        WHEN one.pid_number IS NULL THEN 'an old card that is not his or not known' END,
    CASE WHEN one.full_key <> other.full_key THEN 'name' END,
    CASE WHEN one.birth_date IS DISTINCT FROM other.birth_date THEN 'birth' END,
    CASE WHEN one.sex IS DISTINCT FROM other.sex THEN 'sex' END,
    CASE WHEN one.commune_code IS DISTINCT FROM other.commune_code THEN 'commune' END) AS why, count(*) AS missed,
    count(*) FILTER (review.pid = truth.pid) AS first_for_review
FROM read_parquet($participants) AS one
JOIN truth USING (si_code)
JOIN read_parquet($population) AS other ON other.pid = truth.pid
LEFT JOIN (FROM links WHERE status = 'accepted') AS linked USING (si_code)
LEFT JOIN (FROM links WHERE status = 'review') AS review USING (si_code)
WHERE linked.si_code IS NULL
GROUP BY why ORDER BY missed DESC LIMIT 12
"""


def _missed(links: Path, files: Path, registers: dict[str, list[Path]]) -> list[tuple[str, int, int]]:
    """Return why participants were missed, how many, and for how many of them the likeliest person is the right one."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW links AS FROM read_parquet('{links}')")
        connection.execute(f"CREATE VIEW truth AS FROM read_parquet('{files}/truth/links/*.parquet')")
        return connection.execute(_WHY, {name: [str(path) for path in registers[name]] for name in TABLES}).fetchall()


def main() -> None:
    """Measure the sizes that were asked for and print them."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, nargs="+", default=[300_000, 1_000_000])
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--month", type=int, nargs="+", default=[], metavar="PERCENT")
    asked.add_argument("--splink", action="store_true")
    asked.add_argument("--measure", nargs=3, metavar=("WHAT", "FILES", "HOME"), help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.measure:
        what, files, home = given.measure
        print(json.dumps(measure(what, Path(files), Path(home))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        for people in given.people:
            files, home = prepare(given.keep or Path(temporary), people)
            for percent in given.month:
                _month(people, percent, _alone(f"{percent}", files, home))
            if given.month:
                continue
            took = {}
            for what in ("scan", "link"):
                took[what] = _alone(what, files, home)
            cpu, scan = took["link"]["cpu"], took["scan"]["cpu"]
            print(f"\n{people:,} people: {cpu} CPU s, {took['link']['gib']} GiB; scan {scan} CPU s, x {cpu / scan:.0f}")
            share = cpu / (LIMIT_CPU * people / LIMIT_PEOPLE)
            print(f"of the limit: CPU {share:.2f} (pro rata), memory {took['link']['gib'] / LIMIT_GIB:.2f}")
            print("  {:10} {:22} {:>11} {:>11} {:>24}".format("", "rule", "links", "false", "false of 10,000 at 95 %"))
            for status, rule, links, false in took["link"]["rules"]:
                print(f"  {status:10} {rule:22} {links:>11,} {false:>11,} {_interval(status, links, false):>24}")
            print("  missed: what differs from the person, how many, of them the person stands first for review")
            for why, missed, first in took["link"]["missed"]:
                print(f"  {why:60} {missed:>8,} {first:>8,}")
            if given.splink:
                _splink(_alone("splink", files, home), cpu)


def _alone(what: str, files: Path, home: Path) -> dict[str, Any]:
    """Run a measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", what, str(files), str(home)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _month(people: int, percent: int, took: dict[str, Any]) -> None:
    print(
        f"{people:,} people, {percent} % of the rows changed: anew {took['anew']} CPU s, after a month {took['after']} "
        f"(x {took['after'] / took['anew']:.2f}); of {took['every']:,} whom no number places {took['kept']:,} kept "
        f"their link, {took['compared']:,} were compared; {took['differ']} links differ"
    )


def _splink(took: dict[str, Any], ours: float) -> None:
    print(f"Splink alone: {took['cpu']} CPU s (x {took['cpu'] / ours:.0f} of ours), {took['gib']} GiB")
    for least, links, false in took["links"]:
        right = f"precision {1 - false / links:.5f}, recall {(links - false) / took['every']:.5f}"
        print(f"  from {least}: {links:,} links, {false:,} false; {right}")


def _interval(status: str, links: int, false: int) -> str:
    """Return between which shares of false links a rule lies, of 10,000, as far as so many links tell."""
    from baophu.linkage.reporting import wilson

    if status != "accepted":
        return ""
    low, high = wilson(false, links)
    return f"{low * 10_000:.2f} to {high * 10_000:.2f}"


if __name__ == "__main__":
    main()
