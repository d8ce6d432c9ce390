"""What would help: whom a scenario would bring in by each month, what the budget pays, against which target; in ranges.

People found x how often such findings are right x how many answer x who still pays some months later. Every factor is
an assumption with a low, a likely and a high value (`scenario_assumptions`). A result's low end takes all of them at
their low ends at once, its high end all at their high ends: interval arithmetic, so that no choice of values within the
assumptions leads outside. How fast cases are worked moves a month's number both ways (who joins early may have left by
then), so every whole speed within its range is tried.

Shares are whole numbers (millionths, thousandths) and money is whole VND; only what is shown is rounded, low ends down
and high ends up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from baophu.areas.units import Area, tree
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.months import months_between, months_later
from baophu.core.numbers import Number, rounded
from baophu.findings.kinds import agency_of
from baophu.results.store import Manifest
from baophu.targets import measured
from baophu.targets.decisions import COUNTRY, Target
from baophu.targets.scenario_assumptions import (
    BOUNDS,
    THOUSAND,
    Assumption,
    Bound,
    Scores,
    lasting,
    right_name,
    standing,
)
from baophu.targets.scenario_file import Enforcement, Lapsed, Measure, Plan, Support
from baophu.targets.scenario_money import Laws, Money, Sums, laws_of, nothing_loaded, provinces_of
from baophu.targets.scenario_people import Found, people_of, scores
from baophu.targets.scenario_targets import Held, held_against

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

MILLION = 1_000_000
_ENDS: tuple[Bound, Bound] = ("low", "high")
# A scenario that begins late in a year goes on through the next one.
LEAST_MONTHS = 6


class Estimate(NamedTuple):
    """A low, a likely and a high value: people, cases, or VND."""

    low: int
    likely: int
    high: int


NOTHING = Estimate(0, 0, 0)


@dataclass(frozen=True, slots=True)
class OfUnit:
    """What a measure does in one unit below the area: people found, and gained by the last month."""

    found: int
    gained: Estimate


@dataclass(frozen=True, slots=True)
class Effect:
    """What one measure does. Without a run nothing is known of who joins: `found` is None, and `gained` is empty.

    `gained` is by month; `state` and `local` are what the people gained cost, `present` what those who pay already get
    more from the place, `handling` what the cases cost; all VND over all months, None where it is not known.
    """

    measure: Measure
    found: int | None
    taken: int
    cases: int
    worked: Estimate
    gained: tuple[Estimate, ...]
    state: Estimate
    local: Estimate
    present: Estimate | None
    handling: Estimate | None
    by_unit: Mapping[str, OfUnit]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The whole of it; `gained` counts the people of the measures whose scheme the indicator counts."""

    plan: Plan
    area: Area
    run: Manifest | None
    months: tuple[date, ...]
    assumptions: tuple[Assumption, ...]
    effects: tuple[Effect, ...]
    gained: tuple[Estimate, ...]
    targets: tuple[Held, ...]
    notes: tuple[Text, ...]


def added(parts: Iterable[Estimate]) -> Estimate:
    """Return the range of a sum."""
    every = list(parts)
    return Estimate(*(sum(part[at] for part in every) for at in range(3)))


def counts_for(measure: Measure, indicator: str) -> bool:
    """Tell whether the people of a measure count for an indicator."""
    return measure.scheme in measured.SCHEMES[indicator]


def scenario(
    home: Path,
    plan: Plan,
    known: Iterable[Target],
    *,
    area: str | None = None,
    month: date | None = None,
    run: str | None = None,
    until: date | None = None,
) -> Scenario:
    """Work out a scenario for an area; `month` or `run` say whose findings (default: the newest run).

    BaophuError where findings are needed and no run has them, or where nothing at all is loaded.
    """
    from baophu.law.parameters import book

    place = tree().resolve(area or plan.area or COUNTRY)
    found_run = _run(home, plan, month, run)
    notes: list[Text] = []
    with Money(home, Laws(book(), book()), place, date.min, 0) as money:
        counted_in = found_run.month if found_run else month or money.last_paid()
        if counted_in is None:
            raise nothing_loaded()
        begins = plan.begins or months_later(counted_in, 1)
        months = _months(begins, until or plan.until)
        money.begins, money.months = begins, len(months)
        money.laws = laws_of(book(), plan.measures, place, begins)
        people: Sequence[Found | None] = [None] * len(plan.measures)
        has_findings = found_run is not None and "findings" in found_run.rows
        if has_findings or not _only_support(plan):
            people = people_of(home, found_run, place, plan.measures)
        row_by_kind = scores(home, found_run)
        chosen = assumptions_of(plan, Scores(row_by_kind, agency_of(home)))
        effects = []
        for measure, found in zip(plan.measures, people, strict=True):
            work = _Measure(measure, chosen, money, place, len(months), row_by_kind)
            effects.append(work.effect(found, counted_in))
            notes += work.notes
    gained = tuple(
        added(one.gained[at] for one in effects if one.gained and counts_for(one.measure, plan.indicator))
        for at in range(len(months))
    )
    targets, said = held_against(home, known, found_run, place, plan.indicator, months, gained)
    used = {name for one in plan.measures for name in names_of(one)}
    notes += [*said, *_unused(plan, used), *_late_law(money.laws, plan, place, months)]
    return Scenario(
        plan=replace(plan, begins=begins, until=months[-1]),
        area=place,
        run=found_run,
        months=months,
        assumptions=tuple(one for name, one in chosen.items() if name in used),
        effects=tuple(effects),
        gained=gained,
        targets=targets,
        notes=tuple(dict.fromkeys(notes)),
    )


def _run(home: Path, plan: Plan, month: date | None, run: str | None) -> Manifest | None:
    """Return the run to take; for support alone none is needed."""
    try:
        return measured.newest_run(home, run, month)
    except BaophuError:
        if run is None and _only_support(plan):
            return None
        raise


def _only_support(plan: Plan) -> bool:
    return all(isinstance(one, Support) for one in plan.measures)


def _months(begins: date, until: date | None) -> tuple[date, ...]:
    last = until or date(begins.year + (begins.month > 12 - LEAST_MONTHS + 1), 12, 1)
    if last < begins:
        raise BaophuError(
            Text(
                f"Tháng cuối {last:%m/%Y} trước tháng bắt đầu {begins:%m/%Y}.",
                f"The last month {last:%Y-%m} is before the first, {begins:%Y-%m}.",
            ),
            Text("Chọn tháng sau bằng --until.", "Choose a later one with --until."),
        )
    return tuple(months_later(begins, at) for at in range(months_between(begins, last) + 1))


# The assumptions


def names_of(measure: Measure) -> Iterator[str]:
    """Yield the names of the assumptions that a measure rests on."""
    yield from (right_name(kind) for kind in measure.of)
    if isinstance(measure, Support):
        yield from ("joins_per_tenth", "months_of_joining", "present_payers")
    else:
        yield answer_of(measure)
        yield "months_to_join"
        if measure.officers is not None:
            yield speed_of(measure)
    yield from (f"{measure.scheme}_after_{months}" for months in (3, 6, 12))


def answer_of(measure: Enforcement | Lapsed) -> str:
    """Return the name of the assumption how many answer."""
    if isinstance(measure, Lapsed):
        return "answer_lapsed"
    return "answer_letters" if measure.officers is None else "answer_visits"


def speed_of(measure: Enforcement | Lapsed) -> str:
    """Return the name of the assumption how many cases an officer works a month."""
    return "calls_per_officer" if isinstance(measure, Lapsed) else "cases_per_officer"


def assumptions_of(plan: Plan, known: Scores) -> dict[str, Assumption]:
    """Return all assumptions by name: the program's, over them what was measured, over both those of the scenario."""
    found = dict(standing())
    for measure in plan.measures:
        found |= {right_name(kind): known.right(kind) for kind in measure.of}
    for scheme in dict.fromkeys(one.scheme for one in plan.measures):
        of = [kind for one in plan.measures if one.scheme == scheme for kind in one.of]
        found |= {one.name: one for one in known.lasting(scheme, of)}
    return found | dict(plan.assumptions)


def _unused(plan: Plan, used: set[str]) -> Iterator[Text]:
    for name in plan.assumptions:
        if name not in used:
            yield Text(f"Giả định {name} không dùng đến ở đây.", f"The assumption {name} is not used here.")


def _late_law(laws: Laws, plan: Plan, area: Area, months: Sequence[date]) -> Iterator[Text]:
    from baophu.law.what_if_voluntary import USED

    if not any(one.scheme == "voluntary" for one in plan.measures):
        return
    places = [None, *provinces_of(area)]
    late = {
        value.label()
        for month in months
        for value in laws.before.warnings(month, USED)
        if value.dims.get("place") in places
    }
    if late:
        names = ", ".join(sorted(late)[:3]) + (" …" if len(late) > 3 else "")
        yield Text(
            f"Chưa ai kiểm lại một số mức của luật cho các tháng này: {names}.",
            f"Nobody has checked some figures of the law for these months: {names}.",
        )


# One measure


class Flow(NamedTuple):
    """Who is reached: people by row (a unit and a stratum) and month in which those who answer join."""

    people: np.ndarray[Any, np.dtype[np.int64]]
    likely: bool


@dataclass(frozen=True, slots=True)
class Strata:
    """The people of a measure in rows, and each row's unit and stratum; shares by stratum in millionths."""

    units: tuple[str, ...]
    row_unit: np.ndarray[Any, np.dtype[np.int64]]
    row_stratum: np.ndarray[Any, np.dtype[np.int64]]
    row_people: np.ndarray[Any, np.dtype[np.int64]]
    shares: Mapping[Bound, np.ndarray[Any, np.dtype[np.int64]]]
    sums: Sequence[Sums | None]


class _Measure:
    """Works out one measure."""

    def __init__(
        self,
        measure: Measure,
        chosen: Mapping[str, Assumption],
        money: Money,
        area: Area,
        months: int,
        scores_of: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.measure, self.chosen, self.money, self.area, self.months = measure, chosen, money, area, months
        self.scores, self.notes = scores_of, list[Text]()

    def effect(self, found: Found | None, month: date) -> Effect:
        """Return what the measure does; `month` is the one whose payers are there already."""
        present = self._present(month) if isinstance(self.measure, Support) else None
        if found is None:
            self.notes.append(
                Text(
                    "Chưa có lần chạy nào: chỉ tính chi cho người đang đóng, chưa biết ai sẽ tham gia.",
                    "There is no run: only what present payers cost is known, and not how many would join.",
                )
            )
            return Effect(self.measure, None, 0, 0, NOTHING, (), NOTHING, NOTHING, present, None, {})
        if found.elsewhere:
            self.notes.append(
                Text(
                    f"{found.elsewhere} đơn vị chưa đăng ký không có người lao động nào đang mở: không tính.",
                    f"{found.elsewhere} unregistered employers have no open finding about a worker: not counted.",
                )
            )
        if found.people.is_empty():
            nobody = tuple(NOTHING for _ in range(self.months))
            return Effect(self.measure, 0, found.taken, 0, NOTHING, nobody, NOTHING, NOTHING, present, None, {})
        rows, row_of = self._strata(found)
        flows = list(self._flows(found, rows, row_of))
        gained, by_unit, state, local = self._ranges(rows, flows)
        worked = self._worked(found.cases)
        people = dict(found.people.group_by("unit").len().iter_rows())
        return Effect(
            measure=self.measure,
            found=found.people.height,
            taken=found.taken,
            cases=found.cases,
            worked=worked,
            gained=gained,
            state=state,
            local=local,
            present=present,
            handling=self._handling(worked),
            by_unit={unit: OfUnit(people[unit], by_unit[at]) for at, unit in enumerate(rows.units)},
        )

    def _present(self, month: date) -> Estimate | None:
        """Return what the places pay more for those who pay already; None where payments are not loaded."""
        both = self.money.present(month)
        if both is None:
            self.notes.append(
                Text(
                    "Chưa nạp người đóng tự nguyện: chưa tính chi thêm cho người đang đóng.",
                    "Voluntary payments are not loaded: what present payers would get more is not computed.",
                )
            )
            return None
        before, after = (sum(sum(one.local) for one in sums.values()) for sums in both)
        stay = self.chosen["present_payers"]
        return _estimate(*((after - before) * Fraction(stay.of(bound)) for bound in BOUNDS))

    def _strata(self, found: Found) -> tuple[Strata, np.ndarray[Any, np.dtype[np.int64]]]:
        """Put the people into rows; returns them, and the row of each person."""
        import numpy as np
        import polars as pl

        people = found.people
        if self.measure.scheme == "voluntary":
            people = self.money.grouped(people)
            people = people.with_columns((pl.col("group") + "|" + pl.col("place")).alias("stratum"))
        else:
            people = people.with_columns(pl.col("kind").alias("stratum"))
        rows = people.group_by("unit", "stratum").len().sort("unit", "stratum").with_row_index("row")
        row_of = people.join(rows, on=["unit", "stratum"], how="left", maintain_order="left")["row"]
        units, strata = sorted(set(rows["unit"])), sorted(set(rows["stratum"]))
        shares, sums = self._shares(people, strata)
        found_rows = Strata(
            units=tuple(units),
            row_unit=np.array([units.index(one) for one in rows["unit"]], np.int64),
            row_stratum=np.array([strata.index(one) for one in rows["stratum"]], np.int64),
            row_people=rows["len"].cast(pl.Int64).to_numpy(),
            shares=shares,
            sums=sums,
        )
        return found_rows, row_of.cast(pl.Int64).to_numpy()

    def _shares(
        self, people: pl.DataFrame, strata: Sequence[str]
    ) -> tuple[dict[Bound, np.ndarray[Any, np.dtype[np.int64]]], list[Sums | None]]:
        """Return how many of each stratum join, in millionths, and what all of them would cost."""
        import numpy as np

        if self.measure.scheme == "compulsory":
            shares = {bound: [self._joins(kind, bound, Fraction(1)) for kind in strata] for bound in BOUNDS}
            return {bound: np.array(found, np.int64) for bound, found in shares.items()}, [None] * len(strata)
        keys = [tuple(stratum.split("|")) for stratum in strata]
        before, after = self.money.newcomers(people)
        kind = self.measure.of[0]
        falls = [Fraction(before[key].own[0] - after[key].own[0], before[key].own[0] or 1) for key in keys]  # type: ignore[index]
        found = {bound: np.array([self._joins(kind, bound, fall) for fall in falls], np.int64) for bound in BOUNDS}
        return found, [after[key] for key in keys]  # type: ignore[index]

    def _joins(self, kind: str, bound: Bound, fall: Fraction) -> int:
        """Return how many of 1,000,000 found join; `fall` is by how much their own payment falls."""
        right = Fraction(self.chosen[right_name(kind)].thousandths(bound), THOUSAND)
        if isinstance(self.measure, Support):
            answer = min(Fraction(self.chosen["joins_per_tenth"].of(bound)) * fall * 10, Fraction(1))
        else:
            answer = Fraction(self.chosen[answer_of(self.measure)].of(bound))
        return int(rounded(right * answer * MILLION))

    def _flows(self, found: Found, rows: Strata, row_of: np.ndarray[Any, np.dtype[np.int64]]) -> Iterator[Flow]:
        """Yield who is reached when, at every speed that is assumed."""
        import numpy as np

        shape = (len(rows.row_people), self.months)
        if isinstance(self.measure, Support):
            spread = self.chosen["months_of_joining"]
            for months in spread.every_whole():
                told = np.minimum(np.arange(1, self.months + 1), months)
                reached = rows.row_people[:, None] * told[None, :] // months
                yield Flow(np.diff(reached, axis=1, prepend=0), months == spread.whole("likely"))
            return
        delay, officers = self.chosen["months_to_join"], self.measure.officers
        speed = self.chosen[speed_of(self.measure)]
        case = found.people["case"].to_numpy()
        speeds = (
            speed.every_whole() if officers is not None else range(speed.whole("likely"), speed.whole("likely") + 1)
        )
        for cases, later in product(speeds, delay.every_whole()):
            joined = later + (case // (officers * cases) if officers is not None else np.zeros_like(case))
            inside = joined < self.months
            people = np.zeros(shape, np.int64)
            np.add.at(people, (row_of[inside], joined[inside]), 1)
            yield Flow(people, (cases, later) == (speed.whole("likely"), delay.whole("likely")))

    def _ranges(
        self, rows: Strata, flows: Sequence[Flow]
    ) -> tuple[tuple[Estimate, ...], list[Estimate], Estimate, Estimate]:
        """Return people gained by month and by unit, and the State's and the places' support, over all speeds."""
        import numpy as np

        every: dict[Bound, list[tuple[Any, ...]]] = {bound: [] for bound in BOUNDS}
        for bound in BOUNDS:
            stays = np.array(lasting(self.chosen, self.measure.scheme, bound, self.months), np.int64)
            # still[s, t]: of those who join in month s, who pays in month t, in thousandths.
            ahead = np.arange(self.months)[None, :] - np.arange(self.months)[:, None]
            still = np.where(ahead >= 0, stays[np.maximum(ahead, 0)], 0)
            for flow in flows:
                if bound != "likely" or flow.likely:
                    every[bound].append(self._one(rows, flow, rows.shares[bound], still))
        parts: list[Any] = []
        for at in range(2):
            least, most = ([one[at] for one in every[bound]] for bound in _ENDS)
            parts.append([np.min(np.stack(least), 0), every["likely"][0][at], np.max(np.stack(most), 0)])
        scale = MILLION * THOUSAND
        gained = tuple(_estimate(*(Fraction(int(part[t]), scale) for part in parts[0])) for t in range(self.months))
        units = [_estimate(*(Fraction(int(part[u]), scale) for part in parts[1])) for u in range(len(rows.units))]
        state, local = (
            _estimate(
                min(one[at] for one in every["low"]), every["likely"][0][at], max(one[at] for one in every["high"])
            )
            for at in (2, 3)
        )
        return gained, units, state, local

    def _one(
        self,
        rows: Strata,
        flow: Flow,
        shares: np.ndarray[Any, np.dtype[np.int64]],
        still: np.ndarray[Any, np.dtype[np.int64]],
    ) -> tuple[Any, ...]:
        """Return, of one speed, people by month and by unit in the last month (of 1e9), and both supports in VND."""
        import numpy as np

        by_stratum = np.zeros((len(shares), self.months), np.int64)
        np.add.at(by_stratum, rows.row_stratum, flow.people)
        there = shares[:, None] * (by_stratum @ still)
        last = shares[rows.row_stratum] * (flow.people @ still[:, -1])
        by_unit = np.zeros(len(rows.units), np.int64)
        np.add.at(by_unit, rows.row_unit, last)
        state = local = Fraction(0)
        for at, sums in enumerate(rows.sums):
            if sums is not None:
                people = [int(one) for one in there[at]]
                scale = sums.persons * MILLION * THOUSAND
                state += Fraction(sum(a * b for a, b in zip(people, sums.state, strict=True)), scale)
                local += Fraction(sum(a * b for a, b in zip(people, sums.local, strict=True)), scale)
        return there.sum(axis=0), by_unit, state, local

    def _worked(self, cases: int) -> Estimate:
        """Return how many cases are worked by the last month."""
        if isinstance(self.measure, Support) or self.measure.officers is None:
            return Estimate(cases, cases, cases)
        speed, officers = self.chosen[speed_of(self.measure)], self.measure.officers
        return Estimate(*(min(cases, officers * speed.whole(bound) * self.months) for bound in BOUNDS))

    def _handling(self, worked: Estimate) -> Estimate | None:
        """Return what the cases cost by what such cases cost so far; None where no cost was recorded."""
        if isinstance(self.measure, Support):
            return None
        costs = [self.scores.get(kind, {}).get("cost_of_a_case") for kind in self.measure.of]
        known = [cost for cost in costs if cost is not None]
        if not known:
            self.notes.append(
                Text(
                    "Chưa ghi chi phí của trường hợp nào: chưa tính chi phí làm việc của cán bộ.",
                    "No cost of a case was recorded: what the officers' work costs is not counted.",
                )
            )
            return None
        mean = int(rounded(Fraction(sum(known), len(known))))
        return Estimate(worked.low * min(known), worked.likely * mean, worked.high * max(known))


def _estimate(low: Number, likely: Number, high: Number) -> Estimate:
    """Round a range: low ends down, high ends up, the likely half up."""
    return Estimate(floor(low), int(rounded(likely)), ceil(high))
