"""Health insurance of households and students: shares of 4.5 % of the base salary."""

from __future__ import annotations

from datetime import date as Day

from baophu.core.languages import Text
from baophu.law.parameters import Book
from baophu.law.people.telling import YEAR, Figures, amount_of, teller, whole
from baophu.law.trace import Step


def health_household(book: Book, *, month: Day, members: int) -> Figures:
    """Return the figures of topic `health_household`: each member pays a share of what the first pays."""
    tell = teller("health_household")
    level, rate = book.value("reference_level", month), book.value("rate.health.total", month)
    steps = book.history("health_household_step")
    last = max(int(step.dims["member"]) for step in steps)
    rows = []
    for number in range(1, members + 1):
        share = book.value("health_household_step", month, member=str(min(number, last)))
        rows.append(
            Step(
                f"member_{number}",
                Text(f"Người thứ {number}", f"Member {number}"),
                whole(level.fraction * rate.fraction * share.fraction),
                "vnd_per_month",
                rule="health_household.member",
                article=share.basis,
                parameters=(level, rate, share),
            )
        )
    by_member = tell.figure("monthly_by_member", sum(amount_of(row) for row in rows), parts=rows)
    year = tell.figure("first_member_year", YEAR * amount_of(rows[0]), parts=[rows[0]])
    return {"monthly_by_member": by_member, "first_member_year": year}


def health_student(book: Book, *, month: Day, months: int) -> Figures:
    """Return the figures of topic `health_student`: base salary and support of the month of payment hold throughout."""
    tell = teller("health_student")
    level, rate = book.value("reference_level", month), book.value("rate.health.total", month)
    support = book.value("student_support", month)
    total = tell.figure(
        "total",
        whole(level.fraction * rate.fraction) * months,
        article=rate.basis,
        parameters=[level, rate],
        parts=[tell.given("months", months)],
    )
    state = tell.figure(
        "state_pays",
        whole(support.fraction * amount_of(total)),
        article=support.basis,
        parameters=[support],
        parts=[total],
    )
    student = tell.figure("student_pays", amount_of(total) - amount_of(state), parts=[total, state])
    return {"total": total, "student_pays": student, "state_pays": state}
