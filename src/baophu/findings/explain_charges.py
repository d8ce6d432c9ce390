"""What a finding would bring by articles 38(2)-(3), 39(1)(a)-(d), explained month by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from baophu.core.languages import Text
from baophu.core.numbers import short_date
from baophu.dues.settling import due_date
from baophu.findings.charging import terms
from baophu.law.explaining import steps as explained
from baophu.law.parameters import Book
from baophu.law.trace import Failed, Step

Row = Mapping[str, Any]
DAY = timedelta(days=1)
FUNDS = {
    "si": Text("Bảo hiểm xã hội", "Social insurance"),
    "ui": Text("Bảo hiểm thất nghiệp", "Unemployment insurance"),
}
CLASSES = {"late": Text("chậm đóng", "late payment"), "evasion": Text("trốn đóng", "evasion")}
BASIS = {
    "finding": Text(
        "Ước tính từ dữ liệu; đơn vị chưa được hỏi, chưa ai xác nhận. Chưa phải là kết luận.",
        "An estimate from data: the employer has not been asked and nobody has confirmed it. It is no conclusion.",
    ),
    "question": Text(
        "Là câu hỏi với đơn vị: phần nào của tiền lương không thuộc căn cứ đóng. Chỉ tính khi đã xác nhận.",
        "A question to the employer: which part of the pay is not insurable. Nothing is charged until it is confirmed.",
    ),
    "confirmed": Text("Cán bộ đã xác nhận trường hợp này.", "An officer has confirmed this finding."),
}


def explain_charges(
    law: Book, as_of: date, months: Sequence[Row], charges: Sequence[Row], shown: date | None = None
) -> Step:
    """Return what one finding would bring by the end of a day, month by month; VND.

    `months` are its rows of `found_months`, `charges` its rows of `charges`. With `shown`, a month, that month alone,
    with the whole tree of its bases.
    """
    chosen = [row for row in sorted(months, key=lambda row: row["month"]) if shown in (None, row["month"])]
    parts = [_month(law, as_of, row, charges, shown is not None) for row in chosen]
    limits = () if _too_low(months[0]) else _limits(law, as_of, months[0])
    basis = next((row["basis"] for row in charges), "question" if _too_low(months[0]) else "finding")
    return Step(
        "charge_of_finding",
        Text("Ước tính phải nộp thêm nếu trường hợp này là đúng", "What would be charged were this finding right"),
        sum(int(part.value) for part in parts if isinstance(part.value, int)),
        "vnd",
        article="Law 41/2024/QH15 arts 38-41; Decree 274/2025/NĐ-CP arts 5-6",
        parts=(*limits, *parts, Step("as_of", Text("Tính đến hết ngày", "To the end of"), as_of, "date")),
        note=BASIS[basis],
    )


def _too_low(row: Row) -> bool:
    return row["registered_wage"] is not None


def _month(law: Book, as_of: date, row: Row, charges: Sequence[Row], whole: bool) -> Step:
    """Return the charges on one month of a finding."""
    month = row["month"]
    own = sorted((one for one in charges if one["month"] == month), key=lambda one: (one["fund"], one["first_day"]))
    due = due_date(law, month, row["pay_method"])
    what = Text("mức đóng thấp", "base too low") if _too_low(row) else Text("chưa đăng ký", "not registered")
    id = f"month.{month:%Y-%m}"
    failed = () if own else (_not_due(as_of, due),)
    return Step(
        id,
        Text(f"Tháng {month:%m/%Y}, {what.vi}", f"{month:%Y-%m}, {what.en}"),
        sum(one["charge"] for one in own),
        "vnd",
        parts=(
            *_bases(law, row, whole),
            Step(f"{id}.due", Text("Hạn đóng", "Due by"), due, "date", article="Law 41/2024/QH15 art. 34(4)"),
            *(_charge(law, as_of, one, id) for one in own),
        ),
        failed=failed,
    )


def _not_due(as_of: date, due: date) -> Failed:
    if due >= as_of:
        return Failed("charge.due", Text("đã quá hạn đóng", "the due date has passed"), "Law 41/2024/QH15 art. 34(4)")
    return Failed("charge.owed", Text("còn thiếu, và chưa bị bác", "something is missing, and was not found wrong"))


def _bases(law: Book, row: Row, whole: bool) -> Iterator[Step]:
    """Yield what is due by the pay, and by the registered wage where there is one."""
    names = {
        "lawful_wage": Text("theo tiền lương mà cơ quan thuế ghi nhận", "by the pay that the tax register shows"),
        "registered_wage": Text("theo mức đã đăng ký", "by the registered wage"),
    }
    for name, words in names.items():
        if row[name] is None:
            continue
        told = {"month": row["month"], "group_code": row["group_code"], "region": row["region"], "wage": row[name]}
        found = explained(("due_si", "due_ui"), law_book=law, **told)
        for fund, step in (("si", found["due_si"]), ("ui", found["due_ui"])):
            yield Step(
                f"{name}.{fund}",
                Text(f"{FUNDS[fund].vi}, {words.vi}", f"{FUNDS[fund].en}, {words.en}"),
                step.value,
                "vnd",
                article=step.article,
                parts=step.parts if whole else (Step(f"{name}.wage", Text("Tiền lương", "Wage"), row[name], "vnd"),),
            )


def _limits(law: Book, as_of: date, row: Row) -> Iterator[Step]:
    """Yield until when he was to be registered, and until when not having done so is late payment."""
    told: Mapping[str, Any] = terms(law, as_of)
    liable = row["liable_month"]
    if told["liable_at_end"]:
        liable = (liable + timedelta(days=31)).replace(day=1) - DAY
    register_by = liable + timedelta(days=told["register_days"])
    until = register_by + timedelta(days=told["grace_days"])
    limit, grace = (law.value(name, as_of) for name in ("registration_days", "unregistered_grace_days"))
    liable_day = law.value("liable_from_day", as_of)
    yield Step(
        "register_by",
        Text("Hạn đăng ký", "To be registered by"),
        register_by,
        "date",
        article="Law 41/2024/QH15 art. 28(1)",
        parameters=(limit, liable_day),
        parts=(Step("liable", Text("Thuộc diện từ ngày", "Liable from"), liable, "date"),),
    )
    later = row["registered_month"]
    failed = (
        ()
        if later is None or later > until
        else (
            Failed(
                "late.registered",
                Text(
                    f"hết thời gian này vẫn chưa đăng ký (đã tham gia từ {short_date(later, 'vi')})",
                    f"still not registered after it (takes part since {short_date(later, 'en')})",
                ),
                "Law 41/2024/QH15 art. 39(1)(a)-(b)",
            ),
        )
    )
    yield Step(
        "late_until",
        Text("Chưa đăng ký còn là chậm đóng đến hết ngày", "Not registering is late payment to the end of"),
        until,
        "date",
        article="Law 41/2024/QH15 arts 38(2), 38(3)",
        parameters=(grace,),
        failed=failed,
    )


def _charge(law: Book, as_of: date, row: Row, under: str) -> Step:
    """Return one sum's charge: how much, from which day, how many days, at which rate."""
    id = f"{under}.{row['fund']}.{row['class']}"
    fund, kind = FUNDS[row["fund"]], CLASSES[row["class"]]
    if row["basis"] != "confirmed":
        kind = Text(f"pháp luật xếp là {kind.vi}, nếu đúng", f"{kind.en} by the law, if it is right")
    last = row["first_day"] + timedelta(days=row["days"] - 1)
    switches = () if row["clause"] in ("39(1)(c)", "39(1)(d)") else (law.value("unregistered_evasion_days", as_of),)
    return Step(
        id,
        Text(f"{fund.vi}: {kind.vi}", f"{fund.en}: {kind.en}"),
        row["charge"],
        "vnd",
        rule="late_charge",
        article=f"Law 41/2024/QH15 art. {row['clause']}",
        parameters=(law.value("daily_charge_rate", as_of),),
        parts=(
            Step(
                f"{id}.amount",
                Text("Số tiền", "Sum"),
                row["amount"],
                "vnd",
                article="Decree 274/2025/NĐ-CP arts 5(1), 6(1)",
            ),
            Step(
                f"{id}.first_day",
                Text("Ngày đầu", "First day"),
                row["first_day"],
                "date",
                article="Decree 274/2025/NĐ-CP arts 5(2), 6(2)",
                parameters=switches,
            ),
            Step(
                f"{id}.days",
                Text(f"Số ngày, đến hết {short_date(last, 'vi')}", f"Days, to the end of {short_date(last, 'en')}"),
                row["days"],
                "days",
            ),
        ),
        note=Text("Làm tròn đến đồng, nửa đồng làm tròn lên.", "Rounded half up to the dong."),
    )
