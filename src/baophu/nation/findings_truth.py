"""What the program should find in the country, and what only looks like it: known from the lives, before any error.

A finding is one kind, one subject and one unbroken stretch of months `[from_month, to_month)`, cut to the months of the
registers; the sort of question that is about now (a gap, a candidate) is asked of the last month. `decidable` says
whether the registers, with their errors and silences, hold what it takes to find it; `why` tells variants apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.nation import pay as kinds
from baophu.nation.businesses import Businesses, owes_as_owner, status_at
from baophu.nation.calendar_of_life import MINIMUM_WAGE, NEW_LAW, REFERENCE, RURAL_LINE, known
from baophu.nation.careers import GROUP, PENSION, Spells, Status, last_end, months_paid
from baophu.nation.made_numbers import digits
from baophu.nation.pay import Engagements, TaxRows, WorkerMonths, amounts
from baophu.nation.people import ALIVE, People, as_months
from baophu.nation.places import Places

if TYPE_CHECKING:
    import polars as pl

_NEAR_YEARS, _LEAST_PAID, _WHOLE = 60, 120, 180
_TOO_LOW, _LIMIT = 0.80, 0.85


@dataclass
class Lives:
    """All of a block that findings are read off; `first` and `end` are the registers' first and last month."""

    places: Places
    people: People
    status: Status
    allowance: Any
    businesses: Businesses
    compulsory: Spells
    voluntary: Spells
    health: Spells
    rows: WorkerMonths
    engagements: Engagements
    tax: TaxRows
    first: int
    end: int
    si_code: Any
    """By person, the number as an integer; -1 where he has none."""
    right_pid: Any
    """By person: whether the file of participants has his personal number right."""
    traced: Any
    """By row of `tax`: whether it carries the right personal number."""
    traced_code: Any
    """By employer: whether the file of employers has its tax code right."""


@dataclass
class Found:
    """Findings or near misses while they are gathered, column by column."""

    lives: Lives
    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(
        self,
        kind: str,
        since: Any,
        until: Any,
        *,
        person: Any = None,
        business: Any = None,
        area: Any = None,
        amount: Any = None,
        decidable: Any = True,
        why: str = "",
    ) -> None:
        """Add rows of one kind; `person` and `business` are numbers within the block, `area` of communes."""
        import polars as pl

        lives, count = self.lives, len(since)
        if not count:
            return
        none = pl.Series([None], dtype=pl.String).new_from_index(0, count)
        codes = lives.businesses.codes()
        ids = pl.concat([lives.businesses.employer_ids(), pl.Series("employer_id", [None], dtype=pl.String)])
        last = lives.businesses.employers
        if area is None:
            area = lives.people.commune[person] if business is None else lives.businesses.commune[business]
        self.parts.append(
            pl.DataFrame(
                {
                    "kind": pl.Series([kind]).new_from_index(0, count),
                    "why": pl.Series([why]).new_from_index(0, count),
                    "area_code": pl.Series(lives.places.code).gather(area),
                    "pid": none if person is None else digits(lives.people.pid[person], 12),
                    "si_code": none if person is None else digits(lives.si_code[person], 10),
                    "employer_id": none if business is None else ids.gather(np.minimum(business, last)),
                    "tax_code": none if business is None else codes.gather(business),
                    "from_month": as_months(np.asarray(since)),
                    "to_month": as_months(np.asarray(until)),
                    "amount": pl.Series(np.broadcast_to(0 if amount is None else amount, count).astype(np.int64)),
                    "decidable": pl.Series(np.broadcast_to(decidable, count).astype(bool)),
                }
            )
        )

    def frame(self) -> pl.DataFrame:
        """Return all rows."""
        import polars as pl

        return pl.concat(self.parts)


def findings(lives: Lives) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the findings and the near misses of a block (near misses: same columns, the kind they look like)."""
    found, near = Found(lives), Found(lives)
    _paid_without_insurance(lives, found, near)
    _underdeclared(lives, found, near)
    _owners(lives, found, near)
    _health(lives, found, near)
    _voluntary(lives, found, near)
    _near_pension(lives, found, near)
    _dead_but_paying(lives, found)
    return found.frame(), near.frame()


def _paid_without_insurance(lives: Lives, found: Found, near: Found) -> None:
    made, businesses = lives.engagements, lives.businesses
    since = np.maximum(made.start, lives.first)
    until = np.minimum(made.end, lives.end + 1)
    there = since < until
    count = len(made)
    sums = amounts(
        np.full(count, GROUP["a"], np.int8),
        np.maximum(until - 1, lives.first),
        businesses.region[made.business],
        np.maximum(made.pay, np.array(MINIMUM_WAGE[0][1])[businesses.region[made.business]]),
        np.zeros(count, np.int64),
        np.ones(count, bool),
    ).sum(axis=1)
    monthly = ~businesses.yearly[made.business]
    traced = mostly_traced(lives, made.person, made.business)
    known_business = made.business < businesses.employers
    coded = ~known_business | np.r_[lives.traced_code, True][np.minimum(made.business, businesses.employers)]
    plain = traced & monthly & coded & lives.right_pid[made.person]
    told = businesses.silent[made.business] == 0

    missing = there & np.isin(made.kind, (kinds.UNINSURED, kinds.UNREGISTERED))
    for kind, why in ((kinds.UNINSURED, "employer_is_registered"), (kinds.UNREGISTERED, "employer_is_not_registered")):
        rows = np.flatnonzero(there & (made.kind == kind))
        found.add(
            "uninsured_worker", since[rows], until[rows], person=made.person[rows], business=made.business[rows],
            amount=sums[rows], decidable=plain[rows], why=why,
        )  # fmt: skip
    rows = np.flatnonzero(missing & made.deducted)
    withheld = made.pay[rows] * 105 // 1000
    found.add(
        "deducted_not_paid", since[rows], until[rows], person=made.person[rows], business=made.business[rows],
        amount=withheld, decidable=(plain & told)[rows], why="not_insured",
    )  # fmt: skip
    _unregistered_employers(lives, found, since, until, there, sums)
    for kind, finding, why in (
        (kinds.SERVED, "uninsured_worker", "service_contract"),
        (kinds.SHORT, "uninsured_worker", "under_one_month"),
        (kinds.LOW, "uninsured_worker", "part_time_below_lowest_base"),
        (kinds.RETIRED, "uninsured_worker", "pensioner"),
        (kinds.SECOND, "uninsured_worker", "insured_at_first_employer"),
        (kinds.PROBATION, "uninsured_worker", "probation"),
    ):
        rows = np.flatnonzero(there & (made.kind == kind))
        near.add(finding, since[rows], until[rows], person=made.person[rows], business=made.business[rows], why=why)
    branches = np.flatnonzero(businesses.branch & np.isin(np.arange(len(businesses)), np.unique(lives.tax.business)))
    whole = np.full(len(branches), lives.first), np.full(len(branches), lives.end + 1)
    near.add("unregistered_employer", *whole, business=branches, why="insured_under_branch_code")
    spell, month = lives.rows.spell, lives.rows.month
    away = np.flatnonzero(lives.rows.unpaid_days >= 14)
    person, business = lives.compulsory.person[spell[away]], lives.compulsory.employer[spell[away]]
    near.add("uninsured_worker", month[away], month[away] + 1, person=person, business=business, why="unpaid_leave")


def mostly_traced(lives: Lives, person: Any, business: Any) -> Any:
    """Return whether the tax register has each worker of a business by his right number in most of its rows."""
    size = len(lives.businesses)
    pair = lives.tax.person.astype(np.int64) * size + lives.tax.business
    wanted, place = np.unique(person.astype(np.int64) * size + business, return_inverse=True)
    at = np.minimum(np.searchsorted(wanted, pair), max(len(wanted) - 1, 0))
    among = wanted[at] == pair if len(wanted) else np.zeros(len(pair), bool)
    rows = np.bincount(at[among], minlength=len(wanted))
    right = np.bincount(at[among], lives.traced[among], len(wanted))
    return (2 * right > rows)[place]


def _unregistered_employers(lives: Lives, found: Found, since: Any, until: Any, there: Any, sums: Any) -> None:
    """Pays wages on labour contracts and is no employer; the first of its workers is there all the time."""
    made, businesses = lives.engagements, lives.businesses
    rows = np.flatnonzero(there & (made.kind == kinds.UNREGISTERED))
    begin = np.full(len(businesses), ALIVE, np.int64)
    stop = np.zeros(len(businesses), np.int64)
    np.minimum.at(begin, made.business[rows], since[rows])
    np.maximum.at(stop, made.business[rows], until[rows])
    amount = np.zeros(len(businesses), np.int64)
    now = rows[until[rows] == lives.end + 1]
    np.add.at(amount, made.business[now], sums[now])
    payers = np.flatnonzero(stop > 0)
    found.add(
        "unregistered_employer", begin[payers], stop[payers], business=payers, amount=amount[payers],
        decidable=~businesses.yearly[payers],
    )  # fmt: skip


def _underdeclared(lives: Lives, found: Found, near: Found) -> None:
    """The registered base against the pay, both between floor and ceiling, by the medians of a spell's months."""
    rows, made, businesses = lives.rows, lives.compulsory, lives.businesses
    paid = np.isin(made.group, [GROUP[letter] for letter in "abil"])[rows.spell] & (rows.unpaid_days < 14)
    spell = rows.spell[paid]
    level = known(REFERENCE, rows.month[paid])
    base = np.clip(rows.wage[paid], level, 20 * level)
    full = np.clip(rows.pay[paid], level, 20 * level)
    starts = np.flatnonzero(np.r_[True, spell[1:] != spell[:-1]]) if len(spell) else np.zeros(0, np.int64)
    length = np.diff(np.r_[starts, len(spell)])
    middle = starts + length // 2
    # Wages only rise, so the middle month has the median.
    ratio = base[middle] / np.maximum(full[middle], 1)
    which = spell[starts]
    month = rows.month[paid]
    since, until = month[starts], month[starts + length - 1] + 1
    person, business = made.person[which], made.employer[which]
    visible = ~businesses.yearly[business] & (businesses.silent[business] < 2) & lives.traced_code[business]
    # Under a branch's code the head office pays: the wages are on another code.
    visible &= lives.right_pid[person] & ~businesses.branch[business]
    low = (ratio < _LIMIT) & (length >= 3)
    amount = (full[middle] - base[middle]) * 32 // 100
    visible &= mostly_traced(lives, person, business)
    for chosen, certain in ((low & (ratio < _TOO_LOW), True), (low & (ratio >= _TOO_LOW), False)):
        at = np.flatnonzero(chosen)
        found.add(
            "underdeclared_wage", since[at], until[at], person=person[at], business=business[at], amount=amount[at],
            decidable=visible[at] & certain, why="" if certain else "near_the_limit",
        )  # fmt: skip
    uncut = rows.pay[paid][middle]
    high = np.flatnonzero((uncut > 20 * level[middle]) & (base[middle] < 0.8 * uncut) & ~low)
    near.add(
        "underdeclared_wage", since[high], until[high], person=person[high], business=business[high], why="ceiling"
    )
    slight = np.flatnonzero((ratio >= _LIMIT) & (ratio < 0.97))
    near.add(
        "underdeclared_wage", since[slight], until[slight], person=person[slight], business=business[slight],
        why="within_tolerance",
    )  # fmt: skip


def _must_join(lives: Lives) -> Any:
    """Return who may be insured as owner or manager now: alive, no pension or allowance, not of retirement age."""
    status = lives.status
    return (lives.people.died == ALIVE) & (status.kind != PENSION) & ~lives.allowance & (status.retirement > lives.end)


def _owners(lives: Lives, found: Found, near: Found) -> None:
    businesses, end = lives.businesses, lives.end
    insured_until = last_end(len(lives.people), lives.compulsory)
    able = _must_join(lives)
    since = owes_as_owner(businesses, lives.first)
    active = status_at(businesses, end) == 0
    house = np.flatnonzero(businesses.owner >= 0)
    owner = businesses.owner[house]
    begin = np.maximum(since[house], insured_until[owner])
    owes = since[house] <= end
    level = REFERENCE[0][1] if end >= REFERENCE[0][0] else REFERENCE[1][1]
    own = np.array([group == GROUP["m"] for group in range(len(GROUP))])
    in_as_owner = np.zeros(len(lives.people), bool)
    now = lives.compulsory[lives.compulsory.end > end]
    in_as_owner[now.person[own[now.group]]] = True
    misses = able[owner] & active[house] & owes & (insured_until[owner] <= end)
    rows = np.flatnonzero(misses & (begin <= end))
    declared = businesses.declares[house] < 2026 * 12
    for chosen, why in ((rows[declared[rows]], "declaration"), (rows[~declared[rows]], "presumptive_until_2025")):
        found.add(
            "household_owner", begin[chosen], np.full(len(chosen), end + 1), person=owner[chosen],
            business=house[chosen], amount=(level * 25 + 50) // 100, why=why,
        )  # fmt: skip
    for chosen, why in (
        (active[house] & owes & (insured_until[owner] > end) & ~in_as_owner[owner], "insured_otherwise"),
        (active[house] & owes & (insured_until[owner] <= end) & (lives.status.kind[owner] == PENSION), "pensioner"),
        (
            active[house] & owes & (insured_until[owner] <= end) & ~able[owner] & (lives.status.kind[owner] != PENSION),
            "retirement_age_or_allowance",
        ),
        (active[house] & ~owes & able[owner] & (insured_until[owner] <= end), "presumptive"),
        (~active[house] & able[owner] & (insured_until[owner] <= end), "not_active"),
    ):
        at = np.flatnonzero(chosen)
        near.add(
            "household_owner", np.full(len(at), lives.first), np.full(len(at), end + 1), person=owner[at],
            business=house[at], why=why,
        )  # fmt: skip


@dataclass
class Managers:
    """The managers of the firms of a block; `to` is the month in which he leaves, ALIVE while he stays."""

    business: Any
    person: Any
    paid: Any
    role: Any
    start: Any
    to: Any


def make_managers(
    people: People, status: Status, businesses: Businesses, made: Spells, end: int, seed: int, block: int
) -> Managers:
    """Return a manager of each enterprise and cooperative: paid ones (group i), unpaid ones (n), and others unpaid."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 13]))
    firm = np.flatnonzero((businesses.owner < 0) & np.isin(businesses.sector, (1, 2, 3)))
    person = np.full(len(businesses), -1, np.int64)
    start = businesses.opened.astype(np.int64) + 1
    paid = np.zeros(len(businesses), bool)
    for group in (GROUP["n"], GROUP["i"]):
        rows = made[(made.group == group) & (made.end == ALIVE)]
        person[rows.employer] = rows.person
        paid[rows.employer] = group == GROUP["i"]
        start[rows.employer] = np.where(group == GROUP["i"], rows.start, start[rows.employer])
    years = status.age / 12
    fits = np.flatnonzero((years >= 26) & (years < 72) & (people.died == ALIVE))
    empty = firm[person[firm] < 0]
    person[empty] = fits[rng.integers(0, len(fits), len(empty))]
    start[empty] = np.maximum(start[empty], people.birth_month[person[empty]] + 25 * 12)
    start = np.minimum(start, end)
    to = np.where(businesses.closed <= end, np.maximum(businesses.closed, start + 1), ALIVE)
    return Managers(firm, person[firm], paid[firm], rng.integers(0, 4, len(firm)), start[firm], to[firm])


def managers_of(lives: Lives, managers: Managers) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the findings and near misses of unpaid managers."""
    found, near = Found(lives), Found(lives)
    end = lives.end
    insured_until = last_end(len(lives.people), lives.compulsory)[managers.person]
    able = _must_join(lives)[managers.person]
    active = (status_at(lives.businesses, end) == 0)[managers.business]
    begin = np.maximum(np.maximum(managers.start + 1, max(lives.first, NEW_LAW)), insured_until)
    unpaid = ~managers.paid
    level = REFERENCE[0][1] if end >= REFERENCE[0][0] else REFERENCE[1][1]
    # Who manages several firms joins at the first only.
    _, at_first = np.unique(managers.person, return_index=True)
    first_firm = np.zeros(len(managers.person), bool)
    first_firm[at_first] = True
    whole = np.full(len(begin), lives.first)
    group_n = np.zeros(len(lives.people), bool)
    group_n[lives.compulsory.person[(lives.compulsory.group == GROUP["n"]) & (lives.compulsory.end > end)]] = True
    open_ = active & unpaid & (insured_until <= end)
    for chosen, why, into in (
        (open_ & able & (begin <= end) & first_firm, "", found),
        (open_ & able & (begin <= end) & ~first_firm, "manages_several", near),
        (active & unpaid & (insured_until > end) & ~group_n[managers.person], "insured_otherwise", near),
        (open_ & ~able, "retirement_age_pension_or_allowance", near),
        (~active & unpaid & able & (insured_until <= end), "not_active", near),
    ):
        at = np.flatnonzero(chosen)
        into.add(
            "unpaid_manager", begin[at] if into is found else whole[at], np.full(len(at), end + 1),
            person=managers.person[at], business=managers.business[at], area=lives.people.commune[managers.person[at]],
            amount=(level * 25 + 50) // 100, why=why,
        )  # fmt: skip
    return found.frame(), near.frame()


def _health(lives: Lives, found: Found, near: Found) -> None:
    count, end = len(lives.people), lives.end
    until = last_end(count, lives.health)
    gap = (lives.people.died == ALIVE) & (until <= end)
    at = np.flatnonzero(gap)
    since = np.maximum(np.maximum(until[at], lives.first), lives.people.birth_month[at])
    level = REFERENCE[0][1] if end >= REFERENCE[0][0] else REFERENCE[1][1]
    linked = lives.right_pid[at] | (lives.si_code[at] < 0)
    found.add(
        "health_gap", since, np.full(len(at), end + 1), person=at, amount=(level * 45 + 500) // 1000, decidable=linked
    )
    dead = np.flatnonzero((lives.people.died != ALIVE) & (lives.people.died_month >= lives.first) & (until <= end))
    near.add("health_gap", lives.people.died_month[dead], np.full(len(dead), end + 1), person=dead, why="dead")


def _voluntary(lives: Lives, found: Found, near: Found) -> None:
    count, end, people, status = len(lives.people), lives.end, lives.people, lives.status
    in_voluntary = last_end(count, lives.voluntary)
    insured_until = last_end(count, lives.compulsory)
    free = _must_join(lives) & (insured_until <= end) & (in_voluntary <= end) & (status.age >= 180)
    amount = int(known(RURAL_LINE, np.array([end]))[0]) * 22 // 100
    made = lives.engagements
    served = np.flatnonzero((made.kind == kinds.SERVED) & (made.end > end) & free[made.person] & (made.start <= end))
    begin = np.maximum(
        np.maximum(made.start, lives.first)[served], np.maximum(insured_until, in_voluntary)[made.person[served]]
    )
    business = lives.businesses
    visible = lives.right_pid[made.person[served]] & ~business.yearly[made.business[served]]
    found.add(
        "voluntary_candidate", begin, np.full(len(served), end + 1), person=made.person[served],
        area=people.commune[made.person[served]], business=made.business[served], amount=amount, decidable=visible,
        why="service_pay",
    )  # fmt: skip
    presumptive = (business.owner >= 0) & (business.declares > end) & (status_at(business, end) == 0)
    house = np.flatnonzero(presumptive)
    house = house[free[business.owner[house]]]
    owner = business.owner[house]
    begin = np.maximum(np.maximum(business.opened[house], lives.first), np.maximum(insured_until, in_voluntary)[owner])
    found.add(
        "voluntary_candidate", np.minimum(begin, end), np.full(len(house), end + 1), person=owner, business=house,
        area=people.commune[owner], amount=amount, decidable=lives.right_pid[owner], why="business_household",
    )  # fmt: skip
    already = np.flatnonzero((made.kind == kinds.SERVED) & (made.end > end) & (in_voluntary > end)[made.person])
    near.add(
        "voluntary_candidate", np.full(len(already), lives.first), np.full(len(already), end + 1),
        person=made.person[already], why="already_in",
    )  # fmt: skip
    stopped = (in_voluntary > 0) & (in_voluntary <= end) & (people.died == ALIVE)
    lapsed = np.flatnonzero(stopped & (in_voluntary > end - 24) & (insured_until <= end) & (status.kind != PENSION))
    found.add(
        "lapsed_voluntary", np.maximum(in_voluntary[lapsed], lives.first), np.full(len(lapsed), end + 1),
        person=lapsed, amount=amount,
    )  # fmt: skip
    long_ago = np.flatnonzero(stopped & (in_voluntary <= end - 24))
    near.add(
        "lapsed_voluntary", np.full(len(long_ago), lives.first), np.full(len(long_ago), end + 1), person=long_ago,
        why="over_two_years_ago",
    )  # fmt: skip


def _near_pension(lives: Lives, found: Found, near: Found) -> None:
    count, end, status = len(lives.people), lives.end, lives.status
    paid = months_paid(count, lives.compulsory, end + 1) + months_paid(count, lives.voluntary, end + 1)
    close = (status.retirement - end <= _NEAR_YEARS) & (lives.people.died == ALIVE) & (status.kind != PENSION)
    short = (paid >= _LEAST_PAID) & (paid < _WHOLE)
    still = last_end(count, lives.compulsory) > end
    for chosen, why in ((close & short & ~still, "stopped"), (close & short & still, "still_insured")):
        at = np.flatnonzero(chosen)
        found.add(
            "near_pension", np.full(len(at), end), np.full(len(at), end + 1), person=at,
            decidable=lives.right_pid[at], why=why,
        )  # fmt: skip
    for chosen, why in (
        (close & (paid >= _WHOLE), "years_enough"),
        (close & (paid >= 108) & (paid < _LEAST_PAID), "under_ten_years"),
        (~close & short & (status.retirement - end <= _NEAR_YEARS + 12), "too_young"),
    ):
        at = np.flatnonzero(chosen)
        near.add("near_pension", np.full(len(at), end), np.full(len(at), end + 1), person=at, why=why)


def _dead_but_paying(lives: Lives, found: Found) -> None:
    made, people = lives.compulsory, lives.people
    rows = np.flatnonzero((people.died != ALIVE)[made.person] & (made.end > people.died_month[made.person] + 1))
    person = made.person[rows]
    since = np.maximum(people.died_month[person] + 1, lives.first)
    keep = since <= lives.end
    found.add(
        "conflict", since[keep], np.full(int(keep.sum()), lives.end + 1), person=person[keep],
        business=made.employer[rows][keep], area=people.commune[person[keep]],
        decidable=lives.right_pid[person[keep]], why="dead_but_paying",
    )  # fmt: skip


def withheld(lives: Lives, numbers: Any) -> pl.DataFrame:
    """Return who has insurance withheld from his wage as told by the payer, one row a compulsory spell in the months.

    `numbers` is the social insurance number of each spell. Whether it was passed on is known when all has been paid.
    """
    import polars as pl

    made, rows, businesses = lives.compulsory, lives.rows, lives.businesses
    starts = (
        np.flatnonzero(np.r_[True, rows.spell[1:] != rows.spell[:-1]]) if len(rows.spell) else np.zeros(0, np.int64)
    )
    length = np.diff(np.r_[starts, len(rows.spell)])
    spell = rows.spell[starts]
    employer = made.employer[spell]
    told = np.isin(made.group[spell], [GROUP[letter] for letter in "abil"])
    told &= businesses.silent[employer] == 0
    starts, length, spell, employer = starts[told], length[told], spell[told], employer[told]
    last = starts + length - 1
    level = known(REFERENCE, rows.month[last])
    away = np.zeros(len(made), bool)
    away[rows.spell[rows.unpaid_days >= 14]] = True
    person = made.person[spell]
    return pl.DataFrame(
        {
            "employer_id": businesses.employer_ids().gather(employer),
            "tax_code": businesses.codes().gather(employer),
            "area_code": pl.Series(lives.places.code).gather(businesses.commune[employer]),
            "pid": digits(lives.people.pid[person], 12),
            "si_code": digits(numbers[spell], 10),
            "since": as_months(rows.month[starts]),
            "until": as_months(rows.month[last] + 1),
            "amount": np.clip(rows.wage[last], level, 20 * level) * 105 // 1000,
            # Who reports once a year tells of some months only; a branch's wages are on its head office's code.
            "decidable": ~(away[spell] | businesses.yearly[employer] | businesses.branch[employer])
            & lives.right_pid[person]
            & lives.traced_code[employer] & mostly_traced(lives, person, employer),
        }
    )  # fmt: skip


def not_passed_on(withheld_from: pl.DataFrame, dues: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return `deducted_not_paid` of the insured: months past their due day of which the employer has paid nothing."""
    import polars as pl

    unpaid = dues.filter((pl.col("due") > 0) & (pl.col("paid") == 0) & (pl.col("due_date") < as_of))
    stretches = _stretches(unpaid, ["employer_id"])
    since = pl.max_horizontal("since", "from_month")
    until = pl.min_horizontal("until", "to_month")
    return (
        withheld_from.join(stretches, on="employer_id", how="inner", maintain_order="left_right")
        .with_columns(from_month=since, to_month=until)
        .filter(pl.col("from_month") < pl.col("to_month"))
        .select(
            pl.lit("deducted_not_paid").alias("kind"),
            pl.lit("not_paid").alias("why"),
            *(
                "area_code",
                "pid",
                "si_code",
                "employer_id",
                "tax_code",
                "from_month",
                "to_month",
                "amount",
                "decidable",
            ),
        )
    )


def _stretches(months: pl.DataFrame, subject: list[str]) -> pl.DataFrame:
    """Return the unbroken stretches of months of each subject, with what is outstanding of them."""
    import polars as pl

    number = pl.col("month").dt.year().cast(pl.Int32) * 12 + pl.col("month").dt.month()
    ordered = months.with_columns(number=number).sort(*subject, "number")
    run = pl.col("number") - pl.int_range(pl.len()).over(subject).cast(pl.Int32)
    return (
        ordered.with_columns(run=run)
        .group_by(*subject, "run", maintain_order=True)
        .agg(
            pl.col("month").min().alias("from_month"),
            pl.col("month").max().dt.offset_by("1mo").alias("to_month"),
            pl.col("outstanding").sum(),
        )
    )


def late_findings(dues: pl.DataFrame, charges: pl.DataFrame, area: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return `late` and `evasion`: each unbroken stretch of months that an employer still owes past the due day.

    `dues` and `charges` are those of the truth; `area`: employer_id, area_code. A month is evaded where one of its
    open pieces is.
    """
    import polars as pl

    open_ = charges.filter(pl.col("paid_on").is_null())
    evaded = open_.filter(pl.col("class") == "evasion").select("employer_id", "month").unique()
    late = dues.filter((pl.col("outstanding") > 0) & (pl.col("due_date") < as_of)).join(
        evaded.with_columns(evaded=True), on=["employer_id", "month"], how="left"
    )
    kind = pl.when(pl.col("evaded").is_null()).then(pl.lit("late")).otherwise(pl.lit("evasion"))
    stretches = _stretches(late.with_columns(kind=kind), ["employer_id", "kind"])
    return stretches.join(area, on="employer_id", how="left", maintain_order="left").select(
        "kind",
        pl.lit("").alias("why"),
        "area_code",
        pl.lit(None, pl.String).alias("pid"),
        pl.lit(None, pl.String).alias("si_code"),
        "employer_id",
        pl.lit(None, pl.String).alias("tax_code"),
        "from_month",
        "to_month",
        pl.col("outstanding").cast(pl.Int64).alias("amount"),
        pl.lit(True).alias("decidable"),
    )
