"""The address of comments."""

from __future__ import annotations

from django.urls import path

from baophu.web.comments import views

urlpatterns = [path("areas/<str:area_code>/comments", views.comments, name="comments")]
