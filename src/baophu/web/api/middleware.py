"""What happens to requests of programs: whose key it is, how often it asks, and that every error is a problem."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from baophu.core.languages import LANGUAGES, Text
from baophu.web.accounts.tokens import token_of
from baophu.web.api.asking import SAFE, bearer_of, is_api, token_used
from baophu.web.api.problems import MEDIA_TYPE, problem
from baophu.web.api.rates import over

Next = Callable[[HttpRequest], HttpResponse]
# One answer for a key that is unknown, over, revoked, or whose holder may use no API.
REFUSED = Text("Khóa không dùng được, hoặc đã hết hạn, đã thu hồi.", "The key opens nothing: wrong, over or revoked.")


class ProblemMiddleware:
    """Whatever went wrong and wherever: a program is told so as a problem, never in a page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and put an error into the form of problems."""
        response = self.get_response(request)
        if not is_api(request):
            return response
        if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
            said = response.headers.get("Content-Language")
            lang = next((one for one in LANGUAGES if one == said), None)
            told = problem(request, response.status_code, lang=lang)
            # The answer's other headers stay: those that protect, and which methods are allowed.
            response.content = told.content
            for name, value in told.headers.items():
                response.headers[name] = value
            response.headers["Content-Length"] = str(len(told.content))
        patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
        return response


class TokenMiddleware:
    """A key stands for its holder, as far as the key goes; whoever asks too often waits.

    A browser that has signed in may read with its cookie alone. What changes something needs a key, so that no other
    site can do it in somebody's name.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find out who asks, and let him, unless he asks too often."""
        if not is_api(request):
            return self.get_response(request)
        key = bearer_of(request)
        if key is not None:
            token = token_of(key)
            if token is None:
                return self._failed(request, problem(request, 401, REFUSED))
            request.api_token = token  # type: ignore[attr-defined]
            request.user = token.user
        elif request.method not in SAFE:
            request.user = AnonymousUser()
        who = _who(request)
        wait = over(who, settings.API_RATE) if who else None
        if wait is not None:
            return problem(request, 429, headers={"Retry-After": str(wait)})
        response = self.get_response(request)
        return self._failed(request, response) if response.status_code == 401 else response

    def _failed(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer who was not let in. A valid key from the same address is not held up by those that are not."""
        wait = over(f"address:{request.META.get('REMOTE_ADDR', '')}", settings.API_FAILURES)
        return response if wait is None else problem(request, 429, headers={"Retry-After": str(wait)})


def _who(request: HttpRequest) -> str | None:
    token = token_used(request)
    if token is not None:
        return f"token:{token.pk}"
    return f"user:{request.user.pk}" if request.user.is_authenticated else None
