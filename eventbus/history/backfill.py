"""Backfill: deliveries of past events for an app that joined later, or a new reaction."""

from datetime import datetime

from django.db import connection

from eventbus import registry
from eventbus.exceptions import BusError

_OPEN = """
    insert into eventbus_delivery
        (event_id, app, reaction, state, attempts, sends, resend_at, error, created_at)
    select e.id, %(app)s, %(reaction)s, 'waiting', 0, 0, now(), '', now()
    from eventbus_outboxevent e
    where e.type = %(type)s and e.published_at is not null and e.occurred_at >= %(since)s
    on conflict do nothing
"""


class UnknownApp(BusError):
    """No app of that name reacts to anything: `manage.py events` lists who reacts."""


def backfill(app: str, since: datetime, type: str = "") -> dict[str, int]:
    """Create a delivery for each past event that `app` reacts to and never had.

    The relay sends them while the app's queue is empty, so that they do not delay
    new events. Returns how many by event type; deliveries that exist stay as they are.
    Raises `UnknownApp`.
    """
    if app not in registry.apps_with_reactions():
        raise UnknownApp(f"no app {app} reacts to anything")
    opened: dict[str, int] = {}
    with connection.cursor() as cursor:
        for wanted, reaction in registry.all_reactions():
            if reaction.app == app and type in ("", wanted):
                cursor.execute(
                    _OPEN,
                    {"app": app, "reaction": reaction.name, "type": wanted, "since": since},
                )
                opened[wanted] = opened.get(wanted, 0) + cursor.rowcount
    return opened
