"""What a request to the API says of itself: that it is one, its key, its language."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from baophu.core.languages import LANGUAGES, Language
from baophu.web.accounts.models import Token, User

BEGIN = "/api/"
METRICS = "/metrics"
# A page for people, like any other.
DOCS = "/api/v1/docs"
SAFE = ("GET", "HEAD", "OPTIONS")


def is_api(request: HttpRequest) -> bool:
    """Tell whether a program asks rather than a browser: errors are then told as problems, and keys count."""
    return (request.path.startswith(BEGIN) and request.path != DOCS) or request.path == METRICS


def language_of(request: HttpRequest) -> Language:
    """Return the language of the answer: `?lang=`, else Accept-Language, else the account's, else Vietnamese."""
    asked = [request.GET.get("lang", "")]
    asked += [code.split("-")[0] for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    user = getattr(request, "user", None)
    if isinstance(user, User):
        asked.append(user.language)
    return next((lang for one in asked for lang in LANGUAGES if one == lang), "vi")


def bearer_of(request: HttpRequest) -> str | None:
    """Return the key that was sent; None where none was, an empty one for another scheme."""
    given = request.headers.get("Authorization")
    if given is None:
        return None
    scheme, _, key = given.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def token_used(request: HttpRequest) -> Token | None:
    """Return the token by which a request was let in; None for a browser that has signed in."""
    found = getattr(request, "api_token", None)
    return found if isinstance(found, Token) else None
