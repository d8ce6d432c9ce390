"""The command `baophu law what-if …`: what a reform changes for whom, and what it costs.

`cli.py` sets `ctx.obj` with `lang` and `home`, and prints a BaophuError that is raised here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.home import whole_file
from baophu.core.languages import Language, Text
from baophu.core.numbers import read_month
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from baophu.law.what_if import WhatIf


def what_if(
    ctx: typer.Context,
    reform: Annotated[
        Path, typer.Argument(metavar="TỆP|REFORM.yaml", exists=True, dir_okay=False, help="Tệp cải cách. / A reform.")
    ],
    month: Annotated[
        list[str] | None,
        typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng đã nạp: 2026-10 (tháng cuối / the last one)."),
    ] = None,
    law_of: Annotated[
        str | None,
        typer.Option(
            "--law-of", metavar="THÁNG|MONTH", help="Tính theo luật của tháng khác. / By the law of another month."
        ),
    ] = None,
    form: Annotated[
        Literal["table", "json", "xlsx"],
        typer.Option("--format", help="Bảng, JSON hoặc Excel. / A table, JSON, or a workbook."),
    ] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi vào tệp này. / Write it here.")
    ] = None,
    memory: Annotated[
        str, typer.Option("--memory", metavar="1GiB", help="Bộ nhớ nhiều nhất. / The most memory to use.")
    ] = "1GiB",
) -> None:
    """Nếu luật đổi như thế này: ai đóng thêm, ngân sách tốn bao nhiêu. / What a reform changes for whom and costs.

    Không thay đổi dữ liệu đã nạp; kết quả không có thông tin của người nào. / What is loaded stays as it is, and
    nothing that comes out is about one person.
    """
    from baophu.law.parameters import book
    from baophu.law.reforms import read_reform
    from baophu.law.what_if import what_if as compared
    from baophu.law.what_if_tables import as_json, warning_words, write_xlsx

    lang, law = lang_of(ctx), book()
    if out is not None and form == "table":
        raise BaophuError(
            Text("--out cần --format json hoặc xlsx.", "--out needs --format json or xlsx."),
        )
    asked = read_reform(reform, law)
    months = [read_month(words) for words in month or ()]
    found = compared(home_of(ctx), asked, law, months, read_month(law_of) if law_of else None, memory=memory)
    if form == "xlsx":
        out = out or Path(f"{reform.stem}.xlsx")
        write_xlsx(found, out, lang)
    elif form == "json" and out is not None:
        with whole_file(out) as part:
            part.write_text(as_json(found, lang) + "\n", encoding="utf-8")
    elif form == "json":
        typer.echo(as_json(found, lang))
    else:
        _print(found, lang)
    if out is not None:
        typer.echo(Text(f"Đã ghi {out.absolute()}", f"Written: {out.absolute()}").say(lang), err=True)
    for words in warning_words(found):
        typer.echo(f"{Text('CẢNH BÁO', 'WARNING').say(lang)}: {words.say(lang)}", err=True)


def _print(found: WhatIf, lang: Language) -> None:
    """Print the reform, the tables of each month, and what to know beside them."""
    from baophu.law.what_if_tables import Table, headline, in_brief, notes, shown, tables, values_table

    def put(table: Table) -> None:
        if table.rows:
            signs = [name.endswith("change") for name in table.columns]
            rows = [[shown(cell, lang, sign) for cell, sign in zip(row, signs, strict=True)] for row in table.rows]
            print_table(lang, table.columns.values(), rows, title=table.title.say(lang), width=200)

    typer.echo(found.reform.title.say(lang))
    for words in (found.reform.author, found.reform.basis):
        if words:
            typer.echo(words)
    put(values_table(found, lang))
    for month in found.months:
        typer.echo(f"\n{headline(month).say(lang)}")
        for table in tables(month):
            put(in_brief(table))
    typer.echo("")
    for note in notes(found):
        typer.echo(f"- {note.say(lang)}")
