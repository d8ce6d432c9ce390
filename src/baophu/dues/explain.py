"""An employer's month explained: what is due and why, by when, and which money settled it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from baophu.core.languages import Text
from baophu.core.numbers import count, short_date
from baophu.dues.account import FUND_TITLES, Account, as_of_step, due_step
from baophu.dues.settling import FUNDS
from baophu.law import worker_months
from baophu.law.explaining import bounds_passed, parameters_under
from baophu.law.explaining import steps as explained_steps
from baophu.law.rules import rules
from baophu.law.trace import Failed, Step
from baophu.results.masking import mask

WORKERS_SHOWN = 20
_BOUNDS = {code: bound for bound, code in worker_months.COUNTED.items()}


def explain_month(own: Account, month: date, *, reveal: bool = False, workers: int = WORKERS_SHOWN) -> Step:
    """Return what an employer owes for a month, why, by when, and which money settled it by the day of the account.

    The people stand with masked numbers unless `reveal`; at most `workers` of them are listed.
    """
    due = own.due(month)
    rows = _workers(own, month)
    funds = [explain_fund(own, fund, due, rows) for fund in FUNDS]
    return Step(
        "employer_month",
        Text(
            f"Đơn vị {own.employer}, phải đóng tháng {month:%m/%Y}", f"Employer {own.employer}, due for {month:%Y-%m}"
        ),
        due["due"],
        "vnd",
        article="Law 41/2024/QH15 art. 13(4)",
        parts=(
            Step("participants", Text("Số người kê khai", "People declared"), due["participants"], "persons"),
            *funds,
            _people(rows, reveal, workers),
            due_step(own, due),
            *_settled(own, due),
            as_of_step(own),
        ),
    )


def _workers(own: Account, month: date) -> list[dict[str, Any]]:
    """Return the people declared for a month, each with bases, bounds and sums, in the order of their numbers."""
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    both = (own.tables["declarations"], own.workers)
    declared, computed = (table.filter(pc.equal(table["month"], month)) for table in both)
    told = {row["si_code"]: row for row in declared.to_pylist()}
    rows = [{**told[row["si_code"]], **row} for row in computed.to_pylist()]
    return sorted(rows, key=lambda row: str(row["si_code"]))


def explain_fund(own: Account, fund: str, due: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Step:
    """Return what is due to one fund: its people by group, and by the bound that counted for them.

    A row is a person, or the sums of `participants` people who are alike.
    """
    alike: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[row["group_code"], row[f"{fund}_base_counted"]].append(row)
    rule = rules().rule(f"due_{fund}", due["month"], rows[0]["group_code"])
    return Step(
        f"due_{fund}",
        rule.title,
        due[f"due_{fund}"],
        "vnd",
        rule=rule.name,
        article=rule.article,
        parts=tuple(_alike(own, fund, group, code, people) for (group, code), people in sorted(alike.items())),
    )


def _alike(own: Account, fund: str, group: str, code: int, people: Sequence[Mapping[str, Any]]) -> Step:
    """Return the sum of the people of one group whose base came about in the same way."""
    month, bound = people[0]["month"], _BOUNDS.get(code)
    number = sum(row.get("participants", 1) for row in people)
    id = f"due_{fund}.{group}.{bound or 'none'}"
    total = sum(row[f"due_{fund}"] for row in people)
    if bound is None:
        title = Text(f"Nhóm {group}, không phải đóng: {number} người", f"Group {group}, nothing due: {number} people")
        return Step(id, title, total, "vnd", parts=(_why_nothing(own, fund, people[0], id),))
    return Step(
        id,
        Text(f"Nhóm {group}: {number} người", f"Group {group}: {number} people"),
        total,
        "vnd",
        rule=f"{fund}_base",
        article=rules().rule(f"{fund}_base", month, group).article,
        parameters=parameters_under(f"due_{fund}", month, group, own.region, law_book=own.law),
        counted=bound,
        failed=bounds_passed(f"{fund}_base", month, group, bound),
        parts=(
            Step(
                f"{id}.bases",
                Text("Tổng căn cứ đóng", "Sum of the bases"),
                sum(row[f"{fund}_base"] for row in people),
                "vnd",
            ),
        ),
    )


def _why_nothing(own: Account, fund: str, row: Mapping[str, Any], id: str) -> Step:
    """Return why nothing is due of people like this one."""
    told = {name: row[name] for name in ("month", "group_code", "wage", "unpaid_days")}
    step = explained_steps((f"{fund}_due",), law_book=own.law, region=own.region, **told)[f"{fund}_due"]
    return _below(step, id)


def _below(step: Step, id: str) -> Step:
    """Return a step that is told beside others of its kind: its ids, and those below, stand under `id`."""
    return replace(step, id=f"{id}.{step.id}", parts=tuple(_below(part, id) for part in step.parts))


def _people(rows: Sequence[Mapping[str, Any]], reveal: bool, workers: int) -> Step:
    """Return the people one by one, as far as they are to be listed."""
    shown = []
    for number, row in enumerate(rows[:workers], 1):
        code = row["si_code"] if reveal else mask(row["si_code"])
        wage = {lang: count(row["wage"], lang) for lang in ("vi", "en")}
        title = Text(
            f"Người {number}, mã số {code}, nhóm {row['group_code']}, tiền lương {wage['vi']}",
            f"Person {number}, number {code}, group {row['group_code']}, wage {wage['en']}",
        )
        parts = tuple(
            Step(f"person.{number}.{fund}", FUND_TITLES[fund], row[f"due_{fund}"], "vnd", counted=_BOUNDS.get(bound))
            for fund in FUNDS
            for bound in (row[f"{fund}_base_counted"],)
        )
        shown.append(Step(f"person.{number}", title, sum(row[f"due_{fund}"] for fund in FUNDS), "vnd", parts=parts))
    more = len(rows) - len(shown)
    note = Text(f"Còn {more} người không liệt kê ở đây.", f"{more} more people are not listed here.") if more else None
    return Step("people", Text("Từng người", "Each person"), len(rows), "persons", parts=tuple(shown), note=note)


# What settled it


def _settled(own: Account, due: Mapping[str, Any]) -> Iterator[Step]:
    """Yield what is paid of a month by which money, what is open, and the day on which it was cleared."""
    rows = own.tables["payments"].select(["paid_on", "amount"]).to_pylist()
    money = [row for row in rows if row["paid_on"] <= own.as_of]
    days: dict[date, int] = defaultdict(int)
    for row in money:
        days[row["paid_on"]] += row["amount"]
    order = own.law.value("fund_order", own.as_of)
    refunds = -sum(row["amount"] for row in money if row["amount"] < 0)
    yield Step(
        "received",
        Text("Tiền đã về đến ngày tính, trừ hoàn trả", "Money in by that day, less refunds"),
        sum(days.values()),
        "vnd",
        parts=(Step("refunds", Text("Đã hoàn trả", "Refunded"), refunds, "vnd"),) if refunds else (),
        note=Text("Hoàn trả lấy lại tiền về sau cùng trước.", "A refund takes back the latest money first.")
        if refunds
        else None,
        failed=_money_left_out(own, rows),
    )
    yield earlier_dues(own, due)
    shares = tuple(
        Step(f"paid_{fund}", FUND_TITLES[fund], due[f"paid_{fund}"], "vnd") for fund in FUNDS if due[f"due_{fund}"]
    )
    by_day = tuple(
        Step(
            f"paid.{day.isoformat()}",
            Text(f"Tiền về ngày {short_date(day, 'vi')}", f"Money of {short_date(day, 'en')}"),
            amount,
            "vnd",
            parts=(
                Step(f"money.{day.isoformat()}", Text("Cả ngày đó về", "All that came that day"), days[day], "vnd"),
            ),
        )
        for day, amount in sorted(_pieces_of(own, due).items())
    )
    yield Step("paid", Text("Đã đóng", "Paid"), due["paid"], "vnd", parameters=(order,), parts=(*by_day, *shares))
    yield from ends(due)


def earlier_dues(own: Account, due: Mapping[str, Any]) -> Step:
    """Return what stands before a month's dues and is paid first."""
    before = [row for row in own.dues if (row["due_date"], row["month"]) < (due["due_date"], due["month"])]
    return Step(
        "earlier_dues",
        Text("Các khoản đến hạn trước, được trả trước", "Dues that stand before it and are paid first"),
        sum(row["due"] for row in before),
        "vnd",
        note=Text("Tiền trả khoản đến hạn trước trước.", "Money settles the oldest due first."),
    )


def ends(due: Mapping[str, Any]) -> Iterator[Step]:
    """Yield what is open of a month, and the day on which it was cleared."""
    yield Step("outstanding", Text("Còn phải đóng", "Outstanding"), due["outstanding"], "vnd")
    if due["cleared_on"] is not None:
        yield Step("cleared_on", Text("Đóng đủ ngày", "Cleared on"), due["cleared_on"], "date")


def _money_left_out(own: Account, rows: Sequence[Mapping[str, Any]]) -> tuple[Failed, ...]:
    later = sum(row["paid_on"] > own.as_of for row in rows)
    if not later:
        return ()
    words = Text(
        f"{later} khoản tiền về đến hết ngày {short_date(own.as_of, 'vi')}",
        f"{later} payments came in by {short_date(own.as_of, 'en')}",
    )
    return (Failed("payments.as_of", words),)


def _pieces_of(own: Account, due: Mapping[str, Any]) -> dict[date, int]:
    """Return how much of a month each day's money settled."""
    found: dict[date, int] = defaultdict(int)
    for piece in own.pieces:
        if piece["month"] == due["month"] and piece["paid_on"] is not None and piece["upto"] > piece["from_upto"]:
            found[piece["paid_on"]] += piece["upto"] - piece["from_upto"]
    return found
