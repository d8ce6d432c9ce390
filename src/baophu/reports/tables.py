"""Progress as data and as tables: JSON, CSV, Excel, the terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core import numbers
from baophu.core.excel import FONT, fit_a4, height, new_workbook
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING
from baophu.indicators.catalogue import indicator
from baophu.targets.decisions import BOUNDS, DIRECTIONS
from baophu.targets.progress import COLUMNS, REASONS, Progress, State
from baophu.targets.words import change_text, date_text, difference_text, figure_text, target_text

if TYPE_CHECKING:
    from rich.console import RenderableType
    from xlsxwriter import Workbook

ICONS: dict[State, str] = {"met": "●", "attention": "▲", "late": "■", "unknown": "◌"}
NARROW_TERMINAL = 140
UNSAID = ("scope_differs", "no_value", "value_before_period_end")
_COLOURS: dict[State, str] = {"met": "cyan", "attention": "yellow", "late": "red", "unknown": "bright_black"}


def as_json(rows: Iterable[Progress]) -> str:
    """Return rows as a JSON list with the columns of the results contract."""
    return json.dumps([row.row() for row in rows], ensure_ascii=False, indent=1)


def as_csv(rows: Iterable[Progress]) -> str:
    """Return rows as CSV with the columns of the results contract; a missing value is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.row() for row in rows)
    return text.getvalue()


def value_cell(row: Progress, lang: Language) -> str:
    """Return the value of a row as written, or a dash."""
    return figure_text(row.figure).say(lang) if row.figure and row.actual is not None else MISSING


def reason_words(row: Progress, lang: Language) -> str:
    """Return why something of a row is missing or to be minded, in words."""
    return "; ".join(REASONS[reason].say(lang) for reason in row.reasons)


def unsaid(rows: Iterable[Progress], lang: Language) -> list[str]:
    """Return, for each reason why a value or a comparison is missing, the targets it holds for."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for reason in row.reasons:
            if reason in UNSAID:
                names = found.setdefault(REASONS[reason].say(lang), [])
                name = cells(row, lang)[0]
                names += [] if name in names else [name]
    return [f"{MISSING} {words}: {', '.join(names)}" for words, names in found.items()]


def heads(lang: Language) -> list[str]:
    """Return the heads of the columns that people read."""
    texts = [
        Text("Chỉ tiêu", "Indicator"),
        Text("Tình hình", "State"),
        Text("Giá trị", "Value"),
        Text("Ngày số liệu", "Value of"),
        Text("Mục tiêu", "Target"),
        Text("Đến ngày", "By"),
        Text("Tỷ lệ đạt", "Achieved"),
        Text("Phát triển", "Development"),
        Text("So cùng kỳ", "Over a year"),
        Text("Văn bản", "Document"),
    ]
    return [text.say(lang) for text in texts]


def standing(row: Progress, lang: Language) -> str:
    """Return what to mind of a target's document, else nothing.

    A later one governs, or only the press reports it, or it was issued after the as-of date.
    """
    if not row.governs:
        return Text("đã có văn bản sau thay thế", "a later document governs").say(lang)
    if row.target.decision.rank == "reported":
        return Text("chỉ theo báo chí", "by the press only").say(lang)
    return REASONS["decided_later"].say(lang) if "decided_later" in row.reasons else ""


def _in_brackets(words: str) -> str:
    return f" ({words})" if words else ""


def cells(row: Progress, lang: Language) -> list[str]:
    """Return a row as people read it, in the order of `heads`."""
    target = row.target
    phase = f" ({target.phase.name.say(lang)})" if target.phase else ""
    return [
        indicator(target.indicator).short.say(lang) + phase,
        f"{ICONS[row.state]} {row.state_text.say(lang)}",
        value_cell(row, lang),
        numbers.short_date(row.figure.date if row.figure and row.actual is not None else None, lang),
        target_text(target).say(lang),
        numbers.short_date(target.period_end, lang),
        achieved_cell(row, lang),
        numbers.share(row.development, lang),
        change_text(target.indicator, row.yoy).say(lang),
        target.decision.number + _in_brackets(standing(row, lang)),
    ]


def achieved_cell(row: Progress, lang: Language) -> str:
    """Return the share achieved; of a ceiling, for which a share says little, how far it is kept or passed."""
    if row.target.direction != "at_most" or row.gap is None:
        return numbers.share(row.achieved, lang)
    gap = difference_text(row.target.indicator, abs(row.gap))
    words = Text(f"quá {gap.vi}", f"{gap.en} above") if row.gap > 0 else Text(f"dưới {gap.vi}", f"{gap.en} below")
    return words.say(lang)


def terminal(rows: Sequence[Progress], lang: Language, width: int) -> RenderableType:
    """Return rows as a table for a terminal of a width; a narrow one gets the five columns that matter most."""
    from rich import box
    from rich.table import Table
    from rich.text import Text as Styled

    narrow = width < NARROW_TERMINAL
    named = heads(lang)
    shown = (0, 1, 2, 4, 6) if narrow else tuple(range(len(named)))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=narrow)
    for place in shown:
        right = place in (2, 4, 6, 7, 8)
        table.add_column(named[place], justify="right" if right else "left", overflow="fold", no_wrap=place == 1)
    for row in rows:
        written = cells(row, lang)
        if narrow:
            written[0] += _in_brackets(standing(row, lang))
            written[2] += f"\n{written[3]}" if written[3] != MISSING else ""
            written[4] += f"\n{written[5]}"
        line = [Styled(written[place], style=_COLOURS[row.state] if place == 1 else "") for place in shown]
        table.add_row(*line, style="" if row.governs else "dim")
    return table


def write_xlsx(
    rows: Sequence[Progress], path: Path, title: str, as_of: date, names: dict[str, str], lang: Language
) -> None:
    """Write rows as an Excel workbook: a sheet as people read it, and one with the contract's columns.

    `names` are the areas' names by code. Numbers are numbers, with the formats of the page.
    """
    with new_workbook(path) as book:
        _reading_sheet(book, rows, title, as_of, names, lang)
        _data_sheet(book, rows)


# The columns of the reading sheet and their widths; those from `Mind` on are for the screen and not printed.
_COLUMNS = (
    (Text("Đơn vị", "Area"), 14), (Text("Chỉ tiêu", "Indicator"), 32), (Text("Tình hình", "State"), 18),
    (Text("Giá trị", "Value"), 14), (Text("Ngày số liệu", "Value of"), 12), (Text("Mục tiêu", "Target"), 14),
    (Text("Cách hiểu", "Read as"), 11), (Text("Đến ngày", "By"), 12), (Text("Số đầu kỳ", "Base"), 14),
    (Text("Tỷ lệ đạt", "Achieved"), 10), (Text("Phát triển", "Development"), 11),
    (Text("So cùng kỳ", "Over a year"), 10), (Text("Còn thiếu", "Gap"), 14), (Text("Văn bản", "Document"), 20),
    (Text("Lưu ý", "Mind"), 44), (Text("Nguồn số liệu", "Source"), 60),
)  # fmt: skip
_PRINTED = 14
_FIRST_ROW = 4


def _reading_sheet(
    book: Workbook, rows: Sequence[Progress], title: str, as_of: date, names: dict[str, str], lang: Language
) -> None:
    sheet = book.add_worksheet(Text("Tiến độ", "Targets and progress").say(lang))
    font = {"font_name": FONT, "font_size": 11, "valign": "top"}
    plain = book.add_format({**font, "text_wrap": True, "indent": 1})
    unwrapped = book.add_format({**font, "indent": 1})
    missing = book.add_format({**font, "align": "right"})
    head = book.add_format({**font, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#EEF5F4"})
    styles = {
        "count": book.add_format({**font, "num_format": "#,##0"}),
        "share": book.add_format({**font, "num_format": "0.0%"}),
        "value": book.add_format({**font, "num_format": "0.00%"}),
        "date": book.add_format({**font, "num_format": "dd/mm/yyyy", "align": "right"}),
    }
    sheet.write_string(0, 0, title, book.add_format({**font, "bold": True, "font_size": 14}))
    day = date_text(as_of).say(lang)
    sheet.write_string(
        1, 0, Text(f"Xem ngày {day}", f"As of {day}").say(lang), book.add_format({**font, "italic": True})
    )
    sheet.set_row(_FIRST_ROW - 1, height([("", 1)], 11) * 2)
    for place, (name, width) in enumerate(_COLUMNS):
        sheet.write_string(_FIRST_ROW - 1, place, name.say(lang), head)
        sheet.set_column(place, place, width)
    for line, row in enumerate(rows, start=_FIRST_ROW):
        written = list(_reading_cells(row, names, lang))
        printed = enumerate(written[:_PRINTED])
        texts = [(cell, _COLUMNS[place][1] - 2) for place, (cell, _) in printed if isinstance(cell, str)]
        sheet.set_row(line, height(texts, 11))
        for place, (cell, style) in enumerate(written):
            if cell is None:
                sheet.write_string(line, place, MISSING, missing)
            elif isinstance(cell, Fraction):
                sheet.write_number(line, place, float(cell), styles[style])
            elif isinstance(cell, date):
                sheet.write_datetime(line, place, cell, styles[style])
            else:
                sheet.write_string(line, place, cell, plain if place < _PRINTED else unwrapped)
    last = _FIRST_ROW - 1 + max(len(rows), 1)
    sheet.freeze_panes(_FIRST_ROW, 2)
    sheet.autofilter(_FIRST_ROW - 1, 0, last, len(_COLUMNS) - 1)
    fit_a4(sheet)
    sheet.print_area(0, 0, last, _PRINTED - 1)
    sheet.repeat_rows(_FIRST_ROW - 1)
    sheet.set_footer(f"&L{title}&R&P/&N")


def _reading_cells(
    row: Progress, names: dict[str, str], lang: Language
) -> Iterator[tuple[str | Fraction | date | None, str]]:
    """Yield the cells of a row in the order of `_COLUMNS`, each with the style of its number or date."""
    target = row.target
    unit = "value" if indicator(target.indicator).unit == "share" else "count"
    yield names.get(target.area_code, target.area_code), ""
    yield indicator(target.indicator).name.say(lang), ""
    yield f"{ICONS[row.state]} {row.state_text.say(lang)}", ""
    yield row.actual, unit
    yield (row.figure.date if row.figure and row.actual is not None else None), "date"
    yield row.goal, unit
    yield (BOUNDS[target.bound] if target.bound else DIRECTIONS[target.direction]).say(lang), ""
    yield target.period_end, "date"
    yield (row.base.value if row.base else None), unit
    yield row.achieved, "share"
    yield row.development, "share"
    yield row.yoy, "share"
    yield row.gap, unit
    yield target.decision.number, ""
    yield reason_words(row, lang), ""
    yield (row.figure.source if row.figure else ""), ""


def _data_sheet(book: Workbook, rows: Sequence[Progress]) -> None:
    sheet = book.add_worksheet("progress")
    for place, column in enumerate(COLUMNS):
        sheet.write(0, place, column)
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row.row().values()):
            if isinstance(value, bool):
                sheet.write_boolean(line, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value)
            elif value is not None:
                sheet.write_string(line, place, value)
    sheet.set_column(0, len(COLUMNS) - 1, 14)
    sheet.set_column(1, 2, 40)
    sheet.freeze_panes(1, 3)
