"""One trace for each story, across all processes: the bus's work as OpenTelemetry spans.

The ids of spans follow from what they are about, so that no process has to ask
another: the trace is the correlation id; an event's span is the one that its
envelope's `traceparent` names; the span of a reaction that took effect follows
from event, app and reaction. A failed attempt is a span of its own beside it.
Spans are made when their end is known, and of nothing that was rolled back.

The SDK reads its own environment too, such as `OTEL_TRACES_SAMPLER` and
`OTEL_EXPORTER_OTLP_HEADERS`.

https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
"""

from contextvars import ContextVar
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from celery.signals import worker_process_shutdown
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from eventbus import clock
from eventbus.conf import conf
from eventbus.delivery.models import LockedDelivery, OutboxEvent
from eventbus.envelope import Envelope
from eventbus.messaging.transport import EXCHANGE
from eventbus.registry import app_label
from eventbus.signals import published, reaction_finished

#: Milliseconds in which a process that ends hands over its last spans: a collector that does
#: not answer must not have it killed.
FLUSH_TIMEOUT = 1000

_preset_ids: ContextVar[SpanContext | None] = ContextVar("decided", default=None)


class StoryIds(RandomIdGenerator):
    """Gives a span the ids that are decided for it, and any other random ones."""

    def generate_trace_id(self) -> int:
        decided = _preset_ids.get()
        return decided.trace_id if decided else super().generate_trace_id()

    def generate_span_id(self) -> int:
        decided = _preset_ids.get()
        return decided.span_id if decided else super().generate_span_id()


class Processor(BatchSpanProcessor):
    """Sends spans in batches; at the end it tries for `LAST_WORDS`, then leaves the rest unsent."""

    def shutdown(self) -> None:
        self._batch_processor.shutdown(timeout_millis=FLUSH_TIMEOUT)


class Tracing:
    """Spans of what one process of the bus does, into a provider that has `StoryIds`."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("eventbus")

    def listen(self) -> None:
        """Make spans from now on, for as long as the process lives."""
        published.connect(self._published, weak=False)
        reaction_finished.connect(self._reaction_finished, weak=False)

    def _published(self, rows: list[OutboxEvent], **_: Any) -> None:
        """Record a span per event, from emitted to published, and one of the batch."""
        now = clock.now()
        with self._tracer.start_as_current_span(
            f"publish {EXCHANGE}",
            Context(),
            SpanKind.PRODUCER,
            {"messaging.batch.message_count": len(rows), **_messaging_attributes("publish")},
            [Link(_event_span(row)) for row in rows],
        ):
            for row in rows:
                self._record(
                    f"emit {row.type}",
                    SpanKind.PRODUCER,
                    _event_span(row),
                    _emitting_span(row),
                    (row.occurred_at, now),
                    _event_attributes(row) | _messaging_attributes("create"),
                )

    def _reaction_finished(
        self, row: LockedDelivery, envelope: Envelope, error: str, **_: Any
    ) -> None:
        """Record a span per run of a reaction, under the event's."""
        own = None if error else _reaction_span(envelope, row.app, row.reaction)
        ended = clock.now()
        self._record(
            f"{row.app}.{row.reaction}",
            SpanKind.CONSUMER,
            own,
            _event_span(envelope),
            (ended - timedelta(milliseconds=row.duration_ms or 0), ended),
            {
                **_event_attributes(envelope),
                **_messaging_attributes("process"),
                "messaging.consumer.group.name": row.app,
                "eventbus.attempt": row.attempts,
                "eventbus.outcome": str(row.state),
            },
            error,
        )

    def _record(
        self,
        name: str,
        kind: SpanKind,
        own: SpanContext | None,
        parent: SpanContext | None,
        times: tuple[datetime, datetime],
        attributes: dict[str, Any],
        error: str = "",
    ) -> None:
        """Make a span that has ended, under `parent`, with `own` ids where they are decided."""
        above = set_span_in_context(NonRecordingSpan(parent), Context()) if parent else Context()
        token = _preset_ids.set(own)
        try:
            span = self._tracer.start_span(
                name, above, kind, attributes, start_time=_nanoseconds(times[0])
            )
        finally:
            _preset_ids.reset(token)
        if error:
            span.set_status(Status(StatusCode.ERROR, error))
        span.end(_nanoseconds(times[1]))


def start(service: str) -> None:
    """Send this process's spans to `conf.OTLP_ENDPOINT`; once, before it forks."""
    resource = Resource.create({"service.namespace": conf.NAME, "service.name": service})
    provider = TracerProvider(resource=resource, id_generator=StoryIds())
    provider.add_span_processor(Processor(OTLPSpanExporter(conf.OTLP_ENDPOINT)))
    Tracing(provider).listen()
    # A worker's child ends without Python's own goodbye.
    worker_process_shutdown.connect(lambda **_: provider.shutdown(), weak=False)


def _event_span(event: OutboxEvent | Envelope) -> SpanContext:
    """Return the span that the envelope's `traceparent` names."""
    _, trace_id, span_id, flags = event.traceparent.split("-")
    return SpanContext(int(trace_id, 16), int(span_id, 16), True, TraceFlags(int(flags, 16)))


def _emitting_span(row: OutboxEvent) -> SpanContext | None:
    """Return the span of the reaction that emitted the event; None for a person."""
    if row.causation_id is None or not row.emitted_by:
        return None
    return _context(row.correlation_id, row.causation_id, app_label(row.type), row.emitted_by)


def _reaction_span(envelope: Envelope, app: str, reaction: str) -> SpanContext:
    return _context(envelope.correlation_id, envelope.id, app, reaction)


def _context(correlation_id: UUID, event_id: UUID, app: str, reaction: str) -> SpanContext:
    digest = sha256(f"{event_id} {app}.{reaction}".encode()).digest()
    span_id = int.from_bytes(digest[:8]) or 1
    return SpanContext(correlation_id.int, span_id, True, TraceFlags(TraceFlags.SAMPLED))


def _event_attributes(event: OutboxEvent | Envelope) -> dict[str, Any]:
    return {
        "messaging.message.id": str(event.id),
        "messaging.message.conversation_id": str(event.correlation_id),
        "eventbus.event.type": event.type,
        "eventbus.event.subject": event.subject,
    }


def _messaging_attributes(operation: str) -> dict[str, Any]:
    return {
        "messaging.system": "celery",
        "messaging.destination.name": EXCHANGE,
        "messaging.operation.type": operation,
    }


def _nanoseconds(time: datetime) -> int:
    return round(time.timestamp() * 1_000_000) * 1000
