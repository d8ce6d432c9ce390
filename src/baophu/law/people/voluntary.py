"""Voluntary insurance: what a payment costs after support, when it is due, years ahead, missing months, money back.

Law 41/2024 arts 31, 36; Decree 159/2025 arts 5-8. State support is a share of 22 % of the rural poverty line, not of
the person's own contribution, for 120 months in all; local support is taken on the same sum, for every month paid.
Support is fixed when the payment is made: a later change of the person's group or of the line does not touch it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from fractions import Fraction

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.months import last_day, months_later
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import LAW_2024, YEAR, Figures, amount_of, held, teller, whole
from baophu.law.trace import Failed, Step

NO_SUPPORT = Fraction(0)
LAST_OF_OLD_LINE = Day(2026, 12, 31)


def poverty_line(book: Book, month: Day) -> Value:
    """Return the rural poverty line that is the least income, as the switch `voluntary_floor_2027` has it."""
    old = book.switch("voluntary_floor_2027", month) == "old_line"
    return book.value("rural_poverty_line", min(month, LAST_OF_OLD_LINE) if old else month)


@dataclass(frozen=True, slots=True)
class Income:
    """The income that counts: the chosen one between the poverty line and the ceiling of the month."""

    amount: int
    counted: str | None
    parameters: tuple[Value, ...]

    def contribution(self, rate: Value) -> int:
        """Return the contribution of one month."""
        return whole(rate.fraction * self.amount)


def income_of(book: Book, month: Day, chosen: int) -> Income:
    """Return the income of a month after floor and ceiling (Law 41/2024 art. 31(2)).

    For months before the first reference level that is held the ceiling is not known and not asked.
    """
    line = poverty_line(book, month)
    level = held(book, "reference_level", month)
    if chosen < line.amount:
        return Income(line.amount, "floor", (line,))
    if level is None:
        return Income(chosen, None, (line,))
    times = book.value("voluntary_income_ceiling_multiple", month)
    most = whole(level.fraction * times.fraction)
    if chosen > most:
        return Income(most, "ceiling", (level, times))
    return Income(chosen, None, (line, level, times))


@dataclass(frozen=True, slots=True)
class Support:
    """The State's support of one month: the best rate of the person's groups, and its amount."""

    rate: Fraction
    monthly: int
    base: Fraction
    parameters: tuple[Value, ...]
    failed: tuple[Failed, ...]


def support_of(book: Book, month: Day, groups: Sequence[str]) -> Support:
    """Return the support of one month: of several groups the highest rate counts (Decree 159/2025 art. 5(1)).

    A group for which there was no rate of its own yet counts as `other`. Before the State supported at all it is 0.
    """
    line, rate = poverty_line(book, month), book.value("voluntary_rate", month)
    base = rate.fraction * line.fraction
    rates = [value for group in groups if (value := _support_value(book, month, group))]
    best = max(rates, key=lambda value: value.fraction, default=None)
    if best is None:
        words = Text("thuộc một nhóm được hỗ trợ trong tháng", "in a group that is supported in the month")
        none = Failed("voluntary.support", words, "Decree 159/2025/NĐ-CP art. 5(1)")
        return Support(NO_SUPPORT, 0, base, (line, rate), (none,))
    failed = tuple(_lower_rate(value) for value in rates if value.fraction < best.fraction)
    return Support(best.fraction, whole(best.fraction * base), base, (best, rate, line), failed)


def _support_value(book: Book, month: Day, group: str) -> Value | None:
    own = held(book, "voluntary_support", month, support_group=group)
    return own or held(book, "voluntary_support", month, support_group="other")


def _lower_rate(value: Value) -> Failed:
    group = value.dims["support_group"]
    words = Text(f"mức của nhóm {group} là mức cao nhất", f"the rate of {group} is the highest")
    return Failed("voluntary.highest_rate", words, value.basis)


def months_of_method(book: Book, method: str, on: Day) -> Value:
    """Return how many months one payment covers."""
    return book.value("voluntary_cycle_months", on, voluntary_method=method)


def voluntary_net(
    book: Book,
    *,
    month: Day,
    income: int,
    support_groups: Sequence[str],
    method: str = "monthly",
    months_supported_before: int = 0,
    local_rate: Fraction = NO_SUPPORT,
) -> Figures:
    """Return the figures of topic `voluntary_net`: one payment, its support and what is left to pay, in VND."""
    tell = teller("voluntary_net")
    cycle, rate = months_of_method(book, method, month), book.value("voluntary_rate", month)
    counted, support = income_of(book, month, income), support_of(book, month, support_groups)
    most = book.value("voluntary_support_months", max(month, _first_support(book)))
    left = max(most.amount - months_supported_before, 0)
    supported = min(cycle.amount, left) if support.rate else 0

    support_rate = tell.figure(
        "support_rate",
        support.rate,
        article="Decree 159/2025/NĐ-CP art. 5(1)",
        parameters=support.parameters,
        failed=support.failed,
    )
    supported_months = tell.figure(
        "supported_months",
        supported,
        article="Decree 159/2025/NĐ-CP art. 5(2)",
        parameters=[cycle, most],
        parts=[tell.given("months_supported_before", months_supported_before)],
        failed=[_limit(left, cycle.amount)] if supported < cycle.amount and support.rate else [],
    )
    gross = tell.figure(
        "gross",
        counted.contribution(rate) * cycle.amount,
        article="Law 41/2024/QH15 art. 36(1)",
        parameters=[rate, cycle, *counted.parameters],
        parts=[tell.given("income", income)],
        counted=counted.counted,
    )
    state = tell.figure(
        "state_support",
        support.monthly * supported,
        article="Decree 159/2025/NĐ-CP art. 5",
        parts=[support_rate, supported_months],
    )
    local = _local_support(support, local_rate, cycle.amount, amount_of(gross) - amount_of(state))
    net = amount_of(gross) - amount_of(state) - amount_of(local)
    return {
        "support_rate": support_rate,
        "supported_months": supported_months,
        "gross": gross,
        "state_support": state,
        "local_support": local,
        "net": tell.figure("net", net, article="Decree 159/2025/NĐ-CP art. 5(3)(a)", parts=[gross, state, local]),
    }


def _first_support(book: Book) -> Day:
    return book.history("voluntary_support_months")[0].valid_from


def _limit(left: int, months: int) -> Failed:
    words = Text(f"còn đủ {months} tháng được hỗ trợ (còn {left})", f"{months} months of support are left ({left} are)")
    return Failed("voluntary.support_months", words, "Decree 159/2025/NĐ-CP art. 5(2)")


def _local_support(support: Support, rate: Fraction, months: int, left: int) -> Step:
    """Return the local support of all months, never more than what the person has to pay."""
    tell = teller("voluntary_net")
    full = whole(rate * support.base) * months
    return tell.figure(
        "local_support",
        min(full, left),
        article="Decree 159/2025/NĐ-CP art. 5(1)",
        parameters=[value for value in support.parameters if value.name != "voluntary_support"],
        parts=[tell.given("local_rate", rate)],
        counted="ceiling" if full > left else None,
    )


def voluntary_due_date(book: Book, *, method: str, cycle_start: Day) -> Figures:
    """Return the figure of topic `voluntary_due_date`: the last day of the month by which a payment is due."""
    tell = teller("voluntary_due_date")
    # The rules before 2025-07 (Decree 134/2015) gave the same time.
    place = book.value("voluntary_due_month", max(cycle_start, LAW_2024), voluntary_method=method)
    day = last_day(months_later(cycle_start, place.amount - 1))
    due = tell.figure(
        "due",
        day,
        article="Law 41/2024/QH15 art. 36(3)",
        parameters=[place],
        parts=[tell.given("cycle_start", f"{cycle_start:%Y-%m}"), tell.given("method", method)],
    )
    return {"due": due}


def voluntary_prepay(
    book: Book,
    *,
    kind: str,
    income: int,
    override: Mapping[str, Fraction],
    years: int = 0,
    months: int = 0,
    on: Day = LAW_2024,
) -> Figures:
    """Return the figures of topic `voluntary_prepay`: one sum for all months, rounded once (Decree 159/2025 arts 6-7).

    Years ahead are discounted by the fund's monthly yield, the first month not; missing months bear it, the last paid
    for one month and the first for all of them.
    """
    tell = teller("voluntary_prepay")
    ahead = kind == "years_ahead"
    count = years * YEAR if ahead else months
    rate, fund_yield = book.value("voluntary_rate", on), override["monthly_fund_yield"]
    monthly = rate.fraction * income
    exact = discounted(monthly, fund_yield, 0, count) if ahead else compounded(monthly, fund_yield, count)
    given = Step(
        "given.monthly_fund_yield",
        Text("Lãi suất đầu tư quỹ bình quân tháng của năm trước", "Mean monthly yield of the fund in the year before"),
        fund_yield,
        "fraction",
    )
    length = tell.given("years", years) if ahead else tell.given("months", months)
    article = "Decree 159/2025/NĐ-CP art. 6(2)" if ahead else "Decree 159/2025/NĐ-CP art. 7(2)"
    parts = [tell.given("income", income), length]
    return {
        "gross": tell.figure("gross", whole(exact), article=article, parameters=[rate], parts=[*parts, given]),
        "undiscounted": tell.figure("undiscounted", whole(monthly * count), parameters=[rate], parts=parts),
    }


def discounted(monthly: Fraction, fund_yield: Fraction, first: int, count: int) -> Fraction:
    """Return the sum of months `first` to `count - 1`, each divided by (1 + yield) to the power of its place."""
    if fund_yield == 0:
        return monthly * (count - first)
    factor = 1 / (1 + fund_yield)
    return monthly * (factor**first - factor**count) / (1 - factor)


def compounded(monthly: Fraction, fund_yield: Fraction, count: int) -> Fraction:
    """Return the sum of `count` months that bear the yield for 1, 2, … `count` months."""
    if fund_yield == 0:
        return monthly * count
    factor = 1 + fund_yield
    return monthly * factor * (factor**count - 1) / fund_yield


def voluntary_refund(
    book: Book, *, month: Day, method: str, income: int, support_groups: Sequence[str], months_left: int
) -> Figures:
    """Return the figure of topic `voluntary_refund`: the person's own money for the months left (art. 8(2))."""
    tell = teller("voluntary_refund")
    cycle, rate = months_of_method(book, method, month), book.value("voluntary_rate", month)
    if months_left > cycle.amount:
        raise BaophuError(
            Text(
                f"Lần đóng {method} chỉ có {cycle.amount} tháng, không thể còn lại {months_left} tháng.",
                f"A payment {method} covers {cycle.amount} months; {months_left} cannot be left of it.",
            )
        )
    counted, support = income_of(book, month, income), support_of(book, month, support_groups)
    own = counted.contribution(rate) - min(support.monthly, counted.contribution(rate))
    monthly = Step(
        "own_money",
        Text("Tiền của người tham gia cho một tháng", "The participant's own money for one month"),
        own,
        "vnd",
        article="Decree 159/2025/NĐ-CP art. 8(2)",
        parameters=(rate, *counted.parameters, *support.parameters),
        counted=counted.counted,
    )
    refund = tell.figure(
        "refund",
        own * months_left,
        article="Decree 159/2025/NĐ-CP art. 8(2)",
        parts=[monthly, tell.given("months_left", months_left)],
    )
    return {"refund": refund}
