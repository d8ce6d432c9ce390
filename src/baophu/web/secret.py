"""The key by which sessions and tokens are signed: made once, kept in the home folder, readable by its user alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_FILE = "site/secret.key"


def secret_key(home: Path) -> str:
    """Return the key of a home folder, making it at the first call.

    Where the home does not exist or cannot be written to, a key for this process alone is returned: what is signed
    with it ends with the process.
    """
    file = home / _FILE
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        made = secrets.token_urlsafe(64)
    if not home.exists():
        return made
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        # Two processes may start at once: the first one's key stands for both.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(made)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return made
    return made
