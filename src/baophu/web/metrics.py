"""Figures for whoever looks after the server, as Prometheus reads them: requests, background work, the index's age.

They name views, methods and statuses: no person, no area, no address. Only who may administer reads them, by a key to
the API (`authorization` of Prometheus) or in a browser. There is no exception for this machine's own address, since a
proxy in front of the server asks from there too, for everybody.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from baophu.web.accounts.rights import Right
from baophu.web.index import index_file
from baophu.web.reading import newest_indexed
from baophu.web.rules import rule

# Where the server's processes keep their counts together (`serving`); the library reads it when it is loaded.
TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
_OWN = CollectorRegistry()
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 1.0, 2.5, 10.0)
REQUESTS = Counter("baophu_requests", "Requests answered", ["view", "method", "status"], registry=_OWN)
DURATIONS = Histogram(
    "baophu_request_seconds", "Seconds until the answer was ready", ["view"], buckets=_SECONDS, registry=_OWN
)


class MetricsMiddleware:
    """Counts what is answered, by the name of the view; a style, a script and an unknown address have none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and count it."""
        begun = time.perf_counter()
        response = self.get_response(request)
        found = request.resolver_match
        view = found.view_name if found is not None else "none"
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(view, method, str(response.status_code)).inc()
        DURATIONS.labels(view).observe(time.perf_counter() - begun)
        return response


class _Now(Collector):
    """What is looked up when it is asked for."""

    def collect(self) -> Iterable[Metric]:
        """Yield the gauges."""
        yield from _of_index()
        yield from _of_tasks()


@rule(Right.ADMINISTER, looks_up=True)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with all figures."""
    registry = CollectorRegistry()
    if TOGETHER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_OWN)
    registry.register(_Now())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _of_index() -> Iterable[Metric]:
    run = newest_indexed(settings.HOME)
    if run is None:
        return
    told = index_file(settings.HOME, run).stat()
    for name, words, value in (
        ("baophu_index_age_seconds", "Seconds since the index of the pages was made", time.time() - told.st_mtime),
        ("baophu_index_bytes", "Size of the index of the pages", told.st_size),
        ("baophu_run_age_seconds", "Seconds since the run ended", (timezone.now() - run.ended_at).total_seconds()),
    ):
        yield GaugeMetricFamily(name, words, value=value)


def _of_tasks() -> Iterable[Metric]:
    from django_tasks_db.models import DBTaskResult

    tasks = GaugeMetricFamily("baophu_tasks", "Background work by its state", labels=["state"])
    counts = DBTaskResult.objects.order_by().values_list("status").annotate(number=Count("pk"))
    for status, number in counts:
        tasks.add_metric([str(status).lower()], number)
    yield tasks
    first = DBTaskResult.objects.ready().aggregate(first=Min("enqueued_at"))["first"]
    waited = (timezone.now() - first).total_seconds() if first else 0
    yield GaugeMetricFamily("baophu_tasks_waiting_seconds", "How long the oldest waiting work waits", value=waited)
