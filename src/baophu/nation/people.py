"""The people of one block: households of parents, children and elders, with names, birth dates, places and numbers.

A block is a thin slice of the whole country, so that blocks can be made one after the other in little memory. The age
pyramid is met exactly: ages are drawn with the household, ranked, and the ranks are laid over the pyramid. As many
birth dates are used as leave about 3,500 people on each, which is the density of the real country.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.nation.made_numbers import digits, old_ids, personal_numbers
from baophu.nation.marginals import marginals
from baophu.nation.places import PEOPLES, Places

if TYPE_CHECKING:
    import polars as pl

PER_BIRTH_DATE = 3_500
EPOCH = date(1970, 1, 1)
ALIVE = np.iinfo(np.int32).max
POVERTY = ("none", "near_poor", "poor")
# People of these families put a mark of sex first and the family last: Y Bhim Niê, H' Hen Niê.
_FAMILY_LAST = ("Niê", "Êban", "Mlô", "Kbuôr", "Byă")
_COHORTS = (1975, 1998)
_HUSBAND, _WIFE, _FIRST_CHILD, _ELDER_MAN, _ELDER_WOMAN = 0, 1, 2, 6, 7
_SLOTS = 8


@dataclass
class People:
    """The people of a block in household order; each array has one value a person. Days count from 1970-01-01."""

    first: int
    """How many people are in the blocks before."""
    birth: Any
    female: Any
    commune: Any
    household: Any
    """Number of the household within the block."""
    village: Any
    house: Any
    """Number of the house, 0 where the address is not known."""
    people: Any
    """An index of PEOPLES."""
    poverty: Any
    """An index of POVERTY."""
    pid: Any
    old_id: Any
    """-1 where there is none."""
    died: Any
    """The day, ALIVE for the living."""
    name: pl.Series
    twin: Any
    """Whether it is the second of twins."""
    child: Any
    """Whether it lives in the household as a child of it."""

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def birth_month(self) -> Any:
        """Months since year 0 (year x 12 + month - 1)."""
        return months_of(self.birth)

    @property
    def died_month(self) -> Any:
        """Months since year 0; ALIVE for the living."""
        return np.where(self.died == ALIVE, ALIVE, months_of(np.where(self.died == ALIVE, 0, self.died)))


def months_of(days: Any) -> Any:
    """Return days since 1970-01-01 as months since year 0; int32."""
    return (days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12).astype(np.int32)


def first_days(months: Any) -> Any:
    """Return the first days of months since year 0, as days since 1970-01-01; int32."""
    return (months.astype(np.int64) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)


def birth_dates(people: int, last_day: date) -> Any:
    """Return the birth dates of a country of so many people, oldest first, as days since 1970-01-01.

    They are quantiles of the age pyramid; a country of one date has the median age.
    """
    dates = max(round(people / PER_BIRTH_DATE), 1)
    knots = sorted(marginals().ages.density)
    ages = np.arange(0, knots[-1] * 365) / 365.0
    density = np.interp(ages, knots, [marginals().ages.density[age] for age in knots])
    below = np.cumsum(density) / density.sum()
    quantiles = (np.arange(dates) + 0.5) / dates
    days = np.searchsorted(below, quantiles) + 1
    return ((last_day - EPOCH).days - days[::-1]).astype(np.int32)


@dataclass(frozen=True)
class _Names:
    """Names with cumulative weights, by what they depend on."""

    family: dict[tuple[int, int], tuple[Any, Any]]
    middle: dict[tuple[int, int, int], tuple[Any, Any]]
    given: dict[tuple[int, int, int], tuple[Any, Any]]
    families: list[str]
    middles: list[str]
    givens: list[str]


@lru_cache(maxsize=1)
def _names() -> _Names:
    folder = Path(__file__).parent / "names"

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def index(all_rows: list[dict[str, str]]) -> dict[str, int]:
        return {name: place for place, name in enumerate(dict.fromkeys(row["name"] for row in all_rows))}

    def drawn(chosen: list[dict[str, str]], weight: str, at: dict[str, int]) -> tuple[Any, Any]:
        weights = np.array([float(row[weight]) for row in chosen])
        return np.array([at[row["name"]] for row in chosen], np.int16), np.cumsum(weights) / weights.sum()

    family, middle, given = rows("family.csv"), rows("middle.csv"), rows("given.csv")
    at_family, at_middle, at_given = index(family), index(middle), index(given)
    by_family = {
        (number, south): drawn([row for row in family if row["people"] == people], where, at_family)
        for number, people in enumerate(PEOPLES)
        for south, where in enumerate(("north", "south"))
    }

    def by_sex(all_rows: list[dict[str, str]], at: dict[str, int]) -> dict[tuple[int, int, int], tuple[Any, Any]]:
        return {
            (number, sex, cohort): drawn(
                [row for row in all_rows if row["people"] == people and row["sex"] == letter], word, at
            )
            for number, people in enumerate(PEOPLES)
            for sex, letter in enumerate("MF")
            for cohort, word in enumerate(("old", "middle", "young"))
        }

    return _Names(
        by_family, by_sex(middle, at_middle), by_sex(given, at_given), list(at_family), list(at_middle), list(at_given)
    )


def make_people(
    places: Places, dates: Any, first: int, count: int, last_day: date, seed: int, block: int, blocks: int
) -> People:
    """Return `count` people of a block; `dates` are the country's birth dates, `last_day` its end."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 1]))
    there, ages, twin = _households(count, rng)
    homes = len(there)
    flat = there.ravel()
    household = np.repeat(np.arange(homes, dtype=np.int32), there.sum(axis=1))
    slot = np.tile(np.arange(_SLOTS, dtype=np.int8), homes)[flat]
    birth = _births(ages.ravel()[flat], twin.ravel()[flat], dates)
    twins = twin.ravel()[flat]
    is_child = (slot >= _FIRST_CHILD) & (slot < _ELDER_MAN)
    female = np.where(is_child, rng.random(count) > 0.53, (slot == _WIFE) | (slot == _ELDER_WOMAN)).astype(np.int8)

    commune_of = np.searchsorted(np.cumsum(places.weight)[:-1], rng.random(homes)).astype(np.int32)
    people_of = _peoples_of(places, commune_of, rng)
    commune, people = commune_of[household], people_of[household]
    year = months_of(birth) // 12
    name = _full_names(places, commune_of, people_of, there, female, year, twins, household, slot, rng)
    last = (last_day - EPOCH).days
    return People(
        first=first,
        birth=birth,
        female=female,
        commune=commune,
        household=household,
        village=rng.integers(1, 16, homes, dtype=np.int8)[household],
        house=np.where(rng.random(homes) < 0.6, rng.integers(1, 300, homes), 0).astype(np.int16)[household],
        people=people,
        poverty=_poverty(people_of, rng)[household],
        pid=personal_numbers(_birth_prefix(places, commune, rng), female.astype(np.int64), year, block, blocks, seed),
        old_id=_old_ids(year, last_day.year, rng, block, blocks, seed),
        died=_deaths(birth, last, rng),
        name=name,
        twin=twins,
        child=is_child,
    )


def _households(count: int, rng: Any) -> tuple[Any, Any, Any]:
    """Return who is there, how old, and who is the twin of the child before: (households, 8) each; `count` people.

    The eight places of a household: husband, wife, four children, the husband's father and mother.
    """
    homes = count // 2 + 8
    wife = 20 + 62 * rng.beta(1.5, 2.0, homes)
    ages = np.zeros((homes, _SLOTS))
    there = np.zeros((homes, _SLOTS), bool)
    twin = np.zeros((homes, _SLOTS), bool)
    husband = np.clip(wife + rng.normal(3, 3, homes), 20, 95)
    kind = rng.random(homes)
    ages[:, _HUSBAND], ages[:, _WIFE] = husband, wife
    there[:, _HUSBAND] = (kind < 0.76) | (kind > 0.94)
    there[:, _WIFE] = kind < 0.94
    # Widowhood.
    there[:, _HUSBAND] &= ~there[:, _WIFE] | (rng.random(homes) > np.clip((husband - 60) / 50, 0, 0.6))
    children = np.searchsorted(np.cumsum([0.08, 0.2, 0.43, 0.2]), rng.random(homes))
    gap = 21 + rng.gamma(3.0, 1.6, homes)
    for number in range(4):
        column = _FIRST_CHILD + number
        age = wife - gap
        twin[:, column] = (rng.random(homes) < 0.012) if number else False
        ages[:, column] = np.where(twin[:, column], ages[:, column - 1], age)
        at_home = rng.random(homes) < np.where(age < 18, 1.0, np.where(age < 24, 0.8, 0.3))
        there[:, column] = (
            (number < children) & (ages[:, column] > 0.02) & np.where(twin[:, column], there[:, column - 1], at_home)
        )
        twin[:, column] &= there[:, column]
        gap = gap + np.where(twin[:, column], 0, 1.2 + rng.gamma(2.0, 1.5, homes))
    for column, more in ((_ELDER_MAN, 2.0), (_ELDER_WOMAN, 0.0)):
        ages[:, column] = husband + 22 + more + rng.gamma(2.0, 2.0, homes)
        there[:, column] = (ages[:, column] < 97) & (husband < 60) & (rng.random(homes) < (0.12 if more else 0.2))
    there[:, _HUSBAND] |= ~there.any(axis=1)
    sizes = np.cumsum(there.sum(axis=1))
    last = int(np.searchsorted(sizes, count))
    there, ages, twin = there[: last + 1], ages[: last + 1], twin[: last + 1]
    over = int(sizes[last] - count)
    if over:
        present = np.flatnonzero(there[last])
        there[last, present[len(present) - over :]] = False
    return there, ages + rng.random(ages.shape) * 0.01 * ~twin, twin


def _births(ages: Any, twins: Any, dates: Any) -> Any:
    """Lay the ranks of the ages over the birth dates; a twin is born on the day of the one before."""
    rank = np.empty(len(ages), np.int64)
    rank[np.argsort(-ages, kind="stable")] = np.arange(len(ages))
    birth = dates[rank * len(dates) // len(ages)]
    second = np.flatnonzero(twins)
    birth[second] = birth[second - 1]
    return birth


def _peoples_of(places: Places, commune: Any, rng: Any) -> Any:
    """Return the people that each household is of."""
    published = marginals().rate("ethnic_minority") / float((places.weight * places.minority).sum())
    chance = np.minimum(places.minority * published, 0.98)
    minority = rng.random(len(commune)) < chance[commune]
    cumulated = np.cumsum(places.peoples, axis=1)[places.province[commune]]
    which = (rng.random(len(commune))[:, None] >= cumulated).sum(axis=1)
    return np.where(minority, np.minimum(which, len(PEOPLES) - 1), 0).astype(np.int8)


def _poverty(people_of: Any, rng: Any) -> Any:
    figures = marginals()
    kinh = people_of == 0
    poor = np.where(kinh, figures.rate("poor_kinh"), figures.rate("poor_minority"))
    near = np.where(kinh, figures.rate("near_poor_kinh"), figures.rate("near_poor_minority"))
    drawn = rng.random(len(people_of))
    return np.where(drawn < poor, 2, np.where(drawn < poor + near, 1, 0)).astype(np.int8)


def _birth_prefix(places: Places, commune: Any, rng: Any) -> Any:
    """Most were born in the province where they live, a few anywhere."""
    count = len(commune)
    anywhere = np.searchsorted(np.cumsum(places.province_weight)[:-1], rng.random(count))
    province = np.where(rng.random(count) < 0.84, places.province[commune], anywhere)
    return places.prefixes[province, rng.integers(0, places.prefixes.shape[1], count)]


def _old_ids(year: Any, this_year: int, rng: Any, block: int, blocks: int, seed: int) -> Any:
    """Those who were of age before the 12-digit numbers came have an old number; -1 for the others."""
    return np.where(
        (year <= 2004) & (this_year - year >= 15) & (rng.random(len(year)) < 0.85),
        old_ids(len(year), block, blocks, seed),
        -1,
    )


def _deaths(birth: Any, last: int, rng: Any) -> Any:
    """The register keeps those who died in its last two years."""
    age = (last - birth) / 365.25
    chance = np.minimum(2 * (0.0006 + 0.00003 * np.exp(0.095 * age)), 0.6)
    day = np.maximum(last - rng.integers(20, 730, len(birth)), birth)
    return np.where(rng.random(len(birth)) < chance, day, ALIVE).astype(np.int32)


def _full_names(
    places: Places,
    commune_of: Any,
    people_of: Any,
    there: Any,
    female: Any,
    year: Any,
    twins: Any,
    household: Any,
    slot: Any,
    rng: Any,
) -> pl.Series:
    """Children and the husband's father carry the husband's family name; wives and mothers keep theirs."""
    import polars as pl

    names = _names()
    homes, count = len(there), len(household)
    south = places.south[commune_of]
    of_husband, of_wife, of_mother = (_families(names, people_of, south, rng) for _ in range(3))
    family = np.where(
        slot == _WIFE, of_wife[household], np.where(slot == _ELDER_WOMAN, of_mother[household], of_husband[household])
    )
    people = people_of[household]
    # A few children carry their mother's.
    mothers = (rng.random(homes) < 0.02)[household] & (slot >= _FIRST_CHILD) & (slot < _ELDER_MAN)
    family = np.where(mothers, of_wife[household], family)
    cohort = np.searchsorted(np.array(_COHORTS), year, side="right")
    middle, given = np.zeros(count, np.int16), np.zeros(count, np.int16)
    kind = (people.astype(np.int32) * 2 + female) * 3 + cohort
    order = np.argsort(kind, kind="stable")
    bounds = np.searchsorted(kind[order], np.arange(len(PEOPLES) * 6 + 1))
    for number in range(len(PEOPLES) * 6):
        rows = order[bounds[number] : bounds[number + 1]]
        key = (number // 6, number // 3 % 2, number % 3)
        for where, drawn in ((middle, names.middle[key]), (given, names.given[key])):
            where[rows] = drawn[0][np.searchsorted(drawn[1][:-1], rng.random(len(rows)))]
    second = np.flatnonzero(twins)
    same = female[second] == female[second - 1]
    middle[second] = np.where(same, middle[second - 1], middle[second])
    # Empty middle names must not leave two blanks.
    families = pl.Series(names.families)
    middles = pl.Series([f" {name}" if name else "" for name in names.middles])
    givens = pl.Series([f" {name}" for name in names.givens])
    last_families = np.array([name in _FAMILY_LAST for name in names.families])[family]
    frame = pl.DataFrame({"f": families.gather(family), "m": middles.gather(middle), "g": givens.gather(given)})
    full = frame.select(pl.concat_str("f", "m", "g")).to_series()
    if last_families.any():
        mark = pl.Series(np.where(female == 1, "H'", "Y"))
        turned = frame.select(pl.concat_str(mark, "g", pl.lit(" "), "f")).to_series()
        full = turned.zip_with(pl.Series(last_families), full)
    return full.alias("full_name")


def _families(names: _Names, people: Any, south: Any, rng: Any) -> Any:
    drawn = rng.random(len(people))
    found = np.zeros(len(people), np.int16)
    for (number, where), (choices, cumulated) in names.family.items():
        rows = np.flatnonzero((people == number) & (south == where))
        found[rows] = choices[np.searchsorted(cumulated[:-1], drawn[rows])]
    return found


def villages(people: People, places: Places) -> pl.Series:
    """Return the name of each person's village or residential group."""
    import polars as pl

    ward, south = places.ward[people.commune], places.south[people.commune]
    highland = people.people == PEOPLES.index("highland")
    upland = (people.people > 0) & (people.people < PEOPLES.index("khmer")) & (people.people != PEOPLES.index("muong"))
    words = ["Thôn", "Tổ dân phố", "Ấp", "Khu phố", "Bản", "Buôn"]
    style = np.where(ward, np.where(south, 3, 1), np.where(highland, 5, np.where(upland, 4, np.where(south, 2, 0))))
    all_names = pl.Series([f"{word} {number}" for word in words for number in range(16)])
    return all_names.gather(style * 16 + people.village).alias("village")


def addresses(people: People, village: pl.Series) -> pl.Series:
    """Return the addresses, empty where the house has no number."""
    import polars as pl

    number = pl.Series([None, *(f"Số {house}, " for house in range(1, 301))]).gather(people.house)
    return (number + village).alias("address")


def as_dates(days: Any) -> pl.Series:
    """Return days since 1970-01-01 as a column of dates; ALIVE becomes empty."""
    import polars as pl

    column = pl.Series(np.asarray(days, np.int32))
    return column.set(column == ALIVE, None).cast(pl.Date)


def as_months(months: Any) -> pl.Series:
    """Return months since year 0 as a column of their first days; ALIVE becomes empty."""
    never = months == ALIVE
    return as_dates(np.where(never, ALIVE, first_days(np.where(never, 0, months))))


def population_frame(people: People, places: Places) -> pl.DataFrame:
    """Return the rows of the register of population, without errors."""
    import polars as pl

    village = villages(people, places)
    codes = pl.Series(places.code)
    return pl.DataFrame(
        {
            "pid": digits(people.pid, 12),
            "old_id": digits(people.old_id, 9),
            "full_name": people.name,
            "birth_date": as_dates(people.birth),
            "birth_year": (people.birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970),
            "sex": pl.Series(["M", "F"]).gather(people.female),
            "commune_code": codes.gather(people.commune),
            "household_id": "H" + digits(people.household.astype(np.int64) + people.first, 9),
            "village": village,
            "address": addresses(people, village),
            "ethnic": pl.Series(["kinh", "other"]).gather((people.people > 0).astype(np.int8)),
            "poverty": pl.Series(POVERTY).gather(people.poverty),
            "deceased_on": as_dates(people.died),
        }
    )


def block_sizes(people: int, size: int) -> list[int]:
    """Return how many people each block has: as many blocks as keep each at about `size`, nearly equal."""
    blocks = max(-(-people // size), 1)
    return [people // blocks + (block < people % blocks) for block in range(blocks)]
