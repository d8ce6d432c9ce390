"""What a forecast says of an area's targets, as lines to be shown: the chance, when, and the pace that is needed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING, share, short_date
from baophu.targets.forecast.chances import Goal, Quantiles, WhenMet, added, pace_needed, when_met

if TYPE_CHECKING:
    import polars as pl

HEADINGS = (
    Text("Chỉ tiêu", "Target"),
    Text("Đến ngày", "By"),
    Text("Số giao", "Assigned"),
    Text("Khả năng đạt", "Chance"),
    Text("Dự kiến đạt (sớm – muộn nhất)", "Likely met (earliest – latest)"),
    Text("Cần thêm mỗi tháng", "Needed a month"),
)
_NO_CHANCE = ("not_forecast", "no_forecast", "forecast_scope_differs")
_NOT_BY = Text("không trước {month}", "not by {month}")


def lines(place: Path, area: str, forecasts: pl.DataFrame, lang: Language) -> tuple[list[list[str]], list[str]]:
    """Return a line for each target of the area that governs and is yet to come, and why some have no chance told.

    `place` is the folder of a run whose progress names the targets, `forecasts` the rows of the area.
    """
    import polars as pl

    from baophu.indicators.catalogue import indicator
    from baophu.targets.measured import SCHEMES
    from baophu.targets.progress import COUNTED_REASONS
    from baophu.targets.words import value_text

    files = sorted((place / "progress").glob("part-*.parquet"))
    if not files or forecasts.is_empty():
        return [], []
    shown = set(forecasts["scheme"].unique())
    targets = (
        pl.scan_parquet(files)
        .filter(
            pl.col("area_code") == area,
            pl.col("governs"),
            pl.col("target").is_not_null(),
            pl.col("period_end") > forecasts["month"].min(),
            pl.col("indicator").is_in([name for name, schemes in SCHEMES.items() if shown.issuperset(schemes)]),
        )
        .sort("indicator", "period_end")
        .collect()
    )
    found, reasons = [], []
    for row in targets.iter_rows(named=True):
        name = row["indicator"]
        number = Decimal(repr(row["target"]))
        said = [indicator(name).name.say(lang), short_date(row["period_end"], lang), value_text(name, number).say(lang)]
        if row["probability"] is None:
            why = [COUNTED_REASONS[key].say(lang) for key in (row["reason"] or "").split(";") if key in _NO_CHANCE]
            reasons += [f"{said[0]}: {words}." for words in why]
            found.append([*said, MISSING, MISSING, MISSING])
            continue
        goal = _goal(row, number)
        months = _said(forecasts, SCHEMES[name])
        when = when_met(months, goal)
        needed = None if row["actual"] is None else pace_needed(Fraction(row["actual"]), row["as_of"], goal)
        pace = MISSING if needed is None else value_text(name, Fraction(-(-needed.numerator // needed.denominator)))
        found.append(
            [
                *said,
                share(Fraction(row["probability"]), lang, 0),
                _when(when, months[-1][0], lang),
                pace if isinstance(pace, str) else pace.say(lang),
            ]
        )
    return found, reasons


def _goal(row: dict[str, Any], value: Decimal) -> Goal:
    high = None if row["target_high"] is None else Decimal(repr(row["target_high"]))
    return Goal(value, row["period_end"], row["direction"], high)


def _said(forecasts: pl.DataFrame, schemes: tuple[str, ...]) -> list[tuple[date, Quantiles]]:
    """Return the forecasts of a sum of schemes by month, in their order."""
    import polars as pl

    rows = forecasts.filter(pl.col("scheme").is_in(schemes)).select("month", "p10", "p50", "p90").sort("month")
    by_month: dict[date, list[Quantiles]] = {}
    for month, *tenths in rows.iter_rows():
        by_month.setdefault(month, []).append(Quantiles(*tenths))
    return [(month, added(parts)) for month, parts in by_month.items()]


def _when(when: WhenMet, last: date, lang: Language) -> str:
    """Write when a target would be met; beyond the `last` month that was forecast, that it is not by then."""
    months = [f"{month:%m/%Y}" if month else None for month in (when.likely, when.earliest, when.latest)]
    likely, earliest, latest = (month or _NOT_BY.fill(month=f"{last:%m/%Y}").say(lang) for month in months)
    return likely if months[0] is None and months[1] is None else f"{likely} ({earliest} – {latest})"
