"""`baophu targets scenario`: what would help, how many people it would bring, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.home import whole_file
from baophu.core.languages import Text
from baophu.core.numbers import read_month
from baophu.core.terminal import print_table


def scenario(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="TỆP|FILE.yaml", exists=True, dir_okay=False, help="Tệp kịch bản. / A scenario."),
    ] = None,
    kind: Annotated[
        Literal["support", "enforcement", "lapsed"] | None,
        typer.Option(
            "--kind",
            help="Thay cho tệp: một biện pháp với mức thường dùng. / In place of a file: one measure as usual.",
        ),
    ] = None,
    officers: Annotated[
        int | None,
        typer.Option("--officers", min=1, help="Với --kind: số cán bộ. / With --kind: how many officers."),
    ] = None,
    area: Annotated[
        str | None, typer.Option("--area", metavar="MÃ|CODE", help="Mã hoặc tên đơn vị. / Code or name of an area.")
    ] = None,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="THÁNG|MONTH", help="Trường hợp của tháng chạy này. / The month's newest run."),
    ] = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="MÃ|ID", help="Một lần chạy nhất định. / One certain run.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="THÁNG|MONTH", help="Tháng cuối: 2027-12. / The last month."),
    ] = None,
    form: Annotated[
        Literal["table", "json", "xlsx"],
        typer.Option("--format", help="Bảng, JSON hoặc Excel. / A table, JSON, or a workbook."),
    ] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi vào tệp này. / Write it here.")
    ] = None,
) -> None:
    """Nếu làm thế này thì thêm bao nhiêu người, tốn bao nhiêu / What would help, and what it costs.

    Ba biện pháp: tỉnh hỗ trợ thêm người đóng tự nguyện, kiểm tra đơn vị chưa đăng ký, mời người đã dừng đóng quay lại.
    Kết quả luôn là khoảng thấp – cao, kèm mọi giả định. Không ghi gì vào dữ liệu. / Extra support, an enforcement
    drive, bringing back the lapsed. Results are ranges with every assumption listed; nothing is kept.
    """
    from baophu.targets.assign_commands import known_targets
    from baophu.targets.scenario import scenario as worked_out
    from baophu.targets.scenario_file import read_plan, usual_plan
    from baophu.targets.scenario_tables import as_json, headline, in_brief, notes, shown, tables, write_xlsx

    lang, home = lang_of(context), home_of(context)
    if (file is None) == (kind is None):
        raise BaophuError(
            Text("Cho một tệp kịch bản, hoặc --kind.", "Give either a scenario's file or --kind."),
            Text(
                "Ví dụ: baophu targets scenario --kind lapsed --area 22",
                "For example: baophu targets scenario --kind lapsed --area 22",
            ),
        )
    if out is not None and form == "table":
        raise BaophuError(Text("--out cần --format json hoặc xlsx.", "--out needs --format json or xlsx."))
    if file is not None and officers is not None:
        raise BaophuError(
            Text("--officers chỉ đi với --kind.", "--officers goes with --kind only."),
            Text("Ghi officers trong tệp.", "Write `officers` in the file."),
        )
    plan = read_plan(file) if file else usual_plan(kind or "support", officers)
    found = worked_out(
        home,
        plan,
        known_targets(home),
        area=area,
        month=read_month(month) if month else None,
        run=run,
        until=read_month(until) if until else None,
    )
    if form == "xlsx":
        out = out or Path(f"baophu-kich-ban-{file.stem if file else kind}-{found.area.code}.xlsx")
        write_xlsx(found, out, lang)
    elif form == "json" and out is not None:
        with whole_file(out) as part:
            part.write_text(as_json(found, lang) + "\n", encoding="utf-8")
    elif form == "json":
        typer.echo(as_json(found, lang))
    else:
        typer.echo(found.plan.title.say(lang))
        if found.plan.basis:
            typer.echo(found.plan.basis)
        typer.echo(headline(found).say(lang))
        for table in map(in_brief, tables(found)):
            rows = [
                [shown(cell, column, lang) for cell, column in zip(row, table.columns, strict=True)]
                for row in table.rows
            ]
            print_table(lang, (one.words for one in table.columns), rows, title=table.title.say(lang), width=160)
        typer.echo("")
        for note in notes(found):
            typer.echo(f"- {note.say(lang)}")
    if out is not None:
        typer.echo(Text(f"Đã ghi {out.absolute()}", f"Written: {out.absolute()}").say(lang), err=True)
