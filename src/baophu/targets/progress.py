"""Progress: each target against the value that stands for it, with the reason where something cannot be said.

The columns are those of the results contract (`progress`). Ranks, forecasts, probabilities and completeness need
counted indicators; from published figures they stay empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from baophu.core.languages import Text
from baophu.core.months import months_between
from baophu.core.numbers import Number, as_float, rounded
from baophu.indicators.catalogue import indicator, other_scope
from baophu.indicators.published import Book, Figure, published
from baophu.targets import arithmetic
from baophu.targets.decisions import COUNTRY, Target, governing, target_id

COLUMNS = (
    *("area_code", "indicator", "target_id", "period_end", "target", "base", "actual", "as_of"),
    *("achieved", "development", "yoy", "rank", "forecast_p10", "forecast_p50", "forecast_p90", "gap"),
    *("direction", "target_high", "met", "phase", "probability", "completeness", "value_date", "scope"),
    # More than the contract asks for: which of two decisions governs, how much is achieved at the least where value and
    # target are of two scopes, and why something is empty.
    *("governs", "achieved_at_least", "reason"),
)

Reason = Literal[
    "no_value", "scope_differs", "no_base", "before_base", "value_before_base", "met_from_start",
    "value_older_than_as_of", "value_before_period_end", "superseded", "decided_later", "no_year_before",
    "no_value_a_year_before", "zero_target",
]  # fmt: skip

REASONS: dict[Reason, Text] = {
    "no_value": Text("chưa có số liệu công bố", "no figure has been published"),
    "scope_differs": Text(
        "số công bố và chỉ tiêu khác phạm vi (lực lượng vũ trang), không chia cho nhau",
        "the published value and the target differ in scope (armed forces) and are not divided",
    ),
    "no_base": Text("chưa có số đầu kỳ cùng phạm vi", "no base value of the same scope"),
    "before_base": Text("kỳ của chỉ tiêu chưa bắt đầu", "the target's period has not begun"),
    "value_before_base": Text("số liệu có trước ngày đầu kỳ", "the value is older than the base"),
    "met_from_start": Text(
        "số đầu kỳ đã đạt chỉ tiêu, không có mức phải tăng", "the base already met the target: no increase is required"
    ),
    "value_older_than_as_of": Text("số liệu cũ hơn ngày xem", "the value is older than the as-of date"),
    "value_before_period_end": Text(
        "kỳ đã kết thúc nhưng chưa có số liệu cuối kỳ", "the period has ended but its final value is not there"
    ),
    "superseded": Text("đã có quyết định sau thay thế", "a later decision governs"),
    "decided_later": Text("quyết định ban hành sau ngày xem", "decided after the as-of date"),
    "no_year_before": Text("chưa có số liệu năm trước để so", "no value of the year before to compare with"),
    "no_value_a_year_before": Text("không có số liệu cùng kỳ năm trước", "no value of the same period last year"),
    "zero_target": Text("chỉ tiêu là 0 nên không có tỷ lệ đạt", "the target is 0, so no share of it is achieved"),
}

# Why something is empty that only a run's counted values can fill.
COUNTED_REASONS: dict[str, Text] = {
    "period_ended": Text("kỳ đã kết thúc, không còn dự báo", "the period has ended: nothing is left to forecast"),
    "not_forecast": Text("chỉ tiêu này không được dự báo", "this indicator is not forecast"),
    "no_forecast": Text("lần chạy này không có dự báo cho kỳ ấy", "this run has no forecast for that day"),
    "forecast_scope_differs": Text(
        "dự báo không gồm lực lượng vũ trang, chỉ tiêu thì có, không so với nhau",
        "the forecast is without the armed forces, the target is with them: they are not compared",
    ),
    "no_completeness": Text(
        "không đo được dữ liệu tháng này đầy đủ đến đâu", "how much of the month's data is in is not known"
    ),
    "no_peers": Text("không có đơn vị cùng cấp để so", "there are no peers to be ranked among"),
    "no_phase_due": Text("năm nay chưa có đợt cao điểm nào kết thúc", "no phase of the year is over yet"),
}

State = Literal["met", "attention", "late", "unknown"]

STATES: dict[State, Text] = {
    "met": Text("Đạt", "Met"),
    "attention": Text("Cần chú ý", "Needs attention"),
    "late": Text("Chậm", "Behind"),
    "unknown": Text("Chưa có dữ liệu", "No data yet"),
}
ON_TRACK = Text("Đúng lộ trình", "On track")
NOT_ENOUGH = Text("Chưa đủ dữ liệu", "Not enough data")

# The indicator by which the agency tells how much of a year's target is done.
PLAN_COMPLETION = {
    "si_compulsory": "plan_completion_compulsory",
    "si_voluntary": "plan_completion_voluntary",
    "si_total": "plan_completion_total",
    "hi_total": "plan_completion_hi",
}

# A target still ahead is 'behind' when less than this share of what should be done by now is done …
ATTENTION = Fraction(9, 10)
# … or, without a base, when the pace that is needed is more than this times the pace of the last year.
PACE_ATTENTION = Fraction(3, 2)
# A value older than this says nothing of where a target still ahead stands.
STALE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Base:
    """The base value of a target: where it comes from, and its ends where it was rounded."""

    value: Fraction
    date: date
    figure: Figure | None
    implied: arithmetic.ImpliedBase | None


@dataclass(frozen=True, slots=True)
class Pace:
    """Change per month: needed from the as-of date to the target, and made over about the last twelve months."""

    required: Fraction
    months_left: int
    recent: Fraction | None
    recent_from: Figure | None


@dataclass(frozen=True, slots=True)
class Progress:
    """One target against its value on a date."""

    target: Target
    as_of: date
    goal: Fraction | None
    figure: Figure | None
    actual: Fraction | None
    other_scope: Figure | None
    base: Base | None
    last_year: Figure | None
    yoy: Fraction | None
    achieved: Fraction | None
    development: Fraction | None
    gap: Fraction | None
    met: bool | None
    pace: Pace | None
    governed_by: Target
    reasons: tuple[Reason, ...]

    @property
    def governs(self) -> bool:
        """Whether no later decision speaks on the same subject."""
        return self.governed_by is self.target

    @property
    def at_least(self) -> Fraction | None:
        """How much of the target is achieved at the least, where only a value of the smaller scope is there."""
        if self.actual is not None or self.other_scope is None or not self.goal or not can_be_least(self.target):
            return None
        return arithmetic.achieved(self.other_scope.value, self.goal)

    @property
    def ended(self) -> bool:
        """Whether the target's date has come."""
        return self.target.period_end <= self.as_of

    @property
    def state(self) -> State:
        """The traffic light: met or not for what has ended; for what lies ahead, against the path to it."""
        if self.met:
            return "met"
        if self.met is None and self.ended:
            return "unknown"
        if self.ended:
            return "late"
        return self._ahead()

    def _ahead(self) -> State:
        """Against a straight path from the base; without a usable base, by the pace that is needed."""
        if self.figure is None or self.actual is None or is_stale(self.figure, self.as_of):
            return "unknown"
        if self.base is not None and self.figure.date > self.base.date and self.development is not None:
            due = arithmetic.elapsed(self.base.date, self.figure.date, self.target.period_end)
            if self.development >= due:
                return "met"
            return "attention" if self.development >= due * ATTENTION else "late"
        if self.pace is None or self.pace.recent is None:
            return "unknown"
        needed, made = self.pace.required, self.pace.recent
        if self.target.direction == "at_most":
            needed, made = -needed, -made
        if made >= needed:
            return "met"
        return "attention" if made * PACE_ATTENTION >= needed else "late"

    @property
    def state_text(self) -> Text:
        """The words of the state: what lies ahead is on track, not met; a value that tells too little is still one."""
        if self.state == "met" and not self.met:
            return ON_TRACK
        if self.state == "unknown" and self.actual is not None:
            return NOT_ENOUGH
        return STATES[self.state]

    def row(self) -> dict[str, str | int | float | bool | None]:
        """Return the row of the results contract; counts are whole numbers, shares fractions of 1."""
        whole = indicator(self.target.indicator).unit != "share"

        def value(number: Number | None) -> float | int | None:
            return int(rounded(number)) if whole and number is not None else as_float(number)

        values = {
            "area_code": self.target.area_code,
            "indicator": self.target.indicator,
            "target_id": self.target.target_id,
            "period_end": self.target.period_end.isoformat(),
            "target": value(self.goal),
            "base": value(self.base.value) if self.base else None,
            "actual": value(self.actual),
            "as_of": self.as_of.isoformat(),
            "achieved": as_float(self.achieved),
            "development": as_float(self.development),
            "yoy": as_float(self.yoy),
            "gap": value(self.gap),
            "direction": self.target.direction,
            "target_high": value(self.target.high),
            "met": self.met,
            "phase": self.target.phase.id if self.target.phase else None,
            "value_date": self.figure.date.isoformat() if self.figure and self.actual is not None else None,
            "scope": self.target.scope,
            "governs": self.governs,
            "achieved_at_least": as_float(self.at_least),
            "reason": ";".join(self.reasons) or None,
        }
        return {column: values.get(column) for column in COLUMNS}


def figure_for(book: Book, target: Target, day: date, *, exactly: bool = False) -> Figure | None:
    """Return the figure nearest to a day, not after it: in the target's scope, or one that can be brought into it."""
    found = []
    for scope in (target.scope, other_scope(target.scope)):
        figures = book.series(target.indicator, target.area_code, scope)
        figure = figures.on(day) if exactly else figures.latest(day)
        if figure is not None and book.in_scope(figure, target.scope) is not None:
            found.append(figure)
    # Of two on one day the one that needs no conversion is taken; max() keeps the first.
    return max(found, key=lambda figure: figure.date, default=None)


def can_be_least(target: Target) -> bool:
    """Tell whether a value of the other scope is the least that the target's own can be.

    It is where the target counts people with the armed forces: with them there can only be more.
    """
    counts = indicator(target.indicator).unit == "person"
    return counts and target.scope == "all" and target.direction == "at_least"


def phase_base(target: Target, targets: Iterable[Target]) -> arithmetic.ImpliedBase | None:
    """Return the base that the phases of a target's decision imply, from its last phase and any earlier one."""
    family = [
        peer
        for peer in targets
        if peer.phase is not None and peer.value is not None and peer.decision.id == target.decision.id
        and (peer.indicator, peer.area_code, peer.scope) == (target.indicator, target.area_code, target.scope)
    ]  # fmt: skip
    final = next((peer for peer in family if peer.phase and peer.phase.share == 1), None)
    for peer in family:
        if final is None or peer is final or peer.phase is None or peer.phase.share is None:
            continue
        assert peer.value is not None and final.value is not None  # noqa: S101 (see family)
        return arithmetic.implied_base(peer.value, final.value, peer.phase.share, peer.phase.decimals)
    return None


def base_of(book: Book, target: Target, targets: Iterable[Target]) -> Base | None:
    """Return the base value: as published, or as the phases imply where that is not published or only rounded."""
    figure = figure_for(book, target, target.base_date, exactly=True)
    value = book.in_scope(figure, target.scope)
    implied = phase_base(target, targets) if target.phase else None
    if implied and (value is None or (figure and figure.approximate and implied.agrees(value))):
        return Base(implied.value, target.base_date, figure, implied)
    if figure is None or value is None:
        return None
    return Base(value, target.base_date, figure, implied)


def recent_figure(book: Book, figure: Figure) -> Figure | None:
    """Return the figure nearest to twelve months before another, not more than two months off."""
    wanted = arithmetic.a_year_before(figure.date)
    near = book.series(figure.indicator, figure.area_code, figure.scope).between(
        wanted - timedelta(days=62), wanted + timedelta(days=62)
    )
    return min(near, key=lambda other: abs((other.date - wanted).days), default=None)


def pace_of(book: Book, target: Target, as_of: date, figure: Figure, actual: Fraction, goal: Fraction) -> Pace | None:
    """Return the monthly pace that is needed from now on and the one that was made.

    None where the target's month has come, or where the value is too old to begin from.
    """
    months_left = months_between(as_of, target.period_end)
    required = arithmetic.pace(goal, actual, months_left)
    if required is None or is_stale(figure, as_of):
        return None
    before = recent_figure(book, figure)
    recent = None
    if before is not None:
        recent = arithmetic.pace(figure.value, before.value, months_between(before.date, figure.date))
    return Pace(required, months_left, recent, before)


def is_stale(figure: Figure, as_of: date) -> bool:
    """Tell whether a value is too old to say where a target still ahead stands."""
    return months_between(figure.date, as_of) > STALE_MONTHS


def is_met(target: Target, actual: Fraction, goal: Fraction) -> bool:
    """Tell whether a value meets a target.

    A range is met from its nearer end on: coverage above '37 to 38 %' has met it, a late rate below one has too.
    'Over' means more than; 'about' is read as at least.
    """
    low_is_good = indicator(target.indicator).direction == "at_most"
    if target.direction == "at_most" or (target.direction == "range" and low_is_good):
        return actual <= (Fraction(target.high) if target.high is not None else goal)
    strict = target.bound == "over" or target.direction == "above_last_year"
    return actual > goal if strict else actual >= goal


def goal_of(book: Book, target: Target) -> Fraction | None:
    """Return the value to reach: the one decided, or that of the year before; None where that is not known."""
    if target.value is not None:
        return Fraction(target.value)
    before = figure_for(book, target, arithmetic.a_year_before(target.period_end), exactly=True)
    return book.in_scope(before, target.scope)


def yoy_of(figure: Figure, last_year: Figure | None) -> Fraction | None:
    """Return the change over a year: relative for counts and money, a difference (in points / 100) for shares.

    A published growth goes before one computed from published, rounded figures.
    """
    if figure.growth is not None:
        return Fraction(figure.growth)
    if last_year is None:
        return None
    if indicator(figure.indicator).unit == "share":
        return Fraction(figure.value) - Fraction(last_year.value)
    return arithmetic.relative_change(figure.value, last_year.value)


def follow(book: Book, target: Target, as_of: date, targets: list[Target], governed_by: Target) -> Progress:
    """Compare one target with the value that stands for it on a date."""
    reasons: list[Reason] = []
    day = min(as_of, target.period_end)
    figure = figure_for(book, target, day)
    actual = book.in_scope(figure, target.scope)
    elsewhere = None
    if figure is None:
        elsewhere = book.series(target.indicator, target.area_code, other_scope(target.scope)).latest(day)
        reasons.append("scope_differs" if elsewhere else "no_value")
    elif figure.date < target.period_end <= as_of:
        reasons.append("value_before_period_end")
    if figure is not None and figure.date < as_of < target.period_end:
        reasons.append("value_older_than_as_of")
    goal = goal_of(book, target)
    if goal is None:
        reasons.append("no_year_before")
    base = base_of(book, target, targets)
    if as_of < target.base_date:
        base = None
        reasons.append("before_base")
    elif base is None and target.value is not None:
        reasons.append("no_base")
    last_year = None
    if figure is not None:
        last_year = book.series(figure.indicator, figure.area_code, figure.scope).on(
            arithmetic.a_year_before(figure.date)
        )
    yoy = yoy_of(figure, last_year) if figure else None
    if figure is not None and yoy is None:
        reasons.append("no_value_a_year_before")
    if governed_by is not target:
        reasons.append("superseded")
    if target.decision.issued.key > as_of:
        reasons.append("decided_later")

    achieved = development = gap = None
    met: bool | None = None
    pace = None
    if actual is not None and goal is not None and figure is not None:
        achieved = arithmetic.achieved(actual, goal)
        gap = actual - goal if target.direction == "at_most" else goal - actual
        met = None if "value_before_period_end" in reasons else is_met(target, actual, goal)
        if not goal:
            reasons.append("zero_target")
        # A value from before the base says nothing of what was done since.
        if base is not None and figure.date < base.date:
            reasons.append("value_before_base")
        elif base is not None and is_met(target, base.value, goal):
            reasons.append("met_from_start")
        elif base is not None:
            development = arithmetic.development(actual, base.value, goal)
        if not target.period_end <= as_of:
            pace = pace_of(book, target, as_of, figure, actual, goal)
    return Progress(
        target=target,
        as_of=as_of,
        goal=goal,
        figure=figure,
        actual=actual,
        other_scope=elsewhere,
        base=base,
        last_year=last_year,
        yoy=yoy,
        achieved=achieved,
        development=development,
        gap=gap,
        met=met,
        pace=pace,
        governed_by=governed_by,
        reasons=tuple(reasons),
    )


def published_completion(row: Progress) -> Figure | None:
    """Return what the publisher himself said of a year's target on the value's date, to be shown beside ours."""
    figure, target = row.figure or row.other_scope, row.target
    name = PLAN_COMPLETION.get(target.indicator)
    if figure is None or name is None or target.period_end != date(figure.date.year, 12, 31):
        return None
    return published().series(name, target.area_code, indicator(name).scope(target.scope)).on(figure.date)


def yearly(target: Target, as_of: date) -> Target:
    """Return the target itself, or, of one that holds again each year, that of the as-of date's year."""
    if not target.yearly or as_of.year <= target.period_end.year:
        return target
    end = target.period_end.replace(year=as_of.year)
    return replace(
        target,
        period_end=end,
        base_date=target.base_date.replace(year=as_of.year - 1),
        target_id=target_id(target.decision.id, target.indicator, target.area_code, target.scope, end),
    )


def progress(
    targets: list[Target], as_of: date, area_codes: Iterable[str] | None = None, book: Book | None = None
) -> list[Progress]:
    """Compare targets with their values on a date, for some areas or all.

    The values are the published ones unless a book of others is given.

    Order: the country first, then areas by code; within an area by indicator, date, and the later decision first.
    """
    stated = [yearly(target, as_of) for target in targets]
    rulers = governing(stated)
    wanted = set(area_codes) if area_codes is not None else None
    values = book or published()
    rows = [
        follow(values, target, as_of, stated, rulers[target.subject])
        for target in stated
        if wanted is None or target.area_code in wanted
    ]
    return sorted(
        rows,
        key=lambda row: (
            row.target.area_code != COUNTRY,
            row.target.area_code,
            indicator(row.target.indicator).order,
            row.target.period_end,
            not row.governs,
            row.target.target_id,
        ),
    )
