"""One look at all bytes of a text file, compiled: its lines, its quotation marks, and whether it is UTF-8."""

from __future__ import annotations

from typing import Any

from baophu.registers.compiled import compiled

# Places in the state that goes from one piece of a file to the next.
LINES, RETURNS, BOTH, NULLS, BROKEN, BLANK, INSIDE, WRONG, WANTED, LOW, HIGH, LAST, BEFORE = range(13)
STATE = 13


@compiled
def survey_pass(data: Any, state: Any) -> None:
    """Go over a piece of a file and keep in `state` what it tells.

    LINES, RETURNS, BOTH: line feeds, carriage returns, and those together. NULLS: zero bytes. BROKEN: line feeds within
    quotation marks. BLANK: lines with nothing in them. INSIDE: 1 within quotation marks. WRONG: bytes that are not
    UTF-8. WANTED, LOW, HIGH: how many bytes a letter lacks, and the bounds of the next. LAST, BEFORE: the last two.
    """
    inside, wanted, low, high = state[INSIDE], state[WANTED], state[LOW], state[HIGH]
    last, before = state[LAST], state[BEFORE]
    lines, returns, both, nulls, broken, blank, wrong = 0, 0, 0, 0, 0, 0, 0
    for place in range(data.size):
        byte = int(data[place])
        if wanted > 0:
            if byte < low or byte > high:
                wrong += 1
                wanted = 0
            else:
                wanted -= 1
                low, high = 0x80, 0xBF
        elif byte >= 0x80:
            low, high = 0x80, 0xBF
            if 0xC2 <= byte <= 0xDF:
                wanted = 1
            elif 0xE0 <= byte <= 0xEF:
                wanted = 2
                if byte == 0xE0:
                    low = 0xA0
                elif byte == 0xED:
                    high = 0x9F
            elif 0xF0 <= byte <= 0xF4:
                wanted = 3
                if byte == 0xF0:
                    low = 0x90
                elif byte == 0xF4:
                    high = 0x8F
            else:
                wrong += 1
        elif byte <= 34:
            if byte == 10:
                lines += 1
                broken += inside
                if last == 13:
                    both += 1
                    blank += before == 10
                blank += last == 10
            elif byte == 13:
                returns += 1
            elif byte == 34:
                inside = 1 - inside
            elif byte == 0:
                nulls += 1
        before = last
        last = byte
    state[LINES] += lines
    state[RETURNS] += returns
    state[BOTH] += both
    state[NULLS] += nulls
    state[BROKEN] += broken
    state[BLANK] += blank
    state[WRONG] += wrong
    state[INSIDE], state[WANTED], state[LOW], state[HIGH] = inside, wanted, low, high
    state[LAST], state[BEFORE] = last, before
