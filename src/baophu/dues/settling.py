"""Payments to dues, oldest first: dues, charges, next legal steps of every employer, and what was collected by area.

Employers are settled in ranges of bounded memory.

The arithmetic stands in `sql/`: which money settled what, and when (`pieces.sql`), and what follows from it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError
from baophu.core.home import PART
from baophu.core.languages import Text
from baophu.core.months import month_of, months_later
from baophu.core.workdays import last_workday
from baophu.engine import Engine, Outcome, run_step

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.law.parameters import Book

SQL = Path(__file__).parent / "sql"
FUNDS = ("si", "hi", "ui")
# Each month of dues comes with about as many payments.
ROWS_AT_ONCE = 4_500_000
# As many payments as are put in order within the memory of a range.
PAYMENTS_AT_ONCE = 9_000_000

Files = Sequence[Path]
Input = Files | Path | Any


@dataclass(frozen=True, slots=True)
class Settled:
    """Where the results lie, a file a range of employers, or one of all areas, and how many rows they have."""

    dues: tuple[Path, ...]
    charges: tuple[Path, ...]
    steps: tuple[Path, ...]
    collected: tuple[Path, ...]
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Accounts:
    """What a settlement rests on: dues, payments and letters of employers, and the law's figures on a day."""

    sums: Input
    lines: pa.Table
    # The codes of areas, by their numbers in `lines`.
    areas: pa.Array
    due_dates: pa.Table
    paid_in: Input
    notices: Input
    terms: Mapping[str, Any]

    def pieces(self, engine: Engine, lines: pa.Table, keep: bool = False) -> Outcome:
        """Work out the pieces of the employers of some neighbouring lines; see `pieces.sql`."""
        given = {"sums": self.sums, "lines": lines, "due_dates": self.due_dates, "paid_in": self.paid_in}
        return self._run(engine, "pieces", given, lines, None, keep)

    def result(
        self, engine: Engine, name: str, lines: pa.Table, made_from: Input = None, out: Path | None = None
    ) -> Outcome:
        """Work out `dues`, `charges` or `collected` of these employers from their pieces, or `steps` from their dues.

        `made_from` are those, where the engine does not keep them.
        """
        source = "dues" if name == "steps" else "pieces"
        given = {"charges": {"lines": lines, "notices": self.notices}, "steps": {"notices": self.notices}}
        more = given.get(name, {"lines": lines})
        return self._run(engine, name, more if made_from is None else {**more, source: made_from}, lines, out)

    def _run(
        self,
        engine: Engine,
        name: str,
        given: Mapping[str, Any],
        lines: pa.Table,
        out: Path | None,
        keep: bool = False,
    ) -> Outcome:
        codes, numbers = lines["employer_id"], lines["line"]
        of_range = {
            "first": codes[0].as_py(), "last": codes[-1].as_py(),
            "first_line": numbers[0].as_py(), "last_line": numbers[-1].as_py(),
        }  # fmt: skip
        sql = SQL / f"{name}.sql"
        return run_step(engine, sql, given, _named(sql, {**self.terms, **of_range}), out=out, keep=keep)


def accounts(
    engine: Engine,
    *,
    sums: Input,
    employers: Input,
    payments: Input,
    notices: Input,
    as_of: date,
    law: Book,
    temp: Path | None = None,
) -> Accounts:
    """Number the employers that owe anything, and find the due dates and terms that hold on a day; see `settle`.

    What was paid in is put in the order of the employers, in files in `temp` where this is given.
    """
    lines = run_step(engine, SQL / "lines.sql", {"sums": sums, "employers": employers}).arrow().sort_by("line")
    areas = lines["area_code"].combine_chunks().dictionary_encode()
    lines = lines.append_column("area_no", areas.indices)
    paid_in = _paid_in(engine, payments, lines, as_of, temp)
    terms = {**fund_order(law), **charge_terms(law, as_of), "as_of": as_of}
    return Accounts(sums, lines, areas.dictionary, due_dates_of(law, _months(sums)), paid_in, notices, terms)


def settle(
    engine: Engine,
    *,
    sums: Files,
    employers: Input,
    payments: Input,
    notices: Input,
    as_of: date,
    out: Path,
    law: Book | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
    progress: Callable[[float], None] | None = None,
) -> Settled:
    """Settle all dues by the payments that came in by `as_of`, and write what comes of it under `out`.

    `dues`, `charges` and `steps` are of employers; `collected` is what was paid into each fund (`paid_si`, `paid_hi`,
    `paid_ui`, VND) by `area_code`, the employer's commune as its register has it, and by the `month` of payment.

    `sums` are the dues by employer and month, in VND (`employer_id`, `month`, `participants`, `due_si`, `due_hi`,
    `due_ui`); no month may lie after that of `as_of`. `employers` give the method of payment and the commune,
    `payments` and `notices` are the registers of that name; all as Parquet files or Arrow tables. Law 41/2024/QH15
    arts. 34, 38-41; Decree 274/2025/NĐ-CP. BaophuError where a row of the sums does not come out again.
    """
    from baophu.law.parameters import book

    law = law or book()
    rows = {"sums": _count(sums), "dues": 0, "charges": 0, "steps": 0}
    files: dict[str, list[Path]] = {"dues": [], "charges": [], "steps": []}
    collected: list[pa.Table] = []
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=PART, dir=out) as scratch:
        temp = Path(scratch)
        given = accounts(
            engine, sums=sums, employers=employers, payments=payments, notices=notices, as_of=as_of, law=law, temp=temp
        )
        ranges = list(_ranges(given.lines, max(1, -(-rows["sums"] // rows_at_once)), _group_ends(sums)))
        for number, lines in enumerate(ranges):
            given.pieces(engine, lines, keep=True)
            made = {name: out / name / f"part-{number:04d}.parquet" for name in files}
            for name, path in made.items():
                path.parent.mkdir(exist_ok=True)
                source = made["dues"] if name == "steps" else None
                rows[name] += given.result(engine, name, lines, source, path).rows
                files[name].append(path)
            collected.append(given.result(engine, "collected", lines).arrow())
            if progress:
                progress((number + 1) / len(ranges))
    if rows["dues"] != rows["sums"]:
        raise BaophuError(
            Text(
                f"{rows['sums']} dòng phải đóng thành {rows['dues']} dòng kết quả; không được mất hay thêm dòng nào.",
                f"{rows['sums']} rows of dues became {rows['dues']}; none may be lost or added.",
            ),
            Text(
                "Kiểm tra mỗi đơn vị chỉ có một dòng một tháng và không có tháng sau ngày tính.",
                "See that each employer has one row a month, and no month after the day of the settlement.",
            ),
        )
    path = out / "collected" / "part-0000.parquet"
    rows["collected"] = _write_collected(collected, given.areas, path)
    return Settled(tuple(files["dues"]), tuple(files["charges"]), tuple(files["steps"]), (path,), rows)


def _write_collected(parts: Sequence[pa.Table], areas: pa.Array, out: Path) -> int:
    """Add up what the ranges of employers collected, since an area has employers in many of them; return the rows."""
    import pyarrow as pa
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    funds = [f"paid_{fund}" for fund in FUNDS]
    whole = pa.concat_tables(parts).group_by(["area_no", "month_no"]).aggregate([(fund, "sum") for fund in funds])
    months = [month_of(number) for number in whole["month_no"].to_pylist()]
    columns = {
        "area_code": areas.take(whole["area_no"].combine_chunks()),
        "month": pa.array(months, pa.date32()),
        **{fund: whole[f"{fund}_sum"] for fund in funds},
    }
    out.parent.mkdir(exist_ok=True)
    ordered = pa.table(columns).sort_by([("area_code", "ascending"), ("month", "ascending")])
    parquet.write_table(ordered, out, compression="zstd")
    return int(ordered.num_rows)


def due_date(law: Book, month: date, pay_method: str) -> date:
    """Return the last day to pay a month's dues of an employer."""
    from baophu.law.due_dates import due_of_month

    return due_of_month(law, "employer", pay_method, month).day


def due_dates_of(law: Book, months: Sequence[date]) -> pa.Table:
    """Return a table of the due date of each month, a column for each method of payment."""
    import pyarrow as pa

    columns: dict[str, Any] = {"month": pa.array(list(months), pa.date32())}
    for method in ("monthly", "quarterly", "half_yearly"):
        columns[method] = pa.array([due_date(law, month, method) for month in months], pa.date32())
    return pa.table(columns)


def fund_order(law: Book) -> dict[str, int]:
    """Return for each pair of funds 1 where the first is paid after the second, from the switch `fund_order`."""
    order = law.switch("fund_order").split("_")
    return {
        f"{one}_after_{other}": int(order.index(one) > order.index(other))
        for one, other in (("si", "hi"), ("si", "ui"), ("hi", "ui"))
    }


def charge_terms(law: Book, as_of: date) -> dict[str, int | bool | date]:
    """Return the law's figures that charges and next steps are made of, as they hold on a day."""
    rate = law.value("daily_charge_rate", as_of)
    # The day from which a limit runs is its day 0, unless the switch makes it day 1.
    sooner = int(law.switch("start_day_counted") == "yes")
    days = {
        "grace_days": "unpaid_grace_days",
        "urging_days": "urging_days",
        "urged_from_days": "urged_from_day",
    }
    # Decree 274/2025 came into force after the law that it carries out; its days serve from the law's first day on.
    procedure = max(as_of, law.history("urging_review_last_day")[0].valid_from)
    demand_day = law.value("urging_review_last_day", procedure).amount
    list_day = law.value("urging_list_before_day", procedure).amount - 1
    quarter = date(as_of.year, (as_of.month - 1) // 3 * 3 + 1, 1)
    next_month, next_quarter = months_later(as_of, 1), months_later(quarter, 3)
    return {
        "rate": rate.value,
        "rate_scale": 10**rate.scale,
        "last_day": int(law.switch("charge_last_day_counted") == "yes"),
        "charge_hi": law.switch("health_charge") == "yes",
        "counts_from": law.value("late_rules_from", as_of).day
        if law.switch("charge_days_before_2025_07") == "not_counted"
        else date.min,
        **{name: law.value(parameter, as_of).amount - sooner for name, parameter in days.items()},
        "demand_on": _first_not_past(as_of, (as_of.replace(day=demand_day), next_month.replace(day=demand_day))),
        "list_on": _first_not_past(as_of, (quarter.replace(day=list_day), next_quarter.replace(day=list_day))),
    }


def _first_not_past(as_of: date, days: Sequence[date]) -> date:
    return next(day for day in map(last_workday, days) if day >= as_of)


def _named(sql: Path, terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that a step names, since DuckDB takes no others."""
    import re

    names = set(re.findall(r"\$(\w+)", re.sub(r"--.*", "", sql.read_text(encoding="utf-8"))))
    return {name: value for name, value in terms.items() if name in names}


def _months(sums: Input) -> list[date]:
    import polars as pl
    import pyarrow as pa

    if isinstance(sums, pa.Table):
        return sorted(set(sums["month"].to_pylist()))
    paths = [sums] if isinstance(sums, Path) else list(sums)
    return pl.scan_parquet(paths).select(pl.col("month").unique().sort()).collect()["month"].to_list()


def _count(files: Files) -> int:
    import pyarrow.parquet as parquet

    return sum(parquet.read_metadata(path).num_rows for path in files)


def _paid_in(engine: Engine, payments: Input, lines: pa.Table, as_of: date, temp: Path | None) -> Input:
    """Put payments in the order of the lines, a few files at a time: sorting all at once would not fit in memory."""
    sql, chosen = SQL / "paid_in.sql", {"as_of": as_of}
    if temp is None:
        return run_step(engine, sql, {"payments": payments, "lines": lines}, chosen).arrow()
    ordered: list[Path] = []
    for some in _few_at_once(payments) if isinstance(payments, Sequence) else [payments]:
        path = temp / f"paid_in-{len(ordered):04d}.parquet"
        run_step(engine, sql, {"payments": some, "lines": lines}, chosen, out=path)
        ordered.append(path)
    return ordered


def _few_at_once(files: Files) -> Iterator[Files]:
    """Yield the files in lots of at most `PAYMENTS_AT_ONCE` rows, or of one file."""
    lot: list[Path] = []
    for path in files:
        if lot and _count([*lot, path]) > PAYMENTS_AT_ONCE:
            yield lot
            lot = []
        lot.append(path)
    if lot:
        yield lot


def _group_ends(files: Files) -> pa.Array:
    """Return the last code of each row group of the largest of the sums' files."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    told = max((parquet.read_metadata(path) for path in files), key=lambda one: one.num_rows)
    place = told.schema.names.index("employer_id")
    known = (told.row_group(group).column(place).statistics for group in range(told.num_row_groups))
    return pa.array([one.max for one in known if one and one.has_min_max], pa.string())


def _ranges(lines: pa.Table, wanted: int, group_ends: pa.Array) -> Iterator[pa.Table]:
    """Yield the lines of each of about `wanted` ranges of employers.

    A range ends where a group of rows of the sums does, if one ends in it: a group in two ranges is read twice.
    """
    import polars as pl

    size = max(1, -(-len(lines) // wanted))
    places = pl.Series(lines["employer_id"]).search_sorted(pl.Series(group_ends), side="right")
    start = 0
    while start < len(lines):
        end = max((place for place in places if start < place <= start + size), default=start + size)
        yield lines.slice(start, end - start)
        start = end
