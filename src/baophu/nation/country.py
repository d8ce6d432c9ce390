"""The whole country, block by block: lives first, then the registers that tell of them, errors, and the truth beside.

What concerns an employer alone (payments, notices, dues, charges) is made at the end, once for all employers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.areas.units import MERGER
from baophu.core.months import last_day, month_of
from baophu.nation import tables
from baophu.nation.businesses import (
    Businesses,
    business_frame,
    business_names,
    employer_frame,
    make_businesses,
)
from baophu.nation.calendar_of_life import month_number
from baophu.nation.careers import (
    COMPULSORY,
    GROUPS,
    HEALTH,
    NOW,
    PENSION,
    SCHEMES,
    UNEMPLOYED,
    VOLUNTARY,
    Spells,
    Status,
    joined,
    make_careers,
    make_status,
    months_paid,
    unemployment_spells,
    willing_to_own,
    with_chance,
)
from baophu.nation.errors import damage_employers, damage_participants, damage_population, damage_tax_income
from baophu.nation.findings_truth import (
    Lives,
    Managers,
    findings,
    late_findings,
    make_managers,
    managers_of,
    not_passed_on,
    withheld,
)
from baophu.nation.made_numbers import digits, si_codes
from baophu.nation.marginals import marginals
from baophu.nation.pay import amounts, declaration_frame, make_engagements, tax_frame, tax_rows, worker_months
from baophu.nation.payments import plan
from baophu.nation.people import (
    ALIVE,
    People,
    as_dates,
    as_months,
    birth_dates,
    block_sizes,
    first_days,
    make_people,
    population_frame,
)
from baophu.nation.places import Places, places
from baophu.nation.reference import dues_and_charges
from baophu.nation.schemes import (
    Voluntary,
    agent_column,
    has_allowance,
    make_benefits,
    make_health,
    make_voluntary,
    voluntary_payments,
)
from baophu.nation.writing import Writer

if TYPE_CHECKING:
    import polars as pl

BLOCK = 300_000
ROLES = ("Giám đốc", "Tổng giám đốc", "Chủ tịch hội đồng thành viên", "Chủ tịch hội đồng quản trị")

# Told as blocks are done: what is being made, people done, people in all.
Progress = Callable[[str, int, int], None]


@dataclass
class Summary:
    """What was generated: rows by table, and published figures with what came out, scaled to the country's size."""

    rows: dict[str, int]
    marginals: list[tuple[str, int, int]]


@dataclass
class _Tally:
    """What adds up over the blocks."""

    places: Places
    months: int
    counts: Any
    health: Any
    people: list[pl.DataFrame] = field(default_factory=list)
    employers: list[pl.DataFrame] = field(default_factory=list)
    withheld: list[pl.DataFrame] = field(default_factory=list)
    due: list[Any] = field(default_factory=list)
    workers: list[Any] = field(default_factory=list)
    living: int = 0
    pensions: int = 0


def generate(
    out: Path, people: int, seed: int, months: int, end: date, form: str, progress: Progress | None = None
) -> Summary:
    """Write a country of so many people into a folder: the registers of `months` months up to `end`, and the truth.

    `end` is any day of the last month. The same arguments give the same bytes. BaophuError where `out` holds
    something or cannot be written, or the months cannot be generated.
    """
    last = month_number(end)
    where = places(last_day(end))
    dates = birth_dates(people, last_day(end))
    sizes = block_sizes(people, BLOCK)
    communes, provinces = len(where.code), len(where.provinces)
    tally = _Tally(
        where,
        months,
        np.zeros((len(SCHEMES), communes, months), np.int32),
        np.zeros((len(GROUPS), provinces, months), np.int32),
    )
    facts = {"people": people, "seed": seed, "months": months, "end": f"{end:%Y-%m}"}
    with Writer(out, form, facts) as writer:
        done = 0
        for block, size in enumerate(sizes):
            _block(writer, tally, dates, done, size, last, months, seed, block, len(sizes))
            done += size
            if progress:
                progress("people", done, people)
        _employers(writer, tally, last, months, seed)
        _tables(writer, tally, last, months, seed)
        rows = {table: writer.rows(table) for table in _TABLES}
    return Summary(rows, _against_published(tally, people, rows))


_TABLES = (
    "population", "participants", "spells", "employers", "declarations", "payments", "notices", "voluntary",
    "tax_income", "businesses", "managers", "benefits", "offices", "other_receipts", "dossiers", "area_statistics",
    "reported_indicators",
)  # fmt: skip


def _block(
    writer: Writer,
    tally: _Tally,
    dates: Any,
    done: int,
    size: int,
    end: int,
    months: int,
    seed: int,
    block: int,
    blocks: int,
) -> None:
    """Make the lives of one block and write what the registers have of them."""
    import polars as pl

    where, first = tally.places, end - months + 1
    rng = np.random.Generator(np.random.PCG64([seed, block, 20]))
    people = make_people(where, dates, done, size, last_day(month_of(end)), seed, block, blocks)
    status = make_status(people, end, seed, block)
    willing = willing_to_own(people, status)
    businesses = make_businesses(where, people, willing, end, months, seed, block, blocks)
    compulsory = make_careers(where, people, status, businesses, end, months, seed, block)
    allowance = has_allowance(people, status, compulsory, end, months, seed, block)
    voluntary = make_voluntary(where, people, status, allowance, compulsory, end, seed, block)
    unemployment = unemployment_spells(compulsory, status)
    health = make_health(where, people, status, compulsory, end, seed, block)
    rows = worker_months(where, people, businesses, compulsory, first, end, seed, block)
    engagements = make_engagements(where, people, status, allowance, businesses, compulsory, first, end, seed, block)
    tax = tax_rows(businesses, status, compulsory, rows, engagements, first, end, seed, block)
    managers = make_managers(people, status, businesses, compulsory, end, seed, block)

    spells = joined([compulsory, voluntary.spells, unemployment, health])
    holders = _Holders(people, spells, compulsory, rng, seed, block, blocks)
    pid = digits(people.pid, 12)
    codes = businesses.codes()
    ids = businesses.employer_ids()

    # The registers, errors last.
    population = population_frame(people, where)
    damaged, errors = damage_population(population, rng)
    _told_errors(writer, "population", errors)
    writer.part("population", damaged)
    participants = _participants_frame(people, where, holders, population, spells, rng)
    damaged, errors = damage_participants(participants, rng)
    right_pid = _right_pids(holders, errors, len(people))
    conflicts = _number_conflicts(where, people, holders, participants, damaged, errors, end, first)
    _told_errors(writer, "participants", errors)
    writer.part("participants", damaged)
    writer.truth("links", participants.select("si_code", "pid"))
    writer.part("spells", _spell_frame(where, spells, ids, holders))

    names = business_names(businesses, people, where, rng)
    registered = business_frame(businesses, names, people, where, end)
    writer.part("businesses", registered)
    active = np.isin(np.arange(businesses.employers), compulsory.employer[compulsory.end > end])
    employers = employer_frame(businesses, names, people, where, active, end, rng)
    damaged, errors = damage_employers(employers, rng)
    right_code = np.ones(businesses.employers, bool)
    right_code[errors.filter(pl.col("column") == "tax_code")["row"].to_numpy()] = False
    _told_errors(writer, "employers", errors)
    writer.part("employers", damaged)
    writer.truth("employer_links", employers.select("employer_id", "tax_code"))
    writer.part("managers", _manager_frame(managers, codes, pid))

    declarations = declaration_frame(rows, compulsory, ids, holders.code_of(compulsory))
    writer.part("declarations", declarations)
    writer.part("voluntary", voluntary_payments(where, people, voluntary, holders.by_person, end, seed, block))
    benefits = make_benefits(
        where, people, status, allowance, compulsory, unemployment, holders.by_person, end, months, seed, block
    )
    _told_errors(writer, "benefits", _parted_communes(where, benefits))
    writer.part("benefits", benefits)
    paid = tax_frame(tax, codes, people, pid)
    damaged, errors = damage_tax_income(paid, rng)
    traced = np.ones(paid.height, bool)
    traced[errors.filter(pl.col("column") == "pid")["row"].to_numpy()] = False
    before = writer.rows("tax_income")
    _told_errors(writer, "tax_income", errors)
    writer.part("tax_income", damaged)
    writer.truth(
        "worker_links",
        paid.select("tax_code", "pid").insert_column(0, pl.Series("row", np.arange(before, before + paid.height))),
    )

    # The truth of it.
    lives = Lives(
        where, people, status, allowance, businesses, compulsory, voluntary.spells, health, rows, engagements, tax,
        first, end, holders.numbers_by_person, right_pid, traced, right_code,
    )  # fmt: skip
    found, near = findings(lives)
    by_managers, near_managers = managers_of(lives, managers)
    writer.truth("findings", pl.concat([found, by_managers, conflicts]))
    writer.truth("near_misses", pl.concat([near, near_managers]).drop("decidable", "amount"))
    writer.truth("persons", _persons_frame(people, status, compulsory, voluntary, pid, end))
    tally.withheld.append(withheld(lives, holders.number_of(compulsory)))
    _add_up(
        tally,
        people,
        status,
        allowance,
        businesses,
        compulsory,
        rows,
        engagements.person,
        spells,
        employers,
        first,
        end,
        rng,
    )


def _parted_communes(where: Places, benefits: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that name a commune of before 2025-07-01 whose land is in several now, like errors."""
    import polars as pl

    parted = pl.Series(sorted(where.parted))
    old = pl.col("month") < MERGER
    rows = benefits.with_row_index("row").filter(old & pl.col("commune_code").is_in(parted.implode()))
    kinds = pl.lit("commune_code").alias("column"), pl.lit("hold:divided_commune").alias("kind")
    return rows.select(pl.col("row").cast(pl.Int64), *kinds)


class _Holders:
    """Who has which social insurance number. A few people have two: their first job stands under the other."""

    def __init__(
        self, people: People, spells: Spells, compulsory: Spells, rng: Any, seed: int, block: int, blocks: int
    ) -> None:
        count = len(people)
        has = np.zeros(count, bool)
        has[spells.person] = True
        # Some of those who are in nothing have a number from earlier.
        has |= rng.random(count) < 0.3
        self.person = np.flatnonzero(has)
        jobs = np.bincount(compulsory.person, minlength=count)
        double = np.flatnonzero((jobs >= 2) & (rng.random(count) < 0.006))
        firsts = np.searchsorted(compulsory.person, double)
        self.until = np.zeros(count, np.int64)
        self.until[double] = compulsory.end[firsts]
        self.all_persons = np.concatenate([self.person, double])
        self.second = np.arange(len(self.all_persons)) >= len(self.person)
        self.numbers = si_codes(len(self.all_persons), block, blocks, seed)
        self.numbers_by_person = np.full(count, -1, np.int64)
        self.numbers_by_person[self.person] = self.numbers[: len(self.person)]
        self._other = self.numbers_by_person.copy()
        self._other[double] = self.numbers[len(self.person) :]
        self.by_person = digits(self.numbers_by_person, 10)

    def code_of(self, spells: Spells) -> pl.Series:
        """Return the social insurance number that each spell stands under."""
        return digits(self.number_of(spells), 10)

    def number_of(self, spells: Spells) -> Any:
        """Return the same as integers."""
        early = (spells.start < self.until[spells.person]) & np.isin(spells.scheme, (COMPULSORY, UNEMPLOYED))
        return np.where(early, self._other[spells.person], self.numbers_by_person[spells.person])


def _told_errors(writer: Writer, table: str, errors: pl.DataFrame) -> None:
    """Write the errors of a part, with rows counted from the table's first."""
    import polars as pl

    writer.truth(
        "errors",
        errors.select(
            pl.lit(table).alias("table"),
            (pl.col("row") + writer.rows(table)).cast(pl.Int64).alias("row"),
            "column",
            "kind",
        ),
    )


def _participants_frame(
    people: People, where: Places, holders: _Holders, population: pl.DataFrame, spells: Spells, rng: Any
) -> pl.DataFrame:
    """Return the rows of `participants`, without errors; some live elsewhere by now than on file."""
    import polars as pl

    count = len(holders.all_persons)
    rows = population[holders.all_persons]
    begun = np.full(len(people), ALIVE, np.int64)
    np.minimum.at(begun, spells.person, spells.start)
    began = begun[holders.all_persons]
    day = first_days(np.where(began == ALIVE, 0, began)) + rng.integers(0, 27, count)
    never_before = np.maximum(day, people.birth[holders.all_persons])
    registered = np.where((began == ALIVE) | (rng.random(count) < 0.05), ALIVE, never_before)
    at_home = people.commune[holders.all_persons]
    # A neighbouring commune by its code, in the same province mostly.
    moved = np.clip(at_home + rng.integers(-9, 10, count), 0, len(where.code) - 1)
    moved = np.where(where.province[moved] == where.province[at_home], moved, at_home)
    on_file = np.where(rng.random(count) < 0.06, moved, at_home)
    stayed = pl.Series(on_file == at_home)
    phone = digits(900_000_000 + rng.integers(0, 99_999_999, count), 10)
    none = pl.Series([None], dtype=pl.String).new_from_index(0, count)
    return pl.DataFrame(
        {
            "si_code": digits(holders.numbers, 10),
            "pid": rows["pid"],
            "old_id": rows["old_id"],
            "full_name": rows["full_name"],
            "birth_date": rows["birth_date"],
            "birth_year": rows["birth_year"],
            "sex": rows["sex"],
            "commune_code": pl.Series(where.code).gather(on_file),
            "village": rows["village"].zip_with(stayed, none),
            "address": rows["address"].zip_with(stayed, none),
            "phone": phone.zip_with(pl.Series(rng.random(count) < 0.4), none),
            "registered_on": as_dates(registered),
        }
    )


def _right_pids(holders: _Holders, errors: pl.DataFrame, people: int) -> Any:
    """Return, by person, whether the file of participants has his number right everywhere."""
    import polars as pl

    right = np.ones(people, bool)
    rows = errors.filter(pl.col("column") == "pid")["row"].to_numpy()
    right[holders.all_persons[rows]] = False
    return right


def _number_conflicts(
    where: Places,
    people: People,
    holders: _Holders,
    participants: pl.DataFrame,
    damaged: pl.DataFrame,
    errors: pl.DataFrame,
    end: int,
    first: int,
) -> pl.DataFrame:
    """Return the findings `conflict` of numbers: one person with two, and two people on a borrowed one."""
    import polars as pl

    about = pl.DataFrame(
        {
            "number": damaged["pid"],
            "true_pid": participants["pid"],
            "si_code": participants["si_code"],
            "area_code": pl.Series(where.code).gather(people.commune[holders.all_persons]),
            "second": holders.second,
        }
    ).with_row_index("row")
    wrong = errors.filter(pl.col("column") == "pid")["row"].unique()
    right = about.filter(~pl.col("row").is_in(wrong.implode()))
    firsts = about.filter(~pl.col("second"))
    doubles = about.filter(pl.col("second")).join(firsts, on="true_pid", suffix="_first", maintain_order="left")
    plain = right["si_code"].implode()
    one = doubles.select(
        pl.lit("one_person_two_numbers").alias("why"),
        "area_code",
        pl.col("true_pid").alias("pid"),
        "si_code",
        (pl.col("si_code").is_in(plain) & pl.col("si_code_first").is_in(plain)).alias("decidable"),
    )
    borrowed = about.join(
        errors.filter(pl.col("kind") == "pid_borrowed").select(pl.col("row").cast(pl.UInt32)).unique(), on="row"
    ).sort("row")
    holds = right.filter(~pl.col("second")).select(pl.col("number"), pl.lit(True).alias("held"))
    two = borrowed.join(holds, on="number", how="inner", maintain_order="left").select(
        pl.lit("two_people_one_number").alias("why"),
        "area_code",
        pl.col("number").alias("pid"),
        "si_code",
        pl.lit(True).alias("decidable"),
    )
    return pl.concat([one, two]).select(
        pl.lit("conflict").alias("kind"),
        "why",
        "area_code",
        "pid",
        "si_code",
        pl.lit(None, pl.String).alias("employer_id"),
        pl.lit(None, pl.String).alias("tax_code"),
        pl.lit(month_of(first)).alias("from_month"),
        pl.lit(month_of(end + 1)).alias("to_month"),
        pl.lit(0, pl.Int64).alias("amount"),
        "decidable",
    )


def _spell_frame(where: Places, spells: Spells, ids: pl.Series, holders: _Holders) -> pl.DataFrame:
    import polars as pl

    ids_or_none = pl.concat([ids, pl.Series("employer_id", [None], dtype=pl.String)])
    groups = pl.Series([group or None for group in GROUPS])
    return pl.DataFrame(
        {
            "si_code": holders.code_of(spells),
            "scheme": pl.Series(SCHEMES).gather(spells.scheme),
            "group_code": groups.gather(spells.group),
            "employer_id": ids_or_none.gather(np.where(spells.employer < 0, len(ids), spells.employer)),
            "commune_code": pl.Series(where.code).gather(spells.commune),
            "agent_id": agent_column(where, spells.agent),
            "start_month": as_months(spells.start),
            "end_month": as_months(spells.end),
        }
    )


def _manager_frame(managers: Managers, codes: pl.Series, pid: pl.Series) -> pl.DataFrame:
    import polars as pl

    left = managers.to != ALIVE
    return pl.DataFrame(
        {
            "tax_code": codes.gather(managers.business),
            "pid": pid.gather(managers.person),
            "role": pl.Series(ROLES).gather(managers.role),
            "paid": pl.Series(managers.paid),
            "from_date": as_dates(first_days(managers.start)),
            "to_date": as_dates(np.where(left, first_days(np.where(left, managers.to, 0)), ALIVE)),
        }
    )


def _persons_frame(
    people: People, status: Status, compulsory: Spells, voluntary: Voluntary, pid: pl.Series, end: int
) -> pl.DataFrame:
    """Return the facts of each life, for tests to hold results against."""
    import polars as pl

    count = len(people)
    in_compulsory = months_paid(count, compulsory, end + 1)
    in_voluntary = months_paid(count, voluntary.spells, end + 1)
    return pl.DataFrame(
        {
            "pid": pid,
            "died_on": as_dates(people.died),
            "status": pl.Series(["none", "insured", "was_insured", "pensioner"]).gather(status.kind),
            "retirement_month": as_months(status.retirement),
            "months_compulsory": in_compulsory,
            "months_voluntary": in_voluntary,
            "months_paid": in_compulsory + in_voluntary,
            "twin": people.twin,
        }
    )


def _add_up(
    tally: _Tally,
    people: People,
    status: Status,
    allowance: Any,
    businesses: Businesses,
    compulsory: Spells,
    rows: Any,
    engaged: Any,
    spells: Spells,
    employers: pl.DataFrame,
    first: int,
    end: int,
    rng: Any,
) -> None:
    """Add a block to the sums of the country: participants by commune, people by commune, dues by employer."""
    import polars as pl

    months = tally.months
    where = tally.places
    begin = np.clip(spells.start - first, 0, months)
    stop = np.clip(np.minimum(spells.end, end + 1) - first, 0, months)
    inside = begin < stop
    steps = np.zeros((*tally.counts.shape[:2], months + 1), np.int32)
    np.add.at(steps, (spells.scheme[inside], spells.commune[inside], begin[inside]), 1)
    np.add.at(steps, (spells.scheme[inside], spells.commune[inside], stop[inside]), -1)
    tally.counts += np.cumsum(steps, axis=2, dtype=np.int32)[:, :, :months]
    inside &= spells.scheme == HEALTH
    steps = np.zeros((*tally.health.shape[:2], months + 1), np.int32)
    province = where.province[spells.commune[inside]]
    np.add.at(steps, (spells.group[inside], province, begin[inside]), 1)
    np.add.at(steps, (spells.group[inside], province, stop[inside]), -1)
    tally.health += np.cumsum(steps, axis=2, dtype=np.int32)[:, :, :months]

    employer = compulsory.employer[rows.spell]
    parts = amounts(
        compulsory.group[rows.spell],
        rows.month,
        businesses.region[employer],
        rows.wage,
        rows.unpaid_days,
        status.in_unemployment[compulsory.person[rows.spell]],
    )
    place = employer.astype(np.int64) * months + rows.month - first
    cells = businesses.employers * months
    due = np.zeros((cells, 3), np.int64)
    np.add.at(due, place, parts)
    tally.due.append(due.reshape(businesses.employers, months, 3))
    tally.workers.append(np.bincount(place, minlength=cells).astype(np.int32).reshape(businesses.employers, months))
    tally.employers.append(employers.select("employer_id", "pay_method", pl.col("commune_code").alias("area_code")))

    alive = people.died == ALIVE
    years = status.age / 12
    works = (status.kind == NOW) | (np.bincount(engaged, minlength=len(people)) > 0)
    works[businesses.owner[businesses.owner >= 0]] = True
    works &= alive
    others = np.interp(years, (15, 20, 25, 50, 62, 75, 80), (0.2, 0.7, 1.0, 1.0, 0.5, 0.1, 0.0))
    others = np.where(alive & ~works & (years >= 15), others, 0)
    works |= with_chance(others, max(marginals().share("labour_force") * len(people) - works.sum(), 0), rng)
    about = pl.DataFrame(
        {
            "commune_code": pl.Series(where.code).gather(people.commune),
            "birth_date": as_dates(people.birth),
            "sex": pl.Series(["M", "F"]).gather(people.female),
            "in_labour_force": works,
            "ethnic": pl.Series(["kinh", "other"]).gather((people.people > 0).astype(np.int8)),
        }
    ).filter(pl.Series(alive))
    tally.people.append(tables.count_people(about, last_day(month_of(end))))
    tally.living += int(alive.sum())
    tally.pensions += int((((status.kind == PENSION) | allowance) & alive).sum())


def _employers(writer: Writer, tally: _Tally, end: int, months: int, seed: int) -> None:
    """Write what employers pay, what they are urged to pay, and the truth of their dues and charges."""
    import polars as pl

    rng = np.random.Generator(np.random.PCG64([seed, 0, 21]))
    employers = pl.concat(tally.employers)
    due = np.concatenate(tally.due)
    months_of = [month_of(end - months + 1 + number) for number in range(months)]
    payments, notices = plan(employers["employer_id"].to_list(), employers["pay_method"].to_list(), due, months_of, rng)
    writer.part("payments", payments)
    writer.part("notices", notices)
    as_of = last_day(months_of[-1])
    # The employers of a block at a time, so that a big country fits.
    for some, owed, staff, told in zip(tally.employers, tally.due, tally.workers, tally.withheld, strict=True):
        here = some["employer_id"].implode()
        dues, charges = _settled(
            some,
            owed,
            staff,
            months_of,
            payments.filter(pl.col("employer_id").is_in(here)),
            notices.filter(pl.col("employer_id").is_in(here)),
            as_of,
        )
        writer.truth("dues", dues)
        writer.truth("charges", charges)
        writer.truth("findings", late_findings(dues, charges, some.select("employer_id", "area_code"), as_of))
        writer.truth("findings", not_passed_on(told, dues, as_of))


def _settled(
    employers: pl.DataFrame,
    due: Any,
    workers: Any,
    months_of: list[date],
    payments: pl.DataFrame,
    notices: pl.DataFrame,
    as_of: date,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the dues and charges of some employers on a day, by the slow reference."""
    paid: dict[str, list[tuple[date, str, int]]] = {}
    for employer, day, number, amount in payments.select("employer_id", "paid_on", "payment_id", "amount").iter_rows():
        paid.setdefault(employer, []).append((day, number, amount))
    urged: dict[str, list[tuple[date, date]]] = {}
    for employer, month, sent in notices.select("employer_id", "month", "sent_on").iter_rows():
        urged.setdefault(employer, []).append((month, sent))
    dues, charges = [], []
    for row, (employer, method) in enumerate(employers.select("employer_id", "pay_method").iter_rows()):
        people = workers[row].tolist()
        owed = [
            (month, people[number], *due[row, number].tolist())
            for number, month in enumerate(months_of)
            if people[number]
        ]
        some_dues, some_charges = dues_and_charges(
            employer, method, owed, paid.get(employer, ()), urged.get(employer, ()), as_of
        )
        dues += some_dues
        charges += some_charges
    return _frame(dues, _DUE_TYPES), _frame(charges, _CHARGE_TYPES).rename({"kind": "class"})


_DUE_TYPES = ("employer_id", "month", "due_date", "participants", "due", "paid", "outstanding", "due_si", "due_hi",
              "due_ui", "paid_si", "paid_hi", "paid_ui", "cleared_on")  # fmt: skip
_CHARGE_TYPES = ("employer_id", "month", "fund", "clause", "kind", "amount", "first_day", "days", "charge", "as_of",
                 "paid_on")  # fmt: skip
_DATES = ("month", "due_date", "cleared_on", "first_day", "as_of", "paid_on")
_TEXTS = ("employer_id", "fund", "clause", "kind")


def _frame(rows: list[Any], names: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    types = {name: pl.Date if name in _DATES else pl.String if name in _TEXTS else pl.Int64 for name in names}
    return pl.DataFrame(rows, schema=types, orient="row")


def _tables(writer: Writer, tally: _Tally, end: int, months: int, seed: int) -> None:
    """Write the tables of areas, and the truth of the counts."""
    import polars as pl

    rng = np.random.Generator(np.random.PCG64([seed, 0, 22]))
    where = tally.places
    last = last_day(month_of(end))
    months_of = [month_of(end - months + 1 + number) for number in range(months)]
    writer.part("offices", tables.offices(last))
    statistics = tables.area_statistics(tally.people, str(last.year))
    writer.part("area_statistics", statistics)
    group, province, month = np.nonzero(tally.health)
    employee = np.array([name == "employee" for name in GROUPS])[group]
    members = pl.DataFrame(
        {
            "month": as_months(end - months + 1 + month),
            "area_code": pl.Series(where.provinces).gather(province),
            "group_code": pl.Series(GROUPS).gather(group),
            "members": tally.health[group, province, month].astype(np.int64),
        }
    ).filter(~pl.Series(employee))
    writer.part("other_receipts", tables.other_receipts(members))
    areas = statistics.filter((pl.col("measure") == "population") & (pl.col("area_code").str.len_bytes() == 2)).select(
        "area_code", pl.col("value").alias("people")
    )
    of_provinces = areas.filter(pl.col("area_code") != "00")
    writer.part("dossiers", tables.dossiers(of_provinces, months_of, rng))
    writer.part("reported_indicators", tables.reported_indicators(areas, str(last.year), rng))
    scheme, commune, month = np.nonzero(tally.counts)
    writer.truth(
        "counts",
        pl.DataFrame(
            {
                "area_code": pl.Series(where.code).gather(commune),
                "month": as_months(end - months + 1 + month),
                "scheme": pl.Series(SCHEMES).gather(scheme),
                "participants": tally.counts[scheme, commune, month].astype(np.int64),
            }
        ),
    )


def _against_published(tally: _Tally, people: int, rows: dict[str, int]) -> list[tuple[str, int, int]]:
    """Return published figures beside what was generated, scaled up to the country's people."""
    figures = marginals()
    scale = figures.people.value / people
    now = tally.counts[:, :, -1].sum(axis=1)
    counts = figures.counts
    compulsory = counts["si_compulsory"].value - counts["armed_forces"].value
    return [
        ("si_compulsory", compulsory, round(int(now[COMPULSORY]) * scale)),
        ("si_voluntary", counts["si_voluntary"].value, round(int(now[VOLUNTARY]) * scale)),
        ("ui_total", counts["ui_total"].value, round(int(now[UNEMPLOYED]) * scale)),
        (
            "hi_coverage_population (‰)",
            figures.rates["hi_coverage_population"].value,
            round(now[HEALTH] * 1000 / max(tally.living, 1)),
        ),
        ("employers", counts["employers"].value, round(rows["employers"] * scale)),
        ("businesses", counts["businesses"].value, round(rows["businesses"] * scale)),
        ("pensions", counts["pensions"].value, round(tally.pensions * scale)),
    ]
