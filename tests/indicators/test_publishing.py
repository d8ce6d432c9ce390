"""What `results publish` writes of a run: provinces parted, communes with totals, nothing small."""

from __future__ import annotations

from datetime import date

import polars as pl

from baophu.indicators.disclosure import ALL, _public, parents

MONTH = date(2026, 10, 1)


def test_communes_have_totals_only_and_nothing_small_is_shown() -> None:
    people = {"00004": 4, "00008": 90, "00025": 700}
    rows = []
    for area, number in {**people, "01": 794, "00": 794}.items():
        for sex, part in {"F": number // 2, "M": number - number // 2}.items():
            rows.append(
                {"area_code": area, "scheme": "health", "dimension": "sex", "member": sex, "participants": part}
            )
    told = _public(pl.DataFrame(rows), parents(MONTH), threshold=10, base=5)
    shown = {(row["area_code"], row["member"]): row["participants"] for row in told.to_dicts()}
    assert {area for area, member in shown if member != ALL} == {"00", "01"}
    assert shown["00004", ALL] is None
    assert shown["00008", ALL] is None, "else the small one is had back from the province"
    assert shown["00025", ALL] == 700
    assert shown["01", ALL] == 795
