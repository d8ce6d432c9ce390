"""The command `baophu nation`: generate a country with known truth."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from baophu.core.commands import lang_of
from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.languages import Language, Text
from baophu.core.numbers import count, read_month
from baophu.core.terminal import print_table, progress_bars

if TYPE_CHECKING:
    from baophu.nation.country import Summary


def nation(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="THƯ_MỤC|FOLDER", help="Thư mục mới. / A new folder.")],
    people: Annotated[int, typer.Option("--people", min=1_000, help="Số dân. / How many people.")] = 100_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Cùng số, cùng tệp. / The same gives the same.")] = 1,
    months: Annotated[int, typer.Option("--months", min=1, max=60, help="Số tháng. / How many months.")] = 24,
    end: Annotated[
        str, typer.Option("--end", metavar="THÁNG|MONTH", help="Tháng cuối: 2026-10. / The last month.")
    ] = "2026-10",
    form: Annotated[
        Literal["parquet", "csv", "xlsx"], typer.Option("--format", help="Dạng tệp. / The form of the files.")
    ] = "parquet",
) -> None:
    """Tạo một đất nước giả lập, biết trước sự thật / Generate a country with known truth."""
    lang = lang_of(ctx)
    last = read_month(end)
    _check_months(last, months)
    _check_folder(out)
    from baophu.nation.country import generate

    with progress_bars(lang, Text("người", "people")) as progress:
        made = generate(out, people, seed, months, last, form, progress)
    _say(made, out, lang)


def _check_months(last: date, months: int) -> None:
    """Refuse months before the minimum wages that the truth knows."""
    from baophu.nation.reference import MINIMUM_WAGE

    first = last.year * 12 + last.month - months
    known = MINIMUM_WAGE[-1][0]
    if first < known.year * 12 + known.month - 1:
        raise BaophuError(
            Text(
                f"Tháng đầu sớm hơn {known:%m/%Y}, trước các mức lương tối thiểu đã biết.",
                f"The first month is before {known:%Y-%m}, where the known minimum wages begin.",
            ),
            Text("Giảm --months hoặc chọn --end muộn hơn.", "Give fewer --months or a later --end."),
        )


def _check_folder(out: Path) -> None:
    """Refuse a place where something is: a country is never mixed with other files."""
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists() or out.is_symlink():
        raise BaophuError(
            Text(f"{out} đã có và không trống. Không ghi gì.", f"{out} is there and not empty. Nothing was written."),
            did_you_mean([f"--out {out.with_name(out.name + '-2')}"]),
        )


def _say(made: Summary, out: Path, lang: Language) -> None:
    """Tell how many rows each table has, how near the country is to published figures, and how to load it."""
    print_table(
        lang,
        (Text("Bảng", "Table"), Text("Số dòng", "Rows")),
        [(table, count(rows, lang)) for table, rows in made.rows.items()],
        whole_names=True,
    )
    if made.marginals:
        print_table(
            lang,
            (Text("Đối chiếu", "Held against"), Text("Đã công bố", "Published"), Text("Tạo ra", "Generated")),
            [(name, str(published), str(generated)) for name, published, generated in made.marginals],
            title=Text("So với số đã công bố", "Against published figures").say(lang),
        )
    typer.echo(Text(f"Đã tạo: {out.absolute()}", f"Made: {out.absolute()}").say(lang))
    typer.echo(Text(f"Nạp bằng: baophu load {out}", f"To load it: baophu load {out}").say(lang))
