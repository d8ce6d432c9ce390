"""Each governing target against the value that stands for it, in one or several months, in one compiled pass.

The rules are those of `progress.py`. What is compared is whole numbers; only the quotients that are shown are doubles.
A value stands for the last day of its month; that of the month itself for the day of the run, where that is before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from baophu.registers.compiled import compiled
from baophu.targets.counted_values import CountedValues
from baophu.targets.exact import difference, rounded_difference
from baophu.targets.following_tables import AT_MOST, NONE, OVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Small = NDArray[np.int32]
    Double = NDArray[np.float64]
    Truth = NDArray[np.bool_]

# Why something cannot be said, each a bit of `reasons`, in the order in which they are told.
REASONS = (
    "scope_differs", "no_value", "value_before_period_end", "value_older_than_as_of", "no_year_before", "before_base",
    "no_base", "no_value_a_year_before", "decided_later", "zero_target", "value_before_base", "met_from_start",
)  # fmt: skip
(
    _SCOPE_DIFFERS, _NO_VALUE, _BEFORE_END, _OLDER, _NO_YEAR_BEFORE, _BEFORE_BASE,
    _NO_BASE, _NO_YOY, _LATER, _ZERO, _VALUE_BEFORE_BASE, _FROM_START,
) = (1 << bit for bit in range(len(REASONS)))  # fmt: skip
# Whether a target is met.
UNKNOWN, NOT_MET, MET = -1, 0, 1


class Goals(NamedTuple):
    """The columns of `Followed.table` that the pass reads; days as days since 1970."""

    series_no: Whole
    other_no: Whole
    period_end: Small
    end_no: Small
    base_date: Small
    base_no: Small
    before_no: Small
    issued: Small
    sense: Small
    lower: Truth
    is_share: Truth
    is_least: Truth
    goal_n: Whole
    goal_d: Whole
    edge_n: Whole
    edge_d: Whole
    implied_n: Whole
    implied_d: Whole


class Moments(NamedTuple):
    """Months with the day for which their values stand, and the row of the first target that is looked at then."""

    month_no: Whole
    as_of: Whole
    begin: Whole


class Compared(NamedTuple):
    """What came out, a row a target and month. NaN, no day (0) and UNKNOWN: it cannot be said."""

    target: Double
    base: Double
    actual: Double
    achieved: Double
    least: Double
    development: Double
    yoy: Double
    gap: Double
    met: NDArray[np.int8]
    completeness: Double
    value_day: Small
    reasons: Small


def room(rows: int) -> Compared:
    """Return the columns for so many rows, nothing said yet."""
    kinds = {"met": np.int8, "value_day": np.int32, "reasons": np.int32}
    return Compared(*(np.zeros(rows, kinds.get(name, np.float64)) for name in Compared._fields))


@compiled
def _newest(values: CountedValues, series: int, month: int) -> int:
    """Return where the newest value of a series up to a month stands, -1 where there is none."""
    low, high = values.first[series], values.first[series + 1]
    begun = low
    # Most series have every month, and then it is known where a month stands.
    if low < high:
        likely = low + month - values.month_no[low]
        if low <= likely < high and values.month_no[likely] == month:
            return likely  # type: ignore[no-any-return]
    while low < high:
        middle = (low + high) // 2
        if values.month_no[middle] <= month:
            low = middle + 1
        else:
            high = middle
    return low - 1 if low > begun else -1


@compiled
def _exactly(values: CountedValues, series: int, month: int) -> int:
    """Return where the value of a series of a month stands, -1 where there is none."""
    at = _newest(values, series, month) if month != NONE else -1
    return at if at >= 0 and values.month_no[at] == month else -1


@compiled
def _shown(num: int, den: int, is_share: bool) -> float:
    """Return a value as it is shown: a share, or a whole number; NaN where it is not known."""
    if den == 0:
        return np.nan
    return num / den if is_share else float(rounded_difference(num, den, 0, 1))


@compiled
def _meets(num: int, den: int, edge_n: int, edge_d: int, sense: int) -> bool:
    over = difference(num, edge_d, edge_n, den)
    if sense == OVER:
        return over > 0
    return over <= 0 if sense == AT_MOST else over >= 0


@compiled
def compare(
    goals: Goals, rows: Whole, values: CountedValues, moments: Moments, last_days: Small, out: Compared
) -> None:
    """Hold the targets in `rows` against the values of each of some months, and write what comes out.

    `last_days` is the last day of each month, by its number. All months of a target one after the other, since its
    values lie together.
    """
    for at in range(len(rows)):
        row, is_share = rows[at], goals.is_share[rows[at]]
        series, other_series, sense = goals.series_no[row], goals.other_no[row], goals.sense[row]
        gn, gd, en, ed = goals.goal_n[row], goals.goal_d[row], goals.edge_n[row], goals.edge_d[row]
        last_year = gd == 0
        if goals.before_no[row] != NONE:
            before = _exactly(values, series, goals.before_no[row])
            gn, gd = (values.num[before], values.den[before]) if before >= 0 else (0, 0)
            en, ed = gn, gd
        # The base that the phases imply stands in where none was counted.
        bn, bd = goals.implied_n[row], goals.implied_d[row]
        base = _exactly(values, series, goals.base_no[row])
        if base >= 0:
            bn, bd = values.num[base], values.den[base]
        aimed, has_base = gd != 0, bd != 0
        target, base_shown = _shown(gn, gd, is_share), _shown(bn, bd, is_share)
        base_met = has_base and ed != 0 and _meets(bn, bd, en, ed, sense)
        required = difference(gn, bd, bn, gd) if aimed and has_base else 0.0

        for moment in range(len(moments.month_no)):
            month, as_of, to, reasons = moments.month_no[moment], moments.as_of[moment], moments.begin[moment] + at, 0
            wanted = min(month, goals.end_no[row])
            own = _newest(values, series, wanted)
            an, ad, day = 0, 0, 0
            if own >= 0:
                an, ad = values.num[own], values.den[own]
                day = min(last_days[values.month_no[own]], as_of)
            # Before the period no base holds.
            begun = as_of >= goals.base_date[row]
            end, ended = goals.period_end[row], goals.period_end[row] <= as_of
            known, based = own >= 0, begun and has_base
            of_before = known and day < goals.base_date[row]
            unfinished = known and day < end and ended

            out.target[to] = target
            out.base[to] = base_shown if begun else np.nan
            out.actual[to] = _shown(an, ad, is_share)
            out.completeness[to] = values.completeness[own] if known else np.nan
            out.value_day[to] = day
            out.achieved[to] = out.least[to] = out.development[to] = out.yoy[to] = out.gap[to] = np.nan
            out.met[to] = UNKNOWN
            if not known:
                other = _newest(values, other_series, wanted) if other_series != NONE else -1
                reasons |= _NO_VALUE if other < 0 else _SCOPE_DIFFERS
                if other >= 0 and goals.is_least[row] and gn > 0:
                    out.least[to] = (float(values.num[other]) * gd) / (float(values.den[other]) * gn)
            if known and aimed:
                if gn != 0:
                    out.achieved[to] = (float(an) * gd) / (float(ad) * gn)
                if is_share:
                    missing = difference(gn, ad, an, gd) / (float(ad) * gd)
                else:
                    missing = float(rounded_difference(gn, gd, an, ad))
                out.gap[to] = 0.0 - missing if goals.lower[row] else missing
                if not unfinished and ed != 0:
                    out.met[to] = MET if _meets(an, ad, en, ed, sense) else NOT_MET
                # A value from before the base says nothing of what was done since.
                if based and not of_before and not base_met and required != 0:
                    out.development[to] = difference(an, bd, bn, ad) * gd / (ad * required)
            if known:
                year = _exactly(values, series, values.month_no[own] - 12)
                yn, yd = (values.num[year], values.den[year]) if year >= 0 else (0, 0)
                if year >= 0 and (is_share or yn != 0):
                    out.yoy[to] = difference(an, yd, yn, ad) / (float(ad) * (yd if is_share else yn))
                else:
                    reasons |= _NO_YOY
                if unfinished:
                    reasons |= _BEFORE_END
                if day < as_of and not ended:
                    reasons |= _OLDER
                if aimed and gn == 0:
                    reasons |= _ZERO
            if not aimed:
                reasons |= _NO_YEAR_BEFORE
            elif of_before and based:
                reasons |= _VALUE_BEFORE_BASE
            elif known and based and base_met:
                reasons |= _FROM_START
            if not begun:
                reasons |= _BEFORE_BASE
            elif not has_base and not last_year:
                reasons |= _NO_BASE
            if goals.issued[row] > as_of:
                reasons |= _LATER
            out.reasons[to] = reasons
