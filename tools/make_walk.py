#!/usr/bin/env python3
"""Makes the page that walks one employer from declaration to charge; every figure on it comes from the program.

python tools/make_walk.py [--out DIR]    writes from-declaration-to-charge.md (default: docs/handbook)
python tools/make_walk.py --check        writes nothing; exits 1 where the page differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from pages import main, table

from baophu.core.languages import Language, Text
from baophu.core.numbers import count, short_date
from baophu.dues.account import Account, account
from baophu.dues.explain import explain_month
from baophu.dues.explain_charge import explain_charge
from baophu.engine import DuckDB
from baophu.findings.charging import charge_findings
from baophu.findings.explain_charges import BASIS, explain_charges
from baophu.findings.finding import no_outcomes
from baophu.law.parameters import book
from baophu.law.trace import Step, figure_words, render_text

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "handbook"
MADE = "<!-- Made by tools/make_walk.py from the program: do not edit. -->"
EMPLOYER, MONTH, AS_OF = "TZ0001", date(2026, 7, 1), date(2026, 11, 22)
WORKERS = (("0000000001", 1_000_000, 0), ("0000000002", 10_000_000, 0), ("0000000003", 150_000_000, 0))
WORKERS = (*WORKERS, ("0000000004", 10_000_000, 20))
PAYMENTS = ((date(2026, 8, 20), 10_000_000), (date(2026, 9, 10), 8_000_000))
LETTER = date(2026, 9, 5)
# What findings tell of the same employer: somebody paid and not registered since July, a base below the pay.
FOUND = (
    *(("f1", "uninsured_worker", date(2026, month, 1), None, 10_000_000, MONTH) for month in (7, 8, 9)),
    ("f2", "underdeclared_wage", date(2026, 9, 1), 10_000_000, 15_000_000, None),
)


def found_months() -> pa.Table:
    """Return the months of the findings of the page, as a run gives them."""
    rows = [
        {
            "finding_id": finding, "kind": kind, "employer_id": EMPLOYER, "tax_code": None, "month": month,
            "group_code": "a", "region": "I", "pay_method": "monthly", "registered_wage": registered,
            "lawful_wage": paid, "liable_month": liable, "registered_month": None,
        }
        for finding, kind, month, registered, paid, liable in FOUND
    ]  # fmt: skip
    days, wages = ("month", "liable_month", "registered_month"), ("registered_wage", "lawful_wage")
    types = {**dict.fromkeys(days, pa.date32()), **dict.fromkeys(wages, pa.int64())}
    return pa.Table.from_pylist(rows, pa.schema([(name, types.get(name, pa.string())) for name in rows[0]]))


def worked_out() -> Account:
    """Return the account of the employer of the page."""
    si_codes, wages, days = zip(*WORKERS, strict=True)
    size = len(WORKERS)
    paid_on, amounts = zip(*PAYMENTS, strict=True)
    tables = {
        "employers": pa.table(
            {"employer_id": [EMPLOYER], "region": ["I"], "pay_method": ["monthly"], "commune_code": ["00004"]}
        ),
        "declarations": pa.table(
            {
                "month": pa.array([MONTH] * size, pa.date32()),
                "employer_id": [EMPLOYER] * size,
                "si_code": list(si_codes),
                "group_code": ["a"] * size,
                "wage": list(wages),
                "unpaid_days": list(days),
            }
        ),
        "payments": pa.table(
            {
                "employer_id": [EMPLOYER] * len(PAYMENTS),
                "paid_on": pa.array(paid_on, pa.date32()),
                "amount": list(amounts),
            }
        ),
        "notices": pa.table(
            {
                "employer_id": [EMPLOYER],
                "month": pa.array([MONTH], pa.date32()),
                "sent_on": pa.array([LETTER], pa.date32()),
            }
        ),
    }
    with DuckDB(memory="400MiB", threads=1) as engine:
        return account(engine, EMPLOYER, tables, AS_OF)


def said(step: Step, id: str, lang: Language) -> str:
    """Return the value of a step as the language writes it; the step must be there."""
    found = step.find(id)
    if found is None:
        sys.exit(f"tools/make_walk.py: no step {id}")
    return figure_words(found.value, found.unit, lang).replace("\u00a0", " ")


def tree(step: Step, lang: Language) -> Iterator[str]:
    """Yield the tree of a step as a block."""
    yield from ("```text", render_text(step, lang).replace("\u00a0", " "), "```", "")


HEADS = {
    "people": (
        Text("Mã số", "Number"),
        Text("Tiền lương kê khai", "Declared wage"),
        Text("Ngày không lương", "Days without pay"),
        Text("Phải đóng", "Due"),
    ),
    "charges": (
        Text("Quỹ", "Fund"),
        Text("Số tiền", "Sum"),
        Text("Từ ngày", "First day"),
        Text("Số ngày", "Days"),
        Text("Khoản", "Clause"),
        Text("Nộp thêm", "Charge"),
    ),
}
FUNDS = {"si": Text("BHXH", "SI"), "hi": Text("BHYT", "HI"), "ui": Text("BHTN", "UI")}


def part(own: Account, lang: Language) -> Iterator[str]:
    """Yield the walk in one language."""
    month, charge = explain_month(own, MONTH), explain_charge(own, MONTH)

    def both(vi: str, en: str) -> str:
        return Text(vi, en).say(lang)

    def heads(name: str) -> list[str]:
        return [words.say(lang) for words in HEADS[name]]

    day = {name: short_date(value, lang) for name, value in (("as_of", AS_OF), ("letter", LETTER))}
    due = {id: said(month, id, lang) for id in ("employer_month", "due_si", "due_hi", "due_ui", "due_date", "paid")}
    yield from (f"## {both('Tiếng Việt', 'English')}", "", f"### {both('1. Kê khai', '1. The declaration')}", "")
    yield both(
        f"Đơn vị {EMPLOYER} ở vùng I, đóng hằng tháng, kê khai tháng {MONTH:%m/%Y}:",
        f"The employer {EMPLOYER} in region I, which pays monthly, declares {MONTH:%Y-%m}:",
    )
    yield ""
    people = [found for at in range(1, len(WORKERS) + 1) if (found := month.find(f"person.{at}"))]
    yield from table(
        heads("people"),
        (
            (f"`{code}`", count(wage, lang), str(unpaid), figure_words(person.value, "vnd", lang))
            for (code, wage, unpaid), person in zip(WORKERS, people, strict=True)
        ),
    )
    yield from (f"### {both('2. Phải đóng, và hạn', '2. What is due, and by when')}", "")
    yield both(
        f"Cả tháng {due['employer_month']}: BHXH {due['due_si']}, BHYT {due['due_hi']}, BHTN {due['due_ui']}; hạn "
        f"{due['due_date']}. Lương của người thứ nhất thấp hơn mức thấp nhất, của người thứ ba cao hơn mức cao nhất, "
        "người thứ tư nghỉ không lương quá số ngày nên tháng này không đóng.",
        f"In all {due['employer_month']}: SI {due['due_si']}, HI {due['due_hi']}, UI {due['due_ui']}; by "
        f"{due['due_date']}. The first wage lies below the floor, the third above the ceiling, and the fourth person "
        "was away without pay for so many days that nothing is due.",
    )
    yield from ("", f"### {both('3. Tiền về', '3. The money')}", "")
    arrived = "; ".join(f"{short_date(on, lang)} {count(amount, lang)}" for on, amount in PAYMENTS)
    left = said(month, "outstanding", lang)
    yield both(
        f"Tiền về: {arrived} đồng. Đến hết ngày {day['as_of']} đã đóng {due['paid']}, còn {left}. "
        "Trong một tháng, tiền trả BHYT trước, rồi BHTN, rồi BHXH (một công tắc).",
        f"Money comes in: {arrived} VND. By the end of {day['as_of']} {due['paid']} are paid, {left} are open. "
        "Inside a month health insurance is paid first, then unemployment, then social insurance (a switch).",
    )
    yield from ("", f"### {both('4. Chậm đóng, rồi trốn đóng', '4. Late, then evasion')}", "")
    begins = said(charge, "evasion_from", lang)
    yield both(
        f"Đơn vị được đôn đốc bằng văn bản ngày {day['letter']}. Quá 60 ngày sau hạn, từ {begins}, phần BHXH và BHTN "
        f"còn lại là trốn đóng. Mỗi ngày 0,03 %. Đến hết ngày {day['as_of']}:",
        f"The employer is urged in writing on {day['letter']}. After 60 days from the due date, from {begins} on, what "
        f"is open of SI and UI is evasion. The charge is 0.03 % a day. By the end of {day['as_of']}:",
    )
    yield ""
    rows = sorted(own.charges, key=lambda row: (row["fund"], row["first_day"], str(row["paid_on"])))
    yield from table(
        heads("charges"),
        (
            (
                FUNDS[row["fund"]].say(lang),
                count(row["amount"], lang),
                short_date(row["first_day"], lang),
                str(row["days"]),
                row["clause"],
                count(row["charge"], lang),
            )
            for row in rows
        ),
    )
    yield both(f"Cộng {said(charge, 'charge', lang)}.", f"In all {said(charge, 'charge', lang)}.")
    shown = "--employer TZ0001 --month 2026-07 --as-of 2026-11-22"
    yield from ("", f"### {both('5. Vì sao: cây của tháng', '5. Why: the tree of the month')}", "")
    yield from (f"`baophu law explain employer {shown}`", "", *tree(month, lang))
    yield from (f"### {both('6. Vì sao: cây của số nộp thêm', '6. Why: the tree of the charge')}", "")
    yield from (f"`baophu law explain charge {shown}`", "", *tree(charge, lang))


def of_findings(lang: Language) -> Iterator[str]:
    """Yield the part on what findings would bring: articles 38(2)-(3), 39(1)(a)-(d)."""

    def both(vi: str, en: str) -> str:
        return Text(vi, en).say(lang)

    months = found_months()
    with DuckDB(memory="400MiB", threads=1) as engine, TemporaryDirectory() as place:
        rows = charge_findings(engine, months, no_outcomes(), AS_OF, book(), Path(place)).arrow().to_pylist()
    rows.sort(key=lambda row: (row["finding_id"], row["month"], row["fund"]))
    yield from (f"### {both('7. Người chưa đăng ký, mức đóng thấp', '7. Not registered, base too low')}", "")
    yield both(
        "Hai việc này không có trong kê khai, nên chỉ ước tính được từ các trường hợp mà lần chạy tháng tìm ra. Ở "
        "đơn vị này cơ quan thuế còn ghi nhận một người được trả 10 triệu đồng mỗi tháng từ tháng 07/2026, chưa thấy "
        "đăng ký, và một người tháng 09/2026 được trả 15 triệu đồng mà mức đăng ký là 10 triệu đồng. Người thứ nhất "
        "phải được đăng ký trong 30 ngày; trong 60 ngày tiếp theo là chậm đóng (khoản 2, khoản 3 Điều 38), sau đó là "
        "trốn đóng (điểm a, b khoản 1 Điều 39), tính từ ngày sau hạn đăng ký và hạn đóng. Mức đóng thấp là trốn đóng "
        "ngay từ ngày sau hạn đóng (điểm c, d), nhưng khi đơn vị chưa trả lời thì mới là câu hỏi.",
        "Neither stands in a declaration, so both are estimated from what the monthly run finds. Of this employer "
        "the tax register shows somebody else paid 10 million VND a month since 2026-07 and not registered, and "
        "somebody who was paid 15 million in 2026-09 and is registered with 10 million. The first was to be "
        "registered within 30 days; the 60 days after are late payment (art. 38(2), 38(3)), then it is evasion (art. "
        "39(1)(a), (b)), counted from the day after the limits to register and to pay. A base too low is evasion "
        "from the day after the due date (points c, d), yet no more than a question until the employer has answered.",
    )
    yield ""
    words = {"finding": Text("ước tính", "estimate"), "question": Text("câu hỏi", "question")}
    yield from table(
        [both("Tháng", "Month"), *(one.say(lang) for one in HEADS["charges"]), both("Tính theo", "Rests on")],
        (
            (
                both(f"{row['month']:%m/%Y}", f"{row['month']:%Y-%m}"),
                FUNDS[row["fund"]].say(lang),
                count(row["amount"], lang),
                short_date(row["first_day"], lang),
                str(row["days"]),
                row["clause"],
                count(row["charge"], lang),
                words[row["basis"]].say(lang),
            )
            for row in rows
        ),
    )
    yield both(
        f"{BASIS['finding'].vi} Những dòng này nằm riêng trong bảng `charges`, không cộng vào số chậm đóng của đơn vị.",
        f"{BASIS['finding'].en} These rows stand apart in the table `charges`, and are in no late sum of the employer.",
    )
    own = [row for row in months.to_pylist() if row["finding_id"] == "f1"]
    charges = [row for row in rows if row["finding_id"] == "f1"]
    yield from ("", "`baophu law explain charge --finding f1`", "")
    yield from tree(explain_charges(book(), AS_OF, own, charges), lang)


def page() -> str:
    """Return the page."""
    own = worked_out()
    lines = [MADE, "", "# From declaration to charge · Từ kê khai đến số nộp thêm", ""]
    lines += [
        "*Tiếng Việt trước, English below.* An employer that does not exist; the figures come from the program, with",
        "the [figures of the law](../reference/parameters.md) of those months. How to ask for such an explanation:",
        "[explain](../how-to/explain.md).",
        "",
        *part(own, "vi"),
        *of_findings("vi"),
        *part(own, "en"),
        *of_findings("en"),
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main({"from-declaration-to-charge.md": page}, FOLDER, __doc__))
