"""Until when contributions of a cycle of payment are to be paid: the one place that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from baophu.core.months import last_day, months_later

if TYPE_CHECKING:
    from baophu.law.parameters import Book, Value


@dataclass(frozen=True, slots=True)
class Due:
    """The last day to pay, and the parameters that say so."""

    day: date
    parameters: tuple[Value, ...]


def due_of(law: Book, payer: str, pay_method: str, cycle_start: date) -> Due:
    """Return when the cycle that begins with a month is due: the last day of the month after it.

    `payer` and `pay_method` are those of the parameter `cycle_months`. Law 41/2024/QH15 arts. 33(4)(b), 34(4); a day of
    rest moves nothing.
    """
    length = law.value("cycle_months", cycle_start, payer=payer, pay_method=pay_method)
    after = law.value("due_months_after_cycle", cycle_start, payer=payer)
    return Due(last_day(months_later(cycle_start, length.amount - 1 + after.amount)), (length, after))


def due_of_month(law: Book, payer: str, pay_method: str, month: date) -> Due:
    """Return when a month's contributions are due; cycles are those of the calendar (January to March, …)."""
    length = law.value("cycle_months", month, payer=payer, pay_method=pay_method).amount
    return due_of(law, payer, pay_method, date(month.year, (month.month - 1) // length * length + 1, 1))
