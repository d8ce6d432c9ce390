"""Why an area has its score and its place: a tree of criteria, values and points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from baophu.areas.units import tree
from baophu.core import numbers
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.results.store import Manifest
from baophu.targets import following_reading as reading
from baophu.targets.explain import Node
from baophu.targets.progress import COUNTED_REASONS, REASONS
from baophu.targets.ranking import Criterion, group_name, rules


def explain_rank(home: Path, run: Manifest, area: str) -> Node:
    """Explain the emulation score of an area and all its places; BaophuError where it has no points."""
    rows = {row["criterion"]: row for row in reading.points(home, run, area)}
    name = tree().get(area).full_label
    if not rows:
        raise BaophuError(
            Text(f"{name.vi} không được chấm điểm thi đua.", f"{name.en} has no emulation score."),
            Text("Chọn một tỉnh hoặc một xã.", "Choose a province or a commune."),
        )
    ranks = reading.ranks_of(home, run, area)
    known = [row for row in rows.values() if row["points"] is not None]
    got, most = sum(row["points"] for row in known), sum(row["most"] for row in known)
    month = Text(f"tháng {run.month:%m/%Y}", f"{run.month:%Y-%m}")
    children = [_sum(ranks, got, most)]
    for criterion in rules().criteria:
        if criterion.id in rows:
            children.append(_criterion(criterion, rows[criterion.id], home, run, area))
    children.append(Node(Text("thứ hạng", "places"), [_place(row) for row in ranks]))
    return Node(Text(f"{name.vi}, điểm thi đua {month.vi}", f"{name.en}, emulation score of {month.en}"), children)


def _sum(ranks: Sequence[dict[str, Any]], got: float, most: float) -> Node:
    score = next((row["score"] for row in ranks if row["criterion"] == "emulation"), None)
    if score is None:
        least = rules().least_known
        return Node(
            Text(
                f"chưa có điểm: mới biết các tiêu chí trị giá {_number(most).vi} điểm, cần ít nhất {least}",
                f"no score: the criteria known are worth {_number(most).en} points, at least {least} are needed",
            )
        )
    return Node(
        Text(
            f"{_number(score).vi} điểm = {_number(got).vi} / {_number(most).vi} x 100 (các tiêu chí có số liệu)",
            f"score {_number(score).en} = {_number(got).en} / {_number(most).en} x 100 (of the known criteria)",
        )
    )


def _criterion(criterion: Criterion, row: dict[str, Any], home: Path, run: Manifest, area: str) -> Node:
    most = _number(row["most"])
    head = criterion.name
    if row["points"] is None:
        words: dict[str, Text] = {**REASONS, **COUNTED_REASONS}  # type: ignore[dict-item]
        why = words[row["reason"]]
        return Node(Text(f"{head.vi}: không tính, {why.vi}", f"{head.en}: not counted, {why.en}"))
    value, points = _percent(Decimal(str(row["value"]))), _number(row["points"])
    zero, full = _percent(criterion.zero), _percent(criterion.full)
    children = [
        Node(
            Text(
                f"{zero.vi}: 0 điểm; {full.vi}: {most.vi} điểm; ở giữa theo đường thẳng",
                f"{zero.en}: no points; {full.en}: {most.en} points; between them on a straight line",
            )
        )
    ]
    if criterion.scheme is not None:
        for month, (people, short) in sorted(reading.stays(home, run, area, criterion.scheme).items()):
            children.append(_stay(month, people, short))
    return Node(
        Text(
            f"{head.vi}: {value.vi}, được {points.vi} / {most.vi} điểm",
            f"{head.en}: {value.en}, {points.en} of {most.en} points",
        ),
        children,
    )


def _stay(month: date, people: int, short: int) -> Node:
    weight = rules().short_stay_weight
    return Node(
        Text(
            f"tháng {month:%m/%Y}: {numbers.count(people, 'vi')} người, trong đó {numbers.count(short, 'vi')} người "
            f"tham gia chưa đủ 3 tháng (mỗi người tính {numbers.decimal(weight, 'vi', 1)})",
            f"{month:%Y-%m}: {numbers.count(people, 'en')} people, {numbers.count(short, 'en')} of them in for under "
            f"three months (each counts {numbers.decimal(weight, 'en', 1)})",
        )
    )


def _place(row: dict[str, Any]) -> Node:
    group = group_name(row["peer_group"])
    before = row["previous_rank"]
    then = Text(f", tháng trước {before}", f", {before} the month before") if before is not None else Text("", "")
    of = "" if row["criterion"] == "emulation" else f" {row['indicator']}, {row['period']}"
    return Node(
        Text(
            f"{row['criterion']}{of}: hạng {row['rank']} trong {group.vi}{then.vi}",
            f"{row['criterion']}{of}: place {row['rank']} among {group.en}{then.en}",
        )
    )


def _percent(value: Decimal) -> Text:
    return Text(numbers.share(value, "vi", 2), numbers.share(value, "en", 2))


def _number(value: float) -> Text:
    exact = Decimal(str(round(value, 3)))
    return Text(numbers.decimal(exact, "vi", 2), numbers.decimal(exact, "en", 2))
