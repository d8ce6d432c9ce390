"""The small registers beside the large ones: offices, statistics of areas, other receipts, dossiers, reported figures.

Statistics are counted from the true people, so that a rate over them is a rate over what is so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from baophu.areas import units
from baophu.areas.units import COUNTRY, MERGER, UNIT_WORDS
from baophu.nation.reference import reference_level, rounded

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

SOURCE = "baophu nation"
MEASURES = (
    "population",
    "labour_force_15plus",
    "working_age_labour_force",
    "past_retirement_age",
    "ethnic_minority_population",
)
# About 350 grassroots offices serve the 3,321 communes.
_COMMUNES_OF_OFFICE = 10

# Health insurance outside employers' dues, in hundredths of the contribution: who pays it. Households pay less from the
# second member on; three quarters is about the mean. Near-poor and student shares: Decree 188/2025.
_HEALTH_PAYERS: dict[str, dict[str, int]] = {
    "pensioner": {"other": 100},
    "household": {"household": 75},
    "student": {"state_budget": 50, "household": 50},
    "farm_average": {"state_budget": 50, "household": 50},
    "near_poor": {"state_budget": 70, "household": 30},
    "poor": {"state_budget": 100},
    "child": {"state_budget": 100},
    "ethnic_minority": {"state_budget": 100},
    "policy": {"state_budget": 100},
    "armed_forces": {"state_budget": 100},
    "other": {"participant": 100},
}
_HEALTH_RATE = 45, 1000
# What the budget has not yet paid of the last month.
_BUDGET_OPEN = 2, 100

# Indicators that other agencies report, with the share that a generated province has on average, in thousandths.
_REPORTED = {
    "citizen_card_health": 940,
    "electronic_accounts": 420,
    "online_services_full": 800,
    "primary_care_local": 610,
    "satisfaction_participants": 860,
}

_PROCEDURES = ("1.001598", "1.001613", "1.001643", "1.001521", "2.000693", "1.002051")
_CHANNELS = {"online_full": 0.52, "online_part": 0.20, "counter": 0.23, "post": 0.05}
_PEOPLE_A_DOSSIER = 400


def offices(on: date) -> pl.DataFrame:
    """Return the provincial offices and grassroots offices of a day, a row for each commune that one serves."""
    import polars as pl

    tree = units.tree(on)
    rows: list[tuple[str, str, str, str, date, None]] = []
    for province in tree.provinces:
        kind = UNIT_WORDS[province.unit_type].vi
        name = f"Bảo hiểm xã hội {kind[0].lower()}{kind[1:]} {province.name}"
        communes = tree.children(province.code)
        rows += [(province.code, name, "province", commune.code, MERGER, None) for commune in communes]
        for at in range(0, len(communes), _COMMUNES_OF_OFFICE):
            served = communes[at : at + _COMMUNES_OF_OFFICE]
            office_id = f"{province.code}{at // _COMMUNES_OF_OFFICE + 1:03d}"
            name = f"Bảo hiểm xã hội cơ sở {served[0].name}"
            rows += [(office_id, name, "grassroots", commune.code, MERGER, None) for commune in served]
    columns = ["office_id", "name", "level", "commune_code", "from_date", "to_date"]
    return pl.DataFrame(rows, schema=columns, orient="row", schema_overrides={"to_date": pl.Date})


def count_people(people: pl.DataFrame, on: date) -> pl.DataFrame:
    """Return commune_code, measure, value of some of the living on a day; counts of several parts may be added.

    `people`: commune_code, birth_date, sex, in_labour_force (whether they work or look for work), and ethnic where the
    minorities are to be counted.
    """
    import polars as pl

    from baophu.nation.calendar_of_life import retirement_months

    born = people["birth_date"]
    birth = (born.dt.year().cast(pl.Int64) * 12 + born.dt.month() - 1).to_numpy()
    month = on.year * 12 + on.month - 1
    retired = retirement_months(birth, (people["sex"] == "F").to_numpy()) <= month
    marked = people.with_columns(
        past=pl.Series(retired), works=pl.col("in_labour_force") & pl.Series(birth <= month - 15 * 12)
    )
    counts = [
        pl.len().alias("population"),
        pl.col("works").sum().alias("labour_force_15plus"),
        (pl.col("works") & ~pl.col("past")).sum().alias("working_age_labour_force"),
        pl.col("past").sum().alias("past_retirement_age"),
    ]
    if "ethnic" in people.columns:
        counts.append((pl.col("ethnic") == "other").sum().alias("ethnic_minority_population"))
    by_commune = marked.group_by("commune_code").agg(counts)
    measures = [measure for measure in MEASURES if measure in by_commune.columns]
    return (
        by_commune.unpivot(measures, index="commune_code", variable_name="measure")
        .with_columns(pl.col("commune_code").cast(pl.String), pl.col("value").cast(pl.Int64))
        .sort("commune_code", "measure")
    )


def area_statistics(counts: Iterable[pl.DataFrame], period: str) -> pl.DataFrame:
    """Return the statistics of communes, provinces and the country from counts by commune; `period`: 2026, 2026Q3."""
    import polars as pl

    tree = units.tree(None)
    parents = pl.DataFrame(
        [(commune.code, commune.parent) for commune in tree.communes], schema=["commune_code", "province"], orient="row"
    )
    communes = pl.concat(counts).group_by("commune_code", "measure").agg(pl.col("value").sum())
    placed = communes.join(parents, on="commune_code", how="left")
    levels = [
        placed.select(pl.col(code).alias("area_code"), "measure", "value") for code in ("commune_code", "province")
    ]
    levels.append(placed.select(pl.lit(COUNTRY).alias("area_code"), "measure", "value"))
    summed = pl.concat(levels).group_by("area_code", "measure").agg(pl.col("value").sum())
    return (
        summed.sort(pl.col("area_code").str.len_bytes(), "area_code", "measure")
        .with_columns(period=pl.lit(period), source=pl.lit(SOURCE))
        .select("area_code", "period", "measure", "value", "source")
    )


def other_receipts(members: pl.DataFrame) -> pl.DataFrame:
    """Return what is due and paid for health insurance outside employers' dues, by month, province and payer.

    `members`: month, area_code (a province), group_code of the health scheme, members. Employees are left out.
    """
    import polars as pl

    sums: dict[tuple[date, str, str], int] = {}
    rows = members.select("month", "area_code", "group_code", "members").iter_rows()
    for month, area_code, group, count in rows:
        whole = rounded(reference_level(month), *_HEALTH_RATE)
        for payer, part in _HEALTH_PAYERS.get(group, {}).items():
            key = (month, area_code, payer)
            sums[key] = sums.get(key, 0) + rounded(count * whole, part, 100)
    last = max((month for month, _, _ in sums), default=None)
    told = []
    for (month, area_code, payer), due in sorted(sums.items()):
        still_open = rounded(due, *_BUDGET_OPEN) if payer == "state_budget" and month == last else 0
        told.append((month, area_code, payer, "hi", due, due - still_open))
    types = {
        "month": pl.Date,
        "area_code": pl.String,
        "payer": pl.String,
        "fund": pl.String,
        "due": pl.Int64,
        "paid": pl.Int64,
    }
    return pl.DataFrame(told, schema=types, orient="row")


def dossiers(people: pl.DataFrame, months: Sequence[date], rng: np.random.Generator) -> pl.DataFrame:
    """Return dossiers of procedures, one a month for 400 people; `people`: area_code (a province), people."""
    import numpy as np
    import polars as pl

    sizes = rng.poisson(people["people"].to_numpy()[None, :] / _PEOPLE_A_DOSSIER, (len(months), people.height))
    count = int(sizes.sum())
    lengths = np.array([monthrange(month.year, month.month)[1] for month in months])
    at_month = np.repeat(np.arange(len(months)), sizes.sum(axis=1))
    area = np.repeat(np.tile(np.arange(people.height), len(months)), sizes.ravel())
    received = np.array(months, "datetime64[D]")[at_month] + (rng.random(count) * lengths[at_month]).astype(int)
    allowed = rng.choice([3, 5, 7, 10, 20], count)
    taken = (rng.gamma(3.0, 0.2, count) * allowed).astype(int)
    end = np.array(months[-1], "datetime64[D]") + lengths[-1]
    settled = pl.Series((received + taken).astype("datetime64[ms]")).cast(pl.Date)
    rating = pl.Series(rng.choice([1, 2, 3, 4, 5], count, p=[0.02, 0.03, 0.10, 0.30, 0.55]))
    frame = pl.DataFrame(
        {
            "procedure": pl.Series(_PROCEDURES).gather(rng.integers(0, len(_PROCEDURES), count)),
            "area_code": people["area_code"].gather(area),
            "channel": pl.Series(list(_CHANNELS)).gather(rng.choice(len(_CHANNELS), count, p=list(_CHANNELS.values()))),
            "received_on": pl.Series(received.astype("datetime64[ms]")).cast(pl.Date),
            "due_on": pl.Series((received + allowed).astype("datetime64[ms]")).cast(pl.Date),
            "settled_on": settled.set(pl.Series(received + taken >= end), None),
            "digitised": rng.random(count) < 0.78,
            "rating": rating.set(pl.Series(rng.random(count) < 0.7), None),
        }
    ).sort("received_on", maintain_order=True)
    number = pl.int_range(1, count + 1, eager=True).cast(pl.String).str.zfill(9)
    return frame.insert_column(0, ("HS" + number).alias("dossier_id"))


def reported_indicators(areas: pl.DataFrame, period: str, rng: np.random.Generator) -> pl.DataFrame:
    """Return the indicators that other agencies report, of provinces and the country, which is their sum.

    `areas`: area_code (provinces), people. Shares are exact decimals of six places, as text.
    """
    import polars as pl

    provinces = [row for row in areas.select("area_code", "people").iter_rows() if row[0] != COUNTRY and row[1] > 0]
    told = []
    for indicator, middle in _REPORTED.items():
        found = []
        for area_code, people in provinces:
            share = min(max(middle + int(rng.integers(-60, 61)), 0), 1000)
            found.append((area_code, rounded(people, share, 1000), people))
        if found:
            found.insert(0, (COUNTRY, sum(one[1] for one in found), sum(one[2] for one in found)))
        for area_code, having, people in found:
            value = rounded(having, 1_000_000, people)
            told.append(
                (area_code, period, indicator, f"{value // 1_000_000}.{value % 1_000_000:06d}", having, people, SOURCE)
            )
    columns = ["area_code", "period", "indicator", "value", "numerator", "denominator", "source"]
    return pl.DataFrame(told, schema=columns, orient="row")
