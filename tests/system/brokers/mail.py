"""Writing notes, and seeing what became of them."""

import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from devtools.waiting import wait_until
from eventbus import Event, registry
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.envelope import Envelope
from eventbus.messaging import broker, topology
from eventbus.messaging.transport import EXCHANGE
from eventbus.testing import emit
from tests.system.brokers.broker_environment import BrokerEnvironment

#: Seconds something may take on a machine busy with other tests.
WITHIN = 40

#: The reactions to a note, each once.
EVERYBODY = {("app_a", "keep"): 1, ("app_a", "count"): 1, ("app_b", "keep"): 1}


class Mail:
    def __init__(self, environment: BrokerEnvironment) -> None:
        self.environment = environment

    def wait(self, condition: Callable[[], object], what: str) -> None:
        """Wait until this is true. Raises `TimeoutError`."""
        wait_until(condition, WITHIN, what)

    def note(self, **fields: Any) -> Event:
        """A note, not yet sent."""
        return registry.event_class("app_a.NoteSent")(note=uuid4(), **fields)

    def of(self, type: str, **fields: Any) -> Event:
        return registry.event_class(type)(note=uuid4(), **fields)

    def send(self, *events: Event, publish_after: datetime | None = None) -> None:
        """Emit these events."""
        with transaction.atomic():
            for event in events:
                emit(event, publish_after=publish_after)

    def sent(self, **fields: Any) -> Event:
        """A note that was emitted."""
        note = self.note(**fields)
        self.send(note)
        return note

    def delivered(self, **fields: Any) -> Event:
        """A note that everybody has read."""
        note = self.sent(**fields)
        self.wait_for_everybody(note)
        return note

    def publish(self, *envelopes: Envelope) -> None:
        """Hand these to the broker once more, past the outbox."""
        with _publisher() as publisher:
            publisher.to_exchange(envelopes)

    def put(self, app: str, *envelopes: Envelope) -> None:
        """Put these on one app's own queue."""
        with _publisher() as publisher:
            publisher.to_app(app, envelopes)

    def put_raw(self, app: str, body: Any, headers: dict[str, Any], **properties: Any) -> None:
        """Put on a queue what no relay would."""
        where = {"exchange": "", "routing_key": app}
        with broker.connect() as connection:
            connection.Producer(auto_declare=False).publish(
                body, headers=headers, **where | properties
            )

    def put_item(self, app: str, item: bytes) -> None:
        """Push onto an app's list, on Redis, what kombu never saw."""
        with broker.connect() as connection:
            connection.default_channel.client.lpush(app, item)

    def envelope(self, event: Event, **changes: Any) -> Envelope:
        """Return what was written of an event that was emitted."""
        return replace(OutboxEvent.objects.get(id=event.id).envelope, **changes)

    def foreign(self, **fields: Any) -> Envelope:
        """An event that another code than ours emitted and published."""
        envelope = self.envelope(self.delivered(), id=uuid4(), **fields)
        names = ("id", "type", "version", "subject", "correlation_id", "traceparent", "data")
        OutboxEvent.objects.create(
            **{name: getattr(envelope, name) for name in names},
            occurred_at=envelope.occurred_at,
            publish_after=envelope.occurred_at,
            published_at=envelope.occurred_at,
        )
        return envelope

    def answer(self, note: Event) -> OutboxEvent:
        """Return the answer of app_a to a note."""
        return OutboxEvent.objects.get(type="app_a.NoteAnswered", subject=str(note.note))

    def take(self, connection: Any, app: str) -> Any:
        """A message from a queue."""
        channel = connection.default_channel
        self.wait(lambda: self.depth(app), f"a message for {app}")
        return broker.queue(app)(channel).get(no_ack=False)

    def delete_queue(self, app: str) -> None:
        with broker.connect() as connection, connection.channel() as channel:
            channel.queue_delete(app)
            if not broker.is_rabbitmq():
                for type, pattern, queue in channel.get_table(EXCHANGE):
                    if queue == app:
                        self._unbind(channel, type, pattern, queue)

    def delete_exchange(self) -> None:
        """On Redis an exchange is its bindings."""
        with broker.connect() as connection, connection.channel() as channel:
            if broker.is_rabbitmq():
                channel.exchange_delete(EXCHANGE)
            else:
                channel.client.delete(f"_kombu.binding.{EXCHANGE}")

    @contextmanager
    def without_binding(self, app: str, type: str) -> Iterator[None]:
        """As if an app had never been bound to a type of event."""
        with self.relay_held():
            with broker.connect() as connection, connection.channel() as channel:
                if broker.is_rabbitmq():
                    channel.queue_unbind(app, f"{EXCHANGE}.{app}", type)
                else:
                    self._unbind(channel, type, "", app)
            yield
            topology.declare([app])

    def _unbind(self, channel: Any, *binding: str) -> None:
        channel.client.srem(f"_kombu.binding.{EXCHANGE}", channel.sep.join(binding))

    @contextmanager
    def relay_held(self) -> Iterator[None]:
        """The relay does nothing meanwhile, and so repairs nothing."""
        self.environment.tell("relay", signal.SIGSTOP)
        try:
            yield
        finally:
            self.environment.tell("relay", signal.SIGCONT)

    def processes_of(self, app: str, *notes: Event) -> set[int]:
        """The processes that began these notes for an app."""
        ids = [note.note for note in notes]
        query = "select pid from begun where app = %s and reaction = 'keep' and note = any(%s)"
        return {pid for (pid,) in _rows(query, app, ids)}

    def delivered_to(self, app: str) -> None:
        """Send a note and wait until this app has read it."""
        self.wait_for(self.sent(), app)

    def wait_for_parked(self, envelope: Envelope, app: str) -> str:
        """Wait until an app has parked it; returns why."""
        rows = Delivery.objects.filter(event_id=envelope.id, app=app, state="parked")
        self.wait(rows.exists, "parked")
        return rows.first().error

    def wait_until_put_off(self, envelope: Envelope, app: str) -> str:
        """Wait until an app has put it off; returns why."""
        rows = Delivery.objects.filter(event_id=envelope.id, app=app).exclude(error="")
        self.wait(rows.exists, "put off")
        return rows.first().error

    def wait_until_taken(self, envelope: Envelope, app: str) -> None:
        """Wait until a reaction of an app is done."""
        rows = Delivery.objects.filter(event_id=envelope.id, app=app, state="done")
        self.wait(rows.exclude(reaction="").exists, "taken")

    def wait_until_done(self, envelope: Envelope) -> None:
        """Wait until every reaction to a note is done."""
        done = Delivery.objects.filter(event_id=envelope.id, state="done")
        self.wait(lambda: done.count() == len(EVERYBODY), "done")

    def depth(self, app: str) -> int:
        with _publisher() as publisher:
            return publisher.depth(app)

    def effects(self, note: Event) -> dict[tuple[str, str], int]:
        """Count how often each reaction took effect."""
        return _count("effect", note.note)

    def begun(self, note: Event) -> dict[tuple[str, str], int]:
        """Count how often each reaction was begun."""
        return _count("begun", note.note)

    def text(self, note: Event, app: str) -> str:
        query = "select text from effect where note = %s and app = %s limit 1"
        return _rows(query, note.note, app)[0][0]

    def forget(self, note: Event, app: str) -> None:
        """Make it as if an app had not been there when a note was sent."""
        self.rows(note).filter(app=app).delete()
        with connection.cursor() as cursor:
            cursor.execute("delete from effect where note = %s and app = %s", [note.note, app])

    def allow(self, *notes: Event) -> None:
        """Let the reactions that wait for it go on."""
        for note in notes:
            with connection.cursor() as cursor:
                cursor.execute("insert into allowed values (%s)", [note.note])

    def rows(self, *events: Event) -> Any:
        return Delivery.objects.filter(event_id__in=[event.id for event in events])

    def states(self, event: Event, app: str) -> set[str]:
        return set(self.rows(event).filter(app=app).values_list("state", flat=True))

    def is_published(self, event: Event) -> bool:
        return OutboxEvent.objects.get(id=event.id).published_at is not None

    def wait_for(self, note: Event, app: str, reaction: str = "keep", times: int = 1) -> None:
        """Wait until a reaction took effect."""
        key = (app, reaction)
        what = f"{app} {reaction}"
        self.wait(lambda: self.effects(note).get(key, 0) >= times, what)

    def wait_for_begin(self, note: Event, app: str, times: int = 1) -> None:
        begun = (app, "keep")
        self.wait(lambda: self.begun(note).get(begun, 0) >= times, f"{app} begins")

    def wait_for_everybody(self, *notes: Event) -> None:
        """Wait until every reaction to these has closed its delivery, each with one effect."""
        for note in notes:
            self.wait(lambda note=note: self.effects(note) == EVERYBODY, "everybody reads")
        self.wait_until_settled(*notes)

    def wait_until_settled(self, *notes: Event) -> None:
        """Wait until these are published and nothing of them is open any more."""

        def is_settled() -> bool:
            unsettled = self.rows(*notes).filter(state__in=Delivery.OPEN)
            return all(map(self.is_published, notes)) and not unsettled.exists()

        self.wait(is_settled, "all are settled")

    def wait_until_empty(self, *apps: str) -> None:
        for app in apps:
            self.wait(lambda app=app: self.depth(app) == 0, f"{app}'s queue is empty")


class _publisher:
    def __enter__(self) -> broker.Publisher:
        self._publisher = broker.Publisher()
        return self._publisher

    def __exit__(self, *_: Any) -> None:
        self._publisher.close()


def _count(table: str, note: UUID) -> dict[tuple[str, str], int]:
    return dict(Counter(_rows(f"select app, reaction from {table} where note = %s", note)))


def _rows(query: str, *values: Any) -> Iterable[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
