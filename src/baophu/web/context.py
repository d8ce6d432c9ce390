"""What every page knows: who looks, what he may open, the languages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from baophu import __version__
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import scope_of
from baophu.web.exports.actions import notices
from baophu.web.lists import here
from baophu.web.templatetags.baophu import language


def common(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of a page needs."""
    user = getattr(request, "user", None)
    scope = scope_of(user)
    return {
        "version": __version__,
        "lang": language(),
        "here": here(request),
        "other_lang": "en" if language() == "vi" else "vi",
        "scope": scope,
        "rights": {str(right): scope.may(right) for right in Right},
        "home_area": scope.home,
        "work_area": scope.first(Right.WORK),
        "notices": lambda: notices(user) if isinstance(user, User) else 0,
    }
