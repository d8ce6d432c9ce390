"""`baophu targets`: the form, the import, the list, the history. What each does is in the module of its name."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from baophu.core.commands import Settings, settings_of
from baophu.core.errors import BaophuError
from baophu.core.home import home
from baophu.core.languages import Language, Text
from baophu.core.numbers import as_float, count, read_date, short_date
from baophu.targets import assign_commands, check_commands, scenario_commands
from baophu.targets.exchange import commands as exchange_commands
from baophu.targets.forecast import commands as forecast_commands

if TYPE_CHECKING:
    from baophu.targets.checking import Remark, Sum
    from baophu.targets.decisions import Target
    from baophu.targets.importing import ImportReport

app = typer.Typer(
    name="targets",
    help="Chỉ tiêu được giao: biểu mẫu, nạp tệp, danh sách. / Targets: the form, the import, the list.",
    no_args_is_help=True,
)


@app.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="tệp .xlsx hoặc .csv / an .xlsx or .csv file")],
    decision: Annotated[
        str | None, typer.Option(help="số quyết định, khi tệp không ghi / the decision, where the file does not say")
    ] = None,
    marked: Annotated[
        Path | None, typer.Option(help="nơi ghi bản đánh dấu chỗ cần sửa / where the marked copy goes")
    ] = None,
    accept_difference: Annotated[
        bool, typer.Option("--accept-difference", help="nhận dù tổng khác số giao / take it though the sum differs")
    ] = False,
) -> None:
    """Nạp tệp chỉ tiêu; sai chỗ nào báo hết chỗ đó. / Take in a file of targets, whole or not at all."""
    from baophu.targets.importing import import_targets

    settings = settings_of(context)
    report = import_targets(
        file,
        home(settings.home),
        actor=getpass.getuser(),
        decision_word=decision,
        marked=marked,
        accept_difference=accept_difference,
    )
    for line in _report_lines(report):
        typer.echo(line.say(settings.lang))


def _report_lines(report: ImportReport) -> Iterable[Text]:
    checked, number = report.checked, report.decision.number
    if report.already:
        yield Text(
            f"Tệp này đã được nạp rồi (lần nạp số {report.import_id}, {number}). Không có gì mới để nhận.",
            f"This very file was taken before (import {report.import_id}, {number}). There is nothing new in it.",
        )
        return
    yield Text(
        f"Đã nhận {report.taken} chỉ tiêu của {number}, giao cho {checked.units_read} đơn vị thuộc "
        f"{report.parent.full_name} (lần nạp số {report.import_id}).",
        f"Took {report.taken} targets of {number}, assigned to {checked.units_read} units below "
        f"{report.parent.full_name_en} (import {report.import_id}).",
    )
    for result in checked.sums:
        yield _sum_line(result)
    for heading, remarks in (
        (Text("Cần biết:", "To be known:"), checked.warnings),
        (Text("Đã đọc như sau:", "Read as follows:"), checked.notes),
    ):
        yield from _remark_lines(heading, remarks)
    yield Text(
        f"Nếu nhầm, hủy bằng: baophu targets undo {report.import_id}",
        f"If this was a mistake: baophu targets undo {report.import_id}",
    )


def _sum_line(result: Sum) -> Text:
    from baophu.targets.words import date_text, value_text

    record, day = result.column.indicator, date_text(result.column.period_end)
    total = value_text(record.id, result.total)
    compared = Text("", "")
    if result.difference == 0:
        compared = Text(", bằng số đã giao", ", as was assigned")
    elif result.difference is not None:
        gap, sign = value_text(record.id, result.difference), "+" if result.difference > 0 else ""
        compared = Text(f", chênh {sign}{gap.vi} so với số đã giao", f", {sign}{gap.en} off what was assigned")
    end = Text(", mức cao", ", upper ends") if result.is_high else Text("", "")
    return Text(
        f"  {record.name.vi}, đến {day.vi}{end.vi}: tổng {total.vi}{compared.vi}.",
        f"  {record.name.en}, by {day.en}{end.en}: {total.en} in all{compared.en}.",
    )


def _remark_lines(heading: Text, remarks: list[Remark]) -> Iterable[Text]:
    if remarks:
        yield heading
    for remark in remarks:
        problem = remark.problem
        yield Text(f"  - {problem.say('vi')}", f"  - {problem.say('en')}")


@app.command()
def template(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="tệp .xlsx sẽ ghi / the .xlsx file to write")],
    decision: Annotated[
        str, typer.Option(help="quyết định giao cho đơn vị / the decision to break down")
    ] = "403/NQ-CP",
    area: Annotated[str, typer.Option(help="mã hoặc tên đơn vị / code or name of the area")] = "00",
    indicator: Annotated[list[str] | None, typer.Option(help="mã chỉ tiêu, nhiều lần / indicator, repeatable")] = None,
    period_end: Annotated[str | None, typer.Option(help="ngày phải đạt / the day it is due")] = None,
) -> None:
    """Ghi biểu mẫu để các đơn vị điền số được giao. / Write the form that is filled in and imported."""
    from baophu.areas.units import tree
    from baophu.targets import decisions
    from baophu.targets.template import write_template

    settings = settings_of(context)
    known = _all_targets(settings)
    parent = tree().resolve(area)
    found = decisions.decision(decision, decisions.decisions() | {one.decision.id: one.decision for one in known})
    write_template(
        found,
        out,
        parent_code=parent.code,
        indicators=indicator,
        period_end=read_date(period_end) if period_end else None,
        known=known,
    )
    words = Text(
        f"Đã ghi biểu mẫu {found.number} cho các đơn vị thuộc {parent.full_name}: {out}. "
        f"Điền xong thì nạp: baophu targets import {out}",
        f"Wrote the form of {found.number} for the units below {parent.full_name_en}: {out}. "
        f"When it is filled in: baophu targets import {out}",
    )
    typer.echo(words.say(settings.lang))


def _all_targets(settings: Settings) -> list[Target]:
    from baophu.targets.decisions import decided_targets, merged
    from baophu.targets.snapshot import imported_targets

    return merged(decided_targets(), imported_targets(home(settings.home)))


@app.command("list")
def list_targets(
    context: typer.Context,
    area: Annotated[str | None, typer.Option(help="mã hoặc tên đơn vị / code or name of an area")] = None,
    indicator: Annotated[str | None, typer.Option(help="mã chỉ tiêu / indicator")] = None,
    format: Annotated[Literal["table", "json"], typer.Option(help="bảng hoặc JSON / table or JSON")] = "table",
) -> None:
    """Liệt kê mọi chỉ tiêu đã giao, còn hay hết hiệu lực. / List all targets, governing or superseded."""
    from baophu.areas.units import tree
    from baophu.indicators import catalogue
    from baophu.targets.decisions import governing

    settings = settings_of(context)
    code = tree().resolve(area).code if area else None
    named = catalogue.indicator(indicator).id if indicator else None
    targets = _all_targets(settings)
    standing = {target.target_id for target in governing(targets).values()}
    order = {name: number for number, name in enumerate(catalogue.catalogue())}
    chosen = sorted(
        (one for one in targets if code in (None, one.area_code) and named in (None, one.indicator)),
        key=lambda one: (one.area_code, order[one.indicator], one.scope, one.period_end, one.decision.order),
    )
    if format == "json":
        rows = [_row(target, target.target_id in standing) for target in chosen]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _print_targets(chosen, standing, settings.lang)


def _row(target: Target, governs: bool) -> dict[str, str | int | float | bool | None]:
    return {
        "target_id": target.target_id,
        "decision": target.decision.id,
        "number": target.decision.number,
        "issued": str(target.decision.issued.key),
        "indicator": target.indicator,
        "area_code": target.area_code,
        "scope": target.scope,
        "period_end": str(target.period_end),
        "base_date": str(target.base_date),
        "value": as_float(target.value),
        "high": as_float(target.high),
        "direction": target.direction,
        "bound": target.bound,
        "governs": governs,
        "source": target.source,
    }


def _print_targets(targets: list[Target], standing: set[str], lang: Language) -> None:
    from rich.console import Console
    from rich.table import Table

    from baophu.areas.units import tree
    from baophu.indicators.catalogue import SCOPES, indicator
    from baophu.targets.words import date_text, issued_text, target_text

    if not targets:
        typer.echo(Text("Không có chỉ tiêu nào như vậy.", "There is no such target.").say(lang))
        return
    table = Table(box=None, pad_edge=False)
    for heading in (
        Text("Đơn vị", "Area"),
        Text("Chỉ tiêu", "Indicator"),
        Text("Mức giao", "Target"),
        Text("Đến ngày", "By"),
        Text("Quyết định", "Decision"),
        Text("Ban hành", "Issued"),
        Text("Hiệu lực", "Standing"),
    ):
        table.add_column(heading.say(lang), overflow="fold")
    for target in targets:
        scope = "" if target.scope == "all" else f" ({SCOPES[target.scope].say(lang)})"
        stands = target.target_id in standing
        table.add_row(
            tree().get(target.area_code).label.say(lang),
            indicator(target.indicator).short.say(lang) + scope,
            target_text(target).say(lang),
            date_text(target.period_end).say(lang),
            target.decision.number,
            issued_text(target.decision).say(lang),
            (Text("còn hiệu lực", "governs") if stands else Text("đã thay thế", "superseded")).say(lang),
        )
    Console().print(table)
    ending = "" if len(targets) == 1 else "s"
    words = Text(f"{count(len(targets), 'vi')} chỉ tiêu.", f"{count(len(targets), 'en')} target{ending}.")
    typer.echo(words.say(lang))


@app.command()
def history(context: typer.Context) -> None:
    """Liệt kê các lần nạp: khi nào, ai, tệp nào. / List the imports: when, who, which file."""
    from rich.console import Console
    from rich.table import Table

    from baophu.desk.database import has_desk

    settings = settings_of(context)
    folder, lang = home(settings.home), settings.lang
    if not has_desk(folder):
        _print_none_yet(lang)
        return
    from baophu.desk.start import start

    start(folder)
    from django.utils import timezone

    from baophu.areas.units import tree
    from baophu.desk.models import TargetImport

    imports = list(TargetImport.objects.select_related("decision"))
    if not imports:
        _print_none_yet(lang)
        return
    standing = set(TargetImport.objects.governing())
    table = Table(box=None, pad_edge=False)
    for heading in (
        Text("Số", "Id"),
        Text("Lúc", "At"),
        Text("Người nạp", "By"),
        Text("Tệp", "File"),
        Text("Quyết định", "Decision"),
        Text("Thuộc", "Below"),
        Text("Chỉ tiêu", "Targets"),
        Text("Tình trạng", "State"),
    ):
        table.add_column(heading.say(lang), overflow="fold")
    for taken in imports:
        if taken.undone_at is not None:
            when = _moment(timezone.localtime(taken.undone_at))
            state = Text(f"{taken.undone_by} hủy {when.vi}", f"undone by {taken.undone_by} {when.en}")
        elif taken in standing:
            state = Text("đang dùng", "stands")
        else:
            state = Text("đã thay thế", "replaced")
        table.add_row(
            str(taken.pk),
            _moment(timezone.localtime(taken.imported_at)).say(lang),
            taken.actor,
            taken.file_name,
            taken.decision.number,
            tree().get(taken.parent_code).label.say(lang),
            str(taken.rows),
            state.say(lang),
        )
    Console().print(table)


def _moment(at: datetime) -> Text:
    return Text(f"{short_date(at.date(), 'vi')} {at:%H:%M}", f"{short_date(at.date(), 'en')} {at:%H:%M}")


def _print_none_yet(lang: Language) -> None:
    words = Text(
        "Chưa nạp tệp chỉ tiêu nào. Nạp bằng: baophu targets import <tệp>",
        "No file of targets was imported yet. Import one: baophu targets import <file>",
    )
    typer.echo(words.say(lang))


@app.command()
def undo(
    context: typer.Context,
    import_id: Annotated[int, typer.Argument(help="số của lần nạp, xem history / id of the import, see history")],
) -> None:
    """Hủy một lần nạp; lần nạp trước đó được dùng lại. / Undo an import; the one before it stands again."""
    from baophu.targets import importing

    settings = settings_of(context)
    importing.undo(home(settings.home), actor=getpass.getuser(), import_id=import_id)
    words = Text(
        f"Đã hủy lần nạp số {import_id}. Các dòng của lần nạp này vẫn được lưu.",
        f"Undid import {import_id}. Its rows are kept.",
    )
    typer.echo(words.say(settings.lang))


@app.command()
def freeze(context: typer.Context) -> None:
    """Làm lại bản chụp chỉ tiêu từ bàn làm việc. / Make the frozen copy again from the desk."""
    from baophu.desk.database import desk_named, has_desk

    settings = settings_of(context)
    folder = home(settings.home)
    if not has_desk(folder):
        raise BaophuError(
            Text(f"Chưa có bàn làm việc ở {desk_named(folder)}.", f"There is no desk at {desk_named(folder)}."),
            Text("Chọn đúng thư mục bằng --home.", "Choose the right folder with --home."),
        )
    from baophu.desk.start import start
    from baophu.targets import snapshot

    start(folder)
    frozen = snapshot.freeze(folder)
    words = Text(f"Bản chụp đang dùng: {frozen}", f"The frozen copy in use: {frozen}")
    typer.echo(words.say(settings.lang))


app.command("assign")(assign_commands.assign)
app.command("path")(assign_commands.path)
app.command("check")(check_commands.check)
app.command("follow")(check_commands.follow)
app.command("export")(exchange_commands.export)
app.command("import-reported")(exchange_commands.import_reported)
app.command("forecast")(forecast_commands.forecast)
app.command("scenario")(scenario_commands.scenario)
