"""What proposing and checking targets takes from elsewhere: values, labour force, who can be reached, the seasons.

Every read of a run's tables is here. Their columns are those of docs/reference/results.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.findings.kinds import agency
from baophu.indicators.catalogue import SCOPES, Indicator, Scope
from baophu.indicators.published import series
from baophu.indicators.statistics import MEASURES, Measure, statistics
from baophu.results import store
from baophu.results.store import Manifest

if TYPE_CHECKING:
    import polars as pl

Place = Literal["managed", "resident"]
PLACES: dict[Place, Text] = {
    "managed": Text("theo nơi quản lý", "by place of management"),
    "resident": Text("theo nơi cư trú", "by place of residence"),
}
# The schemes that an indicator counts the participants of, as `series` has them.
SCHEMES: dict[str, tuple[str, ...]] = {
    "si_compulsory": ("compulsory",),
    "si_voluntary": ("voluntary",),
    "si_total": ("compulsory", "voluntary"),
    "ui_total": ("unemployment",),
    "hi_total": ("health",),
}
_YEARS_OF_SEASONS = 5


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one indicator by area and month (its first day), in whole people; of a share its numerator.

    `run` is None where they were published. `denominators` are those of the newest month, of shares only.
    """

    scope: Scope
    by_area: Mapping[str, Mapping[date, int]]
    run: Manifest | None = None
    denominators: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def last(self) -> date | None:
        """The last month of which there is any value."""
        return max((month for values in self.by_area.values() for month in values), default=None)

    def at(self, area: str, month: date) -> tuple[date, int] | None:
        """Return an area's last value of that month or before, with its month."""
        known = [one for one in self.by_area.get(area, {}) if one <= month]
        return (max(known), self.by_area[area][max(known)]) if known else None


def newest_run(home: Path, word: str | None, month: date | None) -> Manifest | None:
    """Return the run that is named, or the newest of a month, or the newest of all; None where there is no run."""
    if word is not None:
        return store.find(home, word)
    if month is not None:
        return store.newest(home, month)
    return next(reversed(store.runs(home)), None)


def table(home: Path, run: Manifest, name: str, columns: Iterable[str]) -> pl.LazyFrame:
    """Return a table of a run; BaophuError where the run lacks it, or one of the columns that are wanted."""
    import polars as pl

    frame = pl.scan_parquet(store.table(home, run, name))
    lacking = [column for column in columns if column not in frame.collect_schema().names()]
    if lacking:
        raise BaophuError(
            Text(
                f"Bảng {name} của lần chạy {run.run} thiếu cột {', '.join(lacking)}: chạy bằng phiên bản cũ.",
                f"{name} of the run {run.run} has no column {', '.join(lacking)}: an older version made it.",
            ),
            Text(f"Chạy lại: baophu run --month {run.month:%Y-%m}", f"Run again: baophu run --month {run.month:%Y-%m}"),
        )
    return frame


def values_of_run(home: Path, run: Manifest, record: Indicator, scope: Scope | None, place: Place) -> Values:
    """Return an indicator's values as a run measured them; BaophuError where it did not, or not in that scope.

    Without a scope the one that was measured is taken, `all` before the other.
    """
    import polars as pl

    wanted = ("area_code", "month", "indicator", "numerator", "denominator", "value", "denominator_source", "scope")
    frame = table(home, run, "indicators", wanted)
    own = frame.filter(pl.col("indicator") == record.id)
    if "place" in frame.collect_schema().names():
        own = own.filter(pl.col("place").is_null() | (pl.col("place") == place))
    found = own.collect()
    scopes = set(found["scope"].to_list())
    measured: Scope = next((known for known in SCOPES if known in scopes), "all")
    chosen = scope or measured
    if chosen not in scopes:
        raise _not_measured(record, run, chosen, scopes)
    found = found.filter(pl.col("scope") == chosen)
    amount = "numerator" if record.unit == "share" else "value"
    by_area: dict[str, dict[date, int]] = {}
    denominators: dict[str, tuple[int, str]] = {}
    newest: dict[str, date] = {}
    for area, month, value, denominator, source in found.select(
        "area_code", "month", amount, "denominator", "denominator_source"
    ).iter_rows():
        if value is not None:
            by_area.setdefault(area, {})[month] = int(value)
        if denominator and month >= newest.get(area, month):
            newest[area], denominators[area] = month, (int(denominator), source or "")
    return Values(chosen, by_area, run, denominators)


def _not_measured(record: Indicator, run: Manifest, scope: Scope, scopes: set[str]) -> BaophuError:
    other = next((known for known in SCOPES if known in scopes), None)
    if other is None:
        return BaophuError(
            Text(
                f"Lần chạy tháng {run.month:%m/%Y} không có giá trị nào của chỉ tiêu {record.id}.",
                f"The run of {run.month:%Y-%m} has no value of {record.id}.",
            ),
            did_you_mean(["baophu results show indicators"]),
        )
    return BaophuError(
        Text(
            f"Số liệu của {record.id} chỉ có phạm vi {SCOPES[other].vi}, chỉ tiêu thì {SCOPES[scope].vi}: "
            "không tính chung được.",
            f"{record.id} was measured {SCOPES[other].en}, and the target is {SCOPES[scope].en}: they do not mix.",
        ),
        Text(
            f"Chọn --scope {other} và cho biết số giao trong phạm vi đó bằng --total.",
            f"Choose --scope {other} and give what was assigned in that scope with --total.",
        ),
    )


def values_published(record: Indicator, scope: Scope, areas: Iterable[str]) -> Values:
    """Return what was published of an indicator for some areas."""
    by_area: dict[str, dict[date, int]] = {}
    if record.unit != "share":
        for area in areas:
            figures = series(record.id, area, scope).figures
            if figures:
                by_area[area] = {figure.date.replace(day=1): int(figure.value) for figure in figures}
    return Values(scope, by_area)


def labour_force(home: Path, measures: Sequence[Measure], areas: Sequence[str]) -> tuple[dict[str, int], Measure]:
    """Return the people of some areas by the first measure that all of them have, and that measure.

    What was loaded as `area_statistics` goes before what comes with the program; of each area the newest period.
    BaophuError where no measure is known for all of them.
    """
    loaded = _loaded_statistics(home, measures)
    lacking: dict[Measure, list[str]] = {}
    for measure in measures:
        found: dict[str, int] = {}
        for area in areas:
            known = loaded.get((area, measure))
            if known is None:
                published = statistics(measure, area)
                known = published[-1].value if published else None
            if known is not None:
                found[area] = known
        if len(found) == len(areas) and any(found.values()):
            return found, measure
        lacking[measure] = [area for area in areas if area not in found]
    measure, names = min(lacking.items(), key=lambda item: len(item[1]))
    shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    raise BaophuError(
        Text(
            f"Chưa đủ số liệu lực lượng lao động: thiếu {MEASURES[measure].vi} của {len(names)} đơn vị ({shown}).",
            f"The labour force is not known: {MEASURES[measure].en} is lacking for {len(names)} areas ({shown}).",
        ),
        Text(
            "Nạp bảng area_statistics, hoặc chia theo cách khác: --by present.",
            "Load area_statistics, or share by something else: --by present.",
        ),
    )


def _loaded_statistics(home: Path, measures: Iterable[str]) -> dict[tuple[str, str], int]:
    import polars as pl

    from baophu.registers.store import current

    files = current(home, "area_statistics")
    if not files:
        return {}
    rows = pl.scan_parquet(files).filter(pl.col("measure").is_in(list(measures))).sort("period").collect()
    return {
        (area, measure): int(value) for area, measure, value in rows.select("area_code", "measure", "value").iter_rows()
    }


def reachable(home: Path, run: Manifest | None, record: Indicator, kinds: Sequence[str]) -> dict[str, Fraction]:
    """Return by commune how many of the people found would join: findings of each kind times how often it succeeds.

    One person counts once in a kind. Before any outcome, the agency's prior says how often. BaophuError where no run
    has findings, or no kind is about the indicator.
    """
    import polars as pl

    if not kinds or run is None:
        why = (
            Text(f"chưa có loại trường hợp nào ứng với {record.id}", f"no kind of finding is about {record.id}")
            if not kinds
            else Text("chưa có lần chạy nào", "there is no run yet")
        )
        raise BaophuError(
            Text(
                f"Không biết được số người có thể vận động: {why.vi}.",
                f"Who can be reached is not known: {why.en}.",
            ),
            Text("Chia theo cách khác, ví dụ --by present.", "Share by something else, such as --by present."),
        )
    prior = agency().prior
    usual = Fraction(prior["right"], prior["right"] + prior["wrong"])
    shares = {
        kind: Fraction(share, 1000)
        for kind, share in table(home, run, "finding_scores", ("kind", "share"))
        .select("kind", "share")
        .collect()
        .iter_rows()
    }
    counted = (
        table(home, run, "findings", ("area_code", "kind", "pid", "status"))
        .filter((pl.col("status") == "open") & pl.col("kind").is_in(list(kinds)) & pl.col("area_code").is_not_null())
        .group_by("area_code", "kind")
        .agg((pl.col("pid").n_unique() - pl.col("pid").has_nulls() + pl.col("pid").null_count()).alias("people"))
        .collect()
    )
    found: dict[str, Fraction] = {}
    for area, kind, people in counted.iter_rows():
        found[area] = found.get(area, Fraction(0)) + people * shares.get(kind, usual)
    return found


def season(home: Path, run: Manifest | None, indicator: str, inside: set[str] | None, year: int) -> list[Fraction]:
    """Return which share of a year's increase had come by the end of each month, over the full years before `year`.

    `inside` are the codes of the communes whose participants count; None: all. An even twelfth a month where there is
    no history in which the number rose. Never falls from one month to the next, and ends at 1.
    """
    even = [Fraction(month, 12) for month in range(1, 13)]
    if run is None or indicator not in SCHEMES or "series" not in run.rows:
        return even
    levels = _levels(home, run, SCHEMES[indicator], inside)
    shares = []
    for before in range(year - 1, year - 1 - _YEARS_OF_SEASONS, -1):
        ends = [levels.get(months_later(date(before, 1, 1), at)) for at in range(-1, 12)]
        start, end = ends[0], ends[-1]
        if start is not None and end is not None and None not in ends and end > start:
            shares.append([Fraction((level or 0) - start, end - start) for level in ends[1:]])
    if not shares:
        return even
    mean = [sum(column, Fraction(0)) / len(shares) for column in zip(*shares, strict=True)]
    risen: list[Fraction] = []
    for share in mean:
        risen.append(min(max([share, Fraction(0), *risen[-1:]]), Fraction(1)))
    return [*risen[:-1], Fraction(1)]


def _levels(home: Path, run: Manifest, schemes: Sequence[str], inside: set[str] | None) -> dict[date, int]:
    import polars as pl

    frame = table(home, run, "series", ("area_code", "place", "scheme", "month", "participants"))
    frame = frame.filter((pl.col("place") == "managed") & pl.col("scheme").is_in(list(schemes)))
    if inside is not None:
        frame = frame.filter(pl.col("area_code").is_in(sorted(inside)))
    months = frame.group_by("month").agg(pl.col("participants").sum()).collect()
    return {month: int(people) for month, people in months.select("month", "participants").iter_rows()}
