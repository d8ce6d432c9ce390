"""How much memory may be used, as people write it."""

from __future__ import annotations

import re
from fractions import Fraction

from baophu.core.errors import BaophuError
from baophu.core.languages import Text

_UNITS = {"MB": 10**6, "MIB": 2**20, "GB": 10**9, "GIB": 2**30}


def read_memory(words: str) -> int:
    """Read an amount of memory such as 8GB, 1.5GiB or 800MiB, in bytes; BaophuError where it is none.

    >>> read_memory("1.5GiB"), read_memory("800 MB")
    (1610612736, 800000000)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*", words)
    unit = _UNITS.get(found.group(2).upper()) if found else None
    if not found or not unit or Fraction(found.group(1)) == 0:
        raise BaophuError(
            Text(f"Giới hạn bộ nhớ '{words}' không đọc được.", f"The memory limit '{words}' cannot be read."),
            Text("Viết như 8GB hoặc 800MiB.", "Write it as 8GB or 800MiB."),
        )
    return int(Fraction(found.group(1)) * unit)
