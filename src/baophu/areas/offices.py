"""Insurance offices, provincial and grassroots, as dated sets of communes that an office's file gives.

The file (CSV or XLSX) has a row for each commune that an office serves, with the columns `office_id`, `name`,
`level` (`province` or `grassroots`), `commune_code`, `from_date`, `to_date` (half open; empty: still). Where no row
says otherwise, the provincial office of a commune is its province's, and its id is the province's code.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from baophu.areas import units
from baophu.areas.store import Stored, newest, sha256, store
from baophu.areas.units import MERGER
from baophu.core.errors import BaophuError, Problem, did_you_mean, nearest, unknown
from baophu.core.languages import Text, same
from baophu.core.numbers import read_date, short_date

OfficeLevel = Literal["province", "grassroots"]
OFFICE_LEVELS: dict[OfficeLevel, Text] = {
    "province": Text("BHXH cấp tỉnh", "provincial office"),
    "grassroots": Text("BHXH cơ sở", "grassroots office"),
}
COLUMNS = ("office_id", "name", "level", "commune_code", "from_date", "to_date")
_FILE = "offices.csv"
_BELOW = "areas/offices"


@dataclass(frozen=True, slots=True)
class Office:
    """An office: its id, its name in both languages, its level."""

    office_id: str
    name: Text
    level: OfficeLevel


@dataclass(frozen=True, slots=True)
class Service:
    """That an office serves a commune over `[from_date, to_date)`; `line` is the row in the file (the header is 1)."""

    office: Office
    commune: str
    from_date: date
    to_date: date | None
    line: int

    def holds(self, on: date) -> bool:
        """Tell whether it holds on a day."""
        return self.from_date <= on and (self.to_date is None or on < self.to_date)


@dataclass(frozen=True, slots=True)
class Offices:
    """The offices of a file, and those that follow from the provinces; `left_out` are columns that were not read."""

    services: tuple[Service, ...] = ()
    left_out: tuple[str, ...] = ()
    _by_office: dict[str, list[Service]] = field(default_factory=dict)
    _by_commune: dict[str, list[Service]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for service in self.services:
            self._by_office.setdefault(service.office.office_id, []).append(service)
            self._by_commune.setdefault(service.commune, []).append(service)

    def all(self, on: date | None = None) -> list[Office]:
        """Return the offices that serve some commune on a day (None: today), provincial ones first, then by id."""
        day = on or date.today()
        named = {service.office.office_id: service.office for service in self.services if service.holds(day)}
        for area in units.tree(day).provinces:
            if area.code not in named and self.communes(area.code, day):
                named[area.code] = _of_province(area)
        return sorted(named.values(), key=lambda office: (office.level != "province", office.office_id))

    def get(self, office_id: str, on: date | None = None) -> Office:
        """Return an office of a day by its id; UnknownName with the nearest where there is none."""
        found = self.all(on)
        for office in found:
            if office.office_id == office_id:
                return office
        choices = {office.office_id: office.name.vi for office in found}
        raise unknown(Text("cơ quan BHXH", "office"), office_id, choices)

    def communes(self, office_id: str, on: date | None = None) -> tuple[str, ...]:
        """Return the codes of the communes that an office serves on a day (None: today); none where it serves none.

        The office that a province is by itself serves what no provincial office of the file does.
        """
        day = on or date.today()
        if office_id in self._by_office:
            return tuple(sorted(s.commune for s in self._by_office[office_id] if s.holds(day)))
        areas = units.tree(day)
        if office_id not in {area.code for area in areas.provinces}:
            return ()
        return tuple(area.code for area in areas.children(office_id) if not self._given(area.code, day, "province"))

    def of(self, commune: str, on: date | None = None) -> tuple[Office, ...]:
        """Return the offices of a commune on a day (None: today): the provincial one, then a grassroots one if any.

        UnknownName for a code that is no commune of that day.
        """
        day = on or date.today()
        areas = units.tree(day)
        area = areas.get(commune)
        given = self._given(commune, day, "province")
        if area.level == "commune" and not given:
            given = [_of_province(areas.get(str(area.parent)))]
        return (*given, *self._given(commune, day, "grassroots"))

    def _given(self, commune: str, day: date, level: OfficeLevel) -> list[Office]:
        found = self._by_commune.get(commune, [])
        return [service.office for service in found if service.office.level == level and service.holds(day)]


def _of_province(area: units.Area) -> Office:
    kind = units.UNIT_WORDS[area.unit_type]
    name = Text(
        f"Bảo hiểm xã hội {kind.vi[0].lower()}{kind.vi[1:]} {area.name}", f"Social Insurance of {area.full_name_en}"
    )
    return Office(area.code, name, "province")


def _cell(value: object) -> str:
    """Return a cell as text: a date as YYYY-MM-DD, a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFC", str(value)).strip()


def _read_cells(path: Path) -> list[list[str]]:
    """Read a CSV or XLSX file as rows of text; BaophuError where it is neither."""
    mend = Text("Lưu tệp dưới dạng CSV (UTF-8) hoặc XLSX.", "Save the file as CSV (UTF-8) or XLSX.")
    try:
        if path.suffix.lower() == ".xlsx":
            from python_calamine import CalamineError, CalamineWorkbook

            try:
                sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
                return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            except CalamineError as error:
                what = Text(f"{path.name} không phải là tệp XLSX.", f"{path.name} is no XLSX file ({error}).")
                raise BaophuError(what, mend) from None
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or error
        raise BaophuError(Text(f"Không đọc được {path}: {reason}.", f"Cannot read {path}: {reason}.")) from None
    except UnicodeDecodeError:
        what = Text(f"{path.name} không phải là văn bản UTF-8.", f"{path.name} is not UTF-8 text.")
        raise BaophuError(what, mend) from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)  # Vietnamese Excel writes semicolons
    return [[_cell(value) for value in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]


def _where(line: int, column: str) -> Text:
    return Text(f"Dòng {line}, cột {column}", f"Row {line}, column {column}")


def _header(path: Path, cells: list[list[str]]) -> dict[str, int]:
    head = [name.strip() for name in cells[0]] if cells else []
    missing = [column for column in COLUMNS if column not in head]
    extra = {name: "" for name in head if name and name not in COLUMNS}
    problems = [
        Problem(_where(1, column), "", _missing(near[0] if (near := nearest(column, extra, 1)) else ""))
        for column in missing
    ]
    problems += [
        Problem(_where(1, column), "", Text("cột này có hai lần", "this column is there twice"))
        for column in COLUMNS
        if head.count(column) > 1
    ]
    if problems:
        raise _refused(path, problems)
    return {column: head.index(column) for column in COLUMNS}


def _missing(near: str) -> Text:
    if near:
        return Text(f"thiếu cột này; có phải là cột '{near}'?", f"this column is missing; is it '{near}'?")
    return Text("thiếu cột này", "this column is missing")


def _refused(path: Path, problems: list[Problem]) -> BaophuError:
    return BaophuError(
        Text(
            f"Chưa nhận tệp {path.name}: {len(problems)} chỗ cần sửa.",
            f"{path.name} was not taken. Places to mend: {len(problems)}.",
        ),
        Text("Không có gì thay đổi. Sửa tệp rồi nạp lại.", "Nothing was changed. Mend the file and import it again."),
        problems,
    )


class _Checker:
    """Checks the rows one by one and gathers every problem."""

    def __init__(self) -> None:
        self.found: list[tuple[int, Problem]] = []
        self.services: list[Service] = []

    @property
    def problems(self) -> list[Problem]:
        """The problems in the order of the rows."""
        return [problem for _, problem in sorted(self.found, key=lambda pair: pair[0])]

    def problem(self, line: int, column: str, value: str, reason: Text) -> None:
        self.found.append((line, Problem(_where(line, column), value, reason)))

    def row(self, line: int, values: dict[str, str]) -> None:
        before = len(self.found)
        for column in ("office_id", "name"):
            if not values[column]:
                self.problem(line, column, "", Text("không được để trống", "must not be empty"))
        if values["level"] not in get_args(OfficeLevel):
            choices = {name: label.vi for name, label in OFFICE_LEVELS.items()}
            near = did_you_mean(nearest(values["level"], cast("dict[str, str]", choices), 1))
            reason = Text("chỉ là province hoặc grassroots", "must be province or grassroots")
            if near:
                reason = Text(f"{reason.vi}. {near.vi}", f"{reason.en}. {near.en}")
            self.problem(line, "level", values["level"], reason)
        begin = self._date(line, "from_date", values["from_date"], needed=True)
        end = self._date(line, "to_date", values["to_date"], needed=False)
        if begin and end and end <= begin:
            reason = Text(
                f"phải sau from_date ({short_date(begin, 'vi')})",
                f"must be after from_date ({short_date(begin, 'en')})",
            )
            self.problem(line, "to_date", values["to_date"], reason)
        self._commune(line, values["commune_code"], begin)
        if len(self.found) == before and begin:
            office = Office(values["office_id"], same(values["name"]), cast(OfficeLevel, values["level"]))
            self.services.append(Service(office, values["commune_code"], begin, end, line))

    def _date(self, line: int, column: str, value: str, *, needed: bool) -> date | None:
        if not value:
            if needed:
                self.problem(line, column, "", Text("không được để trống", "must not be empty"))
            return None
        try:
            return read_date(value)
        except BaophuError:
            reason = Text(
                "không phải là ngày; viết 2025-07-01 hoặc 01/07/2025", "is not a date; write 2025-07-01 or 01/07/2025"
            )
            self.problem(line, column, value, reason)
            return None

    def _commune(self, line: int, code: str, begin: date | None) -> None:
        # Offices serve communes of 2025-07-01 and later; a service that began earlier is checked as of that day.
        areas = units.tree(max(begin or MERGER, MERGER))
        if code in areas and areas.get(code).level == "commune":
            return
        padded = code.zfill(5)
        if code.isdigit() and len(code) < 5 and padded in areas:
            reason = Text(
                f"đã mất số 0 ở đầu; có phải là '{padded}' ({areas.get(padded).full_name})? Định dạng cột là văn bản",
                f"zeros were lost; is it '{padded}' ({areas.get(padded).full_name_en})? Format the column as text",
            )
        elif code in areas:
            area = areas.get(code)
            reason = Text(
                f"là mã của {area.full_name}, không phải của cấp xã", f"is the code of {area.full_name_en}, no commune"
            )
        else:
            reason = _no_commune(code, areas)
        self.problem(line, "commune_code", code, reason)

    def across(self) -> None:
        """Check what no row shows alone: names and levels of an office, and communes that two offices serve."""
        # One office may be renamed from a day on, but has one name and level on any day.
        by_office = _grouped((service.office.office_id, service) for service in self.services)
        for first, second in _overlapping(by_office):
            if first.office.name != second.office.name:
                reason = Text(
                    f"cơ quan {second.office.office_id} có tên khác ở dòng {first.line}: '{first.office.name.vi}'",
                    f"office {second.office.office_id} has another name in row {first.line}: '{first.office.name.en}'",
                )
                self.problem(second.line, "name", second.office.name.vi, reason)
            if first.office.level != second.office.level:
                reason = Text(
                    f"cơ quan {second.office.office_id} thuộc cấp khác ở dòng {first.line}",
                    f"office {second.office.office_id} has another level in row {first.line}",
                )
                self.problem(second.line, "level", second.office.level, reason)
        by_commune = _grouped((f"{service.commune} {service.office.level}", service) for service in self.services)
        for first, second in _overlapping(by_commune):
            if first.commune == second.commune:
                other = first.office.office_id
                reason = (
                    Text(f"trùng với dòng {first.line}", f"overlaps with row {first.line}")
                    if other == second.office.office_id
                    else Text(
                        f"cùng lúc do cơ quan {other} phụ trách (dòng {first.line})",
                        f"is served by office {other} at the same time (row {first.line})",
                    )
                )
                self.problem(second.line, "commune_code", second.commune, reason)


def _no_commune(code: str, areas: units.AreaTree) -> Text:
    if not code:
        return Text("không được để trống", "must not be empty")
    error = units.unknown_area(code, areas)
    return Text(
        f"không phải mã cấp xã. {error.say('vi')}".replace("\n", " "),
        f"is no code of a commune. {error.say('en')}".replace("\n", " "),
    )


def _grouped(pairs: Iterable[tuple[str, Service]]) -> list[list[Service]]:
    groups: dict[str, list[Service]] = {}
    for key, service in pairs:
        groups.setdefault(key, []).append(service)
    return list(groups.values())


def _overlapping(groups: list[list[Service]]) -> Iterable[tuple[Service, Service]]:
    """Give, for each service, the one before it in its group that it overlaps and that lasts longest."""
    for group in groups:
        lasting: Service | None = None
        for service in sorted(group, key=lambda one: (one.from_date, one.line)):
            if lasting and lasting.holds(service.from_date):
                yield lasting, service
            if lasting is None or (service.to_date or date.max) > (lasting.to_date or date.max):
                lasting = service


def read_offices(path: Path) -> Offices:
    """Read and check a file of offices; BaophuError tells every row, column, value and reason, and nothing is taken."""
    cells = _read_cells(path)
    places = _header(path, cells)
    checker = _Checker()
    for line, row in enumerate(cells[1:], start=2):
        if any(row):
            padded = row + [""] * (len(cells[0]) - len(row))
            checker.row(line, {column: padded[place] for column, place in places.items()})
    checker.across()
    if not checker.services and not checker.found:
        checker.problem(2, COLUMNS[0], "", Text("tệp không có dòng nào", "the file has no rows"))
    if checker.found:
        raise _refused(path, checker.problems)
    left_out = tuple(name for name in cells[0] if name and name not in COLUMNS)
    return Offices(tuple(checker.services), left_out)


def import_offices(path: Path, home: Path) -> Stored:
    """Check a file of offices and store it under `<home>/warehouse/areas/offices/`; BaophuError as `read_offices`."""
    digest = sha256(path)
    read = read_offices(path)
    facts = {
        "rows": len(read.services),
        "offices": len({service.office.office_id for service in read.services}),
        "left_out": list(read.left_out),
    }
    return store(home, _BELOW, path, digest, facts, lambda folder: _write(folder / _FILE, read))


def _write(path: Path, offices: Offices) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for service in offices.services:
            office, end = service.office, service.to_date
            names = (office.office_id, office.name.vi, office.level, service.commune)
            writer.writerow([*names, service.from_date.isoformat(), end.isoformat() if end else ""])


def offices(home: Path) -> Offices:
    """Return the newest offices of a home folder; without any, those that the provinces are."""
    stored = newest(home / "warehouse" / _BELOW)
    return _stored(stored.folder / _FILE) if stored else Offices()


@lru_cache(maxsize=4)
def _stored(path: Path) -> Offices:
    """Read a list that was taken in, once: it never changes."""
    return read_offices(path)
