"""What each agreement of two records says, learnt once at the country's density and kept as a versioned file.

A field is compared in levels, the closest first; `compared.sql` computes them. A level has `m`, how often two records
of one person are on it, and `u`, how often those of two people are. Where `by_value`, u is the share of residents who
have the value, taken from the register at hand and not from the file, so that a model holds for a country of any size.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from baophu.core.errors import BaophuError
from baophu.core.languages import Text

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

MODELS = Path(__file__).with_name("models")
FieldName = Literal["name", "birth", "sex", "place", "old_id", "number"]


class Level(BaseModel):
    """One level of agreement."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: int
    says: str = Field(description="what agrees")
    m: float = Field(gt=0, le=1)
    u: float | None = Field(default=None, gt=0, le=1, description="empty where it is taken from the register at hand")
    times: int = Field(default=1, ge=1, description="how many values would be as close, where u is taken by value")

    @property
    def by_value(self) -> bool:
        """Whether u is the share of residents who have the value."""
        return self.u is None

    @property
    def weight(self) -> float:
        """The binary logarithm of m / u; of m alone where u is taken by value."""
        return math.log2(self.m / (self.times if self.u is None else self.u))


class Training(BaseModel):
    """From what the model was learnt."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trained_on: str
    splink: str
    participants: int
    persons: int
    labelled_by_pid: int
    labelled_by_old_id: int
    random_pairs: int
    seed: int


class Model(BaseModel):
    """A trained model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    training: Training
    accept_from: float = Field(gt=0.5, lt=1, description="the chance from which a link stands without a person's word")
    second_code: float = Field(gt=0, lt=1, description="how many persons have a second social insurance number")
    fields: dict[FieldName, tuple[Level, ...]]

    def weights(self) -> pa.Table:
        """Return the levels as a table: `field`, `level`, `by_value`, `weight`."""
        import pyarrow as pa

        rows = [
            {"field": field, "level": one.level, "by_value": one.by_value, "weight": one.weight}
            for field, levels in self.fields.items()
            for one in levels
        ]
        return pa.Table.from_pylist(rows)

    def prior(self, persons: int, taken: int, placed: int, numbered: int) -> pa.Table:
        """Return the odds before anything is compared, as weights, of a person whom nobody is linked to, and of others.

        Whoever is left has a person among those that are left. As many have one at all as were `placed` of those that
        are `numbered` (Laplace's rule, so that a register without any number has an answer too).
        """
        import pyarrow as pa

        there = min((placed + 1) / (numbered + 2), 1.0)
        free = math.log2(there / max(persons - taken, 1))
        again = math.log2(self.second_code * there / max(taken, 1))
        return pa.table({"persons": [persons], "free_weight": [free], "taken_weight": [again]})


def read_model(path: Path | None = None) -> Model:
    """Read a model; the newest that comes with the program where none is given. BaophuError where it is none."""
    path = path or max(MODELS.glob("vn-*.json"))
    try:
        return Model.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BaophuError(
            Text(f"Không đọc được mô hình {path.name}.", f"The model {path.name} cannot be read."),
            Text("Huấn luyện lại: baophu link train", "Train it again: baophu link train"),
        ) from error
