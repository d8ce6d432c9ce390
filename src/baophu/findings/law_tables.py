"""The law's figures as small tables that findings are joined with, one row a month and region or a month of birth."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from baophu.core.months import month_of, months_later
from baophu.law.people.retirement import age_at_retirement
from baophu.law.several_statuses import yields as yields_of_law

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.law.parameters import Book

MILLION = 1_000_000
REGIONS = ("I", "II", "III", "IV")
SEXES = {"M": "male", "F": "female"}
OLDEST = 1900
# Group a: an ordinary labour contract. Group m: who pays the whole himself.
FUNDS = {
    "rate_si": ("sickness_maternity.employer", "retirement.worker", "retirement.employer", "accident.employer"),
    "rate_hi": ("health.worker", "health.employer"),
    "rate_ui": ("unemployment.worker", "unemployment.employer"),
    "own_si": ("retirement.worker",),
    "own_hi": ("health.worker",),
    "own_ui": ("unemployment.worker",),
}


def number(month: date) -> int:
    """Return a month as a number: year x 12 + month - 1."""
    return month.year * 12 + month.month - 1


def bits(first: int, last: int) -> pa.Table:
    """Return each month's year and its place in a year's twelve bits, so that months of a year are one whole number."""
    import pyarrow as pa

    months = range(first, last + 1)
    columns = {"month_no": months, "year_no": [no // 12 for no in months], "bit": [1 << no % 12 for no in months]}
    return pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})


def grid(law: Book, first: int, last: int) -> pa.Table:
    """Return floors, ceilings (VND) and rates (millionths of the base) by month and region."""
    import pyarrow as pa

    rows = [_row(law, month_no, region) for month_no in range(first, last + 1) for region in REGIONS]
    text = pa.field("region", pa.string())
    return pa.Table.from_pylist(
        rows, schema=pa.schema([text if name == "region" else pa.field(name, pa.int64()) for name in rows[0]])
    )


def _row(law: Book, month_no: int, region: str) -> dict[str, Any]:
    on = month_of(month_no)
    level = law.value("reference_level", on).amount
    least = law.value("regional_minimum_wage", on, region=region).amount
    floor = level * law.value("base_floor_multiple", on).amount
    return {
        "month_no": month_no,
        "region": region,
        "reference_level": level,
        "lowest_base": floor,
        "lowest_wage": least,
        "si_floor": floor,
        "si_ceiling": level * law.value("base_ceiling_multiple", on).amount,
        "hi_ceiling": level * law.value("hi_ceiling_multiple", on).amount,
        "ui_ceiling": least * law.value("ui_ceiling_multiple", on).amount,
        **{name: sum(_rate(law, part, on, "a") for part in parts) for name, parts in FUNDS.items()},
        "rate_owner": sum(_rate(law, part, on, "m") for part in ("sickness_maternity.worker", "retirement.worker")),
        "rate_hi_total": int(law.value("rate.health.total", on).fraction * MILLION),
        "rate_voluntary": int(law.value("voluntary_rate", on).fraction * MILLION),
        "poverty_line": law.value("rural_poverty_line", on).amount,
    }


def _rate(law: Book, part: str, on: date, group: str) -> int:
    dims = {"group": group, **({"accident": "standard"} if part.startswith("accident") else {})}
    value = law.value(f"rate.{part}", on, **dims).fraction * MILLION
    return int(value)


@lru_cache(maxsize=2)
def retirement(law: Book, last: int) -> pa.Table:
    """Return the month in which the normal retirement age is reached, by sex and month of birth."""
    import pyarrow as pa

    rows = []
    for letter, sex in SEXES.items():
        for birth_no in range(OLDEST * 12, last + 1):
            birth = month_of(birth_no)
            _, months = age_at_retirement(law, sex, birth)
            rows.append({"sex": letter, "birth_no": birth_no, "retires_no": number(months_later(birth, months))})
    return pa.Table.from_pylist(rows)


def yields() -> pa.Table:
    """Return pairs of groups: of two statuses in one month the first gives way to the second."""
    import pyarrow as pa

    pairs = sorted({(group, to) for one in yields_of_law() for group in one.group for to in one.to})
    return pa.table({"group_code": [pair[0] for pair in pairs], "to_group": [pair[1] for pair in pairs]})


def starts(law: Book, last: int) -> pa.Table:
    """Return the first month in which household owners are compulsory, by the method of tax that is on file.

    The register tells only the present method. A household that declares may have paid the presumptive tax until it was
    abolished at the end of 2025, so that earlier months are not asked for (switch `former_presumptive_owners`).
    """
    import pyarrow as pa

    on = month_of(last)
    begun = {}
    for method, dim in (("declaration", "declaration"), ("presumptive", "other"), ("other", "other")):
        begun[method] = number(law.value("business_household_start", on, tax_method=dim).day)
    abolished = number(law.history("household_tax_free_turnover")[0].valid_from)
    if last >= abolished and law.switch("former_presumptive_owners").startswith("from_2026"):
        begun["declaration"] = max(begun["declaration"], abolished)
    return pa.table({"tax_method": list(begun), "from_no": pa.array(list(begun.values()), pa.int64())})


def support(law: Book, last: int) -> pa.Table:
    """Return the State's support of a month of voluntary insurance by group, VND."""
    import pyarrow as pa

    on = month_of(last)
    line = law.value("voluntary_rate", on).fraction * law.value("rural_poverty_line", on).fraction
    groups = ("poor", "island_or_special_zone", "near_poor", "ethnic_minority", "other")
    shares = [law.value("voluntary_support", on, support_group=group).fraction for group in groups]
    return pa.table(
        {"support_group": list(groups), "amount": pa.array([int(share * line) for share in shares], pa.int64())}
    )
