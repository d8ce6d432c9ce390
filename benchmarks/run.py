"""A whole month's run: CPU seconds by step, memory, beside a plain scan of what it reads; the cost per person by size.

    python benchmarks/run.py --people 300000 1000000 [--keep FOLDER]
    python benchmarks/run.py --home HOME [--home HOME] --month 2026-10

A home that is given is not changed: its registers are linked into a home beside it, which goes at the end. Without one,
countries are generated and loaded (kept with --keep). Each measure is a process of its own. The limit is 6 minutes of
CPU and 8 GiB for 10 million people and one month.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

LIMIT_CPU, LIMIT_GIB, LIMIT_PEOPLE = 360, 8, 10_000_000


class Quiet:
    """Does not listen to what a run tells."""

    def began(self, *_: object) -> None:
        """Hear nothing."""

    at = ended = began


@dataclass(frozen=True)
class Country:
    """A loaded country and what its run took."""

    people: int
    run: dict[str, Any]
    again: dict[str, Any]
    scan: dict[str, Any]


def prepare(place: Path, people: int, months: int, month: date) -> Path:
    """Generate a country and load it; what is there already stays."""
    from baophu.nation.country import generate
    from baophu.registers.loading import load

    files, home = place / f"country-{people}", place / f"home-{people}"
    if not files.exists():
        generate(files, people, 3, months, month, "parquet")
    if not home.exists():
        load(sorted(path for path in files.glob("*/*.parquet") if path.parent.name != "truth"), home)
    return home


def linked(home: Path, to: Path) -> None:
    """Make a home with the registers of another: their files by hard links, records as copies; without results."""

    def bring(source: str, target: str) -> None:
        try:
            if not source.endswith(".parquet"):
                raise OSError
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    left_out = shutil.ignore_patterns("results", ".part-*")
    shutil.copytree(home, to, copy_function=bring, ignore=left_out)


def measure(what: str, home: Path, month: date, memory: int, threads: int | None) -> dict[str, Any]:
    """Run one measure in this process and return what it took."""
    found = scan(home) if what == "scan" else run(home, month, memory, threads)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    found["cpu"] = round(sum(one.ru_utime + one.ru_stime for one in used), 2)
    found["gib"] = round(used[0].ru_maxrss / 2**20, 2)
    return found


def run(home: Path, month: date, memory: int, threads: int | None) -> dict[str, Any]:
    """Run the month; return CPU seconds and rows by step, and by table what was read."""
    from baophu.run import run_month

    manifest = run_month(home, month, Quiet(), memory=memory, threads=threads).run
    steps: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for one in manifest.steps:
        name = " ".join(word for word in one.step.split() if not word[:1].isdigit())
        steps[name] += 0 if one.taken_from else one.cpu_seconds
        rows[name] += sum(file.rows for file in one.files)
    return {
        "steps": steps,
        "rows": rows,
        "inputs": sorted({read.table for read in manifest.inputs}),
        "not_done": [one.step for one in manifest.not_done],
        "seconds": manifest.seconds,
    }


def scan(home: Path) -> dict[str, Any]:
    """Read every column of what the last run read, once."""
    import duckdb

    from baophu.registers.store import current
    from baophu.results.store import runs

    tables = {read.table for read in runs(home)[-1].inputs}
    rows = 0
    with duckdb.connect() as connection:
        for table in sorted(tables):
            files = [str(path) for path in current(home, table)]
            names = [one[0] for one in connection.execute("DESCRIBE FROM read_parquet(?)", [files]).fetchall()]
            added = " + ".join(f'count("{name}")' for name in names)
            query = f"SELECT count(*), {added} FROM read_parquet(?)"  # noqa: S608 (columns' own names)
            rows += (connection.execute(query, [files]).fetchone() or (0,))[0]
    return {"rows": rows}


def apart(what: str, home: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Run a measure in a process of its own."""
    words = [sys.executable, __file__, "--measure", what, "--home", home, "--month", given.month]
    words += ["--memory", given.memory, *(["--threads", given.threads] if given.threads else [])]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def people_of(home: Path) -> int:
    """Return how many people are in a home's population register."""
    import pyarrow.parquet as parquet

    from baophu.registers.store import current

    return sum(parquet.read_metadata(path).num_rows for path in current(home, "population"))


def told(one: Country, memory: int) -> None:
    """Print what a run took."""
    limit = LIMIT_CPU * one.people / LIMIT_PEOPLE
    print(f"\n{one.people:,} people; {one.scan['rows']:,} rows read from {', '.join(one.run['inputs'])}")
    print(f"{'step':<16} {'CPU s':>8} {'rows':>12} {'CPU s a million rows':>22}")
    for name, seconds in one.run["steps"].items():
        rows = one.run["rows"][name]
        print(f"{name:<16} {seconds:>8.2f} {rows:>12,} {seconds / max(rows, 1) * 1e6:>22.1f}")
    print(
        f"{'beside the steps':<16} {one.run['cpu'] - sum(one.run['steps'].values()):>8.2f}   (start, hashes, summary)"
    )
    print(f"{'all':<16} {one.run['cpu']:>8.2f}   {one.run['cpu'] / limit:.2f} of the limit in proportion ({limit:.1f})")
    print(f"{'nothing changed':<16} {one.again['cpu']:>8.2f}   (all steps taken over)")
    print(f"{'plain scan':<16} {one.scan['cpu']:>8.2f}   the run is {one.run['cpu'] / one.scan['cpu']:.1f} times that")
    gib = one.run["gib"]
    print(f"peak RSS {gib} GiB: {gib * 2**30 / memory:.2f} of --memory, {gib / LIMIT_GIB:.2f} of {LIMIT_GIB} GiB")
    if one.run["not_done"]:
        print(f"not done: {', '.join(one.run['not_done'])}")


def main() -> None:
    """Measure each country, then hold the sizes against each other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[], help="sizes of countries to generate")
    parser.add_argument("--home", type=Path, action="append", default=[], help="a loaded home; may stand several times")
    parser.add_argument("--month", default="2026-10")
    parser.add_argument("--months", type=int, default=12, help="months that a generated country has")
    parser.add_argument("--memory", default="8GB")
    parser.add_argument("--threads", type=int, help="of the engine; else one a core")
    parser.add_argument("--keep", type=Path, help="folder for generated countries; else a temporary one")
    parser.add_argument("--measure", choices=["run", "scan"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    from baophu.engine.memory import read_memory

    month, memory = date.fromisoformat(f"{given.month}-01"), read_memory(given.memory)
    if given.measure:
        print(json.dumps(measure(given.measure, given.home[0], month, memory, given.threads)))
        return
    found = []
    with tempfile.TemporaryDirectory() as place:
        kept = given.keep or Path(place)
        homes = given.home + [prepare(kept, people, given.months, month) for people in given.people]
        for home in homes:
            with tempfile.TemporaryDirectory(dir=home.parent) as beside:
                linked(home, Path(beside) / "home")
                taken = [apart(what, Path(beside) / "home", given) for what in ("run", "run", "scan")]
            found.append(Country(people_of(home), *taken))
            told(found[-1], memory)
    found.sort(key=lambda one: one.people)
    if len(found) > 1:
        print()
        first = found[0].run["cpu"] / found[0].people
        for one in found:
            each = one.run["cpu"] / one.people
            share = f"{each / first:.2f} of the smallest's"
            print(f"{one.people:>12,} people: {each * 1e6:.1f} CPU s a million people, {share}")


if __name__ == "__main__":
    main()
