"""What a scenario does to a target: the gap before and after, and the chance to meet it where there is a forecast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from baophu.areas.units import Area
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.indicators.catalogue import indicator
from baophu.results.store import Manifest
from baophu.targets import measured
from baophu.targets.decisions import Target, governing
from baophu.targets.forecast.chances import Goal, Quantiles, added, probability

Three = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Held:
    """A target against what would be there on its day without the scenario (`without`), and with it.

    Without a forecast `without` is the value of the run's month, as though nothing else changed, and there are no
    chances. A gap below 0 is more than the target. `gained` and `gap_after` are low, likely, high of the people gained.
    """

    target: Target
    without: int
    forecast: Quantiles | None
    gained: Three
    chance_before: float | None
    chance_after: tuple[float, float, float] | None

    @property
    def goal(self) -> int:
        """The value to be reached."""
        return int(self.target.value or 0)

    @property
    def gap_before(self) -> int:
        """How many people are missing without the scenario."""
        return self.goal - self.without

    @property
    def gap_after(self) -> Three:
        """How many are missing with it, where few, likely, many are gained."""
        low, likely, high = (self.gap_before - one for one in self.gained)
        return low, likely, high


def held_against(
    home: Path,
    known: Iterable[Target],
    run: Manifest | None,
    area: Area,
    name: str,
    months: Sequence[date],
    gained: Sequence[Three],
) -> tuple[tuple[Held, ...], list[Text]]:
    """Hold what is gained by each month against the area's targets that fall due then, and say what lacks."""
    due = [
        target
        for target in governing(known).values()
        if (target.indicator, target.area_code, target.direction) == (name, area.code, "at_least")
        and target.value is not None
        and target.period_end.replace(day=1) in months
    ]
    record = indicator(name)
    if not due:
        none = Text(
            f"{area.full_name} không có chỉ tiêu {record.short.vi} nào đến hạn trong các tháng này.",
            f"{area.full_name_en} has no target of {record.short.en} that falls due in these months.",
        )
        return (), [none]
    if run is None:
        return (), [Text("Chưa có lần chạy nào: không so với chỉ tiêu.", "There is no run: no target is held against.")]
    found, notes = [], []
    for target in sorted(due, key=lambda one: (one.period_end, one.scope)):
        try:
            values = measured.values_of_run(home, run, record, target.scope, "managed")
        except BaophuError as error:
            notes.append(error.what)
            continue
        value = values.at(area.code, run.month)
        if value is None:
            notes.append(
                Text(f"Chưa có số liệu của {area.full_name}.", f"Nothing was measured of {area.full_name_en}.")
            )
            continue
        month = target.period_end.replace(day=1)
        said = forecast_of(home, run, area, name, month)
        found.append(_held(target, value[1], said, gained[list(months).index(month)]))
        if said is None:
            notes.append(
                Text(
                    "Lần chạy này chưa có dự báo: khoảng cách tính từ số hiện có, không tính được xác suất.",
                    "This run has no forecast: the gap is taken from what is held now, and no chance can be told.",
                )
            )
    return tuple(found), notes


def _held(target: Target, value: int, said: Quantiles | None, gained: Three) -> Held:
    if said is None:
        return Held(target, value, None, gained, None, None)
    goal = Goal(int(target.value or 0), target.period_end)
    low, likely, high = (probability(Quantiles(*(tenth + more for tenth in said)), goal) for more in gained)
    return Held(target, round(said.p50), said, gained, probability(said, goal), (low, likely, high))


def forecast_of(home: Path, run: Manifest, area: Area, name: str, month: date) -> Quantiles | None:
    """Return what the run's forecast says of an indicator in a month; None where it says nothing."""
    import polars as pl

    if not run.rows.get("forecasts"):
        return None
    rows = (
        measured.table(home, run, "forecasts", ("area_code", "scheme", "month", "p10", "p50", "p90"))
        .filter((pl.col("area_code") == area.code) & (pl.col("month") == month))
        .filter(pl.col("scheme").is_in(measured.SCHEMES[name]))
        .select("p10", "p50", "p90")
        .collect()
    )
    parts = [Quantiles(*row) for row in rows.iter_rows()]
    return added(parts) if len(parts) == len(measured.SCHEMES[name]) else None
