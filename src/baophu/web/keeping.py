"""The inside of a page, kept for a minute for whoever may see the same: at nine o'clock all open the same pages.

    @rule(Right.SEE, area="area_code")
    @require_safe
    @kept
    def area(request, area_code): ...

What a view so marked puts between the frame of a page (`base.html`) may depend on the run, the address, the language,
the day and the scope of who looks, and on nothing else of him. The frame, with his name and his notices, is made anew.
Kept in the memory of the process, packed, and never for a view that has something to record.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import wraps
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from baophu.web.accounts.scope import scope_of
from baophu.web.index import index_file
from baophu.web.reading import newest_indexed
from baophu.web.templatetags.baophu import language

Parts = dict[str, str]
SECONDS = 60
MEANWHILE = 10
ROOM = 48 * 2**20
# What stands for the token of a form in what is kept; nobody outside of this process knows it.
TOKEN = token_hex(16)


class Shelf:
    """Packed parts of pages by their key, the longest unused thrown away when there is no more room."""

    def __init__(self, room: int = ROOM) -> None:
        self.room, self._used, self._lock = room, 0, threading.Lock()
        self._kept: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()

    def get(self, key: bytes) -> Parts | None:
        """Return what is kept; None where there is nothing, or it is too old."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            now = time.monotonic()
            if found[0] < now:
                # Who asks first makes it anew; the others are shown the old one meanwhile, rather than make it too.
                self._kept[key] = now + MEANWHILE, found[1]
                return None
            self._kept.move_to_end(key)
        parts: Parts = json.loads(zlib.decompress(found[1]))
        return parts

    def put(self, key: bytes, parts: Parts) -> None:
        """Keep the parts of a page."""
        packed = zlib.compress(json.dumps(parts, ensure_ascii=False).encode(), 1)
        with self._lock:
            before = self._kept.pop(key, None)
            self._used += len(packed) - (len(before[1]) if before else 0)
            self._kept[key] = (time.monotonic() + SECONDS, packed)
            while self._used > self.room:
                self._used -= len(self._kept.popitem(last=False)[1][1])

    def clear(self) -> None:
        """Throw all away."""
        with self._lock:
            self._kept.clear()
            self._used = 0


SHELF = Shelf()


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep the inside of the pages that a view shows."""
    return kept_beside(lambda **arguments: "")(view)


def kept_beside(beside: Callable[..., object]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Keep the inside of pages that show what is at the desk too: `beside` names its state, by the view's arguments."""
    return lambda view: _kept(view, beside)


def _kept(view: Callable[..., HttpResponse], beside: Callable[..., object]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def shown(request: HttpRequest, **arguments: Any) -> HttpResponse:
        key = _key(request, beside(**arguments))
        if key is None:
            return view(request, **arguments)
        found = SHELF.get(key)
        parts: Parts = {} if found is None else found
        request.kept = parts  # type: ignore[attr-defined]
        if found is not None:
            return render(request, "web/base.html")
        answer = view(request, **arguments)
        if answer.status_code == 200 and "main" in parts:
            SHELF.put(key, parts)
        return answer

    return shown


def part(request: HttpRequest, name: str, made: Callable[[], str]) -> str:
    """Return a part of a page: as it was kept, else as it is made, with the token of the reader's own session."""
    parts: Parts | None = getattr(request, "kept", None)
    if parts is None:
        return made()
    if name not in parts:
        parts[name] = made()
    return parts[name].replace(TOKEN, get_token(request)) if TOKEN in parts[name] else parts[name]


def _key(request: HttpRequest, beside: object) -> bytes | None:
    """Name a page as one reader sees it; None before the first run, or where nothing may be kept."""
    run = newest_indexed(settings.HOME)
    if run is None or request.method != "GET":
        return None
    try:
        index = index_file(settings.HOME, run).stat()
    except FileNotFoundError:
        return None
    # A purge makes the index anew, under the same name.
    said = (run.run, index.st_ino, index.st_mtime_ns, scope_of(request.user).key, request.get_full_path(), language(),
            str(date.today()), beside)  # fmt: skip
    return hashlib.sha256(repr(said).encode()).digest()
