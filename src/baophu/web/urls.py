"""Every address of the site. Each view has a rule (`rules`); a test opens all of them as every role."""

from __future__ import annotations

from django.urls import include, path

from baophu.web import metrics, views
from baophu.web.accounts import views as accounts
from baophu.web.accounts import views_tokens as tokens

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("code", accounts.code, name="code"),
    path("code/setup", accounts.code_setup, name="code-setup"),
    path("password", accounts.password, name="password"),
    path("account", accounts.account, name="account"),
    path("account/end-session", accounts.end_session, name="end-session"),
    path("account/tokens", tokens.tokens, name="tokens"),
    path("account/tokens/revoke", tokens.revoke, name="tokens-revoke"),
    path("users/tokens", tokens.of_user, name="users-tokens"),
    path("users/tokens/revoke", tokens.revoke_of_user, name="users-tokens-revoke"),
    path("language", accounts.language, name="language"),
    path("api/v1/", include("baophu.web.api.urls")),
    path("", include("baophu.web.urls_overview")),
    path("", include("baophu.web.urls_lists")),
    path("", include("baophu.web.exports.urls")),
    path("", include("baophu.web.privacy.urls")),
    path("", include("baophu.web.comments.urls")),
]
handler400 = "baophu.web.views.bad_request"
handler403 = "baophu.web.views.forbidden"
handler404 = "baophu.web.views.not_found"
handler500 = "baophu.web.views.broken"
