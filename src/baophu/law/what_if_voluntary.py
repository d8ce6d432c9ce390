"""What a reform does to voluntary insurance: who pays, who supports, and what it costs in a month and in twelve.

The persons paid up in a month are taken as they are: each stays for the twelve months, in the same group and with the
same income, and every month is counted as though it were paid for alone. Support that was fixed by a payment made
ahead (Decree 159/2025/NĐ-CP art. 5) is not held back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.months import months_later
from baophu.engine import Engine, run_step
from baophu.law.compiling import SQL
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import LAW_2024, YEAR, held, whole
from baophu.law.people.voluntary import poverty_line, support_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.engine.steps import Input as Table

# The words of the register, and the law's key of each group.
SUPPORT_GROUPS = {
    "poor": "poor",
    "island_commune": "island_or_special_zone",
    "near_poor": "near_poor",
    "ethnic_minority": "ethnic_minority",
    "other": "other",
}
OTHER = "other"
MONEY = ("gross", "state_support", "local_support", "own")
USED = (
    *("rural_poverty_line", "voluntary_rate", "reference_level", "voluntary_income_ceiling_multiple"),
    *("voluntary_support", "voluntary_support_months", "local_support"),
    *("voluntary_floor_2027", "support_months_before_2025_07"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A number by the law as it is, and by the law with the reform."""

    before: int
    after: int

    @property
    def change(self) -> int:
        """How much more it is with the reform."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Supported:
    """Participants of one kind: how many, how many the reform touches, whose months of support are used up, and sums.

    `month` and `year` hold the sums of the month and of twelve months, VND, by the names in `MONEY`.
    """

    key: str
    persons: int
    affected: int
    used_up: Pair
    month: Mapping[str, Pair]
    year: Mapping[str, Pair]


@dataclass(frozen=True, slots=True)
class Voluntary:
    """The voluntary participants of one month, in all, by support group and by province."""

    total: Supported
    by_group: tuple[Supported, ...]
    by_place: tuple[Supported, ...]


def compare_support(
    engine: Engine,
    voluntary: Table,
    provinces: pa.Table,
    laws: tuple[Book, Book],
    month: date,
    law_month: date,
    temp: Path,
) -> Voluntary:
    """Compare what the participants of a month cost by two laws, as these stand from `law_month` on for twelve months.

    `provinces` gives the province of each commune (commune_code, place); `temp` is a folder for what lies between.
    """
    people = people_of(engine, voluntary, provinces, laws[0], month, temp / "voluntary-people.parquet")
    places = run_step(engine, "SELECT DISTINCT place FROM people", {"people": people}).arrow()["place"].to_pylist()
    files = {}
    for name, law in zip(("before", "after"), laws, strict=True):
        inputs = {"people": people, "grid": support_grid(law, law_month, places)}
        files[name] = temp / f"voluntary-{name}.parquet"
        run_step(engine, SQL / "voluntary_support.sql", inputs, out=files[name])
    rows = run_step(engine, SQL / "what_if_voluntary.sql", files).arrow().to_pylist()
    return Voluntary(
        _summed("", rows),
        tuple(_each("support_group", rows, SUPPORT_GROUPS)),
        tuple(_each("place", rows, sorted(places))),
    )


def people_of(engine: Engine, voluntary: Table, provinces: pa.Table, law: Book, month: date, out: Path) -> Path:
    """Write who is paid up in a month, without any person: by support group, place, income and months supported."""
    first = law.history("voluntary_support_months")[0].valid_from
    counted = {"at": _number(month), "first": _number(first), "cut": _number(LAW_2024)}
    inputs = {"voluntary": voluntary, "provinces": provinces}
    run_step(engine, SQL / "voluntary_people.sql", inputs, counted, out=out)
    return out


def support_grid(law: Book, month: date, places: Iterable[str]) -> pa.Table:
    """Resolve the law to a row for each of twelve months ahead, support group of the register, and place; VND.

    Columns: ahead, support_group, place, least_income, most_income (empty where the law sets none), rate and rate_scale
    (the contribution is income x rate / rate_scale), state_monthly, local_monthly, support_months, old_months_count.
    """
    import pyarrow as pa

    rows = [
        {"ahead": ahead, "support_group": group, "place": place, **terms, "local_monthly": local}
        for ahead in range(YEAR)
        for group in SUPPORT_GROUPS
        for terms, base in [_terms(law, months_later(month, ahead), group)]
        for place, local in _local(law, months_later(month, ahead), group, base, places)
    ]
    whole_numbers = ("ahead", "least_income", "most_income", "rate", "rate_scale", "state_monthly", "support_months")
    fields = [(name, pa.int64()) for name in (*whole_numbers, "local_monthly")]
    fields += [("support_group", pa.string()), ("place", pa.string()), ("old_months_count", pa.bool_())]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _terms(law: Book, month: date, group: str) -> tuple[dict[str, Any], Fraction]:
    """Return the figures of a month and group, and the sum of which supports are shares."""
    rate, level = law.value("voluntary_rate", month), held(law, "reference_level", month)
    most = level and whole(level.fraction * law.value("voluntary_income_ceiling_multiple", month).fraction)
    support = support_of(law, month, [SUPPORT_GROUPS[group]])
    first = law.history("voluntary_support_months")[0].valid_from
    terms = {
        "least_income": poverty_line(law, month).amount,
        "most_income": most,
        "rate": rate.value,
        "rate_scale": 10**rate.scale,
        "state_monthly": support.monthly,
        "support_months": law.value("voluntary_support_months", max(month, first)).amount,
        "old_months_count": law.switch("support_months_before_2025_07", month) == "counted",
    }
    return terms, support.base


def _local(law: Book, month: date, group: str, base: Fraction, places: Iterable[str]) -> Iterator[tuple[str, int]]:
    for place in places:
        value = local_support(law, month, place, group)
        yield place, whole(value.fraction * base) if value else 0


def local_support(law: Book, month: date, place: str, group: str) -> Value | None:
    """Return what a place adds for a group of the register; where it names the group nowhere, its `other` counts."""
    own = law.find("local_support", month, place=place, support_group=SUPPORT_GROUPS[group])
    return own or law.find("local_support", month, place=place, support_group=OTHER)


def _number(month: date) -> int:
    return month.year * YEAR + month.month - 1


def _each(column: str, rows: Sequence[Mapping[str, Any]], keys: Iterable[str]) -> Iterator[Supported]:
    for key in keys:
        chosen = [row for row in rows if row[column] == key]
        if chosen:
            yield _summed(key, chosen)


def _summed(key: str, rows: Sequence[Mapping[str, Any]]) -> Supported:
    now = [row for row in rows if row["ahead"] == 0]

    def pair(name: str, among: Sequence[Mapping[str, Any]]) -> Pair:
        return Pair(*(sum(row[f"{law}_{name}"] for row in among) for law in ("before", "after")))

    return Supported(
        key=key,
        persons=sum(row["persons"] for row in now),
        affected=sum(row["affected"] for row in now),
        used_up=pair("used_up", now),
        month={name: pair(name, now) for name in MONEY},
        year={name: pair(name, rows) for name in MONEY},
    )
