"""What is due for declared worker-months: bases, parts, and the sums that each employer owes to each fund.

The rules are compiled into one SELECT (`compiling`). A row that finds no place among employers and parameters stops the
step: nothing is written then. For one worker-month with its explanation see `explaining`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core.errors import BaophuError, Problem
from baophu.core.home import whole_file
from baophu.core.languages import Text
from baophu.engine import Engine, Outcome, run_step
from baophu.law.compiling import BASES, COUNTED, FUNDS, PARTS, ROW, SQL, Compiled, compile, rows_sql
from baophu.law.explaining import one, steps
from baophu.law.parameters import Book, book

if TYPE_CHECKING:
    from baophu.engine.steps import Input as Table
    from baophu.engine.steps import Progress

__all__ = [
    "BASES",
    "COUNTED",
    "FUNDS",
    "PARTS",
    "Compiled",
    "alike",
    "amounts",
    "bases",
    "by_worker",
    "compile",
    "one",
    "steps",
    "sums",
]


def bases(
    engine: Engine,
    declarations: Table,
    employers: Table,
    out: Path | None = None,
    *,
    spells: Table | None = None,
    reduced: Iterable[str] = (),
    law_book: Book | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Work out the bases of each declared worker-month, VND, and which bound counted (`COUNTED`; 0: nothing due).

    Columns: month, employer_id, si_code, si_base, hi_base, ui_base, si_base_counted, hi_base_counted,
    ui_base_counted; the order of the rows is not that of the declarations. `spells` tell which participants of group b
    take part in unemployment insurance (none without them), `reduced` names the employers that pay the reduced accident
    rate. BaophuError where a row cannot be placed: then nothing is written.
    """
    chosen = [*ROW, *(f"CAST({base} AS INTEGER) AS {base}" for base in BASES), *(f"{base}_counted" for base in BASES)]
    return _each(
        engine, ", ".join(chosen), BASES, _Given(declarations, employers, spells, reduced), out, law_book, progress
    )


def amounts(
    engine: Engine,
    declarations: Table,
    employers: Table,
    out: Path | None = None,
    *,
    spells: Table | None = None,
    reduced: Iterable[str] = (),
    law_book: Book | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Work out bases and all parts of each declared worker-month, VND; else like `bases`."""
    figures = (*BASES, *PARTS)
    chosen = ", ".join((*ROW, *(f"CAST({figure} AS INTEGER) AS {figure}" for figure in figures)))
    return _each(engine, chosen, figures, _Given(declarations, employers, spells, reduced), out, law_book, progress)


def by_worker(
    engine: Engine,
    declarations: Table,
    employers: Table,
    out: Path | None = None,
    *,
    spells: Table | None = None,
    reduced: Iterable[str] = (),
    law_book: Book | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Work out for each declared worker-month its bases, which bound counted, and what is due to each fund, VND.

    Columns: those of `bases`, then due_si, due_hi, due_ui; else like `bases`.
    """
    figures = (*BASES, *FUNDS)
    whole = (f"CAST({figure} AS INTEGER) AS {figure}" for figure in figures)
    chosen = ", ".join((*ROW, *whole, *(f"{base}_counted" for base in BASES)))
    return _each(engine, chosen, figures, _Given(declarations, employers, spells, reduced), out, law_book, progress)


def sums(
    engine: Engine,
    declarations: Table,
    employers: Table,
    out: Path | None = None,
    *,
    spells: Table | None = None,
    reduced: Iterable[str] = (),
    law_book: Book | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Work out what each employer owes for each month, by fund; else like `bases`.

    Columns: employer_id, month, participants (its declared worker-months), due_si, due_hi, due_ui, then si_people (the
    worker-months with a base of compulsory social insurance) and si_base (the sum of those bases); all BIGINT, VND.
    """
    funds = [f"CAST(sum({fund}) AS BIGINT) AS {fund}" for fund in FUNDS]
    based = (
        "CAST(count(CASE WHEN si_base > 0 THEN 1 END) AS BIGINT) AS si_people",
        "CAST(sum(si_base) AS BIGINT) AS si_base",
    )
    chosen = ", ".join(("employer_id", "month", "CAST(count(*) AS BIGINT) AS participants", *funds, *based))
    given = _Given(declarations, employers, spells, reduced)
    # In order, so that those who read a range of employers find it in few groups of rows.
    tail = "GROUP BY employer_id, month ORDER BY employer_id"
    return _each(engine, chosen, ("si_base", *FUNDS), given, out, law_book, progress, tail)


def alike(
    engine: Engine,
    declarations: Table,
    employers: Table,
    *,
    spells: Table | None = None,
    law_book: Book | None = None,
) -> Outcome:
    """Work out what each employer owes for each month, by those of one group whose bases came about alike.

    Columns: employer_id, month, group_code, which bound counted for each base, participants, the sums of bases and
    dues, VND, and the least wage and the least unpaid days among them; else like `bases`.
    """
    figures = (*BASES, *FUNDS)
    keys = ("employer_id", "month", "group_code", *(f"{base}_counted" for base in BASES))
    summed = (f"CAST(sum({figure}) AS BIGINT) AS {figure}" for figure in figures)
    least = (f"CAST(min({name}) AS BIGINT) AS {name}" for name in ("wage", "unpaid_days"))
    chosen = ", ".join((*keys, "CAST(count(*) AS BIGINT) AS participants", *summed, *least))
    given = _Given(declarations, employers, spells, ())
    return _each(engine, chosen, figures, given, None, law_book, None, f"GROUP BY {', '.join(keys)}")


@dataclass(frozen=True, slots=True)
class _Given:
    declarations: Table
    employers: Table
    spells: Table | None
    reduced: Iterable[str]

    def tables(self, engine: Engine) -> dict[str, Table]:
        """Return the inputs of the SELECT of rows."""
        import pyarrow as pa  # type: ignore[import-untyped]

        members = {}
        if self.spells is not None:
            given = {"declarations": self.declarations, "spells": self.spells}
            members["ui_members"] = run_step(engine, SQL / "ui_members.sql", given).arrow()
        return {
            "declarations": self.declarations,
            "employers": self.employers,
            "reduced": pa.table({"employer_id": pa.array(sorted(set(self.reduced)), pa.string())}),
            **members,
        }


def _each(
    engine: Engine,
    chosen: str,
    figures: Sequence[str],
    given: _Given,
    out: Path | None,
    law_book: Book | None,
    progress: Progress | None,
    tail: str = "",
) -> Outcome:
    declared = _declared(engine, given.declarations)
    compiled = compile(law_book or book(), declared, figures)
    tables = {**given.tables(engine), "grid": compiled.grid}
    sql = compiled.select(chosen, rows_sql(spells=given.spells is not None), tail)
    if out is None:
        done = run_step(engine, sql, tables, progress=progress)
        _all_placed(engine, done, sum(declared.values()), tables)
        return done
    with whole_file(out) as part:
        done = run_step(engine, sql, tables, out=part, progress=progress)
        _all_placed(engine, done, sum(declared.values()), tables)
    return Outcome(done.step, done.engine, done.rows, done.seconds, out)


def _declared(engine: Engine, declarations: Table) -> dict[date, int]:
    """Return how many worker-months each month has; BaophuError where some cannot be computed, or there is none."""
    rows = run_step(engine, SQL / "checked.sql", {"declarations": declarations}).arrow().to_pylist()
    empty = sum(row["empty"] for row in rows)
    if empty or not rows:
        raise BaophuError(
            Text(
                f"Kê khai không tính được: {empty} dòng thiếu tiền lương hoặc số ngày nghỉ.",
                f"The declarations cannot be computed: {empty} rows lack wage or unpaid days.",
            )
            if rows
            else Text("Không có kê khai nào.", "There are no declarations."),
            Text("Nạp lại kê khai.", "Load the declarations again."),
        )
    return {row["month"]: row["declared"] for row in sorted(rows, key=lambda row: row["month"])}


def _all_placed(engine: Engine, done: Outcome, declared: int, tables: Mapping[str, Table]) -> None:
    """Stop where rows were lost or doubled by the joins: least and greatest would hide a bound that is missing."""
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    found = done.rows
    if done.table is None and done.path is not None:
        import pyarrow.parquet as parquet  # type: ignore[import-untyped]

        if "participants" in parquet.read_schema(done.path).names:
            found = pc.sum(parquet.read_table(done.path, columns=["participants"])["participants"]).as_py() or 0
    elif done.table is not None and "participants" in done.table.column_names:
        found = pc.sum(done.table["participants"]).as_py() or 0
    if found == declared:
        return
    used = {name: tables[name] for name in ("declarations", "employers", "grid")}
    (why,) = run_step(engine, SQL / "unplaced.sql", used).arrow().to_pylist()
    words = {
        "no_employer": Text("đơn vị không có trong sổ đơn vị", "the employer is not in its register"),
        "employer_twice": Text("đơn vị có nhiều dòng trong sổ đơn vị", "the employer is in its register twice"),
        "no_region_or_group": Text("vùng lương hoặc nhóm không có trong danh sách", "no such region or group"),
    }
    raise BaophuError(
        Text(
            f"Có {declared} tháng-người kê khai nhưng tính được {found}; không có gì được ghi.",
            f"{declared} worker-months were declared but {found} came out; nothing was written.",
        ),
        Text("Sửa sổ đơn vị hoặc kê khai, rồi chạy lại.", "Mend employers or declarations, then run again."),
        [
            Problem(words[name], str(count), Text("dòng kê khai", "declared rows"))
            for name, count in why.items()
            if count
        ],
    )
