"""The charge on an employer's month explained: each sum that came late, its class, days and rate, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from baophu.core.languages import Text
from baophu.core.numbers import short_date
from baophu.dues.account import FUND_TITLES, Account, as_of_step, due_step
from baophu.dues.settling import FUNDS, charge_terms
from baophu.law.parameters import Value
from baophu.law.trace import Failed, Step

DAY = timedelta(days=1)
CLASSES = {"late": Text("chậm đóng", "late payment"), "evasion": Text("trốn đóng", "evasion")}


@dataclass(frozen=True, slots=True)
class Turn:
    """From when not paying a month is evasion: the day if any, the letter that counts, and what did not hold."""

    begins: date | None
    letter: date | None
    parameters: tuple[Value, ...] = ()
    failed: tuple[Failed, ...] = ()


def turn_of(own: Account, due: Mapping[str, Any]) -> Turn:
    """Return from when a month's unpaid dues are evasion (Law 41/2024 art. 39(1)(đ)-(e), Decree 274/2025 art. 6)."""
    terms = charge_terms(own.law, own.as_of)
    grace, in_time, from_day = (
        own.law.value(name, own.as_of) for name in ("unpaid_grace_days", "urging_days", "urged_from_day")
    )
    until: date = due["due_date"]
    failed, counting = [], []
    for sent in own.letters(due["month"]):
        day = {lang: short_date(sent, lang) for lang in ("vi", "en")}
        if sent <= until:
            words = Text(
                f"văn bản ngày {day['vi']} gửi sau hạn đóng", f"the letter of {day['en']} came after the due date"
            )
            failed.append(Failed("late.urged", words, grace.basis))
        elif sent > own.as_of:
            words = Text(
                f"văn bản ngày {day['vi']} đã gửi đến ngày tính", f"the letter of {day['en']} was sent by then"
            )
            failed.append(Failed("late.urged", words, grace.basis))
        else:
            counting.append(sent)
    if not counting:
        words = Text("đã đôn đốc bằng văn bản sau hạn đóng", "a written demand was made after the due date")
        return Turn(None, None, failed=(*failed, Failed("late.urged", words, grace.basis)))
    letter = counting[0]
    begins = max(until + timedelta(days=_days(terms, "grace_days") + 1), _first_day(terms, due))
    if letter <= until + timedelta(days=_days(terms, "urging_days")):
        return Turn(begins, letter, (grace, in_time), tuple(failed))
    words = Text(
        f"đôn đốc trong {in_time.amount} ngày sau hạn đóng",
        f"the demand was made within {in_time.amount} days after the due date",
    )
    failed.append(Failed("late.urged_in_time", words, in_time.basis))
    begins = max(begins, letter + timedelta(days=_days(terms, "urged_from_days")))
    return Turn(begins, letter, (grace, in_time, from_day), tuple(failed))


def _days(terms: Mapping[str, Any], name: str) -> int:
    return int(terms[name])


def _first_day(terms: Mapping[str, Any], due: Mapping[str, Any]) -> date:
    first: date = max(due["due_date"] + DAY, terms["counts_from"])
    return first


def explain_charge(own: Account, month: date) -> Step:
    """Return the charge on a month by the day of the account: each sum with its class, days and rate, and why.

    Law 41/2024/QH15 arts. 38-41, Decree 274/2025/NĐ-CP. What is charged from findings alone is told as a note.
    """
    due = own.due(month)
    turn = turn_of(own, due)
    rows = [row for row in own.charges if row["month"] == month]
    rows.sort(key=lambda row: (FUNDS.index(row["fund"]), row["paid_on"] or date.max, row["first_day"]))
    return Step(
        "charge",
        Text(
            f"Đơn vị {own.employer}, phải nộp thêm do chậm đóng tháng {month:%m/%Y}",
            f"Employer {own.employer}, charged on {month:%Y-%m} paid late",
        ),
        sum(row["charge"] for row in rows),
        "vnd",
        article="Law 41/2024/QH15 arts 38-41",
        note=Text(
            "Người chưa đăng ký và mức đóng thấp hơn quy định chỉ tính từ phát hiện, không từ kê khai.",
            "People not registered and bases too low are charged from findings, not from declarations.",
        ),
        failed=tuple(_not_charged(own, due, rows)),
        parts=(
            due_step(own, due),
            *(_charge(own, due, row, turn) for row in rows),
            *([_evasion(turn)] if rows else []),
            as_of_step(own),
        ),
    )


def _not_charged(own: Account, due: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[Failed]:
    """Yield for each fund without a charge the condition that does not hold."""
    for fund in FUNDS:
        if any(row["fund"] == fund for row in rows):
            continue
        name, article = FUND_TITLES[fund], "Law 41/2024/QH15 art. 38(1)"
        if not due[f"due_{fund}"]:
            words = Text(f"{name.vi} có số phải đóng", f"something is due to {name.en}")
        elif due["due_date"] >= own.as_of:
            words = Text("đã quá hạn đóng", "the due date has passed")
        elif fund == "hi" and own.law.switch("health_charge") == "no":
            words = Text(f"{name.vi} có tính nộp thêm (theo công tắc)", f"{name.en} is charged (a switch)")
        else:
            first = _first_day(charge_terms(own.law, own.as_of), due)
            words = Text(
                f"tiền của {name.vi} còn chưa nộp hết ngày {short_date(first, 'vi')}",
                f"money of {name.en} was still unpaid at the end of {short_date(first, 'en')}",
            )
        yield Failed(f"charge.{fund}", words, article)


def _charge(own: Account, due: Mapping[str, Any], row: Mapping[str, Any], turn: Turn) -> Step:
    """Return one sum's charge: how much, from which day and why that day, how many days, at which rate."""
    fund, kind, paid = row["fund"], row["class"], row["paid_on"]
    settled = Text("chưa đóng", "unpaid")
    if paid:
        settled = Text(f"đóng ngày {short_date(paid, 'vi')}", f"paid on {short_date(paid, 'en')}")
    id = f"charge.{fund}.{paid.isoformat() if paid else 'open'}.{kind}"
    title = Text(
        f"{_capital(FUND_TITLES[fund].vi)}, {settled.vi}: {CLASSES[kind].vi}",
        f"{_capital(FUND_TITLES[fund].en)}, {settled.en}: {CLASSES[kind].en}",
    )
    rate = own.law.value("daily_charge_rate", own.as_of)
    return Step(
        id,
        title,
        row["charge"],
        "vnd",
        rule="late_charge",
        article=_clause(own, row["clause"]),
        parameters=(rate,),
        parts=(
            Step(f"{id}.amount", Text("Số tiền", "Sum"), row["amount"], "vnd"),
            _began(own, due, row, id),
            _length(own, row, id),
        ),
        failed=tuple(_why_not_evasion(row, turn, own)),
        note=Text("Làm tròn đến đồng, nửa đồng làm tròn lên.", "Rounded half up to the dong."),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _clause(own: Account, clause: str) -> str:
    if clause == "HI":
        return own.law.value("health_charge", own.as_of).basis
    return f"Law 41/2024/QH15 art. {clause}"


def _began(own: Account, due: Mapping[str, Any], row: Mapping[str, Any], id: str) -> Step:
    """Return the first day that counts, and which of the days it is."""
    first: date = row["first_day"]
    parameters: tuple[Value, ...] = ()
    if row["class"] == "evasion":
        why = Text("từ đó là trốn đóng", "evasion begins then")
    elif first == due["due_date"] + DAY:
        why = Text("ngày sau hạn đóng", "the day after the due date")
    else:
        why = Text("những ngày trước đó không tính (công tắc)", "earlier days do not count (a switch)")
        parameters = tuple(own.law.value(name, own.as_of) for name in ("late_rules_from", "charge_days_before_2025_07"))
    title = Text(f"Ngày đầu ({why.vi})", f"First day ({why.en})")
    article = "Decree 274/2025/NĐ-CP art. 6(2)(b)"
    return Step(f"{id}.first_day", title, first, "date", article=article, parameters=parameters)


def _length(own: Account, row: Mapping[str, Any], id: str) -> Step:
    last = row["first_day"] + timedelta(days=row["days"] - 1)
    title = Text(f"Số ngày, đến hết {short_date(last, 'vi')}", f"Days, to the end of {short_date(last, 'en')}")
    counted = own.law.value("charge_last_day_counted", own.as_of)
    return Step(f"{id}.days", title, row["days"], "days", parameters=(counted,) if row["paid_on"] else ())


def _why_not_evasion(row: Mapping[str, Any], turn: Turn, own: Account) -> Iterator[Failed]:
    """Yield why a late sum is not evasion, or not yet."""
    if row["class"] == "evasion":
        return
    article = "Law 41/2024/QH15 art. 39(1)(e)" if row["fund"] == "ui" else "Law 41/2024/QH15 art. 39(1)(đ)"
    if row["fund"] == "hi":
        words = Text("là tiền bảo hiểm xã hội hoặc thất nghiệp", "it is social or unemployment insurance")
        yield Failed("evasion.fund", words, "Law 41/2024/QH15 art. 39(1)")
    elif turn.begins is None:
        yield from turn.failed
    elif _ended(row, own) <= turn.begins:
        words = Text(
            f"ngày {short_date(turn.begins, 'vi')}, sau thời gian 60 ngày và văn bản đôn đốc, còn chưa đóng",
            f"still unpaid on {short_date(turn.begins, 'en')}, after the 60 days and the written demand",
        )
        yield Failed("evasion.days", words, article)


def _ended(row: Mapping[str, Any], own: Account) -> date:
    """Return the first day that is not counted of a sum."""
    if row["paid_on"] is None:
        return own.as_of + DAY
    paid: date = row["paid_on"]
    return paid + DAY if own.law.switch("charge_last_day_counted") == "yes" else paid


def _evasion(turn: Turn) -> Step:
    """Return from which day it is evasion, by which letter; no day where nobody was urged."""
    letter = (Step("letter", Text("Văn bản đôn đốc ngày", "Written demand of"), turn.letter, "date"),)
    return Step(
        "evasion_from",
        Text("Trốn đóng kể từ ngày", "Evasion from"),
        turn.begins,
        "date",
        rule="late_class.evasion_from",
        article="Law 41/2024/QH15 art. 39(1)(đ), 39(1)(e); Decree 274/2025/NĐ-CP art. 6(2)(c)",
        parameters=turn.parameters,
        parts=letter if turn.letter else (),
        failed=turn.failed,
    )
