#!/usr/bin/env python3
"""Makes the page of the reference that tells what comes in: every register, from the contracts that files are held to.

python tools/make_registers.py [--out DIR]    writes registers.md (default: docs/reference)
python tools/make_registers.py --check        writes nothing; exits 1 where the page differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pages import main, table_of_words

from baophu.registers.contracts import LEVELS, REPLACES, TYPES, Column, Contract, contracts
from baophu.registers.keys import derived

KINDS = {"text": "text", "key": "64-bit integer", "number": "64-bit integer", "state": "text"}
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Made by tools/make_registers.py from the contracts: do not edit. -->"

CONVENTIONS = """\
The program reads extracts of registers that other systems own. Each extract has a contract: its columns, its key, its
checks, one file a table under `src/baophu/registers/contracts/`. The same contracts check what comes in, make the
[workbooks](commands.md) that offices fill in, and made this page.

A row that a check rejects goes back to its sender: a file of rejects names the row, the column, the value and the
reason. A row that is held is kept aside for a person to decide. A row that is warned of goes on. What is taken,
rejected and held always adds up to what was read.

## Conventions

**Files.** CSV (UTF-8), Excel (`.xlsx`) or Parquet. The header has the names below, or their titles, in any order. A
column that the contract does not name is not taken in, and the report of the load lists it.

**Text** is kept in Unicode NFC. A name may arrive decomposed, in capitals, without diacritics, or in the old encodings
TCVN3 and VNI; what was sent is kept beside what was read from it.

**Keys.** When a table is loaded, its names are cleaned and hashed and its numbers of identity made integers, in columns
beside those that were sent: see [decision 7](../decisions/0007-keys-of-names-and-numbers.md). A number that contradicts
the row's sex or year of birth, or its own check digit, is warned of and not rejected, since either may be mistyped.

**Periods** are a year, `2026`, or a quarter, `2026-Q3`.

**Codes** are text: `010` is not `10`. A spreadsheet drops the zeros in front. A code that is short is therefore shown
as a warning, and repaired only where its width leaves no doubt. In the [workbooks](commands.md) the cells of codes are
text from the start.

**Days** are `YYYY-MM-DD`; `DD/MM/YYYY` and the dates of spreadsheets are read too. A date of birth may be a bare year:
then `birth_year` holds it and `birth_date` is empty.

**Months** are their first day: October 2026 is `2026-10-01`. A stretch of months or days is half open: it holds from
its first month up to, and without, the one where it ends. Where no end is given it still runs.

**Money** is a whole number of VND. Fractions are refused.

**Areas.** `commune_code` is the five-digit code in force on the day that the row is about. Codes from before
1 July 2025 are accepted and brought to the present unit. A commune that was divided cannot be brought to one: its rows
are held at the level of the province and flagged, never guessed.

**Empty cells.** A value is required where a row without it could not be counted, or would be counted wrongly. Anything
else may be empty, and empty means "not known" unless the column says otherwise.

**Optional** tables and columns may be absent. What needs them is then not computed, and says so.

**Who may see it.** *Personal* marks what identifies a person: it is shown masked, unless it is revealed for a stated
purpose. *Sensitive* marks what needs a right of its own: ethnicity, poverty, benefits. The armed forces never come as
persons, only as totals in [area_statistics](#area_statistics).

**Checks** are conditions in SQL over one row. Where what a check needs is empty it says nothing of the row, unless it
is about what is missing.
"""


def code(words: Iterable[str]) -> str:
    """Write names as code, with commas."""
    return ", ".join(f"`{word}`" for word in words)


def linked(reference: str) -> str:
    """Link a reference to the section of its table."""
    return f"[`{reference}`](#{reference.partition('.')[0]})"


def accepted(column: Column) -> str:
    """Say which values a column takes, and where they should be found."""
    limits = column.limits()
    parts = [limits.en] if limits else []
    if column.values:
        parts.append(f"one of {len(column.values)}, below" if len(column.values) > 8 else code(column.values))
    if column.area:
        parts.append(
            {"commune": "a commune", "province_or_commune": "a province or commune", "any": "any area"}[column.area]
        )
    if column.references:
        parts.append(f"found in {linked(column.references)}")
    return "; ".join(parts)


def marks(column: Column) -> str:
    """Say who may see a column."""
    said = ["personal"] if column.personal else []
    if column.personal_digits:
        said.append(f"personal where it has {' or '.join(str(digits) for digits in column.personal_digits)} digits")
    return ", ".join([*said, "sensitive"] if column.sensitive else said)


def section(record: Contract) -> Iterator[str]:
    """Yield the section of one table."""
    yield from (f"## {record.table}", "", f"**{record.title.vi} / {record.title.en}**", "")
    if record.optional:
        yield from ("Optional: what needs it is not computed without it.", "")
    if record.note:
        yield from (record.note.en, "")
    yield f"- Owner: {record.owner.en} ({record.owner.vi})"
    yield f"- Key: {code(record.key) or 'none'}"
    by = f", by `{record.month_column}`" if record.replaces == "month" else ""
    yield f"- A newer load {REPLACES[record.replaces].en}{by}"
    yield ""
    yield from table_of_words(
        ("Column", "Title", "Type", "Needed", "Values", "Who may see it", "Note"),
        (
            (
                f"`{column.name}`",
                f"{column.title.vi} / {column.title.en}",
                TYPES[column.type].en,
                column.needed().en,
                accepted(column),
                marks(column),
                column.note.en if column.note else "",
            )
            for column in record.columns
        ),
    )
    for column in record.columns:
        if column.values:
            yield from (f"Values of `{column.name}`:", "")
            values = ((f"`{value}`", words.vi, words.en) for value, words in column.values.items())
            yield from table_of_words(("Value", "Vietnamese", "English"), values)
    added = derived(record)
    if added:
        yield from ("Added when it is loaded:", "")
        yield from table_of_words(
            ("Column", "Of", "Type", "What it is"),
            ((f"`{one.name}`", f"`{one.of}`", KINDS[one.kind], f"{one.title.vi} / {one.title.en}") for one in added),
        )
    if record.checks:
        yield from ("Checks of each row:", "")
        yield from table_of_words(
            ("Check", "Holds where", "Else the row is", "Reason told"),
            (
                (
                    f"`{check.id}`",
                    f"`{check.holds}`",
                    LEVELS[check.level].en,
                    f"{check.reason.vi} / {check.reason.en}",
                )
                for check in record.checks
            ),
        )


def registers_page() -> str:
    """Return the page of the registers."""
    records = contracts().values()
    lines = [MADE, "", "# Registers", "", *CONVENTIONS.splitlines(), "", "## Tables", ""]
    lines += ["In the order in which they are loaded, so that a table comes after those that it refers to.", ""]
    lines += table_of_words(
        ("Table", "Title", "Key", "A newer load", "Optional"),
        (
            (
                f"[`{record.table}`](#{record.table})",
                f"{record.title.vi} / {record.title.en}",
                code(record.key),
                REPLACES[record.replaces].en,
                "optional" if record.optional else "",
            )
            for record in records
        ),
    )
    for record in records:
        lines += section(record)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main({"registers.md": registers_page}, FOLDER, __doc__))
