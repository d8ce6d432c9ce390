"""One person declared in several statuses in one month: which declaration counts for social insurance, and why."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from baophu.core.languages import Text
from baophu.core.records import check, read_yaml
from baophu.engine import Engine, Outcome, run_step
from baophu.law.compiling import SQL
from baophu.law.rules import FOLDER

if TYPE_CHECKING:
    from baophu.engine.steps import Input as Table

FILE = "_several_statuses.yaml"

WHY: dict[str, Text] = {
    "counts": Text("kê khai này được tính", "this declaration counts"),
    "group_gives_way": Text("nhóm này nhường nhóm khác", "the group gives way to another"),
    "began_later": Text("bắt đầu sau", "it began later"),
    "no_spell": Text("không có quá trình tham gia tại đơn vị này", "no spell at this employer"),
}


class Yields(BaseModel):
    """Groups that give way, and to which."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: tuple[str, ...]
    to: tuple[str, ...]
    article: str


@lru_cache(maxsize=1)
def yields() -> tuple[Yields, ...]:
    """Return which group gives way to which."""
    path = FOLDER / FILE
    return tuple(check(Yields, raw, f"{FILE}, {place}") for place, raw in enumerate(read_yaml(path)))


def several_statuses(engine: Engine, declarations: Table, spells: Table, out: Path | None = None) -> Outcome:
    """Find the persons with several declarations in a month, and the one of them that counts.

    Columns: month, si_code, employer_id, group_code, began (first month of the spell, may be empty), counts (true for
    exactly one declaration of a person and month), why (`WHY`). Law 41/2024/QH15 article 2(5), Decree 158/2025/NĐ-CP
    article 3(3). A status that is suspended without agreement to pay is not declared, and so does not stand here.
    """
    import pyarrow as pa  # type: ignore[import-untyped]

    pairs = sorted({(group, to) for one in yields() for group in one.group for to in one.to})
    table = pa.table({"group_code": [pair[0] for pair in pairs], "to_group": [pair[1] for pair in pairs]})
    inputs = {"declarations": declarations, "spells": spells, "yields": table}
    return run_step(engine, SQL / "several_statuses.sql", inputs, out=out)
