"""The command line. Each command is thin: it reads what was asked, calls one function, shows the result.

`--lang` and `--home` may stand anywhere. Errors are told in words, in both languages unless one was chosen.
"""

from __future__ import annotations

import argparse
import enum
import io
import json
import os
import sys
import traceback
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from baophu import __version__
from baophu.areas.commands import app as areas_app
from baophu.core.errors import BaophuError, UnknownName, did_you_mean
from baophu.core.home import home, whole_file
from baophu.core.languages import LANGUAGES, Language, Text
from baophu.core.numbers import read_date, short_date
from baophu.core.terminal import print_table
from baophu.desk import commands as desk_commands
from baophu.dues import explain_commands as dues_explain_commands
from baophu.dues.commands import app as dues_app
from baophu.findings import explain_commands as findings_explain_commands
from baophu.findings.commands import app as findings_app
from baophu.indicators import publish_commands
from baophu.law import check_commands, explain_commands, what_if_commands
from baophu.law.commands import app as law_app
from baophu.linkage.commands import app as link_app
from baophu.nation import commands as nation_commands
from baophu.registers import load_commands, purge_commands
from baophu.registers.commands import app as registers_app
from baophu.registers.forms.commands import app as forms_app
from baophu.results.commands import app as results_app
from baophu.targets import ranking_commands
from baophu.targets.commands import app as targets_app
from baophu.targets.decisions import COUNTRY
from baophu.web import commands as web_commands

if TYPE_CHECKING:
    from baophu.core.soundness import Fault, Look, Verify
    from baophu.law.trace import Step
    from baophu.reports.view import View

LANGUAGE_VARIABLE = "BAOPHU_LANG"
DEBUG_VARIABLE = "BAOPHU_DEBUG"
PROGRAM_ERROR = 1
FILE_WIDTH = 240
USER_ERROR = 2

app = typer.Typer(
    name="baophu",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(areas_app, name="areas")
app.add_typer(registers_app, name="registers")
registers_app.command("retention")(purge_commands.retention)
registers_app.command("purge")(purge_commands.purge)
registers_app.command("held")(purge_commands.held)
app.command("load")(load_commands.load)
app.add_typer(load_commands.app, name="loads")
app.add_typer(forms_app, name="forms")
app.add_typer(results_app, name="results")
results_app.command("publish")(publish_commands.publish)
app.add_typer(link_app, name="link")
app.add_typer(findings_app, name="findings")
app.add_typer(targets_app, name="targets")
app.command("rank")(ranking_commands.rank)
law_app.command("check")(check_commands.check)
law_app.command("what-if")(what_if_commands.what_if)
explain_commands.app.command("employer")(dues_explain_commands.employer)
explain_commands.app.command("charge")(findings_explain_commands.charge)
app.add_typer(law_app, name="law")
app.add_typer(dues_app, name="dues")
app.command("nation")(nation_commands.nation)
app.command("serve")(web_commands.serve)
app.add_typer(web_commands.app, name="admin")
app.command("backup")(desk_commands.backup)
app.command("restore")(desk_commands.restore)
app.command("backup-key")(desk_commands.backup_key)


class Form(enum.StrEnum):
    """What a result is shown as."""

    table = "table"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    html = "html"


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every command; commands take it from the context."""

    lang: Language
    home: Path | None

    def explanation_page(self, step: Step) -> str:
        """Make the page of an explanation; whoever explains stands above `reports` in the house."""
        from baophu.reports.explanation_page import explanation_page

        return explanation_page(step, self.lang)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"baophu {__version__}")
        raise typer.Exit


@app.callback(
    epilog="--lang vi|en (BAOPHU_LANG), --home THƯ_MỤC (BAOPHU_HOME): đặt ở đâu cũng được / may stand anywhere"
)
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Phiên bản / version")
    ] = False,
) -> None:
    """Bao phủ bảo hiểm xã hội / Social insurance coverage."""


@app.command()
def progress(
    context: typer.Context,
    as_of: Annotated[str | None, typer.Option(help="Xem ngày / as-of date: 2025-11-30 (hôm nay / today)")] = None,
    area: Annotated[str, typer.Option(help="Mã hoặc tên đơn vị / code or name of an area")] = COUNTRY,
    form: Annotated[Form, typer.Option("--format", help="Dạng kết quả / form of the result")] = Form.table,
    out: Annotated[Path | None, typer.Option(help="Ghi vào tệp / write to this file")] = None,
    chart: Annotated[Path | None, typer.Option(help="Thư mục ghi biểu đồ PNG, SVG / folder for charts")] = None,
    explain: Annotated[str | None, typer.Option(help="Giải thích một chỉ tiêu / explain an indicator")] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="Số đếm của tháng đã chạy / counted by a run")
    ] = None,
) -> None:
    """Chỉ tiêu và kết quả: đang ở đâu, còn bao nhiêu / Targets and what has come of them.

    Ngày xem nằm trong tháng mới chạy, hoặc có --month: theo số đếm được; nếu không: theo số công bố. / Where the day
    falls into the month last run, or with --month, by what was counted; else by published figures.
    """
    settings: Settings = context.obj
    day = read_date(as_of) if as_of else date.today()
    if _counted(settings, month, day, area, form, out, plain=explain is None and chart is None):
        return
    from baophu.reports.view import view_of

    view = view_of(area, day, settings.lang, home(settings.home))
    if explain is not None:
        _explain(view, explain, form, out)
    elif form is Form.table:
        _table(view, out)
    else:
        _document(view, form, out)
    if chart is not None:
        from baophu.reports.charts import save
        from baophu.reports.page import drawings

        paths = [path for name, drawing in drawings(view).items() for path in save(drawing, chart, name)]
        _note(view.say(f"Đã ghi {len(paths)} tệp biểu đồ vào {chart}", f"{len(paths)} chart files written to {chart}"))


def _counted(
    settings: Settings, month: str | None, day: date, area: str, form: Form, out: Path | None, *, plain: bool
) -> bool:
    """Show what a run counted, where one is asked for or the day falls into it; tell whether that was so."""
    from baophu.core.numbers import read_month
    from baophu.results.store import results

    place = home(settings.home)
    if month is None and not (plain and form is not Form.html and results(place).is_dir()):
        return False
    if not plain or form is Form.html:
        raise BaophuError(
            Text("Số đếm của một tháng chưa có dạng này.", "What a run counted has no such form."),
            Text("Giải thích hạng: baophu rank --explain MÃ", "A rank is explained by: baophu rank --explain CODE"),
        )
    from baophu.targets.following_reading import run_of

    counted = run_of(place, read_month(month) if month else None, day)
    if counted is None:
        return False
    ranking_commands.show_counted(place, counted, area, form.value, out, settings.lang)
    return True


@app.command()
def run(
    context: typer.Context,
    month: Annotated[str, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng: 2026-10. / The month.")],
    as_of: Annotated[
        str | None,
        typer.Option(metavar="NGÀY|DAY", help="Tính đến hết ngày (ngày thu tiền cuối) / as of (last payment)"),
    ] = None,
    memory: Annotated[str, typer.Option(help="Bộ nhớ được dùng / memory that may be used")] = "8GB",
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Số luồng tính toán; mặc định mỗi lõi một luồng / threads, else one a core"),
    ] = None,
    engine: Annotated[Literal["duckdb", "spark"], typer.Option(help="Máy tính toán / the engine")] = "duckdb",
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Dự báo đến 12/2030, thêm vài phút / forecast too, some minutes more")
    ] = False,
    relink: Annotated[
        bool, typer.Option("--relink", help="Nối lại toàn bộ, không giữ liên kết kỳ trước / make all links anew")
    ] = False,
) -> None:
    """Chạy một tháng: nối, số phải đóng, trường hợp cần xử lý, đếm / Run a month: links, dues, findings, counts.

    Bị ngắt giữa chừng thì gọi lại: chạy tiếp từ bước đang dở. Mã thoát 2: có bước bị lỗi. / Where it was cut off, call
    it again: it goes on at the step where it stopped. The exit code is 2 where a step failed.
    """
    from baophu.core.numbers import read_month
    from baophu.engine.memory import usable_memory
    from baophu.results.commands import tell
    from baophu.results.watching import watching
    from baophu.run import LEAST_MEMORY, run_month

    settings: Settings = context.obj
    of, day = read_month(month), read_date(as_of) if as_of else None
    size = usable_memory(memory, LEAST_MEMORY)
    with watching(settings.lang) as watch:
        summary = run_month(
            home(settings.home),
            of,
            watch,
            as_of=day,
            memory=size,
            threads=threads,
            engine=engine,
            forecast=forecast,
            relink=relink,
        )
    tell(summary, settings.lang)
    web_commands.index_after_run(home(settings.home), settings.lang)
    if any(one.kind == "failed" for one in summary.run.not_done):
        raise typer.Exit(USER_ERROR)


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[
        str | None, typer.Option(metavar="SỐ:MÃ_BĂM|N:HASH", help="Dòng sổ ghi đã chép lại / a line noted down before")
    ] = None,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="Dạng kết quả / form of the result")] = (
        "table"
    ),
) -> None:
    """Kiểm tra kho dữ liệu: tệp nào bị sửa, bị mất / Recompute all hashes: what was changed or is missing.

    Mã thoát 0: không có gì sai; 2: có chỗ sai. / The exit code is 0 where all is sound, and 2 where something is wrong.
    """
    from baophu.registers.verifying import head as last_line
    from baophu.registers.verifying import verify_head

    settings: Settings = context.obj
    place, lang = home(settings.home), settings.lang
    look, faults = _looked_through(place, lang)
    faults += verify_head(place, head) if head else []
    last = last_line(place)
    if form == "json":
        listed = [{"where": one.where, "what": one.what.say(lang), "mend": one.mend.say(lang)} for one in faults]
        found = {"sound": not faults, "files": look.files, "bytes": look.size, "ledger": last, "faults": listed}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        headings = (Text("Ở đâu", "Where"), Text("Sai gì", "What is wrong"), Text("Cách sửa", "How to mend it"))
        if faults:
            print_table(lang, headings, ((one.where, one.what.say(lang), one.mend.say(lang)) for one in faults))
        said = (
            Text(f"Số chỗ sai {len(faults)}", f"Faults {len(faults)}")
            if faults
            else Text("Không có gì sai", "All is sound")
        )
        size = f"{look.size / 1e6:.1f} MB"
        typer.echo(
            Text(
                f"{said.vi}: {look.files} tệp, {size}. Dòng cuối của sổ ghi, nên chép lại nơi khác: {last}",
                f"{said.en}: {look.files} files, {size}. The ledger's last line, to be noted elsewhere: {last}",
            ).say(lang)
        )
    if faults:
        raise typer.Exit(USER_ERROR)


def _looked_through(place: Path, lang: Language) -> tuple[Look, list[Fault]]:
    """Call every package's verification, and show how far it is where a person looks on."""
    from rich.console import Console

    from baophu.areas import store as areas
    from baophu.core.soundness import Look
    from baophu.registers import verifying as registers
    from baophu.results import frozen
    from baophu.results import store as results
    from baophu.targets import snapshot as targets

    packages: tuple[Verify, ...] = (registers.verify, results.verify, frozen.verify, areas.verify, targets.verify)
    console = Console(stderr=True)
    with console.status("") if console.is_terminal else nullcontext() as status:

        def told(files: int, size: int) -> None:
            if status is not None:
                status.update(
                    Text(f"{files} tệp, {size / 1e6:.0f} MB", f"{files} files, {size / 1e6:.0f} MB").say(lang)
                )

        look = Look(told)
        return look, [fault for package in packages for fault in package(place, look)]


def _table(view: View, out: Path | None) -> None:
    """Show what is in view as a table: the area's targets, then how many of the units below have theirs."""
    from rich.console import Console

    from baophu.reports.tables import terminal, unsaid
    from baophu.reports.view import in_view, lead, units_known

    console = Console() if out is None else Console(file=io.StringIO(), record=True, width=FILE_WIDTH)
    rows = in_view(view.rows, view.as_of)
    day = short_date(view.as_of, view.lang)
    console.print(view.say(f"{view.title}, xem ngày {day}", f"{view.title}, as of {day}"), style="bold")
    console.print(lead(view))
    if rows:
        console.print(terminal(rows, view.lang, console.width))
    for words in unsaid(rows, view.lang):
        console.print(words)
    console.print(units_known(view))
    if out is not None:
        _write(console.export_text(), out, view)


def _document(view: View, form: Form, out: Path | None) -> None:
    """Write the view as a document: data to the terminal unless a file is named, workbooks and pages to a file."""
    from baophu.reports import tables

    rows = [*view.rows, *view.child_rows]
    if not rows:
        _note(view.say("Đơn vị này chưa được giao chỉ tiêu nào.", "No target has been assigned to this area."))
    if form is Form.json:
        _write(tables.as_json(rows), out, view)
    elif form is Form.csv:
        # Excel takes a CSV file for UTF-8 only with the mark in front.
        _write(tables.as_csv(rows), out, view, encoding="utf-8-sig")
    elif form is Form.xlsx:
        out = out or Path(f"baophu-{view.area.code}-{view.as_of}.xlsx")
        tables.write_xlsx(rows, out, view.title, view.as_of, view.names, view.lang)
        _note(view.say(f"Đã ghi {out.absolute()}", f"Written: {out.absolute()}"))
    else:
        from baophu.reports.page import page

        _write(page(view), out or Path(f"baophu-{view.area.code}-{view.as_of}.html"), view)


def _explain(view: View, word: str, form: Form, out: Path | None) -> None:
    """Explain one indicator of the area as text, or as JSON."""
    from baophu.indicators.catalogue import indicator
    from baophu.targets.explain import explain_indicator

    if form not in (Form.table, Form.json):
        raise BaophuError(
            Text(f"Giải thích không có dạng {form}.", f"An explanation has no form {form}."),
            did_you_mean(["--format table", "--format json"]),
        )
    node = explain_indicator(indicator(word).id, view.rows, view.targets, view.as_of)
    if form is Form.json:
        text = json.dumps(node.as_json(view.lang), ensure_ascii=False, indent=1)
    else:
        text = "\n".join(node.lines(view.lang))
    _write(text, out, view)


def _write(text: str, out: Path | None, view: View, encoding: str = "utf-8") -> None:
    """Write a text to a file, or to the terminal where none is named."""
    if out is None:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    with whole_file(out) as part:
        part.write_text(text, encoding=encoding)
    _note(view.say(f"Đã ghi {out.absolute()}", f"Written: {out.absolute()}"))


def _note(words: str) -> None:
    """Tell something beside the result, on the stream that does not carry it."""
    typer.echo(words, err=True)


def settings_of(arguments: list[str]) -> tuple[Settings, bool, list[str]]:
    """Take `--lang` and `--home` out of the arguments, wherever they stand.

    Returns the settings, whether a language was chosen, and the other arguments. UnknownName for a language that is
    not spoken here.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--lang", default=os.environ.get(LANGUAGE_VARIABLE))
    parser.add_argument("--home", type=Path)
    found, others = parser.parse_known_args(arguments)
    for known in LANGUAGES:
        if known == (found.lang or "vi"):
            return Settings(known, found.home), found.lang is not None, others
    raise UnknownName(
        Text(f"Chương trình không có tiếng '{found.lang}'.", f"The program does not speak '{found.lang}'."),
        did_you_mean(["vi (Tiếng Việt)", "en (English)"]),
    )


def fault(error: Exception) -> BaophuError:
    """Word an error of the program itself: its kind and place, without any value, which might be a person's."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "; ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-4:])
    return BaophuError(
        Text(
            f"Chương trình gặp lỗi ngoài dự kiến ({type(error).__name__} tại {where}). Tệp đang ghi dở đã được bỏ.",
            f"The program met an unexpected error ({type(error).__name__} at {where}). No half-written file was kept.",
        ),
        Text(
            f"Gửi dòng trên cho người phụ trách; chạy lại với {DEBUG_VARIABLE}=1 để xem chi tiết.",
            f"Send the line above to whoever looks after the program; {DEBUG_VARIABLE}=1 shows the details.",
        ),
    )


def main(arguments: list[str] | None = None) -> None:
    """Run a command. The exit code is 2 for what the user can mend, which is told in words."""
    languages: tuple[Language, ...] = LANGUAGES
    try:
        settings, chosen, others = settings_of(sys.argv[1:] if arguments is None else arguments)
        if chosen:
            languages = (settings.lang,)
        app(args=others, prog_name="baophu", obj=settings)
    except BaophuError as error:
        _note("\n".join(error.say(lang) for lang in languages))
        sys.exit(USER_ERROR)
    except BrokenPipeError:
        # The reader of the output has gone (`baophu progress | head`); nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        _note("\n".join(fault(error).say(lang) for lang in languages))
        sys.exit(PROGRAM_ERROR)
