"""What the agency may set about proposing targets: growth, who is eased, the mix, the path, the sprint."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.areas.units import Area, UnitType
from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text
from baophu.core.records import check, read_yaml
from baophu.indicators.statistics import Measure

FILE = Path(__file__).with_name("assignment.yaml")

Criterion = Literal["present", "labour_force", "reachable"]
CRITERIA: dict[Criterion, Text] = {
    "present": Text("số người đang tham gia", "who takes part at the base"),
    "labour_force": Text("lực lượng lao động", "the labour force"),
    "reachable": Text("người có thể vận động được", "who can be reached"),
}
PathForm = Literal["linear", "front_loaded"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Growth(_Record):
    """By how much a unit may grow a year, as shares of its base, and in people whatever its size."""

    least: Decimal = Field(ge=0)
    most: Decimal = Field(ge=0)
    room: int = Field(ge=0)

    @model_validator(mode="after")
    def _turned(self) -> Growth:
        if self.least > self.most:
            raise ValueError("`least` is more than `most`")
        return self


class Eased(_Record):
    """Units that are asked for less."""

    id: str = Field(pattern=r"^[a-z_]+$")
    name: Text
    unit_types: tuple[UnitType, ...] = ()
    areas: tuple[str, ...] = ()
    most: Decimal = Field(ge=0)

    def holds(self, area: Area) -> bool:
        """Tell whether an area is eased by this."""
        return area.code in self.areas or area.unit_type in self.unit_types


class YearPath(_Record):
    """How an increase of several years is spread over them."""

    form: PathForm
    front_loaded: Decimal = Field(gt=0, lt=1, description="a year's increase as a part of the year before's")


class Phase(_Record):
    """A phase of the sprint: by the end of which month which share of the year's increase is due."""

    id: str
    month: int = Field(ge=1, le=12)
    share: Decimal = Field(gt=0, le=1)


class Assignment(_Record):
    """All of `assignment.yaml`."""

    growth: Growth
    eased: tuple[Eased, ...]
    mix: dict[Criterion, int]
    labour_force: tuple[Measure, ...]
    reachable: dict[str, tuple[str, ...]]
    path: YearPath
    sprint: tuple[Phase, ...]

    @model_validator(mode="after")
    def _whole(self) -> Assignment:
        if not any(self.mix.values()) or min(self.mix.values()) < 0:
            raise ValueError("`mix` has parts, and none is below 0")
        ends = [(phase.month, phase.share) for phase in self.sprint]
        if not ends or ends != sorted(ends) or ends[-1][1] != 1:
            raise ValueError("the phases of the `sprint` follow each other, and the last has the share 1")
        return self

    def most(self, area: Area) -> tuple[Decimal, str]:
        """Return how much an area may grow a year, and what says so: `growth`, or what eases it."""
        eased = min((one for one in self.eased if one.holds(area)), key=lambda one: one.most, default=None)
        return (eased.most, eased.id) if eased and eased.most < self.growth.most else (self.growth.most, "growth")

    def words(self, why: str) -> Text:
        """Say what sets a limit."""
        named: dict[str, Text] = {
            "held": Text("không thấp hơn số đang có", "not below what is held"),
            "children": Text("không thấp hơn tổng đã giao cấp dưới", "not below what its units were assigned"),
            "least": Text("số đầu kỳ và mức tăng thấp nhất", "the base and the least growth"),
            "growth": Text("mức tăng cao nhất", "the most growth"),
            "units": Text("trần của các đơn vị cấp dưới", "the most that its units may grow"),
        }
        named |= {
            one.id: Text(f"mức tăng cao nhất ({one.name.vi})", f"the most growth ({one.name.en})") for one in self.eased
        }
        return named[why]


def read_assignment(path: Path = FILE) -> Assignment:
    """Read the settings; BaophuError with the file and the field where they are wrong."""
    return check(Assignment, read_yaml(path), path.name)


@lru_cache(maxsize=1)
def assignment() -> Assignment:
    """Return the settings that come with the program."""
    return read_assignment()


def read_by(words: str, settings: Assignment) -> dict[Criterion, int]:
    """Read what the increase is shared by: one criterion, `mix`, or criteria with their parts.

    >>> read_by("present=1,reachable=3", assignment())
    {'present': 1, 'reachable': 3}
    """
    if words == "mix":
        return {name: part for name, part in settings.mix.items() if part}
    found: dict[Criterion, int] = {}
    for word in words.split(","):
        name, _, part = word.partition("=")
        criterion = _criterion(name.strip())
        if not (part or "1").strip().isdigit() or int(part or "1") == 0 or criterion in found:
            raise BaophuError(
                Text(f"Không hiểu cách chia '{words}'.", f"Cannot read how to share: '{words}'."),
                Text(
                    "Ghi ví dụ: --by present, --by mix, --by present=30,reachable=70",
                    "Write for example: --by present, --by mix, --by present=30,reachable=70",
                ),
            )
        found[criterion] = int(part or "1")
    return found


def _criterion(word: str) -> Criterion:
    for known in CRITERIA:
        if known == word:
            return known
    choices = {**{str(name): text.vi for name, text in CRITERIA.items()}, "mix": ""}
    raise unknown(Text("cách chia", "way to share"), word, choices)
