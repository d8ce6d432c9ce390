"""What a reform changes, held to the real computation run twice, and to the law for people row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.engine import DuckDB, Engine, run_step
from baophu.law import worker_months
from baophu.law.compiling import PARTS, SQL
from baophu.law.parameters import Book, book
from baophu.law.reforms import Reform
from baophu.law.what_if import Contributions, compare_contributions, what_if
from baophu.law.what_if_tables import notes
from baophu.law.what_if_voluntary import SUPPORT_GROUPS, local_support, people_of, support_grid
from engines import duck, engine, spark
from law.people_asking import ask
from law.what_if_home import DECLARED, LANG_SON, make_home

__all__ = ["duck", "engine", "spark"]

OCTOBER = date(2026, 10, 1)


def reform(*values: tuple[str, dict[str, str], int, int, date], **switches: str) -> Reform:
    """Make a reform of values, each name, dimensions, value, scale, first day."""
    made = []
    for name, dims, value, scale, first in values:
        like = book().history(name)[0]
        made.append(replace(like, dims=dims, value=value, scale=scale, valid_from=first, valid_to=None))
    return Reform(Text("Thử", "A try"), "", "a draft", tuple(made), switches)


LEVEL = reform(("reference_level", {}, 2_700_000, 0, OCTOBER))
SUPPORT = reform(
    ("voluntary_support", {"support_group": "near_poor"}, 60, 2, OCTOBER),
    ("local_support", {"place": "20", "support_group": "near_poor"}, 50, 2, OCTOBER),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("what-if"))


def contributions(home: Path, asked: Reform, **terms: Any) -> Contributions:
    (month,) = what_if(home, asked, book(), **terms).months
    assert month.contributions
    return month.contributions


# Contributions by hand


def test_a_higher_reference_level_lifts_the_floor_and_the_ceiling(home: Path) -> None:
    found = contributions(home, LEVEL)
    # Below 2,700,000: two of group a, k, m, and the second of b below it; at the ceiling of 50,600,000: two of group a.
    # The part-time worker with 2,600,000 falls out.
    assert (found.total.participants, found.total.affected) == (len(DECLARED) + 1, 8)
    assert (found.total.paying.before, found.total.paying.after) == (11, 10)
    assert found.bounds["si_base", "floor"] == (5, 0)
    assert found.bounds["si_base", "ceiling"] == (0, 1)
    lifted = [170_000, 100_000, 170_000, 170_000, 150_000]  # a, a, k, m, b: 2,530,000 2,600,000 2,530,000 …
    retirement = sum(base * 8 // 100 for base in [*lifted[:3], lifted[4]]) + 170_000 * 22 // 100
    retirement += (52_000_000 - 50_600_000 + 54_000_000 - 50_600_000) * 8 // 100 - 2_600_000 * 8 // 100
    assert found.total.amounts["worker_retirement"].change == retirement


def test_the_change_is_told_by_group_region_sector_and_province(home: Path) -> None:
    found = contributions(home, LEVEL)
    for lines in found.by.values():
        assert sum(line.participants for line in lines) == found.total.participants
        assert sum(line.affected for line in lines) == found.total.affected
        for name, whole in found.total.amounts.items():
            assert sum(line.amounts[name].change for line in lines) == whole.change
    assert {line.key: (line.participants, line.affected) for line in found.by["group_code"]} == {
        "a": (7, 4),
        "b": (2, 1),
        "k": (1, 1),
        "l": (1, 1),
        "m": (1, 1),
    }
    assert {line.key: line.affected for line in found.by["place"]} == {"01": 6, "20": 2}
    assert {line.key: line.affected for line in found.by["sector"]} == {"private": 5, "state": 2, "household": 1}
    assert {line.key: line.affected for line in found.by["region"]} == {"I": 6, "IV": 2}


def test_only_employers_of_some_size_are_named(home: Path) -> None:
    found = contributions(home, LEVEL)
    assert [one.employer_id for one in found.employers] == ["DN1"]
    assert found.unnamed == 2
    (one,) = found.employers
    assert (one.participants, one.affected, one.place) == (8, 5, "01")
    lines = [line for line in found.by["sector"] if line.key == "private"]
    assert one.worker == lines[0].amounts["worker_total"]


def test_another_month_and_the_law_of_another_month(home: Path) -> None:
    september = contributions(home, LEVEL, months=[date(2026, 9, 1)])
    assert (september.total.participants, september.total.affected) == (len(DECLARED), 0)
    later = contributions(home, LEVEL, months=[date(2026, 9, 1)], law_month=date(2027, 1, 1))
    assert later.total.affected == 7
    found = what_if(home, LEVEL, book(), [date(2026, 9, 1), OCTOBER])
    assert [one.month for one in found.months] == [date(2026, 9, 1), OCTOBER]


def test_a_switch_is_a_reform_too(home: Path) -> None:
    found = contributions(home, reform(health_without_pay="still_due"))
    assert found.total.affected == 1  # who was off for 20 days
    assert found.total.amounts["due_hi"].change == 9_000_000 * 45 // 1000


# Contributions by the real computation, run twice


REFORMS = [
    LEVEL,
    reform(("regional_minimum_wage", {"region": "I"}, 2_600_000, 0, date(2026, 1, 1))),
    reform(("rate.retirement.worker", {"group": "a"}, 85, 3, date(2026, 9, 1)), health_without_pay="still_due"),
    reform(("base_ceiling_multiple", {}, 3, 0, OCTOBER)),
]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "employer_id": st.sampled_from(["DN1", "DN2", "DN3"]),
            "group_code": st.sampled_from(["a", "b", "l", "k", "m", "đ", "foreign"]),
            "wage": st.one_of(st.integers(0, 150_000_000), st.sampled_from([2_530_000, 2_600_000, 2_700_000])),
            "unpaid_days": st.sampled_from([0, 0, 0, 13, 14]),
        }
    ),
    min_size=1,
    max_size=40,
)
EMPLOYERS = pa.table(
    {
        "employer_id": ["DN1", "DN2", "DN3"],
        "region": ["I", "II", "IV"],
        "sector": ["private", "state", "private"],
        "commune_code": [LANG_SON, LANG_SON, "99999"],
    }
)
DUCK = DuckDB(memory="500MiB", threads=1)


def as_tables(rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    declarations = pa.table(
        {
            "month": pa.array([OCTOBER] * len(rows), pa.date32()),
            "si_code": [f"{number:010}" for number in range(len(rows))],
            **columns,
        }
    )
    return {"declarations": declarations, "employers": EMPLOYERS}


def hold_to_two_runs(some: Engine, rows: list[dict[str, Any]], asked: Reform, temp: Path) -> None:
    laws = (book(), asked.book(book()))
    inputs = as_tables(rows)
    found, _ = compare_contributions(some, inputs, laws, OCTOBER, OCTOBER, temp)
    runs = [
        {row["si_code"]: row for row in worker_months.amounts(some, **inputs, law_book=law).arrow().to_pylist()}
        for law in laws
    ]
    for part in PARTS:
        pair = found.total.amounts[part]
        assert [pair.before, pair.after] == [sum(row[part] for row in run.values()) for run in runs]
    touched = [code for code, row in runs[0].items() if any(row[part] != runs[1][code][part] for part in PARTS)]
    assert found.total.affected == len(touched)
    groups = Counter(row["group_code"] for row in rows)
    assert {line.key: line.participants for line in found.by["group_code"]} == groups
    for side in ("worker", "employer", "both"):
        names = [part for part in PARTS if side in ("both", part.partition("_")[0])]
        changes = sorted(
            change
            for code in runs[0]
            if (change := sum(runs[1][code][part] - runs[0][code][part] for part in names)) != 0
        )
        spread = [one for one in found.spread if one.part == side]
        if not changes:
            assert spread == []
            continue
        at = {share: changes[-(-len(changes) * share // 10) - 1] for share in (1, 5, 9)}
        (one,) = spread
        assert one.workers == len(changes)
        assert (one.least, one.p10, one.median, one.p90, one.most) == (changes[0], *at.values(), changes[-1])


@given(ROWS, st.sampled_from(REFORMS))
@settings(max_examples=8, deadline=None)
def test_all_sums_are_those_of_two_runs(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], asked: Reform
) -> None:
    hold_to_two_runs(DUCK, rows, asked, tmp_path_factory.mktemp("cells"))


def test_both_engines_find_the_same(engine: Engine, tmp_path: Path) -> None:
    rows = [
        {
            "employer_id": f"DN{number % 3 + 1}",
            "group_code": ("a", "b", "l", "k", "m")[number % 5],
            "wage": number * 1_237_331 % 70_000_000,
            "unpaid_days": number % 16,
        }
        for number in range(300)
    ]
    hold_to_two_runs(engine, rows, LEVEL, tmp_path)


@pytest.mark.parametrize(
    ("change", "told"),
    [({"employer_id": "DN9"}, "the employer is not in its register"), ({"wage": None}, "1 rows lack wage")],
)
def test_a_row_that_cannot_be_computed_stops_all(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    rows = [
        {"employer_id": "DN1", "group_code": "a", "wage": 5, "unpaid_days": 0},
        {"employer_id": "DN1", "group_code": "a", "wage": 5, "unpaid_days": 0} | change,
    ]
    with pytest.raises(BaophuError) as error:
        compare_contributions(DUCK, as_tables(rows), (book(), LEVEL.book(book())), OCTOBER, OCTOBER, tmp_path)
    assert told in error.value.say("en")


# Voluntary support, row by row


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(list(SUPPORT_GROUPS)),
        st.sampled_from(["01", "20", "22", ""]),
        st.one_of(st.integers(0, 70_000_000), st.sampled_from([1_500_000, 2_200_000])),
        st.integers(0, 100),
        st.integers(0, 130),
    ),
    unique=True,
    min_size=1,
    max_size=12,
)
LAWS = [
    book(),
    SUPPORT.book(book()),
    book().with_switches(support_months_before_2025_07="not_counted", voluntary_floor_2027="old_line"),
    reform(("voluntary_support_months", {}, 60, 0, date(2026, 1, 1))).book(book()),
]


@given(PEOPLE, st.sampled_from(LAWS), st.sampled_from([date(2025, 7, 1), date(2026, 8, 1), date(2024, 1, 1)]))
@settings(max_examples=20, deadline=None)
def test_support_is_that_of_the_law_for_people_row_by_row(people: list[Any], law: Book, month: date) -> None:
    names = ("support_group", "place", "chosen_income", "months_old", "months_new")
    table = pa.table(
        {name: [one[at] for one in people] for at, name in enumerate(names)} | {"persons": [1] * len(people)}
    )
    grid = support_grid(law, month, sorted({one[1] for one in people}))
    rows = run_step(DUCK, SQL / "voluntary_support.sql", {"people": table, "grid": grid}).arrow().to_pylist()
    assert len(rows) == 12 * len(people)
    for row in rows:
        at = months_later(month, row["ahead"])
        counted = law.switch("support_months_before_2025_07") == "counted"
        local = local_support(law, at, row["place"], row["support_group"])
        told = ask(
            "voluntary_net",
            law,
            month=f"{at:%Y-%m}",
            income=row["chosen_income"],
            support_groups=[SUPPORT_GROUPS[row["support_group"]]],
            months_supported_before=min(120, (row["months_old"] if counted else 0) + row["months_new"] + row["ahead"]),
            local_rate=str(local.decimal) if local else "0",
        )
        found = (row["gross"], row["state_support"], row["local_support"], row["own"])
        assert found == (told["gross"], told["state_support"], told["local_support"], told["net"])
        assert row["used_up"] == (told["supported_months"] == 0)


def test_a_group_that_a_place_does_not_name_counts_as_its_others() -> None:
    rates = {group: local_support(book(), OCTOBER, "01", group) for group in SUPPORT_GROUPS}
    assert {group: str(value.decimal) for group, value in rates.items() if value} == {
        "poor": "0.50",
        "island_commune": "0.10",
        "near_poor": "0.60",
        "ethnic_minority": "0.10",
        "other": "0.10",
    }
    assert local_support(book(), OCTOBER, "20", "poor") is None


PAYMENTS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-30, 14), st.sampled_from([1, 3, 6, 12])), min_size=1, max_size=14
)


@given(PAYMENTS)
@settings(max_examples=40, deadline=None)
def test_months_supported_before_are_counted_once_each(
    tmp_path_factory: pytest.TempPathFactory, payments: list[tuple[int, int, int]]
) -> None:
    """Payments: person, first month counted from 2025-07, months."""
    cut = date(2025, 7, 1)
    table = pa.table(
        {
            "si_code": [str(one[0]) for one in payments],
            "commune_code": [LANG_SON] * len(payments),
            "support_group": ["other"] * len(payments),
            # Who pays is told again by the income.
            "chosen_income": pa.array([one[0] for one in payments], pa.int64()),
            "method": ["monthly"] * len(payments),
            "start_month": pa.array([months_later(cut, one[1]) for one in payments], pa.date32()),
            "months": pa.array([one[2] for one in payments], pa.int64()),
            "paid_on": pa.array([months_later(cut, one[1]) for one in payments], pa.date32()),
        }
    )
    places = pa.table({"commune_code": [LANG_SON], "place": ["20"]})
    out = tmp_path_factory.mktemp("people") / "people.parquet"
    people_of(DUCK, table, places, book(), months_later(cut, 12), out)
    found = run_step(DUCK, "SELECT * FROM people", {"people": out}).arrow().to_pylist()
    covered = {
        person: {month for who, first, count in payments if who == person for month in range(first, first + count)}
        for person, _, _ in payments
    }
    assert {row["chosen_income"]: (row["months_old"], row["months_new"], row["persons"]) for row in found} == {
        person: (sum(month < 0 for month in months), sum(0 <= month < 12 for month in months), 1)
        for person, months in covered.items()
        if 12 in months
    }


# Voluntary insurance over a home


def test_a_higher_support_costs_the_state_and_the_place(home: Path) -> None:
    (month,) = what_if(home, SUPPORT, book()).months
    found = month.voluntary
    assert found
    # Persons 1 to 4 are paid up in 2026-10; 5 stopped in June, 6 bought missing months.
    assert (found.total.persons, found.total.affected) == (4, 3)
    by_place = {line.key: line for line in found.by_place}
    share = 330_000  # 22 % of 1,500,000
    assert found.total.month["state_support"].change == 3 * share * 20 // 100
    # Person 1, in Hanoi, has 60 % of both: 40 % were left to pay, which the city now has to cover.
    assert (by_place["01"].month["local_support"].before, by_place["01"].month["local_support"].after) == (
        share * 60 // 100,
        share * 40 // 100,
    )
    # In Lạng Sơn person 2 has 40 % left to pay, and person 3, with twice the income, all 50 % of support.
    assert by_place["20"].month["local_support"].before == 0
    assert by_place["20"].month["local_support"].after == share * 40 // 100 + share * 50 // 100
    assert by_place["20"].persons == 3
    for line in (found.total, *found.by_group, *found.by_place):
        for span in (line.month, line.year):
            paid = span["state_support"].change + span["local_support"].change + span["own"].change
            assert paid == span["gross"].change == 0


def test_twelve_months_follow_the_law_of_each_month(home: Path) -> None:
    (month,) = what_if(home, SUPPORT, book()).months
    assert month.voluntary
    total = month.voluntary.total
    # From 2027-01 on the line is 2,200,000: 22 % of it are 484,000.
    assert total.year["state_support"].change == 3 * 20 * (3 * 3_300 + 9 * 4_840)


def test_a_reform_of_next_year_shows_in_twelve_months_only(home: Path) -> None:
    later = reform(("voluntary_support", {"support_group": "other"}, 30, 2, date(2027, 9, 1)))
    (month,) = what_if(home, later, book()).months
    assert month.voluntary
    assert month.voluntary.total.affected == 0
    assert month.voluntary.total.year["state_support"].change == 48_400
    assert not any("voluntary participants." in words.en for words in notes(what_if(home, later, book())))


# What is not touched, not loaded, not known


def said(home: Path, asked: Reform, **terms: Any) -> str:
    return "\n".join(words.en for words in notes(what_if(home, asked, book(), **terms)))


def test_what_is_not_touched_is_said(home: Path) -> None:
    level, support = said(home, LEVEL), said(home, SUPPORT)
    assert "2026-10: no effect on voluntary participants." in level
    assert "2026-10: no effect on compulsory contributions." in support
    assert "no effect on voluntary groups: other." in support
    assert "no effect on group" not in level


def test_values_that_change_nothing_here_are_said_with_the_reason(home: Path) -> None:
    asked = reform(
        ("registration_days", {}, 40, 0, OCTOBER),
        ("reference_level", {}, 2_700_000, 0, date(2029, 1, 1)),
        ("base_floor_multiple", {}, 1, 0, OCTOBER),
        ("voluntary_support_months", {}, 121, 0, date(2026, 10, 15)),
    )
    words = said(home, asked)
    assert "No effect of registration_days: it is not used in compulsory contributions" in words
    assert "No effect of reference_level: it holds from 1 Jan 2029, outside the months computed" in words
    assert "No effect of base_floor_multiple: it is what holds now" in words
    assert "voluntary_support_months begins on 15 Oct 2026: it counts from the next month on." in words


def test_months_after_what_was_verified_are_warned_of(home: Path) -> None:
    assert "reference_level" not in {
        value.name for value in what_if(home, LEVEL, book(), [date(2026, 9, 1)], date(2025, 11, 1)).warnings
    }
    warned = what_if(home, LEVEL, book(), law_month=date(2027, 1, 1)).warnings
    assert {"regional_minimum_wage", "rural_poverty_line"} <= {value.name for value in warned}


@pytest.mark.parametrize(
    ("loaded", "missing", "has"),
    [
        (("employers", "declarations"), ("spells", "voluntary"), (True, False)),
        (("voluntary",), ("declarations", "employers", "spells"), (False, True)),
        (("declarations", "voluntary"), ("employers", "spells"), (False, True)),
    ],
)
def test_registers_that_are_not_loaded_are_said_and_the_rest_is_computed(
    tmp_path: Path, loaded: tuple[str, ...], missing: tuple[str, ...], has: tuple[bool, bool]
) -> None:
    found = what_if(make_home(tmp_path, *loaded), LEVEL, book())
    assert found.not_loaded == missing
    (month,) = found.months
    assert (month.contributions is not None, month.voluntary is not None) == has
    assert month.month == OCTOBER
    assert len([words for words in notes(found) if "not loaded" in words.en]) == len(missing)


def test_nothing_loaded_and_months_not_loaded_are_errors(home: Path, tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match="nothing to compute"):
        what_if(tmp_path, LEVEL, book())
    with pytest.raises(BaophuError) as error:
        what_if(home, LEVEL, book(), [date(2026, 11, 1)])
    assert "Did you mean: --month 2026-10" in error.value.say("en")


def test_nothing_is_left_in_the_home(home: Path) -> None:
    before = Counter(path.name for path in home.rglob("*"))
    what_if(home, LEVEL, book())
    assert Counter(path.name for path in home.rglob("*")) == before
