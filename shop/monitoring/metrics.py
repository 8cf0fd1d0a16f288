"""`/metrics`: the bus's metrics for Prometheus, read from the database on each request.

No process counts by itself, so every web process gives the same answer. Counters start again
each day (UTC), which Prometheus takes for a restart; so they stay cheap however long the history.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import accumulate

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from eventbus.messaging import broker, broker_probe
from eventbus.operations import metrics, overdue, worker_status
from eventbus.operations.models import RejectedMessage
from eventbus.operations.throughput import BUCKETS


class Bus(Collector):
    """Collects the current metrics of the bus."""

    def describe(self) -> list[Metric]:
        """Return nothing, so that a registry does not collect everything just for the names."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        yield from _waiting()
        yield from _outbox()
        yield from _done()
        yield from _emitted()
        yield from _depths()
        yield from _rejected_messages()
        yield from _workers()


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Return the metrics in Prometheus's format, to this machine or with `METRICS_TOKEN`."""
    if not _may_read(request):
        return HttpResponseForbidden("METRICS_TOKEN is needed", content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Bus())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    # A proxy on this machine forwards requests of others.
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"
    return "X-Forwarded-For" not in request.headers and ip_address(address).is_loopback


def _waiting() -> Iterator[Metric]:
    deliveries = GaugeMetricFamily(
        "shop_deliveries", "Reactions that are open or parked", labels=["app", "state"]
    )
    age = GaugeMetricFamily(
        "shop_oldest_waiting_seconds", "Age of the oldest open reaction", labels=["app"]
    )
    paused = GaugeMetricFamily("shop_paused", "Paused reactions, or apps", labels=["app"])
    for app in metrics.backlogs():
        for state in ("waiting", "failed", "parked"):
            deliveries.add_metric([app.app, state], getattr(app, state))
        age.add_metric([app.app], _age(app.oldest))
        paused.add_metric([app.app], len(app.paused))
    late = GaugeMetricFamily(
        "shop_reaction_overdue_seconds",
        "How long an overdue reaction has waited",
        labels=["app", "reaction"],
    )
    for each in overdue.overdue_reactions():
        late.add_metric([each.app, each.reaction], _age(each.waiting_since))
    yield from (deliveries, age, paused, late)


def _outbox() -> Iterator[Metric]:
    now = metrics.outbox()
    yield GaugeMetricFamily("shop_outbox_backlog", "Due and not published", now.backlog)
    yield GaugeMetricFamily(
        "shop_outbox_oldest_seconds", "Age of the oldest of these", _age(now.oldest)
    )


def _done() -> Iterator[Metric]:
    reactions = CounterMetricFamily(
        "shop_reactions", "Reactions that ran", labels=["app", "reaction", "event", "outcome"]
    )
    for rate in metrics.rates(_today()):
        labels = [rate.app, rate.reaction, rate.event_type]
        reactions.add_metric([*labels, "done"], rate.done)
        reactions.add_metric([*labels, "retried"], rate.failures)
    critical = HistogramMetricFamily(
        "shop_critical_time_seconds", "From emitted to done", labels=["app"]
    )
    bounds = [*(str(bound / 1000) for bound in BUCKETS), "+Inf"]
    for app, waits in metrics.latency_histogram(_today()).items():
        counts = map(float, accumulate(waits))
        critical.add_metric([app], list(zip(bounds, counts, strict=True)), None)
    yield from (reactions, critical)


def _emitted() -> Iterator[Metric]:
    emitted = CounterMetricFamily("shop_events_emitted", "Events emitted", labels=["event"])
    published = CounterMetricFamily(
        "shop_events_published", "Events the broker took", labels=["event"]
    )
    for type, found in metrics.emitted(_today()).items():
        emitted.add_metric([type], found.events)
        published.add_metric([type], found.events - found.unpublished)
    yield from (emitted, published)


def _depths() -> Iterator[Metric]:
    depth = GaugeMetricFamily("shop_queue_depth", "Messages in the queue", labels=["app"])
    up = 1
    try:
        for app, messages in metrics.depths().items():
            depth.add_metric([app], messages)
        broker_probe.check()
    except broker.errors():
        up = 0
    yield from (depth, GaugeMetricFamily("shop_broker_up", "Whether the broker takes messages", up))


def _rejected_messages() -> Iterator[Metric]:
    rejected = CounterMetricFamily(
        "shop_rejected_messages", "Messages rejected by the workers", labels=["app", "reason"]
    )
    for seen in RejectedMessage.objects.all():
        rejected.add_metric([seen.app, seen.reason], seen.count)
    yield rejected


def _workers() -> Iterator[Metric]:
    seen = GaugeMetricFamily("shop_workers", "Workers, and relays", labels=["app", "state"])
    memory = GaugeMetricFamily(
        "shop_worker_memory_bytes", "Memory of an app's workers", labels=["app"]
    )
    clocks = GaugeMetricFamily(
        "shop_clock_ahead_seconds", "A host's clock before the database's", labels=["app", "host"]
    )
    states: Counter[tuple[str, str]] = Counter()
    ahead: dict[tuple[str, str], float] = {}
    held: Counter[str] = Counter()
    for worker in worker_status.workers():
        states[worker.seen.app, worker.state] += 1
        held[worker.seen.app] += worker.seen.memory
        ahead[worker.seen.app, worker.seen.host] = worker.seen.clock_ahead
    for labels, number in sorted(states.items()):
        seen.add_metric(labels, number)
    for app, size in sorted(held.items()):
        memory.add_metric([app], size)
    for names, seconds in sorted(ahead.items()):
        clocks.add_metric(names, seconds)
    yield from (seen, memory, clocks)


def _age(oldest: datetime | None) -> float:
    return max((timezone.now() - oldest) / timedelta(seconds=1), 0.0) if oldest else 0.0


def _today() -> datetime:
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
