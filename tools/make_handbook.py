#!/usr/bin/env python3
"""Makes the handbook's pages of indicators and of published figures from the program's own records.

python tools/make_handbook.py [--out DIR]    writes indicators.md and published.md (default: docs/handbook)
python tools/make_handbook.py --check        writes nothing; exits 1 where a page differs from what would be written
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from pages import main

from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.indicators.catalogue import (
    BREAKDOWNS,
    DIRECTIONS,
    GROUPS,
    OBTAINED,
    SCOPES,
    UNITS,
    Indicator,
    catalogue,
)
from baophu.indicators.published import KINDS, QUALIFIERS, Figure, all_figures, figures_before_merger
from baophu.indicators.statistics import MEASURES

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "handbook"
MADE = "<!-- Made by tools/make_handbook.py from src/baophu/indicators: do not edit. -->"
BILLION = 1_000_000_000

# Of the codes that figures were published for; a code that is missing here stops the making of the page.
PLACES = {"00": "Cả nước", "01": "Hà Nội", "15": "Lào Cai", "38": "Thanh Hóa", "79": "Thành phố Hồ Chí Minh"}
FORMER_PLACES = {"08": "Tuyên Quang", "77": "Bà Rịa - Vũng Tàu"}


def cell(words: str) -> str:
    """Put words into a cell of a table; addresses become links."""
    return re.sub(r"https://[^\s;]+", r"<\g<0>>", words).replace("|", "\\|")


def line(*cells: str) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(cells)} |"


def number(record: Indicator, figure: Figure, lang: Language) -> str:
    """Write a figure in its indicator's unit: shares as published, large money in billions, counts in full."""
    if record.unit == "share":
        return numbers.share_as_published(figure.value, lang)
    unit = UNITS[record.unit].say(lang)
    if record.unit in ("vnd", "usd") and figure.value >= BILLION:
        billions = Fraction(figure.value) / BILLION
        places = 0 if billions.denominator == 1 else 1
        unit = f"{Text('tỷ', 'billion').say(lang)} {unit}"
        return f"{numbers.decimal(billions, lang, places)}{numbers.NARROW}{unit}"
    return f"{numbers.count(figure.value, lang)}{numbers.NARROW}{unit}"


def worded(record: Indicator, figure: Figure, lang: Language) -> str:
    """Write a figure with what qualifies it."""
    qualifier = QUALIFIERS[figure.qualifier].say(lang)
    if figure.qualifier in ("preliminary", "rounded"):
        return f"{number(record, figure, lang)} ({qualifier})"
    return f"{qualifier} {number(record, figure, lang)}".strip()


def both(texts: Iterable[Text]) -> Text:
    """Join words of a list in both languages."""
    listed = list(texts)
    return Text("; ".join(text.vi for text in listed), "; ".join(text.en for text in listed))


def facts(record: Indicator) -> Iterator[tuple[str, Text]]:
    """Yield the rows of an indicator's table: heading, words."""
    yield "Định nghĩa · Definition", record.definition
    yield "Tử số · Numerator" if record.denominator else "Cách tính · How it is counted", record.numerator
    if record.denominator:
        yield "Mẫu số · Denominator", record.denominator
    if record.denominator_measure:
        words = MEASURES[record.denominator_measure]
        measure = f"`{record.denominator_measure}`"
        yield "Số liệu mẫu số · Measure", Text(f"{measure}: {words.vi}", f"{measure}: {words.en}")
    yield "Đơn vị tính · Unit", UNITS[record.unit]
    yield "Chiều · Direction", DIRECTIONS[record.direction]
    yield "Phạm vi · Scopes", both(SCOPES[scope] for scope in record.scopes)
    yield "Phân tổ · Breakdowns", both(BREAKDOWNS[name] for name in record.breakdowns)
    how = OBTAINED[record.obtained]
    tables = ", ".join(f"`{name}`" for name in record.registers)
    extra = f": {tables}" if tables else ""
    yield "Nguồn số liệu · How obtained", Text(how.vi + extra, how.en + extra)
    if record.note:
        yield "Ghi chú · Note", record.note


def related(record: Indicator) -> Iterator[str]:
    """Yield a line for each link from this indicator to others."""
    if record.parts:
        yield f"Gồm · Sum of: {' + '.join(f'[{part}](#{part})' for part in record.parts)}"
    if record.numerator_indicator:
        yield f"Tử số là · Its numerator is: [{record.numerator_indicator}](#{record.numerator_indicator})"


def published(record: Indicator, figures: list[Figure]) -> str:
    """Word how many figures were published of an indicator, and the last one of the country."""
    if not figures:
        return "Chưa có số công bố nào. · No published figure yet."
    told = f"Số công bố · Published figures: [{len(figures)}](published.md#{record.id})"
    national = [figure for figure in figures if figure.area_code == "00" and figure.used]
    if not national:
        return f"{told}, đều của tỉnh · all of provinces."
    last = max(national, key=lambda figure: figure.date)
    vi = f"{numbers.short_date(last.date, 'vi')}, {worded(record, last, 'vi')}"
    en = f"{numbers.short_date(last.date, 'en')}, {worded(record, last, 'en')}"
    return f"{told}. Số mới nhất của cả nước: {vi}. · The country's last: {en}."


def section(record: Indicator, figures: list[Figure]) -> Iterator[str]:
    """Yield the lines of one indicator."""
    yield from (f"### {record.id}", "", f"**{record.name.vi}** · *{record.name.en}*", "")
    yield from (line("", "Tiếng Việt", "English"), line("---", "---", "---"))
    for heading, words in facts(record):
        yield line(heading, cell(words.vi), cell(words.en))
    yield ""
    for link in related(record):
        yield from (link, "")
    yield from ("Văn bản · Documents:", "")
    for document in record.documents:
        place = f", {document.place}" if document.place else ""
        yield f"- {document.title}{place}. Nguồn · Read at: {cell(document.source)}"
    yield from ("", published(record, figures), "")


def indicators_page() -> str:
    """Return the page of indicators."""
    lines = [MADE, "", "# Chỉ tiêu · Indicators", ""]
    lines += [
        "Mỗi chỉ tiêu có một định nghĩa, một tử số, một mẫu số và văn bản quy định. Tỷ lệ được lưu là phần của 1;",
        "tiền là số nguyên đồng. Hai phạm vi, có và không có lực lượng vũ trang, không bao giờ được chia cho nhau;",
        "lực lượng lao động trong độ tuổi và lực lượng lao động từ 15 tuổi là hai mẫu số khác nhau.",
        "",
        "Every indicator has one definition, one numerator, one denominator and the document that defines it. Shares",
        "are kept as fractions of 1, money as whole VND. The two scopes, with and without the armed forces, are never",
        "divided by each other; the working-age labour force and the labour force aged 15 and over are two",
        "denominators.",
        "",
    ]
    figures = all_figures()
    for group, words in GROUPS.items():
        lines += [f"## {words.vi} · {words.en}", ""]
        for record in catalogue().values():
            if record.group == group:
                lines += section(record, [figure for figure in figures if figure.indicator == record.id])
    return "\n".join(lines).rstrip() + "\n"


def figure_rows(figures: Iterable[Figure], places: dict[str, str]) -> Iterator[str]:
    """Yield the table of some figures of one indicator."""
    head = ("Ngày · Date", "Nơi · Area", "Giá trị", "Value", "Tăng · Growth", "Loại · Kind")
    yield line(*head, "Phạm vi · Scope", "Dùng · Used", "Ghi chú · Note", "Nguồn · Source")
    yield line(*["---"] * 10)
    for figure in figures:
        record = catalogue()[figure.indicator]
        kind, scope = KINDS[figure.kind], SCOPES[figure.scope]
        yield line(
            figure.date.isoformat(),
            f"{figure.area_code} {places[figure.area_code]}",
            worded(record, figure, "vi"),
            worded(record, figure, "en"),
            numbers.growth(figure.growth, "vi", 2) if figure.growth is not None else "",
            f"{kind.vi} · {kind.en}",
            f"{scope.vi} · {scope.en}" if len(record.scopes) > 1 else "",
            "có · yes" if figure.used else "**không · no**",
            cell(figure.note),
            cell(figure.source),
        )
    yield ""


def figure_tables(figures: Iterable[Figure], places: dict[str, str], heading: str) -> Iterator[str]:
    """Yield a table for each indicator, in the order of the catalogue."""
    order = {key: place for place, key in enumerate(catalogue())}
    in_order = sorted(figures, key=lambda figure: (order[figure.indicator], figure.area_code, figure.date))
    for key, group in groupby(in_order, key=lambda figure: figure.indicator):
        name = catalogue()[key].name
        yield from (heading.format(key), "", f"{name.vi} · {name.en}", "")
        yield from figure_rows(group, places)


def decided(figures: Iterable[Figure]) -> Iterator[str]:
    """Yield the table of figures that contradict another, and what was decided."""
    yield line("Ngày · Date", "Chỉ tiêu · Indicator", "Giá trị", "Value", "Dùng · Used", "Lý do · Reason")
    yield line(*["---"] * 6)
    for figure in sorted(figures, key=lambda figure: (figure.date, figure.indicator, not figure.used)):
        if figure.why:
            record = catalogue()[figure.indicator]
            used = "có · yes" if figure.used else "**không · no**"
            link = f"[{figure.indicator}](#{figure.indicator})"
            numbers_told = (worded(record, figure, "vi"), worded(record, figure, "en"))
            yield line(figure.date.isoformat(), link, *numbers_told, used, cell(figure.why))
    yield ""


def published_page() -> str:
    """Return the page of published figures."""
    lines = [MADE, "", "# Số liệu công bố · Published figures", ""]
    lines += [
        "Mọi số liệu công bố mà chương trình mang theo, kèm nguồn. Ghi chú để nguyên bằng tiếng Anh.",
        "",
        "Every published figure that the program carries, with its source. Notes are in English.",
        "",
        "## Chỗ các nguồn không khớp · Where sources disagree",
        "",
        "Cả hai số đều được giữ; một số được dùng, kèm lý do. · Both figures are kept; one is used, with the reason.",
        "",
    ]
    lines += decided(all_figures())
    lines += ["## Cả nước và các tỉnh hiện nay · The country and the present provinces", ""]
    lines += figure_tables(all_figures(), PLACES, "### {}")
    lines += [
        "## Các tỉnh trước ngày 1/7/2025 · Provinces before 1 July 2025",
        "",
        "Mã là mã của thời đó và không được ghép với mã hiện nay.",
        "Codes are those of the time and are never joined with the present ones.",
        "",
    ]
    lines += figure_tables(figures_before_merger(), FORMER_PLACES, "### {} (trước sáp nhập · before the merger)")
    return "\n".join(lines).rstrip() + "\n"


PAGES = {"indicators.md": indicators_page, "published.md": published_page}


if __name__ == "__main__":
    sys.exit(main(PAGES, FOLDER, __doc__))
