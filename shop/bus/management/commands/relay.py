"""`manage.py relay`: publish what was stated, until told to stop."""

import signal
from typing import Any

from django.core.management.base import CommandParser

from shop.bus.commands import OperatorCommand
from shop.bus.relay_loop import RelayLoop


class Command(OperatorCommand):
    help = (
        "Carry events from the outbox to the broker, and send again what is due. "
        "Runs until TERM or Ctrl-C; any number may run side by side."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="publish what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        loop = RelayLoop()
        if options["once"]:
            self.stdout.write(f"published {loop.drain()} events")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.stop())
        loop.run()
