"""Counted values, targets and peers of a test's own making, and what the steps of following make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from baophu.core.languages import same
from baophu.core.months import last_day
from baophu.engine import Engine
from baophu.indicators.catalogue import indicator
from baophu.indicators.published import Book, Figure
from baophu.targets import following
from baophu.targets.decisions import Assigned, Decision, Issued, Phase, Target, target_of
from baophu.targets.following import Peers
from baophu.targets.following_tables import followed_of, moments, place_of
from baophu.targets.forecast.chances import Quantiles

# (area code, indicator, scope, month) -> value, exact
Values = Mapping[tuple[str, str, str, date], Fraction]
PEERS = Peers(
    areas={"00": 0, "01": 1, "79": 2, "00070": 3},
    table=pa.table(
        {
            "area_no": pa.array([1, 2, 3], pa.int32()),
            "area_code": ["01", "79", "00070"],
            "own_no": pa.array([0, 0, 1], pa.int32()),
            "similar_no": pa.array([2, -1, -1], pa.int32()),
        }
    ),
    groups=pa.table(
        {"group_no": pa.array([0, 1, 2], pa.int32()), "peer_group": ["provinces", "communes:01", "similar:province:1"]}
    ),
)


def decision(name: str, issued: date, phases: Sequence[Phase] = ()) -> Decision:
    """A decision that says nothing but when it was issued."""
    return Decision(
        id=name, number=name, title=same(name), issuer=same(name), issued=Issued(on=issued), sources=("s",),
        phases=tuple(phases),
    )  # fmt: skip


def target(made: Decision, **line: Any) -> Target:
    """A target of a decision; what is not said is of the usual kind."""
    usual = {"indicator": "si_compulsory", "scope": "without_armed_forces", "direction": "at_least"}
    return target_of(made, Assigned(**(usual | line)))


def indicators(values: Values, completeness: float | None = None) -> pa.Table:
    """The table `indicators` that holds the values."""
    rows = [
        {
            "area_code": area,
            "month": month,
            "indicator": name,
            "numerator": value.numerator,
            "denominator": value.denominator if indicator(name).unit == "share" else None,
            "value": float(value),
            "denominator_source": None,
            "place": place_of(name),
            "scope": scope,
            "estimated": None,
            "completeness": completeness,
            "reason": None,
        }
        for (area, name, scope, month), value in values.items()
    ]
    texts = [
        (name, pa.string()) for name in ("area_code", "indicator", "denominator_source", "place", "scope", "reason")
    ]
    whole = [(name, pa.int64()) for name in ("numerator", "denominator")]
    others = [
        ("month", pa.date32()),
        ("value", pa.float64()),
        ("completeness", pa.float64()),
        ("estimated", pa.bool_()),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([*texts, *whole, *others]))


def book(values: Values) -> Book:
    """The same values as figures, each of the last day of its month."""
    figures = [
        Figure(area, last_day(month), name, scope, value, None, "counted", "", True, "", "", "s")  # type: ignore[arg-type]
        for (area, name, scope, month), value in values.items()
    ]
    return Book(figures, {})


def followed(
    engine: Engine,
    values: Values,
    targets: Sequence[Target],
    month: date,
    *,
    as_of: date | None = None,
    forecasts: Mapping[tuple[str, str, date], Quantiles] | None = None,
    completeness: float | None = None,
    peers: Peers = PEERS,
) -> dict[str, dict[str, Any]]:
    """The rows of `progress` of a month, by the target's id."""
    day = as_of or last_day(month)
    every = followed_of(targets, [month.year], peers.areas)
    held = following.follow(indicators(values, completeness), every, moments([month], day), peers)
    rows = following.told(engine, every, held, month, forecasts or {}, day).to_pylist()
    return {row["target_id"]: row for row in rows}


def number(value: int | str) -> Decimal:
    """A decimal of a number as it is written."""
    return Decimal(str(value))
