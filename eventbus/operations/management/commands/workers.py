"""`manage.py workers`: which workers are alive, and what they do."""

from typing import Any

from django.core.management.base import CommandParser
from django.forms.models import model_to_dict

from eventbus import clock
from eventbus.commands import BaseOperatorCommand
from eventbus.operations.format_table import format_table
from eventbus.operations.worker_status import RELAY, Worker, missing, workers

HEADER = ("WORKER", "PID", "STATE", "SEEN", "VERSION", "PROCESSES", "MEMORY", "HANDLED", "RUNNING")


class Command(BaseOperatorCommand):
    help = (
        "Show every worker that was seen lately: alive; failing, that is failing at all it tries; "
        "stalled, that is finishing nothing while events wait for it; or lost, that is silent "
        "without having been stopped. Exit code 1 if one is failing or stalled, or an app that "
        "reacts has none alive."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = workers()
        alone = [app for app in missing(found) if app != RELAY]
        if options["json"]:
            result = {"workers": [_plain(worker) for worker in found], "without_worker": alone}
            self.write_json(result)
        else:
            self.stdout.write("\n".join(format_table([HEADER, *map(_row, found)])))
            if alone:
                self.stdout.write(f"no worker is alive for: {', '.join(alone)}")
            for worker in found:
                if worker.clock:
                    self.stdout.write(f"the clock of {worker.seen} is {worker.clock}")
        if alone or any(worker.state in ("stalled", "failing") for worker in found):
            raise SystemExit(1)


def _plain(worker: Worker) -> dict[str, Any]:
    waiting = {"state": worker.state, "waiting_since": worker.waiting_since}
    return model_to_dict(worker.seen, exclude=["id"]) | waiting


def _row(worker: Worker) -> tuple[str, ...]:
    seen = worker.seen
    ago = (clock.now() - seen.seen_at).total_seconds()
    return (
        f"{seen.app}@{seen.host}",
        str(seen.pid),
        f"{worker.state}: {seen.last_error}" if worker.state == "failing" else worker.state,
        f"{ago:.0f} s ago",
        seen.version,
        str(seen.concurrency),
        f"{seen.memory / 2**20:.0f} MB",
        str(seen.handled),
        ", ".join(seen.running) or "-",
    )
