"""Working lives: who has been insured, in which jobs, from when to when; the spells of compulsory insurance.

A life is made whole, from the first job to the pension; the months for which the registers are written are only its
end. Nobody is in two compulsory spells in one month. Months are numbers since year 0, spells half open.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from baophu.nation.businesses import SECTORS, Businesses, owes_as_owner
from baophu.nation.calendar_of_life import NEW_LAW, UNEMPLOYMENT, retirement_months
from baophu.nation.marginals import marginals
from baophu.nation.people import ALIVE, People
from baophu.nation.places import Places

NONE, NOW, ONCE, PENSION = range(4)
SCHEMES = ("compulsory", "voluntary", "unemployment", "health")
COMPULSORY, VOLUNTARY, UNEMPLOYED, HEALTH = range(4)
GROUPS = (
    "", "a", "b", "i", "k", "l", "m", "n",
    "employee", "pensioner", "household", "student", "farm_average", "poor", "near_poor", "child", "ethnic_minority",
    "policy", "armed_forces", "other",
)  # fmt: skip
GROUP = {name: number for number, name in enumerate(GROUPS)}
_A, _B, _I, _K, _L, _M, _N = range(1, 8)
# Of those drawn as insured, how many still are after deaths, seasons and closed employers.
_STAYING = 0.89


@dataclass
class Spells:
    """Spells of one block, one value a spell; `person` and `employer` (-1: none) are numbers within the block."""

    person: Any
    scheme: Any
    group: Any
    employer: Any
    commune: Any
    agent: Any
    """The collection agent, -1 where there is none."""
    start: Any
    end: Any
    """The first month without participation, ALIVE while it runs."""

    def __len__(self) -> int:
        return len(self.person)

    def __getitem__(self, rows: Any) -> Spells:
        return Spells(*(getattr(self, field.name)[rows] for field in fields(self)))


def spells(person: Any, scheme: int, group: Any, employer: Any, commune: Any, start: Any, end: Any) -> Spells:
    """Return spells of one scheme; `group` and `employer` are arrays or one value for all."""
    count = len(person)
    return Spells(
        person.astype(np.int32),
        np.full(count, scheme, np.int8),
        np.broadcast_to(np.asarray(group, np.int8), count).copy(),
        np.broadcast_to(np.asarray(employer, np.int32), count).copy(),
        np.asarray(commune, np.int32),
        np.full(count, -1, np.int32),
        np.asarray(start, np.int32),
        np.asarray(end, np.int32),
    )


def joined(parts: list[Spells]) -> Spells:
    """Return several tables of spells as one."""
    return Spells(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Spells)))


@dataclass
class Status:
    """What each person of a block is at the end of the country's months, and when he retires."""

    kind: Any
    """NONE, NOW (insured), ONCE (was insured), PENSION."""
    state: Any
    """Whether he works for the state, where he works."""
    in_unemployment: Any
    """Whether a public employee is in unemployment insurance, as three of four are."""
    retirement: Any
    age: Any
    """In months."""


def with_chance(weights: Any, wanted: float, rng: Any) -> Any:
    """Draw about `wanted` of the rows, each with a chance that goes with its weight."""
    chance = np.asarray(weights, np.float64)
    total = chance.sum()
    if total == 0:
        return np.zeros(len(chance), bool)
    scale = wanted / total
    for _ in range(4):
        scaled = np.minimum(chance * scale, 1)
        if scaled.sum() > 0:
            scale *= wanted / scaled.sum()
    return rng.random(len(chance)) < np.minimum(chance * scale, 1)


def make_status(people: People, end: int, seed: int, block: int) -> Status:
    """Draw what each person is; the shares are the published ones, whatever the ages."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 3]))
    count = len(people)
    figures = marginals()
    age = end - people.birth_month
    retirement = retirement_months(people.birth_month, people.female)
    years = age / 12
    profile = np.interp(years, (18, 22, 27, 35, 45, 55, 62, 63), (0.1, 0.3, 0.48, 0.42, 0.3, 0.2, 0.1, 0.0))
    working = (retirement > end) & (years >= 18)
    insured = figures.share("si_compulsory") - figures.share("armed_forces") - 0.0025
    now = with_chance(np.where(working, profile, 0), insured / _STAYING * count, rng)
    pension = with_chance(retirement < end, figures.share("pensions") * 0.93 * count, rng)
    once = with_chance(
        np.where((years >= 20) & ~now & ~pension, np.interp(years, (20, 30, 55, 75), (0.5, 1, 1, 0.2)), 0),
        0.12 * count,
        rng,
    )
    return Status(
        kind=np.select([now, pension, once], [NOW, PENSION, ONCE], NONE).astype(np.int8),
        state=rng.random(count) < figures.rate("state"),
        in_unemployment=rng.random(count) < 0.75,
        retirement=retirement,
        age=age,
    )


def willing_to_own(people: People, status: Status) -> Any:
    """Return how likely each person is to own a business household; 0 for children, students and the dead."""
    years = status.age / 12
    fits = (years >= 20) & (years < 72) & (people.died == ALIVE)
    return np.where(fits, np.where(status.kind == NOW, 0.25, np.where(status.kind == PENSION, 0.6, 1.0)), 0.0)


def make_careers(
    places: Places, people: People, status: Status, businesses: Businesses, end: int, months: int, seed: int, block: int
) -> Spells:
    """Return the compulsory spells of all lives, ordered by person and start.

    Employers that a spell begins at before they opened open earlier; those that close end their spells.
    """
    rng = np.random.Generator(np.random.PCG64([seed, block, 4]))
    first = end - months + 1
    who = np.flatnonzero(status.kind > NONE)
    jobs = _jobs(people, status, who, end, rng)
    jobs = _seasonal(jobs, status, end, rng)
    person, start, stop, last = jobs
    part_time = last & (status.kind[person] == NOW) & (rng.random(len(person)) < 0.012) & ~status.state[person]
    cadre = last & ~part_time & (status.kind[person] == NOW) & (status.age[person] > 360)
    cadre &= rng.random(len(person)) < 1.6 * marginals().rate("commune_cadres")
    group = np.where(part_time, _L, np.where(cadre, _K, np.where(status.state[person], _B, _A))).astype(np.int8)
    start = np.where(part_time, np.maximum(start, NEW_LAW), start)
    employer = _employers(places, people, businesses, person, group, rng)
    made = spells(person, COMPULSORY, group, employer, businesses.commune[employer], start, stop)
    made = _while_open(made[made.start < made.end], businesses)
    made = joined([made, _self_insured(people, status, businesses, made, first, end, rng)])
    made = _until_death(people, made, rng)
    made = made[np.lexsort((made.start, made.person))]
    _managers_in_pay(made, businesses, end, rng)
    return made


def _jobs(people: People, status: Status, who: Any, end: int, rng: Any) -> tuple[Any, Any, Any, Any]:
    """Return (person, start, end, whether it is the last) of each job: lives cut in pieces, with gaps between."""
    count = len(who)
    kind = status.kind[who]
    entry = people.birth_month[who] + rng.integers(216, 325, count)
    long = np.select(
        [kind == NOW, kind == PENSION], [rng.exponential(115, count) + 1, rng.integers(182, 400, count)], 0
    )
    long = np.where(kind == ONCE, rng.exponential(62, count) + 2, long)
    retired = status.retirement[who] + 1
    left = end - np.minimum(rng.exponential(48, count), 300).astype(np.int32)
    stop = np.select([kind == NOW, kind == PENSION], [end + 1, np.minimum(retired, end)], np.minimum(left, retired))
    start = np.maximum(entry, stop - long).astype(np.int32)
    start = np.where(kind == PENSION, np.minimum(start, stop - 182), start)
    fits = start < stop
    who, kind, start, stop = who[fits], kind[fits], start[fits], stop[fits]
    pieces = 1 + np.minimum(rng.poisson((stop - start) / 75), 5)
    row = np.repeat(np.arange(len(who)), pieces)
    cut = rng.random(len(row))
    order = np.lexsort((cut, row))
    cut = cut[order]
    firsts = np.r_[0, np.cumsum(pieces)[:-1]]
    # The first piece begins with the career, the others at the cuts.
    cut[firsts] = 0.0
    begin = (start[row] + cut * (stop - start)[row]).astype(np.int32)
    until = np.r_[begin[1:], 0].astype(np.int32)
    last = np.zeros(len(row), bool)
    last[firsts + pieces - 1] = True
    until[last] = stop
    length = until - begin
    gap = np.where(
        ~last & (kind[row] != PENSION) & (rng.random(len(row)) < 0.45), length * (0.05 + 0.45 * rng.random(len(row))), 0
    )
    until = until - gap.astype(np.int32)
    until = np.where(last & (kind[row] == NOW), ALIVE, until)
    keep = begin < until
    return who[row][keep], begin[keep], until[keep], last[keep]


def _seasonal(jobs: tuple[Any, Any, Any, Any], status: Status, end: int, rng: Any) -> tuple[Any, Any, Any, Any]:
    """Some work only in the season: their last job becomes one a year, of five to eight months."""
    person, start, stop, last = jobs
    chosen = last & (rng.random(len(person)) < 0.02) & ~status.state[person] & (status.kind[person] == NOW)
    rows = np.flatnonzero(chosen)
    season = rng.integers(0, 12, len(rows))
    length = rng.integers(5, 9, len(rows))
    parts = [(person[~chosen], start[~chosen], stop[~chosen], last[~chosen])]
    for year in range(end // 12 - 6, end // 12 + 1):
        begin = np.maximum(year * 12 + season, start[rows])
        until = np.minimum(year * 12 + season + length, stop[rows])
        until = np.where(until > end, ALIVE, until)
        there = (begin < until) & (begin <= end)
        parts.append((person[rows][there], begin[there], until[there], np.zeros(int(there.sum()), bool)))
    joined_parts = tuple(np.concatenate([part[column] for part in parts]) for column in range(4))
    return joined_parts[0], joined_parts[1].astype(np.int32), joined_parts[2].astype(np.int32), joined_parts[3]


def _employers(places: Places, people: People, businesses: Businesses, person: Any, group: Any, rng: Any) -> Any:
    """Choose an employer for each job: of a sector that fits the group, mostly in the province, big ones more often."""
    count = len(person)
    foreign = marginals().rate("foreign") / (1 - marginals().rate("state"))
    of_a = np.searchsorted(np.cumsum([0.04, foreign, 0.60 - foreign + 0.31, 0.015, 0.02]), rng.random(count))
    sector = np.where((group == _B) | (group == _K), 0, of_a)
    at_home = rng.random(count) < 0.86
    drawn = rng.random(count)
    chosen = np.zeros(count, np.int32)
    home = places.province[people.commune[person]]
    known = np.arange(businesses.employers)
    for number in range(len(SECTORS)):
        rows = np.flatnonzero(sector == number)
        there = known[businesses.sector[known] == number]
        there = there[np.argsort(places.province[businesses.commune[there]], kind="stable")]
        total = np.r_[0.0, np.cumsum(businesses.weight[there])]
        province = places.province[businesses.commune[there]]
        low = total[np.searchsorted(province, home[rows], side="left")]
        high = total[np.searchsorted(province, home[rows], side="right")]
        anywhere = ~at_home[rows] | (high <= low)
        low, high = np.where(anywhere, 0.0, low), np.where(anywhere, total[-1], high)
        place = np.searchsorted(total, low + drawn[rows] * (high - low), side="right") - 1
        chosen[rows] = there[np.clip(place, 0, len(there) - 1)]
    return chosen


def _while_open(made: Spells, businesses: Businesses) -> Spells:
    """End the spells where their employer closes, part them where it pauses; let employers open early enough."""
    np.minimum.at(businesses.opened, made.employer, made.start)
    made.end = np.minimum(made.end, businesses.closed[made.employer])
    pause = businesses.pause[made.employer]
    crossing = (made.start < pause[:, 0]) & (made.end > pause[:, 0])
    after = made[crossing & (made.end > pause[:, 1])]
    after.start = businesses.pause[after.employer, 1]
    within = (made.start >= pause[:, 0]) & (made.start < pause[:, 1])
    made.start = np.where(within, pause[:, 1], made.start)
    made.end = np.where(crossing, pause[:, 0], made.end)
    made = joined([made, after])
    return made[made.start < made.end]


def _self_insured(
    people: People, status: Status, businesses: Businesses, made: Spells, first: int, end: int, rng: Any
) -> Spells:
    """The owners of households (group m) and unpaid managers (group n) who have joined."""
    busy = np.zeros(len(people), bool)
    busy[made.person[made.end > NEW_LAW]] = True
    able = ~busy & (status.kind != PENSION) & (status.retirement > end) & (people.died == ALIVE)
    since = np.maximum(owes_as_owner(businesses, first), NEW_LAW)
    known = np.arange(len(businesses)) < businesses.employers
    owned = known & (businesses.owner >= 0) & (businesses.closed == ALIVE) & (since <= end)
    owned &= (businesses.pause[:, 0] == ALIVE) & (rng.random(len(businesses)) < 0.6)
    houses = np.flatnonzero(owned)
    houses = houses[able[businesses.owner[houses]]]
    begin = np.minimum(since[houses] + rng.integers(0, 4, len(houses)), end)
    owners = spells(
        businesses.owner[houses], COMPULSORY, _M, houses, businesses.commune[houses], begin, np.full(len(houses), ALIVE)
    )
    able[owners.person] = False
    able[np.setdiff1d(businesses.owner, [-1])] = False
    firms = known & (businesses.owner < 0) & np.isin(businesses.sector, (2, 3)) & (businesses.closed == ALIVE)
    firms &= businesses.pause[:, 0] == ALIVE
    firm = np.flatnonzero(firms & (rng.random(len(businesses)) < 0.08))
    idle = np.flatnonzero(able & (status.age >= 300))
    firm = firm[: len(idle)]
    manager = rng.permutation(idle)[: len(firm)]
    begin = np.minimum(np.maximum(businesses.opened[firm] + 1, NEW_LAW) + rng.integers(0, 6, len(firm)), end)
    unpaid = spells(manager, COMPULSORY, _N, firm, businesses.commune[firm], begin, np.full(len(firm), ALIVE))
    return joined([owners, unpaid])


def _until_death(people: People, made: Spells, rng: Any) -> Spells:
    """End spells with the month of death; a few are still running, which is for the program to find."""
    after = np.where(people.died == ALIVE, ALIVE, people.died_month + 1)[made.person]
    running = (made.end == ALIVE) & (after != ALIVE)
    forgotten = running & (rng.random(len(people))[made.person] < 0.35)
    if running.any():
        forgotten[np.argmax(running)] = True
    made.end = np.where(forgotten, made.end, np.minimum(made.end, after))
    return made[made.start < made.end]


def _managers_in_pay(made: Spells, businesses: Businesses, end: int, rng: Any) -> None:
    """Half of the firms with some staff have a paid manager: the first of its people now, in group i."""
    now = np.flatnonzero((made.end == ALIVE) & (made.group == _A))
    employer, at, count = np.unique(made.employer[now], return_index=True, return_counts=True)
    firm = np.isin(businesses.sector[employer], (1, 2, 3)) & (count >= 2) & (rng.random(len(employer)) < 0.55)
    made.group[now[at[firm]]] = _I


def unemployment_spells(made: Spells, status: Status) -> Spells:
    """Return the unemployment spells that go with the compulsory ones: all of a, i, l, of b those who are in."""
    members = np.isin(made.group, (_A, _I, _L)) | ((made.group == _B) & status.in_unemployment[made.person])
    there = made[members & (made.end > UNEMPLOYMENT)]
    return spells(
        there.person, UNEMPLOYED, 0, there.employer, there.commune, np.maximum(there.start, UNEMPLOYMENT), there.end
    )


def months_paid(people: int, made: Spells, until: int) -> Any:
    """Return how many months before `until` each person was in one of the spells; those may not overlap."""
    length = np.maximum(np.minimum(made.end, until) - made.start, 0)
    return np.bincount(made.person, length, people).astype(np.int32)


def last_end(people: int, made: Spells) -> Any:
    """Return the end of the last spell of each person, 0 for those without one, ALIVE for those in one."""
    found = np.zeros(people, np.int64)
    np.maximum.at(found, made.person, made.end)
    return found.astype(np.int32)
