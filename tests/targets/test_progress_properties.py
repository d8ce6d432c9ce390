"""Progress on random figures, held against a slow and obviously right reading of the definitions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from baophu.core.languages import same
from baophu.indicators.published import Book, Figure
from baophu.targets.arithmetic import a_year_before, implied_base
from baophu.targets.decisions import Assigned, Decision, Issued, target_of
from baophu.targets.progress import progress

MONTHS = [date(year, month, 28) for year in (2023, 2024, 2025) for month in range(1, 13)]
SCOPES = ("all", "without_armed_forces")


@st.composite
def figures(draw: st.DrawFn) -> list[Figure]:
    keys = draw(st.sets(st.tuples(st.sampled_from(MONTHS), st.sampled_from(SCOPES)), max_size=12))
    values = {key: Decimal(draw(st.integers(1, 10**8))) for key in sorted(keys)}
    return [
        Figure("00", day, "si_compulsory", scope, value, None, "counted", "", True, "", "", "s")  # type: ignore[arg-type]
        for (day, scope), value in values.items()
    ]


def reference(found: list[Figure], scope: str, day: date) -> Figure | None:
    """The last figure of a scope up to a day, by looking at all of them."""
    best = None
    for figure in found:
        if figure.scope == scope and figure.date <= day and (best is None or figure.date > best.date):
            best = figure
    return best


@given(
    figures(), st.sampled_from(SCOPES), st.sampled_from(MONTHS), st.sampled_from(MONTHS[12:]), st.integers(1, 10**8),
    st.sampled_from(["at_least", "at_most"]),
)  # fmt: skip
def test_progress_is_what_the_definitions_say(
    found: list[Figure], scope: str, as_of: date, end: date, goal: int, direction: str
) -> None:
    decision = Decision(
        id="d", number="d", title=same("d"), issuer=same("d"), issued=Issued(on="2020-01-01"), sources=("s",)  # type: ignore[arg-type]
    )  # fmt: skip
    base_date = a_year_before(end)
    line = Assigned(
        indicator="si_compulsory", scope=scope, period_end=end, base_date=base_date, value=goal, direction=direction  # type: ignore[arg-type]
    )  # fmt: skip
    target = target_of(decision, line)
    (row,) = progress([target], as_of, book=Book(found, {}))

    figure = reference(found, scope, min(as_of, end))
    base = next((f for f in found if f.scope == scope and f.date == base_date), None)
    if figure is None:
        assert (row.actual, row.achieved, row.development, row.met, row.gap) == (None,) * 5
        other = reference(found, SCOPES[1 - SCOPES.index(scope)], min(as_of, end))
        assert row.reasons[0] == ("scope_differs" if other else "no_value")
        return
    assert row.actual == figure.value
    assert row.achieved == Fraction(figure.value) / goal
    assert row.gap == (goal - figure.value if direction == "at_least" else figure.value - goal)
    meets = figure.value >= goal if direction == "at_least" else figure.value <= goal
    unfinished = figure.date < end <= as_of
    assert row.met == (None if unfinished else meets)
    required = base is not None and not (base.value >= goal if direction == "at_least" else base.value <= goal)
    if as_of >= base_date and base is not None and figure.date >= base_date and required:
        assert row.development == (Fraction(figure.value) - Fraction(base.value)) / (goal - Fraction(base.value))
    else:
        assert row.development is None
    before = next((f for f in found if f.scope == scope and f.date == a_year_before(figure.date)), None)
    assert row.yoy == (Fraction(figure.value) / Fraction(before.value) - 1 if before else None)


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(1, 98))
def test_the_implied_base_gives_back_the_phase(base: int, increase: int, percent: int) -> None:
    share = Fraction(percent, 100)
    target = base + increase
    phase = base + share * increase
    implied = implied_base(phase, target, Decimal(percent) / 100, 2)
    assert implied is not None
    assert implied.value == base
    assert implied.low <= base <= implied.high
