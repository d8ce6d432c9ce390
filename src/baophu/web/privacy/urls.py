"""The addresses of requests and breaches. Which one is shown stands behind the question mark, and is looked up."""

from __future__ import annotations

from django.urls import path

from baophu.web.privacy import views

urlpatterns = [
    path("privacy", views.privacy, name="privacy"),
    path("privacy/requests", views.new_request, name="privacy-request"),
    path("privacy/requests/step", views.step, name="privacy-step"),
    path("privacy/requests/held", views.held, name="privacy-held"),
    path("privacy/breaches", views.new_breach, name="privacy-breach"),
    path("privacy/breaches/step", views.breach_step, name="privacy-breach-step"),
]
