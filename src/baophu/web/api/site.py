"""The API's root: what an operation raises becomes a problem."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from baophu import __version__
from baophu.core.languages import Text
from baophu.desk.actions import Overtaken
from baophu.web.api.problems import problem
from baophu.web.exports.actions import FIRST_PAGES_A_DAY
from baophu.web.reading import NothingIndexed
from baophu.web.templatetags.baophu import said

# Why a value will not do, by what the check of values calls it. What was given is never said back.
REASONS: dict[str, Text] = {
    "missing": Text("Thiếu giá trị này.", "It is missing."),
    "int_parsing": Text("Phải là số nguyên.", "It has to be a whole number."),
    "bool_parsing": Text("Phải là true hoặc false.", "It has to be true or false."),
    "string_type": Text("Phải là chữ.", "It has to be text."),
    "greater_than_equal": Text("Phải từ {ge} trở lên.", "It has to be {ge} or more."),
    "less_than_equal": Text("Không được quá {le}.", "It may not be more than {le}."),
    "string_too_short": Text("Phải có ít nhất {min_length} ký tự.", "It needs {min_length} characters at least."),
    "string_too_long": Text("Không được quá {max_length} ký tự.", "It may not have more than {max_length} characters."),
    "literal_error": Text("Phải là một trong: {expected}.", "It has to be one of: {expected}."),
    "string_pattern_mismatch": Text("Không đúng dạng.", "It is not of the right form."),
    "date_from_datetime_parsing": Text("Phải là ngày, như 2026-10-31.", "It has to be a day, such as 2026-10-31."),
    "date_parsing": Text("Phải là ngày, như 2026-10-31.", "It has to be a day, such as 2026-10-31."),
}
_ENOUGH_LISTS = Text(
    f"Hôm nay các khóa của bạn đã mở {FIRST_PAGES_A_DAY} danh sách mà không có quyền tải về. Chờ đến ngày mai, hoặc"
    " thêm quyền ấy cho khóa.",
    f"Your keys have opened {FIRST_PAGES_A_DAY} lists today without the right to take them away. Wait until tomorrow,"
    " or give the key that right.",
)
_OTHER = Text("Giá trị không hợp lệ.", "The value will not do.")


class NotValid(Exception):
    """Values that will not do: where, and why in the language of the answer."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("values that will not do")
        self.errors = errors


class NotAllowed(PermissionDenied):
    """What may not be done, where more can be said of it than that."""

    def __init__(self, detail: Text) -> None:
        super().__init__(detail.en)
        self.detail = detail


class TooManyLists(Exception):
    """Somebody's programs have opened as many lists as they may in a day."""


class Letters(JSONRenderer):
    """JSON with letters as they are, not as codes."""

    json_dumps_params: ClassVar[dict[str, Any]] = {"ensure_ascii": False}  # type: ignore[misc]


class Api(NinjaAPI):
    """The API; an operation is called by its function."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of an operation in the description."""
        return str(operation.view_func.__name__)


def make_api() -> Api:
    """Return the API with its operations."""
    from baophu.web.api import areas, comments, desk, employers, findings, outcomes, persons

    api = Api(
        title="Baophu", version=__version__, openapi_url=None, docs_url=None, urls_namespace="api", renderer=Letters()
    )
    for part in (areas, findings, outcomes, comments, employers, persons, desk):
        api.add_router("", part.router)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(PermissionDenied, _forbidden)
    api.add_exception_handler(NothingIndexed, _nothing)
    api.add_exception_handler(NotValid, _not_valid)
    api.add_exception_handler(Overtaken, _overtaken)
    api.add_exception_handler(TooManyLists, _too_many)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)
    return api


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 404)


def _forbidden(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 403, error.detail if isinstance(error, NotAllowed) else None)


def _nothing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 503)


def _overtaken(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 409)


def _too_many(request: HttpRequest, error: Any) -> HttpResponse:
    now = timezone.localtime()
    wait = (now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - now).seconds + 1
    return problem(request, 429, _ENOUGH_LISTS, headers={"Retry-After": str(wait)})


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, error.status_code)


def _not_valid(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 422, errors=[{"where": where, "reason": why} for where, why in error.errors.items()])


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [{"where": _where(one["loc"]), "reason": _why(one)} for one in error.errors]
    return problem(request, 422, errors=errors)


def _where(place: tuple[Any, ...]) -> str:
    """Return where a value stands: `query.size`; a body is one thing, whatever its parameter is called."""
    parts = [str(one) for one in place]
    return ".".join(["body", *parts[2:]] if parts[0] == "body" else parts)


def _why(error: Mapping[str, Any]) -> str:
    return said(REASONS.get(error["type"], _OTHER)).format_map(dict(error.get("ctx", {})))
