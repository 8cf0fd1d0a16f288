"""Rejected foreign events: kept with the reason, to be tried again once that is mended."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models.functions import Now

from eventbus.cleanup import delete_some
from eventbus.exceptions import NotAccepted, storable
from eventbus.inbound.accepting import accept
from eventbus.inbound.cloud_event import LONGEST, parse
from eventbus.inbound.models import RejectedEvent
from eventbus.signals import message_rejected

log = structlog.get_logger("eventbus.inbound")

#: For so long somebody can mend what an event was rejected for.
KEPT_FOR = timedelta(days=30)
#: Bytes of a rejected event that are kept; of a larger one, none.
MAX_KEPT = 256 * 1024
#: Characters of a reason.
MAX_REASON = 500

_KEEP = """
    insert into eventbus_inbound_rejectedevent as seen
        (via, digest, reason, source, foreign_id, type, size, content, count)
    values (%(via)s, %(digest)s, %(reason)s, %(source)s, %(id)s, %(type)s, %(size)s, %(content)s, 1)
    on conflict (via, digest) do update
    set count = seen.count + 1, last_at = now(), reason = excluded.reason
"""


def keep(content: bytes, *, via: str, reason: NotAccepted) -> None:
    """Keep what was rejected, log it and send `message_rejected`; its content is never logged."""
    named = _names(content)
    row = {
        "via": via[:LONGEST],
        "digest": sha256(content).hexdigest(),
        "reason": storable(str(reason))[:MAX_REASON],
        "size": len(content),
        "content": content if len(content) <= MAX_KEPT else None,
        **named,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, row)
    log.warning("rejected a foreign event", via=via, reason=reason.kind, **named)
    message_rejected.send_robust(sender=None, app=via, task=named["type"][:100], reason=reason.kind)


def _names(content: bytes) -> dict[str, str]:
    """Return what a rejected message calls itself, as far as it does."""
    parsed: Any = {}
    if len(content) <= MAX_KEPT:
        with suppress(NotAccepted):
            parsed = parse(content)
    found: Mapping[str, Any] = parsed if isinstance(parsed, dict) else {}
    return {name: storable(str(found.get(name, "")))[:LONGEST] for name in ("source", "id", "type")}


def retry(rows: Iterable[RejectedEvent]) -> tuple[int, int]:
    """Try again what was kept; returns how many are accepted now, and how many are not.

    What is accepted is no longer among the rejected.
    """
    accepted = rejected = 0
    for row in rows:
        try:
            _retry(row)
            accepted += 1
        except NotAccepted as error:
            RejectedEvent.objects.filter(pk=row.pk).update(reason=storable(str(error))[:MAX_REASON])
            rejected += 1
    return accepted, rejected


@transaction.atomic
def _retry(row: RejectedEvent) -> None:
    if row.content is None:
        raise NotAccepted("it is too large", "its sender must send it again, and smaller")
    accept(parse(bytes(row.content)))
    row.delete()


def forget_old(**_: Any) -> None:
    """Delete what was rejected long ago; receiver of `relay_tick`."""
    delete_some(RejectedEvent.objects.filter(last_at__lt=Now() - KEPT_FOR))
