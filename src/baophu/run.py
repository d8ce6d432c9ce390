"""One month's pass through the loop: from the registers that came in to what an office is to do.

    registers ──> links: one person, one record
    registers ──> sums ──> dues, charges, next legal steps
    links, dues, registers ──> findings: who is missing, what is not paid
    links, registers ──> counts by area ──> forecasts, where they are asked for ──> progress, rankings

Each line is a step or a few (`results.steps`). A step that was done on the same inputs is taken over, one that lacks
something is left out and named, and a run that is killed goes on where it stopped (`results.doing`).
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from baophu.core.errors import BaophuError
from baophu.core.home import PART
from baophu.core.languages import Text
from baophu.core.months import last_day
from baophu.core.workdays import last_workday
from baophu.dues import steps as dues
from baophu.engine import DuckDB, Engine, Spark
from baophu.engine.duck import keep_freed_memory
from baophu.findings import outcomes
from baophu.findings import steps as findings
from baophu.findings.kinds import kinds
from baophu.indicators.counting import COUNTS
from baophu.indicators.measuring import INDICATORS
from baophu.law.parameters import book
from baophu.linkage import decisions
from baophu.linkage import steps as linkage
from baophu.results import store
from baophu.results.doing import Run, Watch
from baophu.results.steps import Step
from baophu.results.summary import Kind, Summary, summarise
from baophu.targets import snapshot
from baophu.targets.following import FOLLOWING
from baophu.targets.forecast import steps as forecasts

# DuckDB's share of the memory in percent; the rest is for what lies in Arrow tables between two steps, and for Python.
_ENGINE_SHARE = 65
# Below this the program itself, with the model of names, leaves the engine too little.
LEAST_MEMORY = 500 * 10**6


def run_month(
    home: Path,
    month: date,
    watch: Watch,
    *,
    as_of: date | None = None,
    memory: int,
    threads: int | None = None,
    engine: str = "duckdb",
    forecast: bool = False,
    relink: bool = False,
) -> Summary:
    """Run a month and return what came of it; with `forecast`, what is to come too, which takes some minutes.

    With `relink` all links are made anew, none of the last run is kept. `threads` are those of the engine, one for each
    core unless told: one alone takes a tenth less of the processor, and nearly twice the time.

    BaophuError where it cannot begin, or the disk does not take it.
    """
    with _told_when_stopped(), store.running(home), _engine(engine, home, memory, threads) as used:
        rest = memory * (100 - _ENGINE_SHARE) // 100
        run = Run(home, month, as_of or _last_payment(home, month), used, book(), rest, watch)
        _check(run)
        # What people decided stands at the desk; a home that was brought back has it there too.
        decisions.freeze(home)
        outcomes.freeze(home)
        snapshot.settle(home)
        run.begin()
        for step in steps(run, forecast, relink):
            run.do(step)
        provisional = _is_provisional(run)
        files = {table: run.files(table) for table in run.manifest(provisional).rows}
        summary = summarise(used, run.manifest(provisional), files, _kinds())
        done = run.finish(provisional, {"summary.json": summary.as_json(), "summary.md": summary.markdown()})
    return replace(summary, run=done)


def steps(run: Run, forecast: bool = False, relink: bool = False) -> Iterator[Step]:
    """Yield the steps of a month, in order."""
    last = min(run.month, run.as_of.replace(day=1))
    yield from linkage.steps(relink)
    yield from dues.steps([month for month in run.months("declarations") if month <= last])
    yield from findings.STEPS
    yield COUNTS
    yield INDICATORS
    if forecast:
        yield from forecasts.STEPS
    yield FOLLOWING


def _kinds() -> dict[str, Kind]:
    return {name: Kind(one.title, one.amount == "monthly") for name, one in kinds().items()}


def _last_payment(home: Path, month: date) -> date:
    """Return the day of the last payment loaded, not before the month begins; the month's end where there is none."""
    import polars as pl

    from baophu.registers.store import current

    files = current(home, "payments")
    if not files:
        return last_day(month)
    last = pl.scan_parquet(files).select(pl.col("paid_on").max()).collect().item()
    return max(last or month, month)


def _check(run: Run) -> None:
    """Refuse what cannot be run at all."""
    if run.as_of < run.month:
        raise BaophuError(
            Text(
                f"Ngày {run.as_of:%d/%m/%Y} ở trước tháng {run.month:%m/%Y}.",
                f"{run.as_of} is before the month {run.month:%Y-%m}.",
            ),
            Text("Chọn --as-of trong tháng ấy hoặc sau đó.", "Choose a day in that month or after it."),
        )
    every = {name.rstrip("?") for step in steps(run) for name in step.needs}
    if not any(run.loaded(table) for table in every):
        raise BaophuError(
            Text("Chưa nạp sổ nào. Không có gì để chạy.", "No register is loaded. There is nothing to run."),
            Text("Nạp trước: baophu load THƯ_MỤC", "Load first: baophu load FOLDER"),
        )


def _is_provisional(run: Run) -> bool:
    """Tell whether a month is not complete, and note why: it has not ended, or a monthly register lacks it."""
    ended = run.as_of >= last_workday(last_day(run.month))
    lacking = [table for table in ("declarations", "tax_income") if run.month not in run.months(table)]
    for table in lacking:
        months = run.months(table)
        known = Text(f", mới có đến {months[-1]:%m/%Y}", f", only up to {months[-1]:%Y-%m}") if months else Text("", "")
        run.note(
            Text(
                f"Sổ {table} chưa có tháng {run.month:%m/%Y}{known.vi}.",
                f"{table} has nothing of {run.month:%Y-%m}{known.en}.",
            )
        )
    return not ended or bool(lacking)


@contextmanager
def _told_when_stopped() -> Iterator[None]:
    """Put into words that the disk is full or gone, or that somebody stopped the run."""
    try:
        with _ended_like_ctrl_c():
            yield
    except KeyboardInterrupt as error:
        raise BaophuError(
            Text(
                "Lần chạy bị dừng theo yêu cầu. Các bước đã xong được giữ lại.",
                "The run was stopped on demand. The steps that were done are kept.",
            ),
            Text(
                "Chạy lại cùng lệnh; chương trình chạy tiếp từ bước đang dở.",
                "Call it again; it goes on at the step where it stopped.",
            ),
        ) from error
    except OSError as error:
        # In the system's own words: Arrow puts others before them.
        why = os.strerror(error.errno) if error.errno else str(error)
        raise BaophuError(
            Text(
                f"Lần chạy dừng giữa chừng: {why}. Các bước đã xong được giữ lại.",
                f"The run stopped: {why}. The steps that were done are kept.",
            ),
            Text(
                "Kiểm tra đĩa rồi chạy lại cùng lệnh; chương trình chạy tiếp từ bước đang dở.",
                "See to the disk and call it again; it goes on at the step where it stopped.",
            ),
        ) from error


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Take SIGTERM, by which a service is stopped, for Ctrl-C. Only a program's main thread hears signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _engine(name: str, home: Path, memory: int, threads: int | None) -> Iterator[Engine]:
    """Give the engine its share of the memory, and a folder of its own for what does not fit, emptied at the end."""
    temp = store.results(home) / f"{PART}spilled"
    shutil.rmtree(temp, ignore_errors=True)
    share = f"{memory * _ENGINE_SHARE // 100 // 2**20}MiB"
    try:
        if name == "duckdb":
            keep_freed_memory()
            begun: DuckDB | Spark = DuckDB(share, threads, temp)
        else:
            begun = Spark(temp, share.lower().replace("ib", ""), **({"cores": threads} if threads else {}))
        with begun as engine:
            yield engine
    finally:
        shutil.rmtree(temp, ignore_errors=True)
