"""Files without the rows of some employers, so that who reads a register need not know which rows forms replaced."""

from __future__ import annotations

import hashlib
from pathlib import Path

from baophu.core.home import whole_file
from baophu.registers.checking import literal


def without(path: Path, employers: frozenset[str], copies: Path) -> Path:
    """Return a file, or a copy of it without the rows of some employers where it has any of them.

    The copy is named after what it is a copy of and what it lacks, and made once.
    """
    if not employers:
        return path
    import duckdb

    with duckdb.connect() as connection:
        here = connection.execute(
            f"SELECT DISTINCT employer_id FROM read_parquet({literal(str(path))}, hive_partitioning = false) "  # noqa: S608
            "WHERE list_contains(?, employer_id)",
            [sorted(employers)],
        ).fetchall()
        lacking = sorted(name for (name,) in here)
        if not lacking:
            return path
        digest = hashlib.sha256("\n".join(lacking).encode()).hexdigest()[:16]
        copy = copies / f"{path.parent.name}-{digest}-{path.name}"
        if not copy.is_file():
            with whole_file(copy) as part:
                connection.execute(  # the words are quoted
                    f"COPY (FROM read_parquet({literal(str(path))}, hive_partitioning = false) "
                    f"WHERE employer_id IS NULL OR employer_id NOT IN ({', '.join(map(literal, lacking))})) "
                    f"TO {literal(str(part))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
                )
    return copy
