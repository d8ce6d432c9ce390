"""The addresses of lists and of what they lead to: findings, employers, people, loads, the record, accounts, search."""

from __future__ import annotations

from django.urls import path

from baophu.web import views_employers as employers
from baophu.web import views_findings as findings
from baophu.web import views_persons as persons

urlpatterns = [
    path("areas/<str:area_code>/findings", findings.findings, name="findings"),
    path("findings/<str:finding_id>", findings.finding, name="finding"),
    path("areas/<str:area_code>/employers", employers.employers, name="employers"),
    path("employers/<str:employer_id>", employers.employer, name="employer"),
    path("persons/<str:person_key>", persons.person, name="person"),
]
