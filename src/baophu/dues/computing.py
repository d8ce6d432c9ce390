"""Dues, charges and next steps of all employers of a home, month by month in bounded memory, into a folder.

    <out>/dues/part-….parquet, charges/…, steps/…, collected/…   the results (`results.md`)
    <out>/dues.csv or dues.xlsx, …                  the same for a table calculation, where asked for
    <out>/manifest.json                             as of which day, from which loads, how many rows, the totals

The folder appears by one rename when all is done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu import __version__
from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.home import whole_folder
from baophu.core.languages import Text
from baophu.dues.registered import Registered
from baophu.dues.settling import SQL, Settled, settle
from baophu.engine import Engine, run_step
from baophu.law import worker_months

if TYPE_CHECKING:
    from baophu.law.parameters import Book

MANIFEST = "manifest.json"
RESULTS = ("dues", "charges", "steps", "collected")
# Of which the totals are made.
TOTALLED = ("dues", "charges", "steps")
RATE_MONTHS = 12
SHEET_ROWS = 1_048_575
# Told which step is at work, how much of it is done, how much there is.
Progress = Callable[[str, int, int], None]

STEPS = {
    "months": Text("Tính số phải đóng từng tháng", "Dues of each month"),
    "settling": Text("Trừ tiền đã đóng (%)", "Settling by payments (%)"),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """What came out, VND and employers. `late_*`: unpaid after the due date, by fund."""

    employers: int
    months: int
    due: int
    paid: int
    outstanding: int
    late_si: int
    late_hi: int
    late_ui: int
    due_of_rate: int
    rate_months: int
    employers_evasion: int
    employers_late: int
    employers_settled_late: int
    charge_late: int
    charge_evasion: int

    @property
    def late(self) -> int:
        """What is unpaid after its due date, all funds."""
        return self.late_si + self.late_hi + self.late_ui

    @property
    def late_rate(self) -> Fraction | None:
        """The late sums over what was due in the last twelve months declared; None where nothing was due.

        Late sums of SI, HI and UI over the sum due: the denominator that fits the published figures is that of a whole
        year, not what is due so far or was collected. Which twelve months: our choice.
        """
        return Fraction(self.late, self.due_of_rate) if self.due_of_rate else None

    @property
    def employers_in_time(self) -> int:
        """The employers of which nothing was ever late, as far as late days count."""
        return self.employers - self.employers_evasion - self.employers_late - self.employers_settled_late


@dataclass(frozen=True, slots=True)
class Computed:
    """Where the results lie, what they add up to, and whether spells told who takes part in unemployment insurance."""

    folder: Path
    totals: Totals
    spells: bool


def compute(
    engine: Engine,
    registered: Registered,
    as_of: date,
    out: Path,
    *,
    law: Book | None = None,
    export: Sequence[str] = (),
    progress: Progress | None = None,
) -> Computed:
    """Work out dues, charges and next steps of all months declared up to that of `as_of`; see above for the folder.

    Each month's worker-months are summed on their own, then employers are settled in ranges. BaophuError where `out`
    holds something, a register is missing, or a row has no place.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise BaophuError(
            Text(f"{out} đã có và không trống. Không ghi gì.", f"{out} is there and not empty. Nothing was written."),
            did_you_mean([f"--out {out.with_name(f'{out.name}-2')}"]),
        )
    months, employers, spells = registered.months(as_of), registered.needed("employers"), registered.files("spells")
    with whole_folder(out) as folder:
        sums = folder / "sums"
        sums.mkdir()
        files = []
        for number, month in enumerate(months):
            if progress:
                progress("months", number, len(months))
            if declared := registered.files("declarations", month):
                path = sums / f"{month:%Y-%m}.parquet"
                worker_months.sums(engine, declared, employers, path, spells=spells or None, law_book=law)
                files.append(path)
        if progress:
            progress("months", len(months), len(months))
        made = settle(
            engine,
            sums=files,
            employers=employers,
            payments=registered.optional("payments"),
            notices=registered.optional("notices"),
            as_of=as_of,
            out=folder,
            law=law,
            progress=(lambda part: progress("settling", round(part * 100), 100)) if progress else None,
        )
        totals = _totals(engine, made, as_of, months)
        for path in files:
            path.unlink()
        sums.rmdir()
        for form in export:
            for name in RESULTS:
                _exported(getattr(made, name), folder / f"{name}.{form}", form)
        _write_manifest(folder, registered, as_of, months, made, totals)
    return Computed(out, totals, bool(spells))


def _totals(engine: Engine, made: Settled, as_of: date, months: Sequence[date]) -> Totals:
    of_rate = months[-RATE_MONTHS:]
    inputs = {name: getattr(made, name) for name in TOTALLED}
    chosen = {"as_of": as_of, "rate_from": of_rate[0]}
    (found,) = run_step(engine, SQL / "totals.sql", inputs, chosen).arrow().to_pylist()
    return Totals(**found, months=len(months), rate_months=len(of_rate))


def _write_manifest(
    folder: Path, registered: Registered, as_of: date, months: Sequence[date], made: Settled, totals: Totals
) -> None:
    rate = totals.late_rate
    told: dict[str, Any] = {
        "program": __version__,
        "as_of": as_of.isoformat(),
        "known_on": registered.known_on.isoformat() if registered.known_on else None,
        "months": [f"{month:%Y-%m}" for month in months],
        "loads": registered.loads(),
        "rows": {name: made.rows[name] for name in RESULTS},
        "totals": {**asdict(totals), "late": totals.late, "late_rate": str(rate) if rate is not None else None},
    }
    (folder / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _exported(paths: Sequence[Path], out: Path, form: str) -> None:
    """Write one result for a table calculation, a part at a time. Employers are no persons: nothing is masked."""
    import polars as pl

    if form == "csv":
        # Excel takes a CSV file for UTF-8 only with the mark in front.
        pl.scan_parquet(list(paths)).sink_csv(out, include_bom=True)
        return
    from xlsxwriter.workbook import Workbook

    columns = pl.scan_parquet(paths[0]).collect_schema().names()
    with Workbook(str(out), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet, place = None, SHEET_ROWS
        for values in _rows(paths):
            if place == SHEET_ROWS:
                sheet, place = book.add_worksheet(), 0
                sheet.write_row(0, 0, columns)
            assert sheet is not None  # noqa: S101 (the first row makes it)
            place += 1
            for column, value in enumerate(values):
                if isinstance(value, date):
                    sheet.write_datetime(place, column, value, day)
                elif value is not None:
                    sheet.write(place, column, value)
        if sheet is None:
            book.add_worksheet().write_row(0, 0, columns)


def _rows(paths: Sequence[Path]) -> Iterator[tuple[Any, ...]]:
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    for path in paths:
        for batch in parquet.ParquetFile(path).iter_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
