"""The addresses of areas, their indicators and targets."""

from __future__ import annotations

from django.urls import path

from baophu.web import views_calendar, views_charts, views_ranking
from baophu.web import views_overview as overview

urlpatterns = [
    path("areas/<str:area_code>", overview.area, name="area"),
    path("areas/<str:area_code>/indicators/<str:indicator>", overview.indicator, name="indicator"),
    path("areas/<str:area_code>/indicators/<str:indicator>/<str:chart>.<str:form>", views_charts.chart, name="chart"),
    path("areas/<str:area_code>/ranking", views_ranking.ranking, name="ranking"),
    path("areas/<str:area_code>/targets", overview.targets, name="targets"),
    path("areas/<str:area_code>/calendar", views_calendar.calendar_page, name="calendar"),
    path("areas/<str:area_code>/calendar.ics", views_calendar.calendar_file, name="calendar-file"),
]
