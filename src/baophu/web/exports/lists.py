"""What can be taken away: of each page that has a list or a table, its books of sheets.

A book is read through `reading.Reader` as its page is, for the scope of who takes it away, so that a file holds what
its page shows: the same rows and columns, in the same order.
"""

from __future__ import annotations

from baophu.web import views_audit
from baophu.web.accounts.rights import Right
from baophu.web.exports import figure_lists, record_lists, work_lists
from baophu.web.exports.sheets import Form
from baophu.web.exports.taking import Listed

_LONG: tuple[Form, ...] = ("xlsx", "csv", "parquet")
# By the name of the page in the URL table.
LISTS: dict[str, Listed] = {
    "area": Listed(Right.SEE, figure_lists.area_page, filters=("show", "sort")),
    "indicator": Listed(Right.SEE, figure_lists.indicator_page, filters=("sort",)),
    "ranking": Listed(Right.SEE, figure_lists.ranking_page, filters=("by", "indicator", "period")),
    "targets": Listed(Right.SEE, figure_lists.targets_page, filters=("all",)),
    "calendar": Listed(Right.SEE, figure_lists.calendar_page, filters=("month",)),
    "findings": Listed(Right.EXPORT, work_lists.findings, _LONG, ("kind", "status", "outcome", "sort"), True),
    "employers": Listed(Right.EXPORT, work_lists.employers, _LONG, ("name", "step", "on")),
    "employer": Listed(Right.EXPORT, work_lists.one_employer, choices=True),
    "person": Listed(Right.EXPORT, work_lists.person, choices=True),
    "loads": Listed(Right.LOADS, record_lists.loads_page, _LONG, ("table",)),
    "audit": Listed(Right.AUDIT, record_lists.audit_page, _LONG, views_audit.FILTERS),
}
