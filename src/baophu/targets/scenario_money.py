"""What voluntary payers cost the State and the place, month by month, by the law's own whole numbers.

The people, whoever they are, go through the statements of `law what-if` (Law 41/2024/QH15 arts 31, 36; Decree
159/2025/NĐ-CP art. 5). Newcomers are given one payment in the first month: a candidate with the least income and the
group of his finding, one who stopped with his last group and income and with the months that were supported before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.areas.units import Area, tree
from baophu.core.errors import BaophuError
from baophu.core.home import PART
from baophu.core.languages import Text
from baophu.core.months import last_day, months_between, months_later
from baophu.engine import DuckDB, Engine, run_step
from baophu.law.compiling import SQL
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import YEAR
from baophu.law.what_if_voluntary import SUPPORT_GROUPS, local_support, people_of, support_grid
from baophu.registers import store
from baophu.targets.scenario_file import LAPSED, Support

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa  # type: ignore[import-untyped]

SUMS = """
SELECT support_group, place, ahead, CAST(sum(persons) AS BIGINT) AS persons,
    CAST(sum(persons * own) AS BIGINT) AS own, CAST(sum(persons * state_support) AS BIGINT) AS state,
    CAST(sum(persons * local_support) AS BIGINT) AS local
FROM supported GROUP BY support_group, place, ahead
"""
_DECIMALS = 6
_REGISTER_WORDS = {law: register for register, law in SUPPORT_GROUPS.items()}

# Support group of the register, and province.
Stratum = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sums:
    """People of one stratum and what they all cost, by month from the first on; VND."""

    persons: int
    own: tuple[int, ...]
    state: tuple[int, ...]
    local: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Laws:
    """The law as it is, and with the support of the scenario."""

    before: Book
    after: Book


def laws_of(law: Book, measures: Sequence[object], area: Area, begins: date) -> Laws:
    """Return both laws; a scenario's support comes on top of that of each province of the area."""
    values = [value for one in measures if isinstance(one, Support) for value in _values(law, one, area, begins)]
    return Laws(law, law.overlay(values) if values else law)


def _values(law: Book, measure: Support, area: Area, begins: date) -> Iterator[Value]:
    """Yield the local support with what the scenario adds, of every group, as far as today's own changes in time."""
    usual = law.parameter("local_support").values[0]
    for place in provinces_of(area):
        held = [one for one in law.parameter("local_support").values if one.dims["place"] == place]
        changes = {day for one in held for day in (one.valid_from, one.valid_to) if day and day > begins}
        days = [begins, *sorted(changes)]
        for register, group in SUPPORT_GROUPS.items():
            extra = Fraction(measure.extra_support.get(group, Decimal(0)))  # type: ignore[call-overload]
            for first, last in zip(days, [*days[1:], None], strict=True):
                now = local_support(law, first, place, register)
                share = extra + (now.fraction if now else 0)
                yield replace(
                    usual,
                    dims={"place": place, "support_group": group},
                    value=int(share * 10**_DECIMALS),
                    scale=_DECIMALS,
                    valid_from=first,
                    valid_to=last,
                    basis="scenario",
                    source="scenario",
                    verified=False,
                    note=None,
                )


def provinces_of(area: Area) -> list[str]:
    """Return the provinces of an area, or the one that it lies in."""
    if area.level == "country":
        return [one.code for one in tree().children(area.code)]
    return [area.code if area.level == "province" else str(area.parent)]


class Money:
    """Works out the sums of one scenario; use as a context, since it keeps an engine and a folder."""

    def __init__(self, home: Path, laws: Laws, area: Area, begins: date, months: int) -> None:
        self.home, self.laws, self.area, self.begins, self.months = home, laws, area, begins, months
        self.register = store.current(home, "voluntary")

    def __enter__(self) -> Money:
        """Start the engine."""
        self._folder = tempfile.TemporaryDirectory(prefix=f"{PART}scenario-")
        self.temp = Path(self._folder.name)
        self._engine = DuckDB(memory="1GiB", temp=self.temp / "spill")
        self.engine: Engine = self._engine.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the engine and let go of what lay between."""
        self._engine.__exit__(None, None, None)
        self._folder.cleanup()

    def last_paid(self) -> date | None:
        """Return the month of the last voluntary payment; None where none is loaded."""
        if not self.register:
            return None
        select = "SELECT CAST(date_trunc('month', max(paid_on)) AS DATE) AS month FROM voluntary"
        found: date | None = run_step(self.engine, select, {"voluntary": self.register}).arrow()["month"][0].as_py()
        return found

    def present(self, month: date) -> tuple[dict[Stratum, Sums], dict[Stratum, Sums]] | None:
        """Return what those paid up in a month cost from the first month on, by both laws; None: nothing is loaded."""
        if not self.register:
            return None
        people = people_of(
            self.engine, self.register, self._communes(), self.laws.before, month, self.temp / "present.parquet"
        )
        shift = months_between(month, self.begins)
        return self._sums(people, self.laws.before, shift), self._sums(people, self.laws.after, shift)

    def newcomers(self, found: pl.DataFrame) -> tuple[dict[Stratum, Sums], dict[Stratum, Sums]]:
        """Return what people would cost if all of them paid from the first month on, by both laws."""
        payments = self.payments(found)
        people = people_of(
            self.engine, payments, self._communes(), self.laws.before, self.begins, self.temp / "new.parquet"
        )
        return self._sums(people, self.laws.before, 0), self._sums(people, self.laws.after, 0)

    def payments(self, found: pl.DataFrame) -> pa.Table:
        """Return the payments of newcomers as the register has payments: those of the past, and the one to come.

        `found` has person, kind, commune, si_code and group (`groups`).
        """
        import polars as pl

        come = found.select(
            pl.coalesce("si_code", "person").alias("si_code"),
            pl.col("commune").alias("commune_code"),
            pl.col("group").alias("support_group"),
            pl.col("income").alias("chosen_income"),
            pl.lit("monthly").alias("method"),
            pl.lit(self.begins).alias("start_month"),
            pl.lit(1, pl.Int64).alias("months"),
            pl.lit(last_day(self.begins)).alias("paid_on"),
        )
        past = self._past(found)
        return pl.concat([come, past.select(pl.col(name).cast(kind) for name, kind in come.schema.items())]).to_arrow()

    def _past(self, found: pl.DataFrame) -> pl.DataFrame:
        """Return the payments of people before the scenario begins."""
        import polars as pl

        columns = ("si_code", "commune_code", "support_group", "chosen_income", "method", "start_month", "months")
        if not self.register:
            return pl.DataFrame(schema=dict.fromkeys((*columns, "paid_on"), pl.String))
        return (
            pl.scan_parquet(self.register)
            .select(*columns, "paid_on")
            .filter(pl.col("start_month") < self.begins)
            .join(found.lazy().select("si_code").drop_nulls().unique(), on="si_code", how="semi")
            .collect()
        )

    def grouped(self, found: pl.DataFrame) -> pl.DataFrame:
        """Return the people with their support group in the register's words, and the income they would choose.

        A candidate's group stands in his finding, that of one who stopped in his last payment; else it is `other`.
        """
        import polars as pl

        last = (
            self._past(found.filter(pl.col("kind") == LAPSED))
            .filter(pl.col("method") != "missing_months")
            .sort("paid_on", "start_month")
            .group_by("si_code", maintain_order=True)
            .agg(
                pl.col("support_group").last().alias("paid_group"), pl.col("chosen_income").last().alias("paid_income")
            )
        )
        told = pl.col("evidence").str.extract(r'"support_group":"([a-z_]+)"').replace(_REGISTER_WORDS)
        return found.join(last, on="si_code", how="left", maintain_order="left").with_columns(
            pl.coalesce("paid_group", told, pl.lit("other")).cast(pl.String).alias("group"),
            pl.col("paid_income").cast(pl.Int64).fill_null(0).alias("income"),
        )

    def _communes(self) -> pa.Table:
        """Return the province of each commune of the area, as the statements want it."""
        import pyarrow as pa

        inside = [
            one for one in tree().communes if self.area.level == "country" or self.area.code in (one.code, one.parent)
        ]
        return pa.table({"commune_code": [one.code for one in inside], "place": [one.parent for one in inside]})

    def _sums(self, people: Path, law: Book, shift: int) -> dict[Stratum, Sums]:
        """Return the sums of people by a law. `shift`: the months since those in which they were counted."""
        import pyarrow as pa
        import pyarrow.compute as compute  # type: ignore[import-untyped]

        # Who lives where no province is known is supported by the State alone: no place adds anything there.
        places = [*provinces_of(self.area), *([""] if self.area.level == "country" else [])]
        parts = []
        for ahead in range(0, self.months, YEAR):
            grid = support_grid(law, months_later(self.begins, ahead), places)
            column = compute.add(grid["ahead"], ahead + shift)
            parts.append(grid.set_column(grid.column_names.index("ahead"), "ahead", column))
        grid = pa.concat_tables(parts)
        out = self.temp / "supported.parquet"
        run_step(self.engine, SQL / "voluntary_support.sql", {"people": people, "grid": grid}, out=out)
        rows: dict[Stratum, dict[int, Mapping[str, int]]] = {}
        for row in run_step(self.engine, SUMS, {"supported": out}).arrow().to_pylist():
            rows.setdefault((row["support_group"], row["place"]), {})[row["ahead"] - shift] = row
        return {stratum: _in_order(by_month, self.months) for stratum, by_month in rows.items()}


def _in_order(by_month: Mapping[int, Mapping[str, int]], months: int) -> Sums:
    def column(name: str) -> tuple[int, ...]:
        return tuple(by_month[month][name] for month in range(months))

    return Sums(by_month[0]["persons"], column("own"), column("state"), column("local"))


def nothing_loaded() -> BaophuError:
    """Make the error for a scenario of support where neither payments nor findings are there."""
    return BaophuError(
        Text(
            "Chưa nạp người đóng tự nguyện, cũng chưa có lần chạy nào: không có gì để tính.",
            "Neither voluntary payments nor a run are there: there is nothing to compute.",
        ),
        Text("Nạp trước: baophu load THƯ_MỤC", "Load them first: baophu load FOLDER"),
    )
