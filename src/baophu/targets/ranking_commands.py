"""`baophu rank`, and what `baophu progress --month` shows: a run's counted values, progress and places."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.home import whole_file
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING, decimal, read_month, share, short_date
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from baophu.results.store import Manifest
    from baophu.targets.following_reading import Ranking

Form = Literal["table", "json", "xlsx"]


def rank(
    context: typer.Context,
    area: Annotated[
        str, typer.Option("--area", metavar="MÃ|CODE", help="Các đơn vị thuộc đơn vị này. / The units below it.")
    ] = "00",
    indicator: Annotated[
        str | None, typer.Option("--indicator", metavar="MÃ|ID", help="Mã chỉ tiêu. / The indicator.")
    ] = None,
    by: Annotated[
        Literal["achieved", "development", "emulation", "similar"] | None,
        typer.Option("--by", help="similar: các đơn vị cùng quy mô. / similar: among units of its size."),
    ] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng đã chạy. / The month's newest run.")
    ] = None,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="MÃ|CODE", help="Vì sao đơn vị này được điểm ấy. / Why.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="Dạng kết quả. / Form of the result.")] = "table",
    out: Annotated[Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi vào tệp. / To this file.")] = None,
) -> None:
    """Xếp hạng các tỉnh, hoặc các xã của một tỉnh, so với tháng trước / Rank areas among their peers.

    Không có --indicator thì xếp theo điểm thi đua. / Without --indicator by the emulation score.
    """
    from baophu.areas.units import tree
    from baophu.indicators.catalogue import indicator as record
    from baophu.targets.following_reading import ranking, run_of

    lang, home = lang_of(context), home_of(context)
    run = run_of(home, read_month(month) if month else None)
    if run is None:
        raise BaophuError(
            Text("Chưa có lần chạy nào có xếp hạng.", "No run has ranked anything yet."),
            Text("Chạy tháng: baophu run --month 2026-10", "Run a month: baophu run --month 2026-10"),
        )
    if explain is not None:
        from baophu.targets.ranking_explain import explain_rank

        node = explain_rank(home, run, tree().resolve(explain).code)
        told = (
            json.dumps(node.as_json(lang), ensure_ascii=False, indent=1)
            if form == "json"
            else "\n".join(node.lines(lang))
        )
        _write(told, out)
        return
    criterion = by if by in ("achieved", "development", "emulation") else ("achieved" if indicator else "emulation")
    name = "all" if criterion == "emulation" else record(indicator or "si_total").id
    found = ranking(home, run, tree().resolve(area).code, criterion, name, similar=by == "similar")
    if form == "json":
        _write(json.dumps([_plain(row) for row in found.rows], ensure_ascii=False, indent=1), out)
        return
    rows = [_rank_cells(row, lang) for row in found.rows]
    rows += [_unranked_cells(row, lang) for row in found.at_least]
    if form == "xlsx":
        path = out or Path(f"baophu-rank-{run.month:%Y-%m}.xlsx")
        _workbook(path, _title(found), _RANK_HEADS, rows, lang)
        return
    print_table(lang, _RANK_HEADS, rows, title=_title(found).say(lang))


_RANK_HEADS = (
    Text("Hạng", "Rank"),
    Text("So tháng trước", "Since last month"),
    Text("Mã", "Code"),
    Text("Đơn vị", "Area"),
    Text("Điểm, tỷ lệ", "Score"),
    Text("So trong", "Among"),
)


def movement(rank: int, before: int | None) -> str:
    """Write how a place changed: up by two, down by one, the same; a new one has nothing to be held against.

    >>> movement(1, 3), movement(3, 2), movement(2, 2), movement(2, None)
    ('▲2', '▼1', '=', '–')
    """
    if before is None:
        return MISSING
    return "=" if before == rank else f"▲{before - rank}" if before > rank else f"▼{rank - before}"


def _rank_cells(row: dict[str, Any], lang: Language) -> list[str]:
    from baophu.areas.units import tree
    from baophu.targets.ranking import group_name

    score = decimal(_exact(row["score"]), lang, 2) if row["criterion"] == "emulation" else _share(row["score"], lang)
    return [
        str(row["rank"]),
        movement(row["rank"], row["previous_rank"]),
        row["area_code"],
        tree().get(row["area_code"]).label.say(lang),
        score,
        group_name(row["peer_group"]).say(lang),
    ]


_AT_LEAST = Text(
    "không xếp hạng: số đếm chưa gồm lực lượng vũ trang, chỉ tiêu thì có",
    "not ranked: counted without the armed forces, whom the target includes",
)


def _unranked_cells(row: dict[str, Any], lang: Language) -> list[str]:
    from baophu.areas.units import tree

    area = tree().get(row["area_code"]).label.say(lang)
    return [MISSING, MISSING, row["area_code"], area, _achieved(row, lang), _AT_LEAST.say(lang)]


def _title(found: Ranking) -> Text:
    from baophu.indicators.catalogue import indicator
    from baophu.targets.ranking import BY

    month, way = found.run.month, BY[found.criterion]  # type: ignore[index]
    if found.criterion == "emulation":
        return Text(f"Xếp hạng tháng {month:%m/%Y} theo {way.vi}", f"Ranking of {month:%Y-%m} by {way.en}")
    name, due = indicator(found.indicator).short, date.fromisoformat(found.period)
    return Text(
        f"Xếp hạng tháng {month:%m/%Y}, {name.vi}, theo {way.vi} đến {short_date(due, 'vi')}",
        f"Ranking of {month:%Y-%m}, {name.en}, by {way.en} due {short_date(due, 'en')}",
    )


_PROGRESS_HEADS = (
    Text("Chỉ tiêu", "Indicator"),
    Text("Đếm được", "Counted"),
    Text("Ngày", "Day"),
    Text("Dữ liệu đủ", "Data in"),
    Text("Mức giao", "Target"),
    Text("Đến", "By"),
    Text("Đạt", "Achieved"),
    Text("Phát triển", "Development"),
    Text("Cùng kỳ", "Over a year"),
    Text("Hạng", "Rank"),
    Text("Khả năng", "Chance"),
    Text("Lưu ý", "Mind"),
)


def show_counted(home: Path, run: Manifest, area_word: str, form: str, out: Path | None, lang: Language) -> None:
    """Show an area's counted values of a run against its targets, with how complete each is.

    As data: the columns of `progress`, of the area and of the units directly below it.
    """
    from baophu.areas.units import tree
    from baophu.targets.following_reading import progress_rows, untargeted

    areas = tree()
    area = areas.resolve(area_word)
    if form in ("json", "csv"):
        rows = progress_rows(home, run, [area.code, *(child.code for child in areas.children(area.code))])
        plain = [_plain(row) for row in rows]
        _write(json.dumps(plain, ensure_ascii=False, indent=1) if form == "json" else _csv(plain), out, form == "csv")
        return
    own = progress_rows(home, run, [area.code])
    cells = [_progress_cells(row, lang) for row in _in_view(own, run.month)]
    cells += [_value_cells(row, lang) for row in untargeted(home, run, area.code, own)]
    title = Text(
        f"{area.full_label.vi}, số đếm tháng {run.month:%m/%Y} (lần chạy {run.run})",
        f"{area.full_label.en}, counted in {run.month:%Y-%m} (run {run.run})",
    )
    if form == "xlsx":
        _workbook(out or Path(f"baophu-{area.code}-{run.month:%Y-%m}.xlsx"), title, _PROGRESS_HEADS, cells, lang)
        return
    print_table(lang, _PROGRESS_HEADS, cells, title=title.say(lang), width=200)


_SCOPE = Text(
    "số đếm và chỉ tiêu khác phạm vi (lực lượng vũ trang), không chia cho nhau",
    "what was counted and the target differ in scope (armed forces) and are not divided",
)


def _in_view(rows: Sequence[dict[str, Any]], month: date) -> list[dict[str, Any]]:
    """Leave out what ended more than a year before, and years after the last fixed target; in the catalogue's order."""
    from baophu.core.months import last_day
    from baophu.indicators.catalogue import catalogue
    from baophu.targets.arithmetic import a_year_before

    first, order = a_year_before(last_day(month)), catalogue()
    shown = [
        row
        for row in rows
        if row["period_end"] >= first and (row["target"] is not None or row["period_end"].year == month.year)
    ]
    return sorted(shown, key=lambda row: (order[row["indicator"]].order, row["period_end"]))


def _progress_cells(row: dict[str, Any], lang: Language) -> list[str]:
    from baophu.indicators.catalogue import indicator
    from baophu.targets.progress import REASONS
    from baophu.targets.words import change_text, short_value

    name = row["indicator"]
    # Why there is no forecast, rank or completeness stands in the data; here the dash says enough.
    words = {**REASONS, "no_value": Text("chưa đếm được", "not counted"), "scope_differs": _SCOPE}
    reasons = [words[code].say(lang) for code in (row["reason"] or "").split(";") if code in words]
    return [
        indicator(name).short.say(lang),
        short_value(name, _exact(row["actual"]), lang),
        short_date(row["value_date"], lang),
        _share(row["completeness"], lang),
        short_value(name, _exact(row["target"]), lang),
        short_date(row["period_end"], lang),
        _achieved(row, lang),
        _share(row["development"], lang),
        change_text(name, _exact(row["yoy"])).say(lang),
        MISSING if row["rank"] is None else str(row["rank"]),
        _share(row["probability"], lang),
        "; ".join(reasons),
    ]


def _achieved(row: dict[str, Any], lang: Language) -> str:
    """Write how much of a target is achieved, or, where that is all that is certain, how much at the least."""
    # The tables of older runs do not tell the latter.
    least = row.get("achieved_at_least")
    return _share(row["achieved"], lang) if least is None else f"≥ {_share(least, lang)}"


def _value_cells(row: dict[str, Any], lang: Language) -> list[str]:
    from baophu.core.months import last_day
    from baophu.indicators.catalogue import indicator
    from baophu.targets.words import short_value

    empty = [MISSING] * 7
    why = Text("chưa giao chỉ tiêu", "no target was assigned")
    if row["value"] is None:
        why = Text("chưa có mẫu số để tính", "no denominator to compute it with")
    value = short_value(row["indicator"], _exact(row["value"]), lang)
    day, complete = short_date(last_day(row["month"]), lang), _share(row["completeness"], lang)
    return [indicator(row["indicator"]).short.say(lang), value, day, complete, *empty, why.say(lang)]


def _exact(value: float | None) -> Any:
    from fractions import Fraction

    return None if value is None else Fraction(value)


def _share(value: float | None, lang: Language) -> str:
    return share(_exact(value), lang)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    import csv
    import io

    from baophu.targets.progress import COLUMNS

    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _write(text: str, out: Path | None, for_excel: bool = False) -> None:
    if out is None:
        typer.echo(text)
        return
    with whole_file(out) as part:
        part.write_text(text, encoding="utf-8-sig" if for_excel else "utf-8")
    typer.echo(f"{out.absolute()}", err=True)


def _workbook(path: Path, title: Text, heads: Sequence[Text], rows: Sequence[Sequence[str]], lang: Language) -> None:
    from baophu.core.excel import FONT, fit_a4, new_workbook

    with new_workbook(path) as book:
        sheet = book.add_worksheet("baophu")
        plain = book.add_format({"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "top", "border": 1})
        bold = book.add_format({"font_name": FONT, "font_size": 12, "bold": True, "text_wrap": True, "border": 1})
        sheet.write_string(0, 0, title.say(lang), book.add_format({"font_name": FONT, "font_size": 14, "bold": True}))
        for column, head in enumerate(heads):
            width = max([len(head.say(lang)), *(min(len(row[column]), 44) for row in rows)])
            sheet.set_column(column, column, width + 2)
            sheet.write_string(2, column, head.say(lang), bold)
        for at, row in enumerate(rows, 3):
            for column, cell in enumerate(row):
                if cell.isascii() and cell.isdigit() and heads[column].en == "Rank":
                    sheet.write_number(at, column, int(cell), plain)
                else:
                    sheet.write_string(at, column, cell, plain)
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
        fit_a4(sheet)
    typer.echo(Text(f"Đã ghi {path.absolute()}", f"Written: {path.absolute()}").say(lang), err=True)
