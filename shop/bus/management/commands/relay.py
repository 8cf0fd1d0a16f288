"""`manage.py relay`: publish what was stated, until told to stop."""

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from shop.bus import broker
from shop.bus.commands import OperatorCommand
from shop.bus.errors import BrokerUnfit, NotStarted
from shop.bus.heart import Heart, Pulse
from shop.bus.relay_loop import RelayLoop
from shop.bus.sessions import limit_sessions
from shop.bus.starting import refuse_unready
from shop.bus.turns import limited
from shop.bus.workers import RELAY


class Command(OperatorCommand):
    help = (
        "Carry events from the outbox to the broker, and send again what is due. "
        "Runs until TERM or Ctrl-C; any number may run side by side."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="publish what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        limit_sessions("relay")
        try:
            refuse_unready()
        except NotStarted as error:
            raise CommandError(str(error)) from error
        if options["once"]:
            self._drain(RelayLoop())
            return
        pulse = Pulse(RELAY)
        loop = RelayLoop(limited(pulse.beat))
        if settings.OTLP_ENDPOINT:
            from shop.bus import tracing

            tracing.start("relay")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.stop())
        heart = Heart(RELAY, 1, loop.doing, pulse)
        heart.start()
        try:
            loop.run()
        except BrokerUnfit as error:
            raise CommandError(str(error)) from error
        finally:
            heart.stop()

    def _drain(self, loop: RelayLoop) -> None:
        try:
            self.stdout.write(f"published {loop.drain()} events")
        except BrokerUnfit as error:
            raise CommandError(str(error)) from error
        except broker.errors() as error:
            raise CommandError(f"the broker is away or refuses: {error}") from error
