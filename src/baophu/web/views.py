"""The pages that belong to no part: the beginning, the answers to what cannot be shown, whether the server lives."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from baophu.web.accounts.scope import scope_of
from baophu.web.rules import open_to_all, signed_in


@signed_in()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Begin with one's own area."""
    own = scope_of(request.user).home
    if own is not None:
        return redirect("area", own)
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
    return render(request, "web/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what the one who asks may not see."""
    return render(request, "web/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not there, or not for the one who asks."""
    return render(request, "web/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the program met an error: in words, without a trace."""
    return render(request, "web/500.html", status=500)
