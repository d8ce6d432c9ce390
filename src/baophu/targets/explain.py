"""Why a row of progress says what it says: a tree of values, rules and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from baophu.core import numbers
from baophu.core.languages import Language, Text, same
from baophu.indicators.catalogue import SCOPES, UNITS, indicator
from baophu.indicators.published import KINDS, Figure, series
from baophu.targets import arithmetic
from baophu.targets.decisions import Phase, Target
from baophu.targets.progress import ATTENTION, REASONS, Progress, published_completion
from baophu.targets.words import (
    change_text,
    date_text,
    difference_text,
    figure_text,
    issued_text,
    target_text,
    value_text,
)


@dataclass(frozen=True, slots=True)
class Node:
    """One line of an explanation, and the lines it rests on."""

    text: Text
    children: list[Node] = field(default_factory=list)

    def lines(self, lang: Language, depth: int = 0) -> Iterator[str]:
        """Yield the tree as indented lines."""
        yield "  " * depth + self.text.say(lang)
        for child in self.children:
            yield from child.lines(lang, depth + 1)

    def as_json(self, lang: Language) -> dict[str, object]:
        """Return the tree as nested objects."""
        return {"text": self.text.say(lang), "children": [child.as_json(lang) for child in self.children]}


def _of_figure(figure: Figure) -> Node:
    """Explain a published figure: how it was obtained, its scope, its source, what else was published that day."""
    scope = SCOPES[figure.scope]
    value, day = figure_text(figure), date_text(figure.date)
    children = [
        Node(Text(f"cách có: {KINDS[figure.kind].vi}", f"obtained: {KINDS[figure.kind].en}")),
        Node(Text(f"phạm vi: {scope.vi}", f"scope: {scope.en}")),
        Node(Text(f"nguồn: {figure.source}", f"source: {figure.source}")),
    ]
    if figure.note:
        children.append(Node(Text(f"ghi chú: {figure.note}", f"note: {figure.note}")))
    if figure.why:
        children.append(Node(Text(f"vì sao dùng số này: {figure.why}", f"why this one: {figure.why}")))
    for rival in series(figure.indicator, figure.area_code, figure.scope).unused:
        if rival.date == figure.date:
            shown = value_text(rival.indicator, rival.value)
            children.append(
                Node(
                    Text(
                        f"số khác, không dùng: {shown.vi} – {rival.why}", f"another, not used: {shown.en} – {rival.why}"
                    ),
                    [Node(Text(f"nguồn: {rival.source}", f"source: {rival.source}"))],
                )
            )
    return Node(Text(f"{value.vi}, ngày {day.vi}", f"{value.en}, {day.en}"), children)


def _of_decision(target: Target) -> Node:
    decision = target.decision
    issued = issued_text(decision)
    children = [
        Node(decision.title),
        Node(Text(f"ban hành: {decision.issuer.vi}, {issued.vi}", f"issued: {decision.issuer.en}, {issued.en}")),
        Node(Text(f"nguồn: {target.source}", f"source: {target.source}")),
    ]
    children += [Node(note) for note in (target.note, decision.note) if note]
    return Node(same(decision.number), children)


def _of_phase(phase: Phase) -> Node:
    day = date_text(phase.date)
    if phase.share is None:
        return Node(Text(f"{phase.name.vi}, đến {day.vi}", f"{phase.name.en}, due {day.en}"))
    vi, en = numbers.share(phase.share, "vi", 0), numbers.share(phase.share, "en", 0)
    return Node(
        Text(
            f"{phase.name.vi}, đến {day.vi}: {vi} mức phải tăng của cả kỳ",
            f"{phase.name.en}, due {day.en}: {en} of the increase that the whole period requires",
        )
    )


def _of_base(row: Progress) -> Node | None:
    base = row.base
    if base is None:
        return None
    shown, day = value_text(row.target.indicator, base.value), date_text(base.date)
    head = Text(f"số đầu kỳ: {shown.vi}, ngày {day.vi}", f"base: {shown.en}, {day.en}")
    children = []
    if base.figure:
        children.append(_of_figure(base.figure))
    if base.implied:
        low = value_text(row.target.indicator, base.implied.low)
        high = value_text(row.target.indicator, base.implied.high)
        children.append(
            Node(
                Text(
                    "suy từ chỉ tiêu các đợt: cuối kỳ − (cuối kỳ − đợt) / (1 − tỷ lệ của đợt); "
                    f"vì tỷ lệ được làm tròn nên số đầu kỳ nằm từ {low.vi} đến {high.vi}",
                    "implied by the phases: final − (final − phase) / (1 − the phase's share); "
                    f"the share being rounded, the base lies between {low.en} and {high.en}",
                )
            )
        )
    return Node(head, children)


def _quotient(label: Text, formula: Text, value: Fraction | None) -> Node:
    vi, en = numbers.share(value, "vi"), numbers.share(value, "en")
    return Node(Text(f"{label.vi}: {vi}", f"{label.en}: {en}"), [Node(formula)])


def _of_pace(row: Progress) -> Node | None:
    pace = row.pace
    if pace is None:
        return None
    needed = difference_text(row.target.indicator, pace.required)
    children = []
    if pace.recent is not None and pace.recent_from is not None and row.figure is not None:
        made = difference_text(row.target.indicator, pace.recent)
        first, last = date_text(pace.recent_from.date), date_text(row.figure.date)
        children.append(
            Node(
                Text(
                    f"khoảng 12 tháng qua ({first.vi} – {last.vi}): {made.vi} mỗi tháng",
                    f"over about the last 12 months ({first.en} – {last.en}): {made.en} a month",
                )
            )
        )
    return Node(
        Text(
            f"cần mỗi tháng kể từ ngày xem: {needed.vi}, trong {pace.months_left} tháng",
            f"needed each month from the as-of date: {needed.en}, for {pace.months_left} "
            f"{'month' if pace.months_left == 1 else 'months'}",
        ),
        children,
    )


def _implied_denominators(row: Progress, targets: Iterable[Target]) -> list[Node]:
    """The denominator that this count target and a rate target of the same date imply together."""
    nodes = []
    for peer in targets:
        measure = indicator(peer.indicator)
        if (
            measure.numerator_indicator == row.target.indicator
            and (peer.area_code, peer.period_end) == (row.target.area_code, row.target.period_end)
            and peer.value
            # 'Over 2,5 %' is a floor that the count may pass: it implies no denominator.
            and peer.bound != "over"
            and peer.decision.rank == row.target.decision.rank == "decided"
            and row.target.value
            and measure.denominator
        ):
            people = arithmetic.implied_denominator(row.target.value, peer.value)
            rate = value_text(peer.indicator, peer.value)
            nodes.append(
                Node(
                    Text(
                        f"cùng chỉ tiêu {rate.vi} ({peer.decision.number}) thì mẫu số là "
                        f"{numbers.count(people, 'vi')} người",
                        f"with the target of {rate.en} ({peer.decision.number}) the denominator is "
                        f"{numbers.count(people, 'en')} people",
                    ),
                    [Node(measure.denominator)],
                )
            )
    return nodes


def explain(row: Progress, targets: Iterable[Target]) -> Node:
    """Return the tree of one row: target, value, base, achieved, development, change, pace, what could not be said."""
    target = row.target
    goal, day = target_text(target), date_text(target.period_end)
    state = row.state_text
    children = [Node(Text("quyết định", "decision"), [_of_decision(target)])]
    if target.phase:
        children.append(_of_phase(target.phase))
    if not row.governs:
        ruler = row.governed_by.decision
        children.append(
            Node(
                Text(f"đã được thay bằng {ruler.number}", f"superseded by {ruler.number}"),
                [_of_decision(row.governed_by)],
            )
        )
    if row.figure is not None:
        children.append(Node(Text("giá trị", "value"), [_of_figure(row.figure)]))
    elif row.other_scope is not None:
        children.append(
            Node(
                Text("có số liệu nhưng khác phạm vi, không so được", "a value there is, but of another scope"),
                [_of_figure(row.other_scope)],
            )
        )
    said = published_completion(row)
    if said is not None:
        head = Text("cơ quan công bố nói về chỉ tiêu năm", "what the publisher says of the year's target")
        children.append(Node(head, [_of_figure(said)]))
    base = _of_base(row)
    if base:
        children.append(base)
    if row.achieved is not None:
        children.append(
            _quotient(Text("tỷ lệ đạt", "achieved"), Text("giá trị / chỉ tiêu", "value / target"), row.achieved)
        )
    if row.development is not None:
        children.append(
            _quotient(
                Text("số phát triển so với mức phải tăng", "development"),
                Text("(giá trị − số đầu kỳ) / (chỉ tiêu − số đầu kỳ)", "(value − base) / (target − base)"),
                row.development,
            )
        )
    if row.gap is not None:
        gap = difference_text(target.indicator, abs(row.gap))
        missing = row.gap > 0
        children.append(
            Node(
                Text(f"còn cách chỉ tiêu {gap.vi}", f"{gap.en} from the target")
                if missing
                else Text(f"hơn chỉ tiêu {gap.vi}", f"{gap.en} better than the target")
            )
        )
    if row.yoy is not None and row.figure is not None:
        change = change_text(target.indicator, row.yoy)
        rests = [_of_figure(row.last_year)] if row.last_year else []
        if row.figure.growth is not None:
            rests = [Node(Text("mức tăng đã công bố", "the growth as published"))]
        children.append(Node(Text(f"so cùng kỳ năm trước: {change.vi}", f"over the year: {change.en}"), rests))
    pace = _of_pace(row)
    if pace:
        children.append(pace)
    children += _implied_denominators(row, targets)
    if row.reasons:
        children.append(
            Node(
                Text("chưa nói được / cần lưu ý", "what cannot be said / mind"), [Node(REASONS[r]) for r in row.reasons]
            )
        )
    head = Text(
        f"[{state.vi}] {indicator(target.indicator).name.vi}: {goal.vi} đến {day.vi}",
        f"[{state.en}] {indicator(target.indicator).name.en}: {goal.en} by {day.en}",
    )
    return Node(head, children)


def explain_indicator(indicator_id: str, rows: Iterable[Progress], targets: Iterable[Target], as_of: date) -> Node:
    """Return the tree of one indicator: its definition, each of its targets, and how the traffic light is set."""
    record = indicator(indicator_id)
    unit = UNITS[record.unit]
    what = [
        Node(record.definition),
        Node(Text(f"tử số: {record.numerator.vi}", f"numerator: {record.numerator.en}")),
    ]
    if record.denominator:
        what.append(Node(Text(f"mẫu số: {record.denominator.vi}", f"denominator: {record.denominator.en}")))
    what.append(Node(Text(f"đơn vị: {unit.vi}", f"unit: {unit.en}")))
    what += [
        Node(
            Text(
                f"văn bản: {document.title}, {document.place} ({document.source})".replace(",  (", " ("),
                f"document: {document.title}, {document.place} ({document.source})".replace(",  (", " ("),
            )
        )
        for document in record.documents
    ]
    if record.note:
        what.append(Node(record.note))
    known = list(targets)
    share_vi, share_en = numbers.share(ATTENTION, "vi", 0), numbers.share(ATTENTION, "en", 0)
    rule = Text(
        "đèn báo: kỳ đã hết thì đạt hay không; kỳ còn lại thì so với đường thẳng từ số đầu kỳ tới chỉ tiêu "
        f"(dưới {share_vi} mức phải có là chậm), chưa có số đầu kỳ thì so mức cần mỗi tháng với mức đã làm được",
        "traffic light: a period that has ended is met or not; one ahead is held against the straight path from base "
        f"to target (under {share_en} of what is due is behind), without a base against the pace of the last year",
    )
    day = date_text(as_of)
    own = [explain(row, known) for row in rows if row.target.indicator == indicator_id]
    if not own:
        own = [Node(Text("chưa có chỉ tiêu nào được giao", "no target has been assigned"))]
    return Node(
        Text(f"{record.name.vi} ({record.id}), xem ngày {day.vi}", f"{record.name.en} ({record.id}), as of {day.en}"),
        [Node(Text("định nghĩa", "definition"), what), *own, Node(rule)],
    )
