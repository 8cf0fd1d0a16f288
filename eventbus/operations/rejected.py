"""Refused messages, counted by app and reason."""

from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from eventbus.exceptions import in_one_line

log = structlog.get_logger("eventbus.operations.rejected")
_COUNT = """
    insert into eventbus_operations_rejectedmessage as seen (app, reason, last_task, count,
    first_at, last_at)
    values (%s, %s, %s, 1, now(), now())
    on conflict (app, reason) do update
    set count = seen.count + 1, last_at = now(), last_task = excluded.last_task
"""


def count(app: str, task: str, reason: str, **_: Any) -> None:
    """Count a rejected message; receiver of `message_rejected`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [app, reason, task])
    except DatabaseError as error:
        log.warning("a rejected message was not counted", error=in_one_line(error))
