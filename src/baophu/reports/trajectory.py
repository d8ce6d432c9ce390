"""The trajectory of an indicator: what was published, and the path that its targets require."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import altair as alt

from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.core.numbers import Number
from baophu.indicators.catalogue import indicator
from baophu.indicators.published import Figure, series
from baophu.reports.charts import Drawing, chart_of, finished, wrapped
from baophu.reports.style import ACCENT, GREY_1, INK
from baophu.targets.decisions import Target, governing
from baophu.targets.progress import Progress
from baophu.targets.words import date_text, figure_text, short_target, short_value, target_text, value_text

YEARS_BACK = 6


def _scale(indicator_id: str) -> tuple[int, Text]:
    """Return what a value is divided by for an axis, and the axis's unit."""
    unit = indicator(indicator_id).unit
    if unit == "share":
        return 1, Text("%", "%")
    if unit == "vnd":
        return 1_000_000_000_000, Text("nghìn tỷ đồng", "thousand billion VND")
    return 1_000_000, Text("triệu người", "million people")


def _drawn(indicator_id: str, value: Fraction) -> float:
    unit = indicator(indicator_id).unit
    return float(value * 100) if unit == "share" else float(value / _scale(indicator_id)[0])


def trajectory_title(row: Progress, lang: Language) -> str:
    """Word what the trajectory proves: how far it is to the target, or that it is reached."""
    record = indicator(row.target.indicator)
    year = row.target.period_end.year
    name = record.short.say(lang)
    if row.gap is None:
        return Text(
            f"{name}: chưa có số liệu để so với chỉ tiêu {year}",
            f"{name}: no value yet to compare with the target of {year}",
        ).say(lang)
    if row.met:
        return Text(f"{name}: đã đạt chỉ tiêu năm {year}", f"{name}: the target of {year} is met").say(lang)
    if record.unit == "share":
        gap = numbers.decimal(row.gap * 100, lang, 1)
        return Text(
            f"{name}: còn cách chỉ tiêu {year} {gap} điểm", f"{name}: {gap} points short of the target of {year}"
        ).say(lang)
    gap = short_value(row.target.indicator, row.gap, lang)
    unit = Text("người", "people").say(lang)
    return Text(
        f"{name}: còn thiếu {gap} {unit} so với chỉ tiêu {year}", f"{name}: {gap} {unit} short of the target of {year}"
    ).say(lang)


def trajectory(
    row: Progress, targets: Sequence[Target], lang: Language, width: int = 560, height: int = 300
) -> Drawing:
    """Draw the published values of an indicator and the path that the target requires.

    Solid: as published. Dashed: the required path from the last value. Ticks: targets with their values. Marks on
    the time axis: the documents. The axis of a line need not begin at zero; the subtitle then says so.
    """
    target = row.target
    first = date(row.as_of.year - YEARS_BACK, 1, 1)
    points = series(target.indicator, target.area_code, target.scope).between(first, row.as_of)
    ends = _targets_to_draw(row, targets, first)
    values = [Fraction(figure.value) for figure in points] + [
        Fraction(end.value) for end in ends if end.value is not None
    ]
    low, high, from_zero = _axis_range([_drawn(target.indicator, value) for value in values])
    time = alt.X(
        "date:T",
        title=None,
        scale=alt.Scale(domain=[_ms(first), _ms(target.period_end + timedelta(days=180))], nice=False),
        axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True),
    )
    value = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=alt.Axis(tickCount=5, format=",~f"),
    )
    layers = [*_actual(points), *_way(row, lang), *_ticks(ends, lang), *_documents(ends, first, target.period_end, low)]
    title = trajectory_title(row, lang)
    _, unit = _scale(target.indicator)
    subtitle = Text(
        f"{unit.vi.capitalize()}. Liền: số công bố; đứt: lộ trình cần; vạch: chỉ tiêu; tam giác: văn bản.",
        f"{unit.en.capitalize()}. Solid: published; dashed: required path; ticks: targets; triangles: documents.",
    ).say(lang)
    if not from_zero:
        subtitle += Text(" Trục không bắt đầu từ 0.", " The axis does not begin at 0.").say(lang)
    chart = alt.layer(*(layer.encode(x=time, y=value) for layer in layers)).properties(
        width=width,
        height=height,
        title=alt.TitleParams(text=wrapped(title, width * 10 // 86), subtitle=wrapped(subtitle, width * 10 // 68)),
    )
    return Drawing(
        spec=finished(chart, lang),
        title=title,
        alternative=_told(title, row, points[-1] if points else None).say(lang),
        head=(
            Text("Ngày", "Date").say(lang),
            indicator(target.indicator).short.say(lang),
            Text("Loại", "Kind").say(lang),
        ),
        rows=(
            *(
                _line(figure.date, figure.indicator, figure.value, Text("công bố", "published"), lang)
                for figure in points
            ),
            *(_line(end.period_end, end.indicator, end.value, Text("chỉ tiêu", "target"), lang) for end in ends),
        ),
    )


def _line(day: date, name: str, value: Number | None, kind: Text, lang: Language) -> tuple[str, str, str]:
    return (numbers.short_date(day, lang), value_text(name, value).say(lang), kind.say(lang))


def _told(title: str, row: Progress, latest: Figure | None) -> Text:
    """The alternative text: the finding, the latest value, the target."""
    value, goal = value_text(row.target.indicator, latest.value if latest else None), target_text(row.target)
    day, end = date_text(latest.date if latest else None), date_text(row.target.period_end)
    return Text(
        f"{title}. Giá trị gần nhất {value.vi} ({day.vi}); chỉ tiêu {goal.vi} đến {end.vi}.",
        f"{title}. Latest value {value.en} ({day.en}); target {goal.en} by {end.en}.",
    )


def _actual(points: Sequence[Figure]) -> list[alt.Chart]:
    """The published values: a line with its points."""
    if not points:
        return []
    data = chart_of(
        [{"date": _ms(figure.date), "value": _drawn(figure.indicator, Fraction(figure.value))} for figure in points]
    )
    return [
        data.mark_line(color=ACCENT, strokeWidth=2.5),
        data.mark_point(color=ACCENT, filled=True, size=42, opacity=1),
    ]


def _way(row: Progress, lang: Language) -> list[alt.Chart]:
    """The last value with its label, and the path from it to a target still ahead."""
    if row.figure is None or row.actual is None:
        return []
    name = row.target.indicator
    here: dict[str, object] = {
        "date": _ms(row.figure.date),
        "value": _drawn(name, row.actual),
        "label": short_value(name, row.actual, lang),
    }
    # Below and to the right of its point: the targets' labels stand above theirs.
    label = chart_of([here]).mark_text(
        align="left", baseline="top", dx=6, dy=8, color=ACCENT, fontWeight=600, fontSize=13
    )
    layers = [label.encode(text="label:N")]
    if row.goal is not None and not row.ended:
        there: dict[str, object] = {"date": _ms(row.target.period_end), "value": _drawn(name, row.goal)}
        layers.insert(0, chart_of([here, there]).mark_line(color=INK, strokeWidth=1.2, strokeDash=[5, 4]))
    return layers


def _ticks(ends: Sequence[Target], lang: Language) -> list[alt.Chart]:
    """The targets: a tick each, with the year and the value as decided."""
    data: list[dict[str, object]] = [
        {
            "date": _ms(end.period_end),
            "value": _drawn(end.indicator, Fraction(end.value)),
            "label": f"{end.period_end.year}: {short_target(end, lang)}",
        }
        for end in ends
        if end.value is not None
    ]
    if not data:
        return []
    chart = chart_of(data)
    labels = chart.mark_text(align="right", baseline="bottom", dx=8, dy=-6, color=INK, fontSize=13)
    return [
        chart.mark_tick(color=INK, thickness=3, size=18, orient="horizontal"),
        labels.encode(text="label:N"),
    ]


def _documents(ends: Sequence[Target], first: date, last: date, floor: float) -> list[alt.Chart]:
    """The documents that decided the targets, as marks on the time axis; labels that follow each other alternate."""
    decided = sorted({(end.decision.issued.key, end.decision.number) for end in ends})
    layers = []
    for place, (day, number) in enumerate(decided):
        if first <= day <= last:
            chart = chart_of([{"date": _ms(day), "value": floor, "label": number}])
            label = chart.mark_text(
                align="left", baseline="bottom", dx=7, dy=-1 - 15 * (place % 2), color=GREY_1, fontSize=12
            )
            layers.append(
                chart.mark_point(shape="triangle-up", color=GREY_1, filled=True, size=55, yOffset=-4, opacity=1)
            )
            layers.append(label.encode(text="label:N"))
    return layers


def _targets_to_draw(row: Progress, targets: Sequence[Target], first: date) -> list[Target]:
    """The targets of the row's subject at any date since `first` that govern and have a value, phases left out."""
    target = row.target
    peers = [
        peer
        for peer in governing(targets).values()
        if (peer.indicator, peer.area_code, peer.scope) == (target.indicator, target.area_code, target.scope)
        and peer.value is not None
        and first <= peer.period_end <= target.period_end
        and (peer.phase is None or peer.phase.share == 1)
        and peer.decision.rank == "decided"
    ]
    return sorted(peers, key=lambda peer: peer.period_end)


def _ms(day: date) -> float:
    """A day as milliseconds, noon UTC, so that no time zone moves it."""
    return ((day - date(1970, 1, 1)).days * 86_400 + 43_200) * 1000.0


def _axis_range(values: list[float]) -> tuple[float, float, bool]:
    """Return round ends of an axis and whether it begins at 0: it does when zero is near enough to be told from."""
    if not values:
        return 0.0, 1.0, True
    low, high = min(values), max(values)
    if low <= 0.5 * high:
        low = 0.0
    step = 10 ** math.floor(math.log10(max(high - low, high / 100, 1e-9)))
    room = 0.12 * (high - low) or step
    bottom = 0.0 if low == 0 else math.floor((low - room) / step) * step
    return bottom, math.ceil((high + room) / step * 2) / 2 * step, bottom == 0.0


def sparkline(
    figures: Sequence[Figure], goal: Fraction | None, end: date, as_of: date, lang: Language
) -> Drawing | None:
    """Draw the values of the 24 months before a date, with the way to the target dashed; None under two values."""
    first = as_of - timedelta(days=731)
    points = [figure for figure in figures if first <= figure.date <= as_of]
    if len(points) < 2:
        return None
    name = points[0].indicator
    data = [{"date": _ms(figure.date), "value": _drawn(name, Fraction(figure.value))} for figure in points]
    last, stop = points[-1], min(as_of + timedelta(days=183), end)
    way = [data[-1]]
    if goal is not None and stop > last.date:
        # As much of the way to the target as the picture has room for.
        part = Fraction((stop - last.date).days, (end - last.date).days)
        there = Fraction(last.value) + (goal - Fraction(last.value)) * part
        way.append({"date": _ms(stop), "value": _drawn(name, there)})
    heights = [row["value"] for row in [*data, *way]]
    room = (max(heights) - min(heights)) * 0.12 or abs(max(heights)) * 0.01
    time = alt.X("date:T", axis=None, scale=alt.Scale(domain=[_ms(first), _ms(as_of + timedelta(days=183))]))
    value = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[min(heights) - room, max(heights) + room], zero=False))
    charts = [
        chart_of(data).mark_line(color=ACCENT, strokeWidth=2),
        chart_of(way).mark_line(color=INK, strokeWidth=1.2, strokeDash=[4, 3]),
        chart_of(data[-1:]).mark_point(color=ACCENT, filled=True, size=40, opacity=1),
    ]
    old, new = figure_text(points[0]), figure_text(last)
    began, ended = date_text(points[0].date), date_text(last.date)
    told = Text(
        f"Từ {old.vi} ({began.vi}) đến {new.vi} ({ended.vi})", f"From {old.en} ({began.en}) to {new.en} ({ended.en})"
    ).say(lang)
    drawn = alt.layer(*(chart.encode(x=time, y=value) for chart in charts)).properties(width=330, height=44)
    return Drawing(finished(drawn, lang), told, told, (), ())
