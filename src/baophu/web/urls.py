"""Every address of the site. Each view has a rule (`rules`); a test opens all of them as every role."""

from __future__ import annotations

from django.urls import include, path

from baophu.web import views
from baophu.web.accounts import views as accounts

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("code", accounts.code, name="code"),
    path("code/setup", accounts.code_setup, name="code-setup"),
    path("password", accounts.password, name="password"),
    path("account", accounts.account, name="account"),
    path("account/end-session", accounts.end_session, name="end-session"),
    path("language", accounts.language, name="language"),
    path("", include("baophu.web.urls_overview")),
    path("", include("baophu.web.urls_lists")),
]
handler400 = "baophu.web.views.bad_request"
handler403 = "baophu.web.views.forbidden"
handler404 = "baophu.web.views.not_found"
handler500 = "baophu.web.views.broken"
