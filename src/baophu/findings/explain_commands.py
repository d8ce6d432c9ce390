"""The command `baophu law explain charge`: an employer's month, or what a finding of a run would bring."""

from __future__ import annotations

from typing import Annotated

import typer

from baophu.core.commands import home_of
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.numbers import read_month
from baophu.dues import explain_commands as of_employer
from baophu.law.explain_commands import FormOption, OutOption, show
from baophu.law.trace import Step


def charge(
    ctx: typer.Context,
    employer: Annotated[
        str | None, typer.Option("--employer", metavar="MÃ|CODE", help="Mã đơn vị. / The employer.")
    ] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng: 2026-07. / The month.")
    ] = None,
    finding: Annotated[
        str | None,
        typer.Option("--finding", metavar="MÃ|ID", help="Ước tính của một trường hợp. / The estimate for a finding."),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="LẦN_CHẠY|RUN", help="Lần chạy, hoặc tháng của nó. / The run, or its month."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Tính đến hết ngày: 2026-11-22. / The day it is as of.")
    ] = None,
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", help="Chỉ dùng những gì đã nạp đến ngày này. / What was loaded by then."),
    ] = None,
    form: FormOption = "text",
    out: OutOption = None,
) -> None:
    """Số nộp thêm của một tháng, hoặc ước tính của một trường hợp. / The charge on a month, or a finding's estimate."""
    if finding is not None:
        if employer or as_of or known_on:
            raise BaophuError(
                Text(
                    "--finding đi với --run và --month, không với --employer, --as-of, --known-on.",
                    "--finding goes with --run and --month, not with --employer, --as-of, --known-on.",
                )
            )
        show(ctx, _of_finding(ctx, finding, run, month), form, out)
        return
    if employer is None or month is None:
        raise BaophuError(
            Text("Thiếu --employer và --month, hoặc --finding.", "--employer and --month, or --finding, are missing.")
        )
    of_employer.charge(ctx, employer, month, as_of, known_on, form, out)


def _of_finding(ctx: typer.Context, finding: str, run: str | None, month: str | None) -> Step:
    """Read a finding's rows of a run (the newest, where none is named) and explain them."""
    import pyarrow.compute as pc  # type: ignore[import-untyped]
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    from baophu.findings.explain_charges import explain_charges
    from baophu.law.parameters import book
    from baophu.results import store
    from baophu.results.tables import FROM_FINDINGS

    home = home_of(ctx)
    runs = store.runs(home)
    if run is None and not runs:
        raise BaophuError(
            Text("Chưa có lần chạy nào.", "There is no run yet."),
            Text("Chạy tháng: baophu run --month 2026-10", "Run a month: baophu run --month 2026-10"),
        )
    chosen = store.find(home, run) if run else runs[-1]
    of_finding = pc.field("finding_id") == finding
    rows = {
        name: [
            row
            for path in store.table(home, chosen, name)
            if name != "charges" or path.name == FROM_FINDINGS
            for row in parquet.read_table(path, filters=of_finding).to_pylist()
        ]
        for name in ("found_months", "charges")
    }
    if not rows["found_months"]:
        raise BaophuError(
            Text(
                f"Lần chạy {chosen.run} không có số ước tính cho trường hợp '{finding}'.",
                f"Run {chosen.run} has no estimate for the finding '{finding}'.",
            ),
            Text(
                "Chỉ có với người chưa đăng ký và mức đóng thấp còn mở: baophu results show found_months",
                "There is one for open findings of people not registered and bases too low: "
                "baophu results show found_months",
            ),
        )
    shown = read_month(month) if month else None
    months = [row["month"] for row in rows["found_months"]]
    if shown is not None and shown not in months:
        raise BaophuError(
            Text(f"Trường hợp này không có tháng {shown:%m/%Y}.", f"This finding has no month {shown:%Y-%m}."),
            Text(
                f"Có từ {min(months):%m/%Y} đến {max(months):%m/%Y}.",
                f"There is {min(months):%Y-%m} to {max(months):%Y-%m}.",
            ),
        )
    law = book()
    law = law.with_switches(**{name: set_ for name, set_ in chosen.switches.items() if law.switch(name) != set_})
    return explain_charges(law, chosen.as_of, rows["found_months"], rows["charges"], shown)
