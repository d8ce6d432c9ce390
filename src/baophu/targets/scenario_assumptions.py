"""What a scenario takes for granted: each with a low, a likely and a high value, and where they come from.

What the run measured goes before the program's own: how often a kind of finding is right (Beta, from outcomes and the
agency's prior), and who still pays after 3, 6 and 12 months (Beta, where enough are known). What the scenario's file
sets goes before both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from math import exp, lgamma, log, log1p
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.core.languages import Text
from baophu.core.records import check, read_yaml
from baophu.findings.kinds import Agency, kinds

FILE = Path(__file__).with_name("scenario_assumptions.yaml")
THOUSAND = 1000
AFTER = (3, 6, 12)
# A measured range leaves out one in ten at either end, as the forecasts do.
TENTH = 0.1

Bound = Literal["low", "likely", "high"]
BOUNDS: dict[Bound, Text] = {
    "low": Text("Thấp", "Low"),
    "likely": Text("Khả dĩ", "Likely"),
    "high": Text("Cao", "High"),
}


class Range(BaseModel):
    """A low, a likely and a high value, in that order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: Decimal = Field(ge=0)
    likely: Decimal = Field(ge=0)
    high: Decimal = Field(ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low, likely, high come in this order")
        return self

    def of(self, bound: Bound) -> Decimal:
        """Return one of the three."""
        found: Decimal = getattr(self, bound)
        return found


class Assumption(Range):
    """One thing taken for granted. A share is a fraction of 1 in whole thousandths; a count is a whole number."""

    name: str
    unit: Literal["share", "count"]
    title: Text
    source: Text

    @model_validator(mode="after")
    def _fits(self) -> Assumption:
        scale = THOUSAND if self.unit == "share" else 1
        every = (self.low, self.likely, self.high)
        if any(value * scale != int(value * scale) for value in every):
            raise ValueError("a share has at most three decimals, a count none")
        if self.unit == "share" and self.high > 1:
            raise ValueError("a share is a fraction of 1: 60 % is 0.60")
        if self.unit == "count" and self.low < 1:
            raise ValueError("a count is at least 1")
        return self

    def thousandths(self, bound: Bound) -> int:
        """Return a share in thousandths."""
        return int(self.of(bound) * THOUSAND)

    def whole(self, bound: Bound) -> int:
        """Return a count."""
        return int(self.of(bound))

    def every_whole(self) -> range:
        """Return every whole number from low to high."""
        return range(int(self.low), int(self.high) + 1)


@lru_cache(maxsize=1)
def standing() -> dict[str, Assumption]:
    """Return the assumptions that come with the program, by name."""
    raw: Any = read_yaml(FILE)
    found = [check(Assumption, one, FILE.name) for one in raw]
    return {one.name: one for one in found}


def right_name(kind: str) -> str:
    """Return the name of the assumption how often a kind of finding is right."""
    return f"right_{kind}"


def beta_thousandths(right: int, wrong: int, chance: float) -> int:
    """Return the quantile of a Beta distribution of whole parameters, rounded to thousandths.

    P(X <= x) of Beta(a, b) is the chance that of a + b - 1 tries at x at least a succeed.

    >>> beta_thousandths(1, 1, 0.1), beta_thousandths(6, 4, 0.5)
    (100, 607)
    """
    tries = right + wrong - 1

    def below(x: float) -> float:
        parts = (
            exp(
                lgamma(tries + 1) - lgamma(one + 1) - lgamma(tries - one + 1) + one * log(x) + (tries - one) * log1p(-x)
            )
            for one in range(right, tries + 1)
        )
        return sum(parts)

    low, high = 0.0, 1.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < chance else (low, middle)
    return round((low + high) / 2 * THOUSAND)


@dataclass(frozen=True, slots=True)
class Scores:
    """What a run knows of its kinds of findings: the rows of `finding_scores` by kind."""

    by_kind: Mapping[str, Mapping[str, Any]]
    agency: Agency

    def right(self, kind: str) -> Assumption:
        """Return how often findings of a kind are right, from outcomes and the agency's prior."""
        row = self.by_kind.get(kind, {})
        told = {name: row.get(name) or 0 for name in ("confirmed", "wrong")}
        right = told["confirmed"] + self.agency.prior["right"]
        wrong = told["wrong"] + self.agency.prior["wrong"]
        mean = (right * THOUSAND * 2 + right + wrong) // (2 * (right + wrong))
        source = Text(
            f"kết quả đã ghi: đúng {told['confirmed']}, sai {told['wrong']}; cộng mức ban đầu của cơ quan "
            f"{self.agency.prior['right']}:{self.agency.prior['wrong']} (Beta, khoảng 80 %)",
            f"outcomes: {told['confirmed']} right, {told['wrong']} wrong, with the agency's prior "
            f"{self.agency.prior['right']}:{self.agency.prior['wrong']} (Beta, interval of 80 %)",
        )
        title = kinds()[kind].title
        words = Text(f"Trường hợp đúng: {title.vi}", f"Right cases: {title.en}")
        return _measured(right_name(kind), words, (right, wrong), mean, source)

    def lasting(self, scheme: str, of: Sequence[str]) -> Iterable[Assumption]:
        """Yield who of the findings of some kinds still paid later on, where enough are known."""
        for months in AFTER:
            rows = [self.by_kind[kind] for kind in of if kind in self.by_kind]
            still = sum(row.get(f"still_{months}") or 0 for row in rows)
            told = sum(row.get(f"of_{months}") or 0 for row in rows)
            if told < self.agency.floor["told"]:
                continue
            name = f"{scheme}_after_{months}"
            source = Text(
                f"kết quả của các trường hợp đã kết thúc: {still} trong {told} (Beta, khoảng 80 %)",
                f"findings that ended: {still} of {told} (Beta, interval of 80 %)",
            )
            mean = (still * THOUSAND * 2 + told) // (2 * told)
            yield _measured(name, standing()[name].title, (still + 1, told - still + 1), mean, source)


def _measured(name: str, title: Text, beta: tuple[int, int], likely: int, source: Text) -> Assumption:
    low, high = beta_thousandths(*beta, TENTH), beta_thousandths(*beta, 1 - TENTH)
    values = (min(low, likely), likely, max(high, likely))
    low_, likely_, high_ = (Decimal(value) / THOUSAND for value in values)
    return Assumption(name=name, unit="share", title=title, low=low_, likely=likely_, high=high_, source=source)


def lasting(chosen: Mapping[str, Assumption], scheme: str, bound: Bound, months: int) -> list[int]:
    """Return who still pays 0, 1, 2 … months after joining, in thousandths: straight between 0, 3, 6, 12, then level.

    Never rises: nobody comes back by himself in a scenario.
    """
    known = [(0, THOUSAND)]
    for after in AFTER:
        share = chosen[f"{scheme}_after_{after}"].thousandths(bound)
        known.append((after, min(share, known[-1][1])))
    found = []
    for month in range(months):
        if month >= known[-1][0]:
            found.append(known[-1][1])
            continue
        (start, first), (end, last) = next(
            (before, after) for before, after in pairwise(known) if before[0] <= month < after[0]
        )
        found.append(first - (first - last) * (month - start) // (end - start))
    return found
