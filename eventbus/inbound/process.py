"""The inbound process: takes foreign events from a source, outlives database and broker."""

import time
from collections import deque
from collections.abc import Callable
from contextlib import closing

import structlog
from django.db import Error as DatabaseError

from eventbus.delivery import outage
from eventbus.delivery.outage_state import OutageState
from eventbus.exceptions import in_one_line
from eventbus.inbound.receiving import receive
from eventbus.inbound.sources import Message, Source, inbound_queue
from eventbus.messaging import broker
from eventbus.messaging.liveness import WorkerActivity
from eventbus.messaging.readiness import mark_ready

log = structlog.get_logger("eventbus.inbound")

#: What the process is called that takes in what is in the queue.
INBOUND = "inbound"
#: Seconds between looks at whether it shall end, and to wait while a server is away.
PAUSE = 1.0


class InboundLoop:
    """Takes in what a source gives until `stop` is called; calls `on_turn` now and then.

    `connect`: returns the source, or raises one of `errors`, as it may later. `name`: of the
    process, once it takes in.
    """

    def __init__(
        self,
        on_turn: Callable[[], None],
        connect: Callable[[], Source] = inbound_queue,
        errors: tuple[type[BaseException], ...] | None = None,
        name: str = INBOUND,
    ) -> None:
        self._on_turn = on_turn
        self._name = name
        self._connect = connect
        away = broker.errors() if errors is None else errors
        self._errors: tuple[type[BaseException], ...] = (DatabaseError, *away)
        self._stopping = False
        self._outage_state = OutageState()
        self._taken = 0

    def activity(self) -> WorkerActivity:
        """Return for the heartbeat how many messages were taken, and the outage it waits for."""
        return WorkerActivity(self._taken, [], self._outage_state.current())

    def stop(self) -> None:
        self._stopping = True

    def run(self) -> None:
        """Serve until stopped; while the source or the database is away, say so and wait."""
        while not self._stopping:
            try:
                with closing(self._connect()) as source:
                    self._serve(source)
            except self._errors as error:
                self._report(error)
                self._on_turn()
                time.sleep(PAUSE)

    def _serve(self, source: Source) -> None:
        mark_ready(self._name)
        while not self._stopping:
            self._on_turn()
            messages = deque(source.wait(PAUSE))
            while messages and not self._stopping:
                self._on_turn()
                if self._receive(messages[0]):
                    messages.popleft().acknowledge()
                else:
                    # With the connection, the source would count the message as one that failed.
                    source.stay(PAUSE)
            if self._outage_state.current() and not self._stopping:
                log.info("inbound is up again")
                self._outage_state.clear()

    def _receive(self, message: Message) -> bool:
        """Take in a message; false while the database is away."""
        try:
            receive(message.content, via=message.via)
        except DatabaseError as error:
            self._report(error)
            outage.drop_connections()
            return False
        self._taken += 1
        return True

    def _report(self, error: BaseException) -> None:
        """Report that a server is away, to the log once."""
        if not self._outage_state.current():
            log.warning("inbound waits: a server is away", error=in_one_line(error))
        self._outage_state.record(f"{type(error).__name__}: {in_one_line(error)}")
