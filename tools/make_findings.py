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
        "How well they hold on a generated country is measured by `benchmarks/findings_quality.py`; the figures "
        "stand in [decision 12](../decisions/0012-findings.md).",
        "",
    ]
    for kind in kinds().values():
        lines += of_kind(kind)
    lines += ["## Ưu tiên · Priority", "", *priority(), "## Rủi ro của đơn vị · Risk of an employer", "", *risk()]
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


def risk() -> Iterator[str]:
    """Yield the weights of the risk."""
    yield from table_of_words(
        ("Phần · Part", "Trọng số · Weight"), ((f"`{k}`", str(v)) for k, v in agency().risk.items())
    )


if __name__ == "__main__":
    sys.exit(main({"findings.md": findings_page}, FOLDER, __doc__))
