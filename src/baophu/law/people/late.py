"""Due dates, whether a conduct is late payment or evasion on a day, and the charge a day, for single cases.

Law 41/2024 arts 28, 33-34, 38-41, 141(12); Decree 274/2025 arts 4-6. How days are counted is not settled in the texts:
`start_day_counted` says whether the day from which a period runs is its day 1 or the day before it, for all periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from typing import cast

from baophu.core.languages import Text
from baophu.law.due_dates import due_of
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import Figures, amount_of, day_of, teller, whole
from baophu.law.trace import Failed, Step

DAY = timedelta(days=1)
PAYERS = {"employer": "employer", "self_paying_owner": "owner"}
CYCLES = {"monthly": "monthly", "three_monthly": "quarterly", "six_monthly": "half_yearly"}


def due_date(book: Book, *, pay_cycle: str, cycle_start: Day, payer: str = "employer") -> Figures:
    """Return the figures of topic `due_date`."""
    tell = teller("due_date")
    found = due_of(book, PAYERS[payer], CYCLES[pay_cycle], cycle_start)
    parts = [tell.given("cycle_start", f"{cycle_start:%Y-%m}"), tell.given("pay_cycle", pay_cycle)]
    due = tell.figure("due", found.day, article=found.parameters[-1].basis, parameters=found.parameters, parts=parts)
    late = tell.figure("first_late_day", found.day + DAY, article="Decree 274/2025/NĐ-CP art. 6(1)", parts=[due])
    return {"due": due, "first_late_day": late}


def nth_day(start: Day, number: int, start_day_counted: bool) -> Day:
    """Return the day of a number in a period that runs from `start`.

    >>> nth_day(Day(2026, 5, 10), 15, True), nth_day(Day(2026, 5, 10), 15, False)
    (datetime.date(2026, 5, 24), datetime.date(2026, 5, 25))
    """
    return start + timedelta(days=number - 1 if start_day_counted else number)


@dataclass(frozen=True, slots=True)
class Case:
    """The days of one conduct: from when it is late, from when it would be evasion, and why not."""

    late_from: Day
    evasion_from: Day | None
    due: Step
    register_by: Step | None = None
    late_until: Step | None = None
    parameters: tuple[Value, ...] = ()
    failed: tuple[Failed, ...] = ()
    article: str = ""


def late_class(
    book: Book,
    *,
    conduct: str,
    start_day_counted: bool,
    as_of: Day,
    fund: str = "si",
    month: Day | None = None,
    liable_from: Day | None = None,
    urged_on: Day | None = None,
    excuse: str = "none",
) -> Figures:
    """Return the figures of topic `late_class`: the class on `as_of`, and the days between which it changes.

    Old debts fall under the new rules from their first day on (art. 141(12)): no evasion begins before it. On an
    earlier day the law of 2014 holds, which knows no evasion by days and another interest: what is unpaid then is late.
    """
    tell = teller("late_class")
    new_law = book.value("late_rules_from", as_of)
    on = max(as_of, new_law.day)
    if conduct == "not_registered":
        case = _not_registered(book, on, cast(Day, liable_from), start_day_counted, fund)
    else:
        case = (
            _unpaid(book, on, cast(Day, month), start_day_counted, urged_on, as_of, fund)
            if conduct == "registered_unpaid"
            else _base_too_low(book, cast(Day, month), fund)
        )

    old = as_of < new_law.day
    failed = list(case.failed)
    evasion_from = max(case.evasion_from, new_law.day) if case.evasion_from else None
    if excuse != "none":
        words = Text("không có lý do chính đáng", "there is no excuse that counts")
        failed.append(Failed("late.excuse", words, "Law 41/2024/QH15 art. 39(2); Decree 274/2025/NĐ-CP art. 4"))
        evasion_from = None
    is_late = as_of >= case.late_from
    found = "none" if not is_late else "late"
    if not old and evasion_from is not None and as_of >= evasion_from:
        found = "evasion"
    excused = excuse != "none" or found == "late"
    article = _late_article(conduct, fund, excuse) if excused else case.article

    regime = tell.figure(
        "regime",
        "law_2014" if old else "law_2024",
        article="Law 41/2024/QH15 art. 141(12)",
        parameters=[new_law],
    )
    evasion = tell.figure(
        "evasion_from", evasion_from, article=case.article, parameters=case.parameters, parts=[case.due], failed=failed
    )
    charged = found != "none" and not old
    rate = book.value("daily_charge_rate", as_of) if charged else None
    figures = {
        "class": tell.figure(
            "class",
            found,
            article=article if found != "none" else None,
            parts=[step for step in (case.due, case.register_by, case.late_until, evasion, regime) if step],
            failed=failed,
        ),
        "due": case.due,
        "evasion_from": evasion,
        "regime": regime,
        "daily_rate": tell.figure(
            "daily_rate",
            rate.fraction if rate else None,
            article="Law 41/2024/QH15 arts 40(1), 41(1)",
            parameters=[rate] if rate else [],
        ),
    }
    for step in (case.register_by, case.late_until):
        if step:
            figures[step.id] = step
    return {name: figures.get(name) or tell.figure(name, None) for name in tell.form.expected}


def _late_article(conduct: str, fund: str, excuse: str) -> str:
    if excuse != "none":
        return "Law 41/2024/QH15 art. 38(4)"
    if conduct == "not_registered":
        return f"Law 41/2024/QH15 art. 38({2 if fund == 'si' else 3})"
    return "Law 41/2024/QH15 art. 38(1)"


def _due_step(book: Book, month: Day) -> Step:
    found = due_of(book, "employer", "monthly", month)
    return teller("late_class").figure(
        "due", found.day, article="Law 41/2024/QH15 art. 34(4)(a)", parameters=found.parameters
    )


def _not_registered(book: Book, on: Day, liable_from: Day, start_day_counted: bool, fund: str) -> Case:
    """Thirty days to register, then sixty in which it is late payment only (arts 28(1), 38(2)-(3), 39(1)(a)-(b))."""
    tell = teller("late_class")
    limit, grace = book.value("registration_days", on), book.value("unregistered_grace_days", on)
    by = nth_day(liable_from, limit.amount, start_day_counted)
    until = nth_day(by, grace.amount, start_day_counted)
    register_by = tell.figure("register_by", by, article="Law 41/2024/QH15 art. 28(1)", parameters=[limit])
    late_until = tell.figure(
        "late_until", until, article=_late_article("not_registered", fund, "none"), parameters=[grace]
    )
    return Case(
        late_from=by + DAY,
        evasion_from=until + DAY,
        due=_due_step(book, liable_from.replace(day=1)),
        register_by=register_by,
        late_until=late_until,
        parameters=(limit, grace),
        article=f"Law 41/2024/QH15 art. 39(1)({'a' if fund == 'si' else 'b'})",
    )


def _base_too_low(book: Book, month: Day, fund: str) -> Case:
    """A base below the legal one is evasion at once, from the day after the due date (art. 39(1)(c)-(d))."""
    due = _due_step(book, month)
    return Case(
        late_from=day_of(due) + DAY,
        evasion_from=day_of(due) + DAY,
        due=due,
        article=f"Law 41/2024/QH15 art. 39(1)({'c' if fund == 'si' else 'd'})",
    )


def _unpaid(
    book: Book, on: Day, month: Day, start_day_counted: bool, urged_on: Day | None, as_of: Day, fund: str
) -> Case:
    """Unpaid is evasion after sixty days and a written demand (art. 39(1)(đ)-(e), Decree 274/2025 art. 6(2)(c))."""
    due = _due_step(book, month)
    grace, in_time = book.value("unpaid_grace_days", on), book.value("urging_days", on)
    from_day = book.value("urged_from_day", on)
    point = "đ" if fund == "si" else "e"
    article = f"Law 41/2024/QH15 art. 39(1)({point})"
    after = nth_day(day_of(due), grace.amount, start_day_counted) + DAY
    if urged_on is None or urged_on > as_of or urged_on <= day_of(due):
        words = Text(
            f"đã được đôn đốc bằng văn bản sau hạn đóng, đến ngày {as_of:%d/%m/%Y}",
            f"a written demand was made after the due date, by {as_of.isoformat()}",
        )
        failed = (Failed("late.urged", words, article),)
        return Case(day_of(due) + DAY, None, due, parameters=(grace,), failed=failed, article=article)
    if urged_on <= nth_day(day_of(due), in_time.amount, start_day_counted):
        return Case(day_of(due) + DAY, after, due, parameters=(grace, in_time), article=article)
    words = Text(
        f"đôn đốc trong {in_time.amount} ngày sau hạn đóng",
        f"the demand was made within {in_time.amount} days after the due date",
    )
    failed = (Failed("late.urged_in_time", words, in_time.basis),)
    begins = max(after, nth_day(urged_on, from_day.amount, start_day_counted))
    return Case(day_of(due) + DAY, begins, due, parameters=(grace, in_time, from_day), failed=failed, article=article)


# The rates by which a shortfall is worked out: fund, who pays, and the parameter.
_FUND_RATES = {
    "sick_maternity": ("rate.sickness_maternity.worker", "rate.sickness_maternity.employer"),
    "retirement": ("rate.retirement.worker", "rate.retirement.employer"),
    "accident": ("rate.accident.employer",),
    "unemployment": ("rate.unemployment.worker", "rate.unemployment.employer"),
}


def late_charge(
    book: Book,
    *,
    form: str,
    payer: str = "employer",
    amount: int = 0,
    days: int = 0,
    month: Day | None = None,
    funds: Sequence[str] = (),
    registered_base: int = 0,
    legal_base: int = 0,
    paid_on: Day | None = None,
    last_day_counted: bool = False,
) -> Figures:
    """Return the figures of topic `late_charge`: amount x 0.03 % x days, not compounded, half up to the dong."""
    tell = teller("late_charge")
    rules_from = book.value("late_rules_from", paid_on or Day.max)
    rate = book.value("daily_charge_rate", max(paid_on or rules_from.day, rules_from.day))
    article = "Decree 158/2025/NĐ-CP art. 8" if payer == "self_paying_owner" else "Law 41/2024/QH15 arts 40(1), 41(1)"
    shortfall = first = None
    sum_owed = tell.given("amount", amount)
    if form == "base_too_low":
        shortfall = _shortfall(book, payer, cast(Day, month), funds, registered_base, legal_base)
        first = _first_day(book, payer, cast(Day, month), rules_from)
        amount, sum_owed = amount_of(shortfall), shortfall
        days = max((cast(Day, paid_on) - day_of(first)).days + last_day_counted, 0)
    length = tell.figure("days", days, article="Decree 274/2025/NĐ-CP art. 6", parts=[first] if first else [])
    charge = tell.figure(
        "charge",
        whole(rate.fraction * amount * days),
        article=article,
        parameters=[rate],
        parts=[sum_owed, length],
    )
    return {
        "shortfall": shortfall or tell.figure("shortfall", None),
        "first_day": first or tell.figure("first_day", None),
        "days": length,
        "charge": charge,
    }


def _shortfall(book: Book, payer: str, month: Day, funds: Sequence[str], registered_base: int, legal_base: int) -> Step:
    """Return what is missing: each part by the legal base less the same part by the registered one."""
    tell = teller("late_charge")
    group = "m" if payer == "self_paying_owner" else "a"
    rates = []
    for fund in funds:
        for name in _FUND_RATES[fund]:
            dims = {"group": group} | ({"accident": "standard"} if fund == "accident" else {})
            rates.append(book.value(name, month, **dims))
    missing = sum(whole(rate.fraction * legal_base) - whole(rate.fraction * registered_base) for rate in rates)
    return tell.figure(
        "shortfall",
        max(missing, 0),
        article="Decree 274/2025/NĐ-CP art. 5",
        parameters=[rate for rate in rates if rate.value],
        parts=[tell.given("registered_base", registered_base), tell.given("legal_base", legal_base)],
    )


def _first_day(book: Book, payer: str, month: Day, rules_from: Value) -> Step:
    """Return the day after the due date; by the switch, not before the first day of the new rules."""
    due = due_of(book, PAYERS[payer], "monthly", month)
    earlier = book.switch("charge_days_before_2025_07", month) == "counted"
    day = due.day + DAY if earlier else max(due.day + DAY, rules_from.day)
    return teller("late_charge").figure(
        "first_day",
        day,
        article="Decree 274/2025/NĐ-CP art. 6(2)(b)",
        parameters=[*due.parameters, *([rules_from] if day == rules_from.day else [])],
    )
