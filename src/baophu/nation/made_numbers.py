"""Numbers of identity, made: no two alike in the whole country, though every block of people makes its own.

Block `b` of `B` takes the serials `b`, `b + B`, `b + 2 B`, …, and each serial is stirred by a step that is coprime to
the size of the range, so that numbers look drawn and never meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl

_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def serials(count: int, block: int, blocks: int, size: int, step: int, shift: int) -> Any:
    """Return `count` numbers below `size`, different from those of every other block; int64.

    `step` must be coprime to `size`. ValueError where the range is too small.
    """
    if (count - 1) * blocks + block >= size:
        raise ValueError(f"a range of {size} is too small for {count} numbers in each of {blocks} blocks")
    turn = np.arange(count, dtype=np.uint64) * np.uint64(blocks) + np.uint64(block)
    return ((turn * np.uint64(step % size) + np.uint64(shift % size)) % np.uint64(size)).astype(np.int64)


def si_codes(count: int, block: int, blocks: int, seed: int) -> Any:
    """Return social insurance numbers of 10 digits as integers."""
    return serials(count, block, blocks, 10**9, 387_420_489, seed * 7_919 + 13) * 9 + 10**9


def old_ids(count: int, block: int, blocks: int, seed: int) -> Any:
    """Return identity numbers of 9 digits as integers."""
    return serials(count, block, blocks, 799_999_999, 387_420_491, seed * 104_729 + 7) + 100_000_000


def personal_numbers(prefix: Any, female: Any, birth_year: Any, block: int, blocks: int, seed: int) -> Any:
    """Return personal numbers of 12 digits as integers: prefix, century and sex, year, six digits.

    Source: Decree 137/2015 art. 13 and Circular 07/2016/TT-BCA art. 7.
    """
    century = (birth_year - 1900) // 100 * 2 + female
    key = (prefix.astype(np.int64) * 10 + century) * 100 + birth_year % 100
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    starts = np.flatnonzero(np.r_[True, sorted_key[1:] != sorted_key[:-1]])
    rank = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    turn = rank * blocks + block
    if len(key) and turn.max() >= 10**6:
        raise ValueError("more people share a birth place, sex and year than six digits can tell apart")
    serial = np.empty(len(key), np.int64)
    serial[order] = (turn * 618_033 + sorted_key * 271_829 + seed * 31 + 17) % 10**6
    return key * 10**6 + serial


def tax_codes(province: Any, block: int, blocks: int, seed: int) -> Any:
    """Return tax codes of 10 digits as integers, each with its check digit, for payers in provinces (2-digit codes)."""
    serial = serials(len(province), block, blocks, 9_999_999, 3_874_207, seed * 92_821 + 5) + 1
    left = np.asarray(province, np.int64)
    done = np.zeros(len(left), np.int64)
    open_ = np.ones(len(left), bool)
    # One first part in eleven leaves no check digit; such a payer gets the next.
    for bump in range(12):
        base = (left + bump) % 100 * 10**7 + serial
        total = np.zeros(len(left), np.int64)
        for place, weight in enumerate(_TAX_WEIGHTS):
            total += weight * (base // 10 ** (8 - place) % 10)
        fits = open_ & (total % 11 != 0)
        done[fits] = (base * 10 + (10 - total % 11))[fits]
        open_ &= ~fits
    return done


def digits(numbers: Any, width: int) -> pl.Series:
    """Return integers as a Polars column of texts with leading zeros; a negative one is empty."""
    import polars as pl

    text = pl.Series(numbers).cast(pl.String).str.zfill(width)
    missing = numbers < 0
    return text.set(pl.Series(missing), None) if missing.any() else text
