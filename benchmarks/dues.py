"""Payments to dues of many employers, with charges: CPU seconds and memory against their limits, and the same by hand.

python benchmarks/dues.py [--employers 1000000] [--months 36] [--threads 1] [--by-hand]

36 million dues (1 million employers, 36 months) with payments and charges have a limit of 110 CPU seconds and 1 GiB.
Other sizes get their share of the seconds. A second thread costs a tenth more CPU, for half the time. `--by-hand`
beside: two pointers a employer in compiled code, dues only, the floor that window functions are measured against; both
must agree on every dong.
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

LIMIT_SECONDS, LIMIT_ROWS, LIMIT_MIB = 110, 36_000_000, 1024
AS_OF = date(2026, 11, 22)


def make(folder: Path, employers: int, months: int) -> None:
    """Write dues, payments and letters: most employers pay each month in full, a twentieth late, some in part."""
    import duckdb
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as parquet

    con = duckdb.connect()
    rng = np.random.default_rng(1)
    codes = np.char.add("TZ", np.char.zfill(np.arange(employers).astype("U7"), 7))
    first = np.datetime64("2026-10") - months + 1
    workers = np.minimum(1 + rng.pareto(1.1, employers) * 3, 5000).astype(np.int64)
    behind = rng.random(employers) < 0.05
    cycle = rng.choice(["monthly", "quarterly", "half_yearly"], employers, p=[0.94, 0.04, 0.02])
    communes = np.char.zfill(np.random.default_rng(2).integers(1, 3_322, employers).astype("U5"), 5)
    parquet.write_table(
        pa.table({"employer_id": codes, "pay_method": cycle, "commune_code": communes}),
        folder / "employers.parquet",
        compression="zstd",
    )
    short = np.zeros(employers, np.int64)
    for n in range(months):
        month = (first + n).astype("datetime64[D]")
        si = workers * rng.integers(1_200_000, 2_000_000, employers)
        due = {"due_si": si, "due_hi": si * 45 // 255, "due_ui": si * 20 // 255}
        whole = sum(due.values())
        columns: dict[str, Any] = {"employer_id": codes, "month": np.full(employers, month), "participants": workers}
        sums = pa.table({**columns, **due})
        con.register("sums", sums)
        # As a run's own step writes them.
        kind = "FORMAT parquet, COMPRESSION lz4_raw, PARQUET_VERSION v2"
        con.execute(f"COPY (FROM sums) TO '{folder}/sums-{n:02d}.parquet' ({kind})")
        lag = np.where(behind, rng.integers(40, 120, employers), rng.integers(5, 28, employers))
        paid_on = (first + n + 1).astype("datetime64[D]") + lag
        part = behind & (rng.random(employers) < 0.5)
        amount = np.where(part, whole * rng.integers(50, 100, employers) // 100, whole + short)
        short = np.where(part, short + whole - amount, 0)
        comes = rng.random(employers) < np.where(behind, 0.9, 1)
        short = np.where(comes, short, short + amount)
        back = rng.random(employers) < 0.002
        short += np.where(back, whole // 10, 0)
        parquet.write_table(
            pa.table({
                "employer_id": np.concatenate([codes[comes], codes[back]]),
                "paid_on": np.concatenate([paid_on[comes], paid_on[back] + 9]),
                "amount": np.concatenate([amount[comes], -(whole[back] // 10)]),
            }).take(rng.permutation(int(comes.sum() + back.sum()))),
            folder / f"payments-{n:02d}.parquet", compression="zstd",
        )  # fmt: skip
        told = np.flatnonzero(behind)
        sent = (first + n + 2).astype("datetime64[D]") + rng.integers(3, 80, len(told))
        letters = {"employer_id": codes[told], "month": np.full(len(told), month), "sent_on": sent}
        parquet.write_table(pa.table(letters), folder / f"notices-{n:02d}.parquet")


def settle_all(folder: Path, threads: int) -> dict[str, Any]:
    """Settle by the program, and return what came of it."""
    import polars as pl

    from baophu.dues.settling import settle
    from baophu.engine import DuckDB

    with DuckDB(memory="450MiB", threads=threads, temp=folder / "temp") as engine:
        made = settle(
            engine,
            sums=sorted(folder.glob("sums-*.parquet")), employers=folder / "employers.parquet",
            payments=sorted(folder.glob("payments-*.parquet")), notices=sorted(folder.glob("notices-*.parquet")),
            as_of=AS_OF, out=folder / "out",
        )  # fmt: skip
    seconds = _cpu()
    dues = pl.scan_parquet(made.dues).select(pl.col("paid", "outstanding").sum()).collect().row(0)
    late = pl.scan_parquet(made.charges).select(pl.col("charge").sum()).collect().item()
    return {
        "seconds": seconds,
        "mib": _peak(),
        "rows": dict(made.rows),
        "paid": dues[0],
        "open": dues[1],
        "charge": late,
    }


def settle_by_hand(folder: Path, threads: int) -> dict[str, Any]:
    """Settle with two pointers in compiled code: what is paid and open, and nothing else."""
    import duckdb
    import numba
    import numpy as np

    @numba.njit(cache=False)
    def walk(ends, due, pay_ends, pay_day, pay_amount, cleared, paid):  # type: ignore[no-untyped-def]
        start = pay_start = 0
        for one in range(len(ends)):
            end, pay_end = ends[one], pay_ends[one]
            for at in range(pay_start + 1, pay_end):
                pay_amount[at] += pay_amount[at - 1]
            for at in range(pay_end - 2, pay_start - 1, -1):
                pay_amount[at] = min(pay_amount[at], pay_amount[at + 1])
            owed, at = 0, pay_start
            for row in range(start, end):
                before = owed
                owed += due[row]
                while at < pay_end and pay_amount[at] < owed:
                    at += 1
                cleared[row] = pay_day[at] if at < pay_end else -1
                money = owed if at < pay_end else (pay_amount[pay_end - 1] if pay_end > pay_start else 0)
                paid[row] = max(0, money - before)
            start, pay_start = end, pay_end

    con = duckdb.connect(config={"memory_limit": "450MiB", "threads": threads, "temp_directory": str(folder / "temp2")})
    con.from_parquet(f"{folder}/employers.parquet").create_view("employers")
    con.from_parquet(f"{folder}/sums-*.parquet").create_view("sums")
    con.from_parquet(f"{folder}/payments-*.parquet").create_view("payments")
    codes = con.execute("SELECT employer_id FROM employers ORDER BY 1").fetchnumpy()["employer_id"]
    paid_sum = open_sum = 0
    size = 125_000
    for first in range(0, len(codes), size):
        chosen = [codes[first], codes[min(first + size, len(codes)) - 1]]
        due = con.execute(
            "SELECT employer_id, due_si + due_hi + due_ui AS due FROM sums WHERE employer_id BETWEEN ? AND ? "
            "ORDER BY employer_id, month",
            chosen,
        ).fetchnumpy()
        money = con.execute(
            "SELECT employer_id, paid_on, sum(amount)::BIGINT AS amount FROM payments "
            "WHERE employer_id BETWEEN ? AND ? AND paid_on <= ? GROUP BY ALL ORDER BY employer_id, paid_on",
            [*chosen, AS_OF],
        ).fetchnumpy()
        part = codes[first : first + size].astype("U12")
        owner, payer = due["employer_id"].astype("U12"), money["employer_id"].astype("U12")
        ends, pay_ends = np.searchsorted(owner, part, "right"), np.searchsorted(payer, part, "right")
        cleared, paid = np.empty(len(owner), np.int64), np.empty(len(owner), np.int64)
        days = money["paid_on"].astype("datetime64[D]").astype(np.int64)
        walk(ends, due["due"], pay_ends, days, money["amount"].copy(), cleared, paid)
        paid_sum += int(paid.sum())
        open_sum += int((due["due"] - paid).sum())
    return {"seconds": _cpu(), "mib": _peak(), "paid": paid_sum, "open": open_sum}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Make the data, settle it in a process of its own, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--employers", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--by-hand", action="store_true")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help="a folder to keep the data in, and to use it again")
    given = parser.parse_args()
    if given.work:
        print(json.dumps({"settle": settle_all, "by_hand": settle_by_hand}[given.work](given.data, given.threads)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.data or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "employers.parquet").exists():
            make(folder, given.employers, given.months)
        found = {}
        for work in ("settle", *(["by_hand"] if given.by_hand else [])):
            done = subprocess.run(
                [sys.executable, __file__, "--work", work, "--data", folder, "--threads", str(given.threads)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            found[work] = json.loads(done.stdout)
    ours = found["settle"]
    rows = ours["rows"]["dues"]
    limit = LIMIT_SECONDS * rows / LIMIT_ROWS
    print(f"{rows:,} dues, {ours['rows']['charges']:,} charges, {ours['rows']['steps']:,} next steps")
    print(f"settle    {ours['seconds']:7.1f} CPU s  ({ours['seconds'] / limit:.2f} of the limit of {limit:.1f})")
    print(f"          {ours['mib']:7.0f} MiB    ({ours['mib'] / LIMIT_MIB:.2f} of the limit of {LIMIT_MIB})")
    if given.by_hand:
        hand = found["by_hand"]
        agree = (hand["paid"], hand["open"]) == (ours["paid"], ours["open"])
        print(f"by hand   {hand['seconds']:7.1f} CPU s  ({ours['seconds'] / hand['seconds']:.1f} x less; dues only)")
        print(f"          {hand['mib']:7.0f} MiB    sums {'agree' if agree else 'DIFFER'}")
        return 0 if agree else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
