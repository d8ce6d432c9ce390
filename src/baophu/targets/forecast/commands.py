"""`baophu targets forecast`: what is to come for an area, by scheme and year, beside what was published."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from baophu.core.commands import settings_of
from baophu.core.errors import BaophuError, unknown
from baophu.core.home import home
from baophu.core.languages import Language, Text
from baophu.core.numbers import count, read_month, share, short_date
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

# The indicator whose published figures stand beside a scheme.
PUBLISHED = {
    "compulsory": "si_compulsory",
    "voluntary": "si_voluntary",
    "unemployment": "ui_total",
    "health": "hi_total",
}
_BESIDE = 3


def forecast(
    context: typer.Context,
    month: Annotated[
        str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng đã chạy / the month that was run")
    ] = None,
    area: Annotated[str, typer.Option("--area", metavar="MÃ|CODE", help="Mã hoặc tên đơn vị / code or name")] = "00",
    scheme: Annotated[
        str | None,
        typer.Option("--scheme", metavar="LOẠI|SCHEME", help="compulsory, voluntary, unemployment, health"),
    ] = None,
    form: Annotated[
        Literal["table", "json"], typer.Option("--format", help="Bảng cuối năm, hoặc JSON mọi tháng / table or JSON")
    ] = "table",
) -> None:
    """Xem dự báo đến 12/2030, kèm cách tính và sai số đã thử / The forecast, its method and how it was tried.

    Tính trước bằng: baophu run --month THÁNG --forecast / Computed by: baophu run --month MONTH --forecast
    """
    from baophu.targets.forecast.counts_by_area import is_unknown
    from baophu.targets.forecast.forecasting import SCHEME_NAMES

    settings = settings_of(context)
    lang = settings.lang
    if scheme is not None and scheme not in SCHEME_NAMES:
        raise unknown(Text("loại hình", "scheme"), scheme, {key: name.vi for key, name in SCHEME_NAMES.items()})
    of = read_month(month) if month else None
    if is_unknown(area):
        code, name = area, Text("chưa rõ xã", "commune unknown")
    else:
        from baophu.areas.units import tree

        found = tree().resolve(area)
        code, name = found.code, found.full_label
    run, place = _run(home(settings.home), of)
    rows, trials = _read(place, "forecasts", code, scheme), _read(place, "backtest", code, scheme)
    if rows.is_empty():
        raise BaophuError(
            Text(f"Lần chạy {run} không có dự báo cho {code}.", f"The run {run} has no forecast for {code}."),
            Text("Xem các đơn vị có dự báo: baophu results export forecasts", "See: baophu results export forecasts"),
        )
    if form == "json":
        typer.echo(json.dumps(_as_json(run, rows), ensure_ascii=False, indent=1))
        return
    _print(rows, trials, Text(name.vi, name.en), lang)
    _print_cautions(rows, trials, lang)
    _print_goals(place, code, rows, lang)
    _print_published(code, [name for name in SCHEME_NAMES if name in rows["scheme"]], lang)


def _run(folder: Path, month: date | None) -> tuple[str, Path]:
    from baophu.targets.forecast.steps import last_forecast

    found = last_forecast(folder, month)
    if found is None:
        wanted = f"{month:%Y-%m}" if month else "2026-10"
        raise BaophuError(
            Text("Chưa có lần chạy nào có dự báo.", "No run has a forecast yet."),
            Text(
                f"Tính dự báo (vài phút): baophu run --month {wanted} --forecast",
                f"To compute it (some minutes): baophu run --month {wanted} --forecast",
            ),
        )
    return found


def _read(place: Path, table: str, area: str, scheme: str | None) -> pl.DataFrame:
    import polars as pl

    of_area = pl.scan_parquet(place / table / "part-*.parquet").filter(pl.col("area_code") == area)
    if scheme is not None:
        of_area = of_area.filter(pl.col("scheme") == scheme)
    return of_area.collect()


def _as_json(run: str, rows: pl.DataFrame) -> list[dict[str, Any]]:
    return [{"run": run, **row, "month": f"{row['month']:%Y-%m}"} for row in rows.iter_rows(named=True)]


def _print(rows: pl.DataFrame, trials: pl.DataFrame, name: Text, lang: Language) -> None:
    import polars as pl

    from baophu.targets.forecast.backtest import REASONS
    from baophu.targets.forecast.forecasting import SCHEME_NAMES
    from baophu.targets.forecast.methods import METHODS

    shown = [scheme for scheme in SCHEME_NAMES if rows.filter(pl.col("scheme") == scheme).height]
    lines = []
    for scheme in shown:
        own = rows.filter(pl.col("scheme") == scheme).sort("month")
        ends = own.filter((pl.col("month").dt.month() == 12) | (pl.col("month") == own["month"].max()))
        for row in ends.iter_rows(named=True):
            numbers = [count(row[tenth], lang) for tenth in ("p10", "p50", "p90")]
            lines.append([SCHEME_NAMES[scheme].say(lang), f"{row['month']:%m/%Y}", *numbers])
    headings = (
        Text("Loại hình", "Scheme"),
        Text("Tháng", "Month"),
        Text("Thấp (1 phần 10 khả năng thấp hơn)", "Low (1 in 10 is below)"),
        Text("Giữa", "Middle"),
        Text("Cao (1 phần 10 khả năng cao hơn)", "High (1 in 10 is above)"),
    )
    title = Text(f"Dự báo số người tham gia: {name.vi}", f"Forecast of participants: {name.en}")
    print_table(lang, headings, lines, title=title.say(lang))
    methods = []
    for scheme in shown:
        row = rows.filter(pl.col("scheme") == scheme).row(0, named=True)
        tried = trials.filter((pl.col("scheme") == scheme) & pl.col("used"))
        error = share(_exact(tried["error_share"][0]), lang) if tried.height else "–"
        within = share(_exact(tried["coverage"][0]), lang, 0) if tried.height else "–"
        words = METHODS[row["model"]].say(lang), REASONS[row["why"]].say(lang)
        methods.append([SCHEME_NAMES[scheme].say(lang), *words, error, within])
    print_table(
        lang,
        (
            Text("Loại hình", "Scheme"),
            Text("Cách tính", "Method"),
            Text("Vì sao", "Why"),
            Text("Sai số khi thử", "Error when tried"),
            Text("Nằm trong khoảng", "Within low to high"),
        ),
        methods,
        title=Text("Cách tính, và kết quả thử trên các tháng đã qua", "Methods, as tried on months past").say(lang),
    )


def _exact(value: float | None) -> Any:
    from fractions import Fraction

    return None if value is None else Fraction(value)


def _print_cautions(rows: pl.DataFrame, trials: pl.DataFrame, lang: Language) -> None:
    """Say in words where there were too few months to try a model, and where the middle says next to nothing."""
    import polars as pl

    from baophu.targets.forecast.backtest import MODEL_MONTHS
    from baophu.targets.forecast.forecasting import SCHEME_NAMES

    known = trials["months"].max()
    if isinstance(known, int) and known < MODEL_MONTHS:
        few = Text(
            f"Mới có số liệu {known} tháng, cần {MODEL_MONTHS} tháng để thử mô hình: "
            "chỉ dùng cách đơn giản, và khoảng thấp – cao được để rộng.",
            f"Only {known} months are known, and {MODEL_MONTHS} are needed to try a model: "
            "only naive methods are used, and the ranges are kept wide.",
        )
        typer.echo(few.say(lang))
    last = rows.filter(pl.col("month") == pl.col("month").max(), pl.col("p90") - pl.col("p10") > pl.col("p50"))
    for scheme, month in last.select("scheme", "month").iter_rows():
        name = SCHEME_NAMES[scheme]
        wide = Text(
            f"{name.vi[0].upper()}{name.vi[1:]}: đến {month:%m/%Y}, khoảng thấp – cao rộng hơn cả số giữa, "
            "vì các lần thử đã sai nhiều. Hãy đọc khoảng, đừng đọc riêng số giữa.",
            f"{name.en[0].upper()}{name.en[1:]}: by {month:%m/%Y} the range is wider than the middle itself, "
            "since the trials were far off. Read the range, not the middle alone.",
        )
        typer.echo(wide.say(lang))


def _print_goals(place: Path, area: str, rows: pl.DataFrame, lang: Language) -> None:
    from baophu.targets.forecast.goals import HEADINGS, lines

    found, reasons = lines(place, area, rows, lang)
    if found:
        print_table(lang, HEADINGS, found, title=Text("Khả năng đạt chỉ tiêu", "Chance of the targets").say(lang))
    for reason in reasons:
        typer.echo(reason)


def _print_published(area: str, schemes: list[str], lang: Language) -> None:
    """Show the last published figures of the area: too few to try a method on, so they only stand beside."""
    from baophu.indicators.published import series
    from baophu.targets.forecast.forecasting import SCHEME_NAMES
    from baophu.targets.words import figure_text

    lines = []
    for scheme in schemes:
        for figure in series(PUBLISHED[scheme], area, "all").figures[-_BESIDE:]:
            lines.append([SCHEME_NAMES[scheme].say(lang), short_date(figure.date, lang), figure_text(figure).say(lang)])
    if lines:
        print_table(
            lang,
            (Text("Loại hình", "Scheme"), Text("Ngày", "Date"), Text("Số công bố", "Published")),
            lines,
            title=Text("Số công bố gần nhất, để đối chiếu", "Last published figures, to compare with").say(lang),
        )
