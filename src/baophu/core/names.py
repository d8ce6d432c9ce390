"""Names as people type them: with or without diacritics, in capitals, decomposed."""

from __future__ import annotations

import unicodedata

_D = str.maketrans({"đ": "d", "Đ": "D"})


def fold(words: str) -> str:
    """Return words in lower case without diacritics and with single blanks, for comparing and searching.

    >>> fold("  Đồng   Nai ")
    'dong nai'
    """
    decomposed = unicodedata.normalize("NFD", words.translate(_D))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.lower().split())


def ascii_name(words: str) -> str:
    """Return words without diacritics, with their capitals kept.

    >>> ascii_name("Hồ Chí Minh")
    'Ho Chi Minh'
    """
    decomposed = unicodedata.normalize("NFD", words.translate(_D))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
