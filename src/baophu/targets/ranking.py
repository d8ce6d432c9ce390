"""How areas are held against each other: their peers, and what the emulation score is made of (`ranking.yaml`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.areas.units import Area, tree
from baophu.core.languages import Text
from baophu.core.records import check, read_yaml
from baophu.indicators.catalogue import indicator
from baophu.indicators.statistics import Measure, statistics

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa  # type: ignore[import-untyped]

FILE = Path(__file__).with_name("ranking.yaml")
PROVINCES = "provinces"
MILLION = 10**6

Kind = Literal["increase", "value", "phases", "completeness"]
By = Literal["achieved", "development", "emulation"]
BY: dict[By, Text] = {
    "achieved": Text("tỷ lệ đạt chỉ tiêu", "share of the target achieved"),
    "development": Text("mức đã làm được của phần phải tăng", "part done of the required increase"),
    "emulation": Text("điểm thi đua", "emulation score"),
}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Size(_Record):
    """Bands of size: where each begins, in people."""

    measure: Measure
    province: tuple[int, ...] = Field(min_length=1)
    commune: tuple[int, ...] = Field(min_length=1)

    def band(self, area: Area, people: int) -> int:
        """Return the number of an area's band, from 0 on."""
        edges = self.province if area.level == "province" else self.commune
        return sum(edge <= people for edge in edges) - 1


class Criterion(_Record):
    """One criterion of the emulation score, worth `points`: none at `zero`, all of them at `full`."""

    id: str = Field(pattern=r"^[a-z_]+$")
    kind: Kind
    scheme: str | None = None
    indicator: str | None = None
    points: int = Field(gt=0)
    zero: Decimal
    full: Decimal
    name: Text

    @model_validator(mode="after")
    def _whole(self) -> Criterion:
        if (self.scheme is not None) != (self.kind == "increase"):
            raise ValueError("an increase names its scheme, and nothing else does")
        if (self.indicator is not None) != (self.kind in ("value", "completeness")):
            raise ValueError("a value and a completeness name their indicator, and nothing else does")
        if self.indicator is not None:
            indicator(self.indicator)
        if self.zero == self.full:
            raise ValueError("`zero` and `full` are the same")
        return self


class Rules(_Record):
    """All of `ranking.yaml`."""

    size: Size
    short_stay_weight: Decimal = Field(ge=0, le=1)
    least_known: int = Field(ge=0)
    criteria: tuple[Criterion, ...] = Field(min_length=1)


@cache
def rules() -> Rules:
    """Return the rules; BaophuError with file and field where they are wrong."""
    return check(Rules, read_yaml(FILE), FILE.name)


def millionths(value: Decimal) -> int:
    """Return a decimal as a whole number of millionths.

    >>> millionths(Decimal("0.08"))
    80000
    """
    return int(value * MILLION)


def criteria_table() -> pa.Table:
    """Return the criteria as the steps read them: points in thousandths, ends in millionths."""
    import pyarrow as pa

    from baophu.targets.following_tables import place_of

    rows = [
        {
            "criterion": one.id,
            "kind": one.kind,
            "scheme": one.scheme or "",
            "indicator": one.indicator or "",
            "place": place_of(one.indicator) if one.indicator else "",
            "zero": millionths(one.zero),
            "full_at": millionths(one.full),
            "points": one.points * 1000,
        }
        for one in rules().criteria
    ]
    return pa.Table.from_pylist(rows)


def groups_of(on: date, people: Mapping[tuple[str, str], int]) -> tuple[dict[str, tuple[str, str | None]], list[str]]:
    """Return the peer groups of each province and commune (its own, that of its size), and of all groups the names.

    `people`: (measure, area code) -> people, as far as they are known; else what was published. An area whose size is
    not known has no peers of similar size.
    """
    areas, size = tree(on), rules().size
    found: dict[str, tuple[str, str | None]] = {}
    for area in (*areas.provinces, *areas.communes):
        own = PROVINCES if area.level == "province" else f"communes:{area.parent}"
        number = people.get((size.measure, area.code))
        if number is None:
            told = statistics(size.measure, area.code)
            number = told[-1].value if told else None
        similar = None if number is None else f"similar:{area.level}:{size.band(area, number) + 1}"
        found[area.code] = (own, similar)
    names = sorted({name for pair in found.values() for name in pair if name is not None})
    return found, names


def peers_table(
    groups: Mapping[str, tuple[str, str | None]], names: Iterable[str], areas: Mapping[str, int]
) -> pa.Table:
    """Return each area with the numbers of its peer groups, -1 where it has none: area_no, area_code, own_no, …"""
    import pyarrow as pa

    number = {name: at for at, name in enumerate(names)}
    rows = list(groups.items())
    return pa.table(
        {
            "area_no": pa.array([areas[code] for code, _ in rows], pa.int32()),
            "area_code": [code for code, _ in rows],
            "own_no": pa.array([number[own] for _, (own, _) in rows], pa.int32()),
            "similar_no": pa.array([-1 if one is None else number[one] for _, (_, one) in rows], pa.int32()),
        }
    )


def group_name(group: str) -> Text:
    """Return the words for a peer group.

    >>> group_name("similar:commune:1").en
    'communes of fewer than 10,000 people'
    """
    kind, _, rest = group.partition(":")
    if kind == PROVINCES:
        return Text("các tỉnh, thành phố", "all provinces")
    if kind == "communes":
        area = tree().get(rest)
        return Text(f"các xã, phường của {area.full_label.vi}", f"communes of {area.full_label.en}")
    level, _, band = rest.partition(":")
    edges = rules().size.province if level == "province" else rules().size.commune
    at = int(band)
    low, high = edges[at - 1], edges[at] if at < len(edges) else None
    units = Text("tỉnh, thành phố", "provinces") if level == "province" else Text("xã, phường", "communes")
    least, most = _people(low), None if high is None else _people(high)
    if most is None:
        return Text(f"{units.vi} từ {least.vi} người", f"{units.en} of {least.en} people and more")
    if low == 0:
        return Text(f"{units.vi} dưới {most.vi} người", f"{units.en} of fewer than {most.en} people")
    return Text(f"{units.vi} từ {least.vi} đến dưới {most.vi} người", f"{units.en} of {least.en} to {most.en} people")


def _people(number: int) -> Text:
    return Text(f"{number:,}".replace(",", "."), f"{number:,}")
