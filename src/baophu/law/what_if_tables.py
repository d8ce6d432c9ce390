"""What a reform does, as tables that are shown, written as JSON, or as a workbook: the same rows in all three."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.excel import FONT, fit_a4, height, new_workbook
from baophu.core.languages import LANGUAGES, Language, Text, same
from baophu.core.numbers import MISSING, count, short_date
from baophu.law.compiling import BASES, PARTS
from baophu.law.parameter_files import dimensions
from baophu.law.parameters import Value, figure, group_key
from baophu.law.rules import rules
from baophu.law.what_if import BOUNDS, LEAST_WORKERS, TOTALS, Contributions, Line, MonthEffect, WhatIf
from baophu.law.what_if_voluntary import MONEY, SUPPORT_GROUPS, Pair, Supported, Voluntary

if TYPE_CHECKING:
    from baophu.core.excel import Workbook


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its words: programs get the code, people the words."""

    code: str
    words: Text


Cell = int | str | Named | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns by name, with the words above them, and its rows; amounts in VND."""

    id: str
    title: Text
    columns: Mapping[str, Text]
    rows: tuple[tuple[Cell, ...], ...]


_NOBODY = Text("không rõ", "not known")
_PERSONS = Text("Số người", "Persons")
_AFFECTED = Text("Bị ảnh hưởng", "Affected")
_BEFORE, _AFTER = Text("Hiện nay", "Now"), Text("Theo cải cách", "With the reform")
_CHANGE = Text("Thay đổi", "Change")
_WORKER, _EMPLOYER = Text("Người lao động đóng", "The workers' part"), Text("Đơn vị đóng", "The employers' part")
_BY: dict[str, Text] = {
    "group_code": Text("Nhóm đối tượng", "Group"),
    "region": Text("Vùng lương tối thiểu", "Minimum-wage region"),
    "sector": Text("Khu vực của đơn vị", "Sector of the employer"),
    "place": Text("Tỉnh, thành phố của đơn vị", "Province of the employer"),
}
_MONEY: dict[str, Text] = {
    "gross": Text("Tổng số đóng", "Contributions in all"),
    "state_support": Text("Ngân sách nhà nước hỗ trợ", "State budget's support"),
    "local_support": Text("Ngân sách tỉnh hỗ trợ", "Provinces' support"),
    "own": Text("Người tham gia tự đóng", "Participants' own money"),
}
_BASES: dict[str, Text] = {
    "si_base": Text("BHXH", "social insurance"),
    "hi_base": Text("BHYT", "health insurance"),
    "ui_base": Text("BHTN", "unemployment insurance"),
}
_BOUNDS: dict[str, tuple[Text, Text]] = {
    "floor": (Text("Mới ở mức sàn", "Newly at the floor"), Text("Không còn ở mức sàn", "No longer at the floor")),
    "ceiling": (
        Text("Mới ở mức trần", "Newly at the ceiling"),
        Text("Không còn ở mức trần", "No longer at the ceiling"),
    ),
}
_SPREAD: dict[str, Text] = {
    "worker": Text("Người lao động đóng", "The worker's part"),
    "employer": Text("Đơn vị đóng cho người đó", "The employer's part"),
    "both": Text("Cả hai phần", "Both parts"),
}


# Words


def place_words(code: str) -> Text:
    """Return the name of a province; the words for a place that is not known where there is no code."""
    from baophu.areas.units import tree

    return tree().get(code).label if code else _NOBODY


def _key_words(by: str, key: str) -> Text:
    from baophu.registers.contracts import contract

    if by == "place":
        return place_words(key)
    if by == "group_code":
        words = dimensions()["group"].values[group_key(key)]
        return Text(f"{key}: {words.vi}", f"{key}: {words.en}")
    return contract("employers").column(by).values[key]


def _support_words(key: str) -> Text:
    return dimensions()["support_group"].values[SUPPORT_GROUPS[key]]


def _amount_words(name: str) -> Text:
    return rules().named(name)[-1].title


def change_words(value: Value, lang: Language) -> str:
    """Write what a reform sets: the figure, or the words of a choice."""
    from baophu.law.parameters import Unit, book

    if value.unit is Unit.choice:
        return book().parameter(value.name).options[value.option].say(lang)
    return figure(value, lang)


# Tables


def tables(month: MonthEffect) -> Iterator[Table]:
    """Yield the tables of one month."""
    if month.contributions:
        yield from _of_contributions(month.contributions)
    if month.voluntary:
        yield from _of_voluntary(month.voluntary)


def _of_contributions(found: Contributions) -> Iterator[Table]:
    total = found.total
    yield _amounts(total)
    yield _counts(found)
    for by, lines in found.by.items():
        yield Table(
            f"by_{by}",
            Text(f"Theo {_BY[by].vi[0].lower()}{_BY[by].vi[1:]}", f"By {_BY[by].en[0].lower()}{_BY[by].en[1:]}"),
            {
                by: _BY[by],
                "participants": _PERSONS,
                "affected": _AFFECTED,
                **_three("worker", _WORKER),
                **_three("employer", _EMPLOYER),
            },
            tuple(
                (
                    Named(line.key, _key_words(by, line.key)),
                    line.participants,
                    line.affected,
                    *_values(line.amounts["worker_total"]),
                    *_values(line.amounts["employer_total"]),
                )
                for line in lines
            ),
        )
    yield _spread(found)
    yield _employers(found)


def _three(name: str, words: Text) -> dict[str, Text]:
    return {
        f"{name}_{part}": Text(f"{words.vi}: {said.vi.lower()}", f"{words.en}: {said.en.lower()}")
        for part, said in (("before", _BEFORE), ("after", _AFTER), ("change", _CHANGE))
    }


def _values(pair: Pair) -> tuple[int, int, int]:
    return pair.before, pair.after, pair.change


_COMPARED = {"before": _BEFORE, "after": _AFTER, "change": _CHANGE}


def _amounts(total: Line) -> Table:
    rows = [(Named(name, _amount_words(name)), *_values(total.amounts[name])) for name in (*TOTALS, *PARTS)]
    title = Text("Số đóng trong tháng (đồng)", "Contributions of the month (VND)")
    return Table("amounts", title, {"amount": Text("Khoản", "Amount"), **_COMPARED}, tuple(rows))


def _counts(found: Contributions) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (Named("participants", Text("Số tháng-người kê khai", "Worker-months declared")), found.total.participants),
        (Named("affected", _AFFECTED), found.total.affected),
        (Named("paying_before", Text("Phải đóng: hiện nay", "Something is due: now")), found.total.paying.before),
        (Named("paying_after", Text("Phải đóng: theo cải cách", "Something is due: reform")), found.total.paying.after),
    ]
    for base in BASES:
        for bound in BOUNDS:
            for kind, words, number in zip(("newly", "left"), _BOUNDS[bound], found.bounds[base, bound], strict=True):
                said = Text(f"{words.vi} ({_BASES[base].vi})", f"{words.en} ({_BASES[base].en})")
                rows.append((Named(f"{kind}_{base}_{bound}", said), number))
    columns = {"what": Text("Số người", "Persons"), "persons": Text("Số lượng", "Number")}
    return Table("counts", Text("Bao nhiêu người", "How many"), columns, tuple(rows))


def _spread(found: Contributions) -> Table:
    columns = {
        "part": Text("Thay đổi của một người (đồng/tháng)", "Change for one person (VND a month)"),
        "workers": _AFFECTED,
        "least": Text("Ít nhất", "Least"),
        "p10": Text("10 % ít nhất không quá", "Lowest tenth up to"),
        "median": Text("Trung vị", "Median"),
        "p90": Text("90 % không quá", "Nine tenths up to"),
        "most": Text("Nhiều nhất", "Most"),
    }
    rows = tuple(
        (Named(one.part, _SPREAD[one.part]), one.workers, one.least, one.p10, one.median, one.p90, one.most)
        for one in found.spread
    )
    return Table("spread", Text("Mức thay đổi của từng người", "How the change is spread"), columns, rows)


def _employers(found: Contributions) -> Table:
    columns = {
        "employer_id": Text("Đơn vị", "Employer"),
        "sector": Text("Khu vực", "Sector"),
        "place": Text("Tỉnh, thành phố", "Province"),
        "participants": _PERSONS,
        "affected": _AFFECTED,
        "worker_change": Text("Người lao động: thay đổi", "Workers: change"),
        "employer_change": Text("Đơn vị: thay đổi", "Employer: change"),
    }
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.employer_id,
            Named(one.sector, _key_words("sector", one.sector)),
            Named(one.place, place_words(one.place)),
            one.participants,
            one.affected,
            one.worker.change,
            one.employer.change,
        )
        for one in found.employers
    )
    return Table("employers", Text("Đơn vị thay đổi nhiều nhất", "Employers with most change"), columns, rows)


def _of_voluntary(found: Voluntary) -> Iterator[Table]:
    total = found.total
    columns = {"amount": Text("Khoản", "Amount"), **_month_and_year()}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (Named(name, _MONEY[name]), *_values(total.month[name]), *_values(total.year[name])) for name in MONEY
    )
    title = Text("Tự nguyện: ai trả bao nhiêu (đồng)", "Voluntary: who pays how much (VND)")
    yield Table("voluntary_amounts", title, columns, rows)
    yield _supported(
        "voluntary_by_support_group",
        Text("Tự nguyện: theo nhóm được hỗ trợ", "Voluntary: by support group"),
        "support_group",
        Text("Nhóm được hỗ trợ", "Support group"),
        [(Named(one.key, _support_words(one.key)), one) for one in found.by_group],
    )
    yield _supported(
        "voluntary_by_place",
        Text("Tự nguyện: theo tỉnh, thành phố", "Voluntary: by province"),
        "place",
        Text("Tỉnh, thành phố", "Province"),
        [(Named(one.key, place_words(one.key)), one) for one in found.by_place],
    )


def _month_and_year() -> dict[str, Text]:
    found = {}
    for span, words in (("month", Text("tháng", "month")), ("year", Text("12 tháng", "12 months"))):
        for name, said in _COMPARED.items():
            found[f"{span}_{name}"] = Text(f"{said.vi} ({words.vi})", f"{said.en} ({words.en})")
    return found


def _supported(name: str, title: Text, key: str, words: Text, lines: Sequence[tuple[Named, Supported]]) -> Table:
    columns = {
        key: words,
        "persons": _PERSONS,
        "affected": _AFFECTED,
        "used_up_before": Text("Hết tháng hỗ trợ: hiện nay", "Months used up: now"),
        "used_up_after": Text("Hết tháng hỗ trợ: theo cải cách", "Months used up: reform"),
    }
    for money in ("state_support", "local_support", "own"):
        columns |= _three(money, _MONEY[money])
    for money in ("state_support", "local_support", "own"):
        said = _MONEY[money]
        columns[f"year_{money}_change"] = Text(f"{said.vi}: thay đổi trong 12 tháng", f"{said.en}: change in 12 months")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            named,
            one.persons,
            one.affected,
            one.used_up.before,
            one.used_up.after,
            *(number for money in MONEY[1:] for number in _values(one.month[money])),
            *(one.year[money].change for money in MONEY[1:]),
        )
        for named, one in lines
    )
    return Table(name, title, columns, rows)


def values_table(found: WhatIf, lang: Language) -> Table:
    """Return what the reform sets, beside what holds on the first day of it."""
    rows: list[tuple[Cell, ...]] = []
    for value in found.reform.values:
        now = found.law.find(value.name, value.valid_from, **value.dims)
        rows.append(
            (
                value.label(),
                found.law.parameter(value.name).title.say(lang),
                change_words(now, lang) if now else MISSING,
                change_words(value, lang),
                short_date(value.valid_from, lang),
                short_date(value.valid_to, lang),
            )
        )
    for name, chosen in found.reform.switches.items():
        one = found.law.parameter(name)
        now_chosen = one.options[found.law.switch(name)].say(lang)
        rows.append((name, one.title.say(lang), now_chosen, one.options[chosen].say(lang), MISSING, MISSING))
    columns = {
        "name": Text("Tham số", "Parameter"),
        "title": Text("Tên gọi", "Title"),
        "before": _BEFORE,
        "after": _AFTER,
        "from": Text("Từ", "From"),
        "to": Text("Trước ngày", "Before"),
    }
    return Table("reform", Text("Cải cách thay đổi gì", "What the reform sets"), columns, tuple(rows))


# What is said beside the tables


_REGISTERS: dict[str, Text] = {
    "declarations": Text(
        "Chưa nạp kê khai: không tính số đóng bắt buộc.", "Declarations are not loaded: no contributions are computed."
    ),
    "employers": Text(
        "Chưa nạp đơn vị: không tính số đóng bắt buộc.", "Employers are not loaded: no contributions are computed."
    ),
    "spells": Text(
        "Chưa nạp quá trình tham gia: người thuộc nhóm b được coi là không tham gia bảo hiểm thất nghiệp.",
        "Spells are not loaded: nobody of group b is taken to be in unemployment insurance.",
    ),
    "voluntary": Text(
        "Chưa nạp người đóng tự nguyện: không tính hỗ trợ.",
        "Voluntary payments are not loaded: no support is computed.",
    ),
}


def notes(found: WhatIf) -> list[Text]:
    """Return what has to be known beside the tables: what was not loaded, what has no effect, what is assumed."""
    said = [_REGISTERS[name] for name in found.not_loaded]
    said += [
        Text(f"Không thấy tác động của {value.label()}: {why.vi}.", f"No effect of {value.label()}: it {why.en}.")
        for value, why in found.unused
    ]
    said += [
        Text(
            f"{value.label()} có từ {short_date(value.valid_from, 'vi')}: tính từ tháng sau.",
            f"{value.label()} begins on {short_date(value.valid_from, 'en')}: it counts from the next month on.",
        )
        for value in found.reform.values
        if value.valid_from.day != 1
    ]
    for one in found.months:
        said += _no_effect(one)
        if one.contributions and one.contributions.unnamed:
            few = Text(f"dưới {LEAST_WORKERS} lao động", f"fewer than {LEAST_WORKERS} workers")
            number = one.contributions.unnamed
            said.append(
                Text(
                    f"{number} đơn vị có thay đổi nhưng {few.vi} nên không nêu tên.",
                    f"{number} employers with a change have {few.en} and are not named.",
                )
            )
    if any(one.voluntary for one in found.months):
        said.append(ASSUMED)
    return list(dict.fromkeys(said))


ASSUMED = Text(
    "Tự nguyện: giữ nguyên những người đang đóng, nhóm và thu nhập của họ trong 12 tháng; mỗi tháng tính như đóng "
    "riêng tháng đó; tháng đã được hỗ trợ đếm từ các lần đóng đã nạp.",
    "Voluntary: those who pay now stay for 12 months with their group and income; each month is counted as though paid "
    "for alone; months of support are counted from the payments that are loaded.",
)


def _no_effect(one: MonthEffect) -> Iterator[Text]:
    month = Text(f"{one.month:%m/%Y}", f"{one.month:%Y-%m}")
    for what, untouched in _untouched(one):
        names_vi, names_en = (", ".join(words.say(lang) for words in untouched) for lang in LANGUAGES)
        yield Text(
            f"Tháng {month.vi}, không ảnh hưởng đến {what.vi}{': ' if untouched else ''}{names_vi}.",
            f"{month.en}: no effect on {what.en}{': ' if untouched else ''}{names_en}.",
        )


def _untouched(one: MonthEffect) -> Iterator[tuple[Text, list[Text]]]:
    """Yield what the reform leaves as it is: all contributions, or some funds, groups, regions, sectors, provinces."""
    found = one.contributions
    if found and not found.total.affected:
        yield Text("số đóng bắt buộc", "compulsory contributions"), []
    elif found:
        funds = [_amount_words(name) for name in TOTALS if not found.total.amounts[name].change]
        yield from _kept(Text("tổng số của khoản", "the total of"), funds)
        for by, lines in found.by.items():
            still = [_key_words(by, line.key) for line in lines if not line.affected]
            yield from _kept(Text(_BY[by].vi.lower(), _BY[by].en.lower()), still)
    if one.voluntary and not _moves(one.voluntary.total):
        yield Text("người đóng tự nguyện", "voluntary participants"), []
    elif one.voluntary:
        groups = [_support_words(line.key) for line in one.voluntary.by_group if not _moves(line)]
        yield from _kept(Text("nhóm tự nguyện", "voluntary groups"), groups)
        places = [place_words(line.key) for line in one.voluntary.by_place if not _moves(line)]
        yield from _kept(Text("người tự nguyện ở", "voluntary participants in"), places)


def _kept(what: Text, untouched: list[Text]) -> Iterator[tuple[Text, list[Text]]]:
    if untouched:
        yield what, untouched


def _moves(line: Supported) -> bool:
    return bool(line.affected) or any(pair.change for pair in line.year.values())


def warning_words(found: WhatIf) -> list[Text]:
    """Return what to look up before the figures are relied on."""
    said = []
    for value in found.warnings:
        until = value.verified_until or date.min
        said.append(
            Text(
                f"{value.label()} chỉ được kiểm chứng đến {short_date(until, 'vi')}.",
                f"{value.label()} was verified until {short_date(until, 'en')} only.",
            )
        )
    return said


def headline(month: MonthEffect) -> Text:
    """Return the words over the tables of a month."""
    words = Text(f"Tháng {month.month:%m/%Y}", f"{month.month:%Y-%m}")
    if month.law_month == month.month:
        return words
    return Text(
        f"{words.vi}, tính theo luật của tháng {month.law_month:%m/%Y}",
        f"{words.en}, by the law of {month.law_month:%Y-%m}",
    )


# Forms


def in_brief(table: Table) -> Table:
    """Return a table for the terminal: of a long one, the changes without what they come from."""
    if "by_" not in table.id:
        return table
    kept = [place for place, name in enumerate(table.columns) if not name.endswith(("_before", "_after"))]
    columns = {name: words for place, (name, words) in enumerate(table.columns.items()) if place in kept}
    return Table(table.id, table.title, columns, tuple(tuple(row[place] for place in kept) for row in table.rows))


def shown(cell: Cell, lang: Language, change: bool = False) -> str:
    """Write a cell for people; a change has its sign."""
    if isinstance(cell, int):
        return f"{'+' if change and cell > 0 else ''}{count(cell, lang)}"
    return cell.words.say(lang) if isinstance(cell, Named) else cell or MISSING


def as_json(found: WhatIf, lang: Language) -> str:
    """Return all of it as JSON: amounts as whole VND, codes as codes, words in one language."""

    def listed(table: Table) -> list[dict[str, Any]]:
        def plain(cell: Cell) -> Any:
            return cell.code if isinstance(cell, Named) else cell

        return [dict(zip(table.columns, map(plain, row), strict=True)) for row in table.rows]

    whole = {
        "version": 1,
        "title": found.reform.title.say(lang),
        "author": found.reform.author,
        "basis": found.reform.basis,
        "values": [_plain_value(found, value) for value in found.reform.values],
        "switches": {
            name: {"before": found.law.switch(name), "after": chosen} for name, chosen in found.reform.switches.items()
        },
        "months": [
            {
                "month": f"{month.month:%Y-%m}",
                "law_month": f"{month.law_month:%Y-%m}",
                **{table.id: listed(table) for table in tables(month)},
            }
            for month in found.months
        ],
        "not_loaded": list(found.not_loaded),
        "notes": [words.say(lang) for words in notes(found)],
        "warnings": [words.say(lang) for words in warning_words(found)],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _plain_value(found: WhatIf, value: Value) -> dict[str, Any]:
    """Return what a reform sets as numbers of one scale (number / 10**scale), or as the options of a choice."""
    now = found.law.find(value.name, value.valid_from, **value.dims)
    scale = max(value.scale, now.scale if now else 0)

    def number(one: Value | None) -> int | str | None:
        return None if one is None else one.option or one.value * 10 ** (scale - one.scale)

    return {
        "name": value.name,
        "dims": value.dims,
        "unit": str(value.unit),
        "scale": scale,
        "before": number(now),
        "after": number(value),
        "from": value.valid_from.isoformat(),
        "to": value.valid_to.isoformat() if value.valid_to else None,
        "basis": value.basis,
    }


def write_xlsx(found: WhatIf, path: Path, lang: Language) -> None:
    """Write a workbook: what the reform sets and what to know, then a sheet for each table of each month."""
    with new_workbook(path) as book:
        first = Text("Cải cách", "Reform").say(lang)
        head = [found.reform.title, same(found.reform.author), same(found.reform.basis)]
        said = [*(words for words in head if words.vi), *warning_words(found), *notes(found)]
        _sheet(book, first, values_table(found, lang), said, lang)
        for month in found.months:
            for number, table in enumerate(tables(month), 1):
                words = [Text(f"{headline(month).vi}. {table.title.vi}", f"{headline(month).en}. {table.title.en}")]
                _sheet(book, f"{month.month:%Y-%m} {number} {table.id}"[:31], table, words, lang)


def _sheet(book: Workbook, name: str, table: Table, above: Iterable[Text], lang: Language) -> None:
    sheet = book.add_worksheet(name)
    font = {"font_name": FONT, "font_size": 11, "valign": "top"}
    plain = book.add_format({**font, "text_wrap": True})
    number = book.add_format({**font, "num_format": "#,##0"})
    bold = book.add_format({**font, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#EEF5F4"})
    line = 0
    for words in above:
        sheet.write_string(line, 0, words.say(lang), book.add_format({**font, "bold": line == 0}))
        line += 1
    line += 1
    titles = [words.say(lang) for words in table.columns.values()]
    widths = [36 if place == 0 else 20 for place in range(len(titles))]
    sheet.set_row(line, height(zip(titles, (width - 2 for width in widths), strict=True), 11))
    for place, title in enumerate(titles):
        sheet.write_string(line, place, title, bold)
        sheet.set_column(place, place, widths[place])
    sheet.freeze_panes(line + 1, 1)
    for row in table.rows:
        line += 1
        texts = [shown(cell, lang) for cell in row]
        sheet.set_row(line, height(zip(texts, (width - 2 for width in widths), strict=True), 11))
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, place, cell, number)
            else:
                sheet.write_string(line, place, texts[place], plain)
    fit_a4(sheet)
