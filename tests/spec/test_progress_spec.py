"""The spec of progress: every file of `progress/` is an example of the handbook, and a test."""

from __future__ import annotations

from fractions import Fraction

import pytest

from baophu.targets.progress import Progress, progress
from spec.reading import Case, book, cases, targets

CASES = cases("progress")


def shown(row: Progress, column: str) -> object:
    """The value of a column, exact where it is a quotient."""
    exact = {"achieved": row.achieved, "development": row.development, "yoy": row.yoy, "gap": row.gap}
    return exact[column] if column in exact else row.row()[column]


def matches(value: object, word: str) -> bool:
    """Whether a value is what the table says: `–` is missing, yes and no are truth, 3/4 and 0.75 are exact."""
    if word == "–":
        return value is None
    if word in ("yes", "no"):
        return value is (word == "yes")
    if value is None or isinstance(value, str):
        return value == word
    return Fraction(str(value)) == Fraction(word)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_example_comes_out_as_written(case: Case) -> None:
    rows = progress(targets(case), case.as_of, book=book(case))
    assert len(case.expect) <= len(rows)
    for expected in case.expect:
        row = next(
            row
            for row in rows
            if row.target.decision.id == expected["decision"]
            and row.target.indicator == expected.get("indicator", row.target.indicator)
            and row.target.period_end.isoformat() == expected["by"]
        )
        wrong = {
            column: (word, shown(row, column))
            for column, word in expected.items()
            if column not in ("decision", "indicator", "by") and not matches(shown(row, column), word)
        }
        assert not wrong, f"expected and got: {wrong}"
