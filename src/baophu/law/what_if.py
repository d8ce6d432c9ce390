"""What a reform changes for whom, and what it costs: the rules run by the law as it is and by the law with the reform.

Contributions: the declared worker-months go once through the rules of both laws (`compiling`), row by row, and only
sums leave that step. Voluntary insurance: `what_if_voluntary`. Nothing that comes out is about one person.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.home import PART
from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.core.numbers import short_date
from baophu.engine import DuckDB, Engine, run_step
from baophu.law.compiling import BASES, COUNTED, FUNDS, PARTS, ROW, SQL, Compiled, compile, rows_sql
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import YEAR
from baophu.law.reforms import Reform
from baophu.law.rules import rules
from baophu.law.what_if_voluntary import USED, Pair, Voluntary, compare_support
from baophu.law.worker_months import sums
from baophu.registers import store

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.engine.steps import Input as Table

BY = ("group_code", "region", "sector", "place")
TOTALS = ("worker_total", "employer_total", *FUNDS)
AMOUNTS = (*TOTALS, *PARTS)
BOUNDS = ("floor", "ceiling")
MOST_EMPLOYERS = 20
# An employer with fewer workers is not named: its sums would tell a person's wage.
LEAST_WORKERS = 5
MEMORY = "1GiB"

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Line:
    """The worker-months of one kind: how many, how many the reform touches, how many pay; sums, VND."""

    key: str
    participants: int
    affected: int
    paying: Pair
    amounts: Mapping[str, Pair]


@dataclass(frozen=True, slots=True)
class Spread:
    """How a change is spread over the `workers` whom it touches; VND a month. A tenth of them has `p10` or less."""

    part: str
    workers: int
    least: int
    p10: int
    median: int
    p90: int
    most: int


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer whose sums change."""

    employer_id: str
    sector: str
    place: str
    participants: int
    affected: int
    worker: Pair
    employer: Pair


@dataclass(frozen=True, slots=True)
class Contributions:
    """What a reform does to the contributions of one month.

    `bounds` counts worker-months newly at a bound and no longer at it, by base and bound; `unnamed` counts employers
    with a change that are not named, since they have fewer than `LEAST_WORKERS` workers.
    """

    total: Line
    by: Mapping[str, tuple[Line, ...]]
    bounds: Mapping[tuple[str, str], tuple[int, int]]
    spread: tuple[Spread, ...]
    employers: tuple[Employer, ...]
    unnamed: int


@dataclass(frozen=True, slots=True)
class MonthEffect:
    """What a reform does in one month of the registers; `law_month` is the month whose law was taken."""

    month: date
    law_month: date
    contributions: Contributions | None
    voluntary: Voluntary | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a reform does: month by month, which values could not be seen there, which registers were not loaded."""

    reform: Reform
    law: Book
    months: tuple[MonthEffect, ...]
    not_loaded: tuple[str, ...]
    unused: tuple[tuple[Value, Text], ...]
    warnings: tuple[Value, ...]


def what_if(
    home: Path,
    reform: Reform,
    law: Book,
    months: Iterable[date] = (),
    law_month: date | None = None,
    *,
    memory: str = MEMORY,
    threads: int | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Compare the law with and without a reform over the registers of a home.

    `months` are months of the registers, each its first day (default: the last one loaded). `law_month` takes the law
    of another month for them: what the reform of next year would do to the workers of today. BaophuError where nothing
    is loaded, or a month is not.
    """
    loaded = {name: store.current(home, name) for name in ("declarations", "employers", "spells", "voluntary")}
    not_loaded = tuple(name for name, files in loaded.items() if not files)
    if not loaded["voluntary"] and not (loaded["declarations"] and loaded["employers"]):
        raise BaophuError(
            Text("Chưa nạp kê khai và đơn vị, cũng chưa nạp người đóng tự nguyện: không có gì để tính.",
                 "Neither declarations with employers nor voluntary payments are loaded: there is nothing to compute."),
            Text("Nạp trước: baophu load THƯ_MỤC", "Load them first: baophu load FOLDER"),
        )  # fmt: skip
    laws = (law, reform.book(law))
    with (
        tempfile.TemporaryDirectory(prefix=PART, dir=home) as place,
        DuckDB(memory=memory, threads=threads, temp=Path(place) / "spill") as engine,
    ):
        chosen = _months(home, engine, loaded, months)
        used: set[str] = set()
        effects = []
        for number, month in enumerate(chosen):
            by_law = law_month or month
            contributions = voluntary = None
            if loaded["declarations"] and loaded["employers"]:
                given = {
                    "declarations": store.current(home, "declarations", month),
                    "employers": loaded["employers"],
                    **({"spells": loaded["spells"]} if loaded["spells"] else {}),
                }
                contributions, names = compare_contributions(engine, given, laws, month, by_law, Path(place))
                used |= names
            if loaded["voluntary"]:
                voluntary = compare_support(engine, loaded["voluntary"], provinces(), laws, month, by_law, Path(place))
            effects.append(MonthEffect(month, by_law, contributions, voluntary))
            if progress:
                progress((number + 1) / len(chosen))
    warnings = {
        value.label(): value
        for book in laws
        for names, months_asked in _asked(used, effects)
        for month in months_asked
        for value in book.warnings(month, names)
    }
    return WhatIf(
        reform,
        law,
        tuple(effects),
        not_loaded,
        tuple(_unused(reform, law, _asked(used, effects))),
        tuple(warnings.values()),
    )


def _months(
    home: Path, engine: Engine, loaded: Mapping[str, Sequence[Path]], asked: Iterable[date]
) -> tuple[date, ...]:
    """Return the months to compute: those asked, each of which must be loaded, or the last one."""
    held = sorted({file.month for one in store.standing(home, "declarations") for file in one.files if file.month})
    months = tuple(dict.fromkeys(month.replace(day=1) for month in asked))
    if not loaded["declarations"]:
        last = "SELECT CAST(date_trunc('month', max(paid_on)) AS DATE) AS month FROM voluntary"
        return months or (run_step(engine, last, {"voluntary": loaded["voluntary"]}).arrow()["month"][0].as_py(),)
    for month in months:
        if month not in held:
            raise BaophuError(
                Text(f"Kê khai tháng {month:%m/%Y} chưa được nạp.", f"No declarations of {month:%Y-%m} are loaded."),
                did_you_mean(f"--month {one:%Y-%m}" for one in sorted(held, key=lambda one: abs(one - month))[:2]),
            )
    return months or (held[-1],)


def provinces() -> pa.Table:
    """Return the province of each present commune: commune_code, place."""
    import pyarrow as pa

    from baophu.areas.units import tree

    communes = tree().communes
    return pa.table({"commune_code": [one.code for one in communes], "place": [one.parent for one in communes]})


def compare_contributions(
    engine: Engine,
    given: Mapping[str, Table],
    laws: tuple[Book, Book],
    month: date,
    law_month: date,
    temp: Path,
) -> tuple[Contributions, set[str]]:
    """Compare the contributions of one month by two laws; returns them, and the names of the parameters used.

    `given` are declarations of that month, employers and, where they are at hand, spells, as registers hold them. The
    law is that of `law_month`. `temp` is a folder for sums that lie between. BaophuError where a row finds no place.
    """
    import pyarrow as pa

    figures = (*BASES, *PARTS, *TOTALS)
    before, after = (compile(law, [law_month], figures) for law in laws)
    tables: dict[str, Table] = {
        **given,
        "before_grid": _of_month(before, month),
        "grid": _of_month(after, month),
        "reduced": pa.table({"employer_id": pa.array([], pa.string())}),
    }
    if "spells" in given:
        tables["ui_members"] = run_step(engine, SQL / "ui_members.sql", given).arrow()
    rows = _both(before, "spells" in given)
    cells, changes = temp / "cells.parquet", temp / "changes.parquet"
    keys = "employer_id, group_code, region"
    chosen = f"{keys}, {', '.join(f'{text} AS {name}' for name, text in _measures().items())}"
    run_step(engine, after.select(chosen, rows, f"GROUP BY {keys}"), tables, out=cells)
    run_step(engine, after.select(_CHANGES, rows, "GROUP BY worker_change, employer_change"), tables, out=changes)
    _check_rows(engine, given, cells)
    placed = temp / "placed.parquet"
    run_step(
        engine,
        SQL / "what_if_placed.sql",
        {"cells": cells, "employers": given["employers"], "provinces": provinces()},
        out=placed,
    )
    return _found(engine, placed, changes), _names(laws[0], before)


_CHANGES = """
worker_total - before_worker_total AS worker_change, employer_total - before_employer_total AS employer_change,
CAST(count(*) AS BIGINT) AS workers
""".strip()


def _both(before: Compiled, spells: bool) -> str:
    """Return the SELECT of the worker-months with all figures of the law before, as `before_<figure>`."""
    columns = [*ROW, *(one.name for one in rules().inputs.values() if one.source and one.name not in ROW)]
    figures = [*AMOUNTS, *(f"{base}_counted" for base in BASES)]
    chosen = ", ".join([*columns, *(f"{name} AS before_{name}" for name in figures)])
    return _renamed(before.select(chosen, rows_sql(spells)))


def _renamed(select: str) -> str:
    """Return a SELECT whose steps and grid are called `before_…`: Spark knows no two steps of one name in a query."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(select, read="duckdb")
    steps = [step.alias for step in tree.find_all(exp.CTE)]
    for table in tree.find_all(exp.Table):
        if table.name in (*steps, "grid"):
            table.set("this", exp.to_identifier(f"before_{table.name}"))
    for step in tree.find_all(exp.CTE):
        step.set("alias", exp.TableAlias(this=exp.to_identifier(f"before_{step.alias}")))
    return tree.sql(dialect="duckdb")


def _of_month(compiled: Compiled, month: date) -> pa.Table:
    """Return the grid of one month's law as that of the month in which the rows stand."""
    import pyarrow as pa

    grid = compiled.grid
    column = pa.array([month] * grid.num_rows, pa.date32())
    return grid.set_column(grid.column_names.index("month"), "month", column)


def _measures() -> dict[str, str]:
    """Return the sums that are taken of each employer, group and region: name -> SQL."""
    touched = " OR ".join(f"before_{part} <> {part}" for part in PARTS)
    found = {
        "participants": _count(),
        "affected": _count(touched),
        "before_paying": _count("before_worker_total + before_employer_total > 0"),
        "after_paying": _count("worker_total + employer_total > 0"),
    }
    for name in AMOUNTS:
        found[f"before_{name}"] = f"CAST(sum(before_{name}) AS BIGINT)"
        found[f"after_{name}"] = f"CAST(sum({name}) AS BIGINT)"
    for base in BASES:
        for bound in BOUNDS:
            was, now = (f"{column} = {COUNTED[bound]}" for column in (f"before_{base}_counted", f"{base}_counted"))
            found[f"newly_{base}_{bound}"] = _count(f"{now} AND NOT {was}")
            found[f"left_{base}_{bound}"] = _count(f"{was} AND NOT {now}")
    return found


def _count(condition: str = "") -> str:
    return f"CAST(count(*){f' FILTER (WHERE {condition})' if condition else ''} AS BIGINT)"


def _check_rows(engine: Engine, given: Mapping[str, Table], cells: Path) -> None:
    """Stop where a row was lost, doubled or empty; the real computation says which, and how to mend it."""
    checked = run_step(engine, SQL / "checked.sql", {"declarations": given["declarations"]}).arrow().to_pylist()
    counted = run_step(engine, "SELECT CAST(sum(participants) AS BIGINT) AS found FROM cells", {"cells": cells}).arrow()
    if any(row["empty"] for row in checked) or counted["found"][0].as_py() != sum(row["declared"] for row in checked):
        sums(engine, given["declarations"], given["employers"], spells=given.get("spells"))


def _found(engine: Engine, placed: Path, changes: Path) -> Contributions:
    """Sum what was found, by each way of parting it."""
    added = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in _measures())
    cells = {"cells": placed}

    def rows(key: str) -> list[dict[str, Any]]:
        select = f"SELECT {key} AS key, {added} FROM cells GROUP BY {key}"  # noqa: S608 (names of ours)
        return sorted(run_step(engine, select, cells).arrow().to_pylist(), key=lambda row: str(row["key"]))

    by = {key: rows(key) for key in BY}
    whole = {name: sum(row[name] for row in by["region"]) for name in _measures()}
    spread = run_step(engine, SQL / "what_if_spread.sql", {"changes": changes}).arrow().to_pylist()
    order = ("worker", "employer", "both")
    limits = {"least_workers": LEAST_WORKERS, "most": MOST_EMPLOYERS}
    changed = run_step(engine, SQL / "what_if_employers.sql", cells, limits).arrow().to_pylist()
    return Contributions(
        total=_line({"key": "", **whole}),
        by={key: tuple(map(_line, found)) for key, found in by.items()},
        bounds={
            (base, bound): (whole[f"newly_{base}_{bound}"], whole[f"left_{base}_{bound}"])
            for base in BASES
            for bound in BOUNDS
        },
        spread=tuple(Spread(**row) for row in sorted(spread, key=lambda row: order.index(row["part"]))),
        employers=tuple(_employer(row) for row in sorted(changed, key=lambda row: row["rank"]) if row["named"]),
        unnamed=sum(row["employers"] for row in changed if not row["named"]),
    )


def _line(row: Mapping[str, Any]) -> Line:
    amounts = {name: Pair(row[f"before_{name}"], row[f"after_{name}"]) for name in AMOUNTS}
    paying = Pair(row["before_paying"], row["after_paying"])
    return Line(str(row["key"]), row["participants"], row["affected"], paying, amounts)


def _employer(row: Mapping[str, Any]) -> Employer:
    return Employer(
        employer_id=row["employer_id"],
        sector=row["sector"],
        place=row["place"],
        participants=row["participants"],
        affected=row["affected"],
        worker=Pair(row["before_worker"], row["after_worker"]),
        employer=Pair(row["before_employer"], row["after_employer"]),
    )


def _names(law: Book, compiled: Compiled) -> set[str]:
    """Return the parameters that stand in a grid."""
    columns = [column.removeprefix("p_") for column in compiled.grid.column_names if column.startswith("p_")]
    named = {name.replace(".", "_"): name for name in law.names()}
    return {named[column.partition("_group_")[0] if column not in named else column] for column in columns}


_Asked = list[tuple[list[str], list[date]]]


def _asked(contributions: Iterable[str], effects: Sequence[MonthEffect]) -> _Asked:
    """Return which parameters were asked for which months: voluntary insurance asks for twelve from each month on."""
    months = sorted({one.law_month for one in effects})
    ahead = {months_later(one.law_month, n) for one in effects if one.voluntary for n in range(YEAR)}
    return [(sorted(contributions), months), (sorted(USED), sorted(ahead))]


def _unused(reform: Reform, law: Book, asked: _Asked) -> Iterable[tuple[Value, Text]]:
    """Yield the values that change nothing in what was computed, and why."""
    for value in reform.values:
        months = {month for names, asked_for in asked if value.name in names for month in asked_for}
        in_force = [month for month in sorted(months) if value.holds(month)]
        if not months:
            yield value, NOT_COMPUTED
        elif not in_force:
            yield value, NOT_IN_FORCE.fill(vi=short_date(value.valid_from, "vi"), en=short_date(value.valid_from, "en"))
        elif all(_same(value, law.find(value.name, month, **value.dims)) for month in in_force):
            yield value, AS_NOW


NOT_COMPUTED = Text(
    "không dùng trong số đóng bắt buộc và hỗ trợ đóng tự nguyện, nên không tính ở đây",
    "is not used in compulsory contributions or voluntary support, so nothing is computed of it here",
)
NOT_IN_FORCE = Text(
    "có hiệu lực từ {vi}, ngoài các tháng được tính (xem --law-of)",
    "holds from {en}, outside the months computed (see --law-of)",
)
AS_NOW = Text("bằng giá trị hiện hành", "is what holds now")


def _same(value: Value, now: Value | None) -> bool:
    return now is not None and now.fraction == value.fraction and now.option == value.option
