"""What pages, files, the API and the search read: rows of a run's index, never from outside the reader's scope.

    reader = reader_of(request)
    reader.findings(kind="uninsured_worker", area="79")      # a page of them, the most urgent first
    reader.employer("TA01234")                               # None: there is none, or it is not the reader's to see

Every method filters by area in its SQL. None hands out a row first and leaves the filtering to a page.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from baophu.areas.units import COUNTRY, tree
from baophu.indicators.codes import UNKNOWN_AREA, UNKNOWN_IN
from baophu.results import store
from baophu.results.store import Manifest
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope, placed, scope_of
from baophu.web.index import FINDING_SORTS, folded, index_file, indexed, run_of
from baophu.web.packed import months_of

Row = Mapping[str, Any]
PAGE = 50
QUANTILES = ("p10", "p50", "p90")
OF_EMPLOYER = ("dues", "charges", "steps", "findings", "due_groups", "employer_letters", "employer_workers")
# What of a person needs a right of its own.
SENSITIVE_COLUMNS = ("ethnic", "poverty")
_open = threading.local()
_SERIES = "SELECT * FROM variants JOIN series USING (variant)"


class NothingIndexed(Exception):
    """There is nothing to read yet: no run, or none that was prepared for the site."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the key from which the next page begins; None at the end."""

    rows: Sequence[Row]
    after: str | None


@dataclass(frozen=True, slots=True)
class Among:
    """Findings that are kept (`inside`) or left out: what the desk knows of them is not in the index."""

    names: frozenset[str]
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one run for one scope."""

    home: Path
    run: Manifest
    scope: Scope

    # Areas and indicators

    def values(self, area: str, indicator: str | None = None, place: str = "managed") -> list[Row]:
        """Return the measured values of an area, months in order; all indicators, or one."""
        if not self.scope.sees(area, Right.SEE) or not self._has("series"):
            return []
        which = "AND indicator = ?" if indicator else ""
        given = (area, indicator) if indicator else (area,)
        found = self._rows(
            f"{_SERIES} WHERE area_code = ? {which} AND place = ? ORDER BY indicator, scope", (*given, place)
        )
        return [month for row in found for month in months_of(row)]

    def history(self, area: str, indicator: str) -> list[Row]:
        """Return an indicator's values in an area, months in order: where managed rather than where resident, with the
        armed forces rather than without, as far as it was measured so."""
        if not self.scope.sees(area, Right.SEE) or not self._has("series"):
            return []
        found = self._rows(f"{_SERIES} WHERE area_code = ? AND indicator = ?", (area, indicator))
        first = min(found, key=lambda row: (row["place"] or "", row["scope"]), default=None)
        return list(months_of(first)) if first else []

    def below(self, area: str, like: Row, months: Sequence[str] = ()) -> list[Row]:
        """Return the values of the areas below one, of the indicator, place and scope of a row; all months, or some.

        What could be placed in none of them comes under a code that no area has.
        """
        if not self.scope.sees(area, Right.SEE) or not self._has("series"):
            return []
        codes = [one.code for one in tree().children(area)]
        codes.append(UNKNOWN_AREA if area == COUNTRY else area + UNKNOWN_IN)
        found = self._rows(
            f"{_SERIES} WHERE indicator = ? AND place IS ? AND scope = ? AND area_code IN ({_marks(codes)})",
            (like["indicator"], like["place"], like["scope"], *codes),
        )
        return [month for row in found for month in months_of(row, months)]

    def progress(self, area: str, indicator: str | None = None) -> list[Row]:
        """Return an area's targets against their values; all indicators, or one. None where the run has none."""
        if not self.scope.sees(area, Right.SEE) or not self._has("progress"):
            return []
        which = "AND indicator = ?" if indicator else ""
        given = (area, indicator) if indicator else (area,)
        return self._rows(f"SELECT * FROM progress WHERE area_code = ? {which} ORDER BY indicator, period_end", given)

    def progress_below(self, area: str, indicator: str) -> list[Row]:
        """Return the targets of the areas below one for an indicator, against their values."""
        if not self.scope.sees(area, Right.SEE) or not self._has("progress"):
            return []
        codes = [one.code for one in tree().children(area)]
        return self._rows(
            f"SELECT * FROM progress WHERE indicator = ? AND area_code IN ({_marks(codes)})", (indicator, *codes)
        )

    # Forecasts, places, breakdowns

    def forecasts(self) -> bool:
        """Tell whether the run has forecasts."""
        return self._has("forecasts")

    def forecast(self, area: str, scheme: str) -> Row | None:
        """Return the forecast of an area's participants of a scheme: p10, p50, p90 of each month from `first` on."""
        if not self.scope.sees(area, Right.SEE) or not self._has("forecasts"):
            return None
        found = self._rows("SELECT * FROM forecasts WHERE area_code = ? AND scheme = ?", (area, scheme))
        return {**found[0], **{name: json.loads(found[0][name] or "[]") for name in QUANTILES}} if found else None

    def places(self, area: str, indicator: str) -> list[Row]:
        """Return an area's places among those of its kind by an indicator (`all`: by the emulation score), a row for
        each criterion, scope and period: area_code, rank, before (in the month before), score, of (how many)."""
        if not self.scope.sees(area, Right.SEE) or area == COUNTRY:
            return []
        return [
            row for row in self._places(_peers(str(tree().get(area).parent)), indicator) if row["area_code"] == area
        ]

    def places_below(self, area: str, indicator: str) -> list[Row]:
        """Return the places of the areas below one among each other, the first first; rows like those of `places`."""
        if not self.scope.sees(area, Right.SEE):
            return []
        return self._places(_peers(area), indicator)

    def ranked_below(self, area: str) -> list[Row]:
        """Return what the areas below one are ranked by: criterion, indicator, scope, period."""
        if not self.scope.sees(area, Right.SEE) or not self._has("rankings"):
            return []
        return self._rows(
            "SELECT criterion, indicator, scope, period FROM rankings WHERE peer_group = ?"
            " ORDER BY criterion, indicator, scope, period",
            (_peers(area),),
        )

    def _places(self, group: str, indicator: str) -> list[Row]:
        if not self._has("rankings"):
            return []
        found: list[Row] = []
        for row in self._rows("SELECT * FROM rankings WHERE peer_group = ? AND indicator = ?", (group, indicator)):
            told = {name: row[name] for name in ("peer_group", "criterion", "indicator", "scope", "period")}
            places = json.loads(row["places"])
            found += [
                {**told, "area_code": code, "rank": rank, "before": before, "score": score, "of": len(places)}
                for code, rank, before, score in places
            ]
        return found

    def breakdown(self, area: str, scheme: str) -> dict[str, list[tuple[str, int, int]]]:
        """Return an area's participants of a scheme by dimension: member, people, people a year before."""
        if not self.scope.sees(area, Right.SEE) or not self._has("breakdowns"):
            return {}
        found = self._rows("SELECT * FROM breakdowns WHERE area_code = ? AND scheme = ?", (area, scheme))
        return {row["dimension"]: [tuple(one) for one in json.loads(row["members"])] for row in found}

    # Findings

    def finding_counts(self, area: str, among: Among | None = None) -> list[Row]:
        """Return how many findings an area has, by kind and status, and what they come to; all, or some."""
        if not self.scope.sees(area, Right.WORK) or not self._has("finding_counts"):
            return []
        every = self._rows("SELECT * FROM finding_counts WHERE area_code = ? ORDER BY kind, status", (area,))
        if among is None:
            return every
        where, given = _of_kind(area, None, None, Among(among.names))
        some = self._rows(
            "SELECT kind, status, count(*) AS findings, coalesce(sum(amount), 0) AS amount FROM findings"
            f" WHERE {' AND '.join(where)} GROUP BY kind, status ORDER BY kind, status",
            given,
        )
        if among.inside:
            return [{"area_code": area, **row} for row in some]
        less = {(row["kind"], row["status"]): row for row in some}
        return [
            {**row, **{name: row[name] - one[name] for name in ("findings", "amount")}}
            if (one := less.get((row["kind"], row["status"])))
            else row
            for row in every
        ]

    def open_below(self, area: str) -> dict[str, int]:
        """Return how many findings are open in each of the areas below one on which the right to lists holds."""
        codes = [one.code for one in tree().children(area) if self.scope.sees(one.code, Right.WORK)]
        if not codes or not self._has("finding_counts"):
            return {}
        rows = self._rows(
            f"SELECT area_code, sum(findings) AS findings FROM finding_counts WHERE area_code IN ({_marks(codes)})"
            " AND status = 'open' GROUP BY area_code",
            codes,
        )
        return dict.fromkeys(codes, 0) | {row["area_code"]: row["findings"] for row in rows}

    def findings(
        self,
        area: str,
        kind: str | None = None,
        status: str | None = None,
        after: str | None = None,
        size: int = PAGE,
        sort: str = "priority",
        among: Among | None = None,
    ) -> Page:
        """Return a page of an area's findings, the most urgent first, or those of which most is at stake.

        `after` is the key that the page before gave; `sort` is one of FINDING_SORTS; `among` keeps some.
        """
        if sort not in FINDING_SORTS:
            raise ValueError(sort)
        if not self.scope.sees(area, Right.WORK) or not self._has("findings"):
            return Page((), None)
        where, given = _of_kind(area, kind, status, among)
        if after and (key := _key(after)):
            where.append(f"{sort} <= ? AND ({sort} < ? OR finding_id > ?)")
            given += [key[0], key[0], key[1]]
        found = self._rows(
            f"SELECT * FROM findings WHERE {' AND '.join(where) or '1'} ORDER BY {sort} DESC, finding_id LIMIT ?",
            (*given, size + 1),
        )
        last = found[size - 1] if len(found) > size else None
        return Page(found[:size], f"{last[sort]!r}~{last['finding_id']}" if last else None)

    def people_among(
        self, area: str, kind: str | None, status: str | None, most: int, among: Among | None = None
    ) -> int:
        """Count the people whom an area's findings are about, as far as one more than `most`."""
        if not self.scope.sees(area, Right.WORK) or not self._has("findings"):
            return 0
        where, given = _of_kind(area, kind, status, among)
        who = "coalesce(pid, si_code, CASE WHEN length(tax_code) = 12 THEN tax_code END)"
        where.append(f"{who} IS NOT NULL")
        found = self._rows(
            f"SELECT count(*) AS people FROM (SELECT DISTINCT {who} FROM findings WHERE {' AND '.join(where)} LIMIT ?)",
            (*given, most + 1),
        )
        return int(found[0]["people"])

    def finding(self, finding_id: str) -> Row | None:
        """Return a finding."""
        return self._one("SELECT * FROM findings WHERE finding_id = ?", finding_id, Right.WORK)

    # Employers

    def employers(
        self,
        area: str,
        words: str = "",
        after: str | None = None,
        size: int = PAGE,
        step: tuple[str, str] | None = None,
    ) -> Page:
        """Return a page of an area's employers: those that owe most first, or those whose name has some words.

        `step`: only those of which the law asks a step next on a day (`steps.step`, `steps.step_on`).
        """
        if not self.scope.sees(area, Right.WORK) or not self._has("employers"):
            return Page((), None)
        where, given = _of_employers(area, words, step)
        if after and (key := _key(after)):
            where.append("outstanding <= ? AND (outstanding < ? OR employer_id > ?)")
            given += [key[0], key[0], key[1]]
        found = self._rows(
            f"SELECT * FROM employers WHERE {' AND '.join(where) or '1'}"
            " ORDER BY outstanding DESC, employer_id LIMIT ?",
            (*given, size + 1),
        )
        last = found[size - 1] if len(found) > size else None
        return Page(found[:size], f"{last['outstanding']!r}~{last['employer_id']}" if last else None)

    def employers_count(self, area: str, words: str = "", step: tuple[str, str] | None = None) -> int:
        """Count an area's employers, as `employers` lists them."""
        if not self.scope.sees(area, Right.WORK) or not self._has("employers"):
            return 0
        where, given = _of_employers(area, words, step)
        found = self._rows(f"SELECT count(*) AS number FROM employers WHERE {' AND '.join(where) or '1'}", given)
        return int(found[0]["number"])

    def duty_counts(self, area: str) -> list[Row]:
        """Return how many of an area's employers stand before which legal step on which day, and pay by which cycle."""
        if not self.scope.sees(area, Right.WORK) or not self._has("duty_counts"):
            return []
        return self._rows("SELECT * FROM duty_counts WHERE area_code = ? ORDER BY due_on, what", (area,))

    def employer(self, employer_id: str) -> Row | None:
        """Return an employer."""
        return self._one("SELECT * FROM employers WHERE employer_id = ?", employer_id, Right.WORK)

    def of_employer(self, table: str, employer_id: str) -> list[Row]:
        """Return an employer's rows of one of OF_EMPLOYER; none where it is not to be seen."""
        if table not in OF_EMPLOYER:
            raise ValueError(table)
        if self.employer(employer_id) is None or not self._has(table):
            return []
        order = {"findings": "priority DESC", "employer_letters": "1", "employer_workers": "1"}.get(table, "month")
        return self._rows(f"SELECT * FROM {table} WHERE employer_id = ? ORDER BY {order}", (employer_id,))

    def employers_named(self, words: str, size: int) -> list[Row]:
        """Return employers whose name, code or tax code is as some words say, those that owe most first."""
        if not self.scope.may(Right.WORK) or not self._has("employers"):
            return []
        where, given = self._seen(Right.WORK)
        code = words.strip().upper()
        named = "employer_id IN (SELECT key FROM employers_words WHERE employers_words MATCH ?)"
        return self._rows(
            f"SELECT * FROM employers WHERE {' AND '.join(where)} AND (employer_id = ? OR tax_code = ? OR {named})"
            " ORDER BY outstanding DESC, employer_id LIMIT ?",
            (*given, code, code, _match(words), size),
        )

    # Persons

    def person(self, key: str) -> Row | None:
        """Return a person by the key of the site. What needs a right of its own is not in the row without it."""
        found = self._one("SELECT * FROM persons WHERE person = ?", key, Right.PERSONS)
        return self._without_sensitive(found) if found else None

    def of_person(self, table: str, key: str) -> list[Row]:
        """Return a person's `person_numbers`, `person_spells`, `person_benefits` or `findings`, none if not seen."""
        if table not in ("person_numbers", "person_spells", "person_benefits", "findings"):
            raise ValueError(table)
        found = self.person(key)
        if found is None or not self._has(table):
            return []
        if table == "person_benefits" and not self.scope.sees(placed(found["area_code"]), Right.SENSITIVE):
            return []
        order = " ORDER BY scheme, start_month, employer_id, group_code" if table == "person_spells" else ""
        rows = self._rows(f"SELECT * FROM {table} WHERE person = ?{order}", (key,))
        if table != "findings":
            return rows
        return [row for row in rows if self.scope.sees(placed(row["area_code"]), Right.WORK)]

    def persons_named(self, words: str, size: int) -> list[Row]:
        """Return persons by whole words of the name, with or without the year of birth."""
        if not self.scope.may(Right.PERSONS) or not self._has("persons"):
            return []
        match = _match(words, beginnings=False)
        roots = self.scope.roots(Right.PERSONS)
        if COUNTRY not in roots:
            areas = " OR ".join(f'"{code}"' for code in sorted(roots))
            match = f"({match}) AND ({areas})"
        found = self._rows(
            "SELECT * FROM persons WHERE person IN (SELECT key FROM persons_words WHERE persons_words MATCH ? LIMIT ?)",
            (match, size),
        )
        return [one for row in found if (one := self.person(row["person"]))]

    def persons_numbered(self, number: str) -> list[Row]:
        """Return who has a personal number or an insurance number."""
        if not self.scope.may(Right.PERSONS) or not self._has("persons"):
            return []
        keys = self._rows(
            "SELECT person FROM persons WHERE pid = ? UNION SELECT person FROM person_numbers WHERE si_code = ?",
            (number, number),
        )
        return [one for row in keys if (one := self.person(row["person"]))]

    def _without_sensitive(self, row: Row) -> Row:
        if self.scope.sees(placed(row["area_code"]), Right.SENSITIVE):
            return row
        return {name: None if name in SENSITIVE_COLUMNS else value for name, value in row.items()}

    def _seen(self, right: Right) -> tuple[list[str], list[Any]]:
        """Return the condition that keeps the rows on which a right holds."""
        roots = sorted(self.scope.roots(right))
        if COUNTRY in roots:
            return ["1"], []
        marks = ", ".join("?" * len(roots))
        return [f"(province IN ({marks}) OR area_code IN ({marks}))"], [*roots, *roots]

    def _has(self, table: str) -> bool:
        return table in _opened(index_file(self.home, self.run)).tables

    def _one(self, sql: str, key: str, right: Right) -> Row | None:
        table = sql.split(" FROM ")[1].split()[0]
        found = self._rows(sql, (key,)) if self._has(table) else []
        if not found:
            return None
        return found[0] if self.scope.sees(placed(found[0]["area_code"]), right) else None

    def _rows(self, sql: str, given: Sequence[Any]) -> list[Row]:
        cursor = _opened(index_file(self.home, self.run)).connection.execute(sql, tuple(given))
        names = [one[0] for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _peers(area: str) -> str:
    """Return the name of the group of the areas below one (`targets.ranking`)."""
    return "provinces" if area == COUNTRY else f"communes:{area}"


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _in(area: str) -> tuple[list[str], list[Any]]:
    """Return the condition that keeps the rows of an area."""
    if area == COUNTRY:
        return [], []
    column = "province" if tree().get(area).level == "province" else "area_code"
    return [f"{column} = ?"], [area]


def _of_kind(area: str, kind: str | None, status: str | None, among: Among | None) -> tuple[list[str], list[Any]]:
    """Return the condition that keeps an area's findings of a kind and a status, all or some."""
    where, given = _in(area)
    if among is not None:
        where.append(f"finding_id {'' if among.inside else 'NOT '}IN (SELECT value FROM json_each(?))")
        given.append(json.dumps(sorted(among.names)))
    for column, value in (("kind", kind), ("status", status)):
        if value:
            where.append(f"{column} = ?")
            given.append(value)
    return where, given


def _of_employers(area: str, words: str, step: tuple[str, str] | None) -> tuple[list[str], list[Any]]:
    """Return the condition that keeps an area's employers with a name, or before a step of the law on a day."""
    where, given = _in(area)
    if words:
        where.append("employer_id IN (SELECT key FROM employers_words WHERE employers_words MATCH ?)")
        given.append(_match(words))
    if step:
        where.append("employer_id IN (SELECT employer_id FROM steps WHERE step = ? AND step_on = ?)")
        given += step
    return where, given


def _key(after: str) -> tuple[float, str] | None:
    """Return the number and code from which a page begins; None for what no page gave."""
    number, _, code = after.partition("~")
    try:
        return float(number), code
    except ValueError:
        return None


def _match(words: str, beginnings: bool = True) -> str:
    """Return the search for some words, each a beginning or whole; nothing that a person types is an operator."""
    mark = "*" if beginnings else ""
    found = ["".join(filter(str.isalnum, word)) for word in folded(words).split()]
    return " AND ".join(f'"{word}"{mark}' for word in found if word) or '""'


@dataclass(frozen=True, slots=True)
class _Opened:
    """A connection to an index, which never changes while it is the same file, so that nothing needs to be locked."""

    stamp: tuple[Path, int, int]
    connection: sqlite3.Connection
    tables: frozenset[str]


def _opened(file: Path) -> _Opened:
    """Return this thread's connection to an index. One that was deleted (by a purge) or made anew is let go."""
    known: _Opened | None = _open.__dict__.get("index")
    try:
        found = file.stat()
    except FileNotFoundError:
        found = None
    stamp = (file, found.st_ino, found.st_mtime_ns) if found else None
    if known is not None and known.stamp == stamp:
        return known
    if known is not None:
        known.connection.close()
        _open.index = None
    if stamp is None:
        raise NothingIndexed
    connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    connection.execute("PRAGMA mmap_size = 1073741824")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    opened = _Opened(stamp, connection, frozenset(row[0] for row in names))
    _open.index = opened
    return opened


def newest_indexed(home: Path) -> Manifest | None:
    """Return the newest run that has an index; None where there is none."""
    for file in reversed(indexed(home)):
        month, run = run_of(file)
        path = store.results(home) / month / run / store.MANIFEST
        if path.exists():
            return _manifest(path, path.stat().st_mtime_ns)
    return None


def runs_indexed(home: Path) -> list[Manifest]:
    """Return the runs that have an index, the newest month first."""
    found = (store.results(home) / month / run / store.MANIFEST for month, run in map(run_of, reversed(indexed(home))))
    return [_manifest(path, path.stat().st_mtime_ns) for path in found if path.exists()]


@lru_cache(maxsize=8)
def _manifest(path: Path, changed: int) -> Manifest:
    del changed  # a purge writes another
    return store.read(path)


def reader_of(request: HttpRequest) -> Reader:
    """Return what reads the newest run for who asks; NothingIndexed (which has a page of its own) before the first."""
    run = newest_indexed(settings.HOME)
    if run is None:
        raise NothingIndexed
    return Reader(settings.HOME, run, scope_of(request.user))
