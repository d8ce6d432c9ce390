"""Beside the jobs: voluntary insurance and its payments, health insurance, pensions and the other benefits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.nation.calendar_of_life import NEW_LAW, RURAL_LINE, known
from baophu.nation.calendar_of_life import VOLUNTARY as VOLUNTARY_SINCE
from baophu.nation.careers import (
    GROUP,
    HEALTH,
    ONCE,
    PENSION,
    VOLUNTARY,
    Spells,
    Status,
    joined,
    last_end,
    spells,
    with_chance,
)
from baophu.nation.made_numbers import digits
from baophu.nation.marginals import marginals
from baophu.nation.people import ALIVE, People, as_dates, as_months, first_days
from baophu.nation.places import Places

if TYPE_CHECKING:
    import polars as pl

METHODS = ("monthly", "quarterly", "half_yearly", "yearly", "years_ahead")
SUPPORT_GROUPS = ("poor", "island_commune", "near_poor", "ethnic_minority", "other")
# Per cent of 22 % of the rural line: until June 2025, and since (Decree 159/2025 art. 5).
_SUPPORT_BEFORE = np.array([30, 0, 25, 10, 10])
_SUPPORT_SINCE = np.array([50, 50, 40, 30, 20])
_METHOD_MONTHS = np.array([1, 3, 6, 12, 24])
# The fund's mean monthly yield in hundred-thousandths, for payments years ahead: the published value is not known.
_YIELD = 310
_MOST_AHEAD = 24
_AGENTS = 40
# The health insurance remembers ten years.
_KEPT = 120


@dataclass
class Voluntary:
    """The voluntary spells of a block, with how each is paid."""

    spells: Spells
    method: Any
    income: Any


def make_voluntary(
    places: Places, people: People, status: Status, allowance: Any, compulsory: Spells, end: int, seed: int, block: int
) -> Voluntary:
    """Return who is or was in voluntary insurance: never in a month of compulsory insurance, never with a pension."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 5]))
    count = len(people)
    busy_until = last_end(count, compulsory)
    years = status.age / 12
    able = (
        (busy_until <= end)
        & (status.kind != PENSION)
        & ~allowance
        & (people.died == ALIVE)
        & (years >= 17)
        & (years < 68)
    )
    profile = np.interp(years, (17, 30, 45, 60, 68), (0.2, 0.8, 1.5, 1.2, 0.4)) * np.where(
        places.ward[people.commune], 0.7, 1.2
    )
    # Those who once were insured go on more often.
    profile = np.where(able, profile * np.where(status.kind == ONCE, 1.8, 1.0), 0)
    current = with_chance(profile, marginals().share("si_voluntary") * count, rng)
    lapsed = with_chance(np.where(current, 0, profile), 0.010 * count, rng)
    stopped = with_chance(np.where(current | lapsed, 0, profile), 0.006 * count, rng)
    who = np.flatnonzero(current | lapsed | stopped)
    method = np.searchsorted([0.30, 0.52, 0.72, 0.985], rng.random(len(who)))
    step = _METHOD_MONTHS[method]
    stop = np.select(
        [current[who], lapsed[who]],
        [ALIVE, end - rng.integers(1, 22, len(who))],
        end - 27 - rng.integers(0, 60, len(who)),
    )
    length = 1 + np.minimum(rng.exponential(30, len(who)), 150).astype(np.int64)
    length = -(-length // step) * step
    start = np.where(stop == ALIVE, end + 1, stop) - length
    earliest = np.maximum(np.maximum(busy_until[who], VOLUNTARY_SINCE), people.birth_month[who] + 181)
    # A spell that runs has no need of whole periods; one that ended is shortened by whole ones.
    start = np.where(stop == ALIVE, np.maximum(start, earliest), start)
    start = np.where(start < earliest, start + -(-(earliest - start) // step) * step, start)
    keep = (start < stop) & (start <= end)
    made = spells(who[keep], VOLUNTARY, 0, -1, people.commune[who[keep]], start[keep], stop[keep])
    made.agent = _agents(places, made.commune, 0.7, rng)
    income = known(RURAL_LINE, np.full(len(made), end)) + 50_000 * np.where(
        rng.random(len(made)) < 0.55, 0, rng.geometric(0.04, len(made))
    )
    return Voluntary(made, method[keep], np.minimum(income, 20_000_000))


def _agents(places: Places, commune: Any, share: float, rng: Any) -> Any:
    """Return the number of the collection agent, -1 for those who pay at the office."""
    number = places.province[commune] * _AGENTS + rng.integers(0, _AGENTS, len(commune))
    return np.where(rng.random(len(commune)) < share, number, -1).astype(np.int32)


def agent_column(places: Places, agent: Any) -> pl.Series:
    """Return the ids of agents by their numbers; -1 is none."""
    import polars as pl

    ids = [f"DL{code}{number:03d}" for code in places.provinces for number in range(1, _AGENTS + 1)]
    return pl.Series("agent_id", [*ids, None]).gather(np.where(agent < 0, len(ids), agent))


def support_groups(places: Places, people: People, person: Any) -> Any:
    """Return the group of support with the highest rate that each person is in: an index of SUPPORT_GROUPS."""
    poverty = people.poverty[person]
    return np.select(
        [poverty == 2, places.island[people.commune[person]], poverty == 1, people.people[person] > 0], [0, 1, 2, 3], 4
    )


@lru_cache(maxsize=1)
def _ahead() -> int:
    """Return the months' worth of a payment two years ahead, in millionths (Decree 159/2025 art. 6)."""
    worth = sum(Fraction(100_000, 100_000 + _YIELD) ** month for month in range(_MOST_AHEAD))
    return round(worth * 10**6)


def voluntary_payments(
    places: Places, people: People, made: Voluntary, si_code: pl.Series, end: int, seed: int, block: int
) -> pl.DataFrame:
    """Return the payments of all voluntary spells; `si_code` by person. The amount is the participant's own part."""
    import polars as pl

    rng = np.random.Generator(np.random.PCG64([seed, block, 6]))
    step = _METHOD_MONTHS[made.method]
    until = np.minimum(made.spells.end, end + 1)
    times = -(-(until - made.spells.start) // step)
    row = np.repeat(np.arange(len(times)), times)
    number = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    start = made.spells.start[row] + number * step[row]
    person = made.spells.person[row]
    group = support_groups(places, people, person)
    line = known(RURAL_LINE, start)
    income = np.maximum(made.income[row], line)
    own = income * 22
    rate = np.where(start >= NEW_LAW, _SUPPORT_SINCE[group], _SUPPORT_BEFORE[group])
    months = step[row]
    # All in ten-thousandths of a dong until the one rounding.
    worth = np.where(months == _MOST_AHEAD, own * _ahead() // 10**4, own * months * 100)
    amount = (worth - line * 22 * rate * months + 5_000) // 10_000
    ids = agent_column(places, made.spells.agent[row])
    return pl.DataFrame(
        {
            "si_code": si_code.gather(person),
            "commune_code": pl.Series(places.code).gather(made.spells.commune[row]),
            "support_group": pl.Series(SUPPORT_GROUPS).gather(group),
            "chosen_income": income,
            "method": pl.Series(METHODS).gather(made.method[row]),
            "start_month": as_months(start),
            "months": months,
            "paid_on": as_dates(first_days(start) + rng.integers(0, 27, len(row))),
            "amount": amount,
            "agent_id": ids,
        }
    )


def make_health(
    places: Places, people: People, status: Status, compulsory: Spells, end: int, seed: int, block: int
) -> Spells:
    """Return the health spells: employees as long as they are employed, all others but a few in the group they fit.

    Nobody is in two at once. The few who have none are those whom the finding `health_gap` is about.
    """
    rng = np.random.Generator(np.random.PCG64([seed, block, 7]))
    count = len(people)
    kept = np.isin(compulsory.group, [GROUP[letter] for letter in "abikl"]) & (compulsory.end > end - _KEPT)
    by_job = compulsory[kept]
    employees = spells(
        by_job.person, HEALTH, GROUP["employee"], by_job.employer, by_job.commune, by_job.start, by_job.end
    )
    busy_until = last_end(count, by_job)
    group = _health_groups(places, people, status, end, rng)
    free = busy_until <= end
    likely = np.select(
        [np.isin(group, [GROUP[name] for name in ("household", "other")]), group == GROUP["student"]], [1.0, 0.12], 0.02
    )
    likely = np.where(group == GROUP["farm_average"], 0.5, likely)
    uncovered = 1 - marginals().rate("hi_coverage_population")
    gap = with_chance(np.where(free & (people.died == ALIVE), likely, 0), uncovered * count, rng)
    begin = np.select(
        [group == GROUP["child"], group == GROUP["pensioner"]],
        [people.birth_month, status.retirement + 1],
        end - rng.integers(0, 100, count),
    )
    begin = np.where(group == GROUP["student"], np.minimum(begin, end - 1), begin)
    begin = np.maximum(np.maximum(begin, people.birth_month), np.where(free, busy_until, ALIVE))
    stop = np.where(gap, end - rng.integers(0, 40, count), ALIVE)
    stop = np.minimum(stop, np.where(people.died == ALIVE, ALIVE, people.died_month + 1))
    never = gap & (rng.random(count) < 0.4)
    who = np.flatnonzero(free & ~never & (begin < stop) & (begin <= end))
    made = spells(who, HEALTH, group[who], -1, people.commune[who], begin[who], stop[who])
    household = made.group == GROUP["household"]
    made.agent = np.where(household, _agents(places, made.commune, 0.75, rng), -1).astype(np.int32)
    return joined([employees, made])


def _health_groups(places: Places, people: People, status: Status, end: int, rng: Any) -> Any:
    years = status.age / 12
    drawn = rng.random(len(people))
    rural = ~places.ward[people.commune]
    return np.select(
        [
            status.age < 72,
            status.kind == PENSION,
            (years < 18) | ((years < 22) & (drawn < 0.45)),
            people.poverty == 2,
            people.poverty == 1,
            (people.people > 0) & rural & (drawn < 0.6),
            drawn < 0.05,
            drawn < 0.06,
            rural & (drawn < 0.22),
            drawn > 0.98,
        ],
        [
            GROUP[name]
            for name in (
                "child", "pensioner", "student", "poor", "near_poor", "ethnic_minority", "policy", "armed_forces",
                "farm_average", "other",
            )
        ],
        GROUP["household"],
    ).astype(np.int8)  # fmt: skip


def has_allowance(
    people: People, status: Status, compulsory: Spells, end: int, months: int, seed: int, block: int
) -> Any:
    """Return who receives a monthly social insurance allowance; such people are outside the compulsory scheme."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 9]))
    before = last_end(len(people), compulsory) < end - months + 1
    able = (status.kind != PENSION) & before & (status.age > 600)
    return with_chance(np.where(able, 1.0, 0), 0.12 * marginals().share("pensions") * len(people), rng)


def make_benefits(
    places: Places,
    people: People,
    status: Status,
    allowance: Any,
    compulsory: Spells,
    unemployment: Spells,
    si_code: pl.Series,
    end: int,
    months: int,
    seed: int,
    block: int,
) -> pl.DataFrame:
    """Return what was paid month by month: pensions, allowances, social pensions, unemployment benefit.

    `si_code` by person. A month before July 2025 names the commune by a code of its time.
    """
    import polars as pl

    rng = np.random.Generator(np.random.PCG64([seed, block, 8]))
    count = len(people)
    first = end - months + 1
    alive_until = np.where(people.died == ALIVE, end, people.died_month)
    old = (status.kind != PENSION) & ~allowance
    social_from = people.birth_month + np.where(people.poverty > 0, 70, 75) * 12
    social = old & (np.maximum(social_from, NEW_LAW) <= end)
    parts = []
    for number, who, from_month, to_month, money in (
        (0, status.kind == PENSION, status.retirement + 1, alive_until, _pensions(count, rng)),
        (1, allowance, np.full(count, first), alive_until, 1_400_000 + 10_000 * rng.integers(0, 150, count)),
        (2, social, np.maximum(social_from, NEW_LAW), alive_until, np.full(count, 500_000)),
    ):
        rows = np.flatnonzero(who)
        parts.append((np.full(len(rows), number), rows, from_month[rows], to_month[rows], money[rows]))
    # Unemployment benefit begins the month after the job; six of ten who lost theirs after a year ask for it.
    ended = (unemployment.end <= end) & (unemployment.end > first - 12)
    ended &= (unemployment.end - unemployment.start >= 12) & (rng.random(len(unemployment)) < 0.6)
    last = last_end(count, compulsory)
    ended &= last[unemployment.person] == unemployment.end
    rows = unemployment.person[ended]
    since = unemployment.end[ended]
    long = np.clip((unemployment.end - unemployment.start)[ended] // 12, 3, 12)
    until = np.minimum(since + long - 1, alive_until[rows])
    parts.append((np.full(len(rows), 3), rows, since, until, 2_800_000 + 10_000 * rng.integers(0, 500, len(rows))))
    kind, person, since, until, amount = (np.concatenate([part[column] for part in parts]) for column in range(5))
    since, until = np.maximum(since, first), np.minimum(until, end)
    long = np.maximum(until - since + 1, 0)
    row = np.repeat(np.arange(len(kind)), long)
    month = since[row] + np.arange(len(row)) - np.repeat(np.cumsum(long) - long, long)
    # Pensions rose by 8 % on 1 July 2026 (Decree 162/2026 art. 2).
    risen = (kind[row] < 2) & (month >= 2026 * 12 + 6)
    amount = np.where(risen, amount[row] * 108 // 100, amount[row])
    by_account = (rng.random(count) < np.where(places.ward[people.commune], 0.88, 0.6))[person[row]]
    commune = people.commune[person[row]]
    former = pl.Series(places.former).gather(commune)
    social_row = kind[row] == 2
    return pl.DataFrame(
        {
            "month": as_months(month),
            "si_code": si_code.gather(person[row]).set(pl.Series(social_row), None),
            "pid": digits(people.pid, 12).gather(person[row]).set(pl.Series(kind[row] == 3), None),
            "benefit": pl.Series(["pension", "monthly_si", "social_pension", "unemployment"]).gather(kind[row]),
            "amount": amount,
            "paid_by": pl.Series(["cash", "account"]).gather(by_account.astype(np.int8)),
            "commune_code": former.zip_with(pl.Series(month < NEW_LAW), pl.Series(places.code).gather(commune)),
        }
    )


def _pensions(count: int, rng: Any) -> Any:
    amount = np.exp(rng.normal(np.log(5_600_000), 0.4, count)).astype(np.int64)
    return np.clip(amount, 2_340_000, 60_000_000) // 1000 * 1000
