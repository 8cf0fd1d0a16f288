"""Run a batch of messages in one transaction, as long as none of them fails."""

import time
from collections.abc import Sequence
from itertools import takewhile

from django.db import connection, transaction

from eventbus import registry
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.outbox import collect_events
from eventbus.delivery.runner import (
    Incoming,
    Run,
    cancel_on_error,
    lock_runs,
    save_outcomes,
    with_events,
)

#: How long a batch waits for any one lock: less than PostgreSQL's `deadlock_timeout`, so that it
#: is the batch that gives way, which is then run message by message, and never who met it.
LOCK_TIMEOUT = "500ms"

#: In one statement, for it is asked with each batch.
_BEGIN = """
    select set_config('lock_timeout', %s, true),
        array(select reaction from eventbus_pause where app = %s)
"""


def can_share(app: str, message: Incoming) -> bool:
    """Return whether a message may run in one transaction with others.

    Not one that may have killed its worker; nor one with a reaction that makes an external call,
    for which the others would wait.
    """
    reactions = registry.reactions_to(message.envelope.type, app)
    return not message.redelivered and not any(reaction.is_external for reaction in reactions)


def handle_together(app: str, messages: Sequence[Incoming], until: float) -> list[Incoming]:
    """Run `app`'s open reactions to messages that can share a transaction; without savepoints.

    Once the monotonic clock shows `until` no further reaction is begun: returns the messages
    that still have one. Raises what a reaction, a constraint or the commit raises; nothing has
    taken effect then.
    """
    runnable = with_events(app, messages)
    ended: list[Run] = []
    with transaction.atomic(), cancel_on_error():
        runs = lock_runs(app, runnable, _begin(app))
        crash_point("worker.locked")
        with collect_events():
            for run in takewhile(lambda _: not ended or time.monotonic() < until, runs):
                run.run_through()
                ended.append(run)
        save_outcomes(ended)
        crash_point("worker.ran")
    crash_point("worker.committed")
    for run in ended:
        run.log_outcome()
    left = {run.envelope.id for run in runs[len(ended) :]}
    return [message for message in messages if message.envelope.id in left]


def _begin(app: str) -> frozenset[str]:
    """Limit how long this transaction waits for locks; returns what is paused of `app`."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [LOCK_TIMEOUT, app])
        _, paused = cursor.fetchone()
    return frozenset(paused)
