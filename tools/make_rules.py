#!/usr/bin/env python3
"""Makes the page of the rules by which a worker-month is computed, from the rules themselves.

python tools/make_rules.py [--out DIR]    writes rules.md (default: docs/reference)
python tools/make_rules.py --check        writes nothing; exits 1 where the page differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pages import cell, main, table

from baophu.law.rules import GROUPS, Rule, rules
from baophu.law.several_statuses import yields
from baophu.law.trace import COUNTED

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Made by tools/make_rules.py from src/baophu/law/rules: do not edit. -->"


def code(words: str) -> str:
    """Put an expression into a cell."""
    return f"`{cell(words)}`"


def heading(rule: Rule) -> str:
    """Say for which groups and in which time a rule holds."""
    groups = "all groups" if set(rule.groups) == set(GROUPS) else f"groups {', '.join(rule.groups)}"
    until = f", to before {rule.valid_to}" if rule.valid_to else ""
    return f"From {rule.valid_from}{until}; {groups}; {rule.article}."


def rows(rule: Rule) -> Iterator[tuple[str, str, str, str]]:
    """Yield the cases of a rule in the order in which they are tried, then what holds otherwise."""
    for case in rule.cases:
        counted = COUNTED[case.counted].en if case.counted else ""
        yield f"{cell(case.says.en)}: {code(case.when)}", code(case.value), counted, case.article or ""
    yield "otherwise" if rule.cases else "", code(rule.value), COUNTED[rule.counted].en if rule.counted else "", ""


def page() -> str:
    """Return the page."""
    law = rules()
    lines = [MADE, "", "# Rules of a worker-month", ""]
    lines += [
        "What is due for one person, one employer and one month. A rule names inputs, parameters of the law and other",
        "rules; its cases are tried in their order, and the first that holds gives the value. Two rules of one name",
        "never hold at once. They are compiled into one SELECT that runs on DuckDB and Spark. A rate is multiplied and",
        "the product divided in whole numbers.",
        "",
        "## Inputs",
        "",
    ]
    heads = ("Name", "Vietnamese", "English", "From", "Default")
    inputs = (
        (
            code(one.name),
            one.title.vi,
            one.title.en,
            one.source or "single cases",
            "" if one.default is None else code(str(one.default)),
        )
        for one in law.inputs.values()
    )
    lines += table(heads, inputs)
    for title, named in groupby(law.topics, key=lambda topic: topic[0]):
        lines += [f"## {title.en}", ""]
        for _, name in named:
            first = law.named(name)[0]
            lines += [f"### {name}", "", f"{first.title.vi}. *{first.title.en}.*", ""]
            for rule in law.named(name):
                lines += [heading(rule), ""]
                if rule.rounding:
                    lines += [
                        f"Rounded half up to the dong. {rule.rounding_basis.en if rule.rounding_basis else ''}".strip(),
                        "",
                    ]
                if rule.note:
                    lines += [rule.note.en, ""]
                lines += table(("Where", "Value", "Counted", "Article"), rows(rule))
    lines += ["## Several statuses at once", ""]
    lines += [
        "A person declared in several statuses in one month counts once. A group gives way to another as below;",
        "where none does, the status that began first counts.",
        "",
    ]
    pairs = ((", ".join(one.group), ", ".join(one.to), one.article) for one in yields())
    lines += table(("Group", "Gives way to", "Article"), pairs)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main({"rules.md": page}, FOLDER, __doc__))
