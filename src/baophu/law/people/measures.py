"""Two statistical shares of the worked examples: coverage, and late sums among the sums due."""

from __future__ import annotations

from fractions import Fraction

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.law.parameters import Book
from baophu.law.people.telling import Figures, teller


def coverage_indicator(
    book: Book, *, indicator: str, denominator_kind: str, participants: int, denominator: int
) -> Figures:
    """Return the figure of topic `coverage_indicator`. The kind of denominator is told with it: they never mix."""
    tell = teller("coverage_indicator")
    rate = tell.figure(
        "rate",
        Fraction(participants, denominator),
        parts=[
            tell.given("indicator", indicator),
            tell.given("participants", participants),
            tell.given("denominator_kind", denominator_kind),
            tell.given("denominator", denominator),
        ],
    )
    return {"rate": rate}


def late_rate(book: Book, *, late_amount: int, amount_due: int) -> Figures:
    """Return the figure of topic `late_rate`: late sums over what is due in the full year, not what was collected."""
    if amount_due == 0:
        raise BaophuError(
            Text("Không có số phải thu nên không có tỷ lệ.", "Nothing is due, so there is no rate."),
        )
    tell = teller("late_rate")
    parts = [tell.given("late_amount", late_amount), tell.given("amount_due", amount_due)]
    return {"rate": tell.figure("rate", Fraction(late_amount, amount_due), parts=parts)}
