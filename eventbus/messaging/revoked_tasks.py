"""Tasks that an operator has ended, in Flower say, are recorded as failures and retried."""

from threading import Thread
from typing import Any

import structlog
from django.db import connection

from eventbus.delivery import ledger
from eventbus.delivery.outage_retry import RETRY_TIMEOUT, SHORT_RETRY_TIMEOUT
from eventbus.envelope import Envelope
from eventbus.messaging.handling import retry_or_requeue

log = structlog.get_logger("eventbus.messaging.worker")

ENDED_BEFORE_RUN = "ended by an operator before it ran"
ENDED_DURING_RUN = "ended by an operator while it ran"


def record_revoked(app: str, wire: dict[str, Any], terminated: bool) -> Thread | None:
    """Record it as failed by an operator. Raises `Reject` when nothing can be written.

    Where it was `terminated` in a thread, which is returned: the process is killed only now, and
    the loop that consumes must not wait until the database has noticed. What cannot be written
    then is sent again as unanswered.
    """
    envelope = Envelope.from_wire(wire)
    why = ENDED_DURING_RUN if terminated else ENDED_BEFORE_RUN
    log.warning(why, app=app, event_type=envelope.type, event_id=str(envelope.id))
    if not terminated:
        retry_or_requeue(lambda: ledger.fail_open(app, envelope, why), SHORT_RETRY_TIMEOUT)
        connection.close()
        return None
    thread = Thread(target=_record_killed, args=[app, envelope], name="ended", daemon=True)
    thread.start()
    return thread


def _record_killed(app: str, envelope: Envelope) -> None:
    try:
        retry_or_requeue(
            lambda: ledger.fail_open(app, envelope, ENDED_DURING_RUN, include_leased=True),
            RETRY_TIMEOUT,
        )
    finally:
        connection.close()
