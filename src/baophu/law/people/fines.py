"""Bands of administrative fines for late payment and evasion (Decree 283/2026 arts 43-46).

The decree is asked by name and not by day, since its first day in force is not settled.
"""

from __future__ import annotations

from baophu.core.languages import Text
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import Figures, teller, whole
from baophu.law.trace import Failed, Step

WARNING, FINE = "warning", "fine"


def fine(
    book: Book,
    *,
    decree: str,
    act: str,
    offender: str,
    fund: str = "si",
    amount: int = 0,
    workers: int = 0,
    days_after_registration_limit: int = 0,
) -> Figures:
    """Return the figures of topic `fine`: class, sanction and band in VND; what the act does not have is None."""
    if act == "late_payment":
        return _by_money(book, decree, fund, offender, amount)
    return _by_workers(book, decree, fund, offender, workers, days_after_registration_limit)


def _ask(book: Book, name: str, decree: str, **dims: str) -> Value:
    """Return a value of the decree as it began."""
    return book.history(name, fine_decree=decree, **dims)[0]


def _multiple(book: Book, decree: str, fund: str, offender: str) -> Value:
    began = _ask(book, "fine_cap", decree, fund=fund).valid_from
    return book.value("fine_multiple", began, offender=offender)


def _by_money(book: Book, decree: str, fund: str, offender: str, amount: int) -> Figures:
    """A share of the late sum, up to a ceiling; a small sum brings a warning only."""
    tell = teller("fine")
    below = _ask(book, "fine_warning_below", decree, fund=fund)
    given = tell.given("amount", amount)
    late = tell.figure("class", "late", article="Law 41/2024/QH15 art. 38(1)", parts=[given])
    if amount < below.amount:
        words = Text(f"chậm đóng từ {below.amount} đồng", f"{below.amount} VND or more are late")
        failed = [Failed("fine.warning", words, below.basis)]
        sanction = tell.figure(
            "sanction", WARNING, article=below.basis, parameters=[below], parts=[late], failed=failed
        )
        return {"class": late, "sanction": sanction, **_no_band()}
    multiple, cap = _multiple(book, decree, fund, offender), _ask(book, "fine_cap", decree, fund=fund)
    most = whole(cap.fraction * multiple.fraction)
    figures = {
        "class": late,
        "sanction": tell.figure("sanction", FINE, article=cap.basis, parameters=[below], parts=[late]),
        "fine_cap": tell.figure("fine_cap", most, article=cap.basis, parameters=[cap, multiple]),
    }
    for name, bound in (("fine_min", "least"), ("fine_max", "most")):
        share = _ask(book, f"fine_share_{bound}", decree, fund=fund, conduct="late")
        computed = whole(share.fraction * multiple.fraction * amount)
        figures[name] = tell.figure(
            name,
            min(computed, most),
            article=share.basis,
            parameters=[share, multiple],
            parts=[given, figures["fine_cap"]],
            counted="ceiling" if computed > most else None,
        )
    return figures


def _by_workers(book: Book, decree: str, fund: str, offender: str, workers: int, days: int) -> Figures:
    """A band by how many workers were not registered: late payment for sixty days, evasion after them."""
    tell = teller("fine")
    began = _ask(book, "fine_cap", decree, fund=fund).valid_from
    grace = book.value("unregistered_grace_days", began)
    conduct = "late" if days <= grace.amount else "evasion"
    failed = []
    if conduct == "late":
        words = Text(f"quá {grace.amount} ngày sau hạn đăng ký", f"more than {grace.amount} days after the limit")
        failed.append(Failed("fine.evasion", words, grace.basis))
    classed = tell.figure(
        "class",
        conduct,
        article=grace.basis,
        parameters=[grace],
        parts=[tell.given("days_after_registration_limit", days)],
        failed=failed,
    )
    bands = book.history("fine_least", fine_decree=decree, fund=fund, conduct=conduct)
    first = str(max(int(band.dims["workers_from"]) for band in bands if int(band.dims["workers_from"]) <= workers))
    multiple = _multiple(book, decree, fund, offender)
    figures = {
        **_no_band(),
        "class": classed,
        "sanction": tell.figure("sanction", FINE, article=bands[0].basis, parts=[classed]),
    }
    for name, bound in (("fine_min", "fine_least"), ("fine_max", "fine_most")):
        band = _ask(book, bound, decree, fund=fund, conduct=conduct, workers_from=first)
        figures[name] = tell.figure(
            name,
            whole(band.fraction * multiple.fraction),
            article=band.basis,
            parameters=[band, multiple],
            parts=[tell.given("workers", workers), classed],
        )
    return figures


def _no_band() -> dict[str, Step]:
    tell = teller("fine")
    return {name: tell.figure(name, None) for name in ("fine_min", "fine_max", "fine_cap")}
