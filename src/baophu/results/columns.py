"""The columns of each table of a run: their types, and what they mean (`columns.yaml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from baophu.core.languages import Text
from baophu.core.records import read_yaml
from baophu.results.tables import heading

Type = Literal["text", "whole", "number", "date", "truth"]


class Column(BaseModel):
    """A column: its type, and what its heading does not say (unit, codes, when it is empty)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Type
    vi: str = ""
    en: str = ""


@cache
def columns() -> dict[str, dict[str, Column]]:
    """Return the columns of each table, in the tables' own order."""
    return TypeAdapter(dict[str, dict[str, Column]]).validate_python(
        read_yaml(Path(__file__).with_name("columns.yaml"))
    )


def meaning(name: str, column: Column) -> Text:
    """Return a column's words: its heading, then what that does not say."""
    words = heading(name)
    return Text(_joined(words.vi, column.vi, name), _joined(words.en, column.en, name))


def _joined(words: str, more: str, name: str) -> str:
    if words == name and more:
        return more
    return f"{words}: {more}" if more else words
