"""Feeding the past to an app that joined later, or to a reaction that is new."""

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
    """Open a delivery for each past event that `app` wants and never had.

    The relay sends them while the app's queue is empty, so that a long past
    does not stand in the way of what happens now. Returns how many by event
    type; what the app has had already stays as it is. Raises `UnknownApp`.
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
