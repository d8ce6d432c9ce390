"""How long one explanation takes once warm, against the limit of 50 milliseconds: CPU, the least of some calls.

python benchmarks/explaining.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from baophu.law import topics, worker_months
from baophu.law.parameters import book

LIMIT = 0.050


def least(ask: Callable[[int], object]) -> float:
    """Return the least CPU seconds of twenty calls, after two that warm up."""
    times = []
    for number in range(22):
        begun = time.process_time()
        ask(number)
        times.append(time.process_time() - begun)
    return min(times[2:])


def main() -> int:
    """Ask each kind of question and print its share of the limit."""
    plan = {"month": "2026-03", "support_groups": ["near_poor"], "method": "six_monthly"}
    asked: dict[str, Callable[[int], object]] = {
        "worker-month": lambda n: worker_months.one(month="2026-03", group_code="a", region="I", wage=9_000_000 + n),
        "voluntary plan": lambda n: topics.explain("voluntary_net", {**plan, "income": 2_000_000 + n}, book()),
        "pension": lambda n: topics.explain(
            "pension_amount", {"sex": "female", "contribution_months": 300, "average_base": 8_000_000 + n}, book()
        ),
    }
    for name, ask in asked.items():
        seconds = least(ask)
        print(f"{name:16} {seconds * 1000:6.1f} ms CPU  ({seconds / LIMIT:.2f} of the limit)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
