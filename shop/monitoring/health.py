"""`/healthz`: is the web process alive? `/readyz`: is everything there that the shop needs?"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from health_check import Database, HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from shop.bus import broker, topology, workers


@dataclass
class Broker(HealthCheck):
    """The broker answers, and every app's queue is there and bound."""

    def run(self) -> None:
        try:
            missing = topology.missing()
        except broker.errors() as error:
            raise ServiceUnavailable(f"the broker is away: {error}") from error
        if missing:
            raise ServiceUnavailable(f"no queue or binding for {', '.join(missing)}")


@dataclass
class Relay(HealthCheck):
    """A relay carries events to the broker."""

    def run(self) -> None:
        if not workers.is_alive(workers.RELAY):
            raise ServiceUnavailable("no relay is alive: what is stated waits in the outbox")


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the web process is alive; asks nobody else."""
    return HttpResponse("ok", content_type="text/plain")


class Ready(HealthCheckView):
    """200 when database, broker and relay do their work; else 500, and what does not."""

    checks = (Database, Broker, Relay)
