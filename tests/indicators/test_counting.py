"""Each person once in a scheme and month, wherever his spells lie; counts, series and flows are one number."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from few_spells import COMMUNES, MONTH, Spell, counted, people, slow_count
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.core.months import months_later
from baophu.engine import DuckDB, Engine
from baophu.indicators import codes

MONTHS = [months_later(MONTH, -back) for back in range(11, -1, -1)]
SPELLS = st.lists(
    st.builds(
        Spell,
        person=st.integers(0, 3),
        scheme=st.sampled_from(["compulsory", "voluntary", "health"]),
        commune=st.sampled_from(COMMUNES),
        back=st.integers(-2, 30),
        long=st.integers(0, 12),
        employer=st.sampled_from([None, None, "E1", "E2"]),
        second_number=st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


def check(engine: Engine, spells: list[Spell]) -> None:
    with TemporaryDirectory() as place:
        found = counted(engine, Path(place), spells, MONTHS, **people(4))
    for month in MONTHS:
        counts: Counter[tuple[str, str]] = Counter()
        for row in found["counts"]:
            if row["place"] == "managed" and row["month"] == month:
                counts[row["area_code"], row["scheme"]] += row["participants"]
        assert dict(counts) == slow_count(spells, month), month
    for row in found["series"]:
        if row["place"] == "managed":
            slow = slow_count(spells, row["month"])
            assert row["participants"] == slow.get((row["area_code"], row["scheme"]), 0), row
    closing: dict[tuple[object, ...], int] = {}
    for row in sorted(found["flows"], key=lambda row: row["month"]):
        left = sum(row[name] for name in ("left_died", "left_retired", "left_employer_closed", "left_other"))
        came = row["new"] + row["returned"] + row["moved_in"]
        assert left == row["left_all"] >= row["left_short"]
        assert row["opening"] + came - left - row["moved_out"] == row["closing"], row
        assert 0 <= row["short_stay"] <= row["closing"]
        key = (row["area_code"], row["place"], row["scheme"])
        assert closing.get(key, row["opening"]) == row["opening"]
        closing[key] = row["closing"]


@settings(max_examples=20, deadline=None)
@given(SPELLS)
def test_counts_series_and_flows_are_those_of_a_slow_count(spells: list[Spell]) -> None:
    with DuckDB(memory="1GiB", threads=1) as engine:
        check(engine, spells)


NESTED = [
    Spell(0, "compulsory", "00004", 40, 0, "a"),
    Spell(0, "compulsory", "00008", 20, 6, "b", second_number=True),
    Spell(0, "voluntary", "26740", 10, 3),
    Spell(1, "compulsory", "00004", 9, 2, "a", "E1"),
    Spell(1, "compulsory", "00004", 5, 3, "b", "E2"),
    Spell(2, "health", "00008", 24, 24, "household"),
    Spell(2, "health", "26740", 0, 0, "poor"),
    Spell(3, "unemployment", "00008", 2, 1),
]


def test_a_short_spell_inside_a_long_one_counts_alone_while_it_lasts(engine: Engine, tmp_path: Path) -> None:
    check(engine, NESTED)
    flows = counted(engine, tmp_path, NESTED, MONTHS, **people(4))["flows"]
    told = {(row["scheme"], row["area_code"], row["month"]): row for row in flows if row["place"] == "managed"}
    assert told["compulsory", "00004", months_later(MONTH, -20)]["moved_out"] == 1
    assert told["compulsory", "00004", months_later(MONTH, -14)]["moved_in"] == 1
    assert told["compulsory", "26740", months_later(MONTH, -5)]["returned"] == 1
    assert told["compulsory", "00004", months_later(MONTH, -7)]["left_short"] == 1
    assert told["health", "26740", MONTH]["moved_in"] == 1


def test_a_number_that_stands_for_hundreds_counts_once_in_a_month(duck: DuckDB) -> None:
    spells = [
        Spell(at % 2, "compulsory", COMMUNES[at % 3], at * 7 % 31, at * 5 % 13, "a", (None, "E1", "E2")[at % 3])
        for at in range(400)
    ]
    check(duck, spells)


def test_where_he_lives_nobody_moves(duck: DuckDB, tmp_path: Path) -> None:
    found = counted(duck, tmp_path, NESTED, MONTHS, **people(4))
    lived = [row for row in found["flows"] if row["place"] == "resident"]
    assert all(row["moved_in"] == row["moved_out"] == 0 for row in lived)
    assert {row["area_code"] for row in lived} == {"00004", "00008"}


def test_by_either_place_as_many_people_are_counted(duck: DuckDB, tmp_path: Path) -> None:
    totals: Counter[tuple[object, ...]] = Counter()
    for row in counted(duck, tmp_path, NESTED, MONTHS, **people(4))["counts"]:
        totals[row["place"], row["month"], row["scheme"]] += row["participants"]
    assert all(number == totals["resident", month, scheme] for (_, month, scheme), number in totals.items())


def test_the_country_is_the_sum_of_provinces_communes_and_what_is_not_known(duck: DuckDB, tmp_path: Path) -> None:
    spells = [*NESTED, Spell(9, "health", "99999", 5, group="other")]
    found = counted(duck, tmp_path, spells, [MONTH], **people(4))
    for dimension in ("sex", "age_band", "grp", "sector"):
        rows = [row for row in found["breakdowns"] if row["dimension"] == dimension]
        size = Counter[str]()
        for row in rows:
            level = {2: "province", 5: "commune", 7: "commune"}[len(row["area_code"])]
            size["country" if row["area_code"] == "00" else level] += row["participants"]
            size["unknown"] += row["participants"] if row["area_code"] == codes.UNKNOWN_AREA else 0
        assert size["country"] == size["commune"] == size["province"] + size["unknown"] > 0
        assert size["unknown"] == 2, "by either place, the one whose commune is not in force"


def test_a_birthday_at_the_months_end_is_in_the_band_above(duck: DuckDB, tmp_path: Path) -> None:
    born = people(1, birth_date=date(1996, 9, 30))
    found = counted(duck, tmp_path, [Spell(0, "health", "00004", 20, group="other")], MONTHS, **born)
    bands = {row["month"]: row["age_band"] for row in found["counts"] if row["place"] == "managed"}
    assert bands == {month: "30-34" if month >= date(2026, 9, 1) else "25-29" for month in MONTHS}


@pytest.mark.parametrize("born", [{"birth_date": None, "birth_year": None}, {"birth_date": date(1850, 1, 1)}])
def test_who_has_no_sound_birth_date_is_counted_as_unknown(
    duck: DuckDB, tmp_path: Path, born: dict[str, object]
) -> None:
    spells = [Spell(0, "health", "00004", 20, group="other")]
    found = counted(duck, tmp_path, spells, [MONTH], **people(1, **born))
    assert [(row["age_band"], row["participants"]) for row in found["counts"]] == [("unknown", 1)] * 2


def test_without_registers_of_people_all_is_counted_as_unknown(duck: DuckDB, tmp_path: Path) -> None:
    (managed, resident) = sorted(
        counted(duck, tmp_path, [Spell(0, "compulsory", "00004", 3, group="a", employer="E2")], [MONTH])["counts"],
        key=lambda row: (row["scheme"] != "compulsory", row["place"]),
    )[:2]
    told = ("area_code", "sex", "age_band", "grp", "sector")
    assert [managed[name] for name in told] == ["26740", "unknown", "unknown", "a", "state"]
    assert resident["area_code"] == codes.UNKNOWN_AREA


def test_who_left_left_for_a_reason(duck: DuckDB, tmp_path: Path) -> None:
    spells = [Spell(at, "compulsory", "00004", 12, 12, "a") for at in range(3)]
    registers = people(3)
    registers["population"][0]["deceased_on"] = date(2026, 9, 20)
    benefits = [{"month": MONTH, "pid": f"{1:012}", "benefit": "pension"}]
    found = counted(duck, tmp_path, spells, [MONTH], benefits=benefits, **registers)
    (row,) = [
        row for row in found["flows"] if (row["place"], row["scheme"], row["month"]) == ("managed", "compulsory", MONTH)
    ]
    assert (row["left_died"], row["left_retired"], row["left_other"], row["closing"]) == (1, 1, 1, 0)
