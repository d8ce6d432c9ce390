"""Names of persons and firms as integers, made once, when a file comes in; every later join is on the integers.

What is done to a name, in this order:

1. Clean: Unicode NFC, one blank between words and none around; a name in TCVN3 or VNI is decoded (`legacy`).
2. Fold: small letters, no marks, `đ` and its like as their ASCII letter, apostrophes and what cannot be seen dropped
   (`H'Lan` is `hlan`), each other sign a blank (`V.Hùng` is `v hung`); letters of other scripts and digits stay.
3. Hash, over the UTF-8 bytes of the folded words: FNV-1a with 64 bits (basis CBF29CE484222325, prime 100000001B3),
   kept as a signed integer. `full_key`: the words with one blank between; `family_key`: the first word; `given_key`:
   the last word; `set_key`: the words in any order, that is M(sum of M(FNV-1a(word))) modulo 2^64 where M is the
   finaliser of splitmix64. A name with no letter and no digit has no key.

The same bytes give the same integers on every machine and engine; the tests hold the compiled pass to plain Python.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from baophu.registers.arrow_text import Column, as_arrow, as_text, buffers
from baophu.registers.legacy import decode, latin_syllables

KEYS = ("full_key", "set_key", "family_key", "given_key")
"""The columns of keys, in the order in which the kernel makes them."""

ENCODINGS = ("unicode", "tcvn3", "vni")

_APOSTROPHES = "'’‘ʼʻ`´′"
_LIKE = {
    "đ": "d", "ð": "d", "ƀ": "b", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "ŧ": "t",
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
}  # fmt: skip


def fold_letter(letter: str) -> str:
    """Return what a letter becomes in a key: ASCII where it can, a blank for a sign, nothing for a mark."""
    if letter in _APOSTROPHES:
        return ""
    out = ""
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).lower()):
        kind = unicodedata.category(part)
        if kind[0] == "M" or kind == "Cf" or part in _APOSTROPHES:
            continue
        out += _LIKE.get(part, part) if kind[0] in "LN" else " "
    return out


class _Folds(dict[int, str]):
    """What each letter becomes, found out when it is first asked for."""

    def __missing__(self, letter: int) -> str:
        found = self[letter] = fold_letter(chr(letter))
        return found


_FOLDS = _Folds()


def fold_name(clean: str) -> str:
    """Return the folded words of a clean name, as they are hashed.

    >>> fold_name("Y Bhuăt Niê-Kđăm"), fold_name("H'Lan  Êban"), fold_name("Đỗ Thị Ánh 2")
    ('y bhuat nie kdam', 'hlan eban', 'do thi anh 2')
    """
    return " ".join(clean.translate(_FOLDS).split())


@lru_cache(maxsize=1 << 16)
def clean_name(name: str) -> tuple[str, str]:
    """Return a name in NFC with single blanks, decoded where it was in a legacy encoding, and the encoding.

    >>> clean_name("  NguyÔn   V¨n Hïng ")
    ('Nguyễn Văn Hùng', 'tcvn3')
    """
    return decode(" ".join(unicodedata.normalize("NFC", name).split()))


@lru_cache(maxsize=1)
def _tables() -> tuple[Any, Any]:
    """Return the kernel's table of folds and its set of syllables that are Vietnamese though all Latin-1."""
    from baophu.registers import name_kernels as kernels

    folds = []
    for first, end in kernels.BLOCKS:
        for code in range(first, end):
            letter = chr(code)
            fold = fold_letter(letter).encode()
            odd = len(fold) > 3 or not fold.isascii() or (letter.isspace() and letter != " ")
            odd = odd or unicodedata.normalize("NFC", letter) != letter or unicodedata.combining(letter) != 0
            folds.append(int(kernels.ODD) if odd else int.from_bytes(fold, "little"))
    words = list(latin_syllables())
    slots = np.zeros(1 << (len(words) * 2).bit_length(), np.uint64)
    letters = np.zeros((len(words), max(map(len, words))), np.uint64)
    sizes = np.array([len(word) for word in words])
    for row, word in enumerate(words):
        letters[row, : len(word)] = list(word.encode("latin-1"))
    hashes = np.full(len(words), kernels.FNV_BASIS)
    for place in range(letters.shape[1]):
        hashes = np.where(place < sizes, (hashes ^ letters[:, place]) * kernels.FNV_PRIME, hashes)
    kernels.fill(slots, hashes)
    return np.array(folds, np.uint32), slots


@dataclass(frozen=True)
class NameKeys:
    """The columns made of a column of names, row by row."""

    clean: Any
    """large_string: the name in NFC, decoded, with single blanks; null where there is none."""
    original: Any
    """large_string: what came in, only where it is not the clean name."""
    encoding: Any
    """dictionary of string: `unicode`, `tcvn3` or `vni`; null where there is no name."""
    full_key: Any
    set_key: Any
    family_key: Any
    given_key: Any

    def table(self) -> Any:
        """Return the columns as an Arrow table."""
        return pa.table({name: getattr(self, name) for name in ("clean", "original", "encoding", *KEYS)})


def name_keys(names: Column) -> NameKeys:
    """Clean a column of names and make its keys; see the module for what that is.

    >>> name_keys(pa.array(["TRẦN VĂN AN", "Tran  Van An", None])).full_key.to_pylist()
    [7851408903018951540, 7851408903018951540, None]
    """
    array = as_arrow(names)
    if pa.types.is_dictionary(array.type):
        found = name_keys(array.dictionary)
        places = array.indices
        columns = {name: getattr(found, name).take(places) for name in ("clean", "original", "encoding", *KEYS)}
        return NameKeys(**columns)
    text = as_text(array)
    keys, named, said = _pass(text, raw=False)
    rows = np.flatnonzero(said)
    encodings = np.zeros(len(text), np.int8)
    clean, original = text, pa.nulls(len(text), pa.large_string())
    if rows.size:
        odd = text.take(pa.array(rows))
        distinct = odd.dictionary_encode()
        places = distinct.indices.to_numpy()
        came = distinct.dictionary.to_pylist()
        cleaned, how = [], bytearray()
        for name in came:
            new, encoding = clean_name(name)
            cleaned.append(new or None)
            how.append(ENCODINGS.index(encoding))
        better = pa.array(cleaned, pa.large_string())
        better_keys, better_named = _keys_of_clean(better)
        keys[:, rows] = better_keys[:, places]
        named[rows] = better_named[places]
        encodings[rows] = np.frombuffer(how, np.int8)[places]
        clean = _put(text, rows, better.take(distinct.indices))
        # An empty cell is no name, and there is nothing to keep of it.
        differs = np.array([name != (new or "") for name, new in zip(came, cleaned, strict=True)])[places]
        if differs.any():
            kept = np.zeros(len(text), np.int64)
            kept[rows] = np.arange(rows.size)
            same = np.ones(len(text), np.bool_)
            same[rows[differs]] = False
            original = odd.take(pa.array(kept, mask=same))
    nothing = clean.is_null().to_numpy(zero_copy_only=False) if clean.null_count else None
    told = pa.DictionaryArray.from_arrays(pa.array(encodings, mask=nothing), pa.array(ENCODINGS))
    unnamed = None if named.all() else ~named
    return NameKeys(clean, original, told, *(pa.array(column, mask=unnamed) for column in keys))


def _put(text: Any, rows: Any, instead: Any) -> Any:
    """Return a column with other values in some of its rows."""
    places = np.arange(len(text))
    places[rows] = len(text) + np.arange(len(rows))
    return pa.concat_arrays([text, instead]).take(pa.array(places))


def _keys_of_clean(clean: Any) -> tuple[Any, Any]:
    """Return keys of names that are clean, also where they have letters that the kernel's table does not."""
    from baophu.registers.name_kernels import ODD_LETTER

    keys, named, said = _pass(clean, raw=False)
    rows = np.flatnonzero(said == ODD_LETTER)
    if rows.size:
        folded = [fold_name(name) for name in clean.take(pa.array(rows)).to_pylist()]
        keys[:, rows], named[rows], _ = _pass(pa.array(folded, pa.large_string()), raw=True)
    return keys, named


def _pass(text: Any, *, raw: bool) -> tuple[Any, Any, Any]:
    from baophu.registers.name_kernels import name_pass

    folds, syllables = _tables()
    keys = np.zeros((len(KEYS), len(text)), np.int64)
    named, said = np.zeros(len(text), np.bool_), np.zeros(len(text), np.int8)
    name_pass(*buffers(text), folds, syllables, raw, keys, named, said)
    return keys, named, said
