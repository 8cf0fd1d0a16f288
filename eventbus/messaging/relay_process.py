"""The relay as a process: wakes on NOTIFY, polls as a fallback, outlives both servers."""

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import structlog
from django.db import Error as DatabaseError

from eventbus.conf import conf
from eventbus.delivery import outage, periodic, relay
from eventbus.delivery.outage_state import OutageState
from eventbus.delivery.outbox import CHANNEL
from eventbus.exceptions import in_one_line
from eventbus.messaging import broker, broker_probe, topology
from eventbus.messaging.liveness import WorkerActivity
from eventbus.messaging.readiness import mark_ready
from eventbus.pg_listen import direct_connection
from eventbus.signals import history_redacted, relay_tick, relay_waits

log = structlog.get_logger("eventbus.delivery.relay")

#: Seconds between looks at the outbox when nobody wakes the relay.
POLL = 1.0
#: Seconds between looks for deliveries to send again.
RESEND_EVERY = 1.0
#: Seconds between repairs of the topology: a broker may have lost it without a word.
DECLARE_EVERY = 10.0
#: Seconds between warnings of events that this code does not know.
WARN_EVERY = 60.0
#: Seconds between two `relay_tick`.
TICK_EVERY = 60.0
#: Seconds to wait when a server is away.
RECONNECT_DELAY = 1.0


def _ignore_turn() -> None:
    """Do nothing: nobody watches this loop."""


class RelayLoop:
    """Publishes until `stop` is called; calls `on_turn` before each piece of its work."""

    def __init__(self, on_turn: Callable[[], None] = _ignore_turn) -> None:
        self._on_turn = on_turn
        self._stopping = False
        self._outage_state = OutageState()
        self._due: dict[str, float] = {}
        self._published = 0
        self._needs_compaction = False
        history_redacted.connect(self._request_compaction)

    def activity(self) -> WorkerActivity:
        """Return for the heartbeat how many events were published, and the outage it waits for."""
        return WorkerActivity(self._published, [], self._outage_state.current())

    def stop(self) -> None:
        self._stopping = True

    def run(self) -> None:
        """Serve until stopped; when the broker or the database is away, report it and wait."""
        errors: tuple[type[BaseException], ...] = (DatabaseError, *broker.errors())
        while not self._stopping:
            try:
                with closing(broker.Publisher()) as publisher:
                    self._due.pop("declare", None)
                    self._every("declare", DECLARE_EVERY, topology.declare)
                    self._serve(publisher)
            except errors as error:
                self._report_and_wait(error)

    def drain(self) -> int:
        """Publish everything that is due now; returns how many events."""
        topology.declare()
        total = 0
        with closing(broker.Publisher()) as publisher:
            while count := relay.publish_due(publisher):
                total += count
        return total

    def _report_and_wait(self, error: BaseException) -> None:
        """Report that a server is away, to the log once, and wait `RECONNECT_DELAY`."""
        if not self._outage_state.current():
            log.warning("relay waits: a server is away", error=repr(error))
        self._outage_state.record(f"{type(error).__name__}: {in_one_line(error)}")
        outage.drop_connections()
        if not isinstance(error, DatabaseError):
            # Without a broker there is something to see: limits are looked at.
            self._run_jobs(needs_broker=False)
        relay_waits.send_robust(sender=None, outage=self._outage_state.current())
        self._on_turn()
        time.sleep(RECONNECT_DELAY)

    def _report_recovery(self, publisher: broker.Publisher, published: int) -> None:
        """Report once that the outage is over; then the broker must have taken a message."""
        if self._outage_state.current():
            if not published:
                broker_probe.probe(publisher.connection)
            log.info("relay is up again")
            self._outage_state.clear()
            relay_waits.send_robust(sender=None, outage=None)

    def _serve(self, publisher: broker.Publisher) -> None:
        with direct_connection().cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        mark_ready("relay")
        log.info("relay is up")
        while not self._stopping:
            self._on_turn()
            published = relay.publish_due(publisher)
            self._published += published
            self._every("resend", RESEND_EVERY, lambda: relay.resend_due(publisher))
            self._every("declare", DECLARE_EVERY, topology.declare)
            self._every("unknown", WARN_EVERY, relay.warn_of_unknown)
            self._compact(publisher)
            self._run_jobs(needs_broker=False)
            # One that fails must not keep the others: Django logs it.
            self._run_isolated("tick", TICK_EVERY, lambda: relay_tick.send_robust(sender=None))
            self._run_jobs(needs_broker=True)
            self._report_recovery(publisher, published)
            if not published:
                _wait_for_wake_up(POLL)

    def _compact(self, publisher: broker.Publisher) -> None:
        """Compact the broker's own file: periodically, and after a redaction of history."""
        if self._needs_compaction:
            self._needs_compaction = False
            self._run_isolated("compact after a redaction", 0, publisher.compact)
        if every := conf.COMPACT_EVERY.total_seconds():
            self._run_isolated("compact", every, publisher.compact)

    def _request_compaction(self, **_: Any) -> None:
        self._needs_compaction = True

    def _run_jobs(self, *, needs_broker: bool) -> None:
        for job in periodic.jobs():
            if job.needs_broker == needs_broker:
                self._run_isolated(job.name, job.seconds, job.run)

    def _every(self, name: str, seconds: float, work) -> None:
        if time.monotonic() >= self._due.get(name, 0.0):
            self._due[name] = time.monotonic() + seconds
            self._on_turn()
            work()

    def _run_isolated(self, name: str, seconds: float, work: Callable[[], object]) -> None:
        """Run work whose failure must not keep events from being published; log its error."""
        try:
            self._every(name, seconds, work)
        except Exception:
            log.exception("the relay goes on without", work=name)


def _wait_for_wake_up(seconds: float) -> None:
    """Wait for a NOTIFY, at most this long; all that have come by then wake once."""
    listening = direct_connection()
    listening.ensure_connection()
    with listening.wrap_database_errors:
        for _ in listening.connection.notifies(timeout=seconds, stop_after=1):
            pass
        for _ in listening.connection.notifies(timeout=0):
            pass
