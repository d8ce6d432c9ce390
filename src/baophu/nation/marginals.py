"""The published figures that the generated country is like, from `marginals.yaml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from baophu.core.records import check, read_yaml


class Figure(BaseModel):
    """A count of people or employers in a country of `Marginals.people`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: int
    source: str


class Rate(BaseModel):
    """A share in thousandths of what `of` names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: int
    of: str
    source: str


class Ages(BaseModel):
    """The weight of some ages; between them it runs straight."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    density: dict[int, float]


class Marginals(BaseModel):
    """All of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: Figure
    counts: dict[str, Figure]
    rates: dict[str, Rate]
    ages: Ages

    def share(self, count: str) -> float:
        """Return a count as a share of the people."""
        return self.counts[count].value / self.people.value

    def rate(self, name: str) -> float:
        """Return a rate as a share of 1."""
        return self.rates[name].value / 1000


@lru_cache(maxsize=1)
def marginals() -> Marginals:
    """Return the figures; BaophuError where the file is wrong."""
    path = Path(__file__).with_name("marginals.yaml")
    return check(Marginals, read_yaml(path), path.name)
