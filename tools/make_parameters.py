#!/usr/bin/env python3
"""Makes the page of the reference that tells the figures of the law: each value, its time, basis and source.

python tools/make_parameters.py [--out DIR]    writes parameters.md (default: docs/reference)
python tools/make_parameters.py --check        writes nothing; exits 1 where the page differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

from pages import main, table_of_words

from baophu.law.parameter_files import dimensions
from baophu.law.parameters import DATED_BY, UNITS, Parameter, Unit, Value, book, figure

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Made by tools/make_parameters.py from the parameters of the law: do not edit. -->"

CONVENTIONS = """\
Every figure of the law that the program uses is a record under `src/baophu/law/parameters/`, one YAML file a topic. A
value holds **from** a day up to, and without, the day **before** which it ends. It names the article that it rests on
and where that was read. *Verified until* is the last day for which somebody has looked whether it still holds: a
computation of a later month warns. A value marked *not verified* was not seen in a source that can be trusted; the list
of both is `baophu law stale`.

One value on one day is shown by `baophu law show`, a history by `baophu law history`. [Commands](commands.md)

Where the texts leave a point open the program takes a default that is told: a [switch](#switches).

## How a value is written

| Field | What |
| --- | --- |
| `value` | one number, day or option; a number with a point is read exactly |
| `where` | the dimensions that it is for; a list means each of them |
| `each` | in place of `value`: one dimension, and a value for each of its members |
| `valid_from`, `valid_to` | from this day, and before that day; without `valid_to` it still holds |
| `basis`, `source` | the article, and a key of `_sources.yaml` |
| `gazette`, `recorded` | the day of the gazette, else that of the source; the day of writing it down |
| `verified`, `verified_until` | whether it was seen in a source that can be trusted; until when it surely holds |
| `note` | what a reader must know, in `vi` and `en` |

`basis`, `source`, `recorded`, `verified`, `verified_until` and `gazette` may be said once for a parameter or a file.

The program does not start with a gap or an overlap in a history, an unknown unit, a value without a basis, or a field
that is misspelt. It names the file, the line and the parameter.
"""


def days(value: Value) -> tuple[str, str]:
    """Say from when and before when a value holds."""
    return value.valid_from.isoformat(), value.valid_to.isoformat() if value.valid_to else ""


def checked(value: Value) -> str:
    """Say until when a value was looked up."""
    if not value.verified:
        return "not verified"
    return value.verified_until.isoformat() if value.verified_until else ""


def rows(parameter: Parameter) -> Iterator[tuple[str, ...]]:
    """Yield a row for the values that share time and basis; many of them stand in one cell."""
    ordered = sorted(parameter.values, key=lambda value: (value.valid_from, value.valid_to or date.max, value.basis))
    for _, group in groupby(ordered, key=lambda value: (days(value), value.basis, value.source, checked(value))):
        values = list(group)
        one = values[0]
        yield (
            "; ".join(said(values, parameter)),
            *days(one),
            one.basis,
            one.source,
            checked(one),
            " ".join(dict.fromkeys(value.note.en for value in values if value.note)),
        )


def said(values: Iterable[Value], parameter: Parameter) -> Iterator[str]:
    """Say values with what they are for."""
    for words, group in groupby(values, key=lambda value: written(value, parameter)):
        keys = [" ".join(value.dims.values()) for value in group]
        yield f"{', '.join(keys)}: {words}" if parameter.dims else words


def written(value: Value, parameter: Parameter) -> str:
    """Write one value."""
    return (
        parameter.options[value.option].en if value.unit is Unit.choice else figure(value, "en").replace("\u00a0", " ")
    )


def section(parameter: Parameter) -> Iterator[str]:
    """Yield the section of one parameter."""
    yield from (f"### {parameter.name}", "", f"**{parameter.title.vi} / {parameter.title.en}**", "")
    yield f"- Unit: {UNITS[parameter.unit].en}"
    if parameter.dims:
        lists = dimensions()
        yield f"- Told apart by: {', '.join(f'`{dim}` ({lists[dim].title.en})' for dim in parameter.dims)}"
    if parameter.dated_by != "in_force":
        yield f"- Goes by: {DATED_BY[parameter.dated_by].en}"
    yield ""
    if parameter.note:
        yield from (parameter.note.en, "")
    if parameter.options and not parameter.dims:
        taken = book().switch(parameter.name)
        yield from table_of_words(
            ("Option", "Vietnamese", "English", "Default"),
            (
                (f"`{option}`", words.vi, words.en, "default" if option == taken else "")
                for option, words in parameter.options.items()
            ),
        )
        yield from (f"Basis: {'; '.join(dict.fromkeys(value.basis for value in parameter.values))}", "")
    elif parameter.values:
        heads = ("Value", "From", "Before", "Basis", "Source", "Verified until", "Note")
        yield from table_of_words(heads, rows(parameter))
    else:
        yield from ("No value is held.", "")


def parameters_page() -> str:
    """Return the page of the parameters."""
    lines = [MADE, "", "# Figures of the law", "", *CONVENTIONS.splitlines(), ""]
    for topic in book().topics:
        name = "Switches" if topic.id == "switches" else topic.title.en
        lines += [f"## {name}", ""]
        if name != topic.title.en:
            lines += [f"{topic.title.en}.", ""]
        for parameter in map(book().parameter, topic.names):
            lines += section(parameter)
    lines += ["## Dimensions", ""]
    for name, dimension in dimensions().items():
        if dimension.values:
            lines += [f"**{name}**: {dimension.title.vi} / {dimension.title.en}", ""]
            listed = ((f"`{key}`", words.vi, words.en) for key, words in dimension.values.items())
            lines += table_of_words(("Value", "Vietnamese", "English"), listed)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main({"parameters.md": parameters_page}, FOLDER, __doc__))
