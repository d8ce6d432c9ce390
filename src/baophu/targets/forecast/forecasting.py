"""The forecast of a scheme for all areas: counted, held against the past, forecast, reconciled; as two tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.core.languages import Text, same
from baophu.core.months import months_between, months_later
from baophu.targets.forecast.adjusting import adjust
from baophu.targets.forecast.backtest import Tried, try_methods
from baophu.targets.forecast.counts_by_area import Counts, counts_of
from baophu.targets.forecast.events import Event, declared, of_scheme
from baophu.targets.forecast.methods import forecast_area
from baophu.targets.forecast.reconciling import reconcile

if TYPE_CHECKING:
    import polars as pl

SCHEME_NAMES = {
    "compulsory": Text("bắt buộc", "compulsory"),
    "voluntary": Text("tự nguyện", "voluntary"),
    "unemployment": Text("thất nghiệp", "unemployment"),
    "health": Text("y tế", "health"),
}
SCHEMES = tuple(SCHEME_NAMES)
HORIZON = date(2030, 12, 1)
LEAST_AHEAD, MOST_AHEAD = 24, 62
# The measure of `area_statistics` that a scheme's participants are among.
CEILING = {
    "compulsory": "labour_force_15plus",
    "voluntary": "labour_force_15plus",
    "unemployment": "labour_force_15plus",
    "any_si": "labour_force_15plus",
    "health": "population",
}
_THOSE = {
    "labour_force_15plus": Text("lực lượng lao động", "the labour force"),
    "population": Text("dân số", "the population"),
}
# The width twelve months ahead says how much an area's own forecast weighs.
_WEIGHED_AT = 12

# Told as areas are done: what is done, areas done, areas in all.
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Forecast:
    """What was forecast of a scheme: the table of forecasts, of the trials, and what is to be known of them."""

    rows: pl.DataFrame
    trials: pl.DataFrame
    notes: tuple[Text, ...]


def months_ahead(last: date) -> list[date]:
    """Return the months that are forecast after the last counted one: to December 2030, 24 at least and 62 at most."""
    wanted = min(max(months_between(last, HORIZON), LEAST_AHEAD), MOST_AHEAD)
    return [months_later(last, step) for step in range(1, wanted + 1)]


def forecast_scheme(
    series: pl.DataFrame,
    scheme: str,
    last: date,
    *,
    people: Mapping[tuple[str, str], int] | None = None,
    events: Sequence[Event] | None = None,
    told: Told | None = None,
) -> Forecast:
    """Forecast one scheme for all areas up to a month of a table of area_code, month, participants.

    `series` has the communes, and what is under an unknown one; all else is their sum. `people` are those who exist,
    (measure, area code) -> people. `events` are the declared ones where not given. The same table gives the same
    forecast. BaophuError where nothing was counted.
    """
    counts = counts_of(series, scheme, last)
    known = of_scheme(declared() if events is None else events, scheme)
    ahead = months_ahead(counts.months[-1])

    def trying(done: int, total: int) -> None:
        if told:
            told("try", done, total)

    tried = try_methods(counts.values, counts.months, counts.tree.large, known, trying)
    said = _said(counts, tried, known, ahead, told)
    most, notes = _most(counts, people or {})
    width = tried.widths.ahead(len(ahead))
    middle = reconcile(said, width[:, min(_WEIGHED_AT, len(ahead)) - 1], counts.tree, most)
    low = np.maximum(np.floor(middle - width), 0).astype(np.int64)
    high = np.minimum(np.ceil(middle + width), np.maximum(most[:, None], middle)).astype(np.int64)
    rows = _rows(counts, ahead, low, middle, high, tried)
    return Forecast(rows, _trials(counts, tried), (*counts.notes, *notes))


def _said(counts: Counts, tried: Tried, events: Sequence[Event], ahead: Sequence[date], told: Told | None) -> Any:
    """Return what the chosen method says of each area, (areas, months ahead)."""
    adjusted = adjust(counts.values, counts.months, ahead, events)
    said = np.empty((len(counts.tree.codes), len(ahead)))
    for area, method in enumerate(tried.method):
        found = forecast_area(method, adjusted, area)
        said[area] = found if np.isfinite(found).all() else counts.values[area, -1]
        if told and area % 500 == 0:
            told("forecast", area, len(said))
    return np.maximum(said, 0)


def _most(counts: Counts, people: Mapping[tuple[str, str], int]) -> tuple[Any, list[Text]]:
    """Return the ceilings (areas,): those who exist, where they are known and are not fewer than who participates.

    Workers are counted where their employer is, and may live elsewhere: there those who live in the area are no limit.
    """
    measure = CEILING.get(counts.scheme, "population")
    found = np.array([float(people.get((measure, code), np.inf)) for code in counts.tree.codes])
    beyond = counts.values[:, -12:].max(axis=1) > found
    notes = []
    if beyond.any():
        name, those = SCHEME_NAMES.get(counts.scheme, same(counts.scheme)), _THOSE[measure]
        notes.append(
            Text(
                f"{name.vi[0].upper()}{name.vi[1:]}: ở {int(beyond.sum())} đơn vị, số người tham gia đã nhiều hơn "
                f"{those.vi} của nơi đó (người làm ở đây nhưng sống nơi khác); dự báo ở đó không có trần.",
                f"{name.en[0].upper()}{name.en[1:]}: in {int(beyond.sum())} areas more participate than {those.en} "
                "there counts (they work there and live elsewhere); the forecast has no ceiling there.",
            )
        )
    return np.where(beyond, np.inf, found), notes


def _rows(counts: Counts, ahead: Sequence[date], low: Any, middle: Any, high: Any, tried: Tried) -> pl.DataFrame:
    import polars as pl

    areas, steps = middle.shape
    area = np.repeat(np.arange(areas), steps)

    def of_area(values: Sequence[object], kind: Any) -> pl.Series:
        return pl.Series(values, dtype=kind).gather(area)

    return pl.DataFrame(
        {
            "area_code": of_area(counts.tree.codes, pl.String),
            "scheme": pl.Series([counts.scheme]).new_from_index(0, len(area)),
            "month": pl.Series(np.tile(np.array(ahead, "datetime64[D]"), areas).astype("datetime64[ms]")).cast(pl.Date),
            "p10": low.ravel(),
            "p50": middle.ravel(),
            "p90": high.ravel(),
            "model": of_area(tried.method, pl.String),
            "beats_naive": of_area(tried.beats_naive, pl.Boolean),
            "why": of_area(tried.why, pl.String),
        }
    ).sort("area_code", "scheme", "month")


def _trials(counts: Counts, tried: Tried) -> pl.DataFrame:
    """Return a row for each area and method that was tried: how far it was off, and whether it is the one used."""
    import polars as pl

    level = counts.values[:, -12:].mean(axis=1)
    method, area = np.nonzero(np.isfinite(tried.error))
    names = [tried.methods[number] for number in method]
    used = [tried.method[place] == name for place, name in zip(area, names, strict=True)]
    of_one = np.where(used, tried.coverage[area], np.nan)
    error = tried.error[method, area]
    return (
        pl.DataFrame(
            {
                "area_code": pl.Series(counts.tree.codes, dtype=pl.String).gather(area),
                "scheme": pl.Series([counts.scheme]).new_from_index(0, len(area)),
                "model": pl.Series(names, dtype=pl.String),
                "origins": np.full(len(area), len(tried.origins), np.int64),
                "months": np.full(len(area), len(counts.months), np.int64),
                "error": error,
                "error_share": np.where(level[area] > 0, error / np.maximum(level[area], 1e-9), np.nan),
                "used": pl.Series(used, dtype=pl.Boolean),
                "coverage": of_one,
            }
        )
        .with_columns(pl.col("error_share", "coverage").fill_nan(None))
        .sort("area_code", "scheme", "model")
    )
