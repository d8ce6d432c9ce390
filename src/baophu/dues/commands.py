"""The command `baophu dues compute`: dues, charges and next legal steps of all employers of a home."""

from __future__ import annotations

import calendar
import enum
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.languages import Language, Text
from baophu.core.numbers import count, decimal, read_date, read_month, short_date
from baophu.core.terminal import print_table, progress_bars
from baophu.dues.explain_commands import NO_SPELLS

if TYPE_CHECKING:
    from baophu.dues.computing import Totals

app = typer.Typer(
    name="dues",
    help="Số phải đóng, đã đóng, chậm đóng, trốn đóng của đơn vị. / What employers owe, have paid, are late with.",
    no_args_is_help=True,
)


class Export(enum.StrEnum):
    """The files for table calculations."""

    csv = "csv"
    xlsx = "xlsx"


@app.callback()
def _dues() -> None:
    """Keep `compute` a command of its own name, though it is the only one."""


@app.command()
def compute(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="THƯ_MỤC|FOLDER", help="Thư mục mới. / A new folder.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Tính đến hết ngày: 2026-11-22 (hôm nay / today). / As of this day.")
    ] = None,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="THÁNG|MONTH", help="Tính đến hết tháng này. / As of the end of this month."),
    ] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", help="Chỉ dùng những gì đã nạp đến ngày này. / What was loaded by then.")
    ] = None,
    export: Annotated[
        list[Export] | None, typer.Option("--export", help="Ghi thêm CSV, Excel. / Also write these.")
    ] = None,
    memory: Annotated[str, typer.Option("--memory", help="Bộ nhớ cho DuckDB. / Memory for DuckDB.")] = "1GiB",
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="Số luồng. / Threads.")] = None,
) -> None:
    """Tính số phải đóng, trừ tiền đã đóng, tính nộp thêm, bước tiếp theo. / Settle all employers of a home."""
    from baophu.dues import computing
    from baophu.dues.registered import Registered
    from baophu.engine import DuckDB

    lang, home = lang_of(ctx), home_of(ctx)
    day = _day(as_of, month)
    registered = Registered(home, read_date(known_on) if known_on else None)
    with (
        progress_bars(lang, Text("phần", "parts")) as bars,
        DuckDB(memory=memory, threads=threads, temp=home / "temp") as engine,
    ):
        told = (lambda step, done, total: bars(computing.STEPS[step].say(lang), done, total)) if bars else None
        made = computing.compute(
            engine, registered, day, out, export=[form.value for form in export or ()], progress=told
        )
    if not made.spells:
        typer.echo(NO_SPELLS.say(lang), err=True)
    _say(made.totals, day, lang)
    typer.echo(Text(f"Đã ghi {out.absolute()}", f"Written: {out.absolute()}").say(lang), err=True)


def _day(as_of: str | None, month: str | None) -> date:
    if as_of and month:
        raise BaophuError(Text("Chọn --as-of hoặc --month.", "Give --as-of or --month, not both."))
    if month:
        first = read_month(month)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return read_date(as_of) if as_of else date.today()


def _say(totals: Totals, day: date, lang: Language) -> None:
    """Tell the totals, the late rate with what it is measured by, and how many employers are in each class."""
    rate = totals.late_rate
    shown = "–" if rate is None else f"{decimal(rate * 100, lang, 2)} %"
    months = totals.rate_months
    print_table(
        lang,
        (Text("Tổng số", "Totals"), Text("Đồng", "VND")),
        [
            (Text("Phải đóng", "Due").say(lang), count(totals.due, lang)),
            (Text("Đã đóng", "Paid").say(lang), count(totals.paid, lang)),
            (Text("Còn phải đóng", "Outstanding").say(lang), count(totals.outstanding, lang)),
            (Text("Quá hạn chưa đóng", "Unpaid after the due date").say(lang), count(totals.late, lang)),
            (Text("  BHXH", "  social insurance").say(lang), count(totals.late_si, lang)),
            (Text("  BHYT", "  health insurance").say(lang), count(totals.late_hi, lang)),
            (Text("  BHTN", "  unemployment insurance").say(lang), count(totals.late_ui, lang)),
            (Text("Nộp thêm do chậm đóng", "Charged as late").say(lang), count(totals.charge_late, lang)),
            (Text("Nộp thêm do trốn đóng", "Charged as evasion").say(lang), count(totals.charge_evasion, lang)),
        ],
        title=Text(
            f"Số tháng kê khai: {totals.months}; tính đến hết ngày {short_date(day, 'vi')}",
            f"Months declared: {totals.months}; as of the end of {short_date(day, 'en')}",
        ).say(lang),
        whole_names=True,
    )
    print_table(
        lang,
        (Text("Đơn vị", "Employers"), Text("Số đơn vị", "How many")),
        [
            (Text("Đang trốn đóng", "In evasion").say(lang), count(totals.employers_evasion, lang)),
            (Text("Đang chậm đóng", "Late").say(lang), count(totals.employers_late, lang)),
            (
                Text("Đã đóng đủ, có lúc chậm", "Settled, late at times").say(lang),
                count(totals.employers_settled_late, lang),
            ),
            (Text("Không chậm", "Never late").say(lang), count(totals.employers_in_time, lang)),
            (Text("Cộng", "In all").say(lang), count(totals.employers, lang)),
        ],
        whole_names=True,
    )
    typer.echo(
        Text(
            f"Tỷ lệ chậm đóng: {shown} (quá hạn chưa đóng / số phải đóng của {months} tháng cuối đã kê khai)",
            f"Late rate: {shown} (unpaid after the due date / due of the last months declared: {months})",
        ).say(lang)
    )
