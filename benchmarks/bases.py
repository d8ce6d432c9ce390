"""What it costs to work out what is due: bases, sums by employer and fund, and all amounts, beside other engines.

python benchmarks/bases.py [--rows 10000000] [--openfisca PYTHON]

Each contender runs in a process of its own, over the same Parquet files; its sums by employer, month and fund must be
the same to the dong. NumPy and Polars do by hand, for these months, what the rules say; their code is no part of the
program. OpenFisca-Core is asked in the environment whose Python is given, else it is named as skipped.

`scan` reads the columns only: on a machine that others use, read the CPU seconds against it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FUNDS = ("due_si", "due_hi", "due_ui")
# The bases with the amounts summed, in one pass; "bases and sums" also writes the bases, in a pass of its own.
LIMITS = {"sums": 6.0, "amounts": 11.0}
GROUPS = ("a", "b", "i", "k", "l", "m", "đ")
LEVEL, REGIONS = 2_340_000, {"I": 5_310_000, "II": 4_730_000, "III": 4_140_000, "IV": 3_700_000}
# Ten-thousandths: sickness W and E, retirement W and E, accident, health W and E, unemployment W and E.
RATES = {
    "a": (0, 300, 800, 1400, 50, 150, 300, 100, 100),
    "b": (0, 300, 800, 1400, 50, 150, 300, 0, 0),
    "i": (0, 300, 800, 1400, 50, 150, 300, 100, 100),
    "k": (0, 300, 800, 1400, 0, 150, 300, 0, 0),
    "l": (0, 300, 800, 1400, 50, 150, 300, 100, 100),
    "m": (300, 0, 2200, 0, 0, 0, 0, 0, 0),
    "đ": (0, 0, 0, 2200, 50, 0, 0, 0, 0),
}
STOPS = ("a", "b", "i", "k")


def make(folder: Path, rows: int) -> None:
    """Write declarations of the first half of 2026, as a load stores them: by month, then by employer."""
    import duckdb

    groups = ", ".join(f"'{group}'" for group in ("a", "a", "a", "a", "a", *GROUPS))
    duckdb.execute(f"""COPY (SELECT CAST(DATE '2026-01-01' + to_months((i * 6 // {rows})::INTEGER) AS DATE) AS month,
        'DN' || lpad((i % ({rows} // 6 + 1) // 12)::VARCHAR, 8, '0') AS employer_id,
        (1000000000 + i)::VARCHAR AS si_code, [{groups}][1 + (hash(i * 7) % 12)::INTEGER] AS group_code,
        (1500000 + hash(i) % 60000000)::BIGINT AS wage,
        CASE WHEN hash(i * 3) % 20 = 0 THEN (hash(i) % 23)::BIGINT ELSE 0 END AS unpaid_days
        FROM range({rows}) t(i)) TO '{folder / "declarations.parquet"}'""")  # noqa: S608 (its own words)
    duckdb.execute(f"""COPY (SELECT 'DN' || lpad(i::VARCHAR, 8, '0') AS employer_id,
        ['I', 'II', 'III', 'IV'][1 + (hash(i) % 4)::INTEGER] AS region
        FROM range({rows} // 72 + 1) t(i)) TO '{folder / "employers.parquet"}'""")  # noqa: S608


# The contenders; each writes into the folder, and returns the file of its sums where it has them


def scan(folder: Path) -> Path | None:
    """Read the columns, compute nothing."""
    import duckdb

    columns = ("month", "employer_id", "group_code", "wage", "unpaid_days")
    sums = ", ".join(f"bit_xor(hash({column}))" for column in columns)
    duckdb.sql(f"SELECT {sums} FROM '{folder}/declarations.parquet'").fetchall()  # noqa: S608
    return None


def _ours(folder: Path, *what: str) -> Path:
    from baophu.engine import DuckDB
    from baophu.law import worker_months

    with DuckDB(memory="2GiB", threads=2, temp=folder / "temp") as engine:
        given = (engine, folder / "declarations.parquet", folder / "employers.parquet")
        for name in what:
            getattr(worker_months, name)(*given, folder / f"{name}.parquet")
    return folder / "sums.parquet"


def ours_both(folder: Path) -> Path:
    """The bases of each worker-month written, and the sums."""
    return _ours(folder, "bases", "sums")


def ours_sums(folder: Path) -> Path:
    """The sums only."""
    return _ours(folder, "sums")


def ours_amounts(folder: Path) -> Path | None:
    """All bases and amounts of each worker-month written."""
    _ours(folder, "amounts")
    return None


def in_numpy(folder: Path) -> Path:
    """By hand in NumPy: bases and amounts, all written; sums by NumPy too."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as parquet

    table = parquet.read_table(folder / "declarations.parquet")
    employers = parquet.read_table(folder / "employers.parquet")
    group = np.array(
        [GROUPS.index(one) for one in table["group_code"].combine_chunks().dictionary_encode().dictionary.to_pylist()]
    )
    group = group[table["group_code"].combine_chunks().dictionary_encode().indices.to_numpy()]
    code = table["employer_id"].combine_chunks().dictionary_encode()
    region_of = dict(zip(employers["employer_id"].to_pylist(), employers["region"].to_pylist(), strict=True))
    minimum = np.array([REGIONS[region_of[one]] for one in code.dictionary.to_pylist()])[code.indices.to_numpy()]
    wage, off = table["wage"].to_numpy(), table["unpaid_days"].to_numpy()
    outside = (group == GROUPS.index("l")) & (wage < LEVEL)
    stops = np.array([one in STOPS for one in GROUPS])[group] & (off >= 14)
    floor = np.maximum(wage, LEVEL)
    si = np.where(outside | stops, 0, np.minimum(floor, 20 * LEVEL))
    ui = np.where(outside | (off >= 14), 0, np.minimum(floor, 20 * minimum))
    rate = np.array([RATES[one] for one in GROUPS])
    parts = [((ui if n > 6 else si) * rate[group, n] + 5000) // 10000 for n in range(9)]
    names = [f"part_{n}" for n in range(9)]
    whole = {"employer_id": table["employer_id"], "month": table["month"], "si_code": table["si_code"]}
    parquet.write_table(
        pa.table({**whole, "si_base": si, "ui_base": ui, **dict(zip(names, parts, strict=True))}),
        folder / "numpy_all.parquet",
    )
    month = table["month"].cast(pa.int32()).to_numpy()
    first = np.unique(month)
    key = code.indices.to_numpy().astype(np.int64) * len(first) + np.searchsorted(first, month)
    held, at = np.unique(key, return_inverse=True)
    sums = {name: np.zeros(len(held), np.int64) for name in FUNDS}
    for name, chosen in zip(FUNDS, (range(5), range(5, 7), range(7, 9)), strict=True):
        np.add.at(sums[name], at, sum(parts[n] for n in chosen))
    out = pa.table(
        {
            "employer_id": code.dictionary.take(pa.array(held // len(first))),
            "month": pa.array(first[held % len(first)], pa.int32()).cast(pa.date32()),
            "participants": np.bincount(at),
            **sums,
        }
    )
    parquet.write_table(out, folder / "numpy.parquet")
    return folder / "numpy.parquet"


def in_polars(folder: Path) -> Path:
    """By hand in Polars: the sums only."""
    import polars as pl

    rate = pl.LazyFrame({"group_code": list(RATES), **{f"r{n}": [RATES[g][n] for g in RATES] for n in range(9)}})
    minimum = pl.LazyFrame({"region": list(REGIONS), "minimum": list(REGIONS.values())})
    employers = pl.scan_parquet(folder / "employers.parquet").join(minimum, on="region")
    rows = (
        pl.scan_parquet(folder / "declarations.parquet").join(employers, on="employer_id").join(rate, on="group_code")
    )
    group, wage, off = pl.col("group_code"), pl.col("wage"), pl.col("unpaid_days")
    outside = (group == "l") & (wage < LEVEL)
    floor = pl.max_horizontal(wage, pl.lit(LEVEL))
    rows = rows.with_columns(
        si=pl.when(outside | (group.is_in(STOPS) & (off >= 14)))
        .then(0)
        .otherwise(pl.min_horizontal(floor, pl.lit(20 * LEVEL))),
        ui=pl.when(outside | (off >= 14)).then(0).otherwise(pl.min_horizontal(floor, 20 * pl.col("minimum"))),
    )
    part = [(pl.col("ui" if n > 6 else "si") * pl.col(f"r{n}") + 5000) // 10000 for n in range(9)]
    rows.group_by("employer_id", "month").agg(
        participants=pl.len().cast(pl.Int64), due_si=sum(part[1:5], part[0]).sum(),
        due_hi=(part[5] + part[6]).sum(), due_ui=(part[7] + part[8]).sum(),
    ).sink_parquet(folder / "polars.parquet")  # fmt: skip
    return folder / "polars.parquet"


OPENFISCA = """
import sys, json, os, resource
import numpy as np, pyarrow.parquet as parquet
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
person = build_entity("person", "persons", "", is_person=True)
system = TaxBenefitSystem([person])
def variable(name, formula=None):
    body = {"value_type": float, "entity": person, "definition_period": DateUnit.MONTH}
    system.add_variable(type(name, (Variable,), {**body, **({"formula": formula} if formula else {})}))
variable("wage")
variable("si_base", lambda persons, period: np.minimum(np.maximum(persons("wage", period), 2340000), 46800000))
variable("worker_retirement", lambda persons, period: np.floor(persons("si_base", period) * 0.08 + 0.5))
variable("employer_retirement", lambda persons, period: np.floor(persons("si_base", period) * 0.14 + 0.5))
wage = parquet.read_table(sys.argv[1] + "/declarations.parquet", columns=["wage"])["wage"].to_numpy()
begun = sum(os.times()[:2])
simulation = SimulationBuilder().build_default_simulation(system, len(wage))
simulation.set_input("wage", "2026-01", wage.astype(np.float32))
found = [simulation.calculate(name, "2026-01") for name in ("worker_retirement", "employer_retirement")]
base = np.minimum(np.maximum(wage, 2340000), 46800000)
wrong = float((found[0].astype(np.int64) != (base * 800 + 5000) // 10000).mean())
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": sum(os.times()[:2]) - begun, "memory": memory, "wrong": wrong}))
"""

CONTENDERS = {
    "scan": scan,
    "bases and sums": ours_both,
    "sums": ours_sums,
    "amounts": ours_amounts,
    "NumPy, amounts and sums": in_numpy,
    "Polars, sums": in_polars,
}


def same_sums(files: dict[str, Path]) -> None:
    """Stop where two contenders do not owe the same."""
    import duckdb

    columns = ("employer_id", "month", "participants", *FUNDS)
    shown = ", ".join(columns)
    (first, file), *others = files.items()
    for name, other in others:
        differ = duckdb.sql(
            f"SELECT count(*) FROM ((SELECT {shown} FROM '{file}' EXCEPT ALL SELECT {shown} FROM '{other}')"  # noqa: S608
            f" UNION ALL (SELECT {shown} FROM '{other}' EXCEPT ALL SELECT {shown} FROM '{file}'))"
        ).fetchall()
        if differ != [(0,)]:
            sys.exit(f"{first} and {name} differ in {differ}")
    print(f"the same sums: {', '.join(files)}")


def measure(name: str, folder: Path) -> None:
    """Run one contender in this process and print what it took."""
    # What is loaded once a program is not counted, nor is the reading of the law's files.
    import duckdb  # noqa: F401
    import polars  # noqa: F401
    import pyarrow.compute  # noqa: F401
    import sqlglot  # noqa: F401

    from baophu.law import parameters, rules

    parameters.book(), rules.rules()

    begun = sum(os.times()[:2])
    file = CONTENDERS[name](folder)
    found = {"cpu": sum(os.times()[:2]) - begun, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    print(json.dumps({**found, "file": str(file) if file else None}))


def ask(*command: str) -> dict[str, Any]:
    """Run a command of its own process; return what it printed last."""
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(told.splitlines()[-1]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--openfisca", help="the Python of an environment with openfisca-core and pyarrow")
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        measure(asked.part[0], Path(asked.part[1]))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make(folder, asked.rows)
        print(f"{'':26} {'CPU s':>7} {'peak MB':>8} {'x scan':>7} {'limit':>6}")
        files, first = {}, 0.0
        for name in CONTENDERS:
            found = ask(sys.executable, __file__, "--part", name, place)
            first = first or found["cpu"]
            limit = LIMITS.get(name)
            against = f"{found['cpu'] / (limit * asked.rows / 10_000_000):6.2f}" if limit else ""
            print(
                f"{name:26} {found['cpu']:7.2f} {found['memory']:8.0f} {found['cpu'] / first:7.1f} {against}",
                flush=True,
            )
            if found["file"]:
                files[name] = Path(found["file"])
        same_sums(files)
        if asked.openfisca:
            found = ask(asked.openfisca, "-c", OPENFISCA, place)
            print(
                f"{'OpenFisca, two parts':26} {found['cpu']:7.2f} {found['memory']:8.0f}   wrong {found['wrong']:.1%}"
            )
        else:
            print("OpenFisca-Core: skipped, no --openfisca PYTHON was given")


if __name__ == "__main__":
    main()
