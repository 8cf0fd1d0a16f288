"""A collector that does not answer holds up nobody's end."""

import socket
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider

from eventbus.operations.tracing import Processor

#: Seconds that the exporter would wait for its answer, longer than anybody waits for a test.
SILENCE = 3600


def test_a_process_ends_without_the_answer_of_a_silent_collector():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1/traces"
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(Processor(OTLPSpanExporter(url, timeout=SILENCE)))
        provider.get_tracer("tests").start_span("last").end()
        ending = Thread(target=provider.shutdown, daemon=True)
        ending.start()
        asked, _ = silent.accept()
        ending.join(10)
        assert not ending.is_alive()
        asked.close()
