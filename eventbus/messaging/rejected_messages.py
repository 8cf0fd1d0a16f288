"""Messages that were refused: told of, so that somebody sees them."""

from typing import Any

import structlog

from eventbus.signals import message_rejected

log = structlog.get_logger("eventbus.messaging.rejected_messages")


def told_of(app: str, message: Any, reason: str) -> None:
    """Log a message that `app` has refused, and tell of it. What it holds is told to nobody."""
    headers = message.headers if isinstance(message.headers, dict) else {}
    task = ascii(headers.get("task", ""))[:100]
    log.error("rejected a message", app=app, task=task, reason=reason)
    message_rejected.send_robust(sender=None, app=app, task=task, reason=reason)
