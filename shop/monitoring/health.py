"""`/healthz` (liveness of the web process) and `/readyz` (readiness of all the shop needs).

Both are public: they name what is away, never its address or the reason, which are in the log.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from health_check import Database, HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from eventbus.delivery.relay import RELAY
from eventbus.exceptions import BrokerNotAccepting
from eventbus.messaging import broker, broker_probe, topology
from eventbus.operations import worker_status


@dataclass
class TheDatabase(Database):
    """Checks that the database answers."""

    def run(self) -> None:
        try:
            super().run()
        except Exception as error:
            raise ServiceUnavailable("the database is away") from error


@dataclass
class Broker(HealthCheck):
    """Checks that the broker takes messages, and that every app's queue exists and is bound."""

    def run(self) -> None:
        try:
            broker_probe.check()
            missing = topology.missing()
        except BrokerNotAccepting as error:
            raise ServiceUnavailable("the broker takes no messages") from error
        except broker.errors() as error:
            raise ServiceUnavailable("the broker is away") from error
        if missing:
            raise ServiceUnavailable(f"no queue or binding for {', '.join(missing)}")


@dataclass
class Relay(HealthCheck):
    """Checks that a relay is alive."""

    def run(self) -> None:
        try:
            is_alive = worker_status.is_alive(RELAY)
        finally:
            # The thread that runs this goes on, and would keep it, also when it is lost.
            connection.close()
        if not is_alive:
            raise ServiceUnavailable("no relay is alive: what is emitted waits in the outbox")


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the web process is alive; check nothing else."""
    return HttpResponse("ok", content_type="text/plain")


class Ready(HealthCheckView):
    """Answers 200 if database, broker and relay work, else 500 with what does not.

    The answer is plain text; nothing of the request is read.
    """

    checks = (TheDatabase, Broker, Relay)

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        results = await asyncio.gather(*(check.get_result() for check in self.get_checks()))
        lines = (f"{type(each.check).__name__}: {each.error or 'OK'}\n" for each in results)
        status = 500 if any(each.error for each in results) else 200
        return HttpResponse("".join(lines), status=status, content_type="text/plain")
