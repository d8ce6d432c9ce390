"""Which table a file holds, told by its header: names or titles, in any order, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from baophu.core.errors import BaophuError, Problem
from baophu.core.languages import Text
from baophu.core.names import fold
from baophu.registers.contracts import Contract

# A header stands below titles, names of offices, days; never as far down as this.
DEEPEST = 40
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Match:
    """How a row of cells reads as the header of a table."""

    contract: Contract
    columns: dict[str, int]
    missing: tuple[str, ...]
    others: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all that must be there is, once each."""
        return not self.missing and not self.twice


@dataclass(frozen=True, slots=True)
class Header:
    """The header that was found: its row (from 0) and how it reads."""

    row: int
    match: Match


@dataclass(slots=True)
class Sought:
    """The best readings so far of all rows that might be a header, for words about why none is."""

    matches: list[tuple[int, Match]] = field(default_factory=list)


def key(words: str) -> str:
    """Return what counts of a heading.

    >>> key(" Mã đơn vị (BHXH) "), key("employer_id")
    ('madonvibhxh', 'employerid')
    """
    return re.sub(r"[^a-z0-9]+", "", fold(words))


def _names(contract: Contract) -> dict[str, str]:
    """Return which column each heading means; a column's name goes before a title."""
    found = {key(column.name): column.name for column in contract.columns}
    for column in contract.columns:
        for title in (column.title.vi, column.title.en):
            found.setdefault(key(title), column.name)
            # A title's explanation in brackets may be left out: "Lương (đồng)".
            found.setdefault(key(re.sub(r"\(.*?\)", "", title)), column.name)
    found.pop("", None)
    return found


def match(contract: Contract, cells: Sequence[str], given: Iterable[str] = ()) -> Match:
    """Return how a row reads as the header of one table; `given` are columns that the command says itself."""
    return _match(contract, _names(contract), cells, [key(cell) for cell in cells], given)


def _match(
    contract: Contract, names: dict[str, str], cells: Sequence[str], keys: Sequence[str], given: Iterable[str]
) -> Match:
    columns: dict[str, int] = {}
    others, twice = [], []
    for at, (cell, word) in enumerate(zip(cells, keys, strict=True)):
        name = names.get(word)
        if name is None:
            if cell.strip():
                others.append(" ".join(cell.split()))
        elif name in columns:
            twice.append(name)
        else:
            columns[name] = at
    have = {*columns, *given}
    missing = [column.name for column in contract.columns if column.column_required and column.name not in have]
    # The year of birth is in the date of birth.
    if "birth_date" in columns and "birth_year" in missing:
        missing.remove("birth_year")
    return Match(contract, columns, tuple(missing), tuple(others), tuple(twice))


def find_header(
    rows: Iterable[Sequence[str]], tables: Iterable[Contract], month_given: bool = False
) -> Header | Sought:
    """Return the header among a table's first rows, or the readings that came nearest to one.

    Of several tables whose columns are all there, the one that explains the most headings is meant; BaophuError where
    two explain as many.
    """
    known = [(contract, _names(contract)) for contract in tables]
    sought = Sought()
    best: Header | None = None
    for at, cells in enumerate(rows):
        if at >= DEEPEST:
            break
        keys = [key(cell) for cell in cells]
        if best is not None:
            # A template has a row of titles above the one of names, and both read as a header: the names are meant.
            below = best.match.contract
            again = _match(below, _names(below), cells, keys, _given(below, month_given))
            return Header(at, again) if again.is_whole and len(again.columns) >= len(best.match.columns) else best
        found = [_match(contract, names, cells, keys, _given(contract, month_given)) for contract, names in known]
        found = [reading for reading in found if reading.columns]
        whole = sorted((reading for reading in found if reading.is_whole), key=lambda one: -len(one.columns))
        if len(whole) > 1 and len(whole[0].columns) == len(whole[1].columns):
            raise BaophuError(
                Text(
                    f"Dòng tiêu đề hợp với hai bảng: {whole[0].contract.table}, {whole[1].contract.table}.",
                    f"The header fits two tables: {whole[0].contract.table}, {whole[1].contract.table}.",
                ),
                Text("Nói rõ bằng --table.", "Say which with --table."),
            )
        if whole:
            best = Header(at, whole[0])
        sought.matches += [(at, reading) for reading in found]
    return best or sought


def _given(contract: Contract, month_given: bool) -> list[str]:
    return [contract.month_column] if month_given and contract.month_column else []


def why_not(name: str, sought: Sought) -> BaophuError:
    """Word why a file is none of the tables: the nearest ones, with what they miss and what they do not know."""
    nearest: dict[str, tuple[int, Match]] = {}
    ordered = sorted(sought.matches, key=lambda one: (-len(one[1].columns), len(one[1].missing), one[0]))
    for row, reading in ordered:
        nearest.setdefault(reading.contract.table, (row, reading))
    problems = [_problem(row, reading) for row, reading in list(nearest.values())[:_SHOWN]]
    if not problems:
        return BaophuError(
            Text(
                f"{name}: không thấy dòng tiêu đề của bảng nào trong {DEEPEST} dòng đầu. Không có gì được nạp.",
                f"{name}: no header of any table in the first {DEEPEST} rows. Nothing was loaded.",
            ),
            Text(
                "Dòng tiêu đề phải ghi tên cột, ví dụ month, employer_id, si_code.",
                "The header must name the columns, such as month, employer_id, si_code.",
            ),
        )
    return BaophuError(
        Text(
            f"{name}: không đúng cột của bảng nào. Không có gì được nạp. Gần nhất:",
            f"{name}: its columns are not those of any table. Nothing was loaded. The nearest:",
        ),
        Text(
            "Sửa dòng tiêu đề rồi nạp lại; tên cột hoặc tiêu đề tiếng Việt đều được.",
            "Mend the header and load again; a column's name will do, or its Vietnamese title.",
        ),
        problems,
    )


def _problem(row: int, reading: Match) -> Problem:
    contract = reading.contract

    def named(columns: Iterable[str]) -> str:
        return ", ".join(f"{name} ({contract.column(name).title.vi})" for name in columns)

    vi, en = [], []
    if reading.missing:
        vi.append(f"thiếu {named(reading.missing)}")
        en.append(f"missing {', '.join(reading.missing)}")
    if reading.twice:
        vi.append(f"hai lần {named(reading.twice)}")
        en.append(f"twice {', '.join(reading.twice)}")
    if reading.others:
        vi.append(f"không biết cột {', '.join(reading.others)}")
        en.append(f"unknown {', '.join(reading.others)}")
    where = Text(
        f"{contract.table} ({contract.title.vi}), dòng {row + 1}",
        f"{contract.table} ({contract.title.en}), row {row + 1}",
    )
    return Problem(where, "", Text("; ".join(vi), "; ".join(en)))
