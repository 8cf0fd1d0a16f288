"""The naive way: one `delay()` per reaction after commit, no outbox, no ledger, no inbox.

The reactions are the shop's own; only the way an event reaches them differs. Nothing here is
promised: what is lost is lost, and what comes twice runs twice.
"""

from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any

import django
from celery import Celery
from celery.signals import worker_ready

django.setup()

from django.conf import settings  # noqa: E402 models need Django to be set up
from django.db import transaction  # noqa: E402

from devtools.bench.ways import direct  # noqa: E402
from devtools.bench.ways.running import READY  # noqa: E402
from eventbus import registry  # noqa: E402
from eventbus.delivery import outbox  # noqa: E402
from eventbus.envelope import Envelope  # noqa: E402
from eventbus.messaging import broker  # noqa: E402
from shop.settings import REACTING_APPS  # noqa: E402

app = Celery("naive", set_as_current=False)
app.conf.update(
    broker_url=broker.url(),
    broker_transport=broker.transport(),
    broker_transport_options=broker.transport_options(),
    task_default_queue="naive",
    task_ignore_result=True,
    accept_content=["json"],
    worker_prefetch_multiplier=4,
    worker_concurrency=settings.EVENTBUS_WORKER_CONCURRENCY,
    CELERY_DB_REUSE_MAX=1000,
)


@worker_ready.connect
def _say_ready(**_: Any) -> None:
    print(READY, flush=True)  # noqa: T201 for who waits for it


@app.task(name="naive.react", shared=False)
def react(wire: dict[str, Any], app_name: str, reaction_name: str) -> None:
    """Run one reaction to one event."""
    envelope = Envelope.from_wire(wire)
    found = {r.name: r for r in registry.reactions_to(envelope.type, app_name)}[reaction_name]
    direct.react(envelope, found, transaction.atomic)


def delay(envelope: Envelope, publish_after: datetime | None = None, **_: Any) -> None:
    """Receive every event's signal, in the outbox's place."""
    transaction.on_commit(partial(_delay_all, envelope, publish_after))


def _delay_all(envelope: Envelope, publish_after: datetime | None) -> None:
    if direct.is_left_out(publish_after):
        # Redis would deliver it again and again past its visibility timeout.
        return
    for reaction in registry.reactions_to(envelope.type):
        react.apply_async(
            (envelope.to_wire(), reaction.app, reaction.name),
            queue=f"naive.{reaction.app}",
            eta=publish_after,
        )


def tasks_waiting() -> int:
    """Count the tasks in the queues. Those that a worker has taken, five at most, nobody knows."""
    with closing(broker.Publisher()) as publisher:
        return sum(publisher.depth(f"naive.{name}") for name in REACTING_APPS)


direct.redirect(outbox.record, delay)
