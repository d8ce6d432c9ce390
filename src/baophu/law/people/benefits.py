"""Unemployment and sickness benefits (Law 74/2025 arts 38-39, Law 41/2024 arts 43, 45)."""

from __future__ import annotations

from datetime import date as Day

from baophu.core.languages import Text
from baophu.law.parameters import Book
from baophu.law.people.telling import LAW_2024, YEAR, Figures, amount_of, teller, whole
from baophu.law.trace import Failed, Step

LONG, LONGEST = 15, 30  # years paid from which more days of sickness are paid (Law 41/2024 art. 43(1))


def ui_benefit(book: Book, *, contract_end: Day, ui_months: int, average_6_months: int, region: str) -> Figures:
    """Return the figures of topic `ui_benefit`; who is not eligible gets 0.

    Before 2026 Law 38/2013 arts 49-50 gave the same to workers with pay set by the employer.
    """
    tell = teller("ui_benefit")
    on = max(contract_end, book.history("ui_benefit_rate")[0].valid_from)
    least = book.value("ui_benefit_least_months", on)
    failed = []
    if ui_months < least.amount:
        words = Text(f"đóng từ đủ {least.amount} tháng", f"{least.amount} months or more were paid")
        failed.append(Failed("ui_benefit.months", words, least.basis))
    eligible = tell.figure(
        "eligible",
        not failed,
        article="Law 74/2025/QH15 art. 38",
        parameters=[least],
        parts=[tell.given("ui_months", ui_months)],
        failed=failed,
    )
    rate, multiple = book.value("ui_benefit_rate", on), book.value("ui_benefit_ceiling_multiple", on)
    wage = book.value("regional_minimum_wage", contract_end, region=region)
    computed, most = rate.fraction * average_6_months, multiple.fraction * wage.fraction
    is_capped = not failed and computed > most
    monthly = tell.figure(
        "monthly",
        0 if failed else whole(min(computed, most)),
        article="Law 74/2025/QH15 art. 39(1)",
        parameters=[rate, multiple, wage],
        parts=[eligible, tell.given("average_6_months", average_6_months)],
        counted="ceiling" if is_capped else None,
    )
    months = _months(book, on, ui_months, eligible)
    return {
        "eligible": eligible,
        "monthly": monthly,
        "months": months,
        "total": tell.figure("total", amount_of(monthly) * amount_of(months), parts=[monthly, months]),
        "capped": tell.figure("capped", is_capped, article="Law 74/2025/QH15 art. 39(1)", parts=[monthly]),
    }


def _months(book: Book, on: Day, ui_months: int, eligible: Step) -> Step:
    """Return the months of benefit: the first few for up to 36 months paid, one more for each further year."""
    names = ("first_months", "first_until_months", "step_months", "most_months")
    values = [book.value(f"ui_benefit_{name}", on) for name in names]
    first, until, step, most = (value.amount for value in values)
    computed = first + max(ui_months - until, 0) // step
    months = min(computed, most) if eligible.value else 0
    return teller("ui_benefit").figure(
        "months",
        months,
        article="Law 74/2025/QH15 art. 39(2)",
        parameters=values,
        parts=[eligible],
        counted="ceiling" if eligible.value and computed > most else None,
    )


def sickness_benefit(
    book: Book,
    *,
    days: int,
    last_month_base: int,
    contribution_months: int,
    work_conditions: str = "normal",
    on: Day = LAW_2024,
) -> Figures:
    """Return the figures of topic `sickness_benefit`: the days of the year up to the limit, a 24th of a month each."""
    tell = teller("sickness_benefit")
    years = contribution_months // YEAR
    paid_years = "from_30" if years >= LONGEST else "from_15" if years >= LONG else "under_15"
    most = book.value("sickness_days", on, work_conditions=work_conditions, paid_years=paid_years)
    rate, divisor = book.value("sickness_rate", on), book.value("sickness_days_of_month", on)
    days_paid = tell.figure(
        "days_paid",
        min(days, most.amount),
        article="Law 41/2024/QH15 art. 43(1)",
        parameters=[most],
        parts=[tell.given("days", days), tell.given("contribution_months", contribution_months)],
        counted="ceiling" if days > most.amount else None,
    )
    amount = tell.figure(
        "amount",
        whole(rate.fraction * last_month_base * amount_of(days_paid) / divisor.amount),
        article="Law 41/2024/QH15 art. 45",
        parameters=[rate, divisor],
        parts=[tell.given("last_month_base", last_month_base), days_paid],
    )
    return {"days_paid": days_paid, "amount": amount}
