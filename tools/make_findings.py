#!/usr/bin/env python3
"""Makes the handbook's page of findings from the kinds' own records.

python tools/make_findings.py [--out DIR]    writes findings.md (default: docs/handbook)
python tools/make_findings.py --check        writes nothing; exits 1 where the page differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pages import main, table_of_words

from baophu.findings.kinds import Kind, agency, kinds

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "handbook"
MADE = "<!-- Made by tools/make_findings.py from src/baophu/findings: do not edit. -->"
PARTS = {
    "money": "Số tiền · Money at stake",
    "months": "Số tháng · Months",
    "sure": "Mức chắc chắn của lý do · How sure the reason is",
    "deadline": "Hạn theo luật · How close the law's date",
    "success": "Tỷ lệ đúng đến nay · Share that proved right so far",
}
AMOUNTS = {
    "monthly": "mỗi tháng, trung bình của các tháng · a month, the mean of the months",
    "total": "tổng của các tháng · the sum of the months",
}


def findings_page() -> str:
    """Return the page."""
    lines = [
        MADE,
        "",
        "# Trường hợp cần xử lý · Findings",
        "",
        "Mỗi loại là một tệp SQL và một bản ghi cùng tên trong `src/baophu/findings`. Không loại nào buộc tội ai: mỗi "
        "trường hợp nói hai cơ sở dữ liệu ghi gì, và việc cần làm tiếp.",
        "",
        "Each kind is a file of SQL and a record of the same name in `src/baophu/findings`. None accuses anybody: a "
        "finding says what two registers tell, and what to do next.",
        "",
        "How well they hold on a generated country: [quality](../reference/quality.md). Three of each kind, followed "
        "to their rows: [followed](findings-followed.md).",
        "",
    ]
    for kind in kinds().values():
        lines += of_kind(kind)
    lines += ["## Ưu tiên · Priority", "", *priority(), "## Kết quả từng loại · How each rule does", "", *scoreboard()]
    lines += ["## Rủi ro của đơn vị · Risk of an employer", "", *risk()]
    return "\n".join(lines).rstrip() + "\n"


def of_kind(kind: Kind) -> Iterator[str]:
    """Yield the lines of one kind."""
    yield from (f"## {kind.title.vi} · {kind.title.en}", "", f"`{kind.kind}`", "")
    yield from (f"> {kind.claim.vi}", ">", f"> {kind.claim.en}", "")
    rows = [
        ("Căn cứ · Article", kind.article),
        ("Cần có · Needs", ", ".join(f"`{name}`" for name in kind.needs)),
        ("Số tiền · Amount", AMOUNTS[kind.amount]),
        ("Hạn · Deadline", f"{kind.deadline.vi} · {kind.deadline.en}"),
        ("Không phải · Excluded", f"{kind.excluded.vi} · {kind.excluded.en}"),
        ("Việc tiếp theo · Next", f"{kind.next_step.vi} · {kind.next_step.en}"),
    ]
    yield from table_of_words(("", ""), rows)
    reasons = [(f"`{code}`", one.words.vi, one.words.en, str(one.sure)) for code, one in kind.reasons.items()]
    yield from table_of_words(("Lý do · Reason", "Tiếng Việt", "English", "Chắc chắn · Sure"), reasons)


def priority() -> Iterator[str]:
    """Yield what the priority is made of."""
    prior = agency().prior
    yield "Tổng có trọng số của năm phần, mỗi phần từ 0 đến 1000 và hiện cùng trường hợp; trọng số theo loại, tổng 100."
    yield ""
    yield "A weighted sum of five parts of 0 to 1000, each shown with the finding; the weights of a kind add up to 100."
    yield ""
    rows = [(kind.title.vi, *(str(getattr(kind.weights, part)) for part in PARTS)) for kind in kinds().values()]
    yield from table_of_words(("Loại · Kind", *PARTS.values()), rows)
    for part, steps in agency().points.items():
        told = ", ".join(f"{start:,}: {points}" for start, points in sorted(steps.items()))
        yield f"- {PARTS[part]} (VND, months): {told}"
    yield (
        f"- {PARTS['success']}: (confirmed + {prior['right']}) / (confirmed + wrong + {sum(prior.values())}), by kind, "
        "over the outcomes that the desk recorded"
    )
    yield ""


RISKS = {
    "unregistered": (
        "Người được trả lương mà chưa thấy tham gia, trên số người đang kê khai cộng số người ấy · "
        "Paid and not seen in the scheme, of those declared and those together"
    ),
    "underdeclared": (
        "Phần tiền lương chưa vào căn cứ đóng, trên tổng căn cứ cộng phần ấy (câu hỏi, chưa phải kết luận) · "
        "Pay that is in no base, of all bases and that pay together (a question, no conclusion)"
    ),
    "late_months": "Số tháng đóng muộn trên số tháng đã đến hạn · Months paid late, of those that were due",
    "headcount_change": (
        "Biến động số người lớn nhất giữa hai tháng liền nhau · The greatest change of headcount from month to month"
    ),
    "bunching": (
        "Người kê khai không quá lương tối thiểu vùng, trên số người kê khai tháng cuối · "
        "Declared at the regional minimum wage or less, of those declared in the last month"
    ),
    "reopened": (
        "Người quản lý, chủ từng có doanh nghiệp đóng trong các tháng đã nạp · "
        "A manager or owner had a firm that closed within the months loaded"
    ),
    "shared_owners": (
        "Người quản lý nhiều doanh nghiệp: 250 cho mỗi doanh nghiệp khác · "
        "Managers of several firms: 250 for each other firm"
    ),
}


def risk() -> Iterator[str]:
    """Yield the parts of the risk and their weights."""
    yield "Mỗi phần từ 0 đến 1000, hiện cùng tổng trong `baophu results show employer_risk`; đó là nơi cần xem trước,"
    yield "không kết luận gì về đơn vị."
    yield ""
    yield "Each part is 0 to 1000 and is shown with the sum by `baophu results show employer_risk`: where to look"
    yield "first, no claim that anything is wrong."
    yield ""
    rows = ((f"`{name}`", RISKS[name], str(weight)) for name, weight in agency().risk.items())
    yield from table_of_words(("Phần · Part", "Là gì · What it is", "Trọng số · Weight"), rows)


def scoreboard() -> Iterator[str]:
    """Yield what is kept of each rule, and when it stops producing cases."""
    right, told = agency().floor["right"], agency().floor["told"]
    yield "`baophu results show finding_scores`, theo loại: số đúng, sai, chưa trả lời; số ngày từ khi thấy đến khi"
    yield "có trong sổ (trung vị); còn tham gia sau 3, 6, 12 tháng theo quá trình về sau; chi phí nếu tệp kết quả có."
    yield f"Loại có dưới {right} phần nghìn đúng, khi đã rõ từ {told} trường hợp, thì tạm giữ (`held`), không giao"
    yield "xử lý, và bản tóm tắt nói rõ. Mức do cơ quan đặt trong `agency.yaml` ở thư mục nhà."
    yield ""
    yield "By kind: confirmed, wrong, unanswered; days from first seen to the run that sees the row or the money"
    yield "(median); still in after 3, 6 and 12 months, by later spells; cost, where the file of outcomes gives it."
    yield f"A kind with fewer than {right} right of 1000, once {told} are settled, is held: its findings are kept, no"
    yield "cases are made of them, and the summary says so. The agency sets the floor in `agency.yaml` of its home."
    yield ""
    yield "Kết quả được nạp bằng tệp · Outcomes come by a file: [outcomes](../how-to/findings.md)."
    yield ""


if __name__ == "__main__":
    sys.exit(main({"findings.md": findings_page}, FOLDER, __doc__))
