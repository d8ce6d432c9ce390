"""The questions that people ask, answered from the topics: each gives one step with all that it was made from.

Must I join, and since when? What does voluntary insurance cost me, by each way of paying? When do I retire, and on
what? Take the money out, or stay? Health insurance of households and students are topics of their own (`health`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from fractions import Fraction
from typing import cast

from baophu.core.languages import Text
from baophu.core.months import last_day, months_between, months_later
from baophu.law.parameters import Book, Value
from baophu.law.people import lump_sum as money
from baophu.law.people import participation as joining
from baophu.law.people import pension, retirement, voluntary
from baophu.law.people.telling import YEAR, amount_of, fraction_of, held, month_words, whole_up
from baophu.law.trace import Failed, Step

METHODS = ("monthly", "three_monthly", "six_monthly", "twelve_monthly")
METHOD_TITLES = {
    "monthly": Text("Đóng hằng tháng", "Paid monthly"),
    "three_monthly": Text("Đóng 3 tháng một lần", "Paid every three months"),
    "six_monthly": Text("Đóng 6 tháng một lần", "Paid every six months"),
    "twelve_monthly": Text("Đóng 12 tháng một lần", "Paid every twelve months"),
}
NO_YIELD = Failed(
    "voluntary.fund_yield",
    Text("có lãi suất đầu tư quỹ do cơ quan BHXH công bố", "the fund's yield, as it is published, is given"),
    "Decree 159/2025/NĐ-CP arts 6(2), 7(2)",
)


def must_join(
    book: Book, *, paid_presumptive_tax: bool = False, yearly_turnover: int | None = None, **inputs: object
) -> Step:
    """Say whether a person must join, under which point, since when or from when, in which insurance, and why not.

    `inputs` are those of topic `participation`. An owner who paid the presumptive tax until 2025 counts as the switch
    `former_presumptive_owners` has it; one of its options asks the turnover of the year, in VND.
    """
    if paid_presumptive_tax:
        inputs["tax_method"] = _method_after_presumptive(book, inputs["date"], yearly_turnover)
    figures = joining.participation(book, **inputs)
    person = joining.Person(**inputs)  # type: ignore[arg-type]
    compulsory = figures["compulsory"]
    parts = [step for name, step in figures.items() if name != "compulsory" and step.value is not None]
    return replace(
        compulsory,
        id="must_join",
        title=Text("Phải tham gia BHXH bắt buộc", "Must join compulsory social insurance"),
        parts=(*compulsory.parts, *_starts(book, person), *parts),
    )


def _method_after_presumptive(book: Book, on: object, yearly_turnover: int | None) -> str:
    """Return as which method of tax a former payer of the presumptive tax counts on a day."""
    day = cast(Day, on)
    taxed_above = held(book, "household_tax_free_turnover", day)
    if taxed_above is None:
        return "other"
    reading = book.switch("former_presumptive_owners", day)
    taxed = yearly_turnover is not None and yearly_turnover > taxed_above.amount
    return "declaration" if reading == "from_2026" or (reading == "from_2026_taxed" and taxed) else "other"


def _starts(book: Book, person: joining.Person) -> Iterator[Step]:
    """Yield the first day of each group of the person that is newer than the law of 2014."""
    for group in dict.fromkeys(role.group(person) for role in joining.roles(person)):
        start = joining.start_of(book, person, group) if group else None
        if start is not None:
            yield Step(
                f"group_start.{group}",
                Text("Nhóm này thuộc diện bắt buộc từ ngày", "The group is compulsory from"),
                start.day,
                "date",
                article=start.basis,
                parameters=(start,),
            )


def voluntary_plan(
    book: Book,
    *,
    month: Day,
    income: int,
    support_groups: Sequence[str],
    months_supported_before: int = 0,
    place: str | None = None,
    fund_yield: Fraction | None = None,
) -> Step:
    """Return what every way of paying costs after State and local support, by when, and how long support lasts.

    `place` is a key of the parameter `local_support`; years ahead need the fund's monthly yield of the year before.
    """
    local = local_rate(book, month, place, support_groups) if place else None
    rate = local.fraction if local else Fraction(0)
    limit = book.value("voluntary_support_months", month)
    left = max(limit.amount - months_supported_before, 0)
    support_left = Step(
        "support_months_left",
        Text("Số tháng còn được Nhà nước hỗ trợ", "Months of State support left"),
        left,
        "months",
        article="Decree 159/2025/NĐ-CP art. 5(2)",
        parameters=(limit,),
    )
    ways = []
    for method in METHODS:
        figures = voluntary.voluntary_net(
            book,
            month=month,
            income=income,
            support_groups=support_groups,
            method=method,
            months_supported_before=months_supported_before,
            local_rate=rate,
        )
        due = voluntary.voluntary_due_date(book, method=method, cycle_start=month)["due"]
        net = figures["net"]
        parts = (*net.parts, due)
        if local:
            parts = (*parts, _told("local_rate", Text("Tỷ lệ địa phương hỗ trợ", "Local rate"), rate, local))
        ways.append(replace(net, id=f"net.{method}", title=METHOD_TITLES[method], parts=parts))
    least = book.value("voluntary_prepay_years_least", month).amount
    most = book.value("voluntary_prepay_years_most", month).amount
    support = voluntary.support_of(book, month, support_groups)
    for years in range(least, most + 1):
        supported = min(years * YEAR, left) * support.monthly
        ways.append(_years_ahead(book, month, income, years, supported, fund_yield))
    return Step(
        "voluntary_plan",
        Text("Phương án đóng BHXH tự nguyện", "Plan of voluntary social insurance"),
        month_words(month),
        "month",
        article="Law 41/2024/QH15 art. 36; Decree 159/2025/NĐ-CP arts 5-7",
        parts=(support_left, *ways),
    )


def _told(id: str, title: Text, value: Fraction, parameter: Value) -> Step:
    return Step(id, title, value, "fraction", article=parameter.basis, parameters=(parameter,))


def local_rate(book: Book, month: Day, place: str, support_groups: Sequence[str]) -> Value | None:
    """Return the highest local rate of the groups in a month, or None; UnknownName for a place without any."""
    rates = book.history("local_support", place=place)
    fitting = [value for value in rates if value.holds(month) and value.dims["support_group"] in support_groups]
    return max(fitting, key=lambda value: value.fraction, default=None)


def _years_ahead(book: Book, month: Day, income: int, years: int, supported: int, fund_yield: Fraction | None) -> Step:
    """Return the net of years ahead: the discounted sum less the State's support of the months that it has left."""
    title = Text(f"Đóng một lần cho {years} năm về sau", f"Paid once for {years} years ahead")
    article = "Decree 159/2025/NĐ-CP art. 6(2)"
    if fund_yield is None:
        return Step(f"net.{years}_years", title, None, "vnd", article=article, failed=(NO_YIELD,))
    override = {"monthly_fund_yield": fund_yield}
    counted = voluntary.income_of(book, month, income).amount
    figures = voluntary.voluntary_prepay(
        book, kind="years_ahead", income=counted, years=years, override=override, on=month
    )
    state = Step(
        "state_support",
        Text("Nhà nước hỗ trợ", "State support"),
        supported,
        "vnd",
        article="Decree 159/2025/NĐ-CP art. 5",
    )
    net = amount_of(figures["gross"]) - supported
    note = Text("Đóng ngay khi đăng ký.", "Due at registration.")
    parts = (figures["gross"], state)
    return Step(f"net.{years}_years", title, net, "vnd", article=article, parts=parts, note=note)


@dataclass(frozen=True, slots=True)
class Career:
    """What somebody has paid so far; `month` is the first month that is still open."""

    sex: str
    birth_month: Day
    month: Day
    months_paid: int
    average_base: int


def pension_outlook(
    book: Book,
    *,
    sex: str,
    birth_month: Day,
    month: Day,
    months_paid: int,
    average_base: int,
    further_months: Sequence[int] = (12, 24, 36, 60),
    income: int | None = None,
    fund_yield: Fraction | None = None,
) -> Step:
    """Return when somebody retires and on what: stopping now, paying some months more, or paying until that day.

    Amounts are of today's average, without indexation to come. Missing months to the least time are counted; with an
    `income` and the fund's yield, so is what paying them at once costs, where the law lets one.
    """
    career = Career(sex, birth_month, month, months_paid, average_base)
    start = retirement.retirement_age(book, sex=sex, birth_month=birth_month)["pension_start"]
    begins = Day.fromisoformat(f"{start.value}-01")
    until = max(months_between(month, begins), 0)
    outlooks = []
    for further in sorted({0, until, *(count for count in further_months if count < until)}):
        title = Text(f"Đóng thêm {further} tháng", f"{further} months more")
        if further == 0:
            title = Text("Không đóng nữa", "No month more")
        outlooks.append(_pension_after(book, career, further, title))
    missing = _missing(book, career, begins)
    return Step(
        "pension_outlook",
        Text("Tháng bắt đầu hưởng lương hưu", "First month of pension"),
        start.value,
        "month",
        article="Law 41/2024/QH15 arts 64, 66, 98-99",
        parts=(
            start,
            Step("months_until", Text("Số tháng từ nay đến khi đó", "Months from now until then"), until, "months"),
            missing,
            *outlooks,
            _pay_missing(book, career, missing, begins, income, fund_yield),
        ),
    )


def _least_months(book: Book, on: Day) -> Value:
    return book.value("pension_least_months", on)


def _pension_after(book: Book, career: Career, further: int, title: Text) -> Step:
    """Return the pension after some months more, or why there is none."""
    months, least = career.months_paid + further, _least_months(book, career.month)
    id = f"pension.after_{further}"
    total = Step("contribution_months", Text("Tổng số tháng đóng", "Months paid in all"), months, "months")
    if months < least.amount:
        words = Text(f"đóng từ đủ {least.amount} tháng", f"{least.amount} months or more were paid")
        failed = (Failed("pension.least_months", words, least.basis),)
        return Step(id, title, None, "vnd_per_month", parameters=(least,), parts=(total,), failed=failed)
    figures = pension.pension_amount(
        book, sex=career.sex, contribution_months=months, average_base=career.average_base, on=career.month
    )
    grant = pension.retirement_grant(
        book, sex=career.sex, contribution_months=months, average_base=career.average_base, on=career.month
    )["grant"]
    parts = (total, *figures["monthly"].parts, *((grant,) if amount_of(grant) else ()))
    return replace(figures["monthly"], id=id, title=title, parts=parts)


def _missing(book: Book, career: Career, begins: Day) -> Step:
    least = _least_months(book, max(begins, career.month))
    return Step(
        "missing_months",
        Text("Số tháng còn thiếu để có lương hưu", "Months missing for a pension"),
        max(least.amount - career.months_paid, 0),
        "months",
        article=least.basis,
        parameters=(least,),
    )


def _pay_missing(
    book: Book, career: Career, missing: Step, begins: Day, income: int | None, fund_yield: Fraction | None
) -> Step:
    """Return what the missing months cost at once: open from the month before the retirement age, for 60 at most."""
    title = Text("Đóng một lần cho số tháng còn thiếu", "The missing months paid at once")
    article = "Law 41/2024/QH15 art. 36(2)(e), 36(3); Decree 159/2025/NĐ-CP art. 7"
    limit, count = book.value("voluntary_missing_months", career.month), amount_of(missing)
    opens = Step(
        "pay_missing.from",
        Text("Được đóng từ tháng", "Open from"),
        month_words(months_later(begins, -2)),
        "month",
        article="Law 41/2024/QH15 art. 36(3)",
    )
    failed = []
    if not 0 < count <= limit.amount:
        words = Text(f"còn thiếu từ 1 đến {limit.amount} tháng", f"1 to {limit.amount} months are missing")
        failed.append(Failed("voluntary.missing_months", words, limit.basis))
    if income is None or fund_yield is None:
        failed.append(NO_YIELD)
    if failed or income is None or fund_yield is None:
        why = tuple(failed)
        return Step("pay_missing", title, None, "vnd", article=article, parameters=(limit,), parts=(opens,), failed=why)
    figures = voluntary.voluntary_prepay(
        book,
        kind="missing_months",
        income=voluntary.income_of(book, career.month, income).amount,
        months=count,
        override={"monthly_fund_yield": fund_yield},
        on=career.month,
    )
    return replace(figures["gross"], id="pay_missing", title=title, parts=(*figures["gross"].parts, opens))


def withdraw_or_stay(
    book: Book,
    *,
    sex: str,
    birth_month: Day,
    month: Day,
    average_base: int,
    months_before_2014: int = 0,
    months_from_2014: int = 0,
    idle_months: int = 0,
    paid_before_2025_07: bool = True,
    state_support_received: int = 0,
) -> Step:
    """Compare the one-off withdrawal with staying: what is paid now, and the pension that the same months may become.

    `state_support_received` is what the State put in for voluntary months; it is taken off (Decree 159/2025 art. 9).
    """
    paid = months_before_2014 + months_from_2014
    career = Career(sex, birth_month, month, paid, average_base)
    gross = money.lump_sum(
        book,
        months_before_2014=months_before_2014,
        months_from_2014=months_from_2014,
        average_base=average_base,
        on=month,
    )["amount"]
    failed = tuple(_why_no_withdrawal(book, career, idle_months, paid_before_2025_07))
    withdrawal = Step(
        "withdrawal",
        Text("Nhận BHXH một lần", "One-off withdrawal"),
        max(amount_of(gross) - state_support_received, 0),
        "vnd",
        article="Law 41/2024/QH15 arts 70, 102; Decree 159/2025/NĐ-CP art. 9",
        parts=(gross,),
        failed=failed,
    )
    start = retirement.retirement_age(book, sex=sex, birth_month=birth_month)["pension_start"]
    begins = Day.fromisoformat(f"{start.value}-01")
    missing = _missing(book, career, begins)
    stay = _pension_after(
        book,
        replace(career, months_paid=paid + amount_of(missing)),
        0,
        Text("Ở lại: lương hưu hằng tháng khi đủ tuổi", "Stay: monthly pension at the retirement age"),
    )
    months = whole_up(Fraction(amount_of(withdrawal)) / fraction_of(stay)) if stay.value else None
    return Step(
        "withdraw_or_stay",
        Text("Số tháng lương hưu bằng số tiền rút một lần", "Months of pension that equal the withdrawal"),
        months,
        "months",
        article="Law 41/2024/QH15 arts 66, 70",
        parts=(withdrawal, start, missing, stay),
        note=Text(
            "Chưa tính điều chỉnh lương hưu, thẻ BHYT và chế độ tử tuất của người hưởng lương hưu.",
            "Without later rises of the pension, the health card and survivors' benefits that come with it.",
        ),
    )


def _why_no_withdrawal(book: Book, career: Career, idle_months: int, paid_before: bool) -> Iterator[Failed]:
    """Yield the conditions of a withdrawal after idle months that do not hold (art. 70(1)(đ)).

    At the retirement age with too few months one may always withdraw (art. 70(1)(a)).
    """
    _, age = retirement.age_at_retirement(book, career.sex, career.birth_month)
    of_age = last_day(months_later(career.birth_month, age)) < career.month
    if of_age and career.months_paid < _least_months(book, career.month).amount:
        return
    idle, years = book.value("lump_sum_idle_months", career.month), book.value("lump_sum_below_years", career.month)
    before = book.value("lump_sum_paid_before", career.month)
    if not paid_before:
        words = Text(f"có đóng trước ngày {before.day:%d/%m/%Y}", f"something was paid before {before.day.isoformat()}")
        yield Failed("lump_sum.paid_before", words, before.basis)
    if idle_months < idle.amount:
        words = Text(f"đã nghỉ đóng từ đủ {idle.amount} tháng", f"{idle.amount} months or more without paying")
        yield Failed("lump_sum.idle_months", words, idle.basis)
    if career.months_paid >= years.amount * YEAR:
        words = Text(f"đóng chưa đủ {years.amount} năm", f"fewer than {years.amount} years were paid")
        yield Failed("lump_sum.below_years", words, years.basis)
