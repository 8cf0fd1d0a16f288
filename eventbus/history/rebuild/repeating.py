"""Repeating what an app has reacted to, in the order in which it did."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection

from eventbus import registry
from eventbus.context import caused_by, reacting
from eventbus.delivery import outage
from eventbus.delivery.models import OutboxEvent
from eventbus.delivery.outbox import discard_events
from eventbus.envelope import Envelope
from eventbus.event import Event
from eventbus.exceptions import BusError
from eventbus.history.rebuild.redacted_fields import HistoryIncomplete, refuse_redacted
from eventbus.history.shadow import Shadow, Writes
from eventbus.registry import Reaction

#: Deliveries of a batch; those that were closed together are not torn apart.
BATCH = 500
#: How long ago what is not yet committed may have been closed.
LATE = timedelta(hours=1)

_DONE = """
    from eventbus_delivery d where d.state = 'done' and d.app = %(app)s
    and d.reaction = any(%(reactions)s)
"""
_NEXT = f"""
    select d.id, d.event_id, d.reaction, d.closed_at {_DONE}
    and (%(after)s::timestamptz is null or d.closed_at > %(after)s)
    order by d.closed_at fetch first %(limit)s rows with ties
"""
_LATE = f"""
    select d.id, d.event_id, d.reaction, d.closed_at {_DONE} and d.closed_at >= %(since)s
    and not exists (select from {{repeated}} r where r.id = d.id)
    order by d.closed_at
"""


class NotAProjection(BusError):
    """An app's tables are not made from events alone: the message says why."""


class CannotRepeat(BusError):
    """A reaction fails when it is run again: the message says which and why."""


@dataclass(frozen=True)
class Done:
    """A delivery that is done."""

    id: int
    event_id: UUID
    reaction: str
    closed_at: datetime


class Repeater:
    """Runs an app's reactions again, to its shadow."""

    def __init__(self, app: str, shadow: Shadow) -> None:
        self._app, self._shadow = app, shadow
        self._reactions = {each.name: each for each in repeatable(app)}
        self._repeated = f'"{shadow.name}".eventbus_repeated'
        self._after: datetime | None = None
        self._began: datetime | None = None
        #: events that the reactions would have emitted, by type
        self.suppressed: Counter[str] = Counter()

    def begin(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"create table {self._repeated} (id bigint primary key)")
            cursor.execute("select statement_timestamp()")
            self._began = cursor.fetchone()[0]

    def count(self) -> int:
        """Return how many deliveries there are to repeat."""
        return self._fetch(f"select count(*) {_DONE}", self._parameters())[0][0]

    def unknown(self) -> dict[str, int]:
        """Return the reactions that have reacted and are in the code no more, and how often."""
        known = [each.name for each in _of(self._app)]
        query = """
            select reaction, count(*) from eventbus_delivery
            where app = %s and state = 'done' and reaction <> all(%s) group by reaction
        """
        return dict(self._fetch(query, [self._app, known]))

    def repeat_next(self) -> int:
        """Repeat the next batch; returns how many, 0 at the end."""
        rows = self._fetch(_NEXT, self._parameters(after=self._after, limit=BATCH))
        if rows:
            self._repeat([Done(*row) for row in rows])
            self._after = rows[-1][3]
        return len(rows)

    def repeat_late(self) -> int:
        """Repeat what was committed after its turn, and what has come since; returns how many."""
        assert self._began
        query = _LATE.format(repeated=self._repeated)
        rows = self._fetch(query, self._parameters(since=self._began - LATE))
        self._repeat([Done(*row) for row in rows])
        return len(rows)

    def _repeat(self, done: list[Done]) -> None:
        events = self._events({each.event_id for each in done})
        with self._shadow.used(), discard_events() as discarded:
            before = self._shadow.written_elsewhere()
            for _, together in groupby(done, attrgetter("closed_at")):
                for name, ids in _calls(self._reactions, together):
                    self._run(self._reactions[name], [events[id] for id in ids])
            self._note(done)
            self._refuse_written_elsewhere(before)
        self.suppressed.update(discarded())

    def _events(self, ids: set[UUID]) -> dict[UUID, tuple[Envelope, Event]]:
        return {row.id: _read(row) for row in OutboxEvent.objects.filter(id__in=ids)}

    def _run(self, reaction: Reaction, given: list[tuple[Envelope, Event]]) -> None:
        try:
            run_again(reaction, given)
        except Exception as error:
            if isinstance(error, HistoryIncomplete) or outage.is_about_locks(error):
                raise
            raise CannotRepeat(
                f"{reaction.app}.{reaction.name} fails at {given[0][0].type} {given[0][0].id}:"
                f" {type(error).__name__}: {error}"
            ) from error

    def _note(self, done: list[Done]) -> None:
        with connection.cursor() as cursor:
            ids = [each.id for each in done]
            cursor.execute(f"insert into {self._repeated} select unnest(%s::bigint[])", [ids])

    def _refuse_written_elsewhere(self, before: Writes) -> None:
        """Raise `NotAProjection` where a table outside was written since `before`."""
        if written := self._shadow.written_since(before):
            raise NotAProjection(
                f"the reactions of {self._app} write {', '.join(written)} as well: declare it a"
                ' `projection`, or say rebuild="skip" above the reaction'
            )

    def _parameters(self, **more: Any) -> dict[str, Any]:
        return {"app": self._app, "reactions": [*self._reactions], **more}

    def _fetch(self, sql: str, parameters: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()


def repeatable(app: str) -> list[Reaction]:
    """Return the reactions of an app that are run again: not those that are muted or skipped.

    Raises `NotAProjection` for one that calls the outside world.
    """
    found = [each for each in _of(app) if not (each.is_muted or each.is_skipped)]
    if external := [each.name for each in found if each.is_external]:
        raise NotAProjection(
            f'{app}.{external[0]} calls the outside world: say rebuild="skip" above it, or'
            f" {app} cannot be built from events alone"
        )
    return found


def run_again(reaction: Reaction, given: list[tuple[Envelope, Event]]) -> None:
    """Run a reaction to one event, or to many where it takes many. Raises its error."""
    envelopes, events = zip(*given, strict=True)
    if reaction.takes_many:
        with reacting(reaction, envelopes):
            reaction.run(*events)
    else:
        with caused_by(envelopes[0], reaction):
            reaction.run(*events)


def _of(app: str) -> list[Reaction]:
    found = {each.name: each for _, each in registry.all_reactions() if each.app == app}
    return [found[name] for name in sorted(found)]


def _read(row: OutboxEvent) -> tuple[Envelope, Event]:
    envelope = row.envelope
    event = envelope.event()
    return envelope, refuse_redacted(event) if row.redacted_at else event


def _calls(
    reactions: dict[str, Reaction], done: Iterable[Done]
) -> Iterator[tuple[str, list[UUID]]]:
    """Yield the calls of reactions that were closed together, as a batch of a worker makes them."""
    calls: dict[tuple[str, int], list[UUID]] = {}
    for each in sorted(done, key=attrgetter("id")):
        own = 0 if reactions[each.reaction].takes_many else each.id
        calls.setdefault((each.reaction, own), []).append(each.event_id)
    for (name, _), ids in calls.items():
        yield name, ids
