"""Personal data leaves the program masked; whoever asks for more says what for, and the ledger keeps it."""

from __future__ import annotations

from pathlib import Path

from baophu.core import ledger
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.registers.store import ledger_file, names_nobody


def check_purpose(reveal: bool, purpose: str | None) -> None:
    """Refuse to reveal without a purpose, and a purpose that holds anybody's number; BaophuError."""
    words = (purpose or "").strip()
    if reveal and not words:
        raise BaophuError(
            Text(
                "Mở dữ liệu cá nhân phải nêu mục đích. Không ghi gì.",
                "Revealing personal data needs a purpose. Nothing was written.",
            ),
            Text('Nói rõ --reveal và --purpose "…".', 'Say --reveal and --purpose "…".'),
        )
    if words and not names_nobody(words):
        raise BaophuError(
            Text("Mục đích không được ghi số của ai.", "The purpose may not hold anybody's number."),
            Text("Sổ ghi giữ mãi mục đích này.", "The ledger keeps it for good."),
        )


def note(home: Path, what: str, purpose: str | None, **facts: object) -> None:
    """Add a line to the ledger; it is there before the file is, so that nothing is given out unseen."""
    ledger.append(ledger_file(home), what, purpose=purpose, **facts)
