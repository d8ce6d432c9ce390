"""A finding in words: the claim, what stands against what, the parts of its priority. Numbers are masked here.

Which group of the poor, of ethnic minorities or of receivers somebody belongs to needs a right of its own: without it
the reason that would tell it is not said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from baophu.core.languages import Language, Text, same
from baophu.core.numbers import MISSING, count, decimal, money, short_date
from baophu.findings.kinds import kinds
from baophu.registers.contracts import contracts
from baophu.results.masking import mask, masked_value
from baophu.web.lists import as_date, last_month, shown_tax_code

SENSITIVE_REASONS = {"would_join_poor", "would_join_near_poor", "would_join_pensioner", "would_join_ethnic_minority"}
SENSITIVE_FACTS = {"support_group", "support", "pays"}
NOT_SAID = Text("cần quyền xem thông tin nhạy cảm", "needs the right to see sensitive data")
STATUSES = {
    "open": Text("Đang mở", "Open"),
    "held": Text("Tạm giữ", "Held"),
    "resolved": Text("Đã kết thúc", "Ended"),
}
HOW = {
    "joined": Text("đã tham gia", "has joined"),
    "paid": Text("đã đóng đủ", "paid in full"),
    "deceased": Text("người đã chết", "died"),
    "merged": Text("nhập vào trường hợp khác", "went into another finding"),
    "vanished": Text("dữ liệu không còn cho thấy", "no longer seen in the data"),
}
SUPPORT_GROUPS = {
    "poor": Text("hộ nghèo", "poor household"),
    "near_poor": Text("hộ cận nghèo", "near-poor household"),
    "ethnic_minority": Text("dân tộc thiểu số", "ethnic minority"),
    "island_commune": Text("xã đảo, đặc khu", "island commune"),
    "other": Text("người tham gia khác", "others"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What a key of the evidence means, on which side it stands, and how its value is written."""

    words: Text
    # insurance: what the insurance registers say; other: what stands against it; rule: what the law adds.
    side: str
    form: str = "count"


FACTS = {
    "base": Fact(Text("Mức kê khai thấp nhất", "Lowest declared base"), "insurance", "money"),
    "base_last": Fact(Text("Mức kê khai cao nhất", "Highest declared base"), "insurance", "money"),
    "declarations": Fact(Text("Dòng trong tờ khai", "Rows of declarations"), "insurance", "rows"),
    "spells": Fact(Text("Khoảng tham gia thấy được", "Spells of participation seen"), "insurance"),
    "employers": Fact(Text("Đơn vị thấy trong danh sách tham gia", "Employers seen in the register"), "insurance"),
    "employer_outstanding": Fact(Text("Đơn vị còn chưa đóng", "The employer has not paid"), "insurance", "money"),
    "participants": Fact(Text("Dòng trong danh sách người tham gia", "Row of the participants"), "insurance", "row"),
    "carriers": Fact(Text("Số người mang số này", "People who carry the number"), "insurance"),
    "numbers": Fact(Text("Số mã BHXH của người này", "Insurance numbers of the person"), "insurance"),
    "covered_until_month": Fact(Text("Có BHYT đến hết tháng", "Health insurance until"), "insurance", "month"),
    "health_spells_to_last_month": Fact(Text("Khoảng BHYT còn hạn", "Running health spells"), "insurance"),
    "paid_until_month": Fact(Text("Đã đóng đến hết tháng", "Paid until"), "insurance", "month"),
    "months_since": Fact(Text("Số tháng đã dừng", "Months since"), "insurance"),
    "months_paid": Fact(Text("Số tháng đã đóng", "Months paid"), "insurance"),
    "months_missing": Fact(Text("Số tháng còn thiếu", "Months missing"), "rule"),
    "retirement_month": Fact(Text("Đủ tuổi nghỉ hưu", "Retirement age in"), "rule", "month"),
    "outstanding": Fact(Text("Còn chưa đóng", "Outstanding"), "insurance", "money"),
    "charge": Fact(Text("Số tiền 0,03 %/ngày", "The 0.03 % a day"), "rule", "money"),
    "step_on": Fact(Text("Việc kế tiếp vào ngày", "Next step on"), "rule", "day"),
    "pay": Fact(Text("Tiền lương, tiền công theo cơ quan thuế", "Pay by the tax register"), "other", "money"),
    "paid_months": Fact(Text("Số tháng được trả", "Months paid for"), "other"),
    "pay_over_base_median": Fact(Text("Trung vị lương so với mức đóng", "Median of pay over base"), "other", "ratio"),
    "withheld": Fact(Text("Đã khấu trừ bảo hiểm", "Insurance withheld"), "other", "money"),
    "tax_income": Fact(Text("Dòng của cơ quan thuế", "Rows of the tax register"), "other", "rows"),
    "workers": Fact(Text("Số lao động được trả lương", "Workers who were paid"), "other"),
    "businesses": Fact(Text("Dòng đăng ký kinh doanh", "Row of the business register"), "other", "row"),
    "managers": Fact(Text("Dòng danh sách người quản lý", "Row of the managers"), "other", "row"),
    "tax_method": Fact(Text("Cách nộp thuế", "Tax method"), "other", "text"),
    "died": Fact(Text("Dân cư ghi đã chết tháng", "Dead by the population register in"), "other", "month"),
    "age_months": Fact(Text("Tuổi (tháng)", "Age in months"), "other"),
    "owner": Fact(Text("Sổ cần kiểm tra trước", "Register to look at first"), "rule", "register"),
    "lowest_base": Fact(Text("Mức thấp nhất làm căn cứ đóng", "Lowest base by law"), "rule", "money"),
    "least_contribution": Fact(Text("Mức đóng thấp nhất", "Least contribution"), "rule", "money"),
    "support_group": Fact(Text("Nhóm được hỗ trợ", "Group of support"), "rule", "group"),
    "support": Fact(Text("Nhà nước hỗ trợ", "The State pays"), "rule", "money"),
    "pays": Fact(Text("Người tham gia đóng", "The participant pays"), "rule", "money"),
}  # fmt: skip
SIDES = (
    ("insurance", Text("Sổ của cơ quan BHXH", "Insurance registers")),
    ("other", Text("Nguồn đối chiếu", "What stands against it")),
    ("rule", Text("Theo quy định", "By the rules")),
)
TAX_METHODS = {"declaration": Text("kê khai", "declaration"), "presumptive": Text("khoán", "presumptive")}
PARTS = (
    ("money", Text("Số tiền", "Money")),
    ("months", Text("Số tháng", "Months")),
    ("sure", Text("Độ chắc chắn của lý do", "How sure the reason is")),
    ("deadline", Text("Thời hạn luật định", "Date that the law sets")),
    ("success", Text("Tỷ lệ đúng của loại này đến nay", "How often the kind proved right")),
)


# A fact of the evidence: its words, its value, the rows that it cites.
Told = tuple[str, str, list[str]]


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as it is shown in lists."""

    id: str
    kind: str
    title: str
    reason: str
    area: str
    who: str
    from_month: date | None
    last_month: date | None
    amount: int
    amount_is_monthly: bool
    deadline: date | None
    status: str
    points: int


def said(row: Mapping[str, Any], lang: Language, sensitive: bool) -> Said:
    """Return what a row of a list says."""
    kind = kinds()[row["kind"]]
    return Said(
        id=row["finding_id"],
        kind=kind.kind,
        title=kind.title.say(lang),
        reason=reason(row, lang, sensitive),
        area=row["area_code"],
        who=who(row),
        from_month=as_date(row["from_month"]),
        last_month=last_month(row["to_month"]),
        amount=row["amount"],
        amount_is_monthly=kind.amount == "monthly",
        deadline=as_date(row["deadline_month"]),
        status=row["status"],
        points=round(row["priority"] * 100),
    )


def who(row: Mapping[str, Any]) -> str:
    """Name whom a finding is about: a masked number, an employer's code, or a payer's tax code."""
    number = row["pid"] or row["si_code"]
    return mask(number) if number else str(row["employer_id"] or shown_tax_code(row["tax_code"]))


def reason(row: Mapping[str, Any], lang: Language, sensitive: bool) -> str:
    """Say why the row is a finding."""
    if row["reason"] in SENSITIVE_REASONS and not sensitive:
        return NOT_SAID.say(lang)
    known = kinds()[row["kind"]].reasons.get(row["reason"])
    return known.words.say(lang) if known else str(row["reason"])


def claim(row: Mapping[str, Any], lang: Language, employer: str = "") -> str:
    """Say the claim in one sentence that accuses nobody; `employer` is its name, where that may be told."""
    evidence = _evidence(row)
    codes = {"tax_code": shown_tax_code(row["tax_code"]), "employer_id": row["employer_id"]}
    places = {
        **{name: f"{employer} ({code})" if employer and code else code or MISSING for name, code in codes.items()},
        "from_month": month_words(as_date(row["from_month"]), lang),
        "to_month": month_words(as_date(row["to_month"]), lang),
        "amount": money(row["amount"], lang),
        "months": count(evidence.get("months_missing", row["months"]), lang),
    }
    return kinds()[row["kind"]].claim.say(lang).format_map(places)


def evidence(row: Mapping[str, Any], lang: Language, sensitive: bool) -> list[tuple[str, list[Told]]]:
    """Return what stands against what: for each side its facts, each with its words, value and the rows it cites."""
    found: dict[str, list[Told]] = {}
    for name, value in _evidence(row).items():
        fact = FACTS.get(name, Fact(same(name), "other", "text"))
        if name in SENSITIVE_FACTS and not sensitive:
            found.setdefault(fact.side, []).append((fact.words.say(lang), NOT_SAID.say(lang), []))
        elif fact.form == "rows":
            rows = str(value).split()
            found.setdefault(fact.side, []).append((fact.words.say(lang), count(len(rows), lang), _cited(rows, lang)))
        else:
            written = _written(fact.form, masked_value(name, value), lang)
            found.setdefault(fact.side, []).append((fact.words.say(lang), written, []))
    return [(words.say(lang), found[side]) for side, words in SIDES if side in found]


def parts(row: Mapping[str, Any], lang: Language) -> list[tuple[str, int, int, str]]:
    """Return the parts of the priority: words, weight in hundredths, points of 1,000, what they add of 100."""
    weights = kinds()[row["kind"]].weights.model_dump()
    return [
        (words.say(lang), weights[name], points, _one_decimal(weights[name] * points, lang))
        for name, words in PARTS
        if (points := row[f"part_{name}"]) is not None
    ]


def month_words(day: date | None, lang: Language) -> str:
    """Write a month: 10/2026."""
    if day is None:
        return MISSING
    return f"{day:%m/%Y}" if lang == "vi" else f"{day:%Y-%m}"


def _one_decimal(thousandths: int, lang: Language) -> str:
    return decimal(Decimal(thousandths) / 1000, lang)


def _evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(row["evidence"] or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _cited(rows: list[str], lang: Language) -> list[str]:
    """Say which rows are cited, by load: `load#row`, or a row alone."""
    by_load: dict[str, list[int]] = {}
    for one in rows:
        load, _, number = one.rpartition("#")
        if number.isdecimal():
            by_load.setdefault(load, []).append(int(number))
    words = Text("Lần nạp", "Load"), Text("dòng", "rows")
    return [
        f"{words[0].say(lang)} {load}, {words[1].say(lang)} {listed}" if load else f"{words[1].say(lang)} {listed}"
        for load, numbers in by_load.items()
        if (listed := ", ".join(count(number, lang) for number in sorted(numbers)))
    ]


def _written(form: str, value: Any, lang: Language) -> str:
    if value is None or value == "":
        return MISSING
    if form == "money":
        return money(int(value), lang)
    if form == "month":
        return month_words(date(int(value) // 100, int(value) % 100, 1), lang)
    if form == "day":
        return short_date(date.fromisoformat(str(value)), lang)
    if form == "row":
        return f"{Text('dòng', 'row').say(lang)} {value}"
    if form == "group":
        return SUPPORT_GROUPS.get(str(value), same(str(value))).say(lang)
    if form == "ratio":
        return f"{decimal(Decimal(int(value)) / 10000, lang)} ×"
    if form == "register":
        known = contracts().get(str(value))
        return known.title.say(lang) if known else str(value)
    if form == "text":
        return TAX_METHODS.get(str(value), same(str(value))).say(lang)
    return count(int(value), lang) if isinstance(value, int) else str(value)
