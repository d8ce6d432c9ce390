"""Who must participate, under which point of article 2, in which insurance, and who may join voluntarily.

Law 41/2024 art. 2; Decree 158/2025 art. 3; Law 74/2025 art. 31. Before 2025-07-01 the points that the law of 2024 added
do not bind. A contract counted in days or weeks is long enough by the days of a month and a year in the Civil Code,
art. 146. The fields of the contract describe the first role that is one; a second contract is without a fixed term.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Day
from fractions import Fraction
from typing import Literal

from baophu.core.languages import Text
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import LAW_2024, YEAR, Figures, held, teller
from baophu.law.trace import Failed, Step

CONTRACT = "labour_contract"
OWNER = "business_household_owner"

GROUPS = {
    CONTRACT: "a",
    OWNER: "m",
    "paid_enterprise_manager": "i",
    "unpaid_enterprise_manager": "n",
    "standing_militia": "e",
    "part_time_commune_or_village_cadre": "k",
    "overseas_contract_worker": "g",
}

# Law art. 2(5) and Decree 158/2025 art. 3(3): the group on the left gives way to those on the right, whichever came
# first. Two roles that no rule ranks pay by the one that came first.
GIVES_WAY: dict[str, frozenset[str]] = {
    "a": frozenset("i"),
    "g": frozenset("ai"),
    "k": frozenset("aie"),
    "m": frozenset("aiekgn"),
    "n": frozenset("aiek"),
}

WEEK = 7
MONTH_DAYS = 30  # Civil Code 91/2015 art. 146(1)
YEAR_DAYS = 365

Which = Literal["first_contract", "second_contract"]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person on a day."""

    date: Day
    role: str
    second_role: str = "none"
    contract_title: str = CONTRACT
    contract_unit: str = "indefinite"
    contract_length: int = 0
    contract_suspended: bool = False
    agreed_to_pay: bool = False
    tax_method: str = "declaration"
    nationality: str = "vietnamese"
    intra_company_transferee: bool = False
    age: int = 30
    reached_retirement_age: bool = False
    months_paid: int = 0
    benefit_status: str = "none"

    @property
    def foreign(self) -> bool:
        """Whether article 2(2) is asked instead of article 2(1)."""
        return self.nationality == "foreign"

    def lasts(self, months: int) -> bool:
        """Whether the contract is for so many months or more."""
        if self.contract_unit == "indefinite":
            return True
        if self.contract_unit == "month":
            return self.contract_length >= months
        days = self.contract_length * (WEEK if self.contract_unit == "week" else 1)
        return days >= months // YEAR * YEAR_DAYS + months % YEAR * MONTH_DAYS


@dataclass(frozen=True, slots=True)
class Role:
    """One of the two things that a person does, and whether the described contract is this one's."""

    name: str
    which: Which
    described: bool

    def group(self, person: Person) -> str | None:
        """Return the point of article 2 that the role belongs to, or None."""
        if person.foreign:
            return "foreign" if self.name == CONTRACT else None
        return GROUPS.get(self.name)


def roles(person: Person) -> tuple[Role, Role]:
    """Return both roles; the described contract is the first labour contract of the two."""
    first = person.role == CONTRACT
    return (
        Role(person.role, "first_contract", first),
        Role(person.second_role, "second_contract", not first and person.second_role == CONTRACT),
    )


def participation(book: Book, **inputs: object) -> Figures:
    """Return the figures of topic `participation`."""
    person = Person(**inputs)  # type: ignore[arg-type]
    tell = teller("participation")
    both = roles(person)
    failed = {role: tuple(_why_not(book, person, role)) for role in both}
    bound = [role for role in both if role.group(person) is not None and not failed[role]]
    winner = _counts(person, bound)
    group = winner.group(person) if winner else None
    parts = [_tell_role(person, role, failed[role]) for role in both if role.name != "none"]

    compulsory = tell.figure("compulsory", winner is not None, article="Law 41/2024/QH15 art. 2", parts=parts)
    figures = {
        "compulsory": compulsory,
        "group": tell.figure("group", group, article=_point(group), parts=[compulsory]),
        "pays_under": tell.figure(
            "pays_under", winner.which if winner else None, article="Law 41/2024/QH15 art. 2(5)", parts=[compulsory]
        ),
        "ui": _unemployment(book, person, winner, compulsory),
        "voluntary_allowed": _voluntary(book, person, compulsory),
    }
    for payer, article in (("worker", "33"), ("employer", "34")):
        name = f"{payer}_retirement_rate"
        rate = book.value(f"rate.retirement.{payer}", person.date, group=group) if group else None
        figures[name] = tell.figure(
            name,
            rate.fraction if rate else None,
            article=f"Law 41/2024/QH15 art. {article}",
            parameters=[rate] if rate else [],
        )
    return figures


def _point(group: str | None) -> str | None:
    if group is None:
        return None
    letter = "đ" if group == "dd" else group
    return "Law 41/2024/QH15 art. 2(2)" if group == "foreign" else f"Law 41/2024/QH15 art. 2(1)({letter})"


def _counts(person: Person, bound: list[Role]) -> Role | None:
    """Return the role by which the person pays: the first, unless the law ranks the second before it."""
    if len(bound) < 2:
        return bound[0] if bound else None
    first, second = bound
    gives_way = GIVES_WAY.get(str(first.group(person)), frozenset())
    return second if second.group(person) in gives_way else first


def _tell_role(person: Person, role: Role, failed: tuple[Failed, ...]) -> Step:
    group = role.group(person)
    none = Failed(
        f"participation.{role.which}",
        Text("công việc này thuộc một điểm của Điều 2", "this role belongs to a point of article 2"),
        "Law 41/2024/QH15 art. 2(1)",
    )
    return Step(
        id=f"participation.{role.which}",
        title=_ROLE_TITLES[role.which],
        value=role.name,
        rule="participation.role",
        article=_point(group),
        failed=failed if group else (none,),
    )


_ROLE_TITLES = {
    "first_contract": Text("Công việc thứ nhất", "First role"),
    "second_contract": Text("Công việc thứ hai", "Second role"),
}


def _why_not(book: Book, person: Person, role: Role) -> Iterator[Failed]:
    """Yield the conditions of compulsory participation that do not hold for a role."""
    if person.benefit_status != "none":
        words = Text("không hưởng lương hưu, trợ cấp hằng tháng", "no pension or monthly allowance is received")
        yield Failed("participation.outside", words, "Law 41/2024/QH15 art. 2(7)(a)")
    if role.name == CONTRACT:
        yield from _why_not_contract(book, person, role)
    group = role.group(person)
    if group not in (None, "foreign"):
        yield from _why_not_group(book, person, str(group))


def _why_not_contract(book: Book, person: Person, role: Role) -> Iterator[Failed]:
    article = "Law 41/2024/QH15 art. 2(2)" if person.foreign else "Law 41/2024/QH15 art. 2(1)(a)"
    if role.described:
        name = "foreign_contract_months" if person.foreign else "contract_months"
        months = book.value(name, _since_2025(person)).amount
        if not person.lasts(months):
            words = Text(f"hợp đồng từ đủ {months} tháng", f"the contract is for {months} months or more")
            yield Failed("participation.contract_length", words, article)
        if person.contract_suspended and not person.agreed_to_pay:
            words = Text(
                "hợp đồng không tạm hoãn, hoặc hai bên thỏa thuận vẫn đóng",
                "the contract is not suspended, or the parties agreed to keep paying",
            )
            yield Failed("participation.suspended", words, "Law 41/2024/QH15 art. 2(5)(a)")
    if not person.foreign:
        return
    unlimited = person.contract_unit == "indefinite" or not role.described
    if unlimited and person.date >= LAW_2024:
        words = Text("hợp đồng xác định thời hạn", "the contract has a fixed term")
        yield Failed("participation.fixed_term", words, article)
    if person.intra_company_transferee:
        words = Text("không phải di chuyển nội bộ doanh nghiệp", "not moved within a company")
        yield Failed("participation.transferee", words, "Law 41/2024/QH15 art. 2(2)(a)")
    if person.reached_retirement_age:
        words = Text("chưa đủ tuổi nghỉ hưu khi giao kết", "below the retirement age when signing")
        yield Failed("participation.foreign_age", words, "Law 41/2024/QH15 art. 2(2)(b)")


def _why_not_group(book: Book, person: Person, group: str) -> Iterator[Failed]:
    start = start_of(book, person, group)
    if start is not None and person.date < start.day:
        words = Text(f"đã đến ngày {start.day:%d/%m/%Y}", f"it is {start.day.isoformat()} or later")
        yield Failed("participation.begins", words, start.basis)
    if group in ("m", "n") and person.reached_retirement_age and not _few_months_missing(book, person):
        words = Text(
            "chưa đủ tuổi nghỉ hưu, hoặc chỉ còn thiếu tối đa 6 tháng",
            "below the retirement age, or 6 months at most are missing",
        )
        yield Failed("participation.owner_age", words, "Law 41/2024/QH15 art. 2(7)(c)")


def start_of(book: Book, person: Person, group: str) -> Value | None:
    """Return the day from which a point binds, where it is newer than the law of 2014."""
    if group == "m":
        return book.value("business_household_start", person.date, tax_method=person.tax_method)
    new = any(value.dims["group"] == group for value in book.history("group_start"))
    return held(book, "group_start", person.date, group=group) if new else None


def _since_2025(person: Person) -> Day:
    """Return the day on which rules are asked that the law of 2014 had as well."""
    return max(person.date, LAW_2024)


def _few_months_missing(book: Book, person: Person) -> bool:
    limit = book.value("missing_months_limit", _since_2025(person)).amount
    return 0 < _pension_months(book, person) - person.months_paid <= limit


def _pension_months(book: Book, person: Person) -> int:
    return book.value("pension_least_months", person.date).amount


def _unemployment(book: Book, person: Person, winner: Role | None, compulsory: Step) -> Step:
    """Unemployment insurance goes with the role by which compulsory insurance is paid."""
    tell = teller("participation")
    new_law = book.value("ui_contract_months", person.date)
    failed = list(_why_no_unemployment(book, person, winner, new_law))
    return tell.figure(
        "ui",
        not failed,
        article=new_law.basis,
        parameters=[new_law],
        parts=[compulsory],
        failed=failed,
    )


def _why_no_unemployment(book: Book, person: Person, winner: Role | None, least: Value) -> Iterator[Failed]:
    group = winner.group(person) if winner else None
    members = {"a", "i"} if person.date >= book.value("ui_managers_from", person.date).day else {"a"}
    if book.switch("foreign_unemployment", person.date) == "covered":
        members.add("foreign")
    if group not in members:
        words = Text("thuộc đối tượng tham gia BHTN", "in a group that unemployment insurance covers")
        yield Failed("participation.ui_group", words, least.basis)
    described = winner is not None and winner.described
    if described and not person.lasts(least.amount):
        words = Text(f"hợp đồng từ đủ {least.amount} tháng", f"the contract is for {least.amount} months or more")
        yield Failed("participation.ui_contract", words, least.basis)
    if described and person.contract_suspended:
        words = Text("hợp đồng không tạm hoãn (có hưởng lương)", "the contract is not suspended: pay is received")
        yield Failed("participation.ui_suspended", words, "Law 74/2025/QH15 art. 33(4)")
    if person.reached_retirement_age and person.months_paid >= _pension_months(book, person):
        words = Text("chưa đủ điều kiện hưởng lương hưu", "not yet entitled to a pension")
        yield Failed("participation.ui_pension", words, "Law 74/2025/QH15 art. 31(2)")


def _voluntary(book: Book, person: Person, compulsory: Step) -> Step:
    tell = teller("participation")
    age = book.value("voluntary_least_age", _since_2025(person))
    failed = []
    conditions = (
        (not person.foreign, Text("là công dân Việt Nam", "a citizen of Viet Nam"), "voluntary.citizen"),
        (
            Fraction(person.age) >= age.fraction,
            Text(f"từ đủ {age.amount} tuổi", f"aged {age.amount} or more"),
            "voluntary.age",
        ),
        (
            compulsory.value is False,
            Text("không thuộc diện BHXH bắt buộc", "not in compulsory social insurance"),
            "voluntary.compulsory",
        ),
        (
            person.benefit_status == "none",
            Text("không hưởng lương hưu, trợ cấp hằng tháng", "no pension or monthly allowance is received"),
            "voluntary.benefit",
        ),
    )
    for holds, words, rule in conditions:
        if not holds:
            failed.append(Failed(rule, words, age.basis))
    return tell.figure(
        "voluntary_allowed", not failed, article=age.basis, parameters=[age], parts=[compulsory], failed=failed
    )
