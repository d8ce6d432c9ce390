"""Options of several commands: those that take personal data away, those that say why data may be taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from baophu.core.numbers import read_date

if TYPE_CHECKING:
    from baophu.registers.store import Basis

RevealOption = Annotated[
    bool, typer.Option("--reveal", help="Ghi cả số cá nhân, không che. / Write personal numbers unmasked.")
]
PurposeOption = Annotated[
    str | None, typer.Option("--purpose", help="Mục đích, được ghi vào sổ. / What for; it goes into the ledger.")
]

LegalBasisOption = Annotated[
    str | None, typer.Option("--legal-basis", help="Căn cứ pháp lý để nhận dữ liệu. / The legal basis.")
]
TakenForOption = Annotated[str | None, typer.Option("--purpose", help="Mục đích xử lý. / The purpose.")]
SupplierOption = Annotated[str | None, typer.Option("--supplier", help="Bên cung cấp. / Who supplies it.")]
RetainUntilOption = Annotated[
    str | None, typer.Option("--retain-until", help="Lưu đến ngày, ví dụ 2036-12-31. / Kept until this day.")
]
WaitOption = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Đợi lần nạp khác cùng bảng. / Wait for another load of it.")
]


def basis_of(legal_basis: str | None, purpose: str | None, supplier: str | None, retain_until: str | None) -> Basis:
    """Return why data may be taken in, as it was said on the command line; BaophuError where the day is none."""
    from baophu.registers.store import Basis

    return Basis(
        legal_basis=legal_basis,
        purpose=purpose,
        supplier=supplier,
        retain_until=None if retain_until is None else read_date(retain_until),
    )
