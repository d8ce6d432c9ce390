"""Damage as registers have it: numbers mistyped, names without their marks, days swapped; and the list of all of it.

Each function takes the rows of one register as they truly are and returns them as they come in, with the errors:
`row` (from 0, in the frame given), `column`, `kind`. The rates stand in `errors.yaml`. Rows keep their places, columns
that are not of the register pass through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import RootModel

from baophu.areas import conversion, units
from baophu.core.names import ascii_name
from baophu.core.records import check, read_yaml

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

OUT_OF = 100_000
_RATES = Path(__file__).with_name("errors.yaml")

# Names in the encodings from before Unicode, read as Latin-1 by a later program: of each vowel the letters without a
# tone and with huyền, hỏi, ngã, sắc, nặng. TCVN3 (TCVN 5712:1993, VN3) has capitals of seven letters only; VNI-Windows
# writes the mark behind the letter.
_LETTERS = (
    *("aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị"),
    *("oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ"),
)
_TCVN3_CODES = (
    "61 B5 B6 B7 B8 B9  A8 BB BC BD BE C6  A9 C7 C8 C9 CA CB  65 CC CE CF D0 D1  AA D2 D3 D4 D5 D6  69 D7 D8 DC DD DE "
    "6F DF E1 E2 E3 E4  AB E5 E6 E7 E8 E9  AC EA EB EC ED EE  75 EF F1 F2 F3 F4  AD F5 F6 F7 F8 F9  79 FA FB FC FD FE"
)
_VNI_CODES = (
    "a aø aû aõ aù aï  aê aè aú aü aé aë  aâ aà aå aã aá aä  e eø eû eõ eù eï  eâ eà eå eã eá eä  i ì æ ó í ò "
    "o oø oû oõ où oï  oâ oà oå oã oá oä  ô ôø ôû ôõ ôù ôï  u uø uû uõ uù uï  ö öø öû öõ öù öï  y yø yû yõ yù î"
)

# One firm, written as people write it: the beginning of its name.
_LEGAL_FORMS = (
    ("Công ty TNHH Một thành viên", ("CTY TNHH MTV", "Công ty TNHH MTV", "Cty TNHH 1TV", "Công ty TNHH 1 thành viên")),
    ("Công ty TNHH", ("CTY TNHH", "Cty TNHH", "Công ty trách nhiệm hữu hạn", "C.ty TNHH", "CT TNHH")),
    ("Công ty Cổ phần", ("CTY CP", "Công ty CP", "Cty cổ phần", "CTCP", "C.ty CP")),
    ("Doanh nghiệp tư nhân", ("DNTN", "DN tư nhân", "Doanh nghiệp TN")),
    ("Hợp tác xã", ("HTX", "Hợp tác xã DV", "H.T.X")),
    ("Hộ kinh doanh", ("HKD", "Hộ KD", "Cơ sở kinh doanh")),
    ("Ủy ban nhân dân", ("UBND", "Uỷ ban nhân dân")),
    ("Trường Trung học cơ sở", ("Trường THCS", "THCS")),
    ("Trường Tiểu học", ("Trường TH", "TH")),
    ("Trường Mầm non", ("Trường MN", "MN")),
)

# What is damaged is text, days of birth too: a day that is none is no date.
_TEXTS = ("pid", "old_id", "tax_code", "full_name", "name", "birth_date", "sex", "commune_code")

Kinds = dict[str, int]


class Rates(RootModel[dict[str, dict[str, dict[str, int]]]]):
    """Of 100,000 rows, by table, group of errors and kind."""


@dataclass(slots=True)
class _Damage:
    """The rows of one register while they are damaged.

    A column that is changed is kept as all values it ever had, and the place of each row's value among them: the frame
    is made anew once, at the end, and not for every kind of error.
    """

    frame: pl.DataFrame
    rng: np.random.Generator
    rates: Mapping[str, Kinds]
    errors: list[tuple[Any, str, str]] = field(default_factory=list)
    pools: dict[str, pl.Series] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)

    def draw(self, group: str) -> list[tuple[str, Any]]:
        """Return each kind of a group with the rows that get it, each row at most one of them."""
        import numpy as np

        kinds = self.rates[group]
        bounds = np.cumsum(list(kinds.values()))
        places = np.searchsorted(bounds, self.rng.integers(0, OUT_OF, self.frame.height), side="right")
        hit = np.flatnonzero(places < len(kinds))
        places = places[hit]
        return [(kind, hit[places == at]) for at, kind in enumerate(kinds)]

    def values(self, column: str, rows: Any) -> list[Any]:
        """Return the values of some rows."""
        return self._gathered(column, rows).to_list()

    def _gathered(self, column: str, rows: Any) -> pl.Series:
        if column not in self.pools:
            return self.frame[column].gather(rows)
        return self.pools[column].gather(self.places[column][rows])

    def put(self, column: str, kind: str, rows: Any, new: Sequence[Any]) -> None:
        """Put values into a column and note the error where they differ from what is there."""
        rows = self.replace(column, rows, new)
        if len(rows):
            self.errors.append((rows, column, kind))

    def replace(self, column: str, rows: Any, new: Sequence[Any]) -> Any:
        """Put values into a column; return the rows in which they differ from what was there."""
        import numpy as np
        import polars as pl

        values = pl.Series(column, new, self.frame.schema[column])
        changed = np.flatnonzero(self._gathered(column, rows).ne_missing(values).to_numpy())
        rows = np.asarray(rows)[changed]
        if len(rows):
            pool = self.pools.get(column, self.frame[column])
            place = self.places.setdefault(column, np.arange(self.frame.height))
            place[rows] = len(pool) + np.arange(len(rows))
            self.pools[column] = pl.concat([pool, values.gather(changed)], rechunk=False)
        return rows

    def change(self, column: str, kind: str, rows: Any, how: Callable[[Any], Any]) -> None:
        """Change the values that are there by a function; None from it leaves a value as it is."""
        values = self.values(column, rows)
        self.put(column, kind, rows, [value if value is None else _or(how(value), value) for value in values])

    def done(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the frame and the errors, by row."""
        import numpy as np
        import polars as pl

        frame = self.frame.with_columns(pool.gather(self.places[column]) for column, pool in self.pools.items())
        kinds = {"row": pl.Int64, "column": pl.String, "kind": pl.String}
        if not self.errors:
            return frame, pl.DataFrame(schema=kinds)
        sizes = [len(rows) for rows, _, _ in self.errors]
        told = pl.DataFrame({"column": [one[1] for one in self.errors], "kind": [one[2] for one in self.errors]})
        listed = told[np.repeat(np.arange(len(sizes)), sizes)].insert_column(
            0, pl.Series("row", np.concatenate([rows for rows, _, _ in self.errors]).astype(np.int64))
        )
        return frame, listed.sort("row", "column", "kind")


def _or(value: Any, other: Any) -> Any:
    return other if value is None else value


def damage_population(frame: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return residents as their register has them, and the errors. Personal numbers stay right: they are the key."""
    damage = _begin("population", frame, rng)
    _old_ids(damage)
    _names(damage, "full_name")
    _births(damage, "deceased_on")
    _sexes(damage)
    _communes(damage)
    return damage.done()


def damage_participants(frame: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return participants as their file has them, and the errors; a borrowed number is one of the same frame."""
    damage = _begin("participants", frame, rng)
    _pids(damage)
    _old_ids(damage)
    _names(damage, "full_name")
    _births(damage, "registered_on")
    _sexes(damage)
    _communes(damage)
    return damage.done()


def damage_tax_income(frame: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return paid workers as payers declare them, and the errors."""
    damage = _begin("tax_income", frame, rng)
    _pids(damage)
    _names(damage, "full_name")
    _births(damage, None)
    return damage.done()


def damage_employers(frame: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return employers as the insurance file has them, and the errors."""
    damage = _begin("employers", frame, rng)
    for kind, rows in damage.draw("tax_code"):
        if kind == "tax_code_missing":
            damage.put("tax_code", kind, rows, [None] * len(rows))
        else:
            damage.change("tax_code", kind, rows, _mistyped(rng, len(rows)))
    _names(damage, "name")
    _communes(damage)
    return damage.done()


@cache
def rates() -> dict[str, dict[str, Kinds]]:
    """Return the rates of 100,000, by table and group; BaophuError where the file is wrong."""
    return check(Rates, read_yaml(_RATES), _RATES.name).root


def _begin(table: str, frame: pl.DataFrame, rng: np.random.Generator) -> _Damage:
    import polars as pl

    frame = frame.with_columns(pl.col(name).cast(pl.String) for name in _TEXTS if name in frame.columns)
    if "year_only" in rates()[table].get("birth", {}) and "birth_year" not in frame.columns:
        frame = frame.with_columns(birth_year=pl.lit(None, pl.Int64))
    return _Damage(frame, rng, rates()[table])


def _pids(damage: _Damage) -> None:
    true = damage.frame["pid"]
    for kind, rows in damage.draw("pid"):
        if kind == "pid_missing":
            damage.put("pid", kind, rows, [None] * len(rows))
        elif kind == "pid_borrowed":
            lent = true.gather(damage.rng.integers(0, len(true), len(rows))).to_list()
            damage.put("pid", kind, rows, [_or(new, old) for new, old in zip(lent, true.gather(rows), strict=True)])
        elif kind == "reject:pid_digits":
            damage.change("pid", kind, rows, lambda pid: pid + "7")
        elif kind == "pid_zeros_eaten":
            damage.change("pid", kind, rows, lambda pid: pid.lstrip("0"))
        else:
            damage.change("pid", kind, rows, _mistyped(damage.rng, len(rows)))


def _mistyped(rng: np.random.Generator, count: int) -> Callable[[str], str]:
    """Return a function that mistypes a number: one digit, or two neighbours that change places."""
    draws = iter(rng.random((count, 3)).tolist())

    def mistype(number: str) -> str:
        which, where, what = next(draws)
        at = int(where * (len(number) - 1))
        if which < 0.3 and number[at] != number[at + 1]:
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        return number[:at] + str((int(number[at]) + 1 + int(what * 9)) % 10) + number[at + 1 :]

    return mistype


def _old_ids(damage: _Damage) -> None:
    for kind, rows in damage.draw("old_id"):
        damage.put("old_id", kind, rows, [None] * len(rows))


def _names(damage: _Damage, column: str) -> None:
    """Mistype names, then write them down in other forms."""
    for kind, rows in damage.draw("name"):
        if kind == "typo":
            damage.change(column, kind, rows, _typo(damage.rng, len(rows)))
        elif kind == "legal_form_variant":
            damage.change(column, kind, rows, _variant(damage.rng, len(rows)))
        else:
            damage.change(column, kind, rows, {"y_for_i": _y_for_i, "middle_name_lost": _without_middle}[kind])
    for kind, rows in damage.draw("form"):
        damage.change(column, kind, rows, _FORMS[kind])


def _typo(rng: np.random.Generator, count: int) -> Callable[[str], str]:
    """Return a function that drops, doubles or swaps a letter inside a name."""
    draws = iter(rng.random((count, 2)).tolist())

    def mistype(name: str) -> str:
        which, where = next(draws)
        inside = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()]
        if not inside:
            return name
        at = inside[int(where * len(inside))]
        if which < 0.4:
            return name[:at] + name[at + 1 :]
        if which < 0.7:
            return name[: at + 1] + name[at:]
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]

    return mistype


_Y_AND_I = str.maketrans("yỳỷỹýỵiìỉĩíị", "iìỉĩíịyỳỷỹýỵ")
_OPEN = re.compile(r"[bđghklmprstvx][yỳỷỹýỵiìỉĩíị]$", re.IGNORECASE)


def _y_for_i(name: str) -> str | None:
    """Write i for y, or y for i, where a syllable ends in it: Lý, Lí; Mỹ, Mĩ. Nobody does with the middle name Thị."""
    words = name.split(" ")
    new = [word[:-1] + word[-1].translate(_Y_AND_I) if _OPEN.search(word) and word != "Thị" else word for word in words]
    return " ".join(new) if new != words else None


def _without_middle(name: str) -> str | None:
    words = name.split()
    return f"{words[0]} {words[-1]}" if len(words) > 2 else None


def _variant(rng: np.random.Generator, count: int) -> Callable[[str], str | None]:
    """Return a function that writes the beginning of a firm's name in another way."""
    draws = iter(rng.random(count).tolist())

    def vary(name: str) -> str | None:
        draw = next(draws)
        for beginning, others in _LEGAL_FORMS:
            if name[: len(beginning)].lower() == beginning.lower():
                return others[int(draw * len(others))] + name[len(beginning) :]
        return None

    return vary


def _codes(codes: list[str]) -> dict[str, str]:
    return {letter: code for letter, code in zip("".join(_LETTERS), codes, strict=True) if letter != code}


_TCVN3 = _codes([chr(int(code, 16)) for code in _TCVN3_CODES.split()]) | {"đ": "®", "Đ": "§"}
_TCVN3 = (
    {letter.upper(): code for letter, code in _TCVN3.items()} | dict(zip("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§", strict=True)) | _TCVN3
)
_VNI = _codes(_VNI_CODES.split()) | {"đ": "ñ"}
_VNI = {letter.upper(): code.upper() for letter, code in _VNI.items()} | _VNI
_BARE = {letter: ascii_name(letter) for letter in "".join(_LETTERS) + "đ"}
_BARE |= {letter.upper(): bare.upper() for letter, bare in _BARE.items()}
_TO_BARE, _TO_TCVN3, _TO_VNI = str.maketrans(_BARE), str.maketrans(_TCVN3), str.maketrans(_VNI)

_FORMS: dict[str, Callable[[str], str]] = {
    "diacritics_lost": lambda name: name.translate(_TO_BARE),
    "capitals": str.upper,
    "nfd": lambda name: unicodedata.normalize("NFD", name),
    "tcvn3": lambda name: name.translate(_TO_TCVN3),
    "vni": lambda name: name.translate(_TO_VNI),
}


def _births(damage: _Damage, not_after: str | None) -> None:
    """Damage days of birth; none is moved beyond the day that must come after it, or beyond the youngest."""
    latest = damage.frame["birth_date"].max()
    for kind, rows in damage.draw("birth"):
        if kind == "birth_missing":
            damage.put("birth_date", kind, rows, [None] * len(rows))
        elif kind == "year_only":
            _year_only(damage, kind, rows)
        elif kind == "reject:no_such_day":
            damage.change("birth_date", kind, rows, lambda day: f"{day[:4]}-02-31")
        else:
            move = _swapped if kind == "day_month_swapped" else _year_off
            days = damage.values("birth_date", rows)
            bounds = damage.values(not_after, rows) if not_after else [None] * len(rows)
            new = [day and _moved(day, move, str(_or(bound, latest))) for day, bound in zip(days, bounds, strict=True)]
            damage.put("birth_date", kind, rows, new)
            _years_follow(damage, rows)


def _moved(day: str, move: Callable[[date], date | None], not_after: str) -> str:
    found = move(date.fromisoformat(day))
    return day if found is None or found.isoformat() > not_after else found.isoformat()


def _swapped(day: date) -> date | None:
    return date(day.year, day.day, day.month) if day.day <= 12 else None


def _year_off(day: date) -> date:
    # A year too early: too late might lie in the future, or after the registration.
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _year_only(damage: _Damage, kind: str, rows: Any) -> None:
    import numpy as np

    days = damage.values("birth_date", rows)
    known = np.array([day is not None for day in days], bool)
    rows = rows[known]
    damage.replace("birth_year", rows, [int(day[:4]) for day in days if day is not None])
    damage.put("birth_date", kind, rows, [None] * len(rows))


def _years_follow(damage: _Damage, rows: Any) -> None:
    """Where a register gives the year beside the day, the year goes with the day, wrong as it is."""
    if "birth_year" in damage.frame.columns:
        days, years = damage.values("birth_date", rows), damage.values("birth_year", rows)
        new = [year if year is None or day is None else int(day[:4]) for day, year in zip(days, years, strict=True)]
        damage.replace("birth_year", rows, new)


def _sexes(damage: _Damage) -> None:
    for kind, rows in damage.draw("sex"):
        if kind == "sex_wrong":
            damage.change("sex", kind, rows, lambda sex: "F" if sex == "M" else "M")
        else:
            damage.put("sex", kind, rows, [None] * len(rows))


@cache
def _former_codes() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return, by present commune, the codes of before 2025-07-01 that went whole into it, and those that were divided.

    A code that names another unit now is left out: without a date nobody could tell which is meant.
    """
    present = units.tree(None)
    whole: dict[str, list[str]] = {}
    divided: dict[str, list[str]] = {}
    for row in conversion.mapping():
        if row.level == "commune" and len(row.old_code) == 5 and row.old_code not in present:
            (divided if row.divided else whole).setdefault(row.new_code, []).append(row.old_code)
    return tuple({new: tuple(old) for new, old in found.items()} for found in (whole, divided))  # type: ignore[return-value]


def _communes(damage: _Damage) -> None:
    whole, divided = _former_codes()
    for kind, rows in damage.draw("commune"):
        codes = divided if kind == "hold:divided_commune" else whole
        draws = damage.rng.random(len(rows)).tolist()
        there = damage.values("commune_code", rows)
        new = [
            codes[code][int(draw * len(codes[code]))] if code in codes else code
            for code, draw in zip(there, draws, strict=True)
        ]
        damage.put("commune_code", kind, rows, new)
