"""The people: as dense as the real country, in households that could be, with numbers that are right."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from baophu.nation import made_numbers
from baophu.nation.calendar_of_life import retirement_months
from baophu.nation.people import (
    PER_BIRTH_DATE,
    birth_dates,
    block_sizes,
    make_people,
    population_frame,
)
from baophu.nation.places import places
from baophu.registers.numbers import check_numbers

LAST = date(2026, 10, 31)
PEOPLE = 120_000


@pytest.fixture(scope="module")
def population() -> pl.DataFrame:
    where = places(LAST)
    made = make_people(where, birth_dates(PEOPLE, LAST), 0, PEOPLE, LAST, 7, 0, 1)
    return population_frame(made, where).with_columns(child=made.child, twin=made.twin)


@pytest.mark.parametrize("people", [1_000, 3_500, 20_000, 500_000])
def test_about_3500_people_share_a_birth_date_in_any_country(people: int) -> None:
    dates = birth_dates(people, LAST)
    assert len(set(dates.tolist())) == max(round(people / PER_BIRTH_DATE), 1)


def test_the_people_are_spread_evenly_over_the_dates(population: pl.DataFrame) -> None:
    sizes = population.group_by("birth_date").len()["len"]
    assert len(sizes) == round(PEOPLE / PER_BIRTH_DATE)
    assert sizes.min() > 3_300  # type: ignore[operator]
    assert sizes.max() < 3_700  # type: ignore[operator]


def test_as_many_as_in_a_country_share_name_birth_and_sex(population: pl.DataFrame) -> None:
    """Of registers.md: a quarter; 3.5 % with the province, 0.06 % with the commune."""
    who = ["full_name", "birth_date", "sex"]
    alike = population.filter(pl.struct(who).is_duplicated()).height / PEOPLE
    assert 0.20 < alike < 0.30
    in_commune = population.filter(pl.struct([*who, "commune_code"]).is_duplicated()).height / PEOPLE
    assert in_commune < 0.005


def test_numbers_are_right_by_the_rule_and_nobody_shares_one(population: pl.DataFrame) -> None:
    assert population["pid"].n_unique() == PEOPLE
    checked = check_numbers(
        "pid",
        population["pid"].to_arrow(),
        sex=population["sex"].to_arrow(),
        birth_year=population["birth_year"].to_arrow(),
    )
    assert set(checked.state.to_pylist()) == {"ok"}
    old = population["old_id"].drop_nulls()
    assert old.n_unique() == len(old)
    assert set(check_numbers("old_id", old.to_arrow()).state.to_pylist()) == {"ok"}


def test_households_are_of_parents_children_and_elders(population: pl.DataFrame) -> None:
    homes = population.group_by("household_id").agg(
        pl.len().alias("size"),
        pl.col("birth_date").filter("child").min().alias("eldest_child"),
        pl.col("birth_date").filter(~pl.col("child")).max().alias("youngest_adult"),
        pl.col("commune_code").n_unique().alias("communes"),
    )
    assert 2.9 < homes["size"].mean() < 3.7  # type: ignore[operator]
    assert homes["size"].max() <= 8  # type: ignore[operator]
    assert homes["communes"].max() == 1
    with_children = homes.drop_nulls()
    assert (with_children["eldest_child"] >= with_children["youngest_adult"]).all()


def test_most_children_carry_the_name_of_the_man_of_the_house(population: pl.DataFrame) -> None:
    kinh = population.filter(pl.col("ethnic") == "kinh").with_columns(
        family=pl.col("full_name").str.split(" ").list.first()
    )
    men = kinh.filter(~pl.col("child") & (pl.col("sex") == "M")).group_by("household_id").agg(pl.col("family").first())
    children = kinh.filter("child").join(men, on="household_id", suffix="_of_man")
    assert (children["family"] == children["family_of_man"]).mean() > 0.95  # type: ignore[operator]


def test_twins_are_born_on_one_day(population: pl.DataFrame) -> None:
    second = np.flatnonzero(population["twin"].to_numpy())
    assert len(second) > 50
    born, home = population["birth_date"].to_numpy(), population["household_id"].to_numpy()
    assert (born[second] == born[second - 1]).all()
    assert (home[second] == home[second - 1]).all()


def test_minorities_live_in_the_mountains(population: pl.DataFrame) -> None:
    where = places(LAST)
    province = dict(zip(where.code, (where.provinces[one] for one in where.province), strict=True))
    by_province = (
        population.with_columns(province=pl.col("commune_code").replace_strict(province))
        .group_by("province")
        .agg((pl.col("ethnic") == "other").mean().alias("share"))
    )
    share = dict(by_province.iter_rows())
    assert share["04"] > 0.7
    assert share["33"] < 0.05
    assert 0.12 < (population["ethnic"] == "other").mean() < 0.17  # type: ignore[operator]


def test_blocks_never_give_a_number_twice() -> None:
    where = places(LAST)
    sizes = block_sizes(9_001, 2_500)
    assert sum(sizes) == 9_001
    dates = birth_dates(9_001, LAST)
    made = [make_people(where, dates, 0, size, LAST, 3, block, len(sizes)) for block, size in enumerate(sizes)]
    for numbers in ([one.pid for one in made], [one.old_id[one.old_id >= 0] for one in made]):
        together = np.concatenate(numbers)
        assert len(np.unique(together)) == len(together)
    for make in (made_numbers.si_codes, made_numbers.old_ids):
        together = np.concatenate([make(size, block, len(sizes), 3) for block, size in enumerate(sizes)])
        assert len(np.unique(together)) == len(together)


def test_tax_codes_have_their_check_digit() -> None:
    codes = np.concatenate([made_numbers.tax_codes(np.arange(1, 97).repeat(20), block, 3, 5) for block in range(3)])
    assert len(np.unique(codes)) == len(codes)
    assert set(check_numbers("tax_code", made_numbers.digits(codes, 10).to_arrow()).state.to_pylist()) == {"ok"}


def test_another_seed_makes_other_people() -> None:
    where, dates = places(LAST), birth_dates(2_000, LAST)
    one, same, other = (make_people(where, dates, 0, 2_000, LAST, seed, 0, 1) for seed in (1, 1, 2))
    assert population_frame(one, where).equals(population_frame(same, where))
    assert not population_frame(one, where).equals(population_frame(other, where))


@pytest.mark.parametrize(
    ("sex", "born", "retires"),
    [  # Decree 135/2020, annex I
        ("M", (1961, 1), (2021, 4)),
        ("M", (1965, 4), (2026, 10)),
        ("M", (1966, 4), (2028, 4)),
        ("F", (1966, 1), (2021, 5)),
        ("F", (1969, 10), (2026, 10)),
        ("F", (1980, 1), (2040, 1)),
    ],
)
def test_the_month_of_retirement(sex: str, born: tuple[int, int], retires: tuple[int, int]) -> None:
    months = retirement_months(np.array([born[0] * 12 + born[1] - 1]), np.array([sex == "F"]))
    assert months.tolist() == [retires[0] * 12 + retires[1] - 1]
