"""What is due, paid and charged, worked out slowly in plain whole numbers: the truth that the program is held to.

It is written to be read beside the law, shares no code with the packages that compute the same at size, and keeps
its own small tables. Law: 41/2024/QH15; days: Decree 274/2025.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

if TYPE_CHECKING:
    import polars as pl

FUNDS = ("si", "hi", "ui")
# Inside one month the money goes to the funds in this order.
FUND_ORDER = ("hi", "ui", "si")

# Base salary, which is the reference level while it exists: Decrees 24/2023, 73/2024, 161/2026 art. 3(2).
REFERENCE = (
    (date(2026, 7, 1), 2_530_000),
    (date(2024, 7, 1), 2_340_000),
    (date(2023, 7, 1), 1_800_000),
    (date(2019, 7, 1), 1_490_000),
)
# Minimum wage a month by region: Decrees 38/2022, 74/2024, 293/2025.
MINIMUM_WAGE = (
    (date(2026, 1, 1), {"I": 5_310_000, "II": 4_730_000, "III": 4_140_000, "IV": 3_700_000}),
    (date(2024, 7, 1), {"I": 4_960_000, "II": 4_410_000, "III": 3_860_000, "IV": 3_450_000}),
    (date(2022, 7, 1), {"I": 4_680_000, "II": 4_160_000, "III": 3_640_000, "IV": 3_250_000}),
)
CEILING = 20  # times the reference level (art. 31(1)(đ)), or the minimum wage (Law 74/2025 art. 34(2))

# Parts of the base in thousandths; each part is rounded for itself, worker's and employer's apart.
SICKNESS = 30  # art. 34(1)(a); the worker's own in groups m, n: art. 33(4)
RETIREMENT_WORKER, RETIREMENT_EMPLOYER = 80, 140  # art. 33(1), 34(1)(b)
RETIREMENT_ALONE = 220  # art. 34(2): the employer's in đ, e; art. 33(2)-(4): the worker's in g, h, m, n
ACCIDENT, ACCIDENT_REDUCED = 5, 3  # Decree 58/2020 art. 4, 5
HEALTH_WORKER, HEALTH_EMPLOYER = 15, 30
UNEMPLOYMENT_WORKER, UNEMPLOYMENT_EMPLOYER = 10, 10  # Law 74/2025 art. 33, Decree 374/2025 art. 4

EMPLOYEES = frozenset({"a", "b", "c", "d", "i", "k", "l", "foreign"})
RETIREMENT_ONLY = frozenset({"đ", "e", "g", "h"})
OWN_ACCOUNT = frozenset({"m", "n"})
WITH_ACCIDENT = frozenset({"a", "b", "c", "d", "đ", "e", "i", "l"})  # OSH Law art. 43(1), by art. 139(1)(b)
# Not due in a month of 14 unpaid working days or more: art. 33(5); part-timers (l) are not named there.
PAUSED = frozenset({"a", "b", "c", "d", "i", "k", "foreign"})
UNPAID_DAYS = 14
UNEMPLOYMENT_ALWAYS = frozenset({"a", "i", "l"})

LAW_BEGINS = date(2025, 7, 1)
NEW_GROUPS = frozenset({"e", "h", "l", "m", "n"})  # not compulsory under the law before; k had no sickness fund
CHARGE = 3, 10_000  # 0.03 % a day: art. 40(1), 41(1)
EVASION_AFTER = 61  # the first day after 60 days from the day after the due date: Decree 274/2025 art. 5, 6
NOTICE_IN_TIME = 45
AFTER_LATE_NOTICE = 15
CYCLES = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
_DAY = timedelta(days=1)


class Due(NamedTuple):
    """What one employer owes for a month."""

    month: date
    participants: int
    si: int
    hi: int
    ui: int


class Payment(NamedTuple):
    """Money that came in, or (negative) went back."""

    paid_on: date
    payment_id: str
    amount: int


class Notice(NamedTuple):
    """A demand in writing for a month's dues."""

    month: date
    sent_on: date


class DueRow(NamedTuple):
    """A row of the results' table `dues`."""

    employer_id: str
    month: date
    due_date: date
    participants: int
    due: int
    paid: int
    outstanding: int
    due_si: int
    due_hi: int
    due_ui: int
    paid_si: int
    paid_hi: int
    paid_ui: int
    cleared_on: date | None


class ChargeRow(NamedTuple):
    """A row of the results' table `charges`, with the fund and the day of payment (None: still open)."""

    employer_id: str
    month: date
    fund: str
    clause: str
    kind: str
    amount: int
    first_day: date
    days: int
    charge: int
    as_of: date
    paid_on: date | None


def rounded(amount: int, part: int, whole: int) -> int:
    """Return `amount * part / whole` rounded half up; nothing is negative.

    >>> rounded(5, 1, 10), rounded(4, 1, 10)
    (1, 0)
    """
    return (2 * amount * part + whole) // (2 * whole)


@cache
def reference_level(month: date) -> int:
    """Return the reference level of a month in VND; KeyError before the table begins."""
    for since, level in REFERENCE:
        if month >= since:
            return level
    raise KeyError(month)


@cache
def minimum_wage(month: date, region: str) -> int:
    """Return the monthly minimum wage of a region (I to IV) in VND; KeyError where there is none."""
    for since, wages in MINIMUM_WAGE:
        if month >= since:
            return wages[region]
    raise KeyError(month)


def worker_parts(
    group: str,
    month: date,
    region: str,
    wage: int,
    unpaid_days: int,
    ui_member: bool,
    reduced_accident: bool = False,
) -> tuple[int, int, int]:
    """Return what is due for a worker's month, worker's and employer's parts together, in VND: (si, hi, ui).

    `group` is the letter of art. 2(1), or `foreign` for art. 2(2); `ui_member` counts only for group b, since a, i and
    l are always in and the others never.
    """
    level = reference_level(month)
    if (group in NEW_GROUPS and month < LAW_BEGINS) or (group == "l" and wage < level):
        return 0, 0, 0
    away = unpaid_days >= UNPAID_DAYS
    base = min(max(wage, level), CEILING * level)
    si = hi = ui = 0
    if not (away and group in PAUSED):
        if group in EMPLOYEES:
            si = rounded(base, RETIREMENT_WORKER, 1000) + rounded(base, RETIREMENT_EMPLOYER, 1000)
            if group != "k" or month >= LAW_BEGINS:
                si += rounded(base, SICKNESS, 1000)
            hi = rounded(base, HEALTH_WORKER, 1000) + rounded(base, HEALTH_EMPLOYER, 1000)
        elif group in RETIREMENT_ONLY:
            si = rounded(base, RETIREMENT_ALONE, 1000)
        elif group in OWN_ACCOUNT:
            si = rounded(base, SICKNESS, 1000) + rounded(base, RETIREMENT_ALONE, 1000)
        else:
            raise KeyError(group)
        if group in WITH_ACCIDENT:
            si += rounded(base, ACCIDENT_REDUCED if reduced_accident else ACCIDENT, 1000)
    if not away and (group in UNEMPLOYMENT_ALWAYS or (group == "b" and ui_member)):
        ui_base = min(max(wage, level), CEILING * minimum_wage(month, region))
        ui = rounded(ui_base, UNEMPLOYMENT_WORKER, 1000) + rounded(ui_base, UNEMPLOYMENT_EMPLOYER, 1000)
    return si, hi, ui


@cache
def due_date(month: date, pay_method: str) -> date:
    """Return the last day of the month after the cycle that holds a month: art. 34(4)."""
    length = CYCLES[pay_method]
    last = ((month.month - 1) // length + 1) * length
    after = month.year * 12 + last + 1
    return date(after // 12, after % 12 + 1, 1) - _DAY


def dues_and_charges(
    employer_id: str,
    pay_method: str,
    dues: Iterable[tuple[date, int, int, int, int]],
    payments: Iterable[tuple[date, str, int]],
    notices: Iterable[tuple[date, date]],
    as_of: date,
) -> tuple[list[DueRow], list[ChargeRow]]:
    """Return one employer's dues with what was paid of them, and the charges on what was late, on a day.

    `dues`: (month, participants, si, hi, ui); `payments`: (paid_on, payment_id, amount); `notices`: (month, sent_on).
    The rows are by due date and month, charges inside a month by fund and day of payment, what is open last.
    """
    owed = sorted((due_date(due[0], pay_method), Due(*due)) for due in dues if due[0] <= as_of)
    kept = _kept(sorted(Payment(*payment) for payment in payments if payment[0] <= as_of))
    sent: dict[date, list[date]] = {}
    for month, sent_on in notices:
        sent.setdefault(month, []).append(sent_on)
    rows: list[DueRow] = []
    charges: list[ChargeRow] = []
    queued = at = 0  # how much is owed before this due; the payment whose money is being used
    for until, due in owed:
        paid = {}
        pieces: dict[str, list[tuple[date | None, int]]] = {}
        cleared: date | None = None
        for fund in FUND_ORDER:
            amount = getattr(due, fund)
            pieces[fund], at = _pieces(queued, queued + amount, kept, at)
            queued += amount
            paid[fund] = sum(money for day, money in pieces[fund] if day is not None)
            if pieces[fund]:
                cleared = pieces[fund][-1][0]
        whole, settled = due.si + due.hi + due.ui, sum(paid.values())
        rows.append(
            DueRow(
                employer_id,
                due.month,
                until,
                due.participants,
                whole,
                settled,
                whole - settled,
                due.si,
                due.hi,
                due.ui,
                paid["si"],
                paid["hi"],
                paid["ui"],
                cleared,
            )
        )
        if settled < whole or (cleared is not None and cleared > until):
            evasion = evasion_from(until, sent.get(due.month, ()), as_of)
            for fund in FUNDS:
                for day, money in pieces[fund]:
                    charges += _charges(employer_id, due.month, until, fund, money, day, evasion, as_of)
    return rows, charges


def _kept(payments: Sequence[Payment]) -> list[tuple[date, int]]:
    """Return, day by day, the sum that was paid for good: a refund takes back the latest money first.

    What comes in and goes back on one day counts by its balance.
    """
    days: dict[date, int] = {}
    for payment in payments:
        days[payment.paid_on] = days.get(payment.paid_on, 0) + payment.amount
    sums = []
    total = 0
    for day, amount in days.items():
        total += amount
        sums.append((day, total))
    kept = []
    least = None
    for day, total in reversed(sums):
        least = total if least is None else min(least, total)
        kept.append((day, max(least, 0)))
    kept.reverse()
    return kept


def _pieces(
    begin: int, end: int, kept: Sequence[tuple[date, int]], at: int
) -> tuple[list[tuple[date | None, int]], int]:
    """Part the stretch `[begin, end)` of the queue by the days on which it was paid; None: still open.

    `at` is the first payment whose money reaches beyond `begin`, or one before; the one to go on from is returned.
    """
    pieces: list[tuple[date | None, int]] = []
    while begin < end:
        while at < len(kept) and kept[at][1] <= begin:
            at += 1
        if at == len(kept):
            pieces.append((None, end - begin))
            break
        day, reach = kept[at]
        money = min(reach, end) - begin
        begin += money
        if pieces and pieces[-1][0] == day:
            pieces[-1] = (day, pieces[-1][1] + money)
        else:
            pieces.append((day, money))
    return pieces, at


def evasion_from(due: date, sent: Iterable[date], as_of: date) -> date | None:
    """Return the first day of evasion of dues that are unpaid then and were urged in writing, or None: art. 39(1).

    A letter within 45 days of the due date: after 60 days. A later one: from its 15th day, not before those 60 days.
    A letter on or before the due date urges nothing.
    """
    urged = [day for day in sent if due < day <= as_of]
    if not urged:
        return None
    first = min(urged)
    begins = due + EVASION_AFTER * _DAY
    if first > due + NOTICE_IN_TIME * _DAY:
        begins = max(begins, first + AFTER_LATE_NOTICE * _DAY)
    return max(begins, LAW_BEGINS)


def _charges(
    employer_id: str,
    month: date,
    due: date,
    fund: str,
    amount: int,
    paid_on: date | None,
    evasion: date | None,
    as_of: date,
) -> Iterator[ChargeRow]:
    """Give the charges on one piece of money: late days, then from a day on days of evasion."""
    first = max(due + _DAY, LAW_BEGINS)
    # A day counts when the money is unpaid at its end: the day of payment does not.
    beyond = as_of + _DAY if paid_on is None else paid_on
    turn = beyond if evasion is None or fund == "hi" else max(first, min(evasion, beyond))
    late = "HI" if fund == "hi" else "38(1)"
    evaded = "39(1)(e)" if fund == "ui" else "39(1)(đ)"
    for clause, kind, start, stop in ((late, "late", first, turn), (evaded, "evasion", turn, beyond)):
        days = (stop - start).days
        if days > 0:
            charge = rounded(amount, CHARGE[0] * days, CHARGE[1])
            yield ChargeRow(employer_id, month, fund, clause, kind, amount, start, days, charge, as_of, paid_on)


def parts_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `due_si`, `due_hi`, `due_ui` to worker-months, each distinct one worked out once in plain Python.

    Columns: group_code, month, region, wage, unpaid_days, ui_member and, where there is one, reduced_accident.
    """
    import polars as pl

    names = ["group_code", "month", "region", "wage", "unpaid_days", "ui_member"]
    names += ["reduced_accident"] if "reduced_accident" in frame.columns else []
    distinct = frame.select(names).unique(maintain_order=True)
    parts = [worker_parts(*row) for row in distinct.iter_rows()]
    columns = (pl.Series(f"due_{fund}", [part[at] for part in parts], pl.Int64) for at, fund in enumerate(FUNDS))
    return frame.join(distinct.with_columns(*columns), on=names, how="left", maintain_order="left", nulls_equal=True)


def all_dues_and_charges(
    employers: pl.DataFrame,
    dues: pl.DataFrame,
    payments: pl.DataFrame,
    notices: pl.DataFrame,
    as_of: date,
    chunk: int = 20_000,
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Give the dues and charges of many employers, a chunk of employers at a time, in the order of their ids.

    `employers`: employer_id, pay_method; `dues`: employer_id, month, participants, due_si, due_hi, due_ui;
    `payments` and `notices` as their contracts say. The columns are those of the results, with fund and paid_on.
    """
    listed = employers.select("employer_id", "pay_method").sort("employer_id")
    for start in range(0, listed.height, chunk):
        some = listed.slice(start, chunk)
        mine = some.select("employer_id")
        owed = _by_employer(mine, dues, ["month", "participants", "due_si", "due_hi", "due_ui"])
        paid = _by_employer(mine, payments, ["paid_on", "payment_id", "amount"])
        sent = _by_employer(mine, notices, ["month", "sent_on"])
        due_rows: list[DueRow] = []
        charge_rows: list[ChargeRow] = []
        for employer_id, pay_method in some.iter_rows():
            found = dues_and_charges(
                employer_id,
                pay_method,
                owed.get(employer_id, ()),
                paid.get(employer_id, ()),
                sent.get(employer_id, ()),
                as_of,
            )
            due_rows += found[0]
            charge_rows += found[1]
        yield _frame(due_rows, DueRow), _frame(charge_rows, ChargeRow).rename({"kind": "class"})


def _by_employer(
    employers: pl.DataFrame, rows: pl.DataFrame, columns: Sequence[str]
) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of some employers as tuples of the columns named, by employer."""
    mine = rows.join(employers, on="employer_id", how="semi")
    values = zip(*(mine[name].to_list() for name in columns), strict=True)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for employer_id, row in zip(mine["employer_id"].to_list(), values, strict=True):
        found.setdefault(employer_id, []).append(row)
    return found


def _frame(rows: Sequence[NamedTuple], kind: type[DueRow] | type[ChargeRow]) -> pl.DataFrame:
    """Return rows as a frame: days as dates, sums as 64-bit whole numbers."""
    import polars as pl

    types = {str: pl.String, date: pl.Date, date | None: pl.Date, int: pl.Int64}
    hints = get_type_hints(kind)
    columns = list(zip(*rows, strict=True)) or [()] * len(kind._fields)
    return pl.DataFrame(
        [pl.Series(name, values, types[hints[name]]) for name, values in zip(kind._fields, columns, strict=True)]
    )
