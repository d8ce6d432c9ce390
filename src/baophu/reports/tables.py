"""Progress as data and as tables: JSON, CSV, Excel, the terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core import numbers
from baophu.core.home import whole_file
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING
from baophu.indicators.catalogue import indicator
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


def _superseded(lang: Language) -> str:
    return Text(" (đã thay)", " (superseded)").say(lang)


def cells(row: Progress, lang: Language) -> list[str]:
    """Return a row as people read it, in the order of `heads`."""
    target = row.target
    phase = f" ({target.phase.name.say(lang)})" if target.phase else ""
    superseded = "" if row.governs else _superseded(lang)
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
        target.decision.number + superseded,
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
            written[0] += "" if row.governs else _superseded(lang)
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
    import xlsxwriter

    with whole_file(path) as part:
        book = xlsxwriter.Workbook(part, {"default_date_format": "dd/mm/yyyy"})
        try:
            _reading_sheet(book, rows, title, as_of, names, lang)
            _data_sheet(book, rows)
        finally:
            book.close()


def _reading_sheet(
    book: Workbook, rows: Sequence[Progress], title: str, as_of: date, names: dict[str, str], lang: Language
) -> None:
    sheet = book.add_worksheet(Text("Tiến độ", "Targets and progress").say(lang))
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    plain = book.add_format({**font, "text_wrap": True})
    head = book.add_format({**font, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#EEF5F4"})
    styles = {
        "count": book.add_format({**font, "num_format": "#,##0"}),
        "share": book.add_format({**font, "num_format": "0.0%"}),
        "value": book.add_format({**font, "num_format": "0.00%"}),
        "date": book.add_format({**font, "num_format": "dd/mm/yyyy", "align": "left"}),
    }
    sheet.write(0, 0, title, book.add_format({**font, "bold": True, "font_size": 14}))
    day = date_text(as_of).say(lang)
    sheet.write(1, 0, Text(f"Xem ngày {day}", f"As of {day}").say(lang), book.add_format({**font, "italic": True}))
    columns = [
        (Text("Đơn vị", "Area"), 18), (Text("Chỉ tiêu", "Indicator"), 34), (Text("Tình hình", "State"), 17),
        (Text("Giá trị", "Value"), 15), (Text("Ngày số liệu", "Value of"), 13), (Text("Mục tiêu", "Target"), 15),
        (Text("Cách hiểu", "Read as"), 14), (Text("Đến ngày", "By"), 13), (Text("Số đầu kỳ", "Base"), 15),
        (Text("Tỷ lệ đạt", "Achieved"), 11), (Text("Phát triển", "Development"), 12),
        (Text("So cùng kỳ", "Over a year"), 12), (Text("Còn thiếu", "Gap"), 15), (Text("Văn bản", "Document"), 22),
        (Text("Lưu ý", "Mind"), 44), (Text("Nguồn số liệu", "Source"), 60),
    ]  # fmt: skip
    for place, (name, width) in enumerate(columns):
        sheet.write(3, place, name.say(lang), head)
        sheet.set_column(place, place, width)
    for line, row in enumerate(rows, start=4):
        target = row.target
        unit = "value" if indicator(target.indicator).unit == "share" else "count"
        read_as = (
            target_text(target).say(lang).split(" ")[0] if target.value is not None else target_text(target).say(lang)
        )
        for place, (content, style) in enumerate(
            [
                (names.get(target.area_code, target.area_code), plain),
                (indicator(target.indicator).name.say(lang), plain),
                (f"{ICONS[row.state]} {row.state_text.say(lang)}", plain),
                (row.actual, styles[unit]),
                (row.figure.date if row.figure and row.actual is not None else None, styles["date"]),
                (row.goal, styles[unit]),
                (read_as, plain),
                (target.period_end, styles["date"]),
                (row.base.value if row.base else None, styles[unit]),
                (row.achieved, styles["share"]),
                (row.development, styles["share"]),
                (row.yoy, styles["share"]),
                (row.gap, styles[unit]),
                (target.decision.number, plain),
                (reason_words(row, lang), plain),
                (row.figure.source if row.figure else "", plain),
            ]
        ):
            if content is None:
                sheet.write(line, place, MISSING, plain)
            elif isinstance(content, Fraction):
                sheet.write_number(line, place, float(content), style)
            elif isinstance(content, date):
                sheet.write_datetime(line, place, content, style)
            else:
                sheet.write_string(line, place, str(content), style)
    sheet.freeze_panes(4, 2)
    sheet.autofilter(3, 0, 3 + max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    sheet.set_footer(f"&L{title}&R&P/&N")


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
    sheet.freeze_panes(1, 0)
