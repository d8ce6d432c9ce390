"""The pages that belong to no part: the beginning, the answers to what cannot be shown, whether the server lives."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from baophu import __version__
from baophu.core.languages import Text
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import scope_of
from baophu.web.rules import open_to_all, signed_in
from baophu.web.templatetags.baophu import language


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing can be shown, and what to do."""

    title: Text
    advice: Text


PROBLEMS = {
    400: Problem(
        Text("Không hiểu được yêu cầu", "The request cannot be understood"),
        Text("Kiểm tra lại địa chỉ, hoặc mở lại từ trang đầu.", "Check the address, or begin at the first page."),
    ),
    403: Problem(
        Text("Bạn không được mở trang này", "You may not open this page"),
        Text(
            "Trang này ở ngoài phạm vi hoặc vai trò của bạn. Nếu cần, đề nghị quản trị cấp vai trò.",
            "It lies outside your areas or roles. If you need it, ask an administrator for a role.",
        ),
    ),
    404: Problem(
        Text("Không có trang này", "There is no such page"),
        Text(
            "Địa chỉ sai, hoặc nội dung ở ngoài phạm vi của bạn.",
            "The address is wrong, or what it shows lies outside your areas.",
        ),
    ),
    500: Problem(
        Text("Chương trình gặp lỗi", "The program met an error"),
        Text(
            "Không có gì bị mất. Thử lại sau ít phút; nếu vẫn lỗi, báo người quản trị giờ xảy ra lỗi.",
            "Nothing was lost. Try again in a few minutes; if it goes on, tell the administrator when it happened.",
        ),
    ),
}

# A form that this site did not hand out, or that lay open for too long.
STALE = Problem(
    Text("Biểu mẫu đã hết hiệu lực", "The form is no longer valid"),
    Text(
        "Chưa có gì được ghi. Mở lại trang rồi gửi lại; trình duyệt phải cho phép cookie của trang này.",
        "Nothing was kept. Open the page again and send it again; the browser has to allow this site's cookies.",
    ),
)


@signed_in()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Begin with one's own area; who administers and sees no figures begins with the accounts."""
    scope = scope_of(request.user)
    if scope.home is not None:
        return redirect("area", scope.home)
    if scope.may(Right.ADMINISTER):
        return redirect("users")
    return render(request, "web/home.html")


@open_to_all
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the server and its database answer; nothing else is told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be understood."""
    return _problem(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what the one who asks may not see."""
    return _problem(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not there, or not for the one who asks."""
    return _problem(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the program met an error: in words, without a trace, and without asking who looks.

    The database may be what is broken, so nothing is read from it.
    """
    about = {"problem": PROBLEMS[500], "lang": language(), "version": __version__}
    return HttpResponse(render_to_string("web/problem.html", about), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without the token that the site gave with it; why is of no use to who sent it."""
    del reason
    return render(request, "web/problem.html", {"problem": STALE}, status=403)


def _problem(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "web/problem.html", {"problem": PROBLEMS[status]}, status=status)
