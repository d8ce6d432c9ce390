"""The addresses by which pages are taken away, and of what was asked for."""

from __future__ import annotations

from django.urls import path

from baophu.web.exports import views
from baophu.web.exports.views import taking

urlpatterns = [
    path("areas/<str:area_code>/take", taking("area"), name="take-area"),
    path("areas/<str:area_code>/indicators/<str:indicator>/take", taking("indicator"), name="take-indicator"),
    path("areas/<str:area_code>/ranking/take", taking("ranking"), name="take-ranking"),
    path("areas/<str:area_code>/targets/take", taking("targets"), name="take-targets"),
    path("areas/<str:area_code>/calendar/take", taking("calendar"), name="take-calendar"),
    path("areas/<str:area_code>/findings/take", taking("findings"), name="take-findings"),
    path("areas/<str:area_code>/employers/take", taking("employers"), name="take-employers"),
    path("employers/<str:employer_id>/take", taking("employer"), name="take-employer"),
    path("persons/<str:person_key>/take", taking("person"), name="take-person"),
    path("loads/take", taking("loads"), name="take-loads"),
    path("audit/take", taking("audit"), name="take-audit"),
    path("exports", views.exports, name="exports"),
    path("exports/<uuid:export_id>/file", views.export_file, name="export-file"),
    path("exports/<uuid:export_id>/again", views.export_again, name="export-again"),
    path("exports/<uuid:export_id>/withdraw", views.export_withdraw, name="export-withdraw"),
    path("approvals", views.approvals, name="approvals"),
    path("approvals/decide", views.decide, name="decide"),
]
