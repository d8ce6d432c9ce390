"""What is forecast of an indicator, and the place among peers: how cards, pages and tables say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import get_args

from baophu.core import numbers
from baophu.core.languages import Text
from baophu.core.months import months_between, months_later
from baophu.targets.forecast.backtest import REASONS, Why
from baophu.targets.forecast.chances import Quantiles, added
from baophu.targets.measured import SCHEMES
from baophu.targets.ranking import BY, By, group_name
from baophu.targets.words import short_value
from baophu.web.reading import Reader, Row

NONE_IN_RUN = Text(
    "Lần chạy này không có dự báo. Có dự báo khi chạy tháng với --forecast.",
    "This run has no forecast. There is one where the month is run with --forecast.",
)
NOT_FORECAST = Text(
    "Chỉ tiêu này không được dự báo: chỉ dự báo số người tham gia.",
    "This indicator is not forecast: only numbers of participants are.",
)
NOBODY = Text("Chưa có ai tham gia, nên không có dự báo.", "Nobody participates yet, so there is no forecast.")
_HUNDREDTH = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of an indicator month by month, in people; without the armed forces, as it is counted."""

    indicator: str
    months: Sequence[date]
    quantiles: Sequence[Quantiles]
    models: Sequence[str]
    beats_naive: bool
    why: Sequence[Why]

    def at(self, month: date) -> Quantiles | None:
        """Return the forecast of a month."""
        place = months_between(self.months[0], month.replace(day=1))
        return self.quantiles[place] if 0 <= place < len(self.quantiles) else None

    @property
    def method(self) -> Text:
        """Whether a model was used, and why not."""
        if self.beats_naive:
            return Text(
                "Dự báo theo mô hình đã sát thực tế hơn cách đơn giản khi thử lại với các tháng đã qua.",
                "Forecast by a model that came nearer than the naive methods when tried on past months.",
            )
        reasons = [REASONS[one] for one in dict.fromkeys(self.why) if one != "better"]
        vi, en = "; ".join(one.vi for one in reasons), "; ".join(one.en for one in reasons)
        return Text(f"Dự báo theo cách đơn giản: {vi}.", f"Forecast by a naive method: {en}.")


def outlook(reader: Reader, area: str, indicator: str) -> Outlook | Text:
    """Return the forecast of an area's indicator, or why there is none."""
    if indicator not in SCHEMES:
        return NOT_FORECAST
    if not reader.forecasts():
        return NONE_IN_RUN
    rows = [row for scheme in SCHEMES[indicator] if (row := reader.forecast(area, scheme)) is not None]
    if len(rows) < len(SCHEMES[indicator]):
        return NONE_IN_RUN
    told = [row for row in rows if row["p50"]]
    if not told:
        return NOBODY
    # Of a scheme in which nobody participates nothing is added.
    first = date.fromisoformat(told[0]["first"])
    of_months = zip(*(zip(row["p10"], row["p50"], row["p90"], strict=True) for row in told), strict=True)
    parts = [[Quantiles(*one) for one in month] for month in of_months]
    return Outlook(
        indicator,
        [months_later(first, at) for at in range(len(parts))],
        [month[0] if len(month) == 1 else added(month) for month in parts],
        [row["model"] for row in told],
        all(row["beats_naive"] for row in told),
        [row["why"] for row in told if row["why"] in get_args(Why)],
    )


def range_text(indicator: str, said: Quantiles) -> Text:
    """Write a forecast with its range: '≈ 1.089 người (988 – 1.190)'; large counts in millions."""

    def of(lang: str, value: float) -> str:
        return short_value(indicator, Fraction(round(value)), "vi" if lang == "vi" else "en")

    return Text(*(f"≈ {of(lang, said.p50)} ({of(lang, said.p10)} – {of(lang, said.p90)})" for lang in ("vi", "en")))


def chance_text(chance: Fraction | None) -> Text | None:
    """Write a chance in whole per cent; one that is next to nothing or all but certain as such."""
    if chance is None:
        return None
    if chance < _HUNDREDTH:
        return Text("dưới 1 %", "below 1 %")
    if chance > 1 - _HUNDREDTH:
        return Text("trên 99 %", "above 99 %")
    return Text(numbers.share(chance, "vi", 0), numbers.share(chance, "en", 0))


@dataclass(frozen=True, slots=True)
class Place:
    """An area's place among its peers by a criterion, and in the month before."""

    rank: int
    before: int | None
    of: int
    score: Fraction | None
    criterion: By
    group: str

    @property
    def moved(self) -> str:
        """How the place changed: ▲2, ▼1, =; empty where there was none."""
        if self.before is None:
            return ""
        up = self.before - self.rank
        return "=" if not up else f"▲{up}" if up > 0 else f"▼{-up}"

    @property
    def moved_words(self) -> Text:
        """The same in words, for who hears the page."""
        if self.before is None:
            return Text("tháng trước chưa xếp hạng", "not ranked last month")
        up = self.before - self.rank
        if not up:
            return Text("giữ hạng so với tháng trước", "the same place as last month")
        if up > 0:
            return Text(f"lên {up} hạng so với tháng trước", f"up {up} since last month")
        return Text(f"xuống {-up} hạng so với tháng trước", f"down {-up} since last month")

    @property
    def by(self) -> Text:
        """By what it is ranked."""
        return BY[self.criterion]

    @property
    def among(self) -> Text:
        """Among whom it is ranked."""
        return group_name(self.group)


def place_of(row: Row) -> Place:
    """Return a row of the index as a place."""
    score = None if row["score"] is None else Fraction(str(row["score"]))
    return Place(row["rank"], row["before"], row["of"], score, row["criterion"], row["peer_group"])


def place(reader: Reader, area: str, indicator: str, period: date | None = None, scope: str = "all") -> Place | None:
    """Return an area's place by the share of a target achieved, or, of the indicator `all`, by the emulation score."""
    for row in reader.places(area, indicator):
        if row["criterion"] == "emulation" or _is_of(row, period, scope):
            return place_of(row)
    return None


def places_below(reader: Reader, area: str, indicator: str) -> dict[str, Place]:
    """Return the places of the areas below one by the share of their next target that they achieved, by area code."""
    rows = [row for row in reader.places_below(area, indicator) if row["criterion"] == "achieved"]
    period = next_period(reader, [row["period"] for row in rows])
    return {row["area_code"]: place_of(row) for row in rows if row["period"] == period}


def next_period(reader: Reader, periods: Sequence[str]) -> str | None:
    """Return the period of the next target to be met among some, or the last."""
    ahead = sorted(one for one in periods if one >= f"{reader.run.as_of}")
    return ahead[0] if ahead else max(periods, default=None)


def _is_of(row: Mapping[str, str], period: date | None, scope: str) -> bool:
    return (row["criterion"], row["scope"], row["period"]) == ("achieved", scope, f"{period}")
