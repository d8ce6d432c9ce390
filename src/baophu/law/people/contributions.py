"""What is due for one person and month, and the highest bases of a month.

The rules of the worker-month are `worker_months`; here they are asked for one person in the words of the topics.
"""

from __future__ import annotations

from datetime import date as Day

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import Figures, teller, whole
from baophu.law.trace import Figure

OWN_CHOICE = ("g", "h", "m", "n")  # groups that choose their base (Law 41/2024 art. 31(1)(d))
PART_TIME = "l"


def contribution_due(
    book: Book,
    *,
    month: Day,
    group: str,
    region: str = "I",
    base_choice: str = "stated",
    pay_unit: str = "month",
    insurable_wage: int = 0,
    pay_rate: int = 0,
    units_in_month: int = 0,
    accident_rate: str = "standard",
    ui_relief: str = "none",
    months_since_hire: int = 0,
) -> Figures:
    """Return the figures of topic `contribution_due`: bases and parts in VND, each part rounded on its own.

    The region only sets the ceiling of unemployment insurance; groups that are not in it need none.
    """
    if base_choice != "stated" and group not in OWN_CHOICE:
        raise _only_for("base_choice", base_choice, OWN_CHOICE)
    if pay_unit != "month" and group != PART_TIME:
        raise _only_for("pay_unit", pay_unit, (PART_TIME,))
    return _worker_month(
        book,
        tuple(teller("contribution_due").form.expected),
        month=month,
        group_code=group,
        region=region,
        wage=insurable_wage,
        base_choice=base_choice,
        pay_unit=pay_unit,
        pay_rate=pay_rate,
        units_in_month=units_in_month,
        reduced_accident=accident_rate == "reduced",
        ui_relief=ui_relief,
        months_since_hire=months_since_hire,
    )


def absence(
    book: Book,
    *,
    month: Day,
    group: str,
    region: str,
    insurable_wage: int,
    absence_kind: str,
    absent_working_days: int,
    work_month: str = "ordinary",
    agreed_to_pay: bool = False,
    last_base: int = 0,
) -> Figures:
    """Return the figures of topic `absence`: the worker's parts in a month with days off, in VND."""
    return _worker_month(
        book,
        tuple(teller("absence").form.expected),
        month=month,
        group_code=group,
        region=region,
        wage=insurable_wage,
        unpaid_days=absent_working_days,
        absence_kind=absence_kind,
        work_month=work_month,
        agreed_to_pay=agreed_to_pay,
        last_base=last_base,
    )


def _worker_month(book: Book, names: tuple[str, ...], **told: Figure) -> Figures:
    """Ask the rules of the worker-month once for the figures that its total is made from, and singly for the others."""
    from baophu.law.worker_months import one

    total = one(root="total", law_book=book, **told)
    return {name: total.find(name) or one(root=name, law_book=book, **told) for name in names}


def _only_for(name: str, value: str, groups: tuple[str, ...]) -> BaophuError:
    known = ", ".join(groups)
    return BaophuError(
        Text(f"{name}: {value} chỉ dành cho nhóm {known}.", f"{name}: {value} is for groups {known} only.")
    )


def contribution_limits(book: Book, *, month: Day, region: str | None = None) -> Figures:
    """Return the figures of topic `contribution_limits`; the unemployment ceiling needs the region."""
    tell = teller("contribution_limits")

    def ceiling(name: str, base: Value, multiple: str, article: str) -> Figures:
        times = book.value(multiple, month)
        value = whole(base.fraction * times.fraction)
        return {name: tell.figure(name, value, article=article, parameters=[base, times])}

    level = book.value("reference_level", month)
    figures = ceiling("si_ceiling", level, "base_ceiling_multiple", "Law 41/2024/QH15 art. 31(1)(đ)")
    figures |= ceiling(
        "voluntary_income_ceiling", level, "voluntary_income_ceiling_multiple", "Law 41/2024/QH15 art. 31(2)"
    )
    if region is None:
        return figures | {"ui_ceiling": tell.figure("ui_ceiling", None)}
    wage = book.value("regional_minimum_wage", month, region=region)
    return figures | ceiling("ui_ceiling", wage, "ui_ceiling_multiple", "Law 74/2025/QH15 art. 34(2)")
