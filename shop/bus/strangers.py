"""Messages that were refused: counted by app and reason, so that somebody sees them."""

from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from shop.bus.errors import in_one_line

log = structlog.get_logger("shop.bus.strangers")
_COUNT = """
    insert into bus_strangemessage as seen (app, reason, last_task, count, first_at, last_at)
    values (%s, %s, %s, 1, now(), now())
    on conflict (app, reason) do update
    set count = seen.count + 1, last_at = now(), last_task = excluded.last_task
"""


def told_of(app: str, message: Any, reason: str) -> None:
    """Log and count a message that `app` has refused. What it holds is told to nobody."""
    headers = message.headers if isinstance(message.headers, dict) else {}
    task = ascii(headers.get("task", ""))[:100]
    log.error("refused a strange message", app=app, task=task, reason=reason)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [app, reason, task])
    except DatabaseError as error:
        log.warning("a strange message was not counted", error=in_one_line(error))
