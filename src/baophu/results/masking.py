"""Hiding whose rows they are: personal numbers keep their last three digits, names and addresses nothing.

What holds a personal number is known by its column's name, as a purge knows it (`registers.persons`), and inside texts
and evidence by its length.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from baophu.registers.persons import TEXTS, WIDTHS, kind_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

SHOWN = 3
HIDDEN = "***"
# Codes that have as many digits as a person's number and are none.
_CODES = ("employer_id", "load_id", "finding_id", "area_code", "agent_id", "month", "rule", "kind", "reason", "run")
_LENGTHS = sorted(WIDTHS.values(), reverse=True)
_NUMBERS = re.compile("|".join(rf"(?<!\d)\d{{{length}}}(?!\d)" for length in _LENGTHS))


def mask(number: str) -> str:
    """Hide a number but for its last digits.

    >>> mask("001085123456")
    '*********456'
    """
    return "*" * max(len(number) - SHOWN, 0) + number[-SHOWN:]


def masked(table: pa.Table) -> pa.Table:
    """Return a table of results with what tells a person hidden."""
    import pyarrow as pa

    for at, column in enumerate(table.schema):
        text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        number = pa.types.is_integer(column.type) and kind_of(column.name) is not None
        listed = pa.types.is_list(column.type)
        if not (text or number or listed) or column.name in _CODES:
            continue
        # Each value once: a column of codes has few.
        packed = table.column(at).combine_chunks()
        if listed:
            new = pa.array([masked_value(column.name, value) for value in packed.to_pylist()])
        else:
            packed = packed.dictionary_encode()
            hidden = pa.array(
                [masked_value(column.name, value) for value in packed.dictionary.to_pylist()], pa.string()
            )
            new = hidden.take(packed.indices)
        table = table.set_column(at, column.name, new)
    return table


def masked_value(name: str, value: Any) -> Any:
    """Return a value that stands under a name, with what tells a person in it hidden.

    >>> masked_value("evidence", '{"pid": "001085123456", "pay": 5000000}')
    '{"pid": "*********456", "pay": 5000000}'
    """
    if isinstance(value, dict):
        return {key: masked_value(key, one) for key, one in value.items()}
    if isinstance(value, list):
        return [masked_value(name, one) for one in value]
    if name in _CODES or value is None or isinstance(value, bool):
        return value
    if any(name == one or name.endswith(f"_{one}") for one in TEXTS):
        return HIDDEN
    kind = kind_of(name)
    if isinstance(value, int):
        return mask(f"{value:0{WIDTHS[kind]}}") if kind else value
    if not isinstance(value, str):
        return value
    if name.endswith("tax_code"):
        # A business household's is its owner's number; a firm's is nobody's.
        return mask(value) if len(value) == WIDTHS["pid"] else value
    if kind:
        return mask(value)
    if value[:1] in ("{", "["):
        try:
            return json.dumps(masked_value(name, json.loads(value)), ensure_ascii=False)
        except ValueError:
            pass
    return _NUMBERS.sub(lambda found: mask(found.group()), value)
