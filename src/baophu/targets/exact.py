"""Quotients of whole numbers held against each other exactly, compiled: products of two need more than 64 bits.

Numba keeps a kernel until its own file changes: after a change here, touch the files whose kernels call these.
"""

from __future__ import annotations

import numpy as np

from baophu.registers.compiled import compiled

_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_SMALL = 2**31


@compiled
def _product(a: int, b: int) -> tuple[np.uint64, np.uint64]:
    """Return |a * b| as its upper and lower 64 bits, by the halves of both."""
    x, y = np.uint64(abs(a)), np.uint64(abs(b))
    x_high, x_low, y_high, y_low = x >> _HALF, x & _LOW, y >> _HALF, y & _LOW
    low = x_low * y_low
    middle = x_high * y_low + (low >> _HALF)
    other = x_low * y_high + (middle & _LOW)
    return x_high * y_high + (middle >> _HALF) + (other >> _HALF), (other << _HALF) | (low & _LOW)


@compiled
def difference(a: int, b: int, c: int, d: int) -> float:
    """Return a * b - c * d of 64-bit whole numbers, rounded only at the end: 0 where they are equal, else never.

    a / b and c / d with positive b and d are compared by the sign of `difference(a, d, c, b)`.
    """
    if max(abs(a), abs(b), abs(c), abs(d)) < _SMALL:
        return float(a * b - c * d)
    high, low = _product(a, b)
    other_high, other_low = _product(c, d)
    sign = -1.0 if (a < 0) != (b < 0) else 1.0
    if ((a < 0) != (b < 0)) != ((c < 0) != (d < 0)):
        total = low + other_low
        high = high + other_high + (np.uint64(1) if total < low else np.uint64(0))
        low = total
    else:
        if high < other_high or (high == other_high and low < other_low):
            sign, high, low, other_high, other_low = -sign, other_high, other_low, high, low
        high = high - other_high - (np.uint64(1) if low < other_low else np.uint64(0))
        low = low - other_low
    return sign * (float(high) * 18446744073709551616.0 + float(low))


@compiled
def rounded_difference(a: int, b: int, c: int, d: int) -> int:
    """Return a / b - c / d as a whole number, halves away from zero. b and d are positive, b * d below 2^62."""
    if b == 1 and d == 1:
        return a - c
    whole_a, whole_c = a // b, c // d
    whole, rest, parts = whole_a - whole_c, (a - whole_a * b) * d - (c - whole_c * d) * b, b * d
    if rest < 0:
        whole, rest = whole - 1, rest + parts
    up = 2 * rest >= parts if whole >= 0 else 2 * rest > parts
    return whole + 1 if up else whole
