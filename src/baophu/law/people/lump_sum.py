"""Money instead of a pension, and money of the oldest: withdrawal, bridge allowance, social pension, yearly rises.

Law 41/2024 arts 21-23, 67, 70, 102; Decree 159/2025 arts 9, 14; Decrees 75/2024 and 162/2026.
"""

from __future__ import annotations

from datetime import date as Day
from fractions import Fraction

from baophu.core.languages import Text
from baophu.law.parameters import Book
from baophu.law.people.pension import years_of
from baophu.law.people.telling import LAW_2024, YEAR, Figures, amount_of, teller, whole, whole_up
from baophu.law.trace import Failed, Step


def lump_sum(
    book: Book,
    *,
    average_base: int,
    months_before_2014: int = 0,
    months_from_2014: int = 0,
    on: Day = LAW_2024,
) -> Figures:
    """Return the figure of topic `lump_sum`: months of the average for each year, State support not yet taken off.

    Odd months before 2014 move to the time after it, where there is such a time (art. 70(3)(a)).
    """
    tell = teller("lump_sum")
    given = [
        tell.given("months_before_2014", months_before_2014),
        tell.given("months_from_2014", months_from_2014),
        tell.given("average_base", average_base),
    ]
    if months_before_2014 + months_from_2014 < YEAR:
        return {"amount": _money_paid(book, months_before_2014 + months_from_2014, average_base, given, on)}
    moved = months_before_2014 % YEAR if months_from_2014 else 0
    parts = []
    months = Fraction(0)
    for period, paid in (("before_2014", months_before_2014 - moved), ("from_2014", months_from_2014 + moved)):
        times, years = book.value("lump_sum_months", on, lump_period=period), years_of(book, paid, on)
        months += times.fraction * years
        title = Text("Số năm trước 2014", "Years before 2014")
        if period == "from_2014":
            title = Text("Số năm từ 2014", "Years from 2014")
        parts.append(Step(f"years_{period}", title, years, "years", article=times.basis, parameters=(times,)))
    amount = tell.figure(
        "amount",
        whole(months * average_base),
        article="Law 41/2024/QH15 arts 70(3), 102(2)",
        parts=[*parts, *given],
    )
    return {"amount": amount}


def _money_paid(book: Book, months: int, average_base: int, given: list[Step], on: Day) -> Step:
    """Return the money paid in less than a year, limited in months of the average (art. 70(3)(c))."""
    shares = [book.value(f"rate.retirement.{payer}", on, group="a") for payer in ("worker", "employer")]
    limit = book.value("lump_sum_short_months", on)
    paid = sum((share.fraction for share in shares), Fraction(0)) * average_base * months
    most = limit.fraction * average_base
    return teller("lump_sum").figure(
        "amount",
        whole(min(paid, most)),
        article="Law 41/2024/QH15 art. 70(3)(c)",
        parameters=[*shares, limit],
        parts=given,
        counted="ceiling" if paid > most else None,
        failed=[Failed("lump_sum.a_year", Text("đóng đủ một năm", "a year or more was paid"))],
    )


def bridge_allowance(
    book: Book,
    *,
    date: Day,
    contribution_months: int,
    average_base: int,
    months_to_social_pension_age: int,
) -> Figures:
    """Return the figures of topic `bridge_allowance` (Decree 159/2025 art. 14(3), (5), (7)-(8))."""
    tell = teller("bridge_allowance")
    pension, multiple = book.value("social_pension", date), book.value("bridge_allowance_multiple", date)
    years = years_of(book, contribution_months, date)
    months = whole_up(average_base * multiple.fraction * years / pension.amount)
    wanted = months_to_social_pension_age
    formula_months = tell.figure(
        "formula_months",
        months,
        article="Decree 159/2025/NĐ-CP art. 14(3)",
        parameters=[multiple, pension],
        parts=[
            tell.given("average_base", average_base),
            Step("years_counted", Text("Số năm được tính", "Years counted"), years, "years"),
        ],
    )
    until = tell.given("months_to_social_pension_age", wanted)
    top_up = tell.figure(
        "top_up",
        max(wanted - months, 0) * pension.amount,
        article="Decree 159/2025/NĐ-CP art. 14(5)",
        parameters=[pension],
        parts=[formula_months, until],
    )
    monthly = tell.figure(
        "monthly",
        whole(pension.amount + Fraction(max(months - wanted, 0) * pension.amount, wanted)),
        article="Decree 159/2025/NĐ-CP art. 14(8)" if months > wanted else "Decree 159/2025/NĐ-CP art. 14(7)",
        parameters=[pension],
        parts=[formula_months, until],
    )
    return {"formula_months": formula_months, "top_up": top_up, "monthly": monthly}


def social_pension(
    book: Book,
    *,
    date: Day,
    age: int,
    household: str = "ordinary",
    has_pension_or_allowance: bool = False,
    local_supplement: int = 0,
) -> Figures:
    """Return the figures of topic `social_pension`; who is not eligible gets 0."""
    tell = teller("social_pension")
    first = book.history("social_pension")[0]
    on = max(date, first.valid_from)
    least, pension = book.value("social_pension_age", on, household=household), book.value("social_pension", on)
    failed = []
    if date < first.valid_from:
        words = Text(f"từ ngày {first.valid_from:%d/%m/%Y}", f"it is {first.valid_from.isoformat()} or later")
        failed.append(Failed("social_pension.begins", words, first.basis))
    if age < least.amount:
        words = Text(f"từ đủ {least.amount} tuổi", f"aged {least.amount} or more")
        failed.append(Failed("social_pension.age", words, least.basis))
    if has_pension_or_allowance:
        words = Text("không hưởng lương hưu, trợ cấp hằng tháng", "no pension or monthly allowance is received")
        failed.append(Failed("social_pension.other", words, "Law 41/2024/QH15 art. 21(1)(b)"))
    eligible = tell.figure(
        "eligible",
        not failed,
        article="Law 41/2024/QH15 art. 21",
        parameters=[least],
        parts=[tell.given("age", age), tell.given("household", household)],
        failed=failed,
    )
    monthly = tell.figure(
        "monthly",
        0 if failed else pension.amount + local_supplement,
        article="Law 41/2024/QH15 art. 22",
        parameters=[] if failed else [pension],
        parts=[eligible, tell.given("local_supplement", local_supplement)],
    )
    return {"eligible": eligible, "monthly": monthly}


def pension_adjustment(book: Book, *, adjusted_on: Day, monthly_before: int, awarded_before_1995: bool) -> Figures:
    """Return the figures of topic `pension_adjustment`; on a day without an adjustment the amount stays."""
    tell = teller("pension_adjustment")
    rise = book.value("pension_adjustment", adjusted_on)
    failed = []
    if rise.valid_from != adjusted_on:
        words = Text("có điều chỉnh vào ngày này", "there is an adjustment on this day")
        failed.append(Failed("pension_adjustment.day", words, rise.basis))
    after = monthly_before if failed else whole((1 + rise.fraction) * monthly_before)
    after_percentage = tell.figure(
        "after_percentage",
        after,
        article=rise.basis,
        parameters=[] if failed else [rise],
        parts=[tell.given("monthly_before", monthly_before)],
        failed=failed,
    )
    if failed or not awarded_before_1995:
        if not failed:
            words = Text("hưởng trước năm 1995", "awarded before 1995")
            failed.append(Failed("pension_adjustment.before_1995", words, rise.basis))
        monthly = tell.figure("monthly_after", after, article=rise.basis, parts=[after_percentage], failed=failed)
        return {"after_percentage": after_percentage, "monthly_after": monthly}
    return {"after_percentage": after_percentage, "monthly_after": _lifted(book, adjusted_on, after_percentage)}


def _lifted(book: Book, on: Day, after_percentage: Step) -> Step:
    """Raise the pensions of before 1995: the lowest by a sum, those just above it to a level."""
    low, addition, lift = (book.value(f"pension_adjustment_{name}", on) for name in ("low", "addition", "lift"))
    after = amount_of(after_percentage)
    raised = after + addition.amount if after <= low.amount else max(after, lift.amount)
    return teller("pension_adjustment").figure(
        "monthly_after",
        raised,
        article=lift.basis,
        parameters=[low, addition, lift],
        parts=[after_percentage],
    )
