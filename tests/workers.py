"""Workers of an app side by side: threads, each with a database connection of its own."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from threading import Barrier, Thread
from threading import Event as Signal
from uuid import UUID

from django.db import connection, transaction

from eventbus import Event
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing import emit


def messages(*events: Event) -> list[Incoming]:
    """Emit these events; their messages, ready to be taken."""
    with transaction.atomic():
        for event in events:
            emit(event)
    rows = OutboxEvent.objects.filter(id__in=[event.id for event in events]).order_by("id")
    return [Incoming(row.envelope) for row in rows]


def at_once(*works: Callable[[], object]) -> None:
    """Run each in a thread of its own, until all are through."""

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def while_held(event_id: UUID, work: Callable[[], object], is_left: Signal) -> None:
    """Run `work` while somebody else holds an event's row: until `is_left`, ten seconds at most."""
    is_held = Signal()

    def hold() -> None:
        with transaction.atomic():
            OutboxEvent.objects.select_for_update().get(id=event_id)
            is_held.set()
            is_left.wait(10)

    def work_meanwhile() -> None:
        assert is_held.wait(30)
        work()

    at_once(hold, work_meanwhile)


def side_by_side(app: str, queues: Iterable[Sequence[Incoming]]) -> None:
    """One worker for each queue, all of one length; message by message they start together.

    No reaction fails.
    """
    queues = list(queues)
    start = Barrier(len(queues), timeout=120)

    def react(queue: Sequence[Incoming]) -> None:
        for message in queue:
            start.wait()
            handle(app, [message])

    at_once(*(partial(react, queue) for queue in queues))
    troubled = Delivery.objects.filter(app=app).exclude(state=Delivery.State.DONE)
    assert [row.error for row in troubled] == []


def somebody_waits() -> bool:
    """Return whether any connection waits for a lock of another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]
