"""The relay as a process: wakes on NOTIFY, polls as a fallback, outlives both servers."""

import time
from collections.abc import Callable
from contextlib import closing

import structlog
from django.db import Error as DatabaseError
from django.db import connections

from shop.bus import broker, months, overdue, redacting, relay, rollup, topology
from shop.bus.heart import Doing
from shop.bus.listening import listening_connection
from shop.bus.outbox import CHANNEL
from shop.bus.ready import mark_ready
from shop.bus.signals import relay_looked

log = structlog.get_logger("shop.bus.relay")

#: Seconds between looks at the outbox when nobody wakes the relay.
POLL = 1.0
#: Seconds between looks for deliveries to send again.
RESEND_EVERY = 1.0
#: Seconds between repairs of the topology: a broker may have lost it without a word.
DECLARE_EVERY = 10.0
#: Seconds between warnings of events that this code does not know.
WARN_EVERY = 60.0
#: Seconds between looks for history that is to be blanked.
REDACT_EVERY = 5.0
#: Seconds between looks for reactions that have not answered in time.
WATCH_EVERY = 5.0
#: Seconds between times in which others may look around, at limits for alerts say.
LOOK_EVERY = 15.0
#: Seconds between counts of what was done.
COUNT_EVERY = 10.0
#: Seconds between merges of counts that are old.
MERGE_EVERY = 600.0
#: Seconds between looks whether the coming months have their tables.
MONTHS_EVERY = 3600.0
#: Seconds to wait when a server is away.
AWAY = 1.0


class RelayLoop:
    """Publishes until `stop` is called."""

    def __init__(self) -> None:
        self._stopping = False
        self._due: dict[str, float] = {}
        self._published = 0

    def doing(self) -> Doing:
        """What its sign of life says: how many events it has published."""
        return Doing(self._published, [])

    def stop(self) -> None:
        self._stopping = True

    def run(self) -> None:
        """Serve until stopped; when the broker or the database is away, say so and wait."""
        away = False
        errors: tuple[type[BaseException], ...] = (DatabaseError, *broker.errors())
        while not self._stopping:
            try:
                with closing(broker.Publisher()) as publisher:
                    self._due.pop("declare", None)
                    self._every("declare", DECLARE_EVERY, topology.declare)
                    mark_ready("relay")
                    log.info("relay is up" if not away else "relay is up again")
                    away = False
                    self._serve(publisher)
            except errors as error:
                if not away:
                    log.warning("relay waits: a server is away", error=repr(error))
                away = True
                connections.close_all()
                if not isinstance(error, DatabaseError):
                    self._look_around()
                time.sleep(AWAY)

    def drain(self) -> int:
        """Publish everything that is due now; returns how many events."""
        topology.declare()
        total = 0
        with closing(broker.Publisher()) as publisher:
            while count := relay.publish_due(publisher):
                total += count
        return total

    def _serve(self, publisher: broker.Publisher) -> None:
        with listening_connection().cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        while not self._stopping:
            published = relay.publish_due(publisher)
            self._published += published
            self._every("resend", RESEND_EVERY, lambda: relay.resend_due(publisher))
            self._every("declare", DECLARE_EVERY, topology.declare)
            self._every("unknown", WARN_EVERY, relay.warn_of_unknown)
            self._every("redact", REDACT_EVERY, redacting.carry_out)
            self._look_around()
            self._beside("count", COUNT_EVERY, rollup.roll_up)
            self._beside("merge", MERGE_EVERY, rollup.merge_old)
            self._beside("months", MONTHS_EVERY, months.make_ahead)
            if not published:
                _wait_for_wake_up(POLL)

    def _look_around(self) -> None:
        """Without a broker too: that is when there is something to see."""
        self._beside("watch", WATCH_EVERY, overdue.watch)
        self._beside("look", LOOK_EVERY, lambda: relay_looked.send(sender=None))

    def _every(self, name: str, seconds: float, work) -> None:
        if time.monotonic() >= self._due.get(name, 0.0):
            self._due[name] = time.monotonic() + seconds
            work()

    def _beside(self, name: str, seconds: float, work: Callable[[], object]) -> None:
        """Work whose failure must not keep events from being carried."""
        try:
            self._every(name, seconds, work)
        except Exception:
            log.exception("the relay goes on without", work=name)


def _wait_for_wake_up(seconds: float) -> None:
    """Wait for a NOTIFY, at most this long; all that have come by then wake once."""
    listening = listening_connection()
    listening.ensure_connection()
    with listening.wrap_database_errors:
        for _ in listening.connection.notifies(timeout=seconds, stop_after=1):
            pass
        for _ in listening.connection.notifies(timeout=0):
            pass
