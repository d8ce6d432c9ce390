"""What people earn and what is told of it: the registered wage to the insurance, the pay to the tax register.

Both begin with one real pay. Most employers register it; some register less; some workers are paid and not registered
at all, some with good reason. What a worker is paid for, and why he is or is not insured, is an engagement.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.core.months import month_of
from baophu.nation.businesses import SECTORS, Businesses
from baophu.nation.calendar_of_life import MINIMUM_WAGE, REFERENCE, known
from baophu.nation.careers import GROUP, GROUPS, NOW, PENSION, Spells, Status, with_chance
from baophu.nation.people import ALIVE, People, as_dates, as_months
from baophu.nation.places import REGIONS, Places
from baophu.nation.reference import worker_parts

if TYPE_CHECKING:
    import polars as pl

CONTRACTS = ("labour", "service", "other")
LABOUR, SERVICE, OTHER = range(3)
INSURED, UNINSURED, UNREGISTERED, SERVED, SHORT, LOW, RETIRED, SECOND, PROBATION = range(9)
# Of all people, how many are paid so and not insured for it.
_SHARES = ((UNINSURED, 0.010), (UNREGISTERED, 0.009), (SERVED, 0.016), (SHORT, 0.003), (LOW, 0.0025))
# Usual pay in VND a month by SECTORS; state bodies pay by the grade.
_LEVEL = np.array([9_000_000, 9_800_000, 8_800_000, 7_200_000, 6_800_000, 8_000_000])
_UNPAID_LIMIT = 14
_UNDERSTATED = 0.45, 0.74


@dataclass
class Engagements:
    """Why somebody is paid by a business, from when to when; one value each."""

    person: Any
    business: Any
    kind: Any
    contract: Any
    contract_months: Any
    """-1 where it is indefinite or not told, 0 for less than a month."""
    start: Any
    end: Any
    pay: Any
    """VND a month at the end of the country's months."""
    deducted: Any
    """Whether insurance is withheld though he is not insured."""

    def __len__(self) -> int:
        return len(self.person)

    def __getitem__(self, rows: Any) -> Engagements:
        return Engagements(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass
class WorkerMonths:
    """The rows of the declarations of a block; `spell` is a number in the compulsory spells."""

    spell: Any
    month: Any
    pay: Any
    """The real pay in VND."""
    wage: Any
    """The registered wage in VND."""
    unpaid_days: Any


def usual_pay(places: Places, people: People, businesses: Businesses, person: Any, business: Any, rng: Any) -> Any:
    """Return what people of these businesses earn at the end, in VND a month, rounded as wages are."""
    sector = businesses.sector[business]
    level = _LEVEL[sector] * places.wage[businesses.commune[business]] ** 0.8
    pay = level * np.exp(rng.normal(-0.08, 0.36, len(person)))
    # A few directors and experts earn far more than the ceiling of the base.
    pay *= np.where(rng.random(len(person)) < 0.004, 4 + 6 * rng.random(len(person)), 1)
    return _rounded(pay)


def _rounded(pay: Any) -> Any:
    whole = np.asarray(pay).astype(np.int64)
    step = np.where(whole < 10_000_000, 50_000, np.where(whole < 30_000_000, 100_000, 500_000))
    return (whole + step // 2) // step * step


def _raises(first: int, end: int) -> Any:
    """Return the level of pay by month against the end's, in thousandths: of the state, of others.

    The state raises with the reference level in July, others by 6 % in January.
    """
    months = np.arange(first, end + 1)
    level = known(REFERENCE, months)
    years = end // 12 - months // 12
    return np.array([level * 1000 // level[-1], 1000 * 100**years // 106**years])


def worker_months(
    places: Places, people: People, businesses: Businesses, made: Spells, first: int, end: int, seed: int, block: int
) -> WorkerMonths:
    """Return a row for each month of the last ones and each compulsory spell that covers it, by spell and month."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 10]))
    count = len(made)
    begin = np.maximum(made.start, first)
    length = np.maximum(np.minimum(made.end, end + 1) - begin, 0)
    spell = np.repeat(np.arange(count, dtype=np.int32), length)
    month = (begin[spell] + np.arange(len(spell)) - np.repeat(np.cumsum(length) - length, length)).astype(np.int32)

    pay_of = usual_pay(places, people, businesses, made.person, made.employer, rng)
    share_of = np.where(rng.random(count) < 0.7, 1.0, 0.93 + 0.07 * rng.random(count))
    low, high = _UNDERSTATED
    understated = businesses.understates[made.employer] & (rng.random(count) < 0.8) & (made.group == GROUP["a"])
    share_of = np.where(understated, low + (high - low) * rng.random(count), share_of)
    at_minimum = understated & (rng.random(count) < 0.4)
    times_of = np.array([800, 1000, 1000, 1000, 1100, 1300, 1500])[rng.integers(0, 7, count)]
    own_choice_of = np.array([1000, 1000, 1000, 1500, 2000, 5000])[rng.integers(0, 6, count)]

    group = made.group[spell]
    reference = known(REFERENCE, month)
    minimum = known(MINIMUM_WAGE, month)[np.arange(len(month)), businesses.region[made.employer[spell]]]
    state = businesses.sector[made.employer] == SECTORS.index("state")
    raised = _raises(first, end)[np.where(state, 0, 1)[spell], month - first]
    pay = _rounded(pay_of[spell] * raised // 1000)
    pay = np.maximum(pay, np.where(group == GROUP["l"], reference + 60_000, minimum))
    part_time = group == GROUP["l"]
    pay = np.where(part_time, np.minimum(pay, reference * 2), pay)
    wage = np.where(share_of[spell] == 1.0, pay, (pay * share_of[spell]).astype(np.int64) // 10_000 * 10_000)
    floor = np.where(part_time, reference, minimum)
    wage = np.where(at_minimum[spell], floor, np.maximum(wage, floor))
    wage = np.where(group == GROUP["k"], reference * times_of[spell] // 1000, wage)
    own = np.isin(group, (GROUP["m"], GROUP["n"]))
    wage = np.where(own, reference * own_choice_of[spell] // 1000, wage)
    return WorkerMonths(spell, month, np.where(group == GROUP["k"], wage, pay), wage, _unpaid_days(spell, own, rng))


def _unpaid_days(spell: Any, own: Any, rng: Any) -> Any:
    """A few days here and there; now and then two or three months in a row."""
    count = len(spell)
    drawn = rng.random(count)
    days = np.where(drawn < 0.02, rng.integers(1, 14, count), 0)
    begins = np.flatnonzero(drawn > 0.997)
    long = rng.integers(1, 4, len(begins))
    for more in range(3):
        rows = begins[(long > more)] + more
        rows = rows[rows < count]
        rows = rows[spell[rows] == spell[rows - more]]
        days[rows] = rng.integers(_UNPAID_LIMIT, 27, len(rows))
    return np.where(own, 0, days)


def amounts(group: Any, month: Any, region: Any, wage: Any, unpaid_days: Any, in_unemployment: Any) -> Any:
    """Return what is due for each worker's month by fund (si, hi, ui), in VND: int64 of shape (rows, 3)."""
    away = unpaid_days >= _UNPAID_LIMIT
    member = in_unemployment & (group == GROUP["b"])
    key = ((wage.astype(np.int64) * 40_000 + month) * 32 + group) * 16 + region * 4 + away * 2 + member
    distinct, place = np.unique(key, return_inverse=True)
    found = np.empty((len(distinct), 3), np.int64)
    for row, one in enumerate(distinct.tolist()):
        rest, flags = divmod(one, 16)
        rest, letter = divmod(rest, 32)
        money, number = divmod(rest, 40_000)
        found[row] = worker_parts(
            GROUPS[letter],
            month_of(number),
            REGIONS[flags // 4],
            money,
            _UNPAID_LIMIT if flags & 2 else 0,
            bool(flags & 1),
        )
    return found[place]


def make_engagements(
    places: Places,
    people: People,
    status: Status,
    allowance: Any,
    businesses: Businesses,
    made: Spells,
    first: int,
    end: int,
    seed: int,
    block: int,
) -> Engagements:
    """Return who is paid without being insured for it in the months from `first` to `end`, and why."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 11]))
    count = len(people)
    busy = np.zeros(count, bool)
    busy[made.person[made.end > first]] = True
    years = status.age / 12
    able = ~busy & ~allowance & (people.died == ALIVE) & (years >= 19) & (status.retirement > end + 24)
    idle = rng.permutation(np.flatnonzero(able & (status.kind != PENSION)))
    parts, taken = [], 0
    for kind, share in _SHARES:
        wanted = max(int(share * count), 6)
        who = idle[taken : taken + wanted]
        taken += len(who)
        parts.append(_engaged(places, people, businesses, who, kind, first, end, rng))
    retired = np.flatnonzero(
        with_chance((status.kind == PENSION) & (people.died == ALIVE) & (years < 68), 0.002 * count, rng)
    )
    parts.append(_engaged(places, people, businesses, retired, RETIRED, first, end, rng))
    steady = (
        (made.end == ALIVE) & (made.start <= first) & (status.kind[made.person] == NOW) & np.isin(made.group, (1, 2))
    )
    steady &= people.died[made.person] == ALIVE
    second = rng.permutation(np.flatnonzero(steady))[: max(int(0.005 * count), 3)]
    more = _engaged(places, people, businesses, made.person[second], SECOND, first, end, rng)
    parts.append(more[more.business != made.employer[second]])
    parts.append(_probations(places, people, businesses, made, first, end, rng))
    return Engagements(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Engagements))
    )


def _engaged(
    places: Places, people: People, businesses: Businesses, who: Any, kind: int, first: int, end: int, rng: Any
) -> Engagements:
    count = len(who)
    steady = (businesses.closed == ALIVE) & (businesses.pause[:, 0] == ALIVE) & (businesses.opened < end - 3)
    if kind == UNREGISTERED:
        payers = np.flatnonzero(businesses.pays & steady)
        business = np.r_[payers, payers[rng.integers(0, len(payers), count)]][:count]
    else:
        known_to_all = (
            steady & (np.arange(len(businesses)) < businesses.employers) & np.isin(businesses.sector, (1, 2, 3, 4, 5))
        )
        payers = np.flatnonzero(known_to_all & ~businesses.branch)
        total = np.cumsum(np.sqrt(businesses.weight[payers]))
        business = payers[np.searchsorted(total, rng.random(count) * total[-1])]
    start = np.maximum(
        end - 2 - np.minimum(rng.exponential(20, count), 200).astype(np.int64), businesses.opened[business] + 1
    )
    stop = np.where(rng.random(count) < 0.3, start + 3 + rng.integers(0, 18, count), ALIVE)
    if kind == UNREGISTERED:
        # The first of each business is there all the time in which anybody is.
        lead = np.arange(count) < len(payers)
        since = np.full(len(businesses), end)
        np.minimum.at(since, business, start)
        start, stop = np.where(lead, since[business], start), np.where(lead, ALIVE, stop)
    if kind == SHORT:
        start = rng.integers(first, end + 1, count)
        start = np.maximum(start, businesses.opened[business] + 1)
        stop = start + 1
    pay = usual_pay(places, people, businesses, who, business, rng)
    pay = np.maximum(pay, np.array(MINIMUM_WAGE[0][1])[businesses.region[business]])
    if kind == LOW:
        pay = rng.integers(12, 21, count) * 100_000
    if kind in (SERVED, SHORT, SECOND):
        pay = np.maximum(_rounded(pay // 2), 3_000_000)
    indefinite = rng.random(count) < 0.6
    length = np.where(indefinite, -1, np.array([12, 24, 36])[rng.integers(0, 3, count)])
    return Engagements(
        person=who.astype(np.int32),
        business=business.astype(np.int32),
        kind=np.full(count, kind, np.int8),
        contract=np.full(count, SERVICE if kind == SERVED else LABOUR, np.int8),
        contract_months=np.where(kind == SHORT, 0, np.where(kind == SERVED, -1, length)),
        start=start.astype(np.int32),
        end=np.where(stop > end, ALIVE, stop).astype(np.int32),
        pay=pay,
        deducted=np.full(count, kind == UNINSURED) & (rng.random(count) < 0.2),
    )


def _probations(
    places: Places, people: People, businesses: Businesses, made: Spells, first: int, end: int, rng: Any
) -> Engagements:
    """Before the insurance of a job there may be a month or two of probation, under a contract of its own."""
    new = (made.group == GROUP["a"]) & (made.start >= first + 2) & (made.start <= end) & (rng.random(len(made)) < 0.25)
    new &= businesses.opened[made.employer] < made.start - 2
    new &= businesses.pause[made.employer, 0] == ALIVE
    before = np.r_[0, np.where(made.person[1:] == made.person[:-1], made.end[:-1], 0)]
    new &= before <= made.start - 2
    rows = np.flatnonzero(new)
    pay = usual_pay(places, people, businesses, made.person[rows], made.employer[rows], rng)
    return Engagements(
        person=made.person[rows],
        business=made.employer[rows],
        kind=np.full(len(rows), PROBATION, np.int8),
        contract=np.full(len(rows), OTHER, np.int8),
        contract_months=rng.integers(1, 3, len(rows)),
        start=made.start[rows] - 2,
        end=made.start[rows],
        pay=_rounded(pay * 85 // 100),
        deducted=np.zeros(len(rows), bool),
    )


@dataclass
class TaxRows:
    """The rows of `tax_income` of a block, in the order in which they are written."""

    person: Any
    business: Any
    month: Any
    income: Any
    """-1 where the payer does not tell it."""
    deducted: Any
    """-1 where the payer does not tell it."""
    months: Any
    contract: Any
    contract_months: Any


def tax_rows(
    businesses: Businesses,
    status: Status,
    made: Spells,
    rows: WorkerMonths,
    engagements: Engagements,
    first: int,
    end: int,
    seed: int,
    block: int,
) -> TaxRows:
    """Return what the payers of wages tell: each worker each month, or the year in December where they settle so."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 12]))
    told = np.isin(made.group, [GROUP[letter] for letter in "abil"])[rows.spell] & (rows.unpaid_days < _UNPAID_LIMIT)
    spell, month = rows.spell[told], rows.month[told]
    reference = known(REFERENCE, month)
    base = np.minimum(np.maximum(rows.wage[told], reference), 20 * reference)
    without = (made.group == GROUP["b"]) & ~status.in_unemployment[made.person]
    withheld = base * np.where(without, 95, 105)[spell] // 1000
    contract_of = np.where(rng.random(len(made)) < 0.6, -1, np.array([12, 24, 36])[rng.integers(0, 3, len(made))])

    begin = np.maximum(engagements.start, first)
    length = np.maximum(np.minimum(engagements.end, end + 1) - begin, 0)
    row = np.repeat(np.arange(len(engagements)), length)
    of_more = begin[row] + np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    more_pay = engagements.pay[row] * _raises(first, end)[1][of_more - first] // 1000
    more_pay = np.maximum(
        more_pay, np.where(engagements.kind[row] == LOW, 0, _least(businesses, engagements, row, of_more))
    )
    pay = np.concatenate([rows.pay[told], more_pay])
    # Overtime and allowances make each month a little different.
    pay = pay * rng.integers(975, 1050, len(pay)) // 1000 // 1000 * 1000
    low = np.r_[np.zeros(len(spell), bool), engagements.kind[row] == LOW]
    pay = np.where(low, np.minimum(pay, 2_200_000), pay)
    all_rows = TaxRows(
        person=np.concatenate([made.person[spell], engagements.person[row]]),
        business=np.concatenate([made.employer[spell], engagements.business[row]]),
        month=np.concatenate([month, of_more]).astype(np.int32),
        income=pay,
        deducted=np.concatenate([withheld, np.where(engagements.deducted[row], more_pay * 105 // 1000, 0)]),
        months=np.ones(len(pay), np.int64),
        contract=np.concatenate([np.zeros(len(spell), np.int8), engagements.contract[row]]),
        contract_months=np.concatenate([contract_of[spell], engagements.contract_months[row]]),
    )
    all_rows = _yearly(all_rows, businesses, np.r_[spell, len(made) + row])
    silent = businesses.silent[all_rows.business]
    all_rows.income = np.where(silent == 2, -1, all_rows.income)
    all_rows.deducted = np.where(silent > 0, -1, all_rows.deducted)
    order = np.argsort(all_rows.month.astype(np.int64) * len(businesses) + all_rows.business, kind="stable")
    return _of(all_rows, order)


def _least(businesses: Businesses, engagements: Engagements, row: Any, month: Any) -> Any:
    """Nobody on a full labour contract earns less than the minimum wage; others may earn anything."""
    full = np.isin(engagements.kind, (UNINSURED, UNREGISTERED))[row]
    wage = known(MINIMUM_WAGE, month)[np.arange(len(month)), businesses.region[engagements.business[row]]]
    return np.where(full, wage, 0)


def _of(rows: TaxRows, which: Any) -> TaxRows:
    return TaxRows(*(getattr(rows, field.name)[which] for field in fields(TaxRows)))


def _yearly(rows: TaxRows, businesses: Businesses, reason: Any) -> TaxRows:
    """Add up the months of those who settle once a year, in the December of the year; a year without one is missing."""
    yearly = businesses.yearly[rows.business]
    if not yearly.any():
        return rows
    picked = _of(rows, np.flatnonzero(yearly))
    key = reason[yearly].astype(np.int64) * 10_000 + picked.month // 12
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    year = _of(picked, starts)
    year.income = np.add.reduceat(picked.income, starts)
    year.deducted = np.add.reduceat(picked.deducted, starts)
    year.months = np.diff(np.r_[starts, len(key)])
    year.month = (picked.month[starts] // 12 * 12 + 11).astype(np.int32)
    year = _of(year, np.flatnonzero(year.month <= rows.month.max()))
    rest = _of(rows, np.flatnonzero(~yearly))
    return TaxRows(
        *(np.concatenate([getattr(rest, field.name), getattr(year, field.name)]) for field in fields(TaxRows))
    )


def tax_frame(rows: TaxRows, codes: pl.Series, people: People, pid: pl.Series) -> pl.DataFrame:
    """Return the rows of `tax_income`, without errors; `codes` by business, `pid` by person."""
    import polars as pl

    return pl.DataFrame(
        {
            "month": as_months(rows.month),
            "tax_code": codes.gather(rows.business),
            "pid": pid.gather(rows.person),
            "full_name": people.name.gather(rows.person),
            "birth_date": as_dates(people.birth[rows.person]),
            "income": _told(rows.income),
            "insurance_deducted": _told(rows.deducted),
            "months_covered": rows.months,
            "contract": pl.Series(CONTRACTS).gather(rows.contract),
            "contract_months": _told(rows.contract_months),
        }
    )


def _told(values: Any) -> pl.Series:
    import polars as pl

    column = pl.Series(np.asarray(values, np.int64))
    return column.set(column < 0, None)


def declaration_frame(rows: WorkerMonths, made: Spells, employer_ids: pl.Series, si_code: pl.Series) -> pl.DataFrame:
    """Return the rows of `declarations` by month and employer; `si_code` by spell."""
    import polars as pl

    order = np.argsort(rows.month.astype(np.int64) * len(employer_ids) + made.employer[rows.spell], kind="stable")
    spell = rows.spell[order]
    return pl.DataFrame(
        {
            "month": as_months(rows.month[order]),
            "employer_id": employer_ids.gather(made.employer[spell]),
            "si_code": si_code.gather(spell),
            "group_code": pl.Series(GROUPS).gather(made.group[spell]),
            "wage": rows.wage[order],
            "unpaid_days": rows.unpaid_days[order],
        }
    )
