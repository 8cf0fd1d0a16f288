"""`manage.py lag`: how far each app is behind."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from eventbus import clock
from eventbus.commands import BaseOperatorCommand
from eventbus.messaging import broker
from eventbus.operations import metrics
from eventbus.operations.format_table import format_table

HEADER = ("APP", "QUEUE", "WAITING", "FAILED", "PARKED", "OLDEST", "P50", "P95", "P99", "")


class Command(BaseOperatorCommand):
    help = (
        "Show how far each app is behind: messages in its queue, deliveries that wait, failed and "
        "are parked, how long the oldest has waited, and how long events took from emitted to done "
        "in the last five minutes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        depths, times, outbox = self._depths(), metrics.recent(), metrics.outbox()
        apps = [
            {
                **asdict(each),
                "paused": sorted(each.paused),
                "queue": depths.get(each.app),
                **{name: getattr(times.get(each.app), name, None) for name in metrics.PERCENTILES},
            }
            for each in metrics.backlogs()
        ]
        if options["json"]:
            result = {"apps": apps, "outbox": asdict(outbox)}
            self.write_json(result)
        else:
            self.stdout.write("\n".join(format_table([HEADER, *map(_row, apps)])))
            behind = f", the oldest for {_age(outbox.oldest)}" if outbox.oldest else ""
            self.stdout.write(f"outbox: {outbox.backlog} events to be published{behind}")

    def _depths(self) -> dict[str, int]:
        """Return the queues' depths; without a broker the rest is shown all the same."""
        try:
            return metrics.depths()
        except broker.errors() as error:
            self.stderr.write(f"the broker is away or refuses: {error}")
            return {}


def _row(app: dict[str, Any]) -> tuple[str, ...]:
    queue = "?" if app["queue"] is None else str(app["queue"])
    numbers = [str(app[name]) for name in ("waiting", "failed", "parked")]
    times = [_milliseconds(app[name]) for name in metrics.PERCENTILES]
    return (app["app"], queue, *numbers, _age(app["oldest"]), *times, _paused(app["paused"]))


def _paused(reactions: list[str]) -> str:
    if "" in reactions:
        return "paused"
    return f"paused: {', '.join(reactions)}" if reactions else ""


def _age(since: datetime | None) -> str:
    return f"{(clock.now() - since).total_seconds():.0f} s" if since else "-"


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} ms"
