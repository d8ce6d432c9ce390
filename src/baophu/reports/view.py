"""What every form of `baophu progress` shows: an area on a date, its targets and those of the units below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from baophu.areas.units import Area, AreaTree, tree
from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.indicators.catalogue import indicator
from baophu.targets.arithmetic import a_year_before
from baophu.targets.decisions import COUNTRY, Target, decided_targets, merged
from baophu.targets.progress import Progress, progress
from baophu.targets.snapshot import imported_targets
from baophu.targets.words import date_text, difference_text, figure_text, target_text

# The indicators that the first sentence may be about, the better first.
LEADING = ("si_total", "si_coverage_working_age_lf")


@dataclass(frozen=True, slots=True)
class View:
    """An area on a date, its rows and those of the units below it, and all targets."""

    area: Area
    as_of: date
    rows: Sequence[Progress]
    child_rows: Sequence[Progress]
    targets: Sequence[Target]
    tree: AreaTree
    home: Path
    lang: Language

    def say(self, vi: str, en: str) -> str:
        """Return words in the view's language."""
        return vi if self.lang == "vi" else en

    @property
    def title(self) -> str:
        """The heading of a page, a table or a sheet."""
        if self.area.code == COUNTRY:
            return Text("Bao phủ bảo hiểm xã hội cả nước", "Social insurance coverage of Viet Nam").say(self.lang)
        name = self.area.full_label
        return Text(f"Bao phủ bảo hiểm xã hội: {name.vi}", f"Social insurance coverage: {name.en}").say(self.lang)

    @property
    def names(self) -> dict[str, str]:
        """The names of the area and of the units below it, by code."""
        shown = (self.area, *self.tree.children(self.area.code))
        return {area.code: area.label.say(self.lang) for area in shown}


def view_of(area_word: str, as_of: date, lang: Language, home: Path) -> View:
    """Bring together a view: of an area by code or name, on a date, with the targets imported into a home folder.

    UnknownName where there is no such area; BaophuError where the imported targets are damaged.
    """
    present = tree()
    area = present.resolve(area_word)
    targets = merged(decided_targets(), imported_targets(home))
    children = {child.code for child in present.children(area.code)}
    rows = progress(targets, as_of, {area.code, *children})
    return View(
        area=area,
        as_of=as_of,
        rows=[row for row in rows if row.target.area_code == area.code],
        child_rows=[row for row in rows if row.target.area_code != area.code],
        targets=targets,
        tree=present,
        home=home,
        lang=lang,
    )


def in_view(rows: Sequence[Progress], as_of: date) -> list[Progress]:
    """Leave out what ended more than a year before the date, and the years after the last fixed target."""
    first = a_year_before(as_of)
    return [
        row
        for row in rows
        if row.target.period_end >= first and (row.target.value is not None or row.target.period_end.year == as_of.year)
    ]


def headline(rows: Sequence[Progress], name: str) -> tuple[Progress | None, Progress | None]:
    """Return the row a card is about (the next target, else the last) and the milestone before it."""
    own = [row for row in rows if row.target.indicator == name and row.governs and row.goal is not None]
    # What only the press reports stands for an indicator to which nothing was assigned.
    own = [row for row in own if row.target.decision.rank == "decided"] or own
    ahead = [row for row in own if not row.ended]
    ended = [row for row in own if row.ended]
    if ahead:
        return min(ahead, key=lambda row: row.target.period_end), max(
            ended, key=lambda row: row.target.period_end, default=None
        )
    return max(ended, key=lambda row: row.target.period_end, default=None), None


def farthest(rows: Sequence[Progress], name: str) -> Progress | None:
    """Return the row of an indicator's last fixed target: what a trajectory leads to."""
    own = [row for row in rows if row.target.indicator == name and row.governs and row.target.value is not None]
    own = [row for row in own if row.target.decision.rank == "decided"] or own
    return max(own, key=lambda row: row.target.period_end, default=None)


def lead(view: View) -> str:
    """Return the one sentence to read first: about participants, or coverage where only that has a value."""
    rows = [row for name in LEADING if (row := headline(view.rows, name)[0]) is not None]
    if not rows:
        return view.say(
            "Chưa có chỉ tiêu về người tham gia hay độ bao phủ BHXH được giao cho đơn vị này.",
            "No target of participants or coverage has been assigned to this area.",
        )
    row = next((row for row in rows if row.actual is not None), rows[0])
    name, goal, year = indicator(row.target.indicator).short, target_text(row.target), row.target.period_end.year
    if row.actual is None or row.figure is None or row.gap is None:
        return view.say(
            f"{name.vi}: chỉ tiêu {year} là {goal.vi}; chưa có số liệu công bố để so.",
            f"{name.en}: the target of {year} is {goal.en}; no published figure to compare it with.",
        )
    value, day = figure_text(row.figure), date_text(row.figure.date)
    if row.met:
        return view.say(
            f"{name.vi}: {value.vi} ({day.vi}), đã đạt chỉ tiêu {year}.",
            f"{name.en}: {value.en} ({day.en}); the target of {year} is met.",
        )
    part = Text(numbers.share(row.achieved, "vi"), numbers.share(row.achieved, "en"))
    gap = difference_text(row.target.indicator, row.gap)
    told = view.say(
        f"{name.vi}: {value.vi} ({day.vi}), bằng {part.vi} chỉ tiêu {year}; còn thiếu {gap.vi}.",
        f"{name.en}: {value.en} ({day.en}), {part.en} of the target of {year}; {gap.en} short.",
    )
    if row.pace:
        needed = difference_text(row.target.indicator, row.pace.required)
        told += view.say(
            f" Từ nay mỗi tháng cần thêm {needed.vi} cho đến hết năm {year}.",
            f" From now on {needed.en} more are needed each month to the end of {year}.",
        )
    return told


def known_children(view: View, name: str) -> dict[str, Fraction]:
    """Return the children's assigned values of an indicator at its last fixed date, by area code."""
    rows = [
        row for row in view.child_rows if row.target.indicator == name and row.governs and row.target.value is not None
    ]
    last = max((row.target.period_end for row in rows), default=None)
    return {
        row.target.area_code: Fraction(row.target.value)
        for row in rows
        if row.target.value is not None and row.target.period_end == last
    }


def units_known(view: View) -> str:
    """Return how many of the units below the area have their target of participants, and what to do for the others."""
    units = view.tree.children(view.area.code)
    known = known_children(view, "si_total")
    if not units:
        return view.say("Đơn vị này không có đơn vị cấp dưới.", "This area has no units below it.")
    if len(known) == len(units):
        return view.say(
            f"Đã biết số giao của cả {len(units)} đơn vị.", f"The targets of all {len(units)} units are known."
        )
    return view.say(
        f"Đã biết số giao người tham gia BHXH của {len(known)}/{len(units)} đơn vị cấp dưới; "
        "số còn lại nhập bằng «baophu targets import TỆP.xlsx».",
        f"The targets of participants are known for {len(known)} of {len(units)} units below; "
        "the others enter with “baophu targets import FILE.xlsx”.",
    )
