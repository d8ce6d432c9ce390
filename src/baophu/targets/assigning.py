"""Proposing a target for every unit below an area: bases, keys and limits put together, and the total shared.

Nothing is decided here. A proposal goes to an office as a workbook and comes back as its decision, by the import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Literal

from baophu.areas.units import Area, AreaTree, tree
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.core.numbers import count
from baophu.indicators.catalogue import Indicator, Scope, indicator
from baophu.indicators.statistics import MEASURES
from baophu.targets import measured, pace
from baophu.targets.apportion import Limit, Share, Unit, apportion, largest_remainder
from baophu.targets.assignment import CRITERIA, Assignment, Criterion, assignment
from baophu.targets.decisions import COUNTRY, Target, governing
from baophu.targets.limits import conflict, no_room
from baophu.targets.measured import Place, Values
from baophu.targets.words import target_text

Origin = Literal["run", "published", "estimated"]
ORIGINS: dict[Origin, Text] = {
    "run": Text("đếm từ dữ liệu", "counted"),
    "published": Text("số công bố", "published"),
    "estimated": Text("ước tính", "an estimate"),
}
_NAMED = 8
# A published figure this old is no base beside one of the country's of last December.
_STALE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be shared: the indicator, the year, below which area, by what, within which settings."""

    indicator: str
    year: int
    area: str = COUNTRY
    by: Mapping[Criterion, int] = field(default_factory=lambda: {"present": 1})
    total: int | None = None
    scope: Scope | None = None
    to_communes: bool = False
    place: Place = "managed"
    run: str | None = None
    month: date | None = None
    settings: Assignment = field(default_factory=assignment)


@dataclass(frozen=True, slots=True)
class Base:
    """Where a unit's year begins: how many, in which month, how it is known; and what is held now, where it is."""

    value: int
    month: date
    origin: Origin
    held: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """What is proposed for one unit. Values are whole people; of a share the target is that of its numerator."""

    area: Area
    base: Base
    unit: Unit
    share: Share
    denominator: int | None
    months: tuple[pace.Milestone, ...] = ()
    phases: tuple[pace.Milestone, ...] = ()

    @property
    def target(self) -> int:
        """The proposed target."""
        return self.share.target


@dataclass(frozen=True, slots=True)
class Proposal:
    """Targets for all units below an area: the rows of each parent together, the country's provinces first."""

    wish: Wish
    indicator: Indicator
    scope: Scope
    parent: Area
    total: int
    governing: Target | None
    rows: tuple[Row, ...]
    notes: tuple[Text, ...]

    def below(self, code: str) -> list[Row]:
        """Return the rows of the units directly below an area."""
        return [row for row in self.rows if row.area.parent == code]


def propose(home: Path, wish: Wish, known: Sequence[Target]) -> Proposal:
    """Propose a target for each unit below an area. `known` are all targets: the area's own is shared out.

    BaophuError where the indicator cannot be assigned, what is needed is not known, or the limits leave no room; then
    it names which limits stand against each other.
    """
    return _Proposer(home, wish, list(known)).propose()


def assignable(word: str) -> Indicator:
    """Return an indicator that can be assigned: a count of people, or a share whose numerator is one."""
    record = indicator(word)
    counted = indicator(record.numerator_indicator) if record.numerator_indicator else record
    if record.direction == "at_least" and counted.unit in ("person", "employer") and record.unit != "vnd":
        return record
    raise BaophuError(
        Text(
            f"Không chia được chỉ tiêu {record.id}: chỉ chia số lượng, hoặc tỷ lệ có tử số và mẫu số đếm được.",
            f"{record.id} cannot be shared out: only counts can, and shares of which both sides are counted.",
        ),
        Text("Ví dụ: --indicator si_total, --indicator si_voluntary", "For example: --indicator si_total"),
    )


class _Proposer:
    """One proposal being made."""

    def __init__(self, home: Path, wish: Wish, known: list[Target]) -> None:
        self.home, self.wish, self.known = home, wish, known
        self.record = assignable(wish.indicator)
        self.areas: AreaTree = tree()
        self.parent = self.areas.resolve(wish.area)
        self.notes: list[Text] = []
        self.standing = governing(known)
        self.assigned = self._assigned(self.parent)
        self.units = self._units_below()
        self.values = self._values()
        self.settings = wish.settings
        self.years = 1

    def propose(self) -> Proposal:
        """Put it all together."""
        year = self.wish.year
        bases = self._bases()
        keys = self._keys(bases)
        units = {area.code: self._unit(area, bases[area.code], keys[area.code]) for area in self.units}
        self._tighten(units)
        base_year = max(base.month for base in bases.values()).year
        self.years = max(year - base_year, 1)
        total = self._total(sum(bases[area.code].value for area in self._children(self.parent)), base_year)
        rows = self._share(self.parent, total, units, bases)
        if self.wish.to_communes and self.parent.code == COUNTRY:
            for above in tuple(rows):
                rows += self._share(above.area, above.target, units, bases)
        rows = self._on_the_way(rows, total, year)
        return Proposal(
            self.wish, self.record, self.values.scope, self.parent, total, self.assigned, tuple(rows), tuple(self.notes)
        )

    # Who is to be assigned what

    def _children(self, area: Area) -> tuple[Area, ...]:
        return self.areas.children(area.code)

    def _units_below(self) -> list[Area]:
        children = list(self._children(self.parent))
        if not children:
            raise BaophuError(
                Text(
                    f"{self.parent.full_name} không có đơn vị trực thuộc để giao.",
                    f"{self.parent.full_name_en} has no units below it to assign to.",
                )
            )
        if self.wish.to_communes and self.parent.code == COUNTRY:
            children += self.areas.communes
        return children

    def _assigned(self, area: Area) -> Target | None:
        """Return the area's own target of that year, or else the next later one, as far as it says one number."""
        found = [
            target
            for target in self.standing.values()
            if (target.indicator, target.area_code) == (self.record.id, area.code)
            and target.direction == "at_least"
            and target.phase is None
            and target.period_end >= date(self.wish.year, 12, 31)
            and self.wish.scope in (None, target.scope)
        ]
        return min(found, key=lambda target: (target.period_end, target.scope != "all"), default=None)

    def _values(self) -> Values:
        wish = self.wish
        scope = wish.scope
        if scope is None and wish.total is None and self.assigned is not None:
            scope = self.assigned.scope
        run = measured.newest_run(self.home, wish.run, wish.month)
        counted = indicator(self.record.numerator_indicator) if self.record.numerator_indicator else self.record
        if run is not None:
            return measured.values_of_run(self.home, run, self.record, scope, wish.place)
        self.notes.append(
            Text(
                "Chưa có lần chạy nào: số đầu kỳ lấy từ số đã công bố.",
                "There is no run yet: the bases are published figures.",
            )
        )
        codes = [self.parent.code, *(area.code for area in self.units)]
        return measured.values_published(counted, self.record.scope(scope or "all"), codes)

    def _total(self, base: int, base_year: int) -> int:
        """Return what is to be shared: as given, else the area's own target, on its way there for an earlier year."""
        if self.wish.total is not None:
            return self.wish.total
        target = self.assigned
        if target is None or target.value is None:
            raise BaophuError(
                Text(
                    f"{self.parent.full_name} chưa được giao {self.record.short.vi} cho năm {self.wish.year} trở đi.",
                    f"{self.parent.full_name_en} has no target of {self.record.short.en} for {self.wish.year} "
                    "or later.",
                ),
                Text(
                    "Cho biết tổng số cần chia: --total 29334000; hoặc nạp quyết định: baophu targets import.",
                    "Give the total to be shared: --total 29334000; or import the decision: baophu targets import.",
                ),
            )
        whole = self._people(target.value)
        if target.period_end.year == self.wish.year:
            return whole
        way = pace.years(base_year, base, target.period_end.year, whole, self.settings.path)
        due = next(one for one in way if one.day.year == self.wish.year)
        self.notes.append(
            Text(
                f"Năm {self.wish.year} chưa có số giao riêng; lấy trên đường tới {target_text(target).vi} "
                f"năm {target.period_end.year} ({target.decision.number}): {count(due.value, 'vi')}.",
                f"{self.wish.year} has no target of its own; on the way to {target_text(target).en} in "
                f"{target.period_end.year} ({target.decision.number}) it is {count(due.value, 'en')}.",
            )
        )
        return due.value

    def _people(self, value: object) -> int:
        """Return a target in people: of a share the least numerator that reaches it."""
        exact = Fraction(str(value))
        if self.record.unit != "share":
            return int(exact)
        return ceil(exact * sum(self._denominator(area) for area in self._children(self.parent)))

    def _denominator(self, area: Area) -> int:
        known = self.values.denominators.get(area.code)
        if known is None:
            raise BaophuError(
                Text(
                    f"Chưa có mẫu số của {self.record.short.vi} cho {area.full_name} ({area.code}).",
                    f"The denominator of {self.record.short.en} is not known for {area.full_name_en} ({area.code}).",
                ),
                Text(
                    "Nạp bảng area_statistics rồi chạy lại tháng, hoặc chia chỉ tiêu số lượng, ví dụ si_total.",
                    "Load area_statistics and run the month again, or share out a count, such as si_total.",
                ),
            )
        return known[0]

    # Where each begins, and by what it shares

    def _bases(self) -> dict[str, Base]:
        """Return where each unit begins: at the last December before the year, or the last value before it."""
        december = date(self.wish.year - 1, 12, 1)
        last = self.values.last
        found: dict[str, Base] = {}
        lacking: list[Area] = []
        for area in self.units:
            known = self.values.at(area.code, december)
            now = self.values.at(area.code, last) if last else None
            if known is not None and self.values.run is None and known[0] <= months_later(december, -_STALE_MONTHS):
                known = None  # published too long ago to begin a year with
            if known is None and self.values.run is not None and now is None:
                # The run counted the whole tree, and nobody there.
                known = now = (min(december, self.values.run.month), 0)
            if known is None:
                lacking.append(area)
                continue
            held = now[1] if now is not None and now[0].year <= self.wish.year else None
            origin: Origin = "run" if self.values.run else "published"
            found[area.code] = Base(known[1], known[0], origin, held)
        if lacking:
            found |= self._estimated(lacking, found, december)
        return found

    def _estimated(self, lacking: list[Area], known: Mapping[str, Base], december: date) -> dict[str, Base]:
        """Share what the area above holds beyond its known units among the others, by their labour force."""
        above = self.values.at(self.parent.code, december)
        rest = 0 if above is None else above[1] - sum(base.value for base in known.values())
        if above is None or rest <= 0 or any(area.parent != self.parent.code for area in lacking):
            names = ", ".join(area.code for area in lacking[:_NAMED]) + (" …" if len(lacking) > _NAMED else "")
            raise BaophuError(
                Text(
                    f"Chưa biết số đầu kỳ của {len(lacking)} đơn vị ({names}).",
                    f"The base of {len(lacking)} areas is not known ({names}).",
                ),
                Text(
                    "Chạy một tháng trước: baophu run --month 2026-10, rồi thêm --month 2026-10.",
                    "Run a month first: baophu run --month 2026-10, then add --month 2026-10.",
                ),
            )
        codes = [area.code for area in lacking]
        people, measure = measured.labour_force(self.home, self.settings.labour_force, codes)
        exact = [Fraction(rest * people[code], sum(people.values())) for code in codes]
        self.notes.append(
            Text(
                f"Số đầu kỳ của {len(codes)} đơn vị chưa công bố: ước tính bằng cách chia phần còn lại "
                f"({count(rest, 'vi')}) theo {MEASURES[measure].vi}.",
                f"The bases of {len(codes)} areas were not published: estimated by sharing the rest "
                f"({count(rest, 'en')}) by {MEASURES[measure].en}.",
            )
        )
        whole = largest_remainder(exact, rest, codes)
        return {code: Base(value, above[0], "estimated", None) for code, value in zip(codes, whole, strict=True)}

    def _keys(self, bases: Mapping[str, Base]) -> dict[str, Fraction]:
        """Return the part of the increase that each unit would take, as parts of 1 among its sisters."""
        parts = sum(self.wish.by.values())
        keys = dict.fromkeys(bases, Fraction(0))
        for criterion, part in self.wish.by.items():
            measures = self._measures(criterion, bases)
            for sisters in self._families():
                whole = sum((measures.get(area.code, Fraction(0)) for area in sisters), Fraction(0))
                if whole == 0 and sisters[0].parent == self.parent.code:
                    raise self._nothing(criterion)
                for area in sisters:
                    own = measures.get(area.code, Fraction(0))
                    # Where a province has nothing by which its communes differ, they share alike.
                    keys[area.code] += Fraction(part, parts) * (own / whole if whole else Fraction(1, len(sisters)))
        return keys

    def _families(self) -> list[list[Area]]:
        found: dict[str, list[Area]] = {}
        for area in self.units:
            found.setdefault(str(area.parent), []).append(area)
        return list(found.values())

    def _measures(self, criterion: Criterion, bases: Mapping[str, Base]) -> dict[str, Fraction]:
        if criterion == "present":
            return {code: Fraction(base.value) for code, base in bases.items()}
        codes = [area.code for area in self.units]
        if criterion == "labour_force":
            people, measure = measured.labour_force(self.home, self.settings.labour_force, codes)
            self.notes.append(
                Text(
                    f"Lực lượng lao động: {MEASURES[measure].vi}.",
                    f"The labour force: {MEASURES[measure].en}.",
                )
            )
            return {code: Fraction(value) for code, value in people.items()}
        counted = self.record.numerator_indicator or self.record.id
        kinds = self.settings.reachable.get(counted, ())
        found = measured.reachable(self.home, self.values.run, self.record, kinds)
        for area in self.units:
            if area.level == "province":
                inside = (found.get(commune.code, Fraction(0)) for commune in self._children(area))
                found[area.code] = sum(inside, Fraction(0))
        return found

    def _nothing(self, criterion: Criterion) -> BaophuError:
        return BaophuError(
            Text(
                f"Không có gì để chia theo {CRITERIA[criterion].vi} ở {self.parent.full_name}: tất cả bằng 0.",
                f"There is nothing to share by {CRITERIA[criterion].en} in {self.parent.full_name_en}: all are 0.",
            ),
            Text("Chia theo cách khác, ví dụ --by present.", "Share by something else, such as --by present."),
        )

    # The limits

    def _unit(self, area: Area, base: Base, key: Fraction) -> Unit:
        growth = self.settings.growth
        years = max(self.wish.year - base.month.year, 1)
        most, why = self.settings.most(area)
        least = Limit(ceil(base.value * (1 + Fraction(growth.least)) ** years), "least")
        lower = max(
            (least, Limit(base.held or 0, "held"), Limit(self._sum_below(area), "children")),
            key=lambda limit: limit.value,
        )
        highest = max(floor(base.value * (1 + Fraction(most)) ** years), base.value + growth.room)
        # What is held or decided stands, whatever the agency's own limits of growth say.
        upper = Limit(highest, why) if highest >= lower.value else lower
        return Unit(area.code, base.value, key, lower, upper)

    def _sum_below(self, area: Area) -> int:
        """Return what the units below one were assigned already for that very year, in all."""
        if self.wish.to_communes or self.record.unit == "share":
            return 0
        end = date(self.wish.year, 12, 31)
        subjects = ((self.record.id, unit.code, self.values.scope, end) for unit in self._children(area))
        found = (self.standing[subject].value for subject in subjects if subject in self.standing)
        return int(sum(value for value in found if value is not None))

    def _tighten(self, units: dict[str, Unit]) -> None:
        """Hold each province within what its communes can take together, where communes are assigned too."""
        if not (self.wish.to_communes and self.parent.code == COUNTRY):
            return
        for province in self._children(self.parent):
            own, below = units[province.code], [units[area.code] for area in self._children(province)]
            least, most = sum(unit.lower.value for unit in below), sum(unit.upper.value for unit in below)
            lower = own.lower if own.lower.value >= least else Limit(least, "children")
            upper = own.upper if own.upper.value <= most else Limit(most, "units")
            if lower.value > upper.value:
                # The communes' own limits are what can be kept.
                lower = upper = Limit(min(max(lower.value, least), most), "units")
            units[province.code] = replace(own, lower=lower, upper=upper)

    # Sharing

    def _share(self, parent: Area, total: int, units: Mapping[str, Unit], bases: Mapping[str, Base]) -> list[Row]:
        children = self._children(parent)
        own = [units[area.code] for area in children]
        found = conflict(own, total)
        if found is not None:
            raise no_room(found, parent, self.areas, self.settings, self.years)
        shares = apportion(own, total)
        return [
            Row(area, bases[area.code], unit, share, self._denominator(area) if self.record.unit == "share" else None)
            for area, unit, share in zip(children, own, shares, strict=True)
        ]

    # The months and phases of the year

    def _on_the_way(self, rows: list[Row], total: int, year: int) -> list[Row]:
        """Give each unit its months and phases; those of the units below an area come to the area's own."""
        counted = self.record.numerator_indicator or self.record.id
        inside = None
        if self.parent.code != COUNTRY:
            inside = {area.code for area in self._children(self.parent)}
        season = measured.season(self.home, self.values.run, counted, inside, year)
        children = [row for row in rows if row.area.parent == self.parent.code]
        base = sum(row.base.value for row in children)
        ways = {
            self.parent.code: (
                pace.months(year, base, total, season),
                pace.phases(year, base, total, self.settings.sprint),
            )
        }
        found = []
        for parent in dict.fromkeys(str(row.area.parent) for row in rows):
            family = [row for row in rows if row.area.parent == parent]
            months, phases = (_shared(family, way) for way in ways[parent])
            for at, row in enumerate(family):
                ways[row.area.code] = (list(months[at]), list(phases[at]))
                found.append(replace(row, months=months[at], phases=phases[at]))
        return found


def _shared(family: Sequence[Row], way: Sequence[pace.Milestone]) -> list[tuple[pace.Milestone, ...]]:
    """Return each unit's own milestones on the way of the area above."""
    bases, targets = [row.base.value for row in family], [row.target for row in family]
    columns = [pace.shared(one, bases, targets, [row.area.code for row in family]) for one in way]
    return [tuple(column[at] for column in columns) for at in range(len(family))]
