"""The dates of the law that shape a life: when one retires, when a group of insured came in.

Months are numbers since year 0 (year x 12 + month - 1). Plain tables, on purpose not those of the law package.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from baophu.nation.people import ALIVE


def month_number(day: date) -> int:
    """Return the month of a day as months since year 0."""
    return day.year * 12 + day.month - 1


NEW_LAW = 2025 * 12 + 6
"""July 2025: groups l, m, n come in (Law 41/2024 art. 2(1), in force 2025-07-01)."""
DECLARING = 2026 * 12
"""January 2026: the presumptive method of tax ends (Resolution 198/2025 art. 10)."""
UNEMPLOYMENT = 2009 * 12
"""January 2009: unemployment insurance begins (Law 71/2006)."""
VOLUNTARY = 2008 * 12
"""January 2008: voluntary insurance begins (Law 71/2006)."""

REFERENCE = ((2026 * 12 + 6, 2_530_000), (2024 * 12 + 6, 2_340_000), (2023 * 12 + 6, 1_800_000), (0, 1_490_000))
MINIMUM_WAGE = (
    (2026 * 12, (5_310_000, 4_730_000, 4_140_000, 3_700_000)),
    (2024 * 12 + 6, (4_960_000, 4_410_000, 3_860_000, 3_450_000)),
    (0, (4_680_000, 4_160_000, 3_640_000, 3_250_000)),
)
RURAL_LINE = ((2027 * 12, 2_200_000), (2022 * 12, 1_500_000), (0, 700_000))


def known(table: tuple[tuple[int, Any], ...], months: Any) -> Any:
    """Return the value of a table (newest first) in each month: an array of the months' shape and one axis a tuple."""
    since = np.array([row[0] for row in table])
    return np.array([row[1] for row in table])[(np.asarray(months)[..., None] < since).sum(axis=-1)]


def retirement_months(birth: Any, female: Any) -> Any:
    """Return the month in which each reaches the normal retirement age; `birth` in months since year 0.

    Source: Decree 135/2020 art. 4: men 60 years 3 months in 2021 and 3 more a year to 62, women 55 years 4 months and
    4 more a year to 60.
    """
    female = female.astype(bool)
    done = birth + np.where(female, 660, 720)
    done = np.where(done < 2021 * 12, done, ALIVE)
    for year in range(2021, 2037):
        age = np.where(female, min(664 + 4 * (year - 2021), 720), min(723 + 3 * (year - 2021), 744))
        reached = np.maximum(birth + age, year * 12)
        done = np.where((done == ALIVE) & (reached < (year + 1) * 12), reached, done)
    age = np.where(female, 720, 744)
    return np.where(done == ALIVE, birth + age, done).astype(np.int32)
