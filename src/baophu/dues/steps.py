"""The steps of a run that tell what employers owe: the law's sums month by month, then payments to dues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.engine import run_step
from baophu.results.steps import Step, Work

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

SQL = Path(__file__).parent / "sql"


def steps(months: Sequence[date]) -> tuple[Step, ...]:
    """Return the steps for the declared months that the run covers.

    A month's sums rest on what stands in `sum_employers` and `sum_members` of that month alone, so that new employers
    and new spells elsewhere do not make older months be done again.
    """
    return (*((step for month in months for step in _of_month(month)) if months else (NOTHING_DECLARED,)), SETTLE)


def _of_month(month: date) -> tuple[Step, Step]:
    name, said = f" {month:%Y-%m}", f" {month:%m/%Y}"
    return (
        Step(
            name=f"sum_terms{name}",
            title=Text(f"Đơn vị kê khai{said}", f"Who declares{name}"),
            needs=("declarations", "employers", "spells?"),
            gives=("sum_employers", "sum_members"),
            do=_terms,
            dated=False,
            only=month,
        ),
        Step(
            name=f"sums{name}",
            title=Text(f"Số phải đóng{said}", f"What is due{name}"),
            needs=("declarations",),
            after=("sum_employers", "sum_members"),
            gives=("sums",),
            do=_sums,
            dated=False,
            only=month,
        ),
    )


def _terms(work: Work) -> Mapping[str, int]:
    import pyarrow as pa
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    declared = work.registers("declarations")
    employers = {"declarations": declared, "employers": work.registers("employers")}
    found = {"sum_employers": run_step(work.engine, SQL / "sum_employers.sql", employers).arrow()}
    spells = work.registers("spells")
    if spells:
        members = {"declarations": declared, "spells": spells}
        found["sum_members"] = run_step(work.engine, SQL / "sum_members.sql", members).arrow()
    else:
        work.note(
            Text(
                "Chưa nạp sổ spells: nhóm b được tính như không tham gia bảo hiểm thất nghiệp.",
                "spells is not loaded: group b is counted as not taking part in unemployment insurance.",
            )
        )
        columns = {"si_code": pa.string(), "scheme": pa.string(), "start_month": pa.date32(), "end_month": pa.date32()}
        found["sum_members"] = pa.schema(list(columns.items())).empty_table()
    for name, table in found.items():
        # In one order, so that the same rows are the same bytes.
        ordered = table.sort_by([(column, "ascending") for column in table.column_names])
        parquet.write_table(ordered, _file(work, name), compression="zstd")
    return {name: table.num_rows for name, table in found.items()}


def _sums(work: Work) -> Mapping[str, int]:
    from baophu.law.worker_months import sums

    done = sums(
        work.engine,
        work.registers("declarations", work.month),
        work.result("sum_employers"),
        _file(work, "sums"),
        spells=work.result("sum_members"),
        law_book=work.law,
        progress=work.progress,
    )
    return {"sums": done.rows}


def _file(work: Work, table: str) -> Path:
    return work.out(table) / f"part-{work.month:%Y-%m}.parquet"


def _settle(work: Work) -> Mapping[str, int]:
    from baophu.dues.settling import settle

    notices: Sequence[Path] | pa.Table = work.registers("notices")
    if not notices:
        work.note(
            Text(
                "Chưa nạp sổ notices (văn bản đôn đốc): chưa xác định được khoản nào là trốn đóng.",
                "notices (written demands) is not loaded: no amount can be classed as evasion.",
            )
        )
        notices = _no_notices()
    done = settle(
        work.engine,
        sums=work.result("sums"),
        employers=work.registers("employers"),
        payments=work.registers("payments"),
        notices=notices,
        as_of=work.as_of,
        out=work.folder,
        law=work.law,
        progress=work.progress,
    )
    return {name: done.rows[name] for name in ("dues", "charges", "steps", "collected")}


def _no_notices() -> pa.Table:
    import pyarrow as pa

    columns = [("employer_id", pa.string()), ("month", pa.date32()), ("sent_on", pa.date32())]
    return pa.schema(columns).empty_table()


def _nothing_declared(work: Work) -> Mapping[str, int]:
    raise BaophuError(
        Text(
            f"Sổ declarations không có kê khai nào đến tháng {work.month:%m/%Y}.",
            f"declarations has nothing up to {work.month:%Y-%m}.",
        )
    )


NOTHING_DECLARED = Step(
    name="sums",
    title=Text("Số phải đóng", "What is due"),
    needs=("declarations", "employers"),
    gives=("sums",),
    do=_nothing_declared,
)

SETTLE = Step(
    name="dues",
    title=Text("Tiền đóng và số phải đóng", "Payments to dues"),
    needs=("employers", "payments", "notices?"),
    after=("sums",),
    gives=("dues", "charges", "steps", "collected"),
    do=_settle,
)
