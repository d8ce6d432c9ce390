"""The commands `baophu findings …`: what became of findings, and how each rule does."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.languages import Text
from baophu.core.numbers import MISSING, count
from baophu.core.terminal import print_table

app = typer.Typer(help="Trường hợp cần xử lý và kết quả. / Findings and what became of them.", no_args_is_help=True)
outcomes_app = typer.Typer(help="Kết quả xử lý. / What became of findings.", no_args_is_help=True)
app.add_typer(outcomes_app, name="outcomes")


@outcomes_app.command("import")
def import_outcomes(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="TỆP|FILE", help="CSV hoặc XLSX. / CSV or XLSX.")],
) -> None:
    """Nạp kết quả xử lý: đúng, sai, chưa trả lời; chỗ sai báo theo dòng. / Take outcomes; errors are told by line."""
    from baophu.findings.outcomes import take

    taken = take(home_of(ctx), file, date.today(), actor=getpass.getuser())
    new, replaced, known = taken.new, taken.replaced, taken.known
    typer.echo(
        Text(
            f"Mới {count(new, 'vi')}, thay {count(replaced, 'vi')}, đã có {count(known, 'vi')}. "
            "Lần chạy sau sẽ tính theo.",
            f"New {count(new, 'en')}, replaced {count(replaced, 'en')}, known {count(known, 'en')}. "
            "The next run counts them.",
        ).say(lang_of(ctx))
    )


@outcomes_app.command("show")
def show_outcomes(ctx: typer.Context) -> None:
    """Số kết quả theo loại. / How many outcomes there are, by kind."""
    from baophu.findings.kinds import kinds
    from baophu.findings.outcomes import OUTCOMES, freeze, standing

    lang = lang_of(ctx)
    # What was recorded at the site is at the desk.
    freeze(home_of(ctx))
    latest = {row["finding_id"]: row for row in sorted(standing(home_of(ctx)), key=lambda row: row["on"])}
    rows = [
        [kind.title.say(lang), *(count(number, lang) for number in numbers), count(cost, lang) if cost else MISSING]
        for name, kind in kinds().items()
        if (mine := [row for row in latest.values() if row["kind"] == name])
        for numbers in [[sum(row["outcome"] == word for row in mine) for word in OUTCOMES]]
        for cost in [sum(row["cost"] or 0 for row in mine)]
    ]
    if not rows:
        typer.echo(Text("Chưa có kết quả nào.", "There are no outcomes yet.").say(lang))
        return
    heads = (Text("Loại", "Kind"), *OUTCOMES.values(), Text("Chi phí (đồng)", "Cost (VND)"))
    print_table(lang, heads, rows)
