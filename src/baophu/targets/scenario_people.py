"""Whom the measures of a scenario are about: open findings of a run, each person once, in the order of the measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.areas.units import Area, tree
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.results.store import Manifest
from baophu.targets import measured
from baophu.targets.scenario_file import Enforcement, Measure

if TYPE_CHECKING:
    import polars as pl

UNKNOWN = "unknown"
EMPLOYERS, WORKERS = "unregistered_employer", "uninsured_worker"
COLUMNS = ("finding_id", "kind", "area_code", "pid", "si_code", "tax_code", "priority", "evidence", "status")


@dataclass(frozen=True, slots=True)
class Found:
    """The people of one measure: a row a person (person, kind, commune, unit, place, case, si_code, evidence).

    `unit` is the area below the scenario's that he is counted in, `place` his province, `case` what one step of work is
    about: an employer with all its workers, or the person. Cases are numbered in the order of work, most people first.
    `taken` are people whom an earlier measure has; `elsewhere` are employers none of whose workers was found.
    """

    people: pl.DataFrame
    taken: int
    elsewhere: int = 0

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return int(self.people["case"].n_unique())


def unit_of(area: Area) -> Callable[[str | None], str | None]:
    """Return what gives, for a commune, the unit below an area that it lies in; None where it lies outside."""
    areas = tree()
    parents = {commune.code: str(commune.parent) for commune in areas.communes}

    def found(commune: str | None) -> str | None:
        if area.level == "country":
            return parents.get(commune or "", UNKNOWN)
        inside = commune == area.code or parents.get(commune or "") == area.code
        return commune if inside else None

    return found


def people_of(home: Path, run: Manifest | None, area: Area, measures: Sequence[Measure]) -> list[Found]:
    """Return the people of each measure; BaophuError where no run has findings.

    One person counts once in all measures: in the first that has him, and there in its first kind.
    """
    import polars as pl

    if run is None or "findings" not in run.rows:
        raise BaophuError(
            Text(
                "Kịch bản này cần các trường hợp đã phát hiện, chưa có lần chạy nào có.",
                "This scenario rests on findings, and no run has any.",
            ),
            Text(
                "Chạy một tháng trước: baophu run --month 2026-10. Riêng kịch bản hỗ trợ thì không cần.",
                "Run a month first: baophu run --month 2026-10. Support alone can be computed without a run.",
            ),
        )
    kinds = {kind for one in measures for kind in one.of} | {WORKERS}
    every = (
        measured.table(home, run, "findings", COLUMNS)
        .filter((pl.col("status") == "open") & pl.col("kind").is_in(sorted(kinds)))
        .select(COLUMNS)
        .collect()
    )
    unit, parents = unit_of(area), {commune.code: commune.parent for commune in tree().communes}
    communes = every["area_code"].unique().to_list()
    placed = pl.DataFrame(
        {
            "area_code": communes,
            "unit": [unit(one) for one in communes],
            "place": [parents.get(one, "") for one in communes],
        },
        schema={"area_code": pl.String, "unit": pl.String, "place": pl.String},
    )
    every = every.join(placed, on="area_code", how="left", nulls_equal=True).filter(pl.col("unit").is_not_null())
    found: list[Found] = []
    used = pl.DataFrame(schema={"person": pl.String})
    for measure in measures:
        rows, elsewhere = _rows(every, measure)
        ranks = {kind: rank for rank, kind in enumerate(measure.of)}
        once = (
            rows.with_columns(pl.coalesce("pid", "finding_id").alias("person"))
            .with_columns(pl.col("kind").replace_strict(ranks, return_dtype=pl.Int64).alias("rank"))
            .sort("person", "rank", "finding_id")
            .unique("person", keep="first", maintain_order=True)
        )
        own = once.join(used, on="person", how="anti", maintain_order="left")
        used = pl.concat([used, own.select("person")])
        found.append(Found(_cases(own, measure), once.height - own.height, elsewhere))
    return found


def _rows(every: pl.DataFrame, measure: Measure) -> tuple[pl.DataFrame, int]:
    """Return the findings about people of a measure; an employer that is not registered stands for its workers."""
    import polars as pl

    own = every.filter(pl.col("kind").is_in(list(measure.of)))
    if EMPLOYERS not in measure.of:
        return own, 0
    firms = own.filter(pl.col("kind") == EMPLOYERS).select("tax_code").unique()
    workers = every.filter(pl.col("kind") == WORKERS).join(firms, on="tax_code", how="semi")
    lonely = firms.join(workers, on="tax_code", how="anti").height
    as_workers = workers.with_columns(pl.lit(EMPLOYERS).alias("kind"))
    return pl.concat([own.filter(pl.col("kind") != EMPLOYERS), as_workers]), lonely


def _cases(people: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """Number the cases: those with most people first, then the most urgent."""
    import polars as pl

    by_firm = pl.col("kind").is_in([EMPLOYERS, WORKERS, "deducted_not_paid"]) & pl.col("tax_code").is_not_null()
    key = pl.when(by_firm & pl.lit(isinstance(measure, Enforcement))).then("firm:" + pl.col("tax_code"))
    named = people.with_columns(key.otherwise("person:" + pl.col("person")).alias("key"))
    order = (
        named.group_by("key")
        .agg(pl.len().alias("size"), pl.col("priority").max().alias("first"))
        .sort("size", "first", "key", descending=[True, True, False], nulls_last=True)
        .with_row_index("case")
        .select("key", pl.col("case").cast(pl.Int64))
    )
    wanted = ("person", "kind", pl.col("area_code").alias("commune"), "unit", "place", "case", "si_code", "evidence")
    return named.join(order, on="key").sort("case", "person").select(wanted)


def scores(home: Path, run: Manifest | None) -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of `finding_scores` by kind; none where there is no run."""
    if run is None or "finding_scores" not in run.rows:
        return {}
    rows = measured.table(home, run, "finding_scores", ("kind",)).collect().to_dicts()
    return {row["kind"]: row for row in rows}
