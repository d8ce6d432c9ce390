"""The command `baophu results publish`: counts of participants that may leave the house. `cli.py` puts it there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.home import whole_file
from baophu.core.languages import Text
from baophu.core.numbers import count, read_month
from baophu.indicators.disclosure import THRESHOLD, public_breakdowns


def publish(
    context: typer.Context,
    month: Annotated[str, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng: 2026-10. / The month.")],
    place: Annotated[
        Literal["managed", "resident"],
        typer.Option("--place", help="Nơi quản lý hoặc nơi ở. / Where people are managed, or live."),
    ] = "managed",
    threshold: Annotated[
        int, typer.Option("--threshold", min=3, max=1000, help="Giấu số dưới ngưỡng. / Counts below are left out.")
    ] = THRESHOLD,
    base: Annotated[
        int, typer.Option("--round", min=1, max=1000, help="Làm tròn đến bội số. / Round to multiples of it.")
    ] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi vào tệp CSV. / Write to this CSV file.")
    ] = None,
) -> None:
    """Công bố số người tham gia, giấu số nhỏ và những số suy ra được chúng / Counts without small figures.

    Cả nước và tỉnh theo giới, nhóm tuổi, nhóm đối tượng, khu vực; xã chỉ có tổng. Ô trống với suppressed = true là số
    không công bố. / The country and provinces by sex, age, group and sector; communes with a total only. An empty cell
    with suppressed = true is not published.
    """
    from baophu.registers import revealing
    from baophu.results import store

    lang, home = lang_of(context), home_of(context)
    of = read_month(month)
    run = store.newest(home, of)
    table = public_breakdowns(home, run, of, place=place, threshold=threshold, base=base)
    path = out or Path(f"baophu-public-{of:%Y-%m}-{place}.csv")
    facts = {"run": run.run, "result": "breakdowns", "place": place, "threshold": threshold, "round": base}
    revealing.note(home, "export", None, **facts)
    with whole_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(table.write_csv())
    left = int(table["suppressed"].sum())
    typer.echo(
        Text(
            f"Đã ghi {path.absolute()}: {count(table.height, 'vi')} dòng, {count(left, 'vi')} số không công bố "
            f"(dưới {threshold}, hoặc để không suy ra được số dưới {threshold}).",
            f"Written: {path.absolute()}, {count(table.height, 'en')} rows, {count(left, 'en')} of them left out "
            f"(below {threshold}, or so that none below {threshold} is had back).",
        ).say(lang),
        err=True,
    )
