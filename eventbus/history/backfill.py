"""Backfill: an app that joined later, or has a new reaction, is fed the past.

Until history is through the app is held, as by a pause: what is live waits for it. Here, and by
nobody else, its reactions run to the past, batch by batch in the order in which the events
occurred, and to what comes live meanwhile, until nothing is left. Then the hold ends. The ledger
has each reaction to each event once, so that nothing is run twice, and the hold and how far it has
come are rows: whatever is killed, the next run goes on.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from eventbus import registry
from eventbus.delivery import outage, pause
from eventbus.delivery.batch import handle_together
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.exceptions import BusError
from eventbus.history.models import Backfill
from eventbus.registry import Reaction

log = structlog.get_logger("eventbus.history.backfill")

HOLD = "backfill"
_REASON = (
    "history is fed to it first; manage.py backfill {app} goes on where that was stopped, "
    "and ends it with --cancel"
)
#: Events of a batch: while it runs, it has a processor of the database.
BATCH = 25
#: Seconds of rest for each second of work: the other apps share the database with it.
REST = 1.0

_WANTED = "unnest(%(types)s::text[], %(reactions)s::text[], %(muted)s::bool[])"
_PAST = """
    event.type = any(%(types)s) and event.published_at is not null
    and event.occurred_at >= %(since)s
"""
_MISSING = f"""
    from eventbus_outboxevent event join {_WANTED} as wanted (type, reaction, muted) using (type)
    where {_PAST} and not exists (
        select from eventbus_delivery there where there.event_id = event.id
        and there.app = %(app)s and there.reaction = wanted.reaction
    )
"""
_COUNT = f"""
    select event.type, reaction, count(*) {_MISSING}
    group by event.type, reaction order by event.type, reaction
"""
_LIST = f"select event.type, reaction, event.id {_MISSING} order by event.id, reaction"
_CREATE = f"""
    insert into eventbus_delivery
        (event_id, app, reaction, state, attempts, sends, error, closed_at)
    select event.id, %(app)s, reaction, case when muted then 'muted' else 'waiting' end, 0, 0, '',
        case when muted then statement_timestamp() end
    from eventbus_outboxevent event join {_WANTED} as wanted (type, reaction, muted) using (type)
    where event.id = any(%(ids)s) order by event.id, reaction
    on conflict do nothing returning state
"""


class UnknownApp(BusError):
    """No app of that name reacts to anything: `manage.py events` lists who reacts."""


class CannotBackfill(BusError):
    """It is paused, or a backfill of other events is under way: the message says which."""


@dataclass(frozen=True)
class Wanted:
    """An event type that an app reacts to, by which reaction."""

    type: str
    reaction: Reaction


def wanted(app: str, type: str = "") -> list[Wanted]:
    """Return what an app reacts to, to one type or to all. Raises `UnknownApp`."""
    if app not in registry.apps_with_reactions():
        raise UnknownApp(f"no app {app} reacts to anything: see manage.py events")
    found = [
        Wanted(each, reaction)
        for each, reaction in registry.all_reactions()
        if reaction.app == app and type in ("", each)
    ]
    if not found:
        raise UnknownApp(f"{app} does not react to {type}: see manage.py events")
    return found


def under_way(app: str) -> Backfill | None:
    """Return the app's backfill that has begun and not ended."""
    return Backfill.objects.filter(pk=app).first()


@transaction.atomic
def begin(app: str, since: datetime, type: str = "", *, by: str) -> Backfill:
    """Hold an app for the past, or return its backfill that was stopped.

    Raises `UnknownApp` and `CannotBackfill`.
    """
    wanted(app, type)
    if there := Backfill.objects.select_for_update().filter(pk=app).first():
        if (there.since, there.type) != (since, type):
            raise CannotBackfill(
                f"manage.py {_name(there)} is under way: go on with that, or --cancel it"
            )
        return there
    try:
        pause.hold(app, HOLD, by=by, reason=_REASON.format(app=app))
    except pause.CannotPause as error:
        raise CannotBackfill(f"{error}; it must not be paused for a backfill") from error
    position = _before_missing(app, since, type) or _newest()
    return Backfill.objects.create(app=app, since=since, type=type, position=position)


@transaction.atomic
def end(app: str, *, by: str) -> int:
    """End the hold of an app, whatever was fed; returns how many live deliveries are due now.

    Raises `CannotBackfill` where none is under way.
    """
    if not Backfill.objects.filter(pk=app).delete()[0]:
        raise CannotBackfill(f"no backfill of {app} is under way")
    return pause.release(app, HOLD, by=by)


def missing(app: str, since: datetime, type: str = "") -> dict[Wanted, int]:
    """Return how many past events each reaction has never had."""
    return dict(_ask(_COUNT, app, since, type))


def missing_events(app: str, since: datetime, type: str = "") -> list[tuple[UUID, Wanted]]:
    """Return the ids of the past events that a reaction has never had, in their order."""
    return [(id, each) for each, id in _ask(_LIST, app, since, type)]


def _before_missing(app: str, since: datetime, type: str) -> UUID | None:
    """Return the id just before the first past event that a reaction has never had, if any."""
    first = next(_ask(f"{_LIST} limit 1", app, since, type), None)
    return UUID(int=first[1].int - 1) if first else None


def _newest() -> UUID | None:
    return OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first()


def _ask(query: str, app: str, since: datetime, type: str) -> Iterator[tuple[Wanted, Any]]:
    """Yield for which reaction the query has which answer."""
    of = {(each.type, each.reaction.name): each for each in wanted(app, type)}
    for event, reaction, answer in _fetch(query, _parameters(app, since, list(of.values()))):
        yield of[event, reaction], answer


def _name(backfill: Backfill) -> str:
    since = f" --since {backfill.since:%Y-%m-%d}" if backfill.since.year > 1 else ""
    return f"backfill {backfill.app}{since}{f' --type {backfill.type}' if backfill.type else ''}"


def _parameters(app: str, since: datetime, of: list[Wanted]) -> dict[str, Any]:
    return {
        "app": app,
        "since": since,
        "types": [each.type for each in of],
        "reactions": [each.reaction.name for each in of],
        "muted": [each.reaction.is_muted for each in of],
    }


def _fetch(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


class Feeder:
    """Feeds an app the past of a backfill. `stop` ends it after the batch that runs."""

    def __init__(self, backfill: Backfill) -> None:
        self._backfill = backfill
        self._wanted = wanted(backfill.app, backfill.type)
        self._parameters = _parameters(backfill.app, backfill.since, self._wanted)
        # What a killed process may have begun has its attempt counted before it runs.
        self._was_begun = True
        self._stopping = False
        #: deliveries by their state, of all events that were fed by this process
        self.states: Counter[str] = Counter()

    def stop(self) -> None:
        self._stopping = True

    def run(self, on_created: Callable[[int], object] = bool) -> bool:
        """Feed batch after batch; returns whether all is through.

        Calls `on_created` with the number of deliveries made for each batch. Raises
        `CannotBackfill` where somebody cancels it meanwhile.
        """
        while not self._stopping:
            began = time.monotonic()
            if events := self._next_events():
                on_created(self._feed(events))
                self._move_to(events[-1])
                time.sleep((time.monotonic() - began) * REST)
            elif late := self._before_late():
                self._backfill.position = late
            else:
                return True
        return False

    def _before_late(self) -> UUID | None:
        """Return the position before what was committed late, behind ours."""
        return _before_missing(self._backfill.app, self._backfill.since, self._backfill.type)

    def _next_events(self) -> list[OutboxEvent]:
        types = self._parameters["types"]
        past = OutboxEvent.objects.filter(
            type__in=types, published_at__isnull=False, occurred_at__gte=self._backfill.since
        )
        if self._backfill.position:
            past = past.filter(id__gt=self._backfill.position)
        return list(past.order_by("id")[:BATCH])

    def _feed(self, events: list[OutboxEvent]) -> int:
        ids = [event.id for event in events]
        with connection.cursor() as cursor:
            cursor.execute(_CREATE, self._parameters | {"ids": ids})
            created = [state for (state,) in cursor.fetchall()]
        self.states["muted"] += created.count("muted")
        waiting = Delivery.objects.filter(
            event__in=ids, app=self._backfill.app, state=Delivery.State.WAITING
        )
        event_of = dict(waiting.values_list("id", "event"))
        to_run = set(event_of.values())
        self._run([event for event in events if event.id in to_run])
        ended = Delivery.objects.filter(pk__in=event_of, event__in=to_run)
        self.states.update(ended.values_list("state", flat=True))
        return len(created)

    def _run(self, events: list[OutboxEvent]) -> None:
        """Run reactions to a batch in one transaction, or one by one where that fails."""
        messages = [Incoming(event.envelope, redelivered=self._was_begun) for event in events]
        app = self._backfill.app
        paused = pause.paused(app) - {""}
        if not self._was_begun:
            try:
                unfinished = handle_together(app, messages, math.inf, paused)
                messages = [*unfinished.left, *unfinished.alone]
            except Exception as error:
                if outage.is_outage(error):
                    raise
                log.info("a batch is run one by one", app=app, error=type(error).__name__)
        for message in messages:
            handle(app, [message], paused)
        self._was_begun = False

    def _move_to(self, event: OutboxEvent) -> None:
        self._backfill.position = event.id
        if not Backfill.objects.filter(pk=self._backfill.pk).update(position=event.id):
            raise CannotBackfill(f"{_name(self._backfill)} was cancelled by somebody")
