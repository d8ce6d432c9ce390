"""Marks of answers, so that a program that has the newest is told so in a few bytes.

A mark is made before the answer: of what the answer is made from, the address, whose eyes it is for and the language.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags, quote_etag
from ninja.decorators import decorate_view
from ninja.utils import contribute_operation_callback

from baophu import __version__
from baophu.web import figures
from baophu.web.api.asking import token_used
from baophu.web.index import index_file
from baophu.web.reading import NothingIndexed, Reader, reader_of
from baophu.web.templatetags.baophu import language

_hashed: dict[str, Any] = {}
Run = Callable[..., HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])


def marked(view: View) -> View:
    """Mark the answers of an operation. For what is read from a run and nothing else."""
    return marked_beside(lambda **arguments: "")(view)


def marked_beside(beside: Callable[..., object]) -> Callable[[View], View]:
    """Mark answers that tell what is at the desk too: `beside` names its state, by the address's arguments."""

    def mark(view: View) -> View:
        decorate_view(functools.partial(_answering, beside=beside))(view)
        contribute_operation_callback(view, _described)
        return view

    return mark


def _described(operation: Any) -> None:
    said = "Không đổi so với If-None-Match / Unchanged since If-None-Match"
    etag = "Dấu của câu trả lời, để gửi lại trong If-None-Match / Mark of the answer, for If-None-Match"
    header = {"ETag": {"description": etag, "schema": {"type": "string"}}}
    operation.openapi_extra = {"responses": {200: {"headers": header}, 304: {"description": said}}}


def _answering(run: Run, beside: Callable[..., object]) -> Run:
    """Answer 304 to who has what there is; else mark the answer. For keys: a browser keeps nothing of a session's."""

    @functools.wraps(run)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if token_used(request) is None:
            return run(request, *args, **kwargs)
        try:
            found = request.resolver_match
            mark = quote_etag(_mark(request, reader_of(request), beside(**found.kwargs) if found else ""))
        except NothingIndexed:
            return run(request, *args, **kwargs)
        known = parse_etags(request.headers.get("If-None-Match", ""))
        if mark in known:
            unchanged = HttpResponseNotModified()
            unchanged.headers["ETag"] = mark
            return unchanged
        response = run(request, *args, **kwargs)
        if response.status_code == 200:
            response.headers["ETag"] = mark
        return response

    return answer


def _mark(request: HttpRequest, reader: Reader, beside: object) -> str:
    told = index_file(reader.home, reader.run).stat()
    made_from = (
        reader.run.run, told.st_mtime_ns, told.st_ino, _targets(reader),
        request.get_full_path(), reader.scope.key, language(), __version__, date.today(),
        beside,
    )  # fmt: skip
    return salted_hmac("baophu.web.api.etags", repr(made_from), secret=settings.SECRET_KEY).hexdigest()


def _targets(reader: Reader) -> str:
    """Return what changes when the targets do; they are read once a minute, and hashed once for each reading."""
    found = figures.targets(reader)
    if _hashed.get("of") is not found:
        told = sorted((one.target_id, str(one.value), str(one.high)) for own in found.values() for one in own)
        _hashed.update(of=found, hash=hashlib.sha256(repr(told).encode()).hexdigest())
    return str(_hashed["hash"])
