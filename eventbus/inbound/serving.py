"""The inbound process from its start to its end: what a command runs."""

import signal
from collections.abc import Callable

from eventbus import registry
from eventbus.delivery.advisory_lock import with_time_limit
from eventbus.delivery.session_limits import limit_sessions
from eventbus.exceptions import StartupError
from eventbus.inbound.process import INBOUND, InboundLoop
from eventbus.inbound.sources import Source, inbound_queue
from eventbus.messaging.liveness import Liveness
from eventbus.messaging.startup_checks import wait_for_database
from eventbus.signals import process_ready, process_starting, process_stopping


def serve(
    name: str = INBOUND,
    connect: Callable[[], Source] = inbound_queue,
    errors: tuple[type[BaseException], ...] | None = None,
) -> None:
    """Take in what a source gives until TERM or Ctrl-C comes, as a process of this name.

    `connect` and `errors` as of `InboundLoop`. Raises `StartupError`.
    """
    if not registry.foreign_events():
        raise StartupError("no event of this project has a foreign_source: nothing may come")
    limit_sessions("relay")
    wait_for_database()
    liveness = Liveness(name)
    loop = InboundLoop(with_time_limit(liveness.mark_alive), connect, errors, name)
    process_starting.send(sender=None, name=name)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.stop())
    process_ready.send(
        sender=None, name=name, concurrency=1, activity=loop.activity, liveness=liveness
    )
    try:
        loop.run()
    finally:
        process_stopping.send(sender=None, name=name)
