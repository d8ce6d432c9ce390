"""How many participated month by month over years, for forecasts to be tried on: the same lives, no registers.

Lives are made as for the registers. Put upon them is what moves the counts of a month: those who stay away after Tết,
those who join at the end of the year, and two shocks that were published.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.core.months import last_day
from baophu.nation.businesses import make_businesses
from baophu.nation.calendar_of_life import month_number
from baophu.nation.careers import (
    COMPULSORY,
    GROUP,
    HEALTH,
    SCHEMES,
    UNEMPLOYED,
    Spells,
    joined,
    last_end,
    make_careers,
    make_status,
    unemployment_spells,
    willing_to_own,
)
from baophu.nation.people import as_months, birth_dates, block_sizes, make_people
from baophu.nation.places import places
from baophu.nation.schemes import has_allowance, make_health, make_voluntary

if TYPE_CHECKING:
    import polars as pl

BLOCK = 300_000
# 14,329,000 in social insurance on 2021-10-31, over 16,160,000 at the end of 2020: of the compulsory a ninth was away.
# Source: indicators/published/national.csv, si_total (tapchitaichinh.vn, vietnamplus.vn).
EPIDEMIC, EPIDEMIC_MONTHS, EPIDEMIC_SHARE = 2021 * 12 + 6, 6, 0.11
# 87,300,000 in health insurance on 2021-04-30, 82,556,000 on 2021-10-31, 87,500,000 on 2022-09-30; those employed were
# in it as before. Source: the same file, hi_total (issa.int, tapchitaichinh.vn).
CARDS, CARDS_MONTHS, CARDS_SHARE = 2021 * 12 + 6, 14, 0.065
# Not published: own figures, so that there is a season to be found.
_AFTER_TET, _AT_YEARS_END = 0.02, 0.5
_LONG, _LONG_SHARE = 120, 0.85
# New Year's Day of the lunar calendar (January 0, February 1), 2015 to 2030.
_TET = dict(zip(range(2015, 2031), (1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1), strict=True))

Progress = Callable[[str, int, int], None]


def participants_by_month(
    people: int, seed: int, months: int, end: date, progress: Progress | None = None
) -> pl.DataFrame:
    """Return area_code, place, scheme, month, participants: `months` months up to that of `end`, communes only.

    The same arguments give the same rows. Communes and months without a participant have no row.
    """
    import polars as pl

    last = month_number(end)
    where = places(last_day(end))
    dates = birth_dates(people, last_day(end))
    sizes = block_sizes(people, BLOCK)
    steps = np.zeros((len(SCHEMES), len(where.code), months + 1), np.int32)
    done = 0
    for block, size in enumerate(sizes):
        own = make_people(where, dates, done, size, last_day(end), seed, block, len(sizes))
        status = make_status(own, last, seed, block)
        businesses = make_businesses(where, own, willing_to_own(own, status), last, months, seed, block, len(sizes))
        compulsory = make_careers(where, own, status, businesses, last, months, seed, block)
        allowance = has_allowance(own, status, compulsory, last, months, seed, block)
        voluntary = make_voluntary(where, own, status, allowance, compulsory, last, seed, block).spells
        health = make_health(where, own, status, compulsory, last, seed, block)
        rng = np.random.Generator(np.random.PCG64([seed, block, 30]))
        _join_at_years_end(voluntary, rng)
        _insured_for_long(health, own.birth_month, rng)
        spells = joined([compulsory, voluntary, unemployment_spells(compulsory, status), health])
        _count(steps, spells, spells.start, spells.end, last - months + 1, 1)
        for away, start, stop in _away(spells, len(own), last - months + 1, last, rng):
            _count(steps, away, np.maximum(away.start, start), np.minimum(away.end, stop), last - months + 1, -1)
        done += size
        if progress:
            progress("people", done, people)
    counts = np.cumsum(steps, axis=2)[:, :, :months]
    scheme, commune, month = np.nonzero(counts)
    return pl.DataFrame(
        {
            "area_code": pl.Series(where.code).gather(commune),
            "place": pl.Series(["managed"]).new_from_index(0, len(commune)),
            "scheme": pl.Series(SCHEMES).gather(scheme),
            "month": as_months(last - months + 1 + month),
            "participants": counts[scheme, commune, month].astype(np.int64),
        }
    ).sort("area_code", "scheme", "month")


def _count(steps: Any, spells: Spells, start: Any, end: Any, first: int, sign: int) -> None:
    """Add (or take away) the months from `start` up to `end` of some spells to the steps between the months."""
    months = steps.shape[2] - 1
    begin, stop = np.clip(start - first, 0, months), np.clip(end - first, 0, months)
    inside = begin < stop
    np.add.at(steps, (spells.scheme[inside], spells.commune[inside], begin[inside]), sign)
    np.add.at(steps, (spells.scheme[inside], spells.commune[inside], stop[inside]), -sign)


def _join_at_years_end(voluntary: Spells, rng: Any) -> None:
    """Let many join in the December that follows, when the year's target is due; in place."""
    december = voluntary.start + (11 - voluntary.start) % 12
    later = (rng.random(len(voluntary)) < _AT_YEARS_END) & (december < voluntary.end)
    voluntary.start = np.where(later, december, voluntary.start)


def _insured_for_long(health: Spells, birth_month: Any, rng: Any) -> None:
    """Let most have been in health insurance for longer than the registers say, which need no more; in place.

    Not before they were born, and not while a job insured them.
    """
    by_job = health.group == GROUP["employee"]
    free = np.maximum(birth_month, last_end(len(birth_month), health[by_job]))
    earlier = np.minimum(np.maximum(health.start - _LONG, free[health.person]), health.start)
    long = ~by_job & (rng.random(len(health)) < _LONG_SHARE)
    health.start = np.where(long, earlier, health.start)


def _away(spells: Spells, people: int, first: int, last: int, rng: Any) -> list[tuple[Spells, int, int]]:
    """Return spells whose people were away in the months [from, to); who is away is so in all that goes with a job."""
    by_job = np.isin(spells.scheme, (COMPULSORY, UNEMPLOYED))
    found = []
    chosen = rng.random(people) < EPIDEMIC_SHARE
    found.append((spells[by_job & chosen[spells.person]], EPIDEMIC, EPIDEMIC + EPIDEMIC_MONTHS))
    chosen = rng.random(people) < CARDS_SHARE
    cards = (spells.scheme == HEALTH) & (spells.group != GROUP["employee"])
    found.append((spells[cards & chosen[spells.person]], CARDS, CARDS + CARDS_MONTHS))
    for year in range(first // 12, last // 12 + 1):
        if year not in _TET:
            continue
        after = year * 12 + _TET[year] + 1
        # Nobody is away twice in one month.
        if EPIDEMIC <= after < EPIDEMIC + EPIDEMIC_MONTHS:
            continue
        chosen = rng.random(people) < _AFTER_TET
        found.append((spells[by_job & chosen[spells.person]], after, after + 1))
    return found
