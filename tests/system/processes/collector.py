"""A collector of OpenTelemetry traces, as a process's exporter sees one: OTLP over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Span(NamedTuple):
    """A span as it came in; ids in hex, `parent` empty at the root of a trace."""

    service: str
    trace: str
    id: str
    parent: str
    name: str
    kind: int
    links: tuple[str, ...]
    failed: bool


class Collector:
    """What has come in so far."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.spans: list[Span] = []

    def take(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {a.key: a.value.string_value for a in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [_read(named["service.name"], span) for span in scope.spans]

    def trace(self, correlation_id: object) -> list[Span]:
        """The spans of one story."""
        wanted = str(correlation_id).replace("-", "")
        return [span for span in self.spans if span.trace == wanted]


@contextmanager
def running_collector() -> Iterator[Collector]:
    """A collector on a port of its own, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Requests are not news."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}/v1/traces")
        Thread(target=server.serve_forever, daemon=True).start()
        yield collector
        server.shutdown()


def _read(service: str, span) -> Span:
    links = tuple(link.span_id.hex() for link in span.links)
    failed = span.status.code == span.status.STATUS_CODE_ERROR
    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
    return Span(service, *ids, span.name, span.kind, links, failed)
