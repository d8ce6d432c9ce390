"""Makes accounts in a home, as a program of its own: `python office.py HOME < accounts.json`.

Each account is [user name, role, area]; its password is for one use, so that it is changed at the first sign-in.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FIRST_PASSWORD = "mot-con-thuyen-nho-tren-song"  # noqa: S105 (of accounts that end with the tests)


def main() -> None:
    """Make the accounts."""
    from baophu.web.serving import begin

    begin(Path(sys.argv[1]))
    from baophu.web.accounts import actions

    for username, role, area in json.load(sys.stdin):
        user = actions.create_user(
            actor="office", username=username, full_name=f"Nguyễn Văn {username}", password=FIRST_PASSWORD
        )
        actions.grant(actor="office", user=user, role=role, area_code=area)


if __name__ == "__main__":
    main()
