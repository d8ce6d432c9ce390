"""The kinds of findings: words, articles, reasons, weights; a record each beside its file of SQL of the same name."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.records import check, read_yaml

FOLDER = Path(__file__).parent / "kinds"
SQL = Path(__file__).parent / "sql"
HUNDREDTHS = 100
SETTINGS = "agency.yaml"


class Reason(BaseModel):
    """Why a row is a finding, in words, and how sure that makes it (0 to 1000) before anybody has looked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sure: int = Field(ge=0, le=1000)
    words: Text
    owner: str | None = Field(default=None, description="the register whose owner is to look at it first")


class Weights(BaseModel):
    """What the priority is made of, in hundredths."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    money: int = Field(ge=0)
    months: int = Field(ge=0)
    sure: int = Field(ge=0)
    deadline: int = Field(ge=0)
    success: int = Field(ge=0)

    @model_validator(mode="after")
    def _whole(self) -> Weights:
        if sum(self.model_dump().values()) != HUNDREDTHS:
            raise ValueError("the weights add up to 100")
        return self


class Kind(BaseModel):
    """One kind of finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = Field(pattern=r"^[a-z][a-z_]*$")
    order: int = Field(description="place in lists")
    title: Text
    claim: Text = Field(description="one sentence that accuses nobody; places such as {from_month} are filled in")
    article: str
    needs: tuple[str, ...] = Field(description="registers and result tables without which it is not computed")
    amount: Literal["monthly", "total"] = Field(description="whether the amount is that of a month or of the stretch")
    reasons: dict[str, Reason] = Field(min_length=1)
    excluded: Text = Field(description="what looks like it and is none")
    deadline: Text
    weights: Weights
    next_step: Text

    @property
    def sql(self) -> Path:
        """Return the file of SQL that finds it."""
        return SQL / f"{self.kind}.sql"


class Agency(BaseModel):
    """What the agency may set: thresholds, points of the priority, priors, weights of the risk, what is believed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    thresholds: dict[str, int]
    points: dict[str, dict[int, int]]
    prior: dict[Literal["right", "wrong"], int]
    floor: dict[Literal["right", "told"], int]
    risk: dict[str, int]
    trusted: dict[str, int]


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Return the kinds by name, in their order; BaophuError where a record is wrong."""
    found = [check(Kind, read_yaml(path), path.name) for path in FOLDER.glob("*.yaml")]
    return {one.kind: one for one in sorted(found, key=lambda one: one.order)}


@lru_cache(maxsize=1)
def agency() -> Agency:
    """Return the agency's settings as they come with the program."""
    raw: Any = read_yaml(FOLDER.parent / SETTINGS)
    return check(Agency, raw, SETTINGS)


def agency_of(home: Path) -> Agency:
    """Return the settings of an agency: what its file in the home says, the program's for all else.

    BaophuError where the file names something that there is not, or a value is none.
    """
    own = home / SETTINGS
    if not own.is_file():
        return agency()
    raw: Any = read_yaml(own) or {}
    whole = agency().model_dump()
    for name, part in raw.items() if isinstance(raw, dict) else ():
        known = isinstance(part, dict) and name in whole and (name == "points" or part.keys() <= whole[name].keys())
        if not known:
            raise BaophuError(
                Text(f"{own}: '{name}' không đúng.", f"{own}: '{name}' is not right."),
                Text(
                    "Chỉ ghi lại những mục có trong agency.yaml của chương trình.",
                    "Only what the program's agency.yaml has may be set.",
                ),
            )
        whole[name] |= part
    return check(Agency, whole, str(own))
