"""Reading and checking a file of targets: everything that is wrong is told at once, each with its place.

Nothing is changed here. A file is whole when it has no faults; `importing` takes only whole files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from baophu.areas.units import Area, AreaTree, tree
from baophu.core.errors import BaophuError, Problem
from baophu.core.languages import Text, same
from baophu.core.names import fold
from baophu.core.numbers import read_date
from baophu.indicators.catalogue import SCOPES, Indicator, Scope, indicator
from baophu.targets import form
from baophu.targets.cells import read_value
from baophu.targets.decisions import (
    COUNTRY,
    DIRECTIONS,
    Assigned,
    Decision,
    Direction,
    Issued,
    Target,
    decision,
    decisions,
    governing,
    target_of,
)
from baophu.targets.form import Column
from baophu.targets.words import target_text, value_text
from baophu.targets.workbook import Book, Cell, Sheet, read_book

MOST_MISSING_NAMED = 40
MOST_LETTERS = 120
_TOTAL = ("tong", "cong", "ca nuoc", "toan tinh", "toan quoc")
_KIND = re.compile(r"^(thanh pho|tp|tinh|phuong|xa|dac khu|thi tran|p|x|dk) (?=\D)")
_ALSO_CALLED = {"79": {"hcm", "tphcm"}}

# Headings that are known and yet name no indicator.
_NO_INDICATOR = (form.is_code_heading, form.is_name_heading, form.is_high_heading)
_NOTHING = same("")
_MISSING = Text(
    "Bảng thiếu đơn vị này. Thêm dòng và số được giao.", "This unit is not there. Add its row and its figures."
)
_NOT_READ = Text(
    "Cột này không phải chỉ tiêu trong danh mục nên không được đọc.",
    "This column is no indicator of the catalogue and was not read.",
)
_NO_DECISION = Text(
    f"Chưa biết quyết định nào giao. Thêm --decision, hoặc điền trang '{form.DECISION_SHEET}'.",
    f"It is not known which decision assigns this. Add --decision, or fill in the sheet '{form.DECISION_SHEET}'.",
)
_NOT_FILLED_IN = Text(
    "Chưa điền. Chương trình chưa có quyết định này nên cần biết.",
    "Not filled in. The program does not have this decision yet and needs it.",
)
_TOO_LONG = Text(f"Dài hơn {MOST_LETTERS} chữ. Viết gọn lại.", f"Longer than {MOST_LETTERS} letters. Shorten it.")
_ONE_OF = Text("Ghi một trong các cách: {vi}.", "Write one of: {en}.")
_NO_DAY = Text(
    "Chưa biết ngày. Thêm dòng '{row}' phía trên tiêu đề và ghi ngày ở cột này.",
    "A day is lacking. Add the row '{row}' above the headings, with the day in this column.",
)
_DAYS_TURNED = Text(
    "'So với ngày' ({base}) phải trước 'Đến ngày' ({end}).", "The base date ({base}) must come before the end ({end})."
)
_NEEDS_HIGH = Text(
    f"Một khoảng cần hai số: thêm cột '{form.HIGH_HEADING.vi}' ngay bên phải cột này.",
    f"A range needs two figures: add the column '{form.HIGH_HEADING.vi}' to the right of this one.",
)
_HIGH_ALONE = Text(
    f"Cột '{form.HIGH_HEADING.vi}' phải đứng ngay bên phải cột chỉ tiêu của nó.",
    f"A column '{form.HIGH_HEADING.vi}' must stand to the right of the indicator that it belongs to.",
)
_ONLY_RANGES = Text(
    f"Có cột '{form.HIGH_HEADING.vi}' thì mức giao phải là '{DIRECTIONS['range'].vi}'. Sửa mức giao hoặc bỏ cột đó.",
    f"With a column '{form.HIGH_HEADING.vi}' the direction is '{DIRECTIONS['range'].en}'. Mend it or drop that column.",
)
_ENDS_TURNED = Text(
    "Nhỏ hơn mức thấp {vi} ở ô {where}. Xem lại hai ô.", "Less than the low end {en} in {where}. Check both cells."
)
_NO_FIGURE = Text(
    f"Mức giao '{DIRECTIONS['above_last_year'].vi}' không cần số. Xoá ô này, hoặc sửa mức giao.",
    f"'{DIRECTIONS['above_last_year'].en}' needs no figure. Empty this cell, or mend the direction.",
)
_NO_SUM = Text(
    "Chưa biết số giao cho {vi} nên không đối chiếu được tổng.",
    "What {en} was assigned is not known, so the sum was not compared.",
)
_IF_SO = Text(
    "Xem lại các số; nếu quyết định đúng là như vậy thì nạp với --accept-difference.",
    "Check the figures; if the decision does say so, import with --accept-difference.",
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a place in the file.

    `cell` is None where the table as a whole is meant; `elsewhere` is for a sheet that is not the table's.
    """

    sheet: str
    cell: Cell | None
    about: Text
    words: Text
    elsewhere: bool = False

    @property
    def value(self) -> str:
        """What the cell holds."""
        return self.cell.text if self.cell else ""

    @property
    def problem(self) -> Problem:
        """The remark as a line for a person."""
        vi, en = "Cả bảng", "The table"
        if self.cell is not None:
            row, place = self.cell.row + 1, self.cell.place
            vi, en = f"Dòng {row}, ô {place}", f"Row {row}, cell {place}"
        if self.elsewhere:
            vi, en = f"Trang '{self.sheet}', {vi[0].lower()}{vi[1:]}", f"Sheet '{self.sheet}', {en[0].lower()}{en[1:]}"
        if self.about.vi:
            vi, en = f"{vi} ({self.about.vi})", f"{en} ({self.about.en})"
        return Problem(Text(vi, en), self.value, self.words)


@dataclass(frozen=True, slots=True)
class Sum:
    """What the children of one column come to, beside what the parent was assigned."""

    column: Column
    total: Decimal
    parent: Target | None
    is_high: bool = False
    """Whether it is the upper ends of ranges that were added up."""

    @property
    def assigned(self) -> Decimal | None:
        """The parent's figure."""
        if self.parent is None:
            return None
        return self.parent.high if self.is_high else self.parent.value

    @property
    def difference(self) -> Decimal | None:
        """The children's sum less the parent's figure."""
        return None if self.assigned is None else self.total - self.assigned


@dataclass(slots=True)
class Checked:
    """A file that was read and checked. It is whole where `faults` is empty; only then are `targets` complete."""

    book: Book
    decision: Decision | None = None
    parent: Area | None = None
    units_read: int = 0
    targets: list[Target] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Table:
    """Where the figures stand in a sheet."""

    sheet: Sheet
    header: int
    code: int
    name: int | None
    indicators: dict[int, Indicator]
    highs: dict[int, int]
    """By the column of an indicator that of the upper ends of its ranges."""
    told: dict[str, dict[int, Cell]]

    @property
    def headings(self) -> list[Cell]:
        return self.sheet.rows[self.header]

    def name_of(self, row: list[Cell]) -> str:
        return row[self.name].text if self.name is not None else ""


def read_targets(
    path: Path,
    *,
    decision_word: str | None = None,
    known: Iterable[Target] = (),
    accept_difference: bool = False,
) -> Checked:
    """Read and check a file of targets. What is wrong with its content is in the answer, place by place.

    `known` are all targets known so far: the figure of the parent is looked up among them, and they fill in what the
    file leaves out (dates, direction). `accept_difference` makes a sum that differs from the parent's figure a warning.
    BaophuError where the file is no table of targets at all, or `decision_word` names no decision.
    """
    return _Reader(read_book(path), list(known), accept_difference).read(decision_word)


class _Reader:
    """One reading of one file."""

    def __init__(self, book: Book, known: list[Target], accept_difference: bool) -> None:
        self.areas: AreaTree = tree()
        self.known = known
        self.accept_difference = accept_difference
        self.checked = Checked(book)
        self.table = self._find_table()
        self.facts = self._find_facts()
        self.meant: set[str] = set()
        self.cells: dict[tuple[str, int], Cell] = {}
        self.values: dict[tuple[str, int], Decimal] = {}

    def read(self, decision_word: str | None) -> Checked:
        """Check everything in turn; each step goes on with what the one before could make out."""
        rows = self._rows()
        parent = self.checked.parent = self._parent(rows)
        self.checked.decision = self._decision(decision_word, parent)
        columns = self._columns(parent)
        totals = [row for row in rows if self._is_total(row, parent)]
        units = [row for row in rows if row not in totals]
        self.checked.units_read = len(units)
        areas = self._units(units, parent)
        for area, row in areas:
            self._read_figures(area, row, columns)
        self._check_missing([area for area, _ in areas], parent)
        self._check_parts([area for area, _ in areas], columns)
        self._check_sums(columns, totals, parent)
        if not self.checked.faults and self.checked.decision is not None:
            self._assign(self.checked.decision, columns)
        return self.checked

    # What the file is about

    def _find_table(self) -> _Table:
        for sheet in self.checked.book.sheets:
            told: dict[str, dict[int, Cell]] = {}
            for number, row in enumerate(sheet.rows):
                cells = [cell for cell in row if cell.kind != "empty"]
                if cells and (key := form.label_of(cells[0].text, form.COLUMN_ROWS)):
                    told[key] = {cell.column: cell for cell in cells[1:]}
                code = next((cell.column for cell in cells if form.is_code_heading(cell.text)), None)
                if code is None:
                    continue
                found = self._indicators(sheet, cells, told.get("indicator", {}))
                if found:
                    name = next((cell.column for cell in cells if form.is_name_heading(cell.text)), None)
                    return _Table(sheet, number, code, name, found, self._highs(sheet, cells, found), told)
        raise BaophuError(
            Text(
                f"Không thấy bảng chỉ tiêu trong {self.checked.book.path.name}: cần một dòng tiêu đề có cột "
                f"'{form.CODE_HEADING.vi}' và ít nhất một cột chỉ tiêu. Không có gì được nhận.",
                f"There is no table of targets in {self.checked.book.path.name}: a heading row needs a column "
                f"'{form.CODE_HEADING.vi}' (or 'code') and at least one indicator. Nothing was taken.",
            ),
            Text(
                "Lấy biểu mẫu để điền: baophu targets template --out bieu-mau.xlsx",
                "Take a form to fill in: baophu targets template --out form.xlsx",
            ),
        )

    def _indicators(self, sheet: Sheet, headings: list[Cell], told: dict[int, Cell]) -> dict[int, Indicator]:
        """Return the columns that are indicators: by the id told above them, else by their heading."""
        found: dict[int, Indicator] = {}
        for cell in headings:
            if any(known(cell.text) for known in _NO_INDICATOR):
                continue
            named = told.get(cell.column)
            try:
                record = indicator(named.text) if named else form.indicator_of(cell.text)
            except BaophuError as error:
                self.checked.faults.append(Remark(sheet.name, named, _NOTHING, _whole(error)))
                continue
            if record is not None:
                found[cell.column] = record
        for cell in headings if found else ():
            known = cell.column in found or any(known(cell.text) for known in _NO_INDICATOR)
            if not known and cell.column not in told:
                self.checked.notes.append(Remark(sheet.name, cell, _NOTHING, _NOT_READ))
        return found

    def _highs(self, sheet: Sheet, headings: list[Cell], indicators: dict[int, Indicator]) -> dict[int, int]:
        """Return the columns of the upper ends of ranges, each by the column of its indicator, next on its left."""
        found: dict[int, int] = {}
        for before, cell in pairwise([None, *headings]):
            if cell is None or not form.is_high_heading(cell.text):
                continue
            if before is None or before.column not in indicators:
                self.checked.faults.append(Remark(sheet.name, cell, _NOTHING, _HIGH_ALONE))
            else:
                found[before.column] = cell.column
        return found

    def _find_facts(self) -> dict[str, tuple[Sheet, Cell]]:
        found: dict[str, tuple[Sheet, Cell]] = {}
        for sheet in self.checked.book.sheets:
            if sheet is self.table.sheet:
                rows = sheet.rows[: self.table.header]
            elif fold(sheet.name) == fold(form.DECISION_SHEET):
                rows = sheet.rows
            else:
                continue
            for row in rows:
                cells = [cell for cell in row if cell.kind != "empty"]
                key = form.label_of(cells[0].text, form.FACTS) if len(cells) > 1 else None
                if key is not None:
                    found[key] = (sheet, cells[1])
        return found

    def _fact(self, key: str) -> str:
        return self.facts[key][1].text if key in self.facts else ""

    def _parent(self, rows: list[list[Cell]]) -> Area:
        """Return the area below which the file assigns: the one it names, else the one above most of its codes."""
        if "parent" in self.facts:
            sheet, cell = self.facts["parent"]
            try:
                return self.areas.get(cell.text.zfill(len(COUNTRY)))
            except BaophuError as error:
                self._fault(cell, _whole(error), sheet=sheet)
        above: Counter[str] = Counter()
        for row in rows:
            text = row[self.table.code].text
            code = next((code for code in (text, text.zfill(2), text.zfill(5)) if code in self.areas), COUNTRY)
            above.update([self.areas.get(code).parent or COUNTRY])
        return self.areas.get(above.most_common(1)[0][0] if above else COUNTRY)

    def _decision(self, word: str | None, parent: Area) -> Decision | None:
        known = decisions() | {target.decision.id: target.decision for target in self.known}
        given = decision(word, known) if word else None
        number = self._fact("number")
        if not number:
            if given is None:
                self._fault(None, _NO_DECISION)
            return given
        if given is None:
            return self._decision_of_file(number, known, parent)
        if fold(number) not in (given.id, fold(given.number)):
            sheet, cell = self.facts["number"]
            words = Text(
                f"Tệp ghi quyết định này, còn --decision là {given.number}. Sửa cho khớp.",
                f"The file names this decision, and --decision is {given.number}. Make them agree.",
            )
            self._fault(cell, words, sheet=sheet)
        return given

    def _decision_of_file(self, number: str, known: dict[str, Decision], parent: Area) -> Decision | None:
        issued = self._day(*self.facts["issued"]) if "issued" in self.facts else None
        for record in known.values():
            # Two offices may give the same number; they hardly do on the same day.
            if fold(number) == fold(record.number) and issued in (None, record.issued.on):
                return record
        lacking = [key for key in ("issued", "issuer", "title") if not self._fact(key)]
        for key in lacking:
            self._fault(None, _NOT_FILLED_IN, about=form.FACTS[key])
        for key in ("number", "issuer", "issuer_en"):
            if len(self._fact(key)) > MOST_LETTERS:
                sheet, cell = self.facts[key]
                self._fault(cell, _TOO_LONG, sheet=sheet)
        if lacking or issued is None or self.checked.faults:
            return None
        return Decision(
            id=_slug(f"{number[:60]} {parent.code} {issued.year}"),
            number=number,
            title=Text(self._fact("title"), self._fact("title_en") or self._fact("title")),
            issuer=Text(self._fact("issuer"), self._fact("issuer_en") or self._fact("issuer")),
            issued=Issued(on=issued),
            sources=(self._fact("source") or self.checked.book.path.name,),
        )

    def _day(self, sheet: Sheet, cell: Cell) -> date | None:
        try:
            return read_date(cell.text)
        except BaophuError as error:
            self._fault(cell, _whole(error), sheet=sheet)
            return None

    # What each column assigns

    def _columns(self, parent: Area) -> dict[int, Column]:
        columns: dict[int, Column] = {}
        for at, record in self.table.indicators.items():
            column = self._column(at, record, parent)
            if column is None:
                continue
            heading = self.table.headings[at]
            twin = next((other for other, found in columns.items() if _subject(found) == _subject(column)), None)
            if twin is None:
                columns[at] = column
            else:
                first = self.table.headings[twin].place
                words = Text(
                    f"Cột này giao cùng chỉ tiêu và cùng ngày với cột ở ô {first}. Bỏ một cột.",
                    f"This column assigns the same indicator and day as the one in {first}. Drop one of them.",
                )
                self._fault(heading, words)
        return columns

    def _column(self, at: int, record: Indicator, parent: Area) -> Column | None:
        """Return what a column assigns: as told above it, else as the parent was assigned; None where it is unknown."""
        told = {key: cells[at] for key, cells in self.table.told.items() if at in cells}
        heading, before = self.table.headings[at], len(self.checked.faults)
        scope = form.scope_of(told["scope"].text) if "scope" in told else None
        if "scope" in told and scope not in record.scopes:
            self._fault(
                told["scope"], _ONE_OF.fill(vi=_list(SCOPES, record.scopes).vi, en=_list(SCOPES, record.scopes).en)
            )
        has_high = at in self.table.highs
        direction: Direction | None = "range" if has_high else None
        if "direction" in told:
            direction = form.direction_of(told["direction"].text)
            if direction is None:
                allowed = _list(DIRECTIONS, DIRECTIONS)
                self._fault(told["direction"], _ONE_OF.fill(vi=allowed.vi, en=allowed.en))
            elif has_high != (direction == "range"):
                self._fault(told["direction"], _ONLY_RANGES if has_high else _NEEDS_HIGH)
        days = {key: self._day(self.table.sheet, told[key]) for key in ("period_end", "base_date") if key in told}
        if len(self.checked.faults) > before:
            return None
        period_end = days.get("period_end") or form.day_in_heading(heading.text)
        above = self._assigned_above(record, parent, period_end, scope, direction)
        period_end = period_end or (above.period_end if above else None)
        base_date = days.get("base_date") or (above.base_date if above else None)
        if period_end is None or base_date is None:
            lacking = form.COLUMN_ROWS["period_end" if period_end is None else "base_date"]
            self._fault(heading, _NO_DAY.fill(row=lacking.vi))
            return None
        if base_date >= period_end:
            self._fault(heading, _DAYS_TURNED.fill(base=f"{base_date:%d/%m/%Y}", end=f"{period_end:%d/%m/%Y}"))
            return None
        return Column(
            indicator=record,
            scope=scope or (above.scope if above else "all"),
            base_date=base_date,
            period_end=period_end,
            direction=direction or (above.direction if above else record.direction),
        )

    def _assigned_above(
        self,
        record: Indicator,
        parent: Area,
        period_end: date | None,
        scope: Scope | None,
        direction: Direction | None,
    ) -> Target | None:
        """Return the target of the parent that a column breaks down, where only one comes into question."""
        kinds = form.ONE_FIGURE if direction is None or direction in form.ONE_FIGURE else (direction,)
        found = [
            target
            for target in self._standing().values()
            if (target.area_code, target.indicator) == (parent.code, record.id)
            and period_end in (None, target.period_end)
            and scope in (None, target.scope)
            and target.direction in kinds
        ]
        own = [target for target in found if self._is_own(target)]
        return (own or found)[0] if len(own or found) == 1 else None

    def _standing(self) -> dict[tuple[str, str, str, date], Target]:
        """Return what governs each subject; this decision's own word comes before any other's."""
        return governing(self.known) | {target.subject: target for target in self.known if self._is_own(target)}

    def _is_own(self, target: Target) -> bool:
        return self.checked.decision is not None and target.decision.id == self.checked.decision.id

    # The units

    def _rows(self) -> list[list[Cell]]:
        """Return the rows below the headings that carry figures or a unit, without footnotes and signatures."""
        found = []
        for row in self.table.sheet.rows[self.table.header + 1 :]:
            code, label = row[self.table.code].text, self._label(row)
            numbers_columns = row[0].row == self.table.header + 1 and re.fullmatch(r"\(?(\d{1,2}|[a-z])\)?", label)
            has_code = any(letter.isdigit() for letter in code)
            has_figures = any(re.match(r"[-−+]?\d", row[at].text) for at in self.table.indicators)
            is_beside = label.startswith(form.BESIDE_LABELS)
            if not numbers_columns and not is_beside and (has_code or has_figures or self._named(label)):
                found.append(row)
        return found

    def _label(self, row: list[Cell]) -> str:
        return fold(self.table.name_of(row) or row[self.table.code].text)

    def _is_total(self, row: list[Cell], parent: Area) -> bool:
        code = row[self.table.code].text
        has_code = any(letter.isdigit() for letter in code)
        if has_code:
            return code.zfill(len(COUNTRY)) == parent.code
        return self._label(row).startswith(_TOTAL)

    def _units(self, rows: list[list[Cell]], parent: Area) -> list[tuple[Area, list[Cell]]]:
        found: list[tuple[Area, list[Cell]]] = []
        first: dict[str, Cell] = {}
        for row in rows:
            cell = row[self.table.code]
            area = self._area(cell, self.table.name_of(row), parent)
            if area is None:
                continue
            if area.code in first:
                where = first[area.code].place
                words = Text(
                    f"Đơn vị này có hai lần, lần đầu ở ô {where}. Bỏ một dòng.",
                    f"This unit is there twice, first in {where}. Drop one of the rows.",
                )
                self._fault(cell, words, about=area.full_label)
                continue
            first[area.code] = cell
            found.append((area, row))
        return found

    def _area(self, cell: Cell, name: str, parent: Area) -> Area | None:
        """Return the unit of a row; None where it is not certain, and then why is told."""
        meant = self._named(name, parent)
        if meant is not None:
            self.meant.add(meant.code)
        proposal = (
            Text(
                f" Theo tên thì mã là {meant.code} ({meant.full_name}).",
                f" By its name the code is {meant.code} ({meant.full_name_en}).",
            )
            if meant is not None and meant.code != cell.text
            else same("")
        )
        if cell.kind == "empty":
            self._fault(
                cell, Text(f"Thiếu mã đơn vị.{proposal.vi}", f"The code is missing.{proposal.en}"), about=same(name)
            )
            return None
        if meant is not None and cell.text != meant.code and cell.text.zfill(len(meant.code)) == meant.code:
            words = Text(
                f"Mã bị mất số 0 ở đầu; đã đọc là {meant.code} vì khớp tên.",
                f"The code has lost its leading zeros; it was read as {meant.code}, which the name confirms.",
            )
            self._note(cell, words, about=meant.full_label)
            return self._below(cell, meant, parent)
        try:
            area = self.areas.get(cell.text)
        except BaophuError as error:
            told = _whole(error)
            self._fault(cell, Text(told.vi + proposal.vi, told.en + proposal.en), about=same(name))
            return None
        if name and not _is_name_of(name, area):
            self.meant.add(area.code)
            words = Text(
                f"Mã {area.code} là {area.full_name}, không phải '{name}'.{proposal.vi} Sửa mã hoặc tên.",
                f"The code {area.code} is {area.full_name_en}, not '{name}'.{proposal.en} Mend the code or the name.",
            )
            self._fault(cell, words, about=same(name))
            return None
        return self._below(cell, area, parent)

    def _below(self, cell: Cell, area: Area, parent: Area) -> Area | None:
        if area.parent == parent.code:
            return area
        words = Text(
            f"{area.full_name} không trực thuộc {parent.full_name}. Bỏ dòng này.",
            f"{area.full_name_en} is not directly below {parent.full_name_en}. Drop this row.",
        )
        self._fault(cell, words, about=area.full_label)
        return None

    def _named(self, name: str, parent: Area | None = None) -> Area | None:
        """Return the one unit that a name fits, among the children of the parent, else among the provinces."""
        for areas in (self.areas.children(parent.code) if parent else (), self.areas.provinces):
            found = [area for area in areas if _is_name_of(name, area)]
            if len(found) == 1:
                return found[0]
        return None

    def _check_missing(self, there: list[Area], parent: Area) -> None:
        # A unit whose row is there and wrong has been told at its row.
        spoken = self.meant.union(area.code for area in there)
        missing = [area for area in self.areas.children(parent.code) if area.code not in spoken]
        for area in missing[:MOST_MISSING_NAMED]:
            self._fault(None, _MISSING, about=Text(f"{area.code} {area.full_name}", f"{area.code} {area.full_name_en}"))
        if rest := len(missing[MOST_MISSING_NAMED:]):
            self._fault(None, Text(f"Còn thiếu {rest} đơn vị nữa.", f"{rest} more units are missing."))

    # The figures

    def _read_figures(self, area: Area, row: list[Cell], columns: dict[int, Column]) -> None:
        for at, column in columns.items():
            if column.direction == "above_last_year":
                self.cells[area.code, at] = row[at]
                if row[at].kind != "empty" and form.direction_of(row[at].text) != column.direction:
                    self._fault(row[at], _NO_FIGURE, about=area.full_label)
                continue
            self._read_figure(area, row[at], column)
            if column.direction == "range":
                self._read_range(area, row[at], row[self.table.highs[at]], column)

    def _read_figure(self, area: Area, cell: Cell, column: Column) -> None:
        reading = read_value(cell, column.indicator.unit)
        self.cells[area.code, cell.column] = cell
        if reading.fault is not None:
            self._fault(cell, reading.fault, about=area.full_label)
        if reading.note is not None:
            self._note(cell, reading.note, about=area.full_label)
        if reading.value is not None:
            self.values[area.code, cell.column] = reading.value

    def _read_range(self, area: Area, low: Cell, high: Cell, column: Column) -> None:
        """Read the upper end of a range, which does not lie below the lower one."""
        self._read_figure(area, high, column)
        least, most = (self.values.get((area.code, cell.column)) for cell in (low, high))
        if least is not None and most is not None and most < least:
            said = value_text(column.indicator.id, least)
            self._fault(high, _ENDS_TURNED.fill(vi=said.vi, en=said.en, where=low.place), about=area.full_label)

    def _check_parts(self, areas: list[Area], columns: dict[int, Column]) -> None:
        pairs = [
            (whole, part)
            for whole, of in columns.items()
            for part, column in columns.items()
            if column.indicator.id in of.indicator.parts and column.period_end == of.period_end
        ]
        for area in areas:
            for whole, part in pairs:
                all_of, some = self.values.get((area.code, whole)), self.values.get((area.code, part))
                if all_of is None or some is None or some <= all_of:
                    continue
                record, where = columns[whole].indicator, self.cells[area.code, whole].place
                much = value_text(record.id, all_of)
                words = Text(
                    f"Lớn hơn {much.vi} ở ô {where}, mà chỉ là một phần của '{record.name.vi}'. Xem lại hai ô.",
                    f"More than {much.en} in {where}, and only a part of '{record.name.en}'. Check both cells.",
                )
                self._fault(self.cells[area.code, part], words, about=area.full_label)

    def _check_sums(self, columns: dict[int, Column], totals: list[list[Cell]], parent: Area) -> None:
        """Compare what the children come to with the total that the file states and with the parent's figure."""
        children, standing = self.areas.children(parent.code), self._standing()
        figures = [(at, column, False) for at, column in columns.items()]
        figures += [
            (self.table.highs[at], column, True) for at, column in columns.items() if column.direction == "range"
        ]
        for at, column, is_high in figures:
            record = column.indicator
            if record.unit == "share" or not all((area.code, at) in self.values for area in children):
                continue
            total = sum((self.values[area.code, at] for area in children), Decimal(0))
            shown = value_text(record.id, total)
            for row in totals:
                stated = read_value(row[at], record.unit).value
                if stated not in (None, total) and not row[at].is_formula:
                    words = Text(
                        f"Cộng các đơn vị được {shown.vi}, khác số ghi ở dòng này. Xem lại.",
                        f"The units come to {shown.en}, which is not what this row says. Check it.",
                    )
                    self._fault(row[at], words)
            target = standing.get((record.id, parent.code, column.scope, column.period_end))
            result = Sum(column, total, target, is_high)
            self.checked.sums.append(result)
            heading = self.table.headings[at]
            if target is None or result.difference is None:
                self._note(heading, _NO_SUM.fill(vi=parent.full_name, en=parent.full_name_en))
            elif result.difference:
                assigned = value_text(record.id, result.assigned)
                gap = value_text(record.id, result.difference)
                sign = "+" if result.difference > 0 else ""
                words = Text(
                    f"Cộng các đơn vị được {shown.vi}, số giao cho {parent.full_name} là {assigned.vi} "
                    f"({target.decision.number}): chênh {sign}{gap.vi}.",
                    f"The units come to {shown.en}, and {parent.full_name_en} was assigned {assigned.en} "
                    f"({target.decision.number}): a difference of {sign}{gap.en}.",
                )
                if self.accept_difference:
                    self.checked.warnings.append(Remark(self.table.sheet.name, heading, _NOTHING, words))
                else:
                    self._fault(heading, Text(f"{words.vi} {_IF_SO.vi}", f"{words.en} {_IF_SO.en}"))

    # What is taken

    def _assign(self, own: Decision, columns: dict[int, Column]) -> None:
        before = {target.subject: target for target in self.known if self._is_own(target)}
        phases = {phase.date: phase.id for phase in own.phases}
        for code, at in sorted(self.cells):
            if at not in columns:
                continue
            column, value = columns[at], self.values.get((code, at))
            high = self.values.get((code, self.table.highs[at])) if column.direction == "range" else None
            target = target_of(
                own,
                Assigned(
                    indicator=column.indicator.id,
                    area_code=code,
                    scope=column.scope,
                    period_end=column.period_end,
                    base_date=column.base_date,
                    value=value,
                    high=high,
                    direction=column.direction,
                    phase=phases.get(column.period_end),
                ),
                self.checked.book.path.name,
            )
            self.checked.targets.append(target)
            known = before.get(target.subject)
            if known is not None and (known.value, known.high) != (value, high):
                was = (
                    target_text(known)
                    if known.value is None or known.high
                    else value_text(column.indicator.id, known.value)
                )
                words = Text(
                    f"Số đã biết của quyết định này là {was.vi} ({known.source}). "
                    "Lấy số của tệp; số cũ vẫn được giữ trong hồ sơ.",
                    f"The figure known of this decision is {was.en} ({known.source}). "
                    "The file's is taken; the old one is kept.",
                )
                cell, area = self.cells[code, at], self.areas.get(code)
                self.checked.warnings.append(Remark(self.table.sheet.name, cell, area.full_label, words))

    def _fault(self, cell: Cell | None, words: Text, *, about: Text = _NOTHING, sheet: Sheet | None = None) -> None:
        self.checked.faults.append(self._remark(cell, words, about, sheet))

    def _note(self, cell: Cell, words: Text, *, about: Text = _NOTHING) -> None:
        self.checked.notes.append(self._remark(cell, words, about, None))

    def _remark(self, cell: Cell | None, words: Text, about: Text, sheet: Sheet | None) -> Remark:
        here = sheet or self.table.sheet
        return Remark(here.name, cell, about, words, elsewhere=here is not self.table.sheet)


def _whole(error: BaophuError) -> Text:
    """Return all that an error says as one text."""
    return (
        error.what
        if error.mend is None
        else Text(f"{error.what.vi} {error.mend.vi}", f"{error.what.en} {error.mend.en}")
    )


def _list(names: Mapping[Any, Text], keys: Iterable[str]) -> Text:
    chosen = [names[key] for key in keys]
    return Text(" / ".join(name.vi for name in chosen), " / ".join(name.en for name in chosen))


def _subject(column: Column) -> tuple[str, str, date]:
    return (column.indicator.id, column.scope, column.period_end)


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")


def _is_name_of(words: str, area: Area) -> bool:
    """Tell whether a name as offices write it means an area: with or without its kind, diacritics, points."""
    plain = _plain(words)
    names = {_plain(area.name), _plain(area.full_name)} | _ALSO_CALLED.get(area.code, set())
    return plain in names or _KIND.sub("", plain) in names


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[.,'’-]", " ", fold(words)).split())
