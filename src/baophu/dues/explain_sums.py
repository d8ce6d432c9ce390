"""An employer's month explained from sums alone: what is due and why, by when, what is paid. It names nobody.

For who has no declarations at hand but what the site's index keeps of them; with them see `explain`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from baophu.core.languages import Text
from baophu.dues.account import FUND_TITLES, Account, as_of_step, due_step
from baophu.dues.explain import earlier_dues, ends, explain_fund
from baophu.dues.settling import FUNDS
from baophu.law.trace import Step


def explain_sums(own: Account, month: date, alike: Sequence[Mapping[str, Any]]) -> Step:
    """Return what an employer owes for a month, why, by when, and what of it is paid.

    `alike` are the rows of `worker_months.alike` of the month; none where they are not known any more: then the sums
    of the funds stand without what they are made of.
    """
    due = own.due(month)
    funds = [
        explain_fund(own, fund, due, alike)
        if alike
        else Step(f"due_{fund}", FUND_TITLES[fund], due[f"due_{fund}"], "vnd")
        for fund in FUNDS
    ]
    shares = tuple(
        Step(f"paid_{fund}", FUND_TITLES[fund], due[f"paid_{fund}"], "vnd") for fund in FUNDS if due[f"due_{fund}"]
    )
    return Step(
        "employer_month",
        Text(f"Phải đóng tháng {month:%m/%Y}", f"Due for {month:%Y-%m}"),
        due["due"],
        "vnd",
        article="Law 41/2024/QH15 art. 13(4)",
        parts=(
            Step("participants", Text("Số người kê khai", "People declared"), due["participants"], "persons"),
            *funds,
            due_step(own, due),
            earlier_dues(own, due),
            Step(
                "paid",
                Text("Đã đóng", "Paid"),
                due["paid"],
                "vnd",
                parameters=(own.law.value("fund_order", own.as_of),),
                parts=shares,
            ),
            *ends(due),
            as_of_step(own),
        ),
    )
