"""One employer's account on a day: what it owes, has paid and is charged, by the steps of the whole country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.numbers import short_date
from baophu.dues.settling import accounts, due_date
from baophu.engine import Engine
from baophu.law import worker_months
from baophu.law.parameters import Book
from baophu.law.trace import Step

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

FUND_TITLES = {
    "si": Text("quỹ bảo hiểm xã hội", "the social insurance fund"),
    "hi": Text("quỹ bảo hiểm y tế", "the health insurance fund"),
    "ui": Text("quỹ bảo hiểm thất nghiệp", "the unemployment insurance fund"),
}
PAY_METHODS = {
    "monthly": Text("hằng tháng", "monthly"),
    "quarterly": Text("3 tháng một lần", "every three months"),
    "half_yearly": Text("6 tháng một lần", "every six months"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """One employer as it stands on a day: its registers as tables, what came of them as rows.

    `workers` are its worker-months with bases and dues, as `worker_months.by_worker` gives them.
    """

    employer: str
    as_of: date
    law: Book
    pay_method: str
    region: str
    tables: Mapping[str, pa.Table]
    workers: pa.Table
    dues: Sequence[Mapping[str, Any]]
    charges: Sequence[Mapping[str, Any]]
    pieces: Sequence[Mapping[str, Any]]

    def due(self, month: date) -> Mapping[str, Any]:
        """Return the dues of a month; BaophuError where nothing was declared for it."""
        for row in self.dues:
            if row["month"] == month:
                return row
        first, last = self.dues[0]["month"], self.dues[-1]["month"]
        raise BaophuError(
            Text(
                f"Đơn vị không có kê khai tháng {month:%m/%Y} đến ngày {short_date(self.as_of, 'vi')}.",
                f"The employer declared nothing for {month:%Y-%m} by {short_date(self.as_of, 'en')}.",
            ),
            Text(f"Có từ {first:%m/%Y} đến {last:%m/%Y}.", f"There is {first:%Y-%m} to {last:%Y-%m}."),
        )

    def letters(self, month: date) -> list[date]:
        """Return the days on which the month's dues were demanded in writing, also later ones."""
        rows = self.tables["notices"].select(["month", "sent_on"]).to_pylist()
        return sorted(row["sent_on"] for row in rows if row["month"] == month)


def account(
    engine: Engine, employer: str, tables: Mapping[str, pa.Table], as_of: date, law: Book | None = None
) -> Account:
    """Work out one employer's dues and charges from its rows of declarations, employers, payments, notices and spells.

    No declaration may be of a month after that of `as_of`. BaophuError where nothing was declared.
    """
    from baophu.law.parameters import book

    law = law or book()
    if tables["declarations"].num_rows == 0:
        raise BaophuError(
            Text(
                f"Đơn vị '{employer}' không có kê khai nào đến ngày {short_date(as_of, 'vi')}.",
                f"The employer '{employer}' declared nothing by {short_date(as_of, 'en')}.",
            )
        )
    workers = worker_months.by_worker(
        engine, tables["declarations"], tables["employers"], spells=tables.get("spells"), law_book=law
    ).arrow()
    added = [("si_code", "count"), *((fund, "sum") for fund in worker_months.FUNDS)]
    names = ["employer_id", "month", "participants", *worker_months.FUNDS]
    sums = workers.group_by(["employer_id", "month"]).aggregate(added).rename_columns(names)
    own = accounts(
        engine,
        sums=sums,
        employers=tables["employers"],
        payments=tables["payments"],
        notices=tables["notices"],
        as_of=as_of,
        law=law,
    )
    pieces = own.pieces(engine, own.lines).arrow()
    found = {name: own.result(engine, name, own.lines, pieces).arrow().to_pylist() for name in ("dues", "charges")}
    return Account(
        employer=employer,
        as_of=as_of,
        law=law,
        pay_method=own.lines["pay_method"][0].as_py(),
        region=tables["employers"]["region"][0].as_py(),
        tables=tables,
        workers=workers,
        dues=sorted(found["dues"], key=lambda row: (row["due_date"], row["month"])),
        charges=found["charges"],
        pieces=pieces.to_pylist(),
    )


def due_step(own: Account, due: Mapping[str, Any]) -> Step:
    """Return by when a month is to be paid, and why."""
    month: date = due["month"]
    length = own.law.value("cycle_months", month, payer="employer", pay_method=own.pay_method)
    after = own.law.value("due_months_after_cycle", month, payer="employer")
    cycle = PAY_METHODS[own.pay_method]
    return Step(
        "due_date",
        Text("Hạn đóng", "Due date"),
        due_date(own.law, month, own.pay_method),
        "date",
        rule="due_date",
        article=after.basis,
        parameters=(length, after),
        parts=(
            Step(
                "cycle",
                Text(f"Chu kỳ, đóng {cycle.vi}", f"Cycle, paid {cycle.en}"),
                length.amount,
                "months",
            ),
        ),
        note=Text(
            "Ngày cuối tháng sau chu kỳ; ngày nghỉ không dời hạn.",
            "The last day of the month after the cycle; a day of rest moves nothing.",
        ),
    )


def as_of_step(own: Account) -> Step:
    """Return the day of the account."""
    return Step("as_of", Text("Tính đến hết ngày", "As of the end of"), own.as_of, "date")
