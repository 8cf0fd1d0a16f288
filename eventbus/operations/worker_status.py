"""Which workers are alive, what they do, and which only look as if they did.

Every worker leaves a sign of life in the database now and then: when the loop that works has
last made a turn. One that tells that everything it tries fails is failing. One that is alive
and finishes nothing, while events wait for it, is stalled: it may have lost the broker without
noticing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.db.models.functions import Now

from eventbus import clock, registry
from eventbus.delivery.models import Delivery
from eventbus.delivery.pause import of_paused
from eventbus.delivery.relay import RELAY
from eventbus.operations.models import WorkerHeartbeat

#: Web processes sign their life like workers, under this name, as the relay does under its own.
WEB = "web"
#: Seconds between two signs of life.
HEARTBEAT_INTERVAL = 10.0
#: Silent for so long, a worker is lost: it was killed, or its host or database is away.
LOST_AFTER = timedelta(seconds=3 * HEARTBEAT_INTERVAL)
#: An event that has waited so long for a worker that is alive has not been heard.
STALLED_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Worker:
    """A worker and its `state`: `alive`, `failing`, `stalled` or `lost`."""

    seen: WorkerHeartbeat
    state: str
    #: since when an event has waited for its app, if any has
    waiting_since: datetime | None

    @property
    def clock(self) -> str:
        """Describe how its host's clock differs from the database's; empty where it hardly does.

        Nothing is due by it, but what the host writes into logs and tells others is wrong.
        """
        ahead = timedelta(seconds=self.seen.clock_ahead)
        if abs(ahead) <= clock.WRONG:
            return ""
        seconds = f"{abs(self.seen.clock_ahead):.0f} s"
        return f"{seconds} {'ahead of' if ahead > timedelta() else 'behind'} the database's"


def workers() -> list[Worker]:
    """Return every worker that was seen recently, by app; cleanly stopped ones left out."""
    waiting = _waiting_since()
    rows = WorkerHeartbeat.objects.order_by("app", "host", "-started_at", "pid")
    return [as_seen(row, waiting.get(row.app)) for row in rows]


def as_seen(row: WorkerHeartbeat, waiting_since: datetime | None) -> Worker:
    """Return a worker by its last sign of life, and since when an event has waited for its app."""
    return Worker(row, _state(row, waiting_since), waiting_since)


def workers_of(app: str, waiting_since: datetime | None = None) -> list[Worker]:
    """Return an app's workers, as seen by something that has waited for them since then."""
    rows = WorkerHeartbeat.objects.filter(app=app).order_by("host", "-started_at", "pid")
    return [Worker(row, _state(row, waiting_since), waiting_since) for row in rows]


def missing(found: Iterable[Worker]) -> list[str]:
    """Return `relay` when none works, and the apps that no worker works for."""
    there = {worker.seen.app for worker in found if worker.state not in ("lost", "failing")}
    return [app for app in (RELAY, *registry.apps_with_reactions()) if app not in there]


def is_alive(app: str) -> bool:
    """Return whether a worker of an app, or a `relay`, sends heartbeats without errors."""
    seen = WorkerHeartbeat.objects.filter(app=app, seen_at__gte=Now() - LOST_AFTER)
    return seen.filter(failing_since=None).exists()


def _waiting_since() -> dict[str, datetime]:
    """Return since when each app has had a due delivery that nobody holds."""
    free = Q(leased_until=None) | Q(leased_until__lte=Now())
    rows = Delivery.objects.filter(~of_paused(), free, state=Delivery.State.WAITING)
    return dict(rows.values_list("app").annotate(Min("waiting_since")).order_by("app"))


def _state(row: WorkerHeartbeat, waiting_since: datetime | None) -> str:
    now = clock.now()
    if row.seen_at < now - LOST_AFTER:
        return "lost"
    if row.failing_since:
        return "failing"
    idle_since = max(row.handled_at, row.started_at)
    stalled_since = now - STALLED_AFTER
    is_stalled = waiting_since is not None and max(waiting_since, idle_since) < stalled_since
    return "stalled" if is_stalled else "alive"
