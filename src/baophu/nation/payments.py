"""How employers pay what they owe: on time, late, in parts, in lumps, ahead, or no more; and who is urged in writing.

Each employer behaves in one way throughout; the ways are dealt out evenly over employers ranked by size. Then some of
those who pay on time stop paying for good, as many as bring what is overdue to the published late rate, 2.6 % of a
year's dues (Viet Nam Social Security: 2.69 % at the end of 2023, 2.55 % the ceiling set for 2025).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from baophu.core.months import last_day, months_later

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Days = np.ndarray[Any, np.dtype[np.datetime64]]

Behaviour = Literal[
    "on_time",
    "days_late",
    "round_sums",
    "lumps",
    "advance",
    "refund",
    "partial",
    "month_late",
    "two_months_late",
]
BEHAVIOURS: tuple[Behaviour, ...] = get_args(Behaviour)
# Of 1,000 employers.
SHARES: dict[Behaviour, int] = {
    "on_time": 644,
    "days_late": 150,
    "round_sums": 60,
    "lumps": 30,
    "advance": 30,
    "refund": 25,
    "partial": 25,
    "month_late": 24,
    "two_months_late": 12,
}
# The largest pay on time: one of them alone would move the whole country's rate.
_STEADY = 0.01
LATE_RATE = 26, 1000
# Nobody who stops makes more than this part of what is missing to the rate, and no more than so many of all stop.
_MOST_OF_GAP, _MOST_STOP = 4, 0.05
_GOLDEN = 0.6180339887498949
_CYCLES = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
_MILLION = 1_000_000

# When an employer with unpaid dues is urged: at the how-manieth monthly review after the due date; of 100.
_NOTICE_AT = {1: 45, 2: 15, 3: 10, 4: 8, 6: 4}  # the rest: never
_REMINDED = 0.3
_TOO_EARLY = 0.002


@dataclass(frozen=True, slots=True)
class _Bills:
    """What falls due, one column a bill: months of a cycle together, by employer and month of the cycle's end."""

    amounts: Ints  # (employers, months): what falls due with the cycle that ends in this month, else 0
    due_days: Days  # (months,): the due date of a cycle that ends in this month
    ends: np.ndarray[Any, np.dtype[np.intp]]  # (employers, months): the month whose bill has this month's dues


def plan(
    employer_ids: Sequence[str],
    pay_method: Sequence[str],
    due: Ints,
    months: Sequence[date],
    rng: np.random.Generator,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the payments and notices of employers, as their contracts say, up to the last day of the last month.

    `due`: VND, (employers, months, 3) in the order si, hi, ui; `months`: first days, one after the other.
    """
    import numpy as np

    total = due.sum(axis=2)
    as_of = np.datetime64(last_day(months[-1]))
    bills = _bills(pay_method, total, months)
    behaviour = behaviours(total.sum(axis=1), rng)
    who, days, amounts = _payments(bills, behaviour, rng)
    stop = _stops(bills, total, behaviour, (who, days, amounts), as_of, rng)
    kept = (days <= as_of) & (amounts != 0) & (days < stop[who])
    who, days, amounts = who[kept], days[kept], amounts[kept]
    order = np.lexsort((amounts, who, days))
    who, days, amounts = who[order], days[order], amounts[order]
    payments = _numbered("payment_id", "CT", employer_ids, who, {"paid_on": days, "amount": amounts})
    urged, urged_months, sent = _notices(bills, total, months, (who, days, amounts), as_of, rng)
    columns = {"month": np.array(months, "datetime64[D]")[urged_months], "sent_on": sent}
    return payments, _numbered("notice_id", "DD", employer_ids, urged, columns)


def behaviours(sizes: Ints, rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Return each employer's behaviour, as its place in BEHAVIOURS; `sizes` are their dues."""
    import numpy as np

    count = len(sizes)
    rank = np.empty(count, np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(count)
    place = (rank * _GOLDEN + rng.random()) % 1
    found = np.searchsorted(np.cumsum([SHARES[one] for one in BEHAVIOURS]) / 1000, place, side="right")
    found[rank < count * _STEADY] = 0
    return found


def _bills(pay_method: Sequence[str], total: Ints, months: Sequence[date]) -> _Bills:
    """Put the months of each cycle together in the month of its end; a cycle that is not over is not yet a bill."""
    import numpy as np

    methods = np.array(pay_method)
    ends = np.empty(total.shape, np.intp)
    for method, length in _CYCLES.items():
        to_end = np.array([-month.month % length for month in months])
        ends[methods == method] = np.arange(len(months)) + to_end
    amounts = np.zeros((len(methods), len(months) + max(_CYCLES.values())), np.int64)
    np.add.at(amounts, (np.arange(len(methods))[:, None], ends), total)
    days = [last_day(months_later(month, 1)) for month in months]
    return _Bills(amounts[:, : len(months)], np.array(days, "datetime64[D]"), ends)


def _payments(
    bills: _Bills, behaviour: np.ndarray[Any, np.dtype[np.intp]], rng: np.random.Generator
) -> tuple[Ints, Days, Ints]:
    """Return payments as employers, days and sums; days may lie beyond the last month."""
    import numpy as np

    made: list[tuple[Ints, Days, Ints]] = []

    def pay(some: Any, days: Any, amounts: Any) -> None:
        """Take payments of some employers, all of one shape (employers, bills)."""
        who = np.broadcast_to(some[:, None], amounts.shape)
        made.append((who.ravel(), np.broadcast_to(days, amounts.shape).ravel(), amounts.ravel()))

    for number, name in enumerate(BEHAVIOURS):
        some = np.flatnonzero(behaviour == number)
        owed, until = bills.amounts[some], bills.due_days[None, :]
        # A habit for the day of the month, and a little chance on top.
        early = until - np.minimum(rng.integers(0, 20, (len(some), 1)) + rng.integers(0, 4, owed.shape), 22)
        if name == "on_time":
            pay(some, early, owed)
        elif name == "days_late":
            late = rng.random(owed.shape) < 0.4
            pay(some, np.where(late, until + rng.integers(1, 21, owed.shape), early), owed)
        elif name == "round_sums":
            pay(some, early, _round_sums(owed))
        elif name == "lumps":
            pay(some, until + rng.integers(1, 25, (len(some), 1)), _lumps(owed, rng.integers(2, 5, len(some))))
        elif name == "advance":
            pay(some, early, _ahead(owed, rng.integers(2, 7, len(some))))
        elif name == "refund":
            over = np.where(rng.random(owed.shape) < 0.15, owed * rng.integers(5, 60, owed.shape) // 100, 0)
            pay(some, early, owed + over)
            pay(some, until + rng.integers(5, 60, owed.shape), -over)
        elif name == "partial":
            part = owed * rng.integers(50, 95, owed.shape) // 100
            rest = np.where(rng.random(owed.shape) < 0.75, owed - part, 0)
            pay(some, early, part)
            pay(some, until + rng.integers(20, 120, owed.shape), rest)
        else:
            delay = 30 if name == "month_late" else 60
            pay(some, until + rng.integers(delay - 8, delay + 9, owed.shape), owed)
    who, days, amounts = (np.concatenate([one[at] for one in made]) for at in range(3))
    return who, days, amounts


def _stops(
    bills: _Bills,
    total: Ints,
    behaviour: np.ndarray[Any, np.dtype[np.intp]],
    payments: tuple[Ints, Days, Ints],
    as_of: np.datetime64,
    rng: np.random.Generator,
) -> Days:
    """Return the day from which each employer pays nothing more; for nearly all it lies beyond the last."""
    import numpy as np

    who, days, amounts = payments
    count, months = total.shape

    def paid(counted: Any) -> Ints:
        sums = np.zeros(count, np.int64)
        np.add.at(sums, who[counted], amounts[counted])
        return sums

    overdue = bills.amounts[:, bills.due_days < as_of].sum(axis=1)
    year = int(total[:, -12:].sum()) * 12 // min(months, 12)
    gap = year * LATE_RATE[0] // LATE_RATE[1] - int(np.maximum(overdue - paid(days <= as_of), 0).sum())
    begin = bills.due_days[0]
    stop = begin + rng.integers(0, max(int((as_of - begin).astype(int)), 1), count)
    left = np.maximum(overdue - paid(days < stop[who]), 0)
    steady = np.argsort(-total.sum(axis=1), kind="stable")[: int(np.ceil(count * _STEADY))]
    may = (behaviour == 0) & (left > 0) & (left * _MOST_OF_GAP <= gap)
    may[steady] = False
    order = rng.permutation(np.flatnonzero(may))[: int(count * _MOST_STOP)]
    chosen = order[np.cumsum(left[order]) <= gap]
    never = np.full(count, as_of + 1)
    never[chosen] = stop[chosen]
    return never


def _round_sums(owed: Ints) -> Ints:
    """Pay whole millions, the rest with the next: what came so far covers what was owed so far."""
    import numpy as np

    so_far = -(-np.cumsum(owed, axis=1) // _MILLION) * _MILLION
    paid = np.diff(so_far, axis=1, prepend=0)
    return np.asarray(np.where(owed > 0, paid, 0), np.int64)


def _lumps(owed: Ints, every: Ints) -> Ints:
    """Pay all that is owed at every so many months."""
    import numpy as np

    months = np.arange(owed.shape[1])
    pays = (months[None, :] + 1) % every[:, None] == 0
    so_far = np.maximum.accumulate(np.where(pays, np.cumsum(owed, axis=1), 0), axis=1)
    return np.asarray(np.diff(so_far, axis=1, prepend=0), np.int64)


def _ahead(owed: Ints, every: Ints) -> Ints:
    """Pay for so many months at once, with the first of them."""
    import numpy as np

    months = np.arange(owed.shape[1])
    first = months[None, :] // every[:, None] * every[:, None]
    paid = np.zeros_like(owed)
    np.add.at(paid, (np.arange(len(owed))[:, None], first), owed)
    return paid


def _notices(
    bills: _Bills,
    total: Ints,
    months: Sequence[date],
    payments: tuple[Ints, Days, Ints],
    as_of: np.datetime64,
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Days]:
    """Return who is urged for which month's dues (its place) on which day: in the first ten days of a month.

    Only who had not paid by then is urged; a few letters go out too early, before the due date.
    """
    import numpy as np

    employers, count = total.shape
    reviews = np.array([months_later(months[0], at) for at in range(count + 10)], "datetime64[D]")
    who, days, amounts = payments
    # What each employer had paid before each review.
    paid = np.zeros((employers, len(reviews) + 1), np.int64)
    np.add.at(paid, (who, np.searchsorted(reviews, days, side="right")), amounts)
    paid = np.cumsum(paid, axis=1)[:, :-1]
    # What had to be there for the dues of a month to be cleared: bills by their due dates, months inside a bill.
    owed = np.cumsum(total, axis=1)
    at_employer = np.arange(employers)[:, None]
    chances = rng.random(total.shape)
    wait = np.zeros(total.shape, np.int64)
    for later, chance in zip(_NOTICE_AT, np.cumsum(list(_NOTICE_AT.values())) / 100, strict=True):
        wait[(wait == 0) & (chances < chance)] = later
    found: list[tuple[Ints, Ints, Ints]] = []

    def urge(chosen: Any, review: Any) -> None:
        """Take the letters of a review, by its place among the first days of months."""
        review = np.minimum(review, len(reviews) - 1)
        unpaid = (paid[at_employer, review] < owed) & (total > 0)
        urged, month = np.nonzero(chosen & unpaid)
        found.append((urged, month, review[urged, month]))

    # The first review after the due date is in the month after the next to the cycle's end.
    first = bills.ends + 1
    urge(wait > 0, first + wait)
    urge((wait > 0) & (rng.random(total.shape) < _REMINDED), first + wait + 1)
    urge(rng.random(total.shape) < _TOO_EARLY, first)
    urged, month, review = (np.concatenate([one[at] for one in found]) for at in range(3))
    sent = reviews[review] + rng.integers(0, 10, len(review))
    kept = sent <= as_of
    urged, month, sent = urged[kept], month[kept], sent[kept]
    order = np.lexsort((month, urged, sent))
    return urged[order], month[order], sent[order]


def _numbered(key: str, prefix: str, employer_ids: Sequence[str], who: Ints, columns: dict[str, Any]) -> pl.DataFrame:
    """Return rows with running numbers in their order and the employers' ids."""
    import polars as pl

    number = pl.int_range(1, len(who) + 1, eager=True).cast(pl.String).str.zfill(9)
    ids = pl.Series("employer_id", employer_ids, pl.String)
    frame = pl.DataFrame({key: prefix + number, "employer_id": ids.gather(pl.Series(who)), **columns})
    return frame.with_columns(pl.col(pl.Datetime).cast(pl.Date))
