"""Messages that come twice, in another order, or are none of ours."""

import time
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import DatabaseError, close_old_connections

from devtools.chaos.faults.fault import fault
from devtools.chaos.system_under_test import SystemUnderTest, retry_while_down
from shop.settings import REACTING_APPS

#: An event of code that nobody here has: it is parked, and the only one that may be. It is too old
#: to be of newer code that comes yet, for which it would wait.
POISON = "orders.FromTomorrow"
GARBAGE = ["not json at all", "{}", "null", "[[1], {}, {}]", '[[{"specversion": "9"}], {}, {}]']
_PUBLISHED = """
    select id from eventbus_outboxevent where published_at > %s and published_at <= %s
    and type <> 'orders.FromTomorrow'
"""
#: What of a message's properties goes with it; headers and body go as they are.
KEPT = ("correlation_id", "priority", "delivery_mode")
#: Seconds between two looks at what has been published.
LOOK_EVERY = 0.5


@fault(takes_time=True)
def duplicate(sut: SystemUnderTest, target: str, seconds: float) -> None:
    """every event published meanwhile is published a second time, to every app"""
    seen, until = _now(sut), time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(LOOK_EVERY)
        now = _now(sut)
        ids = [row[0] for row in sut.rows(_PUBLISHED, seen, now)]
        _publish(partial(_publish_again, ids))
        seen = now


@fault(takes_time=True)
def shuffle(sut: SystemUnderTest, target: str, seconds: float) -> None:
    """all workers are held for a moment, and what has come for each is put into random order"""
    from eventbus.messaging import broker

    workers = [sut.process(app) for app in REACTING_APPS if app not in sut.off]
    with sut.frozen(*workers):
        time.sleep(seconds)
        for app in REACTING_APPS:
            _publish(partial(_shuffle, broker.queue(app), sut))


def _shuffle(declared: Any, sut: SystemUnderTest, publisher: Any) -> None:
    queue = declared(publisher.connection.default_channel)
    messages = list(iter(lambda: queue.get(no_ack=True), None))
    sut.random.shuffle(messages)
    producer = queue.channel.Producer(auto_declare=False)
    for each in messages:
        # Garbage has none of them.
        kept = {name: each.properties[name] for name in KEPT if name in each.properties}
        producer.publish(
            each.body,
            headers=each.headers,
            content_type=each.content_type,
            content_encoding=each.content_encoding,
            exchange="",
            routing_key=queue.name,
            **kept,
        )


@fault(targets=REACTING_APPS)
def poison(sut: SystemUnderTest, target: str, seconds: float) -> None:
    """garbage in an app's queue, and an event that no code here knows"""
    from eventbus.envelope import Envelope

    now = datetime.now(UTC)
    story, order = uuid.uuid4(), str(uuid.uuid4())
    envelope = Envelope(story, POISON, 1, order, story, None, "", now, {"order_id": order})
    sut.rows(
        """
        insert into eventbus_outboxevent (id, type, version, subject, correlation_id, traceparent,
            data, occurred_at, publish_after, published_at)
        values (%s, %s, 1, %s, %s, '', '{}', now(), now() - interval '2 days', now())
        """,
        envelope.id,
        POISON,
        order,
        story,
    )
    _publish(lambda each: each.to_app(target, [envelope]))
    _publish(lambda each: publish_garbage(each.connection.Producer(auto_declare=False), target))


def publish_garbage(producer: Any, queue: str, task: str = "orders.OrderPlaced") -> None:
    """Publish each of `GARBAGE` to a queue, as a task of this name; as none without a name."""
    for body in GARBAGE:
        headers = {"task": task, "id": str(uuid.uuid4())} if task else {}
        producer.publish(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            headers=headers,
            exchange="",
            routing_key=queue,
        )


def _publish(work: Callable[[Any], None]) -> None:
    """Call `work` with a publisher, again while the broker or the database is away."""
    from eventbus.messaging import broker

    def once() -> None:
        close_old_connections()
        with closing(broker.Publisher()) as publisher:
            work(publisher)

    retry_while_down(once, (*broker.errors(), DatabaseError))


def _publish_again(ids: list[uuid.UUID], publisher: Any) -> None:
    from eventbus.delivery.models import OutboxEvent

    publisher.to_exchange(row.envelope for row in OutboxEvent.objects.filter(id__in=ids))


def _now(sut: SystemUnderTest) -> datetime:
    return sut.rows("select now()")[0][0]
