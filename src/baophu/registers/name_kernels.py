"""The pass over a column of names that folds and hashes them, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from baophu.registers.compiled import compiled

FNV_BASIS = np.uint64(0xCBF29CE484222325)
FNV_PRIME = np.uint64(0x100000001B3)

# What the pass says of a row.
ORDINARY, ODD_LETTER, ODD_FORM = 0, 1, 2

# The places in the table of folds: 0-2FF, then 1E00-1EFF, then 2010-203F. Other letters are odd.
BLOCKS = ((0x0000, 0x0300), (0x1E00, 0x1F00), (0x2010, 0x2040))
ODD = np.uint32(0xFFFFFFFF)

_U8, _U30, _U27, _U31 = np.uint64(8), np.uint64(30), np.uint64(27), np.uint64(31)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_BLANK, _LOW, _NOTHING = np.uint64(32), np.uint64(0xFF), np.uint64(0)


@compiled
def mix(value: Any) -> Any:
    """Stir 64 bits (the finaliser of splitmix64)."""
    value = (value ^ (value >> _U30)) * _MIX_1
    value = (value ^ (value >> _U27)) * _MIX_2
    return value ^ (value >> _U31)


@compiled
def _holds(slots: Any, word: Any) -> Any:
    """Tell whether a set with open addressing holds a word's hash."""
    last = np.uint64(slots.size - 1)
    place = mix(word) & last
    while slots[place] != _NOTHING:
        if slots[place] == word:
            return True
        place = (place + np.uint64(1)) & last
    return False


@compiled
def fill(slots: Any, words: Any) -> None:
    """Put the hashes of words into an empty set with open addressing, whose size is a power of two."""
    last = np.uint64(slots.size - 1)
    for word in words:
        place = mix(word) & last
        while slots[place] != _NOTHING:
            place = (place + np.uint64(1)) & last
        slots[place] = word


@compiled
def name_pass(
    data: Any, offsets: Any, valid: Any, folds: Any, syllables: Any, raw: Any, keys: Any, named: Any, said: Any
) -> None:
    """Fill four keys a row (full, order-free, family, given), whether it has a name, and what is odd about it.

    `raw`: the text is folded already, and bytes beyond ASCII stand for themselves.
    """
    for row in range(offsets.size - 1):
        start, end = offsets[row], offsets[row + 1]
        if not valid[row]:
            continue
        odd_letter = False
        odd_form = start == end or data[start] == 32 or data[end - 1] == 32
        latin, beyond_ascii, doubtful = True, False, False
        raw_word, word_beyond, after_small = FNV_BASIS, False, False  # the word as it stands, in small letters
        full, word, bag, family = FNV_BASIS, FNV_BASIS, _NOTHING, _NOTHING
        words, in_word = 0, False
        place = start
        while place < end:
            byte = data[place]
            if raw or byte < 0x80:
                place += 1
                letter = np.uint32(byte)
                fold = letter if raw else folds[byte]
            elif byte < 0xE0:
                letter = (np.uint32(byte & 0x1F) << np.uint32(6)) | np.uint32(data[place + 1] & 0x3F)
                place += 2
                fold = folds[letter] if letter < 0x300 else ODD
            elif byte < 0xF0:
                letter = (
                    (np.uint32(byte & 0x0F) << np.uint32(12))
                    | (np.uint32(data[place + 1] & 0x3F) << np.uint32(6))
                    | np.uint32(data[place + 2] & 0x3F)
                )
                place += 3
                if 0x1E00 <= letter < 0x1F00:
                    fold = folds[0x300 + letter - 0x1E00]
                elif 0x2010 <= letter < 0x2040:
                    fold = folds[0x400 + letter - 0x2010]
                else:
                    fold = ODD
            else:
                letter = np.uint32(0x10000)
                place += 4
                fold = ODD
            if fold == ODD:
                odd_letter = True
                break
            if not raw and latin:
                if letter > 0xFF:
                    latin = False
                elif (
                    letter == 32 or letter == 46 or letter == 44 or letter == 40 or letter == 41
                    or letter == 47 or letter == 45
                ):  # fmt: skip
                    if letter == 32 and data[place - 2] == 32 and place - 1 > start:
                        odd_form = True
                    if word_beyond and not _holds(syllables, raw_word):
                        doubtful = True
                    raw_word, word_beyond, after_small = FNV_BASIS, False, False
                else:
                    if letter >= 0x80:
                        beyond_ascii = True
                        word_beyond = True
                    small = letter
                    if (65 <= letter <= 90) or (0xC0 <= letter <= 0xDE and letter != 0xD7):
                        small = letter + np.uint32(32)
                        if after_small and letter >= 0x80:
                            doubtful = True
                    after_small = bool(97 <= letter <= 122 or letter >= 0xDF)
                    raw_word = (raw_word ^ np.uint64(small)) * FNV_PRIME
            elif letter == 32 and not raw and data[place - 2] == 32 and place - 1 > start:
                odd_form = True
            rest = np.uint64(fold)
            while rest != _NOTHING:
                byte64 = rest & _LOW
                rest >>= _U8
                if byte64 == _BLANK:
                    in_word = False
                    continue
                if not in_word:
                    if words > 0:
                        bag += mix(word)
                        if words == 1:
                            family = word
                        full = (full ^ _BLANK) * FNV_PRIME
                    words += 1
                    word = FNV_BASIS
                    in_word = True
                full = (full ^ byte64) * FNV_PRIME
                word = (word ^ byte64) * FNV_PRIME
        if latin and beyond_ascii and not odd_letter:
            if word_beyond and not _holds(syllables, raw_word):
                doubtful = True
            odd_form = odd_form or doubtful
        said[row] = ODD_LETTER if odd_letter else (ODD_FORM if odd_form else ORDINARY)
        if words > 0 and not odd_letter:
            bag += mix(word)
            named[row] = True
            keys[0, row] = np.int64(full)
            keys[1, row] = np.int64(mix(bag))
            keys[2, row] = np.int64(family if words > 1 else word)
            keys[3, row] = np.int64(word)
