"""The addresses of lists and of what they lead to: findings, employers, people, loads, the record, accounts, search."""

from __future__ import annotations

from django.urls import path

from baophu.web import views_audit, views_loads, views_search, views_users
from baophu.web import views_employers as employers
from baophu.web import views_findings as findings
from baophu.web import views_persons as persons
from baophu.web.views_employer_month import employer_month

urlpatterns = [
    path("areas/<str:area_code>/findings", findings.findings, name="findings"),
    path("findings/<str:finding_id>", findings.finding, name="finding"),
    path("areas/<str:area_code>/employers", employers.employers, name="employers"),
    path("employers/<str:employer_id>", employers.employer, name="employer"),
    path("employers/<str:employer_id>/months/<str:month>", employer_month, name="employer-month"),
    path("persons/<str:person_key>", persons.person, name="person"),
    path("loads", views_loads.loads, name="loads"),
    path("audit", views_audit.audit, name="audit"),
    path("users", views_users.users, name="users"),
    path("users/create", views_users.create, name="users-create"),
    path("users/grant", views_users.grant, name="users-grant"),
    path("users/revoke", views_users.revoke, name="users-revoke"),
    path("users/password", views_users.password, name="users-password"),
    path("users/code", views_users.code, name="users-code"),
    path("users/close", views_users.close, name="users-close"),
    path("search", views_search.search, name="search"),
]
