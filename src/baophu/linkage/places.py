"""In which province a commune is: its code does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baophu.areas.units import tree

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


def communes() -> pa.Table:
    """Return all communes in force with their provinces: `commune`, `province`."""
    import pyarrow as pa

    found = [(one.code, one.parent) for one in tree().communes]
    return pa.table(
        {
            "commune": pa.array([code for code, _ in found], pa.string()),
            "province": pa.array([parent for _, parent in found], pa.string()),
        }
    )
