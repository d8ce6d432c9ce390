"""The retirement age and the first month of pension (Decree 135/2020 arts 3-5, Annexes I and II)."""

from __future__ import annotations

from datetime import date as Day

from baophu.core.months import months_later
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import YEAR, Figures, held, month_words, teller

NORMAL = "normal"
FIVE_YEARS = 60


def retirement_age(book: Book, *, sex: str, birth_month: Day, age_case: str = NORMAL) -> Figures:
    """Return the figures of topic `retirement_age`.

    The age rises by the calendar year: a person's is that of the first year in which it is reached by December. The
    pension begins with the month after.
    """
    tell = teller("retirement_age")
    value, months = age_at_retirement(book, sex, birth_month, age_case)
    reached = months_later(birth_month, months)
    parts = [tell.given("birth_month", month_words(birth_month)), tell.given("sex", sex)]
    years, odd = divmod(months, YEAR)
    article = "Decree 135/2020/NĐ-CP art. 4" if age_case == NORMAL else "Decree 135/2020/NĐ-CP art. 5"
    age_years = tell.figure("age_years", years, article=article, parameters=[value], parts=parts)
    age_months = tell.figure("age_months", odd, article=article, parameters=[value])
    start = tell.figure(
        "pension_start",
        month_words(months_later(reached, 1)),
        article="Decree 135/2020/NĐ-CP art. 3",
        parts=[age_years, age_months],
    )
    return {"age_years": age_years, "age_months": age_months, "pension_start": start}


def age_at_retirement(book: Book, sex: str, birth_month: Day, age_case: str = NORMAL) -> tuple[Value, int]:
    """Return the retirement age of a person in months, and the parameter that sets it."""
    year = max(birth_month.year, book.history("retirement_age_months", sex=sex)[0].valid_from.year)
    while True:
        value, months = _age_in(book, sex, year, age_case)
        if months_later(birth_month, months).year <= year:
            return value, months
        year += 1


def _age_in(book: Book, sex: str, year: int, age_case: str) -> tuple[Value, int]:
    """Return the age of a year; before Annex II began, the lower one was five years below the normal one too."""
    on = Day(year, 1, 1)
    normal = book.value("retirement_age_months", on, sex=sex)
    if age_case == NORMAL:
        return normal, normal.amount
    lower = held(book, "retirement_age_floor_months", on, sex=sex)
    return (lower, lower.amount) if lower else (normal, normal.amount - FIVE_YEARS)
