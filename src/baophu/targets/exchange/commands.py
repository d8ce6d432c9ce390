"""Taking values and targets away for other systems, and reported values in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.home import whole_file, whole_folder
from baophu.core.languages import Text
from baophu.core.numbers import count, read_month

Form = Literal["xlsx", "dhis2", "adx", "sdmx-csv", "open-data"]


def export(
    context: typer.Context,
    form: Annotated[Form, typer.Option("--format", help="Dạng tệp. / The form.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="NƠI|PLACE", help="Thư mục sẽ có; tệp .xlsx. / The folder to make; the .xlsx file."
        ),
    ],
    month: Annotated[
        str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng: 2026-10. / The month, its newest run.")
    ] = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="MÃ|ID", help="Một lần chạy nhất định. / One certain run.")
    ] = None,
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", metavar="MÃ|ID", help="Chỉ tiêu, nhiều lần. / Repeatable.")
    ] = None,
    to: Annotated[
        Literal["country", "province", "commune"], typer.Option("--to", help="Đến cấp nào. / Down to which level.")
    ] = "commune",
    with_targets: Annotated[
        bool, typer.Option("--targets/--no-targets", help="Cả chỉ tiêu được giao. / The targets too.")
    ] = True,
    year: Annotated[
        int | None, typer.Option("--year", help="Năm của chỉ tiêu, với xlsx. / The targets' year, with xlsx.")
    ] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", metavar="URL", help="Giấy phép của dữ liệu mở. / Of the open data.")
    ] = None,
) -> None:
    """Xuất chỉ tiêu ra Excel; giá trị và chỉ tiêu của một tháng cho hệ thống khác / Targets and values as files.

    xlsx: cây chỉ tiêu của một năm, tổng bằng công thức. Các dạng khác: số nhỏ không ra khỏi cơ quan, cùng những số có
    thể suy ra chúng. / xlsx: a year's tree of targets, sums as formulas. The others: small figures do not leave the
    house, nor others by which they could be had back.
    """
    if form == "xlsx":
        _export_tree(context, out, indicator or [], year)
        return
    from baophu.targets.assign_commands import known_targets
    from baophu.targets.exchange import formats, open_data
    from baophu.targets.exchange.release import released
    from baophu.targets.exchange.values import down_to, targets_of, values_of
    from baophu.targets.measured import newest_run

    lang, home = lang_of(context), home_of(context)
    chosen = newest_run(home, run, read_month(month) if month else None)
    if chosen is None:
        raise BaophuError(
            Text("Chưa có lần chạy nào.", "There is no run yet."),
            Text("Chạy tháng: baophu run --month 2026-10", "Run a month: baophu run --month 2026-10"),
        )
    if out.exists():
        raise BaophuError(
            Text(f"Đã có {out}: không ghi đè.", f"{out} is there already and is not written over."),
            Text("Chọn thư mục khác bằng --out.", "Choose another folder with --out."),
        )
    sent = down_to(released(values_of(home, chosen, indicator or ())), to)
    if with_targets:
        sent += targets_of(known_targets(home), indicator or ())
    with whole_folder(out) as part:
        if form == "dhis2":
            (part / "dataValueSets.json").write_text(formats.dhis2(sent), encoding="utf-8")
        elif form == "adx":
            (part / "adx.xml").write_text(formats.adx(sent), encoding="utf-8")
        elif form == "sdmx-csv":
            (part / "data.csv").write_text(formats.sdmx_csv(sent), encoding="utf-8")
            (part / "codelists.csv").write_text(formats.code_lists(sent), encoding="utf-8")
        else:
            open_data.write_package(sent, chosen, part, licence, date.today())
    hidden = sum(one.withheld for one in sent)
    typer.echo(
        Text(
            f"Đã ghi {out.absolute()}: {count(len(sent), 'vi')} giá trị, trong đó {count(hidden, 'vi')} không công bố.",
            f"Written: {out.absolute()}, {count(len(sent), 'en')} values, {count(hidden, 'en')} of them withheld.",
        ).say(lang),
        err=True,
    )


def _export_tree(context: typer.Context, out: Path, indicators: list[str], year: int | None) -> None:
    from baophu.targets.assign_commands import known_targets
    from baophu.targets.tree_book import write_tree

    end, sheets = write_tree(known_targets(home_of(context)), out, indicators, year)
    typer.echo(
        Text(
            f"Đã ghi {out.absolute()}: chỉ tiêu năm {end}, {sheets} trang.",
            f"Written: {out.absolute()}, the targets of {end}, {sheets} sheets.",
        ).say(lang_of(context)),
        err=True,
    )


def import_reported(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="TỆP|FILE", help="dataValueSets (JSON)")],
    out: Annotated[Path, typer.Option("--out", metavar="TỆP|FILE", help="Tệp CSV để nạp. / The CSV to load.")] = Path(
        "reported_indicators.csv"
    ),
) -> None:
    """Đổi tệp dataValueSets của DHIS2 thành bảng reported_indicators để nạp / Reported values out of DHIS2, to load."""
    from baophu.targets.exchange.reading import reported_rows

    text = reported_rows(file)
    with whole_file(out) as part:
        part.write_text(text, encoding="utf-8")
    typer.echo(
        Text(f"Đã ghi {out}. Nạp: baophu load {out}", f"Written: {out}. Load it: baophu load {out}").say(
            lang_of(context)
        ),
        err=True,
    )
