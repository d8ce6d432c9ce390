"""The pass over a column of numbers that reads their digits, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from baophu.registers.compiled import compiled

# What the pass saw beside digits.
TIDIED, DASHED, EXPONENT, OTHER, ALIKE = 1, 2, 4, 8, 16


@compiled
def digits_pass(data: Any, offsets: Any, valid: Any, values: Any, counts: Any, saw: Any) -> None:
    """Fill the digits of each row as an integer, how many there are, and what else was seen.

    Blanks of all kinds, dots, commas, dashes and apostrophes go; full-width digits count as digits; one separator with
    one or two zeros behind it at the end (`012345678901.0`) is a spreadsheet's decimal and goes with its zeros.
    """
    for row in range(offsets.size - 1):
        if not valid[row]:
            continue
        value, count, seen = np.int64(0), 0, 0
        points, after_point, zeros_after = 0, 0, True
        first, alike = np.int64(-1), True
        place, end = offsets[row], offsets[row + 1]
        while place < end:
            byte = np.int64(data[place])
            digit = np.int64(-1)
            if byte < 0x80:
                place += 1
                if 48 <= byte <= 57:
                    digit = byte - 48
                elif byte == 46 or byte == 44:
                    points += 1
                    after_point, zeros_after = 0, True
                    seen |= TIDIED
                elif byte == 45:
                    seen |= DASHED | TIDIED
                elif byte == 32 or byte == 39 or byte == 96 or 9 <= byte <= 13:
                    seen |= TIDIED
                elif (byte == 69 or byte == 101) and count > 0:
                    seen |= EXPONENT
                elif byte != 43:
                    seen |= OTHER
            elif byte < 0xE0:
                if byte == 0xC2 and data[place + 1] == 0xA0:
                    seen |= TIDIED
                else:
                    seen |= OTHER
                place += 2
            elif byte < 0xF0:
                letter = ((byte & 0x0F) << 12) | ((np.int64(data[place + 1]) & 0x3F) << 6)
                letter |= np.int64(data[place + 2]) & 0x3F
                place += 3
                if 0xFF10 <= letter <= 0xFF19:
                    digit = letter - 0xFF10
                    seen |= TIDIED
                elif 0x2010 <= letter <= 0x2015:
                    seen |= DASHED | TIDIED
                elif (
                    0x2000 <= letter <= 0x200D or letter == 0x2018 or letter == 0x2019
                    or letter == 0x202F or letter == 0x3000 or letter == 0xFEFF
                ):  # fmt: skip
                    seen |= TIDIED
                else:
                    seen |= OTHER
            else:
                place += 4
                seen |= OTHER
            if digit >= 0:
                if count < 18:
                    value = value * 10 + digit
                count += 1
                after_point += 1
                zeros_after = zeros_after and digit == 0
                if first < 0:
                    first = digit
                alike = alike and digit == first
        if points == 1 and zeros_after and 1 <= after_point <= 2 and after_point < count <= 18:
            value //= 10**after_point
            count -= after_point
            alike = count > 0 and value == first * ((10**count - 1) // 9)
        if alike and count > 1:
            seen |= ALIKE
        values[row], counts[row], saw[row] = value, count, seen
