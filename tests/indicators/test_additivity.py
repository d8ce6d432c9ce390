"""Every measure of the country is that of its provinces, and of its communes, with what is not known."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.areas.units import COUNTRY
from baophu.engine import DuckDB, run_step
from baophu.indicators import codes
from baophu.indicators.counting import SQL

MONTH = date(2026, 10, 1)
PLACED = ("00004", "00008", "26740", "01-unknown", codes.UNKNOWN_AREA)
AMOUNTS = st.lists(st.tuples(st.sampled_from(PLACED), st.integers(-(10**15), 10**15)), min_size=1, max_size=20)


@settings(max_examples=20, deadline=None)
@given(AMOUNTS)
def test_the_country_is_the_sum_of_what_is_below_it(amounts: list[tuple[str, int]]) -> None:
    rows = [
        {"area_code": area, "place": "managed", "month": MONTH, "measure": "revenue", "amount": amount}
        for area, amount in amounts
    ]
    with DuckDB(memory="1GiB", threads=1) as engine:
        given_tables = {"measures": pa.Table.from_pylist(rows), "above": codes.above(MONTH)}
        rolled = run_step(engine, SQL / "rolled.sql", given_tables).arrow()
    of = {row["area_code"]: row["amount"] for row in rolled.to_pylist()}
    level: Counter[str] = Counter()
    for area, amount in of.items():
        if area != COUNTRY:
            level["province" if len(area) == 2 else "unknown" if area == codes.UNKNOWN_AREA else "commune"] += amount
    assert of[COUNTRY] == sum(amount for _, amount in amounts)
    assert of[COUNTRY] == level["province"] + level["unknown"] == level["commune"] + level["unknown"]
