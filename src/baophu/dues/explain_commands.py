"""The commands `baophu law explain employer` and `baophu law explain charge`: one employer of a home.

`cli.py` puts them beside the other explanations; see `law.explain_commands` for what it sets.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.numbers import read_date, read_month
from baophu.law.explain_commands import FormOption, MonthOption, OutOption, show
from baophu.registers.options import PurposeOption, RevealOption

if TYPE_CHECKING:
    from baophu.dues.account import Account
    from baophu.engine import Engine

_EmployerOption = Annotated[str, typer.Option("--employer", metavar="MÃ|CODE", help="Mã đơn vị. / The employer.")]
_AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Tính đến hết ngày: 2026-11-22 (hôm nay / today). / The day it is as of.")
]
_KnownOption = Annotated[
    str | None,
    typer.Option("--known-on", help="Chỉ dùng những gì đã nạp đến ngày này. / What was loaded by then."),
]
MEMORY = "1GiB"


def employer(
    ctx: typer.Context,
    employer: _EmployerOption,
    month: MonthOption,
    as_of: _AsOfOption = None,
    known_on: _KnownOption = None,
    workers: Annotated[int, typer.Option("--workers", min=0, help="Số người liệt kê. / People to list.")] = 20,
    reveal: RevealOption = False,
    purpose: PurposeOption = None,
    form: FormOption = "text",
    out: OutOption = None,
) -> None:
    """Một đơn vị, một tháng: phải đóng gì, hạn nào, tiền nào đã trả. / An employer's month: due, by when, paid how."""
    from baophu.core import ledger
    from baophu.dues.explain import explain_month
    from baophu.engine import DuckDB
    from baophu.registers import store

    day = read_month(month)
    if reveal and not (purpose or "").strip():
        raise BaophuError(
            Text("Mã số của từng người là dữ liệu cá nhân.", "People's numbers are personal data."),
            Text('Nói rõ --purpose "…".', 'Say --purpose "…".'),
        )
    with DuckDB(memory=MEMORY) as engine:
        own = _account(ctx, engine, employer, as_of, known_on)
    step = explain_month(own, day, reveal=reveal, workers=workers)
    if reveal:
        # The line is there before the answer is, so that nothing is given out unseen.
        facts = {"explanation": "employer", "employer": employer, "month": f"{day:%Y-%m}", "purpose": purpose}
        ledger.append(store.ledger_file(home_of(ctx)), "reveal", **facts)
    show(ctx, step, form, out)


def charge(
    ctx: typer.Context,
    employer: _EmployerOption,
    month: MonthOption,
    as_of: _AsOfOption = None,
    known_on: _KnownOption = None,
    form: FormOption = "text",
    out: OutOption = None,
) -> None:
    """Số nộp thêm do chậm đóng, trốn đóng của một tháng. / The charge on a month: class, days, rate, and why."""
    from baophu.dues.explain_charge import explain_charge
    from baophu.engine import DuckDB

    with DuckDB(memory=MEMORY) as engine:
        own = _account(ctx, engine, employer, as_of, known_on)
    step = explain_charge(own, read_month(month))
    show(ctx, step, form, out)


def _account(ctx: typer.Context, engine: Engine, employer: str, as_of: str | None, known_on: str | None) -> Account:
    from baophu.dues.account import account
    from baophu.dues.registered import Registered

    day = read_date(as_of) if as_of else date.today()
    registered = Registered(home_of(ctx), read_date(known_on) if known_on else None)
    tables = registered.of_employer(engine, employer, day)
    if "spells" not in tables:
        typer.echo(NO_SPELLS.say(lang_of(ctx)), err=True)
    return account(engine, employer, tables, day)


NO_SPELLS = Text(
    "Chưa nạp bảng spells: nhóm b coi như không tham gia bảo hiểm thất nghiệp.",
    "The table spells is not loaded: group b is taken to have no unemployment insurance.",
)
