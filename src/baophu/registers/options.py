"""Options of commands that take personal data away; one wording for all of them."""

from __future__ import annotations

from typing import Annotated

import typer

RevealOption = Annotated[
    bool, typer.Option("--reveal", help="Ghi cả số cá nhân, không che. / Write personal numbers unmasked.")
]
PurposeOption = Annotated[
    str | None, typer.Option("--purpose", help="Mục đích, được ghi vào sổ. / What for; it goes into the ledger.")
]
