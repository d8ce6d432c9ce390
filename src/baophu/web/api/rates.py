"""How often somebody may ask. Counted by whole minutes, in each of the server's processes by itself."""

from __future__ import annotations

import time

from django.core.cache import caches

MINUTE = 60


def over(who: str, limit: int) -> int | None:
    """Count one more of somebody's; return how many seconds he has to wait where there were too many, else None."""
    seconds = time.time()
    key = f"{who}:{int(seconds // MINUTE)}"
    counts = caches["rates"]
    counts.add(key, 0, timeout=2 * MINUTE)
    return MINUTE - int(seconds % MINUTE) if counts.incr(key) > limit else None
