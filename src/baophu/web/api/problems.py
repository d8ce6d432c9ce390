"""What the API answers when it cannot: `application/problem+json` (RFC 9457), in the language that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, JsonResponse

from baophu.core.languages import Language, Text
from baophu.web.api.asking import language_of

MEDIA_TYPE = "application/problem+json"
# The page that says what each problem is, and where on it.
WHERE = "/api/v1/docs#problem-{status}"


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words."""

    title: Text
    detail: Text


PROBLEMS: dict[int, Told] = {
    400: Told(
        Text("Không hiểu được yêu cầu", "The request cannot be understood"),
        Text("Nội dung gửi lên không đọc được.", "What was sent cannot be read."),
    ),
    401: Told(
        Text("Cần khóa API", "A key is needed"),
        Text(
            "Gửi khóa còn hạn trong Authorization: Bearer. Trình duyệt đã đăng nhập chỉ được đọc (GET).",
            "Send a valid key as Authorization: Bearer. A browser that has signed in may only read (GET).",
        ),
    ),
    403: Told(
        Text("Không được phép", "Not allowed"),
        Text(
            "Nội dung này ở ngoài phạm vi hoặc quyền của khóa, của tài khoản.",
            "This lies outside the areas or rights of the key or the account.",
        ),
    ),
    404: Told(
        Text("Không có", "Not found"),
        Text("Không có, hoặc ở ngoài phạm vi.", "There is no such thing, or it lies outside the areas."),
    ),
    405: Told(
        Text("Phương thức không dùng được ở đây", "The method is not for this address"),
        Text("Xem trường Allow của câu trả lời.", "See the field Allow of the answer."),
    ),
    409: Told(
        Text("Đã có thay đổi khác", "Changed meanwhile"),
        Text(
            "Có người vừa ghi thêm. Đọc lại rồi gửi lại nếu vẫn cần.",
            "Somebody has recorded something meanwhile. Read it again, then send it again if need be.",
        ),
    ),
    422: Told(
        Text("Giá trị không hợp lệ", "A value will not do"),
        Text("Từng giá trị cần sửa nằm trong errors.", "Each value to mend is in errors."),
    ),
    429: Told(
        Text("Quá nhiều yêu cầu", "Too many requests"),
        Text("Chờ số giây trong Retry-After rồi thử lại.", "Wait for the seconds in Retry-After, then try again."),
    ),
    500: Told(
        Text("Chương trình gặp lỗi", "The program met an error"),
        Text(
            "Không có gì bị mất. Thử lại sau ít phút; nếu vẫn lỗi, báo người quản trị giờ xảy ra lỗi.",
            "Nothing was lost. Try again in a few minutes; if it goes on, tell the administrator when it happened.",
        ),
    ),
    503: Told(
        Text("Chưa có số liệu", "No figures yet"),
        Text("Chưa có lần chạy nào được chuẩn bị cho trang.", "No run has been prepared for the site yet."),
    ),
}
_OTHER = Told(Text("Không trả lời được", "Cannot be answered"), Text("Kiểm tra lại yêu cầu.", "Check the request."))


def problem(
    request: HttpRequest,
    status: int,
    detail: Text | None = None,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    lang: Language | None = None,
) -> JsonResponse:
    """Return the answer for a status; `detail` says more than the status does. `errors`: what is to be mended, where.

    Nothing that was sent is said back but the path.
    """
    told = PROBLEMS.get(status, _OTHER)
    said = lang or language_of(request)
    body: dict[str, object] = {
        "type": WHERE.format(status=status) if status in PROBLEMS else "about:blank",
        "title": told.title.say(said),
        "status": status,
        "detail": (detail or told.detail).say(said),
        "instance": request.path,
    }
    if errors:
        body["errors"] = list(errors)
    response = JsonResponse(
        body, status=status, content_type=MEDIA_TYPE, headers=headers, json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Content-Language"] = said
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="baophu"'
    return response
