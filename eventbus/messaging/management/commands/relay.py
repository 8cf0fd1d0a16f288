"""`manage.py relay`: publish emitted events until it is stopped."""

import signal
from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.delivery.advisory_lock import with_time_limit
from eventbus.delivery.relay import RELAY
from eventbus.delivery.session_limits import limit_sessions
from eventbus.exceptions import BrokerMisconfigured, StartupError
from eventbus.messaging import broker
from eventbus.messaging.liveness import Liveness
from eventbus.messaging.relay_process import RelayLoop
from eventbus.messaging.startup_checks import wait_for_database
from eventbus.signals import process_ready, process_starting, process_stopping


class Command(BaseOperatorCommand):
    help = (
        "Carry events from the outbox to the broker, and send again what is due. "
        "Runs until TERM or Ctrl-C; any number may run side by side."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="publish what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        limit_sessions("relay")
        try:
            wait_for_database()
        except StartupError as error:
            raise CommandError(str(error)) from error
        if options["once"]:
            self._drain(RelayLoop())
            return
        liveness = Liveness(RELAY)
        loop = RelayLoop(with_time_limit(liveness.mark_alive))
        process_starting.send(sender=None, name=RELAY)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.stop())
        process_ready.send(
            sender=None, name=RELAY, concurrency=1, activity=loop.activity, liveness=liveness
        )
        try:
            loop.run()
        except BrokerMisconfigured as error:
            raise CommandError(str(error)) from error
        finally:
            process_stopping.send(sender=None, name=RELAY)

    def _drain(self, loop: RelayLoop) -> None:
        try:
            self.stdout.write(f"published {loop.drain()} events")
        except BrokerMisconfigured as error:
            raise CommandError(str(error)) from error
        except broker.errors() as error:
            raise CommandError(f"the broker is away or refuses: {error}") from error
